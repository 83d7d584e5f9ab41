"""Uninstalling: what is ours goes, what is others' stays, and NetBox without the plugin finds nothing amiss."""
import os
import subprocess
import sys
import uuid
from datetime import timedelta
from io import StringIO
from unittest.mock import PropertyMock, patch

import django_rq
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.test import SimpleTestCase, TestCase, TransactionTestCase
from django.utils import timezone

from circuits.models import CircuitGroup, CircuitGroupAssignment
from core.choices import ObjectChangeActionChoices
from core.models import Job, ObjectChange, ObjectType
from dcim.models import Device
from extras.choices import CustomFieldTypeChoices, EventRuleActionChoices
from extras.models import (
    Bookmark,
    CachedValue,
    CustomField,
    CustomLink,
    Dashboard,
    EventRule,
    ExportTemplate,
    ImageAttachment,
    JournalEntry,
    Notification,
    SavedFilter,
    Subscription,
    TableConfig,
    Tag,
    TaggedItem,
    Webhook,
)
from tenancy.models import ContactAssignment, ContactRole
from users.models import ObjectPermission, UserConfig

from netbox_ims.jobs import KeepRegisterJob
from netbox_ims.models import AssetProfile, Classification
from netbox_ims.services.named_traces import clean_dashboard, clean_preferences, mentions
from netbox_ims.services.triggers import drop_triggers, trigger_status
from netbox_ims.services.uninstall import MAIN, Blocked, Plan, uninstall
from tests import factories


