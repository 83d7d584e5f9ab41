"""What the history's triggers write, and what they refuse."""
import threading
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase

from dcim.models import Device
from tenancy.models import Contact

from netbox_ims.models import HistoryStart, RegisterEntry, RegisterName, RegisterVersion
from netbox_ims.services import derive
from netbox_ims.services.history import find_history_drift, prune_history, repair_history
from netbox_ims.services.reconcile import find_drift
from tests import factories as make
from tests.base import as_user
from tests.register.checks import ci_types, execute

from .clock import clock


def versions(ci):
    entry = RegisterEntry.objects.of(ci).values_list('object_type', 'object_id').first()
    return list(RegisterVersion.objects.of(*entry)) if entry else []


class WritingTest(TransactionTestCase):

    def setUp(self):
        self.device = make.make_device('one')
        derive.settle()

    def test_one_transaction_is_one_version(self):
        before = len(versions(self.device))
        with transaction.atomic():
            for name in ('two', 'three', 'four'):
                Device.objects.filter(pk=self.device.pk).update(name=name)
                make.make_profile(self.device) if name == 'three' else None
        *_, last = found = versions(self.device)
        self.assertEqual(len(found), before + 1)
        self.assertEqual((last.name, last.changed[0], last.valid_to), ('four', 'name', None))
        self.assertIn('profile_id', last.changed)

    def test_what_is_undone_in_the_same_transaction_never_was(self):
        before = versions(self.device)
        with transaction.atomic():
            Device.objects.filter(pk=self.device.pk).update(name='two')
            with transaction.atomic():
                Device.objects.filter(pk=self.device.pk).update(name='one')
        self.assertEqual(versions(self.device), before)
        self.assertIsNone(versions(self.device)[-1].valid_to)

    def test_what_changes_nothing_that_the_register_says_is_no_version(self):
        before = len(versions(self.device))
        self.device.serial = 'another'
        self.device.save()
        profile = make.make_profile(self.device, rto_minutes=5)
        derive.settle()
        after = len(versions(self.device))
        self.assertGreater(after, before)
        profile.comments = 'a remark'
        profile.save()
        derive.settle(everything=True)
        self.assertEqual(len(versions(self.device)), after)

    def test_a_ci_made_and_deleted_at_once_never_was(self):
        count = RegisterVersion.objects.count()
        with transaction.atomic():
            make.make_device('brief', site=self.device.site, role=self.device.role).delete()
        self.assertEqual(RegisterVersion.objects.count(), count)

    def test_a_ci_that_is_gone_has_no_open_version_and_may_come_back(self):
        pk, type_id = self.device.pk, RegisterEntry.objects.of(self.device).get().object_type_id
        self.device.delete()
        last = RegisterVersion.objects.of(type_id, pk).last()
        self.assertLessEqual(last.valid_to, clock())
        make.make_device('back', id=pk)
        back = RegisterVersion.objects.of(type_id, pk).last()
        self.assertEqual((back.name, back.valid_to, back.changed), ('back', None, []))
        self.assertGreaterEqual(back.valid_from, last.valid_to)

    def test_who_is_named_where_known(self):
        user = make.make_user(username='grace', is_superuser=True)
        with as_user(user):
            self.device.name = 'two'
            with transaction.atomic():
                self.device.save()
        self.assertEqual(versions(self.device)[-1].user_name, 'grace')
        Device.objects.filter(pk=self.device.pk).update(name='three')
        self.assertEqual(versions(self.device)[-1].user_name, '')

    def test_a_transaction_that_began_earlier_and_comes_later(self):
        """The other one has committed a version that begins after this one's own time."""
        def change():
            try:
                with connection.cursor() as cursor:
                    cursor.execute('UPDATE dcim_device SET name = %s WHERE id = %s', ['other', self.device.pk])
            finally:
                connection.close()

        with transaction.atomic():
            execute('SELECT now()')
            other = threading.Thread(target=change)
            other.start()
            other.join(20)
            Device.objects.filter(pk=self.device.pk).update(name='mine')
        earlier, last = versions(self.device)[-2:]
        self.assertEqual((earlier.name, last.name), ('other', 'mine'))
        self.assertEqual(earlier.valid_to, last.valid_from)
        self.assertEqual(last.valid_from - earlier.valid_from, timedelta(microseconds=1))

    def test_names(self):
        contact = make.make_contact('Ann')
        named = clock()
        Contact.objects.filter(pk=contact.pk).update(name='Anne')
        renamed = clock()
        pk = contact.pk
        contact.delete()
        known = RegisterName.objects.filter(object_type__model='contact', object_id=pk)
        self.assertEqual(list(known.values_list('name', flat=True)), ['Ann', 'Anne'])
        for moment, name in ((named, 'Ann'), (renamed, 'Anne'), (clock(), None)):
            known = RegisterName.objects.at(moment).filter(object_type__model='contact', object_id=pk).first()
            self.assertEqual(known and known.name, name)

    def test_drift_is_found_and_mended_from_now_on(self):
        with transaction.atomic():
            execute('SET LOCAL session_replication_role = replica')
            execute("UPDATE netbox_ims_registerentry SET name = 'unseen' WHERE object_id = %s AND object_type_id = %s",
                    [self.device.pk, versions(self.device)[0].object_type_id])
            execute("UPDATE dcim_device SET name = 'unseen' WHERE id = %s", [self.device.pk])
        self.assertIn(
            f'dcim.device {self.device.pk}: history differs (name)', [str(drift) for drift in find_drift()]
        )
        before = clock()
        repair_history()
        self.assertEqual(list(find_history_drift()), [])
        last = versions(self.device)[-1]
        self.assertEqual(last.name, 'unseen')
        self.assertGreaterEqual(last.valid_from, before)


