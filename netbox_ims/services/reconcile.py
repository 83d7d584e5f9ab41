"""
Comparing the register with what it is made from (CIs and profiles), and making them equal again.

Triggers keep them equal; this finds and mends what happened past them: a restored dump, `session_replication_role`,
a trigger dropped by hand.
"""
from dataclasses import dataclass
from itertools import islice

from django.db import connections, transaction

from ..ci_types import get_ci_types
from ..models import RegisterEntry, StaleMark
from . import align_all, derive_all
from .branch_schema import ci_types_in, is_main
from .derive import mark_everything
from .history import find_history_drift, has_history, repair_history
from .trigger_continuity import derive_mtpd
from .trigger_evidence import retire_sql
from .trigger_frame import PROFILE, REGISTER
from .trigger_sql import ci_source, profile_assignments

__all__ = ('Drift', 'find_drift', 'repair_register')

NAME_COLLATION = RegisterEntry._meta.get_field('name').db_collation
MISSING, GONE, DIFFERENT, ORPHAN = 'missing', 'gone', 'different', 'orphan'
DERIVED, HISTORY = 'derived values differ', 'history differs'
MISALIGNED = 'rows of the alignment report differ'


@dataclass(frozen=True)
class Drift:
    """
    One CI whose register entry is `missing`, stays although the CI is `gone`, is `different` in `columns`, or says
    something else than what follows from the dependencies (`derived values differ`), as may the alignment report, or
    than its open version (`history differs`); or a profile left without its CI (`orphan`).
    """
    label: str
    object_id: int
    kind: str
    columns: tuple = ()

    def __str__(self):
        return f"{self.label} {self.object_id}: {self.kind}" + (f" ({', '.join(self.columns)})" if self.columns else '')


def _right_rows(ci_type):
    """SELECT of what the register should say of every CI of a type; its columns are (object_id, *columns)."""
    values = {**ci_source(ci_type, 'c'), **profile_assignments('p')}
    columns = ', '.join(f'{value} AS {column}' for column, value in values.items())
    pk = ci_type.model._meta.pk.column
    return list(values), (
        f'SELECT c.{pk} AS object_id, {columns} FROM {ci_type.model._meta.db_table} c '
        f'LEFT JOIN {PROFILE} p ON p.object_type_id = {ci_type.content_type.pk} AND p.object_id = c.{pk}'
    )


def _gone_sql(ci_type, table):
    """Object ids of a type that `table` speaks of although there is no such CI."""
    model = ci_type.model
    return (
        f'SELECT x.object_id FROM {table} x WHERE x.object_type_id = {ci_type.content_type.pk} AND NOT EXISTS '
        f'(SELECT 1 FROM {model._meta.db_table} c WHERE c.{model._meta.pk.column} = x.object_id)'
    )


def find_drift(using='default', limit=None):
    """
    Yield a Drift for every register entry or profile that is not as it should be, at most `limit` per kind and type.
    An entry that is not right itself is not compared with the history, which follows it.
    """
    named = set()
    for drift in _find_register_drift(using, limit):
        named.add((drift.label, drift.object_id))
        yield drift
    if is_main(using) and has_history(using):
        labels = _labels()
        for type_id, pk, columns in find_history_drift(using, limit):
            if (label := labels.get(type_id, f'type {type_id}'), pk) not in named:
                yield Drift(label, pk, HISTORY, tuple(columns))


def _labels():
    return {ci_type.content_type.pk: label for label, ci_type in get_ci_types().items()}


