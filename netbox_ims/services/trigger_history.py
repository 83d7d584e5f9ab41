"""
The PL/pgSQL that keeps the history of the register: a version of an entry whenever a column of it changes, whatever
statement did that, and the names that versions refer to by id. docs/decisions/0050-register-history.md says why so.

Once a statement, over all the rows that it changed. A branch has no history, as what is in it has not happened yet: its
triggers do nothing, and merging it writes versions in main. Nor has the register while it is being filled for the first
time: see services/history.py.
"""
from django.apps import apps

from ..constants import NAMED
from ..models import HistoryStart, RegisterName, RegisterVersion
from ..models.register_row import RegisterRow
from .trigger_evidence import NEVER_EMPTIED
from .trigger_frame import (
    ON_CHANGE,
    ON_DELETED,
    ON_EMPTYING,
    ON_INSERTED,
    ON_TAMPERING,
    ON_UPDATED,
    PREFIX,
    REGISTER,
    Trigger,
    changed,
    content_type_id,
    who,
)

__all__ = (
    'NAMES', 'START', 'TRANSACTION', 'VERSION', 'VERSIONED', 'differing', 'ended', 'followed', 'history_triggers',
    'named_models', 'names_of', 'same_values',
)

VERSION, NAMES, START = (model._meta.db_table for model in (RegisterVersion, RegisterName, HistoryStart))

# What a version keeps of an entry, besides whose it is. `as_of` is bookkeeping, and its change is none.
VERSIONED = (
    *(field.column for field in RegisterRow._meta.local_concrete_fields if not field.name.startswith('object_')),
    'profile_id',
)
TRANSACTION = 'pg_current_xact_id()::text::bigint'
# Versions that this transaction wrote itself; the time, since a restored database counts transactions anew. Written so
# that no index answers it: PostgreSQL expects few versions of this moment, and would read, for every row that a large
# transaction writes, all those that it wrote before.
OWN = f"v.transaction = {TRANSACTION} AND v.valid_from + interval '0' >= now()"
OPEN = "v.valid_to = 'infinity'"
# The time of the transaction. One that began before the version it follows was written comes right after it.
STAMP = "greatest(now(), v.valid_from + interval '1 microsecond')"


def named_models():
    """{model: columns of RegisterName that it has as well} of what register entries refer to."""
    return {apps.get_model(label): columns for label, columns in NAMED.items()}


def _row(alias):
    return f'ROW({", ".join(f"{alias}.{column}" for column in VERSIONED)})'


def same_values(one, other):
    """Whether two rows say the same of a CI."""
    return f'{_row(one)} IS NOT DISTINCT FROM {_row(other)}'


def _same_ci(one, other):
    return f'{one}.object_type_id = {other}.object_type_id AND {one}.object_id = {other}.object_id'


def differing(one, other):
    """The columns in which two rows differ, as an array."""
    cases = ', '.join(f"CASE WHEN {one}.{c} IS DISTINCT FROM {other}.{c} THEN '{c}' END" for c in VERSIONED)
    return f"array_remove(ARRAY[{cases}], NULL)::varchar[]"


def _insert(source, since, changes):
    columns = ', '.join(VERSIONED)
    return f"""
  INSERT INTO {VERSION} (object_type_id, object_id, entry_id, {columns},
                         valid_from, valid_to, changed, user_id, user_name, transaction)
  SELECT n.object_type_id, n.object_id, n.id, {', '.join(f'n.{column}' for column in VERSIONED)},
         {since}, 'infinity', {changes}, {who()}, {TRANSACTION}
  FROM {source}"""


def _follow_own(rows):
    """
    What this transaction has versions of already: they follow, and are none after all where everything is as before.
    """
    before = f'{_same_ci("p", "n")} AND p.valid_to = v.valid_from'
    return f"""
  UPDATE {VERSION} v SET {', '.join(f'{column} = n.{column}' for column in VERSIONED)},
    changed = coalesce((SELECT {differing('p', 'n')} FROM {VERSION} p WHERE {before}), '{{}}')
  FROM {rows} n WHERE {_same_ci('v', 'n')} AND {OPEN} AND {OWN} AND NOT ({same_values('v', 'n')});
""", f"""
  WITH undone AS (
    DELETE FROM {VERSION} v USING {rows} n, {VERSION} p
    WHERE {_same_ci('v', 'n')} AND {OPEN} AND {OWN} AND v.changed = '{{}}' AND {before} AND {same_values('p', 'n')}
    RETURNING p.id
  )
  UPDATE {VERSION} p SET valid_to = 'infinity' FROM undone WHERE p.id = undone.id;
"""


def _change(rows):
    """The open version of what differs from it ends, and another begins where it does."""
    return f"""
  WITH v AS (
    UPDATE {VERSION} v SET valid_to = {STAMP} FROM {rows} n
    WHERE {_same_ci('v', 'n')} AND {OPEN} AND NOT ({OWN}) AND NOT ({same_values('v', 'n')})
    RETURNING v.*
  ){_insert(f'{rows} n JOIN v ON {_same_ci("v", "n")}', 'v.valid_to', differing('v', 'n'))};
"""


