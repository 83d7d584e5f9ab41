"""What a user limited to one site sees on lists, detail pages, exports, in search and in APIs: nothing of the other."""
from django.urls import reverse

from netbox.search.backends import search_backend

from netbox_ims.models import AssetProfile, Decision
from tests import factories as make
from tests.base import RestClient, count_rows

from .permissions import PermissionTestCase
from .test_tables import TABLES


class PagesTestCase(PermissionTestCase):

    def test_lists_and_exports(self):
        for path in ('register', 'asset-profiles', 'decisions', 'retired-cis', 'information-assets'):
            columns = ','.join(TABLES[path].base_columns)
            for parameters in ({}, {'export': ''}, {'export': 'table'}, {'q': 'i'}, {'include_columns': columns}):
                with self.subTest(path=path, parameters=parameters):
                    response = self.client.get(f'/plugins/ims/{path}/', parameters)
                    self.assertEqual(response.status_code, 200)
                    self.assertNothingOf('paris', response)
                    self.assertIn('berlin', response.content.decode().lower())

    def test_other_pages(self):
        for url in (
            '/plugins/ims/classifications/', self.secret.get_absolute_url(), '/plugins/ims/overview/?by=type',
            '/plugins/ims/overview/?by=site', '/plugins/ims/overview/?by=tenant',
            self.profiles['berlin']['classified'].get_absolute_url(), self.retired['berlin'].get_absolute_url(),
            self.cis['berlin']['classified'].get_absolute_url(), self.cis['berlin']['asset'].get_absolute_url(),
        ):
            with self.subTest(url=url):
                response = self.client.get(url)
                self.assertEqual(response.status_code, 200)
                self.assertNothingOf('paris', response)

    def test_numbers_of_rows(self):
        rest = RestClient(self.limited)
        for path, parameters, expected in (
            ('register', {}, 10), ('register', {'classification': 'secret'}, 2),
            ('register', {'classification': 'null'}, 6), ('register', {'profiled': 'true'}, 5),
            ('register', {'object_type': 'dcim.device'}, 3), ('register', {'site': 'paris'}, 0),
            ('register', {'q': 'paris'}, 0), ('register', {'tenant': 'paris-tenant'}, 0),
            ('register', {'name': 'paris plain'}, 0), ('register', {'device_id': self.cis['paris']['plain'].pk}, 0),
            ('register', {'asset_owner': 'paris owner'}, 0), ('register', {'name__regex': '^paris'}, 0),
            ('register', {'site__n': 'berlin'}, 1),                         # the information asset, which has none
            ('asset-profiles', {}, 5), ('asset-profiles', {'site': 'paris'}, 0),
            ('asset-profiles', {'q': 'payroll'}, 1),
            ('retired-cis', {}, 1), ('retired-cis', {'site_name': 'paris'}, 0),
            ('decisions', {'name__ic': 'paris'}, 0), ('decisions', {'q': 'paris'}, 0),
        ):
            with self.subTest(path=path, parameters=parameters):
                self.assertEqual(count_rows(self.client.get(f'/plugins/ims/{path}/', parameters)), expected)
                status, data = rest.get(f'{path}/', **parameters)
                self.assertEqual((status, data['count']), (200, expected))

    def test_classifications_count_what_one_may_see(self):
        url = reverse('plugins:netbox_ims:classification_list')
        for user, count in ((self.limited, 2), (self.root, 4)):
            _status, data = RestClient(user).get('classifications/')
            self.assertEqual({row['profile_count'] for row in data['results']}, {count})
            self.client.force_login(user)
            rows = self.client.get(url).context['table'].rows
            self.assertEqual({row.record.profile_count for row in rows}, {count})

    def one_of_each(self, place):
        return {
            'register': self.entry(self.cis[place]['plain']).pk,
            'asset-profiles': self.profiles[place]['classified'].pk,
            'decisions': Decision.objects.filter(name=f'{place} classified').first().pk,
            'retired-cis': self.retired[place].pk,
        }

    def test_objects_one_may_not_see_do_not_exist(self):
        mine, others, rest = self.one_of_each('berlin'), self.one_of_each('paris'), RestClient(self.limited)
        for path in mine:
            with self.subTest(path=path):
                self.assertEqual(self.client.get(f'/plugins/ims/{path}/{mine[path]}/').status_code, 200)
                self.assertEqual(rest.get(f'{path}/{mine[path]}/')[0], 200)
                self.assertEqual(self.client.get(f'/plugins/ims/{path}/{others[path]}/').status_code, 404)
                answer = rest.get(f'{path}/{others[path]}/')
                self.assertEqual((answer[0], answer), (404, rest.get(f'{path}/{10**6}/')))
        profiles = '/plugins/ims/asset-profiles/'
        for action in ('edit', 'delete', 'changelog', 'journal', 'contacts'):
            with self.subTest(action=action):
                make.grant(self.limited, *(
                    ('extras.view_journalentry',) if action == 'journal' else
                    ('tenancy.view_contactassignment',) if action == 'contacts' else ()
                ))
                self.assertEqual(self.client.get(f'{profiles}{others["asset-profiles"]}/{action}/').status_code, 404)
                self.assertEqual(self.client.get(f'{profiles}{mine["asset-profiles"]}/{action}/').status_code, 200)
        url = f'/plugins/ims/retired-cis/{others["retired-cis"]}/restore/'
        self.assertEqual(self.client.get(url).status_code, 404)
        self.assertEqual(self.client.post(url, {'ci': self.cis['berlin']['plain'].pk}).status_code, 404)

    def test_nothing_can_be_done_to_them(self):
        rest, pk, before = RestClient(self.limited), self.profiles['paris']['classified'].pk, self.state()
        for method, path, data in (
            ('patch', f'asset-profiles/{pk}/', {'rto_minutes': 1}), ('put', f'asset-profiles/{pk}/', {}),
            ('delete', f'asset-profiles/{pk}/', None), ('patch', 'asset-profiles/', [{'id': pk, 'rto_minutes': 1}]),
            ('delete', 'asset-profiles/', [{'id': pk}]),
            ('delete', 'asset-profiles/', [{'id': self.profiles['berlin']['vm'].pk}, {'id': pk}]),
        ):
            with self.subTest(method=method, path=path):
                self.assertIn(rest.request(method, path, data)[0], (400, 404))
        for url, data in (
            (f'/plugins/ims/asset-profiles/{pk}/edit/', {'rto_minutes': '1'}),
            (f'/plugins/ims/asset-profiles/{pk}/delete/', {'confirm': 'true'}),
            ('/plugins/ims/asset-profiles/edit/', {'pk': pk, '_apply': '1', 'rto_minutes': '1'}),
            ('/plugins/ims/asset-profiles/delete/', {'pk': pk, '_confirm': '1', 'confirm': 'true'}),
            ('/plugins/ims/asset-profiles/import/', {
                'data': f'id,rto_minutes\n{pk},1', 'format': 'csv', 'csv_delimiter': 'auto',
            }),
        ):
            with self.subTest(url=url):
                self.assertNothingOf('paris', self.client.post(url, data))
        self.assertEqual(self.state(), before)


