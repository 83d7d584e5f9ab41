"""`dev/test`: the test suite, on servers of its own."""
import json
import os
from collections import Counter

from .output import Problem, say
from .servers import Servers
from .state import ROOT, State

SLOTS = 32
# NetBox decides at its start which plugins it has: what needs another one runs in a process and a database of its own.
BRANCHING = 'tests.branching'
ALONE, WITH_BRANCHING = {}, {'IMS_PLUGINS': 'netbox_ims,netbox_branching'}
# With these of Django's options one process, or the number that the user says, is what is wanted.
NOT_PARALLEL = ('--parallel', '--pdb', '--debug-sql', '--timing', '-h', '--help')
TAKES_VALUE = {'-k', '-v', '--verbosity', '--tag', '--exclude-tag', '-p', '--pattern', '-t', '--top-level-directory',
               '--settings', '--pythonpath', '--testrunner', '--durations'}


def label(argument):
    """`tests/register` and `tests/register/test_rules.py` as Django wants them: with dots."""
    path = argument.removesuffix('.py').removeprefix('./').strip('/')
    looks_like_path = '/' in argument or argument.endswith('.py')
    if looks_like_path and ((ROOT / path).is_dir() or (ROOT / f'{path}.py').is_file()):
        return path.replace('/', '.')
    return argument


def passes(args):
    """
    What to run, as (extra environment, Django's arguments), one after the other: the tests that are named, or all, each
    with the plugins it needs; on all cores if nothing speaks against it.
    """
    labels, options = sort_arguments(args)
    one_process = any(a == o or a.startswith(o + '=') for a in options for o in NOT_PARALLEL)
    # NetBox records the query counts of lists in one process only.
    if not one_process and not os.environ.get('UPDATE_QUERY_COUNTS') and (cores := count_cores()) > 1:
        options.append(f'--parallel={cores}')
    labels = labels or ['tests']
    alone = [a for a in labels if not is_in(a, BRANCHING)]
    branching = [BRANCHING if a == 'tests' else a for a in labels if a == 'tests' or is_in(a, BRANCHING)]
    # Labels in front: after a bare --parallel the first would be taken for its value.
    return [(env, [*names, *options]) for env, names in ((ALONE, alone), (WITH_BRANCHING, branching)) if names]


def sort_arguments(args):
    """(tests named, options with their values)"""
    labels, options, before = [], [], ''
    for arg in args:
        is_value = before in TAKES_VALUE or before == '--parallel' and (arg.isdecimal() or arg == 'auto')
        (options if arg.startswith('-') or is_value else labels).append(arg)
        before = arg
    return [label(a) for a in labels], options


def is_in(name, package):
    return name == package or name.startswith(package + '.')


def count_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


def test(args):
    with claim_slot() as servers:
        template, total, code = servers.template(), Counter(), 0
        for env, arguments in passes(args):
            say('running the tests' + (f' ({env["IMS_PLUGINS"]})' if env else ''))
            failed, counts = run_pass(servers, arguments, IMS_TEMPLATE=template, **env)
            code = code or failed
            if counts is None:
                if not failed:
                    return 0                # --help and the like
                raise Problem('the tests could not be run; the reason is above.')
            total.update(counts)
    print(f'{total["passed"]} passed, {total["failed"]} failed, {total["skipped"]} skipped', flush=True)
    return code


def run_pass(servers, arguments, **env):
    """The exit code of one run of Django's test command, and what it counted, or None if it did not get that far."""
    counts = servers.state.dir / 'counts.json'
    counts.unlink(missing_ok=True)
    code = servers.netbox('test', '--no-input', '--testrunner=testrunner.Runner', *arguments, db='postgres',
                          check=False, IMS_TESTING='1', IMS_COUNTS=str(counts), **env)
    return code, json.loads(counts.read_text()) if counts.exists() else None


def claim_slot():
    """The servers of the first slot that no other run is using: two runs never share a database or a queue."""
    for number in range(SLOTS):
        state = State(f'test-{number}')
        if state.acquire():
            return Servers(state, kind='test')
    raise Problem(f'{SLOTS} test runs are going on already.')
