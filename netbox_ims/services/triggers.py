"""
Installing, dropping and inspecting the triggers of the register.

What is installed is read back from PostgreSQL's own catalogue and compared with what this installation's CI types
call for; nothing is stored that could itself drift.
"""
from dataclasses import dataclass

from django.db import connections, router, transaction

from ..models import RegisterEntry
from .branch_schema import SCHEMA, has_register, is_main, tables_in
from .reconcile import repair_register
from .trigger_frame import PREFIX
from .trigger_sql import expected_triggers

__all__ = ('TriggerStatus', 'drop_triggers', 'install_triggers', 'trigger_status')

INSTALLED = f"""
    SELECT c.relname, t.tgname, md5(p.prosrc), t.tgtype, t.tgenabled::text
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND p.proname = t.tgname AND t.tgname LIKE %s
      AND c.relnamespace = {SCHEMA}
"""


@dataclass(frozen=True)
class TriggerStatus:
    """Triggers that are not there, that differ from what they should be, and that nobody asked for: (table, name)."""
    missing: tuple = ()
    outdated: tuple = ()
    unexpected: tuple = ()

    @property
    def ok(self):
        return not (self.missing or self.outdated or self.unexpected)

    def __str__(self):
        parts = (('missing', self.missing), ('out of date', self.outdated), ('not expected', self.unexpected))
        return '; '.join(
            f'{kind}: {", ".join(f"{name} on {table}" for table, name in found)}' for kind, found in parts if found
        )


def _installed(connection):
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED, [PREFIX.replace('_', r'\_') + '%'])
        return {(row[0], row[1]): tuple(row) for row in cursor.fetchall()}


def _expected(using):
    """The triggers called for in the connection's schema: in a branch, those on tables it has copies of."""
    if is_main(using):
        return expected_triggers()
    tables = tables_in(using)
    return [trigger for trigger in expected_triggers() if trigger.table in tables]


def trigger_status(using=None):
    """
    One query to the catalogue. While it is not `ok`, the register may not be right, and pages say so. Unless a
    connection is named it is that of the branch at work, or of main.
    """
    using = using or router.db_for_write(RegisterEntry)
    expected = {(t.table, t.name): t.fingerprint for t in _expected(using)}
    installed = _installed(connections[using])
    return TriggerStatus(
        missing=tuple(sorted(expected.keys() - installed.keys())),
        outdated=tuple(sorted(key for key in expected.keys() & installed.keys() if expected[key] != installed[key])),
        unexpected=tuple(sorted(installed.keys() - expected.keys())),
    )


def drop_triggers(using='default'):
    """Take every trigger of ours off the tables. Their functions stay: copies in branches' schemas run them."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table, name in _installed(connection):
            cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON {connection.ops.quote_name(table)}')


def install_triggers(using='default', force=False):
    """
    Make triggers what they should be and the register equal to what it is made from; does nothing where both are so.

    Both in one transaction: creating a trigger locks its table against writes, so none slips in between. Without the
    register's table (the plugin's migrations reversed) all triggers go. Returns what was mended, as repair_register()
    does, or None if there was nothing to do. What CIs inherit is then marked, for derive.settle(). In a branch it makes
    triggers only; they run main's functions.
    """
    connection = connections[using]
    if not has_register(using):
        drop_triggers(using)
        return None
    if not force and trigger_status(using).ok:
        return None
    with transaction.atomic(using=using), connection.cursor() as cursor:
        drop_triggers(using)
        for trigger in _expected(using):
            # One that runs somebody else's function under our name was not among those dropped.
            cursor.execute(f'DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}')
            if is_main(using):
                cursor.execute(trigger.function_sql)
            cursor.execute(trigger.trigger_sql)
        return repair_register(using)
