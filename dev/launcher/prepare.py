"""Brings a database to the state in which NetBox can be started on it."""
import hashlib
import os
import sys
from importlib.metadata import version

from .output import Problem, say
from .state import ROOT

NEW = 'netbox_new'                  # built under this name: `netbox` is always complete


def prepare_database(servers, loaded=None):
    """Put `loaded`, or the first time the demo data, in place as `netbox`; or bring what is there up to date."""
    if loaded:
        put_in_place(servers, loaded)
    elif not servers.exists('netbox'):
        servers.create(NEW)
        run_steps(servers, NEW, '--demo-data')
        put_in_place(servers, NEW)
    elif fingerprint_of(servers) != fingerprint():
        run_steps(servers, 'netbox')
        remember_fingerprint(servers, 'netbox')
    servers.state.remember(has_admin=True)


def prepare_from_dump(servers, path):
    """A dump, loaded, migrated and given the plugin, under another name: if it fails, nothing has happened."""
    from .dump import load
    from .versions import check_version
    try:
        servers.sql(f'drop database if exists {NEW} with (force)')
        servers.sql(f'create database {NEW} template template0')
        say(f'loading {os.path.basename(path)}')
        with servers.connect(NEW) as connection:
            load(connection, path)
        say(f'it is a database of {check_version(servers, NEW, path)}')
        run_steps(servers, NEW, '--foreign-data', IMS_REDISDB='8')
    except BaseException:
        servers.drop(NEW)
        raise
    return NEW


def put_in_place(servers, new):
    """The queue's jobs belong to the database that goes."""
    import redis
    remember_fingerprint(servers, new)
    servers.drop('netbox')
    servers.sql(f'alter database "{new}" rename to netbox')
    redis.Redis('127.0.0.1', servers.facts['redisport'], password=servers.state.settings['redispassword']).flushall()


def run_steps(servers, db, *options, **extra):
    settings = servers.state.settings
    log = servers.state.new_log('prepare')
    steps = []

    def tell(step):
        steps.append(step)
        say(step)

    code = servers.run(sys.executable, ROOT / 'dev/prepare.py', *options, db=db, log=log, tell=tell,
                       IMS_TOKEN=f'{settings["token_key"]}.{settings["token_secret"]}', **extra)
    if code:
        lines = [line for line in log.read_text(errors='replace').splitlines() if line.strip()] if log.exists() else []
        raise Problem(f'{steps[-1] if steps else "starting NetBox"} failed: {lines[-1].strip() if lines else code}; '
                      f'all of it is in {log}')


# -- what a database was prepared with: nothing to do if that is still the same


def fingerprint():
    files = [p for p in (ROOT / 'netbox_ims').rglob('*') if p.suffix in ('.py', '.yaml', '.sql')]
    h = hashlib.sha256(f'{version("netbox")} {os.environ.get("IMS_PLUGINS", "netbox_ims")}'.encode())
    for path in [*sorted(files), ROOT / 'dev/prepare.py']:
        h.update(str(path.relative_to(ROOT)).encode() + b'\0' + path.read_bytes())
    return h.hexdigest()[:32]


def fingerprint_of(servers):
    return servers.sql("select shobj_description(oid, 'pg_database') from pg_database where datname = 'netbox'")[0][0]


def remember_fingerprint(servers, db):
    """Kept as the database's comment, so that it goes where the database goes."""
    servers.sql(f"comment on database \"{db}\" is '{fingerprint()}'")
