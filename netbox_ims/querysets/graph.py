"""
Questions to the dependency graph: typed-in and derived edges as one, read where they stand.

Text of SQL rather than a view, since netbox-branching sets the search path to a branch's copies of the tables. Each
walk is one query, whatever its depth: every step looks up the next edges by index, in each table by itself.
"""
from dataclasses import dataclass

from django.apps import apps
from django.db import connections

from ..edges import get_edge_sources

__all__ = (
    'DOWN', 'UP', 'FoundEdge', 'all_edges_sql', 'edges_at', 'reach', 'reached_sql', 'subgraph',
)

# The way to go from a CI: to what it depends on, or to what depends on it.
DOWN, UP = ('dependent', 'provider'), ('provider', 'dependent')


@dataclass(frozen=True)
class FoundEdge:
    """An edge as found: ends are (object type id, object id); `kind` of derived ones, `dependency` of typed-in ones."""
    dependent: tuple
    provider: tuple
    holds_data: bool
    group: str
    kind: str
    dependency_id: int | None


def _branches():
    """Each table that has edges: {end: (type, id)}, holds_data, group, kind, dependency id, FROM and conditions."""
    table = apps.get_model('netbox_ims', 'Dependency')._meta.db_table
    yield (
        {end: (f't.{end}_object_type_id', f't.{end}_object_id') for end in DOWN},
        't.holds_data', 't.redundancy_group', "'dependency'", 't.id', table, [],
    )
    for source in get_edge_sources():
        ends = {'dependent': source.end(source.dependent, 't'), 'provider': source.end(source.provider, 't')}
        yield (
            ends, 'true', f"'{source.group}'", f"'{source.kind}'", 'NULL::bigint', source.table, source.conditions('t')
        )


def _edges_sql(columns, condition=None):
    """
    UNION ALL of every table's edges. `columns` picks from what _branches() yields; `condition` narrows each branch, as
    SQL in terms of its own ends.
    """
    parts = []
    for ends, holds_data, group, kind, dependency, table, conditions in _branches():
        values = {
            'dependent_type': ends['dependent'][0], 'dependent_id': ends['dependent'][1],
            'provider_type': ends['provider'][0], 'provider_id': ends['provider'][1],
            'holds_data': holds_data, 'redundancy_group': f'{group}::text', 'kind': kind, 'dependency_id': dependency,
        }
        where = [*conditions, *([condition(ends, group)] if condition else [])]
        selected = ', '.join(f'{values[name]} AS {name}' for name in columns)
        parts.append(f'SELECT {selected} FROM {table} t' + (f' WHERE {" AND ".join(where)}' if where else ''))
    return ' UNION ALL '.join(parts)


EDGE = (
    'dependent_type', 'dependent_id', 'provider_type', 'provider_id', 'holds_data', 'redundancy_group', 'kind',
    'dependency_id',
)


def all_edges_sql(columns=EDGE):
    """SELECT of every edge there is, the ends of which may be no CIs any more."""
    return _edges_sql(columns)


def _at(end, node, grouped=False):
    def condition(ends, group):
        kind, pk = ends[end]
        return f'{kind} = {node}.type AND {pk} = {node}.id' + (f" AND {group} <> ''" if grouped else '')
    return condition


def _as_arrays(cis):
    return [[kind for kind, _pk in cis], [pk for _kind, pk in cis]]


def edges_at(cis, way, using='default', grouped=False):
    """
    The edges that lead from these CIs (object type id, object id) one step on the `way`; of `grouped` ones only those
    in a redundancy group.
    """
    if not cis:
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(
            'SELECT e.* FROM unnest(%s::int[], %s::bigint[]) AS n(type, id) CROSS JOIN LATERAL '
            f'({_edges_sql(EDGE, _at(way[0], "n", grouped))}) e',
            _as_arrays(cis),
        )
        return [
            FoundEdge((row[0], row[1]), (row[2], row[3]), *row[4:]) for row in cursor.fetchall()
        ]


def reached_sql(start, way):
    """
    WITH clause of a table `reached(type, id)`: every CI that can be reached on the `way` from those that the SELECT
    `start` finds, themselves included. Cycle-safe.
    """
    columns = (f'{way[1]}_type', f'{way[1]}_id')
    return (
        f'WITH RECURSIVE reached(type, id) AS ({start} UNION SELECT e.* FROM reached r CROSS JOIN LATERAL '
        f'({_edges_sql(columns, _at(way[0], "r"))}) e)'
    )


def reach(cis, way, using='default', limit=None):
    """Every CI that can be reached from these on the `way`, themselves included, at most `limit` of them."""
    if not cis:
        return []
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'{reached_sql("SELECT * FROM unnest(%s::int[], %s::bigint[])", way)} SELECT type, id FROM reached'
            + (f' LIMIT {int(limit)}' if limit is not None else ''),
            _as_arrays(cis),
        )
        return cursor.fetchall()


def subgraph(ci, way, using='default', limit=None):
    """
    (CIs, edges) of everything that can be reached from a CI on the `way`, with the other members of the redundancy
    groups met; (None, None) if there are more than `limit` CIs.
    """
    cis = set(reach([ci], way, using, None if limit is None else limit + 1))
    if limit is not None and len(cis) > limit:
        return None, None
    edges = {edge: None for edge in edges_at(cis, way, using)}
    grouped = {edge.dependent for edge in edges if edge.group}
    edges |= {edge: None for edge in edges_at(grouped, DOWN, using, grouped=True)}
    return cis, list(edges)
