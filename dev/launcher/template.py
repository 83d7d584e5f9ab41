"""A database with NetBox's own migrations applied, made once per NetBox version and copied from then on."""
import gzip
import os
import shutil
import subprocess
from importlib.metadata import version

from .output import Problem, say
from .state import ROOT


def template_name():
    return 'tmpl_' + version('netbox').replace('.', '_').replace('-', '_')


def dump_path(name):
    return ROOT / 'dev' / f'{name}.sql.gz'


def template(servers):
    name = template_name()
    if servers.exists(name):
        return name
    new = f'{name}_new'
    servers.drop(new)
    servers.sql(f'create database {new} template template0')
    if dump_path(name).exists() and not os.environ.get('IMS_NO_DUMP'):
        with servers.connect(new) as connection:
            connection.execute(gzip.decompress(dump_path(name).read_bytes()))
        say('NetBox schema restored')
    else:
        say('migrating an empty database: minutes, but only once per NetBox version')
        servers.netbox('migrate', '--no-input', db=new, log=servers.state.log('migrate'), IMS_PLUGINS='')
        say('NetBox schema migrated')
    servers.sql(f'alter database {new} rename to {name}')
    return name


def write_dump(servers):
    """`dev/netbox --write-template`: after an update of NetBox, record its schema anew (with IMS_NO_DUMP=1 set).

    INSERTs, so that restoring needs no psql. Lines that an older server or psycopg would not understand are left out.
    """
    name = servers.template()
    pg_dump = os.environ.get('PG_DUMP') or shutil.which('pg_dump')
    if not pg_dump:
        raise Problem('Needs pg_dump, as new as the server: set PG_DUMP.')
    command = [pg_dump, '--inserts', '--rows-per-insert=200', '--no-owner', '--no-acl', '-d', servers.dsn(name)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    kept = (line for line in text.splitlines(True) if not line.startswith(('\\', 'SET transaction_timeout', '--')))
    dump_path(name).write_bytes(gzip.compress(''.join(kept).encode(), mtime=0))
    say(f'{dump_path(name)} written')
