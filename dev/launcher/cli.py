"""The commands' arguments, and what happens to whatever goes wrong."""
import argparse
import os
import sys

from .output import Interrupted, Problem, complain
from .servers import catch_signals

DEFAULT_PORT = 8790


def port(text):
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError('a port is a number from 1024 to 65535')
    return int(text)


def demo_arguments(args):
    parser = argparse.ArgumentParser(
        prog='dev/demo', description='NetBox with this plugin and demo data, on servers of its own.')
    parser.add_argument('--port', type=port, default=DEFAULT_PORT,
                        help=f'every port has its own database and servers (default {DEFAULT_PORT})')
    parser.add_argument('--detach', action='store_true', help='return when it is ready, and leave it running')
    parser.add_argument('--from', dest='dump', metavar='FILE',
                        help='start on a plain-SQL dump (may be gzipped) of a NetBox 4.1 to 4.7 database')
    action = parser.add_mutually_exclusive_group()
    action.add_argument('--reset', action='store_true', help="throw this port's database away and start over")
    action.add_argument('--stop', action='store_true', help='stop the demo of this port')
    action.add_argument('--token', action='store_true', help="print the Authorization header of the admin's API token")
    parser.add_argument('--background', action='store_true', help=argparse.SUPPRESS)
    return parser.parse_args(args)


def dispatch(command, args):
    if command == 'demo':
        from . import demo
        a = demo_arguments(args)
        if a.token:
            return demo.token(a.port)
        if a.stop:
            return demo.stop(a.port)
        return demo.start(a)
    if command == 'netbox':
        from .manage import manage
        return manage(args)
    if command == 'test':
        from .testing import test
        return test(args)
    raise Problem(f'unknown command {command}')


def main():
    os.umask(0o022)                     # PostgreSQL may run as another user, who must reach its programs
    for name in [n for n in os.environ if n.startswith('PG') and n != 'PG_DUMP']:
        del os.environ[name]            # the user's own PostgreSQL settings are about another server
    catch_signals()
    try:
        code = dispatch(sys.argv[1], sys.argv[2:])
    except Problem as e:
        complain(f'dev/{sys.argv[1]}: {e}')
        code = 1
    except Interrupted as e:
        code = 128 + e.args[0]
    except OSError as e:
        if e.errno is None:
            raise
        complain(f'dev/{sys.argv[1]}: {e.strerror}: {e.filename or ""}')
        code = 1
    sys.exit(code)
