"""`dev/demo`: NetBox with the plugin and data to look at, and the ways in which it may be started and ended."""
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from . import processes
from .output import Interrupted, Problem, say, write
from .prepare import prepare_database, prepare_from_dump
from .servers import Servers, reap_leftovers, uninterrupted
from .state import ROOT, State
from .web import bind, log_of, start_netbox, wait_for_netbox

START_TIMEOUT = 1800                # a big dump of an old NetBox takes its time to migrate


def start(a):
    state = State(a.port)
    if a.dump:
        a.dump = str(Path(os.environ.get('IMS_CWD', ''), a.dump).resolve())
        from .dump import look_at
        look_at(a.dump)                        # nonsense is refused before anything is started or stopped
    if state.in_use() and not (a.dump or a.reset):
        return already_running(a, state)
    if a.detach:
        return start_in_background(a, state)
    serve(a, state)
    return 0


def already_running(a, state):
    if a.detach:
        processes.wait_until(lambda: state.record.get('ready') or not state.in_use(), START_TIMEOUT, 0.3)
    if url := state.in_use() and state.record.get('url'):
        say(f'The demo of port {a.port} is already running: {url}')
        return 0 if a.detach else 1
    raise Problem(f'A demo of port {a.port} is being started by process {state.launcher_pid}.')


def serve(a, state):
    """Everything between the first step and Ctrl-C."""
    loaded = None
    if state.in_use():
        if a.dump:
            # While the dump may still turn out to be unusable, the running demo stays as it is.
            loaded = prepare_from_dump(Servers.of_running(wait_until_ready(state)), a.dump)
        end_running(state)
    take_over(state)
    with contextlib.closing(bind(a.port)) as listener:
        if a.reset:
            state.throw_away_data()
            say('previous database thrown away')
        with Servers(state, keep=True, kind='demo') as servers:
            if a.dump and not loaded:
                loaded = prepare_from_dump(servers, a.dump)
            prepare_database(servers, loaded)
            start_netbox(servers, listener)
            wait_for_netbox(servers, a.port)
            url = f'http://127.0.0.1:{a.port}/'
            servers.record(ready=True, url=url)
            say(f'NetBox is ready: {url}  login admin / admin')
            say(f'API: dev/demo --port {a.port} --token    logs: {state.dir}    end: '
                + (f'dev/demo --port {a.port} --stop' if a.background else 'Ctrl-C'))
            with contextlib.suppress(Interrupted):
                watch(servers, a.port)
            say('stopping')


def watch(servers, port):
    while not (dead := servers.dead()):
        time.sleep(0.5)
    name, how = dead[0]
    raise Problem(f'{name} ended ({how}), so everything was stopped; dev/demo --port {port} starts it again. '
                  f'Log: {log_of(servers, name)}')


def wait_until_ready(state):
    processes.wait_until(lambda: state.record.get('ready') or not state.in_use(), START_TIMEOUT, 0.3)
    if not state.record.get('ready'):
        raise Problem(f'{state.dir} is in use by process {state.launcher_pid}, which is not a demo that is ready.')
    return state


def take_over(state):
    """Make the state ours; servers that a killed launcher left would still hold the port."""
    if not state.acquire():
        raise Problem(f'{state.dir} is in use by process {state.launcher_pid}.')
    if left := reap_leftovers(state):
        say(f'ended {left} servers that a killed launcher had left')


# -- in the background


def start_in_background(a, state):
    """Let a launcher without a terminal do it, and repeat what it says until it is ready or gives up."""
    state.make()
    command = [sys.executable, '-m', 'launcher', 'demo', '--background', '--port', str(a.port)]
    command += ['--reset'] * a.reset + (['--from', a.dump] if a.dump else [])
    with open(state.new_log('demo'), 'ab') as log, open(state.log('demo'), errors='replace') as output:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                 cwd=ROOT)
        try:
            while True:
                over = child.poll() is not None
                ready = state.record.get('ready') and state.launcher_pid == child.pid
                write(output.read())
                if ready or over:
                    return child.returncode if over else 0
                time.sleep(0.1)
        except BaseException:
            with uninterrupted():
                processes.end(child, patience=60)
            raise


def stop(port):
    state = State(port)
    if state.in_use():
        end_running(state)
        say(f'The demo of port {port} was stopped.')
        return 0
    left = 0
    if state.record and state.acquire():
        left = reap_leftovers(state)
        state.clear_record()
        state.release()
    say(f'No demo is running on port {port}.' + (f' Ended {left} servers that a killed one had left.' if left else ''))
    return 0


def end_running(state):
    say(f'stopping the demo of port {state.name}')
    if who := state.record.get('launcher'):
        processes.reap(who, patience=90)
    if not processes.wait_until(lambda: not state.in_use(), 10):
        raise Problem(f'{state.dir} is in use by a process that does not end.')
    if state.acquire():                        # it had to be killed: its servers may be left
        reap_leftovers(state)
        state.clear_record()
        state.release()


def token(port):
    settings = State(port).known_settings()
    if not settings.get('has_admin'):
        raise Problem(f'No demo was ever started on port {port}, so there is no token.')
    print(f'Bearer nbt_{settings["token_key"]}.{settings["token_secret"]}')
    return 0

