"""The jobs that keep and mend the register: what they do to the database, and what their logs say."""
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils import timezone
from django_pg_utils.locks._lock import resolve_lock_id

from core.choices import JobStatusChoices
from core.models import Job
from netbox.registry import registry

from netbox_ims.jobs import KEEP_INTERVAL, LOCK, NAMED, KeepRegisterJob, RepairRegisterJob
from netbox_ims.models import RegisterEntry
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift
from netbox_ims.services.triggers import drop_triggers, trigger_status
from tests import factories


def run(runner):
    """The job, after it has run here and now; with its log as `job.lines`."""
    job = runner.enqueue(immediate=True)
    job.refresh_from_db()
    job.lines = [entry['message'] for entry in job.log_entries]
    return job


def tamper(statement, params=None):
    """Change tables past the triggers, as a restored dump or somebody's SQL may."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")


class JobTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.device = factories.make_device(name='core-1')
        cls.profile = factories.make_profile(cls.device, classification=factories.make_classification())
        settle()

    def entry(self):
        return RegisterEntry.objects.of(self.device).first()

    def assertRight(self):
        self.assertTrue(trigger_status().ok)
        self.assertEqual(list(find_drift()), [])


class KeepRegisterTest(JobTestCase):

    def test_all_in_place(self):
        before = self.entry().as_of
        job = run(KeepRegisterJob)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertEqual(job.lines, ['The register is kept: every trigger is in place.'])
        self.assertEqual(self.entry().as_of, before)

    def test_triggers_gone_and_a_change_missed(self):
        drop_triggers()
        type(self.device).objects.filter(pk=self.device.pk).update(name='core-2')
        self.assertEqual(self.entry().name, 'core-1')
        job = run(KeepRegisterJob)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertEqual(self.entry().name, 'core-2')
        self.assertRight()
        self.assertRegex(job.lines[0], '^The register was not kept: missing: .*ims_ci_dcim_device on dcim_device')
        self.assertIn('in place again', job.lines[1])

    def test_a_trigger_switched_off(self):
        with connection.cursor() as cursor:
            cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
            cursor.execute('ALTER TABLE dcim_device DISABLE TRIGGER ims_ci_dcim_device')
        job = run(KeepRegisterJob)
        self.assertIn('out of date: ims_ci_dcim_device on dcim_device', job.lines[0])
        self.assertRight()

    def test_without_the_tables_it_fails_and_says_so(self):
        drop_triggers()
        with connection.cursor() as cursor:
            cursor.execute('SET CONSTRAINTS ALL IMMEDIATE')
            cursor.execute('ALTER TABLE netbox_ims_registerentry RENAME TO elsewhere')
        job = run(KeepRegisterJob)
        self.assertEqual(job.status, JobStatusChoices.STATUS_FAILED)
        self.assertIn('Has "netbox migrate" been run for this plugin?', job.lines[-1])

    def test_works_out_what_scripts_have_changed(self):
        cluster = factories.make_cluster('c')
        type(self.device).objects.filter(pk=self.device.pk).update(cluster=cluster)
        vm = factories.make_vm('vm', cluster=cluster)
        factories.make_profile(vm, rto_minutes=5)
        job = run(KeepRegisterJob)
        self.assertIn('What CIs inherit is worked out: 3 entries changed.', job.lines)
        self.assertEqual(self.entry().required_rto_minutes, 5)
        self.assertRight()

    def test_it_is_a_system_job_of_every_minute(self):
        self.assertEqual(KEEP_INTERVAL, 1)
        self.assertEqual(registry['system_jobs'][KeepRegisterJob], {'interval': KEEP_INTERVAL})

    def test_scheduled_once_however_many_workers_start(self):
        for _ in range(3):
            KeepRegisterJob.enqueue_once(interval=KEEP_INTERVAL)
        self.assertEqual(Job.objects.filter(name=KeepRegisterJob.name).count(), 1)

    def test_it_schedules_its_successor_once(self):
        job = Job.objects.create(name=KeepRegisterJob.name, interval=KEEP_INTERVAL, job_id=uuid.uuid4())
        KeepRegisterJob.handle(job)
        successor = Job.objects.exclude(pk=job.pk).get(name=KeepRegisterJob.name)
        self.assertEqual(successor.status, JobStatusChoices.STATUS_SCHEDULED)
        self.assertGreater(successor.scheduled, timezone.now() + timedelta(minutes=KEEP_INTERVAL - 1))


class RepairRegisterTest(JobTestCase):

    def test_nothing_differs(self):
        job = run(RepairRegisterJob)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertIn('Nothing differs.', job.lines)
        self.assertEqual(job.data, {})
        self.assertEqual(job.lines[-1], 'The register is right: it says what NetBox and the asset profiles say.')

    def test_what_differs_is_named_and_mended(self):
        site = self.device.site
        tamper("UPDATE netbox_ims_registerentry SET name = 'wrong', tenant_id = 99 WHERE object_id = %s "
               'AND object_type_id = %s', [self.device.pk, self.profile.object_type_id])
        tamper('DELETE FROM netbox_ims_registerentry WHERE site_id = %s AND object_id = %s AND role_id IS NULL',
               [site.pk, site.pk])
        job = run(RepairRegisterJob)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        # Its history differs with it, and a CI is named once.
        self.assertEqual(job.data, {'dcim.device: different': 1, 'dcim.site: missing': 1})
        self.assertIn('dcim.device: different: 1', job.lines)
        self.assertIn(f'dcim.device {self.device.pk}: different (name, tenant_id)', job.lines)
        self.assertIn(f'dcim.site {site.pk}: missing', job.lines)
        self.assertEqual(self.entry().name, 'core-1')
        self.assertRight()

    def test_a_long_list_is_cut_and_says_so(self):
        for _ in range(NAMED):
            factories.make_site()
        tamper('DELETE FROM netbox_ims_registerentry')
        job = run(RepairRegisterJob)
        self.assertEqual(job.data['dcim.site: missing'], NAMED + 1)
        self.assertEqual(sum(line.endswith(': missing') for line in job.lines), NAMED)
        self.assertIn('and 2 more', job.lines)
        self.assertRight()

    def test_triggers_are_mended_too(self):
        drop_triggers()
        job = run(RepairRegisterJob)
        self.assertIn('Triggers were not as they should be: installed again.', job.lines)
        self.assertRight()

    def test_what_it_cannot_mend_is_a_failure(self):
        """A trigger of somebody's that undoes the repair."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS "
                           "$$ BEGIN NEW.name = 'meddled'; RETURN NEW; END $$")
            cursor.execute('CREATE TRIGGER meddle BEFORE UPDATE ON netbox_ims_registerentry '
                           'FOR EACH ROW EXECUTE FUNCTION meddle()')
        tamper("UPDATE netbox_ims_registerentry SET name = 'wrong' WHERE object_id = %s AND object_type_id = %s",
               [self.device.pk, self.profile.object_type_id])
        job = run(RepairRegisterJob)
        self.assertEqual(job.status, JobStatusChoices.STATUS_FAILED)
        self.assertIn(f'Still not right: dcim.device {self.device.pk}: different (name)', job.lines[-1])


