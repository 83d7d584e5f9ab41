"""
Keeping what is derived right: what CIs inherit, what is required of them, and the rows that say how that aligns.

Triggers mark what a change touches (trigger_sql.py). Whoever takes a mark away has worked out anew what it stands for:
the marked CIs, the other members of their redundancy groups, and all that these depend on, with the edges that lead to
any of them; nothing else can have changed. Above a certain size all of it is worked out at once, in bulk
(derive_all.py, align_all.py).
"""
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connections, transaction
from django_pg_utils import advisory_lock

from ..models import Classification, RegisterEntry, StaleMark
from ..querysets.graph import DOWN, UP, edges_at, reach
from ..rules.alignment import of_edges
from ..rules.graph import Derived, Edge, Own, work_out
from . import align_all, alignment_rows, derive_all
from .derived_rows import DERIVED_COLUMNS, DerivedRow, write

__all__ = ('Settled', 'mark_everything', 'settle')

PART = 5000             # CIs worked out by the plain rules; beyond that, all of them in bulk
MARKS = 20_000          # read at a time: a script that touches more makes it a case for the bulk path as well
LOCK_TIMEOUT = '500ms'  # below PostgreSQL's deadlock_timeout: we give way before anybody's own save is picked as victim


@dataclass(frozen=True)
class Settled:
    """
    What settle() did: how many marks it took away and how many entries changed; `busy` if marks stay because somebody
    else is at it, or holds a row that would have to be changed.
    """
    marks: int = 0
    changed: int = 0
    busy: bool = False
    everything: bool = False


