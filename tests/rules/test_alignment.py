"""Rows of the alignment report: what is compared with what, as cases and in bulk."""
from unittest import TestCase

import numpy as np
from hypothesis import given, settings

from netbox_ims.rules.alignment import Alignment, of_edges, of_function, of_test
from netbox_ims.rules.graph import ALIGNED, BREACHED, UNDETERMINED, Own, work_out
from netbox_ims.services import derive_all
from netbox_ims.services.bulk_read import NONE

from .test_graph import GRAPHS, A, B, C, holds, needs

FUNCTION, CI = (9, 1), (1, 7)


class EdgesTestCase(TestCase):

    # (title, own, edges, {(kind, dependent, provider, group): (required, actual, margin, status)})
    CASES = (
        ('time goes along every edge', {A: Own(rto=60, rpo=5), B: Own(rto=90, rpo=9)}, [needs(A, B)],
         {('rto', A, B, ''): (60, 90, -30, BREACHED)}),
        ('recovery point only where data is held', {A: Own(rto=60, rpo=5), B: Own(rto=60, rpo=0)}, [holds(A, B)],
         {('rto', A, B, ''): (60, 60, 0, ALIGNED), ('rpo', A, B, ''): (5, 0, 5, ALIGNED)}),
        ('nothing is required', {A: Own(), B: Own(rto=60)}, [needs(A, B)],
         {('rto', A, B, ''): (None, 60, None, UNDETERMINED)}),
        ('nobody has said', {A: Own(rto=60), B: Own()}, [needs(A, B)],
         {('rto', A, B, ''): (60, None, None, UNDETERMINED)}),
        ('0 is the strictest there is', {A: Own(rto=0), B: Own(rto=1)}, [needs(A, B)],
         {('rto', A, B, ''): (0, 1, -1, BREACHED)}),
        ('what is required is passed on', {A: Own(rto=60), B: Own(), C: Own(rto=30)}, [needs(A, B), needs(B, C)],
         {('rto', A, B, ''): (60, None, None, UNDETERMINED), ('rto', B, C, ''): (60, 30, 30, ALIGNED)}),
        ('a group has one status', {A: Own(rto=60), B: Own(rto=90), C: Own(rto=30)},
         [needs(A, B, 'g'), needs(A, C, 'g')],
         {('rto', A, B, 'g'): (60, 90, -30, ALIGNED), ('rto', A, C, 'g'): (60, 30, 30, ALIGNED)}),
        ('an unknown member might do', {A: Own(rto=60), B: Own(rto=90), C: Own()},
         [needs(A, B, 'g'), needs(A, C, 'g')],
         {('rto', A, B, 'g'): (60, 90, -30, UNDETERMINED), ('rto', A, C, 'g'): (60, None, None, UNDETERMINED)}),
        ('no member does', {A: Own(rto=60), B: Own(rto=90), C: Own(rto=61)}, [needs(A, B, 'g'), needs(A, C, 'g')],
         {('rto', A, B, 'g'): (60, 90, -30, BREACHED), ('rto', A, C, 'g'): (60, 61, -1, BREACHED)}),
        ('the same edge twice is one row', {A: Own(rto=60), B: Own(rto=60, rpo=1)}, [needs(A, B), holds(A, B)],
         {('rto', A, B, ''): (60, 60, 0, ALIGNED), ('rpo', A, B, ''): (None, 1, None, UNDETERMINED)}),
        ('around a cycle', {A: Own(rto=60), B: Own(rto=90)}, [needs(A, B), needs(B, A)],
         {('rto', A, B, ''): (60, 90, -30, BREACHED), ('rto', B, A, ''): (90, 60, 30, ALIGNED)}),
    )

    def test_cases(self):
        for title, own, edges, expected in self.CASES:
            with self.subTest(title):
                rows = of_edges(work_out(own, edges)[1])
                self.assertEqual(
                    {key: (row.required, row.actual, row.margin, row.status) for key, row in rows.items()}, expected
                )

    @settings(max_examples=250, deadline=None)
    @given(GRAPHS)
    def test_in_bulk_the_same(self, graph):
        own, edges = graph
        rows = of_edges(work_out(own, edges)[1])
        self.assertEqual(in_bulk(own, edges), {
            key: (row.required, row.actual, row.status) for key, row in rows.items()
        })


