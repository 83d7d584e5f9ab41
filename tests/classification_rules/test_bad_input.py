"""
What a rule refuses, by every way one is written: a filter NetBox would not understand, and would leave out, first.
"""
import json

from django.test import TestCase
from django.urls import reverse

from extras.models import CustomField, SavedFilter, Tag

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import ClassificationRule
from netbox_ims.querysets.ci_filters import CIFilter
from tests import factories as make
from tests.base import RestClient

# CI type, filter, and what the message says besides the parameter
REFUSED = (
    ('dcim.device', [], 'object'),
    ('dcim.device', ['role'], 'object'),
    ('dcim.device', 'role=database', 'object'),
    ('dcim.device', 7, 'object'),
    ('dcim.device', {'rol': ['database']}, '“rol” is no filter of devices', 'Did you mean “role”'),
    ('dcim.device', {'name__icontains': 'db'}, '“name__icontains” is no filter'),
    ('dcim.device', {'zzzzzz': 'x'}, '“zzzzzz” is no filter', 'name__ic'),
    ('dcim.rack', {'cluster': ['a']}, '“cluster” is no filter of racks'),
    ('dcim.device', {'role': ['databse']}, '“role”', 'databse', 'slug of an existing device role'),
    ('dcim.device', {'role': ['database', 'gone']}, '“role”', 'gone'),
    ('dcim.device', {'role_id': ['database']}, '“role_id”', 'id of an existing device role'),
    ('dcim.device', {'role_id': [999999]}, '“role_id”'),
    ('dcim.device', {'id': 'seven'}, '“id”', 'whole number'),
    ('dcim.device', {'status': 'alive'}, '“status”', 'Possible: ', 'active'),
    ('dcim.device', {'has_primary_ip': 'maybe'}, '“has_primary_ip”', 'true or false'),
    ('dcim.device', {'created': 'yesterday'}, '“created”', 'date'),
    ('dcim.device', {'name': None}, '“name” has no value'),
    ('dcim.device', {'name': ''}, '“name” has no value'),
    ('dcim.device', {'name': []}, '“name” has no value'),
    ('dcim.device', {'name': ['a', '  ']}, '“name” has no value'),
    ('dcim.device', {'q': '   '}, '“q” has no value'),
    ('dcim.device', {'name': {'ic': 'db'}}, '“name” must be a value or a list'),
    ('dcim.device', {'name': [['db']]}, '“name” must be a value or a list'),
    ('dcim.device', {'name': 'a\x00b'}, '“name”', 'NUL'),
    ('dcim.device', {'q': ['a', 'b']}, '“q” takes one value'),
    ('dcim.device', {'has_primary_ip': [True, False]}, '“has_primary_ip” takes one value'),
    ('dcim.device', {'name__regex': '('}, 'name__regex'),
    ('dcim.device', {'id__lte': 10 ** 20}, '“id__lte” has no effect'),
    ('dcim.device', {'role': ['database'], 'id__n': 10 ** 20}, '“id__n” has no effect'),
    ('dcim.device', {'filter': ['saved']}, '“filter”', 'saved filter'),
    ('dcim.device', {'filter_id': [1]}, '“filter_id”', 'saved filter'),
    ('dcim.device', {'ims_classification': 'null'}, '“ims_classification”', 'cannot depend'),
    ('dcim.device', {'cf_owner': 'x'}, '“cf_owner” is no filter'),
    ('dcim.device', {'page': 2}, '“page” is no filter'),
    ('dcim.device', {'role': ['database'], 'sit': 'ham1'}, '“sit” is no filter'),
    ('virtualization.virtualmachine', {'vcpus': 'many'}, '“vcpus”', 'number'),
    ('ipam.service', {'protocol': 'carrier-pigeon'}, '“protocol”', 'tcp'),
    ('netbox_ims.informationasset', {'custodian': ['Nobody']}, '“custodian”', 'existing contact'),
)
# And what it takes: lookups, negation, null, numbers, filters that work only together
TAKEN = (
    ('dcim.device', {}),
    ('dcim.device', {'role': ['database'], 'site': 'ham1'}),
    ('dcim.device', {'role': 'database'}),
    ('dcim.device', {'name__ic': 'db'}),
    ('dcim.device', {'name__empty': True}),
    ('dcim.device', {'name__regex': '^db'}),
    ('dcim.device', {'role__n': ['database']}),
    ('dcim.device', {'tenant': 'null'}),
    ('dcim.device', {'tag': ['prod']}),
    ('dcim.device', {'id': 999999}),
    ('dcim.device', {'has_primary_ip': False}),
    ('dcim.device', {'created__gte': '2020-01-01'}),
    ('dcim.device', {'cf_room': 'x'}),
    ('dcim.device', {'q': 'db'}),
    ('dcim.device', {'status': ['active', 'planned']}),
    ('virtualization.virtualmachine', {'vcpus__gte': 2.5}),
    ('ipam.service', {'port': [443], 'protocol': 'tcp'}),
    ('ipam.service', {'port__gte': 1000}),
    ('netbox_ims.informationasset', {'status': 'active'}),
)


