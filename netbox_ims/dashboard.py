from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from extras.dashboard.utils import register_widget
from extras.dashboard.widgets import DashboardWidget

from .models import RegisterEntry, Risk, RiskMatrix
from .querysets.alignment import NEEDED
from .ui.alignment import AlignmentFigures
from .ui.coverage import Coverage
from .ui.heat_map import HeatMap
from .ui.risk_coverage import OPEN, RiskCoverage, RiskFindings, all_findings, heat_groups, risks_url


@register_widget
class CoverageWidget(DashboardWidget):
    """Coverage by CI type and classification, and what is to be looked at, of the CIs the user may see."""
    default_title = _('IMS coverage')
    description = _('How much of the estate is classified, by CI type, and what is unknown or overdue.')
    width = 6
    height = 5

    def render(self, request):
        if not request.user.has_perm('netbox_ims.view_registerentry'):
            return _('No permission to view the register.')
        coverage = Coverage(RegisterEntry.objects.restrict(request.user, 'view'))
        return render_to_string('netbox_ims/dashboard_coverage.html', {'coverage': coverage}, request=request)


@register_widget
class AlignmentWidget(DashboardWidget):
    """How many recovery targets are met, broken or unknown, of the CIs the user may see."""
    default_title = _('IMS alignment')
    description = _('How many recovery targets are met, broken or unknown, along dependencies, limits and tests.')
    width = 6
    height = 4

    def render(self, request):
        if not request.user.has_perms(NEEDED):
            return _('No permission to view the register and dependencies.')
        figures = AlignmentFigures(request.user)
        return render_to_string('netbox_ims/dashboard_alignment.html', {'figures': figures}, request=request)


@register_widget
class RiskHeatMapWidget(DashboardWidget):
    """How many open risks are in each cell of the active matrix, of those the user may see."""
    default_title = _('IMS risks')
    description = _('How many open risks there are by likelihood and impact.')
    width = 6
    height = 5

    def render(self, request):
        if not request.user.has_perm('netbox_ims.view_risk'):
            return _('No permission to view risks.')
        if (matrix := RiskMatrix.objects.active()) is None:
            return _('No risk matrix is active.')
        groups, elsewhere = heat_groups(Risk.objects.restrict(request.user, 'view').open(), matrix, 'current')

        def url(now):
            return risks_url(
                status=OPEN, matrix_id=matrix.pk, current_likelihood=now[0], current_impact=now[1]
            )

        elsewhere_url = risks_url(status=OPEN, matrix_id__n=matrix.pk, rated='true')
        return render_to_string('netbox_ims/dashboard_heat_map.html', {
            'heat': HeatMap(matrix, groups, url, elsewhere, elsewhere_url),
            'unrated_url': risks_url(status=OPEN, rated='false'),
        }, request=request)


@register_widget
class RiskFindingsWidget(DashboardWidget):
    """What is to be looked at among the risks the user may see, standards without any risk included."""
    default_title = _('IMS risks to look at')
    description = _('Risks above acceptance, overdue or not rated, and standards without any.')
    width = 4
    height = 4

    def render(self, request):
        if not request.user.has_perm('netbox_ims.view_risk'):
            return _('No permission to view risks.')
        attention = all_findings([], RiskFindings(request.user).rows, RiskCoverage(request.user))
        return render_to_string('netbox_ims/dashboard_findings.html', {'attention': attention}, request=request)