def _find_register_drift(using, limit):
    tail = f' LIMIT {int(limit)}' if limit else ''
    with connections[using].cursor() as cursor:
        for label, ci_type in ci_types_in(using).items():
            columns, right = _right_rows(ci_type)
            differs = ', '.join(f'r.{c} IS DISTINCT FROM w.{c}' for c in columns)
            of_type = f'r.object_type_id = {ci_type.content_type.pk} AND r.object_id = w.object_id'
            cursor.execute(
                f'SELECT w.object_id, r.id IS NULL, ARRAY[{differs}] '
                f'FROM ({right}) w LEFT JOIN {REGISTER} r ON {of_type} '
                f'WHERE r.id IS NULL OR {" OR ".join(f"r.{c} IS DISTINCT FROM w.{c}" for c in columns)}{tail}'
            )
            for object_id, missing, flags in cursor.fetchall():
                differing = tuple(c for c, differ in zip(columns, flags, strict=True) if differ)
                yield Drift(label, object_id, MISSING) if missing else Drift(label, object_id, DIFFERENT, differing)
            for table, kind in ((REGISTER, GONE), (PROFILE, ORPHAN)):
                cursor.execute(_gone_sql(ci_type, table) + tail)
                yield from (Drift(label, object_id, kind) for object_id, in cursor.fetchall())
        types = [t.content_type.pk for t in get_ci_types().values()]
        cursor.execute(
            f'SELECT object_type_id, object_id FROM {REGISTER} WHERE object_type_id <> ALL(%s){tail}', [types]
        )
        yield from (Drift(f'type {type_id}', object_id, GONE) for type_id, object_id in cursor.fetchall())
    labels = _labels()
    for (type_id, pk), kind in islice(_find_derived_drift(using), limit):
        yield Drift(labels.get(type_id, f'type {type_id}'), pk, kind)


def _find_derived_drift(using):
    """Nothing while there are marks: then entries are known not to be right yet."""
    if StaleMark.objects.using(using).exists():
        return
    for rows in derive_all.differences(using):
        yield from ((ci, DERIVED) for ci in rows)
    for change in align_all.differences(using):
        rows = [*change.get('new', ()), *change.get('changed', {}).values()]
        cis = {row.provider or row.dependent for row in rows} | set(change.get('gone', {}).values())
        yield from ((ci, MISALIGNED) for ci in sorted(cis))


def repair_register(using='default'):
    """
    Make the register say what CIs and profiles say; returns how many entries were added, changed and removed.

    A CI that went unseen leaves its RetiredCI now, as it would have then, and the history follows; business
    functions take their MTPD from their analyses. What CIs inherit is marked to be worked out anew, all of it: see
    derive.settle().
    """
    added = changed = removed = 0
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        types = [t.content_type.pk for t in get_ci_types().values()]
        cursor.execute(f'DELETE FROM {REGISTER} WHERE object_type_id <> ALL(%s)', [types])
        removed += cursor.rowcount
        # A profile belongs to one entry: let go of it where it is wrong before it is claimed where it is right.
        cursor.execute(
            f'UPDATE {REGISTER} r SET profile_id = NULL FROM {PROFILE} p WHERE r.profile_id = p.id '
            f'AND (p.object_type_id <> r.object_type_id OR p.object_id <> r.object_id)'
        )
        for ci_type in get_ci_types().values():
            type_id = ci_type.content_type.pk
            cursor.execute(f'{_gone_sql(ci_type, REGISTER)} UNION {_gone_sql(ci_type, PROFILE)}')
            for object_id, in cursor.fetchall():
                cursor.execute(retire_sql(type_id, str(int(object_id))))
                removed += 1
            columns, right = _right_rows(ci_type)
            cursor.execute(
                f"UPDATE {REGISTER} r SET {', '.join(f'{c} = w.{c}' for c in columns)}, as_of = clock_timestamp() "
                f'FROM ({right}) w WHERE r.object_type_id = {type_id} AND r.object_id = w.object_id '
                f"AND ({' OR '.join(f'r.{c} IS DISTINCT FROM w.{c}' for c in columns)})"
            )
            changed += cursor.rowcount
            cursor.execute(
                f'INSERT INTO {REGISTER} (object_type_id, object_id, {", ".join(columns)}, '
                f'effective_complete, alignment, as_of) '
                f"SELECT {type_id}, w.object_id, {', '.join(f'w.{c}' for c in columns)}, "
                f"false, 'undetermined', clock_timestamp() "
                f'FROM ({right}) w WHERE NOT EXISTS '
                f'(SELECT 1 FROM {REGISTER} r WHERE r.object_type_id = {type_id} AND r.object_id = w.object_id) '
                # In the order in which lists read them: what stands together on a page of a list does so on disk.
                f'ORDER BY w.name COLLATE "{NAME_COLLATION}"'
            )
            added += cursor.rowcount
        cursor.execute(derive_mtpd())
        if is_main(using) and has_history(using):
            repair_history(using)
        mark_everything(using)
    return {'added': added, 'changed': changed, 'removed': removed}
