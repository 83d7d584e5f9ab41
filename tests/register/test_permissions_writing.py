"""Nothing can be done to a CI one may not see, and trying tells nothing; what one may not do has no button either."""
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.http import urlencode

from netbox_ims.models import RegisterEntry
from tests import factories as make
from tests.base import RestClient, as_user

from .permissions import REGISTER, PermissionTestCase


class InvisibleIsMissingTestCase(PermissionTestCase):
    """A profile for a CI one may not see is refused in the very words it is refused for one that does not exist."""

    def setUp(self):
        super().setUp()
        self.before = self.state()

    def rest_answers(self, object_id):
        rest, ci = RestClient(make.fresh(self.limited)), {'object_type': 'dcim.device', 'object_id': object_id}
        mine, retired = self.profiles['berlin']['profiled'].pk, self.retired['berlin'].pk
        answers = (
            rest.post('asset-profiles/', ci), rest.post('asset-profiles/', [ci]),
            rest.post('asset-profiles/', {**ci, 'rto_minutes': 5, 'classification': self.secret.pk}),
            rest.patch(f'asset-profiles/{mine}/', {'object_id': object_id}),
            rest.post(f'retired-cis/{retired}/restore/', {'object_id': object_id}),
        )
        return [(status, str(data).replace(str(object_id), 'N')) for status, data in answers]

    def test_rest(self):
        missing = self.rest_answers(10**6)
        self.assertEqual([status for status, _data in missing], [400] * 5)
        for name in ('plain', 'classified'):            # without a profile, and with one
            self.assertEqual(self.rest_answers(self.cis['paris'][name].pk), missing)
        self.assertEqual(self.state(), self.before)

    def test_form(self):
        url = reverse('plugins:netbox_ims:assetprofile_add')
        device = ContentType.objects.get_for_model(self.cis['paris']['plain']).pk
        errors = []
        for pk in (10**6, self.cis['paris']['plain'].pk, self.cis['paris']['classified'].pk):
            ci = {'object_content_type': device, 'object_object_id': pk}
            response = self.client.post(url, ci)
            self.assertEqual(response.status_code, 200)
            self.assertNothingOf('paris', response)
            errors.append(response.context['form'].errors.get_json_data())
            # Nor does a link into the form show its name
            self.assertNothingOf('paris', self.client.get(url, ci))
        self.assertEqual([*errors[1:]], [errors[0]] * 2)
        self.assertEqual(list(errors[0]), ['object'])
        self.assertEqual(self.state(), self.before)

    def import_of(self, *columns):
        names, values = zip(*columns, strict=True)
        return self.client.post(reverse('plugins:netbox_ims:assetprofile_bulk_import'), {
            'data': f'{",".join(names)}\n{",".join(map(str, values))}', 'format': 'csv', 'csv_delimiter': 'auto',
        })

    def test_import(self):
        device = ('object_type', 'dcim.device')
        mine = ('id', self.profiles['berlin']['profiled'].pk)
        pks = [self.cis['paris'][name].pk for name in ('plain', 'classified')]
        for given, column, missing, values in (
            (device, 'object_id', 10**6, pks), (device, 'object_name', 'lyon', ['paris plain', 'paris classified']),
            (mine, 'object_id', 10**6, pks),
        ):
            expected = str(self.import_of(given, (column, missing)).context['form'].errors)
            for value in values:
                with self.subTest(given=given, column=column, value=value):
                    response = self.import_of(given, (column, value))
                    self.assertEqual(response.status_code, 200)
                    self.assertEqual(str(response.context['form'].errors), expected)
        self.assertEqual(self.state(), self.before)

    def test_a_name_that_is_unique_among_what_one_may_see(self):
        twin = make.make_device('twin', self.sites['berlin'], self.role)
        make.make_device('twin', self.sites['paris'], self.role)
        self.assertEqual(self.import_of(('object_type', 'dcim.device'), ('object_name', 'twin')).status_code, 302)
        self.assertIsNotNone(self.entry(twin).profile_id)


