"""
The figures of the risk register: how many risks each standard has, by level, and what is to be looked at. Drawn by the
heat map, the overview and the dashboard.
"""
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from netbox.plugins import get_plugin_config

from ..choices import RiskAcceptanceStatusChoices, RiskStatusChoices
from ..models import Risk, RiskAcceptance, RiskMatrix, Standard
from ..querysets.visibility import permitted
from ..rules.coverage import segments
from ..rules.heat_map import Group

__all__ = ('OPEN', 'RiskCoverage', 'RiskFindings', 'all_findings', 'filtered_url', 'heat_groups', 'risks_url')

OPEN = [value for value, *_rest in RiskStatusChoices if value != RiskStatusChoices.CLOSED]
BAR_WIDTH, BAR_GAP = 220, 2


def filtered_url(viewname, **filters):
    """A list of ours, filtered. Values may be lists; None is spelled `null`."""
    query = {key: 'null' if value is None else value for key, value in filters.items()}
    return f'{reverse(f"plugins:netbox_ims:{viewname}")}?{urlencode(query, doseq=True)}'


def risks_url(**filters):
    """The risk register, filtered."""
    return filtered_url('risk_list', **filters)


def heat_groups(risks, matrix, stage, before=None):
    """
    (the risks as groups of rules.heat_map, how many are rated by another matrix than this one). One query. What is half
    rated is not rated; a cell of another matrix is none of this one's.
    """
    def cell(found, name):
        if found[f'{name}_level'] and found['matrix'] == matrix.pk:
            return found[f'{name}_likelihood'], found[f'{name}_impact']
        return None

    groups, elsewhere = [], 0
    for found in risks.by_cell(*([before, stage] if before else [stage])):
        now = cell(found, stage)
        if now is None and found[f'{stage}_level']:
            elsewhere += found['count']
        else:
            groups.append(Group(cell(found, before) if before else now, now, found['count'], found['one']))
    return groups, elsewhere


@dataclass
class Row:
    """One standard: how many open risks it has, `parts` of a bar by level, and where its rows are."""
    standard: Standard
    total: int = 0
    untreated: int = 0
    overdue: int = 0
    levels: dict = field(default_factory=dict)
    parts: list = field(default_factory=list)

    def url_of(self, **filters):
        return risks_url(standard_id=self.standard.pk, status=OPEN, **filters)

    @property
    def url(self):
        return self.url_of()

    @property
    def untreated_url(self):
        return self.url_of(untreated='true')

    @property
    def overdue_url(self):
        return self.url_of(overdue='true')

    @property
    def add_url(self):
        return filtered_url('risk_add', standards=self.standard.pk)


class RiskCoverage:
    """
    Open risks that the user may see, by standard and current level; a risk counts for each of its standards. A standard
    without any is a finding, which is claimed only to who may see every risk.
    """

    def __init__(self, user):
        self.knows_all = permitted(user, Risk) is True
        risks = Risk.objects.restrict(user, 'view').open()
        matrix = RiskMatrix.objects.active()
        self.levels = matrix.level_objects if matrix else []
        self.rows = [Row(standard) for standard in Standard.objects.restrict(user, 'view')]
        self.by_standard = {row.standard.pk: row for row in self.rows}
        for found in risks.by_standard():
            if row := self.by_standard.get(found['standards']):
                row.levels[found['level']] = found['count']
        for name, queryset in (('untreated', risks.untreated()), ('overdue', risks.overdue())):
            for pk, count in queryset.order_by().values_list('standards').annotate(count=Count('pk')):
                if row := self.by_standard.get(pk):
                    setattr(row, name, count)
        for row in self.rows:
            row.total = sum(row.levels.values())
            row.parts = self._parts(row)
        self.total = risks.count()

    def _parts(self, row):
        """Segments of a bar: from the lowest level to the highest, what is not rated last."""
        known = {level.slug: level for level in self.levels}
        order = [*known, *(slug for slug in row.levels if slug and slug not in known), None]
        return [
            {
                'level': known.get(part.key), 'count': part.count, 'x': part.start, 'width': part.width,
                'middle': part.start + part.width / 2, 'url': row.url_of(level=part.key),
                'title': ngettext('{level}: {n} risk', '{level}: {n} risks', part.count).format(
                    level=known[part.key].name if part.key in known else part.key or _('Not rated'), n=part.count
                ),
            }
            for part in segments({slug: row.levels.get(slug, 0) for slug in order}, BAR_WIDTH, BAR_GAP)
        ]

    @property
    def bare(self):
        """Standards for which nobody has assessed a risk."""
        return [row.standard for row in self.rows if not row.total] if self.knows_all else []


class RiskFindings:
    """What is to be looked at among the open risks a user may see, as ui.coverage has its findings."""

    def __init__(self, user):
        self.user, self.risks = user, Risk.objects.restrict(user, 'view').open()

    @staticmethod
    def url(**filters):
        return risks_url(status=OPEN, **filters)

    @cached_property
    def rows(self):
        notice = timezone.localdate() + timedelta(days=get_plugin_config('netbox_ims', 'review_notice_days'))
        found = [
            ('finding', _('Above acceptance, untreated'), _('Nothing is planned, and nobody has accepted it'),
             self.risks.untreated().filter(above_acceptance=True),
             self.url(above_acceptance='true', untreated='true')),
            ('due', _('To be reassessed'), _('Another matrix changed the level, or the risk can no longer be placed'),
             self.risks.filter(reassess=True), self.url(reassess='true')),
            *self._acceptances(notice),
            ('due', _('Review or action overdue'), _('A date of the risk or of one of its actions has passed'),
             self.risks.overdue(), self.url(overdue='true')),
            ('unknown', _('Not yet rated'), _('No current likelihood or impact'),
             self.risks.filter(current_level=None), self.url(rated='false')),
            ('unknown', _('No risk owner'), _('Nobody answers for it'),
             self.risks.filter(risk_owner=None), self.url(risk_owner=None)),
        ]
        return [
            {'kind': kind, 'title': title, 'explanation': explanation, 'count': count, 'url': url}
            for kind, title, explanation, queryset, url in found if (count := queryset.count())
        ]

    def _acceptances(self, until):
        if not self.user.has_perm('netbox_ims.view_riskacceptance'):
            return []
        ending = RiskAcceptance.objects.restrict(self.user, 'view').in_force().filter(
            valid_until__lte=until, risk__in=self.risks.order_by().values('pk')
        )
        url = filtered_url(
            'riskacceptance_list', status=RiskAcceptanceStatusChoices.ACCEPTED, valid_until__lte=until.isoformat(),
            valid_until__gte=timezone.localdate().isoformat(), risk_status=OPEN,
        )
        return [('due', _('Acceptance ends soon'), _('By {day} it has to be accepted again, or treated').format(
            day=until.isoformat()
        ), ending, url)]



KINDS = ('finding', 'due', 'unknown')


def all_findings(findings, of_risks, coverage):
    """Findings of the register and of the risks as one list, the worst kind first; standards without risks included."""
    bare = [
        {
            'kind': 'finding', 'title': _('No risks for {standard}').format(standard=standard), 'count': 0,
            'explanation': _('Nobody has assessed what could go wrong'),
            'url': risks_url(standard_id=standard.pk, status=OPEN),
        }
        for standard in (coverage.bare if coverage else ())
    ]
    return sorted([*findings, *bare, *of_risks], key=lambda each: KINDS.index(each['kind']))
