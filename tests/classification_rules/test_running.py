"""
What rules do about CIs: the first that matches speaks, what a person has said stands, and everybody sees and writes
only what is theirs.
"""
import random
import uuid
from unittest.mock import patch

from django.test import TestCase

from core.choices import JobStatusChoices
from core.models import Job, ObjectChange
from netbox.context import current_request
from utilities.request import NetBoxFakeRequest

from netbox_ims.jobs import RunRulesJob
from netbox_ims.models import AssetProfile, ClassificationRule, Decision, RegisterEntry
from netbox_ims.querysets import ci_filters
from netbox_ims.rules.classification_rules import CLAIMED, KEPT, WOULD_CHANGE, outcome, speaker
from netbox_ims.services import classification_rules as services
from netbox_ims.services.classification_rules import accept, matched_cis, preview, run_rule, suggestions
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, as_user


def names(entries):
    return ' '.join(sorted(entry.name for entry in entries))


class Estate(TestCase):
    """Six devices; five match "role: database", of which one has been classified and one has a flag."""

    @classmethod
    def setUpTestData(cls):
        cls.internal = make.make_classification('Internal', level=20)
        cls.secret = make.make_classification('Secret', level=30)
        cls.here, cls.there = make.make_site('here'), make.make_site('there')
        cls.role = make.make_role('database')
        cls.devices = {
            name: make.make_device(name, site=site, role=cls.role)
            for name, site in (
                ('d1', cls.here), ('d2', cls.here), ('d3', cls.there), ('said', cls.here), ('flagged', cls.here)
            )
        }
        cls.devices['web'] = make.make_device('web', site=cls.here, role=make.make_role('web'))
        cls.said = make.make_profile(cls.devices['said'], classification=cls.internal)
        cls.flagged = make.make_profile(cls.devices['flagged'], processes_personal_data=False)
        cls.admin = make.make_user(is_superuser=True)

    def rule(self, name='Databases', filter=None, **values):
        values = {'classification': self.secret, 'mode': 'apply', **values}
        return make.make_rule(name, filter={'role': ['database']} if filter is None else filter, **values)

    def classified(self):
        """{name: slug} of every CI that carries a classification."""
        entries = RegisterEntry.objects.filter(classification__isnull=False)
        return dict(entries.values_list('name', 'classification__slug'))

    def run_job(self, user, rule=None):
        """The job, after it has run here and now; with its log as `job.lines`."""
        request = NetBoxFakeRequest({
            'id': uuid.uuid4(), 'user': user, 'method': 'POST', 'path': '', 'path_info': '', 'META': {}, 'COOKIES': {},
            'GET': {}, 'POST': {}, 'FILES': {},
        })
        job = RunRulesJob.enqueue(instance=rule, user=user, request=request, immediate=True)
        job.refresh_from_db()
        job.lines = ' / '.join(entry['message'] for entry in job.log_entries)
        return job


