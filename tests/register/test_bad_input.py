"""
Bad input, through forms, imports and REST: an error that names the field, never a server error, and nothing changes.
"""
import json
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import cycle

import yaml
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from core.models import ObjectChange
from users.models import User

from netbox_ims.models import AssetProfile, Classification, Decision, InformationAsset, RegisterEntry
from tests import factories as make
from tests.base import RestClient

HUGE = 10**30
NUL = 'a\x00b'


class BadInputTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.root = User.objects.create_superuser('root')
        cls.berlin, cls.paris = make.make_site('Berlin', slug='berlin'), make.make_site('Paris', slug='paris')
        cls.secret = make.make_classification('Secret', level=30, slug='secret')
        cls.unused = make.make_classification('Unused', level=10, slug='unused')
        cls.free, cls.taken = make.make_device('free', cls.berlin), make.make_device('taken', cls.berlin)
        cls.other = make.make_vm('other', cls.berlin)
        cls.twins = [make.make_device('twin', cls.berlin), make.make_device('twin', cls.paris)]
        cls.profile = make.make_profile(cls.taken, classification=cls.secret, rto_minutes=5, is_information_asset=True)
        cls.asset = make.make_information_asset('Records', slug='records')

    def setUp(self):
        self.rest = RestClient(self.root)
        self.client.force_login(self.root)

    def state(self):
        return [
            list(model.objects.order_by('pk').values())
            for model in (AssetProfile, Classification, InformationAsset, Decision, RegisterEntry)
        ] + [ObjectChange.objects.count()]

    @contextmanager
    def assertNothingChanges(self, **params):
        """A subtest at whose end the database is as it was; whatever it did is then undone, for the next one."""
        with self.subTest(**params):
            before, savepoint = self.state(), transaction.savepoint()
            try:
                yield
                self.assertEqual(self.state(), before)
            finally:
                transaction.savepoint_rollback(savepoint)
                transaction.set_rollback(False)

    #
    # The three ways in
    #

    def assertRestRefuses(self, fields, method, path, data):
        """400 with these fields, or with none named where `fields` is None."""
        with self.assertNothingChanges(method=method, path=path, data=data):
            status, answer = self.rest.request(method, path, data)
            self.assertEqual(status, 400, answer)
            if fields is not None:
                self.assertEqual(set(answer), {fields} if isinstance(fields, str) else set(fields))

    def assertFormRefuses(self, field, url, data):
        """The form again, with an error at this field."""
        with self.assertNothingChanges(url=url, data=data):
            response = self.client.post(url, data)
            self.assertEqual(response.status_code, 200)
            self.assertIn(field, response.context['form'].errors)

    def import_records(self, records, format='csv', model='assetprofile'):
        """POST records (dictionaries) to the import page; the response, and what it complains of."""
        if isinstance(records, str):
            data = records
        elif format == 'csv':
            names = list(dict.fromkeys(name for record in records for name in record))
            rows = [[str(record.get(name, '')) for name in names] for record in records]
            data = '\n'.join(','.join(f'"{cell}"' for cell in row) for row in [names, *rows])
        else:
            data = json.dumps(records) if format == 'json' else yaml.safe_dump(records)
        url = reverse(f'plugins:netbox_ims:{model}_bulk_import')
        response = self.client.post(url, {'data': data, 'format': format, 'csv_delimiter': 'auto'})
        errors = [] if response.status_code == 302 else [
            message for messages in response.context['form'].errors.values() for message in messages
        ]
        return response, errors

    def assertImportRefuses(self, text, records, formats=('csv', 'json', 'yaml'), model='assetprofile'):
        """The page again, with an error that contains `text`, such as 'Record 2 rto_minutes:'."""
        for format in formats:
            with self.assertNothingChanges(format=format, records=records):
                response, errors = self.import_records(records, format, model)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(any(text in error for error in errors), errors)


def form_of(ci, **values):
    """What the form of a new profile posts."""
    return {'object_content_type': ContentType.objects.get_for_model(ci).pk, 'object_object_id': ci.pk, **values}


def json_of(ci, **values):
    return {'object_type': ci._meta.label_lower, 'object_id': ci.pk, **values}


