"""
What fails if something does: picked by place or by CI, over REST and as a page, with files; and for whom. The rules
themselves are tested in tests/rules/test_what_if.py.
"""
import csv
import io
import random
import re
from itertools import permutations
from unittest.mock import patch
from xml.etree import ElementTree

from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from openpyxl import load_workbook

from netbox_ims.models import Alignment, BusinessFunction, Decision, ITService, RegisterEntry, StaleMark
from netbox_ims.rules.graph import Edge
from netbox_ims.rules.what_if import fail
from netbox_ims.services.derive import settle
from netbox_ims.services.failure import Link, name_of, undetermined_edges, what_falls
from netbox_ims.ui import what_if
from tests import factories as make
from tests.base import QueryCountMixin, RestClient

SEES = 'netbox_ims.view_registerentry'


class WhatIfEstateMixin:
    """
    Dispatch and Orders need the warehouse and the ERP, which run on a cluster of two hosts in two racks; mail needs
    either of two VMs elsewhere.
    """

    @classmethod
    def setUpTestData(cls):
        cls.root = make.make_user(is_superuser=True)
        cls.hamburg, cls.berlin = make.make_site('Hamburg'), make.make_site('Berlin')
        cls.racks = [make.make_rack(name, cls.hamburg) for name in ('r1', 'r2')]
        cls.cluster = make.make_cluster('ham1', scope=cls.hamburg)
        cls.hosts = [
            make.make_device(f'host-{n}', cls.hamburg, rack=rack, cluster=cls.cluster)
            for n, rack in enumerate(cls.racks, start=1)
        ]
        cls.wms, cls.erp = (make.make_vm(name, cluster=cls.cluster) for name in ('vm-wms', 'vm-erp'))
        cls.mails = [make.make_vm('mail-ham', site=cls.hamburg), make.make_vm('mail-ber', site=cls.berlin)]
        cls.warehouse, cls.orders_erp, cls.mail = (make.make_it_service(n) for n in ('Warehouse', 'ERP', 'Mail'))
        cls.dispatch, cls.orders, cls.letters = (
            make.make_business_function(name) for name in ('Dispatch', 'Orders', 'Letters')
        )
        for dependent, provider, group in (
            (cls.warehouse, cls.wms, ''), (cls.orders_erp, cls.erp, ''), (cls.dispatch, cls.warehouse, ''),
            (cls.orders, cls.orders_erp, ''), (cls.mail, cls.mails[0], 'mail'), (cls.mail, cls.mails[1], 'mail'),
            (cls.letters, cls.mail, ''),
        ):
            make.make_dependency(dependent, provider, redundancy_group=group)
        for ci, rto in ((cls.warehouse, 240), (cls.orders_erp, 480), (cls.dispatch, 240), (cls.orders, 600)):
            make.make_profile(ci, rto_minutes=rto)
        BusinessFunction.objects.filter(pk=cls.dispatch.pk).update(mtpd_minutes=480, mtpd_reason='Agreed')
        BusinessFunction.objects.filter(pk=cls.orders.pk).update(mtpd_minutes=1440, mtpd_reason='Agreed')
        settle()

    def ask(self, rest=None, **parameters):
        status, data = (rest or RestClient(self.root)).get('what-if/', **parameters)
        self.assertEqual(status, 200, data)
        return data

    def names(self, steps):
        return [step['recover'] and step['recover']['object']['name'] for step in steps]


