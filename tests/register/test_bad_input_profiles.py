"""Bad input about one profile: which CI it is about, and the values it says of it."""
from datetime import date
from itertools import cycle

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from netbox_ims.models import AssetProfile
from tests import factories as make

from .bad_input import FUTURE, HUGE, NUL, BadInputTestCase, form_of, json_of


class WhichCITestCase(BadInputTestCase):
    """The CI a profile is about."""

    def test_second_profile(self):
        self.assertRestRefuses('object_id', 'post', 'asset-profiles/', json_of(self.taken))
        self.assertFormRefuses('object', reverse('plugins:netbox_ims:assetprofile_add'), form_of(self.taken))
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
        vm = make.make_vm(site=self.berlin, pk=max(device.pk for device in self.twins) + 1000)
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
            (HUGE, -1, 0, 'secret', 'x', True, [1], {'slug': 'nope'}, {}, {'nonsense': 1}, {'name': 5},
             {'id': 'x'}, {'id': [1]}, {'slug': NUL}, {'slug__regex': '('}),
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
        ('tags', ('x', [HUGE], ['x'], [{'slug': 'nope'}], {}, [{'id': 'x'}], [{'slug': NUL}]), ('nope',)),
        ('changelog_message', (5, True, [], {}, NUL, 'x' * 201), ()),
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
        self.assertFormRefuses(None, url, {'pk': self.profile.pk, '_apply': '1', 'last_reviewed': FUTURE})


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
