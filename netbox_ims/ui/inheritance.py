"""
Why a CI counts as what it counts as: own value, what it inherits or what is required of it, and the way that came.
"""
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import RegisterEntry
from ..querysets.graph import UP, subgraph
from ..rules.durations import format_minutes
from ..rules.graph import ALIGNED, BREACHED
from ..rules.paths import distances, shortest_path

__all__ = ('Aspect', 'Inheritance', 'Result', 'Way', 'time_result')

LIMIT = 3000            # CIs above; with more, the source is named without the way
FLAGS = {
    'handles_sensitive_data': gettext_lazy('Sensitive data'),
    'processes_personal_data': gettext_lazy('Personal data'),
}
TARGETS = {'rto': gettext_lazy('RTO'), 'rpo': gettext_lazy('RPO')}


@dataclass(frozen=True)
class Result:
    """A verdict in a word, as a badge."""
    text: str
    css: str = 'ims-neutral'
    icon: str = ''


UNKNOWN = ('ims-unk', 'help')


@dataclass(frozen=True)
class Way:
    """
    From the CI a value comes from to this one. A step is a register entry, or None for a CI the user may not see; this
    CI itself is left out. `others` say the same.
    """
    steps: list = field(default_factory=list)
    others: int = 0

    @property
    def source(self):
        return self.steps[0] if self.steps else None

    @property
    def source_name(self):
        return str(self.source) if self.source else _('a CI you may not see')

    @property
    def via(self):
        return self.steps[1:]


@dataclass(frozen=True)
class Aspect:
    """One line: what people said of the CI itself, what counts, why, and what to think of it."""
    name: str
    label: str
    kind: str                   # classification, flag or minutes: how values are drawn
    own: object
    effective: object
    result: Result
    way: Way | None = None


def time_result(verdict, by_group=False, of_both=False):
    """Own recovery target against what is required, in people's words; with `of_both`, which target it is about."""
    if by_group:
        return Result(_('Aligned by group'), 'ims-ok', 'check-circle')
    if verdict.status == ALIGNED:
        left = _('{time} left').format(time=format_minutes(verdict.margin)) if verdict.margin else _('Aligned')
        return Result(left, 'ims-ok', 'check-circle')
    about = 'RPO ' if of_both and verdict.kind == 'rpo' else ''
    if verdict.status == BREACHED:
        over = _('{time} over').format(time=format_minutes(-verdict.margin))
        return Result(about + over, 'ims-bad', 'alert-circle')
    return Result(about + (_('undetermined') if about else _('Undetermined')), *UNKNOWN)


class Inheritance:
    """The aspects of one register entry, for a user. At most four queries, and none where nothing is inherited."""

    def __init__(self, entry, user):
        self.entry, self.user = entry, user

    # -- what is above

    @cached_property
    def _above(self):
        """(CIs, edges) that the CI may inherit from; edges into an overridden CI carry no classification and flags."""
        cis, edges = subgraph(self.entry.ci, UP, self.entry._state.db, LIMIT)
        return (cis or set()) - {self.entry.ci}, edges or []

    @cached_property
    def _said(self):
        """{CI: what people said of it} of all that is above, whoever may see it: that there is one is no secret."""
        cis, _edges = self._above
        rows = RegisterEntry.objects.among(cis).values_list(
            'object_type_id', 'object_id', 'classification_id', 'classification_override', *FLAGS
        )
        names = ('classification', 'override', *FLAGS)
        return {row[:2]: dict(zip(names, row[2:], strict=True)) for row in rows}

    @cached_property
    def _visible(self):
        cis, _edges = self._above
        sources = {ci for ci in self.entry.sources if ci not in cis}
        entries = RegisterEntry.objects.restrict(self.user, 'view').among(cis | sources).select_related('object_type')
        return {entry.ci: entry for entry in entries}

    @cached_property
    def _holding(self):
        """Steps along which classification and flags come: up to a CI that is overridden, and not beyond."""
        _cis, edges = self._above
        stopped = {ci for ci, said in self._said.items() if said['override']}
        return [(e.dependent, e.provider) for e in edges if e.holds_data and e.provider not in stopped]

    @cached_property
    def _needing(self):
        _cis, edges = self._above
        return [(edge.dependent, edge.provider) for edge in edges]

    def _way(self, source, steps, others=0):
        if source is None or source == self.entry.ci:
            return None
        path = shortest_path(source, self.entry.ci, steps)[:-1] or [source]
        return Way([self._visible.get(ci) for ci in path], others)

    # -- the aspects

    @cached_property
    def classification(self):
        entry = self.entry
        source = entry.effective_classification_source_type_id, entry.effective_classification_source_id
        way = None
        if entry.effective_classification_id and source != entry.ci:
            near = distances(entry.ci, [(provider, dependent) for dependent, provider in self._holding])
            same = [
                ci for ci in near
                if ci != entry.ci and self._said[ci]['classification'] == entry.effective_classification_id
            ]
            # Of several sources that say the same, the nearest says it best.
            best = min(same, key=lambda ci: (near[ci], ci), default=source)
            way = self._way(best, self._holding, max(len(same) - 1, 0))
        return Aspect(
            'classification', _('Classification'), 'classification', entry.classification,
            entry.effective_classification, self._classification_result(), way,
        )

    def _classification_result(self):
        entry = self.entry
        if entry.classification_override:
            return Result(_('Overridden'), 'ims-neutral', 'pencil-lock')
        if entry.under_classified:
            return Result(_('Under-classified'), 'ims-bad', 'alert-circle')
        if entry.effective_classification_id is None:
            return Result(_('Unclassified'), *UNKNOWN)
        if not entry.effective_complete:
            return Result(_('Lower bound'), *UNKNOWN)
        if entry.classification_id is None:
            return Result(_('Inherited'), 'ims-neutral', 'arrow-bottom-right')
        return Result(_('Own'))

    @cached_property
    def flags(self):
        return [self._flag(name, label) for name, label in FLAGS.items()]

    def _flag(self, name, label):
        own, effective, way = getattr(self.entry, name), getattr(self.entry, f'effective_{name}'), None
        result = Result(_('Unknown'), *UNKNOWN) if effective is None else Result(_('Own'))
        if effective is not own:
            near = distances(self.entry.ci, [(provider, dependent) for dependent, provider in self._holding])
            same = [ci for ci in near if ci != self.entry.ci and self._said[ci][name] is effective]
            way = self._way(min(same, key=lambda ci: (near[ci], ci), default=None), self._holding)
            if effective is not None:
                result = Result(_('Inherited'), 'ims-neutral', 'arrow-bottom-right')
        return Aspect(name, label, 'flag', own, effective, result, way)

    @cached_property
    def times(self):
        return [self._time(kind, label) for kind, label in TARGETS.items()]

    def _time(self, kind, label):
        entry = self.entry
        own, required = getattr(entry, f'{kind}_minutes'), getattr(entry, f'required_{kind}_minutes')
        source = getattr(entry, f'required_{kind}_source_type_id'), getattr(entry, f'required_{kind}_source_id')
        way = None
        if required is not None:
            way = self._way(source, self._needing if kind == 'rto' else self._holding_times)
        return Aspect(kind, label, 'minutes', own, required, time_result(*entry.verdict(kind)), way)

    @cached_property
    def _holding_times(self):
        _cis, edges = self._above
        return [(edge.dependent, edge.provider) for edge in edges if edge.holds_data]

    @property
    def aspects(self):
        return [self.classification, *self.flags, *self.times]
