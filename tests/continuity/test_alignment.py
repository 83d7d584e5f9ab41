"""
The alignment report: its rows whatever changes, over REST, GraphQL and in pages, and for whom. The rules themselves are
tested in tests/rules/test_alignment.py; that every other test leaves the rows right, in tests/register/checks.py.
"""
import csv
import io
from datetime import date

from django.db import connection
from django.test import TestCase

from netbox_ims.filtersets import AlignmentFilterSet
from netbox_ims.models import Alignment, AssetProfile, BusinessFunction, Dependency, RegisterEntry, StaleMark
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, count_rows
from tests.register.checks import RegisterTestMixin, execute

SEES = ('netbox_ims.view_registerentry', 'netbox_ims.view_dependency')
DEVICE, VM = 'dcim.device', 'virtualization.virtualmachine'


class AlignmentEstateMixin(RegisterTestMixin):
    """Salary payment needs Payroll, which needs a VM, which runs on either of two hosts."""

    @classmethod
    def setUpTestData(cls):
        cls.root = make.make_user(is_superuser=True)
        cls.berlin, cls.paris = make.make_site('Berlin'), make.make_site('Paris')
        cls.function = make.make_business_function('Salary payment')
        BusinessFunction.objects.filter(pk=cls.function.pk).update(mtpd_minutes=480, mtpd_reason='Agreed')
        cls.payroll = make.make_it_service('Payroll')
        cls.cluster = make.make_cluster('c1')
        cls.slow = make.make_device('slow', cls.berlin, cluster=cls.cluster)
        cls.fast = make.make_device('fast', cls.berlin, cluster=cls.cluster)
        cls.vm = make.make_vm('payroll-vm', cluster=cls.cluster)
        cls.backup = make.make_device('backup', cls.paris)
        make.make_dependency(cls.function, cls.payroll)
        make.make_dependency(cls.payroll, cls.vm, holds_data=True)
        cls.to_backup = make.make_dependency(cls.payroll, cls.backup)
        make.make_profile(cls.function, rto_minutes=480)
        make.make_profile(cls.payroll, rto_minutes=240, rpo_minutes=15)
        make.make_profile(cls.vm, rto_minutes=480, rpo_minutes=15)
        make.make_profile(cls.cluster, rto_minutes=240)
        make.make_profile(cls.slow, rto_minutes=1440)
        make.make_profile(cls.fast, rto_minutes=60)
        settle()

    def rows(self, user=None):
        """{(kind, dependent, provider): (required, actual, margin, status)}, by name."""
        found = Alignment.objects.restrict(user or self.root, 'view')
        return {
            (row.kind, row.dependent_name, row.provider_name): (
                row.required_minutes, row.actual_minutes, row.margin_minutes, row.status
            ) for row in found
        }


