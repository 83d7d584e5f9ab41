"""Catalogues: what ships, loading it again, bringing in one's own, and the map between editions."""
from collections import Counter

from django.test import TestCase
from django.urls import reverse

from netbox_ims.catalogs import CatalogError, parse_catalog
from netbox_ims.models import Clause, Control, ControlCatalog, Standard
from netbox_ims.services.controls import import_catalog
from netbox_ims.services.reference_data import load_reference_data
from tests import factories as make
from tests.base import RestClient

OWN = """
name: NIS2 measures
slug: nis2
edition: '2024'
controls:
  - ref: M1
    title: Risk analysis
    theme: Governance
  - ref: 1.10
    title: Backups
    control_type: [Preventive, Corrective]
"""


class ShippedTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.loaded = load_reference_data()
        cls.new = ControlCatalog.objects.get(slug='annex-a-2022')
        cls.old = ControlCatalog.objects.get(slug='annex-a-2013')

    def test_the_2022_edition(self):
        self.assertEqual(Counter(self.new.controls.values_list('theme', flat=True)), {
            'Organizational': 37, 'People': 8, 'Physical': 14, 'Technological': 34,
        })
        for name in Control.ATTRIBUTES:
            self.assertFalse(self.new.controls.filter(**{name: []}).exists(), name)
        crypto = self.new.controls.get(ref='A.8.24')
        self.assertEqual((crypto.title, crypto.control_type), ('Use of cryptography', ['Preventive']))

    def test_the_2013_edition(self):
        self.assertEqual(self.old.controls.count(), 114)
        self.assertEqual(self.old.controls.values('theme').distinct().count(), 14)

    def test_the_map_between_them(self):
        replaced = [control.replaces.count() for control in self.new.controls.prefetch_related('replaces')]
        self.assertEqual(
            (replaced.count(1), sum(n > 1 for n in replaced), replaced.count(0)), (58, 24, 11)
        )
        self.assertFalse(self.old.controls.filter(replaced_by=None).exists())

    def test_standards_and_clauses(self):
        self.assertEqual(
            {s.slug: (s.edition, s.clauses.count()) for s in Standard.objects.all()},
            {'iso-27001': ('2022', 41), 'iso-20000-1': ('2018', 77), 'iso-22301': ('2019', 64)},
        )

    def test_loading_again_changes_nothing(self):
        crypto = self.new.controls.get(ref='A.8.24')
        crypto.title = 'Our own words'
        crypto.save()
        clause = Clause.objects.get(standard__slug='iso-27001', number='6.1.3')
        clause.delete()
        again = load_reference_data()
        self.assertEqual(again['controls'], (0, 207))
        self.assertEqual(again['clauses'], (1, 181))
        crypto.refresh_from_db()
        self.assertEqual(crypto.title, 'Our own words')

    def test_references_sort_as_people_count(self):
        refs = list(self.new.controls.filter(theme='Organizational').values_list('ref', flat=True))
        self.assertEqual(refs[:3] + refs[-1:], ['A.5.1', 'A.5.2', 'A.5.3', 'A.5.37'])

    def test_the_map_can_be_walked_both_ways(self):
        user = make.make_user('netbox_ims.view_control', 'netbox_ims.view_controlcatalog')
        self.client.force_login(user)
        policies, old = self.new.controls.get(ref='A.5.1'), self.old.controls.get(ref='A.5.1.2')
        for here, there in ((policies, old), (old, policies)):
            self.assertContains(self.client.get(here.get_absolute_url()), f'href="{there.get_absolute_url()}"')
        client = RestClient(user)
        self.assertEqual(client.get(f'controls/{policies.pk}/')[1]['replaces'], ['A.5.1.1', 'A.5.1.2'])
        self.assertEqual(client.get(f'controls/{old.pk}/')[1]['replaced_by'], ['A.5.1'])


