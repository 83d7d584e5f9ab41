"""Who counts as the last editor of a statement, and may not approve it: who changed what it says, or its scope."""
from django.test import TestCase
from django.urls import reverse

from netbox_ims.models import StatementOfApplicability
from tests import factories as make
from tests.base import RestClient


class EditorTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.author = make.make_user(is_superuser=True, username='author')
        cls.boss = make.make_user(is_superuser=True, username='boss')
        cls.site, cls.tenant, cls.device = make.make_site('Hamburg'), make.make_tenant('Sales'), make.make_device('srv')
        cls.scope = make.make_scope('Hosting')
        cls.statement = make.decide(make.make_statement(scope=cls.scope))
        cls.entry = cls.statement.entries.first()

    def setUp(self):
        StatementOfApplicability.objects.update(edited_by=self.author)
        self.rest = RestClient(self.boss)

    def assertEditor(self, user, msg=None):
        self.statement.refresh_from_db()
        self.assertEqual(self.statement.edited_by, user, msg)

    def test_saving_the_same_is_no_edit(self):
        for path, data in (
            (f'soa-entries/{self.entry.pk}/', {}), (f'soa-entries/{self.entry.pk}/', {'applicable': True}),
            (f'statements/{self.statement.pk}/', {}), (f'statements/{self.statement.pk}/', {'version': 1}),
            (f'scopes/{self.scope.pk}/', {}), (f'scopes/{self.scope.pk}/', {'sites': [], 'cis': []}),
            (f'scopes/{self.scope.pk}/', {'statement': ''}),
        ):
            status, answer = self.rest.patch(path, data)
            self.assertEqual(status, 200, answer)
            self.assertEditor(self.author, (path, data))

    def test_steps_are_no_edits(self):
        self.assertEqual(self.rest.post(f'statements/{self.statement.pk}/submit/', {})[0], 200)
        self.assertEditor(self.author)
        self.assertEqual(self.rest.post(f'statements/{self.statement.pk}/approve/', {})[0], 200)
        self.assertEditor(self.author)

    def test_whoever_changes_what_it_says_is_its_editor(self):
        other, ci = make.make_scope('Another'), {'object_type': 'dcim.device', 'object_id': self.device.pk}
        statement, scope = f'statements/{self.statement.pk}/', f'scopes/{self.scope.pk}/'
        for path, data in (
            (f'soa-entries/{self.entry.pk}/', {'justification': 'Rewritten'}),
            (statement, {'version': 4}), (statement, {'description': 'Rewritten'}), (statement, {'comments': 'New'}),
            (scope, {'statement': 'All of it'}), (scope, {'standard': make.make_standard().pk}),
            (scope, {'sites': [self.site.pk]}), (scope, {'sites': []}), (scope, {'tenants': [self.tenant.pk]}),
            (scope, {'cis': [ci]}), (scope, {'cis': []}),
            (statement, {'scope': other.pk}),       # last: the others are about the first scope
        ):
            StatementOfApplicability.objects.update(edited_by=self.author)
            status, answer = self.rest.patch(path, data)
            self.assertEqual(status, 200, answer)
            self.assertEditor(self.boss, (path, data))

    def test_who_rewrites_it_in_review_does_not_approve_it(self):
        self.rest.post(f'statements/{self.statement.pk}/submit/', {})
        self.client.force_login(self.boss)
        response = self.client.post(reverse('plugins:netbox_ims:scope_edit', args=[self.scope.pk]), {
            'name': 'Hosting', 'standard': self.scope.standard_id, 'sites': [self.site.pk],
        })
        self.assertEqual(response.status_code, 302)
        status, answer = self.rest.post(f'statements/{self.statement.pk}/approve/', {})
        self.assertEqual((status, answer['reasons']), (409, ['You edited it last, so someone else approves.']))

    def test_what_is_approved_keeps_its_editor(self):
        make.make_approved(self.statement)
        self.assertEqual(self.rest.patch(f'scopes/{self.scope.pk}/', {'statement': 'More'})[0], 200)
        self.assertEditor(self.author)