class ProtectionTest(TransactionTestCase):
    """What was recorded stays as it was, whoever asks the database for something else."""

    def setUp(self):
        self.device = make.make_device('one')
        derive.settle()
        Device.objects.filter(pk=self.device.pk).update(name='two')
        self.first = versions(self.device)[0]

    def refused(self, sql, params=None):
        before = list(RegisterVersion.objects.order_by('pk').values()), list(RegisterName.objects.values())
        with self.subTest(sql), self.assertRaises(IntegrityError):
            execute(sql, params)
        self.assertEqual(
            (list(RegisterVersion.objects.order_by('pk').values()), list(RegisterName.objects.values())), before
        )

    def test_versions_and_names_are_append_only(self):
        for table in ('netbox_ims_registerversion', 'netbox_ims_registername'):
            for sql in (
                "UPDATE {} SET name = 'forged'",
                "UPDATE {} SET valid_from = valid_from - interval '1 day'",
                "UPDATE {} SET valid_to = valid_to - interval '1 day' WHERE valid_to < 'infinity'",
                "UPDATE {} SET valid_to = '2020-01-01' WHERE valid_to = 'infinity'",
                "UPDATE {} SET valid_to = 'infinity' WHERE valid_to < 'infinity'",
                "UPDATE {} SET valid_to = 'infinity', name = 'x' WHERE valid_to = 'infinity'",
                'DELETE FROM {}',
                'TRUNCATE {}',
            ):
                if "< 'infinity'" in sql and table.endswith('name'):
                    continue
                self.refused(sql.format(table))

    def test_nothing_is_put_into_the_past(self):
        columns = [f.column for f in RegisterVersion._meta.concrete_fields if f.column not in ('id', 'object_id')]
        copied = ', '.join(columns)
        self.refused(
            f'INSERT INTO netbox_ims_registerversion (object_id, {copied}) SELECT 99999, {copied} '
            'FROM netbox_ims_registerversion WHERE id = %s', [self.first.pk]
        )

    def test_versions_cannot_overlap(self):
        columns = [
            f.column for f in RegisterVersion._meta.concrete_fields
            if f.column not in ('id', 'valid_from', 'valid_to', 'transaction')
        ]
        copied = ', '.join(columns)
        self.refused(
            f'INSERT INTO netbox_ims_registerversion ({copied}, valid_from, valid_to, transaction) '
            f"SELECT {copied}, now(), 'infinity', pg_current_xact_id()::text::bigint FROM netbox_ims_registerversion "
            'WHERE id = %s', [self.first.pk]
        )

    def test_retention(self):
        with ci_types(None):
            self.assertIsNone(prune_history())
        since = HistoryStart.objects.get().time
        moment = clock()
        with ci_types(None, history_retention_days=0):
            self.assertGreater(prune_history(now=moment), 0)
        left = versions(self.device)
        self.assertEqual([version.name for version in left], ['two'])
        self.assertEqual(HistoryStart.objects.get().time, moment)
        self.assertGreater(moment, since)
        with ci_types(None, history_retention_days=30):
            self.assertEqual(prune_history(), 0)
        self.assertEqual(HistoryStart.objects.get().time, moment)


class BeginningTest(TestCase):

    def test_a_version_of_every_ci_and_the_names_of_everything(self):
        device = make.make_device()
        execute('SET LOCAL session_replication_role = replica')
        for model in (RegisterVersion, RegisterName, HistoryStart):
            execute(f'DELETE FROM {model._meta.db_table}')
        execute('SET LOCAL session_replication_role = origin')
        make.make_rack(site=device.site)
        self.assertFalse(RegisterVersion.objects.exists(), 'kept before it has begun')
        repair_history()
        self.assertEqual(RegisterVersion.objects.open().count(), RegisterEntry.objects.count())
        self.assertTrue(RegisterName.objects.filter(name=device.site.name).exists())
        self.assertEqual(list(find_history_drift()), [])
        self.assertEqual(HistoryStart.objects.count(), 1)
