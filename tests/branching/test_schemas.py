"""What a branch's schema holds, whichever way it came to be, and that writes to one schema stay in it."""
from unittest.mock import patch

from django.db import connection, connections, transaction
from django.test import override_settings
from netbox_branching.choices import BranchStatusChoices
from netbox_branching.utilities import activate_branch, get_tables_to_replicate, supports_branching

from core.models import ObjectType
from dcim.models import Device

from netbox_ims.ci_types import get_ci_types
from netbox_ims.core_integration.branch_hooks import logger, warn_of_exemptions
from netbox_ims.core_integration.branching import UNLOGGED, Schema, schemas
from netbox_ims.jobs import KeepRegisterJob
from netbox_ims.models import AssetProfile, Classification, RegisterEntry, RegisterName, RegisterVersion
from netbox_ims.services.branch_schema import SCHEMA, tables_in
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift
from netbox_ims.services.triggers import drop_triggers, trigger_status
from netbox_ims.services.uninstall import Plan, uninstall
from tests import factories as make

from .base import BranchTestCase, execute, register_check

OURS = "FROM pg_class WHERE relname LIKE 'netbox\\_ims\\_%%' AND relkind = 'r' AND relnamespace = "


class ProvisioningTest(BranchTestCase):

    def test_a_branch_has_a_register_of_its_own_and_writes_stay_where_they_are_made(self):
        device = make.make_device('core')
        make.make_profile(device, classification=make.make_classification())
        for model in UNLOGGED:
            self.assertIn('branching', ObjectType.objects.get_for_model(model).features)
            self.assertIn(model._meta.db_table, get_tables_to_replicate())
        branch = self.make_branch()
        using, schema = branch.connection_name, branch.schema_name
        self.assertLessEqual({model._meta.db_table for model in UNLOGGED}, tables_in(using))
        self.assertRight(branch)

        # Triggers go by the table that is written to, not by who writes.
        execute('default', f'UPDATE "{schema}".dcim_device SET name = %s WHERE id = %s', 'from main', device.pk)
        self.assertEqual((self.entry(device).name, self.entry(device, branch).name), ('core', 'from main'))
        execute(using, 'UPDATE public.dcim_device SET name = %s WHERE id = %s', 'from the branch', device.pk)
        self.assertEqual((self.entry(device).name, self.entry(device, branch).name), ('from the branch', 'from main'))
        execute('default', f'UPDATE "{schema}".netbox_ims_assetprofile SET rto_minutes = 7')
        execute(using, 'UPDATE public.netbox_ims_assetprofile SET rto_minutes = 8')
        self.assertEqual((self.entry(device).rto_minutes, self.entry(device, branch).rto_minutes), (8, 7))
        self.assertEqual([action for action, *_ in self.decisions(device)], ['assessed', 'assessed'])
        execute('default', f'DELETE FROM "{schema}".dcim_device WHERE id = %s', device.pk)
        self.assertIsNotNone(self.entry(device))
        self.assertIsNone(self.entry(device, branch))
        self.assertRight(branch)

    def test_what_happens_in_a_branch_has_not_happened_until_it_is_merged(self):
        device = make.make_device('core')
        settle()
        branch = self.make_branch()
        schema = branch.schema_name
        self.assertNotIn(RegisterVersion._meta.db_table, tables_in(branch.connection_name))
        before = list(RegisterVersion.objects.values())
        with self.working_in(branch):
            changed = Device.objects.get(pk=device.pk)
            changed.snapshot()
            changed.name = 'changed in the branch'
            changed.save()
        execute('default', f'UPDATE "{schema}".dcim_site SET name = %s', 'changed in the branch')
        self.assertEqual(self.entry(device, branch).name, 'changed in the branch')
        self.assertEqual(list(RegisterVersion.objects.values()), before)
        self.assertFalse(RegisterName.objects.filter(name='changed in the branch').exists())
        self.merge(branch)
        last = RegisterVersion.objects.open().get(object_id=device.pk, object_type__model='device')
        self.assertEqual((last.name, last.user_name), ('changed in the branch', 'grace'))
        self.assertEqual(register_check()[0], True)

    def test_what_went_wrong_in_a_branch_is_found_and_mended_there(self):
        device = make.make_device('core')
        branch = self.make_branch()
        using = branch.connection_name
        self.assertEqual(register_check(), (True, (
            'the register is right\nbranch “Move of March”: the register is right\n'
        )))
        drop_triggers(using)
        execute(using, 'UPDATE dcim_device SET name = %s', 'unseen')
        self.assertTrue(trigger_status().ok)
        with activate_branch(branch):
            self.assertFalse(trigger_status().ok)
        right, said = register_check()
        self.assertFalse(right)
        self.assertIn('the register is right\nbranch “Move of March”: triggers: missing: ims_ci_', said)
        self.assertIn(f'branch “Move of March”: dcim.device {device.pk}: different (name)', said)
        self.assertEqual(self.entry(device, branch).name, 'core')

        job = KeepRegisterJob.enqueue(immediate=True)
        job.refresh_from_db()
        said = [entry['message'] for entry in job.log_entries]
        self.assertIn('The register is kept: every trigger is in place.', said)
        self.assertTrue(any(s.startswith('branch “Move of March”: The register was not kept: missing: ') for s in said))
        self.assertTrue(any(s.startswith('branch “Move of March”: What CIs inherit is worked out: ') for s in said))
        self.assertEqual(self.entry(device, branch).name, 'unseen')
        self.assertRight(branch)

        execute(using, "SET session_replication_role = 'replica'")
        execute(using, 'DELETE FROM netbox_ims_registerentry')
        connections[using].close()
        self.assertEqual(register_check('--repair'), (True, (
            '0 added, 0 changed, 0 removed, 0 worked out anew\n'
            'branch “Move of March”: 2 added, 0 changed, 0 removed, 0 worked out anew\n'
        )))
        self.assertRight(branch)
        # Functions are main's alone: one in a branch would outlive the next change to it.
        self.assertEqual(
            execute(using, f"SELECT count(*) FROM pg_proc WHERE proname LIKE 'ims\\_%%' AND pronamespace = {SCHEMA}"),
            [(0,)],
        )

    def test_a_branch_without_a_register_is_named(self):
        branch = self.make_branch()
        execute(branch.connection_name, f'DROP TABLE "{branch.schema_name}".netbox_ims_registerentry')
        for action in ('--check', '--repair'):
            right, said = register_check(action)
            self.assertFalse(right)
            self.assertIn('branch “Move of March”: there is no register: run "netbox migrate"', said)

    def test_only_branches_that_are_ready_are_looked_at(self):
        branch = self.make_branch()
        self.assertEqual([schema.branch for schema in schemas()], [None, branch])
        type(branch).objects.update(status=BranchStatusChoices.MERGED)
        self.assertEqual([schema.branch for schema in schemas()], [None])

    def test_uninstalling_takes_the_branches_copies_along(self):
        make.make_profile(make.make_device(), classification=make.make_classification())
        branch = self.make_branch()
        with self.working_in(branch):
            make.make_profile(make.make_device(), classification=Classification.objects.get())
        connections[branch.connection_name].close()
        with transaction.atomic():
            self.assertIn(
                '1 branches lose what they say of the plugin: merge them first to keep it', list(Plan().notes())
            )
            uninstall()
            for name in (connection.settings_dict.get('SCHEMA', 'public'), branch.schema_name):
                self.assertEqual(execute('default', f"SELECT relname {OURS} %s::regnamespace", f'"{name}"'), [])
            self.assertEqual(execute('default', "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ims\\_%'"), [])
            self.assertEqual(execute('default', "SELECT proname FROM pg_proc WHERE proname LIKE 'ims\\_%'"), [])
            execute('default', f'UPDATE "{branch.schema_name}".dcim_device SET name = %s', 'still works')
            transaction.set_rollback(True)
        self.assertRight(branch)


