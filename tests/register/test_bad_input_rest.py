"""Bad requests: bodies, paths and parameters that say nothing; and deleting what is in use."""
import json

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from netbox_ims.models import AssetProfile, Classification
from tests import factories as make
from tests.base import RestClient

from .bad_input import HUGE, NUL, BadInputTestCase


class RestBodyTestCase(BadInputTestCase):

    def test_bodies_that_are_no_objects(self):
        for path in ('classifications/', 'information-assets/', 'asset-profiles/'):
            for data in ('text', 5, True, None, ['text'], [5], [None], [[]], [[{}]]):
                self.assertRestRefuses(None, 'post', path, data)
            for method in ('patch', 'put'):
                for data in (
                    'text',
                    5,
                    None,
                    {},
                    ['text'],
                    [5],
                    [{}],
                    [{'id': None}],
                    [{'id': 'x'}],
                    [{'id': HUGE}],
                    [{'id': []}],
                ):
                    self.assertRestRefuses(None, method, path, data)
            for data in ('text', 5, None, {}, ['text'], [{}], [{'id': 'x'}], [{'id': HUGE}], [{'id': NUL}]):
                self.assertRestRefuses(None, 'delete', path, data)
        for data in ('text', 5, True):
            self.assertRestRefuses(None, 'patch', f'asset-profiles/{self.profile.pk}/', data)
            self.assertRestRefuses(None, 'put', f'asset-profiles/{self.profile.pk}/', data)

    def test_messages_of_deletions(self):
        for message in (5, [], {}, NUL, 'x' * 201):
            path, data = f'asset-profiles/{self.profile.pk}/', {'changelog_message': message}
            self.assertRestRefuses('changelog_message', 'delete', path, data)
            with self.assertNothingChanges(message=message):
                status, answer = self.rest.delete('asset-profiles/', [{'id': self.profile.pk, **data}])
                self.assertEqual((status, [error['index'] for error in answer['errors']]), (400, [0]))
                self.assertEqual(set(answer['errors'][0]['errors']), {'changelog_message'})

    def test_text_that_is_no_json(self):
        for data in ('{', 'x', '', '\x00', '[' * 10000, '{"object_type": "\\ud800"}',
            '{"object_type": "dcim.device", "object_id": NaN}'):
            with self.assertNothingChanges(data=data[:50]):
                response = self.rest.client.post(
                    '/api/plugins/ims/asset-profiles/', data, content_type='application/json', **self.rest.header
                )
                self.assertEqual(response.status_code, 400)

    def test_classifications(self):
        valid = {'name': 'New', 'slug': 'new', 'level': 5}
        for field, values in (
            ('level', (30, -1, 10**10, HUGE, 'x', None, 1.5, [], 32768)),
            ('name', ('Secret', '', None, 'x' * 101, NUL, [])),
            ('slug', ('secret', '', None, 'a b', 'ä', 'x' * 101, NUL)),
            ('color', ('red', 'zzzzzz', 'fff', None, NUL, 5)),
            ('review_interval_days', (0, -1, 10**10, HUGE, 'x', 1.5, [])),
            ('requires_security_review', ('maybe', None, 7)),
            ('handling', (NUL, None, [])),
            ('description', ('x' * 201, NUL)),
        ):
            for value in values:
                self.assertRestRefuses(field, 'post', 'classifications/', {**valid, field: value})
                if value not in ('Secret', 'secret', 30):
                    self.assertRestRefuses(field, 'patch', f'classifications/{self.secret.pk}/', {field: value})
        for field in valid:
            self.assertRestRefuses(field, 'post', 'classifications/', {k: v for k, v in valid.items() if k != field})

    def test_forms_of_classifications(self):
        url = reverse('plugins:netbox_ims:classification_add')
        valid = {'name': 'New', 'slug': 'new', 'level': '5', 'color': 'ff0000'}
        for field, values in (
            ('level', ('30', '-1', str(10**10), str(HUGE), 'x', '', '1.5')), ('name', ('Secret', '', 'x' * 101, NUL)),
            ('slug', ('secret', '', 'a b', NUL)), ('color', ('red', '')),
            ('review_interval_days', ('0', '-1', str(10**10), 'x')),
            ('handling', (NUL, )),
        ):
            for value in values:
                self.assertFormRefuses(field, url, {**valid, field: value})
        self.assertEqual(self.client.post(url, valid).status_code, 302)

    def test_information_assets(self):
        valid = {'name': 'New', 'slug': 'new'}
        for field, values in (
            ('name', ('Records', '', None, 'x' * 101, NUL)), ('slug', ('records', 'a b', '')),
            ('status', ('nonsense', 5, None, [], {})), ('custodian', (HUGE, 0, 'Ada', {'name': 'Nobody'})),
        ):
            for value in values:
                self.assertRestRefuses(field, 'post', 'information-assets/', {**valid, field: value})

    def test_read_only_fields_are_left_alone(self):
        """As NetBox has it, what is not writable is ignored, not obeyed."""
        status, data = self.rest.patch(
            f'asset-profiles/{self.profile.pk}/', {'object': {'name': 'x'}, 'id': 7, 'display': 'x'}
        )
        self.assertEqual((status, data['id'], data['display']), (200, self.profile.pk, 'taken'))

    def test_ids_in_paths(self):
        for path in ('register', 'asset-profiles', 'classifications', 'decisions', 'retired-cis', 'information-assets'):
            for pk in (0, -1, 2**31, 2**63, HUGE, 'x', '%00'):
                with self.subTest(path=path, pk=pk):
                    self.assertEqual(self.rest.get(f'{path}/{pk}/')[0], 404)
                    self.assertEqual(self.client.get(f'/plugins/ims/{path}/{pk}/').status_code, 404)

    def test_parameters_of_lists(self):
        for path, pages_too in (('register', True), ('decisions', False)):
            for parameters in (
                'limit=x', 'limit=-1', f'limit={HUGE}', 'offset=x', f'offset={2**40}', 'ordering=nonsense',
                'ordering=-',
                'ordering=name%00', 'fields=nonsense', 'brief=x', 'fields=id&brief=1', 'page=x',
            ):
                with self.subTest(path=path, parameters=parameters):
                    self.assertIn(self.rest.get(f'{path}/?{parameters}')[0], (200, 400))
            for parameters in (
                'page=x', f'page={HUGE}', f'per_page={HUGE}', 'per_page=-1', 'sort=nonsense', 'sort=-',
                'export=nonsense',
                'include_columns=nonsense', f'filter_id=x&filter_id={HUGE}', 'filter=nope', f'tableconfig_id={HUGE}',
                'embedded=x',
            ) if pages_too else ():
                with self.subTest(path=path, parameters=parameters):
                    self.assertIn(self.client.get(f'/plugins/ims/{path}/?{parameters}').status_code, (200, 302, 404))

    def test_links_into_the_form(self):
        add = reverse('plugins:netbox_ims:assetprofile_add')
        for parameters in (
            'object_content_type=x', f'object_content_type={HUGE}', 'object_content_type=0&object_object_id=5',
            'object_object_id=x',
            f'object_content_type={ContentType.objects.get_for_model(self.free).pk}&object_object_id=x',
            f'object_content_type={ContentType.objects.get_for_model(self.free).pk}&object_object_id={HUGE}',
            f'object_content_type={ContentType.objects.get_for_model(self.secret).pk}&object_object_id={self.secret.pk}',
            'classification=x', f'classification={HUGE}', 'rto_minutes=4x', 'object=x', 'return_url=//example.org',
        ):
            with self.subTest(parameters=parameters):
                self.assertEqual(self.client.get(f'{add}?{parameters}').status_code, 200)