class AlignmentRowsTestCase(AlignmentEstateMixin, TestCase):
    """What there is a row for, and that it is right as soon as anything changes."""

    RIGHT = {
        ('mtpd', 'Salary payment', None): (480, 480, 0, 'aligned'),
        ('rto', 'Salary payment', 'Payroll'): (480, 240, 240, 'aligned'),
        ('rto', 'Payroll', 'payroll-vm'): (240, 480, -240, 'breached'),
        ('rpo', 'Payroll', 'payroll-vm'): (15, 15, 0, 'aligned'),
        ('rto', 'Payroll', 'backup'): (240, None, None, 'undetermined'),
        ('rto', 'payroll-vm', 'c1'): (240, 240, 0, 'aligned'),
        ('rpo', 'payroll-vm', 'c1'): (15, None, None, 'undetermined'),
        ('rto', 'c1', 'slow'): (240, 1440, -1200, 'aligned'),
        ('rto', 'c1', 'fast'): (240, 60, 180, 'aligned'),
        ('rpo', 'c1', 'slow'): (15, None, None, 'undetermined'),
        ('rpo', 'c1', 'fast'): (15, None, None, 'undetermined'),
    }

    def test_one_row_for_every_target_an_edge_carries_and_for_every_function(self):
        self.assertEqual(self.rows(), self.RIGHT)
        groups = set(Alignment.objects.filter(provider_object_id=self.fast.pk, kind='rto').values_list(
            'redundancy_group', flat=True
        ))
        self.assertEqual(groups, {'cluster'})

    def test_whatever_changes(self):
        vm, fast = ('rto', 'Payroll', 'payroll-vm'), ('rto', 'c1', 'fast')

        def profile(ci, **values):
            AssetProfile.objects.filter(pk=RegisterEntry.objects.of(ci).get().profile_id).update(**values)

        # (what happens, {row: what it says then, None if there is none})
        for title, happen, expected in (
            ('own target', lambda: profile(self.vm, rto_minutes=240), {vm: (240, 240, 0, 'aligned')}),
            ('nobody has said any more', lambda: profile(self.vm, rto_minutes=None),
             {vm: (240, None, None, 'undetermined')}),
            ('what is required', lambda: profile(self.payroll, rto_minutes=30), {
                vm: (30, 480, -450, 'breached'), fast: (30, 60, -30, 'breached'),
                ('rto', 'Payroll', 'backup'): (30, None, None, 'undetermined'),
            }),
            ('a member of the group', lambda: profile(self.fast, rto_minutes=300), {fast: (240, 300, -60, 'breached')}),
            ('the member leaves', lambda: type(self.fast).objects.filter(pk=self.fast.pk).update(cluster=None),
             {fast: None, ('rto', 'c1', 'slow'): (240, 1440, -1200, 'breached')}),
            ('the limit', lambda: BusinessFunction.objects.filter(pk=self.function.pk).update(mtpd_minutes=60),
             {('mtpd', 'Salary payment', None): (60, 480, -420, 'breached')}),
            ('the limit by SQL', lambda: execute('UPDATE netbox_ims_businessfunction SET mtpd_minutes = NULL'),
             {('mtpd', 'Salary payment', None): (None, 480, None, 'undetermined')}),
            ('holds data as well', lambda: Dependency.objects.filter(pk=self.to_backup.pk).update(holds_data=True),
             {('rpo', 'Payroll', 'backup'): (15, None, None, 'undetermined')}),
            ('the dependency goes', lambda: execute('DELETE FROM netbox_ims_dependency'), {vm: None}),
            ('the provider goes', lambda: self.backup.delete(), {('rto', 'Payroll', 'backup'): None}),
            ('the function goes', lambda: BusinessFunction.objects.all().delete(),
             {('mtpd', 'Salary payment', None): None, ('rto', 'Salary payment', 'Payroll'): None}),
            ('a new function', lambda: make.make_business_function('Another'),
             {('mtpd', 'Another', None): (None, None, None, 'undetermined')}),
        ):
            with self.subTest(title):
                sid = connection.savepoint()
                happen()
                settle()
                self.assertDerivedValuesAreRight(title)
                rows = self.rows()
                self.assertEqual({key: rows.get(key) for key in expected}, expected)
                connection.savepoint_rollback(sid)

    def test_while_it_is_marked_nothing_is_aligned(self):
        AssetProfile.objects.filter(pk=RegisterEntry.objects.of(self.vm).get().profile_id).update(rto_minutes=1)
        self.assertEqual(self.rows()['rto', 'Payroll', 'payroll-vm'][3], 'undetermined')
        found = {status: AlignmentFilterSet({'status': [status]}, Alignment.objects.all()).qs
                 for status in ('aligned', 'breached', 'undetermined')}
        named = {status: {(row.kind, row.dependent_name, row.provider_name) for row in rows}
                 for status, rows in found.items()}
        of_vm = {key for key in self.RIGHT if 'payroll-vm' in key}
        self.assertFalse(of_vm & (named['aligned'] | named['breached']))
        self.assertLessEqual(of_vm, named['undetermined'])
        self.assertEqual(sum(map(len, named.values())), len(self.RIGHT))
        for status, rows in found.items():
            current = Alignment.objects.with_current_status().filter(current_status=status)
            self.assertEqual(set(current), set(rows))
        figures = Alignment.objects.figures()
        self.assertEqual(sum(figures.values()), len(self.RIGHT))
        self.assertEqual(sum(rows for (_kind, severity), rows in figures.items() if severity == 2), 0)

    def test_everything_at_once(self):
        Alignment.objects.all().delete()
        self.assertIn('rows of the alignment report differ', {drift.kind for drift in find_drift()})
        settle(everything=True)
        self.assertEqual(self.rows(), self.RIGHT)
        Alignment.objects.filter(kind='rto').update(severity=0, required_minutes=7)
        row = Alignment.objects.first()
        Alignment.objects.filter(pk=row.pk).update(redundancy_group='elsewhere')
        settle(everything=True)
        self.assertEqual(self.rows(), self.RIGHT)
        self.assertEqual(list(find_drift()), [])

    def test_rest_answers_when_it_is_right(self):
        rest = RestClient(self.root)
        profile = RegisterEntry.objects.of(self.vm).get().profile_id
        self.assertEqual(rest.patch(f'asset-profiles/{profile}/', {'rto_minutes': 120})[0], 200)
        _status, data = rest.get('alignment/', virtual_machine_id=self.vm.pk, kind='rto')
        self.assertEqual({row['provider']['name']: (row['margin_minutes'], row['status']['value'])
                          for row in data['results']}, {'payroll-vm': (120, 'aligned'), 'c1': (-120, 'breached')})