class OlderBranchTest(BranchTestCase):
    """The branch was there first: Branch.migrate() makes our tables in it, and Django's signals say nothing of that."""

    def make_older(self):
        """A branch as it would have been provisioned, had the plugin not been there."""
        branch = self.make_branch()
        schema = branch.schema_name
        for name, in execute('default', f'SELECT relname {OURS} %s::regnamespace', f'"{schema}"'):
            execute('default', f'DROP TABLE "{schema}".{name} CASCADE')
        drop_triggers(branch.connection_name)
        execute(branch.connection_name, "DELETE FROM django_migrations WHERE app = 'netbox_ims'")
        connections[branch.connection_name].close()
        type(branch).objects.update(status=BranchStatusChoices.PENDING_MIGRATIONS)
        return self.fresh(branch)

    def test_migrating_gives_it_all_that_a_newer_one_has(self):
        device, other = make.make_device('core'), make.make_device('edge')
        branch = self.make_older()
        self.assertIn(('netbox_ims', '0001_initial'), branch.pending_migrations)
        # As by `ims_load`, which no sync brings; and, in a request, what one does bring.
        internal = make.make_classification('Internal')
        with self.working_in(None):
            secret = Classification.objects.create(name='Secret', slug='secret', level=99)
            make.make_profile(other, classification=secret)

        branch.migrate(user=self.user)
        branch = self.fresh(branch)
        self.assertEqual(branch.status, BranchStatusChoices.READY)
        self.assertRight(branch)
        with activate_branch(branch):
            self.assertEqual(list(Classification.objects.all()), [internal])
        self.assertEqual(execute(
            branch.connection_name, f"SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = {SCHEMA}"
        ), [])

        with self.working_in(branch):
            profile = make.make_profile(device, classification=internal)
            make.make_classification('Top', level=200)
        self.assertGreater(profile.pk, AssetProfile.objects.latest('pk').pk)
        self.assertIsNone(self.entry(device).classification_id)
        self.assertRight(branch)
        self.sync(branch)
        self.assertEqual(self.entry(other, branch).classification_id, secret.pk)
        self.assertRight(branch)
        self.merge(branch)
        self.assertEqual(self.entry(device).classification_id, internal.pk)
        self.assertRight()

    def test_triggers_are_off_while_it_migrates(self):
        """Their functions are main's, which may be of a later version than the branch's tables."""
        branch = self.make_branch()
        seen = []

        def migration_plan(executor, *args, **kwargs):
            seen.append(len(trigger_status(branch.connection_name).missing) > 0)
            return []

        with patch('netbox_branching.models.branches.MigrationExecutor.migration_plan', migration_plan):
            branch.migrate(user=self.user)
        self.assertEqual(seen, [True])
        self.assertRight(branch)