class OutcomeTest(Estate):

    def test_counts_and_rows(self):
        self.rule('Here first', weight=1, filter={'site': 'here', 'role': ['database'], 'name': ['d2', 'said']})
        rule = self.rule(weight=2)
        result = preview(rule, self.admin)
        self.assertEqual(
            (result.matches, result.would_change, result.already_classified, result.claimed_by_earlier), (5, 2, 2, 1)
        )
        for state, expected in ((WOULD_CHANGE, 'd1 d3'), (KEPT, 'flagged said'), (CLAIMED, 'd2')):
            with self.subTest(state):
                self.assertEqual(names(matched_cis(rule, self.admin).filter(outcome=state)), expected)
        self.assertEqual(AssetProfile.objects.count(), 2, 'a preview changes nothing')

    def test_which_rules_are_asked_before(self):
        rule = self.rule('M', weight=50)
        for title, values, claimed in (
            ('lighter', {'name': 'Z', 'weight': 1}, 3),
            ('same weight, name before', {'name': 'A', 'weight': 50}, 3),
            ('same weight, name after', {'name': 'Z', 'weight': 50}, 0),
            ('heavier', {'name': 'A', 'weight': 51}, 0),
            ('only suggests', {'name': 'A', 'weight': 1, 'mode': 'suggest'}, 3),
            ('switched off', {'name': 'A', 'weight': 1, 'enabled': False}, 0),
            ('of another type', {'name': 'A', 'weight': 1, 'label': 'dcim.rack', 'filter': {}}, 0),
        ):
            with self.subTest(title):
                other = self.rule(**values)
                self.assertEqual(preview(rule, self.admin).claimed_by_earlier, claimed)
                other.delete()

    def test_a_broken_rule_claims_nothing(self):
        rule = self.rule(weight=2)
        self.rule('Broken', weight=1)
        ClassificationRule.objects.filter(name='Broken').update(filter={'role': ['gone']})
        self.assertEqual(preview(rule, self.admin).claimed_by_earlier, 0)

    def test_a_rule_that_is_switched_off_is_previewed_as_if_it_were_not(self):
        self.assertEqual(preview(self.rule(enabled=False), self.admin).would_change, 3)

    def test_a_profile_without_classification_and_flags_says_nothing(self):
        make.make_profile(self.devices['d1'], rto_minutes=60)
        asset = make.make_information_asset('asset')
        make.make_profile(asset, rto_minutes=60)
        self.assertEqual(preview(self.rule(), self.admin).would_change, 3)
        rule = self.rule('Assets', label='netbox_ims.informationasset', filter={})
        self.assertEqual(preview(rule, self.admin).would_change, 1)

    def test_in_bulk_as_one_by_one(self):
        """Random rules over random CIs: the queries say of every CI what the pure rules say."""
        dice = random.Random(7)
        roles = [make.make_role() for _ in range(3)]
        devices = []
        for number in range(40):
            device = make.make_device(f'x{number}', site=dice.choice((self.here, self.there)), role=dice.choice(roles))
            devices.append(device)
            if dice.random() < .3:
                make.make_profile(device, classification=dice.choice((None, self.internal)),
                                  handles_sensitive_data=dice.choice((None, True, False)))
        for number in range(8):
            choices = {'role': [dice.choice(roles).slug], 'site': dice.choice(('here', 'there'))}
            asked = {name: choices[name] for name in dice.sample(sorted(choices), dice.randint(1, 2))}
            self.rule(f'r{number}', asked, weight=dice.randint(1, 3), mode=dice.choice(('apply', 'suggest')))

        def matches(device):
            return lambda rule: device.role.slug in rule.filter.get('role', [device.role.slug]) and (
                device.site.slug == rule.filter.get('site', device.site.slug)
            )

        in_order = list(ClassificationRule.objects.in_force())
        entries = {entry.object_id: entry for entry in RegisterEntry.objects.filter(name__startswith='x')}
        decided = {
            pk: entry.classification_id is not None or entry.handles_sensitive_data is not None
            for pk, entry in entries.items()
        }
        for rule in in_order:
            expected = {d.pk: outcome(rule, in_order, matches(d), decided[d.pk]) for d in devices}
            matched = matched_cis(rule, self.admin).filter(name__startswith='x')
            found = {entry.object_id: entry.outcome for entry in matched}
            self.assertEqual(found, {pk: what for pk, what in expected.items() if what})
        suggested, _rules = suggestions(RegisterEntry.objects.filter(name__startswith='x'), self.admin)
        expected = {d.pk: speaker(in_order, matches(d)) for d in devices if not decided[d.pk]}
        self.assertEqual(
            {entry.object_id: entry.speaker for entry in suggested},
            {pk: rule.pk for pk, rule in expected.items() if rule and rule.mode == 'suggest'},
        )


