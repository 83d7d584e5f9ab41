"""`dev/test`: the test suite, on servers of its own."""
import json
import os

from .output import Problem, say
from .servers import Servers
from .state import ROOT, State

SLOTS = 32
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


def with_defaults(args):
    """Django's arguments: all our tests if none are named, on all cores if nothing speaks against it."""
    args = [a if a.startswith('-') else label(a) for a in args]
    pairs = zip(['', *args], args, strict=False)
    named = [a for before, a in pairs if not a.startswith('-') and before not in TAKES_VALUE
             and not (before == '--parallel' and (a.isdecimal() or a == 'auto'))]
    one_process = any(a == o or a.startswith(o + '=') for a in args for o in NOT_PARALLEL)
    # NetBox records the query counts of lists in one process only.
    if not one_process and not os.environ.get('UPDATE_QUERY_COUNTS') and (cores := count_cores()) > 1:
        args.append(f'--parallel={cores}')
    return args if named else ['tests', *args]      # in front: after a bare --parallel it would be taken for its value


def count_cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


def test(args):
    with claim_slot() as servers:
        template = servers.template()
        counts = servers.state.dir / 'counts.json'
        counts.unlink(missing_ok=True)
        say('running the tests')
        code = servers.netbox('test', '--no-input', '--testrunner=testrunner.Runner', *with_defaults(args),
                              db='postgres', check=False,
                              IMS_TESTING='1', IMS_TEMPLATE=template, IMS_COUNTS=str(counts))
        result = json.loads(counts.read_text()) if counts.exists() else None
    if result is None:
        if not code:
            return 0                        # --help and the like
        raise Problem('the tests could not be run; the reason is above.')
    print('{passed} passed, {failed} failed, {skipped} skipped'.format(**result), flush=True)
    return code


def claim_slot():
    """The servers of the first slot that no other run is using: two runs never share a database or a queue."""
    for number in range(SLOTS):
        state = State(f'test-{number}')
        if state.acquire():
            return Servers(state, kind='test')
    raise Problem(f'{SLOTS} test runs are going on already.')
