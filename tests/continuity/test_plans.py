"""The life of a plan: what keeps it from being approved, that it is frozen then, and what comes after it."""
import hashlib

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.test import TestCase, TransactionTestCase, override_settings
from django.urls import reverse

from core.models import ObjectType
from extras.models import CustomField, Tag

from netbox_ims.constants import PLAN_SECTIONS
from netbox_ims.models import BusinessFunction, ContinuityPlan, Decision
from netbox_ims.services.plans import new_version
from netbox_ims.services.refusals import Refused
from tests import factories as make
from tests.base import AtOnceMixin, RestClient
from tests.register.checks import execute, settle

PLAN = ContinuityPlan._meta.db_table
ALL = tuple(f'netbox_ims.{action}_continuityplan' for action in ('view', 'add', 'change', 'delete'))


class LifeTestCase(TestCase):
    """Over REST: a writer makes plans, an approver approves them."""

    @classmethod
    def setUpTestData(cls):
        cls.function, cls.service = make.make_business_function('Salary payment'), make.make_it_service('Payroll')
        seeing = ('netbox_ims.view_businessfunction', 'netbox_ims.view_itservice')
        cls.author = make.make_user(*ALL, *seeing, username='author')
        cls.boss = make.make_user(
            'netbox_ims.view_continuityplan', 'netbox_ims.approve_continuityplan', *seeing, username='boss'
        )

    def setUp(self):
        self.writer, self.approver = RestClient(self.author), RestClient(self.boss)

    def draft(self, **values):
        status, plan = self.writer.post('continuity-plans/', {
            'name': 'Payroll outage', 'plan_type': 'business', 'functions': [self.function.pk],
            **dict.fromkeys(PLAN_SECTIONS, 'As agreed'), **values,
        })
        self.assertEqual(status, 201, plan)
        return plan['id']

    def approve(self, pk, client=None, **body):
        return (client or self.approver).post(f'continuity-plans/{pk}/approve/', body)

    def status_of(self, pk):
        return ContinuityPlan.objects.get(pk=pk).status

    def test_what_stands_against_it_is_all_said_at_once(self):
        pk = self.draft(functions=[], purpose='', recovery=' ')
        status, answer = self.approve(pk)
        self.assertEqual((status, answer['detail']), (409, 'Payroll outage v1 cannot be approved.'))
        self.assertEqual(answer['reasons'], [
            'It is not for any business function.', '“Purpose and scope” is empty.',
            '“Standing down and recovery” is empty.',
        ])
        self.assertEqual(self.status_of(pk), 'draft')

    def test_permission(self):
        pk = self.draft()
        self.assertEqual(self.approve(pk, self.writer)[0], 403)
        self.assertEqual(self.approve(pk, RestClient(make.make_user('netbox_ims.approve_continuityplan')))[0], 404)
        constrained = make.make_user('netbox_ims.view_continuityplan')
        make.grant(constrained, 'netbox_ims.approve_continuityplan', constraints={'name': 'Another'})
        self.assertEqual(self.approve(pk, RestClient(make.fresh(constrained)))[0], 403)
        self.assertEqual(self.writer.post('continuity-plans/9999999/approve/', {})[0], 403)
        self.assertEqual(self.approver.post('continuity-plans/9999999/approve/', {})[0], 404)

    def test_a_second_pair_of_eyes(self):
        pk = self.draft()
        make.grant(self.author, 'netbox_ims.approve_continuityplan')
        both = RestClient(make.fresh(self.author))
        status, answer = self.approve(pk, both)
        self.assertEqual((status, answer['reasons']), (409, ['You edited it last, so someone else approves.']))
        with override_settings(PLUGINS_CONFIG={'netbox_ims': {**plugin_settings(), 'plan_self_approval': True}}):
            self.assertEqual(self.approve(pk, both)[0], 200)

    def test_who_changes_what_it_says_is_its_editor_and_nobody_else(self):
        pk, boss = self.draft(), RestClient(make.make_user(is_superuser=True, username='chief'))
        for data, editor in (
            ({}, 'author'), ({'purpose': 'As agreed'}, 'author'), ({'purpose': 'Rewritten'}, 'chief'),
            ({'functions': []}, 'chief'), ({'services': [make.make_it_service().pk]}, 'chief'),
        ):
            with self.subTest(data):
                ContinuityPlan.objects.filter(pk=pk).update(edited_by=self.author)
                status, answer = boss.patch(f'continuity-plans/{pk}/', data)
                self.assertEqual(status, 200, answer)
                self.assertEqual(ContinuityPlan.objects.get(pk=pk).edited_by.username, editor)

    def test_approval(self):
        pk = self.draft()
        status, plan = self.approve(pk, reason='Management review')
        self.assertEqual((status, plan['status']['value'], plan['approved_by']['username']), (200, 'approved', 'boss'))
        self.assertEqual(len(plan['sha256']), 64)
        stored = ContinuityPlan.objects.get(pk=pk)
        self.assertTrue(stored.is_intact)
        self.assertEqual(stored.as_approved['functions'][0]['name'], 'Salary payment')
        self.assertEqual(stored.as_approved['approved_by']['username'], 'boss')
        decision = Decision.objects.get(object_type=ContentType.objects.get_for_model(ContinuityPlan), object_id=pk)
        self.assertEqual((decision.action, decision.user_name, decision.reason, decision.name),
                         ('approved', 'boss', 'Management review', 'Payroll outage v1'))
        status, answer = self.approve(pk)
        self.assertEqual((status, answer['reasons']), (409, ['Only a draft can be approved.']))
        self.assertEqual(self.approve(self.draft(name='Other'), reason=7)[0], 400)

    def test_versions(self):
        first = self.draft(comments='Read it aloud')
        status, answer = self.writer.post(f'continuity-plans/{first}/new-version/', {})
        self.assertEqual((status, answer['detail']), (409, 'Payroll outage v1 is draft: edit it instead.'))
        self.approve(first)
        status, second = self.writer.post(f'continuity-plans/{first}/new-version/', {})
        self.assertEqual((status, second['version'], second['status']['value']), (201, 2, 'draft'))
        self.assertEqual([each['name'] for each in second['functions']], ['Salary payment'])
        self.assertEqual((second['purpose'], second['comments']), ('As agreed', 'Read it aloud'))
        status, answer = self.writer.post(f'continuity-plans/{first}/new-version/', {})
        self.assertEqual((status, answer['reasons']), (409, ['Payroll outage v2']))
        self.assertEqual(self.approve(second['id'])[0], 200)
        self.assertEqual((self.status_of(first), self.status_of(second['id'])), ('retired', 'approved'))

    def test_the_end(self):
        pk = self.draft()
        status, answer = self.approver.post(f'continuity-plans/{pk}/retire/', {})
        self.assertEqual((status, answer['reasons']), (409, ['Only an approved plan can be retired.']))
        self.approve(pk)
        self.assertEqual(self.writer.post(f'continuity-plans/{pk}/retire/', {})[0], 403)
        status, plan = self.approver.post(f'continuity-plans/{pk}/retire/', {'reason': 'Contract ended'})
        self.assertEqual((status, plan['status']['value']), (200, 'retired'))
        self.assertEqual(
            list(Decision.objects.filter(object_id=pk, name='Payroll outage v1').order_by('pk').values_list('action')),
            [('approved',), ('retired',)],
        )

    def test_service_plans(self):
        business = self.draft()
        service = {'plan_type': 'service', 'functions': [], 'services': [self.service.pk]}
        for parent in ({}, {'parent': None}):
            status, answer = self.writer.post('continuity-plans/', {'name': 'S', **service, **parent})
            self.assertEqual((status, list(answer)), (400, ['parent']))
        pk = self.draft(name='Payroll service', parent=business, **service)
        for values in (
            {'parent': None}, {'parent': pk}, {'parent': 10**9}, {'plan_type': 'business'}, {'parent': {'name': 'x'}},
        ):
            with self.subTest(values):
                status, answer = self.writer.patch(f'continuity-plans/{pk}/', values)
                self.assertEqual((status, list(answer)), (400, ['parent']))
        status, answer = self.writer.patch(f'continuity-plans/{business}/', {'plan_type': 'service', 'parent': pk})
        self.assertEqual(status, 400)
        status, answer = self.writer.delete(f'continuity-plans/{business}/')
        self.assertIn(status, (400, 409))
        self.assertIn('1 service plans follow from it', str(answer))
        self.assertEqual(self.approve(pk)[0], 200)
        with override_settings(
            PLUGINS_CONFIG={'netbox_ims': {**plugin_settings(), 'service_plans_need_business_plan': False}}
        ):
            status, answer = self.writer.post('continuity-plans/', {'name': 'S', **service})
            self.assertEqual(status, 201, answer)

    def test_bad_input(self):
        for values, field in (
            ({'plan_type': 'nonsense'}, 'plan_type'), ({'version': 0}, 'version'), ({'version': 'x'}, 'version'),
            ({'name': ''}, 'name'), ({'name': 'x' * 101}, 'name'), ({'functions': [10**9]}, 'functions'),
            ({'functions': ['x']}, 'functions'), ({'services': {'slug': 'x'}}, 'services'),
            ({'purpose': None}, 'purpose'),
        ):
            with self.subTest(values):
                status, answer = self.writer.post('continuity-plans/', {'name': 'New', **values})
                self.assertEqual((status, list(answer)), (400, [field]))
        self.draft()
        status, answer = self.writer.post('continuity-plans/', {'name': 'Payroll outage', 'version': 1})
        self.assertEqual(status, 400)
        self.assertIn('There is a plan of this name and version already.', str(answer))

    def test_functions_that_one_may_not_see(self):
        """Are neither named nor found, and stay where somebody else put them."""
        hidden = make.make_business_function('Secret function')
        pk = self.draft(functions=[self.function.pk, hidden.pk])
        user = make.make_user(*ALL, 'netbox_ims.view_itservice')
        make.grant(user, 'netbox_ims.view_businessfunction', constraints={'name': 'Salary payment'})
        rest = RestClient(make.fresh(user))
        for _status, plan in (
            rest.get(f'continuity-plans/{pk}/'), rest.patch(f'continuity-plans/{pk}/', {'functions': []}),
            rest.patch(f'continuity-plans/{pk}/', {'functions': [self.function.pk]}),
        ):
            self.assertNotIn('Secret', str(plan))
        self.assertCountEqual(ContinuityPlan.objects.get(pk=pk).functions.all(), [self.function, hidden])
        make.grant(user, 'netbox_ims.add_businessimpactanalysis', 'netbox_ims.view_businessimpactanalysis')
        rest = RestClient(make.fresh(user))
        for method, path, body in (
            ('patch', f'continuity-plans/{pk}/', lambda number: {'functions': [number]}),
            ('post', 'impact-analyses/', lambda number: {'function': number, 'bands': [0], 'ratings': {'a': [1]}}),
        ):
            answers = []
            for number in (hidden.pk, 10**9):
                status, answer = getattr(rest, method)(path, body(number))
                answers.append((status, str(answer).replace(str(number), 'N')))
            self.assertEqual(answers[0], answers[1])
            self.assertEqual(answers[0][0], 400)
        make.make_analysis(hidden)
        self.assertEqual(rest.get('impact-analyses/')[1]['count'], 0)
        self.client.force_login(make.fresh(user))
        plan = ContinuityPlan.objects.get(pk=pk)
        self.assertNotContains(self.client.get(plan.get_absolute_url()), 'Secret')
        self.assertNotContains(self.client.get(document_url(plan)), 'Secret')
        self.assertEqual(rest.get(f'continuity-plans/{pk}/export/', format='json')[0], 403)
        self.assertNotContains(self.client.get('/plugins/ims/continuity-plans/'), 'Secret')