class BulkTestCase(PermissionTestCase):
    """"Classify selected" and "Edit selected" reach what one sees, and nothing else."""

    def post(self, name, data, **parameters):
        url = reverse(f'plugins:netbox_ims:registerentry_{name}')
        return self.client.post(f'{url}?{urlencode(parameters)}', data)

    def test_keys_posted_by_hand(self):
        before = self.state('paris')
        pks = [self.entry(cis['plain']).pk for cis in self.cis.values()]
        for name, data in (
            ('classify', {'classification': self.secret.pk}),
            ('bulk_edit', {'_apply': '1', 'classification': self.secret.pk, 'rto_minutes': '5'}),
        ):
            self.assertEqual(self.post(name, {'pk': pks, **data}).status_code, 302)
            self.assertEqual(self.state('paris'), before)
            self.assertEqual(self.entry(self.cis['berlin']['plain']).classification, self.secret)
        # Alone, it is as if nothing had been selected
        response = self.post('classify', {'pk': pks[1], 'classification': self.open.pk})
        self.assertEqual((response.status_code, self.state('paris')), (302, before))

    def test_the_form_does_not_show_them(self):
        response = self.post('bulk_edit', {'pk': [self.entry(cis['plain']).pk for cis in self.cis.values()]})
        self.assertEqual((response.status_code, response.context['count']), (200, 1))
        self.assertContains(response, 'berlin plain')
        # What was posted comes back as it was posted; nothing is said about it
        self.assertNothingOf('paris', response)

    def test_all_that_match(self):
        before = self.state('paris')
        for parameters in (
            {}, {'object_type': 'dcim.device'}, {'site': 'paris'}, {'q': 'paris'}, {'classification': 'null'},
        ):
            for name in ('classify', 'bulk_edit'):
                data = {'_all': 'on', '_apply': '1', 'classification': self.secret.pk}
                self.assertEqual(self.post(name, data, **parameters).status_code, 302)
                self.assertEqual(self.state('paris'), before)
        berlin = RegisterEntry.objects.filter(name__startswith='berlin')
        self.assertEqual(set(berlin.values_list('classification__slug', flat=True)), {'secret'})

    def test_who_may_add_but_not_change(self):
        permissions = ('netbox_ims.view_registerentry', 'netbox_ims.view_classification', 'netbox_ims.add_assetprofile')
        self.client.force_login(self.make_limited(*permissions))
        before, plain, vm = self.state(), *(self.entry(self.cis['berlin'][name]).pk for name in ('plain', 'vm'))
        response = self.post('classify', {'pk': [plain, vm], 'classification': self.secret.pk})
        self.assertContains(response, 'You may not change the profile of berlin vm.')
        self.assertEqual(self.state(), before)
        response = self.post('classify', {'pk': plain, 'classification': self.secret.pk})
        self.assertEqual((response.status_code, len(self.state())), (302, len(before) + 1))

    def test_who_may_change_but_not_add(self):
        permissions = (
            'netbox_ims.view_registerentry', 'netbox_ims.view_classification', 'netbox_ims.change_assetprofile',
        )
        self.client.force_login(self.make_limited(*permissions))
        before, plain, vm = self.state(), *(self.entry(self.cis['berlin'][name]).pk for name in ('plain', 'vm'))
        response = self.post('classify', {'pk': [plain, vm], 'classification': self.secret.pk})
        self.assertEqual((response.status_code, self.state()), (200, before))
        self.assertEqual(self.post('classify', {'pk': vm, 'classification': self.secret.pk}).status_code, 302)
        self.assertEqual(self.entry(self.cis['berlin']['vm']).classification, self.secret)

    def test_who_may_only_look(self):
        self.client.force_login(self.make_limited('netbox_ims.view_registerentry'))
        for name in ('classify', 'bulk_edit'):
            data = {'pk': self.entry(self.cis['berlin']['plain']).pk, '_apply': '1', 'classification': self.secret.pk}
            self.assertEqual(self.post(name, data).status_code, 403)
        button = reverse('plugins:netbox_ims:registerentry_classify')
        self.assertNotContains(self.client.get(REGISTER), button)
        self.client.force_login(self.limited)
        self.assertContains(self.client.get(REGISTER), button)

    def test_a_classification_one_may_not_see_cannot_be_chosen(self):
        user = self.make_limited('netbox_ims.view_registerentry', 'netbox_ims.add_assetprofile')
        make.grant(user, 'netbox_ims.view_classification', constraints={'slug': 'open'})
        self.client.force_login(user)
        pk = self.entry(self.cis['berlin']['plain']).pk
        response = self.post('classify', {'pk': pk, 'classification': self.secret.pk})
        self.assertIn('classification', response.context['form'].errors)


