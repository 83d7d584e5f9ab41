from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from utilities.views import ConditionalLoginRequiredMixin

from ..models import RegisterAsOf, RegisterEntry, StaleMark
from ..rules.graph import BREACHED
from ..services.reference_data import load_reference_data
from ..services.triggers import trigger_status
from ..ui.alignment import AlignmentFigures
from ..ui.coverage import Coverage
from ..ui.risk_coverage import RiskCoverage, RiskFindings, all_findings
from ..ui.standards import control_findings, standard_rows
from .base import AsOfMixin

__all__ = ('LoadReferenceDataView', 'OverviewView')

GROUPS_SHOWN = 25


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
        # Of dependencies, scopes, controls and risks there is no history: of another moment nothing is said of them.
        today = {} if filters else self.today(request.user, entries, coverage.findings)
        return render(request, 'netbox_ims/overview.html', {
            **self.as_of_context(request),
            'and_as_of': f'&{urlencode(filters)}' if filters else '',
            'coverage': coverage,
            'findings': all_findings(coverage.findings, (), None),
            'standards': (),
            **today,
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

    @staticmethod
    def today(user, entries, findings):
        risks = RiskCoverage(user) if user.has_perm('netbox_ims.view_risk') else None
        found = [*AlignmentFigures(user, [BREACHED]).findings, *findings, *control_findings(entries, user)]
        return {
            'risks': risks,
            'findings': all_findings(found, RiskFindings(user).rows, risks),
            'standards': standard_rows(entries, user),
        }


class LoadReferenceDataView(ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """The button behind `netbox ims_load`."""
    permission_required = (
        'netbox_ims.add_classification', 'netbox_ims.add_standard', 'netbox_ims.add_clause',
        'netbox_ims.add_controlcatalog', 'netbox_ims.add_control', 'netbox_ims.add_riskmatrix',
    )

    def get(self, request):
        return redirect('plugins:netbox_ims:classification_list')

    def post(self, request):
        for what, (created, kept) in load_reference_data().items():
            messages.success(request, _('{what}: {created} created, {kept} left as they were.').format(
                what=what, created=created, kept=kept
            ))
        return redirect('plugins:netbox_ims:classification_list')
