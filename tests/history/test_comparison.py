"""What changed between two dates: rows, counts, filters, permissions, files, and what is refused."""
import csv
import io
from datetime import timedelta

from django.http import QueryDict
from django.test import TestCase, TransactionTestCase
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from netbox_ims.models import RegisterAsOf, RegisterEntry
from netbox_ims.querysets.comparison import Comparison
from netbox_ims.rules.comparison import COMPARED, KINDS, changed_fields, kinds_of
from netbox_ims.services import derive
from netbox_ims.services.comparison import named
from tests import factories as make
from tests.base import QueryCountMixin, RestClient
from tests.register.test_drift import Driver
from tests.register.test_jobs import tamper

from .past import days_ago, grow_old, joined, left, said_between, said_until

START, END = 100, 10        # days ago


class ComparisonTestCase(TestCase):
    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.admin = make.make_user(is_superuser=True, username='admin')
        cls.berlin, cls.paris = make.make_site('Berlin', slug='berlin'), make.make_site('Paris', slug='paris')
        cls.open = make.make_classification('Open', slug='open', level=11)
        cls.secret = make.make_classification('Secret', slug='secret', level=99)
        cls.ada, cls.bob = make.make_contact('Ada'), make.make_contact('Bob')
        cls.same = make.make_device('same', cls.berlin)
        cls.reclassified = cls.device('reclassified', classification=cls.secret, asset_owner=cls.ada, rto_minutes=60)
        cls.lost = cls.device('lost')
        cls.fresh = cls.device('fresh', cls.paris, classification=cls.open, asset_owner=cls.bob)
        cls.moved = make.make_device('moved', cls.paris)
        cls.back = make.make_device('back', cls.berlin)
        derive.settle()
        grow_old()
        said_until(cls.reclassified, days_ago(50), classification_id=cls.open.pk, effective_classification_id=None)
        said_until(cls.lost, days_ago(40), classification_id=cls.open.pk, rto_minutes=0)
        said_until(cls.moved, days_ago(30), site_id=cls.berlin.pk)
        said_until(cls.moved, days_ago(60), site_id=cls.berlin.pk, name='called otherwise')
        joined(cls.fresh, days_ago(20))
        said_between(cls.back, days_ago(45), days_ago(35), name='for a while')
        left(cls.same, days_ago(25), 10**7, name='gone', classification_id=cls.secret.pk)
        left(cls.same, days_ago(200), 10**7 + 1, name='long gone')
        left(cls.same, days_ago(5), 10**7 + 2, name='gone later')
        left(cls.same, days_ago(25), 10**7 + 3, name='only between', valid_from=days_ago(30))

    @classmethod
    def device(cls, name, site=None, **values):
        device = make.make_device(name, site or cls.berlin)
        make.make_profile(device, **values)
        return device

    def setUp(self):
        self.rest = RestClient(self.admin)

    def ask(self, rest=None, **parameters):
        parameters = {'start': days_ago(START).isoformat(), 'end': days_ago(END).isoformat(), **parameters}
        return (rest or self.rest).get('register/compare/', **parameters)

    def names(self, rest=None, **parameters):
        status, data = self.ask(rest, **parameters)
        self.assertEqual(status, 200, data)
        names = [row['name'] for row in data['results']]
        self.assertEqual(data['count'], len(names))
        return names


