"""`dev/test`: the test suite, on servers of its own."""
import json
import os
import re
import sys
from pathlib import Path

from .output import Problem
from .servers import Servers
from .state import ROOT, State

SLOTS = 32
SINGLE = ('--parallel', '--pdb', '--debug-sql', '--timing', '-h', '--help')      # with these the number of processes is the user's


def label(argument):
    """`tests/register` and `tests/register/test_rules.py` as Django wants them: with dots."""
    path = argument.removesuffix('.py').strip('/')
    if '/' in argument or argument.endswith('.py'):
        path = path.removeprefix('./')
        if (ROOT / path).is_dir() or (ROOT / f'{path}.py').is_file():
            return path.replace('/', '.')
    return argument


def with_defaults(args):
    """Django's arguments: all our tests if none are named, on all cores if nothing speaks against it."""
    args = [a if a.startswith('-') else label(a) for a in args]
    if not any(a == s or a.startswith(s + '=') for a in args for s in SINGLE) and (cores := count_cores()) > 1:
        args.append(f'--parallel={cores}')
    takes_value = {'-k', '-v', '--verbosity', '--tag', '--exclude-tag', '-p', '--pattern', '-t', '--top-level-directory',
                   '--settings', '--pythonpath', '--testrunner', '--shuffle-seed', '--durations'}
    named = [a for i, a in enumerate(args) if not a.startswith('-') and (i == 0 or args[i - 1] not in takes_value)]
    return args if named else [*args, 'tests']


def count_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


def test(args):
    servers = claim_slot()
    with servers:
        template = servers.template()
        counts = servers.state.dir / 'counts.json'
        counts.unlink(missing_ok=True)
        code = servers.netbox('test', '--no-input', '--testrunner=testrunner.Runner', *with_defaults(args), db='postgres',
                              check=False, IMS_TESTING='1', IMS_TEMPLATE=template, IMS_COUNTS=str(counts))
        result = json.loads(counts.read_text()) if counts.exists() else None
    if result is None:
        if not code:
            return 0                                   # --help and the like
        raise Problem('the tests could not be run; the reason is above.')
    print('{passed} passed, {failed} failed, {skipped} skipped'.format(**result), flush=True)
    return code


def claim_slot():
    """The servers of the first slot that no other run is using: two runs never share a database or a queue."""
    for number in range(SLOTS):
        servers = Servers(State(f'test-{number}'), kind='test')
        if not servers.state.in_use():
            return servers
    raise Problem(f'{SLOTS} test runs are going on already.')
