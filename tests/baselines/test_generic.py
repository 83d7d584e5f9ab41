"""Baselines under NetBox's own generic tests: pages, REST, GraphQL and filters."""
from datetime import UTC, datetime

from django.test import TestCase
from django.urls import reverse

from dcim.models import Device

from netbox_ims import filtersets
from netbox_ims.models import Baseline, Classification, RetiredCI
from tests import factories as make
from tests.base import FilterSetTests, IMSAPIViewTestCases, IMSViewTestCases
from tests.register.test_filtersets import FiltersMixin


class BaselinesMixin:
    """Three baselines, and a user who may see the register besides: who may not sees no baseline."""

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site('Berlin', slug='berlin')
        make.make_profile(make.make_device('srv-1', cls.site), classification=make.make_classification(slug='secret'))
        make.make_vm('vm-1', site=cls.site)
        cls.user_of_all = make.make_user(is_superuser=True, username='ada')
        for number, wanted in enumerate(({}, {'site': ['berlin']}, {'object_type': ['dcim.device']})):
            make.make_baseline(f'Baseline {number}', cls.user_of_all, filter=wanted, reason=f'Audit {number}')

    def setUp(self):
        super().setUp()
        self.add_permissions('netbox_ims.view_registerentry')


class BaselineViewTestCase(BaselinesMixin, IMSViewTestCases.ReadOnlyViewTestCase):
    model = Baseline
    unavailable = ('bulk_import', 'bulk_edit', 'bulk_delete', 'bulk_rename')

    def test_what_is_shown(self):
        baseline = Baseline.objects.get(name='Baseline 1')
        self.add_permissions('netbox_ims.view_baseline')
        response = self.client.get(baseline.get_absolute_url())
        for text in ('Baseline 1', 'Audit 1', 'ada', baseline.sha256, baseline.previous_sha256, 'site: berlin'):
            self.assertContains(response, text)
        self.assertContains(response, 'object_type=dcim.device')     # a figure leads to its rows
        for other in ('Baseline 0', 'Baseline 2'):
            self.assertContains(response, other)
        since = reverse('plugins:netbox_ims:registerentry_compare')
        self.assertContains(response, f'{since}?site=berlin&amp;start=')

    def test_rows_page_by_page(self):
        self.add_permissions('netbox_ims.view_baseline')
        baseline = Baseline.objects.get(name='Baseline 0')
        url = reverse('plugins:netbox_ims:baseline_rows', args=[baseline.pk])
        response = self.client.get(url)
        secret = Classification.objects.get(slug='secret')
        for text in ('srv-1', 'vm-1', f'style="--c: #{secret.color}">{secret}<', 'Unknown', 'Berlin'):
            self.assertContains(response, text)
        Classification.objects.filter(pk=secret.pk).update(slug='renamed')
        self.assertContains(self.client.get(url), 'secret')
        for number in range(12):
            make.make_device(f'more-{number}', self.site)
        baseline = make.make_baseline(user=self.user_of_all, filter={'name__isw': ['more']})
        url = reverse('plugins:netbox_ims:baseline_rows', args=[baseline.pk])
        for page, expected in ((1, range(5)), (2, range(5, 12))):
            shown = self.client.get(url, {'per_page': 5, 'page': page}).context['table'].page.object_list
            self.assertEqual([row.record['name'] for row in shown], [f'more-{number}' for number in expected])

    def test_rows_lead_to_what_is_left_of_the_cis(self):
        self.add_permissions('netbox_ims.view_baseline', 'netbox_ims.view_retiredci', 'dcim.view_device')
        baseline = Baseline.objects.get(name='Baseline 2')
        device = Device.objects.get(name='srv-1')
        url = reverse('plugins:netbox_ims:baseline_rows', args=[baseline.pk])
        self.assertContains(self.client.get(url), f'href="{device.get_absolute_url()}"')
        page = device.get_absolute_url()
        device.delete()
        rows = self.client.get(url)
        self.assertNotContains(rows, f'href="{page}"')
        self.assertContains(rows, f'href="{RetiredCI.objects.get().get_absolute_url()}"')
        self.remove_permissions('netbox_ims.view_retiredci')
        rows = self.client.get(url)
        self.assertContains(rows, 'srv-1')
        self.assertNotContains(rows, 'retired')

    def test_verifying(self):
        self.add_permissions('netbox_ims.view_baseline')
        for baseline in Baseline.objects.all():
            response = self.client.get(reverse('plugins:netbox_ims:baseline_verify', args=[baseline.pk]))
            self.assertContains(response, 'Unaltered')

    def test_taking_one(self):
        url = reverse('plugins:netbox_ims:baseline_add')
        self.assertHttpStatus(self.client.get(url), 403)
        self.add_permissions('netbox_ims.add_baseline', 'netbox_ims.view_baseline')
        address = '/plugins/ims/register/?site=berlin&sort=name'
        self.assertContains(self.client.get(url, {'filter': address}), '&quot;site&quot;')
        response = self.client.post(url, {'name': 'Year end', 'reason': 'Because', 'filter': address}, follow=True)
        self.assertHttpStatus(response, 200)
        baseline = Baseline.objects.get(name='Year end')
        self.assertEqual(
            (baseline.filter, baseline.reason, baseline.user_name, baseline.rows),
            ({'site': ['berlin']}, 'Because', self.user.username, 3)
        )

    def test_taking_one_needs_sight_of_the_register(self):
        self.remove_permissions('netbox_ims.view_registerentry')
        self.add_permissions('netbox_ims.add_baseline')
        self.assertHttpStatus(self.client.get(reverse('plugins:netbox_ims:baseline_add')), 403)
        self.assertHttpStatus(self.client.post(reverse('plugins:netbox_ims:baseline_add'), {'name': 'x'}), 403)