class RowsTest(ComparisonTestCase):

    def test_rows(self):
        status, data = self.ask()
        self.assertEqual((status, data['count'], data['next']), (200, 5, None))
        rows = {row['name']: row for row in data['results']}
        self.assertEqual(list(rows), ['fresh', 'gone', 'lost', 'moved', 'reclassified'])
        self.assertEqual({name: row['change'] for name, row in rows.items()}, {
            'fresh': 'joined', 'gone': 'left', 'lost': 'changed', 'moved': 'changed', 'reclassified': 'changed',
        })
        row = rows['reclassified']
        self.assertEqual((row['object_type'], row['object_id']), ('dcim.device', self.reclassified.pk))
        self.assertEqual(row['fields'], {
            'classification': ['open', 'secret'], 'effective_classification': [None, 'secret'],
        })
        self.assertEqual(row['kinds'], ['changed', 'reclassified'])
        self.assertEqual(row['object']['id'], self.reclassified.pk)
        self.assertEqual(rows['lost']['fields'], {'classification': ['open', None], 'rto_minutes': [0, None]})
        self.assertEqual(rows['moved']['fields'], {'name': ['called otherwise', 'moved'], 'site': ['Berlin', 'Paris']})
        self.assertEqual(rows['fresh']['fields']['asset_owner'], [None, 'Bob'])
        self.assertEqual(rows['fresh']['fields']['classification'], [None, 'open'])
        self.assertNotIn('rto_minutes', rows['fresh']['fields'])
        self.assertEqual(rows['gone']['fields']['site'], ['Berlin', None])
        self.assertEqual(rows['gone']['fields']['name'], ['gone', None])

    def test_counts_link_to_rows(self):
        counts = self.ask()[1]['counts']
        self.assertEqual(counts, {
            'joined': 1, 'left': 1, 'changed': 3, 'reclassified': 1, 'classified': 0, 'newly_unclassified': 1,
            'owner_changed': 0, 'targets_changed': 1,
        })
        for kind, count in counts.items():
            with self.subTest(kind):
                self.assertEqual(len(self.names(change=kind)), count)
        self.assertEqual(self.names(change=['left', 'targets_changed']), ['gone', 'lost'])
        self.client.force_login(self.admin)
        page = self.client.get(reverse('plugins:netbox_ims:registerentry_compare'), {
            'start': days_ago(START).isoformat(), 'end': days_ago(END).isoformat(),
        })
        for tile in page.context['tiles']:
            self.assertEqual(tile.count, counts[tile.kind])
            rows = self.client.get(f'{reverse("plugins:netbox_ims:registerentry_compare")}?{tile.query}')
            self.assertEqual(len(rows.context['table'].rows), counts[tile.kind], tile.kind)

    def test_fields(self):
        for field, expected in (
            ('classification', ['fresh', 'gone', 'lost', 'reclassified']), ('rto_minutes', ['lost']),
            ('site', ['fresh', 'gone', 'moved']), ('tenant', []),
        ):
            with self.subTest(field):
                self.assertEqual(self.names(field=field), expected)
        self.assertEqual(self.names(field=['rto_minutes', 'site'], change='changed'), ['lost', 'moved'])

    def test_filters_match_at_either_date(self):
        for filters, expected in (
            ({'site': 'paris'}, ['fresh', 'moved']), ({'site': 'berlin'}, ['gone', 'lost', 'moved', 'reclassified']),
            ({'classification': 'open'}, ['fresh', 'lost', 'reclassified']), ({'classification': 'null'},
            ['lost', 'moved']), ({'q': 'otherwise'}, ['moved']), ({'object_type': 'dcim.rack'}, []),
            ({'device_id': self.lost.pk}, ['lost']), ({'classification': 'secret', 'site': 'berlin'},
            ['gone', 'reclassified']),
        ):
            with self.subTest(filters=filters):
                self.assertEqual(self.names(**filters), expected)

    def test_other_ranges(self):
        for start, end, expected in (
            (500, 150, ['long gone']), (22, 15, ['fresh']), (55, 45.5, ['reclassified']), (14, 11, []), (10, 10, []),
            (42, 34, ['back', 'lost']), (38, 34, ['back']), (50, 44, ['for a while']),
            (27, 22, ['gone', 'only between']),
        ):
            with self.subTest(start=start, end=end):
                names = self.names(start=days_ago(start).isoformat(), end=days_ago(end).isoformat())
                self.assertEqual(names, expected)

    def test_without_an_end_it_is_now(self):
        status, data = self.rest.get('register/compare/', start=days_ago(START).isoformat())
        self.assertEqual((status, [row['name'] for row in data['results']]),
                         (200, ['fresh', 'gone', 'gone later', 'lost', 'moved', 'reclassified']))

    def test_netboxs_own_parameters(self):
        brief = {'object_type', 'object_id', 'name', 'change'}
        for parameters, expected in (
            ({'fields': 'name,fields'}, {'name', 'fields'}), ({'brief': 'true'}, brief),
            ({'omit': 'object,kinds,fields'}, brief), ({'brief': ''}, {*brief, 'object', 'kinds', 'fields'}),
        ):
            with self.subTest(parameters=parameters):
                rows = self.ask(**parameters)[1]['results']
                self.assertEqual([set(row) for row in rows], [expected] * 5)
        self.assertEqual(self.names(ordering='name'), self.names()[::1])
        self.assertEqual(self.names(ordering='-name'), self.names()[::-1])

    def test_the_page_keeps_what_was_chosen(self):
        self.client.force_login(self.admin)
        url = reverse('plugins:netbox_ims:registerentry_compare')
        text = self.client.get(url, {
            'start': days_ago(START).isoformat(), 'end': days_ago(END).isoformat(), 'change': 'left', 'site': 'berlin',
        }).content.decode()
        dates, filters = text[text.index('aria-label="Dates"'):].split('id="filters-form"')
        self.assertIn('<input type="hidden" name="change" value="left">', dates)
        self.assertIn('name="change" value="left"', filters)
        for name in ('id_start', 'id_end', 'id_end_helptext'):
            self.assertEqual(text.count(f' id="{name}"'), 1, name)
        self.assertIn('Empty: now', text)
        # Before there are dates, the filters are there
        self.assertContains(self.client.get(url, {'site': 'berlin'}), 'name="site" value="berlin"')

    def test_classifications_are_badges_while_there_are_any(self):
        self.client.force_login(self.admin)
        url = reverse('plugins:netbox_ims:registerentry_compare')
        asked = {'start': days_ago(START).isoformat(), 'end': days_ago(END).isoformat(), 'change': 'reclassified'}
        badge = f'<span class="badge ims-cls" style="--c: #{self.secret.color}">Secret</span>'
        self.assertContains(self.client.get(url, asked), badge, html=True)
        page = self.client.get(f'{self.reclassified.get_absolute_url()}ims-history/')
        self.assertContains(page, badge, html=True)
        self.secret.slug = 'other'
        self.secret.save()
        page = self.client.get(url, asked)
        self.assertNotContains(page, badge, html=True)
        self.assertContains(page, 'secret')

    def test_the_register_passes_on_what_it_shows(self):
        self.client.force_login(self.admin)
        moment = days_ago(START)
        page = self.client.get(reverse('plugins:netbox_ims:registerentry_list'), {
            'site': 'berlin', 'as_of': moment.isoformat(), 'per_page': 5,
        })
        query = QueryDict(page.context['compare_query'])
        self.assertEqual(query.dict(), {'site': 'berlin', 'start': moment.isoformat(timespec='microseconds')})
        compared = self.client.get(reverse('plugins:netbox_ims:registerentry_compare'), query)
        self.assertEqual(compared.context['comparison'].start, moment)

    def test_pages(self):
        first, second = self.ask(limit=2)[1], self.ask(limit=2, offset=2)[1]
        self.assertEqual([row['name'] for row in first['results'] + second['results']],
                         ['fresh', 'gone', 'lost', 'moved'])
        self.assertEqual((first['count'], first['counts']['changed']), (5, 3))
        self.assertIn('offset=2', first['next'])
        self.assertEqual(self.ask(offset=50)[1]['results'], [])

    def test_the_form_repeats_the_moments_it_was_asked(self):
        self.client.force_login(self.admin)
        day, today = (timezone.localdate(days_ago(days)).isoformat() for days in (START, 0))
        page = self.client.get(reverse('plugins:netbox_ims:registerentry_compare'), {'start': day, 'end': today})
        self.assertEqual(page.context['form']['start'].value(), f'{day} 23:59:59')
        again = self.client.get(reverse('plugins:netbox_ims:registerentry_compare'), {
            name: page.context['form'][name].value() for name in ('start', 'end')
        })
        self.assertEqual(again.context['comparison'].counts, page.context['comparison'].counts)

    def test_the_other_way_round(self):
        self.client.force_login(self.admin)
        dates = {'start': days_ago(START).isoformat(), 'end': days_ago(END).isoformat()}
        for sort, first in (('name', 'fresh'), ('-name', 'reclassified'), ('nonsense', 'fresh')):
            page = self.client.get(reverse('plugins:netbox_ims:registerentry_compare'), {**dates, 'sort': sort})
            self.assertEqual(str(page.context['table'].page.object_list[0].record.latest), first)

    def test_a_renamed_site_goes_by_the_name_it_had(self):
        tamper("UPDATE netbox_ims_registername SET name = 'West Berlin', valid_to = %s WHERE name = 'Berlin'",
               [days_ago(70)])
        tamper("INSERT INTO netbox_ims_registername (object_type_id, object_id, name, slug, color, valid_from, "
               "valid_to, transaction) SELECT object_type_id, object_id, 'Berlin', slug, color, valid_to, 'infinity', "
               "transaction FROM netbox_ims_registername WHERE name = 'West Berlin'")
        rows = {row['name']: row['fields'] for row in self.ask()[1]['results']}
        self.assertEqual(rows['moved']['site'], ['West Berlin', 'Paris'])


