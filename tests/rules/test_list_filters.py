from unittest import TestCase

from netbox_ims.rules.list_filters import (
    BLANK,
    MISSING,
    NESTED,
    UNREADABLE,
    as_query,
    in_words,
    parameters_of_address,
    texts,
    value_problem,
)


class ListFiltersTest(TestCase):

    def test_parameters_of_an_address(self):
        for text, expected in (
            ('/dcim/devices/?role=database&site=ham1', {'role': ['database'], 'site': ['ham1']}),
            ('https://netbox.example.com/dcim/devices/?role=a&role=b', {'role': ['a', 'b']}),
            ('role=database', {'role': ['database']}),
            ('  ?role=database \n', {'role': ['database']}),
            ('/dcim/devices/?name__ic=web+server&q=%C3%BC', {'name__ic': ['web server'], 'q': ['ü']}),
            ('?role=a&page=2&per_page=50&sort=-name&tableconfig_id=3', {'role': ['a']}),
            ('?page=2', {}),
            # A parameter without a value is kept, to be refused by name.
            ('?role=&site=ham1', {'role': [''], 'site': ['ham1']}),
            ('/dcim/devices/', None), ('', None), ('role', None), ('role = database', None),
            ('{"role": ["a=b"]}', None), ('["a=b"]', None), ('"a=b"', None),
        ):
            with self.subTest(text):
                self.assertEqual(parameters_of_address(text), expected)

    def test_what_is_wrong_with_a_value(self):
        for value, expected in (
            ('database', None), (['a', 'b'], None), (7, None), (0, None), (1.5, None), (True, None), (False, None),
            ('null', None), ([0], None),
            (None, MISSING), ([], MISSING), ([None], MISSING), (['a', None], MISSING),
            ('', BLANK), (' \t', BLANK), ([''], BLANK), (['a', ' '], BLANK),
            ({}, NESTED), ({'a': 1}, NESTED), ([['a']], NESTED), ([{'a': 1}], NESTED), ([[]], NESTED),
            ('a\x00b', UNREADABLE), (['a', '\x00'], UNREADABLE),
        ):
            with self.subTest(value=value):
                self.assertEqual(value_problem(value), expected)

    def test_texts(self):
        for value, expected in (
            ('a', ['a']), (7, ['7']), (True, ['true']), ([False, 'b', 0], ['false', 'b', '0']),
        ):
            with self.subTest(value=value):
                self.assertEqual(texts(value), expected)

    def test_as_query_and_in_words(self):
        for parameters, query, words in (
            ({}, '', None),
            ({'role': ['a', 'b'], 'site': 'ham 1'}, 'role=a&role=b&site=ham+1', 'role: a, b; site: ham 1'),
            ({'virtual_chassis_member': False}, 'virtual_chassis_member=false', 'virtual_chassis_member: false'),
        ):
            with self.subTest(parameters):
                self.assertEqual(as_query(parameters), query)
                self.assertEqual(in_words(parameters), words)
