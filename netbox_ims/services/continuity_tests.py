"""Telling people that a continuity test is overdue, and keeping the record of changes small."""
from django.contrib.contenttypes.models import ContentType
from django.db import connections, router
from django.db.models import F, Q

from extras.models import Notification, Subscription
from users.models import User

from ..events import TEST_OVERDUE
from ..models import ConfigurationChange, ContinuityPlan, ContinuityTest

__all__ = ('notify_overdue', 'tidy_changes')


def notify_overdue(today=None):
    """
    Tell people of every test that has become overdue, once for each due date: those who subscribed to the test or its
    plan, and who wrote and approved the plan, as far as they may see the test. Returns how many tests and people.
    """
    using = router.db_for_write(ContinuityTest)
    fresh = ContinuityTest.objects.using(using).overdue(today).exclude(notified_for=F('due')).select_related('plan')
    tests, told = 0, 0
    for test in fresh.defer('plan__as_approved'):
        people = [user for user in _concerned(test) if _may_see(user, test)]
        for user in people:
            _notify(user, test)
        # Not save(): that nobody was told before is no change to the test that anybody made.
        ContinuityTest.objects.using(using).filter(pk=test.pk).update(notified_for=test.due)
        tests, told = tests + 1, told + len(people)
    return tests, told


def _concerned(test):
    subscribed = Q()
    for model, pk in ((ContinuityTest, test.pk), (ContinuityPlan, test.plan_id)):
        subscribed |= Q(object_type=ContentType.objects.get_for_model(model), object_id=pk)
    subscribers = Subscription.objects.filter(subscribed).values('user')
    return User.objects.filter(
        Q(pk__in=subscribers) | Q(pk__in=[pk for pk in (test.plan.edited_by_id, test.plan.approved_by_id) if pk]),
        is_active=True,
    )


def _may_see(user, test):
    return ContinuityTest.objects.restrict(user, 'view').filter(pk=test.pk).exists()


def _notify(user, test):
    """NetBox keeps one notification per object and person: this one takes the place of whatever was there."""
    about = {'object_type': ContentType.objects.get_for_model(test), 'object_id': test.pk, 'user': user}
    Notification.objects.filter(**about).delete()
    Notification.objects.create(**about, event_type=TEST_OVERDUE)


def tidy_changes(using):
    """Of the changes noted of a CI keep the newest of each kind, which is all that anybody asks for."""
    table = ConfigurationChange._meta.db_table
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'DELETE FROM {table} old USING (SELECT object_type_id, object_id, of_links, max(id) AS id, count(*) FROM '
            f'{table} GROUP BY 1, 2, 3 HAVING count(*) > 1) kept WHERE old.object_type_id = kept.object_type_id '
            'AND old.object_id = kept.object_id AND old.of_links = kept.of_links AND old.id < kept.id'
        )
        return cursor.rowcount
