from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from netbox_ims.rules.durations import MAX_MINUTES, format_minutes, parse_minutes


class ParseTestCase(TestCase):

    def test_reads_what_people_write(self):
        for text, minutes in (
            ('0', 0),
            ('0m', 0),
            ('0h', 0),
            ('90', 90),
            ('90m', 90),
            ('4h', 240),
            ('1d', 1440),
            ('2w', 20160),
            ('1d 6h', 1800),
            ('1d6h', 1800),
            ('6h 1d', 1800),
            ('1w 2d 3h 4m', 10080 + 2880 + 180 + 4),
            ('4 h', 240),
            ('4H', 240),
            ('1D 6H', 1800),
            ('  15m ', 15),
            ('1h\t30m', 90),
            ('007', 7),
            (240, 240),
            (0, 0),
            (str(MAX_MINUTES), MAX_MINUTES),
            (f'{MAX_MINUTES}m', MAX_MINUTES),
        ):
            with self.subTest(text=text):
                self.assertEqual(parse_minutes(text), minutes)

    def test_nothing_is_unknown_and_not_zero(self):
        for text in ('', ' ', '\t\n'):
            with self.subTest(text=text):
                self.assertIsNone(parse_minutes(text))

    def test_refuses_what_is_not_a_duration(self):
        for text in (
            '-5', '+5', '-5m', '1.5h', '1,5h', '4x', 'h', 'm 4', '4h30', '30 4h', '1h 2h', '1h 60m 1H', '4hours',
            '4 hours',
            'PT4H', '04:00', '1e3', '0x10', '4h,30m', '4h and 30m', 'none', 'null', None, 1.5, -1, True,
            '²', '²h', '٣', '٣h', '５', '½h', '1\u00a0h\u200b', '4ｈ', '1_000',
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_minutes(text)

    def test_refuses_what_the_database_cannot_hold(self):
        for text in (
            str(MAX_MINUTES + 1),
            f'{MAX_MINUTES + 1}m',
            '213045w',
            '1w 2147483647m',
            '9' * 30,
            '9' * 30 + 'h',
        ):
            with self.subTest(text=text), self.assertRaisesRegex(ValueError, 'too long'):
                parse_minutes(text)

    def test_refuses_absurd_lengths_with_a_value_error_too(self):
        for text in ('9' * 5000, '9' * 5000 + 'h', '1h ' * 2000):
            with self.subTest(length=len(text)), self.assertRaises(ValueError):
                parse_minutes(text)

    def test_says_what_is_wrong(self):
        for text, message in (
            ('4x', "'4x' is not a duration"),
            ('1h 2h', "a unit is named twice in '1h 2h'"),
        ):
            with self.subTest(text=text), self.assertRaises(ValueError) as caught:
                parse_minutes(text)
            self.assertEqual(str(caught.exception), message)


class FormatTestCase(TestCase):

    def test_writes_the_shortest_readable_text(self):
        for minutes, text in (
            (None, ''),
            (0, '0m'),
            (1, '1m'),
            (59, '59m'),
            (60, '1h'),
            (90, '1h 30m'),
            (1439, '23h 59m'),
            (1440, '1d'),
            (1800, '1d 6h'),
            (8 * 1440, '8d'),
            (7 * 1440, '1w'),
            (7 * 1440 + 1, '7d 1m'),
            (20160, '2w'),
            (43200, '30d'),
        ):
            with self.subTest(minutes=minutes):
                self.assertEqual(format_minutes(minutes), text)


class RoundTripTestCase(TestCase):

    @given(st.none() | st.integers(0, MAX_MINUTES) | st.integers(0, 400).map(lambda weeks: weeks * 10080))
    def test_what_is_written_is_read_back(self, minutes):
        self.assertEqual(parse_minutes(format_minutes(minutes)), minutes)

    @given(st.text(alphabet='0123456789wdhm WDHM-+.²٣x', max_size=12))
    def test_any_text_is_minutes_or_none_or_refused(self, text):
        try:
            minutes = parse_minutes(text)
        except ValueError:
            return
        if minutes is None:
            self.assertEqual(text.strip(), '')
        else:
            self.assertEqual(parse_minutes(format_minutes(minutes)), minutes)
            self.assertTrue(0 <= minutes <= MAX_MINUTES)
