"""What keeps a plan from being approved, when a test is due, and until when it speaks for what it tested."""
from datetime import date, datetime
from unittest import TestCase

from netbox_ims.rules.continuity import (
    APPROVE,
    NEW_VERSION,
    RETIRE,
    PlanFacts,
    due_on,
    find_gaps,
    is_overdue,
    next_status,
    shown_until,
)


class PlansTestCase(TestCase):

    def test_steps(self):
        for status, action, expected in (
            ('draft', APPROVE, 'approved'), ('draft', RETIRE, None), ('draft', NEW_VERSION, None),
            ('approved', APPROVE, None), ('approved', RETIRE, 'retired'), ('approved', NEW_VERSION, 'approved'),
            ('retired', APPROVE, None), ('retired', RETIRE, None), ('retired', NEW_VERSION, 'retired'),
        ):
            with self.subTest(status=status, action=action):
                self.assertEqual(next_status(status, action), expected)

    def test_gaps(self):
        whole, empty = {'purpose': 'x', 'roles': 'y'}, {'purpose': ' ', 'roles': ''}
        for plan, needs_parent, expected in (
            (PlanFacts('business', whole, functions=1), True, []),
            (PlanFacts('business', whole, services=1), True, [('subject', None)]),
            (PlanFacts('service', whole, services=1, has_parent=True), True, []),
            (PlanFacts('service', whole, services=1), True, [('parent', None)]),
            (PlanFacts('service', whole, services=1), False, []),
            (PlanFacts('service', whole, functions=1, has_parent=True), True, [('subject', None)]),
            (PlanFacts('business', empty, functions=1), True, [('empty', 'purpose'), ('empty', 'roles')]),
            (PlanFacts('service', empty), True, [
                ('parent', None), ('subject', None), ('empty', 'purpose'), ('empty', 'roles')
            ]),
        ):
            with self.subTest(plan=plan, needs_parent=needs_parent):
                self.assertEqual(find_gaps(plan, needs_parent), expected)


class TestsTestCase(TestCase):

    def test_due(self):
        planned, held, again = date(2026, 1, 1), date(2026, 1, 5), date(2027, 1, 5)
        for arguments, expected in (
            ((planned, None, None), planned), ((planned, None, again), planned), ((None, None, None), None),
            ((planned, held, again), again), ((None, held, again), again), ((planned, held, None), None),
            ((planned, held, again, True), None), ((planned, None, None, True), planned),
        ):
            with self.subTest(arguments):
                self.assertEqual(due_on(*arguments), expected)

    def test_overdue(self):
        today = date(2026, 11, 25)
        for due, expected in ((None, None), (date(2026, 11, 24), True), (today, False), (date(2026, 11, 26), False)):
            with self.subTest(due=due):
                self.assertIs(is_overdue(due, today), expected)

    def test_shown_until(self):
        """A test of the day is over when it is recorded; one of an earlier day was over when that day was."""
        for end_of_day, recorded, expected in (
            (datetime(2026, 6, 2), datetime(2026, 6, 1, 14), datetime(2026, 6, 1, 14)),
            (datetime(2026, 6, 2), datetime(2026, 6, 9, 14), datetime(2026, 6, 2)),
        ):
            with self.subTest(recorded=recorded):
                self.assertEqual(shown_until(end_of_day, recorded), expected)
