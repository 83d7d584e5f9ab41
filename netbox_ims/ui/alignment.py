"""The figures of the alignment report, and the chain from a business function down to what is measured."""
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.translation import gettext as _

from ..choices import AlignmentChoices, AlignmentKindChoices
from ..models import Alignment, BusinessFunction, RegisterEntry
from ..querysets.graph import UP, subgraph
from ..rules.alignment import RPO, RTO
from ..rules.graph import ALIGNED, BREACHED, SEVERITY, UNDETERMINED
from ..rules.paths import distances, shortest_path
from .inheritance import Result

__all__ = ('AlignmentFigures', 'Chain', 'Step', 'alignment_url')

LIMIT = 3000            # CIs above; with more, only the ends and who asks for it are named
LOOKS = {
    BREACHED: ('ims-bad', 'alert-circle'), UNDETERMINED: ('ims-unk', 'help'), ALIGNED: ('ims-ok', 'check-circle'),
}


def alignment_url(**filters):
    """The alignment report, filtered."""
    url = reverse('plugins:netbox_ims:alignment_list')
    return f'{url}?{urlencode(filters, doseq=True)}' if filters else url


class AlignmentFigures:
    """
    How many rows there are of each kind and status, of those a user may see; every figure with the link to them. Only
    of some `statuses` that is much less to count.
    """

    def __init__(self, user, statuses=None):
        rows = Alignment.objects.restrict(user, 'view')
        self.counts = (rows.with_status(statuses) if statuses else rows).figures()

    @property
    def total(self):
        return sum(self.counts.values())

    def of(self, status, kind=None):
        return sum(
            count for (of_kind, severity), count in self.counts.items()
            if severity == SEVERITY[status] and kind in (None, of_kind)
        )

    @property
    def headings(self):
        return [Result(dict(AlignmentChoices)[status], *look) for status, look in LOOKS.items()]

    @property
    def rows(self):
        return [self._row(kind, label) for kind, label in AlignmentKindChoices]

    def _row(self, kind, label):
        cells = [
            {
                'count': self.of(status, kind), 'css': css, 'url': alignment_url(kind=kind, status=status),
                'words': f'{dict(AlignmentChoices)[status]}: {self.of(status, kind)}',
            }
            for status, (css, _icon) in LOOKS.items()
        ]
        return {
            'label': label, 'url': alignment_url(kind=kind), 'cells': cells,
            'words': ', '.join(cell['words'] for cell in cells),
        }

    @property
    def findings(self):
        """For the overview, as ui.coverage.Coverage has them."""
        rows = [
            ('finding', _('Dependencies that break a target'), _('A provider is back later than its dependent needs'),
             self.of(BREACHED, RTO) + self.of(BREACHED, RPO), {'kind': [RTO, RPO]}),
            ('finding', _('RTO above MTPD'), _('A business function promises less than it needs'),
             self.of(BREACHED, 'mtpd'), {'kind': 'mtpd'}),
            ('finding', _('Targets missed in tests'), _('Achieved in the last test later than the own target'),
             self.of(BREACHED, 'test'), {'kind': 'test'}),
        ]
        return [
            {'kind': kind, 'title': title, 'explanation': explanation, 'count': count,
             'url': alignment_url(status=BREACHED, **filters)}
            for kind, title, explanation, count, filters in rows if count
        ]


@dataclass(frozen=True)
class Step:
    """One CI of a chain, None if the user may not see it, with its own target; `is_source`: what is required is its."""
    entry: RegisterEntry | None
    minutes: int | None = None
    is_source: bool = False


class Chain:
    """
    The way from a business function, by the CI that asks for it, down to the CI that a row of the report measures, for
    a user. At most four queries, however long it is.
    """

    def __init__(self, row, user):
        self.row, self.user = row, user
        self.target = row.target
        self.start = row.cis.get('dependent') or row.cis['provider']

    @property
    def label(self):
        return self.target.upper()

    @cached_property
    def _above(self):
        return subgraph(self.start, UP, self.row._state.db, LIMIT)

    @property
    def whole(self):
        return self._above[0] is not None

    @cached_property
    def _steps(self):
        """Pairs (dependent, provider) along which what is required comes."""
        return [
            (edge.dependent, edge.provider) for edge in self._above[1] or () if self.target == RTO or edge.holds_data
        ]

    @cached_property
    def _entries(self):
        named = (self._above[0] or set()) | set(self.row.cis.values()) | {self._source}
        visible = RegisterEntry.objects.restrict(self.user, 'view').among(named).select_related('object_type')
        return {entry.ci: entry for entry in visible}

    @cached_property
    def _source(self):
        """Who asks for what is required: the dependent itself, or what depends on that."""
        entry = RegisterEntry.objects.among([self.start]).first()
        if entry is None or 'dependent' not in self.row.cis:
            return self.start
        own, required = (getattr(entry, f'{prefix}{self.target}_minutes') for prefix in ('', 'required_'))
        if required is None or (own is not None and own < required):
            return self.start
        return tuple(getattr(entry, f'required_{self.target}_source_{part}') for part in ('type_id', 'id'))

    @cached_property
    def cis(self):
        """From the top down."""
        way = shortest_path(self._source, self.start, self._steps) or [self._source, self.start]
        way = list(dict.fromkeys(way))
        if (top := self._function) and top != way[0]:
            way = shortest_path(top, way[0], self._steps)[:-1] + way
        if 'dependent' in self.row.cis and 'provider' in self.row.cis:
            way.append(self.row.cis['provider'])
        return way

    @cached_property
    def _function(self):
        """The nearest business function above whoever asks, of those the user may see; None if there is none."""
        function = ContentType.objects.get_for_model(BusinessFunction).pk
        near = distances(self._source, [(provider, dependent) for dependent, provider in self._steps])
        functions = [ci for ci in near if ci[0] == function and ci in self._entries]
        return min(functions, key=lambda ci: (near[ci], ci), default=None)

    @property
    def has_function(self):
        return self._function is not None

    @property
    def steps(self):
        return [
            Step(entry, getattr(entry, f'{self.target}_minutes', None), ci == self._source and len(self.cis) > 1)
            for ci, entry in ((ci, self._entries.get(ci)) for ci in self.cis)
        ]