class SearchTestCase(PermissionTestCase):

    def test_global_search(self):
        search_backend.cache(AssetProfile.objects.all())
        for user, expected in (
            (self.limited, {'berlin classified'}), (self.root, {'berlin classified', 'paris classified'}),
        ):
            self.client.force_login(user)
            response = self.client.get(reverse('search'), {'q': 'payroll'})
            self.assertEqual({result.name for result in response.context['table'].data}, expected)
        self.client.force_login(self.limited)
        self.assertNothingOf('paris', self.client.get(reverse('search'), {'q': 'payroll'}))

    def test_object_selector(self):
        """NetBox's pop-up for choosing an object lists profiles as their own list does."""
        response = self.client.get(reverse('htmx_object_selector'), {
            '_model': 'netbox_ims.assetprofile', '_search': 'true', 'q': 'payroll',
        })
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, 'berlin classified')
        self.assertNothingOf('paris', response)


class ProgramsTestCase(PermissionTestCase):

    def test_rest(self):
        rest = RestClient(self.limited)
        for path in (
            'register', 'asset-profiles', 'decisions', 'retired-cis', 'information-assets', 'classifications',
        ):
            for parameters in ('', '?brief=1', '?limit=1000&ordering=-id', '?q=i'):
                with self.subTest(path=path, parameters=parameters):
                    response = rest.client.get(f'/api/plugins/ims/{path}/{parameters}', **rest.header)
                    self.assertEqual(response.status_code, 200)
                    self.assertNothingOf('paris', response)

    def test_graphql(self):
        rest = RestClient(self.limited)
        data, errors = rest.graphql("""{
            ims_register_entry_list {
                display name site { name } tenant { name } profile { display } asset_owner { name }
            }
            ims_asset_profile_list { display object_name data_categories asset_owner { name } contacts { id } }
            ims_decision_list { display new_values }
            ims_retired_ci_list { display site_name }
            ims_information_asset_list { name }
            ims_classification_list { name }
        }""")
        self.assertIsNone(errors)
        self.assertNothingOf('paris', str(data))
        self.assertEqual(
            [len(data[f'ims_{name}_list']) for name in ('register_entry', 'asset_profile', 'retired_ci')], [10, 5, 1]
        )
        for filters in (
            'site: {slug: {exact: "paris"}}', 'name: {i_contains: "paris"}', f'site_id: {self.sites["paris"].pk}',
        ):
            data, errors = rest.graphql(f'{{ ims_register_entry_list(filters: {{{filters}}}) {{ id }} }}')
            self.assertEqual((data, errors), ({'ims_register_entry_list': []}, None))
