"""
What every trigger of the plugin has in common: how its function begins and ends, how it is made and recognised.

Every function is static SQL on unqualified names, since netbox-branching copies triggers into a branch's schema while
functions stay in main's: each first puts the schema of its own table in front of the search path, and does nothing
where that schema has no register (a migration reversed, a branch older than the plugin). None has a column list or a
WHEN clause, which would make a later ALTER COLUMN of NetBox's own migrations fail.
"""
import hashlib
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from ..models import (
    AssetProfile,
    Baseline,
    BaselineBlock,
    ConfigurationChange,
    Decision,
    Dependency,
    RegisterEntry,
    RetiredCI,
    StaleMark,
)

PREFIX = 'ims_'     # of every trigger and function this plugin makes
REGISTER = RegisterEntry._meta.db_table
PROFILE = AssetProfile._meta.db_table
DECISION = Decision._meta.db_table
RETIRED = RetiredCI._meta.db_table
BASELINE, BLOCK = Baseline._meta.db_table, BaselineBlock._meta.db_table
DEPENDENCY = Dependency._meta.db_table
MARK = StaleMark._meta.db_table
CHANGE = ConfigurationChange._meta.db_table
ON_CHANGE, ON_WRITE = 'AFTER INSERT OR UPDATE OR DELETE', 'AFTER INSERT OR UPDATE'
ON_TAMPERING, ON_PART_TAMPERING = 'BEFORE UPDATE OR DELETE', 'BEFORE INSERT OR UPDATE OR DELETE'
BEFORE_WRITE = 'BEFORE INSERT OR UPDATE'
ON_EMPTYING = 'AFTER TRUNCATE'                              # once for the statement, not for each row
# Once for the statement as well, with the rows it wrote or deleted as a table `rows`
ON_INSERTED, ON_UPDATED, ON_DELETED = (
    'AFTER INSERT, rows: NEW', 'AFTER UPDATE, rows: NEW', 'AFTER DELETE, rows: OLD'
)
# Deferred to the end of the transaction (the first of them would otherwise be ON_WRITE)
PLACED_AT_COMMIT, MOVED_AT_COMMIT, LOST_AT_COMMIT = 'AFTER UPDATE OR INSERT', 'AFTER UPDATE OR DELETE', 'AFTER UPDATE'
GONE_AT_COMMIT = 'AFTER DELETE'

# pg_trigger.tgtype
TIMINGS = {
    ON_CHANGE: 29, ON_WRITE: 21, ON_TAMPERING: 27, ON_PART_TAMPERING: 31, BEFORE_WRITE: 23, ON_EMPTYING: 32,
    PLACED_AT_COMMIT: 21, MOVED_AT_COMMIT: 25, LOST_AT_COMMIT: 17, GONE_AT_COMMIT: 9, ON_INSERTED: 4, ON_UPDATED: 16,
    ON_DELETED: 8,
}
FOR_EACH_ROW = 1

FRAME = """
DECLARE
  home regclass;
  path text;
{declare}
BEGIN
{guard}
  home := to_regclass(quote_ident(TG_TABLE_SCHEMA) || '.{register}');
  IF home IS NULL THEN
    RETURN NULL;
  END IF;
  IF home IS DISTINCT FROM to_regclass('{register}') THEN
    path := current_setting('search_path');
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ',' || path, true);
  END IF;
{body}
  IF path IS NOT NULL THEN
    PERFORM set_config('search_path', path, true);
  END IF;
  RETURN NULL;
END
"""


@dataclass(frozen=True)
class Trigger:
    """One trigger and the function of the same name that it runs; …_AT_COMMIT ones are deferred."""
    table: str
    name: str
    source: str
    timing: str = ON_CHANGE

    @property
    def fingerprint(self):
        """As read back from PostgreSQL's catalogue: what it runs, when it fires, and that it is enabled."""
        source = hashlib.md5(self.source.encode(), usedforsecurity=False).hexdigest()
        return self.table, self.name, source, TIMINGS[self.timing], 'O'

    @property
    def function_sql(self):
        return f'CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $ims${self.source}$ims$'

    @property
    def trigger_sql(self):
        deferred = self.timing in (PLACED_AT_COMMIT, MOVED_AT_COMMIT, LOST_AT_COMMIT, GONE_AT_COMMIT)
        kind, when = ('CONSTRAINT TRIGGER', ' DEFERRABLE INITIALLY DEFERRED') if deferred else ('TRIGGER', '')
        each = 'ROW' if TIMINGS[self.timing] & FOR_EACH_ROW else 'STATEMENT'
        timing, _comma, rows = self.timing.partition(', rows: ')
        referencing = f' REFERENCING {rows} TABLE AS rows' if rows else ''
        return (
            f'CREATE {kind} {self.name} {timing} ON {self.table}{when}{referencing} '
            f'FOR EACH {each} EXECUTE FUNCTION {self.name}()'
        )


def function(body, guard='', declare=''):
    return FRAME.format(register=REGISTER, body=body.rstrip(), guard=guard.rstrip(), declare=declare.rstrip())


def content_type_id(model):
    return ContentType.objects.get_for_model(model).pk


def changed(columns):
    return ' OR '.join(f'OLD.{c} IS DISTINCT FROM NEW.{c}' for c in columns)


def who():
    return ("nullif(current_setting('netbox_ims.user_id', true), '')::bigint, "
            "coalesce(current_setting('netbox_ims.user_name', true), '')")


def why():
    return "coalesce(current_setting('netbox_ims.reason', true), '')"