class WhichCITestCase(BadInputTestCase):
    """The CI a profile is about."""

    def test_second_profile(self):
        self.assertRestRefuses('object_id', 'post', 'asset-profiles/', json_of(self.taken))
        self.assertFormRefuses('__all__', reverse('plugins:netbox_ims:assetprofile_add'), form_of(self.taken))
        self.assertImportRefuses('Record 1 object_id:', [json_of(self.taken)])
        self.assertImportRefuses('Record 1 object_id:', [{'object_type': 'dcim.device', 'object_name': 'taken'}])

    def test_two_profiles_for_one_ci_in_one_request(self):
        self.assertRestRefuses(None, 'post', 'asset-profiles/', [json_of(self.free), json_of(self.free)])
        self.assertImportRefuses('Record 2 object_id:', [json_of(self.free), json_of(self.free)])

    def test_moving_a_profile_to_another_ci_that_has_one(self):
        other = make.make_profile(self.other)
        self.assertRestRefuses('object_id', 'patch', f'asset-profiles/{other.pk}/', json_of(self.taken))
        self.assertRestRefuses('object_id', 'patch', f'asset-profiles/{self.profile.pk}/', {'object_id': HUGE})

    def test_type(self):
        for value in (
            'dcim.nope', 'nonsense', 'dcim.interface', 'netbox_ims.assetprofile', 'auth.user', '', ' ', '.', 'dcim.',
            'a.b.c', NUL,
            7, 4.5, True, None, [], ['dcim.device'], {}, {'app_label': 'dcim', 'model': 'device'}, 'x' * 5000,
        ):
            self.assertRestRefuses(
                'object_type', 'post', 'asset-profiles/', {'object_type': value, 'object_id': self.free.pk}
            )
        for value, format in zip(
            ('dcim.nope', 'nonsense', 'dcim.interface', 'auth.user', '', '.', 'dcim.', 'a.b.c'),
            cycle(('csv', 'json', 'yaml')),
            strict=False,
        ):
            self.assertImportRefuses(
                'Record 1 object_type:', [{'object_type': value, 'object_id': self.free.pk}], [format]
            )
        for value in (7, 4.5, True, None, ['dcim.device'], {'app_label': 'dcim'}):
            self.assertImportRefuses(
                'Record 1 object_type:', [{'object_type': value, 'object_id': self.free.pk}], ('json', 'yaml')
            )
        interface = ContentType.objects.get_by_natural_key('dcim', 'interface').pk
        for value in ('', '0', 'x', interface, HUGE, '-1', 'dcim.device', NUL):
            self.assertFormRefuses('object', reverse('plugins:netbox_ims:assetprofile_add'), {
                'object_content_type': value, 'object_object_id': self.free.pk,
            })

    def test_without_a_type(self):
        self.assertRestRefuses('object_type', 'post', 'asset-profiles/', {'object_id': self.free.pk})
        self.assertRestRefuses({'object_type', 'object_id'}, 'post', 'asset-profiles/', {})
        self.assertImportRefuses('object_type', [{'object_id': self.free.pk}])
        self.assertFormRefuses('object', reverse('plugins:netbox_ims:assetprofile_add'), {})

    def test_id(self):
        missing = self.free.pk + 10**6
        for value in (
            missing,
            0,
            -1,
            2**31,
            2**63,
            HUGE,
            'x',
            '',
            NUL,
            None,
            1.5,
            [],
            [self.free.pk],
            {},
            {'id': self.free.pk},
        ):
            self.assertRestRefuses(
                'object_id', 'post', 'asset-profiles/', {'object_type': 'dcim.device', 'object_id': value}
            )
            self.assertRestRefuses('object_id', 'patch', f'asset-profiles/{self.profile.pk}/', {'object_id': value})
        for value, format in zip(
            (missing, 0, -1, 2**31, 2**63, HUGE, 'x', 1.5), cycle(('csv', 'json', 'yaml')), strict=False
        ):
            self.assertImportRefuses(
                'Record 1 object_id:', [{'object_type': 'dcim.device', 'object_id': value}], [format]
            )
        for value in ([self.free.pk], {'id': self.free.pk}, NUL):
            self.assertImportRefuses(
                'Record 1 object_id:', [{'object_type': 'dcim.device', 'object_id': value}], ('json',)
            )
        device = ContentType.objects.get_for_model(self.free).pk
        for value in ('', missing, '0', '-1', 2**63, HUGE, 'x', NUL):
            self.assertFormRefuses('object', reverse('plugins:netbox_ims:assetprofile_add'), {
                'object_content_type': device, 'object_object_id': value,
            })

    def test_an_id_of_another_type(self):
        vm = make.make_vm(site=self.berlin)
        while not AssetProfile.objects.none() and vm.pk <= max(device.pk for device in self.twins):
            vm = make.make_vm(site=self.berlin)
        self.assertRestRefuses(
            'object_id', 'post', 'asset-profiles/', {'object_type': 'dcim.device', 'object_id': vm.pk}
        )


