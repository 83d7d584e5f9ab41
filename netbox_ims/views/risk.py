from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import actions, layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from netbox.views.generic.base import BaseObjectView
from utilities.permissions import get_permission_for_model
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import (
    Control,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
)
from ..services import risk as steps
from ..services.refusals import Refused
from ..ui import risk as panels
from .base import BulkViewMixin, KeptWhileInUseDeleteMixin, ObjectView, RecordsMixin, posted_reason
from .register import DECISIONS

RIGHT = (CustomFieldsPanel(), TagsPanel(), CommentsPanel())


def decisions_about(label):
    """Every decision about an object of ours, by its own type and id."""
    return ObjectsTablePanel(
        'netbox_ims.decision', title=gettext_lazy('Decisions'), exclude_columns=['ci_type', 'name'],
        filters={'object_type': label, 'object_id': lambda ctx: ctx['object'].pk},
    )


def add_to_risk(label):
    return actions.AddObject(label, url_params={'risk': lambda ctx: ctx['object'].pk})


#
# Risk matrices
#

class RiskCountMixin:

    def get_queryset(self, request):
        return super().get_queryset(request).with_risk_count(request.user)


@register_model_view(RiskMatrix, 'list', path='', detail=False)
class RiskMatrixListView(RiskCountMixin, generic.ObjectListView):
    queryset = RiskMatrix.objects.all()
    filterset = filtersets.RiskMatrixFilterSet
    filterset_form = forms.RiskMatrixFilterForm
    table = tables.RiskMatrixTable
    template_name = 'netbox_ims/riskmatrix_list.html'


@register_model_view(RiskMatrix)
class RiskMatrixView(ObjectView):
    queryset = RiskMatrix.objects.all()
    template_name = 'netbox_ims/riskmatrix.html'
    layout = layout.SimpleLayout(
        left_panels=[panels.MatrixGridPanel()],
        right_panels=[panels.MatrixPanel(), *RIGHT],
        bottom_panels=[decisions_about('netbox_ims.riskmatrix')],
    )


@register_model_view(RiskMatrix, 'delete')
class RiskMatrixDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = RiskMatrix.objects.all()


@register_model_view(RiskMatrix, 'bulk_import', path='import', detail=False)
class RiskMatrixBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = RiskMatrix.objects.all()
    model_form = forms.RiskMatrixImportForm


@register_model_view(RiskMatrix, 'bulk_edit', path='edit', detail=False)
class RiskMatrixBulkEditView(RiskCountMixin, BulkViewMixin, generic.BulkEditView):
    queryset = RiskMatrix.objects.all()
    filterset = filtersets.RiskMatrixFilterSet
    table = tables.RiskMatrixTable
    form = forms.RiskMatrixBulkEditForm


@register_model_view(RiskMatrix, 'bulk_delete', path='delete', detail=False)
class RiskMatrixBulkDeleteView(RiskCountMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = RiskMatrix.objects.all()
    filterset = filtersets.RiskMatrixFilterSet
    table = tables.RiskMatrixTable


#
# Risks
#

RISKS = Risk.objects.select_related('matrix', 'risk_owner')


class AtStakeMixin:
    """Lists of risks tell of standards, actions and CIs, of those the user may see."""

    def get_queryset(self, request):
        return super().get_queryset(request).listed_for(request.user)


@register_model_view(Risk, 'list', path='', detail=False)
class RiskListView(AtStakeMixin, generic.ObjectListView):
    queryset = RISKS
    filterset = filtersets.RiskFilterSet
    filterset_form = forms.RiskFilterForm
    table = tables.RiskTable
    template_name = 'netbox_ims/risk_list.html'


@register_model_view(Risk)
class RiskView(ObjectView):
    queryset = RISKS
    layout = layout.SimpleLayout(
        left_panels=[panels.RiskPanel(), panels.RiskStandardsPanel()],
        right_panels=[panels.AssessmentPanel(), panels.AcceptancePanel(), *RIGHT],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.risktreatment', title=gettext_lazy('Treatment'), exclude_columns=['risk', 'level'],
                filters={'risk_id': lambda ctx: ctx['object'].pk},
                actions=[add_to_risk('netbox_ims.risktreatment')],
            ),
            ObjectsTablePanel(
                'netbox_ims.riskassignment', title=gettext_lazy('Affected CIs'), exclude_columns=['risk', 'level'],
                filters={'risk_id': lambda ctx: ctx['object'].pk},
                actions=[add_to_risk('netbox_ims.riskassignment')],
            ),
            ObjectsTablePanel(
                'netbox_ims.riskacceptance', title=gettext_lazy('Acceptances'), exclude_columns=['risk', 'level'],
                filters={'risk_id': lambda ctx: ctx['object'].pk},
            ),
            decisions_about('netbox_ims.risk'),
        ],
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_affected(request.user)