class Base(TestCase):

    @classmethod
    def setUpTestData(cls):
        make.make_role('database')
        make.make_site('ham1')
        cls.secret = make.make_classification('Secret')
        Tag.objects.create(name='prod', slug='prod')
        SavedFilter.objects.create(name='saved', slug='saved', parameters={'name': ['a']})
        field = CustomField.objects.create(name='room', type='text')
        field.object_types.set([get_ci_types()['dcim.device'].content_type])

    def content_type(self, label='dcim.device'):
        return get_ci_types()[label].content_type


class CIFilterTest(Base):

    def test_refused(self):
        make.make_device('any')
        for label, parameters, *said in REFUSED:
            with self.subTest(label, parameters=parameters):
                ci_filter = CIFilter(get_ci_types()[label].model, parameters)
                self.assertTrue(ci_filter.problems)
                for words in said:
                    self.assertIn(words, ' '.join(ci_filter.problems))
                self.assertEqual(list(ci_filter.matching), [], 'what is refused matches nothing')

    def test_taken(self):
        for label, parameters in TAKEN:
            with self.subTest(label, parameters=parameters):
                ci_filter = CIFilter(get_ci_types()[label].model, parameters)
                self.assertEqual(ci_filter.problems, [])
                list(ci_filter.matching)

    def test_it_matches_what_netbox_s_own_list_does(self):
        role, site = make.make_role('web'), make.make_site('hb')
        for name, values in (('a', {'role': role, 'site': site}), ('b', {'role': role}), ('c', {'site': site})):
            make.make_device(name, **values)
        client = RestClient(make.make_user(is_superuser=True))
        for parameters in (
            {}, {'role': ['web']}, {'role': ['web'], 'site': 'hb'}, {'name': ['a', 'c']}, {'name__n': 'a'},
            {'role': ['web', 'database']}, {'tenant': 'null'}, {'name__ic': 'B'},
        ):
            with self.subTest(parameters):
                _status, data = client.get('/api/dcim/devices/', **parameters)
                found = {row['pk'] for row in CIFilter(get_ci_types()['dcim.device'].model, parameters).matching}
                self.assertEqual(found, {row['id'] for row in data['results']})
                self.assertTrue(found)


