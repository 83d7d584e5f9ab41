"""Making a risk matrix: in the editor, from YAML, and putting it into force."""
from django.test import TestCase
from django.urls import reverse

from netbox_ims.catalogs import CatalogError, read_matrix, write_matrix
from netbox_ims.forms import RiskMatrixForm
from netbox_ims.models import Decision, Risk, RiskMatrix
from netbox_ims.services.matrix_import import import_matrix
from netbox_ims.services.reference_data import load_reference_data
from tests import factories as make

SEES = ('netbox_ims.view_riskmatrix', 'netbox_ims.add_riskmatrix', 'netbox_ims.change_riskmatrix')


def filled_in(**changes):
    """The editor as somebody has filled it in, for the matrix of factories.matrix_values()."""
    values = make.matrix_values()
    data = {
        'name': 'Ours', 'acceptance_level': values['acceptance_level'],
        **{name: '\r\n'.join(values[name]) for name in ('likelihood_scale', 'impact_scale', 'impact_dimensions')},
    }
    for i, level in enumerate(values['levels']):
        data |= {
            f'levels-{i}-slug': level['slug'], f'levels-{i}-name': level['name'],
            f'levels-{i}-color': f'#{level["color"].upper()}', f'levels-{i}-order': str(i + 1),
        }
    data['levels-3-name'] = ''      # the row for another one
    for y, row in enumerate(values['cells'], start=1):
        data |= {f'cells-{y}-{x}': slug for x, slug in enumerate(row, start=1)}
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


class ShippedTestCase(TestCase):

    def test_three_ship_and_one_is_active(self):
        self.assertEqual(load_reference_data()['risk matrices'], (3, 0))
        self.assertEqual(
            {str(matrix): matrix.is_active for matrix in RiskMatrix.objects.all()},
            {'Standard 3×3 v1': False, 'Standard 4×4 v1': False, 'Standard 5×5 v1': True},
        )
        RiskMatrix.objects.filter(name='Standard 3×3').delete()
        self.assertEqual(load_reference_data()['risk matrices'], (1, 2))

    def test_what_is_active_stays_active(self):
        own = make.make_matrix('Ours', is_active=True)
        load_reference_data()
        self.assertEqual(RiskMatrix.objects.active(), own)


