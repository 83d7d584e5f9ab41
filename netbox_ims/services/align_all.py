"""
Every row of the alignment report at once: what derive_all.py computes of edges, compared with the rows there are.

A row is four integers: two ends, what it is about, and its times. Where the rows in the table are right already, which
is the usual case, they are only sorted and compared, two million of them in less than the time it takes to read them.
"""
from dataclasses import dataclass

import numpy as np
from django.db import connections

from ..models import BusinessFunction, RegisterEntry
from ..querysets.graph import all_edges_sql
from ..rules.alignment import MTPD, RPO, RTO, TEST
from ..rules.alignment import Alignment as Row
from ..rules.graph import SEVERITY, Own
from .alignment_rows import STATUS, TABLE, of_functions, of_tests
from .bulk_read import HALF, NONE, Column, Packed, known, read
from .derive_all import ID_BITS, ends, name_sql, read_edges, times_of_edges

__all__ = ('differences', 'right_rows', 'stored_rows')

CHUNK = 20_000
# What a row is about, as one integer: kind, status and target below, the hash of the redundancy group above.
KINDS = (RTO, RPO, MTPD, TEST)
TARGETS = (RTO, RPO)
ABOUT_BITS, SEVERITY_BIT, TARGET_BIT = 6, 2, 4
BELOW = (1 << ABOUT_BITS) - 1
KEY = ~np.int64(BELOW) | np.int64(3)            # of that, what tells one row from another

NODE = {
    'name': Column(name_sql('r.object_type_id', 'r.object_id')),
    'times': Packed({'rto': known('r.rto_minutes'), 'rpo': known('r.rpo_minutes')}),
}
TIMES = Packed({'required': known('a.required_minutes'), 'actual': known('a.actual_minutes')})
_HASH = f"CASE WHEN a.redundancy_group = '' THEN 0 ELSE hashtextextended(a.redundancy_group, 0) & {~BELOW} END"


def _case(column, values):
    return f'CASE {column} {" ".join(f"WHEN {value!r} THEN {i}" for i, value in enumerate(values))} END'


STORED = {
    'dependent': Column(f'coalesce({name_sql("a.dependent_object_type_id", "a.dependent_object_id")}, {NONE})'),
    'provider': Column(f'coalesce({name_sql("a.provider_object_type_id", "a.provider_object_id")}, {NONE})'),
    'about': Column(
        f'({_HASH}) | ({_case("a.kind", KINDS)}) | (a.severity << {SEVERITY_BIT}) '
        f'| (({_case("a.target", TARGETS)}) << {TARGET_BIT})'
    ),
    'times': TIMES.column,
}


@dataclass(frozen=True)
class Rows:
    """Rows as arrays; `times` holds minutes required and actual, each one more than they are, or 0 for unknown."""
    dependent: np.ndarray
    provider: np.ndarray
    about: np.ndarray
    times: np.ndarray

    COLUMNS = ('dependent', 'provider', 'about', 'times')

    def __len__(self):
        return len(self.about)

    def __getitem__(self, which):
        return Rows(*(getattr(self, column)[which] for column in self.COLUMNS))

    @classmethod
    def together(cls, *parts):
        return cls(*(np.concatenate([getattr(part, column) for part in parts]) for column in cls.COLUMNS))

    @property
    def mixed(self):
        """A number for each row that another is unlikely to have, made from what tells them apart."""
        with np.errstate(over='ignore'):
            mixed = self.dependent * np.int64(-7046029254386353131) ^ self.provider * np.int64(-4417276706812531889)
            return (mixed ^ (mixed >> 29)) * np.int64(-49064778989728563) + (self.about & KEY)

    def __eq__(self, other):
        return len(self) == len(other) and all(
            np.array_equal(getattr(self, column), getattr(other, column)) for column in self.COLUMNS
        )

    __hash__ = None


def right_rows(using='default'):
    """The rows as they are to be."""
    nodes = read(f'{RegisterEntry._meta.db_table} r', {**NODE, 'times': NODE['times'].column}, using)
    order = np.argsort(nodes['name'], kind='stable')
    nodes = {'name': nodes['name'][order], **NODE['times'].unpack(nodes['times'][order])}
    parts = []
    for kind, times in times_of_edges(nodes, read_edges(using)).items():
        kind = KINDS.index(kind)
        parts.append(_once(Rows(
            nodes['name'][times.edges.dependent], nodes['name'][times.edges.provider],
            (times.edges.group & ~BELOW) | kind | times.status << SEVERITY_BIT | kind << TARGET_BIT,
            _packed(times.required, times.actual),
        )))
    return Rows.together(*parts, _rows_without_edge(using))