class NamedCITestCase(BadInputTestCase):
    """Imports may name a CI instead."""

    def profile_of(self, ci):
        return AssetProfile.objects.filter(
            object_type=ContentType.objects.get_for_model(ci), object_id=ci.pk
        ).first()

    def test_by_name_in_every_format(self):
        for format, ci in (('csv', self.free), ('json', self.other), ('yaml', self.twins[0])):
            record = {
                'object_type': ci._meta.label_lower,
                'object_name': ci.name,
                'site': 'berlin',
                'rto_minutes': '1d 6h',
            }
            response, errors = self.import_records([record], format)
            self.assertEqual((response.status_code, errors), (302, []))
            self.assertEqual(self.profile_of(ci).rto_minutes, 1800)
        self.assertIsNone(self.profile_of(self.twins[1]))

    def test_an_ambiguous_name(self):
        record = {'object_type': 'dcim.device', 'object_name': 'twin'}
        self.assertImportRefuses('Record 1 object_name: More than one', [record])
        for site, twin in (('Paris', self.twins[1]), ('berlin', self.twins[0])):
            self.assertEqual(self.import_records([{**record, 'site': site}])[1], [])
            self.assertIsNotNone(self.profile_of(twin))

    def test_two_sites_of_which_one_has_the_others_name_as_slug(self):
        """A site is its slug or its name; where that is two sites, the CI stays ambiguous."""
        odd = make.make_site('berlin-2', slug='odd')
        make.make_site('odd', slug='berlin-2')
        make.make_device('single', odd)
        record = {'object_type': 'dcim.device', 'object_name': 'single', 'site': 'odd'}
        self.assertEqual(self.import_records([record])[1], [])

    def test_a_name_that_is_nobodys(self):
        for name, site in (
            ('nobody', ''), ('free', 'paris'), ('free', 'nowhere'), ('FREE', ''), ('fre', ''), ('other', ''),
            ('twin', 'nowhere'),
        ):
            self.assertImportRefuses(
                'Record 1 object_name: No such device found',
                [{'object_type': 'dcim.device', 'object_name': name, 'site': site}]
            )
        self.assertImportRefuses(
            'Record 1 object_name:', [{'object_type': 'dcim.device', 'object_name': NUL}], ('json',)
        )
        self.assertImportRefuses(
            'Record 1 site:', [{'object_type': 'dcim.device', 'object_name': 'twin', 'site': NUL}], ('json', )
        )

    def test_neither_id_nor_name(self):
        self.assertImportRefuses('Record 1 object_id: Name the CI', [{'object_type': 'dcim.device', 'rto_minutes': 5}])
        self.assertImportRefuses('Record 1 object_id: Name the CI', [{'object_type': 'dcim.device', 'object_name': ''}])

    def test_id_and_name_that_contradict_each_other(self):
        self.assertImportRefuses('Record 1 object_name:', [json_of(self.free, object_name='other')])
        self.assertEqual(self.import_records([json_of(self.free, object_name='free')])[1], [])