class EditorTestCase(TestCase):

    def setUp(self):
        self.user = make.make_user(*SEES, 'netbox_ims.view_risk')
        self.client.force_login(self.user)

    def post(self, path='plugins:netbox_ims:riskmatrix_add', **changes):
        return self.client.post(reverse(path), filled_in(**changes))

    def test_a_name_and_version_that_exist(self):
        make.make_matrix('Ours')
        other = make.make_matrix('Theirs')
        page = self.client.post(reverse('plugins:netbox_ims:riskmatrix_edit', args=[other.pk]), filled_in())
        self.assertEqual(
            page.context['form'].errors, {'name': ['There is a matrix of this name and version already.']}
        )

    def test_what_is_filled_in_is_what_is_saved(self):
        self.assertEqual(self.post().status_code, 302)
        matrix = RiskMatrix.objects.get()
        self.assertEqual((str(matrix), matrix.is_active), ('Ours v1', False))
        self.assertEqual(matrix.values, make.matrix_values())

    def test_levels_in_another_order_renamed_and_new(self):
        self.post(**{
            'levels-0-name': 'Green', 'levels-0-order': '2', 'levels-1-order': '1', 'levels-3-name': 'Very high',
            'levels-3-color': '#FF0000', 'levels-3-order': '9', 'cells-3-3': 'very-high',
        })
        self.assertEqual(
            [(level['slug'], level['name'], level['rank']) for level in RiskMatrix.objects.get().levels],
            [('medium', 'Medium', 1), ('low', 'Green', 2), ('high', 'High', 3), ('very-high', 'Very high', 4)],
        )

    def test_what_is_wrong_is_said_where_it_is(self):
        for title, changes, field, message in (
            ('a hole', {'cells-2-2': ''}, 'cells', 'likelihood 2 and impact 2 has no level'),
            ('a row too few', {'cells-3-1': None, 'cells-3-2': None, 'cells-3-3': None}, 'cells', '3 rows'),
            ('a longer scale', {'impact_scale': 'a\nb\nc\nd'}, 'cells', 'Row 1 must have 4 entries'),
            ('two steps', {'likelihood_scale': 'a\nb'}, 'likelihood_scale', '3 to 10'),
            ('eleven steps', {'impact_scale': '\n'.join('abcdefghijk')}, 'impact_scale', '3 to 10'),
            ('no steps', {'impact_scale': ' '}, 'impact_scale', 'required'),
            ('a level that is gone', {'levels-2-name': ''}, 'cells', '“high” is not a level'),
            ('no colour', {'levels-0-color': ''}, 'levels', 'Entry 1'),
            ('another colour', {'levels-0-color': 'red'}, 'levels', 'Entry 1'),
            ('another acceptance level', {'acceptance_level': 'severe'}, 'acceptance_level', 'one of the levels'),
            ('JSON that is none', {'levels': '[', **{f'levels-{i}-name': None for i in range(4)}}, 'levels', 'list'),
            ('JSON of something else', {'cells': '["low"]'}, 'cells', 'Row 1'),
        ):
            with self.subTest(title):
                response = self.post(**changes)
                self.assertEqual(response.status_code, 200)
                self.assertIn(message, str(response.context['form'].errors.get(field)))
                self.assertFalse(RiskMatrix.objects.exists())

    def test_redrawing_saves_nothing_and_complains_of_nothing(self):
        response = self.post(_redraw='1', impact_scale='Small\nMiddling\nLarge\nHuge', name='')
        self.assertEqual(response.status_code, 200)
        form = response.context['form']
        self.assertFalse(form.is_bound)
        self.assertContains(response, 'name="cells-3-4"')
        self.assertContains(response, 'Huge')
        self.assertEqual(form.problems, [
            f'Cells: Row {number} must have 4 entries, one for each impact, not 3.' for number in (1, 2, 3)
        ])
        self.assertFalse(RiskMatrix.objects.exists())

    def test_it_shows_how_it_will_look(self):
        response = self.post(_redraw='1', **{'cells-3-3': 'low'})
        self.assertContains(response, 'class="acc"')
        self.assertContains(response, 'Certain, Severe is Low, below High for less likelihood.')

    def test_a_new_version_begins_with_the_old_one(self):
        old = make.make_matrix('Ours', is_active=True)
        response = self.client.get(f'{reverse("plugins:netbox_ims:riskmatrix_add")}?from={old.pk}')
        self.assertContains(response, '<option value="high" selected>High</option>', html=True)
        self.assertContains(response, 'value="Ours"')
        self.post()
        self.assertEqual(sorted(map(str, RiskMatrix.objects.all())), ['Ours v1', 'Ours v2'])
        for wanted in ('x', '99999999999999999999', '0', ''):
            with self.subTest(wanted):
                response = self.client.get(f'{reverse("plugins:netbox_ims:riskmatrix_add")}?from={wanted}')
                self.assertEqual(response.status_code, 200)

    def test_it_takes_what_the_api_takes(self):
        import json
        values = make.matrix_values()
        form = RiskMatrixForm({'name': 'Ours', 'acceptance_level': 'medium', **{
            name: json.dumps(values[name])
            for name in ('likelihood_scale', 'impact_scale', 'impact_dimensions', 'levels', 'cells')
        }})
        self.assertEqual(form.errors, {})
        self.assertEqual(form.save().values, values)


class PageTestCase(TestCase):

    def test_the_steps_are_there_once_and_for_who_may_take_them(self):
        matrix = make.make_matrix()
        steps = {'activate/': 1, 'yaml/': 1, f'add/?from={matrix.pk}': 1}
        for permissions, expected in (
            (SEES, steps), (SEES[:1], {**steps, 'activate/': 0, f'add/?from={matrix.pk}': 0}),
        ):
            self.client.force_login(make.make_user(*permissions))
            page = self.client.get(matrix.get_absolute_url()).content.decode()
            self.assertEqual({step: page.count(f'{step}"') for step in steps}, expected)