def _once(rows):
    """Edges that say the same, such as one that NetBox knows and somebody typed in as well, are one row."""
    order = np.lexsort((rows.about & KEY, rows.provider, rows.dependent))
    rows = rows[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (
        (np.diff(rows.dependent) != 0) | (np.diff(rows.provider) != 0) | (np.diff(rows.about & KEY) != 0)
    )
    return rows if first.all() else rows[first]


def _packed(required, actual):
    return (required.astype(np.int64) + 1) | (actual.astype(np.int64) + 1) << HALF


def _rows_without_edge(using):
    rows = [*of_functions(_times_of_functions(using), using), *of_tests(using)]
    names = [[NONE if ci is None else ci[0] << ID_BITS | ci[1] for ci in (row.dependent, row.provider)] for row in rows]
    about = [
        KINDS.index(row.kind) | SEVERITY[row.status] << SEVERITY_BIT | TARGETS.index(row.target) << TARGET_BIT
        for row in rows
    ]
    times = [[NONE if value is None else value for value in (row.required, row.actual)] for row in rows]
    names, times = (np.array(values, dtype=np.int64).reshape(-1, 2) for values in (names, times))
    return Rows(names[:, 0], names[:, 1], np.array(about, dtype=np.int64), _packed(times[:, 0], times[:, 1]))


def _times_of_functions(using):
    """{CI: rules.graph.Own} of all business functions."""
    entries = RegisterEntry.objects.using(using).of_type(BusinessFunction)
    return {
        (type_id, pk): Own(rto=rto)
        for type_id, pk, rto in entries.values_list('object_type_id', 'object_id', 'rto_minutes')
    }


def stored_rows(using='default'):
    """The rows as they are."""
    return Rows(**read(f'{TABLE} a', STORED, using))


def differences(using='default'):
    """
    Yield what is to be done to the stored rows, a chunk at a time, as alignment_rows.change() takes it; with the
    primary keys of those that are to go comes the CI they are about.
    """
    right, stored = right_rows(using), stored_rows(using)
    if len(right) == len(stored) and right[np.argsort(right.mixed)] == stored[np.argsort(stored.mixed)]:
        return
    columns = read(f'{TABLE} a', {'id': Column('a.id'), **STORED}, using)
    pks, stored = columns.pop('id'), Rows(**columns)
    same_right, same_stored = _matched(right, stored)
    for which in _chunks(_others(same_stored, len(stored))):
        about = stored.provider[which]
        about = np.where(about == NONE, stored.dependent[which], about)
        yield {'gone': dict(zip(pks[which].tolist(), zip(*ends(about), strict=True), strict=True))}
    groups = _groups(using)
    differ = (
        (right.about[same_right] != stored.about[same_stored]) | (right.times[same_right] != stored.times[same_stored])
    )
    for which in _chunks(np.flatnonzero(differ)):
        rows = _in_words(right[same_right[which]], groups)
        yield {'changed': dict(zip(pks[same_stored[which]].tolist(), rows, strict=True))}
    for which in _chunks(_others(same_right, len(right))):
        yield {'new': _in_words(right[which], groups)}


def _matched(right, stored):
    """The places of rows that are in both, in the one and in the other."""
    both = Rows.together(right, stored)
    key, is_stored = both.about & KEY, np.arange(len(both)) >= len(right)
    order = np.lexsort((is_stored, key, both.provider, both.dependent))
    same = np.flatnonzero(
        ~is_stored[order[:-1]] & is_stored[order[1:]] & (np.diff(key[order]) == 0)
        & (np.diff(both.provider[order]) == 0) & (np.diff(both.dependent[order]) == 0)
    )
    return order[same], order[same + 1] - len(right)


def _others(places, count):
    others = np.ones(count, dtype=bool)
    others[places] = False
    return np.flatnonzero(others)


def _chunks(places):
    return (places[start:start + CHUNK] for start in range(0, len(places), CHUNK))


def _groups(using):
    """{hash: name} of the redundancy groups there are."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'SELECT {_HASH}, a.redundancy_group FROM '
            f"(SELECT DISTINCT redundancy_group FROM ({all_edges_sql(('redundancy_group',))}) e) a"
        )
        return dict(cursor.fetchall())


def _in_words(rows, groups):
    """Each as a rules.alignment.Alignment."""
    times = {name: values.tolist() for name, values in TIMES.unpack(rows.times).items()}
    ends_of = [zip(*ends(names), strict=True) for names in (rows.dependent, rows.provider)]
    return [
        Row(
            KINDS[about & 3], dependent if dependent[0] >= 0 else None, provider if provider[0] >= 0 else None,
            None if required == NONE else required, None if actual == NONE else actual,
            STATUS[about >> SEVERITY_BIT & 3], groups.get(about & ~BELOW, ''), TARGETS[about >> TARGET_BIT & 1],
        )
        for about, dependent, provider, required, actual in zip(
            rows.about.tolist(), *ends_of, times['required'], times['actual'], strict=True
        )
    ]
