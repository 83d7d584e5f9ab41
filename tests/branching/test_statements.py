"""Statements of applicability in a branch: worked on there, approved in main, and frozen in both."""
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from netbox_ims.core_integration.branching import Schema
from netbox_ims.models import Decision, SoaEntry, StatementOfApplicability
from netbox_ims.services.soa import approve, new_version, submit
from tests import factories as make
from tests.base import RestClient

from .base import ITERATIVE, SQUASH, BranchTestCase, execute

STATEMENT, ENTRY = StatementOfApplicability._meta.db_table, SoaEntry._meta.db_table
IN_MAIN = 'A statement is approved in main, not in a branch.'


class StatementsTest(BranchTestCase):

    def setUp(self):
        super().setUp()
        self.catalog = make.make_catalog(controls=('A.1', 'A.2'))
        self.scope = make.make_scope('Hosting', sites=[make.make_site('ham')])
        self.boss = make.make_user(username='boss', is_superuser=True)

    def in_branch(self, branch):
        client = RestClient(self.boss)
        client.header['HTTP_X_NETBOX_BRANCH'] = branch.schema_id
        return client

    def said(self, statement, branch=None):
        with Schema(branch).active():
            return list(SoaEntry.objects.filter(statement=statement.pk).values_list('applicable', 'justification'))

    def status(self, statement, branch=None):
        with Schema(branch).active():
            return StatementOfApplicability.objects.get(pk=statement.pk).status

    def decide_in(self, branch, statement, justification='Because'):
        with self.working_in(branch):
            for entry in SoaEntry.objects.filter(statement=statement.pk):
                entry.snapshot()
                entry.applicable, entry.justification = True, justification
                entry.full_clean()
                entry.save()

    def test_with_the_iterative_strategy(self):
        self.go_through(ITERATIVE)

    def test_with_squash(self):
        self.go_through(SQUASH)

    def go_through(self, strategy):
        """Decided and submitted in a branch, refused there, merged, approved in main, and frozen from then on."""
        draft, branch = make.make_statement(self.catalog, self.scope), self.make_branch()
        self.decide_in(branch, draft)
        with self.working_in(branch):
            other = make.make_statement(self.catalog, make.make_scope('Offices'))
        client = self.in_branch(branch)
        self.assertEqual(client.post(f'statements/{draft.pk}/submit/', {})[0], 200)
        status, data = client.post(f'statements/{draft.pk}/approve/', {})
        self.assertEqual((status, data['reasons']), (409, [IN_MAIN]), data)
        self.client.force_login(self.boss)
        page = self.client.get(
            reverse('plugins:netbox_ims:statementofapplicability_work', args=[draft.pk]), {'_branch': branch.schema_id}
        )
        self.assertContains(page, IN_MAIN)
        self.assertEqual(self.client.get('/', {'_branch': ''}).status_code, 200)
        self.assertEqual(self.said(draft, branch), [(True, 'Because')] * 2)
        self.assertEqual((self.said(draft), self.status(draft)), ([(None, '')] * 2, 'draft'))
        self.assertFalse(Decision.objects.filter(action='approved').exists())

        self.merge(branch, strategy)
        self.assertEqual((self.said(draft), self.status(draft)), ([(True, 'Because')] * 2, 'in_review'))
        self.assertEqual(self.said(other), [(None, '')] * 2)        # its entries once, not once more on being merged
        with self.working_in(None, self.boss):
            approved = approve(StatementOfApplicability.objects.get(pk=draft.pk), self.boss, 'Review of March')
        self.assertTrue(approved.is_intact)
        self.assertEqual([each['justification'] for each in approved.as_approved['entries']], ['Because'] * 2)
        decision = Decision.objects.get(action='approved')
        self.assertEqual((decision.user_name, decision.reason), ('boss', 'Review of March'))
        self.assertFrozen(approved, None)

    def assertFrozen(self, statement, branch):
        with Schema(branch).active() as schema:
            for sql in (
                f"UPDATE {ENTRY} SET justification = 'x' WHERE statement_id = {statement.pk}",
                f"UPDATE {STATEMENT} SET sha256 = 'x' WHERE id = {statement.pk}",
                f'DELETE FROM {ENTRY} WHERE statement_id = {statement.pk}', f'TRUNCATE {ENTRY}',
            ):
                with self.subTest(sql, branch=branch), self.assertRaises(IntegrityError), \
                        transaction.atomic(using=schema.using):
                    execute(schema.using, sql)
            connections[schema.using].close()

    def test_what_is_approved_is_frozen_in_branches(self):
        """In one that was made before the approval, once it is synced; and a new version is made in a branch."""
        draft, before = make.make_statement(self.catalog, self.scope), self.make_branch('Before')
        with self.working_in(None):
            make.decide(StatementOfApplicability.objects.get(pk=draft.pk))
        with self.working_in(None, self.boss):
            approved = approve(submit(StatementOfApplicability.objects.get(pk=draft.pk), self.boss), self.boss)
        after = self.make_branch('After')
        self.assertFrozen(approved, after)
        self.sync(before)
        with Schema(before).active():
            there = StatementOfApplicability.objects.get(pk=approved.pk)
            self.assertEqual((there.status, there.sha256, there.is_intact), ('approved', approved.sha256, True))
        self.assertFrozen(approved, before)
        status, data = self.in_branch(after).patch(
            f'soa-entries/{approved.entries.first().pk}/', {'justification': 'x'}
        )
        self.assertEqual(status, 400)
        self.assertIn('Make a new version instead', str(data))

        with self.working_in(after):
            second = new_version(StatementOfApplicability.objects.get(pk=approved.pk), self.user)
        self.merge(after)
        self.assertEqual(self.said(second), [(True, 'Because')] * 2)
        with self.working_in(None, self.boss):
            approve(submit(StatementOfApplicability.objects.get(pk=second.pk), self.boss), self.boss)
        for branch in (None, before):
            if branch:
                self.sync(branch)
            statuses = self.status(approved, branch), self.status(second, branch)
            self.assertEqual(statuses, ('superseded', 'approved'), branch)

    def test_edited_in_a_branch_and_approved_in_main(self):
        """Merging would fail halfway through: it is refused before, with the statement's name."""
        draft = make.make_statement(self.catalog, self.scope)
        with self.working_in(None):
            make.decide(StatementOfApplicability.objects.get(pk=draft.pk))
        branch = self.make_branch()
        self.decide_in(branch, draft, 'Otherwise')
        with self.working_in(None, self.boss):
            approve(submit(StatementOfApplicability.objects.get(pk=draft.pk), self.boss), self.boss)
            indicator = self.fresh(branch).can_merge
        self.assertFalse(indicator)
        said = 'Edited in the branch, and approved in main meanwhile: {}. Make a new version in main instead.'
        self.assertEqual(indicator.message, said.format('Hosting · SoA v1'))
        with self.working_in(None, make.make_user('netbox_branching.view_branch')):
            self.assertEqual(self.fresh(branch).can_merge.message, said.format('…'))
        self.assertEqual(self.said(draft), [(True, 'Because')] * 2)

    def test_what_is_not_evidence_may_be_merged_into_what_was_approved(self):
        draft = make.make_statement(self.catalog, self.scope)
        with self.working_in(None):
            make.decide(StatementOfApplicability.objects.get(pk=draft.pk))
        with self.working_in(None, self.boss):
            approved = approve(submit(StatementOfApplicability.objects.get(pk=draft.pk), self.boss), self.boss)
        branch, entry = self.make_branch(), approved.entries.first()
        client = self.in_branch(branch)
        self.assertEqual(client.post('/api/extras/tags/', {'name': 'Seen', 'slug': 'seen'})[0], 201)
        status, data = client.patch(f'soa-entries/{entry.pk}/', {'tags': [{'slug': 'seen'}]})
        self.assertEqual(status, 200, data)
        self.merge(branch)
        self.assertEqual([tag.name for tag in SoaEntry.objects.get(pk=entry.pk).tags.all()], ['Seen'])