@register_model_view(Risk, 'add', detail=False)
@register_model_view(Risk, 'edit')
class RiskEditView(generic.ObjectEditView):
    queryset = Risk.objects.select_related('matrix')
    form = forms.RiskForm


@register_model_view(Risk, 'delete')
class RiskDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = Risk.objects.all()


@register_model_view(Risk, 'confirm', path='confirm')
class RiskConfirmView(BaseObjectView):
    """The ratings are right as they are, whatever another matrix makes of them."""
    queryset = Risk.objects.all()

    def get_required_permission(self):
        return get_permission_for_model(Risk, 'change')

    def get(self, request, pk):
        return redirect(self.get_object(pk=pk).get_absolute_url())

    def post(self, request, pk):
        risk = self.get_object(pk=pk)
        try:
            steps.confirm(risk, request.user)
            messages.success(request, _('{reference}: the ratings are confirmed.').format(reference=risk.reference))
        except Refused as e:
            messages.error(request, ' '.join([e.detail, *e.reasons]))
        return redirect(risk.get_absolute_url())


@register_model_view(Risk, 'bulk_import', path='import', detail=False)
class RiskBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = Risk.objects.select_related('matrix')
    model_form = forms.RiskImportForm


@register_model_view(Risk, 'bulk_edit', path='edit', detail=False)
class RiskBulkEditView(AtStakeMixin, BulkViewMixin, generic.BulkEditView):
    queryset = RISKS
    filterset = filtersets.RiskFilterSet
    table = tables.RiskTable
    form = forms.RiskBulkEditForm


@register_model_view(Risk, 'bulk_delete', path='delete', detail=False)
class RiskBulkDeleteView(AtStakeMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = RISKS
    filterset = filtersets.RiskFilterSet
    table = tables.RiskTable


#
# CIs a risk is about
#

ASSIGNMENTS = RiskAssignment.objects.select_related('risk__matrix', 'object_type').prefetch_related(
    'register_entry__object_type', 'register_entry__site'
)


@register_model_view(RiskAssignment, 'list', path='', detail=False)
class RiskAssignmentListView(generic.ObjectListView):
    queryset = ASSIGNMENTS
    filterset = filtersets.RiskAssignmentFilterSet
    filterset_form = forms.RiskAssignmentFilterForm
    table = tables.RiskAssignmentTable


@register_model_view(RiskAssignment)
class RiskAssignmentView(ObjectView):
    queryset = ASSIGNMENTS
    layout = layout.SimpleLayout(
        left_panels=[panels.RiskAssignmentPanel()], right_panels=RIGHT, bottom_panels=[DECISIONS]
    )


@register_model_view(RiskAssignment, 'add', detail=False)
@register_model_view(RiskAssignment, 'edit')
class RiskAssignmentEditView(generic.ObjectEditView):
    queryset = RiskAssignment.objects.all()
    form = forms.RiskAssignmentForm


@register_model_view(RiskAssignment, 'delete')
class RiskAssignmentDeleteView(generic.ObjectDeleteView):
    queryset = RiskAssignment.objects.all()


@register_model_view(RiskAssignment, 'bulk_import', path='import', detail=False)
class RiskAssignmentBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = RiskAssignment.objects.all()
    model_form = forms.RiskAssignmentImportForm


@register_model_view(RiskAssignment, 'bulk_edit', path='edit', detail=False)
class RiskAssignmentBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = ASSIGNMENTS
    filterset = filtersets.RiskAssignmentFilterSet
    table = tables.RiskAssignmentTable
    form = forms.RiskAssignmentBulkEditForm


@register_model_view(RiskAssignment, 'bulk_delete', path='delete', detail=False)
class RiskAssignmentBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = ASSIGNMENTS
    filterset = filtersets.RiskAssignmentFilterSet
    table = tables.RiskAssignmentTable


#
# Treatments
#

TREATMENTS = RiskTreatment.objects.select_related('risk__matrix', 'responsible')


class VisibleControlsMixin:
    """Lists of treatments name the controls the user may see."""

    def get_queryset(self, request):
        seen = Control.objects.restrict(request.user, 'view')
        return super().get_queryset(request).prefetch_related(Prefetch('controls', seen))


@register_model_view(RiskTreatment, 'list', path='', detail=False)
class RiskTreatmentListView(VisibleControlsMixin, generic.ObjectListView):
    queryset = TREATMENTS
    filterset = filtersets.RiskTreatmentFilterSet
    filterset_form = forms.RiskTreatmentFilterForm
    table = tables.RiskTreatmentTable


@register_model_view(RiskTreatment)
class RiskTreatmentView(ObjectView):
    queryset = TREATMENTS
    layout = layout.SimpleLayout(
        left_panels=[panels.TreatmentPanel(), panels.TreatmentProgressPanel()], right_panels=RIGHT,
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.control', title=gettext_lazy('Controls'),
                filters={'risk_treatment_id': lambda ctx: ctx['object'].pk},
            ),
        ],
    )


