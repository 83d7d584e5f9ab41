from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest import TestCase

from netbox_ims.rules.timeline import timeline

NOON = datetime(2026, 1, 1, 12)


def at(minutes, seconds=0):
    return NOON + timedelta(minutes=minutes, seconds=seconds)


@dataclass
class Version:
    valid_from: datetime
    valid_to: datetime | None
    said: str
    user_name: str = 'ada'
    changed: tuple = ()


@dataclass
class Decision:
    time: datetime
    what: str
    user_name: str = 'ada'


def difference(before, after):
    return {'said': (before and before.said, after.said)}


class TimelineTestCase(TestCase):

    def steps(self, versions, decisions=(), *part):
        """(minutes since noon, kind, user, changes, decisions) of each step, the latest first."""
        return [
            ((step.time - NOON).seconds // 60, step.kind, step.user_name, step.changes.get('said'),
             [decision.what for decision in step.decisions])
            for step in timeline(versions, decisions, difference, *part)
        ]

    def test_joined_changed_and_left(self):
        versions = [Version(at(0), at(5), 'a'), Version(at(5), at(9), 'b', 'bob')]
        self.assertEqual(self.steps(versions), [
            (9, 'ended', '', None, []), (5, 'changed', 'bob', ('a', 'b'), []), (0, 'began', 'ada', (None, 'a'), []),
        ])

    def test_still_there(self):
        self.assertEqual(self.steps([Version(at(0), None, 'a')]), [(0, 'began', 'ada', (None, 'a'), [])])
        self.assertEqual(self.steps([]), [])

    def test_only_the_latest_part(self):
        versions = [Version(at(0), at(5), 'a'), Version(at(5), None, 'b')]
        self.assertEqual(self.steps(versions, (), False), [(5, 'changed', 'ada', ('a', 'b'), [])])

    def test_an_earlier_part(self):
        versions = [Version(at(0), at(5), 'a'), Version(at(5), at(9), 'b')]
        self.assertEqual([step[1] for step in self.steps(versions, (), True, False)], ['changed', 'began'])

    def test_the_first_there_is_need_not_be_the_beginning(self):
        for title, version, since, expected in (
            ('joined later', Version(at(5), None, 'a'), at(0), 'began'),
            ('there when the history began', Version(at(5), None, 'a'), at(5), 'found'),
            ('and since before what is kept', Version(at(5), None, 'a'), at(9), 'found'),
            ('what it was is not kept', Version(at(5), None, 'a', changed=('said',)), at(9), 'cut'),
            ('or not for whoever asks', Version(at(5), None, 'a', changed=('said',)), at(0), 'cut'),
        ):
            with self.subTest(title):
                steps = timeline([version], (), difference, since=since)
                self.assertEqual([(step.kind, step.changes['said']) for step in steps], [(expected, (None, 'a'))])

    def test_gone_for_a_while(self):
        """Part of it may be kept from who asks."""
        versions = [Version(at(0), at(2), 'a'), Version(at(5), None, 'b')]
        self.assertEqual(self.steps(versions), [
            (5, 'began', 'ada', (None, 'b'), []), (2, 'ended', '', None, []), (0, 'began', 'ada', (None, 'a'), []),
        ])

    def test_decisions(self):
        versions = [Version(at(0), at(5), 'a'), Version(at(5), at(6), 'b'), Version(at(6), at(9), 'c', '')]
        for decision, expected in (
            (Decision(at(5, 1), 'with it'), {5: ['with it']}),
            (Decision(at(5), 'at the same moment'), {5: ['at the same moment']}),
            (Decision(at(5, 59), 'long after'), {5: ['long after']}),
            (Decision(at(5, 1), 'of another', 'bob'), {5: ['of another']}),
            (Decision(at(6, 2), 'of nobody', 'ada'), {6: ['of nobody']}),
            (Decision(at(9, 1), 'retired', 'bob'), {9: ['retired']}),
            (Decision(at(3), 'alone'), {3: ['alone']}),
        ):
            with self.subTest(decision.what):
                steps = self.steps(versions, [decision])
                self.assertEqual({step[0]: step[4] for step in steps if step[4]}, expected)
                alone = decision.what in ('long after', 'of another', 'alone')
                self.assertEqual(len(steps), 5 if alone else 4)
                self.assertEqual(sum(step[1] == 'decided' for step in steps), alone)

    def test_who_decided_is_who_did_it(self):
        steps = self.steps([Version(at(0), at(5), 'a')], [Decision(at(5, 1), 'retired', 'bob')])
        self.assertEqual(steps[0], (5, 'ended', 'bob', None, ['retired']))

    def test_several_decisions_of_one_act(self):
        steps = self.steps([Version(at(0), None, 'a')], [Decision(at(0, 1), 'one'), Decision(at(0, 2), 'two')])
        self.assertEqual(steps, [(0, 'began', 'ada', (None, 'a'), ['one', 'two'])])
