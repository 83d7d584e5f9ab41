"""A statement's way from draft to approved and superseded: over the pages and over REST, and what is refused."""
import csv
import io
import json
from datetime import date
from functools import partial
from hashlib import sha256
from unittest.mock import patch

from django.conf import settings
from django.test import TestCase, override_settings
from django.urls import reverse
from openpyxl import load_workbook

from core.models import ObjectChange, ObjectType
from extras.models import EventRule, Notification, NotificationGroup
from netbox.registry import registry
from tenancy.models import Contact, ContactGroup

from netbox_ims.events import STATEMENT_APPROVED, STATEMENT_SUPERSEDED
from netbox_ims.models import Decision, SoaEntry, StatementOfApplicability
from netbox_ims.services import soa
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, as_user

EVERYTHING = tuple(
    f'netbox_ims.{action}_{model}' for model in ('statementofapplicability', 'soaentry') for action in
    ('view', 'add', 'change')
)
APPROVE = 'netbox_ims.approve_statementofapplicability'


class LifecycleTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site('Hamburg')
        cls.catalog = make.make_catalog('Annex', slug='annex', controls=('A.5.1', ('A.8.23', 'Technological')))
        cls.scope = make.make_scope('Hosting', sites=[cls.site], statement='Hosting from Hamburg')
        cls.editor = make.make_user(*EVERYTHING, username='editor')
        cls.boss = make.make_user(*EVERYTHING, APPROVE, username='boss', first_name='Ada', last_name='Hansen')

    def setUp(self):
        self.editing, self.approving = RestClient(self.editor), RestClient(self.boss)

    def create(self):
        status, data = self.editing.post('statements/', {'catalog': self.catalog.pk, 'scope': self.scope.pk})
        self.assertEqual(status, 201, data)
        return data['id']

    def entry(self, pk, ref):
        return SoaEntry.objects.get(statement=pk, control__ref=ref)

    def decide_all(self, pk):
        for ref, applicable in (('A.5.1', True), ('A.8.23', False)):
            status, data = self.editing.patch(f'soa-entries/{self.entry(pk, ref).pk}/', {
                'applicable': applicable, 'justification': f'{ref} because', 'reasons': ['risk'] if applicable else [],
                'implementation_status': 'implemented',
            })
            self.assertEqual(status, 200, data)

    def approved(self):
        pk = self.create()
        self.decide_all(pk)
        self.assertEqual(self.editing.post(f'statements/{pk}/submit/', {})[0], 200)
        self.assertEqual(self.approving.post(f'statements/{pk}/approve/', {'reason': 'Board'})[0], 200)
        return pk

    def test_a_new_statement_has_an_entry_for_every_control(self):
        pk = self.create()
        status, data = self.editing.get('soa-entries/', statement_id=pk)
        self.assertEqual([(e['control']['ref'], e['applicable'], e['justification']) for e in data['results']], [
            ('A.5.1', None, ''), ('A.8.23', None, ''),
        ])
        change = ObjectChange.objects.filter(changed_object_type__model='soaentry')
        self.assertEqual((change.count(), change.first().user), (2, self.editor))
        make.make_control('A.9.9', self.catalog)
        self.assertEqual(SoaEntry.objects.filter(statement=pk).count(), 3)

    def test_versions_are_numbered(self):
        first, second = self.create(), self.create()
        self.assertEqual([StatementOfApplicability.objects.get(pk=pk).version for pk in (first, second)], [1, 2])
        status, data = self.editing.post('statements/', {
            'catalog': self.catalog.pk, 'scope': self.scope.pk, 'version': 2
        })
        self.assertEqual(status, 400)

    def test_from_draft_to_approved(self):
        pk = self.create()
        status, data = self.editing.get(f'statements/{pk}/completeness/')
        self.assertEqual((data['complete'], data['total'], data['undecided']), (False, 2, 2))
        self.assertEqual(data['reasons'], ['A.5.1 is undecided.', 'A.8.23 is undecided.'])
        self.decide_all(pk)
        self.assertTrue(self.editing.get(f'statements/{pk}/completeness/')[1]['complete'])

        status, data = self.editing.post(f'statements/{pk}/submit/', {})
        self.assertEqual((status, data['status']['value']), (200, 'in_review'))
        status, data = self.approving.post(f'statements/{pk}/approve/', {'reason': 'Board meeting'})
        self.assertEqual((status, data['status']['value'], data['approved_by']['username']), (200, 'approved', 'boss'))
        self.assertRegex(data['sha256'], '^[0-9a-f]{64}$')

        decision = Decision.objects.get(action='approved')
        self.assertEqual(
            (decision.user_name, decision.reason, decision.name, decision.basis['sha256']),
            ('boss', 'Board meeting', 'Hosting · SoA v1', data['sha256']),
        )

    def test_the_list_of_reasons_is_the_same_on_the_page_and_from_the_server(self):
        pk = self.create()
        self.editing.patch(f'soa-entries/{self.entry(pk, "A.5.1").pk}/', {'applicable': False, 'justification': ' '})
        make.make_assignment(make.make_device(site=self.site), self.catalog.controls.get(ref='A.5.1'))
        self.editing.post(f'statements/{pk}/submit/', {})
        expected = [
            'A.8.23 is undecided.', 'A.5.1 is decided without a justification.',
            'A.5.1 is excluded but assigned to CIs in scope.',
        ]
        self.assertEqual(self.approving.get(f'statements/{pk}/completeness/')[1]['reasons'], expected)
        status, data = self.approving.post(f'statements/{pk}/approve/', {})
        self.assertEqual((status, data['reasons']), (409, expected))
        self.assertIn('cannot be approved', data['detail'])
        self.assertEqual(StatementOfApplicability.objects.get().status, 'in_review')

        self.client.force_login(self.boss)
        page = self.client.get(reverse('plugins:netbox_ims:statementofapplicability_work', args=[pk]))
        self.assertContains(page, 'Blocked by 3 points.')
        self.assertContains(page, 'Excluded but assigned: A.5.1')
        self.client.post(reverse('plugins:netbox_ims:statementofapplicability_approve', args=[pk]))
        page = self.client.get(reverse('plugins:netbox_ims:statementofapplicability', args=[pk]))
        for reason in expected:
            self.assertContains(page, reason)

    def test_an_excluded_control_on_a_ci_outside_the_scope_is_no_gap(self):
        pk = self.create()
        self.decide_all(pk)
        make.make_assignment(make.make_device(), self.catalog.controls.get(ref='A.8.23'))
        self.assertTrue(self.editing.get(f'statements/{pk}/completeness/')[1]['complete'])

    def test_steps_out_of_order_are_refused(self):
        pk = self.create()
        self.decide_all(pk)
        for step, client in (('approve', self.approving), ('new-version', self.editing)):
            status, data = client.post(f'statements/{pk}/{step}/', {})
            self.assertEqual((status, set(data)), (409, {'detail', 'reasons'}), step)
        self.editing.post(f'statements/{pk}/submit/', {})
        self.assertEqual(self.editing.post(f'statements/{pk}/submit/', {})[0], 409)
        self.approving.post(f'statements/{pk}/approve/', {})
        for step in ('submit', 'approve'):
            self.assertEqual(self.approving.post(f'statements/{pk}/{step}/', {})[0], 409)

    def test_permissions_of_each_step(self):
        pk = self.approved()
        draft = self.create()
        self.decide_all(draft)
        viewer = make.make_user('netbox_ims.view_statementofapplicability')
        looking = RestClient(viewer)
        for path in (f'{draft}/submit', f'{draft}/approve', f'{pk}/new-version'):
            self.assertEqual(looking.post(f'statements/{path}/', {})[0], 403, path)
        self.assertEqual(self.editing.post(f'statements/{draft}/approve/', {})[0], 403)
        self.assertEqual(RestClient(make.make_user()).get(f'statements/{pk}/completeness/')[0], 403)
        self.client.force_login(self.editor)
        url = reverse('plugins:netbox_ims:statementofapplicability_approve', args=[draft])
        self.assertEqual(self.client.post(url).status_code, 403)

    def test_the_permission_to_approve_may_be_limited(self):
        pk = self.create()
        self.decide_all(pk)
        self.editing.post(f'statements/{pk}/submit/', {})
        limited = make.make_user('netbox_ims.view_statementofapplicability')
        make.grant(limited, APPROVE, constraints={'scope__name': 'Elsewhere'})
        self.assertEqual(RestClient(limited).post(f'statements/{pk}/approve/', {})[0], 403)

    def test_nobody_approves_what_they_edited_last(self):
        pk = self.create()
        self.decide_all(pk)
        self.approving.patch(f'soa-entries/{self.entry(pk, "A.5.1").pk}/', {'implementation': 'By hand'})
        self.editing.post(f'statements/{pk}/submit/', {})
        status, data = self.approving.post(f'statements/{pk}/approve/', {})
        self.assertEqual((status, data['reasons']), (409, ['You edited it last, so someone else approves.']))
        ims = {**settings.PLUGINS_CONFIG['netbox_ims'], 'soa_self_approval': True}
        with self.settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_ims': ims}):
            self.assertEqual(self.approving.post(f'statements/{pk}/approve/', {})[0], 200)

    def test_nothing_is_approved_in_a_branch(self):
        pk = self.create()
        self.decide_all(pk)
        self.editing.post(f'statements/{pk}/submit/', {})
        with patch('netbox_ims.services.soa.in_branch', return_value=True):
            status, data = self.approving.post(f'statements/{pk}/approve/', {})
        self.assertEqual((status, data['reasons']), (409, ['A statement is approved in main, not in a branch.']))

    def test_a_new_version_copies_forward_and_supersedes_on_approval(self):
        pk = self.approved()
        make.make_control('A.9.9', self.catalog)
        status, data = self.editing.post(f'statements/{pk}/new-version/', {})
        self.assertEqual((status, data['version'], data['status']['value']), (201, 2, 'draft'))
        draft = data['id']
        self.assertEqual(
            list(SoaEntry.objects.filter(statement=draft).values_list('control__ref', 'applicable', 'justification')),
            [('A.5.1', True, 'A.5.1 because'), ('A.8.23', False, 'A.8.23 because'), ('A.9.9', None, '')],
        )
        status, data = self.editing.post(f'statements/{pk}/new-version/', {})
        self.assertEqual((status, data['reasons']), (409, ['Hosting · SoA v2']))

        entry = self.entry(draft, 'A.9.9')
        self.editing.patch(f'soa-entries/{entry.pk}/', {'applicable': True, 'justification': 'New'})
        self.editing.patch(f'soa-entries/{self.entry(draft, "A.5.1").pk}/', {'implementation_status': 'partial'})
        status, data = self.editing.get(f'statements/{draft}/diff/', against=pk)
        self.assertEqual([(c['control'], c['change']) for c in data['changes']], [
            ('A.5.1', 'changed'), ('A.9.9', 'added'),
        ])
        self.assertEqual(data['changes'][0]['fields'], {'implementation_status': ['implemented', 'partial']})
        self.client.force_login(self.editor)
        page = self.client.get(reverse('plugins:netbox_ims:statementofapplicability_compare', args=[draft]))
        self.assertContains(page, '2 controls differ')

        self.editing.post(f'statements/{draft}/submit/', {})
        self.assertEqual(self.approving.post(f'statements/{draft}/approve/', {})[0], 200)
        statuses = dict(StatementOfApplicability.objects.values_list('version', 'status'))
        self.assertEqual(statuses, {1: 'superseded', 2: 'approved'})
        self.assertEqual(
            list(Decision.objects.order_by('pk').values_list('action', 'name')),
            [('approved', 'Hosting · SoA v1'), ('superseded', 'Hosting · SoA v1'), ('approved', 'Hosting · SoA v2')],
        )
        self.assertEqual(
            StatementOfApplicability.objects.get(version=2).as_approved['replaces']['version'], 1
        )

    def test_a_lower_version_does_not_follow_a_higher_one(self):
        lower, higher = (make.decide(make.make_statement(self.catalog, self.scope, version=n)) for n in (6, 7))
        for statement in (lower, higher):
            with as_user(self.editor):
                soa.submit(statement)
        self.assertEqual(self.approving.post(f'statements/{higher.pk}/approve/', {})[0], 200)
        status, data = self.approving.post(f'statements/{lower.pk}/approve/', {})
        self.assertEqual((status, data['reasons']), (409, ['Version 7, which is higher, is in force.']))
        higher.refresh_from_db()
        self.assertEqual(higher.status, 'approved')

    def test_a_reason_is_given_on_the_page(self):
        pk = self.create()
        self.decide_all(pk)
        self.editing.post(f'statements/{pk}/submit/', {})
        self.client.force_login(self.boss)
        page = self.client.get(reverse('plugins:netbox_ims:statementofapplicability_work', args=[pk]))
        self.assertContains(page, '<label class="form-label mb-1" for="ims-reason">Reason</label>', html=True)
        url = reverse('plugins:netbox_ims:statementofapplicability_approve', args=[pk])
        self.assertContains(
            self.client.post(url, {'reason': 'x' * 300}, follow=True), 'A reason has at most 200 characters.'
        )
        self.assertContains(
            self.client.post(url, {'reason': 'x\x00'}, follow=True), 'Null characters are not allowed.'
        )
        self.assertEqual(StatementOfApplicability.objects.get().status, 'in_review')
        self.client.post(url, {'reason': 'Board meeting'})
        self.assertEqual(Decision.objects.get(action='approved').reason, 'Board meeting')

    def test_a_reason_that_is_too_long(self):
        client, plan, matrix = RestClient(make.make_user(is_superuser=True)), make.make_plan(), make.make_matrix()
        paths = (
            f'statements/{self.create()}/approve/', f'continuity-plans/{plan.pk}/approve/',
            f'continuity-plans/{plan.pk}/retire/', f'risk-matrices/{matrix.pk}/activate/',
            f'risk-acceptances/{make.make_request().pk}/accept/',
        )
        for path in paths:
            status, data = client.post(path, {'reason': 'x' * 100_000})
            self.assertEqual((status, data), (400, {'reason': ['A reason has at most 200 characters.']}), path)

    def test_what_can_not_be_compared(self):
        pk = self.create()
        other = make.make_statement()
        for against in ('', 'x', 0, 10**30, other.pk):
            status, data = self.editing.get(f'statements/{pk}/diff/', against=against)
            self.assertEqual((status, list(data)), (400, ['against']))
        self.client.force_login(self.boss)
        second = make.make_statement(self.catalog, self.scope)
        url = reverse('plugins:netbox_ims:statementofapplicability_compare', args=[second.pk])
        said = 'That is not another statement made from the same catalog.'
        self.assertContains(self.client.get(url, {'against': other.pk}), said)
        for parameters in ({}, {'against': pk}):
            page = self.client.get(url, parameters)
            self.assertNotContains(page, said)
            self.assertContains(page, 'Both say the same.')

    def test_events(self):
        self.assertIn(STATEMENT_APPROVED, registry['event_types'])
        group = NotificationGroup.objects.create(name='All')
        group.users.add(self.editor)
        rule = EventRule.objects.create(
            name='Approved', event_types=[STATEMENT_APPROVED, STATEMENT_SUPERSEDED], action_type='notification',
            action_object_type=ObjectType.objects.get_for_model(NotificationGroup), action_object_id=group.pk,
        )
        rule.object_types.add(ObjectType.objects.get_for_model(StatementOfApplicability))
        for _ in range(2):
            statement = make.decide(make.make_statement(self.catalog, self.scope))
            with as_user(self.boss):
                soa.approve(soa.submit(statement), self.boss)
        self.assertEqual(
            sorted(Notification.objects.values_list('object_id', 'event_type')), sorted([
                (StatementOfApplicability.objects.get(version=1).pk, STATEMENT_SUPERSEDED),
                (StatementOfApplicability.objects.get(version=2).pk, STATEMENT_APPROVED),
            ])
        )


class ExportTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.site, hidden = make.make_site('Hamburg'), make.make_site('Bremen')
        device = make.make_device('secret-01', site=hidden)
        catalog = make.make_catalog('Annex', slug='annex', controls=('A.5.1', ('A.8.23', 'Technological')))
        scope = make.make_scope('Hosting', sites=[cls.site, hidden], cis=[device], statement='From Hamburg')
        cls.contact = make.make_contact('K. Brandt')
        cls.boss = make.make_user(username='boss', first_name='Ada', last_name='Hansen')
        statement = make.make_statement(catalog, scope)
        make.decide(
            statement, responsible=cls.contact, justification='=1+1', target_date=date(2030, 1, 1),
            evidence_url='https://example.com/e'
        )
        make.make_assignment(device, catalog.controls.first())
        cls.statement = make.make_approved(statement, excluded=['A.8.23'], user=cls.boss)
        cls.admin = make.make_user(username='root', is_superuser=True)

    def get(self, wanted, user=None, statement=None):
        self.client.force_login(user or self.admin)
        url = f'/api/plugins/ims/statements/{(statement or self.statement).pk}/export/'
        response = self.client.get(url, {'format': wanted})
        self.assertEqual(response.status_code, 200, response.content[:500])
        return response.content

    def test_an_approved_statement_looks_as_it_was_approved(self):
        before = {wanted: self.get(wanted) for wanted in ('csv', 'html', 'json')}
        self.contact.name = 'Somebody else'
        self.contact.save()
        control = self.statement.catalog.controls.first()
        control.title = 'Another title'
        control.save()
        self.site.name = 'Renamed'
        self.site.save()
        for wanted, content in before.items():
            with self.subTest(wanted):
                self.assertEqual(self.get(wanted), content)
        self.assertIn(b'K. Brandt', before['html'])

    def test_the_hash_is_that_of_the_json(self):
        content = self.get('json')
        self.assertEqual(sha256(content).hexdigest(), self.statement.sha256)
        text = json.loads(content)
        self.assertEqual(text['approved_by'], {'username': 'boss', 'name': 'Ada Hansen'})
        self.assertEqual([ci['name'] for ci in text['scope']['cis']], ['secret-01'])
        self.assertTrue(self.statement.is_intact)

    def test_csv(self):
        rows = list(csv.DictReader(io.StringIO(self.get('csv').decode('utf-8-sig'))))
        self.assertEqual([(r['ref'], r['applicable'], r['responsible'], r['assigned']) for r in rows], [
            ('A.5.1', 'true', 'K. Brandt', '1'), ('A.8.23', 'false', 'K. Brandt', '0'),
        ])

    def test_xlsx(self):
        book = load_workbook(io.BytesIO(self.get('xlsx')))
        self.assertEqual(book.sheetnames, ['Statement', 'Controls'])
        sheet = book['Controls']
        self.assertEqual([cell.value for cell in sheet['A']], ['Control', 'A.5.1', 'A.8.23'])
        self.assertEqual((sheet.auto_filter.ref, sheet.freeze_panes, sheet.print_title_rows), ('A1:L3', 'C2', '$1:$1'))
        # What begins with "=" is what somebody wrote, not a formula.
        self.assertEqual((sheet['F2'].value, sheet['F2'].data_type), ('=1+1', 's'))
        self.assertEqual((sheet['J2'].value.date(), sheet['J2'].number_format), (date(2030, 1, 1), 'yyyy-mm-dd'))
        self.assertEqual(sheet['K2'].hyperlink.target, 'https://example.com/e')
        self.assertIn(self.statement.sha256, [cell.value for cell in book['Statement']['B']])

    def test_page_to_print(self):
        page = self.get('html').decode()
        for text in ('APPROVED', 'Version 1', self.statement.sha256, 'Ada Hansen', 'From Hamburg', 'Technological (1)'):
            self.assertIn(text, page)
        draft = make.make_statement(self.statement.catalog, self.statement.scope)
        page = self.get('html', statement=draft).decode()
        self.assertIn('DRAFT', page)
        self.assertNotIn('SHA-256', page)
        self.assertIn('Undecided', page)

    def test_ui_and_bad_formats(self):
        self.client.force_login(self.admin)
        url = reverse('plugins:netbox_ims:statementofapplicability_export', args=[self.statement.pk])
        self.assertContains(self.client.get(url), 'APPROVED')
        self.assertRedirects(self.client.get(url, {'format': 'pdf'}), self.statement.get_absolute_url())
        response = self.client.get(f'/api/plugins/ims/statements/{self.statement.pk}/export/', {'format': 'pdf'})
        self.assertEqual((response.status_code, list(response.json())), (400, ['format']))

    def test_who_may_not_see_a_ci_does_not_learn_of_it(self):
        user = make.make_user('netbox_ims.view_statementofapplicability')
        make.grant(user, 'dcim.view_site', constraints={'name': 'Hamburg'})
        for wanted in ('csv', 'html', 'xlsx'):
            content = self.get(wanted, user)
            if wanted == 'xlsx':
                book = load_workbook(io.BytesIO(content))
                content = '\n'.join(str(c.value) for sheet in book for row in sheet for c in row).encode()
            for secret in (b'secret-01', b'Bremen', b'assigned', b'CIs'):
                self.assertNotIn(secret, content, wanted)
        self.assertIn(b'Hamburg', self.get('html', user))
        response = self.client.get(f'/api/plugins/ims/statements/{self.statement.pk}/export/', {'format': 'json'})
        self.assertEqual(response.status_code, 403)


class WorkbenchTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site()
        cls.user = make.make_user(
            *EVERYTHING, 'netbox_ims.view_control', 'netbox_ims.view_controlassignment',
            'netbox_ims.view_registerentry', 'netbox_ims.view_scope', 'dcim.view_device',
        )

    def statement(self, controls):
        catalog = make.make_catalog(controls=[f'A.{n}' for n in range(controls)])
        statement = make.make_statement(catalog, make.make_scope(sites=[self.site]))
        secret = make.make_classification()
        secret.required_controls.set(catalog.controls.all())
        for n in range(controls):
            device = make.make_device(site=self.site)
            make.make_profile(device, classification=secret)
            make.make_assignment(device, catalog.controls.all()[n])
        settle()
        return statement

    def open(self, statement, **parameters):
        self.client.force_login(self.user)
        return self.client.get(
            reverse('plugins:netbox_ims:statementofapplicability_work', args=[statement.pk]), parameters
        )

    def test_queries_do_not_grow_with_the_catalog(self):
        """Of 93 controls as of two: the workbench, one decision on it, the list of entries, and that over REST."""
        few, many = self.statement(2), self.statement(6)
        for number in range(6, 93):
            make.make_control(f'A.{number}', many.catalog)
        self.assertEqual(many.entries.count(), 93)
        client = RestClient(self.user)
        for what, look in (
            ('workbench', self.open),
            ('decide', lambda statement: self.client.post(
                reverse('plugins:netbox_ims:soaentry_decide', args=[statement.entries.first().pk]), {
                    'applicable': 'true'
                }
            )),
            ('list', lambda statement: self.client.get(
                reverse('plugins:netbox_ims:soaentry_list'), {'statement_id': statement.pk, 'per_page': 100}
            )),
            ('REST', lambda statement: client.get('soa-entries/', statement_id=statement.pk, limit=100)),
            ('completeness', lambda statement: client.get(f'statements/{statement.pk}/completeness/')),
        ):
            counts = [self.count_queries(partial(look, statement)) for statement in (few, many)]
            self.assertSameQueries(*counts, what)

    def test_coverage_of_what_the_classification_requires(self):
        bench = self.open(self.statement(3)).context['bench']
        self.assertEqual([(e.coverage.assigned, e.coverage.missing) for e in bench.entries], [(1, 2)] * 3)
        for entry in bench.entries:
            for url, count in ((entry.coverage.assigned_url, 1), (entry.coverage.missing_url, 2)):
                self.assertEqual(self.client.get(url).context['table'].page.paginator.count, count, url)

    def test_one_click_decides(self):
        entry = self.statement(2).entries.first()
        self.client.force_login(self.user)
        url = reverse('plugins:netbox_ims:soaentry_decide', args=[entry.pk])
        for data, expected in (
            ({'applicable': 'true'}, {'applicable': True}), ({'applicable': 'unknown'}, {'applicable': None}),
            ({'applicable': 'false'}, {'applicable': False}),
            ({'justification': 'No web'}, {'justification': 'No web'}),
            ({'reasons': ['', 'risk', 'legal']}, {'reasons': ['risk', 'legal']}), ({'reasons': ['']}, {'reasons': []}),
            ({'implementation_status': 'planned'}, {'implementation_status': 'planned', 'justification': 'No web'}),
        ):
            with self.subTest(data):
                response = self.client.post(url, data)
                self.assertContains(response, f'id="entry-{entry.pk}"')
                self.assertContains(response, 'id="ims-soa-summary"')
                entry.refresh_from_db()
                self.assertEqual({name: getattr(entry, name) for name in expected}, expected)
        self.assertContains(self.client.post(url, {'applicable': 'maybe'}), 'role="alert"')
        self.assertEqual(ObjectChange.objects.filter(changed_object_id=entry.pk, action='update').count(), 7)

    def test_who_is_responsible_is_typed_in(self):
        ada = make.make_contact('Ada')
        make.make_contact('Twin')
        Contact.objects.create(name='Twin').groups.add(ContactGroup.objects.create(name='Other', slug='other'))
        entry = self.statement(2).entries.first()
        url = reverse('plugins:netbox_ims:soaentry_decide', args=[entry.pk])
        self.client.force_login(self.user)
        page = self.open(entry.statement)
        self.assertNotContains(page, 'name="responsible"')      # who may see no contacts can choose none
        self.assertContains(self.client.post(url, {'responsible': 'Ada'}), 'There is no contact called Ada.')
        make.grant(self.user, 'tenancy.view_contact')
        self.user = make.fresh(self.user)
        self.assertContains(self.open(entry.statement), '<option value="Ada"></option>', html=True)
        for name, said, responsible in (
            ('Ada', 'value="Ada"', ada), ('Nobody', 'There is no contact called Nobody.', ada),
            ('Twin', 'More than one contact is called Twin', ada), (' ', 'value=""', None),
        ):
            self.assertContains(self.client.post(url, {'responsible': name}), said)
            entry.refresh_from_db()
            self.assertEqual(entry.responsible, responsible, name)

    def test_the_answer_brings_every_figure_a_decision_changes(self):
        statement = self.statement(3)
        self.client.force_login(self.user)
        answer = self.client.post(
            reverse('plugins:netbox_ims:soaentry_decide', args=[statement.entries.first().pk]),
            {'applicable': 'false', 'justification': 'No web'}
        )
        for part in (
            'data-left="2 left"', '<b id="ims-chip-undecided">2</b>', '<b id="ims-chip-excluded">1</b>',
            '1 of 3 decided', f'last edited by {self.user.username}', 'Undecided controls',
            'Excluded but assigned: A.0',
        ):
            self.assertContains(answer, part)

    def test_filters_leave_the_rows_they_count(self):
        statement = self.statement(3)
        first, second, _third = statement.entries.all()
        first.applicable, first.justification, first.implementation_status = True, 'Because', 'implemented'
        second.applicable = False
        first.save()
        second.save()
        counts = {chip['url'].partition('=')[2]: chip['count'] for chip in self.open(statement).context['bench'].chips}
        self.assertEqual(counts, {
            '': 3, 'undecided': 1, 'unjustified': 1, 'excluded': 1, 'unimplemented': 0, 'uncovered': 3,
        })
        for show, count in counts.items():
            shown = self.open(statement, show=show).context['bench'].themes
            self.assertEqual(sum(len(theme.rows) for theme in shown), count, show)

    def test_what_is_approved_has_no_buttons(self):
        statement = make.make_approved(make.make_statement())
        page = self.open(statement)
        for control in ('data-key', '<textarea', '<select', 'type="checkbox"'):
            self.assertNotContains(page, control)


@override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['*'])
class AnonymousTestCase(TestCase):

    def test_pages_open_and_nothing_is_written(self):
        statement = make.make_statement()
        for name in ('', '_work', '_compare', '_export'):
            url = reverse(f'plugins:netbox_ims:statementofapplicability{name}', args=[statement.pk])
            self.assertEqual(self.client.get(url).status_code, 200, url)
        for name in ('submit', 'approve', 'new_version'):
            url = reverse(f'plugins:netbox_ims:statementofapplicability_{name}', args=[statement.pk])
            self.assertIn(self.client.post(url).status_code, (302, 403))
        statement.refresh_from_db()
        self.assertEqual(statement.status, 'draft')
