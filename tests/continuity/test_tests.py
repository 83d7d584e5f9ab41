"""Tests of plans: what they may say when, whether they still hold, when they are overdue, and who is told."""
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import TestCase
from django.utils import timezone

from core.models import Job
from dcim.models import Device, DeviceBay
from extras.models import Notification, Subscription
from ipam.models import Service

from netbox_ims.jobs import KeepTestsJob
from netbox_ims.models import ConfigurationChange, ContinuityTest, ContinuityTestSubject, Dependency
from tests import factories as make
from tests.base import QueryCountMixin, RestClient

LONG_AGO = date(2026, 1, 15)


class BadInputTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.plan, cls.device = make.make_plan(), make.make_device()

    def setUp(self):
        self.rest = RestClient(make.make_user(is_superuser=True))

    def test_tests(self):
        tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
        planned, held = {'planned_on': '2026-01-01'}, {'held_on': '2026-01-02'}
        for values, field in (
            ({**planned, 'achieved_rto_minutes': 60}, 'achieved_rto_minutes'),
            ({**planned, 'achieved_rpo_minutes': 0}, 'achieved_rpo_minutes'),
            ({**planned, 'result': 'passed'}, 'result'), ({**held, 'result': 'well'}, 'result'),
            ({'held_on': tomorrow}, 'held_on'), ({}, 'planned_on'),
            ({**held, 'achieved_rto_minutes': -1}, 'achieved_rto_minutes'),
            ({**held, 'achieved_rpo_minutes': '1h'}, 'achieved_rpo_minutes'),
            ({**held, 'achieved_rpo_minutes': True}, 'achieved_rpo_minutes'),
            ({**held, 'next_due': '2026-01-01'}, 'next_due'), ({**planned, 'next_due': '2025-12-31'}, 'next_due'),
            ({**planned, 'test_type': 'nonsense'}, 'test_type'), ({**planned, 'plan': 10**9}, 'plan'),
            ({**planned, 'plan': None}, 'plan'), ({'planned_on': 'x'}, 'planned_on'),
        ):
            with self.subTest(values):
                status, answer = self.rest.post('continuity-tests/', {
                    'plan': self.plan.pk, 'test_type': 'failover', **values
                })
                self.assertEqual((status, list(answer)), (400, [field]), answer)
        self.assertFalse(ContinuityTest.objects.exists())

    def test_subjects(self):
        planned = make.make_test(self.plan)
        ci = {'object_type': 'dcim.device', 'object_id': self.device.pk}
        for values, field in (
            ({'achieved_rto_minutes': 60}, 'achieved_rto_minutes'),
            ({'achieved_rpo_minutes': 0}, 'achieved_rpo_minutes'),
            ({'object_id': 10**9}, 'object_id'), ({'object_type': 'dcim.interface'}, 'object_type'),
            ({'test': 10**9}, 'test'),
        ):
            with self.subTest(values):
                status, answer = self.rest.post('continuity-test-subjects/', {'test': planned.pk, **ci, **values})
                self.assertEqual((status, list(answer)), (400, [field]), answer)
        self.assertEqual(self.rest.post('continuity-test-subjects/', {'test': planned.pk, **ci})[0], 201)
        status, answer = self.rest.post('continuity-test-subjects/', {'test': planned.pk, **ci})
        self.assertEqual(status, 400)
        self.assertIn('This CI is part of this test already.', str(answer))
        # Held, and with a time for one CI, it can no longer be called off.
        self.assertEqual(self.rest.patch(f'continuity-tests/{planned.pk}/', {'held_on': '2026-02-01'})[0], 200)
        subject = planned.subjects.get()
        self.assertEqual(
            self.rest.patch(f'continuity-test-subjects/{subject.pk}/', {'achieved_rto_minutes': 60})[0], 200
        )
        status, answer = self.rest.patch(f'continuity-tests/{planned.pk}/', {'held_on': None})
        self.assertEqual((status, list(answer)), (400, ['held_on']))

    def test_a_ci_one_may_not_see_answers_like_none(self):
        test = make.make_test(self.plan)
        user = make.make_user('netbox_ims.add_continuitytestsubject', 'netbox_ims.view_continuitytestsubject')
        rest = RestClient(user)
        answers = [
            rest.post('continuity-test-subjects/', {'test': test.pk, 'object_type': 'dcim.device', 'object_id': pk})
            for pk in (self.device.pk, 10**9)
        ]
        self.assertEqual([status for status, _answer in answers], [400, 400])
        self.assertEqual(
            str(answers[0][1]).replace(str(self.device.pk), 'N'), str(answers[1][1]).replace(str(10**9), 'N')
        )
        make.make_test_subject(test, self.device)
        self.assertEqual(rest.get('continuity-test-subjects/')[1]['count'], 0)

    def test_a_plan_that_was_tested_stays(self):
        make.make_test(self.plan)
        status, answer = self.rest.delete(f'continuity-plans/{self.plan.pk}/')
        self.assertIn(status, (400, 409))
        self.assertIn('1 tests are of it', str(answer))


