from datetime import UTC, datetime
from unittest import TestCase
from zoneinfo import ZoneInfo

from netbox_ims.rules.moments import parse_moment

BERLIN = ZoneInfo('Europe/Berlin')


class MomentTestCase(TestCase):
    TABLE = (
        ('2026-12-31', datetime(2026, 12, 31, 22, 59, 59, 999999, UTC)),
        ('2026-06-30', datetime(2026, 6, 30, 21, 59, 59, 999999, UTC)),       # summer time
        (' 2026-12-31 ', datetime(2026, 12, 31, 22, 59, 59, 999999, UTC)),
        ('2024-02-29', datetime(2024, 2, 29, 22, 59, 59, 999999, UTC)),
        ('2026-12-31T18:00', datetime(2026, 12, 31, 17, 0, tzinfo=UTC)),
        ('2026-12-31 18:00:30', datetime(2026, 12, 31, 17, 0, 30, tzinfo=UTC)),
        ('2026-12-31T23:59:59Z', datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ('2026-12-31t23:59:59z', datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ('2026-12-31T23:59:59.123456Z', datetime(2026, 12, 31, 23, 59, 59, 123456, UTC)),
        ('2026-12-31T23:59:59.5+00:00', datetime(2026, 12, 31, 23, 59, 59, 500000, UTC)),
        ('2026-12-31T23:59:59+01:00', datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)),
        ('2026-12-31T23:59:59 01:00', datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)),
        ('2026-12-31T23:59:59-0500', datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC)),
    )

    def test_table(self):
        for text, expected in self.TABLE:
            with self.subTest(text=text):
                self.assertEqual(parse_moment(text, BERLIN), expected)

    def test_to_its_end(self):
        for text, expected in (
            ('2026-12-31 18:00:30', datetime(2026, 12, 31, 17, 0, 30, 999999, UTC)),
            ('2026-12-31 18:00', datetime(2026, 12, 31, 17, 0, 59, 999999, UTC)),
            ('2026-12-31T18:00:30Z', datetime(2026, 12, 31, 18, 0, 30, 999999, UTC)),
            ('2026-12-31 18:00:30.0', datetime(2026, 12, 31, 17, 0, 30, 0, UTC)),
            ('2026-12-31', datetime(2026, 12, 31, 22, 59, 59, 999999, UTC)),
        ):
            with self.subTest(text=text):
                self.assertEqual(parse_moment(text, BERLIN, to_its_end=True), expected)

    def test_what_says_none(self):
        for text in (
            '', ' ', 'yesterday', 'now', '2026', '2026-13-01', '2026-02-30', '2026-00-10', '31.12.2026', '12/31/2026',
            '2026-12-31T', '2026-12-31T25:00', '2026-12-31T23:60', '2026-12-31T23:59:59+99:00', '2026-12-31Z',
            '0000-01-01', '20261231', '2026-W53', '1767225599', '-2026-01-01', '2026-12-31\x00', '２０２６-12-31',
            '0001-01-01T00:00+14:00', '9999-12-31T23:59-14:00', '2026-12-31T23:59:59.1234567Z', '2026-12-31, 18:00',
        ):
            with self.subTest(text=text), self.assertRaises(ValueError):
                parse_moment(text, BERLIN)
