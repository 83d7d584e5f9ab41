"""
The property the register stands on: whatever is written, by whatever path, it says what CIs and profiles say.

A seeded driver writes at random, as forms, scripts, bulk jobs and raw SQL do. To see a failure again, or to go further
afield: IMS_DRIFT_SEEDS=17 or IMS_DRIFT_SEEDS=100-140.
"""
import os
import random
import signal
import subprocess
import sys
import threading
import time

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F, ProtectedError, RestrictedError, Value
from django.db.models.functions import Concat
from django.test import TestCase, TransactionTestCase

from circuits.models import Circuit, CircuitTermination
from dcim.models import Device, DeviceBay, Location, Rack, Site
from ipam.models import Service
from tenancy.models import Contact
from virtualization.models import Cluster, VirtualMachine

from netbox_ims.models import AssetProfile, BusinessFunction, Classification, Dependency, InformationAsset, ITService
from netbox_ims.services import derive
from netbox_ims.services.freeze_sql import soa_triggers
from netbox_ims.services.risk_sql import risk_triggers
from netbox_ims.services.trigger_alignment import alignment_triggers
from netbox_ims.services.trigger_continuity import continuity_triggers
from netbox_ims.services.trigger_history import history_triggers
from netbox_ims.services.trigger_sql import expected_triggers
from netbox_ims.services.triggers import trigger_status
from tests import factories as make

from .checks import (
    RegisterTestMixin,
    actual_derived,
    actual_register,
    execute,
    expected_derived,
    expected_register,
    settle,
)
from .test_triggers import insert_profile, type_id

OURS = (InformationAsset, ITService, BusinessFunction)
TYPES = (Device, Rack, Site, VirtualMachine, Cluster, Service, Circuit, *OURS)
STATUSES = ('active', 'planned', 'offline')
SEEDS = range(8)
# These make a difference only now and then; tests of their own are in test_derive.py.
OF_DERIVED_VALUES = ('ims_classification', 'ims_edge_dcim_devicebay')
WRITES, BATCH = 280, 20     # a run's writes, and how many of them between two looks at the register


def seeds():
    if not (asked := os.environ.get('IMS_DRIFT_SEEDS')):
        return SEEDS
    first, _, last = asked.partition('-')
    return range(int(first), int(last or first) + 1)


