"""The heat map and what stands beside it: counts, links to exactly what was counted, filters and permissions."""
from urllib.parse import parse_qs, urlsplit

from django.db import connection
from django.test import RequestFactory, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extras.dashboard.utils import get_widget_class

from netbox_ims.models import Risk, RiskMatrix
from netbox_ims.ui.risk_coverage import RiskCoverage, RiskFindings, all_findings
from tests import factories as make
from tests.base import QueryCountMixin, count_rows

URL = '/plugins/ims/risks/heat-map/'
SEES = ('netbox_ims.view_risk', 'netbox_ims.view_riskmatrix', 'netbox_ims.view_standard')


class HeatMapTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.security, cls.service = make.make_standard('security'), make.make_standard('service')
        cls.matrix = make.active_matrix()
        for title, standards, ratings in (
            ('Fire', [cls.security], {'inherent': (3, 3), 'current': (2, 3), 'target': (1, 1)}),
            ('Flood', [cls.security, cls.service], {'inherent': (3, 3), 'current': (1, 2)}),
            ('Theft', [cls.security], {'inherent': (2, 2), 'current': (2, 2)}),
            ('Unknown', [cls.service], {'inherent': (2, 2)}),
            ('Past', [cls.service], {'current': (3, 3), 'status': 'closed'}),
        ):
            make.make_risk(title, standards=standards, **ratings)

    def setUp(self):
        self.user = make.make_user(*SEES)
        self.client.force_login(self.user)

    def heat(self, **query):
        response = self.client.get(URL, query)
        self.assertEqual(response.status_code, 200)
        return response.context['heat']

    def counts(self, **query):
        return {
            (cell.likelihood, cell.impact): (cell.count, cell.before)
            for cell in self.heat(**query).cells if cell.count or cell.before
        }

    def test_how_many_are_where_and_were(self):
        for stage, expected in (
            ('inherent', {(3, 3): (2, None), (2, 2): (2, None)}),
            ('current', {(2, 3): (1, 0), (1, 2): (1, 0), (2, 2): (1, 2), (3, 3): (0, 2)}),
            ('target', {(1, 1): (1, 0), (2, 3): (0, 1), (1, 2): (0, 1), (2, 2): (0, 1)}),
        ):
            with self.subTest(stage):
                self.assertEqual(self.counts(stage=stage), expected)
        self.assertEqual(self.counts(), self.counts(stage='current'))
        self.assertEqual(self.counts(stage='nonsense'), self.counts(stage='current'))

    def test_what_is_not_rated_is_said_and_not_drawn(self):
        heat = self.heat()
        self.assertEqual((heat.rated, heat.unrated), (3, 1))
        response = self.client.get(URL)
        self.assertContains(response, '1 not yet rated')
        self.assertEqual(self.rows(response.context['unrated_url']), ['Unknown'])

    def rows(self, url):
        """Titles in the list a link leads to."""
        table = self.client.get(url).context['table']
        return sorted(row.record.title for row in table.rows)

    def test_a_cell_leads_to_exactly_its_risks(self):
        for query in ({}, {'stage': 'inherent'}, {'stage': 'target'}, {'standard': 'security'}, {'status': 'closed'},
                      {'current_likelihood': '2'}, {'q': 'F'}):
            for cell in self.heat(**query).cells:
                with self.subTest(query, likelihood=cell.likelihood, impact=cell.impact):
                    self.assertEqual(count_rows(self.client.get(cell.url)) if cell.url else 0, cell.count)

    def test_what_another_matrix_rated_is_said_and_counted_nowhere_else(self):
        other = make.make_matrix('Other')
        make.make_risk('Storm', [self.security], matrix=other, inherent=(3, 3), current=(2, 2))
        make.make_risk('Frost', [self.security], matrix=other, inherent=(3, 3))
        page = self.client.get(URL)
        heat = page.context['heat']
        self.assertContains(page, '1 risk rated by another matrix is not drawn')
        self.assertEqual(self.rows(heat.elsewhere_url), ['Storm'])
        self.assertEqual((heat.rated, heat.unrated, heat.total), (3, 2, 6))
        self.assertEqual(len(self.rows(page.context['list_url'])), heat.total)
        self.assertEqual(self.rows(page.context['unrated_url']), ['Frost', 'Unknown'])
        self.assertEqual(self.counts(), {(2, 3): (1, 0), (1, 2): (1, 0), (2, 2): (1, 2), (3, 3): (0, 2)})
        for matrix, count in ((other, 0), (self.matrix, 3)):
            heat = self.heat(matrix_id=matrix.pk)
            self.assertEqual(heat.rated, count)
            for cell in heat.cells:
                self.assertEqual(count_rows(self.client.get(cell.url)) if cell.url else 0, cell.count)
        self.assertEqual(self.rows(self.heat(matrix_id=other.pk).elsewhere_url), ['Storm'])

    def test_what_is_not_filtered_says_so(self):
        for query, said in (({}, False), ({'stage': 'target'}, False), ({'q': 'F'}, True), ({'site_id': '1'}, True)):
            with self.subTest(query):
                self.assertEqual('whatever is filtered' in self.client.get(URL, query).content.decode(), said)

    def test_an_arrow_leads_to_its_risks(self):
        arrows = self.heat().arrows
        self.assertEqual([self.rows(arrow.url) for arrow in arrows], [['Flood'], ['Fire']])
        self.assertIn('Certain, Severe → Rare, Serious', arrows[0].title)
        self.assertEqual(self.heat(movement='off').arrows, [])
        self.assertEqual(self.heat(stage='inherent').arrows, [])

    def test_filters_of_the_list(self):
        self.assertEqual(self.counts(standard='service'), {(1, 2): (1, 0), (3, 3): (0, 1), (2, 2): (0, 1)})
        self.assertEqual(self.counts(status='closed'), {(3, 3): (1, 0)})
        self.assertEqual(self.counts(standard='no-such'), {})

    def test_closed_risks_are_left_out_of_the_results_too(self):
        url = self.client.get(URL).context['list_url']
        self.assertEqual(parse_qs(urlsplit(url).query)['status'], ['open', 'monitored'])
        self.assertEqual(len(self.rows(url)), 4)

    def test_a_risk_one_may_not_see_is_not_counted(self):
        self.client.force_login(make.make_user('netbox_ims.view_riskmatrix'))
        self.assertEqual(self.client.get(URL).status_code, 403)
        user = make.make_user('netbox_ims.view_riskmatrix')
        make.grant(user, 'netbox_ims.view_risk', constraints={'title__startswith': 'F'})
        self.client.force_login(user)
        self.assertEqual(self.counts(), {(2, 3): (1, 0), (1, 2): (1, 0), (3, 3): (0, 2)})

    def test_a_standard_one_may_not_see_is_not_named(self):
        user = make.make_user('netbox_ims.view_risk')
        make.grant(user, 'netbox_ims.view_standard', constraints={'name': 'security'})
        self.client.force_login(user)
        page = self.client.get(URL)
        self.assertContains(page, 'Flood')
        self.assertContains(page, self.security.name)
        named = {str(each) for row in page.context['table'].rows for each in row.record.standards.all()}
        self.assertEqual(named, {'security'})

    def test_one_query_for_the_cells_and_as_many_for_many_risks(self):
        def get():
            with CaptureQueriesContext(connection) as captured:
                self.client.get(URL)
            return [query['sql'] for query in captured]

        get()
        few = get()
        cells = [sql for sql in few if 'AS "one" FROM "netbox_ims_risk"' in sql]
        self.assertEqual(len(cells), 1)
        for number in range(12):
            make.make_risk(f'More {number}', standards=[self.security], current=(number % 3 + 1, 2))
        self.assertSameQueries(few, get())

    def test_without_a_matrix(self):
        Risk.objects.all().delete()
        RiskMatrix.objects.all().delete()
        response = self.client.get(URL)
        self.assertContains(response, 'No risk matrix is active')


class CoverageTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.security, cls.service, cls.bare = (make.make_standard(name) for name in ('security', 'service', 'bare'))
        make.active_matrix()
        cls.fire = make.make_risk('Fire', standards=[cls.security], current=(3, 3))
        cls.flood = make.make_risk('Flood', standards=[cls.security, cls.service], current=(1, 1))
        make.make_risk('Unknown', standards=[cls.service], review_due=timezone.localdate().replace(year=2020))
        make.make_risk('Past', standards=[cls.bare], current=(3, 3), status='closed')
        make.make_treatment(cls.flood)

    def rows(self, user):
        return {
            row.standard.name: (row.total, row.untreated, row.overdue, row.levels) for row in RiskCoverage(user).rows
        }

    def test_each_standard_has_its_risks(self):
        coverage = RiskCoverage(make.make_user(*SEES))
        self.assertEqual(self.rows(make.make_user(*SEES)), {
            'security': (2, 1, 0, {'high': 1, 'low': 1}), 'service': (2, 1, 1, {'low': 1, None: 1}),
            'bare': (0, 0, 0, {}),
        })
        self.assertEqual((coverage.total, coverage.bare), (3, [self.bare]))

    def test_figures_lead_to_their_rows(self):
        user = make.make_user(*SEES)
        self.client.force_login(user)
        for row in RiskCoverage(user).rows:
            for url, count in (
                (row.url, row.total), (row.untreated_url, row.untreated), (row.overdue_url, row.overdue),
                *((part['url'], part['count']) for part in row.parts),
            ):
                with self.subTest(url):
                    self.assertEqual(count_rows(self.client.get(url)), count)

    def test_findings_lead_to_their_rows(self):
        user = make.make_user(*SEES, 'netbox_ims.view_riskacceptance')
        self.client.force_login(user)
        make.make_accepted(self.flood)
        over = make.make_risk('Over', standards=[self.bare], current=(1, 1))
        make.make_accepted(over)
        Risk.objects.filter(pk=over.pk).update(status='closed')
        findings = {finding['title']: finding for finding in RiskFindings(user).rows}
        self.assertEqual({title: finding['count'] for title, finding in findings.items()}, {
            'Above acceptance, untreated': 1, 'Acceptance ends soon': 1, 'Review or action overdue': 1,
            'Not yet rated': 1, 'No risk owner': 3,
        })
        for title, finding in findings.items():
            with self.subTest(title):
                self.assertEqual(count_rows(self.client.get(finding['url'])), finding['count'])

    def test_a_standard_without_risks_is_claimed_only_to_who_sees_every_risk(self):
        user = make.make_user('netbox_ims.view_standard', 'netbox_ims.view_riskmatrix', 'netbox_ims.view_registerentry')
        make.grant(user, 'netbox_ims.view_risk', constraints={'title': 'Fire'})
        coverage = RiskCoverage(user)
        self.assertEqual((coverage.total, coverage.bare), (1, []))
        make.make_site()        # without any CI the overview has no figures
        make.grant(user, 'dcim.view_site')
        self.client.force_login(make.fresh(user))
        for path in (URL, '/plugins/ims/overview/'):
            self.assertNotContains(self.client.get(path), 'No risks assessed')
        everything = make.make_user(*SEES, 'netbox_ims.view_registerentry', 'dcim.view_site')
        self.client.force_login(everything)
        for path in (URL, '/plugins/ims/overview/'):
            self.assertContains(self.client.get(path), 'No risks assessed')

    def test_the_worst_first(self):
        user = make.make_user(*SEES)
        found = all_findings([{'kind': 'due', 'title': 'x'}], RiskFindings(user).rows, RiskCoverage(user))
        kinds = [finding['kind'] for finding in found]
        self.assertEqual(kinds, sorted(kinds, key=('finding', 'due', 'unknown').index))
        self.assertIn('No risks for bare', [finding['title'] for finding in found])


class PagesOfCIsTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.device = make.make_device('hv-1')
        cls.reader = make.make_user(
            'dcim.view_device', 'netbox_ims.view_registerentry', 'netbox_ims.view_risk',
            'netbox_ims.view_riskassignment'
        )
        make.active_matrix()
        cls.fire, cls.flood = make.make_risk('Fire', current=(3, 3)), make.make_risk('Flood', current=(1, 1))
        closed = make.make_risk('Past', current=(3, 3), status='closed')
        for risk in (cls.fire, cls.flood, closed):
            make.make_risk_assignment(cls.device, risk)
        make.make_risk('Elsewhere', current=(3, 3))

    def pages(self, user):
        self.client.force_login(user)
        return [
            self.client.get(url).content.decode() for url in
            (self.device.get_absolute_url(), f'{self.device.get_absolute_url()}ims/')
        ]

    def test_panel_and_tab(self):
        panel, tab = self.pages(self.reader)
        self.assertIn('2 open', panel)
        self.assertIn('High', panel)
        self.assertLess(tab.index('Fire'), tab.index('Flood'))
        for title in ('Past', 'Elsewhere'):
            self.assertNotIn(title, tab)
        url = f'/plugins/ims/risks/?object_type=dcim.device&object_id={self.device.pk}&status=open&status=monitored'
        self.assertEqual(count_rows(self.client.get(url)), 2)
        self.assertIn(url.replace('&', '&amp;'), panel)

    def test_the_tab_shows_the_worst_and_leads_to_all(self):
        for number in range(19):
            make.make_risk_assignment(self.device, make.make_risk(f'Leak {number}', current=(2, 2)))
        _panel, tab = self.pages(self.reader)
        self.assertIn('Fire', tab)
        self.assertIn('All 21', tab)
        self.assertNotIn('Flood', tab)

    def test_nothing_is_said_to_who_may_not_know(self):
        for missing in ('netbox_ims.view_risk', 'netbox_ims.view_riskassignment'):
            granted = {'netbox_ims.view_risk', 'netbox_ims.view_riskassignment'} - {missing}
            user = make.make_user('dcim.view_device', 'netbox_ims.view_registerentry', *granted)
            for page in self.pages(user):
                with self.subTest(missing):
                    self.assertNotIn('Fire', page)
                    self.assertNotIn('2 open', page)
                    self.assertNotIn('none assigned', page)
        some = make.make_user('dcim.view_device', 'netbox_ims.view_registerentry', 'netbox_ims.view_riskassignment')
        make.grant(some, 'netbox_ims.view_risk', constraints={'title': 'Flood'})
        panel, tab = self.pages(some)
        self.assertIn('1 open', panel)
        self.assertNotIn('Fire', tab)


class WidgetsTestCase(TestCase):

    def widgets(self, user):
        request = RequestFactory().get('/')
        request.user = user
        return [
            str(get_widget_class(f'netbox_ims.{name}')().render(request))
            for name in ('RiskHeatMapWidget', 'RiskFindingsWidget')
        ]

    def test_of_what_one_may_see(self):
        bare = make.make_standard('bare')
        self.assertIn('No risk matrix', self.widgets(make.make_user(*SEES))[0])
        make.make_risk('Fire', current=(3, 3))
        heat, findings = self.widgets(make.make_user(*SEES))
        self.assertIn('Certain, Severe: High · 1 risk', heat)
        self.assertIn('rated=false', heat)
        self.assertNotIn('another matrix', heat)
        make.make_risk('Storm', current=(3, 3), matrix=make.make_matrix('Other'))
        self.assertIn('1 risk rated by another matrix is not drawn', self.widgets(make.make_user(*SEES))[0])
        self.assertIn('Above acceptance, untreated', findings)
        self.assertIn(f'No risks for {bare}', findings)
        for widget in self.widgets(make.make_user()):
            self.assertIn('No permission', widget)
