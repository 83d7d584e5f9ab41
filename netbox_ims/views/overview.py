from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from utilities.views import ConditionalLoginRequiredMixin

from ..models import RegisterAsOf, RegisterEntry, StaleMark
from ..services.reference_data import load_reference_data
from ..services.triggers import trigger_status
from ..ui.coverage import Coverage
from ..ui.standards import control_findings, standard_rows
from .base import AsOfMixin

__all__ = ('LoadReferenceDataView', 'OverviewView')

GROUPS_SHOWN = 25
KINDS = ('finding', 'due', 'unknown')


class OverviewView(AsOfMixin, ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """Where an auditor starts: how much of the estate is assessed, and what is to be looked at."""
    permission_required = 'netbox_ims.view_registerentry'

    def get(self, request):
        by = request.GET.get('by') if request.GET.get('by') in Coverage.DIMENSIONS else 'type'
        register, filters = RegisterEntry.objects, {}
        if self.moment:
            register, filters = RegisterAsOf.objects.at(self.moment), {'as_of': request.GET['as_of']}
        elif self.as_of_error:
            register = register.none()
        entries = register.restrict(request.user, 'view')
        coverage = Coverage(entries, by=by, filters=filters, limit=GROUPS_SHOWN)
        # Of scopes and controls there is no history: of another moment nothing is said of them.
        found = [*coverage.findings, *(() if filters else control_findings(entries, request.user))]
        found.sort(key=lambda finding: KINDS.index(finding['kind']))        # within a kind, they stay as they come
        return render(request, 'netbox_ims/overview.html', {
            **self.as_of_context(request),
            'and_as_of': f'&{urlencode(filters)}' if filters else '',
            'coverage': coverage,
            'findings': found,
            'standards': () if filters else standard_rows(entries, request.user),
            'by': by,
            'as_of': timezone.localtime(self.moment),
            'trigger_status': trigger_status(),
            'waiting': not self.moment and StaleMark.objects.exists(),
            'tabs': [
                {'by': 'type', 'label': _('By CI Type')},
                {'by': 'site', 'label': _('By Site')},
                {'by': 'tenant', 'label': _('By Tenant')},
            ],
        })


class LoadReferenceDataView(ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """The button behind `netbox ims_load`."""
    permission_required = (
        'netbox_ims.add_classification', 'netbox_ims.add_standard', 'netbox_ims.add_clause',
        'netbox_ims.add_controlcatalog', 'netbox_ims.add_control',
    )

    def get(self, request):
        return redirect('plugins:netbox_ims:classification_list')

    def post(self, request):
        for what, (created, kept) in load_reference_data().items():
            messages.success(request, _('{what}: {created} created, {kept} left as they were.').format(
                what=what, created=created, kept=kept
            ))
        return redirect('plugins:netbox_ims:classification_list')
