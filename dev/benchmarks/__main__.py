"""The command: servers, databases, measurements, report."""
import argparse
import contextlib
import json
import os
import sys

from launcher.cluster import FAST
from launcher.output import Interrupted, Problem, complain, say
from launcher.servers import Servers, catch_signals
from launcher.state import State

from .databases import ensure, last_line
from .report import Result, as_json, as_table
from .sizes import LARGE, SMALL

POSTGRES = {**FAST, 'shared_buffers': '1GB', 'maintenance_work_mem': '256MB', 'max_wal_size': '4GB',
            'effective_cache_size': '4GB', 'autovacuum': 'on'}


def arguments():
    parser = argparse.ArgumentParser(
        prog='dev/bench', description='Measure the plugin against NetBox itself, at 100 thousand and 1 million CIs. '
        'Exit code 1 if anything takes more of NetBox\'s time than it may.')
    parser.add_argument('--quick', action='store_true', help='100 thousand only')
    parser.add_argument('--json', action='store_true', help='a list of objects on standard output, nothing else')
    parser.add_argument('--rows', metavar='TEXT', default='', help='only the rows whose name contains this')
    parser.add_argument('--reset', action='store_true', help='make the databases anew first')
    return parser.parse_args()


def bench(args):
    state = State('bench')
    if args.reset:
        throw_away(state)
    sizes = [SMALL] if args.quick else [SMALL, LARGE]
    results = []
    with Servers(state, postgres=POSTGRES, kind='bench') as servers:
        for size in sizes:
            ensure(servers, size)
        for size in sizes:
            say(f'{size.name}: measuring')
            measure(servers, size, args.rows, results)
    if not results:
        raise Problem(f'no row has {args.rows!r} in its name')
    return results


def measure(servers, size, rows, results):
    def take(line):
        results.append(result := Result(**json.loads(line)))
        say(f'{result.name}: {result.ratio:.2f}')

    log = servers.state.new_log('measure')
    smaller = '' if size is SMALL else SMALL.database
    command = (sys.executable, '-m', 'benchmarks.measure', size.name, rows, smaller)
    if servers.run(*command, db=size.database, log=log, tell=take):
        raise Problem(f'Measuring failed after {len(results)} rows: {last_line(log)}; all of it is in {log}')


def throw_away(state):
    if not state.acquire():
        raise Problem(f'{state.dir} is in use by process {state.launcher_pid}.')
    state.throw_away_data()


@contextlib.contextmanager
def own_standard_output():
    """Standard output for the report alone: progress, ours and that of whatever we start, goes to standard error."""
    report = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    with report:
        yield report


def main():
    os.umask(0o022)                     # PostgreSQL may run as another user, who must reach its programs
    for name in [n for n in os.environ if n.startswith('PG')]:
        del os.environ[name]            # the user's own PostgreSQL settings are about another server
    args = arguments()
    catch_signals()
    with own_standard_output() as report:
        try:
            results = bench(args)
        except Problem as e:
            complain(f'dev/bench: {e}')
            return 2
        except Interrupted as e:
            return 128 + e.args[0]
        print(as_json(results) if args.json else as_table(results), file=report)
    return 0 if all(result.ok for result in results) else 1


sys.exit(main())