class OwnCatalogTestCase(TestCase):

    def assertProblems(self, text, *expected):
        with self.assertRaises(CatalogError) as caught:
            import_catalog(text)
        for (line, message), (wanted, part) in zip(caught.exception.problems, expected, strict=True):
            self.assertEqual(line, wanted, message)
            self.assertIn(part, message)
        self.assertFalse(ControlCatalog.objects.filter(slug='nis2').exists())

    def test_import(self):
        catalog = import_catalog(OWN)
        self.assertEqual(
            list(catalog.controls.values_list('ref', 'title', 'theme', 'control_type')),
            [('1.10', 'Backups', '', ['Preventive', 'Corrective']), ('M1', 'Risk analysis', 'Governance', [])],
        )

    def test_what_is_wrong_is_said_by_line(self):
        for change, line, part in (
            (('name: NIS2 measures\n', ''), 2, '“name” is missing'),
            (('slug: nis2', 'slug: n is 2'), 3, 'only letters'),
            (("edition: '2024'", 'edtion: x'), 4, '“edtion” is no key of a catalog'),
            (('    title: Backups\n', ''), 9, '“title” of the control is missing'),
            (('ref: 1.10', 'ref: M1'), 9, 'M1 stands on line 6 already'),
            (('theme: Governance', 'theme: [a]'), 8, '“theme” must be a text'),
            (('[Preventive, Corrective]', 'Preventive'), 11, '“control_type” must be a list'),
            (('title: Risk analysis', 'titel: Risk analysis'), 6, '“title” of the control is missing'),
            (("edition: '2024'", 'standard: nope'), 4, 'no standard with the slug “nope”'),
            (("edition: '2024'", f'edition: {"x" * 51}'), 4, 'longer than 50'),
        ):
            with self.subTest(part):
                with self.assertRaises(CatalogError) as caught:
                    import_catalog(OWN.replace(*change))
                self.assertIn((line, part), [(at, part) for at, said in caught.exception.problems if part in said])
        self.assertFalse(ControlCatalog.objects.exists())

    def test_what_is_no_catalog_at_all(self):
        for text, line in (('', 1), ('- a\n- b', 1), ('name: [', 1), ('controls: 7', 1), ('a: b\n c: d', 2)):
            with self.subTest(text), self.assertRaises(CatalogError) as caught:
                parse_catalog(text)
            self.assertEqual(caught.exception.problems[0][0], line)

    def test_every_problem_at_once(self):
        self.assertProblems(
            OWN.replace('    title: Backups\n', '').replace('slug: nis2', 'slog: nis2'),
            (2, '“slug” is missing'), (3, '“slog” is no key'), (9, '“title” of the control is missing'),
        )

    def test_a_reference_of_another_edition_is_refused_with_the_reason(self):
        make.make_catalog('Older', slug='older', controls=('O.1',))
        make.make_catalog('Elsewhere', slug='elsewhere', controls=('E.1',))
        text = OWN.replace("edition: '2024'", 'replaces: older').replace('Governance', 'Governance\n    replaces: [{}]')
        self.assertProblems(text.format('O.1, E.1'), (9, 'E.1 is a control of Elsewhere, not of Older'))
        self.assertProblems(text.format('O.7'), (9, 'Older has no control O.7'))
        self.assertProblems(text.replace('older', 'oldest').format('O.1'), (4, 'no catalog with the slug “oldest”'))
        catalog = import_catalog(text.format('O.1'))
        self.assertEqual(catalog.controls.get(ref='M1').replaces.get().ref, 'O.1')

    def test_a_name_that_is_taken(self):
        make.make_catalog('NIS2 measures', slug='other')
        self.assertProblems(OWN, (2, 'a catalog of this name already'))

    def test_page_and_rest(self):
        user = make.make_user('netbox_ims.add_controlcatalog', 'netbox_ims.view_controlcatalog')
        self.client.force_login(user)
        url = reverse('plugins:netbox_ims:controlcatalog_upload')
        self.assertEqual(self.client.get(url).status_code, 403)
        make.grant(user, 'netbox_ims.add_control')
        self.assertContains(self.client.post(url, {'text': OWN.replace('ref: M1', 'rf: M1')}), 'Line 6: ')
        client = RestClient(make.fresh(user))
        status, data = client.post('control-catalogs/upload/', {'text': OWN.replace('ref: M1', 'rf: M1')})
        self.assertEqual(status, 400)
        self.assertIn('Line 6: ', data['text'][0])
        self.assertFalse(ControlCatalog.objects.exists())
        self.assertEqual(self.client.post(url, {'text': OWN}).status_code, 302)
        self.assertEqual(Control.objects.count(), 2)
        other = OWN.replace('nis2', 'nis3').replace('NIS2', 'NIS3')
        status, data = client.post('control-catalogs/upload/', {'text': other})
        self.assertEqual((status, data['control_count']), (201, 2))


class ReplacesTestCase(TestCase):

    def test_a_control_of_the_same_catalog_is_refused(self):
        catalog = make.make_catalog(controls=('A.1', 'A.2'))
        client = RestClient(make.make_user(
            'netbox_ims.view_control', 'netbox_ims.change_control', 'netbox_ims.add_control',
            'netbox_ims.view_controlcatalog',
        ))
        first = catalog.controls.first()
        status, data = client.patch(f'controls/{first.pk}/', {'replaces': ['A.2']})
        self.assertEqual((status, list(data)), (400, ['replaces']))
        status, data = client.patch(f'controls/{first.pk}/', {'replaces': ['Z.9']})
        self.assertEqual((status, list(data)), (400, ['replaces']))
        make.make_catalog(controls=('A.2', 'O.1'))
        status, data = client.patch(f'controls/{first.pk}/', {'replaces': ['A.2', 'O.1']})
        self.assertEqual((status, data['replaces']), (200, ['A.2', 'O.1']))
