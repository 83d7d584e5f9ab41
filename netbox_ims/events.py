"""Events that NetBox's event rules can react to, besides those of every object."""
from django.utils.translation import gettext_lazy as _

from netbox.events import EVENT_TYPE_KIND_INFO, EVENT_TYPE_KIND_SUCCESS, EventType

__all__ = ('STATEMENT_APPROVED', 'STATEMENT_SUPERSEDED', 'register_events')

STATEMENT_APPROVED = 'ims_statement_approved'
STATEMENT_SUPERSEDED = 'ims_statement_superseded'


def register_events():
    EventType(STATEMENT_APPROVED, _('Statement of applicability approved'), EVENT_TYPE_KIND_SUCCESS).register()
    EventType(STATEMENT_SUPERSEDED, _('Statement of applicability superseded'), EVENT_TYPE_KIND_INFO).register()