def document_url(plan):
    return reverse('plugins:netbox_ims:continuityplan_document', args=[plan.pk])


def export_url(plan):
    return reverse('plugins-api:netbox_ims-api:continuityplan-export', args=[plan.pk])


def plugin_settings():
    from django.conf import settings
    return settings.PLUGINS_CONFIG['netbox_ims']


class AtOnceTestCase(AtOnceMixin, TransactionTestCase):

    def test_one_new_version_is_made(self):
        approved = make.make_approved_plan()
        problems = self.at_once(lambda _: new_version(approved), *range(3))
        self.assertEqual([type(problem) for problem in problems], [Refused] * 2, problems)
        self.assertEqual(ContinuityPlan.objects.filter(status='draft').count(), 1)


class FrozenTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.function, cls.service = make.make_business_function(), make.make_it_service()
        cls.boss = make.make_user(username='boss')
        plan = make.make_plan('Payroll outage', functions=[cls.function], services=[cls.service])
        cls.plan = make.make_approved_plan(plan, cls.boss)
        cls.draft = make.make_plan('Draft', functions=[cls.function])
        cls.other = make.make_business_function()

    def assertRefused(self, sql, *params):
        with self.assertRaises(IntegrityError, msg=sql), transaction.atomic():
            execute(sql, params)
            settle()

    def test_raw_sql(self):
        for assignment in (
            "status = 'draft'", 'version = 9', "sha256 = 'x'", "as_approved = '{}'", 'approved_by_id = NULL',
            'approved_on = now()', "plan_type = 'service'", f'parent_id = {self.draft.pk}', "name = 'x'",
            "comments = 'x'", *(f"{section} = 'x'" for section in PLAN_SECTIONS),
        ):
            with self.subTest(assignment):
                self.assertRefused(f'UPDATE {PLAN} SET {assignment} WHERE id = %s', self.plan.pk)
        self.assertRefused(f'DELETE FROM {PLAN} WHERE id = %s', self.plan.pk)
        self.assertRefused(f"UPDATE {PLAN} SET status = 'approved' WHERE id = %s", self.draft.pk)

    def test_what_it_is_for(self):
        for name, pk in (('functions', self.other.pk), ('services', make.make_it_service().pk)):
            table = getattr(ContinuityPlan, name).through._meta.db_table
            column = f'{"businessfunction" if name == "functions" else "itservice"}_id'
            self.assertRefused(f'INSERT INTO {table} (continuityplan_id, {column}) VALUES (%s, %s)', self.plan.pk, pk)
            self.assertRefused(f'UPDATE {table} SET {column} = %s WHERE continuityplan_id = %s', pk, self.plan.pk)
            self.assertRefused(f'DELETE FROM {table} WHERE continuityplan_id = %s', self.plan.pk)
        self.draft.functions.set([self.other])
        settle()
        # What is gone is gone; the plan keeps its name.
        name = self.function.name
        self.function.delete()
        settle()
        self.plan.refresh_from_db()
        self.assertEqual((self.plan.functions.count(), self.plan.as_approved['functions'][0]['name']), (0, name))

    def test_it_is_not_emptied(self):
        settle()
        self.assertRefused(f'TRUNCATE {PLAN} CASCADE')

    def test_words(self):
        client = RestClient(make.make_user(is_superuser=True))
        for values in (
            {'purpose': 'x'}, {'name': 'x'}, {'functions': []}, {'functions': [self.function.pk, self.other.pk]},
            {'services': []}, {'version': 7}, {'description': 'x'},
        ):
            with self.subTest(values):
                status, answer = client.patch(f'continuity-plans/{self.plan.pk}/', values)
                self.assertEqual(status, 400, answer)
                self.assertIn('Make a new version instead', str(answer))
        status, answer = client.delete(f'continuity-plans/{self.plan.pk}/')
        self.assertIn(status, (400, 409))
        self.assertIn('it is evidence', str(answer))
        self.client.force_login(make.make_user(is_superuser=True))
        response = self.client.post(f'/plugins/ims/continuity-plans/{self.plan.pk}/edit/', {
            'name': 'Payroll outage', 'version': 1, 'plan_type': 'business', 'functions': [self.other.pk],
            **dict.fromkeys(PLAN_SECTIONS, 'As agreed'),
        })
        self.assertContains(response, 'Make a new version instead')

    def test_netbox_keeps_working(self):
        field = CustomField.objects.create(name='audited', type='text', default='no')
        field.object_types.set([ObjectType.objects.get_for_model(ContinuityPlan)])
        Tag.objects.create(name='Sampled', slug='sampled')
        client = RestClient(make.make_user(is_superuser=True))
        status, data = client.patch(f'continuity-plans/{self.plan.pk}/', {
            'tags': [{'slug': 'sampled'}], 'custom_fields': {'audited': 'yes'}
        })
        self.assertEqual((status, data['custom_fields'], len(data['tags'])), (200, {'audited': 'yes'}, 1), data)
        self.boss.delete()
        settle()
        self.plan.refresh_from_db()
        self.assertEqual((self.plan.approved_by, self.plan.is_intact), (None, True))

    def test_decisions_follow_the_plan(self):
        user = make.make_user('netbox_ims.view_decision')
        decisions = Decision.objects.filter(object_type=ContentType.objects.get_for_model(ContinuityPlan))
        self.assertFalse(decisions.restrict(user, 'view').exists())
        make.grant(user, 'netbox_ims.view_continuityplan')
        self.assertEqual(decisions.restrict(make.fresh(user), 'view').count(), 1)

    def test_its_document(self):
        """Says what was approved, whatever has been renamed since, and can be checked against the hash."""
        user = make.make_user(is_superuser=True)
        self.client.force_login(user)
        BusinessFunction.objects.filter(pk=self.function.pk).update(name='Renamed since')
        page = self.client.get(document_url(self.plan))
        for text in ('APPROVED', 'As agreed', self.plan.sha256, self.service.name):
            self.assertContains(page, text)
        self.assertNotContains(page, 'Renamed since')
        self.assertLess(page.content.index(b'Purpose and scope'), page.content.index(b'Standing down'))
        self.assertLess(page.content.index(b'Procedures'), page.content.index(b'Reporting'))
        self.draft.recovery = ''
        self.draft.save()
        for text in ('DRAFT', 'Empty'):
            self.assertContains(self.client.get(document_url(self.draft)), text)
        exported = self.client.get(export_url(self.plan), {'format': 'json'})
        self.assertEqual(hashlib.sha256(exported.content).hexdigest(), self.plan.sha256)
        self.assertContains(self.client.get(export_url(self.plan)), 'APPROVED')
        refused = self.client.get(export_url(self.plan), {'format': 'odt'})
        self.assertEqual((refused.status_code, list(refused.json())), (400, ['format']))
        nobody = make.make_user()
        self.client.force_login(nobody)
        self.assertEqual(self.client.get(document_url(self.plan)).status_code, 403)
        self.assertEqual(self.client.get(export_url(self.plan)).status_code, 403)

    def test_its_page(self):
        self.client.force_login(make.make_user(is_superuser=True))
        page = self.client.get(self.plan.get_absolute_url())
        for text in ('Unaltered', 'New Version', 'Retire', 'As agreed', self.service.name):
            self.assertContains(page, text)
        page = self.client.get(self.draft.get_absolute_url())
        self.assertContains(page, 'Approve')
        self.draft.purpose = ''
        self.draft.save()
        page = self.client.get(self.draft.get_absolute_url())
        self.assertContains(page, '“Purpose and scope” is empty.')
        self.client.post(f'/plugins/ims/continuity-plans/{self.plan.pk}/new-version/')
        self.assertEqual(ContinuityPlan.objects.filter(name='Payroll outage').count(), 2)
        self.client.post(f'/plugins/ims/continuity-plans/{self.plan.pk}/retire/')
        self.plan.refresh_from_db()
        self.assertEqual(self.plan.status, 'retired')