class YamlTestCase(TestCase):

    def setUp(self):
        self.user = make.make_user(*SEES)
        self.client.force_login(self.user)
        self.text = write_matrix(read_matrix('matrix_4x4').values)

    def post(self, text):
        return self.client.post(reverse('plugins:netbox_ims:riskmatrix_upload'), {'text': text})

    def test_out_and_in_again(self):
        first = import_matrix(self.text)
        url = reverse('plugins:netbox_ims:riskmatrix_yaml', args=[first.pk])
        response = self.client.get(url)
        self.assertEqual(response['Content-Type'], 'application/yaml; charset=utf-8')
        self.assertEqual(self.post(response.content.decode()).status_code, 302)
        second = RiskMatrix.objects.exclude(pk=first.pk).get()
        self.assertEqual((second.version, second.values), (2, first.values))

    def test_what_makes_no_matrix_is_said_by_line(self):
        for title, text, message in (
            ('a hole', self.text.replace('[low, moderate, moderate, high]', '[low, ~, moderate, high]'),
             'Line 14: cells: The cell of likelihood 2 and impact 2: “~” is not a level'),
            ('a short row', self.text.replace('[low, moderate, moderate, high]', '[low]'), 'Line 14: cells: Row 2'),
            ('a level twice', self.text.replace('slug: high', 'slug: low'), 'Line 9: levels: “low” is there twice'),
            ('too many steps', self.text.replace('Certain]', f'{", ".join("abcdefgh")}]'), 'Line 3: likelihood_scale'),
            ('a colour', self.text.replace('cfe8d5', 'green'), 'Line 7: levels: Entry 1'),
            ('no YAML', self.text + '\n}', 'not YAML'),
            ('nothing', '', 'Choose a file or write the text'),
        ):
            with self.subTest(title):
                self.assertContains(self.post(text), message)
                self.assertFalse(RiskMatrix.objects.exists())

    def test_an_error_names_line_and_field(self):
        with self.assertRaises(CatalogError) as raised:
            import_matrix(self.text.replace('acceptance_level: moderate', 'acceptance_level: severe'))
        (line, message), = raised.exception.problems
        self.assertEqual((line, message.partition(':')[0]), (11, 'acceptance_level'))

    def test_permissions(self):
        self.client.force_login(make.make_user('netbox_ims.view_riskmatrix'))
        self.assertEqual(self.post(self.text).status_code, 403)
        limited = make.make_user('netbox_ims.view_riskmatrix')
        make.grant(limited, 'netbox_ims.add_riskmatrix', constraints={'name': 'Other'})
        self.client.force_login(limited)
        self.assertContains(self.post(self.text), 'permissions violation')
        self.assertFalse(RiskMatrix.objects.exists())


class ActivationTestCase(TestCase):

    def setUp(self):
        self.user = make.make_user(*SEES, 'netbox_ims.view_risk')
        self.client.force_login(self.user)
        make.active_matrix()
        self.same, self.rises = make.make_risk('Same', current=(1, 1)), make.make_risk('Rises', current=(1, 3))
        make.make_accepted(self.rises)
        cells = [['low', 'low', 'high'], ['low', 'medium', 'high'], ['medium', 'high', 'high']]
        self.matrix = make.make_matrix('Stricter', cells=cells)
        self.url = reverse('plugins:netbox_ims:riskmatrix_activate', args=[self.matrix.pk])

    def test_the_preview_says_what_changes_and_changes_nothing(self):
        response = self.client.get(self.url)
        self.assertContains(response, '1 risk changes level')
        self.assertContains(response, '1 of them is accepted')
        self.assertContains(response, 'Rises')
        self.assertNotContains(response, 'Same')
        self.matrix.refresh_from_db()
        self.assertFalse(self.matrix.is_active)

    def test_a_reason_that_is_too_long(self):
        page = self.client.post(self.url, {'reason': 'x' * 201}, follow=True)
        self.assertContains(page, 'A reason has at most 200 characters.')
        self.matrix.refresh_from_db()
        self.assertFalse(self.matrix.is_active)

    def test_activating(self):
        self.client.post(self.url, {'reason': 'Management review'})
        self.matrix.refresh_from_db()
        self.assertTrue(self.matrix.is_active)
        self.assertEqual(list(Risk.objects.filter(reassess=True)), [self.rises])
        self.assertEqual(self.rises.acceptances.get().status, 'void')
        self.assertTrue(Decision.objects.filter(reason='Management review').exists())
        self.assertContains(self.client.get(self.url), 'active already')

    def test_of_the_risks_one_may_see(self):
        user = make.make_user(*SEES)
        make.grant(user, 'netbox_ims.view_risk', constraints={'title': 'Same'})
        self.client.force_login(user)
        response = self.client.get(self.url)
        self.assertNotContains(response, 'Rises')
        self.assertContains(response, '0 risks change level')
        self.assertContains(response, 'Only risks you may see')

    def test_permissions(self):
        self.client.force_login(make.make_user('netbox_ims.view_riskmatrix'))
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.assertEqual(self.client.post(self.url).status_code, 403)
