"""From when on the impact of a disruption is no longer tolerable."""
from unittest import TestCase

from netbox_ims.rules.impact import Problem, curves, find_problems, format_ratings, limits, mtpd, parse_ratings

HOUR, DAY = 60, 1440


class LimitsTestCase(TestCase):

    def test_table(self):
        """bands | ratings | tolerable -> limits, MTPD"""
        for bands, ratings, tolerable, expected, smallest in (
            # The start of the first band that is rated above what is tolerable
            ([0, 4 * HOUR, DAY], {'financial': [1, 2, 3]}, 2, {'financial': DAY}, DAY),
            ([0, 4 * HOUR, DAY], {'financial': [1, 3, 4]}, 2, {'financial': 4 * HOUR}, 4 * HOUR),
            # Not tolerable from the first minute
            ([0, 60], {'safety': [5, 5]}, 2, {'safety': 0}, 0),
            # Horizons need not begin at once: what is before the first band is not rated
            ([60, 120], {'safety': [3, 4]}, 2, {'safety': 60}, 60),
            # All tolerable: no limit within the horizon, and it counts for nothing
            ([0, DAY], {'legal': [1, 2]}, 2, {'legal': None}, None),
            ([0, DAY, 43_200], {'legal': [1, 2, 2], 'financial': [1, 1, 3]}, 2,
             {'legal': None, 'financial': 43_200}, 43_200),
            # The smallest of the categories
            ([0, 60, 120], {'a': [1, 1, 3], 'b': [1, 3, 3], 'c': [1, 1, 1]}, 2, {'a': 120, 'b': 60, 'c': None}, 60),
            # Everything is tolerable, nothing is
            ([0, 60], {'a': [4, 5]}, 5, {'a': None}, None), ([0, 60], {'a': [1, 2]}, 1, {'a': 60}, 60),
            # An impact that passes again was not tolerable all the same
            ([0, 60, 120], {'a': [1, 3, 1]}, 2, {'a': 60}, 60),
            ([0], {'a': [3]}, 2, {'a': 0}, 0), ([0], {}, 2, {}, None),
        ):
            with self.subTest(bands=bands, ratings=ratings, tolerable=tolerable):
                self.assertEqual(limits(bands, ratings, tolerable), expected)
                self.assertEqual(mtpd(limits(bands, ratings, tolerable)), smallest)


class ProblemsTestCase(TestCase):

    def test_table(self):
        for bands, ratings, expected in (
            ([0, 60], {'a': [1, 5]}, []),
            ([], {}, [Problem('bands', 'none'), Problem('ratings', 'none')]),
            ([0, 0], {'a': [1, 1]}, [Problem('bands', 'overlap', 2)]),
            ([0, 60, 60, 30], {'a': [1] * 4}, [Problem('bands', 'overlap', 3), Problem('bands', 'order', 4)]),
            ([60, 0], {'a': [1, 1]}, [Problem('bands', 'order', 2)]),
            ([0, 60], [1, 2], [Problem('ratings', 'shape')]), ([0, 60], None, [Problem('ratings', 'shape')]),
            ([0, 60], {'a': [1]}, [Problem('ratings', 'count', 'a')]),
            ([0, 60], {'a': [1, 2, 3], 'b': [1, 2]}, [Problem('ratings', 'count', 'a')]),
            ([0], {'a': [0]}, [Problem('ratings', 'rating', 'a')]),
            ([0], {'a': [6]}, [Problem('ratings', 'rating', 'a')]),
            ([0], {'a': [None]}, [Problem('ratings', 'rating', 'a')]),
            ([0], {'a': [True]}, [Problem('ratings', 'rating', 'a')]),
            ([0], {'a': ['1']}, [Problem('ratings', 'rating', 'a')]),
            ([0], {'a': [1.5]}, [Problem('ratings', 'rating', 'a')]),
            ([0], {'a': 1}, [Problem('ratings', 'rating', 'a')]),
            ([0], {' ': [1]}, [Problem('ratings', 'name', ' ')]),
            ([0], {'x' * 51: [1]}, [Problem('ratings', 'name', 'x' * 51)]),
            (list(range(50)), {'a': [1] * 50}, []), (list(range(51)), {'a': [1] * 51}, [Problem('bands', 'many')]),
            ([0], {str(n): [1] for n in range(50)}, []),
            ([0], {str(n): [1] for n in range(51)}, [Problem('ratings', 'many')]),
            ([0], {'Legal': [1], 'a': [1], 'legal': [1]}, [Problem('ratings', 'twice', 'legal')]),
            *(([0], {name: [1]}, [Problem('ratings', 'name', name)]) for name in (
                '', 'a;b', 'a:b', 'a\nb', 'a\u2028b', 'a\n', ' a', 'a ', 7, None,
            )),
        ):
            with self.subTest(bands=bands, ratings=ratings):
                self.assertEqual(find_problems(bands, ratings), expected)


class TextTestCase(TestCase):

    def test_reading(self):
        for text, expected in (
            ('financial: 1, 2, 3', {'financial': [1, 2, 3]}), ('Financial : 1 2  3\n\nLegal:1,1,1', {
                'financial': [1, 2, 3], 'legal': [1, 1, 1]
            }),
            ('a: 1; b: 2', {'a': [1], 'b': [2]}), ('', {}), (' \n ', {}),
        ):
            with self.subTest(text=text):
                self.assertEqual(parse_ratings(text), expected)
                self.assertEqual(parse_ratings(format_ratings(expected)), expected)

    def test_what_is_no_problem_can_be_read_back(self):
        """So that what came by REST can be edited in the form."""
        for name in ('a', 'a, b', 'people & safety', '1, 2', 'ä'):
            with self.subTest(name=name):
                self.assertEqual(find_problems([0], {name: [1]}), [])
                self.assertEqual(parse_ratings(format_ratings({name: [1]})), {name: [1]})

    def test_nonsense(self):
        for text in ('financial', 'financial:', 'financial: x', 'a: 1\na: 2', 'a: -1', 'a: 1.5', 'a: ²'):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_ratings(text)


class CurvesTestCase(TestCase):

    def test_a_step_per_band_and_the_limit_where_it_is_crossed(self):
        financial, legal = curves([0, 60, DAY], {'financial': [1, 3, 5], 'legal': [1, 1, 2]}, 2, 300)
        self.assertEqual(financial.steps, [(0, 100, 1), (100, 200, 3), (200, 300, 5)])
        self.assertEqual((financial.limit, financial.limit_minutes), (100, 60))
        self.assertEqual((legal.limit, legal.limit_minutes), (None, None))