class StaleTestCase(QueryCountMixin, TestCase):
    """
    service → (typed) vm → (derived) cluster → (derived) host → (derived) chassis; a bystander changes beside them.
    """

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site()
        cls.cluster = make.make_cluster()
        cls.host = make.make_device('host', site=cls.site, cluster=cls.cluster)
        cls.chassis = make.make_device('chassis', site=cls.site)
        bay = DeviceBay(device=cls.chassis, name='1')
        bay.installed_device = cls.host
        DeviceBay.objects.bulk_create([bay])
        cls.vm = make.make_vm('vm', cluster=cls.cluster)
        cls.service = make.make_it_service('Payroll')
        cls.dependency = make.make_dependency(cls.service, cls.vm)
        cls.bystander = make.make_device('bystander', site=cls.site)
        cls.test = make.make_test(cis=[cls.service], held_on=LONG_AGO)
        ConfigurationChange.objects.all().delete()

    def setUp(self):
        self.rest = RestClient(make.make_user(is_superuser=True))

    def stale(self):
        stored = ContinuityTest.objects.with_stale().get(pk=self.test.pk).is_stale
        self.assertIs(self.rest.get(f'continuity-tests/{self.test.pk}/')[1]['stale'], stored)
        self.assertIs(ContinuityTest.objects.get(pk=self.test.pk).stale, stored)
        return stored

    def test_nothing_changed(self):
        self.assertIs(self.stale(), False)

    def test_what_is_no_change_of_configuration(self):
        for ci in (self.service, self.vm, self.host, self.chassis):
            ci.description, ci.comments = 'Moved the sticker', 'x'
            ci.name += ' (renamed)'
            ci.save()
        make.make_profile(self.vm, rto_minutes=60)
        self.bystander.status = 'offline'
        self.bystander.save()
        make.make_vm('another guest', cluster=self.cluster)
        make.make_device('newcomer', site=self.site)
        make.make_dependency(self.bystander, self.vm)
        self.assertIs(self.stale(), False)

    def test_configuration(self):
        for ci, field, value in (
            (self.service, 'status', 'planned'), (self.vm, 'memory', 4096), (self.vm, 'vcpus', 8),
            (self.host, 'serial', 'X1'), (self.host, 'device_type', make.make_device_type()),
            (self.chassis, 'status', 'offline'), (self.cluster, 'status', 'decommissioning'),
        ):
            with self.subTest(ci=ci, field=field):
                ConfigurationChange.objects.all().delete()
                if field == 'device_type':
                    value = type(value).objects.create(manufacturer=value.manufacturer, model='New', slug='new')
                setattr(ci, field, value)
                ci.save()
                self.assertIs(self.stale(), True)

    def test_past_django(self):
        Device.objects.filter(pk=self.host.pk).update(status='failed')
        self.assertIs(self.stale(), True)

    def test_links(self):
        """Something else to depend on, or nothing any more."""
        for name, change in (
            ('another provider', lambda: make.make_dependency(self.vm, self.bystander)),
            ('its group', lambda: Dependency.objects.filter(pk=self.dependency.pk).update(redundancy_group='x')),
            ('a host more', lambda: Device.objects.filter(pk=self.bystander.pk).update(cluster=self.cluster)),
            ('a host less', lambda: Device.objects.filter(pk=self.bystander.pk).update(cluster=None)),
            ('out of the chassis', lambda: DeviceBay.objects.update(installed_device=None)),
            ('without its VM', lambda: self.vm.delete()),
        ):
            with self.subTest(name):
                ConfigurationChange.objects.all().delete()
                self.assertIs(self.stale(), False)
                change()
                self.assertIs(self.stale(), True)

    def test_what_was_on_record_when_the_test_was_recorded(self):
        """Dependencies that were entered before the test were known to whoever recorded it, however old the test."""
        make.make_dependency(self.service, self.bystander)
        later = make.make_test(self.test.plan, [self.service], held_on=LONG_AGO)
        self.assertIs(ContinuityTest.objects.with_stale().get(pk=later.pk).is_stale, False)
        # A configuration is another matter: it changed after the day of the test, whenever that was recorded.
        self.bystander.serial = 'X'
        self.bystander.save()
        third = make.make_test(self.test.plan, [self.service], held_on=LONG_AGO)
        self.assertIs(third.stale, True)

    def test_a_change_of_the_same_day(self):
        self.host.serial = 'X0'
        self.host.save()
        today = make.make_test(self.test.plan, [self.host], held_on=timezone.localdate())
        self.assertIs(today.stale, False)
        self.host.serial = 'X1'
        self.host.save()
        self.assertIs(ContinuityTest.objects.get(pk=today.pk).stale, True)

    def test_held_again(self):
        self.host.serial = 'X0'
        self.host.save()
        self.assertIs(self.stale(), True)
        self.test.held_on = timezone.localdate()
        self.test.save()
        self.assertIs(self.stale(), False)

    def test_unknown(self):
        planned = make.make_test(cis=[self.host])
        about_nothing = make.make_test(held_on=LONG_AGO)
        self.assertEqual((planned.stale, about_nothing.stale), (None, None))
        for value, expected in (('true', []), ('false', [self.test.pk]), ('null', [planned.pk, about_nothing.pk])):
            _status, data = self.rest.get('continuity-tests/', stale=value)
            self.assertCountEqual([row['id'] for row in data['results']], expected)
        self.host.serial = 'X1'
        self.host.save()
        _status, data = self.rest.get('continuity-tests/', stale='true')
        self.assertEqual([row['id'] for row in data['results']], [self.test.pk])

    def test_cycles(self):
        make.make_dependency(self.chassis, self.service)
        ConfigurationChange.objects.all().delete()
        self.assertIs(self.stale(), False)

    def test_ids_of_another_type(self):
        """A change of a CI of another type with the same id is none."""
        ConfigurationChange.objects.create(
            object_type=ContentType.objects.get_for_model(Service), object_id=self.host.pk, time=timezone.now()
        )
        self.assertIs(self.stale(), False)

    def test_a_list_costs_the_same_however_long(self):
        few = self.count_queries(lambda: self.rest.get('continuity-tests/'))
        for _n in range(5):
            make.make_test(self.test.plan, [self.service], held_on=LONG_AGO)
        self.assertSameQueries(few, self.count_queries(lambda: self.rest.get('continuity-tests/')))
        self.client.force_login(make.make_user(is_superuser=True))
        few = self.count_queries(lambda: self.client.get('/plugins/ims/continuity-tests/'))
        for _n in range(5):
            make.make_test(self.test.plan, [self.service], held_on=LONG_AGO)
        self.assertSameQueries(few, self.count_queries(lambda: self.client.get('/plugins/ims/continuity-tests/')))

    def test_deleting_a_ci_takes_its_part_in_tests_along(self):
        make.make_test_subject(self.test, self.bystander)
        self.bystander.serial = 'X'
        self.bystander.save()
        self.bystander.delete()
        self.assertEqual(self.test.subjects.count(), 1)
        make.make_test_subject(self.test, self.host)
        with connection.cursor() as cursor:
            cursor.execute('UPDATE dcim_devicebay SET installed_device_id = NULL')
            cursor.execute('DELETE FROM dcim_device WHERE id = %s', [self.host.pk])
        self.assertEqual(self.test.subjects.count(), 1)
        device = ContentType.objects.get_for_model(Device)
        self.assertFalse(ConfigurationChange.objects.filter(object_type=device, object_id=self.host.pk).exists())