class OneAtATimeTest(TransactionTestCase):
    """Another session is at it: the two must not replace the same triggers."""

    def setUp(self):
        self.other = connection.copy()
        self.addCleanup(self.other.close)

    def test_only_one_runs(self):
        drop_triggers()
        with self.other.cursor() as cursor:
            cursor.execute('SELECT pg_advisory_lock(%s)', [resolve_lock_id(LOCK)])
            keep, repair = run(KeepRegisterJob), run(RepairRegisterJob)
            self.assertFalse(trigger_status().ok)
            cursor.execute('SELECT pg_advisory_unlock(%s)', [resolve_lock_id(LOCK)])
        self.assertEqual(keep.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertIn('nothing to do', keep.lines[0])
        self.assertEqual(repair.status, JobStatusChoices.STATUS_FAILED)
        self.assertIn('Another repair is under way', repair.lines[0])

        self.assertEqual(run(KeepRegisterJob).status, JobStatusChoices.STATUS_COMPLETED)
        self.assertTrue(trigger_status().ok)

    def test_the_log_can_be_read_while_it_runs(self):
        seen, other = [], self.other

        class Watched(RepairRegisterJob):
            def report_drift(self):
                super().report_drift()
                with other.cursor() as cursor:
                    cursor.execute('SELECT cardinality(log_entries) FROM core_job WHERE id = %s', [self.job.pk])
                    seen.extend(cursor.fetchone())

        run(Watched)
        self.assertEqual(seen, [2])
