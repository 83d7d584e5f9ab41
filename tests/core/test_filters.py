"""The `ims_…` filters of NetBox's own lists: which rows, for whom, and that nothing odd ever matches everything."""
import csv
from contextlib import contextmanager
from unittest.mock import patch

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import SimpleTestCase, TestCase, override_settings
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from dcim.filtersets import DeviceFilterSet
from dcim.models import Device
from extras.models import SavedFilter
from netbox.registry import registry
from utilities.views import get_action_url

from netbox_ims.ci_types import get_ci_types
from netbox_ims.core_integration import check_names, names
from netbox_ims.core_integration.filters import PARAMETERS
from netbox_ims.models import RegisterEntry
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, as_user

from .estate import DEVICES, REST, SEES, CoreEstate

NAMES = [f'{name}{suffix}' for name in PARAMETERS for suffix in ('', '__n')]


class RowsTestCase(CoreEstate, TestCase):

    def test_rows(self):
        for parameters, expected in (
            ('', 'top mid blank bare'),
            ('ims_classification=confidential', 'top'),
            ('ims_classification=confidential&ims_classification=internal', 'top mid'),
            ('ims_classification=null', 'blank bare'),
            ('ims_classification=null&ims_classification=internal', 'mid blank bare'),
            ('ims_classification__n=confidential', 'mid blank bare'),
            ('ims_classification__n=null', 'top mid'),
            ('ims_classification__n=null&ims_classification__n=internal', 'top'),
            ('ims_effective_classification=confidential', 'top bare'),
            ('ims_effective_classification=null', 'blank'),
            ('ims_effective_classification__n=confidential', 'mid blank'),
            ('ims_personal_data=true', 'mid'),
            ('ims_personal_data=false', 'top'),
            ('ims_personal_data=null', 'blank bare'),
            ('ims_personal_data=true&ims_personal_data=null', 'mid blank bare'),
            ('ims_personal_data=true&ims_personal_data=false&ims_personal_data=null', 'top mid blank bare'),
            ('ims_personal_data__n=true', 'top blank bare'),
            ('ims_personal_data__n=null', 'top mid'),
            ('ims_information_asset=true', 'top'),
            ('ims_information_asset=null', 'mid blank bare'),
            ('ims_information_asset__n=true', 'mid blank bare'),
            ('site=paris&ims_classification=null', 'blank bare'),
            ('site=berlin&ims_classification=null', ''),
            ('ims_classification=confidential&ims_personal_data=true', ''),
            ('q=to&ims_classification__n=null', 'top'),
        ):
            self.assertFound(parameters, expected)

    def test_what_is_not_understood_matches_nothing(self):
        for parameters, name in (
            ('ims_classification=nonsense', 'ims_classification'),
            ('ims_classification=confidential&ims_classification=nonsense', 'ims_classification'),
            ('ims_classification__n=nonsense', 'ims_classification__n'),
            (f'ims_classification={self.confidential.pk}', 'ims_classification'),
            ('ims_classification=%00', 'ims_classification'),
            ('ims_classification=', 'ims_classification'),
            ('ims_effective_classification=Confidential', 'ims_effective_classification'),
            ('ims_personal_data=maybe', 'ims_personal_data'),
            ('ims_information_asset__n=1', 'ims_information_asset__n'),
            ('ims_clasification=confidential', 'ims_clasification'),
            ('ims_classification__gte=confidential', 'ims_classification__gte'),
            ('ims_classification__n__n=confidential', 'ims_classification__n__n'),
            ('site=berlin&ims_=x', 'ims_'),
        ):
            self.assertRefused(parameters, name)

    def test_every_registered_type(self):
        make.make_vm('vm', self.berlin), make.make_cluster('cluster'), make.make_service('service', self.top)
        make.make_circuit('circuit'), make.make_rack('rack', self.berlin), make.make_information_asset('asset')
        make.make_it_service('it service', slug='it'), make.make_business_function('function')
        for ci_type in get_ci_types().values():
            if ci_type.label != 'dcim.device':
                make.make_profile(ci_type.model.objects.first(), classification=self.internal)
                settle()
            entries = RegisterEntry.objects.filter(object_type=ci_type.content_type)
            classified = entries.filter(classification=self.internal).count()
            for parameters, expected in (
                ('ims_classification=internal', classified),
                ('ims_classification__n=internal', entries.count() - classified),
                ('ims_effective_classification=internal', classified),
                ('ims_personal_data=null', entries.filter(processes_personal_data=None).count()),
            ):
                with self.subTest(ci_type.label, parameters=parameters):
                    url = get_action_url(ci_type.model, action='list', rest_api=True)
                    status, data = RestClient(self.root).get(f'{url}?{parameters}')
                    self.assertEqual((status, data['count']), (200, expected))
                    page = self.browser(self.root).get(
                        f'{get_action_url(ci_type.model, action="list")}?{parameters}'
                    )
                    self.assertEqual(page.context['table'].page.paginator.count, expected)

    def test_unregistered_types_are_as_netbox_has_them(self):
        for label, filterset in registry['filtersets'].items():
            if label not in get_ci_types():
                self.assertEqual([name for name in filterset.base_filters if name.startswith('ims_')], [], label)

    def test_export(self):
        for parameters, expected in (('ims_classification__n=null', ['mid', 'top']), ('ims_classification=x', [])):
            body = self.browser(self.root).get(f'{DEVICES}?{parameters}&export=table').content.decode()
            self.assertEqual(sorted(row['Name'] for row in csv.DictReader(body.splitlines())), expected)

    def test_saved_filter(self):
        for slug, value in (('good', 'confidential'), ('bad', 'nonsense')):
            saved = SavedFilter.objects.create(
                name=slug, slug=slug, user=self.root, shared=True, parameters={'ims_classification': [value]}
            )
            saved.object_types.add(get_ci_types()['dcim.device'].content_type.pk)
        self.assertFound('filter=good', 'top')
        self.assertRefused('filter=bad', 'ims_classification')

    def test_select_all_matching(self):
        browser = self.browser(self.root)
        for action in ('edit', 'delete'):
            for parameters, expected in (
                ('ims_classification=null', {'blank', 'bare'}), ('ims_classification=nonsense', None),
            ):
                with self.subTest(action=action, parameters=parameters):
                    response = browser.post(f'{DEVICES}{action}/?{parameters}', {'_all': 'on'})
                    if expected is None:
                        self.assertRedirects(response, DEVICES, fetch_redirect_response=False)
                    else:
                        self.assertEqual({row.record.name for row in response.context['table'].rows}, expected)
        browser.post(f'{DEVICES}edit/?ims_classification=confidential', {
            '_all': 'on', '_apply': 'on', 'pk': [self.mid.pk], 'description': 'changed',
        })
        self.assertEqual([device.name for device in Device.objects.filter(description='changed')], ['top'])

    def test_outside_of_any_request_the_system_itself_asks(self):
        found = DeviceFilterSet({'ims_classification': ['confidential']}, Device.objects.all()).qs
        self.assertEqual([device.name for device in found], ['top'])
        with as_user(make.make_user('dcim.view_device')):
            found = DeviceFilterSet({'ims_classification': ['confidential']}, Device.objects.all()).qs
            self.assertFalse(found.exists())


