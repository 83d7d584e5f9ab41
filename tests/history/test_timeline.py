"""The history of one CI on its tab, and of one that is gone on its RetiredCI's page."""
from django.test import TestCase, TransactionTestCase
from django.urls import reverse

from netbox_ims.models import AssetProfile, RetiredCI
from netbox_ims.services import derive
from tests import factories as make
from tests.base import QueryCountMixin, as_user
from tests.register.test_jobs import tamper

from .past import days_ago, grow_old, joined, said_until


class TimelineTest(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.admin = make.make_user(is_superuser=True, username='admin')
        cls.berlin, cls.paris = make.make_site('Berlin', slug='berlin'), make.make_site('Paris', slug='paris')
        cls.secret = make.make_classification('Secret', slug='secret', level=99)
        cls.device = make.make_device('srv', cls.paris)
        make.make_profile(cls.device, classification=cls.secret, rto_minutes=0)
        derive.settle()
        grow_old()
        said_until(cls.device, days_ago(10), user_name='ada', classification_id=None, rto_minutes=240)
        said_until(cls.device, days_ago(20), user_name='bob', site_id=cls.berlin.pk)
        cls.url = f'/dcim/devices/{cls.device.pk}/ims-history/'

    def steps(self, user=None, **query):
        self.client.force_login(user or self.admin)
        response = self.client.get(self.url, query)
        self.assertEqual(response.status_code, 200)
        return [step for _day, steps in response.context['timeline'].days for step in steps], response

    def test_day_by_day_in_words(self):
        steps, page = self.steps()
        said = [
            (step.title, step.user_name, [(each.label, each.old.text, each.new.text) for each in step.changes])
            for step in steps if step.kind == 'changed'
        ]
        self.assertEqual(said, [
            ('Changed', 'ada', [('Classification', 'unknown', 'secret'), ('RTO', '4h', '0m')]),
            ('Changed', 'bob', [('Site', 'Berlin', 'Paris')]),
        ])
        began = steps[-1]
        self.assertEqual((began.kind, began.title), ('found', 'In the register when its history began'))
        self.assertIn(('Name', 'srv'), [(each.label, each.new.text) for each in began.changes])
        for day in (10, 20, 1000):
            self.assertContains(page, f'{days_ago(day):%Y-%m-%d}')
        self.assertContains(page, 'ims-unk')            # unknown is grey

    def test_after_pruning_the_first_that_is_left_is_a_change(self):
        tamper('DELETE FROM netbox_ims_registerversion WHERE valid_to <= %s', [days_ago(15)])
        tamper('UPDATE netbox_ims_historystart SET time = %s', [days_ago(15)])
        steps, page = self.steps()
        first = steps[-1]
        self.assertEqual((first.kind, first.user_name), ('cut', 'bob'))
        self.assertIn(('Site', 'Paris'), [(each.label, each.new.text) for each in first.changes])
        self.assertNotContains(page, 'Joined the register')

    def test_who_joined_later_did(self):
        joined(later := make.make_device('later'), days_ago(3))
        self.client.force_login(self.admin)
        self.assertContains(self.client.get(f'/dcim/devices/{later.pk}/ims-history/'), 'Joined the register')

    def test_decisions_with_reasons(self):
        self.assertEqual([len(step.decisions) for step in self.steps()[0] if step.decisions], [1])

    def test_restricted(self):
        url = self.url
        ims = ('netbox_ims.view_registerentry', 'netbox_ims.view_decision')
        for title, user, expected in (
            ('no CIs', make.make_user(*ims), 404),
            ('not the register', make.make_user('dcim.view_device'), 403),
            ('this one', make.make_user(*ims, 'dcim.view_device'), 200),
        ):
            with self.subTest(title):
                self.client.force_login(user)
                self.assertEqual(self.client.get(url).status_code, expected)
        elsewhere = make.make_user(*ims)
        make.grant(elsewhere, 'dcim.view_device', constraints={'site__slug': 'berlin'})
        self.client.force_login(make.fresh(elsewhere))
        self.assertEqual(self.client.get(url).status_code, 404)

    def test_without_permission_on_decisions_there_are_none(self):
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        steps, _page = self.steps(user)
        self.assertEqual([step.decisions for step in steps if step.decisions], [])

    def test_page_by_page(self):
        for day in range(21, 91):
            said_until(self.device, days_ago(day), name=f'srv-{day}')
        first, page = self.steps()
        self.assertContains(page, '?page=2')
        second, page = self.steps(page=2)
        self.assertNotContains(page, '?page=3')
        kinds = [step.kind for step in first + second if step.kind != 'decided']
        self.assertEqual((len(kinds), kinds.count('found'), kinds[-1]), (73, 1, 'found'))
        for page in ('x', '0', '-1', '99999', '9' * 30, '1\x00'):
            with self.subTest(page=page):
                self.steps(page=page)

    def test_queries_do_not_grow_with_versions(self):
        few = self.count_queries(self.steps)
        for day in range(21, 41):
            said_until(self.device, days_ago(day), name=f'srv-{day}', asset_owner_id=make.make_contact().pk)
        self.assertSameQueries(few, self.count_queries(self.steps))


class RetiredTest(TransactionTestCase):
    """With transactions of its own: what a CI that is gone said is written when it goes."""

    def setUp(self):
        self.admin = make.make_user(is_superuser=True, username='admin')
        self.berlin = make.make_site('Berlin', slug='berlin')
        self.device = make.make_device('srv', self.berlin)
        with as_user(self.admin):
            make.make_profile(self.device, processes_personal_data=True)
            profile = AssetProfile.objects.get()
            profile.snapshot()
            profile.processes_personal_data, profile._changelog_message = False, 'The data went elsewhere'
            profile.save()
        derive.settle()
        with as_user(self.admin):
            self.device._changelog_message = 'Disks shredded'
            self.device.delete()
        self.retired = RetiredCI.objects.get()
        self.url = reverse('plugins:netbox_ims:retiredci_history', args=[self.retired.pk])

    def test_after_it_was_deleted(self):
        self.client.force_login(self.admin)
        page = self.client.get(self.url)
        steps = [step for _day, steps in page.context['timeline'].days for step in steps]
        self.assertEqual((steps[0].kind, steps[0].user_name, steps[-1].kind), ('ended', 'admin', 'began'))
        self.assertIn('retired', [decision.action for decision in steps[0].decisions])
        said = [(each.label, each.old.text, each.new.text) for step in steps for each in step.changes]
        self.assertIn(('Personal data', 'yes', 'no'), said)
        for text in ('Left the register', 'The data went elsewhere', 'Disks shredded'):
            self.assertContains(page, text)
        self.assertContains(self.client.get(self.retired.get_absolute_url()), self.url)

    def test_restricted_by_where_it_was(self):
        ims = ('netbox_ims.view_registerentry', 'netbox_ims.view_decision', 'netbox_ims.view_retiredci')
        for site, expected in (('berlin', 200), ('paris', 404)):
            user = make.make_user(*ims)
            make.grant(user, 'dcim.view_device', constraints={'site__slug': site})
            self.client.force_login(make.fresh(user))
            self.assertEqual(self.client.get(self.url).status_code, expected)
        self.client.force_login(make.make_user('netbox_ims.view_retiredci', 'dcim.view_device'))
        self.assertEqual(self.client.get(self.url).status_code, 403)
