from unittest import TestCase

from netbox_ims.rules.classification_rules import CLAIMED, KEPT, WOULD_CHANGE, earlier, outcome, speaker

IN_ORDER = ('first', 'second', 'third')


class ClassificationRulesTest(TestCase):

    def test_earlier(self):
        for rule, expected in (
            ('first', []), ('second', ['first']), ('third', ['first', 'second']), ('unknown', list(IN_ORDER)),
        ):
            with self.subTest(rule):
                self.assertEqual(earlier(rule, IN_ORDER), expected)
        self.assertEqual(earlier('first', ()), [])

    def test_the_first_that_matches_speaks(self):
        for matching, expected in (
            ((), None), (('third',), 'third'), (('second', 'third'), 'second'), (IN_ORDER, 'first'),
            (('third', 'first'), 'first'),
        ):
            with self.subTest(matching):
                self.assertEqual(speaker(IN_ORDER, matching.__contains__), expected)

    def test_outcome(self):
        for rule, matching, decided, expected in (
            ('second', (), False, None),
            ('second', ('first',), False, None),
            ('second', ('first',), True, None),
            ('second', ('second',), False, WOULD_CHANGE),
            ('second', ('second', 'third'), False, WOULD_CHANGE),
            ('second', ('first', 'second'), False, CLAIMED),
            ('third', ('first', 'third'), False, CLAIMED),
            ('first', IN_ORDER, False, WOULD_CHANGE),
            # What a person has said comes before everything.
            ('first', ('first',), True, KEPT),
            ('second', ('first', 'second'), True, KEPT),
        ):
            with self.subTest(rule=rule, matching=matching, decided=decided):
                self.assertEqual(outcome(rule, IN_ORDER, matching.__contains__, decided), expected)
