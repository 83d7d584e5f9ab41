from django.http import HttpResponse
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
from ..exports.plans import print_plan
from ..models import ContinuityPlan
from ..rules import continuity as rules
from ..services import plans
from ..ui import plans as panels
from .base import BulkViewMixin, KeptWhileInUseDeleteMixin, ObjectView, RecordsMixin, StepView, posted_reason

PLANS = ContinuityPlan.objects.select_related('parent', 'edited_by', 'approved_by').defer('as_approved')


class VisiblePartsMixin:
    """Lists of plans name the functions and services the user may see."""

    def get_queryset(self, request):
        return super().get_queryset(request).with_visible_parts(request.user)


@register_model_view(ContinuityPlan, 'list', path='', detail=False)
class ContinuityPlanListView(VisiblePartsMixin, generic.ObjectListView):
    queryset = PLANS
    filterset = filtersets.ContinuityPlanFilterSet
    filterset_form = forms.ContinuityPlanFilterForm
    table = tables.ContinuityPlanTable


@register_model_view(ContinuityPlan)
class ContinuityPlanView(ObjectView):
    queryset = ContinuityPlan.objects.select_related('parent', 'edited_by', 'approved_by')
    template_name = 'netbox_ims/plan.html'
    layout = layout.SimpleLayout(
        left_panels=[panels.ContinuityPlanPanel(), panels.PlanForPanel(), panels.ApprovalPanel()],
        right_panels=[panels.SectionsPanel(), CustomFieldsPanel(), TagsPanel(), CommentsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.continuitytest', title=gettext_lazy('Tests'), exclude_columns=['plan'],
                filters={'plan_id': lambda ctx: ctx['object'].pk},
                actions=[actions.AddObject('netbox_ims.continuitytest', url_params={
                    'plan': lambda ctx: ctx['object'].pk
                })],
            ),
            ObjectsTablePanel(
                'netbox_ims.continuityplan', title=gettext_lazy('Service Plans That Follow from It'),
                filters={'parent_id': lambda ctx: ctx['object'].pk}, exclude_columns=['parent'],
            ),
            ObjectsTablePanel(
                'netbox_ims.decision', title=gettext_lazy('Decisions'), exclude_columns=['ci_type', 'name'],
                filters={'object_type': 'netbox_ims.continuityplan', 'object_id': lambda ctx: ctx['object'].pk},
            ),
        ],
    )

    def get_extra_context(self, request, instance):
        user = request.user
        possible = {action for action in (rules.APPROVE, rules.RETIRE, rules.NEW_VERSION) if rules.next_status(
            instance.status, action
        )}
        may_approve = user.has_perm('netbox_ims.approve_continuityplan')
        return {
            **super().get_extra_context(request, instance),
            'may_approve': rules.APPROVE in possible and may_approve,
            'may_retire': rules.RETIRE in possible and may_approve,
            'may_make_version': rules.NEW_VERSION in possible and user.has_perm('netbox_ims.add_continuityplan'),
            'refusals': plans.approval_refusals(instance, user) if rules.APPROVE in possible else (),
        }


@register_model_view(ContinuityPlan, 'add', detail=False)
@register_model_view(ContinuityPlan, 'edit')
class ContinuityPlanEditView(generic.ObjectEditView):
    queryset = ContinuityPlan.objects.all()
    form = forms.ContinuityPlanForm


@register_model_view(ContinuityPlan, 'delete')
class ContinuityPlanDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = ContinuityPlan.objects.all()


@register_model_view(ContinuityPlan, 'bulk_import', path='import', detail=False)
class ContinuityPlanBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ContinuityPlan.objects.all()
    model_form = forms.ContinuityPlanImportForm


@register_model_view(ContinuityPlan, 'bulk_edit', path='edit', detail=False)
class ContinuityPlanBulkEditView(VisiblePartsMixin, BulkViewMixin, generic.BulkEditView):
    queryset = PLANS
    filterset = filtersets.ContinuityPlanFilterSet
    table = tables.ContinuityPlanTable
    form = forms.ContinuityPlanBulkEditForm


@register_model_view(ContinuityPlan, 'bulk_rename', path='rename', detail=False)
class ContinuityPlanBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = ContinuityPlan.objects.all()
    filterset = filtersets.ContinuityPlanFilterSet


@register_model_view(ContinuityPlan, 'bulk_delete', path='delete', detail=False)
class ContinuityPlanBulkDeleteView(VisiblePartsMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = PLANS
    filterset = filtersets.ContinuityPlanFilterSet
    table = tables.ContinuityPlanTable


@register_model_view(ContinuityPlan, 'document', path='document')
class ContinuityPlanDocumentView(BaseObjectView):
    """The plan as a page to print: as it was approved, or as it is now while it is a draft."""
    queryset = ContinuityPlan.objects.all()

    def get_required_permission(self):
        return get_permission_for_model(ContinuityPlan, 'view')

    def get(self, request, pk):
        plan = self.get_object(pk=pk)
        return HttpResponse(print_plan(plan, plans.visible_part(plans.text_of(plan), request.user)))


class PlanStepView(StepView):
    queryset = PLANS


@register_model_view(ContinuityPlan, 'approve', path='approve')
class ContinuityPlanApproveView(PlanStepView):
    permission = 'approve'

    def step(self, plan, request):
        plan = plans.approve(plan, request.user, posted_reason(request))
        return plan, _('{plan} is approved. From now on it cannot be changed.').format(plan=plan)


@register_model_view(ContinuityPlan, 'retire', path='retire')
class ContinuityPlanRetireView(PlanStepView):
    permission = 'approve'

    def step(self, plan, request):
        plan = plans.retire(plan, request.user, posted_reason(request))
        return plan, _('{plan} is no longer in force.').format(plan=plan)


@register_model_view(ContinuityPlan, 'new_version', path='new-version')
class ContinuityPlanNewVersionView(PlanStepView):
    permission = 'add'

    def step(self, plan, request):
        draft = plans.new_version(plan, request.user)
        return draft, _('{plan} says what version {version} says.').format(plan=draft, version=plan.version)
