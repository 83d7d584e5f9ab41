"""Which step an acceptance may take, what stands against it, and which change makes it void: tables of cases."""
from dataclasses import replace
from datetime import date
from itertools import product
from unittest import TestCase

from netbox_ims.rules import risks as rules
from netbox_ims.rules.risks import RiskFacts, StageFacts

TODAY = date(2026, 11, 25)
RATED = RiskFacts(
    StageFacts(3, 3, 3), StageFacts(2, 2, 2), StageFacts(1, 2, 1), above=False, treatment='retain', threat='Fire',
    vulnerability='Wood', matrix=1,
)


class TransitionsTestCase(TestCase):

    def test_every_step(self):
        allowed = {
            ('requested', 'accept'): 'accepted', ('requested', 'reject'): 'rejected',
            ('requested', 'expire'): 'expired', ('requested', 'void'): 'void',
            ('accepted', 'expire'): 'expired', ('accepted', 'void'): 'void',
        }
        statuses = ('requested', 'accepted', 'rejected', 'expired', 'void')
        for status, action in product(statuses, (rules.ACCEPT, rules.REJECT, rules.EXPIRE, rules.VOID)):
            with self.subTest(status=status, action=action):
                self.assertEqual(rules.next_status(status, action), allowed.get((status, action)))


class ResidualTestCase(TestCase):

    def test_above_the_inherent_risk(self):
        for residual, inherent, expected in (
            ((2, 2, 2), (3, 3, 3), False), ((3, 3, 3), (3, 3, 3), False), ((3, 3, 4), (3, 3, 3), True),
            ((4, 3, 3), (3, 3, 3), True), ((3, 4, 3), (3, 3, 3), True),
            ((4, 2, 3), (3, 3, 3), False),          # likelier, but it hurts less: the level decides
            ((4, 2, 4), (3, 3, 3), True), ((2, 4, 2), (3, 3, 3), False),
            ((None, 3, None), (3, 3, 3), False), ((4, 4, 4), (None, None, None), False),
            ((4, 4, None), (3, 3, None), True),     # neither has a level, but one is plainly more
        ):
            with self.subTest(residual=residual, inherent=inherent):
                self.assertIs(rules.is_above(StageFacts(*residual), StageFacts(*inherent)), expected)

    def test_which_stages_need_an_explanation(self):
        self.assertEqual(rules.needs_explanation(RATED), [])
        worse = replace(RATED, current=StageFacts(3, 3, 4), target=StageFacts(4, 3, 4))
        self.assertEqual(rules.needs_explanation(worse), ['current', 'target'])


class AcceptanceTestCase(TestCase):

    def test_what_stands_against_a_request(self):
        for risk, expected in (
            (RATED, []),
            (replace(RATED, closed=True), ['closed']),
            (replace(RATED, current=StageFacts()), ['unrated']),
            (replace(RATED, reassess=True), ['reassess']),
            (RiskFacts(closed=True, reassess=True), ['closed', 'unrated', 'reassess']),
        ):
            with self.subTest(risk=risk):
                self.assertEqual(rules.request_refusals(risk), expected)

    def test_what_stands_against_accepting(self):
        tomorrow, yesterday = date(2026, 11, 26), date(2026, 11, 24)
        for title, changes, asked_by, decided_by, until, may, expected in (
            ('nothing', {}, 1, 2, tomorrow, False, []),
            ('its last day is today', {}, 1, 2, TODAY, False, []),
            ('one\'s own request', {}, 1, 1, tomorrow, True, ['own_request']),
            ('nobody knows who asked', {}, None, 2, tomorrow, False, []),
            ('a job accepts what nobody asked for', {}, None, None, tomorrow, False, []),
            ('too late', {}, 1, 2, yesterday, False, ['lapsed']),
            ('above, and allowed', {'above': True}, 1, 2, tomorrow, True, []),
            ('above, and not allowed', {'above': True}, 1, 2, tomorrow, False, ['above_level']),
            ('nobody can say whether', {'above': None, 'current': StageFacts()}, 1, 2, tomorrow, True, ['unrated']),
            ('all at once', {'above': True, 'closed': True}, 1, 1, yesterday, False, [
                'closed', 'own_request', 'lapsed', 'above_level'
            ]),
        ):
            with self.subTest(title):
                self.assertEqual(rules.acceptance_refusals(
                    replace(RATED, **changes), asked_by, decided_by, until, TODAY, may
                ), expected)


# (what, changes to RATED, what changed materially); tests/risk/test_triggers.py puts the same to the database
MATERIAL = (
    ('nothing', {}, []),
    ('likelier', {'current': StageFacts(3, 2, 2)}, ['current']),
    ('less likely', {'current': StageFacts(1, 2, 1)}, []),
    ('hurts more', {'current': StageFacts(2, 3, 3)}, ['current']),
    ('less likely, but hurts more', {'current': StageFacts(1, 3, 2)}, ['current']),
    ('no longer rated', {'current': StageFacts()}, ['current']),
    ('inherent risk rises', {'inherent': StageFacts(4, 3, 3)}, ['inherent']),
    ('target is given up', {'target': StageFacts()}, ['target']),
    ('target is less ambitious', {'target': StageFacts(2, 2, 2)}, ['target']),
    ('target is more ambitious', {'target': StageFacts(1, 1, 1)}, []),
    ('another treatment', {'treatment': 'modify'}, ['treatment']),
    ('another threat', {'threat': 'Flood'}, ['threat']),
    ('the same threat, written otherwise', {'threat': ' fire\n'}, []),
    ('another vulnerability', {'vulnerability': 'Wood and paper'}, ['vulnerability']),
    ('everything', {
        'inherent': StageFacts(4, 4, 4), 'current': StageFacts(4, 4, 4), 'target': StageFacts(4, 4, 4),
        'threat': 'x', 'vulnerability': 'y', 'treatment': '',
    }, ['inherent', 'current', 'target', 'threat', 'vulnerability', 'treatment']),
)


class MaterialityTestCase(TestCase):

    def test_what_voids_an_acceptance(self):
        for title, changes, expected in MATERIAL:
            with self.subTest(title):
                self.assertEqual(rules.material_changes(RATED, replace(RATED, **changes)), expected)

    def test_what_was_not_rated_before_is_new(self):
        before = replace(RATED, target=StageFacts())
        self.assertEqual(rules.material_changes(before, RATED), [])

    def test_another_matrix(self):
        for title, changes, expected in (
            ('rates it the same', {}, []),
            ('rates it higher', {'current': StageFacts(2, 2, 3)}, ['current']),
            ('rates it lower', {'current': StageFacts(2, 2, 1)}, ['current']),
            ('rates the target lower', {'target': StageFacts(1, 2, 0)}, ['target']),
            ('accepts less', {'above': True}, ['above']),
            ('cannot place it', {'current': StageFacts(2, 2, None), 'above': None}, ['current', 'above']),
        ):
            with self.subTest(title):
                self.assertEqual(rules.material_changes(RATED, replace(RATED, matrix=2, **changes)), expected)
