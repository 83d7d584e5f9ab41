"""What fails with what, what outlasts its limit, and what is recovered when."""
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_ims.rules.graph import Edge
from netbox_ims.rules.what_if import BEYOND, NO_LIMIT, UNKNOWN, WITHIN, RecoveryOrder, fail, outlast

A, B, C, D, E, F = ((1, number) for number in range(1, 7))


def needs(dependent, provider, group=''):
    return Edge(dependent, provider, group=group)


class FailTestCase(TestCase):

    # (title, picked, edges, down)
    CASES = (
        ('nothing', set(), [needs(A, B)], set()),
        ('alone', {A}, [], {A}),
        ('what needs it, not what it needs', {B}, [needs(A, B), needs(B, C)], {A, B}),
        ('through others', {C}, [needs(A, B), needs(B, C)], {A, B, C}),
        ('a member of a group', {B}, [needs(A, B, 'g'), needs(A, C, 'g')], {B}),
        ('all members of a group', {B, C}, [needs(A, B, 'g'), needs(A, C, 'g')], {A, B, C}),
        ('a group all of which needs the same', {D},
         [needs(A, B, 'g'), needs(A, C, 'g'), needs(B, D), needs(C, D)], {A, B, C, D}),
        ('a group of one', {B}, [needs(A, B, 'g')], {A, B}),
        ('two groups, one of which holds', {B, C}, [needs(A, B, 'g'), needs(A, C, 'g'), needs(A, D, 'h')], {A, B, C}),
        ('groups of two dependents with the same name', {B},
         [needs(A, B, 'g'), needs(D, B, 'g'), needs(D, C, 'g')], {A, B}),
        ('in a group and without it', {B}, [needs(A, B, 'g'), needs(A, C, 'g'), needs(A, B)], {A, B}),
        ('the same member twice', {B}, [needs(A, B, 'g'), Edge(A, B, True, 'g'), needs(A, C, 'g')], {B}),
        ('a cycle that is not hit', {C}, [needs(A, B), needs(B, A)], {C}),
        ('a cycle that is hit', {C}, [needs(A, B), needs(B, A), needs(B, C)], {A, B, C}),
        ('itself', {A}, [needs(A, A)], {A}),
    )

    def test_cases(self):
        for title, picked, edges, down in self.CASES:
            with self.subTest(title):
                self.assertEqual(fail(picked, edges), down)


class OutlastTestCase(TestCase):

    CASES = (
        (60, 60, (WITHIN, 0)), (61, 60, (BEYOND, -1)), (59, 60, (WITHIN, 1)), (0, 0, (WITHIN, 0)),
        (1, 0, (BEYOND, -1)), (60, None, (UNKNOWN, None)),
    )

    def test_cases(self):
        for outage, limit, expected in self.CASES:
            with self.subTest(outage=outage, limit=limit):
                self.assertEqual(outlast(outage, limit), expected)

    def test_what_was_analysed_has_a_limit_or_none(self):
        self.assertEqual(outlast(480, None, analysed=True), (NO_LIMIT, None))
        self.assertEqual(outlast(481, 480, analysed=True), (BEYOND, -1))


