"""Where a demo, a test run or the bench keeps its database, logs and secrets, and who is using it."""
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import string
from pathlib import Path

from .output import Problem
from .processes import identity, is_same

ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = os.geteuid() == 0


def base_dir():
    """PostgreSQL refuses to run as root, and `nobody` cannot reach a checkout under /root: root's is elsewhere."""
    if IS_ROOT:
        return Path('/var/tmp') / ('netbox-ims-' + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8])
    return ROOT / '.dev' / 'state'


def make_base():
    base = base_dir()
    base.mkdir(mode=0o711, parents=True, exist_ok=True)
    if base.stat().st_uid != os.geteuid():          # anybody can create a directory in /var/tmp before we do
        raise Problem(f'{base} belongs to somebody else; remove it and try again.')
    return base


def server_user():
    """The keyword arguments that make `subprocess` run PostgreSQL as somebody it accepts."""
    if not IS_ROOT:
        return {}
    try:
        nobody = pwd.getpwnam('nobody')
    except KeyError:
        raise Problem('PostgreSQL does not run as root, and there is no user "nobody": run this as another '
                      'user.') from None
    return {'user': nobody.pw_uid, 'group': nobody.pw_gid, 'extra_groups': []}


def write_atomically(path, data):
    """Secrets inside: never readable by others, not even for a moment; never half written."""
    new = path.with_suffix('.new')
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'w') as f:
        json.dump(data, f, indent=1)
    new.replace(path)


class State:
    """One directory: a demo's is named after its port, a test run's after its slot."""

    def __init__(self, name):
        self.name = str(name)
        self.dir = base_dir() / self.name
        self._lock = None

    def make(self):
        make_base()
        self.dir.mkdir(mode=0o711, exist_ok=True)
        return self

    # -- who is using it: an flock dies with its process, so it cannot be stale

    def acquire(self):
        """True if this process owns the directory now."""
        if self._lock:
            return True
        self.make()
        lock = open(self.dir / 'lock', 'a')
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._lock = lock
        return True

    def release(self):
        if self._lock:
            self._lock.close()
            self._lock = None

    def in_use(self):
        if self._lock:
            return True
        if not self.dir.exists():
            return False
        if self.acquire():
            self.release()
            return False
        return True

    # -- what runs in it

    @property
    def record(self):
        """What the owner wrote about its processes. Stays if the owner is killed, so that the next can clean up."""
        try:
            return json.loads((self.dir / 'run.json').read_text())
        except (OSError, ValueError):
            return {}

    def write_record(self, **record):
        write_atomically(self.dir / 'run.json', {'launcher': identity(os.getpid()), **record})

    def clear_record(self):
        (self.dir / 'run.json').unlink(missing_ok=True)

    @property
    def launcher_pid(self):
        who = self.record.get('launcher')
        return who[0] if who and is_same(who) else None

    # -- secrets

    def known_settings(self):
        try:
            return json.loads((self.dir / 'settings.json').read_text())
        except (OSError, ValueError):
            return {}

    @property
    def settings(self):
        """Passwords made once for this directory."""
        if settings := self.known_settings():
            return settings
        settings = {
            'pgpassword': secrets.token_hex(16),
            'redispassword': secrets.token_hex(16),
            'secret': secrets.token_urlsafe(48),
            'token_key': random_word(12),
            'token_secret': random_word(40),
        }
        self.make()
        write_atomically(self.dir / 'settings.json', settings)
        return settings

    def remember(self, **values):
        write_atomically(self.dir / 'settings.json', {**self.settings, **values})

    def throw_away_data(self):
        for path in [*self.dir.glob('pgdata-*'), self.dir / 'valkey', self.dir / 'netbox']:
            if path.exists():
                shutil.rmtree(path)

    def log(self, name):
        return self.dir / f'{name}.log'

    def new_log(self, name):
        """A log that begins now; whoever still writes to the old one does not disturb it."""
        self.log(name).unlink(missing_ok=True)
        return self.log(name)


def random_word(length):
    return ''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))
