"""Impact analyses as people see them: a curve per category with the limit marked, and the table that says the same."""
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..choices import ImpactCategoryChoices
from ..models import BusinessImpactAnalysis, RegisterEntry
from ..rules.durations import format_minutes
from ..rules.graph import Verdict
from ..rules.impact import HIGHEST, LOWEST, curves
from .attrs import LimitAttr
from .inheritance import time_result

__all__ = ('BusinessImpactAnalysisPanel', 'DisruptionPanel', 'ImpactChart', 'ImpactPanel')

LEFT, TOP, WIDTH, HEIGHT = 22, 14, 330, 90      # of the field in which a curve is drawn
LEVEL = HEIGHT / (HIGHEST - LOWEST + 1)


class BusinessImpactAnalysisPanel(panels.ObjectAttributesPanel):
    title = _('Business Impact Analysis')
    function = attrs.RelatedObjectAttr('function', linkify=True, label=_('Business function'))
    analysed_on = attrs.DateTimeAttr('analysed_on', spec='date', label=_('Analysed on'))
    tolerable_rating = attrs.NumericAttr('tolerable_rating', label=_('Tolerable rating'))
    mtpd_minutes = LimitAttr('mtpd_minutes', label=_('MTPD'))
    description = attrs.TextAttr('description')


@dataclass(frozen=True)
class Drawn:
    """One category, in coordinates of its picture: `bars` are (x, y, width, height, rating, tolerable, band)."""
    label: str
    bars: list
    ratings: list
    limit_x: float | None
    limit: int | None


class ImpactChart:
    """The curves of one analysis, each in a picture of its own, over bands of equal width."""
    left, top, right, bottom = LEFT, TOP, LEFT + WIDTH, TOP + HEIGHT
    view_box = f'0 0 {LEFT + WIDTH + 10} {TOP + HEIGHT + 22}'

    def __init__(self, analysis):
        self.analysis = analysis
        self.mtpd = analysis.mtpd_minutes

    @property
    def tolerable_y(self):
        return self._y(self.analysis.tolerable_rating)

    @staticmethod
    def _y(rating):
        """The upper edge of a rating."""
        return TOP + HEIGHT - (rating - LOWEST + 1) * LEVEL

    @property
    def levels(self):
        """(rating, y of its name)"""
        return [(rating, self._y(rating) + LEVEL / 2) for rating in range(LOWEST, HIGHEST + 1)]

    @property
    def bands(self):
        """(x, name of the band that begins there)"""
        each = WIDTH / len(self.analysis.bands)
        return [(LEFT + i * each, format_minutes(start) or '0') for i, start in enumerate(self.analysis.bands)]

    @property
    def headings(self):
        return [_('from {start}').format(start=format_minutes(start)) for start in self.analysis.bands]

    @property
    def categories(self):
        """Those that are offered come first; the database keeps no order."""
        analysis, offered = self.analysis, ImpactCategoryChoices.values()
        drawn = curves(analysis.bands, analysis.ratings, analysis.tolerable_rating, WIDTH)
        drawn.sort(key=lambda c: (c.category not in offered, offered.index(c.category) if c.category in offered else 0))
        return [
            Drawn(
                analysis.category_label(curve.category),
                [
                    (
                        LEFT + x, self._y(rating), end - x, TOP + HEIGHT - self._y(rating), rating,
                        rating <= analysis.tolerable_rating, heading
                    )
                    for (x, end, rating), heading in zip(curve.steps, self.headings, strict=True)
                ],
                [(rating, rating <= analysis.tolerable_rating) for _x, _end, rating in curve.steps],
                None if curve.limit is None else LEFT + curve.limit, curve.limit_minutes,
            )
            for curve in drawn
        ]


class ImpactPanel(panels.ObjectPanel):
    """The curves of an analysis; on a function's page, of its newest that the user may see."""
    title = _('Impact over Time')
    template_name = 'netbox_ims/panels/impact.html'

    def get_context(self, context):
        shown, user = context['object'], context['request'].user
        if not isinstance(shown, BusinessImpactAnalysis):
            shown = BusinessImpactAnalysis.objects.restrict(user, 'view').filter(function=shown).newest()
        return {**super().get_context(context), 'chart': ImpactChart(shown) if shown else None, 'analysis': shown}


class DisruptionPanel(panels.ObjectPanel):
    """How long a function may be down and why, and what it is committed to."""
    title = _('Disruption')
    template_name = 'netbox_ims/panels/disruption.html'

    def get_context(self, context):
        function, user = context['object'], context['request'].user
        entry = RegisterEntry.objects.assessments(user).of(function).first()
        rto = entry.rto_minutes if entry else None
        verdict = Verdict.of('rto', function.mtpd_minutes, rto)
        return {
            **super().get_context(context), 'rto': rto, 'knows_rto': entry is not None,
            'result': time_result(verdict),
            'analysis': BusinessImpactAnalysis.objects.restrict(user, 'view').filter(function=function).newest(),
            'may_analyse': user.has_perm('netbox_ims.add_businessimpactanalysis'),
        }