class ValuesTestCase(BadInputTestCase):
    """The values of a profile."""
    FUTURE = (timezone.localdate() + timedelta(days=2)).isoformat()

    # field, values that JSON refuses, values that forms and imports refuse
    WRONG = (
        (
            'rto_minutes',
            ('4h', '90', '', 4.5, 5.0, True, False, -1, 2**31, HUGE, [1], {}, {'minutes': 5}),
            ('4x', '-1', '4.5', '1h 1h', 'h', '4 hours', str(2**31), str(HUGE), '٤'),
        ),
        ('rpo_minutes', ('15m', '0', -1, True, 0.5, 2**31), ('4x', '-1', '0.5', '1h1h', str(HUGE))),
        ('confidentiality', (0, 5, 'x', -1, 2.5, HUGE, [1], {}), ('0', '5', 'x', '-1', '2.5', str(HUGE))),
        ('integrity', (0, 5), ('0', '5')),
        ('availability', (0, 5), ('0', '5')),
        ('is_information_asset', ('maybe', 7, [True], {}), ('maybe', '7', 'sometimes')),
        ('handles_sensitive_data', ('maybe', 7, 'nein'), ('maybe', '7', 'nein')),
        ('processes_personal_data', ('perhaps', 2), ('perhaps', '2')),
        (
            'classification',
            (HUGE, -1, 0, 'secret', 'x', True, [1], {'slug': 'nope'}, {}, {'nonsense': 1}, {'level': 'x'}),
            ('nope', '∞'),
        ),
        ('asset_owner', (HUGE, 0, 'Ada', {'name': 'Nobody'}), ('Nobody',)),
        (
            'last_reviewed',
            ('tomorrow', '2024-13-45', 5, True, [], FUTURE, NUL),
            ('tomorrow', '2024-13-45', '5', FUTURE),
        ),
        ('review_due', ('x', '2024-02-30', '99999-01-01'), ('x', '2024-02-30', '99999-01-01')),
        ('data_categories', ('x' * 201, NUL, [], {}, None), ('x' * 201,)),
        ('description', ('x' * 201, NUL, [], None), ('x' * 201,)),
        ('override_justification', (NUL, [], None), ()),
        ('comments', (NUL, [], None), ()),
        ('classification_override', ('maybe', None, 7, []), ()),
        ('tags', ('x', [HUGE], ['x'], [{'slug': 'nope'}], {}), ('nope',)),
        ('owner', (HUGE, 'x', {'name': 'Nobody'}), ('Nobody',)),
    )

    def test_rest(self):
        for field, values, _texts in self.WRONG:
            for value in values:
                self.assertRestRefuses(field, 'post', 'asset-profiles/', json_of(self.free, **{field: value}))
            self.assertRestRefuses(field, 'patch', f'asset-profiles/{self.profile.pk}/', {field: values[0]})

    def test_rest_bulk_names_the_item(self):
        for data, index in (
            ([json_of(self.free), json_of(self.other, rto_minutes=-1)], 1),
            ([json_of(self.free, confidentiality=9), json_of(self.other)], 0),
        ):
            with self.assertNothingChanges(index=index):
                status, answer = self.rest.post('asset-profiles/', data)
                self.assertEqual((status, [error['index'] for error in answer['errors']]), (400, [index]))
        with self.assertNothingChanges():
            status, answer = self.rest.patch('asset-profiles/', [
                {'id': self.profile.pk, 'rto_minutes': 7}, {'id': HUGE, 'rto_minutes': 7},
            ])
            self.assertEqual(status, 400)

    def test_import(self):
        for field, _values, texts in self.WRONG:
            for text, formats in zip(texts, cycle((('csv',), ('json',), ('yaml',))), strict=False):
                self.assertImportRefuses(f'Record 1 {field}:', [json_of(self.free, **{field: text})], formats)
        for field in ('data_categories', 'override_justification', 'description', 'comments'):
            self.assertImportRefuses(f'Record 1 {field}:', [json_of(self.free, **{field: NUL})], ('json',))

    def test_form(self):
        add = reverse('plugins:netbox_ims:assetprofile_add')
        edit = reverse('plugins:netbox_ims:assetprofile_edit', args=[self.profile.pk])
        for field, _values, texts in self.WRONG:
            if field in ('is_information_asset', 'handles_sensitive_data', 'processes_personal_data'):
                continue            # see test_flags_in_forms
            for text, url in zip(texts, cycle((add, edit)), strict=False):
                self.assertFormRefuses(field, url, form_of(self.free, **{field: text}))
        for field in ('data_categories', 'override_justification', 'description', 'comments'):
            self.assertFormRefuses(field, add, form_of(self.free, **{field: NUL}))
        for field in ('classification', 'asset_owner', 'owner', 'tags'):
            for text in ('x', '0', '-1', str(HUGE), NUL):
                self.assertFormRefuses(field, add, form_of(self.free, **{field: text}))

    def test_flags_in_forms(self):
        for flag in ('is_information_asset', 'handles_sensitive_data', 'processes_personal_data'):
            for text in ('maybe', '7', 'None of it'):
                self.assertFormRefuses(
                    flag, reverse('plugins:netbox_ims:assetprofile_add'), form_of(self.free, **{flag: text})
                )
                self.assertFormRefuses(
                    flag, reverse('plugins:netbox_ims:assetprofile_edit', args=[self.profile.pk]), {flag: text}
                )

    def test_values_that_contradict_each_other(self):
        override = {'classification_override': True}
        for values, field in (
            ({**override, 'classification': 'secret'}, 'override_justification'),
            ({**override, 'classification': 'secret', 'override_justification': ' \n '}, 'override_justification'),
            ({**override, 'override_justification': 'Because'}, 'classification'),
            ({'last_reviewed': '2024-02-02', 'review_due': '2024-02-01'}, 'review_due'),
        ):
            in_json = {**values, **({'classification': {'slug': 'secret'}} if 'classification' in values else {})}
            in_form = {**values, **({'classification': self.secret.pk} if 'classification' in values else {})}
            self.assertRestRefuses(field, 'post', 'asset-profiles/', json_of(self.free, **in_json))
            self.assertImportRefuses(f'Record 1 {field}:', [json_of(self.free, **values)])
            self.assertFormRefuses(field, reverse('plugins:netbox_ims:assetprofile_add'), form_of(self.free, **in_form))

    def test_an_information_asset_that_is_none(self):
        field = 'is_information_asset'
        self.assertRestRefuses(field, 'post', 'asset-profiles/', json_of(self.asset, **{field: False}))
        self.assertImportRefuses(f'Record 1 {field}:', [json_of(self.asset, **{field: 'false'})])
        self.assertFormRefuses(
            field, reverse('plugins:netbox_ims:assetprofile_add'), form_of(self.asset, **{field: 'false'})
        )
        profile = make.make_profile(self.asset)
        self.assertRestRefuses(field, 'patch', f'asset-profiles/{profile.pk}/', {field: False})

    def test_durations_as_people_write_them(self):
        for text, minutes in (
            ('4h', 240), ('1d 6h', 1800), ('90', 90), ('90m', 90), ('2w', 20160), ('0', 0), (' 1H ', 60), ('', None),
        ):
            for format in ('csv', 'json', 'yaml', 'form'):
                with self.subTest(text=text, format=format):
                    device = make.make_device(site=self.berlin)
                    if format == 'form':
                        add = reverse('plugins:netbox_ims:assetprofile_add')
                        self.assertEqual(self.client.post(add, form_of(device, rto_minutes=text)).status_code, 302)
                    else:
                        self.assertEqual(self.import_records([json_of(device, rto_minutes=text)], format)[1], [])
                    self.assertEqual(AssetProfile.objects.latest('pk').rto_minutes, minutes)
        response, errors = self.import_records([json_of(self.free, rto_minutes=240)], 'json')
        self.assertEqual((errors, AssetProfile.objects.latest('pk').rto_minutes), ([], 240))

    def test_flags_as_people_write_them(self):
        for text, flag in (
            ('true', True),
            ('false', False),
            ('', None),
            ('True', True),
            ('False', False),
            ('null', None),
        ):
            for format in ('csv', 'json', 'yaml'):
                with self.subTest(text=text, format=format):
                    device = make.make_device(site=self.berlin)
                    record = json_of(device, processes_personal_data=text)
                    self.assertEqual(self.import_records([record], format)[1], [])
                    self.assertIs(AssetProfile.objects.latest('pk').processes_personal_data, flag)
        for value in (True, False, None):
            for format in ('json', 'yaml'):
                device = make.make_device(site=self.berlin)
                self.assertEqual(self.import_records([json_of(device, processes_personal_data=value)], format)[1], [])
                self.assertIs(AssetProfile.objects.latest('pk').processes_personal_data, value)

    def test_bulk_edit(self):
        url = reverse('plugins:netbox_ims:assetprofile_bulk_edit')
        for field, text in (
            ('rto_minutes', '4x'), ('rto_minutes', '-1'), ('confidentiality', '9'), ('classification', HUGE),
            ('classification', 'x'), ('asset_owner', '0'), ('last_reviewed', 'x'), ('data_categories', 'x' * 201),
            ('data_categories', NUL),
        ):
            self.assertFormRefuses(field, url, {'pk': self.profile.pk, '_apply': '1', field: text})
        for data in (
            {'last_reviewed': self.FUTURE}, {'_nullify': ['nonsense']},
        ):
            with self.assertNothingChanges(data=data):
                self.assertIn(
                    self.client.post(url, {'pk': self.profile.pk, '_apply': '1', **data}).status_code, (200, 302)
                )