class ClassificationInUseTestCase(BadInputTestCase):
    """One that a CI carries cannot be deleted, by any path; who asks does not learn which CIs carry it."""

    def test_single(self):
        with self.assertNothingChanges():
            response = self.client.post(
                reverse('plugins:netbox_ims:classification_delete', args=[self.secret.pk]), {'confirm': 'true'},
                follow=True
            )
            self.assertEqual(response.status_code, 200)
            self.assertContains(response, 'is in use by 1 asset profile')
            self.assertNotContains(response, 'taken')

    def test_the_confirmation_page_names_no_ci(self):
        url = reverse('plugins:netbox_ims:classification_delete', args=[self.secret.pk])
        response = self.client.get(url, follow=True)
        self.assertContains(response, 'secret is in use by 1 asset profile')
        self.assertNotContains(response, 'taken')
        response = self.client.get(url, headers={'HX-Request': 'true'})
        self.assertEqual(response.headers['HX-Redirect'], self.secret.get_absolute_url())
        url = reverse('plugins:netbox_ims:classification_bulk_delete')
        response = self.client.post(url, {'pk': self.secret.pk}, follow=True)
        self.assertNotContains(response, 'taken')

    def test_bulk(self):
        with self.assertNothingChanges():
            response = self.client.post(reverse('plugins:netbox_ims:classification_bulk_delete'), {
                'pk': [self.unused.pk, self.secret.pk], 'confirm': 'true', '_confirm': '1',
            }, follow=True)
            self.assertEqual(response.status_code, 200)
            self.assertContains(response, 'is in use by 1 asset profile')
            self.assertNotContains(response, 'taken')

    def test_rest(self):
        for path, data in (
            (f'classifications/{self.secret.pk}/', None),
            ('classifications/', [{'id': self.unused.pk}, {'id': self.secret.pk}]),
        ):
            with self.assertNothingChanges(path=path):
                status, answer = self.rest.delete(path, data)
                self.assertIn(status, (400, 409))
                self.assertIn('is in use by 1 asset profile', json.dumps(answer))
                self.assertNotIn('taken', json.dumps(answer))

    def test_queryset(self):
        """A script's bulk deletion is refused as well."""
        with self.assertNothingChanges(), self.assertRaises(ProtectedError), transaction.atomic():
            Classification.objects.all().delete()

    def test_the_counted_profiles_are_all_there_are(self):
        """Also those the user may not see: it is in use, whoever asks."""
        user = make.make_user('netbox_ims.view_classification', 'netbox_ims.delete_classification')
        with self.assertNothingChanges():
            status, answer = RestClient(user).delete(f'classifications/{self.secret.pk}/')
            self.assertIn(status, (400, 409))

    def test_a_name_is_text_in_the_message(self):
        Classification.objects.filter(pk=self.secret.pk).update(name='<script>alert(1)</script>')
        url = reverse('plugins:netbox_ims:classification_delete', args=[self.secret.pk])
        self.assertNotContains(self.client.post(url, {'confirm': 'true'}, follow=True), '<script>alert(1)')

    def test_once_it_is_free(self):
        AssetProfile.objects.all().delete()
        self.assertEqual(self.rest.delete(f'classifications/{self.secret.pk}/')[0], 204)
        self.assertEqual(Classification.objects.count(), 1)