class RunTest(Estate):

    def test_it_sets_its_values_and_leaves_what_was_said(self):
        rule = self.rule(processes_personal_data=True)
        with as_user(self.admin):
            result = run_rule(rule, self.admin)
        self.assertEqual((result.changed, result.problems), (3, []))
        self.assertEqual(self.classified(), {'d1': 'secret', 'd2': 'secret', 'd3': 'secret', 'said': 'internal'})
        profile = RegisterEntry.objects.get(name='d1').profile
        self.assertEqual(
            (profile.processes_personal_data, profile.handles_sensitive_data, profile.is_information_asset),
            (True, None, None), 'what the rule leaves open stays open'
        )
        self.flagged.refresh_from_db()
        self.assertEqual((self.flagged.classification, self.flagged.processes_personal_data), (None, False))

    def test_change_log_and_decisions_name_the_rule(self):
        rule = self.rule()
        with as_user(self.admin) as request:
            run_rule(rule, self.admin)
        changes = ObjectChange.objects.filter(request_id=request.id)
        self.assertEqual(
            set(changes.values_list('message', 'user_name', 'changed_object_type__model')),
            {('Rule “Databases”: applied', self.admin.username, 'assetprofile')},
        )
        self.assertEqual(changes.count(), 3)
        decisions = Decision.objects.filter(new_values__classification='secret')
        self.assertEqual(
            set(decisions.values_list('reason', 'user_name')), {('Rule “Databases”: applied', self.admin.username)}
        )
        self.assertEqual(decisions.count(), 3)

    def test_again_changes_nothing(self):
        rule = self.rule()
        run_rule(rule, self.admin)
        before = list(AssetProfile.objects.order_by('pk').values())
        self.assertEqual(run_rule(rule, self.admin).changed, 0)
        self.assertEqual(list(AssetProfile.objects.order_by('pk').values()), before)

    def test_what_only_suggests_or_is_off_or_broken_changes_nothing(self):
        broken = self.rule('Broken')
        broken.filter = {'role': ['gone']}
        for rule in (self.rule('S', mode='suggest'), self.rule('O', enabled=False), broken):
            with self.subTest(rule.name):
                self.assertEqual(run_rule(rule, self.admin).changed, 0)
                self.assertEqual(self.classified(), {'said': 'internal'})

    def test_the_first_rule_speaks_wholly(self):
        """Also for what it leaves open: the second does not fill that in."""
        self.rule('First', weight=1, filter={'name': ['d1']}, classification=None, handles_sensitive_data=True)
        self.rule('Second', weight=2)
        job = self.run_job(self.admin)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertEqual(self.classified(), {'d2': 'secret', 'd3': 'secret', 'said': 'internal'})
        self.assertIs(RegisterEntry.objects.get(name='d1').handles_sensitive_data, True)

    def test_somebody_says_something_meanwhile(self):
        rule = self.rule()
        original = services._set

        def meanwhile(*args):
            make.make_profile(self.devices['d2'], classification=self.internal)
            return original(*args)

        services._set = meanwhile
        self.addCleanup(setattr, services, '_set', original)
        self.assertEqual(run_rule(rule, self.admin).changed, 2)
        self.assertEqual(self.classified()['d2'], 'internal')

    def test_in_batches(self):
        told, services.BATCH = [], 2
        self.addCleanup(setattr, services, 'BATCH', 1000)
        run_rule(self.rule(), self.admin, lambda *args: told.append(args))
        self.assertEqual(told, [(2, 3), (3, 3)])
        self.assertEqual(len(self.classified()), 4)

    def test_values_beyond_permissions_stop_it_and_say_so(self):
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        make.grant(user, 'netbox_ims.add_assetprofile', constraints={'classification__slug': 'internal'})
        with as_user(user):
            result = run_rule(self.rule(), user)
        self.assertEqual(result.changed, 0)
        self.assertIn('permissions', result.problems[0])
        self.assertEqual(self.classified(), {'said': 'internal'})


