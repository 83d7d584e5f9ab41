"""Nobody learns through a baseline of CIs they may not see; whoever took one sees it while they may see as much."""
import json
from datetime import timedelta
from unittest.mock import patch

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from core.choices import JobStatusChoices
from core.models import Job
from extras.models import JournalEntry
from users.models import ObjectPermission

from netbox_ims.ci_types import get_ci_types
from netbox_ims.jobs import TakeBaselineJob
from netbox_ims.models import Baseline
from netbox_ims.services import register_rows
from netbox_ims.services.baselines import sealed_rows, take_baseline
from netbox_ims.ui.baselines import baseline_figures
from tests import factories as make
from tests.base import RestClient, disable_warnings

IMS = ('netbox_ims.view_registerentry', 'netbox_ims.view_baseline', 'netbox_ims.add_baseline')


class PermissionsTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.admin = make.make_user(is_superuser=True, username='admin')
        cls.berlin, cls.paris = make.make_site('berlin'), make.make_site('paris')
        cls.device = make.make_device('b-1', cls.berlin)
        make.make_device('p-1', cls.paris)
        make.make_vm('b-vm', site=cls.berlin)

    def user(self, constraints=None, models=('dcim.view_device',), ims=IMS, name=None):
        user = make.make_user(*ims, username=name)
        make.grant(user, *models, constraints=constraints)
        return make.fresh(user)

    def seen(self, user):
        """Names of the baselines a user gets to see, by every way there is, which must agree."""
        user = make.fresh(user)
        status, data = RestClient(user).get('baselines/')
        names = sorted(each['name'] for each in data['results'])
        self.assertEqual((status, data['count']), (200, len(names)))
        self.client.force_login(user)
        page = self.client.get(reverse('plugins:netbox_ims:baseline_list'))
        self.assertEqual(sorted(row.record.name for row in page.context['table'].rows), names)
        data, errors = RestClient(user).graphql('{ims_baseline_list {name}}')
        self.assertIsNone(errors)
        self.assertEqual(sorted(each['name'] for each in data['ims_baseline_list']), names)
        for baseline in Baseline.objects.all():
            expected = 200 if baseline.name in names else 404
            with disable_warnings('django.request'):
                for url in (
                    reverse('plugins:netbox_ims:baseline', args=[baseline.pk]),
                    *(reverse(f'plugins:netbox_ims:baseline_{name}', args=[baseline.pk])
                      for name in ('rows', 'verify', 'download')),
                ):
                    self.assertEqual(self.client.get(url).status_code, expected, url)
            for path in ('', 'verify/'):
                self.assertEqual(RestClient(user).get(f'baselines/{baseline.pk}/{path}')[0], expected)
        return names

    def names_in(self, baseline):
        return sorted(json.loads(line)['name'] for line, _digest in sealed_rows(baseline))

    def test_what_has_moved_out_of_sight_is_no_link(self):
        user = self.user({'site__name': 'berlin'})
        baseline, page = take_baseline('x', user), self.device.get_absolute_url()
        url = reverse('plugins:netbox_ims:baseline_rows', args=[baseline.pk])
        self.client.force_login(user)
        self.assertContains(self.client.get(url), f'href="{page}"')
        self.device.site = self.paris
        self.device.save()
        self.assertContains(self.client.get(url), 'b-1')
        self.assertNotContains(self.client.get(url), f'href="{page}"')

    def test_it_holds_what_its_maker_could_see(self):
        self.assertEqual(self.names_in(take_baseline('x', self.user({'site__name': 'berlin'}))), ['b-1'])
        self.assertEqual(self.names_in(take_baseline('x', self.user())), ['b-1', 'p-1'])
        self.assertEqual(self.names_in(take_baseline('x', self.user(ims=IMS[1:]))), [])
        self.assertEqual(len(self.names_in(take_baseline('x', self.admin))), 5)

    def test_who_sees_which(self):
        in_berlin, in_paris = {'site__name': 'berlin'}, {'site__name': 'paris'}
        ada, bob = self.user(in_berlin), self.user(in_paris)
        everywhere = self.user()
        take_baseline('all', self.admin)
        take_baseline('devices', self.admin, filter={'object_type': ['dcim.device']})
        take_baseline('of ada', ada)
        take_baseline('of bob', bob)
        for who, user, expected in (
            ('superuser', self.admin, ['all', 'devices', 'of ada', 'of bob']),
            ('all devices', everywhere, ['devices', 'of ada', 'of bob']),
            ('ada', ada, ['of ada']),
            ('bob', bob, ['of bob']),
            ('like ada', self.user(in_berlin), ['of ada']),
            ('both', self.user([in_berlin, in_paris]), ['of ada', 'of bob']),
            ('the same said otherwise', self.user({'site__slug': 'berlin'}), []),
            ('every type', self.user(models=self.every_type()), ['all', 'devices', 'of ada', 'of bob']),
            ('no CIs', make.make_user(*IMS), []),
            ('not the register', self.user(ims=IMS[1:]), []),
        ):
            with self.subTest(who):
                self.assertEqual(self.seen(user), expected)

    @staticmethod
    def every_type():
        return [f'{label.split(".")[0]}.view_{label.split(".")[1]}' for label in get_ci_types()]

    def test_rights_lost_since(self):
        ada = self.user({'site__name': 'berlin'}, name='ada')
        take_baseline('of ada', ada)
        self.assertEqual(self.seen(ada), ['of ada'])
        ObjectPermission.objects.filter(users=ada, object_types__model='device').update(
            constraints={'site__name': 'paris'}
        )
        self.assertEqual(self.seen(ada), [])

    def test_a_condition_on_the_user_is_another_for_each(self):
        mine = {'journal_entries__created_by': '$user'}
        ada, bob = self.user(mine), self.user(mine)
        for user in (ada, bob):
            JournalEntry.objects.create(assigned_object=self.device, created_by=user, comments='Mine')
        self.assertEqual(take_baseline('of ada', ada).rows, 1)
        self.assertEqual((self.seen(ada), self.seen(bob)), (['of ada'], []))

    def test_without_the_permission_itself(self):
        take_baseline('all', self.admin)
        user = self.user(models=self.every_type(), ims=IMS[:1])
        rest = RestClient(user)
        self.assertEqual(rest.get('baselines/')[0], 403)
        self.assertEqual(rest.post('baselines/', {'name': 'x'})[0], 403)
        self.assertEqual(Baseline.objects.count(), 1)

    def test_a_constraint_on_baselines_themselves(self):
        user = make.make_user(*IMS[:1], *self.every_type())
        make.grant(user, 'netbox_ims.view_baseline', 'netbox_ims.add_baseline', constraints={'name__startswith': 'Ada'})
        take_baseline('Other', self.admin)
        rest = RestClient(make.fresh(user))
        self.assertEqual(rest.post('baselines/', {'name': 'Bob'})[0], 403)
        self.assertEqual(rest.post('baselines/', {'name': 'Ada 1'})[0], 201)
        self.assertEqual([each['name'] for each in rest.get('baselines/')[1]['results']], ['Ada 1'])

    def test_taking_needs_the_register(self):
        user = self.user(ims=IMS[1:])
        self.assertEqual(RestClient(user).post('baselines/', {'name': 'x'})[0], 403)
        self.assertFalse(Baseline.objects.exists())

    def test_figures_lead_to_what_they_count_whoever_reads_it(self):
        baseline = take_baseline('of ada', self.user({'site__name': 'berlin'}))
        self.client.force_login(self.admin)
        page = self.client.get(baseline.get_absolute_url())
        figures = baseline_figures(baseline)
        self.assertTrue(all(counted for _name, counted in figures))
        for name, counted in figures:
            for figure in counted:
                with self.subTest(name=name, label=figure.label):
                    self.assertContains(page, f'href="{figure.url}"')
                    rows = self.client.get(figure.url).context['table'].rows
                    self.assertEqual(len(rows), figure.count)
                    self.assertEqual([row.record['name'] for row in rows], ['b-1'] * figure.count)
        rows = self.client.get(reverse('plugins:netbox_ims:baseline_rows', args=[baseline.pk]), {
            'classification': 'x\x00"',
        })
        self.assertEqual(len(rows.context['table'].rows), 0)
        self.assertContains(rows, 'All rows')

    def test_the_neighbours_in_the_chain_are_not_named(self):
        take_baseline('secret before', self.admin)
        ada = self.user({'site__name': 'berlin'})
        baseline = take_baseline('of ada', ada)
        take_baseline('secret after', self.admin)
        self.client.force_login(ada)
        page = self.client.get(baseline.get_absolute_url())
        self.assertContains(page, 'a baseline you may not see')
        self.assertNotContains(page, 'secret')

    def test_anonymous(self):
        take_baseline('all', self.admin)
        with self.settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['netbox_ims.baseline']):
            status, data = RestClient().get('baselines/')
            self.assertIn((status, (data or {}).get('count', 0)), ((200, 0), (403, 0), (401, 0)))
            self.client.logout()
            page = self.client.get(reverse('plugins:netbox_ims:baseline_list'))
            self.assertNotContains(page, 'all</a>')


