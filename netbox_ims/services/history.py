"""
The history of the register as a whole: begun when the register is right for the first time, compared with it, made to
follow where triggers did not see a change, and cut off at the far end where somebody decided not to keep it for ever.
"""
from datetime import timedelta

from django.db import connections, transaction
from django.utils import timezone

from netbox.plugins import get_plugin_config

from .branch_schema import is_main
from .trigger_frame import REGISTER, content_type_id
from .trigger_history import (
    NAMES,
    START,
    TRANSACTION,
    VERSION,
    differing,
    ended,
    followed,
    named_models,
    names_of,
    same_values,
)

__all__ = ('begin_history', 'find_history_drift', 'has_history', 'prune_history', 'repair_history')

PRUNED_AT_ONCE = 10_000
_SAME_CI = 'r.object_type_id = v.object_type_id AND r.object_id = v.object_id'


def has_history(using='default'):
    """Whether the history has begun; until then triggers write none."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT EXISTS (SELECT FROM {START})')
        return cursor.fetchone()[0]


def begin_history(using='default'):
    """
    To be called when a register just installed has been filled and what CIs inherit is worked out: everything before
    that was never so. Does nothing where the history has begun, nor in a branch, which has none.
    """
    if is_main(using) and not has_history(using):
        repair_history(using)


def find_history_drift(using='default', limit=None):
    """
    Yield (object type id, object id, columns) of every CI whose open version does not say what the register says; no
    columns where one of the two is missing. Then the same of what is called otherwise than its open name says.
    """
    tail = f' LIMIT {int(limit)}' if limit else ''
    with connections[using].cursor() as cursor:
        cursor.execute(
            'SELECT coalesce(r.object_type_id, v.object_type_id), coalesce(r.object_id, v.object_id), '
            f"CASE WHEN r.id IS NULL OR v.id IS NULL THEN '{{}}' ELSE {differing('r', 'v')} END FROM {REGISTER} r "
            f"FULL JOIN (SELECT * FROM {VERSION} WHERE valid_to = 'infinity') v ON {_SAME_CI} "
            f'WHERE NOT ({same_values("r", "v")}){tail}'
        )
        yield from cursor.fetchall()
        for model in named_models():
            cursor.execute(
                f'SELECT %s, coalesce(n.id, v.object_id), ARRAY[\'name\'] FROM {model._meta.db_table} n '
                f"FULL JOIN (SELECT * FROM {NAMES} WHERE valid_to = 'infinity' AND object_type_id = %s) v "
                f'ON v.object_id = n.id WHERE NOT ({_same_name(model)}){tail}',
                [content_type_id(model)] * 2,
            )
            yield from cursor.fetchall()


def _same_name(model):
    names = names_of(model, 'n')
    return f'ROW({", ".join(names.values())}) IS NOT DISTINCT FROM ROW({", ".join(f"v.{c}" for c in names)})'


def repair_history(using='default'):
    """
    Make the open versions say what the register says, from now on: what they should have said before nobody knows.
    Returns how many versions were written or ended.
    """
    written = 0
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        gone = (
            f"(SELECT v.object_type_id, v.object_id FROM {VERSION} v WHERE v.valid_to = 'infinity' "
            f'AND NOT EXISTS (SELECT FROM {REGISTER} r WHERE {_SAME_CI}))'
        )
        for statement in [*ended(gone), *followed(REGISTER)]:
            cursor.execute(statement)
            written += cursor.rowcount
        for model in named_models():
            written += _repair_names(cursor, model)
        cursor.execute(f'INSERT INTO {START} (time) SELECT now() WHERE NOT EXISTS (SELECT FROM {START})')
    return written


def _repair_names(cursor, model):
    type_id, names = content_type_id(model), names_of(model, 'n')
    cursor.execute(
        f"UPDATE {NAMES} v SET valid_to = greatest(now(), v.valid_from + interval '1 microsecond') "
        f"WHERE v.object_type_id = %s AND v.valid_to = 'infinity' "
        f'AND NOT EXISTS (SELECT FROM {model._meta.db_table} n WHERE n.id = v.object_id AND {_same_name(model)})',
        [type_id],
    )
    ended_names = cursor.rowcount
    cursor.execute(
        f"INSERT INTO {NAMES} (object_type_id, object_id, {', '.join(names)}, valid_from, valid_to, transaction) "
        f"SELECT %s, n.id, {', '.join(names.values())}, greatest(now(), (SELECT max(v.valid_to) FROM {NAMES} v "
        f"WHERE v.object_type_id = %s AND v.object_id = n.id)), 'infinity', {TRANSACTION} "
        f'FROM {model._meta.db_table} n WHERE NOT EXISTS (SELECT FROM {NAMES} v WHERE v.object_type_id = %s '
        f"AND v.object_id = n.id AND v.valid_to = 'infinity')",
        [type_id] * 3,
    )
    return ended_names + cursor.rowcount


def prune_history(using='default', now=None):
    """
    Delete versions that ended longer ago than the setting `history_retention_days`, and say so: the history then begins
    at that moment. Returns how many went; None where everything is kept.
    """
    days = get_plugin_config('netbox_ims', 'history_retention_days')
    if days is None:
        return None
    before, pruned = (now or timezone.now()) - timedelta(days=days), 0
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        # First, so that nobody is shown half of a day.
        cursor.execute(f'UPDATE {START} SET time = %s WHERE time < %s', [before, before])
    for table in (VERSION, NAMES):
        while True:
            with transaction.atomic(using=using), connections[using].cursor() as cursor:
                cursor.execute("SELECT set_config('netbox_ims.prune_before', %s, true)", [before.isoformat()])
                cursor.execute(
                    f'DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE valid_to <= %s '
                    'ORDER BY valid_to LIMIT %s)', [before, PRUNED_AT_ONCE]
                )
                pruned += cursor.rowcount
                if cursor.rowcount < PRUNED_AT_ONCE:
                    break
    return pruned