class EveryWayInTest(Base):
    """The same table through REST, the form and the import; the message is at the field, and nothing is saved."""

    def setUp(self):
        self.admin = make.make_user(is_superuser=True)
        self.client.force_login(self.admin)
        self.rest = RestClient(self.admin)

    def assertNothingSaved(self):
        self.assertEqual(ClassificationRule.objects.count(), 0)

    def test_filter_through_rest(self):
        for label, parameters, *said in REFUSED:
            with self.subTest(label, parameters=parameters):
                status, data = self.rest.post('classification-rules/', {
                    'name': 'x', 'object_type': label, 'filter': parameters, 'classification': self.secret.pk,
                })
                self.assertEqual((status, list(data)), (400, ['filter']), data)
                # What no database can hold is refused before anybody asks what it means.
                for words in ['Null characters'] if 'NUL' in said else said:
                    self.assertIn(words, ' '.join(data['filter']))
                self.assertNothingSaved()

    def test_filter_through_the_form(self):
        for label, parameters, *said in REFUSED:
            with self.subTest(label, parameters=parameters):
                response = self.client.post(reverse('plugins:netbox_ims:classificationrule_add'), {
                    'name': 'x', 'weight': 1, 'mode': 'apply', 'object_type': self.content_type(label).pk,
                    'filter': json.dumps(parameters), 'classification': self.secret.pk,
                })
                self.assertEqual(response.status_code, 200)
                errors = response.context['form'].errors
                self.assertEqual(list(errors), ['filter'], errors)
                for words in said:
                    self.assertIn(words, ' '.join(errors['filter']))
                self.assertNothingSaved()

    def test_filter_through_an_import(self):
        for data_format in ('json', 'csv'):
            for label, parameters, *said in REFUSED[:12]:
                if isinstance(parameters, str) and data_format == 'json':
                    continue            # as the address of a list it would be right
                with self.subTest(label, parameters=parameters, format=data_format):
                    if data_format == 'json':
                        data = json.dumps([{
                            'name': 'x', 'object_type': label, 'filter': parameters, 'classification': 'secret',
                        }])
                    else:
                        text = json.dumps(parameters).replace('"', '""')
                        data = f'name,object_type,filter,classification\nx,{label},"{text}",secret'
                    response = self.client.post(reverse('plugins:netbox_ims:classificationrule_bulk_import'), {
                        'import_method': 'direct', 'format': data_format, 'data': data, 'csv_delimiter': 'auto',
                    })
                    self.assertEqual(response.status_code, 200)
                    text = ' '.join(response.context['form'].errors.get('__all__', ()))
                    self.assertIn('filter', text)
                    self.assertIn(said[0], text)
                    self.assertNothingSaved()

    def test_an_import_takes_objects_from_json_and_yaml_and_text_from_csv(self):
        for data_format, data in (
            ('json', '[{"name": "json", "object_type": "dcim.device", "filter": {"role": ["database"]}, '
                     '"classification": "secret"}]'),
            ('yaml', '- name: yaml\n  object_type: dcim.device\n  filter: {role: [database]}\n'
                     '  classification: secret'),
            ('csv', 'name,object_type,filter,classification\n'
                    'csv,dcim.device,"{""role"": [""database""]}",secret'),
        ):
            with self.subTest(data_format):
                response = self.client.post(reverse('plugins:netbox_ims:classificationrule_bulk_import'), {
                    'import_method': 'direct', 'format': data_format, 'data': data, 'csv_delimiter': 'auto',
                })
                self.assertEqual(response.status_code, 302, response.context and response.context['form'].errors)
                rule = ClassificationRule.objects.get(name=data_format)
                self.assertEqual((rule.filter, rule.mode, rule.enabled), ({'role': ['database']}, 'suggest', True))

    def test_other_fields_through_rest(self):
        good = {
            'name': 'x', 'object_type': 'dcim.device', 'filter': {'name__ic': 'db'}, 'classification': self.secret.pk,
        }
        make.make_rule('taken', classification=self.secret)
        for change, field in (
            ({'name': ''}, 'name'), ({'name': 'taken'}, 'name'), ({'name': 'x' * 101}, 'name'),
            ({'name': None}, 'name'), ({'weight': -1}, 'weight'), ({'weight': 'heavy'}, 'weight'),
            ({'weight': 99999}, 'weight'), ({'enabled': 'perhaps'}, 'enabled'), ({'mode': 'force'}, 'mode'),
            ({'mode': None}, 'mode'), ({'object_type': 'dcim.cable'}, 'object_type'),
            ({'object_type': 'nope.nope'}, 'object_type'), ({'object_type': None}, 'object_type'),
            ({'object_type': 7}, 'object_type'),
            ({'filter': None}, 'filter'),
            ({'classification': 999999}, 'classification'), ({'classification': None}, 'classification'),
            ({'processes_personal_data': 'perhaps'}, 'processes_personal_data'),
            ({'object_type': 'netbox_ims.informationasset', 'filter': {}, 'is_information_asset': False},
             'is_information_asset'),
        ):
            with self.subTest(change):
                status, data = self.rest.post('classification-rules/', {**good, **change})
                self.assertEqual((status, list(data)), (400, [field]), data)
        for missing in ('name', 'object_type', 'filter'):
            with self.subTest(missing=missing):
                status, data = self.rest.post(
                    'classification-rules/', {name: value for name, value in good.items() if name != missing}
                )
                self.assertEqual((status, list(data)), (400, [missing]), data)
        self.assertEqual(ClassificationRule.objects.count(), 1)

    def test_other_fields_through_the_form(self):
        good = {
            'name': 'x', 'weight': 1, 'mode': 'apply', 'object_type': self.content_type().pk, 'filter': '{}',
            'classification': self.secret.pk,
        }
        for change, field in (
            ({'filter': ''}, 'filter'), ({'filter': 'null'}, 'filter'), ({'filter': 'database'}, 'filter'),
            ({'filter': '{"role"'}, 'filter'), ({'filter': '/dcim/devices/?rol=a'}, 'filter'),
            ({'filter': '/dcim/devices/?role='}, 'filter'),
            ({'mode': 'force'}, 'mode'), ({'classification': ''}, 'classification'), ({'weight': 'x'}, 'weight'),
            ({'object_type': 999999}, 'object_type'),
            ({'processes_personal_data': 'perhaps'}, 'processes_personal_data'),
        ):
            with self.subTest(change):
                response = self.client.post(reverse('plugins:netbox_ims:classificationrule_add'), {**good, **change})
                self.assertEqual(response.status_code, 200)
                self.assertEqual(list(response.context['form'].errors), [field])
        self.assertNothingSaved()

    def test_an_edit_that_makes_it_match_everything_is_refused(self):
        rule = make.make_rule(filter={'name__ic': 'db'}, classification=self.secret)
        for data, field in (
            ({'filter': {'nme__ic': 'db'}}, 'filter'), ({'object_type': 'netbox_ims.informationasset',
                                                        'filter': {'role': 'database'}}, 'filter'),
            ({'classification': None}, 'classification'), ({'mode': 'x'}, 'mode'),
        ):
            with self.subTest(data):
                status, answer = self.rest.patch(f'classification-rules/{rule.pk}/', data)
                self.assertEqual((status, list(answer)), (400, [field]), answer)
        rule.refresh_from_db()
        self.assertEqual(rule.filter, {'name__ic': 'db'})

    def test_bulk_edit(self):
        rules = [make.make_rule(classification=self.secret, mode='suggest') for _ in range(2)]
        url = reverse('plugins:netbox_ims:classificationrule_bulk_edit')
        for data, said in (
            ({'filter': '{"rol": ["database"]}'}, '“rol” is no filter'),
            ({'filter': '{"rol'}, 'JSON'),
            ({'mode': 'force'}, 'force'),
            ({'_nullify': ['classification']}, 'Say what the rule sets'),
        ):
            with self.subTest(data):
                response = self.client.post(
                    url, {'pk': [rule.pk for rule in rules], '_apply': 'on', 'weight': 5, **data}, follow=True
                )
                page = response.content.decode()
                self.assertIn(said, page.replace('&quot;', '"'))
                self.assertEqual(ClassificationRule.objects.filter(weight=5).count(), 0)
        response = self.client.post(
            url, {'pk': [rule.pk for rule in rules], '_apply': 'on', 'filter': '{"role": ["database"]}'}
        )
        self.assertEqual(response.status_code, 302)
        self.assertEqual(ClassificationRule.objects.filter(filter={'role': ['database']}).count(), 2)


