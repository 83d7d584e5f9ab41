"""Events that NetBox's event rules can react to, besides those of every object."""
from django.utils.translation import gettext_lazy as _

from netbox.events import (
    EVENT_TYPE_KIND_INFO,
    EVENT_TYPE_KIND_SUCCESS,
    EVENT_TYPE_KIND_WARNING,
    EventType,
    get_event_type_choices,
)

__all__ = (
    'PLAN_APPROVED', 'PLAN_RETIRED', 'RISK_ACCEPTANCE_ENDS', 'RISK_ACCEPTANCE_EXPIRED', 'RISK_ACCEPTED',
    'RISK_MATRIX_ACTIVATED', 'RISK_REJECTED', 'RISK_REVIEW_DUE', 'RISK_TREATMENT_OVERDUE', 'STATEMENT_APPROVED',
    'STATEMENT_SUPERSEDED', 'TEST_OVERDUE', 'register_events',
)

STATEMENT_APPROVED = 'ims_statement_approved'
STATEMENT_SUPERSEDED = 'ims_statement_superseded'
PLAN_APPROVED = 'ims_plan_approved'
PLAN_RETIRED = 'ims_plan_retired'
TEST_OVERDUE = 'ims_test_overdue'
RISK_ACCEPTED = 'ims_risk_accepted'
RISK_REJECTED = 'ims_risk_rejected'
RISK_MATRIX_ACTIVATED = 'ims_risk_matrix_activated'
# Said to people by services/reminders.py
RISK_REVIEW_DUE = 'ims_risk_review_due'
RISK_TREATMENT_OVERDUE = 'ims_risk_treatment_overdue'
RISK_ACCEPTANCE_ENDS = 'ims_risk_acceptance_ends'
RISK_ACCEPTANCE_EXPIRED = 'ims_risk_acceptance_expired'


def register_events():
    EventType(STATEMENT_APPROVED, _('Statement of applicability approved'), EVENT_TYPE_KIND_SUCCESS).register()
    EventType(STATEMENT_SUPERSEDED, _('Statement of applicability superseded'), EVENT_TYPE_KIND_INFO).register()
    EventType(PLAN_APPROVED, _('Continuity plan approved'), EVENT_TYPE_KIND_SUCCESS).register()
    EventType(PLAN_RETIRED, _('Continuity plan retired'), EVENT_TYPE_KIND_INFO).register()
    EventType(TEST_OVERDUE, _('Continuity test overdue'), EVENT_TYPE_KIND_WARNING).register()
    EventType(RISK_ACCEPTED, _('Risk accepted'), EVENT_TYPE_KIND_SUCCESS).register()
    EventType(RISK_REJECTED, _('Acceptance of a risk rejected'), EVENT_TYPE_KIND_WARNING).register()
    EventType(RISK_MATRIX_ACTIVATED, _('Risk matrix activated'), EVENT_TYPE_KIND_INFO).register()
    EventType(RISK_REVIEW_DUE, _('Review of a risk due'), EVENT_TYPE_KIND_WARNING).register()
    EventType(RISK_TREATMENT_OVERDUE, _('Treatment of a risk overdue'), EVENT_TYPE_KIND_WARNING).register()
    EventType(RISK_ACCEPTANCE_ENDS, _('Acceptance of a risk ends'), EVENT_TYPE_KIND_WARNING).register()
    EventType(RISK_ACCEPTANCE_EXPIRED, _('Acceptance of a risk expired'), EVENT_TYPE_KIND_WARNING).register()
    _offer_in_forms()


def _offer_in_forms():
    """
    NetBox 4.7 reads what an event rule can react to once, when its forms are imported, and that is before any plugin is
    ready: without this, the REST API takes our events and the pages refuse them.
    """
    from extras.forms import EventRuleBulkEditForm, EventRuleForm, EventRuleImportForm

    for form in (EventRuleForm, EventRuleBulkEditForm, EventRuleImportForm):
        form.base_fields['event_types'].choices = get_event_type_choices()