def mark_everything(using='default'):
    """Every derived value is to be worked out anew, since what they are derived by has changed."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'INSERT INTO {StaleMark._meta.db_table} (time) VALUES (clock_timestamp())')


def settle(using='default', patience=0, everything=False, tell=None):
    """
    Work out what is marked, or `everything`, and take the marks away.

    Waits up to `patience` seconds for somebody else who is at it. `tell(done, total)` hears of progress where all is
    worked out in bulk. Never raises because of a lock: marks then stay, and the next one settles them.
    """
    until = time.monotonic() + patience
    while True:
        with advisory_lock(f'netbox_ims.derive.{using}', wait=False, using=using) as acquired:
            if acquired:
                try:
                    return _settle(using, everything, tell)
                except OperationalError as e:
                    if getattr(e.__cause__, 'sqlstate', None) != '55P03':       # lock_not_available
                        raise
                    return Settled(busy=True)
        if time.monotonic() >= until:
            return Settled(busy=True)
        time.sleep(0.05)


@contextmanager
def _giving_way(using):
    """A transaction that waits for nobody for long; one around it waits again as it did before."""
    nested = connections[using].in_atomic_block
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        yield
        if nested:
            cursor.execute('SET LOCAL lock_timeout TO DEFAULT')


def _settle(using, everything, tell):
    stored = StaleMark.objects.using(using).order_by('pk').values_list('pk', 'object_type', 'object_id')
    marks = list(stored[:MARKS + 1])
    cis = {(type_id, pk) for _mark, type_id, pk in marks}
    if not everything and not marks:
        return Settled()
    if not everything and len(marks) <= MARKS and (None, None) not in cis:
        with _giving_way(using):
            affected = _affected(cis, using)
            if affected is not None:
                rows, alignments = _part(affected, using)
                changed = write(rows, using)
                _realign(affected, alignments, using)
                StaleMark.objects.using(using).filter(pk__in=[mark for mark, *_ci in marks]).delete()
                return Settled(len(marks), changed)
    return _settle_everything(using, tell)


def _settle_everything(using, tell):
    """In transactions of their own, chunk by chunk: a million rows are not locked until the last one is written."""
    last = StaleMark.objects.using(using).order_by('-pk').values_list('pk', flat=True).first()
    changed = 0
    for rows in derive_all.differences(using, tell):
        with _giving_way(using):
            changed += write(rows, using)
    for change in align_all.differences(using):
        with _giving_way(using):
            alignment_rows.change(**change, using=using)
    taken = StaleMark.objects.using(using).filter(pk__lte=last).delete()[0] if last else 0
    return Settled(taken, changed, everything=True)


def _affected(cis, using):
    """All whose values may have changed, or None if those are too many to be worked out one by one."""
    # A member of a redundancy group stands in for the others: theirs is the matter of the dependent.
    above = {edge.dependent for edge in edges_at(cis, UP, using, grouped=True)}
    found = reach(cis | above, DOWN, using, limit=PART + 1)
    return None if len(found) > PART else set(found)


def _part(affected, using):
    """
    {CI: DerivedRow} of the affected CIs whose entries say something else, and {key: rules.alignment.Alignment} of all
    the rows that there are to be about them and about tests.
    """
    found = edges_at(affected, UP, using)
    # The verdict on a group takes all of its members, also those that nothing has happened to.
    found += edges_at({edge.dependent for edge in found if edge.group}, DOWN, using, grouped=True)
    named = affected | {ci for edge in found for ci in (edge.dependent, edge.provider)}
    levels = dict(Classification.objects.using(using).values_list('pk', 'level'))
    classes = {level: pk for pk, level in levels.items()}
    own, settled, stored = {}, {}, {}
    for row in _entries(named, using):
        ci = row['object_type_id'], row['object_id']
        own[ci] = Own(
            level=levels.get(row['classification_id']), override=row['classification_override'],
            sensitive=row['handles_sensitive_data'], personal=row['processes_personal_data'],
            rto=row['rto_minutes'], rpo=row['rpo_minutes'],
        )
        if ci in affected:
            stored[ci] = DerivedRow(*(row[name] for name in DERIVED_COLUMNS))
        else:
            settled[ci] = _as_derived(row, levels)
    edges = {Edge(edge.dependent, edge.provider, edge.holds_data, edge.group) for edge in found}
    derived, verdicts = work_out(own, edges, settled)
    rows = {ci: _as_row(own[ci], value, classes) for ci, value in derived.items()}
    alone = [
        *alignment_rows.of_functions({ci: own[ci] for ci in derived}, using), *alignment_rows.of_tests(using)
    ]
    alignments = of_edges(verdicts) | {row.key: row for row in alone}
    return {ci: row for ci, row in rows.items() if row != stored[ci]}, alignments


def _realign(affected, right, using):
    """Make the stored rows about the affected CIs, and about tests, what they are to be."""
    stored = alignment_rows.stored_at(affected, using)
    alignment_rows.change(
        gone=[pk for key, (pk, _row) in stored.items() if key not in right],
        new=[row for key, row in right.items() if key not in stored],
        changed={pk: right[key] for key, (pk, row) in stored.items() if key in right and right[key] != row},
        using=using,
    )


def _entries(cis, using):
    by_type = defaultdict(list)
    for type_id, pk in cis:
        by_type[type_id].append(pk)
    columns = (
        'object_type_id', 'object_id', 'classification_id', 'classification_override', 'handles_sensitive_data',
        'processes_personal_data', 'rto_minutes', 'rpo_minutes', *DERIVED_COLUMNS,
    )
    for type_id, pks in by_type.items():
        yield from RegisterEntry.objects.using(using).filter(object_type=type_id, object_id__in=pks).values(*columns)


def _pair(type_id, pk):
    return None if type_id is None else (type_id, pk)


def _as_derived(row, levels):
    return Derived(
        level=levels.get(row['effective_classification_id']),
        source=_pair(row['effective_classification_source_type_id'], row['effective_classification_source_id']),
        complete=row['effective_complete'],
        sensitive=row['effective_handles_sensitive_data'],
        personal=row['effective_processes_personal_data'],
        required_rto=row['required_rto_minutes'],
        rto_source=_pair(row['required_rto_source_type_id'], row['required_rto_source_id']),
        required_rpo=row['required_rpo_minutes'],
        rpo_source=_pair(row['required_rpo_source_type_id'], row['required_rpo_source_id']),
    )


def _smaller(one, other):
    return min((minutes for minutes in (one, other) if minutes is not None), default=None)


def _as_row(own, derived, classes):
    return DerivedRow(
        classes.get(derived.level), *(derived.source or (None, None)), derived.complete, derived.sensitive,
        derived.personal,
        derived.required_rto, *(derived.rto_source or (None, None)),
        derived.required_rpo, *(derived.rpo_source or (None, None)),
        _smaller(own.rto, derived.required_rto), _smaller(own.rpo, derived.required_rpo),
        derived.under_classified, derived.alignment,
    )
