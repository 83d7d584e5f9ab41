"""What is approved does not change, by any path; and NetBox itself keeps working."""
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test import TestCase

from core.models import ObjectType
from extras.models import CustomField, Tag

from netbox_ims.models import Decision, SoaEntry, StatementOfApplicability
from tests import factories as make
from tests.base import RestClient
from tests.register.checks import execute, settle

STATEMENT, ENTRY = StatementOfApplicability._meta.db_table, SoaEntry._meta.db_table


class FreezeTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.contact, cls.boss = make.make_contact('Ada'), make.make_user(username='boss')
        statement = make.make_statement()
        make.decide(statement, responsible=cls.contact)
        cls.statement = make.make_approved(statement, user=cls.boss)
        cls.entry = cls.statement.entries.first()
        cls.draft = make.make_statement(cls.statement.catalog, cls.statement.scope)

    def assertRefused(self, sql, *params):
        with self.assertRaises(IntegrityError, msg=sql), transaction.atomic():
            execute(sql, params)
            settle()

    def test_the_refusal_names_what_is_stored(self):
        status, data = RestClient(make.make_user(is_superuser=True)).patch(
            f'statements/{self.statement.pk}/', {'version': 9}
        )
        self.assertEqual(status, 400)
        self.assertIn('SoA v1 is approved', str(data))

    def test_raw_sql_can_not_change_an_entry(self):
        for assignment in (
            'applicable = false', 'applicable = NULL', "reasons = '{risk}'", "justification = 'x'",
            "implementation_status = 'partial'", "implementation = 'x'", 'responsible_id = NULL',
            f"target_date = '{date(2030, 1, 1)}'", "evidence_url = 'https://x.example'", "comments = 'x'",
            f'statement_id = {self.draft.pk}', f'control_id = {self.draft.entries.last().control_id}',
        ):
            with self.subTest(assignment):
                self.assertRefused(f'UPDATE {ENTRY} SET {assignment} WHERE id = %s', self.entry.pk)
        self.assertRefused(f'DELETE FROM {ENTRY} WHERE id = %s', self.entry.pk)
        self.assertRefused(f'UPDATE {ENTRY} SET statement_id = %s WHERE statement_id = %s',
                           self.statement.pk, self.draft.pk)

    def test_raw_sql_can_not_change_a_statement(self):
        for assignment in (
            "status = 'draft'", "status = 'in_review'", 'version = 9', "sha256 = 'x'", "as_approved = '{}'",
            'approved_by_id = NULL', 'approved_on = now()', f'scope_id = {make.make_scope().pk}',
            f'catalog_id = {make.make_catalog().pk}', "description = 'x'",
        ):
            with self.subTest(assignment):
                self.assertRefused(f'UPDATE {STATEMENT} SET {assignment} WHERE id = %s', self.statement.pk)
        self.assertRefused(f'DELETE FROM {STATEMENT} WHERE id = %s', self.statement.pk)

    def test_nothing_is_approved_without_what_was_approved(self):
        self.assertRefused(f"UPDATE {STATEMENT} SET status = 'approved' WHERE id = %s", self.draft.pk)

    def test_the_orm_can_not_either(self):
        with self.assertRaises(IntegrityError), transaction.atomic():
            SoaEntry.objects.filter(pk=self.entry.pk).update(justification='x')
        with self.assertRaises(IntegrityError), transaction.atomic():
            SoaEntry.objects.filter(statement=self.statement).delete()

    def test_superseded_stays_superseded(self):
        execute(f"UPDATE {STATEMENT} SET status = 'superseded' WHERE id = %s", [self.statement.pk])
        self.assertEqual(Decision.objects.filter(action='superseded').count(), 1)
        self.assertRefused(f"UPDATE {STATEMENT} SET status = 'approved' WHERE id = %s", self.statement.pk)
        self.assertRefused(f"UPDATE {ENTRY} SET justification = 'x' WHERE id = %s", self.entry.pk)

    def test_the_tables_are_not_emptied(self):
        settle()
        for tables in (ENTRY, f'{STATEMENT} CASCADE', f'{ENTRY}, {STATEMENT} RESTART IDENTITY CASCADE'):
            self.assertRefused(f'TRUNCATE {tables}')
        self.assertTrue(SoaEntry.objects.filter(statement=self.statement).exists())

    def test_a_draft_is_free(self):
        self.assertEqual(execute(f"UPDATE {ENTRY} SET justification = 'x' WHERE statement_id = %s", [self.draft.pk]), 2)
        self.draft.delete()
        self.assertEqual(StatementOfApplicability.objects.count(), 1)

    def test_rest_refuses_in_words(self):
        client = RestClient(make.make_user(
            *(f'netbox_ims.{action}_{model}' for model in ('statementofapplicability', 'soaentry')
              for action in ('view', 'change', 'delete')),
        ))
        for path, data in (
            (f'soa-entries/{self.entry.pk}/', {'justification': 'x'}),
            (f'soa-entries/{self.entry.pk}/', {'responsible': None}),
            (f'statements/{self.statement.pk}/', {'description': 'x'}),
            (f'statements/{self.statement.pk}/', {'version': 8}),
        ):
            with self.subTest(data):
                status, answer = client.patch(path, data)
                self.assertEqual(status, 400, answer)
                self.assertIn('Make a new version instead', str(answer))
        status, answer = client.delete(f'statements/{self.statement.pk}/')
        self.assertIn(status, (400, 409))
        self.assertIn('cannot be deleted: it is evidence', str(answer))
        self.assertEqual(client.delete(f'soa-entries/{self.entry.pk}/')[0], 405)

    def test_pages_refuse_in_words(self):
        self.client.force_login(make.make_user(is_superuser=True))
        response = self.client.post(f'/plugins/ims/soa-entries/{self.entry.pk}/edit/', {
            'applicable': 'false', 'justification': 'x', 'implementation_status': 'planned',
        })
        self.assertContains(response, 'Make a new version instead')
        response = self.client.post(
            f'/plugins/ims/statements/{self.statement.pk}/delete/', {'confirm': 'true'}, follow=True
        )
        self.assertContains(response, 'cannot be deleted: it is evidence')
        response = self.client.post('/plugins/ims/soa-entries/edit/', {
            'pk': [self.entry.pk], 'justification': 'x', '_apply': 'true',
        })
        self.assertContains(response, 'Make a new version instead')
        self.entry.refresh_from_db()
        self.assertEqual(self.entry.justification, 'Because')

    def test_netbox_keeps_working(self):
        field = CustomField.objects.create(name='audited', type='text', default='no')
        field.object_types.set(ObjectType.objects.get_for_models(SoaEntry, StatementOfApplicability).values())
        tag = Tag.objects.create(name='Sampled', slug='sampled')
        client = RestClient(make.make_user(
            'netbox_ims.view_soaentry', 'netbox_ims.change_soaentry', 'netbox_ims.view_statementofapplicability',
            'netbox_ims.change_statementofapplicability', 'extras.view_tag',
        ))
        for path in (f'soa-entries/{self.entry.pk}/', f'statements/{self.statement.pk}/'):
            status, data = client.patch(path, {'tags': [{'slug': 'sampled'}], 'custom_fields': {'audited': 'yes'}})
            self.assertEqual((status, data['custom_fields'], len(data['tags'])), (200, {'audited': 'yes'}, 1), data)
        field.delete()
        tag.delete()
        self.entry.refresh_from_db()
        self.assertEqual(self.entry.custom_field_data, {})

    def test_people_can_still_leave(self):
        """Contacts and users are deleted as ever; what was approved keeps their names."""
        self.contact.delete()
        self.boss.delete()
        settle()
        self.statement.refresh_from_db()
        self.entry.refresh_from_db()
        self.assertEqual((self.entry.responsible, self.statement.approved_by), (None, None))
        self.assertEqual(self.statement.as_approved['entries'][0]['responsible'], 'Ada')
        self.assertEqual(self.statement.as_approved['approved_by']['username'], 'boss')
        self.assertTrue(self.statement.is_intact)

    def test_a_superuser_of_the_database_is_found_out(self):
        settle()
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE {STATEMENT} DISABLE TRIGGER USER')
            cursor.execute(
                f"UPDATE {STATEMENT} SET as_approved = jsonb_set(as_approved, '{{version}}', '7') WHERE id = %s",
                [self.statement.pk]
            )
            settle()
            cursor.execute(f'ALTER TABLE {STATEMENT} ENABLE TRIGGER USER')
        self.statement.refresh_from_db()
        self.assertIs(self.statement.is_intact, False)
        self.client.force_login(make.make_user(is_superuser=True))
        self.assertContains(self.client.get(self.statement.get_absolute_url()), 'Altered')
        response = self.client.get(f'/plugins/ims/statements/{self.statement.pk}/export/')
        self.assertContains(response, 'Altered')

    def test_so_is_one_who_alters_an_entry(self):
        self.client.force_login(make.make_user(is_superuser=True))
        self.assertContains(self.client.get(self.statement.get_absolute_url()), 'Unaltered')
        settle()
        execute(f'ALTER TABLE {ENTRY} DISABLE TRIGGER USER')
        execute(f'UPDATE {ENTRY} SET applicable = false WHERE id = %s', [self.entry.pk])
        settle()
        execute(f'ALTER TABLE {ENTRY} ENABLE TRIGGER USER')
        self.assertContains(
            self.client.get(self.statement.get_absolute_url()), 'These entries do not say what was approved: A.1.'
        )

    def test_decisions_about_statements_follow_the_statement(self):
        user = make.make_user('netbox_ims.view_decision')
        statements = Decision.objects.filter(
            object_type=ContentType.objects.get_for_model(StatementOfApplicability)
        )
        self.assertFalse(statements.restrict(user, 'view').exists())
        make.grant(user, 'netbox_ims.view_statementofapplicability')
        self.assertEqual(statements.restrict(make.fresh(user), 'view').count(), 1)


class NothingApprovedTestCase(TestCase):

    def test_the_tables_may_be_emptied(self):
        make.make_statement()
        settle()
        execute(f'TRUNCATE {ENTRY}, {STATEMENT} CASCADE')
        self.assertFalse(StatementOfApplicability.objects.exists())
