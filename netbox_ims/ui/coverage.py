"""
The figures and bars of coverage: counted once, drawn by the overview, the register's chips and the dashboard widget.
"""
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..ci_types import get_ci_types
from ..models import Classification, RegisterEntry
from ..querysets.names import objects_at
from ..rules.coverage import percent, segments

__all__ = ('Bar', 'Coverage', 'register_url')

# What is counted as a share of all: the figure, its name, and the filter that gives its rows
SHARES = (
    ('profiled', _('Profiled'), {'profiled': 'true'}),
    ('classified', _('Classified'), {'classification__n': None}),
    ('owned', _('Asset owner named'), {'asset_owner__n': None}),
    ('flags_known', _('Flags all known'), {'flags_unknown': 'false'}),
)
COUNTED = (
    'total', 'profiled', 'owned', 'flags_known', 'personal', 'personal_unknown', 'overdue', 'undated', 'inherited',
    'under_classified', 'overridden', 'aligned', 'breached', 'undetermined',
)
# Segments of CIs without a classification of their own: what they inherit may be known, or nothing
INHERITED, NOTHING = 'inherited', None
UNKNOWN_FILTERS = {
    INHERITED: {'classification': None, 'effective_classification__n': None},
    NOTHING: {'classification': None, 'effective_classification': None},
}
BAR_WIDTH, BAR_LEFT, ROW_HEIGHT, BAR_GAP = 560, 160, 31, 2


def register_url(**filters):
    """The register, filtered: what every figure links to. Values may be lists; None is spelled `null`."""
    query = {k: 'null' if v is None else v for k, v in filters.items()}
    url = reverse('plugins:netbox_ims:registerentry_list')
    return f'{url}?{urlencode(query, doseq=True)}' if query else url


@dataclass
class Figures:
    """Counts over a set of register entries; `counts` is by primary key of the classification, None = unclassified."""
    total: int = 0
    profiled: int = 0
    owned: int = 0
    flags_known: int = 0
    personal: int = 0
    personal_unknown: int = 0
    overdue: int = 0
    undated: int = 0
    inherited: int = 0
    under_classified: int = 0
    overridden: int = 0
    aligned: int = 0
    breached: int = 0
    undetermined: int = 0
    counts: dict = field(default_factory=dict)

    def add(self, row):
        for name in COUNTED:
            setattr(self, name, getattr(self, name) + row[name])
        self.counts[row['classification']] = self.counts.get(row['classification'], 0) + row['total']

    @property
    def unclassified(self):
        return self.counts.get(None, 0)

    @property
    def nothing_known(self):
        """Neither a classification of its own nor one it inherits."""
        return self.unclassified - self.inherited

    @property
    def classified(self):
        return self.total - self.unclassified

    @property
    def classified_percent(self):
        return percent(self.classified, self.total)

    @property
    def profiled_percent(self):
        return percent(self.profiled, self.total)

    @property
    def owned_percent(self):
        return percent(self.owned, self.total)

    @property
    def flags_known_percent(self):
        return percent(self.flags_known, self.total)

    @property
    def unowned(self):
        return self.total - self.owned

    @property
    def flags_unknown(self):
        return self.total - self.flags_known


@dataclass
class Bar:
    """One row of the chart: what it stands for, the filters that give its rows, its figures and drawn segments."""
    label: str
    filters: dict
    figures: Figures
    y: int
    segments: list = field(default_factory=list)

    @property
    def url(self):
        return register_url(**self.filters)

    @property
    def middle(self):
        return self.y + ROW_HEIGHT / 2

    @property
    def cells(self):
        """The row of the table under the chart, in the order of Coverage.headings: count, percent, link."""
        figures = self.figures
        return [
            {'count': figures.total, 'percent': None, 'url': self.url},
            *(
                {'count': getattr(figures, name), 'percent': getattr(figures, f'{name}_percent'),
                 'url': register_url(**self.filters, **filters)}
                for name, _heading, filters in SHARES
            ),
            {'count': figures.overdue, 'percent': None, 'url': register_url(**self.filters, review_overdue='true')},
        ]