class TestedCITestCase(AlignmentEstateMixin, TestCase):

    KEY = ('test', None, 'payroll-vm')

    def row(self):
        settle()
        self.assertDerivedValuesAreRight()
        return self.rows().get(self.KEY)

    def held(self, day=1, **values):
        return make.make_test(cis=[self.vm], held_on=date(2026, 3, day), **{'result': 'passed', **values})

    def test_the_last_test_counts(self):
        self.assertIsNone(self.row())
        planned = make.make_test(cis=[self.vm])
        self.assertIsNone(self.row())
        self.held(achieved_rto_minutes=300)
        self.assertEqual(self.row(), (480, 300, 180, 'aligned'))
        later = self.held(2, achieved_rto_minutes=500)
        self.assertEqual(self.row(), (480, 500, -20, 'breached'))
        later.subjects.update(achieved_rto_minutes=10)
        self.assertEqual(self.row(), (480, 10, 470, 'aligned'))
        later.subjects.update(achieved_rto_minutes=None)
        type(later).objects.filter(pk=later.pk).update(result='failed', achieved_rto_minutes=20)
        self.assertEqual(self.row(), (480, 20, 460, 'undetermined'))
        later.delete()
        self.assertEqual(self.row(), (480, 300, 180, 'aligned'))
        planned.delete()
        self.vm.delete()
        self.assertIsNone(self.row())

    def test_nothing_was_measured(self):
        self.held()
        self.assertEqual(self.row(), (480, None, None, 'undetermined'))

    def test_what_changed_since_makes_it_stale(self):
        test = self.held(achieved_rto_minutes=300)
        self.assertEqual(self.row()[3], 'aligned')
        # A host of what was tested gets another serial number, months after the test.
        type(self.fast).objects.filter(pk=self.fast.pk).update(serial='new')
        self.assertTrue(StaleMark.objects.exists())
        self.assertEqual(self.row(), (480, None, None, 'undetermined'))
        test.held_on = date.today()
        test.save()
        self.assertEqual(self.row()[3], 'aligned')

    def test_rest(self):
        self.held(achieved_rto_minutes=500)
        settle()
        _status, data = RestClient(self.root).get('alignment/', kind='test', virtual_machine_id=self.vm.pk)
        row = data['results'][0]
        self.assertEqual(
            (row['dependent'], row['dependent_object_type'], row['dependent_object_id']), (None, None, None)
        )
        self.assertEqual((row['provider_object_type'], row['provider_object_id'], row['margin_minutes']),
                         (VM, self.vm.pk, -20))