def rows_that_say(text):
    """{table: rows} of every table of NetBox's with a row that has the text in any column."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f'%{text}%'])
            if count := cursor.fetchone()[0]:
                found[table] = count
    return found


def catalogue(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return [row[0] for row in cursor.fetchall()]


def our_database_objects():
    """Names of what PostgreSQL itself knows of the plugin, in all schemas."""
    return [
        *catalogue("SELECT relname FROM pg_class WHERE relname LIKE 'netbox\\_ims%%' OR relname LIKE 'ims\\_%%'"),
        *catalogue("SELECT conname FROM pg_constraint WHERE conname LIKE 'netbox\\_ims%%' OR conname LIKE 'ims\\_%%'"),
        *catalogue("SELECT proname FROM pg_proc WHERE proname LIKE 'ims\\_%%'"),
        *catalogue("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ims\\_%%'"),
    ]


def type_of(model):
    return ObjectType.objects.get_for_model(model)


class UninstallTestCase(TestCase):
    """A NetBox in which the plugin has left a trace wherever NetBox lets it."""

    @classmethod
    def setUpTestData(cls):
        cls.user = factories.make_user()
        cls.device = factories.make_device()
        cls.classification = factories.make_classification()
        cls.profile = factories.make_profile(cls.device, classification=cls.classification)
        cls.of_ours, cls.of_devices = type_of(AssetProfile), type_of(Device)
        cls.make_traces_about_objects()
        cls.make_traces_about_types()
        cls.make_traces_by_name()

    def tearDown(self):
        ContentType.objects.clear_cache()       # they come back with the test's transaction

    @classmethod
    def make_traces_about_objects(cls):
        journal = JournalEntry.objects.create(assigned_object=cls.profile, comments='Looked at it', created_by=cls.user)
        tag = Tag.objects.create(name='Anywhere', slug='anywhere')
        for tagged in (cls.profile, journal, cls.device):
            tagged.tags.add(tag)
        for changed in (cls.profile, journal, cls.device):
            change = changed.to_objectchange(ObjectChangeActionChoices.ACTION_CREATE)
            change.user, change.user_name, change.request_id = cls.user, cls.user.username, uuid.uuid4()
            change.save()
        for model in (Bookmark, Notification, Subscription):
            for about in (cls.profile, cls.device):
                values = {'event_type': 'object_updated'} if model is Notification else {}
                model.objects.create(user=cls.user, object=about, **values)
        role = ContactRole.objects.create(name='Keeper', slug='keeper')
        ContactAssignment.objects.create(object=cls.profile, contact=factories.make_contact(), role=role)
        CachedValue.objects.bulk_create(
            CachedValue(object_type=t, object_id=pk, field='name', type='str', value='x', weight=100)
            for t, pk in ((cls.of_ours, cls.profile.pk), (cls.of_devices, cls.device.pk))
        )
        cls.image = default_storage.save('image-attachments/netbox_ims_test.png', ContentFile(b'an image'))
        ImageAttachment.objects.bulk_create([
            ImageAttachment(
                object_type=cls.of_ours, object_id=cls.profile.pk, image=cls.image, image_height=1, image_width=1
            )
        ])

    @classmethod
    def make_traces_about_types(cls):
        webhook = Webhook.objects.create(name='Hook', payload_url='https://example.com/')
        hook = {
            'action_type': EventRuleActionChoices.WEBHOOK, 'action_object': webhook, 'event_types': ['object_created']
        }
        types = {'ours': [cls.of_ours], 'both': [cls.of_ours, cls.of_devices], 'devices': [cls.of_devices]}
        kinds = {
            SavedFilter: lambda name: {'slug': name, 'parameters': {'q': ['x']}},
            ExportTemplate: lambda name: {'template_code': 'x'},
            CustomLink: lambda name: {'link_text': 'x', 'link_url': 'https://example.com/'},
            EventRule: lambda name: hook,
            CustomField: lambda name: {'type': CustomFieldTypeChoices.TYPE_TEXT},
            ObjectPermission: lambda name: {'actions': ['view']},
            Tag: lambda name: {'slug': name},
        }
        cls.kinds = tuple(kinds)
        for model, values in kinds.items():
            for name in types:
                model.objects.create(name=name, **values(name)).object_types.set(types[name])
        ObjectPermission.objects.get(name='ours').users.add(cls.user)

        reference = CustomField.objects.create(
            name='reference', type=CustomFieldTypeChoices.TYPE_OBJECT, related_object_type=type_of(Classification)
        )
        reference.object_types.set([cls.of_devices])
        Device.objects.filter(pk=cls.device.pk).update(
            custom_field_data={'reference': cls.classification.pk, 'devices': 'stays', 'both': 'stays'}
        )

    @classmethod
    def make_traces_by_name(cls):
        filtering = SavedFilter.objects.create(
            name='Confidential', slug='confidential', parameters={'ims_classification': ['confidential']}
        )
        filtering.object_types.set([cls.of_devices])
        for name, object_type, table, columns in (
            ('ours', cls.of_ours, 'AssetProfileTable', ['object']),
            ('with', cls.of_devices, 'DeviceTable', ['name', 'ims_classification', 'site']),
            ('without', cls.of_devices, 'DeviceTable', ['name', 'status']),
        ):
            TableConfig.objects.create(
                name=name, object_type=object_type, table=table, columns=columns, user=cls.user,
                ordering=['-ims_classification', 'name']
            )
        UserConfig.objects.update_or_create(user=cls.user, defaults={'data': {
            'tables': {'DeviceTable': {'columns': ['name', 'ims_classification']}}, 'plugins': {'netbox_ims': {'a': 1}},
        }})
        Dashboard.objects.update_or_create(user=cls.user, defaults={
            'layout': [{'id': 'a', 'w': 1}, {'id': 'b', 'w': 2}],
            'config': {
                'a': {'class': 'netbox_ims.CoverageWidget', 'config': {}},
                'b': {'class': 'extras.NoteWidget', 'config': {'content': 'Hello'}},
            },
        })


class UninstallTest(UninstallTestCase):
    """After one uninstallation, everything else each test asks."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.before = our_database_objects()
        cls.tag_in_use = Tag.objects.create(name='In use', slug='in-use')
        cls.tag_in_use.object_types.set([cls.of_ours])
        TaggedItem.objects.create(tag=cls.tag_in_use, content_object=cls.device)
        with cls.captureOnCommitCallbacks(execute=True):
            cls.job = KeepRegisterJob.enqueue_once(schedule_at=timezone.now() + timedelta(days=1), interval=5)
        cls.other_job = Job.objects.create(name='Somebody else’s', job_id=uuid.uuid4())
        Notification.objects.create(user=cls.user, object=cls.job, event_type='job_completed')
        cls.was_queued = cls.queued_job() is not None
        cls.notes = uninstall()

    @classmethod
    def queued_job(cls):
        return django_rq.get_queue(cls.job.queue_name).fetch_job(str(cls.job.job_id))

    def test_nothing_is_left_in_the_database(self):
        self.assertTrue(self.before)
        self.assertEqual(self.notes, [])
        self.assertEqual(our_database_objects(), [])
        self.assertFalse(ContentType.objects.filter(app_label='netbox_ims').exists())
        self.assertFalse(Permission.objects.filter(codename__endswith='_assetprofile').exists())
        self.assertEqual(rows_that_say('netbox_ims'), {})
        self.assertEqual(rows_that_say('ims_'), {})
        self.assertEqual(list(mentions()), [])

    def test_rows_about_ours_go_and_others_stay(self):
        for model in (Bookmark, Notification, Subscription, CachedValue):
            self.assertEqual([row.object_id for row in model.objects.all()], [self.device.pk], model)
        for model in (JournalEntry, ContactAssignment, ImageAttachment):
            self.assertFalse(model.objects.exists(), model)
        self.assertEqual({item.content_object for item in TaggedItem.objects.all()}, {self.device})
        self.assertEqual([change.changed_object for change in ObjectChange.objects.all()], [self.device])
        self.assertFalse(default_storage.exists(self.image))

    def test_lists_of_object_types_lose_ours_and_go_where_nothing_is_left(self):
        for model in self.kinds:
            with self.subTest(model=model):
                rows = model.objects.filter(name__in=('ours', 'both', 'devices'))
                types = {row.name: list(row.object_types.values_list('pk', flat=True)) for row in rows}
                self.assertEqual(types, dict.fromkeys(('both', 'devices'), [self.of_devices.pk]))

    def test_a_tag_in_use_elsewhere_is_kept(self):
        self.assertEqual(set(self.device.tags.names()), {'Anywhere', 'In use'})

    def test_custom_fields_that_refer_to_ours_go_with_their_values(self):
        self.assertEqual(set(CustomField.objects.values_list('name', flat=True)), {'both', 'devices'})
        self.device.refresh_from_db()
        self.assertEqual(self.device.custom_field_data, {'devices': 'stays', 'both': 'stays'})

    def test_names_kept_as_text(self):
        self.assertFalse(SavedFilter.objects.filter(name='Confidential').exists())
        self.assertEqual(
            list(TableConfig.objects.order_by('name').values_list('name', 'columns', 'ordering')),
            [('with', ['name', 'site'], ['name']), ('without', ['name', 'status'], ['name'])]
        )
        config = UserConfig.objects.get(user=self.user)
        self.assertEqual(config.data, {'tables': {'DeviceTable': {'columns': ['name']}}, 'plugins': {}})
        dashboard = Dashboard.objects.get(user=self.user)
        self.assertEqual(dashboard.layout, [{'id': 'b', 'w': 2}])
        self.assertEqual(list(dashboard.config), ['b'])

    def test_jobs_leave_the_list_and_the_queue(self):
        self.assertTrue(self.was_queued)
        self.assertIsNone(self.queued_job())
        registry = django_rq.get_queue(self.job.queue_name).scheduled_job_registry
        self.assertNotIn(str(self.job.job_id), registry.get_job_ids())
        self.assertEqual(list(Job.objects.all()), [self.other_job])
        self.assertEqual([n.object for n in Notification.objects.all()], [self.device])

    def test_cis_are_saved_and_deleted_as_before(self):
        Device.objects.filter(pk=self.device.pk).update(name='Renamed')
        Device.objects.filter(pk=self.device.pk)._raw_delete('default')
        self.assertFalse(Device.objects.filter(pk=self.device.pk).exists())

    def test_a_second_time_finds_nothing(self):
        self.assertEqual(Plan().survey(), [])
        self.assertEqual(uninstall(), [])


