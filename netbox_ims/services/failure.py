"""
What falls with some CIs, read from the database no further than it falls; the rule is in rules/what_if.py. A CI goes by
one integer here, as in services.derive_all.

Edges are read from the rows of the alignment report, as of when it was last worked out: there all of them stand in one
table, by an index that holds all that is needed, which makes thousands of CIs a matter of milliseconds (querysets.graph
looks into each table of NetBox).
"""
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db import connections

from ..models import Alignment, RegisterEntry, StaleMark
from ..rules.graph import SEVERITY, UNDETERMINED
from ..rules.what_if import fail
from .bulk_read import NONE, Column, read
from .derive_all import ID_BITS, name_sql

__all__ = (
    'Link', 'everything_above', 'id_of', 'name_of', 'pair_of', 'recovery_times', 'type_of',
    'undetermined_edges', 'what_falls',
)

EDGES, REGISTER = Alignment._meta.db_table, RegisterEntry._meta.db_table


class Link(NamedTuple):
    """An edge between two CIs, as far as failing and recovering go by it."""
    dependent: int
    provider: int
    group: str = ''


def name_of(type_id, pk):
    return type_id << ID_BITS | pk


def pair_of(ci):
    return type_of(ci), id_of(ci)


def type_of(ci):
    return ci >> ID_BITS


def id_of(ci):
    return ci & ((1 << ID_BITS) - 1)


def _given(cis):
    """SQL for a source with `type` and `id` of these CIs."""
    names = f"unnest('{{{','.join(map(str, cis))}}}'::bigint[])"
    return f'(SELECT (name >> {ID_BITS})::int AS type, name & {(1 << ID_BITS) - 1} AS id FROM {names} AS name)'


# What depends on the CI `r`: on it alone, or on a redundancy group that it is part of. OFFSET 0: looked up one by one
# by index, whatever PostgreSQL expects to find.
ABOVE = f"""LATERAL (
  SELECT dependent_object_type_id, dependent_object_id, redundancy_group <> '' FROM {EDGES}
  WHERE kind = 'rto' AND provider_object_type_id = r.type AND provider_object_id = r.id OFFSET 0
) a(type, id, grouped)"""


def _some(limit):
    return '' if limit is None else f' LIMIT {int(limit) + 1}'


def everything_above(cis, using='default', limit=None):
    """All that depends on these CIs, themselves included, by redundancy groups as well; None if more than `limit`."""
    found = read(
        f'(WITH RECURSIVE reached AS (SELECT type, id FROM {_given(cis)} AS given UNION '
        f'SELECT a.type, a.id FROM reached r CROSS JOIN {ABOVE}) SELECT * FROM reached{_some(limit)}) r',
        {'ci': Column(name_sql('r.type', 'r.id'))}, using,
    )['ci']
    return None if limit is not None and len(found) > limit else set(found.tolist())


def what_falls(picked, using='default', limit=None):
    """
    (CIs, Links): all that is down once those `picked` are, every link from one of these upwards, and those to the other
    members of the redundancy groups met; (None, None) if it takes more than `limit` edges to tell.

    Two queries, and two more for each layer of redundancy groups that fall as a whole.
    """
    down, alone, grouped, new, read_so_far = set(), [], set(), set(picked), 0
    while new:
        edges = _falling_with(new, using, limit)
        # What falls with another layer may have fallen already.
        fresh = ~np.isin(edges.provider, np.fromiter(down, 'i8'))
        down.update(edges.provider.tolist())
        alone += edges.alone(fresh)
        read_so_far += len(fresh)
        if limit is not None and read_so_far > limit:
            return None, None
        grouped |= _redundancy_of(edges.grouped_dependents(fresh), using)
        # What falls by links alone has been found: the rule needs to be asked about the groups only.
        new = fail(down.intersection(link.provider for link in grouped), grouped) - down
    return down, [*alone, *grouped]


