"""
Classifying many CIs in one step and one by one: both logged, both with events and decisions; nothing is kept. One by
one they are saved without the validation that a form would add, which the bulk path does not go without.
"""
import uuid
from contextlib import contextmanager

from django.db import connection, transaction
from django.test import RequestFactory

from netbox.context_managers import event_tracking
from users.models import User

from netbox_ims.models import AssetProfile, Classification, RegisterEntry
from netbox_ims.services.classify import classify

from ..estate import SUPERUSER
from .base import Side, row


@contextmanager
def committed(user):
    """A request that writes: its events and its search entries included, and in the end rolled back."""
    request = RequestFactory().post('/')
    request.id, request.user = uuid.uuid4(), user
    with transaction.atomic():
        with event_tracking(request):
            yield
            callbacks, connection.run_on_commit = connection.run_on_commit, []
            for _savepoints, callback, _robust in callbacks:
                callback()
        transaction.set_rollback(True)


@row('classifying {bulk} CIs in bulk against one by one ({singly}, scaled)', 0.3)
def in_bulk(bench):
    user = User.objects.get(username=SUPERUSER)
    classification = Classification.objects.get(slug='confidential')
    pks = RegisterEntry.objects.filter(profile=None).order_by('pk').values_list('pk', flat=True)
    many = RegisterEntry.objects.filter(pk__in=list(pks[:bench.size.bulk]))
    some = RegisterEntry.objects.filter(pk__in=list(pks[:bench.size.singly]))

    def at_once():
        with committed(user):
            created = classify(many, {'classification': classification}, user, 'bench')['created']
            if created != bench.size.bulk:
                raise RuntimeError(f'{created} of {bench.size.bulk} were classified')

    def one_by_one():
        with committed(user):
            for entry in some.all():
                profile = AssetProfile(object_type_id=entry.object_type_id, object_id=entry.object_id,
                                       classification=classification)
                profile._changelog_message = 'bench'
                profile.save()

    return Side(at_once), Side(one_by_one, times=bench.size.bulk / bench.size.singly)
