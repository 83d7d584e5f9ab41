"""Every kind of thing that can be wrong with a matrix or a rating, and what a matrix makes of a rating."""
from copy import deepcopy
from itertools import product
from unittest import TestCase

from netbox_ims.rules.risk_matrix import Dip, dips, matrix_of, problems, rate, rating_problems

LEVELS = [
    {'slug': 'low', 'name': 'Low', 'color': 'cfe8d5', 'rank': 1},
    {'slug': 'high', 'name': 'High', 'color': 'fbc38d', 'rank': 7},
]
VALUES = {
    'likelihood_scale': ['Rare', 'Possible', 'Likely', 'Certain'], 'impact_scale': ['Minor', 'Serious', 'Severe'],
    'impact_dimensions': ['service', 'confidentiality'], 'levels': LEVELS, 'acceptance_level': 'low',
    'cells': [['low', 'low', 'low'], ['low', 'low', 'high'], ['low', 'high', 'high'], ['low', 'high', 'high']],
}


def but(**values):
    return {**deepcopy(VALUES), **values}


def with_cell(y, x, slug):
    values = but()
    values['cells'][y][x] = slug
    return values


class ProblemsTestCase(TestCase):

    def test_a_matrix_need_not_be_square(self):
        self.assertEqual(problems(VALUES), [])

    def test_sizes(self):
        for rows, columns, fields in (
            (2, 3, {'likelihood_scale'}), (3, 2, {'impact_scale'}), (3, 3, set()), (3, 10, set()), (10, 3, set()),
            (10, 10, set()), (11, 3, {'likelihood_scale'}), (3, 11, {'impact_scale'}),
        ):
            values = but(
                likelihood_scale=[f'L{n}' for n in range(rows)], impact_scale=[f'I{n}' for n in range(columns)],
                cells=[['low'] * columns for _row in range(rows)],
            )
            with self.subTest(rows=rows, columns=columns):
                self.assertEqual({each.field for each in problems(values)}, fields)

    def test_what_is_wrong(self):
        level = LEVELS[0]
        for title, values, expected in (
            ('no list', but(likelihood_scale='Rare'), [('likelihood_scale', 'not_a_list')]),
            ('nothing', {}, [
                ('likelihood_scale', 'not_a_list'), ('impact_scale', 'not_a_list'), ('impact_dimensions', 'not_a_list'),
                ('levels', 'not_a_list'), ('acceptance_level', 'no_level'), ('cells', 'not_a_list'),
            ]),
            ('a number for a name', but(impact_scale=['Minor', 2, 'Severe']), [('impact_scale', 'text')]),
            ('a blank name', but(impact_scale=['Minor', ' ', 'Severe']), [('impact_scale', 'text')]),
            ('too long a name', but(impact_scale=['Minor', 'x' * 101, 'Severe']), [('impact_scale', 'text')]),
            ('a name twice', but(impact_scale=['Minor', 'Minor', 'Severe']), [('impact_scale', 'repeated')]),
            ('no dimension', but(impact_dimensions=[]), [('impact_dimensions', 'length')]),
            ('one level', but(levels=LEVELS[:1], cells=[['low'] * 3] * 4), [('levels', 'length')]),
            ('a level that is a text', but(levels=[LEVELS[0], LEVELS[1], 'x']), [('levels', 'level')]),
            ('a level that says more', but(levels=[*LEVELS, {**level, 'x': 1}]), [('levels', 'unknown_key')]),
            ('a level without a name', but(levels=[*LEVELS, {**level, 'slug': 'x', 'name': ''}]), [('levels', 'text')]),
            ('a slug with blanks', but(levels=[*LEVELS, {**level, 'slug': 'a b'}]), [('levels', 'slug')]),
            ('a colour by name', but(levels=[*LEVELS, {**level, 'color': 'red'}]), [('levels', 'color')]),
            ('a rank that is a truth', but(levels=[*LEVELS, {**level, 'rank': True}]), [('levels', 'rank')]),
            ('a rank that is a text', but(levels=[*LEVELS, {**level, 'rank': '3'}]), [('levels', 'rank')]),
            ('a slug twice', but(levels=[*LEVELS, {**level, 'name': 'x', 'rank': 9}]), [('levels', 'repeated')]),
            ('a name twice', but(levels=[*LEVELS, {**level, 'slug': 'x', 'rank': 9}]), [('levels', 'repeated')]),
            ('a rank twice', but(levels=[*LEVELS, {**level, 'slug': 'x', 'name': 'x'}]), [('levels', 'repeated')]),
            ('acceptance of no level', but(acceptance_level='none'), [('acceptance_level', 'no_level')]),
            ('acceptance that is a list', but(acceptance_level=['low']), [('acceptance_level', 'no_level')]),
            ('a row too few', but(cells=VALUES['cells'][:3]), [('cells', 'rows')]),
            ('a row too many', but(cells=[*VALUES['cells'], ['low'] * 3]), [('cells', 'rows')]),
            ('a short row', but(cells=[['low', 'low'], *VALUES['cells'][1:]]), [('cells', 'row')]),
            ('a row that is none', but(cells=['low', *VALUES['cells'][1:]]), [('cells', 'row')]),
            ('a hole', with_cell(1, 2, None), [('cells', 'hole')]),
            ('an empty hole', with_cell(1, 2, ''), [('cells', 'hole')]),
            ('an unknown level', with_cell(1, 2, 'x'), [('cells', 'unknown_level')]),
            ('a level that is none', with_cell(1, 2, {'slug': 'low'}), [('cells', 'unknown_level')]),
        ):
            with self.subTest(title):
                self.assertEqual([(each.field, each.kind) for each in problems(values)], expected)

    def test_a_hole_is_named_as_people_count(self):
        problem, = problems(with_cell(1, 2, None))
        self.assertEqual((problem.about['likelihood'], problem.about['impact'], problem.index), (2, 3, 1))

    def test_where_a_matrix_does_not_rise(self):
        self.assertEqual(dips(matrix_of(VALUES)), [])
        self.assertEqual(
            dips(matrix_of(with_cell(3, 2, 'low'))), [Dip(4, 3, 'likelihood'), Dip(4, 3, 'impact')]
        )
        self.assertEqual(dips(matrix_of(with_cell(0, 1, 'high'))), [Dip(1, 3, 'impact'), Dip(2, 2, 'likelihood')])