class AlignmentAPITestCase(AlignmentEstateMixin, QueryCountMixin, TestCase):

    FIELDS = {
        'id', 'url', 'display_url', 'display', 'kind', 'dependent_object_type', 'dependent_object_id', 'dependent',
        'provider_object_type', 'provider_object_id', 'provider', 'redundancy_group', 'target', 'required_minutes',
        'actual_minutes', 'margin_minutes', 'status', 'as_of',
    }

    def setUp(self):
        self.rest = RestClient(self.root)

    def names(self, rest=None, **filters):
        status, data = (rest or self.rest).get('alignment/', **filters)
        self.assertEqual(status, 200, data)
        return [
            (row['kind']['value'], *(row[end] and row[end]['name'] for end in ('dependent', 'provider')))
            for row in data['results']
        ]

    def test_fields(self):
        _status, data = self.rest.get('alignment/', status='breached')
        row = data['results'][0]
        self.assertEqual(set(row), self.FIELDS)
        self.assertEqual({name: row[name] for name in (
            'kind', 'dependent_object_type', 'dependent_object_id', 'provider_object_type', 'provider_object_id',
            'redundancy_group', 'required_minutes', 'actual_minutes', 'margin_minutes', 'status',
        )}, {
            'kind': {'value': 'rto', 'label': 'RTO of a dependency'},
            'dependent_object_type': 'netbox_ims.itservice', 'dependent_object_id': self.payroll.pk,
            'provider_object_type': VM, 'provider_object_id': self.vm.pk, 'redundancy_group': '',
            'required_minutes': 240, 'actual_minutes': 480, 'margin_minutes': -240,
            'status': {'value': 'breached', 'label': 'Breached'},
        })
        status, detail = self.rest.get(row['url'])
        self.assertEqual((status, detail['id'], set(detail)), (200, row['id'], self.FIELDS))

    def test_the_worst_comes_first(self):
        names = self.names(limit=100)
        self.assertEqual(names[0], ('rto', 'Payroll', 'payroll-vm'))
        statuses = [row['status']['value'] for row in self.rest.get('alignment/', limit=100)[1]['results']]
        self.assertEqual(statuses, sorted(statuses, key=['breached', 'undetermined', 'aligned'].index))

    def test_pages(self):
        _status, data = self.rest.get('alignment/', limit=2, offset=2)
        self.assertEqual((data['count'], len(data['results'])), (11, 2))

    def test_nobody_writes(self):
        row = Alignment.objects.first()
        for method in ('post', 'put', 'patch', 'delete'):
            for path in ('alignment/', f'alignment/{row.pk}/'):
                self.assertEqual(self.rest.request(method, path, {'severity': 0})[0], 405)

    def test_values_that_are_none(self):
        for name, value in (
            ('status', 'fine'), ('status', 'null'), ('kind', 'rta'), ('margin_minutes__lte', 'x'), ('site', 'nowhere'),
            ('object_type', 'dcim.nothing'), ('tenant_id', '999999'),
        ):
            with self.subTest(name):
                status, data = self.rest.get('alignment/', **{name: value})
                self.assertEqual((status, list(data)), (400, [name]))

    def test_the_chain(self):
        row = Alignment.objects.get(kind='rto', dependent_object_type__model='cluster', provider_object_id=self.slow.pk)
        status, steps = self.rest.get(f'alignment/{row.pk}/chain/')
        self.assertEqual(status, 200)
        self.assertEqual([(step['object']['name'], step['minutes'], step['is_source']) for step in steps], [
            ('Salary payment', 480, False), ('Payroll', 240, True), ('payroll-vm', 480, False), ('c1', 240, False),
            ('slow', 1440, False),
        ])

    def test_who_may_look(self):
        for permissions in ((), SEES[:1], SEES[1:], ('dcim.view_device',)):
            user = make.make_user(*permissions)
            with self.subTest(permissions):
                self.assertEqual(RestClient(user).get('alignment/')[0], 403)
                self.client.force_login(user)
                self.assertEqual(self.client.get('/plugins/ims/alignment/').status_code, 403)
        self.assertIn(RestClient().get('alignment/')[0], (401, 403))

    def test_both_ends_must_be_visible(self):
        user = make.make_user(*SEES, 'netbox_ims.view_itservice', 'virtualization.view_virtualmachine')
        make.grant(user, 'dcim.view_device', constraints={'site__slug': 'berlin'})
        user = make.fresh(user)
        rest = RestClient(user)
        self.assertEqual(set(self.names(rest)), {
            ('rto', 'Payroll', 'payroll-vm'), ('rpo', 'Payroll', 'payroll-vm'),
        })
        hidden = Alignment.objects.get(provider_object_type__model='device', provider_object_id=self.backup.pk)
        for path in (f'alignment/{hidden.pk}/', f'alignment/{hidden.pk}/chain/'):
            self.assertEqual(rest.get(path)[0], 404)
        self.assertEqual(self.names(rest, q='backup'), [])
        self.assertEqual(self.names(rest, site='paris'), [])
        self.client.force_login(user)
        for path in ('alignment/', 'alignment/figures/', 'alignment/?export=table', f'alignment/{hidden.pk}/'):
            self.assertNotIn('backup', self.client.get(f'/plugins/ims/{path}').content.decode())

    def test_a_dependency_kept_from_somebody_is_no_row(self):
        seen = make.make_user('netbox_ims.view_registerentry', *(
            f'{name}' for name in ('netbox_ims.view_itservice', 'netbox_ims.view_businessfunction', 'dcim.view_device',
                                   'virtualization.view_virtualmachine', 'virtualization.view_cluster')
        ))
        make.grant(seen, 'netbox_ims.view_dependency', constraints={'pk': self.to_backup.pk})
        names = {key for key in self.rows(make.fresh(seen)) if 'Payroll' in key or 'c1' in key}
        self.assertIn(('rto', 'Payroll', 'backup'), names)
        self.assertNotIn(('rto', 'Payroll', 'payroll-vm'), names)
        self.assertIn(('rto', 'c1', 'slow'), names)         # NetBox itself knows that one

    def test_the_chain_names_nobody_who_is_hidden(self):
        user = make.make_user(*SEES, 'virtualization.view_cluster', 'dcim.view_device', 'netbox_ims.view_itservice')
        row = Alignment.objects.get(kind='rto', dependent_object_type__model='cluster', provider_object_id=self.slow.pk)
        _status, steps = RestClient(user).get(f'alignment/{row.pk}/chain/')
        self.assertEqual([step['object'] and step['object']['name'] for step in steps], ['Payroll', None, 'c1', 'slow'])
        hidden = {'object_type': None, 'object_id': None, 'object': None, 'minutes': None, 'is_source': False}
        self.assertEqual(dict(steps[1]), hidden)

    def test_graphql(self):
        data, errors = self.rest.graphql(
            '{ims_alignment_list(filters: {kind: {exact: "rto"}, severity: {exact: 2}})'
            '{display status margin_minutes provider_name provider_object_type {model}}}'
        )
        self.assertIsNone(errors)
        self.assertEqual(data['ims_alignment_list'], [{
            'display': 'Payroll → payroll-vm (RTO of a dependency)', 'status': 'breached', 'margin_minutes': -240,
            'provider_name': 'payroll-vm', 'provider_object_type': {'model': 'virtualmachine'},
        }])
        for status, expected in (('breached', 1), ('undetermined', 4), ('fine', 0)):
            query = f'{{ims_alignment_list(filters: {{status: {{exact: "{status}"}}}}) {{status}}}}'
            data, errors = self.rest.graphql(query)
            self.assertIsNone(errors)
            self.assertEqual([row['status'] for row in data['ims_alignment_list']], [status] * expected)
        data, _errors = RestClient(make.make_user()).graphql('{ims_alignment_list {id}}')
        self.assertEqual(data['ims_alignment_list'], [])

    def test_queries_do_not_grow(self):
        few = self.count_queries(lambda: self.rest.get('alignment/', limit=500))
        for number in range(8):
            vm = make.make_vm(f'another-{number}', cluster=self.cluster)
            make.make_dependency(self.payroll, vm, holds_data=True)
        settle()
        self.assertSameQueries(few, self.count_queries(lambda: self.rest.get('alignment/', limit=500)))


