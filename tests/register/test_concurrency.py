"""Transactions that do not see each other: a CI comes under a parent while that moves. Both must end in one place."""
import threading
import time

from django.db import connection, transaction
from django.test import TransactionTestCase

from dcim.models import Device
from virtualization.models import VirtualMachine

from netbox_ims.models import RegisterEntry
from tests import factories as make

from .checks import RegisterTestMixin, settle
from .test_triggers import type_id


class Other:
    """A second connection, in a transaction of its own."""

    def __init__(self):
        self.connection = connection.copy()
        self.connection.set_autocommit(False)
        self.connection.inc_thread_sharing()
        self.thread = None

    def execute(self, sql, params):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)

    def settle(self):
        self.connection.check_constraints()

    def commit(self):
        self.connection.commit()

    def start_to_commit(self):
        """Commit in a thread, and return once that waits for somebody's lock."""
        self.thread = threading.Thread(target=self.commit)
        self.thread.start()
        for _ in range(200):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.fetchone()[0]:
                    return
            time.sleep(0.05)
        raise AssertionError('it does not wait')

    def close(self):
        if self.thread:
            self.thread.join(20)
        self.connection.close()


class PlaceTest(RegisterTestMixin, TransactionTestCase):

    def setUp(self):
        self.old, self.new = make.make_site('Old'), make.make_site('New')

    def kinds(self):
        """(What it is, the CI, SQL that places it under a parent, the same for none or another, and that moves it)."""
        service_sql = 'UPDATE ipam_service SET parent_object_type_id = %s, parent_object_id = %s WHERE id = %s'
        for factory, model in ((make.make_device, Device), (make.make_vm, VirtualMachine)):
            parent, elsewhere = factory(site=self.old), factory(site=self.old)
            service = make.make_service(parent=elsewhere)
            yield (
                model.__name__, service,
                *((service_sql, [type_id(model), each.pk, service.pk]) for each in (parent, elsewhere)),
                (f'UPDATE {model._meta.db_table} SET site_id = %s WHERE id = %s', parent.pk),
            )
        circuit = make.make_circuit(site=self.old)
        circuit_sql, end = 'UPDATE circuits_circuit SET termination_a_id = %s WHERE id = %s', circuit.termination_a_id
        yield (
            'circuit', circuit, (circuit_sql, [end, circuit.pk]), (circuit_sql, [None, circuit.pk]),
            ('UPDATE circuits_circuittermination SET _site_id = %s WHERE id = %s', end),
        )

    def check(self, title, run):
        """`run(mine, others, other)` gets what places the CI and what moves its parent, then the other way round."""
        for kind, ci, place, displace, (move, parent) in self.kinds():
            for swapped in (False, True):
                with self.subTest(title, kind=kind, swapped=swapped):
                    self.here(displace)
                    self.here((move, [self.old.pk, parent]))
                    both, other = [place, (move, [self.new.pk, parent])], Other()
                    try:
                        run(*(reversed(both) if swapped else both), other)
                    finally:
                        other.close()
                    self.assertEqual(RegisterEntry.objects.of(ci).get().site, self.new)

    def here(self, statement):
        with connection.cursor() as cursor:
            cursor.execute(*statement)

    def test_each_ends_after_the_other(self):
        def other_ends_last(mine, others, other):
            with transaction.atomic():
                self.here(mine)
                other.execute(*others)
            other.commit()

        def other_ends_first(mine, others, other):
            with transaction.atomic():
                other.execute(*others)
                self.here(mine)
                other.commit()

        self.check('other last', other_ends_last)
        self.check('other first', other_ends_first)
        self.assertRegisterIsRight()

    def test_both_end_at_once(self):
        def at_once(mine, others, other):
            with transaction.atomic():
                self.here(mine)
                other.execute(*others)
                settle()
                other.start_to_commit()

        self.check('at once', at_once)
        self.assertRegisterIsRight()

    def test_cis_do_not_wait_for_each_other(self):
        parent, services = make.make_device(site=self.old), [make.make_service(), make.make_service()]
        sql = 'UPDATE ipam_service SET parent_object_id = %s WHERE id = %s'
        other = Other()
        self.addCleanup(other.close)
        with transaction.atomic():
            self.here((sql, [parent.pk, services[0].pk]))
            settle()
            other.execute("SET LOCAL lock_timeout = '2s'", None)
            other.execute(sql, [parent.pk, services[1].pk])
            other.commit()
        self.assertRegisterIsRight()

    def test_nobody_waits_to_save_the_parent(self):
        """A script that makes services does not hold up those who edit its devices."""
        parent = make.make_device(site=self.old)
        other = Other()
        self.addCleanup(other.close)
        with transaction.atomic():
            make.make_service(parent=parent)
            other.execute("SET LOCAL lock_timeout = '2s'", None)
            other.execute('UPDATE dcim_device SET name = %s, site_id = %s WHERE id = %s', ['x', self.new.pk, parent.pk])
            other.commit()
        self.assertRegisterIsRight()