@register_model_view(RiskTreatment, 'add', detail=False)
@register_model_view(RiskTreatment, 'edit')
class RiskTreatmentEditView(generic.ObjectEditView):
    queryset = RiskTreatment.objects.all()
    form = forms.RiskTreatmentForm


@register_model_view(RiskTreatment, 'delete')
class RiskTreatmentDeleteView(generic.ObjectDeleteView):
    queryset = RiskTreatment.objects.all()


@register_model_view(RiskTreatment, 'bulk_import', path='import', detail=False)
class RiskTreatmentBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = RiskTreatment.objects.all()
    model_form = forms.RiskTreatmentImportForm


@register_model_view(RiskTreatment, 'bulk_edit', path='edit', detail=False)
class RiskTreatmentBulkEditView(VisibleControlsMixin, BulkViewMixin, generic.BulkEditView):
    queryset = TREATMENTS
    filterset = filtersets.RiskTreatmentFilterSet
    table = tables.RiskTreatmentTable
    form = forms.RiskTreatmentBulkEditForm


@register_model_view(RiskTreatment, 'bulk_delete', path='delete', detail=False)
class RiskTreatmentBulkDeleteView(VisibleControlsMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = TREATMENTS
    filterset = filtersets.RiskTreatmentFilterSet
    table = tables.RiskTreatmentTable


#
# Acceptances
#

ACCEPTANCES = RiskAcceptance.objects.select_related('risk__matrix', 'requested_by', 'decided_by')


@register_model_view(RiskAcceptance, 'list', path='', detail=False)
class RiskAcceptanceListView(generic.ObjectListView):
    queryset = ACCEPTANCES.defer('as_decided')
    filterset = filtersets.RiskAcceptanceFilterSet
    filterset_form = forms.RiskAcceptanceFilterForm
    table = tables.RiskAcceptanceTable


@register_model_view(RiskAcceptance)
class RiskAcceptanceView(ObjectView):
    queryset = ACCEPTANCES
    layout = layout.SimpleLayout(
        left_panels=[panels.AcceptanceDecisionPanel(), *RIGHT], right_panels=[panels.SnapshotPanel()],
    )


@register_model_view(RiskAcceptance, 'add', detail=False)
@register_model_view(RiskAcceptance, 'edit')
class RiskAcceptanceEditView(generic.ObjectEditView):
    queryset = RiskAcceptance.objects.all()
    form = forms.RiskAcceptanceForm


@register_model_view(RiskAcceptance, 'delete')
class RiskAcceptanceDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = RiskAcceptance.objects.all()


class DecideView(BaseObjectView):
    """Decides what is requested; what stands against it is said on the page it returns to."""
    queryset = RiskAcceptance.objects.all()
    done = ''

    def get_required_permission(self):
        return get_permission_for_model(RiskAcceptance, 'view')

    def get(self, request, pk):
        return redirect(self.get_object(pk=pk).get_absolute_url())

    def post(self, request, pk):
        acceptance = self.get_object(pk=pk)
        try:
            if not Risk.objects.restrict(request.user, 'accept').filter(pk=acceptance.risk_id).exists():
                raise Refused(_('You may not decide about this risk.'))
            self.step(acceptance, request.user, posted_reason(request))
            messages.success(request, self.done.format(risk=acceptance.risk.reference))
        except Refused as e:
            messages.error(request, ' '.join([e.detail, *e.reasons]))
        return redirect(acceptance.get_absolute_url())


@register_model_view(RiskAcceptance, 'accept', path='accept')
class RiskAcceptView(DecideView):
    step = staticmethod(steps.accept)
    done = gettext_lazy('{risk} is accepted.')


@register_model_view(RiskAcceptance, 'reject', path='reject')
class RiskRejectView(DecideView):
    step = staticmethod(steps.reject)
    done = gettext_lazy('{risk} is not accepted.')


@register_model_view(RiskAcceptance, 'bulk_import', path='import', detail=False)
class RiskAcceptanceBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = RiskAcceptance.objects.all()
    model_form = forms.RiskAcceptanceImportForm


@register_model_view(RiskAcceptance, 'bulk_edit', path='edit', detail=False)
class RiskAcceptanceBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = ACCEPTANCES
    filterset = filtersets.RiskAcceptanceFilterSet
    table = tables.RiskAcceptanceTable
    form = forms.RiskAcceptanceBulkEditForm


@register_model_view(RiskAcceptance, 'bulk_delete', path='delete', detail=False)
class RiskAcceptanceBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = ACCEPTANCES
    filterset = filtersets.RiskAcceptanceFilterSet
    table = tables.RiskAcceptanceTable
