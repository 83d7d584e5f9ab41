"""Every cell of every matrix that ships, and the YAML that matrices are written in."""
from unittest import TestCase

from netbox_ims.catalogs import CatalogError, parse_matrix, read_matrix, write_matrix
from netbox_ims.rules.risk_matrix import dips, matrix_of, problems, rate

LEVELS = {'L': 'low', 'M': 'moderate', 'H': 'high', 'C': 'critical'}
# As people draw them: the highest likelihood on top, impact to the right
SHIPPED = {
    'matrix_3x3': ('MHH', 'LMH', 'LLM'),
    'matrix_4x4': ('MHCC', 'MMHC', 'LMMH', 'LLMM'),
    'matrix_5x5': ('MHHCC', 'MMHHC', 'LMMHH', 'LLMMH', 'LLLMM'),
}


class ShippedMatricesTestCase(TestCase):

    def test_every_cell(self):
        for name, rows in SHIPPED.items():
            spec = read_matrix(name)
            matrix = matrix_of(spec.values)
            self.assertEqual((matrix.likelihoods, matrix.impacts), (len(rows), len(rows[0])))
            for y, row in enumerate(reversed(rows), start=1):
                for x, level in enumerate(row, start=1):
                    with self.subTest(name, likelihood=y, impact=x):
                        rated = rate(matrix, y, {'service': 1, 'integrity': x})
                        self.assertEqual((rated.impact, rated.level.slug), (x, LEVELS[level]))

    def test_they_are_sound(self):
        for name in SHIPPED:
            with self.subTest(name):
                spec = read_matrix(name)
                self.assertEqual(problems(spec.values), [])
                self.assertEqual(dips(matrix_of(spec.values)), [])
                self.assertEqual(spec.acceptance_level, 'moderate')
                self.assertEqual(len(set(spec.impact_dimensions)), 5)

    def test_what_is_written_reads_the_same(self):
        for name in SHIPPED:
            with self.subTest(name):
                spec = read_matrix(name)
                self.assertEqual(parse_matrix(write_matrix(spec.values)).values, spec.values)


OWN = """name: Own
likelihood_scale: [No, Yes, Often]
impact_scale: [1, 2, 3]
impact_dimensions: [money]
levels:
  - {slug: low, name: Low, color: '#CFE8D5'}
  - {slug: high, name: High, color: fbc38d, rank: 9}
acceptance_level: low
cells:
  - [low, low, low]
  - [low, low, high]
  - [low, high, high]
"""


class MatrixYamlTestCase(TestCase):

    def test_texts_are_as_written(self):
        spec = parse_matrix(OWN)
        self.assertEqual((spec.likelihood_scale, spec.impact_scale), (['No', 'Yes', 'Often'], ['1', '2', '3']))
        self.assertEqual([(level['color'], level['rank']) for level in spec.levels], [('cfe8d5', 1), ('fbc38d', 9)])
        self.assertEqual((spec.lines['cells'], spec.lines['cells', 2], spec.lines['levels', 1]), (10, 12, 7))

    def test_what_cannot_be_read_is_said_by_line(self):
        for title, text, expected in (
            ('no YAML', OWN.replace('[low, low, low]', '[low, low'), (11, 'not YAML')),
            ('a list', '- a\n- b\n', (1, 'a risk matrix is written as keys and values')),
            ('an unknown key', f'{OWN}active: true\n', (13, '“active” is no key of a risk matrix')),
            ('a missing key', OWN.replace('acceptance_level: low\n', ''), (1, '“acceptance_level” is missing')),
            ('a scale that is a text', OWN.replace('[1, 2, 3]', 'many'), (3, '“impact_scale” must be a list')),
            ('a cell that is a list', OWN.replace('[low, high, high]', '[low, [high], high]'), (12, 'must be a text')),
            ('an empty cell', OWN.replace('[low, high, high]', "[low, '', high]"), (12, 'must be a text')),
            ('a row that is a text', OWN.replace('[low, high, high]', 'low'), (12, '“cells” must be a list')),
            ('a level without a colour', OWN.replace(", color: '#CFE8D5'", ''), (6, '“color” of the level is missing')),
            ('a rank that is no number', OWN.replace('rank: 9', 'rank: top'), (7, '“rank” must be a whole number')),
            ('a key twice', OWN + 'name: Other\n', (13, '“name” is given twice')),
            ('far too many', OWN.replace('[money]', f'[{", ".join(map(str, range(200)))}]'), (4, 'more than 100')),
            ('nested without end', '[' * 5000, (1, '')),
        ):
            with self.subTest(title):
                with self.assertRaises(CatalogError) as raised:
                    parse_matrix(text)
                line, message = raised.exception.problems[0]
                self.assertEqual(line, expected[0])
                self.assertIn(expected[1], message)
