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
from .bulk_read import big, read, small, wide
from .derived_rows import DerivedRow

__all__ = ('Edges', 'compute', 'differences', 'read_edges', 'read_nodes', 'rows')

CHUNK = 10_000
ID_BITS = 48            # a CI's name as one integer: its type above, its id below
HALF = 32
LOWER = (1 << HALF) - 1
NONE = -1               # no level, no minutes, no source
NEVER = np.iinfo(np.int64).max          # no demand
STATUS = {severity: status for status, severity in SEVERITY.items()}

REGISTER = RegisterEntry._meta.db_table
CLASSIFICATION = Classification._meta.db_table


def _name(type_id, pk):
    return f'({type_id}::bigint << {ID_BITS}) | {pk}'


def _flag(column):
    return f'CASE WHEN {column} IS NULL THEN {UNKNOWN} WHEN {column} THEN {YES} ELSE {NO} END'


def _known(column):
    return wide(f'coalesce({column}, {NONE})')


def _source(prefix):
    return big(f'coalesce({_name(f"r.{prefix}_type_id", f"r.{prefix}_id")}, {NONE})')


@dataclass(frozen=True)
class Packed:
    """Several small numbers, each below `4`, read as one: every column read costs PostgreSQL about the same."""
    expressions: dict

    @property
    def column(self):
        return small(' + '.join(f'({sql}) * {4 ** place}' for place, sql in enumerate(self.expressions.values())))

    def unpack(self, values):
        return {name: (values >> 2 * place) & 3 for place, name in enumerate(self.expressions)}


_ALIGNMENT = ' '.join(f"WHEN '{status}' THEN {severity}" for status, severity in SEVERITY.items())
_SMALLER = ' OR '.join(
    f'r.effective_{kind}_minutes IS DISTINCT FROM least(r.{kind}_minutes, r.required_{kind}_minutes)'
    for kind in ('rto', 'rpo')
)
SMALL = Packed({
    'override': 'r.classification_override::int',
    'sensitive': _flag('r.handles_sensitive_data'),
    'personal': _flag('r.processes_personal_data'),
})
STORED_SMALL = Packed({
    'effective_complete': 'r.effective_complete::int',
    'effective_sensitive': _flag('r.effective_handles_sensitive_data'),
    'effective_personal': _flag('r.effective_processes_personal_data'),
    'under_classified': _flag('r.under_classified'),
    'alignment': f'CASE r.alignment {_ALIGNMENT} ELSE 3 END',
    # Whether an effective time is not the smaller of own and required; that needs no reading of either.
    'times_differ': f'CASE WHEN {_SMALLER} THEN 1 ELSE 0 END',
})
NODE = {
    'name': big(_name('r.object_type_id', 'r.object_id')),
    'level': _known('c.level'),
    'rto': _known('r.rto_minutes'),
    'rpo': _known('r.rpo_minutes'),
    'small': SMALL.column,
    'effective_classification': _known('r.effective_classification_id'),
    'effective_source': _source('effective_classification_source'),
    'required_rto': _known('r.required_rto_minutes'),
    'required_rto_source': _source('required_rto_source'),
    'required_rpo': _known('r.required_rpo_minutes'),
    'required_rpo_source': _source('required_rpo_source'),
    'stored_small': STORED_SMALL.column,
}
# In the order of DerivedRow; a source is one number here.
DERIVED = (
    'effective_classification', 'effective_source', 'effective_complete', 'effective_sensitive', 'effective_personal',
    'required_rto', 'required_rto_source', 'required_rpo', 'required_rpo_source', 'effective_rto', 'effective_rpo',
    'under_classified', 'alignment',
)
EDGE = {
    'dependent': big(_name('e.dependent_type', 'e.dependent_id')),
    'provider': big(_name('e.provider_type', 'e.provider_id')),
    'holds_data': small('e.holds_data::int'),
    'group': big("CASE WHEN e.redundancy_group = '' THEN 0 ELSE hashtextextended(e.redundancy_group, 0) END"),
}
EDGE_COLUMNS = ('dependent_type', 'dependent_id', 'provider_type', 'provider_id', 'holds_data', 'redundancy_group')


def read_nodes(using='default'):
    """
    Every CI in the order of names: what people said of it, what the register says follows, and its place in the table.
    """
    rows = read(f'{REGISTER} r LEFT JOIN {CLASSIFICATION} c ON c.id = r.classification_id', NODE, using)
    order = np.argsort(rows['name'], kind='stable')
    rows = {column: values[order] for column, values in rows.items()}
    return {'place': order, **rows, **SMALL.unpack(rows['small']), **STORED_SMALL.unpack(rows['stored_small'])}


