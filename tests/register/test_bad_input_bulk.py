"""Bad input about many at once: imports, and what is done to the rows ticked in the register."""
from django.urls import reverse

from netbox_ims.models import AssetProfile, Decision, RegisterEntry

from .bad_input import FUTURE, HUGE, NUL, BadInputTestCase, json_of


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
            errors = response.context['form'].errors['is_information_asset']
            self.assertEqual(errors, ['Records: An information asset is always one.'])
        self.assertFormRefuses('last_reviewed', url, {'pk': pks, '_apply': '1', 'last_reviewed': FUTURE})

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
            ('csv', ','), ('json', ''), ('json', '{'), ('json', '5'), ('json', '"text"'), ('json', 'null'),
            ('json', '[5]'),
            ('json', '[[]]'), ('json', '[null]'), ('json', '["text"]'), ('json', '{}'), ('json', '[{}]'), ('yaml', '{'),
            ('yaml', '5'), ('yaml', 'text'), ('yaml', '- 5'), ('yaml', '- - 1'), ('yaml', '&a [*a]'),
            ('yaml', '!!python/object/apply:os.system ["true"]'),
        ):
            for model in ('assetprofile', *(('classification', 'informationasset') if data == '[5]' else ())):
                with self.assertNothingChanges(format=format, data=data, model=model):
                    response, errors = self.import_records(data, format, model)
                    self.assertEqual(response.status_code, 200)
                    self.assertTrue(errors)

    def test_texts_without_any_record(self):
        for format, data in (
            ('csv', '"'), ('csv', 'object_type,object_id'), ('json', '[]'), ('yaml', ''), ('yaml', '[]'),
        ):
            with self.assertNothingChanges(format=format, data=data):
                self.assertIn(self.import_records(data, format)[0].status_code, (200, 302))

    def test_updating(self):
        for pk in (HUGE, 2**63, self.profile.pk + 10**6):
            self.assertImportRefuses('Record 1 id: Object with ID', [{'id': pk, 'rto_minutes': 7}])
        for pk in ('x', 1.5, '-1', '²', NUL):
            self.assertImportRefuses('Record 1 id: must be', [{'id': pk, 'rto_minutes': 7}], ('json',))
        self.assertImportRefuses('Record 1 id: must be', [{'id': 'x', 'rto_minutes': 7}])
        for pk in (True, [self.profile.pk], {'pk': self.profile.pk}):
            self.assertImportRefuses('Record 1 id: must be', [{'id': pk, 'rto_minutes': 7}], ('json', 'yaml'))
        for values, field in (
            ({'rto_minutes': '4x'}, 'rto_minutes'), ({'confidentiality': 9}, 'confidentiality'),
            ({'classification': 'nope'}, 'classification'),
            ({'classification_override': 'true'}, 'override justification'),
            ({'last_reviewed': FUTURE}, 'last_reviewed'),
            ({'handles_sensitive_data': 'maybe'}, 'handles_sensitive_data'),
        ):
            self.assertImportRefuses(f'{field}: ', [{'id': self.profile.pk, **values}])
        self.assertImportRefuses('Record 1 object_', [{'id': self.profile.pk, 'object_type': 'dcim.nope'}])
        self.assertImportRefuses('Record 1 object_id: No such', [{'id': self.profile.pk, 'object_id': HUGE}])
        self.assertImportRefuses('Record 1 object_type: Name', [{'id': self.profile.pk, 'object_type': 'dcim.rack'}])

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
        color = {'color': 'ff0000'}
        for records, text, model in (
            ([{**color, 'name': 'New', 'slug': 'new', 'level': 30}], 'Record 1 level:', 'classification'),
            ([{**color, 'name': 'New', 'slug': 'new', 'level': 'x'}], 'Record 1 level:', 'classification'),
            ([{**color, 'name': 'New', 'slug': 'new', 'level': 10**10}], 'Record 1 level:', 'classification'),
            ([{'name': 'New', 'slug': 'new', 'level': 1, 'color': 'red'}], 'Record 1 color:', 'classification'),
            ([{'name': 'Records', 'slug': 'new'}], 'Record 1 name:', 'informationasset'),
            ([{'name': 'New', 'slug': 'new', 'status': 'nonsense'}], 'Record 1 status:', 'informationasset'),
            ([{'name': 'New', 'slug': 'new', 'custodian': 'Nobody'}], 'Record 1 custodian:', 'informationasset'),
        ):
            self.assertImportRefuses(text, records, model=model)
