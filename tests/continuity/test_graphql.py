"""GraphQL of business functions, IT services and dependencies: filters, names, and what nested objects give away."""
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase

from netbox_ims.models import BusinessFunction, Dependency
from tests import factories as make
from tests.base import RestClient
from tests.register.test_graphql import GraphQLMixin


class ContinuityGraphQLTestCase(GraphQLMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.function = make.make_business_function('pay', criticality='high')
        make.make_business_function('dispatch')
        cls.payroll, cls.mail = make.make_it_service('payroll'), make.make_it_service('mail', status='planned')
        cls.payroll.tenants.add(make.make_tenant('logistics'))
        cls.vm, cls.device = make.make_vm('vm'), make.make_device(None)
        make.make_dependency(cls.function, cls.payroll)
        make.make_dependency(cls.payroll, cls.vm, holds_data=True, redundancy_group='db')
        make.make_dependency(cls.vm, cls.device)

    def test_filters(self):
        for field, filters, expected in (
            ('ims_business_function_list', 'criticality: {exact: "high"}', 'pay'),
            ('ims_business_function_list', 'slug: {exact: "dispatch"}', 'dispatch'),
            ('ims_business_function_list', 'name: {starts_with: "d"}', 'dispatch'),
            ('ims_it_service_list', 'status: {exact: "planned"}', 'mail'),
            ('ims_it_service_list', 'tenants: {slug: {exact: "logistics"}}', 'payroll'),
            ('ims_it_service_list', 'name: {exact: "mail"}', 'mail'),
        ):
            self.assertRows(field, filters, expected)
        type_id = ContentType.objects.get_for_model(BusinessFunction).pk
        for filters, expected in (
            (f'dependent_object_type_id: {type_id}, dependent_object_id: {{exact: {self.function.pk}}}', 'payroll'),
            (f'provider_object_id: {{exact: {self.vm.pk}}}, holds_data: {{exact: true}}', 'vm'),
            ('redundancy_group: {exact: "db"}', 'vm'), ('redundancy_group: {exact: ""}', 'payroll NONAME'),
        ):
            self.assertRows('ims_dependency_list', filters, expected, 'provider_name')

    def test_one_edge_with_everything_around_it(self):
        rows = self.rows('ims_dependency_list', '', """
            display dependent_name dependent_object_id dependent_object_type { app_label model }
            provider_name provider_object_id provider_object_type { model } holds_data redundancy_group
        """)
        self.assertEqual(rows[1], {
            'display': 'payroll → vm', 'dependent_name': 'payroll', 'dependent_object_id': self.payroll.pk,
            'dependent_object_type': {'app_label': 'netbox_ims', 'model': 'itservice'}, 'provider_name': 'vm',
            'provider_object_id': self.vm.pk, 'provider_object_type': {'model': 'virtualmachine'}, 'holds_data': True,
            'redundancy_group': 'db',
        })
        self.assertEqual(rows[2]['display'], f'vm → Unnamed Device {self.device.pk}')

    def test_display_alone(self):
        self.assertEqual(
            [row['display'] for row in self.rows('ims_dependency_list', '', 'display')][:2],
            ['pay → payroll', 'payroll → vm'],
        )

    def test_permissions(self):
        user = make.make_user(
            'netbox_ims.view_dependency', 'netbox_ims.view_itservice', 'virtualization.view_virtualmachine'
        )
        rest = RestClient(user)
        self.assertEqual(self.rows('ims_dependency_list', '', 'display', rest), [{'display': 'payroll → vm'}])
        hidden = Dependency.objects.get(dependent_name='vm').pk
        answers = []
        for pk in (hidden, hidden + 10**6):
            data, errors = rest.graphql(f'{{ ims_dependency(id: {pk}) {{ id }} }}')
            answers.append((data, [error['message'].replace(str(pk), 'N') for error in errors]))
        self.assertEqual(*answers)
        # Tenants are shown to those who may see tenants.
        self.assertEqual(
            self.rows('ims_it_service_list', 'name: {exact: "payroll"}', 'tenants { slug }', rest), [{'tenants': []}]
        )
