"""What the register says of a CI, as badges and as text: on NetBox's own lists, and on the register's."""
import csv

from django.test import TestCase, override_settings
from django.utils.html import strip_tags

from dcim.models import Device
from dcim.tables import DeviceTable
from utilities.tables import get_table_for_model

from netbox_ims.ci_types import get_ci_types
from netbox_ims.core_integration.columns import COLUMNS
from netbox_ims.models import AssetProfile, RegisterEntry
from tests import factories as make
from tests.base import QueryCountMixin

from .estate import DEVICES, SEES, CoreEstate

ALL = 'include_columns=ims_classification,ims_flags,ims_rto'


class CellsMixin:

    def cells(self, column, path=f'{DEVICES}?{ALL}', user=None):
        """{name of the row: the words in this column}"""
        table = self.browser(user or self.root).get(path).context['table']
        return {
            strip_tags(row.get_cell('name')).strip(): ' '.join(strip_tags(row.get_cell(column)).split())
            for row in table.page.object_list
        }

    def exported(self, parameters=ALL, user=None):
        response = self.browser(user or self.root).get(f'{DEVICES}?{parameters}&export=table')
        return {row['Name']: row for row in csv.DictReader(response.getvalue().decode().splitlines())}


class CoreListTestCase(CellsMixin, QueryCountMixin, CoreEstate, TestCase):

    def test_cells(self):
        self.assertEqual(self.cells('ims_classification'), {
            'top': 'Confidential', 'mid': 'Internal', 'blank': '? Unclassified', 'bare': 'Confidential ? own: none',
        })
        self.assertEqual(self.cells('ims_rto')['top'], '4h')
        self.assertEqual(self.cells('ims_rto')['bare'], '? unknown')
        flags = self.cells('ims_flags')
        self.assertEqual((flags['top'], flags['blank']), ('S ? unknown PD – no', 'S ? unknown PD ? unknown'))

    def test_off_until_chosen(self):
        table = self.browser(self.root).get(DEVICES).context['table']
        self.assertFalse({name for name, _title in table.selected_columns} & COLUMNS.keys())
        self.assertEqual({name for name, _title in table.available_columns} & COLUMNS.keys(), COLUMNS.keys())

    def test_chosen_by_preference(self):
        self.root.config.set('tables.DeviceTable.columns', ['name', 'ims_classification'], commit=True)
        self.assertEqual(self.cells('ims_classification', DEVICES)['top'], 'Confidential')

    def test_one_query_more_whatever_the_rows(self):
        browser = self.browser(self.root)
        plain = self.count_queries(lambda: browser.get(DEVICES))
        self.assertEqual([sql for sql in plain if 'netbox_ims' in sql], [])
        for columns in ('ims_classification', 'ims_classification,ims_flags,ims_rto'):
            few = self.count_queries(lambda c=columns: browser.get(f'{DEVICES}?include_columns={c}'))
            self.assertEqual(len([sql for sql in few if 'netbox_ims' in sql]), 1)
            self.assertEqual(len(few), len(plain) + 1)
        for n in range(6):
            make.make_profile(make.make_device(f'more {n}', self.berlin), classification=self.internal)
        self.assertSameQueries(few, self.count_queries(lambda: browser.get(f'{DEVICES}?{ALL}')))

    def test_others_see_nothing(self):
        for permissions in (SEES[:1], SEES[:2], (SEES[0], SEES[2])):
            user = make.make_user(*permissions)
            browser = self.browser(user)
            for column in COLUMNS:
                self.assertEqual(set(self.cells(column, user=user).values()), {''})
            queries = self.count_queries(lambda b=browser: b.get(f'{DEVICES}?{ALL}'))
            self.assertEqual([sql for sql in queries if 'ims_register' in sql], [])
            self.assertEqual({row['Classification (effective)'] for row in self.exported(user=user).values()}, {''})

    def test_what_may_not_be_seen_is_unknown(self):
        for constraints in ((None, {'site__slug': 'paris'}, None), (None, None, {'classification': None})):
            user = make.make_user()
            for permission, constraint in zip(SEES, constraints, strict=True):
                make.grant(user, permission, constraints=constraint)
            with self.subTest(constraints):
                self.assertEqual(self.cells('ims_classification', user=user), {
                    'top': '? Unclassified', 'mid': '? Unclassified', 'blank': '? Unclassified',
                    'bare': 'Confidential ? own: none',
                })
                self.assertEqual(self.exported(user=user)['top']['Classification (effective)'], 'Unclassified')

    def test_export(self):
        for streaming in (False, True):
            with override_settings(STREAMING_EXPORTS=streaming), self.subTest(streaming=streaming):
                rows = self.exported()
                self.assertEqual(
                    {name: row['Classification (effective)'] for name, row in rows.items()},
                    {'top': 'Confidential', 'mid': 'Internal', 'blank': 'Unclassified',
                     'bare': 'Confidential (inherited, own: none)'}
                )
                flags = rows['bare']['Sensitive, personal data']
                self.assertEqual(flags, 'sensitive: unknown, personal: yes (inherited)')
                self.assertEqual((rows['top']['RTO'], rows['mid']['RTO']), ('4h', ''))
                browser = self.browser(self.root)
                queries = self.count_queries(lambda b=browser: b.get(f'{DEVICES}?{ALL}&export=table').getvalue())
                self.assertEqual(len([sql for sql in queries if 'netbox_ims_registerentry' in sql]), 1)

    def test_what_is_selected_for_a_bulk_operation(self):
        pks = {'pk': [self.top.pk, self.bare.pk]}
        body = self.browser(self.root).post(f'{DEVICES}edit/', pks).content.decode()
        self.assertIn('own: none', body)
        user = make.make_user('dcim.view_device', 'dcim.change_device')
        self.assertNotIn('own: none', self.browser(user).post(f'{DEVICES}edit/', pks).content.decode())

    def test_every_registered_type_and_no_other(self):
        for ci_type in get_ci_types().values():
            with self.subTest(ci_type.label):
                table = get_table_for_model(ci_type.model)(ci_type.model.objects.all())
                self.assertEqual(set(table.columns.names()) & COLUMNS.keys(), COLUMNS.keys())
        table = self.browser(self.root).get(f'/dcim/manufacturers/?{ALL}').context['table']
        self.assertFalse(set(table.columns.names()) & COLUMNS.keys())

    def test_table_without_a_request(self):
        header, *rows = DeviceTable(Device.objects.all()).as_values()
        self.assertEqual({row[header.index('Classification (effective)')] for row in rows}, {''})


