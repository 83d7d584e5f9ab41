"""A control that is required and missing, or excluded and assigned, is a finding: on the CI, and on the overview."""
from functools import partial

from django.test import TestCase
from django.urls import reverse

from netbox_ims.services import derive
from tests import factories as make
from tests.base import QueryCountMixin, count_rows

SEEING = (
    'netbox_ims.view_registerentry', 'netbox_ims.view_assetprofile', 'netbox_ims.view_classification',
    'netbox_ims.view_control', 'netbox_ims.view_controlassignment', 'netbox_ims.view_soaentry', 'netbox_ims.view_scope',
    'netbox_ims.view_standard', 'netbox_ims.view_statementofapplicability',
)


class ControlFindingsTestCase(QueryCountMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.ham, cls.kiel = make.make_site('ham'), make.make_site('kiel')
        cls.catalog = make.make_catalog(controls=('A.8.13', 'A.8.23', 'A.8.24'))
        cls.backup, cls.web, cls.crypto = cls.catalog.controls.all()
        cls.secret = make.make_classification('Secret', level=90)
        cls.secret.required_controls.set([cls.crypto])
        cls.devices = [make.make_device(f'ham-{n}', site=cls.ham) for n in range(3)]
        cls.devices.append(make.make_device('kiel-1', site=cls.kiel))
        for device in cls.devices:
            make.make_profile(device, classification=cls.secret)
        make.make_assignment(cls.devices[0], cls.crypto)
        make.make_assignment(cls.devices[0], cls.web)
        make.make_assignment(cls.devices[3], cls.web)
        cls.iso = make.make_standard('ISO', slug='iso')
        cls.scope = make.make_scope('Hosting', cls.iso, sites=[cls.ham, cls.kiel])
        cls.draft = make.make_statement(cls.catalog, cls.scope)
        cls.draft.entries.filter(control=cls.web).update(applicable=False, justification='No browsers')
        cls.root = make.make_user(is_superuser=True)
        cls.limited = make.make_user(*SEEING)
        make.grant(cls.limited, 'dcim.view_device', constraints={'site__name': 'ham'})
        derive.settle()

    def overview(self, user):
        self.client.force_login(make.fresh(user))
        return self.client.get(reverse('plugins:netbox_ims:overview'))

    def found(self, user):
        """{title: (count, number of rows that its link leads to)}"""
        return {
            str(each['title']): (each['count'], count_rows(self.client.get(each['url'])))
            for each in self.overview(user).context['findings'] if each['kind'] == 'finding'
        }

    def test_figures_of_the_overview_are_the_rows_behind_them(self):
        for user, missing, excluded in ((self.root, 3, 2), (self.limited, 2, 1)):
            found = self.found(user)
            self.assertEqual(found['Secret without A.8.24'], (missing, missing))
            self.assertEqual(found['Excluded control assigned'], (excluded, excluded))

    def test_many_required_controls_are_one_finding(self):
        self.secret.required_controls.set([
            self.crypto, self.backup, self.web, make.make_control('B.1', self.catalog),
            make.make_control('B.2', self.catalog),
        ])
        found = {title: counts for title, counts in self.found(self.root).items() if title.startswith('Secret')}
        self.assertEqual(len(found), 4)
        self.assertEqual(found['Secret without other required controls'], (3, 3))
        for count, rows in found.values():
            self.assertEqual(count, rows)

    def test_nothing_is_said_without_permission(self):
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device', 'netbox_ims.view_classification')
        found = self.found(user)
        self.assertFalse([title for title in found if 'without' in title or 'Excluded' in title])
        make.grant(user, 'netbox_ims.view_control', 'netbox_ims.view_controlassignment')
        self.assertIn('Secret without A.8.24', self.found(user))
        self.assertNotIn('Excluded control assigned', self.found(user))

    def test_standards(self):
        make.make_standard('Without')
        rows = {str(row['standard']): row for row in self.overview(self.root).context['standards']}
        self.assertEqual(rows['ISO']['in_scope'], 6)        # four devices and both sites
        self.assertEqual(count_rows(self.client.get(rows['ISO']['url'])), 6)
        self.assertContains(self.overview(self.root), '1 of 3 complete')
        self.assertIsNone(rows['Without']['in_scope'])
        rows = {str(row['standard']): row for row in self.overview(self.limited).context['standards']}
        self.assertEqual(rows['ISO']['in_scope'], 3)

    def test_as_many_queries_for_more_standards_and_statements(self):
        self.client.force_login(self.root)
        look = partial(self.client.get, reverse('plugins:netbox_ims:overview'))
        few = self.count_queries(look, warm=True)
        for _number in range(3):
            standard = make.make_standard()
            for scope in (make.make_scope(standard=standard), make.make_scope(standard=standard, sites=[self.ham])):
                make.make_statement(self.catalog, scope)
        self.assertEqual(len(few), len(self.count_queries(look)))

    def ci_page(self, device, user, tab=''):
        self.client.force_login(make.fresh(user))
        return self.client.get(f'{device.get_absolute_url()}{tab}')

    def test_the_ci_says_so(self):
        tab = self.ci_page(self.devices[1], self.limited, 'ims/')
        self.assertContains(tab, 'Required control missing')
        self.assertContains(tab, 'Secret requires A.8.24; not assigned.')
        self.assertNotContains(tab, 'Excluded control assigned')
        tab = self.ci_page(self.devices[0], self.limited, 'ims/')
        self.assertContains(tab, 'Excluded control assigned')
        self.assertContains(tab, 'A.8.23 (Hosting · SoA v1)')
        self.assertNotContains(tab, 'Required control missing')
        self.assertContains(self.ci_page(self.devices[1], self.limited), 'Required control missing')

    def test_and_its_badge_counts_it(self):
        self.client.force_login(self.root)
        for device, count in ((self.devices[0], 1), (self.devices[1], 1), (self.devices[3], 2)):
            page = self.client.get(device.get_absolute_url()).content.decode()
            self.assertRegex(page, rf'(?s)IMS\s*<span class="badge[^>]*>\s*{count}\s*</span>')

    def test_what_is_decided_anew_is_no_finding(self):
        self.draft.entries.filter(control=self.web).update(applicable=True)
        self.assertNotIn('Excluded control assigned', self.found(self.root))

    def test_filter_of_assignments(self):
        self.client.force_login(self.root)
        path = '/api/plugins/ims/control-assignments/'
        for wanted, count in (('true', 2), ('false', 1)):
            self.assertEqual(self.client.get(path, {'excluded': wanted}).json()['count'], count)
        self.assertEqual(self.client.get(path, {'excluded': 'perhaps'}).status_code, 400)

    def test_filter_without_permission_on_statements(self):
        user = make.make_user('netbox_ims.view_controlassignment', 'dcim.view_device')
        self.client.force_login(user)
        for wanted in ('true', 'false'):
            answer = self.client.get('/api/plugins/ims/control-assignments/', {'excluded': wanted}).json()
            self.assertEqual(answer['count'], 0)
