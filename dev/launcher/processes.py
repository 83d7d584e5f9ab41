"""Children that outlive nothing: started in sessions of their own, recorded, and ended for certain."""
import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path


def start_time(pid):
    """When a process started, in a form that only serves to be compared; None if there is no such process."""
    stat = Path(f'/proc/{pid}/stat')
    if stat.parent.parent.joinpath('self').exists():
        try:
            fields = stat.read_text().rsplit(')', 1)[1].split()      # the name in parentheses may hold anything
        except (OSError, IndexError):
            return None
        return None if fields[0] == 'Z' else fields[19]
    r = subprocess.run(['ps', '-o', 'lstart=', '-p', str(pid)], capture_output=True, text=True)
    return r.stdout.strip() or None


def identity(pid):
    """A pid alone may be somebody else's by the time we want to end it."""
    return [pid, start_time(pid)]


def is_same(who):
    return who[1] is not None and start_time(who[0]) == who[1]


def spawn(command, log, **kwargs):
    """Start a server. Its own session keeps Ctrl-C from reaching it before we can end it in order."""
    with open(log, 'ab') as out:
        return subprocess.Popen([str(c) for c in command], stdout=out, stderr=subprocess.STDOUT,
                                stdin=subprocess.DEVNULL, start_new_session=True, **kwargs)


def signal_group(pid, signum):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signum)


def end(process, polite=signal.SIGTERM, patience=20):
    """End a child and whatever it started."""
    if process.poll() is None:
        process.send_signal(polite)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
    signal_group(process.pid, signal.SIGKILL)


def reap(who, polite=signal.SIGTERM, patience=10):
    """End a process that an earlier, killed launcher left behind. True if there was one."""
    if not is_same(who):
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(who[0], polite)
    wait_until(lambda: not is_same(who), patience)
    signal_group(who[0], signal.SIGKILL)
    wait_until(lambda: not is_same(who), 5)
    return True


def wait_until(condition, seconds, step=0.1):
    end_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end_at:
            return False
        time.sleep(step)
    return True