class OnPagesTestCase(TestCase):
    """What tests achieved stands on the IMS tab of every CI, against its own targets."""

    @classmethod
    def setUpTestData(cls):
        cls.vm, cls.service = make.make_vm('vm-db-03'), make.make_it_service('Payroll')
        cls.function = make.make_business_function('Salary payment')
        make.make_dependency(cls.function, cls.service)
        make.make_profile(cls.vm, rto_minutes=60, rpo_minutes=60)
        make.make_profile(cls.service, rto_minutes=240)
        plan = make.make_plan('Payroll outage')
        cls.test = make.make_test(
            plan, [cls.service], held_on=LONG_AGO, achieved_rto_minutes=180, achieved_rpo_minutes=30, result='partial'
        )
        make.make_test_subject(cls.test, cls.vm, achieved_rto_minutes=90)
        ConfigurationChange.objects.all().delete()

    def test_ims_tab(self):
        self.client.force_login(make.make_user(is_superuser=True))
        page = self.client.get(f'{self.vm.get_absolute_url()}ims/')
        for text in ('Continuity Tests', '2026-01-15', 'Passed in part', '30m over', '30m left', 'Payroll outage v1'):
            self.assertContains(page, text)
        self.vm.memory = 1
        self.vm.save()
        page = self.client.get(f'{self.vm.get_absolute_url()}ims/')
        self.assertContains(page, 'Stale')
        self.assertNotContains(page, '30m over')

    def test_service_page(self):
        self.client.force_login(make.make_user(is_superuser=True))
        page = self.client.get(self.service.get_absolute_url())
        for text in ('Service Level', 'RTO agreed', '1h left', 'Salary payment', 'Runs On'):
            self.assertContains(page, text)

    def test_who_may_not_see_tests(self):
        user = make.make_user(
            'netbox_ims.view_registerentry', 'netbox_ims.view_assetprofile', 'virtualization.view_virtualmachine'
        )
        self.client.force_login(user)
        page = self.client.get(f'{self.vm.get_absolute_url()}ims/')
        self.assertNotContains(page, 'Continuity Tests')


class OverdueTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.plan = make.make_plan('Payroll outage')
        cls.missed = make.make_test(cls.plan, planned_on=LONG_AGO)

    def setUp(self):
        self.today = timezone.localdate()

    def overdue(self):
        rest = RestClient(make.make_user(is_superuser=True))
        ids = {row['id'] for row in rest.get('continuity-tests/', overdue='true')[1]['results']}
        others = {row['id'] for row in rest.get('continuity-tests/', overdue='false')[1]['results']}
        everything = set(ContinuityTest.objects.values_list('pk', flat=True))
        self.assertEqual((ids & others, ids | others), (set(), everything))
        return ids

    def test_what_is_overdue(self):
        soon = make.make_test(self.plan, planned_on=self.today)
        again = make.make_test(self.plan, held_on=date(2026, 2, 1), next_due=date(2026, 3, 1))
        undated = make.make_test(self.plan, held_on=date(2025, 2, 1))
        self.assertEqual(self.overdue(), {self.missed.pk, again.pk})
        # Held again, in another version of the plan
        other = make.make_plan('Payroll outage', version=2)
        make.make_test(other, held_on=date(2026, 4, 1), next_due=date(2031, 1, 1))
        self.assertEqual(self.overdue(), {self.missed.pk})
        self.assertTrue({soon.pk, undated.pk}.isdisjoint(self.overdue()))

    def test_a_plan_that_ended(self):
        plan = make.make_approved_plan()
        late = make.make_test(plan, planned_on=LONG_AGO)
        self.assertEqual(self.overdue(), {self.missed.pk, late.pk})
        from netbox_ims.services.plans import retire
        retire(plan, None)
        self.assertEqual(self.overdue(), {self.missed.pk})

    def run_job(self):
        job = Job.objects.create(name='Keep the tests', job_id='00000000-0000-0000-0000-000000000001')
        try:
            KeepTestsJob(job).run()
        finally:
            job.delete()

    def test_people_are_told_once_for_each_due_date(self):
        subscriber = make.make_user('netbox_ims.view_continuitytest', username='ada')
        blind, author = make.make_user(username='blind'), make.make_user('netbox_ims.view_continuitytest')
        type(self.plan).objects.filter(pk=self.plan.pk).update(edited_by=author)
        for user in (subscriber, blind):
            Subscription.objects.create(user=user, object=self.plan)
        self.run_job()
        self.assertCountEqual(
            Notification.objects.values_list('user__username', 'event_type'),
            [('ada', 'ims_test_overdue'), (author.username, 'ims_test_overdue')],
        )
        Notification.objects.all().delete()
        self.run_job()
        self.assertFalse(Notification.objects.exists())
        # Put off, and missed again
        self.missed.refresh_from_db()
        self.missed.planned_on = date(2026, 5, 1)
        self.missed.save()
        self.run_job()
        self.run_job()
        self.assertEqual(Notification.objects.filter(user=subscriber).count(), 1)

    def test_the_job_keeps_the_newest_change_of_each_ci(self):
        device = make.make_device()
        ConfigurationChange.objects.all().delete()
        for serial in 'abc':
            device.serial = serial
            device.save()
        newest = ConfigurationChange.objects.latest('time')
        self.run_job()
        self.assertEqual(list(ConfigurationChange.objects.all()), [newest])
        self.assertFalse(ContinuityTestSubject.objects.exists())
