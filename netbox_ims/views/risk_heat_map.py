"""The heat map of the risk register, and the files it leaves as."""
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netbox.views.generic.base import BaseMultiObjectView
from utilities.permissions import get_permission_for_model
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..exports.risks import PLAN_FORMATS, REGISTER_FORMATS, export_plan, export_register
from ..models import Risk, RiskMatrix
from ..services.risk_report import facts_of, plan_rows, register_rows
from ..ui.heat_map import ARROWS, HeatMap
from ..ui.risk_coverage import OPEN, RiskCoverage, RiskFindings, heat_groups, risks_url

__all__ = ('RiskExportView', 'RiskHeatMapView', 'TreatmentPlanView')

ROWS = 10               # of the table below; the rest is a click away
OWN_PARAMETERS = ('stage', 'movement', 'page', 'per_page', 'sort', 'format')


class FilteredRisksView(BaseMultiObjectView):
    """Base of what is said of the risks that the list's own filters leave: without closed ones, unless asked for."""
    queryset = Risk.objects.all()

    def get_required_permission(self):
        return get_permission_for_model(Risk, 'view')

    def filtered(self, request):
        """(the risks, the parameters that give the same in the list)"""
        parameters = request.GET.copy()
        for name in OWN_PARAMETERS:
            parameters.pop(name, None)
        if not any(name == 'status' or name.startswith('status__') for name in parameters):
            parameters.setlist('status', OPEN)
        return filtersets.RiskFilterSet(parameters, self.queryset, request=request).qs, parameters


@register_model_view(Risk, 'heat_map', path='heat-map', detail=False)
class RiskHeatMapView(FilteredRisksView):
    """How many risks are where in the active matrix; each cell leads to exactly its risks."""
    # stage -> its name, and the stage it is compared with
    STAGES = {
        'inherent': (gettext_lazy('Inherent'), None),
        'current': (gettext_lazy('Current'), 'inherent'),
        'target': (gettext_lazy('Target'), 'current'),
    }

    def get(self, request):
        risks, parameters = self.filtered(request)
        stage = request.GET.get('stage')
        stage = stage if stage in self.STAGES else 'current'
        moving = request.GET.get('movement') != 'off'
        matrix = RiskMatrix.objects.active()
        context = {
            'model': Risk, 'matrix': matrix, 'parameters': parameters,
            'filter_form': forms.RiskFilterForm(request.GET), 'table': self.table(request, risks),
            'list_url': _url(parameters), 'plan_url': _plan_url(parameters), 'query': parameters.urlencode(),
        }
        if matrix:
            context |= self.picture(risks, parameters, matrix, stage, moving)
            context |= {
                'coverage': RiskCoverage(request.user), 'attention': RiskFindings(request.user).rows,
                'filtered': any(name not in OWN_PARAMETERS for name in request.GET),
            }
        return render(request, 'netbox_ims/risk_heat_map.html', context)

    def table(self, request, risks):
        """The worst first."""
        rows = risks.select_related('matrix', 'risk_owner').listed_for(request.user).order_by(
            F('current_rank').desc(nulls_last=True), 'reference'
        )
        table = tables.RiskTable(rows[:ROWS], orderable=False)
        table.configure(request)
        for name in ('pk', 'actions'):
            table.columns.hide(name)
        return table

    def picture(self, risks, parameters, matrix, stage, moving):
        name, before = self.STAGES[stage]
        groups, elsewhere = heat_groups(risks, matrix, stage, before)

        def url(now, was=None):
            narrowed = _narrowed(parameters, matrix, **{stage: now}, **({before: was} if was else {}))
            return _url(narrowed) if narrowed else ''

        heat = HeatMap(
            matrix, groups, url, elsewhere, _elsewhere_url(parameters, matrix, stage), now=name.lower(),
            before=self.STAGES[before][0].lower() if before else '', moving=moving,
        )
        return {
            'heat': heat, 'stage': stage,
            'heat_label': _('Risks by likelihood and impact, {stage}').format(stage=name.lower()),
            'unrated_url': _url(parameters, **{f'{stage}_level': 'null'}),
            'movement_words': _('{before} to {now}, the {n} that moved furthest').format(
                before=heat.before, now=heat.now, n=min(ARROWS, len(heat.arrows))
            ),
            'before_words': _('was n = {stage} count').format(stage=heat.before),
            'stages': [
                {'label': label, 'active': each == stage, 'url': self.own_url(stage=each, moving=moving)}
                for each, (label, _before) in self.STAGES.items()
            ],
            'movement_url': self.own_url(stage=stage, moving=not moving),
        }

    def own_url(self, stage, moving):
        """This page with its filters, otherwise looked at."""
        parameters = self.request.GET.copy()
        parameters['stage'] = stage
        parameters.pop('movement', None)
        if not moving:
            parameters['movement'] = 'off'
        return f'?{parameters.urlencode()}'