class PanelTestCase(PermissionTestCase):
    """The panel on a CI's own page."""
    REGISTERED, PROFILED = 'netbox_ims.view_registerentry', 'netbox_ims.view_assetprofile'

    def page(self, ci, *permissions, constraints=None):
        user = make.make_user(f'{ci._meta.app_label}.view_{ci._meta.model_name}')
        make.grant(user, *permissions, constraints=constraints)
        self.client.force_login(user)
        response = self.client.get(ci.get_absolute_url())
        self.assertEqual(response.status_code, 200)
        return response

    def test_needs_permission_on_the_register(self):
        for ci in self.cis['berlin'].values():
            with self.subTest(ci=ci):
                self.assertNotContains(self.page(ci), 'ims-assessment')
                self.assertNotContains(self.page(ci, self.PROFILED), 'ims-assessment')
                self.assertContains(self.page(ci, self.REGISTERED), 'ims-assessment')

    def test_constraints_on_the_register(self):
        ci, other = self.cis['berlin']['classified'], self.cis['berlin']['plain']
        constraints = {'name': other.name}
        self.assertNotContains(self.page(ci, self.REGISTERED, constraints=constraints), 'ims-assessment')
        self.assertContains(self.page(other, self.REGISTERED, constraints=constraints), 'ims-assessment')

    def test_without_permission_on_profiles(self):
        ci, profile = self.cis['berlin']['classified'], self.profiles['berlin']['classified']
        page = self.page(ci, self.REGISTERED)
        self.assertContains(page, 'Secret')
        for text in (profile.get_absolute_url(), 'berlin payroll'):
            self.assertNotContains(page, text)
        page = self.page(ci, self.REGISTERED, self.PROFILED)
        for text in (profile.get_absolute_url(), 'berlin payroll'):
            self.assertContains(page, text)

    def test_who_decided_is_shown_to_those_who_may_see_decisions(self):
        ci, profile = self.cis['berlin']['vm'], self.profiles['berlin']['vm']
        with as_user(self.root):
            profile.classification = self.secret
            profile._changelog_message = 'Because of the audit'
            profile.save()
        self.assertNotContains(self.page(ci, self.REGISTERED), 'Because of the audit')
        self.assertContains(self.page(ci, self.REGISTERED, 'netbox_ims.view_decision'), 'Because of the audit')

    def test_buttons(self):
        add = f"{reverse('plugins:netbox_ims:assetprofile_add')}?object_content_type"
        edit = reverse('plugins:netbox_ims:assetprofile_edit', args=[self.profiles['berlin']['classified'].pk])
        look = (self.REGISTERED, self.PROFILED)
        for permissions, may_add, may_edit in (
            (look, False, False), ((*look, 'netbox_ims.add_assetprofile'), True, False),
            ((*look, 'netbox_ims.change_assetprofile'), False, True),
        ):
            with self.subTest(permissions=permissions):
                plain = self.page(self.cis['berlin']['plain'], *permissions).content.decode()
                profiled = self.page(self.cis['berlin']['classified'], *permissions).content.decode()
                self.assertEqual((add in plain, edit in profiled, add in profiled), (may_add, may_edit, False))

    def test_whoever_has_no_button_is_refused_behind_it(self):
        user = self.make_limited(self.REGISTERED, self.PROFILED, 'netbox_ims.add_assetprofile')
        self.client.force_login(user)
        pk = self.profiles['berlin']['classified'].pk
        for action in ('edit', 'delete'):
            url = reverse(f'plugins:netbox_ims:assetprofile_{action}', args=[pk])
            self.assertEqual(self.client.get(url).status_code, 403)
            self.assertEqual(self.client.post(url, {'confirm': 'true'}).status_code, 403)
        rest = RestClient(user)
        self.assertEqual(rest.patch(f'asset-profiles/{pk}/', {'rto_minutes': 1})[0], 403)
        self.assertEqual(rest.delete(f'asset-profiles/{pk}/')[0], 403)
        ci = {'object_type': 'dcim.device', 'object_id': self.cis['berlin']['plain'].pk}
        self.assertEqual(rest.post('asset-profiles/', ci)[0], 201)

    def test_restoring_needs_to_see_the_ci(self):
        url = f'/plugins/ims/retired-cis/{self.retired["berlin"].pk}/restore/'
        response = self.client.post(url, {'ci': self.cis['paris']['plain'].pk})
        self.assertEqual(response.status_code, 200)
        self.assertNothingOf('paris', response)
        self.assertEqual(self.client.post(url, {'ci': self.cis['berlin']['plain'].pk}).status_code, 302)
