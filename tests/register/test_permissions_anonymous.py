"""Nobody in particular: anonymous users, and what is exempt from view permissions."""
from django.test import override_settings
from django.urls import reverse

from netbox_ims.models import Classification, Decision
from tests.base import RestClient, count_rows

from .permissions import PLACES, REGISTER, PermissionTestCase


class AnonymousTestCase(PermissionTestCase):
    """`LOGIN_REQUIRED = False` and exempt view permissions open no more than what NetBox itself shows to everybody."""
    OURS = ['netbox_ims.registerentry', 'netbox_ims.assetprofile', 'netbox_ims.decision', 'netbox_ims.retiredci']
    COUNTS = {'register': 20, 'asset-profiles': 10, 'retired-cis': 2}
    LISTS = (*COUNTS, 'decisions')

    def setUp(self):
        self.rest = RestClient()

    def pages(self):
        yield from (f'/plugins/ims/{path}/' for path in self.LISTS)
        yield from (f'/plugins/ims/{path}/?export' for path in self.LISTS)
        yield reverse('plugins:netbox_ims:overview')

    def objects(self):
        for place in PLACES:
            yield 'register', self.entry(self.cis[place]['classified']).pk
            yield 'asset-profiles', self.profiles[place]['classified'].pk
            yield 'decisions', Decision.objects.filter(name=f'{place} classified').first().pk
            yield 'retired-cis', self.retired[place].pk

    def assertNobodyIsLetIn(self):
        for url in self.pages():
            with self.subTest(url=url):
                self.assertEqual(self.client.get(url).status_code, 302)
        for path in self.LISTS:
            with self.subTest(path=path):
                self.assertIn(self.rest.get(f'{path}/')[0], (401, 403))

    @override_settings(LOGIN_REQUIRED=True)
    def test_login_required(self):
        self.assertNobodyIsLetIn()
        with override_settings(EXEMPT_VIEW_PERMISSIONS=['*']):
            self.assertNobodyIsLetIn()

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=[])
    def test_nothing_exempt(self):
        self.assertNobodyIsLetIn()
        data, _errors = self.rest.graphql('{ ims_register_entry_list { name } ims_asset_profile_list { object_name } }')
        self.assertEqual(data, {'ims_register_entry_list': [], 'ims_asset_profile_list': []})

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=OURS)
    def test_only_our_models_exempt(self):
        """Everybody may see the register, but none of the CIs: it is empty."""
        for url in self.pages():
            with self.subTest(url=url):
                response = self.client.get(url)
                self.assertEqual(response.status_code, 200)
                for place in PLACES:
                    self.assertNothingOf(place, response)
        for path in self.LISTS:
            status, data = self.rest.get(f'{path}/')
            self.assertEqual((status, data['count']), (200, 0))
        for path, pk in self.objects():
            with self.subTest(path=path):
                self.assertEqual(self.client.get(f'/plugins/ims/{path}/{pk}/').status_code, 404)
                self.assertEqual(self.rest.get(f'{path}/{pk}/')[0], 404)
        data, errors = self.rest.graphql("""{
            ims_register_entry_list { name } ims_asset_profile_list { object_name } ims_decision_list { name }
            ims_retired_ci_list { name }
        }""")
        self.assertIsNone(errors)
        self.assertEqual([rows for rows in data.values() if rows], [])

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=[*OURS, 'dcim.device'])
    def test_some_cis_exempt(self):
        self.assertEqual(count_rows(self.client.get(REGISTER)), 6)
        for path, count in (('register', 6), ('asset-profiles', 4), ('retired-cis', 2)):
            self.assertEqual(self.rest.get(f'{path}/')[1]['count'], count)
        names = {row['name'] for row in self.rest.get('decisions/')[1]['results']}
        self.assertEqual(names, {f'{place} {name}' for place in PLACES for name in ('classified', 'gone')})
        self.assertContains(self.client.get(self.cis['berlin']['classified'].get_absolute_url()), 'ims-assessment')

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['dcim.device'])
    def test_only_cis_exempt(self):
        response = self.client.get(self.cis['berlin']['classified'].get_absolute_url())
        self.assertEqual(response.status_code, 200)
        self.assertNotContains(response, 'ims-assessment')
        self.assertNobodyIsLetIn()

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['*'])
    def test_everything_exempt(self):
        for path, count in self.COUNTS.items():
            self.assertEqual(count_rows(self.client.get(f'/plugins/ims/{path}/')), count)
            self.assertEqual(self.rest.get(f'{path}/')[1]['count'], count)
        for path, pk in self.objects():
            with self.subTest(path=path):
                self.assertEqual(self.client.get(f'/plugins/ims/{path}/{pk}/').status_code, 200)
                self.assertEqual(self.rest.get(f'{path}/{pk}/')[0], 200)

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['*'])
    def test_exempt_is_to_look_at_not_to_touch(self):
        before, plain = self.state(), self.cis['berlin']['plain'].pk
        profile = f'asset-profiles/{self.profiles["berlin"]["vm"].pk}/'
        for method, path, data in (
            ('post', 'asset-profiles/', {'object_type': 'dcim.device', 'object_id': plain}),
            ('patch', profile, {'rto_minutes': 1}), ('delete', profile, None),
            ('post', f'retired-cis/{self.retired["berlin"].pk}/restore/', {'object_id': plain}),
        ):
            with self.subTest(method=method, path=path):
                self.assertIn(self.rest.request(method, path, data)[0], (401, 403))
        selected = {'pk': self.entry(self.cis['berlin']['plain']).pk, '_apply': '1', 'classification': self.secret.pk}
        for name in ('registerentry_classify', 'registerentry_bulk_edit', 'load_reference_data'):
            with self.subTest(name=name):
                response = self.client.post(reverse(f'plugins:netbox_ims:{name}'), selected)
                self.assertEqual(response.status_code, 302)
                self.assertIn('login', response.url)
        self.assertEqual((self.state(), Classification.objects.count()), (before, 2))

    @override_settings(EXEMPT_VIEW_PERMISSIONS=OURS)
    def test_exempt_models_and_a_user_of_berlin(self):
        user = self.make_limited()
        self.client.force_login(user)
        rest = RestClient(user)
        for path in self.LISTS:
            response = self.client.get(f'/plugins/ims/{path}/')
            self.assertNothingOf('paris', response)
            if path in self.COUNTS:
                self.assertEqual(count_rows(response), self.COUNTS[path] // 2)
                self.assertEqual(rest.get(f'{path}/')[1]['count'], self.COUNTS[path] // 2)
