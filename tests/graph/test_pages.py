"""The pages that say why: IMS tab, dependencies with their picture, panel and overview; and for whom they say what."""
from unittest.mock import patch
from xml.etree import ElementTree

from django.test import TestCase

from core.models import Job

from netbox_ims.models import RegisterEntry
from netbox_ims.querysets.graph import UP
from netbox_ims.services.derive import settle
from netbox_ims.ui.dependency_picture import MOST, Picture
from netbox_ims.ui.inheritance import Inheritance
from netbox_ims.ui.neighbourhood import Neighbourhood
from tests import factories as make
from tests.base import QueryCountMixin, RestClient

SEES = ('netbox_ims.view_registerentry', 'netbox_ims.view_assetprofile', 'netbox_ims.view_dependency')


class PagesTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.root = make.make_user(is_superuser=True)
        cls.internal = make.make_classification('Internal', level=20)
        cls.confidential = make.make_classification('Confidential', level=30)
        cls.berlin, cls.paris = make.make_site('Berlin'), make.make_site('Paris')
        cls.function = make.make_business_function('Salary payment')
        cls.payroll = make.make_it_service('Payroll')
        cls.cluster = make.make_cluster('c1')
        cls.host = make.make_device('host', cls.berlin, cluster=cls.cluster)
        cls.vm = make.make_vm('secret-vm', site=cls.paris)
        cls.vm.cluster = cls.cluster
        type(cls.vm).objects.filter(pk=cls.vm.pk).update(cluster=cls.cluster)
        make.make_dependency(cls.function, cls.payroll, holds_data=True)
        make.make_dependency(cls.payroll, cls.vm, holds_data=True)
        make.make_profile(cls.function, rto_minutes=480)
        make.make_profile(cls.payroll, classification=cls.confidential, rto_minutes=240, processes_personal_data=True)
        make.make_profile(cls.host, classification=cls.internal, rto_minutes=480)
        settle()

    def page(self, ci, tab, user=None, **parameters):
        self.client.force_login(user or self.root)
        return self.client.get(f'{ci.get_absolute_url()}{tab}/', parameters)

    def limited(self, *permissions):
        """Sees everything but what stands in Paris."""
        user = make.make_user(*SEES, *permissions)
        make.grant(user, 'dcim.view_device', 'virtualization.view_virtualmachine',
                   constraints={'site__slug': 'berlin'})
        make.grant(user, 'virtualization.view_cluster', 'netbox_ims.view_itservice', 'netbox_ims.view_businessfunction')
        return user

    def test_why_a_host_is_confidential(self):
        text = self.page(self.host, 'ims').content.decode()
        for said in ('Under-classified', '4h over', 'Payroll', 'secret-vm', 'Raise to Confidential'):
            self.assertIn(said, text)

    def test_the_way_names_nobody_who_is_hidden(self):
        user = self.limited()
        for tab in ('ims', 'ims-dependencies'):
            with self.subTest(tab):
                response = self.page(self.host, tab, user)
                self.assertEqual(response.status_code, 200)
                text = response.content.decode()
                self.assertIn('Payroll', text)
                self.assertNotIn('secret-vm', text)
        self.assertIn('a CI you may not see', self.page(self.host, 'ims', user).content.decode())
        self.assertIn('1 CI you may not see lies on these paths', self.page(
            self.host, 'ims-dependencies', user
        ).content.decode())
        self.assertEqual(self.page(self.vm, 'ims', user).status_code, 404)
        self.assertEqual(self.page(self.vm, 'ims-dependencies', user).status_code, 404)

    def test_a_hidden_source_is_no_secret_but_unnamed_in_rest(self):
        type(self.payroll).objects.filter(pk=self.payroll.pk).update(slug='payroll')
        user = make.make_user(*SEES, 'dcim.view_device')
        status, data = RestClient(user).get('register/', device_id=self.host.pk)
        self.assertEqual((status, data['count']), (200, 1))
        row = data['results'][0]
        self.assertEqual(row['effective_classification']['name'], 'Confidential')
        nobody = {'object_type': None, 'object_id': None, 'name': None}
        self.assertEqual(row['effective_classification_source'], nobody)
        self.assertEqual(row['required_rto_source'], nobody)

    def test_without_permission_on_the_register_there_are_no_tabs(self):
        user = make.make_user('dcim.view_device')
        self.client.force_login(user)
        self.assertNotIn('/ims/', self.client.get(self.host.get_absolute_url()).content.decode())
        for tab in ('ims', 'ims-dependencies'):
            self.assertEqual(self.page(self.host, tab, user).status_code, 403)

    def test_raise_to_what_is_inherited(self):
        entry = RegisterEntry.objects.of(self.host).get()
        self.client.force_login(self.root)
        self.client.post('/plugins/ims/register/classify/', {
            'pk': entry.pk, 'classification': self.confidential.pk, 'return_url': '/'
        })
        entry.refresh_from_db()
        self.assertEqual((entry.classification, entry.under_classified), (self.confidential, None))
        self.assertNotIn('Under-classified', self.page(self.host, 'ims').content.decode())

    def test_rows_upwards(self):
        hood = Neighbourhood(RegisterEntry.objects.of(self.host).get(), self.root)
        rows = {str(row.entry): (row.distance, row.holds_data, row.required, row.verdict.status) for row in hood.rows}
        self.assertEqual(rows, {
            'c1': (1, True, 240, 'breached'),
            'secret-vm': (2, True, 240, 'breached'),
            'Payroll': (3, True, 240, 'breached'),
            'Salary payment': (4, True, 480, 'aligned'),
        })

    def test_a_member_that_is_fast_enough_speaks_for_its_group(self):
        other = make.make_device('fast', self.berlin, cluster=self.cluster)
        make.make_profile(other, rto_minutes=60)
        settle()
        entry = RegisterEntry.objects.of(self.host).get()
        rows = {str(row.entry): (row.grouped, row.verdict.status) for row in Neighbourhood(entry, self.root).rows}
        self.assertEqual(rows['Payroll'], (True, 'aligned'))
        picture = Picture(Neighbourhood(entry, self.root))
        self.assertEqual([bracket.words for bracket in picture.brackets], ['Group meets 4h: 1 member does'])

    def test_downwards_and_direct(self):
        response = self.page(self.payroll, 'ims-dependencies', way='down')
        self.assertEqual(
            {str(row.entry) for row in response.context['hood'].rows}, {'secret-vm', 'c1', 'host'}
        )
        response = self.page(self.payroll, 'ims-dependencies', way='down', direct='true')
        self.assertEqual({str(row.entry) for row in response.context['hood'].rows}, {'secret-vm'})
        self.assertEqual(self.page(self.function, 'ims-dependencies').context['way'], 'down')
        self.assertEqual(self.page(self.payroll, 'ims-dependencies', way='sideways').context['way'], 'up')

    def test_the_picture_as_a_file(self):
        response = self.page(self.host, 'ims-dependencies', format='svg')
        self.assertEqual(response['Content-Type'], 'image/svg+xml')
        texts = [element.text for element in ElementTree.fromstring(response.content).iter() if element.text]
        self.assertIn('Payroll', texts)
        self.assertTrue(any('4h over' in text for text in texts))

    def test_the_picture_hides_who_is_hidden(self):
        content = self.page(self.host, 'ims-dependencies', self.limited(), format='svg').content.decode()
        self.assertIn('A CI you may not see', content)
        self.assertNotIn('secret-vm', content)

    def test_what_may_not_be_seen_passes_for_nothing(self):
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        entry = RegisterEntry.objects.of(self.host).get()
        self.assertEqual({arrow.css for arrow in Picture(Neighbourhood(entry, user)).arrows}, {'unk'})
        text = self.page(self.host, 'ims-dependencies', user).content.decode()
        self.assertIn('Nothing that you may see', text)
        self.assertNotIn('Nothing depends on it', text)
        self.assertIn('No decisions that you may see', self.page(self.host, 'ims', user).content.decode())

    def test_many_that_are_alike_are_drawn_as_one(self):
        for number in range(MOST + 20):
            make.make_vm(f'clone-{number}', cluster=self.cluster)
        settle()
        picture = Picture(Neighbourhood(RegisterEntry.objects.of(self.host).get(), self.root))
        self.assertIn(f'{MOST + 20} × Virtual machine', [box.title for box in picture.boxes])

    def test_many_that_are_not_alike_are_drawn_by_type(self):
        for number in range(MOST + 20):
            vm = make.make_vm(f'other-{number}', cluster=self.cluster)
            make.make_profile(vm, rto_minutes=600 + number)
        settle()
        picture = Picture(Neighbourhood(RegisterEntry.objects.of(self.host).get(), self.root))
        self.assertLessEqual(len(picture.boxes), MOST)
        self.assertIn('host', [box.title for box in picture.boxes])
        self.assertTrue(any(box.mixed for box in picture.boxes))

    def test_a_cycle_is_drawn(self):
        make.make_dependency(self.cluster, self.payroll)
        settle()
        for ci in (self.payroll, self.host, self.cluster):
            self.assertEqual(self.page(ci, 'ims-dependencies').status_code, 200)

    def test_queries_do_not_grow(self):
        for tab in ('ims', 'ims-dependencies', ''):
            with self.subTest(tab):
                few = self.count_queries(lambda tab=tab: self.page(self.host, tab) if tab else self.detail())
                for number in range(8):
                    vm = make.make_vm(f'{tab or "page"}-{number}', cluster=self.cluster)
                    make.make_service(f'{tab}-{number}', vm)
                settle()
                many = self.count_queries(lambda tab=tab: self.page(self.host, tab) if tab else self.detail())
                self.assertSameQueries(few, many, tab)

    def detail(self):
        self.client.force_login(self.root)
        return self.client.get(self.host.get_absolute_url())

    def test_more_than_can_be_looked_at(self):
        with patch('netbox_ims.ui.neighbourhood.LIMIT', 2), patch('netbox_ims.ui.inheritance.LIMIT', 2):
            entry = RegisterEntry.objects.of(self.host).get()
            self.assertEqual([str(row.entry) for row in Neighbourhood(entry, self.root, UP).rows], ['c1'])
            self.assertEqual(Inheritance(entry, self.root).classification.way.source_name, 'Payroll')
            for tab in ('ims', 'ims-dependencies'):
                self.assertEqual(self.page(self.host, tab).status_code, 200)

    def test_an_override_is_explained(self):
        profile = self.host.ims_profiles.get()
        profile.classification_override, profile.override_justification = True, 'Encrypted at rest'
        profile.save()
        settle()
        text = self.page(self.host, 'ims').content.decode()
        self.assertIn('Overridden because Encrypted at rest', text)
        self.assertNotIn('Under-classified', text)
        self.assertIn('Encrypted at rest', self.detail().content.decode())

    def test_maintenance_is_for_superusers(self):
        for name, title in (('repair', 'Repair the register'), ('settle', 'Work out everything CIs inherit')):
            with self.subTest(name):
                url = f'/plugins/ims/maintenance/{name}/'
                self.client.force_login(make.make_user(*SEES))
                self.assertEqual(self.client.post(url).status_code, 403)
                self.assertFalse(Job.objects.filter(name=title).exists())
                self.client.force_login(self.root)
                self.assertEqual(self.client.get(url).status_code, 302)
                job_page = self.client.post(url).url
                self.assertEqual(job_page, Job.objects.get(name=title).get_absolute_url())
        self.assertEqual(self.client.post('/plugins/ims/maintenance/else/').status_code, 404)

    def test_figures_of_the_overview(self):
        self.client.force_login(self.root)
        coverage = self.client.get('/plugins/ims/overview/').context['coverage']
        # The VM and the cluster only inherit; the host is under-classified, and too slow.
        total = coverage.total
        self.assertEqual((total.inherited, total.under_classified, total.breached), (2, 1, 1))
        for finding in coverage.findings:
            response = self.client.get(finding['url'])
            self.assertEqual(response.context['table'].page.paginator.count, finding['count'], finding['title'])
        for bar in coverage.bars:
            for segment in bar.segments:
                response = self.client.get(segment['url'])
                self.assertEqual(response.context['table'].page.paginator.count, segment['count'], segment['url'])
