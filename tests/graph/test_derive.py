"""
What CIs inherit, from NetBox's tables to the register: which changes are noticed, when it is right, and what is said
until then. The rules themselves are tested in tests/rules/test_graph.py.
"""
from contextlib import contextmanager
from unittest.mock import patch

from django.db import connection, connections, transaction
from django.test import TestCase, TransactionTestCase

from dcim.models import DeviceBay

from netbox_ims.choices import AlignmentChoices
from netbox_ims.models import AssetProfile, Dependency, RegisterEntry, StaleMark
from netbox_ims.services import derive
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift
from netbox_ims.services.triggers import install_triggers
from tests import factories as make
from tests.base import QueryCountMixin, RestClient
from tests.register.checks import RegisterTestMixin, ci_types, execute


class DeriveTestCase(RegisterTestMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.internal = make.make_classification('Internal', level=20)
        cls.confidential = make.make_classification('Confidential', level=30)
        cls.site = make.make_site()
        cls.cluster = make.make_cluster('c1')
        cls.host = make.make_device('host', cls.site, cluster=cls.cluster)
        cls.spare = make.make_device('spare', cls.site)
        cls.vm = make.make_vm('vm', cluster=cls.cluster)
        cls.service = make.make_service('db', cls.vm)
        make.make_profile(cls.service, classification=cls.confidential, rto_minutes=60, rpo_minutes=15)
        settle()

    def effective(self, ci):
        return RegisterEntry.objects.of(ci).get().effective_classification

    def test_from_the_service_down_to_the_host(self):
        for ci in (self.vm, self.cluster, self.host):
            with self.subTest(ci=ci):
                self.assertEntry(
                    ci, effective_classification=self.confidential, effective_classification_source_id=self.service.pk,
                    effective_complete=False, required_rto_minutes=60, required_rto_source_id=self.service.pk,
                    required_rpo_minutes=15, effective_rto_minutes=60, effective_rpo_minutes=15, under_classified=None,
                    alignment=AlignmentChoices.UNDETERMINED,
                )
        self.assertEntry(self.spare, effective_classification=None, required_rto_minutes=None)

    # (what happens, what the spare device has in the end)
    def test_every_way_to_come_to_hold_something(self):
        ways = {
            'a service moves there': lambda: execute(
                'UPDATE ipam_service SET parent_object_type_id = (SELECT id FROM django_content_type '
                "WHERE app_label = 'dcim' AND model = 'device'), parent_object_id = %s WHERE id = %s",
                [self.spare.pk, self.service.pk],
            ),
            'a VM is pinned to it': lambda: type(self.vm).objects.filter(pk=self.vm.pk).update(device=self.spare),
            'it joins the cluster': lambda: type(self.spare).objects.filter(pk=self.spare.pk).update(
                cluster=self.cluster
            ),
            'the host is installed in it': lambda: DeviceBay.objects.create(
                device=self.spare, name='1', installed_device=self.host
            ),
            'the host is installed by SQL': lambda: execute(
                "UPDATE dcim_devicebay SET installed_device_id = %s WHERE device_id = %s", [self.host.pk, self.spare.pk]
            ),
            'somebody says so': lambda: make.make_dependency(self.host, self.spare, holds_data=True),
        }
        bay = None
        for way, happen in ways.items():
            with self.subTest(way):
                if 'by SQL' in way:
                    bay = DeviceBay.objects.create(device=self.spare, name='0')
                    settle()
                before = connection.savepoint_commit, connection.savepoint()
                happen()
                self.assertTrue(StaleMark.objects.exists())
                settle()
                self.assertEqual(self.effective(self.spare), self.confidential)
                self.assertDerivedValuesAreRight()
                connection.savepoint_rollback(before[1])
                self.assertEqual(self.effective(self.spare), None)
        self.assertIsNotNone(bay)

    def test_every_way_to_hold_no_more(self):
        edge = make.make_dependency(self.host, self.spare, holds_data=True)
        settle()
        ways = {
            'the service is reclassified': lambda: AssetProfile.objects.update(classification=self.internal),
            'the dependency goes': lambda: Dependency.objects.filter(pk=edge.pk).delete(),
            'the dependency goes by SQL': lambda: execute('DELETE FROM netbox_ims_dependency'),
            'it holds no data after all': lambda: Dependency.objects.update(holds_data=False),
            'the service goes': lambda: self.service.delete(),
            'the profile goes': lambda: AssetProfile.objects.all().delete(),
            'the VM goes by SQL': lambda: execute('DELETE FROM virtualization_virtualmachine'),
            'the host leaves the cluster': lambda: type(self.host).objects.update(cluster=None),
            'the VM moves': lambda: type(self.vm).objects.update(cluster=make.make_cluster()),
            'the VM is reclassified by override': lambda: make.make_profile(
                self.vm, classification=self.internal, classification_override=True, override_justification='tested'
            ),
        }
        for way, happen in ways.items():
            with self.subTest(way):
                self.assertEqual(self.effective(self.spare), self.confidential)
                sid = connection.savepoint()
                happen()
                settle()
                self.assertNotEqual(self.effective(self.spare), self.confidential)
                self.assertDerivedValuesAreRight()
                connection.savepoint_rollback(sid)

    def test_another_order_of_classifications(self):
        make.make_profile(self.vm, classification=self.internal)
        settle()
        self.assertEqual(self.effective(self.host), self.confidential)
        type(self.internal).objects.filter(pk=self.internal.pk).update(level=99)
        settle()
        self.assertEqual(self.effective(self.host), self.internal)
        self.assertDerivedValuesAreRight()

    def test_until_it_is_worked_out_nothing_passes_for_good(self):
        make.make_profile(self.host, classification=self.confidential, rto_minutes=30, rpo_minutes=15)
        settle()
        self.assertEntry(self.host, alignment=AlignmentChoices.ALIGNED)
        AssetProfile.objects.filter(object_id=self.host.pk, rto_minutes=30).update(rto_minutes=90)
        entry = RegisterEntry.objects.of(self.host).get()
        self.assertEqual(
            (entry.alignment, entry.effective_complete, entry.under_classified),
            (AlignmentChoices.UNDETERMINED, False, None),
        )
        settle()
        self.assertEqual(RegisterEntry.objects.of(self.host).get().alignment, AlignmentChoices.BREACHED)

    def test_what_others_do_not_inherit_is_no_reason_to_work_anything_out(self):
        AssetProfile.objects.update(comments='x', asset_owner=make.make_contact(), review_due='2030-01-01')
        self.host.name = 'renamed'
        self.host.save()
        self.assertFalse(StaleMark.objects.exists())

    def test_a_member_of_a_group_makes_good_for_the_others(self):
        other = make.make_device('other', self.site, cluster=self.cluster)
        make.make_profile(self.host, rto_minutes=90, rpo_minutes=15)
        settle()
        self.assertEntry(self.host, alignment=AlignmentChoices.UNDETERMINED)
        profile = make.make_profile(other, rto_minutes=30, rpo_minutes=15)
        settle()
        self.assertEntry(self.host, alignment=AlignmentChoices.ALIGNED)
        profile.rto_minutes = 61
        profile.save()
        settle()
        self.assertEntry(self.host, alignment=AlignmentChoices.BREACHED)
        other.delete()
        make.make_device('untested', self.site, cluster=self.cluster)
        settle()
        self.assertEntry(self.host, alignment=AlignmentChoices.UNDETERMINED)

    def test_a_chain_of_a_thousand(self):
        services = [make.make_it_service(f's{number}') for number in range(1000)]
        for one, other in zip(services, services[1:], strict=False):
            make.make_dependency(one, other, holds_data=True)
        make.make_profile(services[0], classification=self.confidential, rto_minutes=7)
        settle()
        self.assertEntry(services[-1], effective_classification=self.confidential, required_rto_minutes=7)
        AssetProfile.objects.filter(object_id=services[0].pk, rto_minutes=7).update(rto_minutes=8)
        self.assertFalse(settle().everything)
        self.assertEntry(services[-1], required_rto_minutes=8)
        self.assertDerivedValuesAreRight()

    def test_too_many_for_one_by_one_are_worked_out_at_once(self):
        AssetProfile.objects.update(classification=self.internal)
        with patch.object(derive, 'PART', 2):
            settled = settle()
        self.assertTrue(settled.everything)
        self.assertEqual(self.effective(self.host), self.internal)
        self.assertDerivedValuesAreRight()

    def test_too_many_marks_are_worked_out_at_once(self):
        AssetProfile.objects.update(classification=self.internal)
        execute('INSERT INTO netbox_ims_stalemark (time) SELECT now() FROM generate_series(1, 3)')
        with patch.object(derive, 'MARKS', 2):
            self.assertTrue(settle().everything)
        self.assertDerivedValuesAreRight()

    def test_progress_is_told(self):
        told = []
        RegisterEntry.objects.update(under_classified=True)
        settle(everything=True, tell=lambda done, total: told.append((done, total)))
        self.assertEqual(told, [(RegisterEntry.objects.count(),) * 2])

    def test_a_wrong_value_is_drift_and_is_repaired(self):
        RegisterEntry.objects.of(self.host).update(effective_classification=self.internal)
        self.assertEqual([str(drift) for drift in find_drift()], [f'dcim.device {self.host.pk}: derived values differ'])
        settle(everything=True)
        self.assertEqual(list(find_drift()), [])

    def test_a_kind_of_edges_switched_off(self):
        with ci_types(None, derived_edges=['service_parent']):
            install_triggers()
            settle()
            self.assertEqual(self.effective(self.vm), self.confidential)
            self.assertEqual(self.effective(self.cluster), None)
            type(self.vm).objects.update(cluster=make.make_cluster())
            self.assertFalse(StaleMark.objects.exclude(object_id__in=[self.vm.pk]).filter(object_type=None).exists())
        install_triggers()
        settle()
        self.assertDerivedValuesAreRight()


class SettledByRequestsTestCase(RegisterTestMixin, QueryCountMixin, TestCase):
    """Whatever is saved through UI or REST is right before the answer comes."""

    @classmethod
    def setUpTestData(cls):
        cls.root = make.make_user(is_superuser=True)
        cls.secret = make.make_classification('Secret', level=30, slug='secret')
        cls.cluster = make.make_cluster('c1')
        cls.host = make.make_device('host', cluster=cls.cluster)
        cls.vm = make.make_vm('vm', site=cls.host.site)
        settle()

    def setUp(self):
        self.rest = RestClient(self.root)

    def register(self, ci):
        status, data = self.rest.get(
            'register/', object_type=f'{ci._meta.app_label}.{ci._meta.model_name}', object_id=ci.pk
        )
        self.assertEqual(status, 200)
        return data['results'][0]

    def test_a_profile_by_rest(self):
        self.rest.patch(f'/api/virtualization/virtual-machines/{self.vm.pk}/', {'cluster': self.cluster.pk})
        status, profile = self.rest.post('asset-profiles/', {
            'object_type': 'virtualization.virtualmachine', 'object_id': self.vm.pk,
            'classification': {'slug': 'secret'}, 'rto_minutes': 0,
        })
        self.assertEqual(status, 201, profile)
        row = self.register(self.host)
        self.assertEqual(row['effective_classification']['slug'], 'secret')
        self.assertEqual(
            row['effective_classification_source'],
            {'object_type': 'virtualization.virtualmachine', 'object_id': self.vm.pk, 'name': 'vm'},
        )
        self.assertEqual((row['required_rto_minutes'], row['effective_rto_minutes']), (0, 0))
        self.rest.delete(f'asset-profiles/{profile["id"]}/')
        self.assertIsNone(self.register(self.host)['effective_classification'])

    def test_netbox_own_objects_by_rest(self):
        make.make_profile(self.vm, classification=self.secret)
        settle()
        path = f'/api/virtualization/virtual-machines/{self.vm.pk}/'
        status, _ = self.rest.patch(path, {'cluster': self.cluster.pk})
        self.assertEqual(status, 200)
        self.assertEqual(self.register(self.host)['effective_classification']['slug'], 'secret')
        self.rest.delete(path)
        self.assertIsNone(self.register(self.host)['effective_classification'])

    def test_a_page_that_is_only_looked_at_works_nothing_out(self):
        make.make_profile(self.vm, classification=self.secret)
        self.client.force_login(self.root)
        self.client.get('/plugins/ims/register/')
        self.assertTrue(StaleMark.objects.exists())

    def test_a_failure_is_left_to_the_job(self):
        make.make_profile(self.vm, classification=self.secret)
        execute('ALTER TABLE netbox_ims_stalemark RENAME TO elsewhere')
        with self.assertLogs('netbox.plugins.netbox_ims', 'ERROR'):
            status, _ = self.rest.patch(f'/api/dcim/sites/{self.host.site.pk}/', {'comments': 'x'})
        self.assertEqual(status, 200)


class ConcurrencyTestCase(RegisterTestMixin, TransactionTestCase):
    """Two at it, with transactions that really end."""

    @contextmanager
    def another_connection(self):
        other = connections.create_connection('default')
        try:
            with other.cursor() as cursor:
                yield cursor
        finally:
            other.close()

    def setUp(self):
        settle()
        self.secret = make.make_classification('Secret', level=30)
        self.vm = make.make_vm('vm', cluster=make.make_cluster('c'))
        settle()

    def test_who_finds_a_row_locked_gives_way(self):
        make.make_profile(self.vm, classification=self.secret)
        with self.another_connection() as cursor:
            cursor.execute('BEGIN; UPDATE netbox_ims_registerentry SET status = status')
            self.assertTrue(settle().busy)
            cursor.execute('ROLLBACK')
        self.assertTrue(StaleMark.objects.exists())
        self.assertFalse(settle().busy)
        self.assertDerivedValuesAreRight()

    def test_a_transaction_around_it_waits_as_before(self):
        with transaction.atomic():
            make.make_profile(self.vm, classification=self.secret)
            self.assertEqual(settle().marks, 1)
            with connection.cursor() as cursor:
                cursor.execute('SHOW lock_timeout')
                self.assertEqual(cursor.fetchone()[0], '0')

    def test_marking_waits_for_nobody(self):
        """Two who put VMs into one cluster at the same time."""
        with self.another_connection() as cursor:
            moving = 'UPDATE virtualization_virtualmachine SET cluster_id = NULL WHERE id = %s'
            cursor.execute(f'BEGIN; {moving}', [self.vm.pk])
            execute("SET lock_timeout = '2s'")
            make.make_vm('other', cluster=self.vm.cluster)
            execute('RESET lock_timeout')
            cursor.execute('ROLLBACK')

    def test_what_is_not_yet_committed_keeps_its_marks(self):
        with self.another_connection() as cursor:
            cursor.execute(
                'BEGIN; INSERT INTO netbox_ims_stalemark (object_type_id, object_id, time) '
                'SELECT object_type_id, object_id, now() FROM netbox_ims_registerentry WHERE name = %s', ['vm']
            )
            settle()
            cursor.execute('COMMIT')
        self.assertTrue(StaleMark.objects.exists())