class QueriesTest(QueryCountMixin, Estate):

    def test_more_cis_cost_no_more_queries(self):
        self.rule('Hint', weight=1, filter={'site': 'there'}, mode='suggest')
        rule = self.rule()
        self.client.force_login(self.admin)
        rest = RestClient(self.admin)
        asked = (
            lambda: rest.get(f'classification-rules/{rule.pk}/preview/'),
            lambda: self.client.get(f'/plugins/ims/classification-rules/{rule.pk}/preview/?outcome=all'),
            lambda: self.client.get('/plugins/ims/classification-rules/run/'),
            lambda: self.client.get('/plugins/ims/register/suggestions/'),
        )
        few = [self.count_queries(ask) for ask in asked]
        tenant = make.make_tenant()
        for _ in range(10):
            make.make_device(site=self.there, role=self.role, tenant=tenant)
            make.make_device(site=self.here, role=self.role, tenant=tenant)
        for number, ask in enumerate(asked):
            with self.subTest(number):
                self.assertSameQueries(few[number], self.count_queries(ask))

    def test_a_rule_is_made_out_once_in_a_request(self):
        """Each asks those before it: without remembering them that would grow with the square of their number."""
        rules = [self.rule(f'r{number}', weight=number) for number in range(6)]
        with as_user(self.admin), patch.object(ci_filters, 'filterset_of', wraps=ci_filters.filterset_of) as made:
            for rule in rules:
                preview(rule, self.admin)
        self.assertEqual(made.call_count, 1)


class PermissionsTest(Estate):
    """`hamburg` sees devices at one site only."""

    def setUp(self):
        self.user = make.make_user(
            'netbox_ims.view_registerentry', 'netbox_ims.view_classificationrule', 'netbox_ims.run_classificationrule',
            'netbox_ims.add_assetprofile', 'netbox_ims.change_assetprofile',
        )
        make.grant(self.user, 'dcim.view_device', constraints={'site__slug': 'there'})
        self.rest = RestClient(self.user)

    def test_preview_and_run_keep_to_what_one_sees(self):
        rule = self.rule()
        result = preview(rule, self.user)
        self.assertEqual((result.matches, result.would_change, result.already_classified), (1, 1, 0))
        status, data = self.rest.get(f'classification-rules/{rule.pk}/preview/')
        self.assertEqual((status, data['matches'], [row['name'] for row in data['sample']]), (200, 1, ['d3']))
        job = self.run_job(self.user, rule)
        self.assertEqual(job.data['changed'], 1)
        self.assertEqual(self.classified(), {'d3': 'secret', 'said': 'internal'})

    def test_suggestions_keep_to_what_one_sees(self):
        self.rule(mode='suggest')
        entries = RegisterEntry.objects.restrict(self.user, 'view')
        self.assertEqual(names(suggestions(entries, self.user)[0]), 'd3')
        self.client.force_login(self.user)
        page = self.client.get('/plugins/ims/register/suggestions/').content.decode()
        self.assertIn('d3', page)
        self.assertNotIn('>d1<', page)
        hidden = RegisterEntry.objects.get(name='d1')
        self.client.post('/plugins/ims/register/accept/', {'pk': [hidden.pk]})
        self.assertEqual(self.classified(), {'said': 'internal'})

    def test_a_rule_one_may_not_see_still_speaks_but_suggests_nothing(self):
        hidden = self.rule('Hidden', weight=1, mode='suggest')
        self.rule('Seen', weight=2, mode='suggest')
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        make.grant(user, 'netbox_ims.view_classificationrule', constraints={'name': 'Seen'})
        suggested, rules = suggestions(RegisterEntry.objects.all(), user)
        self.assertEqual((list(suggested), [rule.name for rule in rules.values()]), ([], ['Seen']))
        hidden.delete()
        self.assertEqual(names(suggestions(RegisterEntry.objects.all(), user)[0]), 'd1 d2 d3')

    def test_who_may_preview_and_run(self):
        rule = self.rule()
        view, run = 'netbox_ims.view_classificationrule', 'netbox_ims.run_classificationrule'
        register, change = 'netbox_ims.view_registerentry', 'netbox_ims.change_classificationrule'
        for permissions, previewed, ran, all_ran in (
            ((), 403, 403, 403), ((view,), 403, 403, 403), ((view, register), 200, 403, 403),
            ((view, register, change), 200, 403, 403), ((register, run), 403, 404, 202),
            ((view, register, run), 200, 202, 202),
        ):
            with self.subTest(permissions):
                rest = RestClient(make.make_user(*permissions))
                self.assertEqual(rest.get(f'classification-rules/{rule.pk}/preview/')[0], previewed)
                self.assertEqual(rest.post(f'classification-rules/{rule.pk}/run/', {})[0], ran)
                self.assertEqual(rest.post('classification-rules/run/', {})[0], all_ran)

    def test_a_rule_that_may_not_be_run_is_not(self):
        mine, other = self.rule('Mine', filter={'name': ['d1']}), self.rule('Other', weight=200)
        user = make.make_user(
            'netbox_ims.view_registerentry', 'netbox_ims.view_classificationrule', 'netbox_ims.add_assetprofile',
            'dcim.view_device',
        )
        make.grant(user, 'netbox_ims.run_classificationrule', constraints={'name': 'Mine'})
        rest = RestClient(user)
        self.assertEqual(rest.post(f'classification-rules/{mine.pk}/run/', {})[0], 202)
        self.assertEqual(rest.post(f'classification-rules/{other.pk}/run/', {})[0], 403)
        self.assertEqual([each['name'] for each in self.run_job(user).data['rules']], ['Mine'])
        self.assertEqual(self.classified(), {'d1': 'secret', 'said': 'internal'})