class Coverage:
    """
    Coverage of a restricted RegisterEntry queryset by CI type, site or tenant.

    One aggregate query, plus one for the classifications and one for the names of sites or tenants. Every bar and
    segment carries the link to exactly the rows it counts.
    """
    DIMENSIONS = {'type': 'object_type', 'site': 'site', 'tenant': 'tenant'}

    def __init__(self, queryset, by='type', filters=None, limit=None):
        self.by, self.filters, self.moment = by, filters or {}, queryset.moment
        self.column = self.DIMENSIONS[by]
        self.classifications = self._classifications()
        self.total = Figures()
        groups = {}
        for row in queryset.coverage(self.column):
            self.total.add(row)
            groups.setdefault(row[self.column], Figures()).add(row)
        ranked = sorted(groups.items(), key=lambda item: (-item[1].total, str(item[0])))
        self.hidden = max(len(ranked) - limit, 0) if limit else 0
        ranked = ranked[:limit] if limit else ranked
        labels = self._labels([key for key, _figures in ranked])
        self.bars = [self._bar(i, key, labels.get(key), figures) for i, (key, figures) in enumerate(ranked)]

    def _classifications(self):
        """From the highest, as there are now or were then."""
        if self.moment is None:
            return list(Classification.objects.order_by('-level'))
        return sorted(objects_at(Classification, self.moment).values(), key=lambda c: -c.level)

    def _labels(self, keys):
        if self.by == 'type':
            return {ci_type.content_type.pk: str(ci_type.verbose_name) for ci_type in get_ci_types().values()}
        model = RegisterEntry._meta.get_field(self.column).related_model
        if self.moment is not None:
            return {pk: str(thing) for pk, thing in objects_at(model, self.moment, {*keys} - {None}).items()}
        return dict(model.objects.filter(pk__in=[key for key in keys if key]).values_list('pk', 'name'))

    def _bar(self, index, key, label, figures):
        filters = {**self.filters, **self._filter(key)}
        bar = Bar(label or _('None'), filters, figures, y=8 + index * ROW_HEIGHT)
        order = {c.pk: figures.counts.get(c.pk, 0) for c in self.classifications}
        order |= {INHERITED: figures.inherited, NOTHING: figures.nothing_known}
        known = {c.pk: c for c in self.classifications}
        bar.segments = [
            {
                'classification': known.get(segment.key), 'inherited': segment.key == INHERITED, 'count': segment.count,
                'x': BAR_LEFT + segment.start, 'width': segment.width,
                'middle': BAR_LEFT + segment.start + segment.width / 2,
                'url': register_url(**filters, **self._segment_filter(segment.key)),
            }
            for segment in segments(order, BAR_WIDTH, BAR_GAP)
        ]
        return bar

    @staticmethod
    def _segment_filter(key):
        return UNKNOWN_FILTERS[key] if key in UNKNOWN_FILTERS else {'classification_id': key}

    def _filter(self, key):
        if self.by == 'type':
            label = next((t.label for t in get_ci_types().values() if t.content_type.pk == key), None)
            return {'object_type': label}
        return {f'{self.column}_id': key}

    @property
    def legend(self):
        """Classification (or None), words, count and link of each kind of segment."""
        kinds = [(c, c.name, self.total.counts.get(c.pk, 0), c.pk) for c in self.classifications]
        kinds += [
            (None, _('Only inherited'), self.total.inherited, INHERITED),
            (None, _('Nothing known'), self.total.nothing_known, NOTHING),
        ]
        return [
            {
                'classification': classification, 'inherited': key == INHERITED, 'words': words, 'count': count,
                'url': register_url(**self.filters, **self._segment_filter(key)),
            }
            for classification, words, count, key in kinds
        ]

    @property
    def tiles(self):
        """The four figures an auditor asks for first: title, count, percent, what is missing, and the two links."""
        total = self.total
        missing = {
            'profiled': (_('{n} without a profile'), {'profiled': 'false'}),
            'classified': (_('{n} unclassified'), {'classification': None}),
            'owned': (_('{n} without'), {'asset_owner': None}),
            'flags_known': (_('{n} unknown'), {'flags_unknown': 'true'}),
        }
        return [
            {
                'title': heading, 'count': getattr(total, name), 'percent': getattr(total, f'{name}_percent'),
                'url': register_url(**self.filters, **filters),
                'rest': missing[name][0].format(n=total.total - getattr(total, name)),
                'rest_url': register_url(**self.filters, **missing[name][1]),
            }
            for name, heading, filters in SHARES
        ]

    @property
    def headings(self):
        """Column titles of the table under the chart; see Bar.cells."""
        return [_('CIs'), *(heading for _name, heading, _filters in SHARES), _('Reviews overdue')]

    @property
    def findings(self):
        """
        What is to be looked at, by kind (`finding`, `due` or `unknown`): title, explanation, count, link; where there
        is something.
        """
        total, url = self.total, lambda **filters: register_url(**self.filters, **filters)
        rows = [
            ('finding', _('Under-classified'), _('Own classification below what they hold for others'),
             total.under_classified, url(under_classified='true')),
            ('finding', _('Recovery target breached'), _('Own RTO or RPO longer than a dependent needs'),
             total.breached, url(alignment='breached')),
            ('due', _('Reviews overdue'), _('The date of the next review has passed'),
             total.overdue, url(review_overdue='true')),
            ('due', _('Overrides in force'), _('Classification decided against what is inherited, with a reason'),
             total.overridden, url(classification_override='true')),
            ('unknown', _('Unclassified, nothing inherited'), _('Nobody has said how sensitive it is'),
             total.nothing_known, url(**UNKNOWN_FILTERS[NOTHING])),
            ('unknown', _('Only inherited'), _('Holds something classified, and nobody has said what it is itself'),
             total.inherited, url(**UNKNOWN_FILTERS[INHERITED])),
            ('unknown', _('Personal data unknown'), _('Nobody has said whether it processes any'),
             total.personal_unknown, url(processes_personal_data='null')),
            ('unknown', _('No asset owner'), _('Nobody answers for it'), total.unowned, url(asset_owner=None)),
            ('unknown', _('Flags unknown'), _('At least one flag unanswered'),
             total.flags_unknown, url(flags_unknown='true')),
            ('unknown', _('Alignment undetermined'), _('Own or required time is missing'),
             total.undetermined, url(alignment='undetermined')),
        ]
        return [
            {'kind': kind, 'title': title, 'explanation': explanation, 'count': count, 'url': link}
            for kind, title, explanation, count, link in rows if count
        ]

    @property
    def chips(self):
        """Filter links above the register, each with the number of rows it leads to."""
        total, url = self.total, lambda **filters: register_url(**self.filters, **filters)
        return [
            {'icon': 'help', 'title': _('Unclassified'), 'count': total.unclassified, 'url': url(classification=None)},
            {
                'icon': 'alert-circle', 'title': _('Under-classified'), 'count': total.under_classified,
                'url': url(under_classified='true'),
            },
            *(
                {
                    'icon': 'shield-lock',
                    'title': c.name,
                    'count': total.counts.get(c.pk, 0),
                    'url': url(classification_id=c.pk),
                }
                for c in self.classifications[:1]
            ),
            {
                'icon': 'account-multiple-check',
                'title': _('Personal data'),
                'count': total.personal,
                'url': url(processes_personal_data='true'),
            },
            {
                'icon': 'help-circle-outline',
                'title': _('Flags unknown'),
                'count': total.flags_unknown,
                'url': url(flags_unknown='true'),
            },
            {'icon': 'account-question', 'title': _('No owner'), 'count': total.unowned, 'url': url(asset_owner=None)},
            {
                'icon': 'clock-alert-outline',
                'title': _('Review overdue'),
                'count': total.overdue,
                'url': url(review_overdue='true'),
            },
            {
                'icon': 'timer-outline', 'title': _('Target breached'), 'count': total.breached,
                'url': url(alignment='breached'),
            },
        ]

    @property
    def height(self):
        return 16 + len(self.bars) * ROW_HEIGHT
