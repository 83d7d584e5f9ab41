"""Every filter of business functions, IT services and dependencies: which rows it keeps."""
from django.test import TestCase

from users.models import User

from netbox_ims import filtersets
from netbox_ims.models import BusinessFunction, Dependency, ITService
from tests import factories as make
from tests.base import ChangeLoggedFilterSetTests, RestClient
from tests.register.test_filtersets import FiltersMixin, query


class BusinessFunctionFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = BusinessFunction.objects.all()
    filterset = filtersets.BusinessFunctionFilterSet

    @classmethod
    def setUpTestData(cls):
        a = make.make_business_function('a', criticality='high', description='Monthly')
        cls.plan = make.make_plan(functions=[a])
        make.make_business_function('b', criticality='low', comments='monthly')
        make.make_business_function('c')

    def test_filters(self):
        for parameters, expected in (
            ('q=MONTHLY', 'a b'), ('q=c', 'c'), ('q= ', 'a b c'), ('name=a&name=b', 'a b'), ('slug=b', 'b'),
            ('criticality=high&criticality=low', 'a b'), ('criticality__n=high', 'b c'), ('criticality=null', 'c'),
            ('criticality__empty=true', 'c'), ('description__ic=month', 'a'),
            (f'continuity_plan_id={self.plan.pk}', 'a'), ('continuity_plan_id=null', 'b c'),
            ('mtpd_minutes__empty=true', 'a b c'), ('mtpd_minutes__lte=480', ''),
        ):
            self.assertFilters(parameters, expected)


class ITServiceFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = ITService.objects.all()
    filterset = filtersets.ITServiceFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.logistics, cls.claasen = make.make_tenant('logistics'), make.make_tenant('claasen')
        make.make_it_service('a', description='Salaries').tenants.add(cls.logistics, cls.claasen)
        make.make_it_service('b', status='planned', comments='salaries').tenants.add(cls.claasen)
        make.make_it_service('c', status='retired')

    def test_filters(self):
        for parameters, expected in (
            ('q=SALARIES', 'a b'), ('q=c', 'c'), ('q=', 'a b c'), ('name__n=a', 'b c'), ('slug=b&slug=c', 'b c'),
            ('status=active&status=retired', 'a c'), ('status__n=active', 'b c'),
            ('tenant=logistics', 'a'), ('tenant=logistics&tenant=claasen', 'a b'), ('tenant=null', 'c'),
            ('tenant__n=logistics', 'b c'), (f'tenant_id={self.claasen.pk}', 'a b'), ('tenant_id=null', 'c'),
        ):
            self.assertFilters(parameters, expected)


class DependencyFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    """Four edges, labelled by what depends and what provides: ps, sv, vd, and wd."""
    queryset = Dependency.objects.all()
    filterset = filtersets.DependencyFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.pay, cls.service = make.make_business_function('pay'), make.make_it_service('service')
        cls.vm, cls.other_vm, cls.device = make.make_vm('vm'), make.make_vm('www'), make.make_device('device')
        make.make_dependency(cls.pay, cls.service, description='Monthly')
        make.make_dependency(cls.service, cls.vm, holds_data=True, redundancy_group='one')
        make.make_dependency(cls.vm, cls.device, holds_data=True, redundancy_group='two')
        make.make_dependency(cls.other_vm, cls.device, comments='monthly')

    def label(self, row):
        return row.dependent_name[0] + row.provider_name[0]

    def test_filters(self):
        device, vm, other_vm = self.device.pk, self.vm.pk, self.other_vm.pk
        for parameters, expected in (
            ('', 'ps sv vd wd'), ('q=MONTHLY', 'ps wd'), ('q=VM', 'sv vd'), ('q=serv', 'ps sv'), ('q=one', 'sv'),
            ('q= ', 'ps sv vd wd'), ('q=nothing', ''),
            ('dependent_object_type=virtualization.virtualmachine', 'vd wd'),
            ('dependent_object_type__n=virtualization.virtualmachine', 'ps sv'),
            ('provider_object_type=dcim.device&provider_object_type=netbox_ims.itservice', 'ps vd wd'),
            (f'dependent_object_type=virtualization.virtualmachine&dependent_object_id={vm}', 'vd'),
            (f'provider_object_type=dcim.device&provider_object_id={device}', 'vd wd'),
            ('object_type=virtualization.virtualmachine', 'sv vd wd'),
            ('object_type=virtualization.virtualmachine&object_type=netbox_ims.businessfunction', 'ps sv vd wd'),
            ('object_type__n=virtualization.virtualmachine', 'ps'), ('object_type=dcim.interface', ''),
            (f'object_type=virtualization.virtualmachine&object_id={vm}', 'sv vd'),
            (f'object_type=virtualization.virtualmachine&object_id={vm}&object_id={other_vm}', 'sv vd wd'),
            (f'device_id={device}', 'vd wd'), (f'device_id__n={device}', 'ps sv'),
            (f'device_id={device}&virtual_machine_id={vm}', 'vd'), (f'virtual_machine_id={vm}', 'sv vd'),
            (f'it_service_id={self.service.pk}', 'ps sv'), (f'business_function_id={self.pay.pk}', 'ps'),
            ('rack_id=1', ''), ('holds_data=true', 'sv vd'), ('holds_data=false', 'ps wd'),
            ('redundancy_group=one&redundancy_group=two', 'sv vd'), ('redundancy_group__ic=TW', 'vd'),
            ('redundancy_group__empty=true', 'ps wd'), ('description=Monthly', 'ps'),
        ):
            self.assertFilters(parameters, expected)

    def test_type_and_id_are_of_one_end(self):
        """Not of any two CIs that an edge happens to be between."""
        numbers = {end: make.make_rack(f'{end}') for end in 'xy'}
        clusters = [make.make_cluster() for _ in range(3)]
        edge = make.make_dependency(numbers['x'], clusters[-1])
        pk = clusters[-1].pk
        self.assertNotEqual(numbers['x'].pk, pk)
        self.assertFalse(self.filterset(query(f'object_type=dcim.rack&object_id={pk}')).qs.exists())
        self.assertEqual(list(self.filterset(query(f'object_type=virtualization.cluster&object_id={pk}')).qs), [edge])
        self.assertIn(edge, self.filterset(query(f'object_id={pk}')).qs)

    def test_rest_answers_400_and_names_the_filter(self):
        rest = RestClient(User.objects.create_superuser('root'))
        for parameters in (
            'object_type=nonsense', 'object_type__n=nope', 'object_id=x', 'device_id=x', 'holds_data=maybe',
            'dependent_object_type=dcim.nope', 'provider_object_id=x', 'redundancy_group__regex=(',
        ):
            with self.subTest(parameters=parameters):
                status, data = rest.get(f'dependencies/?{parameters}')
                self.assertEqual((status, list(data)), (400, [parameters.split('=')[0]]))
