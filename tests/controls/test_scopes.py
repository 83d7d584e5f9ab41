"""What a scope gives away of sites, tenants and CIs that the user may not see: nothing. And what REST refuses."""
from functools import partial

from django.test import TestCase

from netbox_ims.models import Scope
from tests import factories as make
from tests.base import QueryCountMixin, RestClient


class HiddenPartsTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.shown, cls.hidden = make.make_site('Hamburg'), make.make_site('Bremen')
        cls.own, cls.foreign = make.make_tenant('Own'), make.make_tenant('Foreign')
        cls.device, cls.secret = make.make_device('srv', site=cls.shown), make.make_device('secret', site=cls.hidden)
        cls.scope = make.make_scope(
            'Both', sites=[cls.shown, cls.hidden], tenants=[cls.own, cls.foreign], cis=[cls.device, cls.secret]
        )
        cls.remote = make.make_scope('Remote', sites=[cls.hidden], tenants=[cls.foreign])
        cls.catalog = make.make_catalog(controls=('A.1', 'A.2'))
        for scope in (cls.scope, cls.remote):
            make.make_statement(cls.catalog, scope)
        for device in (cls.device, cls.secret):
            make.make_assignment(device, cls.catalog.controls.first())
        cls.user = make.make_user(*(f'netbox_ims.{name}' for name in (
            'view_scope', 'add_scope', 'change_scope', 'view_statementofapplicability', 'view_soaentry',
            'view_control', 'view_controlassignment',
        )))
        for name, seen in (('site', {'name': 'Hamburg'}), ('device', {'name': 'srv'})):
            make.grant(cls.user, f'dcim.view_{name}', constraints=seen)
        make.grant(cls.user, 'tenancy.view_tenant', constraints={'name': 'Own'})
        cls.admin = make.make_user(is_superuser=True)

    def setUp(self):
        self.rest, self.all = RestClient(self.user), RestClient(self.admin)

    def query(self, client, text):
        data, errors = client.graphql(f'{{ rows: {text} }}')
        self.assertIsNone(errors)
        return data['rows']

    def test_filters_of_graphql(self):
        for client, parts, starts, names in (
            (self.rest, 'sites', 'Ham', ['Both']), (self.rest, 'sites', 'Br', []),
            (self.rest, 'tenants', 'Ow', ['Both']), (self.rest, 'tenants', 'Fo', []),
            (self.all, 'sites', 'Br', ['Both', 'Remote']), (self.all, 'tenants', 'Fo', ['Both', 'Remote']),
        ):
            asked = f'{parts}: {{name: {{starts_with: "{starts}"}}}}'
            with self.subTest(asked):
                rows = self.query(client, f'ims_scope_list(filters: {{{asked}}}) {{ name }}')
                self.assertEqual([row['name'] for row in rows], names)
                nested = f'filters: {{scope: {{{asked}}}}}'
                rows = self.query(client, f'ims_statement_of_applicability_list({nested}) {{ scope {{ name }} }}')
                self.assertEqual([row['scope']['name'] for row in rows], names)

    def test_filters_of_rest(self):
        for parameters, names in (
            ({'site': self.shown.slug}, ['Both']), ({'site_id': self.shown.pk}, ['Both']),
            ({'tenant': self.own.slug}, ['Both']), ({'tenant_id': self.own.pk}, ['Both']),
            ({'site_id': 'null'}, ['Remote']), ({'site_id__n': self.shown.pk}, ['Remote']),
        ):
            status, data = self.rest.get('scopes/', **parameters)
            self.assertEqual((status, [row['name'] for row in data['results']]), (200, names), parameters)
        for parameters in (
            {'site': self.hidden.slug}, {'site_id': self.hidden.pk}, {'tenant': self.foreign.slug},
            {'tenant_id': self.foreign.pk}, {'site_id__n': self.hidden.pk},
        ):
            self.assertEqual(self.rest.get('scopes/', **parameters)[0], 400, parameters)
            self.assertEqual(self.all.get('scopes/', **parameters)[0], 200, parameters)

    def test_what_is_hidden_can_not_be_put_in(self):
        new = {'name': 'New', 'standard': self.scope.standard_id}
        for parts, hidden, shown in (('sites', self.hidden, self.shown), ('tenants', self.foreign, self.own)):
            status, data = self.rest.post('scopes/', {**new, parts: [hidden.pk]})
            self.assertEqual((status, list(data)), (400, [parts]))
            self.assertEqual(self.rest.patch(f'scopes/{self.scope.pk}/', {parts: [shown.pk]})[0], 200)
            self.assertEqual(getattr(self.scope, parts).count(), 2)
        self.assertFalse(Scope.objects.filter(name='New').exists())

    def test_graphql_shows_what_may_be_seen(self):
        names = 'sites { name } tenants { name } cis { object_id object_name object_type { model } }'
        self.assertEqual(self.query(self.rest, f'ims_scope(id: {self.scope.pk}) {{ {names} }}'), {
            'sites': [{'name': 'Hamburg'}], 'tenants': [{'name': 'Own'}],
            'cis': [{'object_id': self.device.pk, 'object_name': 'srv', 'object_type': {'model': 'device'}}],
        })
        seen = self.query(self.all, f'ims_scope(id: {self.scope.pk}) {{ {names} }}')
        self.assertEqual([ci['object_name'] for ci in seen['cis']], ['srv', 'secret'])
        self.assertEqual(
            self.query(self.rest, 'ims_control_list { assignments { object_name object_id display } }')[0],
            {'assignments': [{'object_name': 'srv', 'object_id': self.device.pk, 'display': 'A.1 · srv'}]},
        )
        statements = self.query(self.rest, 'ims_statement_of_applicability_list { entries { display } }')
        self.assertEqual([entry['display'][:3] for entry in statements[0]['entries']], ['A.1', 'A.2'])

    def test_graphql_costs_the_same_for_more(self):
        asked = (
            'ims_scope_list { sites { name } tenants { name } cis { object_id object_name object_type { model } } }',
            'ims_control_list { assignments { object_name display } }',
            'ims_statement_of_applicability_list { entries { display applicable } }',
        )
        few = [self.count_queries(partial(self.query, self.rest, text), warm=True) for text in asked]
        for _number in range(3):
            scope = make.make_scope(sites=[self.shown], tenants=[self.own], cis=[self.device])
            make.make_statement(self.catalog, scope)
            make.make_assignment(self.device, make.make_control(catalog=self.catalog))
        for text, before in zip(asked, few, strict=True):
            self.assertSameQueries(before, self.count_queries(partial(self.query, self.rest, text)), text)

    def test_a_ci_that_is_not_whole(self):
        for ci, fields in (
            ({}, ['object_type', 'object_id']), ({'object_type': 'dcim.device'}, ['object_id']),
            ({'object_id': self.device.pk}, ['object_type']),
        ):
            for status, data in (
                self.rest.patch(f'scopes/{self.scope.pk}/', {'cis': [ci]}),
                self.rest.post('scopes/', {'name': 'New', 'standard': self.scope.standard_id, 'cis': [ci]}),
            ):
                self.assertEqual((status, list(data['cis'][0])), (400, fields), data)