class RefusedTest(ComparisonTestCase):

    def test_field_errors(self):
        now = timezone.now()
        for parameters, fields in (
            ({'start': ''}, ['start']), ({'start': 'yesterday'}, ['start']), ({'start': '2026-02-30'}, ['start']),
            ({'end': 'soon'}, ['end']), ({'start': '1999-01-01'}, ['start']),
            ({'end': (now + timedelta(days=1)).isoformat()}, ['end']),
            ({'start': days_ago(10).isoformat(), 'end': days_ago(20).isoformat()}, ['end']),
            ({'start': 'x', 'end': 'y'}, ['end', 'start']), ({'change': 'exploded'}, ['change']),
            ({'field': 'nonsense'}, ['field']), ({'field': 'profile'}, ['field']), ({'fields': 'nam'}, ['fields']),
            ({'omit': 'name,x'}, ['omit']), ({'ordering': 'site'}, ['ordering']), ({'exclude': 'name'}, ['exclude']),
            ({'columns': 'x'}, ['columns']), ({'site': 'nowhere'}, ['site']), ({'sit': 'berlin'}, ['sit']),
            ({'rto_minutes__lte': 'soon'}, ['rto_minutes__lte']), ({'start': '2026-01-01\x00'}, ['start']),
            ({'name__regex': '('}, ['name__regex']), ({'rto_minutes__lte': 2**31}, ['rto_minutes__lte']),
            ({'classification_level__lte': 2**31}, ['classification_level__lte']),
        ):
            with self.subTest(parameters=parameters):
                status, data = self.ask(**parameters)
                self.assertEqual((status, sorted(data)), (400, fields))
        self.assertEqual(self.rest.get('register/compare/')[0], 400)

    def test_the_page_says_that_nothing_changed(self):
        self.client.force_login(self.admin)
        url = reverse('plugins:netbox_ims:registerentry_compare')
        page = self.client.get(url, {'start': days_ago(3).isoformat(), 'q': 'nothing is called this'})
        self.assertContains(page, 'Nothing changed that was asked for')
        self.assertContains(page, 'Reclassified')
        self.assertNotContains(page, 'Choose two dates')
        self.assertContains(self.client.get(url), 'Choose two dates')

    def test_the_page_says_so_and_shows_nothing(self):
        self.client.force_login(self.admin)
        url = reverse('plugins:netbox_ims:registerentry_compare')
        self.assertEqual(self.client.get(url).status_code, 200)
        for query, text in (
            ({'start': 'yesterday'}, 'is no date'), ({'end': days_ago(3).isoformat()}, 'This field is required'),
            ({'start': days_ago(3).isoformat(), 'end': days_ago(5).isoformat()}, 'The end lies before the start'),
            ({'start': days_ago(3).isoformat(), 'sit': 'x'}, 'neither a filter'),
            ({'start': days_ago(3).isoformat(), 'field': 'x'}, 'field'),
        ):
            with self.subTest(query=query):
                page = self.client.get(url, query)
                self.assertContains(page, text)
                self.assertNotIn('table', page.context)