def _url(parameters, **more):
    parameters = parameters.copy()
    for name, value in more.items():
        parameters[name] = value
    return f'{risks_url()}{parameters.urlencode()}'


def _elsewhere_url(parameters, matrix, stage):
    """What is rated by another matrix. Both filters exclude, so that values of one that are there already add to it."""
    parameters = parameters.copy()
    parameters.appendlist('matrix_id__n', matrix.pk)
    parameters.appendlist(f'{stage}_level__n', 'null')
    return _url(parameters)


def _plan_url(parameters):
    parameters = parameters.copy()
    parameters['format'] = 'html'
    return f'{reverse("plugins:netbox_ims:risk_treatment_plan")}?{parameters.urlencode()}'


def _narrowed(parameters, matrix, **cells):
    """
    The parameters that leave, of what is counted here, just the risks in these cells, by stage; None where a filter for
    other cells, or another matrix, leaves none: a second value of the same filter would add to the first.
    """
    wanted = {'matrix_id': matrix.pk, **{
        f'{stage}_{part}': value for stage, cell in cells.items()
        for part, value in zip(('likelihood', 'impact'), cell, strict=True)
    }}
    narrowed = parameters.copy()
    for name, value in wanted.items():
        if name in parameters and str(value) not in parameters.getlist(name):
            return None
        narrowed[name] = value
    return narrowed


class FileView(FilteredRisksView):
    """Base of what leaves as a file."""
    formats = {}
    name = ''

    def get(self, request):
        wanted = request.GET.get('format', next(iter(self.formats)))
        if wanted not in self.formats:
            messages.error(request, _('“{format}” is no format. Choose one of: {known}.').format(
                format=wanted, known=', '.join(self.formats)
            ))
            return redirect('plugins:netbox_ims:risk_list')
        risks, _parameters = self.filtered(request)
        body, content_type = self.export(risks.order_by('reference'), wanted, request.user)
        response = HttpResponse(body, content_type=content_type)
        name = f'{self.name}-{timezone.localdate().isoformat()}.{wanted}'
        response['Content-Disposition'] = content_disposition_header(wanted != 'html', name)
        return response

    def export(self, risks, wanted, user):
        """(bytes, content type)"""
        raise NotImplementedError


@register_model_view(Risk, 'register', path='register', detail=False)
class RiskExportView(FileView):
    """The register as a spreadsheet or CSV."""
    formats, name = REGISTER_FORMATS, 'risk-register'

    def export(self, risks, wanted, user):
        rows = register_rows(risks, user)
        return export_register(rows, wanted, facts_of(rows, user))


@register_model_view(Risk, 'treatment_plan', path='treatment-plan', detail=False)
class TreatmentPlanView(FileView):
    """The risk treatment plan (ISO/IEC 27001, 6.1.3 e). It says what is not planned, so it takes sight of actions."""
    formats, name = PLAN_FORMATS, 'risk-treatment-plan'
    additional_permissions = ['netbox_ims.view_risktreatment']

    def export(self, risks, wanted, user):
        rows = plan_rows(risks, user)
        return export_plan(rows, wanted, facts_of({row['reference']: row for row in rows}, user))
