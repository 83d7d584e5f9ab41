from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from utilities.views import ConditionalLoginRequiredMixin

from ..models import RegisterEntry, StaleMark
from ..rules.graph import BREACHED
from ..services.reference_data import load_reference_data
from ..services.triggers import trigger_status
from ..ui.alignment import AlignmentFigures
from ..ui.coverage import Coverage
from ..ui.standards import control_findings, standard_rows

__all__ = ('LoadReferenceDataView', 'OverviewView')

GROUPS_SHOWN = 25
KINDS = ('finding', 'due', 'unknown')


class OverviewView(ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """Where an auditor starts: how much of the estate is assessed, and what is to be looked at."""
    permission_required = 'netbox_ims.view_registerentry'

    def get(self, request):
        by = request.GET.get('by') if request.GET.get('by') in Coverage.DIMENSIONS else 'type'
        entries = RegisterEntry.objects.restrict(request.user, 'view')
        coverage = Coverage(entries, by=by, limit=GROUPS_SHOWN)
        found = [
            *AlignmentFigures(request.user, [BREACHED]).findings, *coverage.findings,
            *control_findings(entries, request.user),
        ]
        found.sort(key=lambda finding: KINDS.index(finding['kind']))        # within a kind, they stay as they come
        return render(request, 'netbox_ims/overview.html', {
            'coverage': coverage,
            'findings': found,
            'standards': standard_rows(entries, request.user),
            'by': by,
            'as_of': timezone.localtime(),
            'trigger_status': trigger_status(),
            'waiting': StaleMark.objects.exists(),
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
