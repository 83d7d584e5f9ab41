from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from extras.dashboard.utils import register_widget
from extras.dashboard.widgets import DashboardWidget

from .models import RegisterEntry
from .querysets.alignment import NEEDED
from .ui.alignment import AlignmentFigures
from .ui.coverage import Coverage


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
