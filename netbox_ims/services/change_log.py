"""
The change log for writes in bulk: what NetBox's signal receivers do per object (core.signals.handle_changed_object),
done per chunk. Like them it takes the request from NetBox's context, where there is one.
"""
from collections import defaultdict
from contextlib import contextmanager

from django.apps import apps
from django.db.models.signals import post_save

from core.choices import ObjectChangeActionChoices
from core.events import OBJECT_CREATED, OBJECT_UPDATED
from core.models import ObjectChange, ObjectType
from extras.events import enqueue_event
from netbox.context import current_request, events_queue, query_cache
from netbox.search.deferred import OP_CACHE, mark_for_deferred_indexing

__all__ = ('fire', 'log_bulk_change', 'looked_up_once')

ACTIONS = (
    (ObjectChangeActionChoices.ACTION_CREATE, OBJECT_CREATED),
    (ObjectChangeActionChoices.ACTION_UPDATE, OBJECT_UPDATED),
)


@contextmanager
def looked_up_once():
    """
    In here NetBox asks for custom fields and object types once, not once per object. Requests have it so anyway; a job
    or a command does not.
    """
    if query_cache.get() is not None:
        yield
        return
    token = query_cache.set(defaultdict(dict))
    try:
        yield
    finally:
        query_cache.reset(token)


def log_bulk_change(created, updated, user, message, using):
    """Change records, events and search entries for objects of one model written by bulk_create() and bulk_update()."""
    request, queue, changes = current_request.get(), events_queue.get(), []
    for objects, (action, event) in zip((created, updated), ACTIONS, strict=True):
        for instance in objects:
            instance._changelog_message = message
            mark_for_deferred_indexing(
                ObjectType.objects.get_for_model(instance).pk, instance.pk, OP_CACHE, using=using
            )
            if request is None:
                continue        # NetBox logs no change that comes without a request
            change = instance.to_objectchange(action)
            if change.has_changes:
                change.user = user or request.user
                change.user_name = change.user.username
                change.request_id = request.id
                changes.append(change)
            enqueue_event(queue, instance, request, event)
    ObjectChange.objects.using(using).bulk_create(changes)
    if apps.is_installed('netbox_branching'):
        # Its diffs and conflicts, and what may be edited in a branch, go by a signal that bulk_create() does not send.
        for change in changes:
            post_save.send(ObjectChange, instance=change, created=True, raw=False, using=using, update_fields=None)
    events_queue.set(queue)


def fire(event_type, instance):
    """Let event rules know of an event of ours, beside NetBox's own "object updated" of the same request."""
    request = current_request.get()
    if request is None:
        return
    own = {}
    enqueue_event(own, instance, request, event_type)
    queue = events_queue.get()
    queue.update({f'{key}:{event_type}': event for key, event in own.items()})
    events_queue.set(queue)
