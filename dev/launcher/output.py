"""What the launcher tells the user: one short line per step, one clear line per problem."""
import os
import sys
import time

STARTED = time.monotonic()
to = sys.stdout         # `dev/netbox` changes it: there, standard output belongs to the command


class Problem(Exception):
    """Something the user can act on. Its message is shown as it is, without a traceback."""


class Interrupted(BaseException):
    """SIGINT, SIGTERM or SIGHUP arrived. Not an `Exception`, so that no `except Exception` can swallow it."""


def say(message):
    """Print one step with the time since the start."""
    write(f'[{time.monotonic() - STARTED:5.1f}s] {message}\n', to)


def complain(message):
    write(f'{message}\n', sys.stderr)


def write(text, stream=None):
    """A reader that has gone away must keep us neither from starting nor from cleaning up."""
    stream = stream or sys.stdout
    try:
        stream.write(text)
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())     # or Python would complain again at its exit