class LargeTest(TestCase):
    """So many CIs that a background job seals them."""

    @classmethod
    def setUpTestData(cls):
        cls.admin = make.make_user(is_superuser=True, username='admin')
        cls.site = make.make_site()
        for number in range(3):
            make.make_device(f'srv-{number}', cls.site)

    def setUp(self):
        patched = patch.object(register_rows, 'LARGE', 2)
        patched.start()
        self.addCleanup(patched.stop)

    def test_rest_answers_with_the_job(self):
        with patch.object(TakeBaselineJob, 'enqueue', wraps=TakeBaselineJob.enqueue) as enqueue:
            status, data = RestClient(self.admin).post('baselines/', {'name': 'Big', 'filter': {'name__isw': 'srv'}})
        self.assertEqual((status, data['name']), (202, 'Take a baseline'))
        self.assertFalse(Baseline.objects.exists())
        wanted = enqueue.call_args.kwargs['wanted']
        self.assertEqual((wanted['name'], wanted['filter']), ('Big', {'name__isw': ['srv']}))
        self.assertLess(timezone.now() - wanted['as_of'], timedelta(minutes=1))
        # What fits is taken at once.
        status, data = RestClient(self.admin).post('baselines/', {'name': 'Small', 'filter': {'name': 'srv-1'}})
        self.assertEqual((status, data['rows']), (201, 1))

    def test_the_job(self):
        wanted = {'name': 'Big', 'filter': {'name__isw': ['srv']}, 'as_of': timezone.now(), 'reason': 'Audit'}
        job = TakeBaselineJob.enqueue(user=self.admin, request=self.request(), wanted=wanted, immediate=True)
        job.refresh_from_db()
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        baseline = Baseline.objects.get()
        self.assertEqual((baseline.rows, baseline.user_name, baseline.reason), (3, 'admin', 'Audit'))
        self.assertEqual(baseline.as_of, wanted['as_of'])
        self.assertEqual(job.data, {'baseline': baseline.pk, 'rows': 3, 'sha256': baseline.sha256})

    def test_a_job_of_somebody_who_may_not(self):
        user = make.make_user()
        job = TakeBaselineJob.enqueue(user=user, request=self.request(), wanted={'name': 'x'}, immediate=True)
        job.refresh_from_db()
        self.assertEqual(job.status, JobStatusChoices.STATUS_FAILED)
        self.assertFalse(Baseline.objects.exists())

    def test_the_page_says_so(self):
        self.client.force_login(self.admin)
        response = self.client.post(reverse('plugins:netbox_ims:baseline_add'), {'name': 'Big'}, follow=True)
        self.assertContains(response, 'a background job seals them')
        self.assertTrue(Job.objects.filter(name='Take a baseline').exists())

    @staticmethod
    def request():
        from utilities.request import NetBoxFakeRequest
        return NetBoxFakeRequest({'META': {}, 'POST': {}, 'GET': {}, 'FILES': {}, 'user': None, 'path': '/', 'id': None,
                                  'COOKIES': {}})
