"""
Every derived value of the register at once: the rules of rules/graph.py on arrays, for estates of a million CIs.

CIs are numbered in the order of their names (object type, object id), which is the order in which ties are settled. A
value with its source is one integer, the value in the upper half and the source's number in the lower, so that a plain
minimum or maximum keeps both.
"""
from dataclasses import dataclass

import numpy as np

from ..models import Classification, RegisterEntry
from ..querysets.graph import all_edges_sql
from ..rules.graph import FLAG_OF_RANK, NO, SEVERITY, UNKNOWN, YES
from .bulk_read import HALF, NONE, Column, Packed, Part, bit, known, read
from .derived_rows import DerivedRow

__all__ = (
    'ID_BITS', 'EdgeTimes', 'Edges', 'among_cis', 'compute', 'differences', 'ends', 'name_sql', 'read_edges',
    'read_levels', 'read_nodes', 'rows', 'times_of_edges',
)

CHUNK = 10_000
ID_BITS = 48            # a CI's name as one integer: its type above, its id below
LOWER = (1 << HALF) - 1
NEVER = np.iinfo(np.int64).max          # no demand
STATUS = {severity: status for status, severity in SEVERITY.items()}

REGISTER = RegisterEntry._meta.db_table


def name_sql(type_id, pk):
    """A CI's name as one integer, in SQL."""
    return f'({type_id}::bigint << {ID_BITS}) | {pk}'


def _source(prefix):
    return Column(f'coalesce({name_sql(f"r.{prefix}_type_id", f"r.{prefix}_id")}, {NONE})')


def _flag(column):
    """No, unknown and yes."""
    return Part(2, f'coalesce({column}::int * {YES}, {UNKNOWN})')


_ALIGNMENT = ' '.join(f"WHEN '{status}' THEN {severity}" for status, severity in SEVERITY.items())
_TIMES_DIFFER = ' OR '.join(
    f'r.effective_{kind}_minutes IS DISTINCT FROM least(r.{kind}_minutes, r.required_{kind}_minutes)'
    for kind in ('rto', 'rpo')
)
PACKED = {
    'said': Packed({
        'override': bit('r.classification_override'),
        'sensitive': _flag('r.handles_sensitive_data'),
        'personal': _flag('r.processes_personal_data'),
        'classification': known('r.classification_id'),
    }),
    'times': Packed({'rto': known('r.rto_minutes'), 'rpo': known('r.rpo_minutes')}),
    'required': Packed({
        'required_rto': known('r.required_rto_minutes'), 'required_rpo': known('r.required_rpo_minutes'),
    }),
    'follows': Packed({
        'effective_complete': bit('r.effective_complete'),
        'effective_sensitive': _flag('r.effective_handles_sensitive_data'),
        'effective_personal': _flag('r.effective_processes_personal_data'),
        'under_classified': _flag('r.under_classified'),
        'alignment': Part(2, f'CASE r.alignment {_ALIGNMENT} ELSE {max(SEVERITY.values()) + 1} END'),
        # Whether an effective time is not the smaller of own and required; that needs no reading of either.
        'times_differ': bit(_TIMES_DIFFER),
        'effective_classification': known('r.effective_classification_id'),
    }),
}
NODE = {
    'name': Column(name_sql('r.object_type_id', 'r.object_id')),
    'effective_source': _source('effective_classification_source'),
    'required_rto_source': _source('required_rto_source'),
    'required_rpo_source': _source('required_rpo_source'),
    **{name: packed.column for name, packed in PACKED.items()},
}
# In the order of DerivedRow; a source is one number here.
DERIVED = (
    'effective_classification', 'effective_source', 'effective_complete', 'effective_sensitive', 'effective_personal',
    'required_rto', 'required_rto_source', 'required_rpo', 'required_rpo_source', 'effective_rto', 'effective_rpo',
    'under_classified', 'alignment',
)
# The group of an edge as a number: 0 for none, an even hash of its name; odd where the provider holds data.
_GROUP = "CASE WHEN e.redundancy_group = '' THEN 0 ELSE hashtextextended(e.redundancy_group, 0) & ~1::bigint END"
EDGE = {
    'dependent': Column(name_sql('e.dependent_type', 'e.dependent_id')),
    'provider': Column(name_sql('e.provider_type', 'e.provider_id')),
    'carries': Column(f'({_GROUP}) | e.holds_data::int'),
}
EDGE_COLUMNS = ('dependent_type', 'dependent_id', 'provider_type', 'provider_id', 'holds_data', 'redundancy_group')