class PermissionsTest(ComparisonTestCase):

    def of(self, *permissions, constraints=None):
        user = make.make_user('netbox_ims.view_registerentry')
        make.grant(user, *permissions, constraints=constraints)
        return RestClient(make.fresh(user))

    def test_what_one_may_see(self):
        self.assertEqual(self.names(self.of('dcim.view_device')), ['fresh', 'gone', 'lost', 'moved', 'reclassified'])
        self.assertEqual(self.names(self.of('dcim.view_rack')), [])
        in_berlin = self.of('dcim.view_device', constraints={'site__slug': 'berlin'})
        # `moved` is in Paris now, and what is gone is judged by where it was.
        self.assertEqual(self.names(in_berlin), ['gone', 'lost', 'reclassified'])
        self.assertEqual(self.ask(in_berlin)[1]['counts']['joined'], 0)
        self.assertEqual(self.names(in_berlin, device_id=self.moved.pk), [])
        in_paris = self.of('dcim.view_device', constraints={'site__slug': 'paris'})
        self.assertEqual(self.names(in_paris), ['fresh', 'moved'])

    def test_profiles_that_are_kept_from_one(self):
        """What was assessed before is kept back with what is; of what is gone there is nothing left to judge by."""
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        make.grant(user, 'netbox_ims.view_assetprofile', constraints={'classification__slug': 'open'})
        rest = RestClient(make.fresh(user))
        self.assertEqual(self.names(rest), ['fresh', 'moved'])
        self.assertEqual(self.ask(rest)[1]['counts']['reclassified'], 0)
        status, data = rest.get('register/', as_of=days_ago(60).isoformat())
        self.assertEqual([row['name'] for row in data['results']], ['back', 'moved', 'same'])
        self.assertEqual(rest.get('register/', as_of=days_ago(60).isoformat(), classification='open')[1]['count'], 0)
        self.client.force_login(make.fresh(user))
        for device, status in ((self.moved, 200), (self.reclassified, 404)):
            page = self.client.get(f'{device.get_absolute_url()}ims-history/')
            self.assertEqual(page.status_code, status, device)

    def test_without_permission(self):
        self.assertEqual(self.ask(RestClient(make.make_user('dcim.view_device')))[0], 403)
        self.client.force_login(make.make_user('dcim.view_device'))
        self.assertEqual(self.client.get(reverse('plugins:netbox_ims:registerentry_compare')).status_code, 403)

    def test_anonymous(self):
        with self.settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['netbox_ims.registerentry']):
            status, data = self.ask(RestClient())
            self.assertEqual((status, data['count'], set(data['counts'].values())), (200, 0, {0}))


