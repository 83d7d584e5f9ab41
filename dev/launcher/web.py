"""NetBox's web server and its worker."""
import http.client
import os
import re
import socket
import sys
import time

from .output import Problem, say
from .processes import spawn
from .state import ROOT

WEB, WORKER = 'the web server', 'the worker'
LOGS = {WEB: 'web', WORKER: 'worker'}
QUEUES = ('high', 'default', 'low')


def bind(port):
    """Take the port before anything else is done: neither a minute of work nor a race is lost on one that is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)        # a demo ended a moment ago
    try:
        listener.bind(('127.0.0.1', port))
    except OSError as e:
        listener.close()
        raise Problem(f'Port {port} is taken ({os.strerror(e.errno)}): end that program, or choose another with '
                      '--port.') from None
    return listener


def start_netbox(servers, listener):
    say('starting the web server and the worker')
    env, state = servers.env('netbox'), servers.state
    python = [sys.executable, '-m']
    servers.adopt(WEB, spawn(
        [*python, 'gunicorn', '--config', ROOT / 'dev/gunicorn.conf.py', '--bind', f'fd://{listener.fileno()}',
         'wsgi:application'],
        state.new_log('web'), env=env, cwd=ROOT, pass_fds=[listener.fileno()]))
    servers.adopt(WORKER, spawn([*python, 'netbox', 'rqworker', *QUEUES], state.new_log('worker'), env=env, cwd=ROOT))


def log_of(servers, name):
    return servers.state.log(LOGS.get(name, name))


def last_words(log):
    """What a server wrote last: the exception it died of, as a rule."""
    lines = [line.strip() for line in log.read_text(errors='replace').splitlines()] if log.exists() else []
    errors = [line for line in lines if re.match(r'[\w.]*(Error|Exception|Configured)\b', line)]
    words = errors[-1:] or [line for line in lines if line][-1:] or ['it said nothing']
    return f'{words[0][:300]} (log: {log})'


def wait_for_netbox(servers, port, seconds=180):
    """Ready means: it serves a page."""
    end_at = time.monotonic() + seconds
    while time.monotonic() < end_at:
        for name, how in servers.dead():
            raise Problem(f'{name} did not start ({how}): {last_words(log_of(servers, name))}')
        try:
            connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)      # urllib would ask a proxy
            connection.request('GET', '/login/')
            status = connection.getresponse().status
            connection.close()
            if status == 200:
                return
            raise Problem(f'NetBox answers with status {status}; the logs are in {servers.state.dir}.')
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    raise Problem(f'NetBox does not answer; the logs are in {servers.state.dir}.')
