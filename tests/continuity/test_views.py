"""Pages of business functions, IT services and dependencies, by NetBox's generic tests and what is particular."""
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.urls import reverse

from users.models import User
from utilities.testing import create_tags

from netbox_ims.choices import CriticalityChoices, ITServiceStatusChoices
from netbox_ims.models import BusinessFunction, Dependency, ITService
from tests import factories as make
from tests.base import CIVisibleMixin, IMSViewTestCases, as_user


def type_id(model):
    return ContentType.objects.get_for_model(model).pk


class BusinessFunctionViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = BusinessFunction

    @classmethod
    def setUpTestData(cls):
        first, second, third = (make.make_business_function(criticality='low') for _ in range(3))
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Salary payment', 'slug': 'salary-payment', 'criticality': CriticalityChoices.HIGH,
            'description': 'Monthly', 'comments': 'By the 25th', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,criticality,description',
            'Warehouse dispatch,warehouse-dispatch,critical,Around the clock',
            'Order intake,order-intake,,',
            'Finance reporting,finance-reporting,low,',
        )
        cls.csv_update_data = (
            'id,name,criticality,description',
            f'{first.pk},First,high,New description 1',
            f'{second.pk},Second,medium,New description 2',
            f'{third.pk},Third,low,New description 3',
        )
        cls.bulk_edit_data = {'criticality': CriticalityChoices.CRITICAL, 'description': 'Edited together'}

    def test_a_criticality_nobody_has_stated_is_unknown(self):
        self.add_permissions('netbox_ims.view_businessfunction')
        unstated = make.make_business_function('Unstated', criticality=None)
        self.assertContains(self.client.get(unstated.get_absolute_url()), 'ims-unk')
        list_url = self._get_url('list')
        self.assertContains(self.client.get(list_url, {'name': 'Unstated'}), 'ims-unk')
        export = self.client.get(list_url, {'name': 'Unstated', 'export': 'table'}).content.decode()
        self.assertIn('Unstated,unknown', export)


class ITServiceViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = ITService

    @classmethod
    def setUpTestData(cls):
        first, second, third = (make.make_it_service() for _ in range(3))
        tenants = [make.make_tenant('Logistics'), make.make_tenant('Claasen')]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Payroll', 'slug': 'payroll', 'status': ITServiceStatusChoices.STATUS_PLANNED,
            'tenants': [tenant.pk for tenant in tenants], 'description': 'Salaries', 'comments': 'For two customers',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,status,tenants,description',
            'Mail,mail,active,"logistics,claasen",For everybody',
            'Backup,backup,planned,claasen,',
            'Intranet,intranet,,,',
        )
        cls.csv_update_data = (
            'id,name,status,description',
            f'{first.pk},First,retired,New description 1',
            f'{second.pk},Second,active,New description 2',
            f'{third.pk},Third,planned,New description 3',
        )
        cls.bulk_edit_data = {
            'status': ITServiceStatusChoices.STATUS_RETIRED, 'tenants': [tenants[0].pk], 'description': 'Edited',
        }

    def test_tenants_in_imported_data(self):
        self.add_permissions('netbox_ims.add_itservice', 'netbox_ims.view_itservice', 'tenancy.view_tenant')

        def tenants_of(slug, tenants):
            data = f'[{{"name": "{slug}", "slug": "{slug}", "tenants": {tenants}}}]'
            response = self.client.post(self._get_url('bulk_import'), {
                'data': data, 'format': 'json', 'csv_delimiter': 'auto', 'import_method': 'direct',
            })
            self.assertLess(response.status_code, 500)
            service = ITService.objects.filter(slug=slug).first()
            return service and sorted(tenant.slug for tenant in service.tenants.all())

        self.assertEqual(tenants_of('a', '["logistics", "claasen"]'), ['claasen', 'logistics'])
        self.assertEqual(tenants_of('b', '"logistics"'), ['logistics'])
        for number, wrong in enumerate(('7', '{"slug": "logistics"}', '["nope"]', '[{}]', 'true')):
            with self.subTest(tenants=wrong):
                self.assertIsNone(tenants_of(f'wrong-{number}', wrong))


class DependencyViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = Dependency

    @classmethod
    def setUpTestData(cls):
        site = make.make_site('Berlin')
        service, function = make.make_it_service('Payroll'), make.make_business_function('Salary payment')
        vms = [make.make_vm(site=site) for _ in range(3)]
        dependencies = [make.make_dependency(service, vm) for vm in vms]
        device, cluster = make.make_device('array', site=site), make.make_cluster('cluster')
        make.make_device('array', site=make.make_site('Paris'))
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'dependent_content_type': type_id(ITService), 'dependent_object_id': service.pk,
            'provider_content_type': type_id(device), 'provider_object_id': device.pk,
            'holds_data': True, 'redundancy_group': 'arrays', 'description': 'Its disks', 'comments': 'Since 2024',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = {
            'default': (
                'dependent_object_type,dependent_object_id,provider_object_type,provider_object_id,holds_data,redundancy_group',
                f'netbox_ims.businessfunction,{function.pk},netbox_ims.itservice,{service.pk},true,',
                f'netbox_ims.itservice,{service.pk},dcim.device,{device.pk},false,arrays',
                f'virtualization.virtualmachine,{vms[0].pk},virtualization.cluster,{cluster.pk},,',
            ),
            'by name': (
                'dependent_object_type,dependent_object_name,provider_object_type,provider_object_name,provider_site,description',
                'netbox_ims.businessfunction,Salary payment,netbox_ims.itservice,Payroll,,Paid by',
                'netbox_ims.itservice,Payroll,dcim.device,array,berlin,Kept on',
                f'virtualization.virtualmachine,{vms[0].name},dcim.device,array,Paris,',
            ),
        }
        cls.csv_update_data = (
            'id,redundancy_group,description',
            f'{dependencies[0].pk},pair,New description 1',
            f'{dependencies[1].pk},pair,New description 2',
            f'{dependencies[2].pk},,New description 3',
        )
        cls.bulk_edit_data = {'holds_data': True, 'redundancy_group': 'trio', 'description': 'Edited together'}

    def test_the_ends_are_named_and_linked(self):
        self.add_permissions('netbox_ims.view_dependency')
        dependency = Dependency.objects.first()
        for url in (dependency.get_absolute_url(), self._get_url('list')):
            response = self.client.get(url)
            for ci in (dependency.dependent, dependency.provider):
                self.assertContains(response, f'href="{ci.get_absolute_url()}"')
                self.assertContains(response, ci.name)

    def test_an_end_without_a_name(self):
        self.add_permissions('netbox_ims.view_dependency')
        nameless = make.make_device(None)
        dependency = make.make_dependency(ITService.objects.get(), nameless)
        self.assertContains(self.client.get(dependency.get_absolute_url()), f'Unnamed Device {nameless.pk}')

    def test_cloning_keeps_the_dependent(self):
        """Whoever enters what a service runs on, enters several."""
        self.add_permissions('netbox_ims.view_dependency', 'netbox_ims.add_dependency')
        dependency = Dependency.objects.first()
        form = self.client.get(self._get_url('add'), dependency.clone()).context['form']
        self.assertEqual(form['dependent'].initial, [str(type_id(ITService)), str(dependency.dependent_object_id)])
        self.assertEqual(form['provider'].initial, [None, None])

    def test_sorting_by_name(self):
        self.add_permissions('netbox_ims.view_dependency')
        for sort, field in (('provider', 'provider_name'), ('dependent', 'dependent_name')):
            names = [row.record for row in self.client.get(self._get_url('list'), {'sort': sort}).context['table'].rows]
            names = [getattr(record, field) for record in names]
            self.assertEqual(names, sorted(names))