class RecoverTestCase(TestCase):

    # (title, down, edges, rto, results, [(ci, waits for, brings back)])
    CASES = (
        ('the soonest first', {A, B, C}, [], {A: 60, B: 5}, set(), [(B, (), ()), (A, (), ()), (C, (), ())]),
        ('0 is soonest of all', {A, B}, [], {A: 5, B: 0}, set(), [(B, (), ()), (A, (), ())]),
        ('unknown comes last', {A, B}, [], {B: 99}, set(), [(B, (), ()), (A, (), ())]),
        ('at the same time by name', {B, A}, [], {A: 5, B: 5}, set(), [(A, (), ()), (B, (), ())]),
        ('what it needs comes before it', {A, B}, [needs(A, B)], {A: 5, B: 60}, set(),
         [(B, (), ()), (A, (1,), ())]),
        ('even if nothing is known of that', {A, B, C}, [needs(A, B)], {A: 5, C: 60}, set(),
         [(C, (), ()), (B, (), ()), (A, (2,), ())]),
        ('what is not down is not waited for', {A}, [needs(A, B)], {}, set(), [(A, (), ())]),
        ('one member of a group suffices', {A, B, C}, [needs(A, B, 'g'), needs(A, C, 'g')], {A: 20, B: 60, C: 10},
         set(), [(C, (), ()), (A, (1,), ()), (B, (), ())]),
        ('a group that holds is not waited for', {A, B}, [needs(A, B, 'g'), needs(A, C, 'g')], {A: 20, B: 60}, set(),
         [(A, (), ()), (B, (), ())]),
        ('a function is back with the last it needs', {A, B, C}, [needs(A, B), needs(A, C)], {B: 10, C: 20}, {A},
         [(B, (), ()), (C, (), (A,))]),
        ('a function that needs a function', {A, B, C}, [needs(A, B), needs(B, C)], {C: 10}, {A, B},
         [(C, (), (B, A))]),
        ('a function that failed by itself', {A}, [], {A: 10}, {A}, [(A, (), ())]),
        ('a cycle is broken where it is soonest', {A, B, C}, [needs(A, B), needs(B, A), needs(C, A)],
         {A: 20, B: 10, C: 5}, set(), [(B, (), ()), (A, (1,), ()), (C, (2,), ())]),
        ('itself', {A}, [needs(A, A)], {}, set(), [(A, (), ())]),
    )

    def test_cases(self):
        for title, down, edges, rto, results, expected in self.CASES:
            with self.subTest(title):
                steps = list(RecoveryOrder(down, edges, rto, results))
                self.assertEqual([(step.ci, step.waits_for, step.brings_back) for step in steps], expected)
                self.assertEqual([step.number for step in steps], list(range(1, len(steps) + 1)))

    def test_where_a_cycle_is_broken_is_said(self):
        steps = list(RecoveryOrder({A, B}, [needs(A, B), needs(B, A)], {A: 5, B: 9}))
        self.assertEqual([(step.ci, step.in_cycle) for step in steps], [(A, True), (B, False)])

    def test_it_is_worked_out_as_far_as_somebody_looks(self):
        order = RecoveryOrder({A, B, C}, [needs(A, B)], {}, set())
        self.assertEqual((len(order), order[1].ci, order[-1].ci, order[5:]), (3, A, C, []))
        with self.assertRaises(IndexError):
            order[3]

    def test_results_that_need_each_other(self):
        order = RecoveryOrder({A, B, C}, [needs(A, B), needs(B, A), needs(A, C)], {}, {A, B})
        self.assertEqual([tuple(step)[1:] for step in order], [(C, (), (), False), (A, (1,), (B,), True)])
        self.assertEqual(len(order), 2)

    def test_a_long_chain(self):
        chain = [(1, number) for number in range(5000)]
        edges = [needs(one, other) for one, other in zip(chain, chain[1:], strict=False)]
        self.assertEqual(fail({chain[-1]}, edges), set(chain))
        self.assertEqual([step.ci for step in RecoveryOrder(set(chain), edges, {})], chain[::-1])


CIS = st.sampled_from((A, B, C, D, E, F))
EDGES = st.lists(st.builds(Edge, CIS, CIS, st.just(False), st.sampled_from(('', '', 'g', 'h'))), max_size=14)
TIMES = st.dictionaries(CIS, st.sampled_from((0, 5, 60)))


def met(ci, up, edges):
    """Whether a CI has all that it needs, if those `up` are."""
    mine = [edge for edge in edges if edge.dependent == ci]
    groups = {edge.group for edge in mine if edge.group}
    return all(edge.provider in up for edge in mine if not edge.group) and all(
        any(edge.provider in up for edge in mine if edge.group == group) for group in groups
    )


class PropertyTestCase(TestCase):

    @settings(max_examples=250, deadline=None)
    @given(st.sets(CIS), EDGES)
    def test_what_is_up_has_what_it_needs_and_no_more_is_down_than_must(self, picked, edges):
        everything = {A, B, C, D, E, F}
        down = fail(picked, edges)
        reference, up = None, everything - picked
        while reference != up:                      # everything that can stay up does
            reference, up = up, {ci for ci in up if met(ci, up, edges)}
        self.assertEqual(down, everything - up)

    @settings(max_examples=250, deadline=None)
    @given(st.sets(CIS), EDGES, TIMES, st.sets(CIS, max_size=2))
    def test_everything_comes_back_in_an_order_that_works(self, picked, edges, rto, results):
        edges = [edge for edge in edges if edge.dependent != edge.provider]
        down = fail(picked, edges)
        steps, up = list(RecoveryOrder(down, edges, rto, results)), {A, B, C, D, E, F} - down
        # However far one has looked before, it is as long, and the same.
        again = RecoveryOrder(down, edges, rto, results)
        length, half = len(again), list(again[:len(again) // 2])
        self.assertEqual((length, half, list(again)), (len(steps), steps[:len(half)], steps))
        came = [ci for step in steps for ci in (step.ci, *step.brings_back)]
        self.assertEqual(sorted(came), sorted(down))
        for step in steps:
            needed = [edge for edge in edges if edge.dependent == step.ci]
            if not step.in_cycle:
                self.assertTrue(met(step.ci, up, needed), step)
            up |= {step.ci, *step.brings_back}
            for ci in step.brings_back:
                self.assertTrue(met(ci, up, edges), step)
            self.assertTrue(all(number < step.number for number in step.waits_for))
