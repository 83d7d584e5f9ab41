from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from netbox.views.generic.base import BaseObjectView
from utilities.views import ViewTab, register_model_view

from ..models import RetiredCI
from ..ui.timeline import Timeline
from .base import is_key
from .ci import CIView

__all__ = ('CIHistoryView', 'RetiredCIHistoryView')

PAGES = 10_000          # more than there will be; a number beyond a bigint would be an error


def page_of(request):
    page = request.GET.get('page', '')
    return min(max(int(page), 1), PAGES) if is_key(page) and len(page) < 10 else 1


class CIHistoryView(CIView):
    """What the register said of the CI, and what was decided, day by day."""
    template_name = 'netbox_ims/ci_history.html'
    tab = ViewTab(label=_('IMS History'), permission='netbox_ims.view_registerentry', weight=5020)

    def context(self, request, entry):
        return {'timeline': Timeline(entry.object_type, entry.object_id, request.user, page_of(request))}


@register_model_view(RetiredCI, 'history')
class RetiredCIHistoryView(BaseObjectView):
    """The same of a CI that is gone."""
    queryset = RetiredCI.objects.select_related('object_type')
    additional_permissions = ('netbox_ims.view_registerentry',)
    tab = ViewTab(label=_('IMS History'), permission='netbox_ims.view_registerentry', weight=500)

    def get_required_permission(self):
        return 'netbox_ims.view_retiredci'

    def get(self, request, **kwargs):
        retired = self.get_object(**kwargs)
        return render(request, 'netbox_ims/retiredci_history.html', {
            'object': retired, 'tab': self.tab, 'actions': (),
            'timeline': Timeline(retired.object_type, retired.object_id, request.user, page_of(request)),
        })