class BrokenSinceTest(Base):
    """A rule that was right when it was written, and is not any more."""

    def setUp(self):
        self.rule = make.make_rule(filter={'role': ['database']}, classification=self.secret, mode='apply')
        make.make_device('db-1')
        type(make.make_role()).objects.filter(slug='database').delete()
        self.rest = RestClient(make.make_user(is_superuser=True))

    def test_it_says_why_and_matches_nothing(self):
        status, data = self.rest.get(f'classification-rules/{self.rule.pk}/preview/')
        self.assertEqual((status, data['matches'], data['would_change'], data['sample']), (200, 0, 0, []))
        self.assertIn('“role”', data['problems'][0])

    def test_it_is_refused_when_run(self):
        status, data = self.rest.post(f'classification-rules/{self.rule.pk}/run/', {})
        self.assertEqual((status, list(data)), (400, ['filter']))
        self.assertIn('“role”', data['filter'][0])

    def test_it_can_be_switched_off_but_not_changed_otherwise(self):
        path = f'classification-rules/{self.rule.pk}/'
        self.assertEqual(self.rest.patch(path, {'weight': 7})[0], 400)
        self.assertEqual(self.rest.patch(path, {'enabled': False})[0], 200)
        self.assertEqual(self.rest.patch(path, {'weight': 7})[0], 200)
        self.assertEqual(self.rest.patch(path, {'filter': {'role': ['gone-too']}})[0], 400)
        self.assertEqual(self.rest.patch(path, {'enabled': True})[0], 400)
        self.assertEqual(self.rest.patch(path, {'enabled': True, 'filter': {'name__ic': 'db'}})[0], 200)

    def test_its_page_says_so(self):
        self.client.force_login(make.make_user(is_superuser=True))
        page = self.client.get(self.rule.get_absolute_url()).content.decode()
        self.assertIn('Broken', page)
        self.assertIn('“role”', page)
