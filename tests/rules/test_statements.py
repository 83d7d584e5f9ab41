from unittest import TestCase

from netbox_ims.rules import statements as rules
from netbox_ims.rules.statements import EntryChange, EntryFacts, Gap


class TransitionTestCase(TestCase):
    TABLE = (
        # status, submit, approve, supersede, new version
        ('draft', 'in_review', None, None, None),
        ('in_review', None, 'approved', None, None),
        ('approved', None, None, 'superseded', 'approved'),
        ('superseded', None, None, None, 'superseded'),
        ('nonsense', None, None, None, None),
    )

    def test_table(self):
        actions = (rules.SUBMIT, rules.APPROVE, rules.SUPERSEDE, rules.NEW_VERSION)
        for status, *expected in self.TABLE:
            for action, result in zip(actions, expected, strict=True):
                with self.subTest(status=status, action=action):
                    self.assertEqual(rules.next_status(status, action), result)


class GapsTestCase(TestCase):
    TABLE = (
        # applicable, justification, assigned -> kinds
        (None, '', False, ['undecided']),
        (None, 'because', True, ['undecided']),
        (True, '', False, ['unjustified']),
        (True, ' \n\t', False, ['unjustified']),
        (True, 'because', False, []),
        (True, 'because', True, []),
        (False, '', False, ['unjustified']),
        (False, 'because', False, []),
        (False, 'because', True, ['excluded_assigned']),
        (False, '', True, ['unjustified', 'excluded_assigned']),
    )

    def test_table(self):
        for applicable, justification, assigned, kinds in self.TABLE:
            with self.subTest(applicable=applicable, justification=justification, assigned=assigned):
                entry = EntryFacts('A.1', applicable=applicable, justification=justification, assigned=assigned)
                self.assertEqual([gap.kind for gap in rules.find_gaps([entry])], kinds)

    def test_a_control_that_treats_an_open_risk_is_needed(self):
        for applicable, assigned, kinds in (
            (True, False, []), (None, False, ['undecided']), (False, False, ['excluded_treats']),
            (False, True, ['excluded_assigned', 'excluded_treats']),
        ):
            entry = EntryFacts('A.1', applicable=applicable, justification='x', assigned=assigned, treats=True)
            with self.subTest(applicable=applicable, assigned=assigned):
                self.assertEqual([gap.kind for gap in rules.find_gaps([entry])], kinds)

    def test_every_gap_of_every_control_by_kind(self):
        entries = [EntryFacts('A.2'), EntryFacts('A.1', applicable=True), EntryFacts('A.3')]
        self.assertEqual(rules.find_gaps(entries, ['A.9']), [
            Gap('missing', 'A.9'), Gap('undecided', 'A.2'), Gap('undecided', 'A.3'), Gap('unjustified', 'A.1'),
        ])

    def test_nothing_to_decide_is_no_gap(self):
        self.assertEqual(rules.find_gaps([]), [])


class ProgressTestCase(TestCase):

    def test_counts(self):
        overall, themes = rules.progress([
            EntryFacts('A.1', 'People', True, 'because', 'implemented'),
            EntryFacts('A.2', 'People', True, '', 'partial'),
            EntryFacts('A.3', 'Physical', False, 'because', 'implemented'), EntryFacts('A.4', 'Physical'),
        ])
        self.assertEqual(
            (overall.total, overall.yes, overall.no, overall.decided, overall.undecided, overall.complete),
            (4, 2, 1, 3, 1, 2)
        )
        # An excluded control is not implemented, whatever was written there.
        self.assertEqual((overall.implemented, overall.statuses['partial']), (1, 1))
        self.assertEqual([(name, each.total, each.decided) for name, each in themes.items()], [
            ('People', 2, 2), ('Physical', 2, 1),
        ])


class ApproverTestCase(TestCase):
    TABLE = (
        # approver, last editor, self-approval allowed -> may approve
        (1, 2, False, True), (1, 1, False, False), (1, 1, True, True), (1, None, False, True),
        (None, None, False, True),
    )

    def test_table(self):
        for approver, editor, allowed, expected in self.TABLE:
            with self.subTest(approver=approver, editor=editor, allowed=allowed):
                self.assertIs(rules.may_approve(approver, editor, allowed), expected)


class CompareTestCase(TestCase):

    def compare(self, old, new):
        def entries(values):
            return [{'ref': ref, 'title': f'T{ref}', 'applicable': yes, 'reasons': why} for ref, yes, why in values]
        return rules.compare(entries(old), entries(new), ('applicable', 'reasons'))

    def test_table(self):
        same = [('A.1', True, ['risk'])]
        for old, new, expected in (
            (same, same, []),
            (same, [('A.1', False, ['risk'])], [EntryChange('A.1', 'TA.1', 'changed', {'applicable': (True, False)})]),
            (same, [('A.1', None, [])], [
                EntryChange('A.1', 'TA.1', 'changed', {'applicable': (True, None), 'reasons': (['risk'], [])}),
            ]),
            ([], same, [
                EntryChange('A.1', 'TA.1', 'added', {'applicable': (None, True), 'reasons': (None, ['risk'])}),
            ]),
            (same, [], [
                EntryChange('A.1', 'TA.1', 'removed', {'applicable': (True, None), 'reasons': (['risk'], None)}),
            ]),
        ):
            with self.subTest(old=old, new=new):
                self.assertEqual(self.compare(old, new), expected)
