"""One PostgreSQL data directory: made, started, and told apart from one that somebody else's server uses."""
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from .output import Problem, say
from .postgres import major_version
from .processes import identity, reap, spawn
from .state import IS_ROOT, server_user

SAFE = {'synchronous_commit': 'off'}                         # a power cut may lose the last second, but breaks nothing
FAST = {'synchronous_commit': 'off', 'fsync': 'off', 'full_page_writes': 'off'}      # for data that can be made again
OPTIONS = {
    'listen_addresses': '127.0.0.1',
    'unix_socket_directories': '',                           # TCP only: a socket's path may be too long
    'max_connections': 100,
    'shared_buffers': '128MB',
    'jit': 'off',
    'wal_level': 'minimal',
    'max_wal_senders': 0,
    'log_checkpoints': 'off',
}


class Cluster:
    def __init__(self, state, home):
        self.state, self.home = state, home
        self.major = major_version(home)
        self.dir = state.dir / f'pgdata-{self.major}'
        self.log = state.log('postgres')

    def make(self, password):
        """initdb, unless there is a complete one already."""
        if (self.dir / 'PG_VERSION').exists() and (self.dir / 'global/pg_control').exists() or self.looks_used():
            return
        for other in self.state.dir.glob('pgdata-*'):
            if other != self.dir and (other / 'base').exists():
                say(f'starting a new database: the one in {other} was made by another PostgreSQL version')
        shutil.rmtree(self.dir, ignore_errors=True)
        self.dir.mkdir(mode=0o700)
        pwfile = self.state.dir / 'pwfile'
        pwfile.unlink(missing_ok=True)
        with os.fdopen(os.open(pwfile, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as f:
            f.write(password)
        if IS_ROOT:
            for path in (self.dir, pwfile):
                os.chown(path, server_user()['user'], server_user()['group'])
        # C sorts the same everywhere (NetBox brings its own collation); the character type must know more than ASCII.
        ctype = 'C.UTF-8' if sys.platform == 'linux' else 'en_US.UTF-8'
        command = [self.home / 'bin/initdb', '-D', self.dir, '-U', 'postgres', '-E', 'UTF8', '--locale=C',
                   f'--lc-ctype={ctype}', '-A', 'scram-sha-256', f'--pwfile={pwfile}', '--no-sync']
        try:
            r = subprocess.run(command, capture_output=True, text=True, cwd='/', **server_user())
        finally:
            pwfile.unlink()
        if r.returncode:
            shutil.rmtree(self.dir, ignore_errors=True)
            errors = [line for line in r.stderr.splitlines() if 'error' in line.lower()]
            why = errors[-1] if errors else r.stderr.strip()[-200:]
            raise Problem(f'Cannot create a database in {self.dir}: {why}')
        say('database cluster created')

    def throw_away(self):
        shutil.rmtree(self.dir)

    def looks_used(self):
        """A directory with tables in it is never made anew unasked, however damaged it looks."""
        return any(self.dir.glob('base/[0-9]*/[0-9]*')) and self.dir.joinpath('postgresql.conf').exists()

    def clear_away_leftovers(self):
        """A postmaster whose launcher was killed is ended. A pid file that names some other program is removed.

        If its process is gone, PostgreSQL must see the file: it then waits for backends that are still attached.
        """
        pidfile = self.dir / 'postmaster.pid'
        try:
            pid = int(pidfile.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        who = identity(pid)
        if who[1] is None:
            return
        if str(self.dir) in command_line(pid):
            reap(who, signal.SIGINT)
        else:
            pidfile.unlink(missing_ok=True)

    def start(self, port, options):
        self.clear_away_leftovers()
        settings = {**OPTIONS, **options, 'port': port}
        self.log_offset = self.log.stat().st_size if self.log.exists() else 0
        command = [self.home / 'bin/postgres', '-D', self.dir, *(f'--{k}={v}' for k, v in settings.items())]
        return spawn(command, self.log, cwd='/', **server_user())

    def complaint(self):
        """The reason PostgreSQL gives in its log since the last start."""
        with contextlib.suppress(OSError), open(self.log, errors='replace') as f:
            f.seek(self.log_offset)
            text = f.read().strip()
            for line in re.findall(r'(?:FATAL|PANIC|ERROR):\s+(.*)', text) or text.splitlines()[-1:]:
                return line
        return 'no reason given'


def command_line(pid):
    proc = Path(f'/proc/{pid}/cmdline')
    with contextlib.suppress(OSError):
        return proc.read_bytes().replace(b'\0', b' ').decode(errors='replace')
    r = subprocess.run(['ps', '-ww', '-o', 'command=', '-p', str(pid)], capture_output=True, text=True)
    return r.stdout


def wait_for_postgres(connect, process, cluster, seconds=60):
    """None when it answers, else why it does not."""
    import psycopg
    end_at = time.monotonic() + seconds
    while True:
        if process.poll() is not None:
            return cluster.complaint()
        try:
            connect().close()
            return None
        except psycopg.OperationalError as e:
            if time.monotonic() > end_at:
                return str(e).strip().splitlines()[0]
        time.sleep(0.05)