class PagesOfTheEndsTestCase(TestCase):
    """The page of a service or function shows what it needs, how sensitive it is, and where to say more."""

    @classmethod
    def setUpTestData(cls):
        cls.service = make.make_it_service('Payroll')
        cls.service.tenants.add(make.make_tenant('Logistics'))
        cls.function = make.make_business_function('Salary payment', criticality='high')
        make.make_profile(cls.service, rto_minutes=240, classification=make.make_classification('Secret'))
        make.make_dependency(cls.function, cls.service)
        make.make_dependency(cls.service, make.make_vm('vm-db-03'))

    def setUp(self):
        self.client.force_login(User.objects.create_superuser('root'))

    def test_pages(self):
        for ci, texts in (
            (self.service, ('Runs On', 'Needed By', 'Logistics', 'Secret', '4h', 'Active')),
            (self.function, ('Depends On', 'High', 'Not assessed')),
        ):
            response = self.client.get(ci.get_absolute_url())
            self.assertContains(response, 'id="ims-assessment"')
            for text in texts:
                with self.subTest(ci=ci, text=text):
                    self.assertContains(response, text)
            self.assertContains(
                response, f'dependent_object_type={ci._meta.label_lower}&amp;dependent_object_id={ci.pk}'
            )
            self.assertContains(response, f'dependent_content_type={type_id(type(ci))}&amp;dependent_object_id={ci.pk}')

    def test_the_tables_behind_the_panels(self):
        list_url = reverse('plugins:netbox_ims:dependency_list')
        for ci, end, expected in (
            (self.service, 'dependent', 'vm-db-03'), (self.service, 'provider', 'Salary payment'),
            (self.function, 'dependent', 'Payroll'),
        ):
            rows = self.client.get(list_url, {
                f'{end}_object_type': ci._meta.label_lower, f'{end}_object_id': ci.pk,
            }).context['table'].rows
            other = 'provider_name' if end == 'dependent' else 'dependent_name'
            self.assertEqual([getattr(row.record, other) for row in rows], [expected])

    def test_the_add_link_names_the_ci(self):
        response = self.client.get(reverse('plugins:netbox_ims:dependency_add'), {
            'dependent_content_type': type_id(ITService), 'dependent_object_id': self.service.pk,
        })
        self.assertContains(response, 'Payroll')


class NamesTestCase(TestCase):
    """NetBox's own pages show what goes with an object: not the name of the CI at the other end of a dependency."""

    @classmethod
    def setUpTestData(cls):
        cls.device = make.make_device('seen')
        cls.dependency = make.make_dependency(make.make_vm('secret-vm'), cls.device)

    def test_deleting_a_ci_does_not_name_what_depends_on_it(self):
        user = make.make_user('dcim.view_device', 'dcim.delete_device')
        self.client.force_login(user)
        url = reverse('dcim:device_delete', args=[self.device.pk])
        response = self.client.get(url, headers={'HX-Request': 'true'})
        self.assertContains(response, f'Dependency {self.dependency.pk}')
        self.assertNotContains(response, 'secret-vm')
        self.client.post(url, {'confirm': True})
        self.assertFalse(Dependency.objects.exists())

    def test_a_restricted_query_names_both(self):
        self.assertEqual(str(Dependency.objects.get()), 'secret-vm → seen')
        self.assertEqual(str(Dependency._base_manager.get()), f'Dependency {self.dependency.pk}')

    def test_the_change_log_names_both(self):
        from core.models import ObjectChange
        with as_user(User.objects.create_superuser('root')):
            make.make_dependency(self.device, make.make_cluster('ham1'))
            self.device.delete()
        changes = ObjectChange.objects.filter(changed_object_type=ContentType.objects.get_for_model(Dependency))
        self.assertEqual(
            sorted(changes.values_list('action', 'object_repr')),
            [('create', 'seen → ham1'), ('delete', 'secret-vm → seen'), ('delete', 'seen → ham1')],
        )