class RegisterBulkTestCase(BadInputTestCase):
    """"Classify selected" and "Edit selected" in the register."""

    def test_values(self):
        entry = RegisterEntry.objects.of(self.free).get().pk
        for field, text in (
            ('rto_minutes', '4x'), ('rto_minutes', '-1'), ('confidentiality', '9'), ('classification', HUGE),
            ('classification', 'x'), ('classification', NUL), ('asset_owner', '0'), ('last_reviewed', 'x'),
            ('data_categories', 'x' * 201), ('handles_sensitive_data', 'maybe'),
        ):
            self.assertFormRefuses(
                field, reverse('plugins:netbox_ims:registerentry_bulk_edit'), {'pk': entry, '_apply': '1', field: text}
            )
        for field in ('classification', 'asset_owner'):
            for text in ('x', '0', HUGE, NUL):
                self.assertFormRefuses(
                    field, reverse('plugins:netbox_ims:registerentry_classify'), {'pk': entry, field: text}
                )

    def test_nothing_to_change(self):
        entry = RegisterEntry.objects.of(self.free).get().pk
        for url, data in (
            ('registerentry_bulk_edit', {'_apply': '1'}), ('registerentry_classify', {}),
            ('registerentry_bulk_edit', {'_apply': '1', '_nullify': 'nonsense'}),
            ('registerentry_bulk_edit', {'_apply': '1', '_nullify': 'override_justification'}),
        ):
            self.assertFormRefuses('__all__', reverse(f'plugins:netbox_ims:{url}'), {'pk': entry, **data})

    def test_one_ci_that_cannot_have_it_stops_all_and_is_named(self):
        url = reverse('plugins:netbox_ims:registerentry_bulk_edit')
        pks = [RegisterEntry.objects.of(ci).get().pk for ci in (self.free, self.taken, self.asset)]
        data = {'pk': pks, '_apply': '1', 'is_information_asset': 'false', 'rto_minutes': '5'}
        with self.assertNothingChanges():
            response = self.client.post(url, data)
            self.assertEqual(response.status_code, 200)
            self.assertIn('Records: An information asset is always one.', response.context['form'].non_field_errors())
        self.assertFormRefuses('__all__', url, {'pk': pks, '_apply': '1', 'last_reviewed': ValuesTestCase.FUTURE})

    def test_selections(self):
        for name in (
            'registerentry_bulk_edit',
            'registerentry_classify',
            'assetprofile_bulk_edit',
            'assetprofile_bulk_delete',
        ):
            url = reverse(f'plugins:netbox_ims:{name}')
            for pks in (
                [],
                [''],
                ['x'],
                ['-1'],
                ['0'],
                [HUGE],
                [2**63],
                [NUL],
                ['1.5'],
                ['²'],
                ['1,2'],
                ['x', HUGE, '٣'],
            ):
                with self.assertNothingChanges(url=url, pks=pks):
                    response = self.client.post(url, {
                        'pk': pks, '_apply': '1', '_confirm': '1', 'confirm': 'true', 'classification': self.unused.pk,
                    })
                    self.assertIn(response.status_code, (200, 302))

    def test_return_urls_stay_here(self):
        entry = RegisterEntry.objects.of(self.free).get().pk
        for url in ('https://example.org/', '//example.org/', 'javascript:alert(1)'):
            response = self.client.post(reverse('plugins:netbox_ims:registerentry_classify'), {
                'pk': entry, 'classification': self.secret.pk, 'return_url': url,
            })
            self.assertRedirects(
                response, reverse('plugins:netbox_ims:registerentry_list'), fetch_redirect_response=False
            )

    def test_what_was_good_in_it_works(self):
        """The selections above fail for what is wrong with them, not anyway."""
        entries = [RegisterEntry.objects.of(ci).get().pk for ci in (self.free, self.taken)]
        response = self.client.post(reverse('plugins:netbox_ims:registerentry_classify'), {
            'pk': entries, 'classification': ['', self.unused.pk], 'changelog_message': 'As agreed',
        })
        self.assertEqual(response.status_code, 302)
        self.assertEqual(set(AssetProfile.objects.values_list('classification__slug', flat=True)), {'unused'})
        self.assertEqual(set(Decision.objects.order_by('-pk')[:2].values_list('reason', flat=True)), {'As agreed'})