class BaselineAPITestCase(BaselinesMixin, IMSAPIViewTestCases.ReadOnlyAPIViewTestCase):
    model = Baseline
    brief_fields = ['as_of', 'display', 'id', 'name', 'number', 'rows', 'sha256', 'url']

    # Baselines can be posted; what else may not be done is in test_evidence.py.
    test_writing_is_refused = None


class BaselineFilterSetTestCase(FilterSetTests, FiltersMixin, TestCase):
    queryset = Baseline.objects.order_by('pk')
    filterset = filtersets.BaselineFilterSet
    ignore_fields = ('filter', 'figures', 'audience')

    @classmethod
    def setUpTestData(cls):
        ada, bob = (make.make_user(is_superuser=True, username=name) for name in ('ada', 'bob'))
        make.make_device('srv')
        cls.a = make.make_baseline('a', ada, reason='Audit')
        cls.b = make.make_baseline('b', bob)
        cls.c = make.make_baseline('c', bob, filter={'name': ['srv']})

    def test_filters(self):
        for parameters, expected in (
            ('q=AUDIT', 'a'), ('q=bob', 'b c'), (f'q={self.b.sha256[:10]}', 'b'), ('q= ', 'a b c'), ('q=nothing', ''),
            ('name=a&name=b', 'a b'), ('name__n=a', 'b c'), ('number=1', 'a'), ('number__gte=2', 'b c'),
            ('user=ada', 'a'), (f'user_id={self.b.user_id}', 'b c'), ('user_name=bob', 'b c'),
            ('reason__ic=aud', 'a'), ('rows=1', 'c'), (f'sha256={self.c.sha256}', 'c'),
            (f'previous_sha256={self.a.sha256}', 'b'), (f'rows_sha256={self.a.rows_sha256}', 'a b'),
            ('taken_on__lte=2020-01-01', ''), ('as_of__gte=2020-01-01', 'a b c'),
        ):
            self.assertFilters(parameters, expected)

    def test_moments(self):
        self.assertGreater(self.a.taken_on, datetime(2025, 1, 1, tzinfo=UTC))
        self.assertEqual(self.a.taken_on, self.a.as_of)