class AlignmentFilterSetTestCase(AlignmentEstateMixin, TestCase):

    def found(self, **filters):
        filterset = AlignmentFilterSet(filters, Alignment.objects.all())
        return {(row.kind, row.dependent_name, row.provider_name) for row in filterset.qs}

    def test_filters(self):
        everything = set(self.rows())
        for filters, expected in (
            ({'kind': ['mtpd']}, {key for key in everything if key[0] == 'mtpd'}),
            ({'kind__n': ['mtpd', 'rto']}, {key for key in everything if key[0] == 'rpo'}),
            ({'status': ['breached']}, {('rto', 'Payroll', 'payroll-vm')}),
            ({'status__n': ['aligned', 'undetermined']}, {('rto', 'Payroll', 'payroll-vm')}),
            ({'margin_minutes__lte': [-240]}, {('rto', 'Payroll', 'payroll-vm'), ('rto', 'c1', 'slow')}),
            ({'margin_minutes__gte': [240]}, {('rto', 'Salary payment', 'Payroll')}),
            ({'required_minutes': [480]}, {('mtpd', 'Salary payment', None), ('rto', 'Salary payment', 'Payroll')}),
            ({'actual_minutes__empty': 'true', 'kind': ['rto']}, {('rto', 'Payroll', 'backup')}),
            ({'object_type': [DEVICE], 'object_id': [self.backup.pk]}, {('rto', 'Payroll', 'backup')}),
            ({'device_id': [self.backup.pk]}, {('rto', 'Payroll', 'backup')}),
            ({'business_function_id': [self.function.pk]}, {key for key in everything if 'Salary payment' in key}),
            ({'dependent_object_type': ['netbox_ims.itservice']}, {key for key in everything if key[1] == 'Payroll'}),
            ({'provider_object_type': [VM]}, {key for key in everything if key[2] == 'payroll-vm'}),
            ({'redundancy_group': ['cluster']}, {key for key in everything if key[1] == 'c1'}),
            ({'site': ['paris']}, {('rto', 'Payroll', 'backup')}),
            ({'site_id': [self.berlin.pk]}, {key for key in everything if key[1] == 'c1'}),
            ({'q': 'PAYROLL-'}, {key for key in everything if 'payroll-vm' in key}),
            ({'q': ' '}, everything),
            ({'target': ['rpo']}, {key for key in everything if key[0] == 'rpo'}),
        ):
            with self.subTest(filters):
                self.assertEqual(self.found(**filters), expected)

    def test_what_is_not_understood_matches_nothing(self):
        for filters in (
            {'status': ['fine']}, {'status': ['null']}, {'status__n': ['null']}, {'kind': ['x']},
            {'margin_minutes__lte': ['x']}, {'site': ['nowhere']},
        ):
            with self.subTest(filters):
                self.assertEqual(self.found(**filters), set())