class BadgesTestCase(CellsMixin, CoreEstate, TestCase):
    """One way of saying it, here and in the register."""

    def assertBadge(self, words, exported, *css):
        cells = self.cells('ims_classification')
        self.assertEqual(cells['mid'], words)
        self.assertEqual(self.cells('classification', '/plugins/ims/register/?object_type=dcim.device')['mid'], words)
        self.assertEqual(self.exported()['mid']['Classification (effective)'], exported)
        table = self.browser(self.root).get(f'{DEVICES}?{ALL}&name=mid').context['table']
        html = next(iter(table.page.object_list)).get_cell('ims_classification')
        for name in css:
            self.assertIn(name, html)

    def test_own(self):
        self.assertBadge('Internal', 'Internal', 'ims-cls')

    def test_inherited_and_under_classified(self):
        self.inherit(self.mid, effective_classification=self.confidential, under_classified=True)
        self.assertBadge(
            'Confidential own: Internal', 'Confidential (inherited, own: Internal)', 'ims-inh', 'arrow-bottom-right',
            'ims-bad'
        )

    def test_lower_bound(self):
        self.inherit(self.mid, effective_complete=False)
        self.assertBadge('≥ Internal', '≥ Internal', 'ims-cls', 'Lower bound')
        self.inherit(self.mid, effective_classification=self.confidential)
        self.assertBadge(
            '≥ Confidential own: Internal', '≥ Confidential (inherited, own: Internal)', 'ims-inh', 'Lower bound'
        )

    def test_overridden(self):
        AssetProfile.objects.filter(object_id=self.mid.pk).update(
            classification_override=True, override_justification='Agreed'
        )
        self.inherit(self.mid, effective_complete=False, effective_classification=self.internal)
        self.assertBadge('Internal overridden', 'Internal (overridden)', 'ims-cls', 'pencil-lock')

    def test_register_sorts_by_the_level_that_counts(self):
        RegisterEntry.objects.exclude(object_type__model='device').delete()
        for sort, expected in (
            ('classification', ['mid', 'bare', 'top', 'blank']), ('-classification', ['blank', 'top', 'bare', 'mid']),
        ):
            names = list(self.cells('classification', f'/plugins/ims/register/?sort={sort}'))
            self.assertEqual(names, expected)

    def test_inherited_flag(self):
        html = {
            strip_tags(row.get_cell('name')).strip(): row.get_cell('ims_flags')
            for row in self.browser(self.root).get(f'{DEVICES}?{ALL}').context['table'].page.object_list
        }
        self.assertIn('ims-flag inh', html['bare'])
        self.assertIn('ims-flag yes', html['mid'])
