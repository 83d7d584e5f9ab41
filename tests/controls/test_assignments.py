"""Controls on CIs: many at once, what an approved statement excludes, and what stays when a CI goes."""
from datetime import date

from django.core.exceptions import PermissionDenied
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from core.models import ObjectChange

from netbox_ims.models import ControlAssignment, Decision, RegisterEntry, RetiredCI, ScopeMember
from netbox_ims.services import derive
from netbox_ims.services.assign import assign
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, as_user
from tests.register.checks import execute, settle

ASSIGNING = (
    'netbox_ims.view_registerentry', 'netbox_ims.view_control', 'netbox_ims.view_controlassignment',
    'netbox_ims.add_controlassignment', 'netbox_ims.change_controlassignment', 'dcim.view_device',
)


class ManyAtOnceTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.catalog = make.make_catalog('Annex', controls=('A.1', 'A.2'))
        cls.site = make.make_site()
        cls.devices = [make.make_device(f'dev-{n}', site=cls.site) for n in range(3)]
        cls.user = make.make_user(*ASSIGNING, username='engineer')

    def entries(self, devices=None):
        pks = [device.pk for device in devices or self.devices]
        return RegisterEntry.objects.filter(object_type__model='device', object_id__in=pks)

    def post(self, data, **parameters):
        self.client.force_login(self.user)
        url = reverse('plugins:netbox_ims:registerentry_assign')
        return self.client.post(url, {'status': 'planned', **data}, follow=True)

    def test_from_the_register(self):
        make.make_assignment(self.devices[0], self.catalog.controls.first(), status='verified')
        pks = [entry.pk for entry in self.entries()]
        self.assertContains(self.post({'pk': pks}), 'Assign controls to 3 CIs')
        response = self.post({
            'pk': pks, 'controls': [c.pk for c in self.catalog.controls.all()], 'status': 'verified', '_apply': '1',
            'evidence_url': 'https://example.com/e', 'review_due': '2031-01-01', 'changelog_message': 'Audit prep',
        })
        self.assertContains(response, '5 assignments made, 1 were there already.')
        self.assertEqual(ControlAssignment.objects.count(), 6)
        made = ControlAssignment.objects.exclude(evidence_url='')
        self.assertEqual(
            set(made.values_list('status', 'verified_on', 'verified_by__username', 'review_due')),
            {('verified', timezone.localdate(), 'engineer', date(2031, 1, 1))},
        )
        changes = ObjectChange.objects.filter(changed_object_type__model='controlassignment')
        self.assertEqual(set(changes.values_list('user_name', 'message')), {('engineer', 'Audit prep')})
        self.assertEqual(changes.count(), 5)

    def test_from_a_control_and_from_a_ci(self):
        control, entry = self.catalog.controls.first(), self.entries().first()
        self.client.force_login(self.user)
        url = reverse('plugins:netbox_ims:registerentry_assign')
        response = self.client.get(url, {'control': control.pk, 'pk': entry.pk})
        self.assertContains(response, f'<option value="{control.pk}" selected>{control}</option>', html=True)
        self.assertContains(response, f'<option value="{entry.pk}" selected>{entry}</option>', html=True)
        response = self.post({'cis': [entry.pk], 'controls': [control.pk], '_choose': '1'})
        self.assertContains(response, '1 assignments made')
        self.assertContains(self.post({'controls': [control.pk], '_choose': '1'}), 'This field is required')

    def test_a_ci_one_may_not_see_does_not_exist(self):
        vm = make.make_vm('secret')
        hidden, control = RegisterEntry.objects.of(vm).get(), self.catalog.controls.first()
        for cis in ([hidden.pk], [10**9]):
            response = self.post({'cis': cis, 'controls': [control.pk], '_choose': '1'})
            self.assertContains(response, 'Select a valid choice')
        self.assertContains(
            self.post({'pk': [hidden.pk], 'controls': [control.pk], '_apply': '1'}), 'No CIs were selected.'
        )
        client = RestClient(self.user)
        answers = [
            client.post('control-assignments/', {
                'control': control.pk, 'object_type': 'virtualization.virtualmachine', 'object_id': pk
            }) for pk in (vm.pk, vm.pk + 1000)
        ]
        self.assertEqual({status for status, _data in answers}, {400})
        self.assertEqual(*(str(data).replace(str(pk), '#') for (_s, data), pk in zip(
            answers, (vm.pk, vm.pk + 1000), strict=True
        )))

    def test_permission_constraints_hold(self):
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        make.grant(user, 'netbox_ims.add_controlassignment', constraints={'status': 'planned'})
        controls = list(self.catalog.controls.all())
        with self.assertRaises(PermissionDenied):
            assign(controls, self.entries(), {'status': 'implemented'}, user)
        self.assertEqual(assign(controls, self.entries(), {'status': 'planned'}, user)['created'], 6)

    def test_queries_do_not_grow_with_the_cis(self):
        controls = list(self.catalog.controls.all())
        def assigning(devices):
            with as_user(self.user):
                assign(controls, self.entries(devices), {})

        few = self.count_queries(lambda: assigning(self.devices[:1]), warm=True)
        many = self.count_queries(lambda: assigning(self.devices[1:]), warm=True)
        self.assertSameQueries(few, many, 'assign')

    def test_lists_cost_the_same_for_more(self):
        self.client.force_login(self.user)
        url = reverse('plugins:netbox_ims:controlassignment_list')
        assign(list(self.catalog.controls.all()), self.entries(self.devices[:1]), {})
        few = self.count_queries(lambda: self.client.get(url))
        assign(list(self.catalog.controls.all()), self.entries(self.devices[1:]), {})
        self.assertSameQueries(few, self.count_queries(lambda: self.client.get(url)), 'list')


class ExcludedTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site('ham')
        cls.inside, cls.outside = make.make_device('inside', site=cls.site), make.make_device('outside')
        cls.catalog = make.make_catalog(controls=('A.5.1', 'A.8.23'))
        cls.scope = make.make_scope('Hosting', sites=[cls.site])
        cls.statement = make.make_approved(make.make_statement(cls.catalog, cls.scope), excluded=['A.8.23'])
        cls.excluded = cls.catalog.controls.get(ref='A.8.23')
        cls.user = make.make_user(*ASSIGNING)

    def test_by_every_path(self):
        client = RestClient(self.user)
        body = {'control': self.excluded.pk, 'object_type': 'dcim.device', 'object_id': self.inside.pk}
        status, data = client.post('control-assignments/', body)
        self.assertEqual((status, list(data)), (400, ['control']))
        self.assertIn('A.8.23 is excluded by Hosting · SoA v1', data['control'][0])

        self.client.force_login(self.user)
        response = self.client.post(reverse('plugins:netbox_ims:registerentry_assign'), {
            'pk': [entry.pk for entry in RegisterEntry.objects.filter(name__in=('inside', 'outside'))],
            'controls': [c.pk for c in self.catalog.controls.all()], 'status': 'planned', '_apply': '1',
        })
        self.assertContains(response, 'A.8.23 is excluded by Hosting · SoA v1 for: inside.', count=1)
        response = self.client.post(reverse('plugins:netbox_ims:controlassignment_bulk_import'), {
            'data': f'control,object_type,object_id\nA.5.1,dcim.device,{self.inside.pk}\n'
                    f'A.8.23,dcim.device,{self.inside.pk}',
            'format': 'csv', 'csv_delimiter': 'auto', 'import_method': 'direct',
        })
        self.assertContains(response, 'A.8.23 is excluded')
        self.assertFalse(ControlAssignment.objects.exists())

    def test_outside_the_scope_it_may_be_assigned(self):
        body = {'control': self.excluded.pk, 'object_type': 'dcim.device', 'object_id': self.outside.pk}
        self.assertEqual(RestClient(self.user).post('control-assignments/', body)[0], 201)

    def test_a_draft_excludes_nothing(self):
        draft = make.make_statement(self.catalog, make.make_scope(sites=[self.site]))
        make.decide(draft, applicable=False)
        make.make_assignment(self.inside, self.catalog.controls.get(ref='A.5.1'))

    def test_a_control_in_use_stays(self):
        make.make_assignment(self.outside, self.excluded)
        required = make.make_control('A.7.7', make.make_catalog(slug='own'))
        make.make_classification('Secret').required_controls.add(required)
        client = RestClient(make.make_user(
            *(f'netbox_ims.{action}_{model}' for action in ('view', 'delete')
              for model in ('control', 'controlcatalog', 'scope', 'standard')),
        ))
        for path, part in (
            (f'controls/{self.excluded.pk}/', 'assigned to CIs'),
            (f'controls/{required.pk}/', '1 classifications require it'),
            (f'control-catalogs/{required.catalog_id}/', 'classifications require some of its controls'),
            (f'control-catalogs/{self.catalog.pk}/', 'made from it'),
            (f'scopes/{self.scope.pk}/', '1 statements of applicability are about it'),
        ):
            status, data = client.delete(path)
            self.assertIn(status, (400, 409), path)
            self.assertIn(part, str(data))
            self.assertNotIn('outside', str(data))