def in_bulk(own, edges):
    """derive_all.times_of_edges() on the same input, as {key: (required, actual, status)}."""
    def name(ci):
        return (ci[0] << derive_all.ID_BITS) | ci[1]

    cis, groups = sorted(own), {0: '', **{ord(edge.group): edge.group for edge in edges if edge.group}}
    nodes = {'name': np.array([name(ci) for ci in cis], dtype=np.int64), **{
        kind: np.array([NONE if getattr(own[ci], kind) is None else getattr(own[ci], kind) for ci in cis])
        for kind in ('rto', 'rpo')
    }}
    arrays = {
        'dependent': np.array([name(edge.dependent) for edge in edges], dtype=np.int64),
        'provider': np.array([name(edge.provider) for edge in edges], dtype=np.int64),
        'holds_data': np.array([edge.holds_data for edge in edges], dtype=np.int64),
        'group': np.array([ord(edge.group) if edge.group else 0 for edge in edges], dtype=np.int64),
    }
    found = {}
    for kind, times in derive_all.times_of_edges(nodes, arrays).items():
        columns = (times.edges.dependent, times.edges.provider, times.edges.group, times.required, times.actual,
                   times.status)
        for dependent, provider, group, required, actual, status in zip(*map(np.ndarray.tolist, columns), strict=True):
            found[kind, cis[dependent], cis[provider], groups[group]] = (
                None if required == NONE else required, None if actual == NONE else actual, derive_all.STATUS[status]
            )
    return found


class FunctionTestCase(TestCase):

    # (MTPD, RTO, margin, status)
    CASES = (
        (480, 240, 240, ALIGNED), (480, 480, 0, ALIGNED), (480, 500, -20, BREACHED), (0, 0, 0, ALIGNED),
        (None, 240, None, UNDETERMINED), (480, None, None, UNDETERMINED), (None, None, None, UNDETERMINED),
    )

    def test_cases(self):
        for mtpd, rto, margin, status in self.CASES:
            with self.subTest(mtpd=mtpd, rto=rto):
                row = of_function(FUNCTION, mtpd, rto)
                self.assertEqual((row.key, row.required, row.actual, row.margin, row.status),
                                 (('mtpd', FUNCTION, None, ''), mtpd, rto, margin, status))


class TestedTestCase(TestCase):

    # (title, own, achieved, result, stale, (target, required, actual, status))
    CASES = (
        ('in time', {'rto': 60}, {'rto': 45}, 'passed', False, ('rto', 60, 45, ALIGNED)),
        ('too late', {'rto': 60}, {'rto': 61}, 'partial', False, ('rto', 60, 61, BREACHED)),
        ('too late and failed', {'rto': 60}, {'rto': 61}, 'failed', False, ('rto', 60, 61, BREACHED)),
        ('failed proves nothing', {'rto': 60}, {'rto': 45}, 'failed', False, ('rto', 60, 45, UNDETERMINED)),
        ('nobody has said how it went', {'rto': 60}, {'rto': 45}, None, False, ('rto', 60, 45, UNDETERMINED)),
        ('left empty', {'rto': 60}, {'rto': 45}, '', False, ('rto', 60, 45, UNDETERMINED)),
        ('too late, whatever came of it', {'rto': 60}, {'rto': 61}, None, False, ('rto', 60, 61, BREACHED)),
        ('stale proves nothing', {'rto': 60}, {'rto': 45}, 'passed', True, ('rto', 60, None, UNDETERMINED)),
        ('nothing was measured', {'rto': 60, 'rpo': 5}, {}, 'passed', False, ('rto', 60, None, UNDETERMINED)),
        ('no target', {}, {'rto': 45}, 'passed', False, ('rto', None, 45, UNDETERMINED)),
        ('back at once', {'rto': 0}, {'rto': 0}, 'passed', False, ('rto', 0, 0, ALIGNED)),
        ('too much was lost', {'rto': 60, 'rpo': 5}, {'rto': 45, 'rpo': 9}, 'passed', False, ('rpo', 5, 9, BREACHED)),
        ('both in time', {'rto': 60, 'rpo': 5}, {'rto': 45, 'rpo': 4}, 'passed', False, ('rpo', 5, 4, ALIGNED)),
        ('only what was lost', {'rto': 60, 'rpo': 5}, {'rpo': 4}, 'passed', False, ('rpo', 5, 4, ALIGNED)),
    )

    def test_cases(self):
        for title, own, achieved, result, stale, expected in self.CASES:
            with self.subTest(title):
                row = of_test(CI, own, achieved, result, stale)
                self.assertEqual(row.key, ('test', None, CI, ''))
                self.assertEqual((row.target, row.required, row.actual, row.status), expected)

    def test_a_margin_needs_both_times(self):
        self.assertEqual(Alignment('rto', A, B, 60, 90, BREACHED).margin, -30)
        self.assertIsNone(Alignment('rto', A, B, 60, None, UNDETERMINED).margin)