class Driver:
    """Writes at random; `trace` tells what it did."""

    def __init__(self, seed):
        self.rnd = random.Random(seed)
        self.trace, self.refused, self.numbers = [], 0, 0
        self.actions = [getattr(self, name) for name in sorted(dir(self)) if name.startswith('do_')]
        for _ in range(3):
            make.make_site()
            make.make_tenant()
            make.make_role()
            make.make_classification()
            make.make_contact()
        for site in Site.objects.all():
            make.make_location(site)
        for _ in range(50):
            self.do_create()

    def run(self, writes):
        for _ in range(writes):
            self.write()

    def write(self):
        """One random write; what the database or NetBox refuses is rolled back, as a request would be."""
        action = self.rnd.choice(self.actions)
        self.trace.append(action.__name__)
        try:
            with transaction.atomic():
                action()
        except (DatabaseError, ProtectedError, RestrictedError) as e:
            self.refused += 1
            self.trace[-1] += f' refused: {e}'[:200]

    # -- picking

    def some(self, model, most=3, **filters):
        """A few objects of a model, as a queryset over their primary keys."""
        pks = sorted(model.objects.filter(**filters).values_list('pk', flat=True))
        picked = self.rnd.sample(pks, min(len(pks), self.rnd.randint(1, most)))
        return model.objects.filter(pk__in=picked)

    def one(self, model, **filters):
        pks = sorted(model.objects.filter(**filters).values_list('pk', flat=True))
        return model.objects.get(pk=self.rnd.choice(pks)) if pks else None

    def any_model(self):
        return self.rnd.choice(TYPES)

    def name(self):
        self.numbers += 1
        return f'{self.rnd.choice(["core", "Édge", "Straße", "東京", "x" * 50])} {self.numbers}'

    def place(self):
        tenant = self.rnd.choice([None, *make.Tenant.objects.order_by('pk')])
        return {'site': self.one(Site), 'tenant': tenant}

    def name_field(self, model):
        return 'cid' if model is Circuit else 'name'

    def own_columns(self, model):
        """{column: a new value} for what a type's own table holds."""
        place, columns = self.place(), {'status': self.rnd.choice(STATUSES)}
        if model in (Device, Rack, VirtualMachine):
            columns['site_id'] = place['site'].pk
        if model not in (Service, *OURS):
            columns['tenant_id'] = place['tenant'] and place['tenant'].pk
        if model in (Device, VirtualMachine):
            columns['role_id'] = self.one(make.DeviceRole).pk
        if model is Cluster:
            columns['_site_id'] = self.rnd.choice([None, place['site'].pk])
        if model in (Service, BusinessFunction):
            del columns['status']
        columns[self.name_field(model)] = self.name()
        column = self.rnd.choice(sorted(columns))
        return {column: columns[column]}

    def values(self):
        """Values of a profile, by column."""
        rnd = self.rnd
        columns = {
            'classification_id': rnd.choice([None, self.one(Classification).pk]),
            'is_information_asset': rnd.choice([None, True, False]),
            'handles_sensitive_data': rnd.choice([None, True, False]),
            'processes_personal_data': rnd.choice([None, True, False]),
            'rto_minutes': rnd.choice([None, 0, 60, 240]),
            'rpo_minutes': rnd.choice([None, 0, 15]),
            'classification_override': rnd.choice([False, False, True]),
            'asset_owner_id': (contact := self.one(Contact)) and rnd.choice([None, contact.pk]),
            'review_due': rnd.choice([None, '2030-01-01']),
            'comments': 'a remark',
        }
        return {column: columns[column] for column in rnd.sample(sorted(columns), rnd.randint(1, 4))}

    def unprofiled(self, model):
        profiled = AssetProfile.objects.filter(object_type=type_id(model)).values('object_id')
        pks = sorted(model.objects.exclude(pk__in=profiled).values_list('pk', flat=True))
        return model.objects.get(pk=self.rnd.choice(pks)) if pks else None

    def update(self, model, pks, columns):
        """UPDATE by raw SQL."""
        assignments = ', '.join(f'{column} = %s' for column in columns)
        execute(f'UPDATE {model._meta.db_table} SET {assignments} WHERE id = ANY(%s)', [*columns.values(), list(pks)])

    # -- CIs

    def do_create(self):
        model, place = self.rnd.choice([*TYPES, Service]), self.place()
        if model is Site:
            make.make_site(tenant=place['tenant'])
        elif model is Device:
            make.make_device(self.rnd.choice([None, self.name()]), role=self.one(make.DeviceRole), **place)
        elif model is Rack:
            make.make_rack(self.name(), **place)
        elif model is VirtualMachine:
            make.make_vm(self.name(), cluster=self.rnd.choice([None, self.one(Cluster, _site=place['site'])]), **place)
        elif model is Cluster:
            scope = self.rnd.choice([None, place['site'], self.one(Location)])
            make.make_cluster(self.name(), scope=scope, tenant=place['tenant'])
        elif model is Service:
            if parent := self.one(self.rnd.choice([Device, VirtualMachine])):
                make.make_service(self.name(), parent=parent)
        elif model is Circuit:
            make.make_circuit(self.name(), site=self.rnd.choice([None, place['site']]), tenant=place['tenant'])
        else:
            model.objects.create(name=f'{self.numbers} {self.name()}', slug=make.unique('slug'))

    do_create_too = do_create       # twice as often, else deletions win
    do_create_also = do_create

    def do_create_in_bulk(self):
        site, parent = self.one(Site), self.one(VirtualMachine)
        device_type, role = make.make_device_type(), self.one(make.DeviceRole)
        Device.objects.bulk_create([
            Device(name=self.name(), site=site, role=role, device_type=device_type)
            for _ in range(self.rnd.randint(1, 3))
        ])
        if parent:
            Service.objects.bulk_create([Service(name=self.name(), parent=parent, port_mappings=['udp/53'])])

    def do_copy_by_sql(self):
        model = self.rnd.choice([Device, Rack, Service, VirtualMachine])
        columns = [f.column for f in model._meta.concrete_fields if f.column not in ('id', 'name')]
        for pk in self.some(model).values_list('pk', flat=True):
            execute(
                f'INSERT INTO {model._meta.db_table} ({", ".join(columns)}, name) '
                f'SELECT {", ".join(columns)}, %s FROM {model._meta.db_table} WHERE id = %s', [self.name(), pk]
            )

    def do_save(self):
        if ci := self.one(self.any_model()):
            for column, value in self.own_columns(type(ci)).items():
                setattr(ci, column, value)
            ci.save()

    def do_update(self):
        model = self.any_model()
        columns = self.own_columns(model)
        if {'name', 'cid'} & columns.keys():
            field = self.name_field(model)
            text = model._meta.get_field(field)
            columns = {field: Concat(Value(f'{self.rnd.randrange(100)} '), F('id'), Value(' é'), output_field=text)}
        self.some(model, most=6).update(**columns)

    def do_bulk_update(self):
        model = self.any_model()
        cis, fields = list(self.some(model)), set()
        for ci in cis:
            for column, value in self.own_columns(model).items():
                setattr(ci, column, value)
                fields.add(column.removesuffix('_id'))
        if cis:
            model.objects.bulk_update(cis, sorted(fields))

    def do_update_by_sql(self):
        model = self.any_model()
        if {'name', 'cid'} & (columns := self.own_columns(model)).keys():
            self.update(model, self.some(model, most=1).values_list('pk', flat=True), columns)
        else:
            self.update(model, self.some(model, most=6).values_list('pk', flat=True), columns)

    def do_unname(self):
        self.some(Device).update(name=None)

    def do_delete(self):
        if ci := self.one(self.any_model()):
            ci.delete()

    def do_delete_in_bulk(self):
        self.some(self.any_model(), most=2).delete()

    def do_delete_by_sql(self):
        model = self.rnd.choice([Device, Rack, Service, VirtualMachine, InformationAsset])
        self.delete_by_sql(model, list(self.some(model, most=2).values_list('pk', flat=True)))

    def delete_by_sql(self, model, pks):
        if model is Device:         # as foreign keys would have it
            execute('DELETE FROM dcim_devicebay WHERE device_id = ANY(%s)', [pks])
            execute('UPDATE dcim_devicebay SET installed_device_id = NULL WHERE installed_device_id = ANY(%s)', [pks])
            execute('UPDATE virtualization_virtualmachine SET device_id = NULL WHERE device_id = ANY(%s)', [pks])
        execute(f'DELETE FROM {model._meta.db_table} WHERE id = ANY(%s)', [pks])

    def do_replace_in_one_statement(self):
        """Deleted and inserted again under the same id at once: a CI like any other."""
        if pk := self.some(Rack, most=1).values_list('pk', flat=True).first():
            columns = [f.column for f in Rack._meta.concrete_fields if f.column != 'name']
            execute('CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM dcim_rack WHERE id = %s', [pk])
            execute('DELETE FROM dcim_rack WHERE id = %s', [pk])
            same = ', '.join(columns)
            execute(f'INSERT INTO dcim_rack ({same}, name) SELECT {same}, %s FROM kept', [self.name()])
            execute('DROP TABLE kept')

    # -- what places CIs

    def parents(self):
        """(model, ids) of a few devices or virtual machines that have services."""
        model = self.rnd.choice([Device, VirtualMachine])
        pks = Service.objects.filter(parent_object_type=type_id(model)).values('parent_object_id')
        return model, list(self.some(model, pk__in=pks).values_list('pk', flat=True))

    def do_move_parents(self):
        model, pks = self.parents()
        place = self.place()
        if self.rnd.random() < 0.5:
            model.objects.filter(pk__in=pks).update(**place)
        else:
            self.update(model, pks, {'site_id': place['site'].pk, 'tenant_id': place['tenant'] and place['tenant'].pk})

    def do_delete_parents_by_sql(self):
        model, pks = self.parents()
        self.delete_by_sql(model, pks[:1])

    def do_reparent(self):
        if parent := self.one(self.rnd.choice([Device, VirtualMachine])):
            self.some(Service).update(parent_object_type=type_id(type(parent)), parent_object_id=parent.pk)

    def do_lose_parent_by_sql(self):
        pks = self.some(Service, most=1).values_list('pk', flat=True)
        self.update(Service, pks, {'parent_object_id': 8_000_000_000})

    def do_terminate(self):
        if (circuit := self.one(Circuit)) and not circuit.terminations.filter(term_side='A').exists():
            make.make_termination(circuit, self.rnd.choice([self.one(Site), self.one(Location)]))

    def do_move_termination(self):
        if end := self.one(CircuitTermination):
            end.termination = self.one(Site)
            end.save()

    def do_move_termination_by_sql(self):
        pks = self.some(CircuitTermination).values_list('pk', flat=True)
        self.update(CircuitTermination, pks, {'_site_id': self.one(Site).pk})

    def do_remove_termination(self):
        if end := self.one(CircuitTermination):
            end.delete()

    def do_loosen_termination(self):
        self.some(Circuit).update(termination_a=None)

    def do_scope(self):
        if cluster := self.one(Cluster):
            cluster.scope = self.rnd.choice([None, self.one(Site), self.one(Location)])
            cluster.save()

    def do_move_location(self):
        if location := self.one(Location):
            location.site = self.one(Site)
            location.save()

    # -- what depends on what

    def do_depend(self):
        dependent, provider = self.one(self.any_model()), self.one(self.any_model())
        if dependent and provider:
            Dependency.objects.create(
                dependent=dependent, provider=provider, holds_data=self.rnd.random() < 0.7,
                redundancy_group=self.rnd.choice(['', '', 'a', 'b']),
            )

    do_depend_too = do_depend
    do_depend_also = do_depend

    def do_depend_otherwise(self):
        self.some(Dependency).update(
            holds_data=self.rnd.random() < 0.5, redundancy_group=self.rnd.choice(['', 'a', 'b'])
        )

    def do_depend_on_another(self):
        if ci := self.one(self.any_model()):
            columns = {'provider_object_type_id': type_id(type(ci)), 'provider_object_id': ci.pk}
            self.update(Dependency, self.some(Dependency, most=1).values_list('pk', flat=True), columns)

    def do_need_no_more(self):
        self.some(Dependency, most=2).delete()

    def do_host(self):
        host = {'cluster': self.one(Cluster), 'device': self.rnd.choice([None, self.one(Device)])}
        self.some(VirtualMachine).update(**host)

    def do_host_by_sql(self):
        pks = self.some(VirtualMachine).values_list('pk', flat=True)
        self.update(VirtualMachine, pks, {'cluster_id': self.one(Cluster).pk if self.one(Cluster) else None})

    def do_cluster(self):
        self.some(Device).update(cluster=self.rnd.choice([None, self.one(Cluster)]))

    do_cluster_too = do_cluster

    def do_install(self):
        if parent := self.one(Device):
            child = self.one(Device, parent_bay=None)
            child = child if child != parent else None
            DeviceBay.objects.create(device=parent, name=self.name(), installed_device=child)

    def do_take_out(self):
        self.some(DeviceBay).update(installed_device=None)

    def do_reorder_classifications(self):
        highest = Classification.objects.order_by('-level').first()
        Classification.objects.filter(pk=self.one(Classification).pk).update(level=highest.level + 10)

    # -- profiles

    def do_profile(self):
        if ci := self.unprofiled(self.any_model()):
            AssetProfile(object=ci, **self.values()).save()

    do_profile_too = do_profile

    def do_profile_in_bulk(self):
        profiles, values = [], self.values()
        for model in TYPES:
            if ci := self.unprofiled(model):
                profiles.append(AssetProfile(object=ci, **values))
        AssetProfile.objects.bulk_create(profiles)

    def do_profile_by_sql(self):
        model = self.any_model()
        if ci := self.unprofiled(model):
            insert_profile(type_id(model), ci.pk, **self.values())

    def do_profile_before_its_ci(self):
        self.numbers += 1
        future = 7_000_000_000 + self.numbers
        insert_profile(type_id(Rack), future, **self.values())
        make.make_rack(self.name(), id=future, **self.place())

    def do_profile_twice(self):
        """Refused by the database; the first stays."""
        if profile := self.one(AssetProfile):
            insert_profile(profile.object_type_id, profile.object_id, rto_minutes=1)

    def do_assess(self):
        if profile := self.one(AssetProfile):
            for column, value in self.values().items():
                setattr(profile, column, value)
            profile.save()

    def do_assess_in_bulk(self):
        self.some(AssetProfile, most=6).update(**self.values())

    def do_assess_by_bulk_update(self):
        profiles, values = list(self.some(AssetProfile)), self.values()
        for profile in profiles:
            for column, value in values.items():
                setattr(profile, column, value)
        if profiles:
            AssetProfile.objects.bulk_update(profiles, [column.removesuffix('_id') for column in values])

    def do_assess_by_sql(self):
        self.update(AssetProfile, self.some(AssetProfile).values_list('pk', flat=True), self.values())

    def do_move_profile(self):
        model = self.any_model()
        if (profile := self.one(AssetProfile)) and (ci := self.unprofiled(model)):
            columns = {'object_type_id': type_id(model), 'object_id': ci.pk}
            self.update(AssetProfile, [profile.pk], {**columns, **self.rnd.choice([{}, self.values()])})

    def do_withdraw(self):
        if profile := self.one(AssetProfile):
            profile.delete()

    def do_withdraw_in_bulk(self):
        self.some(AssetProfile, most=2).delete()

    def do_withdraw_by_sql(self):
        execute('DELETE FROM netbox_ims_assetprofile WHERE id = ANY(%s)',
                [list(self.some(AssetProfile, most=2).values_list('pk', flat=True))])

    def do_remove_contact(self):
        if contact := self.one(Contact):
            contact.delete()
        make.make_contact()

    # -- transactions

    def do_change_ones_mind(self):
        """Several writes, all undone."""
        sid = transaction.savepoint()
        for _ in range(self.rnd.randint(1, 5)):
            self.write()
        if self.rnd.random() < 0.5:
            settle()
        transaction.savepoint_rollback(sid)

    def do_undo_the_last_of_two(self):
        self.write()
        sid = transaction.savepoint()
        self.write()
        transaction.savepoint_rollback(sid)


