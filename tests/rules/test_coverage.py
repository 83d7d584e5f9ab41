from math import isclose
from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from netbox_ims.rules.coverage import Segment, percent, segments


class PercentTestCase(TestCase):

    def test_table(self):
        for part, whole, shown in (
            (0, 0, None),
            (0, 1, 0),
            (1, 1, 100),
            (1, 3, 33),
            (2, 3, 66),
            (1, 2, 50),
            (999, 1000, 99),
            (999_999, 1_000_000, 99),
            (1, 1000, 1),
            (1, 1_000_000, 1),
            (0, 1_000_000, 0),
            (1_000_000, 1_000_000, 100),
        ):
            with self.subTest(part=part, whole=whole):
                self.assertEqual(percent(part, whole), shown)

    @given(st.integers(1, 10**12).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
    def test_all_and_none_are_said_of_all_and_none_only(self, pair):
        part, whole = pair
        shown = percent(part, whole)
        self.assertEqual(shown == 100, part == whole)
        self.assertEqual(shown == 0, part == 0)
        self.assertTrue(0 <= shown <= 100)


class SegmentsTestCase(TestCase):

    def test_nothing_to_count_draws_nothing(self):
        for counts in ({}, {'a': 0}, {'a': 0, None: 0}):
            with self.subTest(counts=counts):
                self.assertEqual(segments(counts, 100), [])

    def test_one_part_fills_the_bar(self):
        self.assertEqual(segments({'a': 3}, 200, gap=2), [Segment('a', 3, 0.0, 200.0)])

    def test_parts_in_order_with_gaps_between_and_none_for_the_empty(self):
        self.assertEqual(
            segments({'a': 1, 'b': 0, None: 3}, 102, gap=2),
            [Segment('a', 1, 0.0, 25.0), Segment(None, 3, 27.0, 75.0)]
        )

    @given(
        st.dictionaries(st.text(max_size=3) | st.none(), st.integers(0, 10**7), max_size=8),
        st.integers(50, 2000), st.sampled_from([0, 1, 2, 1.5]),
    )
    def test_segments_fill_the_width(self, counts, width, gap):
        drawn = segments(counts, width, gap)
        self.assertEqual({s.key: s.count for s in drawn}, {key: n for key, n in counts.items() if n})
        if not drawn:
            return
        self.assertTrue(isclose(sum(s.width for s in drawn) + gap * (len(drawn) - 1), width))
        self.assertTrue(isclose(drawn[-1].start + drawn[-1].width, width))
        self.assertEqual(drawn[0].start, 0)
        for before, after in zip(drawn, drawn[1:], strict=False):
            self.assertTrue(isclose(before.start + before.width + gap, after.start))
        for segment in drawn:
            self.assertGreater(segment.width, 0)
