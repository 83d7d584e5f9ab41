"""
What a profile says that is kept from a user by the constraints of a permission, nothing else says: not the register
that repeats it, in no form of it, and no figure counts it.
"""
from django.test import TestCase
from django.urls import reverse

from netbox_ims.models import AssetProfile, RegisterEntry
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import RestClient, count_rows


class HiddenProfilesTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        site = make.make_site('ham')
        cls.open, cls.secret = make.make_classification('Open', 10), make.make_classification('Secret', 90)
        cls.known, cls.hidden, cls.blank = (make.make_device(name, site=site) for name in ('known', 'hidden', 'blank'))
        make.make_profile(cls.known, classification=cls.open)
        make.make_profile(cls.hidden, classification=cls.secret, rto_minutes=77)
        cls.user = make.make_user(
            'netbox_ims.view_registerentry', 'netbox_ims.view_classification', 'dcim.view_device'
        )
        make.grant(cls.user, 'netbox_ims.view_assetprofile', constraints={'classification__slug': 'open'})
        settle()

    def setUp(self):
        self.client.force_login(self.user)
        self.rest = RestClient(self.user)

    def test_rest_and_graphql(self):
        status, data = self.rest.get('register/')
        self.assertEqual([row['name'] for row in data['results']], ['blank', 'known'])
        for filters in ({'classification': 'secret'}, {'rto_minutes': 77}, {'q': 'hidden'}, {'name': 'hidden'}):
            self.assertEqual(self.rest.get('register/', **filters)[1]['count'], 0, filters)
        pk = RegisterEntry.objects.of(self.hidden).get().pk
        self.assertEqual(self.rest.get(f'register/{pk}/')[0], 404)
        data, errors = self.rest.graphql('{ ims_register_entry_list { name } }')
        self.assertEqual(sorted(row['name'] for row in data['ims_register_entry_list']), ['blank', 'known'])

    def test_list_and_exports(self):
        path = reverse('plugins:netbox_ims:registerentry_list')
        self.assertEqual(count_rows(self.client.get(path)), 2)
        exported = self.client.get(path, {'export': 'table'}).content.decode()
        self.assertIn('known', exported)
        self.assertNotIn('hidden', exported)

    def test_figures(self):
        coverage = self.client.get(reverse('plugins:netbox_ims:overview')).context['coverage']
        self.assertEqual((coverage.total.total, coverage.total.classified, coverage.total.unclassified), (2, 1, 1))
        for tile in coverage.tiles:
            self.assertEqual(count_rows(self.client.get(tile['url'])), tile['count'], tile['title'])

    def test_pages_of_the_ci(self):
        for device, shown in ((self.known, True), (self.blank, True), (self.hidden, False)):
            page = self.client.get(device.get_absolute_url())
            self.assertEqual('id="ims-assessment"' in page.content.decode(), shown, device)
            tab = self.client.get(f'{device.get_absolute_url()}ims/')
            self.assertEqual(tab.status_code, 200 if shown else 404, device)
        listed = self.client.get('/dcim/devices/', {'include_columns': 'ims_classification'})
        self.assertNotContains(listed, 'Secret')

    def test_a_permission_on_all_profiles_shows_them_all(self):
        make.grant(self.user, 'netbox_ims.view_assetprofile')
        self.assertEqual(RegisterEntry.objects.restrict(make.fresh(self.user)).count(), 3)
        self.assertEqual(AssetProfile.objects.restrict(make.fresh(self.user)).count(), 2)

    def test_control_assignments(self):
        make.grant(self.user, 'netbox_ims.view_controlassignment')
        control = make.make_control()
        for device in (self.known, self.hidden, self.blank):
            make.make_assignment(device, control=control)
        path = reverse('plugins:netbox_ims:controlassignment_list')
        self.assertEqual(count_rows(self.client.get(path)), 3)
        page = self.client.get(path, {'include_columns': 'classification'})
        self.assertContains(page, 'Open</span>')
        self.assertNotContains(page, 'Secret</span>')
        for filters, count in (
            ({'classification': 'open'}, 1), ({'classification': 'secret'}, 0), ({'classification__n': 'open'}, 2),
            ({'classification': 'null'}, 2), ({'classification_level__gte': 50}, 0),
            ({'classification_level__n': 90}, 3), ({'classification_level': 10}, 1),
            ({'classification_id': self.secret.pk}, 0),
        ):
            self.assertEqual(self.rest.get('control-assignments/', **filters)[1]['count'], count, filters)
