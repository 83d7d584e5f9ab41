"""What the launcher tells the user: one short line per step, one clear line per problem."""
import sys
import time

STARTED = time.monotonic()
to = sys.stdout         # `dev/netbox` changes it: there, standard output belongs to the command


class Problem(Exception):
    """Something the user can act on. Its message is shown as it is, without a traceback."""


class Interrupted(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived. Not an `Exception`, so that no `except Exception` can swallow it."""


def say(message):
    """Print one step with the time since the start. A reader that has gone away must not keep us from cleaning up."""
    try:
        print(f'[{time.monotonic() - STARTED:5.1f}s] {message}', file=to, flush=True)
    except OSError:
        pass


def complain(message):
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        pass
