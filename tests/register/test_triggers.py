"""
The register is right after every kind of write, and the triggers that keep it can be inspected, dropped and mended.
"""
from io import StringIO

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, migrations, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.db.models.signals import post_migrate, pre_migrate
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from circuits.models import Circuit
from dcim.models import Device, Rack, Site
from ipam.models import FHRPGroup, Service
from virtualization.models import Cluster, VirtualMachine

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import AssetProfile, InformationAsset, RegisterEntry, RetiredCI
from netbox_ims.services.reconcile import find_drift, repair_register
from netbox_ims.services.trigger_sql import expected_triggers
from netbox_ims.services.triggers import drop_triggers, install_triggers, trigger_status
from tests import factories as make

from .checks import RegisterTestMixin, ci_types, execute, settle

# label -> (how to make one, the field its name is in)
SHIPPED = {
    'dcim.device': (make.make_device, 'name'),
    'dcim.rack': (make.make_rack, 'name'),
    'dcim.site': (make.make_site, 'name'),
    'virtualization.virtualmachine': (make.make_vm, 'name'),
    'virtualization.cluster': (make.make_cluster, 'name'),
    'ipam.service': (make.make_service, 'name'),
    'circuits.circuit': (make.make_circuit, 'cid'),
    'netbox_ims.businessfunction': (make.make_business_function, 'name'),
    'netbox_ims.itservice': (make.make_it_service, 'name'),
    'netbox_ims.informationasset': (make.make_information_asset, 'name'),
}


def insert_profile(type_id, object_id, **values):
    """A profile by raw SQL, past everything Django checks; returns its id."""
    columns = {
        'object_type_id': type_id, 'object_id': object_id, 'custom_field_data': '{}', 'description': '', 'comments': '',
        'data_categories': '', 'classification_override': False, 'override_justification': '', **values,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO netbox_ims_assetprofile ({", ".join(columns)}) '
            f'VALUES ({", ".join(["%s"] * len(columns))}) RETURNING id',
            list(columns.values()),
        )
        return cursor.fetchone()[0]


def type_id(model):
    return ContentType.objects.get_for_model(model).pk