class ExemptionTest(BranchTestCase):

    def exempting(self, *models):
        from django.conf import settings
        branching = {**settings.PLUGINS_CONFIG['netbox_branching'], 'exempt_models': list(models)}
        return override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_branching': branching})

    def test_cis_that_a_branch_has_no_copy_of_are_left_out_of_its_check(self):
        device, rack = make.make_device('core'), make.make_rack('Rack 1')
        with self.exempting('dcim.rack'):
            self.assertFalse(supports_branching(type(rack)))
            ObjectType.objects.filter(app_label='dcim', model='rack').update(features=[])
            branch = self.make_branch()
            with self.assertLogs(logger, 'WARNING') as logs:
                warn_of_exemptions()
            self.assertEqual(len(logs.output), 1)
            self.assertIn('netbox-branching exempts dcim.rack: ', logs.output[0])
            with self.working_in(branch):
                type(rack).objects.filter(pk=rack.pk).update(name='Rack 2')
                Device.objects.filter(pk=device.pk).update(name='renamed')
            self.assertEqual((self.entry(rack).name, self.entry(rack, branch).name), ('Rack 2', 'Rack 1'))
            self.assertEqual((self.entry(device).name, self.entry(device, branch).name), ('core', 'renamed'))
            for schema in (Schema(), Schema(branch)):
                with schema.active():
                    self.assertEqual(list(find_drift(schema.using)), [])
                    self.assertTrue(trigger_status(schema.using).ok)

    def test_without_the_plugin_s_models_there_is_only_main(self):
        with self.exempting('netbox_ims.*'), self.assertLogs(logger, 'WARNING') as logs:
            warn_of_exemptions()
            self.assertEqual([schema.branch for schema in schemas()], [None])
        self.assertIn('branches show the register of main', logs.output[0])
        self.assertFalse(RegisterEntry.objects.exists() and not get_ci_types())
