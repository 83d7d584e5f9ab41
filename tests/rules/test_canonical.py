import json
from datetime import date
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from netbox_ims.rules.canonical import canonical, digest

TEXT = st.text('aé–“\n"\\/', max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8,
)


class CanonicalTestCase(TestCase):

    def test_known_bytes_and_hash(self):
        value = {'b': [1, None, True], 'a': 'Köln – “x”'}
        self.assertEqual(canonical(value), '{"a":"Köln – “x”","b":[1,null,true]}'.encode())
        self.assertEqual(digest({}), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')

    def test_order_of_keys_does_not_matter_but_that_of_lists_does(self):
        self.assertEqual(digest({'a': 1, 'b': 2}), digest({'b': 2, 'a': 1}))
        self.assertNotEqual(digest([1, 2]), digest([2, 1]))

    def test_what_has_more_than_one_spelling_is_refused(self):
        for value in (1.5, float('nan'), date(2024, 2, 29), (1, 2), {1: 2}, {'a': {'b': 0.1}}, b'x'):
            with self.subTest(value=value), self.assertRaises(TypeError):
                canonical(value)

    @given(VALUES)
    def test_the_same_after_any_json_parser(self, value):
        self.assertEqual(digest(json.loads(json.dumps(value))), digest(value))
