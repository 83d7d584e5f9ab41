from datetime import date
from unittest import TestCase

from netbox_ims.rules.reviews import next_review, review_state

TODAY = date(2026, 3, 1)


class NextReviewTestCase(TestCase):

    def test_interval_after_the_last_review(self):
        for last, interval, due in (
            (date(2026, 1, 1), 365, date(2027, 1, 1)),
            (date(2024, 2, 28), 1, date(2024, 2, 29)),
            (date(2025, 2, 28), 1, date(2025, 3, 1)),
            (date(2026, 1, 1), None, None),
            (date(2026, 1, 1), 0, None),
            (None, 365, None),
            (None, None, None),
        ):
            with self.subTest(last=last, interval=interval):
                self.assertEqual(next_review(last, interval), due)

    def test_no_date_is_invented_beyond_the_calendar(self):
        for last, interval in ((date(9999, 12, 31), 1), (date(2026, 1, 1), 2_147_483_647)):
            with self.subTest(last=last, interval=interval), self.assertRaises(OverflowError):
                next_review(last, interval)


class ReviewStateTestCase(TestCase):

    def test_each_state_up_to_its_last_day(self):
        for due, state in (
            (None, 'unknown'),
            (date(2026, 2, 28), 'overdue'),
            (date(1999, 1, 1), 'overdue'),
            (date(2026, 3, 1), 'due'),
            (date(2026, 3, 31), 'due'),
            (date(2026, 4, 1), 'current'),
            (date(9999, 12, 31), 'current'),
        ):
            with self.subTest(due=due):
                self.assertEqual(review_state(due, TODAY), state)

    def test_notice_is_how_long_before_it_is_called_due(self):
        for notice, due, state in (
            (0, date(2026, 3, 1), 'due'),
            (0, date(2026, 3, 2), 'current'),
            (7, date(2026, 3, 8), 'due'),
            (7, date(2026, 3, 9), 'current'),
            (0, date(2026, 2, 28), 'overdue'),
            (7, None, 'unknown'),
        ):
            with self.subTest(notice=notice, due=due):
                self.assertEqual(review_state(due, TODAY, notice), state)