class WhatIfAPITestCase(WhatIfEstateMixin, QueryCountMixin, TestCase):

    def test_a_site_is_everything_in_it(self):
        data = self.ask(site_id=self.hamburg.pk, outage='18h')
        self.assertEqual((data['outage_minutes'], data['hidden']), (1080, 0))
        self.assertEqual(
            [(row['function']['object']['name'], row['rto_minutes'], row['mtpd_minutes'], row['margin_minutes'],
              row['status'], row['services']) for row in data['functions']],
            [('Dispatch', 240, 480, -600, 'beyond', ['Warehouse']), ('Orders', 600, 1440, 360, 'within', ['ERP'])],
        )
        self.assertEqual([ci['object']['name'] for ci in data['services_lost']], ['ERP', 'Warehouse'])
        self.assertEqual([ci['object']['name'] for ci in data['services_degraded']], ['Mail'])
        self.assertEqual(data['cis_down'], 13)      # site, racks, cluster, hosts, three VMs, two services, functions
        self.assertEqual(data['step_count'], 11)    # functions come back by themselves

    def test_the_order_to_recover_in(self):
        data = self.ask(cluster_id=self.cluster.pk)
        self.assertEqual(data['outage_minutes'], 480)
        steps = {step['recover']['object']['name']: step for step in data['steps']}
        numbers = {name: step['number'] for name, step in steps.items()}
        self.assertEqual([step['number'] for step in data['steps']], list(range(1, 8)))
        first = min(numbers['host-1'], numbers['host-2'])
        self.assertEqual(first, 1)
        self.assertEqual(steps['ham1']['waits_for'], [first])
        self.assertEqual(steps['vm-wms']['waits_for'], [numbers['ham1']])
        self.assertEqual(steps['Warehouse']['waits_for'], [numbers['vm-wms']])
        self.assertEqual(steps['vm-wms']['effective_rto_minutes'], 240)
        self.assertEqual([ci['object']['name'] for ci in steps['Warehouse']['brings_back']], ['Dispatch'])
        self.assertLess(numbers['Warehouse'], numbers['ERP'])

    def test_a_group_holds_while_one_member_is_up(self):
        rack = self.ask(rack_id=self.racks[0].pk)
        self.assertEqual(self.names(rack['steps']), ['host-1', 'r1'])
        self.assertEqual((rack['functions'], len(rack['services_degraded'])), ([], 2))
        both = self.ask(rack_id=[rack.pk for rack in self.racks])
        self.assertEqual(len(both['functions']), 2)
        mail = self.ask(virtual_machine_id=[vm.pk for vm in self.mails])
        self.assertEqual(
            [(row['function']['object']['name'], row['status']) for row in mail['functions']], [('Letters', 'unknown')]
        )
        self.assertEqual(self.names(mail['steps'])[-1], 'Mail')

    def test_an_outage_as_long_as_the_limit_is_within_it(self):
        for outage, status in (('480', 'within'), ('8h', 'within'), ('481', 'beyond'), ('0', 'within')):
            with self.subTest(outage):
                data = self.ask(it_service_id=self.warehouse.pk, outage=outage)
                self.assertEqual([row['status'] for row in data['functions']], [status])

    def test_nothing_is_kept(self):
        before = Decision.objects.count()
        self.ask(site_id=self.hamburg.pk)
        self.assertEqual((Decision.objects.count(), StaleMark.objects.exists()), (before, False))

    def test_bad_input(self):
        rest = RestClient(self.root)
        for parameters, field in (
            ({}, 'site_id'), ({'site_id': 999999}, 'site_id'), ({'site_id': 'x'}, 'site_id'),
            ({'site_id': self.hamburg.pk, 'outage': '-5'}, 'outage'),
            ({'site_id': self.hamburg.pk, 'outage': 'soon'}, 'outage'),
            ({'site_id': self.hamburg.pk, 'outage': '9' * 20}, 'outage'),
            ({'device_id': '\x00'}, 'device_id'), ({'device_id': '9' * 30}, 'device_id'),
        ):
            with self.subTest(parameters):
                status, data = rest.get('what-if/', **parameters)
                self.assertEqual((status, list(data)), (400, [field]))

    def test_too_many(self):
        with patch.object(what_if, 'LIMIT', 3):
            status, data = RestClient(self.root).get('what-if/', site_id=self.hamburg.pk)
        self.assertEqual((status, list(data)), (400, ['site_id']))

    def test_without_permission(self):
        for user in (make.make_user(), make.make_user('dcim.view_site')):
            self.assertEqual(RestClient(user).get('what-if/', site_id=self.hamburg.pk)[0], 403)
            self.client.force_login(user)
            self.assertEqual(self.client.get('/plugins/ims/what-if/').status_code, 403)
        self.assertIn(RestClient().get('what-if/', site_id=self.hamburg.pk)[0], (401, 403))

    def test_what_may_not_be_seen_can_not_be_picked(self):
        user = make.make_user(SEES, 'dcim.view_device')
        hidden = RestClient(user).get('what-if/', virtual_machine_id=self.wms.pk)
        missing = RestClient(user).get('what-if/', virtual_machine_id=999999)
        self.assertEqual((hidden[0], missing[0]), (400, 400))
        self.assertEqual(str(hidden[1]).replace(str(self.wms.pk), '?'), str(missing[1]).replace('999999', '?'))

    def test_what_may_not_be_seen_goes_by_no_name(self):
        user = make.make_user(
            SEES, 'dcim.view_device', 'virtualization.view_cluster', 'netbox_ims.view_itservice',
            'netbox_ims.view_businessfunction'
        )
        rest = RestClient(user)
        data = self.ask(rest, cluster_id=self.cluster.pk)
        self.assertEqual((data['hidden'], data['cis_down']), (2, 7))
        self.assertEqual(self.names(data['steps']).count(None), 2)
        for step in data['steps']:
            if step['recover'] is None:
                self.assertIsNone(step['effective_rto_minutes'])
        self.client.force_login(user)
        for path in ('', '&tab=steps', '&export=csv', '&export=svg'):
            text = self.client.get(f'/plugins/ims/what-if/?cluster_id={self.cluster.pk}{path}').content.decode()
            self.assertNotIn('vm-wms', text)
            self.assertNotIn('vm-erp', text)
        self.assertIn('2 CIs you may not see fail with it', self.client.get(
            f'/plugins/ims/what-if/?cluster_id={self.cluster.pk}'
        ).content.decode())

    def test_in_a_site_only_what_may_be_seen_fails(self):
        """Else whoever sees a site could tell what else stands there by what fails with it."""
        user = make.make_user(SEES, 'dcim.view_site', 'netbox_ims.view_itservice', 'netbox_ims.view_businessfunction')
        data = self.ask(RestClient(user), site_id=self.hamburg.pk)
        self.assertEqual((data['cis_down'], data['hidden'], data['functions']), (1, 0, []))
        user = make.make_user(SEES, 'netbox_ims.view_itservice', 'dcim.view_device', 'virtualization.view_cluster')
        self.assertEqual(self.ask(RestClient(user), cluster_id=self.cluster.pk)['functions'], [])

    def test_queries_do_not_grow(self):
        few = self.count_queries(lambda: self.ask(cluster_id=self.cluster.pk))
        for number in range(8):
            service = make.make_it_service(f'another-{number}')
            make.make_dependency(service, make.make_vm(f'vm-{number}', cluster=self.cluster))
            make.make_dependency(make.make_business_function(f'function-{number}'), service)
        settle()
        self.assertSameQueries(few, self.count_queries(lambda: self.ask(cluster_id=self.cluster.pk)))