class FilesTest(ComparisonTestCase):

    def export(self, wanted, user=None):
        self.client.force_login(user or self.admin)
        return self.client.get(reverse('plugins:netbox_ims:registerentry_compare'), {
            'start': days_ago(START).isoformat(), 'end': days_ago(END).isoformat(), 'change': 'changed',
            'export': wanted,
        })

    EXPECTED = [
        ['lost', 'classification', 'open', 'unknown'], ['lost', 'rto_minutes', '0', 'unknown'],
        ['moved', 'name', 'called otherwise', 'moved'], ['moved', 'site', 'Berlin', 'Paris'],
        ['reclassified', 'classification', 'open', 'secret'],
        ['reclassified', 'effective_classification', 'unknown', 'secret'],
    ]

    def test_csv(self):
        response = self.export('csv')
        self.assertIn('.csv', response['Content-Disposition'])
        rows = list(csv.reader(io.StringIO(response.content.decode('utf-8-sig'))))
        self.assertEqual(rows[0], ['object_type', 'object_id', 'name', 'change', 'field', 'old', 'new'])
        self.assertEqual([[row[2], *row[4:]] for row in rows[1:]], self.EXPECTED)
        self.assertEqual(rows[1][:4], ['dcim.device', str(self.lost.pk), 'lost', 'changed'])

    def test_xlsx(self):
        sheet = load_workbook(io.BytesIO(self.export('xlsx').content)).active
        rows = [[str(cell) for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)]
        self.assertEqual([[row[2], *row[4:]] for row in rows], self.EXPECTED)
        self.assertIn('What changed in the register', sheet['A1'].value)

    def test_what_is_no_format_is_refused(self):
        self.assertContains(self.export('bogus'), 'export: Choose one of', status_code=400)
        url = reverse('plugins:netbox_ims:registerentry_compare')
        for parameters, said in (({'start': 'x'}, 'start: '), ({}, 'start: '), ({'end': 'x'}, 'end: ')):
            self.assertContains(self.client.get(url, {**parameters, 'export': 'csv'}), said, status_code=400)

    def test_of_what_one_may_see(self):
        user = make.make_user('netbox_ims.view_registerentry')
        make.grant(user, 'dcim.view_device', constraints={'site__slug': 'paris'})
        text = self.export('csv', make.fresh(user)).content.decode()
        self.assertIn('moved', text)
        self.assertNotIn('lost', text)