# What places a CI is looked at twice, at once and at commit; either makes good for the other here. What each does by
# itself is in test_triggers (at once) and test_concurrency (between transactions that do not see each other).
PLACES = ('ims_placed_', 'ims_moved_', 'ims_parent_')


class DriftTestCase(RegisterTestMixin, TestCase):

    def test_no_write_leaves_a_difference(self):
        tried = set()
        for seed in seeds():
            with self.subTest(seed=seed), transaction.atomic():
                driver, checked = Driver(seed), 0
                while len(driver.trace) < WRITES:
                    driver.run(BATCH)
                    what = f'seed {seed}, after {len(driver.trace)} writes; the last of them: {driver.trace[checked:]}'
                    checked = len(driver.trace)
                    self.assertRegisterIsRight(what)
                self.assertLess(driver.refused / len(driver.trace), 0.25, f'seed {seed}: {driver.trace}')
                tried.update(write for write in driver.trace if ' refused' not in write)
                transaction.set_rollback(True)
        if seeds() == SEEDS:
            self.assertGreater(len(tried), len([name for name in dir(Driver) if name.startswith('do_')]) / 2)

    def test_a_trigger_that_is_missing_is_noticed(self):
        """So the writes above reach every trigger, and a look at the register tells."""
        driver = Driver('missing')
        # See tests/controls/test_freeze.py, tests/history, tests/risk, and tests/continuity.
        elsewhere = {trigger.name for trigger in (
            *soa_triggers(), *history_triggers(), *risk_triggers(), *continuity_triggers(), *alignment_triggers()
        )}
        for trigger in expected_triggers():
            by_others = trigger.name.endswith(('append_only', 'never_emptied'))
            elsewhere_too = trigger.name in {*OF_DERIVED_VALUES, *elsewhere} or trigger.name.startswith(PLACES)
            if by_others or elsewhere_too:
                continue
            with self.subTest(trigger.name), transaction.atomic():
                settle()
                execute(f'DROP TRIGGER {trigger.name} ON {trigger.table}')
                done, noticed = len(driver.trace), False
                while not noticed and len(driver.trace) < done + WRITES:
                    driver.run(BATCH)
                    settle()
                    derive.settle()
                    derived, _alignment = expected_derived()
                    noticed = dict(actual_register()) != expected_register() or actual_derived() != derived
                self.assertTrue(noticed, f'{trigger.name} makes no difference to {driver.trace[done:]}')
                transaction.set_rollback(True)