class PermissionsTestCase(CoreEstate, TestCase):

    def test_without_permission_on_entries_and_profiles_it_is_refused(self):
        for permissions in (SEES[:1], SEES[:2], (SEES[0], SEES[2])):
            user = make.make_user(*permissions)
            for name in NAMES:
                for value in ('confidential', 'null', 'nonsense', 'true'):
                    self.assertEqual(self.rest(f'{name}={value}', user)[0], 400)
            self.assertRefused('ims_classification=confidential', 'ims_classification', user)
            self.assertFound('', 'top mid blank bare', user)

    def test_what_may_not_be_seen_counts_as_not_there(self):
        for title, constraints, rows in (
            ('everything', (None, None, None), ('top', 'blank bare', 'top bare', 'mid', 'top mid blank bare')),
            ('devices in Berlin', ({'site__slug': 'berlin'}, None, None), ('top', '', 'top', 'mid', 'top mid')),
            # A constraint that the register's own columns can't express
            ('devices by type', ({'device_type__slug': 'model'}, None, None),
             ('top', 'blank bare', 'top bare', 'mid', 'top mid blank bare')),
            ('entries in Paris', (None, {'site__slug': 'paris'}, None),
             ('', 'top mid blank bare', 'bare', '', 'top mid blank bare')),
            ('internal profiles', (None, None, {'classification__slug': 'internal'}),
             ('', 'top blank bare', 'bare', 'mid', 'top mid blank bare')),
            ('no profile', (None, None, {'pk': 0}), ('', 'top mid blank bare', 'bare', '', 'top mid blank bare')),
        ):
            user = make.make_user()
            for permission, constraint in zip(SEES, constraints, strict=True):
                make.grant(user, permission, constraints=constraint)
            with self.subTest(title):
                for parameters, expected in zip((
                    'ims_classification=confidential', 'ims_classification=null',
                    'ims_effective_classification=confidential', 'ims_personal_data=true', '',
                ), rows, strict=True):
                    self.assertFound(parameters, expected, user)

    def test_select_all_matching_gives_no_hint_either(self):
        user = make.make_user('dcim.view_device', 'dcim.change_device')
        response = self.browser(user).post(f'{DEVICES}edit/?ims_classification=confidential', {'_all': 'on'})
        self.assertRedirects(response, DEVICES, fetch_redirect_response=False)

    @override_settings(LOGIN_REQUIRED=False)
    def test_anonymous_users(self):
        browser = self.browser()
        for exempt, rows in ((['dcim.device'], 0), (['*'], 1)):
            with override_settings(EXEMPT_VIEW_PERMISSIONS=exempt):
                response = browser.get(f'{DEVICES}?ims_classification=confidential')
                self.assertEqual(response.context['table'].page.paginator.count, rows)
                status, _data = RestClient().get(REST, ims_classification='confidential')
                self.assertEqual(status, 200 if rows else 400)


