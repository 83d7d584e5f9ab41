"""Who is told what of the risk register, and how often."""
from datetime import timedelta
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extras.models import Notification, Subscription
from netbox.registry import registry
from users.models import Group, Owner

from netbox_ims.jobs import RemindJob
from netbox_ims.models import Risk
from netbox_ims.services.reminders import remind
from netbox_ims.services.risk import accept
from tests import factories as make

SEES = ('netbox_ims.view_risk', 'netbox_ims.view_risktreatment', 'netbox_ims.view_riskacceptance')


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def run(days=0):
    """The lines of the job's log, after it has run so many days from now."""
    with patch('django.utils.timezone.localdate', return_value=in_days(days)):
        job = RemindJob.enqueue(immediate=True)
    job.refresh_from_db()
    return [entry['message'] for entry in job.log_entries]


def told(user):
    return sorted(Notification.objects.filter(user=user).values_list('event_type', 'object_repr'))


class RemindersTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.contact = make.make_contact('K. Brandt', email='K.Brandt@example.com')
        cls.owner = make.make_user(*SEES, username='brandt', email='k.brandt@EXAMPLE.com')
        cls.risk = make.make_risk('Flood', risk_owner=cls.contact, review_due=in_days(10), current=(1, 1))

    def test_the_user_behind_the_risk_owner_is_told_once_for_each_date(self):
        self.assertEqual(run(), ['1 notifications sent.'])
        self.assertEqual(told(self.owner), [('ims_risk_review_due', f'{self.risk.reference} Flood')])
        Notification.objects.all().delete()
        self.assertEqual(run(), ['0 notifications sent.'])
        self.assertEqual(told(self.owner), [])
        Risk.objects.update(review_due=in_days(12))
        run()
        self.assertEqual(len(told(self.owner)), 1)

    def test_news_replaces_what_has_been_read(self):
        Notification.objects.create(
            user=self.owner, object=self.risk, event_type='object_updated', read=timezone.now()
        )
        run()
        notification = Notification.objects.get(user=self.owner)
        self.assertEqual((notification.event_type, notification.read), ('ims_risk_review_due', None))

    def test_nothing_to_tell(self):
        for title, values in (
            ('a later date', {'review_due': in_days(31)}), ('no date', {'review_due': None}),
            ('closed', {'status': 'closed'}),
        ):
            with self.subTest(title):
                Risk.objects.update(review_due=in_days(10), status='open')
                Risk.objects.update(**values)
                self.assertEqual(run(), ['0 notifications sent.'])

    def test_the_team_and_who_subscribed_are_told(self):
        member, of_group, subscriber = (
            make.make_user(*SEES, username=name) for name in ('member', 'of-group', 'subscriber')
        )
        group = Group.objects.create(name='Risk team')
        of_group.groups.add(group)
        team = Owner.objects.create(name='Team')
        team.users.add(member)
        team.user_groups.add(group)
        Risk.objects.update(owner=team, risk_owner=None)
        Subscription.objects.create(user=subscriber, object=self.risk)
        self.assertEqual(run(), ['3 notifications sent.'])
        for user in (member, of_group, subscriber):
            self.assertEqual(len(told(user)), 1, user)
        self.assertEqual(told(self.owner), [])

    def test_nobody_is_told_of_what_they_may_not_see(self):
        blind = make.make_user(username='blind', email='other@example.com')
        other = make.make_contact('O. Ther', email='other@example.com')
        Risk.objects.update(risk_owner=other)
        self.assertEqual(run(), [
            '0 notifications sent.', '1 are due that no user is behind, or none who may see them.',
        ])
        self.assertEqual(told(blind), [])

    def test_who_has_no_account_is_counted(self):
        Risk.objects.update(risk_owner=make.make_contact('Nobody'))
        inactive = make.make_user(*SEES, username='gone', email='gone@example.com', is_active=False)
        make.make_risk(risk_owner=make.make_contact('Gone', email='gone@example.com'), review_due=in_days(-3))
        self.assertEqual(run(), [
            '0 notifications sent.', '2 are due that no user is behind, or none who may see them.',
        ])
        self.assertEqual(told(inactive), [])

    def test_actions_that_are_overdue(self):
        Risk.objects.update(review_due=None)
        responsible = make.make_user(*SEES, username='doer', email='doer@example.com')
        contact = make.make_contact('D. Oer', email='doer@example.com')
        late = make.make_treatment(self.risk, 'Build a dam', responsible=contact, due=in_days(-1))
        make.make_treatment(self.risk, 'Today', responsible=contact, due=in_days(0))
        make.make_treatment(self.risk, 'Done', responsible=contact, due=in_days(-9), done_on=in_days(-1))
        run()
        for user in (responsible, self.owner):
            self.assertEqual(told(user), [('ims_risk_treatment_overdue', str(late))])

    def test_acceptances_that_end_and_that_have_ended(self):
        Risk.objects.update(review_due=None)
        over = make.make_accepted()
        Risk.objects.filter(pk=over.risk_id).update(status='closed', risk_owner=self.risk.risk_owner)
        asking = make.make_user(*SEES, username='asking')
        request = make.make_request(self.risk, asking, valid_until=in_days(20))
        acceptance = accept(request, make.make_user(is_superuser=True))
        run()
        for user in (asking, self.owner):
            self.assertEqual([event for event, _what in told(user)], ['ims_risk_acceptance_ends'], user)
        self.assertEqual(run(21)[0], '1 acceptances of risks have ended.')
        acceptance.refresh_from_db()
        self.assertEqual(acceptance.status, 'expired')
        for user in (asking, self.owner):
            self.assertEqual([event for event, _what in told(user)], ['ims_risk_acceptance_expired'], user)
        run(22)
        self.assertEqual(Notification.objects.count(), 2)

    def test_it_runs_by_itself(self):
        self.assertEqual(registry['system_jobs'][RemindJob]['interval'], 60)

    def test_many_cost_no_more_queries_than_few(self):
        def queries(count):
            for _number in range(count):
                make.make_risk(risk_owner=self.contact, review_due=in_days(1))
            with CaptureQueriesContext(connection) as counted:
                remind(30)
            return len(counted)

        self.assertEqual(queries(2), queries(20))
