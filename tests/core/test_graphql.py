"""Profile, register entry and filters on NetBox's own GraphQL types."""
from django.test import TestCase

from netbox.graphql.schema import schema

from netbox_ims.ci_types import get_ci_types
from netbox_ims.core_integration.filters import PARAMETERS
from tests import factories as make
from tests.base import QueryCountMixin, RestClient

from .estate import SEES, CoreEstate

BOTH = ('ims_register_entry { name classification { slug } effective_classification { slug } } '
        'ims_profile { rto_minutes classification { slug } }')


class GraphQLTestCase(QueryCountMixin, CoreEstate, TestCase):

    def devices(self, filters='', selection='name', user=None):
        query = f'{{ device_list{f"(filters: {{{filters}}})" if filters else ""} {{ {selection} }} }}'
        return RestClient(user or self.root).graphql(query)

    def test_every_registered_type_has_them(self):
        types = schema._schema.type_map
        for ci_type in get_ci_types().values():
            prefix = 'Ims' if ci_type.label.startswith('netbox_ims') else ''
            name = f'{prefix}{ci_type.model.__name__}'
            with self.subTest(name):
                self.assertLessEqual({'ims_register_entry', 'ims_profile'}, types[f'{name}Type'].fields.keys())
                self.assertLessEqual(PARAMETERS.keys(), types[f'{name}Filter'].fields.keys())
        self.assertNotIn('ims_profile', types['ManufacturerType'].fields)

    def test_fields(self):
        data, errors = self.devices(selection=f'name {BOTH}')
        self.assertIsNone(errors)
        rows = {row['name']: row for row in data['device_list']}
        self.assertEqual(rows['top'], {
            'name': 'top',
            'ims_register_entry': {
                'name': 'top', 'classification': {'slug': 'confidential'},
                'effective_classification': {'slug': 'confidential'},
            },
            'ims_profile': {'rto_minutes': 240, 'classification': {'slug': 'confidential'}},
        })
        self.assertIsNone(rows['bare']['ims_profile'])
        self.assertEqual(rows['bare']['ims_register_entry']['effective_classification'], {'slug': 'confidential'})

    def test_of_one_device_and_by_way_of_another_object(self):
        for query, find in (
            (f'{{ device(id: {self.top.pk}) {{ {BOTH} }} }}', lambda data: data['device']),
            (f'{{ site(id: {self.berlin.pk}) {{ devices {{ name {BOTH} }} }} }}',
             lambda data: next(row for row in data['site']['devices'] if row['name'] == 'top')),
        ):
            data, errors = RestClient(self.root).graphql(query)
            self.assertIsNone(errors)
            self.assertEqual(find(data)['ims_profile']['rto_minutes'], 240)
            self.assertEqual(find(data)['ims_register_entry']['classification'], {'slug': 'confidential'})

    def test_fields_follow_permissions(self):
        user = make.make_user('dcim.view_device')
        rows = self.devices(selection=f'name {BOTH}', user=user)[0]['device_list']
        self.assertEqual({(row['ims_register_entry'], row['ims_profile']) for row in rows}, {(None, None)})
        user = make.make_user('dcim.view_device', 'netbox_ims.view_classification')
        make.grant(user, 'netbox_ims.view_assetprofile', constraints={'rto_minutes': None})
        make.grant(user, 'netbox_ims.view_registerentry', constraints={'site__slug': 'paris'})
        rows = {row['name']: row for row in self.devices(selection=f'name {BOTH}', user=user)[0]['device_list']}
        self.assertIsNone(rows['top']['ims_profile'])
        self.assertIsNone(rows['top']['ims_register_entry'])
        self.assertEqual(rows['mid']['ims_profile']['classification'], {'slug': 'internal'})
        self.assertEqual(rows['bare']['ims_register_entry']['name'], 'bare')

    def test_as_many_queries_whatever_the_rows(self):
        client = RestClient(self.root)
        query = f'{{ device_list {{ name {BOTH} }} }}'
        few = self.count_queries(lambda: client.graphql(query))
        for n in range(5):
            make.make_profile(make.make_device(f'more {n}', self.berlin), classification=self.internal)
        self.assertSameQueries(few, self.count_queries(lambda: client.graphql(query)))

    def test_filters(self):
        for filters, expected in (
            ('ims_classification: "confidential"', 'top'),
            ('ims_classification: ["confidential", "internal"]', 'mid top'),
            ('ims_classification: ["null"]', 'bare blank'),
            ('ims_classification: ["null", "internal"]', 'bare blank mid'),
            ('NOT: {ims_classification: "confidential"}', 'bare blank mid'),
            ('ims_effective_classification: "confidential"', 'bare top'),
            ('ims_personal_data: "true"', 'mid'),
            ('ims_personal_data: ["true", "false"]', 'mid top'),
            ('ims_information_asset: "null"', 'bare blank mid'),
            ('ims_classification: "confidential", OR: {name: {exact: "bare"}}', 'bare top'),
            ('ims_classification: []', 'bare blank mid top'),
        ):
            with self.subTest(filters):
                data, errors = self.devices(filters)
                self.assertIsNone(errors)
                self.assertEqual(sorted(row['name'] for row in data['device_list']), expected.split())

    def test_filter_by_way_of_another_object(self):
        make.make_service('web', self.top), make.make_service('other', self.mid)
        query = '{ site_list(filters: {ims_classification: "null"}) { name } }'
        data, errors = RestClient(self.root).graphql(query)
        self.assertIsNone(errors)
        self.assertEqual(len(data['site_list']), 2)

    def test_refused(self):
        for filters, user in (
            ('ims_classification: "nonsense"', self.root), ('ims_personal_data: "maybe"', self.root),
            ('ims_clasification: "internal"', self.root), ('ims_personal_data: true', self.root),
            ('ims_classification: "internal"', make.make_user('dcim.view_device')),
            ('NOT: {ims_classification: "null"}', make.make_user(*SEES[:2])),
        ):
            with self.subTest(filters):
                data, errors = self.devices(filters, user=user)
                self.assertFalse(data and data['device_list'])
                self.assertTrue(errors)

    def test_what_may_not_be_seen_counts_as_not_there(self):
        user = make.make_user(*SEES[:2])
        make.grant(user, SEES[2], constraints={'classification__slug': 'internal'})
        for filters, expected in (
            ('ims_classification: "confidential"', []), ('ims_classification: "null"', ['bare', 'blank', 'top']),
        ):
            data, errors = self.devices(filters, user=user)
            self.assertIsNone(errors)
            self.assertEqual(sorted(row['name'] for row in data['device_list']), expected)