class EveryTypeTestCase(RegisterTestMixin, TestCase):
    """Each shipped type on each path that can write it."""

    def test_all_shipped_types_are_covered(self):
        self.assertEqual(list(SHIPPED), list(get_ci_types()))

    def test_created_by_the_orm(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                self.assertEntry(
                    ci, name=getattr(ci, field), profile=None, classification=None, effective_complete=False
                )
        self.assertRegisterIsRight()

    def test_renamed_by_save(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                setattr(ci, field, 'renamed')
                ci.save()
                self.assertEntry(ci, name='renamed')
        self.assertRegisterIsRight()

    def test_renamed_by_save_of_that_field_only(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                setattr(ci, field, 'renamed')
                ci.save(update_fields=[field])
                self.assertEntry(ci, name='renamed')
        self.assertRegisterIsRight()

    def test_renamed_by_update(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                first, second = factory(), factory()
                type(first).objects.filter(pk__in=[first.pk, second.pk]).update(
                    **{field: Concat(F(field), Value(' new'))}
                )
                self.assertEntry(first, name=f'{getattr(first, field)} new')
                self.assertEntry(second, name=f'{getattr(second, field)} new')
        self.assertRegisterIsRight()

    def test_renamed_by_bulk_update(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                cis = [factory(), factory()]
                for number, ci in enumerate(cis):
                    setattr(ci, field, f'bulk {number}')
                type(cis[0]).objects.bulk_update(cis, [field])
                for number, ci in enumerate(cis):
                    self.assertEntry(ci, name=f'bulk {number}')
        self.assertRegisterIsRight()

    def test_renamed_by_raw_sql(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                execute(f"UPDATE {ci._meta.db_table} SET {field} = 'by hand' WHERE id = %s", [ci.pk])
                self.assertEntry(ci, name='by hand')
        self.assertRegisterIsRight()

    def test_created_by_bulk_create(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                model = get_ci_types()[label].model
                pattern, copies = factory(), []
                for number in range(3):
                    copy = model.objects.get(pk=pattern.pk)
                    copy.pk, copy._state.adding = None, True
                    setattr(copy, field, f'copy {number}')
                    if hasattr(copy, 'slug'):
                        copy.slug = f'copy-{number}'
                    copies.append(copy)
                for ci in model.objects.bulk_create(copies):
                    self.assertEntry(ci, name=getattr(ci, field))
        self.assertRegisterIsRight()

    def test_inserted_by_raw_sql(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                pattern = factory()
                table = pattern._meta.db_table
                changed = {'id': "nextval(pg_get_serial_sequence(%s, 'id'))", field: "'inserted'", 'slug': "'inserted'"}
                columns = [f.column for f in pattern._meta.concrete_fields]
                values = [changed.get(column, column) for column in columns]
                with connection.cursor() as cursor:
                    cursor.execute(
                        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} "
                        f'WHERE id = %s RETURNING id', [table, pattern.pk]
                    )
                    inserted = cursor.fetchone()[0]
                self.assertEntry(type(pattern).objects.get(pk=inserted), name='inserted')
        self.assertRegisterIsRight()

    def test_deleted_by_the_orm(self):
        for label, (factory, _) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                make.make_profile(ci, is_information_asset=True)
                pk = ci.pk
                ci.delete()
                self.assertNotRegistered(ci, pk)
                self.assertFalse(AssetProfile.objects.filter(object_type=type_id(type(ci)), object_id=pk).exists())
        self.assertRegisterIsRight()

    def test_deleted_in_bulk(self):
        for label, (factory, _) in SHIPPED.items():
            with self.subTest(label):
                cis = [factory(), factory()]
                make.make_profile(cis[0], is_information_asset=True)
                pks = [ci.pk for ci in cis]
                type(cis[0]).objects.filter(pk__in=pks).delete()
                for ci, pk in zip(cis, pks, strict=True):
                    self.assertNotRegistered(ci, pk)
        self.assertRegisterIsRight()

    def test_deleted_by_raw_sql(self):
        for label, (factory, _) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                make.make_profile(ci, is_information_asset=True)
                self.assertEqual(execute(f'DELETE FROM {ci._meta.db_table} WHERE id = %s', [ci.pk]), 1)
                self.assertNotRegistered(ci)
                self.assertFalse(AssetProfile.objects.filter(object_type=type_id(type(ci)), object_id=ci.pk).exists())
        self.assertRegisterIsRight()

    def test_savepoint_rolled_back(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                before = RegisterEntry.objects.of(ci).values().get()
                sid = transaction.savepoint()
                type(ci).objects.filter(pk=ci.pk).update(**{field: 'not to be'})
                make.make_profile(ci, is_information_asset=True)
                made = factory()
                type(ci).objects.filter(pk=ci.pk).delete()
                transaction.savepoint_rollback(sid)
                self.assertEqual(RegisterEntry.objects.of(ci).values().get(), before)
                self.assertNotRegistered(made)
        self.assertRegisterIsRight()

    def test_nothing_relevant_changed_leaves_the_entry_as_it_is(self):
        for label, (factory, _) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                before = self.entry(ci).as_of
                type(ci).objects.filter(pk=ci.pk).update(comments='something')
                ci.save()
                self.assertEqual(self.entry(ci).as_of, before)

    def test_every_column_follows(self):
        site, tenant, role = make.make_site(), make.make_tenant(), make.make_role()
        for factory, changes in (
            (make.make_device, {'site_id': site.pk, 'tenant_id': tenant.pk, 'role_id': role.pk, 'status': 'offline'}),
            (make.make_vm, {'site_id': site.pk, 'tenant_id': tenant.pk, 'role_id': role.pk, 'status': 'offline'}),
            (make.make_rack, {'site_id': site.pk, 'tenant_id': tenant.pk, 'status': 'reserved'}),
            (make.make_site, {'tenant_id': tenant.pk, 'status': 'retired'}),
            (make.make_cluster, {'tenant_id': tenant.pk, 'status': 'offline'}),
            (make.make_circuit, {'tenant_id': tenant.pk, 'status': 'offline'}),
            (make.make_information_asset, {'status': 'retired'}),
            (make.make_it_service, {'status': 'retired'}),
        ):
            for column, value in changes.items():
                ci = factory()
                with self.subTest(ci._meta.label, column=column):
                    self.assertNotEqual(getattr(self.entry(ci), column), value)
                    type(ci).objects.filter(pk=ci.pk).update(**{column: value})
                    self.assertEntry(ci, **{column: value})
                    if (
                        column != 'site_id'
                        and column != 'status'
                        and not (column == 'role_id' and factory is make.make_device)
                    ):
                        type(ci).objects.filter(pk=ci.pk).update(**{column: None})
                        self.assertEntry(ci, **{column: None})
        self.assertRegisterIsRight()


class PlaceTestCase(RegisterTestMixin, TestCase):
    """Where a CI is, if something else says so."""

    @classmethod
    def setUpTestData(cls):
        cls.old, cls.new = make.make_site('Old'), make.make_site('New')
        cls.tenant = make.make_tenant()

    def test_a_device_takes_its_services_along(self):
        device = make.make_device(site=self.old)
        services = [make.make_service(parent=device) for _ in range(3)]
        elsewhere = make.make_service(parent=make.make_device(site=self.old))

        device.site = self.new
        device.save()
        for service in services:
            self.assertEntry(service, site=self.new, tenant=None)
        Device.objects.filter(pk=device.pk).update(tenant=self.tenant)
        for service in services:
            self.assertEntry(service, site=self.new, tenant=self.tenant)
        execute('UPDATE dcim_device SET site_id = %s, tenant_id = NULL WHERE id = %s', [self.old.pk, device.pk])
        for service in services:
            self.assertEntry(service, site=self.old, tenant=None)
        device.refresh_from_db()
        device.site, device.tenant = self.new, self.tenant
        Device.objects.bulk_update([device], ['site', 'tenant'])
        for service in services:
            self.assertEntry(service, site=self.new, tenant=self.tenant)
        self.assertEntry(elsewhere, site=self.old, tenant=None)
        self.assertRegisterIsRight()

    def test_a_virtual_machine_takes_its_services_along(self):
        vm = make.make_vm(site=self.old)
        service = make.make_service(parent=vm)
        vm.site, vm.tenant = self.new, self.tenant
        vm.save()
        self.assertEntry(service, site=self.new, tenant=self.tenant)
        VirtualMachine.objects.filter(pk=vm.pk).update(site=self.old)
        self.assertEntry(service, site=self.old, tenant=self.tenant)
        execute('UPDATE virtualization_virtualmachine SET site_id = NULL, tenant_id = NULL WHERE id = %s', [vm.pk])
        self.assertEntry(service, site=None, tenant=None)
        self.assertRegisterIsRight()

    def test_device_and_machine_of_the_same_id_are_not_mixed_up(self):
        device, vm = make.make_device(site=self.old), make.make_vm(site=self.old)
        execute('UPDATE virtualization_virtualmachine SET id = %s WHERE id = %s', [vm.pk + 1_000_000, vm.pk])
        repair_register()
        vm = make.make_vm(id=device.pk, site=self.old)
        on_device, on_vm = make.make_service(parent=device), make.make_service(parent=vm)
        make.make_profile(device, rto_minutes=0)
        Device.objects.filter(pk=device.pk).update(site=self.new)
        self.assertEntry(on_device, site=self.new)
        self.assertEntry(on_vm, site=self.old)
        self.assertEntry(vm, site=self.old, rto_minutes=None)
        self.assertEntry(device, site=self.new, rto_minutes=0)
        VirtualMachine.objects.filter(pk=vm.pk).delete()
        self.assertEntry(device, rto_minutes=0)
        self.assertEntry(on_device, site=self.new)
        self.assertRegisterIsRight()

    def test_a_service_changes_its_parent(self):
        device, vm = make.make_device(site=self.old), make.make_vm(site=self.new, tenant=self.tenant)
        service = make.make_service(parent=device)
        self.assertEntry(service, site=self.old, tenant=None)
        service.parent = vm
        service.save()
        self.assertEntry(service, site=self.new, tenant=self.tenant)
        Service.objects.filter(pk=service.pk).update(parent_object_type=type_id(Device), parent_object_id=device.pk)
        self.assertEntry(service, site=self.old, tenant=None)
        self.assertRegisterIsRight()

    def test_a_parent_that_is_no_place_gives_none(self):
        group = FHRPGroup.objects.create(group_id=1, protocol='vrrp2')
        service = make.make_service(parent=make.make_device(site=self.old))
        service.parent = group
        service.save()
        self.assertEntry(service, site=None, tenant=None)
        self.assertRegisterIsRight()

    def test_a_parent_that_comes_later_or_goes_first(self):
        service = make.make_service(parent=make.make_device(site=self.old))
        ghost = make.make_device(site=self.new)
        execute('UPDATE ipam_service SET parent_object_id = %s WHERE id = %s', [ghost.pk, service.pk])
        self.assertEntry(service, site=self.new)
        execute('DELETE FROM dcim_device WHERE id = %s', [ghost.pk])
        settle()
        self.assertEntry(service, site=None, tenant=None)
        make.make_device(id=ghost.pk, site=self.old, tenant=self.tenant)
        self.assertEntry(service, site=self.old, tenant=self.tenant)
        self.assertRegisterIsRight()

    def test_a_circuit_is_where_its_a_end_is(self):
        circuit = make.make_circuit()
        self.assertEntry(circuit, site=None)
        make.make_termination(circuit, self.new, 'Z')
        self.assertEntry(circuit, site=None)
        end = make.make_termination(circuit, self.old, 'A')
        self.assertEntry(circuit, site=self.old)

        end.termination = self.new
        end.save()
        self.assertEntry(circuit, site=self.new)
        execute('UPDATE circuits_circuittermination SET _site_id = %s WHERE id = %s', [self.old.pk, end.pk])
        self.assertEntry(circuit, site=self.old)
        other = make.make_circuit()
        end.refresh_from_db()
        end.circuit = other
        end.save()
        settle()
        self.assertEntry(circuit, site=None)
        self.assertEntry(other, site=self.new)      # NetBox works it out anew
        end.delete()
        settle()
        self.assertEntry(other, site=None)
        self.assertRegisterIsRight()

    def test_a_circuit_that_loses_its_end_and_gets_another_at_once(self):
        circuit = make.make_circuit(site=self.old)
        circuit.termination_a.delete()
        make.make_termination(circuit, self.new)
        settle()
        self.assertEntry(circuit, site=self.new)
        Circuit.objects.filter(pk=circuit.pk).update(termination_a=None, cid='without', status='offline')
        self.assertEntry(circuit, name='without', status='offline')
        settle()
        self.assertEntry(circuit, name='without', status='offline', site=None)
        self.assertRegisterIsRight()

    def test_a_circuit_whose_ends_are_swapped(self):
        circuit = make.make_circuit(site=self.old, site_z=self.new)
        a, z = circuit.terminations.order_by('term_side')
        Circuit.objects.filter(pk=circuit.pk).update(termination_a=z, termination_z=a)
        self.assertEntry(circuit, site=self.new)
        self.assertRegisterIsRight()

    def test_a_cluster_is_where_its_scope_is(self):
        region = make.make_region()
        cluster = make.make_cluster(scope=self.old)
        vm = make.make_vm(cluster=cluster, site=self.old)
        service = make.make_service(parent=vm)
        self.assertEntry(cluster, site=self.old)
        cluster.scope = self.new
        cluster.save()
        for ci in (cluster, vm, service):
            self.assertEntry(ci, site=self.new)
        cluster.scope = region
        cluster.save()
        self.assertEntry(cluster, site=None)
        self.assertEntry(vm, site=self.new)
        execute('UPDATE virtualization_cluster SET _site_id = %s WHERE id = %s', [self.old.pk, cluster.pk])
        self.assertEntry(cluster, site=self.old)
        self.assertRegisterIsRight()

    def test_a_location_that_moves_takes_all_in_it_along(self):
        location = make.make_location(self.old)
        rack = make.make_rack(site=self.old, location=location)
        device = make.make_device(site=self.old, location=location, rack=rack)
        service = make.make_service(parent=device)
        cluster = make.make_cluster(scope=location)
        circuit = make.make_circuit(site=location)
        for ci in (rack, device, service, cluster, circuit):
            self.assertEntry(ci, site=self.old)
        location.site = self.new
        location.save()
        for ci in (rack, device, service, cluster, circuit):
            with self.subTest(ci._meta.label):
                self.assertEntry(ci, site=self.new)
        self.assertRegisterIsRight()

    def test_a_site_is_its_own_site(self):
        self.assertEntry(self.old, site=self.old, name='Old', role=None)
        Site.objects.filter(pk=self.old.pk).update(name='Renamed')
        self.assertEntry(self.old, site=self.old, name='Renamed')

    def test_an_information_asset_is_nowhere(self):
        self.assertEntry(make.make_information_asset(), site=None, tenant=None, role=None, status='active')

    def test_functions_and_services_are_nowhere(self):
        self.assertEntry(make.make_business_function(), site=None, tenant=None, role=None, status=None)
        service = make.make_it_service()
        service.tenants.add(make.make_tenant())        # its customers, not who runs it
        self.assertEntry(service, site=None, tenant=None, role=None, status='active')

    def test_a_cascade_takes_services_along(self):
        device, vm = make.make_device(), make.make_vm()
        services = [make.make_service(parent=device), make.make_service(parent=device), make.make_service(parent=vm)]
        pks = [service.pk for service in services]
        make.make_profile(services[0], rto_minutes=5)
        Device.objects.filter(pk=device.pk).delete()
        vm.delete()
        self.assertFalse(Service.objects.filter(pk__in=pks).exists())
        self.assertFalse(RegisterEntry.objects.filter(object_type=type_id(Service), object_id__in=pks).exists())
        self.assertRegisterIsRight()

    def test_a_region_takes_its_clusters_along(self):
        region = make.make_region()
        cluster = make.make_cluster(scope=region)
        pk = cluster.pk
        region.delete()
        self.assertFalse(Cluster.objects.filter(pk=pk).exists())
        self.assertNotRegistered(cluster, pk)
        self.assertRegisterIsRight()

    def test_one_statement_writes_parents_and_services(self):
        device = make.make_device(site=self.old)
        service = make.make_service(parent=device)
        execute(
            "WITH moved AS (UPDATE dcim_device SET site_id = %s WHERE id = %s RETURNING id) "
            "UPDATE ipam_service SET name = 'moved' WHERE parent_object_id IN (SELECT id FROM moved)",
            [self.new.pk, device.pk]
        )
        self.assertEntry(service, site=self.new, name='moved')
        self.assertRegisterIsRight()


class NameTestCase(RegisterTestMixin, TestCase):

    def test_a_device_without_a_name(self):
        device = make.make_device(name=None)
        self.assertEntry(device, name='')
        self.assertIn(str(device.pk), str(self.entry(device)))
        Device.objects.filter(pk=device.pk).update(name='named')
        self.assertEntry(device, name='named')
        Device.objects.filter(pk=device.pk).update(name=None)
        self.assertEntry(device, name='')
        self.assertRegisterIsRight()

    def test_names_as_people_write_them(self):
        for name in (
            'Straße 7',
            'Ünïcödé',
            '東京-コア',
            'שרת',
            '🖧 core',
            "O'Brien; DROP TABLE",
            '$ims$',
            '%s %(x)s',
            '\\',
            'a\tb',
        ):
            with self.subTest(name):
                self.assertEntry(make.make_device(name=name), name=name)
                self.assertEntry(make.make_circuit(cid=name), name=name)
                self.assertEntry(make.make_service(name=name), name=name)
        self.assertRegisterIsRight()

    def test_the_longest_names_there_are(self):
        for label, (factory, field) in SHIPPED.items():
            with self.subTest(label):
                ci = factory()
                length = ci._meta.get_field(field).max_length
                type(ci).objects.filter(pk=ci.pk).update(**{field: 'ß' * length})
                self.assertEntry(ci, name='ß' * length)
        self.assertRegisterIsRight()

    def test_longer_than_the_register_holds_is_cut_and_does_not_fail(self):
        with ci_types({'dcim.device': {'name': 'comments', 'site': 'site', 'status': 'description'}}):
            settle()
            install_triggers()
            device = make.make_device(comments='ß' * 400, description='d' * 200)
            self.assertEntry(device, name='ß' * 255, status='d' * 50)
            Device.objects.filter(pk=device.pk).update(comments='é' * 300)
            self.assertEntry(device, name='é' * 255)
            self.assertEqual(list(find_drift()), [])
            device.delete()
            self.assertEqual(RetiredCI.objects.get().name, 'é' * 255)


class ProfileTestCase(RegisterTestMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.public, cls.secret = make.make_classification('Open', 1), make.make_classification('Secret', 99)
        cls.owner = make.make_contact()

    def test_a_profile_is_the_entrys_assessment(self):
        device = make.make_device()
        profile = make.make_profile(
            device, classification=self.secret, is_information_asset=True, handles_sensitive_data=False, rto_minutes=0,
            rpo_minutes=15, asset_owner=self.owner, review_due='2030-01-31',
        )
        self.assertEntry(
            device,
            profile=profile,
            classification=self.secret,
            is_information_asset=True,
            handles_sensitive_data=False,
            processes_personal_data=None,
            rto_minutes=0,
            rpo_minutes=15,
            asset_owner=self.owner,
            effective_classification=self.secret,
            effective_classification_source_type=profile.object_type,
            effective_classification_source_id=device.pk,
            effective_handles_sensitive_data=False,
            effective_rto_minutes=0,
        )
        self.assertRegisterIsRight()

    def test_changed_on_every_path(self):
        device = make.make_device()
        profile = make.make_profile(device, classification=self.public)
        profile.classification, profile.rto_minutes = self.secret, 60
        profile.save()
        self.assertEntry(device, classification=self.secret, effective_classification=self.secret, rto_minutes=60)
        AssetProfile.objects.filter(pk=profile.pk).update(
            classification=None, rto_minutes=None, processes_personal_data=True
        )
        self.assertEntry(
            device, classification=None, effective_classification=None, effective_classification_source_type=None,
            effective_classification_source_id=None, rto_minutes=None, processes_personal_data=True,
        )
        profile.classification = self.public
        AssetProfile.objects.bulk_update([profile], ['classification'])
        self.assertEntry(device, classification=self.public)
        execute('UPDATE netbox_ims_assetprofile SET classification_id = %s WHERE id = %s', [self.secret.pk, profile.pk])
        self.assertEntry(device, classification=self.secret)
        self.assertRegisterIsRight()

    def test_written_in_bulk_and_by_raw_sql(self):
        devices = [make.make_device() for _ in range(3)]
        AssetProfile.objects.bulk_create(
            [AssetProfile(object=device, classification=self.secret) for device in devices[:2]]
        )
        insert_profile(type_id(Device), devices[2].pk, classification_id=self.secret.pk)
        for device in devices:
            self.assertEntry(device, classification=self.secret)
        self.assertRegisterIsRight()

    def test_deleted_on_every_path(self):
        for delete in (
            lambda profile: profile.delete(),
            lambda profile: AssetProfile.objects.filter(pk=profile.pk).delete(),
            lambda profile: AssetProfile.objects.filter(pk=profile.pk)._raw_delete('default'),
            lambda profile: execute('DELETE FROM netbox_ims_assetprofile WHERE id = %s', [profile.pk]),
        ):
            device = make.make_device()
            delete(make.make_profile(device, classification=self.secret, rto_minutes=0, is_information_asset=True))
            self.assertEntry(
                device, profile=None, classification=None, rto_minutes=None, is_information_asset=None,
                effective_classification=None, effective_classification_source_id=None, effective_rto_minutes=None,
            )
        self.assertRegisterIsRight()

    def test_written_before_its_ci_exists(self):
        for model, factory in (
            (Device, make.make_device),
            (Rack, make.make_rack),
            (InformationAsset, make.make_information_asset),
        ):
            with self.subTest(model._meta.label):
                future = 9_000_000_000
                profile = insert_profile(type_id(model), future, classification_id=self.secret.pk, rto_minutes=0)
                ci = factory(id=future)
                self.assertEntry(ci, profile_id=profile, classification=self.secret, rto_minutes=0)
        self.assertRegisterIsRight()

    def test_moved_to_another_ci(self):
        first, second, service = make.make_device(), make.make_device(), make.make_service()
        profile = make.make_profile(first, classification=self.secret)
        execute('UPDATE netbox_ims_assetprofile SET object_id = %s WHERE id = %s', [second.pk, profile.pk])
        self.assertEntry(first, profile=None, classification=None, effective_classification=None)
        self.assertEntry(
            second, profile=profile, classification=self.secret, effective_classification_source_id=second.pk
        )
        AssetProfile.objects.filter(pk=profile.pk).update(
            object_type=type_id(Service), object_id=service.pk, rto_minutes=7
        )
        self.assertEntry(second, profile=None, classification=None)
        self.assertEntry(service, profile=profile, classification=self.secret, rto_minutes=7)
        self.assertRegisterIsRight()

    def test_of_a_type_that_is_no_ci(self):
        insert_profile(type_id(make.make_region().__class__), 1)
        self.assertRegisterIsRight()

    def test_a_site_moved_under_a_profile_changes_nothing_in_it(self):
        device = make.make_device()
        profile = make.make_profile(device, classification=self.secret)
        Device.objects.filter(pk=device.pk).update(name='renamed')
        self.assertEntry(device, name='renamed', profile=profile, classification=self.secret)


class TriggerStatusTestCase(RegisterTestMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.device = make.make_device(name='first')
        cls.service = make.make_service(parent=cls.device)

    def setUp(self):
        settle()        # PostgreSQL alters no table that a deferred trigger still waits for

    def test_all_is_well_after_migrate(self):
        status = trigger_status()
        self.assertTrue(status.ok)
        self.assertEqual((status.missing, status.outdated, status.unexpected, str(status)), ((), (), (), ''))

    def test_there_is_something_to_be_well(self):
        names = {(trigger.table, trigger.name) for trigger in expected_triggers()}
        for table in (
            'dcim_device',
            'ipam_service',
            'netbox_ims_assetprofile',
            'netbox_ims_decision',
            'circuits_circuittermination',
        ):
            self.assertIn(table, {t for t, _ in names})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid WHERE tgname LIKE 'ims\\_%'"
            )
            self.assertEqual(set(cursor.fetchall()), names)

    def assertMended(self, *differing):
        """Something was changed while the triggers were not right: it is found, and mended by installing them."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = 'replica'")        # no trigger fires
            cursor.execute("UPDATE dcim_device SET name = 'meanwhile' WHERE id = %s", [self.device.pk])
            cursor.execute("SET LOCAL session_replication_role = 'origin'")
        self.assertFalse(trigger_status().ok)
        self.assertNotEqual(list(find_drift()), [])
        self.assertTrue(install_triggers())
        self.assertTrue(trigger_status().ok)
        self.assertEntry(self.device, name='meanwhile')
        self.assertRegisterIsRight()
        Device.objects.filter(pk=self.device.pk).update(name='afterwards')
        self.assertEntry(self.device, name='afterwards')

    def test_dropped_by_hand(self):
        execute('DROP TRIGGER ims_ci_dcim_device ON dcim_device')
        status = trigger_status()
        self.assertEqual(
            (status.missing, status.outdated, status.unexpected), ((('dcim_device', 'ims_ci_dcim_device'),), (), ())
        )
        self.assertEqual(str(status), 'missing: ims_ci_dcim_device on dcim_device')
        self.assertMended()

    def test_function_replaced(self):
        execute(
            'CREATE OR REPLACE FUNCTION ims_ci_dcim_device() RETURNS trigger LANGUAGE plpgsql AS '
            "'BEGIN RETURN NULL; END'"
        )
        status = trigger_status()
        self.assertEqual(
            (status.missing, status.outdated, status.unexpected), ((), (('dcim_device', 'ims_ci_dcim_device'),), ())
        )
        self.assertEqual(str(status), 'out of date: ims_ci_dcim_device on dcim_device')
        self.assertMended()

    def test_disabled(self):
        execute('ALTER TABLE dcim_device DISABLE TRIGGER ims_ci_dcim_device')
        self.assertEqual(trigger_status().outdated, (('dcim_device', 'ims_ci_dcim_device'),))
        self.assertMended()

    def test_enabled_for_other_occasions(self):
        for when in ('REPLICA', 'ALWAYS'):
            with self.subTest(when):
                execute(f'ALTER TABLE dcim_device ENABLE {when} TRIGGER ims_ci_dcim_device')
                self.assertEqual(trigger_status().outdated, (('dcim_device', 'ims_ci_dcim_device'),))
                self.assertTrue(install_triggers())
                self.assertTrue(trigger_status().ok)

    def test_all_disabled(self):
        execute('ALTER TABLE dcim_device DISABLE TRIGGER USER')
        self.assertEqual(
            {name for _, name in trigger_status().outdated},
            {'ims_ci_dcim_device', 'ims_parent_ipam_service_dcim_device', 'ims_moved_ipam_service_dcim_device'}
        )
        # also NetBox's own, which are not ours to mend
        execute('ALTER TABLE dcim_device ENABLE TRIGGER USER')
        self.assertTrue(trigger_status().ok)

    def test_fires_on_less_than_it_should(self):
        execute('DROP TRIGGER ims_ci_dcim_device ON dcim_device')
        execute(
            'CREATE TRIGGER ims_ci_dcim_device AFTER INSERT ON dcim_device '
            'FOR EACH ROW EXECUTE FUNCTION ims_ci_dcim_device()'
        )
        self.assertEqual(trigger_status().outdated, (('dcim_device', 'ims_ci_dcim_device'),))
        self.assertMended()

    def test_runs_another_function(self):
        execute("CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        execute(
            'CREATE OR REPLACE TRIGGER ims_ci_dcim_device AFTER INSERT OR UPDATE OR DELETE ON dcim_device '
            'FOR EACH ROW EXECUTE FUNCTION other()'
        )
        self.assertFalse(trigger_status().ok)
        self.assertMended()

    def test_one_too_many(self):
        execute("CREATE FUNCTION ims_extra() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        execute('CREATE TRIGGER ims_extra AFTER INSERT ON dcim_region FOR EACH ROW EXECUTE FUNCTION ims_extra()')
        self.assertEqual(trigger_status().unexpected, (('dcim_region', 'ims_extra'),))
        self.assertEqual(str(trigger_status()), 'not expected: ims_extra on dcim_region')
        self.assertMended()

    def test_somebody_elses_triggers_are_left_alone(self):
        execute("CREATE FUNCTION imsy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        execute('CREATE TRIGGER imsy AFTER INSERT ON dcim_region FOR EACH ROW EXECUTE FUNCTION imsy()')
        self.assertTrue(trigger_status().ok)
        drop_triggers()
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'ims%'")
            self.assertEqual(cursor.fetchall(), [('imsy',)])

    def test_all_dropped(self):
        drop_triggers()
        status = trigger_status()
        self.assertEqual(set(status.missing), {(t.table, t.name) for t in expected_triggers()})
        added, gone = make.make_device(), make.make_device()
        Device.objects.filter(pk=gone.pk).delete()
        profile = make.make_profile(self.device, rto_minutes=9)
        settle()
        self.assertTrue(install_triggers())
        self.assertTrue(trigger_status().ok)
        self.assertEntry(added, name=added.name)
        self.assertEntry(self.device, profile=profile, rto_minutes=9)
        self.assertRegisterIsRight()

    def test_installing_again_does_nothing(self):
        before = self.entry(self.device).as_of
        with CaptureQueriesContext(connection) as queries:
            self.assertIsNone(install_triggers())
        statements = [q['sql'] for q in queries]
        self.assertLessEqual(len(statements), 3, statements)
        for sql in statements:
            self.assertTrue(sql.strip().startswith('SELECT'), sql)
        self.assertEqual(self.entry(self.device).as_of, before)

    def test_asking_for_the_status_is_one_query(self):
        trigger_status()
        with self.assertNumQueries(1):
            trigger_status()

    def test_forced_although_all_is_right(self):
        self.assertTrue(install_triggers(force=True))
        self.assertTrue(trigger_status().ok)
        self.assertRegisterIsRight()


class RepairTestCase(RegisterTestMixin, TestCase):
    """Every kind of difference is named and mended; what is right is left alone."""

    def past_triggers(self, sql, params=None):
        settle()
        execute("SET LOCAL session_replication_role = 'replica'")
        execute(sql, params)
        execute("SET LOCAL session_replication_role = 'origin'")

    def drift(self):
        return {str(drift) for drift in find_drift()}

    def test_missing(self):
        device = make.make_device()
        profile = make.make_profile(device, rto_minutes=3)
        self.past_triggers('DELETE FROM netbox_ims_registerentry WHERE object_id = %s AND object_type_id = %s',
                           [device.pk, type_id(Device)])
        self.assertEqual(self.drift(), {f'dcim.device {device.pk}: missing'})
        self.assertEqual(repair_register(), {'added': 1, 'changed': 0, 'removed': 0})
        self.assertEntry(device, name=device.name, profile=profile, rto_minutes=3)
        self.assertRegisterIsRight()

    def test_different(self):
        device, service = make.make_device(), make.make_service()
        site = make.make_site()
        self.past_triggers(
            'UPDATE dcim_device SET name = %s, site_id = %s WHERE id = %s', ['moved', site.pk, device.pk]
        )
        self.past_triggers(
            'UPDATE netbox_ims_registerentry SET tenant_id = 12 WHERE object_id = %s AND object_type_id = %s',
            [service.pk, type_id(Service)],
        )
        self.assertEqual(self.drift(), {
            f'dcim.device {device.pk}: different (name, site_id)', f'ipam.service {service.pk}: different (tenant_id)'
        })
        self.assertEqual(repair_register(), {'added': 0, 'changed': 2, 'removed': 0})
        self.assertEntry(device, name='moved', site=site)
        self.assertRegisterIsRight()

    def test_gone(self):
        device = make.make_device()
        make.make_profile(device, classification=make.make_classification('Secret'))
        self.past_triggers('DELETE FROM dcim_device WHERE id = %s', [device.pk])
        self.assertEqual(self.drift(), {f'dcim.device {device.pk}: gone', f'dcim.device {device.pk}: orphan'})
        self.assertEqual(repair_register(), {'added': 0, 'changed': 0, 'removed': 1})
        self.assertNotRegistered(device)
        retired = RetiredCI.objects.get(object_type=type_id(Device), object_id=device.pk)
        self.assertEqual((retired.name, retired.classification), (device.name, 'secret'))
        self.assertRegisterIsRight()

    def test_orphan(self):
        insert_profile(type_id(Device), 9_000_000_001, rto_minutes=1)
        self.assertEqual(self.drift(), {'dcim.device 9000000001: orphan'})
        repair_register()
        self.assertFalse(AssetProfile.objects.filter(object_id=9_000_000_001).exists())
        self.assertRegisterIsRight()

    def test_row_of_no_ci_type(self):
        execute(
            'INSERT INTO netbox_ims_registerentry '
            '(object_type_id, object_id, name, classification_override, effective_complete, alignment, as_of) '
            "VALUES (%s, 5, 'x', false, false, 'undetermined', now())",
            [type_id(ContentType)],
        )
        self.assertEqual(self.drift(), {f'type {type_id(ContentType)} 5: gone'})
        self.assertEqual(repair_register(), {'added': 0, 'changed': 0, 'removed': 1})
        self.assertRegisterIsRight()

    def test_profiles_that_changed_places(self):
        first, second = make.make_device(), make.make_device()
        one, two = make.make_profile(first, rto_minutes=1), make.make_profile(second, rto_minutes=2)
        execute("SET LOCAL session_replication_role = 'replica'")
        for pk, object_id in ((one.pk, 0), (two.pk, first.pk), (one.pk, second.pk)):
            execute('UPDATE netbox_ims_assetprofile SET object_id = %s WHERE id = %s', [object_id, pk])
        execute("SET LOCAL session_replication_role = 'origin'")
        self.assertEqual(len(self.drift()), 2)
        repair_register()
        self.assertEntry(first, profile=two, rto_minutes=2)
        self.assertEntry(second, profile=one, rto_minutes=1)
        self.assertRegisterIsRight()

    def test_profile_that_went_to_a_ci_of_another_type(self):
        device, rack = make.make_device(), make.make_rack()
        profile = make.make_profile(rack, rto_minutes=1)
        self.past_triggers('UPDATE netbox_ims_assetprofile SET object_type_id = %s, object_id = %s WHERE id = %s',
                           [type_id(Device), device.pk, profile.pk])
        repair_register()
        self.assertEntry(device, profile=profile, rto_minutes=1)
        self.assertEntry(rack, profile=None, rto_minutes=None)
        self.assertRegisterIsRight()

    def test_limit_is_per_kind_and_type(self):
        devices = [make.make_device() for _ in range(4)]
        self.past_triggers(
            'UPDATE dcim_device SET name = name || %s WHERE id = ANY(%s)', ['x', [d.pk for d in devices]]
        )
        self.assertEqual(len(list(find_drift(limit=3))), 3)
        self.assertEqual(len(list(find_drift())), 4)

    def test_what_is_right_is_left_alone(self):
        device = make.make_device()
        before = self.entry(device).as_of
        self.assertEqual(repair_register(), {'added': 0, 'changed': 0, 'removed': 0})
        self.assertEqual(self.entry(device).as_of, before)


class CommandTestCase(RegisterTestMixin, TestCase):

    def run_command(self, *args):
        out, err = StringIO(), StringIO()
        try:
            call_command('ims_register', *args, stdout=out, stderr=err)
            code = 0
        except CommandError as e:
            code = e.returncode
            err.write(str(e))
        return code, out.getvalue(), err.getvalue()

    def test_check_of_a_right_register(self):
        make.make_service()
        self.assertEqual(self.run_command('--check'), (0, 'the register is right\n', ''))

    def test_check_names_what_differs_and_changes_nothing(self):
        device = make.make_device()
        settle()
        execute('DROP TRIGGER ims_ci_dcim_device ON dcim_device')
        Device.objects.filter(pk=device.pk).update(name='unseen')
        code, out, err = self.run_command('--check')
        self.assertEqual((code, out), (1, ''))
        self.assertIn('missing: ims_ci_dcim_device on dcim_device', err)
        self.assertIn(f'dcim.device {device.pk}: different (name)', err)
        self.assertIn('netbox ims_register --repair', err)
        self.assertEntry(device, name=device.name)
        self.assertFalse(trigger_status().ok)

    def test_check_fails_on_triggers_alone_and_on_drift_alone(self):
        device = make.make_device()
        settle()
        execute('ALTER TABLE dcim_device DISABLE TRIGGER ims_ci_dcim_device')
        self.assertEqual(self.run_command('--check')[0], 1)
        Device.objects.filter(pk=device.pk).update(name='unseen')
        settle()
        execute('ALTER TABLE dcim_device ENABLE TRIGGER ims_ci_dcim_device')
        self.assertTrue(trigger_status().ok)
        self.assertEqual(self.run_command('--check')[0], 1)

    def test_check_names_no_more_than_asked_for(self):
        devices = [make.make_device() for _ in range(5)]
        settle()
        execute('ALTER TABLE dcim_device DISABLE TRIGGER ims_ci_dcim_device')
        Device.objects.filter(pk__in=[d.pk for d in devices]).update(status='offline')
        self.assertEqual(self.run_command('--check', '--limit', '2')[2].count('different (status)'), 2)

    def test_repair_installs_and_mends(self):
        device, other = make.make_device(), make.make_device()
        settle()
        drop_triggers()
        Device.objects.filter(pk=device.pk).update(name='unseen')
        new = make.make_device()
        Device.objects.filter(pk=other.pk).delete()
        settle()
        code, out, err = self.run_command('--repair')
        self.assertEqual((code, err), (0, ''))
        self.assertIn('triggers installed', out)
        self.assertEntry(device, name='unseen')
        self.assertEntry(new, name=new.name)
        self.assertRegisterIsRight()
        self.assertEqual(self.run_command('--check')[0], 0)

    def test_repair_says_how_much_it_mended(self):
        device = make.make_device()
        execute("SET LOCAL session_replication_role = 'replica'")
        Device.objects.filter(pk=device.pk).update(name='unseen')
        execute("SET LOCAL session_replication_role = 'origin'")
        self.assertEqual(self.run_command('--repair'), (0, '0 added, 1 changed, 0 removed, 0 worked out anew\n', ''))
        self.assertEqual(self.run_command('--repair'), (0, '0 added, 0 changed, 0 removed, 0 worked out anew\n', ''))

    def test_says_also_what_installing_mended(self):
        device = make.make_device()
        settle()
        execute('DROP TRIGGER ims_ci_dcim_device ON dcim_device')
        Device.objects.filter(pk=device.pk).update(name='unseen')
        code, out, err = self.run_command('--repair')
        self.assertEqual(out, 'triggers installed\n0 added, 1 changed, 0 removed, 0 worked out anew\n')

    def test_one_of_the_two_must_be_asked_for(self):
        for args in ((), ('--check', '--repair')):
            with self.subTest(args), self.assertRaises(CommandError):
                call_command('ims_register', *args, stdout=StringIO(), stderr=StringIO())


class WithoutRegisterTestCase(RegisterTestMixin, TestCase):
    """
    The plugin's tables are gone (its migrations reversed, a branch older than it): NetBox works as if it had never
    been.
    """

    def test_devices_are_saved_and_deleted_without_the_register(self):
        device = make.make_device(name='before')
        service = make.make_service(parent=device)
        vm, circuit = make.make_vm(), make.make_circuit(site=make.make_site())
        settle()
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            execute('ALTER TABLE netbox_ims_registerentry RENAME TO elsewhere')
            device.name = 'without'
            device.site = make.make_site()
            device.save()
            make.make_rack()
            Device.objects.filter(pk=device.pk).update(name='updated')
            execute('DELETE FROM ipam_service WHERE id = %s', [service.pk])
            execute('DELETE FROM dcim_device WHERE id = %s', [device.pk])
            execute('DELETE FROM virtualization_virtualmachine WHERE id = %s', [vm.pk])
            circuit.termination_a.delete()
            settle()
            self.assertFalse(Device.objects.filter(pk=device.pk).exists())
            raise ZeroDivisionError
        self.assertEntry(device, name='before')
        self.assertRegisterIsRight()

    def test_installing_without_the_register_takes_the_triggers_away(self):
        settle()
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            execute('ALTER TABLE netbox_ims_registerentry RENAME TO elsewhere')
            self.assertIsNone(install_triggers())
            with connection.cursor() as cursor:
                cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'ims\\_%'")
                self.assertEqual(cursor.fetchall(), [])
            raise ZeroDivisionError
        self.assertTrue(trigger_status().ok)


class MigrationSignalsTestCase(RegisterTestMixin, TestCase):
    """`netbox migrate`: no trigger is in the way of a later migration, and all are back afterwards."""

    def setUp(self):
        self.device = make.make_device()
        settle()

    def emit(self, signal, app='netbox_ims', **kwargs):
        config = apps.get_app_config(app)
        signal.send(
            sender=config, app_config=config, verbosity=0, interactive=False, using='default', apps=apps, **kwargs
        )

    def plan(self):
        return [(migrations.Migration('0999_later', 'dcim'), False)]

    def test_there_are_none_while_migrations_run(self):
        self.emit(pre_migrate, plan=self.plan())
        self.assertEqual(len(trigger_status().missing), len(expected_triggers()))
        execute('ALTER TABLE dcim_device ALTER COLUMN name TYPE varchar(128)')

    def test_a_migration_that_failed_leaves_devices_savable(self):
        self.emit(pre_migrate, plan=self.plan())
        self.device.name = 'after the failure'
        self.device.save()
        made, deleted = make.make_device(), make.make_device()
        make.make_profile(self.device, rto_minutes=1)
        deleted.delete()
        settle()
        self.assertFalse(trigger_status().ok)

        self.emit(post_migrate, plan=self.plan())
        self.assertTrue(trigger_status().ok)
        self.assertEntry(self.device, name='after the failure', rto_minutes=1)
        self.assertEntry(made, name=made.name)
        self.assertRegisterIsRight()

    def test_with_nothing_to_migrate_nothing_is_touched(self):
        with CaptureQueriesContext(connection) as queries:
            self.emit(pre_migrate, plan=[])
        self.assertTrue(trigger_status().ok)
        self.assertEqual([q['sql'] for q in queries if 'TRIGGER' in q['sql'].upper()], [])
        with CaptureQueriesContext(connection) as queries:
            self.emit(post_migrate, plan=[])
        self.assertEqual([q['sql'] for q in queries if q['sql'].startswith(('CREATE', 'DROP', 'ALTER'))], [])
        self.assertTrue(trigger_status().ok)

    def test_whoever_does_not_say_what_is_to_be_done_may_be_doing_anything(self):
        self.emit(pre_migrate)
        self.assertFalse(trigger_status().ok)

    def test_only_our_own_turn_counts(self):
        self.emit(pre_migrate, app='dcim', plan=self.plan())
        self.assertTrue(trigger_status().ok)
        drop_triggers()
        self.emit(post_migrate, app='dcim', plan=self.plan())
        self.assertFalse(trigger_status().ok)


class SettingTestCase(RegisterTestMixin, TestCase):
    """`ci_types` in PLUGINS_CONFIG, changed between two starts."""

    def setUp(self):
        self.device, self.rack, self.service = make.make_device(), make.make_rack(), make.make_service()
        self.profile = make.make_profile(self.rack, rto_minutes=60)
        settle()

    def install(self):
        settle()
        return install_triggers()

    def labels(self):
        types = ContentType.objects.filter(pk__in=RegisterEntry.objects.values('object_type'))
        return {f'{t.app_label}.{t.model}' for t in types}

    def test_none_and_empty_are_the_shipped_list(self):
        for declared in (None, [], {}):
            with self.subTest(declared=declared), ci_types(declared):
                self.assertEqual(list(get_ci_types()), list(SHIPPED))

    def test_a_type_removed_and_added_again(self):
        without = [label for label in SHIPPED if label != 'dcim.rack']
        with ci_types(without):
            status = trigger_status()
            self.assertFalse(status.ok)
            self.assertEqual(status.unexpected, (('dcim_rack', 'ims_ci_dcim_rack'),))
            self.assertTrue(self.install())
            self.assertTrue(trigger_status().ok)
            self.assertNotIn('dcim.rack', self.labels())
            self.assertIn('dcim.device', self.labels())
            self.assertEqual(list(find_drift()), [])
            another = make.make_rack()
            self.assertNotRegistered(another)
            Rack.objects.filter(pk=self.rack.pk).update(name='renamed meanwhile')
            self.assertFalse(RetiredCI.objects.exists())
            settle()
        self.assertEqual(trigger_status().missing, (('dcim_rack', 'ims_ci_dcim_rack'),))
        self.assertTrue(self.install())
        self.assertEntry(self.rack, name='renamed meanwhile', profile=self.profile, rto_minutes=60)
        self.assertEntry(another, name=another.name)
        self.assertRegisterIsRight()

    def test_a_parent_that_is_no_ci_itself_still_tells_where_its_services_are(self):
        with ci_types(['ipam.service']):
            self.install()
            self.assertEqual(self.labels(), {'ipam.service'})
            site = make.make_site()
            Device.objects.filter(pk=self.service.parent_object_id).update(site=site)
            self.assertEntry(self.service, site=site)
            self.assertEqual(list(find_drift()), [])
        self.install()
        self.assertRegisterIsRight()

    def test_a_type_of_ones_own(self):
        own = {
            **dict.fromkeys(SHIPPED),
            'dcim.powerpanel': {'name': 'name', 'site': 'site'},
            'circuits.provider': {'name': 'name'},
            'dcim.consoleport': {'name': 'name', 'site': 'device.site', 'tenant': 'device.tenant',
            'role': 'device.role'},
        }
        device = make.make_device(tenant=make.make_tenant())
        port = device.consoleports.create(name='con0')
        with ci_types(own):
            self.assertEqual(len(get_ci_types()), len(SHIPPED) + 3)
            self.assertTrue(self.install())
            self.assertEntry(port, name='con0', site=device.site, tenant=device.tenant, role=device.role, status=None)
            Device.objects.filter(pk=device.pk).update(site=self.rack.site)
            self.assertEntry(port, site=self.rack.site)
            profile = make.make_profile(port, rto_minutes=3)
            self.assertEntry(port, profile=profile)
            self.assertEqual(list(find_drift()), [])
            device.delete()
            self.assertFalse(AssetProfile.objects.filter(pk=profile.pk).exists())
            self.assertEqual(list(find_drift()), [])
        self.install()
        self.assertRegisterIsRight()

    def test_a_declaration_changed(self):
        with ci_types({**dict.fromkeys(SHIPPED), 'dcim.rack': {'name': 'serial', 'site': 'site'}}):
            self.assertEqual(trigger_status().outdated, (('dcim_rack', 'ims_ci_dcim_rack'),))
            Rack.objects.filter(pk=self.rack.pk).update(serial='S/N 1')
            self.install()
            self.assertEntry(self.rack, name='S/N 1', tenant=None, status=None)
        self.install()
        self.assertEntry(self.rack, name=self.rack.name, status='active')
        self.assertRegisterIsRight()


class WrongDeclarationTestCase(TestCase):
    """An impossible type is refused by name when NetBox starts, not when somebody saves a device."""

    def refused(self, declared):
        with ci_types(declared), self.assertRaises(ImproperlyConfigured) as caught:
            get_ci_types()
        return str(caught.exception)

    def test_table(self):
        ok = {'name': 'name'}
        for label, declaration, said in (
            ('dcim.nosuch', ok, 'no such model'),
            ('nosuch.device', ok, 'no such model'),
            ('device', ok, 'no such model'),
            ('a.b.c', ok, 'no such model'),
            ('dcim.region', None, 'not shipped'),
            ('dcim.region', 'name', 'not shipped'),
            ('dcim.device', False, 'not shipped'),
            ('account.usertoken', {'name': 'description'}, 'proxy of users.Token'),
            ('core.objecttype', {'name': 'model'}, 'multi-table'),
            ('dcim.device', {}, "'name'"),
            ('dcim.device', {'site': 'site'}, "'name'"),
            ('dcim.device', {**ok, 'colour': 'red'}, "'colour'"),
            ('dcim.device', {'name': 'hostname'}, "no field 'hostname'"),
            ('dcim.device', {'name': 'site'}, 'must be plain'),
            ('dcim.device', {'name': 'tags'}, 'tags'),
            ('dcim.device', {'name': 'interfaces'}, 'interfaces'),
            ('dcim.device', {**ok, 'site': 'tenant'}, 'foreign key to dcim.Site'),
            ('dcim.device', {**ok, 'site': 'name'}, 'foreign key to dcim.Site'),
            ('dcim.device', {**ok, 'role': 'device_type'}, 'foreign key to dcim.DeviceRole'),
            ('dcim.device', {**ok, 'status': 'rack'}, 'must be plain'),
            ('dcim.device', {**ok, 'site': 'self'}, 'only possible for dcim.Site'),
            ('dcim.device', {'name': 'self'}, 'only possible'),
            ('dcim.device', {**ok, 'site': 'serial.site'}, "'serial' is not a foreign key"),
            ('dcim.device', {**ok, 'site': 'nothing.site'}, "no field 'nothing'"),
            ('dcim.device', {**ok, 'site': 'rack.nothing'}, "no field 'nothing'"),
            ('dcim.device', {**ok, 'site': 'rack.tenant'}, 'foreign key to dcim.Site'),
            ('dcim.device', {**ok, 'site': 'rack.site', 'tenant': 'location.tenant'}, 'only one parent'),
            ('ipam.service', {**ok, 'site': 'parent.site'}, "needs 'parents'"),
            (
                'ipam.service',
                {**ok, 'site': 'parent.site', 'parents': ('dcim.device', 'ipam.fhrpgroup')},
                "no field 'site'",
            ),
        ):
            with self.subTest(label=label, declaration=declaration):
                message = self.refused({label: declaration})
                self.assertIn(repr(label), message)
                self.assertIn(said, message)
                self.assertIn("PLUGINS_CONFIG['netbox_ims']['ci_types']", message)

    def test_neither_list_nor_dictionary(self):
        for declared in ('dcim.device', 5, True):
            with self.subTest(declared=declared):
                self.assertIn('must be a list of labels or a dictionary', self.refused(declared))

    def test_one_wrong_among_many(self):
        self.assertIn("'dcim.nosuch'", self.refused(['dcim.device', 'dcim.nosuch']))
