"""
A continuity plan as a page to print: when it is needed, NetBox may be among what is down. Made from services.plans'
plain data, so that an approved version looks today as it did when it was approved.
"""
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..choices import PlanTypeChoices
from ..constants import PLAN_SECTIONS
from ..models import ContinuityPlan
from .documents import signature

__all__ = ('print_plan',)


def print_plan(plan, text):
    """The page, as a string, of the part `text` of what `plan` says that the reader may see."""
    return render_to_string('netbox_ims/export/plan.html', {
        'text': text, 'sha256': plan.sha256, 'intact': plan.is_intact,
        'plan_type': dict(PlanTypeChoices)[text['plan_type']],
        'standing': {'approved': _('APPROVED'), 'retired': _('RETIRED')}.get(plan.status, _('DRAFT')),
        'prepared': signature(text['prepared_by'], text['prepared_on']),
        'approved': signature(text['approved_by'], text['approved_on']),
        'sections': [
            # What is kept as JSON comes back in no order of ours.
            (capfirst(ContinuityPlan._meta.get_field(name).verbose_name), text['sections'].get(name))
            for name in PLAN_SECTIONS
        ],
    })