class ShortcutsTest(ComparisonTestCase):

    def setUp(self):
        super().setUp()
        self.client.force_login(self.admin)
        self.url = reverse('plugins:netbox_ims:registerentry_compare')

    def test_since_the_approved_statement(self):
        statement = make.make_approved(user=self.admin)
        page = self.client.get(self.url)
        (_statement, address), = page.context['shortcuts']
        self.assertContains(page, 'Since the approved SoA')
        self.assertContains(self.client.get(f'{self.url}{address}'), f'{statement.approved_on:%Y-%m-%d}')
        self.client.force_login(make.make_user('netbox_ims.view_registerentry'))
        self.assertEqual(self.client.get(self.url).context['shortcuts'], [])

    def test_since_the_last_audit_is_remembered(self):
        chosen = timezone.localdate(days_ago(START)).isoformat()
        response = self.client.post(reverse('plugins:netbox_ims:registerentry_last_audit'), {'start': chosen})
        self.assertRedirects(response, f'{self.url}?start={chosen}')
        self.assertContains(self.client.get(self.url), f'value="{chosen}"')
        wrong = self.client.post(reverse('plugins:netbox_ims:registerentry_last_audit'), {'start': 'x'}, follow=True)
        self.assertContains(wrong, 'is no date')
        self.assertContains(self.client.get(self.url), f'value="{chosen}"')


class CostTest(QueryCountMixin, ComparisonTestCase):

    def test_queries_do_not_grow_with_rows(self):
        one = self.count_queries(lambda: self.ask(limit=1))
        all_of_them = self.count_queries(lambda: self.ask(limit=50))
        self.assertSameQueries(one, all_of_them)


class AgreesWithTheRuleTest(TransactionTestCase):
    """The database counts by SQL what rules/comparison.py says in Python: after writes at random, both say the same."""

    def test_after_any_writes(self):
        admin = make.make_user(is_superuser=True)
        driver, moments = Driver(5), []
        for _ in range(12):
            driver.run(20)
            derive.settle()
            moments.append(timezone.now())
        for start, end in ((0, 11), (0, 1), (3, 7), (5, 6), (10, 11)):
            with self.subTest(start=start, end=end):
                self.compare(admin, moments[start], moments[end])

    def compare(self, user, start, end):
        attnames = {name: RegisterEntry._meta.get_field(name).attname for name in COMPARED}
        before, after = (
            {row.ci: {name: getattr(row, attname) for name, attname in attnames.items()}
             for row in RegisterAsOf.objects.at(moment)}
            for moment in (start, end)
        )
        expected = {ci: kinds_of(before.get(ci), after.get(ci)) for ci in {*before, *after}}
        expected = {ci: kinds for ci, kinds in expected.items() if kinds}
        comparison = Comparison(user, start, end)
        differences = {each.latest.ci: each for each in comparison}
        self.assertEqual({ci: each.kinds for ci, each in differences.items()}, expected)
        for ci, each in differences.items():
            self.assertEqual(each.fields, changed_fields(before.get(ci), after.get(ci)))
        self.assertEqual(comparison.counts, {
            **{kind: sum(kind in kinds for kinds in expected.values()) for kind in KINDS}, 'rows': len(expected),
        })
        self.assertEqual(len(named(comparison, comparison[0:50])), min(len(expected), 50))