class JobTest(Estate):

    def test_all_rules_in_order_with_what_came_of_each(self):
        self.rule('Later', weight=9, filter={})
        self.rule('Off', weight=1, enabled=False)
        self.rule('Hint', weight=2, filter={'name': 'd1'}, mode='suggest')
        self.rule('Broken', weight=3)
        ClassificationRule.objects.filter(name='Broken').update(filter={'role': ['gone']})
        self.rule('Databases', weight=4)
        job = self.run_job(self.admin)
        self.assertEqual(job.status, JobStatusChoices.STATUS_COMPLETED)
        self.assertEqual(
            [(each['name'], each.get('changed'), bool(each['problems'])) for each in job.data['rules']],
            [('Hint', 0, False), ('Broken', None, True), ('Databases', 2, False), ('Later', 1, False)],
        )
        self.assertEqual(job.data['changed'], 3)
        for said in ('“Broken” is broken and was skipped: “role”', '“Databases”: 2 CIs changed; of 5 that match',
                     '“Hint”: 1 CIs to suggest it for'):
            self.assertIn(said, job.lines)
        self.assertEqual(self.classified(), {'d2': 'secret', 'd3': 'secret', 'web': 'secret', 'said': 'internal'})

    def test_it_acts_as_who_started_it_and_leaves_no_request_behind(self):
        self.run_job(self.admin, self.rule())
        self.assertEqual(
            set(ObjectChange.objects.filter(message__startswith='Rule').values_list('user_name', flat=True)),
            {self.admin.username},
        )
        self.assertIsNone(current_request.get())

    def test_somebody_who_is_gone_or_locked_out_does_nothing_any_more(self):
        rule = self.rule()
        self.admin.is_active = False
        self.admin.save()
        job = self.run_job(self.admin, rule)
        self.assertEqual(job.status, JobStatusChoices.STATUS_FAILED)
        self.assertIn('no longer active', job.lines)
        self.assertEqual(self.classified(), {'said': 'internal'})

    def test_one_that_stops_fails_the_job_and_the_others_are_run(self):
        user = make.make_user(
            'netbox_ims.view_registerentry', 'netbox_ims.run_classificationrule', 'dcim.view_device'
        )
        make.grant(user, 'netbox_ims.add_assetprofile', constraints={'classification__slug': 'internal'})
        self.rule('Too much', weight=1, filter={'name': ['d1']})
        self.rule('Enough', weight=2, filter={'name': ['d2']}, classification=self.internal)
        job = self.run_job(user)
        self.assertEqual(job.status, JobStatusChoices.STATUS_FAILED)
        self.assertIn('“Too much” stopped: Your permissions', job.lines)
        self.assertEqual(self.classified(), {'d2': 'internal', 'said': 'internal'})

    def test_progress(self):
        services.BATCH = 1
        self.addCleanup(setattr, services, 'BATCH', 1000)
        self.assertIn('“Databases”: 1 of 3 CIs.', self.run_job(self.admin, self.rule()).lines)

    def test_run_over_rest(self):
        rule = self.rule()
        rest = RestClient(self.admin)
        status, data = rest.post(f'classification-rules/{rule.pk}/run/', {})
        self.assertEqual(status, 202)
        job = Job.objects.get(pk=data['id'])
        self.assertEqual((job.object, job.user, job.name), (rule, self.admin, 'Run classification rules'))
        rule.enabled = False
        rule.save()
        status, data = rest.post(f'classification-rules/{rule.pk}/run/', {})
        self.assertEqual((status, data['reasons']), (409, ['Databases is switched off.']))