class WhatFallsTestCase(TestCase):
    """Read no further than it falls, it is what the rule says of the whole estate."""

    def test_estates_made_at_random(self):
        type_id = ContentType.objects.get_for_model(ITService).pk
        for seed in range(6):
            dice = random.Random(seed)
            services = [make.make_it_service() for _ in range(14)]
            cis = [name_of(type_id, each.pk) for each in services]
            edges = []
            for dependent, provider in dice.sample(list(permutations(range(14), 2)), 22):
                group = dice.choice(('', 'a', 'a', 'b'))
                make.make_dependency(services[dependent], services[provider], redundancy_group=group)
                edges.append(Edge(cis[dependent], cis[provider], group=group))
            settle()
            for picked in (set(dice.sample(cis, size)) for size in (1, 2, 3, 3, 4, 5)):
                with self.subTest(seed=seed, picked=picked):
                    down, links = what_falls(picked)
                    self.assertEqual(down, fail(picked, edges))
                    self.assertEqual(
                        {link for link in links if link.provider in down},
                        {Link(edge.dependent, edge.provider, edge.group) for edge in edges if edge.provider in down},
                    )

    def test_layers_of_groups(self):
        """Each falls only once the one below it has fallen as a whole."""
        bottom = [make.make_it_service() for _ in range(2)]
        layer = bottom
        for _ in range(3):
            above = [make.make_it_service() for _ in range(2)]
            for dependent in above:
                for provider in layer:
                    make.make_dependency(dependent, provider, redundancy_group='pair')
            layer = above
        settle()
        type_id = ContentType.objects.get_for_model(ITService).pk
        self.assertEqual(len(what_falls({name_of(type_id, bottom[0].pk)})[0]), 1)
        picked = {name_of(type_id, each.pk) for each in bottom}
        self.assertEqual(len(what_falls(picked)[0]), 8)
        # Of each but the two on top, two edges; that nothing depends on these has to be read as well.
        self.assertEqual(len(what_falls(picked, limit=14)[0]), 8)
        self.assertEqual(what_falls(picked, limit=13), (None, None))


