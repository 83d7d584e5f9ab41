"""Events that NetBox's event rules can react to, besides those of every object."""
from django.utils.translation import gettext_lazy as _

from netbox.events import EVENT_TYPE_KIND_INFO, EVENT_TYPE_KIND_SUCCESS, EVENT_TYPE_KIND_WARNING, EventType

__all__ = (
    'PLAN_APPROVED', 'PLAN_RETIRED', 'STATEMENT_APPROVED', 'STATEMENT_SUPERSEDED', 'TEST_OVERDUE', 'register_events',
)

STATEMENT_APPROVED = 'ims_statement_approved'
STATEMENT_SUPERSEDED = 'ims_statement_superseded'
PLAN_APPROVED = 'ims_plan_approved'
PLAN_RETIRED = 'ims_plan_retired'
TEST_OVERDUE = 'ims_test_overdue'


def register_events():
    EventType(STATEMENT_APPROVED, _('Statement of applicability approved'), EVENT_TYPE_KIND_SUCCESS).register()
    EventType(STATEMENT_SUPERSEDED, _('Statement of applicability superseded'), EVENT_TYPE_KIND_INFO).register()
    EventType(PLAN_APPROVED, _('Continuity plan approved'), EVENT_TYPE_KIND_SUCCESS).register()
    EventType(PLAN_RETIRED, _('Continuity plan retired'), EVENT_TYPE_KIND_INFO).register()
    EventType(TEST_OVERDUE, _('Continuity test overdue'), EVENT_TYPE_KIND_WARNING).register()