class FailureTest(UninstallTestCase):

    def test_a_failure_leaves_all_as_it_was(self):
        before = (our_database_objects(), rows_that_say('netbox_ims'))
        with patch.object(Plan, '_forget_types', side_effect=RuntimeError), self.assertRaises(RuntimeError):
            uninstall()
        self.assertEqual((our_database_objects(), rows_that_say('netbox_ims')), before)
        self.assertTrue(trigger_status().ok)
        self.assertTrue(default_storage.exists(self.image))

    def test_what_is_somebody_elses_stands_in_the_way(self):
        group = CircuitGroup.objects.create(name='Group', slug='group')
        CircuitGroupAssignment.objects.bulk_create([
            CircuitGroupAssignment(group=group, member_type=self.of_ours, member_id=self.profile.pk)
        ])
        with self.assertRaisesMessage(Blocked, '1 Circuit group assignments (circuits.CircuitGroupAssignment)'):
            uninstall()
        self.assertTrue(AssetProfile.objects.exists())

    def test_a_plugin_that_builds_on_it_stands_in_the_way(self):
        class Theirs:
            app_label = 'netbox_theirs'

        with patch.object(MigrationExecutor, 'migration_plan', return_value=[(Theirs, True)]), \
                self.assertRaisesMessage(Blocked, 'take them out first: netbox_theirs'):
            uninstall()


