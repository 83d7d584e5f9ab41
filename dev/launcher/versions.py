"""Tells which NetBox made a database, by the migrations it records."""
import importlib.util
import re
from importlib.metadata import version
from pathlib import Path

from .output import Problem

CORE_APPS = ('account', 'circuits', 'core', 'dcim', 'extras', 'ipam', 'tenancy', 'users', 'virtualization', 'vpn',
             'wireless')

# The migration of a feature that came with each release, newest first.
MARKS = (
    ('4.7', 'dcim', '0250_cooling_infrastructure'),
    ('4.6', 'dcim', '0228_rack_group'),
    ('4.5', 'users', '0014_users_token_v2'),
    ('4.4', 'extras', '0132_configcontextprofile'),
    ('4.3', 'dcim', '0205_moduletypeprofile'),
    ('4.2', 'dcim', '0199_macaddress'),
    ('4.1', 'extras', '0119_notifications'),
)
OLDEST = MARKS[-1][0]


def number(name):
    found = re.match(r'\d+', name)
    return int(found[0]) if found else 0


def newest_known():
    """The highest migration number of every app of the installed NetBox, without importing any of it."""
    highest = {}
    for app in CORE_APPS:
        spec = importlib.util.find_spec(app)
        for folder in spec.submodule_search_locations if spec else ():
            highest[app] = max((number(p.name) for p in Path(folder, 'migrations').glob('0*.py')), default=0)
    return highest


def check_version(servers, db, path):
    """What made the database, as in `NetBox 4.4`; a problem if it is none, too old or too new."""
    name = Path(path).name
    tables = servers.sql("select to_regclass('public.django_migrations'), to_regclass('public.dcim_device')", db)[0]
    if None in tables:
        raise Problem(f'{name} holds no NetBox database.')
    applied = set(servers.sql('select app::text, name::text from public.django_migrations', db))
    return judge(applied, newest_known(), name)


def judge(applied, highest, name):
    # Compared by number: squashing took old migrations away, so that not every unknown name is a new one.
    if unknown := sorted(f'{app}.{m}' for app, m in applied if app in highest and number(m) > highest[app]):
        raise Problem(f'{name} is of a NetBox newer than the {version("netbox")} used here, which does not know '
                      f'{unknown[0]}.')
    for release, app, mark in MARKS:
        if (app, mark) in applied:
            return f'NetBox {release}'
    raise Problem(f'{name} is of a NetBox older than {OLDEST}: upgrade it to {OLDEST} or later, and dump it again.')