class AlignmentViewTestCase(AlignmentEstateMixin, QueryCountMixin, TestCase):

    def page(self, path='alignment/', user=None, **parameters):
        self.client.force_login(user or self.root)
        return self.client.get(f'/plugins/ims/{path}', parameters)

    def test_the_list(self):
        response = self.page()
        self.assertEqual(count_rows(response), 11)
        text = response.content.decode()
        for said in ('4h over', 'payroll-vm', 'Undetermined', 'Aligned by group', '—'):
            self.assertIn(said, text)
        self.assertEqual(count_rows(self.page(status='breached')), 1)
        self.assertEqual(count_rows(self.page(status='fine')), 0)
        self.assertEqual(count_rows(self.page(status='null')), 0)
        self.assertRegex(text, r'As of \d{4}-\d\d-\d\d \d\d:\d\d:\d\d')

    def test_every_figure_is_a_link_to_its_rows(self):
        response = self.page('alignment/figures/')
        figures = response.context['figures']
        self.assertEqual((figures.total, figures.of('breached'), figures.of('aligned', 'rto')), (11, 1, 4))
        for row in figures.rows:
            for cell in row['cells']:
                self.assertEqual(count_rows(self.client.get(cell['url'])), cell['count'], cell['url'])

    def test_as_a_file(self):
        rows = list(csv.reader(io.StringIO(self.page(export='table', status='breached').content.decode('utf-8-sig'))))
        self.assertEqual(len(rows), 2)
        self.assertIn('4h over', rows[1])
        self.assertTrue(all(rows[0]), rows[0])

    def test_the_chain_unfolds(self):
        row = Alignment.objects.get(kind='rto', dependent_object_type__model='cluster', provider_object_id=self.slow.pk)
        text = self.page(f'alignment/{row.pk}/').content.decode()
        places = [text.index(f'>{name}</a>') for name in ('Salary payment', 'Payroll', 'payroll-vm', 'c1', 'slow')]
        self.assertEqual(places, sorted(places))
        self.assertIn('asks for it', text)
        part = self.client.get(f'/plugins/ims/alignment/{row.pk}/', headers={'HX-Request': 'true'}).content.decode()
        self.assertTrue(part.strip().startswith('<tr class="ims-chain">'))

    def test_every_kind_of_row_has_a_page(self):
        make.make_test(cis=[self.vm], held_on=date(2026, 3, 1), result='passed', achieved_rto_minutes=10)
        settle()
        for row in Alignment.objects.all():
            with self.subTest(str(row)):
                self.assertEqual(self.page(f'alignment/{row.pk}/').status_code, 200)

    def test_overview_and_dashboard(self):
        BusinessFunction.objects.filter(pk=self.function.pk).update(mtpd_minutes=60)
        settle()
        text = self.page('overview/').content.decode()
        self.assertIn('Dependencies that break a target', text)
        self.assertIn('RTO above MTPD', text)
        self.assertNotIn('Targets missed in tests', text)
        for url in ('/plugins/ims/alignment/?status=breached&amp;kind=rto&amp;kind=rpo',
                    '/plugins/ims/alignment/?status=breached&amp;kind=mtpd'):
            self.assertIn(url, text)
        user = make.make_user('netbox_ims.view_registerentry')
        self.assertNotIn('RTO above MTPD', self.page('overview/', user).content.decode())

    def test_queries_do_not_grow(self):
        few = self.count_queries(self.page)
        for number in range(8):
            make.make_dependency(self.payroll, make.make_vm(f'another-{number}', cluster=self.cluster))
        settle()
        self.assertSameQueries(few, self.count_queries(self.page))
