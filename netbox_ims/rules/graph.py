"""
What a CI inherits along the dependency graph, and whether its recovery targets align.

Nodes are CIs, named by a pair of integers (object type, object id); an edge says that one CI needs another. Time flows
along every edge from the dependent to the provider; classification, flags and recovery point only along edges whose
provider holds the dependent's information. Cycles are legal: values are least fixpoints, so nothing loops, and a CI is
never the reason for what is required of itself. Where two sources say the same, the CI's own value comes first, then
the CI with the smallest name: the answer does not depend on the order things are looked at.

This is the plain statement of the rules (docs/decisions/0012-derived-values.md); services/derive_all.py computes the
same in bulk.
"""
from collections import defaultdict, deque
from dataclasses import dataclass

__all__ = (
    'ALIGNED', 'BREACHED', 'FLAG_OF_RANK', 'NO', 'SEVERITY', 'UNDETERMINED', 'UNKNOWN', 'YES', 'Derived', 'Edge',
    'EdgeVerdict', 'Own', 'Verdict', 'best_verdict', 'compare', 'demand', 'derive', 'group_verdict', 'work_out',
    'worst', 'worst_verdict',
)

ALIGNED, UNDETERMINED, BREACHED = 'aligned', 'undetermined', 'breached'
SEVERITY = {ALIGNED: 0, UNDETERMINED: 1, BREACHED: 2}

# yes > unknown > no
NO, UNKNOWN, YES = 0, 1, 2
RANK_OF_FLAG = {False: NO, None: UNKNOWN, True: YES}
FLAG_OF_RANK = {rank: flag for flag, rank in RANK_OF_FLAG.items()}


@dataclass(frozen=True)
class Own:
    """What people have said of one CI; None is "nobody has said". Times in minutes, `level` the higher the more
    sensitive. With `override` level and flags stand, whatever the CI inherits."""
    level: int | None = None
    override: bool = False
    sensitive: bool | None = None
    personal: bool | None = None
    rto: int | None = None
    rpo: int | None = None


@dataclass(frozen=True)
class Edge:
    """`dependent` needs `provider`. Edges of one dependent with the same non-empty `group` stand in for each other."""
    dependent: tuple
    provider: tuple
    holds_data: bool = False
    group: str = ''


@dataclass(frozen=True)
class Derived:
    """
    What follows for one CI. `level` is the highest of its own and of what it holds for others, from the CI `source`;
    unless `complete`, it is a lower bound. `required_*` is the smallest time that anything depending on the CI is
    committed to, directly or not, from the CI `*_source`; None where nobody has said.
    """
    level: int | None = None
    source: tuple | None = None
    complete: bool = False
    sensitive: bool | None = None
    personal: bool | None = None
    required_rto: int | None = None
    rto_source: tuple | None = None
    required_rpo: int | None = None
    rpo_source: tuple | None = None
    under_classified: bool | None = None
    alignment: str = UNDETERMINED


@dataclass(frozen=True)
class EdgeVerdict:
    """
    How the provider of an edge fares against the `kind` of target (`rto`, `rpo`) that its dependent requires of it: the
    minutes required and its own, None where unknown. In a redundancy group the status is the group's.
    """
    edge: Edge
    kind: str
    required: int | None
    actual: int | None
    status: str


def derive(own, edges, settled=None):
    """{CI: Derived}; see work_out()."""
    return work_out(own, edges, settled)[0]


def work_out(own, edges, settled=None):
    """
    {CI: Derived} for every CI in `own` that is not in `settled`, and an EdgeVerdict for every target that an edge to
    one of these carries.

    `settled` holds the values of CIs that are right already and on which none of the others has an influence: what
    depends on the CIs asked about, at the rim of a part of a graph. Edges to CIs of which nothing is in `own` are left
    out.
    """
    settled = settled or {}
    edges = [edge for edge in edges if edge.dependent in own and edge.provider in own]
    holding = [edge for edge in edges if edge.holds_data]
    asked = [ci for ci in own if ci not in settled]
    held = _spread(holding, settled, dict.fromkeys(own, NOTHING), _Held(own, settled).passed_on, _join_held)
    times, verdicts = {}, []
    for kind, along in (('rto', edges), ('rpo', holding)):
        demand = _Demand(kind, own, settled)
        demands = _spread(along, settled, dict.fromkeys(own, ()), demand.passed_on, _two_smallest)
        required = {edge: demand.required_by(edge, demands[edge.dependent]) for edge in along}
        found = _verdicts(kind, own, required)
        times[kind] = {ci: demand.of_others(ci, demands[ci]) for ci in asked}
        verdicts += [verdict for verdict in found if verdict.edge.provider not in settled]
    statuses = defaultdict(list)
    for verdict in verdicts:
        if verdict.required is not None:
            statuses[verdict.edge.provider].append(verdict.status)
    return {ci: _derived(ci, own[ci], held[ci], times, worst(statuses[ci])) for ci in asked}, verdicts


def compare(required, actual):
    """Is a CI back as fast as it must be? No more than required is aligned; unknown on either side is undetermined."""
    if required is None or actual is None:
        return UNDETERMINED
    return ALIGNED if actual <= required else BREACHED


@dataclass(frozen=True)
class Verdict:
    """
    How one CI fares against what another requires of it: status, and the minutes left (negative: over) where both are
    known; `kind` is the target it is about, `rto` or `rpo`.
    """
    status: str
    kind: str = 'rto'
    required: int | None = None
    margin: int | None = None

    @classmethod
    def of(cls, kind, required, actual):
        margin = None if required is None or actual is None else required - actual
        return cls(compare(required, actual), kind, required, margin)


