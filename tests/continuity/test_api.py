"""REST and GraphQL of business functions, IT services and dependencies, and what is refused."""
from django.test import TestCase

from users.models import User

from netbox_ims.choices import CriticalityChoices, ITServiceStatusChoices
from netbox_ims.models import BusinessFunction, Dependency, ITService
from tests import factories as make
from tests.base import CIVisibleMixin, IMSAPIViewTestCases, RestClient


class BusinessFunctionAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = BusinessFunction
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'criticality': CriticalityChoices.CRITICAL}
    bulk_update_invalid_data = {'criticality': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        for n in range(3):
            make.make_business_function(criticality='high', description=f'Number {n}')
        cls.create_data = [
            {'name': 'Four', 'slug': 'four', 'criticality': 'low'},
            {'name': 'Five', 'slug': 'five', 'criticality': None},
            {'name': 'Six', 'slug': 'six', 'description': 'The sixth'},
        ]


class ITServiceAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ITService
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'status': ITServiceStatusChoices.STATUS_RETIRED}
    bulk_update_invalid_data = {'status': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        tenant = make.make_tenant()
        for n in range(3):
            make.make_it_service(description=f'Number {n}').tenants.add(tenant)
        cls.create_data = [
            {'name': 'Four', 'slug': 'four', 'status': 'planned', 'tenants': [tenant.pk]},
            {'name': 'Five', 'slug': 'five', 'tenants': []},
            {'name': 'Six', 'slug': 'six', 'description': 'The sixth'},
        ]


class DependencyAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Dependency
    brief_fields = ['dependent', 'description', 'display', 'holds_data', 'id', 'provider', 'url']
    bulk_update_data = {'holds_data': True, 'redundancy_group': 'pair'}
    bulk_update_invalid_data = {'holds_data': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        service = make.make_it_service()
        vms = [make.make_vm() for _ in range(3)]
        for vm in vms:
            make.make_dependency(service, vm, redundancy_group='trio', description='A dependency')
        device = make.make_device()
        cls.create_data = [
            {
                'dependent_object_type': 'netbox_ims.itservice', 'dependent_object_id': service.pk,
                'provider_object_type': 'dcim.device', 'provider_object_id': device.pk, 'holds_data': True,
                'redundancy_group': 'arrays',
            },
            {
                'dependent_object_type': 'virtualization.virtualmachine', 'dependent_object_id': vms[0].pk,
                'provider_object_type': 'virtualization.virtualmachine', 'provider_object_id': vms[1].pk,
            },
            {
                'dependent_object_type': 'dcim.device', 'dependent_object_id': device.pk,
                'provider_object_type': 'netbox_ims.itservice', 'provider_object_id': service.pk,
            },
        ]


class ContractTestCase(TestCase):
    """What the wire contract says of these endpoints, field by field."""
    maxDiff = None
    COMMON = {
        'id', 'url', 'display', 'tags', 'custom_fields', 'created', 'last_updated', 'owner', 'description', 'comments',
    }

    @classmethod
    def setUpTestData(cls):
        cls.tenant = make.make_tenant('Logistics')
        cls.service = make.make_it_service('Payroll')
        cls.service.tenants.add(cls.tenant)
        cls.function = make.make_business_function('Salary payment', criticality='high')
        cls.vm, cls.nameless = make.make_vm('vm-db-03'), make.make_device(None)
        cls.dependency = make.make_dependency(cls.service, cls.vm, holds_data=True, redundancy_group='db')

    def setUp(self):
        self.rest = RestClient(User.objects.create_superuser('root'))

    def test_fields(self):
        for path, fields in (
            ('business-functions/', {'name', 'slug', 'criticality'}),
            ('it-services/', {'name', 'slug', 'status', 'tenants'}),
            ('dependencies/', {
                'dependent_object_type', 'dependent_object_id', 'dependent', 'provider_object_type',
                'provider_object_id', 'provider', 'holds_data', 'redundancy_group',
            }),
        ):
            with self.subTest(path=path):
                status, data = self.rest.get(path)
                self.assertEqual((status, data['count']), (200, 1))
                self.assertEqual((self.COMMON | fields) - data['results'][0].keys(), set())

    def test_an_edge_names_both_its_ends(self):
        _status, row = self.rest.get(f'dependencies/{self.dependency.pk}/')
        base = 'http://testserver/api'
        self.assertEqual(
            {name: row[name] for name in (
                'display', 'dependent_object_type', 'dependent_object_id', 'dependent', 'provider_object_type',
                'provider_object_id', 'provider', 'holds_data', 'redundancy_group',
            )},
            {
                'display': 'Payroll → vm-db-03', 'dependent_object_type': 'netbox_ims.itservice',
                'dependent_object_id': self.service.pk,
                'dependent': {
                    'id': self.service.pk, 'url': f'{base}/plugins/ims/it-services/{self.service.pk}/',
                    'display': 'Payroll', 'name': 'Payroll',
                },
                'provider_object_type': 'virtualization.virtualmachine', 'provider_object_id': self.vm.pk,
                'provider': {
                    'id': self.vm.pk, 'url': f'{base}/virtualization/virtual-machines/{self.vm.pk}/',
                    'display': 'vm-db-03', 'name': 'vm-db-03',
                },
                'holds_data': True, 'redundancy_group': 'db',
            },
        )

    def test_the_answer_to_a_write_names_the_new_ends(self):
        status, row = self.rest.patch(f'dependencies/{self.dependency.pk}/', {
            'provider_object_type': 'dcim.device', 'provider_object_id': self.nameless.pk,
        })
        self.assertEqual(status, 200, row)
        self.assertEqual(row['provider']['display'], f'Unnamed Device {self.nameless.pk}')
        self.assertEqual((row['provider']['name'], row['dependent']['name']), ('', 'Payroll'))

    def test_tenants_by_id_or_attributes(self):
        other = make.make_tenant('Claasen')
        for value, expected in (
            ([other.pk], [other]), ([{'slug': 'logistics'}], [self.tenant]), ([], []),
            ([self.tenant.pk, {'name': 'Claasen'}], [self.tenant, other]),
        ):
            with self.subTest(tenants=value):
                status, row = self.rest.patch(f'it-services/{self.service.pk}/', {'tenants': value})
                self.assertEqual(status, 200, row)
                self.assertCountEqual(self.service.tenants.all(), expected)
                self.assertCountEqual([tenant['slug'] for tenant in row['tenants']], [t.slug for t in expected])
        for wrong in (None, 'logistics', [10**9], [{'slug': 'nope'}], [{'nonsense': 1}], [None], ['x'], [[]]):
            with self.subTest(tenants=wrong):
                status, data = self.rest.patch(f'it-services/{self.service.pk}/', {'tenants': wrong})
                self.assertEqual((status, set(data)), (400, {'tenants'}))

    def test_they_are_cis(self):
        """In the register, with a profile of their own, and gone with their dependencies."""
        for label, ci in (('netbox_ims.itservice', self.service), ('netbox_ims.businessfunction', self.function)):
            status, row = self.rest.post('asset-profiles/', {
                'object_type': label, 'object_id': ci.pk, 'rto_minutes': 240,
            })
            self.assertEqual((status, row['object']['display']), (201, ci.name))
        for name, ci in (('it_service_id', self.service), ('business_function_id', self.function)):
            _status, data = self.rest.get('register/', **{name: ci.pk})
            self.assertEqual([(row['name'], row['rto_minutes']) for row in data['results']], [(ci.name, 240)])
        status, _data = self.rest.delete(f'it-services/{self.service.pk}/')
        self.assertEqual(status, 204)
        self.assertEqual(self.rest.get('dependencies/')[1]['count'], 0)