class OffTestCase(CoreEstate, TestCase):
    """The setting `core_filters` is off."""

    @contextmanager
    def switched_off(self):
        ims = {**settings.PLUGINS_CONFIG['netbox_ims'], 'core_filters': False}
        kept = {name: each for name, each in DeviceFilterSet.declared_filters.items() if name not in NAMES}
        with (
            override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_ims': ims}),
            patch.object(DeviceFilterSet, 'declared_filters', kept),
        ):
            yield

    def test_the_parameters_are_refused_and_nothing_else_is(self):
        with self.switched_off():
            for name in NAMES:
                self.assertRefused(f'{name}=null', name)
            self.assertFound('site=berlin', 'top mid')
            self.assertIn('switched off', self.rest('ims_classification=null')[1]['ims_classification'][0])


class NamesTestCase(SimpleTestCase):
    """Names that another plugin has taken, or takes."""

    def test_taken_before(self):
        other = type('ColourFilter', (), {'__module__': 'netbox_branching.filters'})()
        with self.assertRaises(ImproperlyConfigured) as caught:
            names.claim('ims_classification', object(), 'filter of dcim.device', lambda: {'ims_classification': other})
        for part in ('netbox_ims', 'ims_classification', 'dcim.device', 'netbox_branching', 'ColourFilter'):
            self.assertIn(part, str(caught.exception))

    def test_taken_afterwards(self):
        check_names()
        theirs = {**DeviceFilterSet.declared_filters, 'ims_personal_data': object()}
        with patch.object(DeviceFilterSet, 'declared_filters', theirs):
            with self.assertRaisesMessage(ImproperlyConfigured, 'ims_personal_data'):
                check_names()


class SchemaTestCase(TestCase):

    def test_documented_and_valid(self):
        patterns = [path('api/dcim/', include('dcim.api.urls'))]
        schema = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
        validate_schema(schema)
        self.assertIn('/api/dcim/devices/', schema['paths'])
        parameters = {each['name']: each for each in schema['paths']['/api/dcim/devices/']['get']['parameters']}
        for name in NAMES:
            with self.subTest(name):
                self.assertEqual(parameters[name]['schema'], {'type': 'array', 'items': {'type': 'string'}})
                self.assertIn('`null`', parameters[name]['description'])
        self.assertNotIn('ims_classification', [
            each['name'] for each in schema['paths']['/api/dcim/manufacturers/']['get']['parameters']
        ])


class QueriesTestCase(QueryCountMixin, CoreEstate, TestCase):

    def test_one_query_more_than_by_status_whatever_the_rows(self):
        client = RestClient(self.root)
        for parameters in ('ims_classification=confidential', 'ims_classification=null', 'ims_personal_data=true'):
            by_status = self.count_queries(lambda: client.get(f'{REST}?status=active'))
            few = self.count_queries(lambda p=parameters: client.get(f'{REST}?{p}'))
            self.assertLessEqual(len(few), len(by_status) + 1)
        for n in range(5):
            make.make_profile(
                make.make_device(f'more {n}', self.berlin), classification=self.confidential,
                processes_personal_data=True
            )
        self.assertSameQueries(few, self.count_queries(lambda: client.get(f'{REST}?ims_personal_data=true')))


class FormTestCase(CoreEstate, TestCase):

    def form(self, user, parameters=''):
        return self.browser(user).get(f'{DEVICES}?{parameters}').context['filter_form']

    def test_fields_for_those_who_may_filter(self):
        form = self.form(self.root, 'ims_classification=confidential&ims_personal_data=null')
        self.assertTrue(form.is_valid(), form.errors)
        self.assertEqual([fieldset.name for fieldset in form.fieldsets].count('IMS'), 1)
        self.assertEqual(set(form.fieldsets[-1].items), set(PARAMETERS))
        self.assertEqual([str(each) for each in form.cleaned_data['ims_classification']], ['Confidential'])

    def test_none_for_others(self):
        for user in (make.make_user('dcim.view_device'), make.make_user(*SEES[:2])):
            form = self.form(user)
            self.assertFalse(form.fields.keys() & PARAMETERS.keys())
            self.assertNotIn('IMS', [fieldset.name for fieldset in form.fieldsets])

    def test_forms_of_other_lists(self):
        response = self.browser(self.root).get('/dcim/manufacturers/')
        self.assertFalse(response.context['filter_form'].fields.keys() & PARAMETERS.keys())