def demand(own, required, source, provider):
    """
    The minutes a CI requires of one provider, from what the register says of it: the smaller of its own target and of
    what is required of itself, unless that comes from the very provider (a cycle).
    """
    known = (own, required if source != provider else None)
    return min((minutes for minutes in known if minutes is not None), default=None)


def worst_verdict(verdicts):
    """Of several targets: those of which nothing is required don't count; if that is all, undetermined."""
    asked = [verdict for verdict in verdicts if verdict.required is not None]
    return max(asked, key=_severity, default=Verdict(UNDETERMINED))


def best_verdict(verdicts):
    """Of the members of a redundancy group."""
    return min(verdicts, key=_severity)


def _severity(verdict):
    return SEVERITY[verdict.status], -(verdict.margin or 0)


def group_verdict(statuses):
    """Of a redundancy group: one member that meets the requirement suffices; an unknown one might."""
    return min(statuses, key=SEVERITY.__getitem__)


def worst(statuses):
    """Of everything required of a CI. Nothing required is undetermined, never aligned."""
    return max(statuses, key=SEVERITY.__getitem__, default=UNDETERMINED)


def _spread(edges, settled, inherited, passed_on, join):
    """The least {CI: value} for which each provider has the join of what its dependents pass on."""
    providers = defaultdict(list)
    for edge in edges:
        if edge.provider not in settled:
            providers[edge.dependent].append(edge.provider)
    queue = deque(providers)
    waiting = set(queue)
    while queue:
        ci = queue.popleft()
        waiting.discard(ci)
        value = passed_on(ci, inherited[ci])
        for provider in providers[ci]:
            joined = join(inherited[provider], value)
            if joined != inherited[provider]:
                inherited[provider] = joined
                if provider in providers and provider not in waiting:
                    queue.append(provider)
                    waiting.add(provider)
    return inherited


# What is held for others: ((level, source), something unknown, sensitive, personal), with nothing as the least.
NOTHING = (None, False, NO, NO)


def _higher(one, other):
    """The higher of two (level, source); at the same level that of the smaller source."""
    if one is None or other is None:
        return one or other
    return one if (one[0], _reversed(one[1])) >= (other[0], _reversed(other[1])) else other


def _reversed(ci):
    return tuple(-number for number in ci)


def _join_held(one, other):
    return (
        _higher(one[0], other[0]), one[1] or other[1], max(one[2], other[2]), max(one[3], other[3])
    )


@dataclass(frozen=True)
class _Held:
    own: dict
    settled: dict

    def passed_on(self, ci, inherited):
        if (known := self.settled.get(ci)) is not None:
            level = None if known.level is None else (known.level, known.source)
            return level, not known.complete, RANK_OF_FLAG[known.sensitive], RANK_OF_FLAG[known.personal]
        return _effective(ci, self.own[ci], inherited)


def _effective(ci, own, inherited):
    """The CI's own and what it holds, together; an override stops what it holds."""
    level = None if own.level is None else (own.level, ci)
    value = level, own.level is None, RANK_OF_FLAG[own.sensitive], RANK_OF_FLAG[own.personal]
    if own.override:
        return value
    held, *_rest = inherited
    highest = level if level and (held is None or held[0] <= own.level) else held
    return highest, *_join_held(value, inherited)[1:]


def _two_smallest(one, other):
    """
    Demands are (minutes, source) in order. Two are enough to tell what is demanded of a CI by anything but itself.
    """
    return tuple(sorted({*one, *other})[:2])


@dataclass(frozen=True)
class _Demand:
    kind: str
    own: dict
    settled: dict

    def passed_on(self, ci, demands):
        own = getattr(self.own[ci], self.kind)
        if (known := self.settled.get(ci)) is not None and getattr(known, f'required_{self.kind}') is not None:
            demands = ((getattr(known, f'required_{self.kind}'), getattr(known, f'{self.kind}_source')),)
        return demands if own is None else _two_smallest(demands, ((own, ci),))

    def of_others(self, ci, demands):
        """The smallest demand on a CI that does not come from itself, as (minutes, source), or (None, None)."""
        return next((demand for demand in demands if demand[1] != ci), (None, None))

    def required_by(self, edge, demands):
        """The minutes that the dependent of an edge requires of its provider."""
        return self.of_others(edge.provider, self.passed_on(edge.dependent, demands))[0]


def _verdicts(kind, own, required):
    """An EdgeVerdict for each of {edge: minutes it requires}."""
    groups, statuses = defaultdict(list), {}
    for edge, minutes in required.items():
        statuses[edge] = compare(minutes, getattr(own[edge.provider], kind))
        if edge.group:
            groups[edge.dependent, edge.group].append(statuses[edge])
    return [
        EdgeVerdict(
            edge, kind, minutes, getattr(own[edge.provider], kind),
            group_verdict(groups[edge.dependent, edge.group]) if edge.group else statuses[edge],
        )
        for edge, minutes in required.items()
    ]


def _derived(ci, own, inherited, times, alignment):
    (held, unknown, *_flags) = inherited
    effective, _own_unknown, sensitive, personal = _effective(ci, own, inherited)
    level, source = effective or (None, None)
    rto, rpo = times['rto'], times['rpo']
    return Derived(
        level=level, source=source, complete=own.level is not None and (own.override or not unknown),
        sensitive=FLAG_OF_RANK[sensitive], personal=FLAG_OF_RANK[personal],
        required_rto=rto[ci][0], rto_source=rto[ci][1], required_rpo=rpo[ci][0], rpo_source=rpo[ci][1],
        under_classified=_is_under_classified(own, held, unknown),
        alignment=alignment,
    )


def _is_under_classified(own, held, unknown):
    """Whether its own classification is below what it inherits; None while that can't be told."""
    if own.level is None:
        return None
    if own.override:
        return False
    if held is not None and held[0] > own.level:
        return True
    return None if unknown else False
