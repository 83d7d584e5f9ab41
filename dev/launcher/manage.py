"""`dev/netbox`: any `netbox` management command, on the database of a demo."""
import sys
import time

from . import output
from .output import Problem
from .servers import Servers
from .state import State

PATIENCE = 300


def manage(args):
    output.to = sys.stderr
    port = 8790
    while args and args[0].startswith('--port'):
        option, _, value = args[0].partition('=')
        value = value or (args[1] if len(args) > 1 else '')
        if not value.isdecimal():
            raise Problem('--port needs a number')
        port, args = int(value), args[1 if '=' in option + args[0] else 2:]
    state = State(port)
    end_at = time.monotonic() + PATIENCE
    while state.in_use():
        if state.record.get('ready'):
            return work(Servers.of_running(state), args)
        if time.monotonic() > end_at:
            raise Problem(f'{state.dir} is in use by process {state.launcher_pid}.')
        time.sleep(0.2)
    with Servers(state, keep=True) as servers:
        return work(servers, args)


def work(servers, args):
    if args == ['--write-template']:
        from .template import write_dump
        return write_dump(servers)
    db = 'netbox'
    if not servers.exists(db):
        servers.create(db := 'scratch')       # no demo yet: NetBox's schema is all that, say, makemigrations needs
    return servers.netbox(*args, db=db, check=False)