KILLED = """
import os, sys, time
import psycopg

connection = psycopg.connect(os.environ['IMS_TEST_DSN'])
for statement in sys.stdin.read().split(';'):
    connection.execute(statement)
print('written', flush=True)
time.sleep(600)
"""


class KilledTestCase(RegisterTestMixin, TransactionTestCase):
    """Transactions that really end, or are ended."""

    def setUp(self):
        self.site, self.other = make.make_site('Bern'), make.make_site('Genf')
        self.device = make.make_device('before', site=self.site)
        self.service = make.make_service('service', parent=self.device)
        self.doomed = make.make_device('stays', site=self.site)
        self.profile = make.make_profile(self.device, rto_minutes=1)
        make.make_profile(self.doomed, rto_minutes=2)
        self.assertRegisterIsRight()

    def statements(self):
        return [
            f"UPDATE dcim_device SET name = 'never', site_id = {self.other.pk} WHERE id = {self.device.pk}",
            f'UPDATE netbox_ims_assetprofile SET rto_minutes = 99 WHERE id = {self.profile.pk}',
            f'DELETE FROM dcim_device WHERE id = {self.doomed.pk}',
            f"UPDATE ipam_service SET name = 'never' WHERE id = {self.service.pk}",
        ]

    def assertNothingHappened(self):
        self.assertEntry(self.device, name='before', site=self.site, rto_minutes=1)
        self.assertEntry(self.service, name='service', site=self.site)
        self.assertEntry(self.doomed, name='stays', rto_minutes=2)
        self.assertRegisterIsRight()

    def dsn(self):
        settings = connection.settings_dict
        return f'host={settings["HOST"]} port={settings["PORT"]} user={settings["USER"]} dbname={settings["NAME"]}'

    def wait_until_gone(self, pid):
        for _ in range(200):
            with connection.cursor() as cursor:
                cursor.execute('SELECT count(*) FROM pg_stat_activity WHERE pid = %s', [pid])
                if not cursor.fetchone()[0]:
                    return
            time.sleep(0.05)
        self.fail(f'backend {pid} is still there')

    def backend_of(self, application):
        with connection.cursor() as cursor:
            cursor.execute('SELECT pid FROM pg_stat_activity WHERE application_name = %s', [application])
            return cursor.fetchone()[0]

    def test_a_connection_that_is_cut_in_the_middle(self):
        other = connection.copy()
        self.addCleanup(other.close)
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute('SELECT pg_backend_pid()')
            pid, = cursor.fetchone()
            for statement in self.statements():
                cursor.execute(statement)
            cursor.execute('SELECT name FROM netbox_ims_registerentry WHERE object_id = %s AND object_type_id = %s',
                           [self.device.pk, type_id(Device)])
            self.assertEqual(cursor.fetchone()[0], 'never')
            self.assertEntry(self.device, name='before')        # not for us, yet
            execute('SELECT pg_terminate_backend(%s)', [pid])
            with self.assertRaises(DatabaseError):
                cursor.execute('SELECT 1')
        self.wait_until_gone(pid)
        self.assertNothingHappened()

    def test_a_statement_that_is_cut_in_the_middle(self):
        pids, errors, started = [], [], threading.Event()

        def work():
            other = connection.copy()
            try:
                other.set_autocommit(False)
                with other.cursor() as cursor:
                    cursor.execute('SELECT pg_backend_pid()')
                    pids.append(cursor.fetchone()[0])
                    cursor.execute(self.statements()[1])
                    started.set()
                    cursor.execute(
                        "UPDATE dcim_device SET name = name || ' never', comments = pg_sleep(0.5)::text "
                        'WHERE site_id = %s', [self.site.pk]
                    )
                    cursor.execute('SELECT pg_sleep(60)')
            except DatabaseError as e:
                errors.append(e)
            finally:
                other.close()

        thread = threading.Thread(target=work)
        thread.start()
        self.assertTrue(started.wait(20))
        time.sleep(0.7)             # the first device is written, the second is not
        execute('SELECT pg_terminate_backend(%s)', [pids[0]])
        thread.join(20)
        self.assertEqual(len(errors), 1)
        self.wait_until_gone(pids[0])
        self.assertNothingHappened()

    def test_a_process_that_is_killed(self):
        process = subprocess.Popen(
            [sys.executable, '-c', KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={
                **os.environ, 'PGPASSWORD': connection.settings_dict['PASSWORD'],
                'IMS_TEST_DSN': f'{self.dsn()} application_name=killed',
            }
        )
        try:
            process.stdin.write(';'.join(self.statements()))
            process.stdin.close()
            self.assertEqual(process.stdout.readline(), 'written\n')
            pid = self.backend_of('killed')
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        self.wait_until_gone(pid)
        self.assertNothingHappened()

    def test_what_is_committed_stays(self):
        for statement in self.statements():
            execute(statement)
        self.assertEntry(self.device, name='never', site=self.other, rto_minutes=99)
        self.assertEntry(self.service, name='never', site=self.other)
        self.assertNotRegistered(self.doomed)
        self.assertRegisterIsRight()

    def test_a_flushed_database_has_new_content_types_and_triggers_that_know_them(self):
        before = type_id(Device)
        call_command('flush', interactive=False, verbosity=0)
        self.assertNotEqual(type_id(Device), before)
        self.assertTrue(trigger_status().ok, trigger_status())
        device = make.make_device('after')
        self.assertEntry(device, name='after')
        self.assertRegisterIsRight()