class SuggestionsTest(Estate):

    def test_accepting(self):
        rule = self.rule(mode='suggest', handles_sensitive_data=True)
        self.rule('Web', filter={'role': ['web']}, mode='suggest', classification=self.internal)
        picked = RegisterEntry.objects.filter(name__in=('d1', 'web', 'said', 'flagged'))
        with as_user(self.admin) as request:
            self.assertEqual(accept(picked, self.admin), 2)
        self.assertEqual(self.classified(), {'d1': 'secret', 'web': 'internal', 'said': 'internal'})
        self.assertEqual(
            set(ObjectChange.objects.filter(request_id=request.id).values_list('message', flat=True)),
            {'Rule “Databases”: suggestion accepted', 'Rule “Web”: suggestion accepted'},
        )
        self.assertIs(RegisterEntry.objects.get(name='d1').handles_sensitive_data, True)
        self.assertEqual(preview(rule, self.admin).would_change, 2)

    def test_all_or_nothing(self):
        user = make.make_user(
            'netbox_ims.view_registerentry', 'netbox_ims.view_classificationrule', 'dcim.view_device'
        )
        make.grant(user, 'netbox_ims.add_assetprofile', constraints={'classification__slug': 'internal'})
        self.rule(mode='suggest')
        self.rule('Web', filter={'role': ['web']}, mode='suggest', classification=self.internal)
        self.client.force_login(user)
        pks = list(RegisterEntry.objects.filter(name__in=('d1', 'web')).values_list('pk', flat=True))
        response = self.client.post('/plugins/ims/register/accept/', {'pk': pks}, follow=True)
        self.assertIn('Your permissions do not allow', response.content.decode())
        self.assertEqual(self.classified(), {'said': 'internal'})

    def test_a_device_page_offers_it(self):
        self.rule(mode='suggest', description='They hold everything')
        self.client.force_login(self.admin)
        device = self.devices['d1']
        page = self.client.get(device.get_absolute_url()).content.decode()
        self.assertIn('id="ims-suggestion"', page)
        self.assertIn('They hold everything', page)
        for name in ('said', 'flagged', 'web'):
            with self.subTest(name):
                page = self.client.get(self.devices[name].get_absolute_url()).content.decode()
                self.assertNotIn('ims-suggestion', page)
        entry = RegisterEntry.objects.get(name='d1')
        response = self.client.post(
            '/plugins/ims/register/accept/', {'pk': entry.pk, 'return_url': device.get_absolute_url()}
        )
        self.assertRedirects(response, device.get_absolute_url())
        self.assertNotIn('ims-suggestion', self.client.get(device.get_absolute_url()).content.decode())
        self.assertEqual(self.classified()['d1'], 'secret')

    def test_list_filters_and_select_all(self):
        self.rule(mode='suggest')
        self.client.force_login(self.admin)
        response = self.client.get('/plugins/ims/register/suggestions/', {'site': 'here'})
        self.assertEqual(names(response.context['table'].data), 'd1 d2')
        self.client.post('/plugins/ims/register/accept/?site=there', {'_all': 'on'})
        self.assertEqual(self.classified(), {'d3': 'secret', 'said': 'internal'})
        csv = self.client.get('/plugins/ims/register/suggestions/?export=table')
        text = ''.join(part.decode() for part in csv) if csv.streaming else csv.content.decode()
        self.assertIn('classification: Secret', text)
        self.assertIn('Databases', text)


class ClassificationInUseTest(TestCase):

    def test_one_that_a_rule_sets_is_not_deleted(self):
        secret = make.make_classification('Secret')
        make.make_rule(classification=secret)
        status, data = RestClient(make.make_user(is_superuser=True)).delete(f'classifications/{secret.pk}/')
        self.assertIn(status, (400, 409))
        self.assertIn('1 classification rules', str(data))