class BranchTest(UninstallTestCase):
    """A branch's schema as netbox-branching makes it: tables, triggers and migrations; no functions or constraints."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with connection.cursor() as cursor:
            for schema in ('branch_abc', 'backup'):
                cursor.execute(f'CREATE SCHEMA {schema}')
                for table in ('netbox_ims_assetprofile', 'extras_journalentry', 'extras_savedfilter_object_types',
                              'django_migrations'):
                    cursor.execute(f'CREATE TABLE {schema}.{table} (LIKE public.{table})')
                    cursor.execute(f'INSERT INTO {schema}.{table} SELECT * FROM public.{table}')
            cursor.execute('CREATE TRIGGER ims_profile AFTER DELETE ON branch_abc.netbox_ims_assetprofile '
                           'FOR EACH ROW EXECUTE FUNCTION ims_profile()')

    def setUp(self):
        branches = patch.object(Plan, 'branches', PropertyMock(return_value={'branch_abc': 'Move of March'}))
        branches.start()
        self.addCleanup(branches.stop)

    def test_a_branch_is_cleaned_and_other_schemas_are_left_alone(self):
        survey = dict(Plan().survey())
        # a table, a journal entry, two saved filters' lists, a migration or more
        migrations = len(catalogue("SELECT 1 FROM branch_abc.django_migrations WHERE app = 'netbox_ims'"))
        self.assertEqual(survey['rows and copies of our tables in the branch "Move of March"'], 4 + migrations)
        self.assertIn('left alone, as it belongs to no branch: backup.netbox_ims_assetprofile', list(Plan().notes()))

        uninstall()
        self.assertIsNone(catalogue("SELECT to_regclass('branch_abc.netbox_ims_assetprofile')")[0])
        self.assertEqual(catalogue('SELECT id FROM branch_abc.extras_journalentry'), [])
        listed = catalogue('SELECT contenttype_id FROM branch_abc.extras_savedfilter_object_types')
        self.assertEqual(set(listed), {self.of_devices.pk})
        self.assertEqual(catalogue("SELECT 1 FROM branch_abc.django_migrations WHERE app = 'netbox_ims'"), [])
        self.assertTrue(catalogue("SELECT 1 FROM branch_abc.django_migrations WHERE app = 'dcim'"))
        self.assertEqual(catalogue('SELECT id FROM backup.netbox_ims_assetprofile'), [self.profile.pk])
        self.assertEqual(catalogue("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ims\\_%%'"), [])


class CommandTest(UninstallTestCase):

    def run_command(self, *args, answer=None):
        out, err = StringIO(), StringIO()
        with patch('builtins.input', side_effect=[answer] if answer else EOFError):
            call_command('ims_uninstall', *args, stdout=out, stderr=err)
        return out.getvalue()

    def test_without_a_yes_nothing_happens(self):
        for answer in (None, 'no', 'YES please'):
            with self.subTest(answer=answer), self.assertRaisesMessage(CommandError, 'nothing was changed'):
                self.run_command(answer=answer)
        self.assertTrue(AssetProfile.objects.exists())
        self.assertTrue(trigger_status().ok)

    def test_it_says_what_goes_and_what_is_left_to_do(self):
        ExportTemplate.objects.filter(name='devices').update(template_code='{{ device.ims_profile.classification }}')
        template = ExportTemplate.objects.get(name='devices')
        text = self.run_command(answer='yes')
        self.assertIn('To be removed', text)
        self.assertRegex(text, r' 1  saved filters that filter by the plugin\n')
        self.assertIn('1 decisions and 0 retired CIs are evidence kept nowhere else', text)
        self.assertIn(f'extras.ExportTemplate {template.pk}: template_code', text)
        self.assertIn('PLUGINS', text)
        self.assertEqual(our_database_objects(), [])

    def test_no_input(self):
        self.assertNotIn('Texts that still speak', self.run_command('--no-input'))
        self.assertEqual(our_database_objects(), [])

    def test_locked_out(self):
        """NetBox at work holds a lock on a table: said in words, not as a traceback."""
        locked = OperationalError('canceling statement due to lock timeout\n')
        with patch.object(Plan, '_drop_tables', side_effect=locked), \
                self.assertRaisesMessage(CommandError, 'lock timeout\nStop NetBox and its workers, and try again.'):
            self.run_command('--no-input')
        self.assertTrue(trigger_status().ok)


class AfterMigrationsUndoneTest(TestCase):
    """`migrate netbox_ims zero` by hand leaves functions, object types and rows about them."""

    def test_the_rest_is_removed(self):
        drop_triggers()
        with connection.cursor() as cursor:
            for table in Plan()._own_tables_in(MAIN):
                cursor.execute(f'DROP TABLE {table} CASCADE')
            cursor.execute("DELETE FROM django_migrations WHERE app = 'netbox_ims'")
        self.assertTrue(our_database_objects())         # functions
        self.assertTrue(list(Plan().survey()))
        uninstall()
        self.addCleanup(ContentType.objects.clear_cache)
        self.assertEqual(our_database_objects(), [])
        self.assertFalse(ContentType.objects.filter(app_label='netbox_ims').exists())


class CleanPreferencesTest(SimpleTestCase):

    def test_only_what_is_ours_goes(self):
        data = {
            'pagination': {'per_page': 50},
            'tables': {
                'AssetProfileTable': {'columns': ['name']},
                'DeviceTable': {'columns': ['name', 'ims_classification'], 'ordering': '-ims_classification'},
                'SiteTable': {'columns': ['name', 'claims_total'], 'ordering': ['-ims_classification', 'name']},
            },
            'plugins': {'netbox_ims': {'x': 1}, 'other': {'y': 2}},
        }
        self.assertEqual(clean_preferences(data, {'AssetProfileTable'}), {
            'pagination': {'per_page': 50},
            'tables': {
                'DeviceTable': {'columns': ['name']},
                'SiteTable': {'columns': ['name', 'claims_total'], 'ordering': ['name']},
            },
            'plugins': {'other': {'y': 2}},
        })

    def test_nothing_of_ours_is_nothing_to_do(self):
        for data in ({}, {'tables': {'DeviceTable': {'columns': ['name'], 'ordering': ['name']}}}):
            self.assertEqual(clean_preferences(data, set()), data)


class CleanDashboardTest(SimpleTestCase):

    def clean(self, widget_class, **config):
        layout, kept = clean_dashboard([{'id': 'x'}], {'x': {'class': widget_class, 'title': 'T', 'config': config}})
        self.assertEqual([item['id'] for item in layout], list(kept))
        return kept['x']['config'] if kept else None

    def test_widgets_of_ours_go(self):
        self.assertIsNone(self.clean('netbox_ims.CoverageWidget'))
        self.assertIsNone(self.clean('extras.ObjectListWidget', model='netbox_ims.assetprofile'))
        self.assertIsNone(self.clean('extras.ObjectCountsWidget', models=['netbox_ims.AssetProfile']))

    def test_one_that_filters_by_us_goes_rather_than_show_everything(self):
        parameters = {'site': 'x', 'ims_classification': 'y'}
        self.assertIsNone(self.clean('extras.ObjectListWidget', model='dcim.device', url_params=parameters))
        self.assertIsNone(self.clean('extras.ObjectCountsWidget', models=['dcim.device'], filters=parameters))

    def test_lists_are_shortened(self):
        self.assertEqual(
            self.clean('extras.ObjectCountsWidget', models=['dcim.site', 'netbox_ims.assetprofile'], filters=None),
            {'models': ['dcim.site'], 'filters': None}
        )
        self.assertEqual(
            self.clean('extras.BookmarksWidget', object_types=['netbox_ims.assetprofile', 'dcim.site'], max_items=5),
            {'object_types': ['dcim.site'], 'max_items': 5}
        )

    def test_others_stay_as_they_are(self):
        for widget, config in (
            ('extras.NoteWidget', {'content': 'see netbox_ims.assetprofile'}),
            ('extras.BookmarksWidget', {'object_types': []}),
            ('extras.ObjectListWidget', {'model': 'dcim.device', 'url_params': {'site': 'x'}}),
        ):
            self.assertEqual(self.clean(widget, **config), config)


WITHOUT_PLUGIN = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from users.models import User
call_command('check')
call_command('migrate', check_unapplied=True)
call_command('makemigrations', check_changes=True, dry_run=True)
client = Client(raise_request_exception=True)
client.force_login(User.objects.get(username='somebody'))
for page in ('/', '/dcim/devices/', '/core/changelog/', '/core/jobs/'):
    assert client.get(page, follow=True).status_code == 200, page
print('NetBox is well')
"""