def read_edges(using='default'):
    """Every edge by the names of its ends, derived ones included."""
    return read(f'({all_edges_sql(EDGE_COLUMNS)}) e', EDGE, using)


def differences(using='default', tell=None):
    """
    Yield {(object type id, object id): DerivedRow} of the entries that say something else, a chunk at a time.
    """
    nodes = read_nodes(using)
    levels = np.array(sorted(Classification.objects.using(using).values_list('level', 'pk')), dtype=np.int64)
    right = compute(nodes, read_edges(using), levels.reshape(-1, 2))
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
    return dict(zip(zip(*_ends(names), strict=True), rows, strict=True))


def _ends(names):
    """Types and ids of CIs by name."""
    return (names >> ID_BITS).tolist(), (names & ((1 << ID_BITS) - 1)).tolist()


def _in_words(column, values):
    """A column's numbers as the one or two columns of the register they stand for."""
    if column.endswith('_source'):
        types, ids = _ends(values)
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
    The columns of DERIVED for all `nodes`, as arrays. `levels` are pairs of (level, primary key of the classification).
    """
    count = len(nodes['name'])
    dependent, known_dependent = _numbers(nodes['name'], edges['dependent'])
    provider, known_provider = _numbers(nodes['name'], edges['provider'])
    among_cis = known_dependent & known_provider
    every, holding = (
        Edges(dependent[which], provider[which], edges['group'][which], count)
        for which in (among_cis, among_cis & (edges['holds_data'] == 1))
    )

    held, effective = _spread_held(nodes, holding)
    columns = {
        'effective_classification': _classification(effective[0] >> HALF, levels),
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
        np.maximum(alignment, _verdicts(nodes[kind], along, demands), out=alignment)
    columns['under_classified'] = _under_classified(nodes, held)
    columns['alignment'] = np.where(alignment == NONE, SEVERITY['undetermined'], alignment)
    return columns


def _numbers(names, wanted):
    """The numbers of CIs by name, and whether there are such CIs."""
    if not len(names):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
    numbers = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return numbers, names[numbers] == wanted


@dataclass
class Edges:
    """Edges between numbered CIs, those of one dependent side by side."""
    dependent: np.ndarray
    provider: np.ndarray
    group: np.ndarray
    count: int

    def __post_init__(self):
        order = np.argsort(self.dependent, kind='stable')
        self.dependent, self.provider, self.group = self.dependent[order], self.provider[order], self.group[order]
        self.first = np.searchsorted(self.dependent, np.arange(self.count + 1))

    def from_all(self, cis):
        """(dependent, provider) of every edge that leaves one of these CIs."""
        counts = self.first[cis + 1] - self.first[cis]
        starts = np.repeat(self.first[cis] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        positions = starts + np.arange(len(starts))
        return self.dependent[positions], self.provider[positions]

    def spread(self, step):
        """
        Take `step(dependents, providers)` along the edges until nothing changes any more. It returns whether the value
        of each of those providers is another now.
        """
        cis = np.unique(self.dependent)
        while len(cis):
            dependents, providers = self.from_all(cis)
            cis = np.unique(providers[step(dependents, providers)])


def _spread_held(nodes, edges):
    """
    What each CI holds for others, and that together with its own: (level with source, unknown, sensitive, personal).
    """
    count = edges.count
    backwards = LOWER - np.arange(count, dtype=np.int64)        # at one level the smaller number is the larger value
    level, override = nodes['level'].astype(np.int64), nodes['override'] == 1
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

    edges.spread(step)
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


def _classification(level, levels):
    if not len(levels):
        return np.full(len(level), NONE)
    found = np.minimum(np.searchsorted(levels[:, 0], level), len(levels) - 1)
    return np.where(levels[found, 0] == level, levels[found, 1], NONE)


def _verdicts(minutes, edges, demands):
    """The worst status among the edges along which something is required of a CI, or NONE."""
    required = _minutes(_of_others(demands, edges.dependent, edges.provider))
    actual = minutes[edges.provider]
    status = np.where(actual <= required, SEVERITY['aligned'], SEVERITY['breached'])
    status[(required == NONE) | (actual == NONE)] = SEVERITY['undetermined']
    status = _group_verdicts(edges, status)
    worst = np.full(edges.count, NONE, dtype=np.int8)
    asked = required != NONE
    np.maximum.at(worst, edges.provider[asked], status[asked].astype(np.int8))
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


def _under_classified(nodes, held):
    """As flags: yes, no, or unknown while it can't be told."""
    level, override = nodes['level'], nodes['override'] == 1
    result = np.where(held[1] == 1, UNKNOWN, NO)
    result[held[0] >> HALF > level] = YES
    result[override] = NO
    result[level == NONE] = UNKNOWN
    return result
