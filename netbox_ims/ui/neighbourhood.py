"""
What depends on a CI and what it depends on: the rows of its page, and what the picture draws.

CIs the user may not see are counted, and stand in the picture as what they are to the user: something that is there.
"""
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from ..models import Dependency, RegisterEntry
from ..querysets.graph import DOWN, UP, edges_at, subgraph
from ..rules.graph import Verdict, best_verdict, demand, worst_verdict
from ..rules.paths import distances

__all__ = ('DependencyRow', 'Neighbourhood', 'required_of', 'verdict_between')

LIMIT = 3000            # CIs looked at; beyond that only those one step away are shown
TARGETS = ('rto', 'rpo')


def required_of(entry, kind, provider):
    """The minutes that the CI of an entry requires of a provider (object type id, object id)."""
    source = getattr(entry, f'required_{kind}_source_type_id'), getattr(entry, f'required_{kind}_source_id')
    own, required = (getattr(entry, f'{prefix}{kind}_minutes') for prefix in ('', 'required_'))
    return demand(own, required, source, provider)


def verdict_between(dependent, provider, holds_data):
    """Whether a provider meets what a dependent requires of it, both as register entries: the worse of RTO and RPO."""
    return worst_verdict(
        Verdict.of(kind, required_of(dependent, kind, provider.ci), getattr(provider, f'{kind}_minutes'))
        for kind in (TARGETS if holds_data else TARGETS[:1])
    )


@dataclass(frozen=True)
class DependencyRow:
    """A CI that depends on the one the page is about, or that this one depends on, as far as the user may see it."""
    entry: RegisterEntry
    distance: int
    holds_data: bool
    grouped: bool
    required: int | None
    verdict: Verdict
    dependency: Dependency | None

    @property
    def distance_label(self):
        if self.distance > 1:
            return _('{n} steps').format(n=self.distance)
        return _('Direct, group') if self.grouped else _('Direct')


class Neighbourhood:
    """
    One CI and all that can be reached from it on the `way`, or only one step with `direct`, for a user.

    A constant number of queries, however many CIs there are.
    """

    def __init__(self, entry, user, way=UP, direct=False):
        self.focus, self.user, self.way = entry, user, way
        self.cis, self.edges = subgraph(entry.ci, way, entry._state.db, LIMIT)
        self.too_many = self.cis is None
        if self.too_many or direct:
            self.edges = edges_at([entry.ci], way, entry._state.db)
            self.cis = {entry.ci, *(ci for edge in self.edges for ci in (edge.dependent, edge.provider))}

    @property
    def named(self):
        """Every CI in sight, members of redundancy groups that stand aside included."""
        return self.cis | {ci for edge in self.edges for ci in (edge.dependent, edge.provider)}

    @cached_property
    def entries(self):
        """{CI: register entry} of those the user may see."""
        visible = RegisterEntry.objects.restrict(self.user, 'view').among(self.named).select_related(
            'object_type', 'classification', 'effective_classification'
        )
        return {entry.ci: entry for entry in visible} | {self.focus.ci: self.focus}

    @cached_property
    def distances(self):
        near, far = self.way
        return distances(self.focus.ci, [(getattr(edge, near), getattr(edge, far)) for edge in self.edges])

    @property
    def reached(self):
        """The CIs that depend on this one, or that it depends on; group members that stand aside are not among them."""
        return [ci for ci in self.distances if ci != self.focus.ci]

    @cached_property
    def hidden(self):
        """How many of them the user may not see."""
        return sum(ci not in self.entries for ci in self.reached)

    @cached_property
    def rows(self):
        """A DependencyRow for each visible one, the nearest first."""
        near, far = self.way
        holding = distances(
            self.focus.ci, [(getattr(edge, near), getattr(edge, far)) for edge in self.edges if edge.holds_data]
        )
        direct = {getattr(edge, far): edge for edge in self.edges if getattr(edge, near) == self.focus.ci}
        dependencies = self._dependencies(direct.values())
        rows = []
        for ci in self.reached:
            if (entry := self.entries.get(ci)) is None:
                continue
            dependent, provider = (entry, self.focus) if self.way == UP else (self.focus, entry)
            edge = direct.get(ci)
            verdict, grouped = self._verdict(dependent, provider, ci in holding)
            rows.append(DependencyRow(
                entry, self.distances[ci], ci in holding, grouped, required_of(dependent, 'rto', provider.ci), verdict,
                dependencies.get(edge.dependency_id) if edge else None,
            ))
        return sorted(rows, key=lambda row: (row.distance, str(row.entry).lower()))

    def _dependencies(self, edges):
        """Those typed in, by primary key, as far as the user may see them."""
        pks = [edge.dependency_id for edge in edges if edge.dependency_id]
        return Dependency.objects.restrict(self.user, 'view').in_bulk(pks) if pks else {}

    def _verdict(self, dependent, provider, holds_data):
        """
        What the dependent requires of the provider, directly or through others, and whether only by redundancy groups:
        then the best member speaks for all.
        """
        groups = self._groups_between(dependent, provider)
        if not groups:
            return verdict_between(dependent, provider, holds_data), False
        verdicts = []
        for group in groups:
            members = [self.entries[ci] for ci in self.members[group] if ci in self.entries]
            verdicts.append(best_verdict([verdict_between(dependent, member, holds_data) for member in members]))
        return worst_verdict(verdicts), True

    @cached_property
    def members(self):
        """{(dependent, group): the CIs that stand in for each other}."""
        members = defaultdict(list)
        for edge in self.edges:
            if edge.group:
                members[edge.dependent, edge.group].append(edge.provider)
        return members

    def _groups_between(self, dependent, provider):
        """The groups through which alone one comes from the dependent to the provider; none if it may go without."""
        if self.way == DOWN:
            last = self._edges_to[provider.ci]
            return [] if any(not edge.group for edge in last) else [(edge.dependent, edge.group) for edge in last]
        if dependent.ci in self._without_groups:
            return []
        return [group for group, above in self._above_groups.items() if dependent.ci in above]

    @cached_property
    def _edges_to(self):
        found = defaultdict(list)
        for edge in self.edges:
            found[edge.provider].append(edge)
        return found

    @cached_property
    def _without_groups(self):
        """What depends on the focus by an edge that is in no group."""
        return distances(self.focus.ci, [
            (edge.provider, edge.dependent) for edge in self.edges
            if not (edge.group and edge.provider == self.focus.ci)
        ])

    @cached_property
    def _above_groups(self):
        """{group the focus is in: its dependent, and all that depend on that}."""
        up = [(edge.provider, edge.dependent) for edge in self.edges]
        return {
            (edge.dependent, edge.group): distances(edge.dependent, up)
            for edge in self._edges_to[self.focus.ci] if edge.group
        }