def _begin(rows):
    """A CI that has no open version: it is new, or back."""
    since = f'greatest(now(), (SELECT max(p.valid_to) FROM {VERSION} p WHERE {_same_ci("p", "n")}))'
    missing = f'NOT EXISTS (SELECT FROM {VERSION} v WHERE {_same_ci("v", "n")} AND {OPEN})'
    return f"""{_insert(f'{rows} n WHERE {missing}', since, "'{}'")};
"""


def followed(rows):
    """
    Statements after which the open versions say what `rows` say: a table of entries, or those that a statement wrote.
    """
    return [*_follow_own(rows), _change(rows), _begin(rows)]


def ended(rows):
    """Statements after which CIs that `rows` (with object_type_id and object_id) tell of have no open version."""
    return [f"""
  DELETE FROM {VERSION} v USING {rows} n WHERE {_same_ci('v', 'n')} AND {OPEN} AND {OWN};
""", f"""
  UPDATE {VERSION} v SET valid_to = {STAMP} FROM {rows} n WHERE {_same_ci('v', 'n')} AND {OPEN};
"""]


FRAME = """
DECLARE
  path text;
BEGIN
{guard}
  IF to_regclass(quote_ident(TG_TABLE_SCHEMA) || '.{table}') IS NULL THEN
    RETURN NULL;
  END IF;
  IF to_regclass(quote_ident(TG_TABLE_SCHEMA) || '.{table}') IS DISTINCT FROM to_regclass('{table}') THEN
    path := current_setting('search_path');
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ',' || path, true);
  END IF;
  IF EXISTS (SELECT FROM {start}) THEN
{body}
  END IF;
  IF path IS NOT NULL THEN
    PERFORM set_config('search_path', path, true);
  END IF;
  RETURN NULL;
END
"""


def _function(table, body, guard=''):
    return FRAME.format(table=table, start=START, body=body.rstrip(), guard=guard.rstrip())


def _updated():
    own, undone, change, begin = followed('rows')
    return _function(VERSION, f"""{own}  IF FOUND THEN{undone}  END IF;{change}{begin}""")


#
# Names
#

def names_of(model, row):
    """{column of RegisterName: SQL} of what an object is called, from a row of its table."""
    texts = {column: f'{row}.{column}' if column in named_models()[model] else "''" for column in ('slug', 'color')}
    level = f'{row}.level' if 'level' in named_models()[model] else 'NULL'
    return {'name': f'left({row}.name, 255)', **texts, 'level': level}


def _name_function(model):
    """Something that entries refer to is made, called otherwise, or deleted."""
    of_it = f'v.object_type_id = {content_type_id(model)} AND v.object_id'
    names = names_of(model, 'NEW')
    return _function(
        NAMES,
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed(named_models()[model])}) THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM {NAMES} v WHERE {of_it} = OLD.id AND {OPEN} AND {OWN};
    UPDATE {NAMES} v SET valid_to = {STAMP} WHERE {of_it} = OLD.id AND {OPEN};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO {NAMES} (object_type_id, object_id, {', '.join(names)}, valid_from, valid_to, transaction)
    SELECT {content_type_id(model)}, NEW.id, {', '.join(names.values())},
           greatest(now(), (SELECT max(v.valid_to) FROM {NAMES} v WHERE {of_it} = NEW.id)), 'infinity', {TRANSACTION};
  END IF;""")


#
# Against tampering
#

# A row may end, and what a transaction wrote itself it may write anew. One that a transaction has ended it may reopen:
# then everything is as it was. What is older than `netbox_ims.prune_before` goes, when that is set (retention).
KEPT = f"""
DECLARE
  becomes record;
BEGIN
  IF OLD.transaction = {TRANSACTION} AND OLD.valid_from >= now() THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    becomes := OLD;
    becomes.valid_to := NEW.valid_to;
    IF NEW IS NOT DISTINCT FROM becomes AND OLD.valid_to >= now() AND NEW.valid_to >= now() THEN
      RETURN NEW;
    END IF;
  ELSIF OLD.valid_to <= nullif(current_setting('netbox_ims.prune_before', true), '')::timestamptz THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: what was recorded stays as it was', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END
"""

# Nothing is put into the past.
NOW_ONLY = f"""
BEGIN
  IF EXISTS (SELECT FROM rows WHERE valid_from < now() OR valid_to < now() OR transaction <> {TRANSACTION}) THEN
    RAISE EXCEPTION '% is append-only: nothing is added to the past', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""


def history_triggers():
    """Those that write the history, and those that refuse to alter it."""
    yield Trigger(REGISTER, f'{PREFIX}version_begun', _function(VERSION, _begin('rows')), ON_INSERTED)
    yield Trigger(REGISTER, f'{PREFIX}version_changed', _updated(), ON_UPDATED)
    yield Trigger(REGISTER, f'{PREFIX}version_ended', _function(VERSION, ''.join(ended('rows'))), ON_DELETED)
    for model in named_models():
        table = model._meta.db_table
        yield Trigger(table, f'{PREFIX}name_{table}', _name_function(model), ON_CHANGE)
    for table, name in ((VERSION, 'registerversion'), (NAMES, 'registername')):
        yield Trigger(table, f'{PREFIX}{name}_append_only', KEPT, ON_TAMPERING)
        yield Trigger(table, f'{PREFIX}{name}_now_only', NOW_ONLY, ON_INSERTED)
        yield Trigger(table, f'{PREFIX}{name}_never_emptied', NEVER_EMPTIED, ON_EMPTYING)