class RetiredTestCase(TestCase):
    """A CI goes: its controls and places in scopes with it, and what was known of them stays."""

    def setUp(self):
        self.device = make.make_device('gone')
        self.control = make.make_control('A.8.24', title='Use of cryptography')
        make.make_assignment(
            self.device, self.control, status='verified', verified_on=date(2024, 2, 29),
            verified_by=make.make_user(username='ada'), evidence_url='https://example.com/e',
        )
        make.make_assignment(self.device, make.make_control('A.8.9'))
        make.make_assignment(make.make_device('stays'), self.control)
        make.make_scope(cis=[self.device])

    def assertKept(self):
        settle()
        retired = RetiredCI.objects.get()
        self.assertEqual([
            (c['control'], c['status'], c.get('verified_by'), c.get('verified_on'), c.get('evidence_url'))
            for c in sorted(retired.controls, key=lambda each: each['control'])
        ], [
            ('A.8.24', 'verified', 'ada', '2024-02-29', 'https://example.com/e'),
            ('A.8.9', 'planned', None, None, None),
        ])
        self.assertEqual([a.entry.name for a in ControlAssignment.objects.all()], ['stays'])
        self.assertFalse(ScopeMember.objects.exists())

    def test_by_the_orm(self):
        self.device.delete()
        self.assertKept()

    def test_by_raw_sql(self):
        execute('DELETE FROM dcim_device WHERE id = %s', [self.device.pk])
        self.assertKept()

    def test_over_rest_it_is_in_the_change_log(self):
        client = RestClient(make.make_user('dcim.view_device', 'dcim.delete_device', username='bob'))
        self.assertEqual(client.delete(f'/api/dcim/devices/{self.device.pk}/')[0], 204)
        self.assertKept()
        changes = ObjectChange.objects.filter(changed_object_type__model='controlassignment', action='delete')
        self.assertEqual(changes.count(), 2)
        self.assertEqual(set(Decision.objects.filter(action='unassigned').values_list('user_name', flat=True)), {'bob'})

    def test_taking_a_control_off_is_a_decision(self):
        ControlAssignment.objects.get(control__ref='A.8.9').delete()
        decision = Decision.objects.get(action='unassigned')
        self.assertEqual((decision.name, decision.old_values['control']), ('gone', 'A.8.9'))
        self.assertEqual(RetiredCI.objects.count(), 0)


class VerifiedTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.device, cls.control = make.make_device(), make.make_control()
        cls.user = make.make_user(*ASSIGNING, username='ada')

    def post(self, **values):
        return RestClient(self.user).post('control-assignments/', {
            'control': self.control.pk, 'object_type': 'dcim.device', 'object_id': self.device.pk, **values
        })

    def test_who_says_verified_has_verified_it_today(self):
        status, data = self.post(status='verified')
        self.assertEqual(
            (status, data['verified_by']['username'], data['verified_on']),
            (201, 'ada', timezone.localdate().isoformat()),
        )

    def test_bad_input_names_the_field(self):
        for values, field in (
            ({'verified_on': '2999-01-01'}, 'verified_on'), ({'status': 'done'}, 'status'),
            ({'evidence_url': 'not a link'}, 'evidence_url'), ({'control': 10**9}, 'control'),
            ({'object_type': 'dcim.region'}, 'object_type'), ({'object_id': 'x'}, 'object_id'),
            ({'review_due': '31.12.2030'}, 'review_due'),
        ):
            with self.subTest(values):
                status, data = self.post(**values)
                self.assertEqual((status, list(data)), (400, [field]), data)
        self.assertFalse(ControlAssignment.objects.exists())

    def test_twice_is_refused(self):
        self.assertEqual(self.post()[0], 201)
        self.assertEqual(self.post()[0], 400)


class ImportTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.device = make.make_device('dev')
        for name, refs in (('New', ('A.5.1', 'X.1')), ('Old', ('A.5.1.1', 'X.1'))):
            make.make_catalog(name, slug=name.lower(), controls=refs)
        cls.user = make.make_user(*ASSIGNING, 'netbox_ims.view_controlcatalog')

    def bring_in(self, *rows):
        self.client.force_login(self.user)
        return self.client.post(reverse('plugins:netbox_ims:controlassignment_bulk_import'), {
            'data': '\n'.join(('catalog,control,object_type,object_name', *rows)), 'format': 'csv',
            'csv_delimiter': 'auto', 'import_method': 'direct',
        })

    def test_references_that_do_not_say_which_control(self):
        for row, part in (
            ('new,A.5.1.1,dcim.device,dev', 'A.5.1.1 is not a control of New, but of Old.'),
            (',X.1,dcim.device,dev', 'X.1 is a control of several catalogs; add the catalog: new, old.'),
            (',Z.9,dcim.device,dev', 'There is no control Z.9.'),
        ):
            with self.subTest(row):
                self.assertContains(self.bring_in(row), part)
        self.assertEqual(self.bring_in('old,X.1,dcim.device,dev', ',A.5.1,dcim.device,dev').status_code, 302)
        self.assertEqual(ControlAssignment.objects.count(), 2)


class PanelTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site('ham')
        cls.device = make.make_device('hv-1', site=cls.site)
        cls.crypto, backup = make.make_control('A.8.24'), make.make_control('A.8.13')
        secret = make.make_classification('Secret')
        secret.required_controls.add(cls.crypto)
        make.make_profile(cls.device, classification=secret)
        make.make_assignment(cls.device, backup, status='implemented')
        make.make_scope('Hosting', make.make_standard('ISO', slug='iso'), sites=[cls.site])
        cls.user = make.make_user('dcim.view_device', 'netbox_ims.view_registerentry')
        derive.settle()

    def page(self, tab=''):
        self.client.force_login(make.fresh(self.user))
        return self.client.get(f'{self.device.get_absolute_url()}{tab}')

    def test_follows_permissions(self):
        for text in ('ims-controls', 'Hosting'):
            self.assertNotContains(self.page('ims/'), text)
        self.assertNotContains(self.page(), 'required missing')
        make.grant(self.user, 'netbox_ims.view_scope')
        self.assertContains(self.page('ims/'), 'Hosting')
        self.assertNotContains(self.page('ims/'), 'A.8.13')
        make.grant(self.user, 'netbox_ims.view_controlassignment', 'netbox_ims.view_control')
        page = self.page('ims/')
        for text in ('A.8.13', 'A.8.24', 'Required, not assigned'):
            self.assertContains(page, text)
        self.assertNotContains(page, 'Assign Controls')
        page = self.page()
        for text in ('1 assigned', '1 implemented', '1 required missing', 'A.8.24'):
            self.assertContains(page, text)
        make.grant(self.user, 'netbox_ims.add_controlassignment')
        self.assertContains(self.page('ims/'), 'Assign Controls')

    def test_the_gap_list_is_what_the_figures_count(self):
        make.grant(
            self.user, 'netbox_ims.view_classification', 'netbox_ims.view_control', 'netbox_ims.view_controlassignment',
        )
        self.client.force_login(make.fresh(self.user))
        self.assertContains(self.client.get(self.crypto.get_absolute_url()), '1 CI without it')
        page = self.client.get(self.crypto.required_by.get().get_absolute_url())
        self.assertContains(page, '1 CI without')
        listed = self.client.get('/plugins/ims/register/', {'lacks_control': 'A.8.24'})
        self.assertContains(listed, 'hv-1')