class WithoutPluginTest(TransactionTestCase):
    """NetBox, started without the plugin on a database it was removed from, as an administrator would next."""
    COPY = f'ims_uninstalled_{os.getpid()}'

    def work_on_a_copy(self):
        """Until the test ends, the connection is to a copy of the test database."""
        original = connection.settings_dict['NAME']
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS {self.COPY}')
            cursor.execute(f'CREATE DATABASE {self.COPY} TEMPLATE {original}')
        connection.settings_dict['NAME'] = self.COPY
        self.addCleanup(self.drop_copy, original)

    def drop_copy(self, original):
        connection.close()
        connection.settings_dict['NAME'] = original
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE {self.COPY} WITH (FORCE)')
        ContentType.objects.clear_cache()

    def test_netbox_starts_and_wants_no_migration(self):
        user = factories.make_user(username='somebody', is_superuser=True)
        device = factories.make_device()
        factories.make_profile(device, classification=factories.make_classification())
        widget = {'class': 'extras.ObjectListWidget', 'title': 'Ours', 'config': {'model': 'netbox_ims.assetprofile'}}
        Dashboard.objects.create(user=user, layout=[{'id': 'a', 'w': 4, 'h': 4}], config={'a': widget})
        self.work_on_a_copy()
        uninstall()

        environment = {**os.environ, 'IMS_PLUGINS': '', 'IMS_DB': self.COPY}
        result = subprocess.run(
            [sys.executable, '-c', WITHOUT_PLUGIN], env=environment, capture_output=True, text=True, timeout=300
        )
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn('NetBox is well', result.stdout)
        self.assertFalse(ContentType.objects.filter(app_label='netbox_ims').exists())
