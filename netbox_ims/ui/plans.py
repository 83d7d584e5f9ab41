"""Plans as people see them: what they are, what they are for, what they say, and how they were approved."""
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..choices import PlanStatusChoices, PlanTypeChoices
from ..models import ContinuityPlan
from ..services.plans import approval_refusals

__all__ = ('ApprovalPanel', 'ContinuityPlanPanel', 'PlanForPanel', 'SectionsPanel')


class ContinuityPlanPanel(panels.ObjectAttributesPanel):
    title = _('Continuity Plan')
    name = attrs.TextAttr('name')
    version = attrs.NumericAttr('version', label=_('Version'))
    plan_type = attrs.ChoiceAttr('plan_type', label=_('Type'))
    status = attrs.ChoiceAttr('status')
    description = attrs.TextAttr('description')


class PlanForPanel(panels.ObjectPanel):
    """The functions and services it is for, of those the user may see, and the plan it follows from."""
    title = _('For')
    template_name = 'netbox_ims/panels/plan_for.html'

    def get_context(self, context):
        plan, user = context['object'], context['request'].user
        seen = ContinuityPlan.objects.with_visible_parts(user).defer('as_approved').get(pk=plan.pk)
        needs_parent = plan.plan_type == PlanTypeChoices.SERVICE
        parent = plan.parent if plan.parent and ContinuityPlan.objects.restrict(user, 'view').filter(
            pk=plan.parent_id
        ).exists() else None
        return {
            **super().get_context(context), 'seen': seen, 'parent': parent, 'needs_parent': needs_parent,
            'parent_in_force': plan.parent_id and plan.parent.status == PlanStatusChoices.APPROVED,
        }


class SectionsPanel(panels.ObjectPanel):
    """What it says, section by section; an empty one says so."""
    title = _('Sections')
    template_name = 'netbox_ims/panels/plan_sections.html'

    def get_context(self, context):
        plan = context['object']
        sections = [
            (capfirst(ContinuityPlan._meta.get_field(name).verbose_name), text) for name, text in plan.sections.items()
        ]
        return {**super().get_context(context), 'sections': sections}


class ApprovalPanel(panels.ObjectPanel):
    """Who edited and approved it when, whether it is still what was approved; and before that, what is missing."""
    title = _('Approval')
    template_name = 'netbox_ims/panels/plan_approval.html'

    def get_context(self, context):
        plan, user = context['object'], context['request'].user
        refusals = approval_refusals(plan, user) if plan.status == PlanStatusChoices.DRAFT else ()
        return {**super().get_context(context), 'refusals': refusals}
