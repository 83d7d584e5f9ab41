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

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import AssetProfile, Classification, ClassificationRule, RegisterEntry
from netbox_ims.services.classification_rules import run_rule
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


def one_by_one(bench, user, entries, classification, many):
    """The side that saves the profiles of some of the CIs one by one, as a form does; counted as `many`."""
    some = entries.filter(pk__in=list(entries.order_by('pk').values_list('pk', flat=True)[:bench.size.singly]))

    def save():
        with committed(user):
            for entry in some.all():
                profile = AssetProfile(object_type_id=entry.object_type_id, object_id=entry.object_id,
                                       classification=classification)
                profile._changelog_message = 'bench'
                profile.save()

    return Side(save, times=many / bench.size.singly)


@row('classifying {bulk} CIs in bulk against one by one ({singly}, scaled)', 0.3)
def in_bulk(bench):
    user = User.objects.get(username=SUPERUSER)
    classification = Classification.objects.get(slug='confidential')
    pks = RegisterEntry.objects.filter(profile=None).order_by('pk').values_list('pk', flat=True)
    many = RegisterEntry.objects.filter(pk__in=list(pks[:bench.size.bulk]))

    def at_once():
        with committed(user):
            created = classify(many, {'classification': classification}, user, 'bench')['created']
            if created != bench.size.bulk:
                raise RuntimeError(f'{created} of {bench.size.bulk} were classified')

    return Side(at_once), one_by_one(bench, user, many, classification, bench.size.bulk)


RULE_CIS = 10_000       # at any size: with few, making out what the rule matches would be most of it


@row(f'running a rule over {RULE_CIS:,} unclassified CIs against one by one ({{singly}}, scaled)', 0.3)
def by_rule(bench):
    """The rule matches them by NetBox's own filter, among others that somebody has classified."""
    user = User.objects.get(username=SUPERUSER)
    classification = Classification.objects.get(slug='confidential')
    device = get_ci_types()['dcim.device'].content_type
    unclassified = RegisterEntry.objects.filter(profile=None, object_type=device)
    last = unclassified.order_by('object_id').values_list('object_id', flat=True)[RULE_CIS - 1]

    def run():
        with committed(user):
            rule = ClassificationRule.objects.create(
                name='bench', object_type=device, filter={'id__lte': last}, mode='apply', classification=classification
            )
            changed = run_rule(rule, user).changed
            if changed != RULE_CIS:
                raise RuntimeError(f'{changed} of {RULE_CIS} were classified')

    return Side(run), one_by_one(bench, user, unclassified, classification, RULE_CIS)