def read_nodes(using='default'):
    """
    Every CI in the order of names: what people said of it, what the register says follows, and its place in the table.
    """
    rows = read(f'{REGISTER} r', NODE, using)
    order = np.argsort(rows['name'], kind='stable')
    nodes = {'place': order, **{column: values[order] for column, values in rows.items()}}
    for name, packed in PACKED.items():
        nodes |= packed.unpack(nodes.pop(name))
    return nodes


def read_levels(using='default'):
    """Pairs of (level, primary key) of the classifications, from the lowest level."""
    levels = Classification.objects.using(using).order_by('level').values_list('level', 'pk')
    return np.array(list(levels), dtype=np.int64).reshape(-1, 2)


def read_edges(using='default'):
    """Every edge by the names of its ends, derived ones included."""
    edges = read(f'({all_edges_sql(EDGE_COLUMNS)}) e', EDGE, using)
    carries = edges.pop('carries')
    return {**edges, 'holds_data': carries & 1, 'group': carries & ~1}


def differences(using='default', tell=None):
    """
    Yield {(object type id, object id): DerivedRow} of the entries that say something else, a chunk at a time.
    """
    nodes = read_nodes(using)
    right = compute(nodes, read_edges(using), read_levels(using))
    wrong = nodes['times_differ'] == 1
    for column in DERIVED:
        if column in nodes:
            wrong |= nodes[column] != right[column]
    # In the order of the table: what is written anew stays beside what it stood beside, which lists are quicker for.
    which = np.flatnonzero(wrong)
    which = which[np.argsort(nodes['place'][which])]
    for start in range(0, len(which), CHUNK):
        chunk = which[start:start + CHUNK]
        yield rows(nodes['name'][chunk], {column: values[chunk] for column, values in right.items()})
        if tell:
            tell(min(start + CHUNK, len(which)), len(which))


def rows(names, columns):
    """{(object type id, object id): DerivedRow} of CIs by name, from the columns of DERIVED."""
    words = [words for column in DERIVED for words in _in_words(column, columns[column])]
    rows = (DerivedRow(*row) for row in zip(*words, strict=True))
    return dict(zip(zip(*ends(names), strict=True), rows, strict=True))


def ends(names):
    """Types and ids of CIs by name."""
    return (names >> ID_BITS).tolist(), (names & ((1 << ID_BITS) - 1)).tolist()


def _in_words(column, values):
    """A column's numbers as the one or two columns of the register they stand for."""
    if column.endswith('_source'):
        types, ids = ends(values)
        known = (values != NONE).tolist()
        return [[each if there else None for each, there in zip(part, known, strict=True)] for part in (types, ids)]
    if column in ('effective_sensitive', 'effective_personal', 'under_classified'):
        return [[FLAG_OF_RANK[value] for value in values.tolist()]]
    if column == 'effective_complete':
        return [values.astype(bool).tolist()]
    if column == 'alignment':
        return [[STATUS[value] for value in values.tolist()]]
    return [[None if value == NONE else value for value in values.tolist()]]


def compute(nodes, edges, levels):
    """
    The columns of DERIVED for all `nodes`, as arrays. `levels` are pairs of (level, primary key of the classification),
    from the lowest.
    """
    count = len(nodes['name'])
    every = among_cis(nodes, edges)
    holding = every.only_holding()

    level = _looked_up(nodes['classification'], levels[:, 1], levels[:, 0])
    held, effective = _spread_held(nodes, level, holding)
    columns = {
        'effective_classification': _looked_up(effective[0] >> HALF, levels[:, 0], levels[:, 1]),
        'effective_source': _source_names(effective[0], nodes['name'], reverse=True),
        'effective_complete': 1 - effective[1],
        'effective_sensitive': effective[2],
        'effective_personal': effective[3],
    }
    alignment = np.full(count, NONE, dtype=np.int8)
    for kind, along in (('rto', every), ('rpo', holding)):
        demands = _spread_demands(nodes[kind], along)
        required = _of_others(demands, np.arange(count), np.arange(count))
        columns[f'required_{kind}'] = _minutes(required)
        columns[f'required_{kind}_source'] = _source_names(required, nodes['name'])
        columns[f'effective_{kind}'] = _smaller(nodes[kind], columns[f'required_{kind}'])
        np.maximum(alignment, _worst(EdgeTimes.of(nodes[kind], along, demands)), out=alignment)
    columns['under_classified'] = _under_classified(nodes, level, held)
    columns['alignment'] = np.where(alignment == NONE, SEVERITY['undetermined'], alignment)
    return columns


