from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from extras.dashboard.utils import register_widget
from extras.dashboard.widgets import DashboardWidget

from .models import RegisterEntry
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
