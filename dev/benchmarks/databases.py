"""The databases the bench measures in: made once, kept in its state, made anew when they would be made differently."""
import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

from launcher.output import Problem, say
from launcher.state import ROOT

# What a database holds depends on these; a change of triggers alone is put right in the kept one (benchmarks.make).
MADE_BY = [
    f'dev/benchmarks/{name}.py' for name in ('bulk', 'controls', 'estate', 'graph', 'history', 'make', 'risks')
]


def ensure(servers, size):
    """The size's database, complete and up to date."""
    db, wanted = size.database, fingerprint(size)
    if not servers.exists(db) or comment(servers, db) != wanted:
        servers.drop(db)
        new = f'{db}_new'               # built under this name: under its own one it is always complete
        say(f'{size.name}: making a NetBox with about {size.name} CIs, once')
        servers.create(new)
        make(servers, new, size, 'seed')
        servers.sql(f"comment on database \"{new}\" is '{wanted}'")
        servers.sql(f'alter database "{new}" rename to "{db}"')
    make(servers, db, size, 'refresh')


def make(servers, db, size, step):
    log = servers.state.new_log('make')
    code = servers.run(sys.executable, '-m', 'benchmarks.make', step, size.name, db=db, log=log,
                       tell=lambda line: say(f'{size.name}: {line}'))
    if code:
        raise Problem(f'Making {db} failed: {last_line(log) or code}; all of it is in {log}')


def last_line(log):
    lines = [line for line in Path(log).read_text(errors='replace').splitlines() if line.strip()]
    return lines[-1].strip() if lines else ''


def comment(servers, db):
    rows = servers.sql("select shobj_description(oid, 'pg_database') from pg_database where datname = %s", params=[db])
    return rows[0][0]


def fingerprint(size):
    h = hashlib.sha256(f'{version("netbox")} {size}'.encode())
    for path in [*(ROOT / name for name in MADE_BY), *sorted((ROOT / 'netbox_ims/migrations').glob('*.py'))]:
        h.update(str(path.relative_to(ROOT)).encode() + b'\0' + path.read_bytes())
    return h.hexdigest()[:32]