class ImportTestCase(BadInputTestCase):
    """Imports as a whole."""

    def test_one_bad_row_of_three_changes_nothing_and_is_named(self):
        for position in range(3):
            records = [json_of(ci, rto_minutes='4h') for ci in (self.free, self.other, self.asset)]
            records[position]['rto_minutes'] = '4x'
            self.assertImportRefuses(f'Record {position + 1} rto_minutes: “4x” is not a duration', records)
        self.assertEqual(self.import_records([json_of(ci, rto_minutes='4h') for ci in (self.free, self.other)])[1], [])

    def test_columns(self):
        self.assertImportRefuses('nonsense', [json_of(self.free, nonsense=1)], ('csv',))
        self.assertImportRefuses('object_type', 'object_id\n1', ('csv',))
        self.assertImportRefuses('', 'object_type,object_id,object_id\ndcim.device,1,2', ('csv',))
        self.assertImportRefuses('', 'object_type,object_id\ndcim.device', ('csv',))
        self.assertImportRefuses('', f'object_type,object_id\ndcim.device,{self.free.pk},extra', ('csv',))

    def test_texts_that_are_no_records(self):
        for format, data in (
            ('csv', ''), ('csv', '\n'), ('csv', ','), ('csv', '"'), ('csv', NUL), ('csv', 'object_type,object_id'),
            ('json', ''), ('json', '{'), ('json', '5'), ('json', '"text"'), ('json', 'null'), ('json', '[5]'),
            ('json', '[[]]'),
            ('json', '[null]'), ('json', '["text"]'), ('json', '[]'), ('json', '{}'), ('json', '[{}]'),
            ('yaml', ''), ('yaml', '{'), ('yaml', '5'), ('yaml', 'text'), ('yaml', '- 5'), ('yaml', '- - 1'),
            ('yaml', '[]'),
            ('yaml', '!!python/object/apply:os.system ["true"]'), ('yaml', '&a [*a]'), ('nonsense', 'x'),
        ):
            with self.assertNothingChanges(format=format, data=data):
                response, _errors = self.import_records(data, format)
                # An empty list is an import of nothing
                self.assertEqual(response.status_code, 302 if data == '[]' else 200)

    def test_updating(self):
        for pk in (HUGE, 2**63, self.profile.pk + 10**6):
            self.assertImportRefuses('Record 1 id: Object with ID', [{'id': pk, 'rto_minutes': 7}])
        for values, field in (
            ({'rto_minutes': '4x'}, 'rto_minutes'), ({'confidentiality': 9}, 'confidentiality'),
            ({'classification': 'nope'}, 'classification'),
            ({'classification_override': 'true'}, 'override_justification'),
            ({'last_reviewed': ValuesTestCase.FUTURE}, 'last_reviewed'),
            ({'handles_sensitive_data': 'maybe'}, 'handles_sensitive_data'),
        ):
            self.assertImportRefuses(f'Record 1 {field}:', [{'id': self.profile.pk, **values}])
        self.assertImportRefuses('Record 1 object_', [{'id': self.profile.pk, 'object_type': 'dcim.nope'}])
        self.assertImportRefuses('Record 1 object_', [{'id': self.profile.pk, 'object_id': HUGE}])

    def test_updating_leaves_the_rest(self):
        response, errors = self.import_records([{'id': self.profile.pk, 'rpo_minutes': '1h'}])
        self.assertEqual(errors, [])
        profile = AssetProfile.objects.get()
        self.assertEqual(
            (
                profile.rpo_minutes,
                profile.rto_minutes,
                profile.classification,
                profile.is_information_asset,
                profile.object,
            ),
            (60, 5, self.secret, True, self.taken),
        )

    def test_other_models(self):
        for records, text, model in (
            ([{'name': 'New', 'slug': 'new', 'level': 30}], 'Record 1 level:', 'classification'),
            ([{'name': 'New', 'slug': 'new', 'level': 'x'}], 'Record 1 level:', 'classification'),
            ([{'name': 'New', 'slug': 'new', 'level': 10**10}], 'Record 1 level:', 'classification'),
            ([{'name': 'New', 'slug': 'new', 'level': 1, 'color': 'red'}], 'Record 1 color:', 'classification'),
            ([{'name': 'Records', 'slug': 'new'}], 'Record 1 name:', 'informationasset'),
            ([{'name': 'New', 'slug': 'new', 'status': 'nonsense'}], 'Record 1 status:', 'informationasset'),
            ([{'name': 'New', 'slug': 'new', 'custodian': 'Nobody'}], 'Record 1 custodian:', 'informationasset'),
        ):
            self.assertImportRefuses(text, records, model=model)


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
        for data in ('text', 5, [], ['text'], [{}]):
            self.assertRestRefuses(None, 'patch', f'asset-profiles/{self.profile.pk}/', data)
            self.assertRestRefuses(None, 'put', f'asset-profiles/{self.profile.pk}/', data)

    def test_text_that_is_no_json(self):
        for data in ('{', 'x', '', '\x00', '{"object_type": "dcim.device", "object_id": NaN}', '[' * 5000):
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

    def test_ids_in_paths_and_pages(self):
        for path in ('register', 'asset-profiles', 'classifications', 'decisions', 'retired-cis', 'information-assets'):
            for pk in (0, -1, 2**31, 2**63, HUGE, 'x', '%00'):
                with self.subTest(path=path, pk=pk):
                    self.assertEqual(self.rest.get(f'{path}/{pk}/')[0], 404)
            for parameters in (
                'limit=x', 'limit=-1', f'limit={HUGE}', 'offset=x', f'offset={2**40}', 'ordering=nonsense',
                'ordering=-',
                'ordering=name%00', 'fields=nonsense', 'brief=x', 'exclude=config_context', 'fields=id&brief=1',
                'page=x',
            ):
                with self.subTest(path=path, parameters=parameters):
                    self.assertIn(self.rest.get(f'{path}/?{parameters}')[0], (200, 400))
            for parameters in (
                'page=x', 'page=-1', f'page={HUGE}', 'per_page=x', f'per_page={HUGE}', 'per_page=-1', 'sort=nonsense',
                'sort=-',
                'sort=name%00', 'export=nonsense', 'include_columns=nonsense', 'filter_id=x', f'filter_id={HUGE}',
                'filter=nope',
                'tableconfig_id=x', f'tableconfig_id={HUGE}', 'embedded=x', 'return_url=//example.org',
            ):
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
        response = self.client.get(reverse('plugins:netbox_ims:classification_delete', args=[self.secret.pk]))
        self.assertEqual(response.status_code, 200)
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

    def test_once_it_is_free(self):
        AssetProfile.objects.all().delete()
        self.assertEqual(self.rest.delete(f'classifications/{self.secret.pk}/')[0], 204)
        self.assertEqual(Classification.objects.count(), 1)


class ReviewDateTestCase(BadInputTestCase):

    def test_today_is_no_future(self):
        status, data = self.rest.patch(
            f'asset-profiles/{self.profile.pk}/', {'last_reviewed': timezone.localdate().isoformat()}
        )
        self.assertEqual(status, 200, data)

    def test_an_interval_that_leads_beyond_the_calendar(self):
        self.secret.review_interval_days = 2_147_483_647
        self.secret.save()
        self.assertRestRefuses(
            'review_due', 'patch', f'asset-profiles/{self.profile.pk}/', {'last_reviewed': '2024-01-01'}
        )
        self.assertFormRefuses(
            'review_due', reverse('plugins:netbox_ims:assetprofile_edit', args=[self.profile.pk]),
            {'classification': self.secret.pk, 'last_reviewed': date(2024, 1, 1)},
        )
