"""What the steps of everything that gets approved have in common: refusals, events, and who did it when."""
from django.apps import apps

from extras.events import enqueue_event
from netbox.context import current_request, events_queue

__all__ = ('Refused', 'fire', 'in_branch', 'moment', 'person')


class Refused(Exception):
    """A step that is not allowed as things are: `detail` in a sentence, and `reasons`, each a sentence."""

    def __init__(self, detail, reasons=()):
        self.detail, self.reasons = detail, list(reasons)
        super().__init__(detail)


def fire(event_type, instance):
    """Let event rules know, beside NetBox's own "object updated" of the same request."""
    request = current_request.get()
    if request is None:
        return
    own = {}
    enqueue_event(own, instance, request, event_type)
    queue = events_queue.get()
    queue.update({f'{key}:{event_type}': event for key, event in own.items()})
    events_queue.set(queue)


def in_branch():
    """Whether what happens now happens in a branch of netbox-branching."""
    if not apps.is_installed('netbox_branching'):
        return False
    from netbox_branching.contextvars import active_branch
    return active_branch.get() is not None


def person(user):
    return {'username': user.get_username(), 'name': user.get_full_name()} if user else None


def moment(time):
    return time.isoformat() if time else None