class ScopePermissionsTestCase(TestCase):
    """CIs, sites and tenants of a scope that somebody may not see are not named, not counted, and not taken out."""

    @classmethod
    def setUpTestData(cls):
        cls.seen, cls.hidden = make.make_site('seen-site'), make.make_site('hidden-site')
        cls.own = make.make_device('own-ci', site=cls.seen)
        cls.foreign = make.make_device('foreign-ci', site=cls.hidden)
        cls.scope = make.make_scope('Hosting', sites=[cls.seen, cls.hidden], cis=[cls.own, cls.foreign])
        cls.user = make.make_user(
            'netbox_ims.view_scope', 'netbox_ims.change_scope', 'netbox_ims.view_registerentry',
            'netbox_ims.view_standard',
        )
        make.grant(cls.user, 'dcim.view_site', constraints={'name': 'seen-site'})
        make.grant(cls.user, 'dcim.view_device', constraints={'site__name': 'seen-site'})

    def everything(self):
        self.scope.refresh_from_db()
        return (
            sorted(self.scope.sites.values_list('name', flat=True)),
            sorted(member.object.name for member in self.scope.members.all()),
        )

    def test_reading(self):
        status, data = RestClient(self.user).get(f'scopes/{self.scope.pk}/')
        self.assertEqual([site['name'] for site in data['sites']], ['seen-site'])
        self.assertEqual([(ci['object_type'], ci['object']['name']) for ci in data['cis']], [('dcim.device', 'own-ci')])
        self.client.force_login(self.user)
        for url in (self.scope.get_absolute_url(), reverse('plugins:netbox_ims:scope_list'),
                    reverse('plugins:netbox_ims:scope_edit', args=[self.scope.pk])):
            page = self.client.get(url)
            self.assertContains(page, 'seen-site')
            for name in ('hidden-site', 'foreign-ci'):
                self.assertNotContains(page, name)
        # The site and the device at it: two CIs
        self.assertContains(self.client.get(self.scope.get_absolute_url()), '2 CIs')

    def test_writing_leaves_what_one_can_not_see(self):
        client, everything = RestClient(self.user), (['hidden-site'], ['foreign-ci'])
        status, data = client.patch(f'scopes/{self.scope.pk}/', {'sites': [], 'cis': []})
        self.assertEqual((status, data['sites'], data['cis']), (200, [], []))
        self.assertEqual(self.everything(), everything)
        self.client.force_login(self.user)
        response = self.client.post(reverse('plugins:netbox_ims:scope_edit', args=[self.scope.pk]), {
            'name': 'Hosting', 'standard': self.scope.standard_id, 'sites': [self.seen.pk], 'cis': [],
        })
        self.assertEqual(response.status_code, 302)
        self.assertEqual(self.everything(), (['hidden-site', 'seen-site'], ['foreign-ci']))

    def test_a_ci_one_may_not_see_can_not_be_put_in(self):
        client = RestClient(self.user)
        answers = {
            str(client.patch(f'scopes/{self.scope.pk}/', {
                'cis': [{'object_type': 'dcim.device', 'object_id': pk}]
            })).replace(str(pk), '#') for pk in (self.foreign.pk, 10**9)
        }
        self.assertEqual(len(answers), 1)
        self.assertIn('400', answers.pop())

    def test_cis_are_in_the_change_log(self):
        RestClient(self.user).patch(f'scopes/{self.scope.pk}/', {'cis': []})
        change = ObjectChange.objects.get(changed_object_type__model='scope')
        self.assertEqual(len(change.prechange_data['cis']), 2)
        self.assertEqual(change.postchange_data['cis'], [f'dcim.device {self.foreign.pk}'])

    def test_assignments_of_hidden_cis(self):
        control = make.make_control('A.1')
        for device in (self.own, self.foreign):
            make.make_assignment(device, control)
        make.grant(self.user, 'netbox_ims.view_controlassignment', 'netbox_ims.view_control')
        client = RestClient(make.fresh(self.user))
        self.assertEqual(client.get('control-assignments/')[1]['count'], 1)
        self.assertEqual(client.get(f'controls/{control.pk}/')[1]['assignment_count'], 1)
        data, errors = client.graphql('{ims_control_assignment_list {object_id display}}')
        self.assertEqual([each['display'] for each in data['ims_control_assignment_list']], ['A.1 · own-ci'])
        self.client.force_login(make.fresh(self.user))
        page = self.client.get(control.get_absolute_url())
        self.assertContains(page, 'Planned 1')