class WhatIfPageTestCase(WhatIfEstateMixin, QueryCountMixin, TestCase):

    def page(self, **parameters):
        self.client.force_login(self.root)
        return self.client.get('/plugins/ims/what-if/', parameters)

    def test_nothing_picked(self):
        response = self.page()
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, 'Nothing picked yet')

    def test_the_outage(self):
        text = self.page(cluster_id=self.cluster.pk, outage='18h').content.decode()
        for said in ('MTPD passed by 10h', '10h beyond', '6h left', 'worst by 10h', 'Outage ends 18h', 'of 3',
                     'Warehouse', 'vm-wms', 'required', '2 virtual machines'):
            self.assertIn(said, text)

    def test_unknown_is_never_within(self):
        text = self.page(virtual_machine_id=[vm.pk for vm in self.mails]).content.decode()
        self.assertIn('MTPD unknown', text)
        self.assertIn('s-unknown', text)
        self.assertIn('Undetermined', text)

    def test_what_is_wrong_is_said_at_the_field(self):
        response = self.page(site_id=self.hamburg.pk, outage='soon')
        self.assertContains(response, 'is not a duration', status_code=400)
        self.assertNotContains(response, 'Recovery Order', status_code=400)
        self.assertContains(self.page(device_id=999999), 'Select a valid choice', status_code=400)
        self.assertEqual(self.page(site_id=self.hamburg.pk, export='pdf').status_code, 400)

    def test_too_much_is_weakened(self):
        with patch.object(what_if, 'everything_above', return_value=None):
            self.assertContains(self.page(rack_id=self.racks[0].pk), 'too many to tell')
            data = self.ask(rack_id=self.racks[0].pk)
            self.assertEqual((data['services_degraded'], data['cis_down']), (None, 2))
            self.assertEqual(self.page(rack_id=self.racks[0].pk, export='xlsx').status_code, 200)

    def test_too_many(self):
        with patch.object(what_if, 'LIMIT', 3):
            self.assertContains(self.page(site_id=self.hamburg.pk), 'More CIs depend on these')

    def test_all_cis_down(self):
        response = self.page(site_id=self.hamburg.pk, tab='steps')
        self.assertEqual(len(response.context['table'].rows), 11)
        self.assertContains(response, 'Dispatch')
        self.assertEqual(self.page(site_id=self.hamburg.pk, tab='steps', page='x').status_code, 200)

    def test_files(self):
        parameters = {'cluster_id': self.cluster.pk, 'outage': '18h'}
        rows = list(csv.reader(io.StringIO(self.page(**parameters, export='csv').content.decode('utf-8-sig'))))
        self.assertEqual((len(rows), rows[1][0]), (8, '1'))
        self.assertIn('Dispatch', {row[-1] for row in rows})
        book = load_workbook(io.BytesIO(self.page(**parameters, export='xlsx').content))
        self.assertEqual(book.sheetnames, ['Recovery order', 'Functions lost', 'IT services', 'What was asked'])
        asked = list(book['What was asked'].values)
        self.assertEqual(asked[1:3], [('If this fails', 'ham1 (Cluster)'), ('For', '18h')])
        self.assertRegex(asked[3][1], r'^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$')
        for wanted in ('csv', 'xlsx', 'svg'):
            self.assertRegex(
                self.page(**parameters, export=wanted)['Content-Disposition'],
                rf'^attachment; filename="what-if-ham1-18h-\d{{8}}-\d{{6}}\.{wanted}"$'
            )
        functions = list(book['Functions lost'].values)
        self.assertEqual(functions[1], ('Dispatch', 240, 480, 1080, -600, '10h beyond', 'Warehouse'))
        svg = self.page(**parameters, export='svg')
        self.assertEqual(svg['Content-Type'], 'image/svg+xml')
        self.assertIn('Dispatch', ''.join(ElementTree.fromstring(svg.content).itertext()))

    def test_a_name_is_no_formula(self):
        type(self.wms).objects.filter(pk=self.wms.pk).update(name='=1+1')
        book = load_workbook(io.BytesIO(self.page(cluster_id=self.cluster.pk, export='xlsx').content))
        cell = next(cell for row in book['Recovery order'].iter_rows() for cell in row if cell.value == '=1+1')
        self.assertEqual(cell.data_type, 's')

    def test_a_figure_counts_the_rows_it_leads_to(self):
        make.make_dependency(self.letters, self.wms)
        settle()
        some = make.make_user(
            SEES, 'dcim.view_site', 'dcim.view_device', 'virtualization.view_cluster', 'netbox_ims.view_itservice'
        )
        make.grant(some, 'netbox_ims.view_businessfunction', constraints={'name__in': ['Orders', 'Letters']})
        for user, down, beyond in ((self.root, 11, 1), (make.fresh(some), 8, 0)):
            with self.subTest(user=user):
                self.client.force_login(user)
                query = f'/plugins/ims/what-if/?site_id={self.hamburg.pk}&cluster_id={self.cluster.pk}&outage=18h'
                text = self.client.get(query).content.decode()
                figures = {
                    label: (int(count), link) for link, label, count in re.findall(
                        r'ims-kpi"(?: href="([^"]*)")?>.*?<div class="ims-why">([^<]*)</div><span class="v">(\d+)', text
                    )
                }
                rows = self.client.get(f'{query}&tab=steps').context['table'].rows
                self.assertEqual((figures['CIs down'][0], len(rows)), (down, down))
                self.assertIn(f'All CIs Down <span class="badge text-bg-secondary">{down}</span>', text)
                self.assertEqual(figures['MTPD passed'], (beyond, '#ims-functions-beyond' if beyond else ''))
                self.assertEqual(figures['Limit unknown'], (1, '#ims-functions-unknown'))
                for label in ('MTPD passed', 'Limit unknown'):
                    count, link = figures[label]
                    if link:
                        (section,) = re.findall(rf'<tbody id="{link[1:]}">(.*?)</tbody>', text, re.DOTALL)
                        self.assertEqual(section.count('<td><a '), count)

    def test_no_limit_within_the_horizon_is_not_unknown(self):
        make.make_analysis(self.letters, bands=[0, 60], ratings={'legal': [1, 1]})
        picked = {'virtual_machine_id': [vm.pk for vm in self.mails]}
        self.assertEqual([row['status'] for row in self.ask(**picked)['functions']], ['no_limit'])
        text = self.page(**picked).content.decode()
        self.assertIn('No limit within the horizon', text)
        self.assertNotIn('MTPD unknown', text)
        self.assertNotIn('ims-functions-unknown', text)
        user = make.make_user(SEES, 'virtualization.view_virtualmachine', 'netbox_ims.view_businessfunction')
        # What the analysis says is for who may see it.
        self.assertEqual(
            [row['status'] for row in self.ask(RestClient(user), **picked)['functions']], ['unknown']
        )

    def test_as_of(self):
        asked = timezone.now()
        data = self.ask(cluster_id=self.cluster.pk)
        self.assertLessEqual(asked, parse_datetime(data['as_of']))
        # Hosts, cluster and VMs have no RTO: nobody can say of the six edges from one of these.
        self.assertEqual(data['undetermined'], 6)
        self.assertContains(self.page(cluster_id=self.cluster.pk), '6 edges undetermined.')
        user = make.make_user(SEES, 'dcim.view_device', 'virtualization.view_cluster')
        self.assertEqual(self.ask(RestClient(user), cluster_id=self.cluster.pk)['undetermined'], 2)

    def test_what_waits_to_be_worked_out_is_undetermined(self):
        everything = {name_of(*ci) for ci in RegisterEntry.objects.values_list('object_type', 'object_id')}
        edges = Alignment.objects.filter(kind='rto').count()
        self.assertLess(undetermined_edges(everything), edges)
        StaleMark.objects.create(time=timezone.now())
        self.assertEqual(undetermined_edges(everything), edges)

    def test_from_a_ci(self):
        self.client.force_login(self.root)
        url = f'/plugins/ims/what-if/?device_id={self.hosts[0].pk}'
        self.assertContains(self.client.get(f'{self.hosts[0].get_absolute_url()}ims-dependencies/'), url)
        self.assertContains(self.client.get(url), 'host-1')

    def test_cycles_are_said(self):
        make.make_dependency(self.wms, self.erp)
        make.make_dependency(self.erp, self.wms)
        settle()
        response = self.page(virtual_machine_id=self.wms.pk)
        self.assertContains(response, 'Cycle', count=1)

    def test_queries_do_not_grow(self):
        few = self.count_queries(lambda: self.page(cluster_id=self.cluster.pk))
        for number in range(8):
            make.make_dependency(make.make_it_service(f'another-{number}'), make.make_vm(cluster=self.cluster))
        settle()
        self.assertSameQueries(few, self.count_queries(lambda: self.page(cluster_id=self.cluster.pk)))
