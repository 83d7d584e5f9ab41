"""The risk register and the treatment plan as files: what is in them, and what is not for everybody."""
import csv
import io
from datetime import timedelta

from django.test import TestCase
from django.utils import timezone
from openpyxl import load_workbook

from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import QueryCountMixin

REGISTER, PLAN = '/plugins/ims/risks/register/', '/plugins/ims/risks/treatment-plan/'
SEES = tuple(f'netbox_ims.view_{name}' for name in (
    'risk', 'riskassignment', 'risktreatment', 'standard', 'clause', 'control', 'registerentry', 'assetprofile',
))


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


class ExportTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.standard = make.make_standard('security')
        clause = make.make_clause(cls.standard, '6.1')
        make.active_matrix()
        cls.contact = make.make_contact('K. Brandt')
        cls.fire = make.make_risk(
            'Fire', standards=[cls.standard], clauses=[clause], inherent=(3, 3), current=(2, 3), target=(1, 2),
            treatment='modify', risk_owner=cls.contact, review_due=in_days(10), threat='=HYPERLINK("http://x")',
        )
        make.make_treatment(
            cls.fire, 'Sprinklers', controls=[make.make_control('A.7.5')], responsible=cls.contact, due=in_days(-4),
        )
        make.make_treatment(cls.fire, 'Alarm', done_on=in_days(-30))
        cls.bare = make.make_risk('Theft', standards=[cls.standard], current=(3, 3), treatment='modify')
        make.make_risk('Past', standards=[cls.standard], current=(3, 3), status='closed')
        make.make_risk('Small', standards=[cls.standard], current=(1, 1), treatment='retain')
        make.make_risk('Unrated', standards=[make.make_standard('other')])
        cls.device, other = make.make_device('web-1'), make.make_device('web-2')
        make.make_profile(cls.device, classification=make.make_classification('Secret'), rto_minutes=240)
        for ci in (cls.device, other):
            make.make_risk_assignment(ci, cls.fire)
        settle()

    def setUp(self):
        self.user = make.make_user(*SEES, 'dcim.view_device')
        self.client.force_login(self.user)

    def rows(self, url, **query):
        response = self.client.get(url, {'format': 'csv', **query})
        self.assertEqual(response['Content-Type'], 'text/csv; charset=utf-8')
        return list(csv.DictReader(io.StringIO(response.content.decode('utf-8-sig'))))

    def test_register(self):
        rows = {row['title']: row for row in self.rows(REGISTER)}
        self.assertEqual(rows.keys(), {'Fire', 'Theft', 'Small', 'Unrated'})
        fire = rows['Fire']
        self.assertEqual({name: fire[name] for name in (
            'reference', 'standards', 'clauses', 'inherent_likelihood', 'inherent_impact', 'inherent_level',
            'current_level', 'target_level', 'treatment', 'actions', 'controls', 'risk_owner', 'review_due', 'cis',
            'classification', 'rto',
        )}, {
            'reference': self.fire.reference, 'standards': 'security', 'clauses': '6.1',
            'inherent_likelihood': '3 Certain', 'inherent_impact': '3 Severe', 'inherent_level': 'High',
            'current_level': 'High', 'target_level': 'Low', 'treatment': 'Modify', 'actions': '1/2',
            'controls': 'A.7.5',
            'risk_owner': 'K. Brandt', 'review_due': in_days(10).isoformat(), 'cis': '2', 'classification': '≥ Secret',
            'rto': '≤ 4h',
        })
        self.assertEqual((rows['Unrated']['current_level'], rows['Unrated']['cis']), ('', '0'))

    def test_filters_of_the_list(self):
        for query, titles in (
            ({'standard': 'other'}, ['Unrated']), ({'status': 'closed'}, ['Past']),
            ({'level': 'high'}, ['Fire', 'Theft']),
            ({'device_id': self.device.pk}, ['Fire']), ({'level': 'no such'}, []), ({'standard': 'no such'}, []),
        ):
            with self.subTest(query):
                self.assertEqual([row['title'] for row in self.rows(REGISTER, **query)], titles)

    def test_xlsx(self):
        book = load_workbook(io.BytesIO(self.client.get(REGISTER, {'format': 'xlsx'}).content))
        about, sheet = book.worksheets
        self.assertEqual(about['A1'].value, 'Risk register')
        heads = [cell.value for cell in sheet[1]]
        fire = dict(zip(heads, sheet[2], strict=True))
        self.assertEqual(fire['Inherent level'].value, 'High')
        self.assertEqual(fire['Inherent level'].fill.fgColor.rgb, '00FBC38D')
        self.assertEqual(fire['Review due'].value.date(), in_days(10))
        self.assertEqual((fire['Threat'].value, fire['Threat'].data_type), ('=HYPERLINK("http://x")', 's'))
        self.assertEqual(sheet.auto_filter.ref, f'A1:AA{sheet.max_row}')
        self.assertEqual((sheet.freeze_panes, sheet.page_setup.orientation), ('C2', 'landscape'))
        self.assertEqual(sheet.max_row, 5)

    def test_plan(self):
        rows = [
            {name: row[name] for name in ('title', 'action', 'controls', 'responsible', 'due', 'done_on', 'state')}
            for row in self.rows(PLAN)
        ]
        nothing = dict.fromkeys(('action', 'controls', 'responsible', 'due', 'done_on'), '')
        nothing['state'] = 'nothing planned'
        self.assertEqual(rows, [
            {'title': 'Fire', 'action': 'Sprinklers', 'controls': 'A.7.5', 'responsible': 'K. Brandt',
             'due': in_days(-4).isoformat(), 'done_on': '', 'state': 'overdue, 0 %'},
            {'title': 'Fire', 'action': 'Alarm', 'controls': '', 'responsible': '', 'due': '',
             'done_on': in_days(-30).isoformat(), 'state': 'done'},
            {'title': 'Theft', **nothing},
            {'title': 'Unrated', **nothing},
        ])

    def test_plan_to_print_and_as_xlsx(self):
        response = self.client.get(PLAN, {'format': 'html'})
        self.assertNotIn('attachment', response['Content-Disposition'])
        for text in ('6.1.3 e', 'Sprinklers', 'no action planned', 'no risk owner', 'High → Low'):
            self.assertContains(response, text)
        sheet = load_workbook(io.BytesIO(self.client.get(PLAN, {'format': 'xlsx'}).content)).worksheets[1]
        self.assertEqual([cell.value for cell in sheet['H']], ['Action', 'Sprinklers', 'Alarm', None, None])

    def test_of_what_one_may_see(self):
        make.make_risk_assignment(make.make_vm('hidden'), self.bare)
        rows = {row['title']: row for row in self.rows(REGISTER)}
        self.assertEqual((rows['Theft']['cis'], rows['Theft']['classification']), ('0', ''))
        user = make.make_user('netbox_ims.view_risk')
        self.client.force_login(user)
        fire = self.rows(REGISTER)[0]
        self.assertEqual(
            [fire[name] for name in ('standards', 'clauses', 'controls', 'cis', 'classification')],
            ['', '', '', '0', '']
        )
        self.assertEqual(self.client.get(PLAN).status_code, 403)
        make.grant(user, 'netbox_ims.view_risktreatment', constraints={'name': 'Alarm'})
        self.client.force_login(make.fresh(user))
        self.assertEqual([row['action'] for row in self.rows(PLAN) if row['title'] == 'Fire'], ['Alarm'])
        make.make_treatment(self.bare, 'Locks')
        self.assertEqual(
            [row['state'] for row in self.rows(PLAN) if row['title'] == 'Theft'], ['actions you may not see']
        )
        self.client.force_login(make.make_user())
        self.assertEqual(self.client.get(REGISTER).status_code, 403)

    def test_another_format_is_refused_in_words(self):
        for url in (REGISTER, PLAN):
            with self.subTest(url):
                response = self.client.get(url, {'format': 'pdf'}, follow=True)
                self.assertContains(response, '“pdf” is no format')

    def test_many_risks_cost_no_more_queries(self):
        few = self.count_queries(lambda: self.rows(REGISTER))
        few_plan = self.count_queries(lambda: self.rows(PLAN))
        for number in range(10):
            risk = make.make_risk(f'More {number}', standards=[self.standard], current=(1, 1))
            make.make_treatment(risk, controls=[make.make_control()], responsible=self.contact)
            make.make_risk_assignment(self.device, risk)
        self.assertSameQueries(few, self.count_queries(lambda: self.rows(REGISTER)))
        self.assertSameQueries(few_plan, self.count_queries(lambda: self.rows(PLAN)))