def among_cis(nodes, edges):
    """The edges both ends of which are among the CIs, by the numbers of these."""
    dependent, known_dependent = _numbers(nodes['name'], edges['dependent'])
    provider, known_provider = _numbers(nodes['name'], edges['provider'])
    which = known_dependent & known_provider
    return Edges.sorted(
        dependent[which], provider[which], edges['group'][which], edges['holds_data'][which], len(nodes['name'])
    )


def _numbers(names, wanted):
    """The numbers of CIs by name, and whether there are such CIs."""
    if not len(names):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    numbers = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return numbers, names[numbers] == wanted


@dataclass(frozen=True)
class Edges:
    """Edges between numbered CIs, those of one dependent side by side; those of CI n begin at `first[n]`."""
    dependent: np.ndarray
    provider: np.ndarray
    group: np.ndarray
    holds_data: np.ndarray
    first: np.ndarray

    @property
    def count(self):
        """How many CIs there are."""
        return len(self.first) - 1

    @classmethod
    def sorted(cls, dependent, provider, group, holds_data, count):
        order = np.argsort(dependent, kind='stable')
        return cls._of(dependent[order], provider[order], group[order], holds_data[order], count)

    @classmethod
    def _of(cls, dependent, provider, group, holds_data, count):
        first = np.zeros(count + 1, dtype=np.int64)
        np.cumsum(np.bincount(dependent, minlength=count), out=first[1:])
        return cls(dependent, provider, group, holds_data, first)

    def only_holding(self):
        which = self.holds_data == 1
        columns = (self.dependent, self.provider, self.group, self.holds_data)
        return self if which.all() else self._of(*(column[which] for column in columns), self.count)

    def from_all(self, cis):
        """(dependent, provider) of every edge that leaves one of these CIs."""
        counts = self.first[cis + 1] - self.first[cis]
        starts = np.repeat(self.first[cis] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        positions = starts + np.arange(len(starts))
        return self.dependent[positions], self.provider[positions]

    def spread(self, step, start=None):
        """
        Take `step(dependents, providers)` along the edges, from all CIs or those of `start`, until nothing changes any
        more. It returns whether the value of each of those providers is another now.
        """
        cis = np.arange(self.count) if start is None else start
        while len(cis):
            dependents, providers = self.from_all(cis)
            cis = self._each_once(providers[step(dependents, providers)])

    def _each_once(self, cis):
        if len(cis) * 8 < self.count:       # np.unique() is slow where there are many
            return np.unique(cis)
        among = np.zeros(self.count, dtype=bool)
        among[cis] = True
        return np.flatnonzero(among)


def _spread_held(nodes, level, edges):
    """
    What each CI holds for others, and that together with its own: (level with source, unknown, sensitive, personal).
    """
    count = edges.count
    backwards = LOWER - np.arange(count, dtype=np.int64)        # at one level the smaller number is the larger value
    override = nodes['override'] == 1
    own = (
        np.where(level == NONE, NONE, (level << HALF) | backwards), (level == NONE).astype(np.int8),
        nodes['sensitive'].astype(np.int8), nodes['personal'].astype(np.int8),
    )
    held = (np.full(count, NONE, dtype=np.int64), *(np.zeros(count, dtype=np.int8) for _ in range(3)))

    def effective(cis):
        stands = override[cis] | ((level[cis] != NONE) & (held[0][cis] >> HALF <= level[cis]))
        alone = override[cis]
        return (
            np.where(stands, own[0][cis], held[0][cis]),
            *(np.where(alone, mine[cis], np.maximum(mine[cis], theirs[cis]))
              for mine, theirs in zip(own[1:], held[1:], strict=True)),
        )

    def step(dependents, providers):
        before = [each[providers] for each in held]
        for each, passed_on in zip(held, effective(dependents), strict=True):
            np.maximum.at(each, providers, passed_on)
        return np.any([each[providers] != was for each, was in zip(held, before, strict=True)], axis=0)

    edges.spread(step)
    return held, effective(np.arange(count))


def _spread_demands(minutes, edges):
    """The two smallest demands on each CI and of itself, with their sources; see rules.graph for why two."""
    count = edges.count
    minutes = minutes.astype(np.int64)
    smallest = np.where(minutes == NONE, NEVER, (minutes << HALF) | np.arange(count))
    second = np.full(count, NEVER)

    def step(dependents, providers):
        was = smallest[providers], second[providers]
        offered = np.concatenate((smallest[dependents], second[dependents]))
        to = np.concatenate((providers, providers))
        np.minimum.at(smallest, providers, np.minimum(smallest[dependents], second[dependents]))
        # What has been overtaken comes second, as does the best of what is offered beside the best.
        displaced = np.where(smallest[providers] != was[0], was[0], NEVER)
        np.minimum.at(second, providers, displaced)
        beside = offered != smallest[to]
        np.minimum.at(second, to[beside], offered[beside])
        return (smallest[providers] != was[0]) | (second[providers] != was[1])

    edges.spread(step, np.flatnonzero(smallest != NEVER))
    return smallest, second


def _of_others(demands, cis, others):
    """The smallest demand at each of `cis` that does not come from the respective one of `others`."""
    smallest, second = demands
    own = (smallest[cis] != NEVER) & (smallest[cis] & LOWER == others)
    return np.where(own, second[cis], smallest[cis])


def _minutes(demands):
    return np.where(demands == NEVER, NONE, demands >> HALF)


def _smaller(one, other):
    return np.where((one == NONE) | (other == NONE), np.maximum(one, other), np.minimum(one, other))


def _source_names(values, names, reverse=False):
    """Names of the sources of values; of those whose numbers run backwards with `reverse`."""
    if not len(names):
        return np.zeros(0, dtype=np.int64)
    nobody = (values == NONE) | (values == NEVER)
    numbers = values & LOWER
    return np.where(nobody, NONE, names[np.where(nobody, 0, LOWER - numbers if reverse else numbers)])


def _looked_up(wanted, keys, values):
    """The value of each key wanted, or NONE. There are few keys."""
    result = np.full(len(wanted), NONE, dtype=np.int64)
    for key, value in zip(keys.tolist(), values.tolist(), strict=True):
        result[wanted == key] = value
    return result


@dataclass(frozen=True)
class EdgeTimes:
    """
    How edges fare, one after the other: minutes that the dependent requires and the provider's own (or NONE), and the
    status as a number, in a redundancy group that of the group.
    """
    edges: Edges
    required: np.ndarray
    actual: np.ndarray
    status: np.ndarray

    @classmethod
    def of(cls, minutes, edges, demands):
        required = _minutes(_of_others(demands, edges.dependent, edges.provider))
        actual = minutes[edges.provider]
        status = np.where(actual <= required, SEVERITY['aligned'], SEVERITY['breached'])
        status[(required == NONE) | (actual == NONE)] = SEVERITY['undetermined']
        return cls(edges, required, actual, _group_verdicts(edges, status))


def times_of_edges(nodes, edges):
    """{target: EdgeTimes} of all edges that carry it; of `nodes` it takes names, `rto` and `rpo`."""
    every = among_cis(nodes, edges)
    carrying = {'rto': every, 'rpo': every.only_holding()}
    return {
        target: EdgeTimes.of(nodes[target], along, _spread_demands(nodes[target], along))
        for target, along in carrying.items()
    }


def _worst(times):
    """The worst status among the edges along which something is required of a CI, or NONE."""
    worst = np.full(times.edges.count, NONE, dtype=np.int8)
    asked = times.required != NONE
    np.maximum.at(worst, times.edges.provider[asked], times.status[asked].astype(np.int8))
    return worst


def _group_verdicts(edges, status):
    """In a redundancy group every edge has the best status of its members."""
    grouped = np.flatnonzero(edges.group != 0)
    if not len(grouped):
        return status
    dependent, group = edges.dependent[grouped], edges.group[grouped]
    order = np.lexsort((group, dependent))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(dependent[order]) != 0) | (np.diff(group[order]) != 0)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    best = np.full(number.max() + 1, max(STATUS))
    np.minimum.at(best, number, status[grouped])
    status = status.copy()
    status[grouped] = best[number]
    return status


def _under_classified(nodes, level, held):
    """As flags: yes, no, or unknown while it can't be told."""
    override = nodes['override'] == 1
    result = np.where(held[1] == 1, UNKNOWN, NO)
    result[held[0] >> HALF > level] = YES
    result[override] = NO
    result[level == NONE] = UNKNOWN
    return result