@dataclass(frozen=True)
class _Edges:
    """From each of some CIs to each that depends on it, or to NONE; as arrays."""
    provider: np.ndarray
    dependent: np.ndarray
    grouped: np.ndarray         # 1 where it is one of a redundancy group

    def alone(self, which):
        chosen = which & (self.grouped == 0) & (self.dependent != NONE)
        return map(Link, self.dependent[chosen].tolist(), self.provider[chosen].tolist())

    def grouped_dependents(self, which):
        return np.unique(self.dependent[which & (self.grouped == 1)]).tolist()


def _falling_with(cis, using, limit):
    """The _Edges of these CIs, and of all that depends on them without a redundancy group between."""
    columns = 'a.type AS above_type, a.id AS above_id, a.grouped'
    return _Edges(**read(
        # Walked edge by edge: each CI is looked up where it is come upon, and need not be once more for its edges.
        f'(WITH RECURSIVE edge AS (SELECT r.type, r.id, {columns} FROM {_given(cis)} AS r '
        f'LEFT JOIN {ABOVE} ON true UNION '
        f'SELECT r.type, r.id, {columns} FROM (SELECT above_type AS type, above_id AS id FROM edge '
        f'WHERE NOT grouped) r LEFT JOIN {ABOVE} ON true) SELECT * FROM edge{_some(limit)}) edge',
        {
            'provider': Column(name_sql('edge.type', 'edge.id')),
            'dependent': Column(f"coalesce({name_sql('edge.above_type', 'edge.above_id')}, {NONE})"),
            'grouped': Column('coalesce(edge.grouped, false)::int'),
        }, using,
    ))


def _redundancy_of(cis, using):
    """Links from these CIs down to every member of their redundancy groups."""
    if not cis:
        return set()
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT {name_sql('given.type', 'given.id')}, {name_sql('p.type', 'p.id')}, p.redundancy_group "
            f'FROM {_given(cis)} AS given CROSS JOIN LATERAL (SELECT provider_object_type_id, provider_object_id, '
            f"redundancy_group FROM {EDGES} WHERE kind = 'rto' AND dependent_object_type_id = given.type "
            "AND dependent_object_id = given.id AND redundancy_group <> '' OFFSET 0) p(type, id, redundancy_group)"
        )
        return set(map(Link._make, cursor.fetchall()))


def undetermined_edges(cis, using='default'):
    """How many of the edges between these CIs are undetermined, or yet to be worked out anew."""
    waiting = ''
    if StaleMark.objects.using(using).exists():
        waiting = (
            f' OR EXISTS (SELECT FROM {StaleMark._meta.db_table} m WHERE m.object_type_id IS NULL '
            'OR (m.object_type_id, m.object_id) IN ((given.type, given.id), (a.type, a.id)))'
        )
    dependents = read(
        f'(SELECT a.type, a.id FROM {_given(cis)} AS given CROSS JOIN LATERAL (SELECT dependent_object_type_id, '
        f"dependent_object_id, severity FROM {EDGES} WHERE kind = 'rto' AND provider_object_type_id = given.type "
        'AND provider_object_id = given.id OFFSET 0) a(type, id, severity) '
        f'WHERE a.severity = {SEVERITY[UNDETERMINED]}{waiting}) a',
        {'ci': Column(name_sql('a.type', 'a.id'))}, using,
    )['ci']
    return int(np.isin(dependents, np.fromiter(cis, 'i8')).sum())


def recovery_times(cis, using='default'):
    """{CI: effective recovery time in minutes} of those of these CIs that have one."""
    found = read(
        f'{_given(cis)} AS given CROSS JOIN LATERAL (SELECT r.effective_rto_minutes AS minutes FROM {REGISTER} r '
        'WHERE r.object_type_id = given.type AND r.object_id = given.id OFFSET 0) r WHERE r.minutes IS NOT NULL',
        {'ci': Column(name_sql('given.type', 'given.id')), 'minutes': Column('r.minutes')}, using,
    )
    return dict(zip(found['ci'].tolist(), found['minutes'].tolist(), strict=True))