class RatingTestCase(TestCase):
    matrix = matrix_of(VALUES)

    def test_every_cell(self):
        for likelihood, impact in product(range(1, 5), range(1, 4)):
            with self.subTest(likelihood=likelihood, impact=impact):
                rating = rate(self.matrix, likelihood, {'service': impact})
                self.assertEqual(
                    (rating.impact, rating.level.slug), (impact, VALUES['cells'][likelihood - 1][impact - 1])
                )

    def test_what_counts(self):
        for title, likelihood, impacts, expected in (
            ('the highest impact counts', 3, {'service': 1, 'confidentiality': 2}, (2, 'high')),
            ('one dimension is enough', 3, {'confidentiality': 1}, (1, 'low')),
            ('a dimension of another matrix does not count', 3, {'service': 1, 'money': 3}, (1, 'low')),
            ('nor does it alone', 3, {'money': 3}, (None, None)),
            ('no impact', 3, {}, (None, None)),
            ('nothing at all', 3, None, (None, None)),
            ('no likelihood', None, {'service': 2}, (2, None)),
            ('a likelihood of a longer scale', 5, {'service': 2}, (2, None)),
            ('a likelihood of 0', 0, {'service': 2}, (2, None)),
            ('an impact of a longer scale', 3, {'service': 4}, (None, None)),
            ('one of two of a longer scale', 3, {'service': 4, 'confidentiality': 1}, (None, None)),
            ('an impact that is no number', 3, {'service': '2'}, (None, None)),
            ('an impact that is a truth', 3, {'service': True}, (None, None)),
            ('an impact between two', 3, {'service': 1.5}, (None, None)),
        ):
            with self.subTest(title):
                rating = rate(self.matrix, likelihood, impacts)
                self.assertEqual((rating.impact, rating.level and rating.level.slug), expected)

    def test_bad_ratings(self):
        for likelihood, impacts, expected in (
            (1, {'service': 1}, []), (4, {'service': 3, 'confidentiality': 3}, []), (None, {}, []),
            (0, {}, [('likelihood', 'outside')]), (5, {}, [('likelihood', 'outside')]),
            ('2', {}, [('likelihood', 'not_a_number')]), (True, {}, [('likelihood', 'not_a_number')]),
            (1.5, {}, [('likelihood', 'not_a_number')]),
            (1, [], [('impacts', 'not_an_object')]), (1, 3, [('impacts', 'not_an_object')]),
            (1, {'service': 0}, [('impacts', 'outside')]), (1, {'service': 4}, [('impacts', 'outside')]),
            (1, {'service': None}, [('impacts', 'not_a_number')]), (1, {'service': '3'}, [('impacts', 'not_a_number')]),
            (1, {'service': [3]}, [('impacts', 'not_a_number')]), (1, {'money': 1}, [('impacts', 'dimension')]),
            (9, {'money': 1, 'service': 9}, [
                ('likelihood', 'outside'), ('impacts', 'dimension'), ('impacts', 'outside')
            ]),
        ):
            with self.subTest(likelihood=likelihood, impacts=impacts):
                found = rating_problems(self.matrix, likelihood, impacts)
                self.assertEqual([(each.field, each.kind) for each in found], expected)
