"""
What CIs inherit: the rules as tables of cases, and the same in bulk, against a reference that looks at every ancestor.
"""
from unittest import TestCase

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_ims.rules.graph import (
    ALIGNED,
    BREACHED,
    UNDETERMINED,
    Derived,
    Edge,
    Own,
    compare,
    derive,
    group_verdict,
    worst,
)
from netbox_ims.services import derive_all

A, B, C, D, E = ((1, number) for number in range(1, 6))
PUBLIC, INTERNAL, CONFIDENTIAL = 10, 20, 30


def holds(dependent, provider, group=''):
    return Edge(dependent, provider, True, group)


def needs(dependent, provider, group=''):
    return Edge(dependent, provider, False, group)


class ClassificationTestCase(TestCase):
    """A depends on B, unless a case says otherwise."""
    CASES = (
        # title, own values, edges, of which CI, (level, source, complete, under-classified)
        ('nobody said anything', {A: Own()}, [], A, (None, None, False, None)),
        ('its own', {A: Own(20)}, [], A, (20, A, True, False)),
        ('higher from what it holds', {A: Own(30), B: Own(10)}, [holds(A, B)], B, (30, A, True, True)),
        ('its own is higher', {A: Own(10), B: Own(30)}, [holds(A, B)], B, (30, B, True, False)),
        ('the same level is its own', {A: Own(30), B: Own(30)}, [holds(A, B)], B, (30, B, True, False)),
        ('not upwards', {A: Own(10), B: Own(30)}, [holds(A, B)], A, (10, A, True, False)),
        ('not where no data is held', {A: Own(30), B: Own(10)}, [needs(A, B)], B, (10, B, True, False)),
        ('only inherited', {A: Own(30), B: Own()}, [holds(A, B)], B, (30, A, False, None)),
        ('a lower bound', {A: Own(), B: Own(20)}, [holds(A, B)], B, (20, B, False, None)),
        ('a lower bound, and a finding', {A: Own(30), C: Own(), B: Own(20)}, [holds(A, B), holds(C, B)], B,
         (30, A, False, True)),
        ('level 0 is a level', {A: Own(0), B: Own()}, [holds(A, B)], B, (0, A, False, None)),
        ('along a chain', {A: Own(30), B: Own(10), C: Own(10)}, [holds(A, B), holds(B, C)], C, (30, A, True, True)),
        ('a diamond', {A: Own(30), B: Own(10), C: Own(20), D: Own(10)},
         [holds(A, B), holds(A, C), holds(B, D), holds(C, D)], D, (30, A, True, True)),
        ('of two sources the smaller name', {A: Own(30), B: Own(30), C: Own(10)}, [holds(B, C), holds(A, C)], C,
         (30, A, True, True)),
        ('an override stands', {A: Own(30), B: Own(10, override=True)}, [holds(A, B)], B, (10, B, True, False)),
        ('an override flows on', {A: Own(30), B: Own(10, override=True), C: Own(10)}, [holds(A, B), holds(B, C)], C,
         (10, C, True, False)),
        ('an override settles what is unknown above', {A: Own(), B: Own(10, override=True)}, [holds(A, B)], B,
         (10, B, True, False)),
        ('a cycle', {A: Own(30), B: Own(10)}, [holds(A, B), holds(B, A)], B, (30, A, True, True)),
        ('a cycle does not make itself under-classified', {A: Own(30), B: Own(10)}, [holds(A, B), holds(B, A)], A,
         (30, A, True, False)),
        ('itself', {A: Own(30)}, [holds(A, A)], A, (30, A, True, False)),
        ('what is no CI', {A: Own(20)}, [holds(B, A), holds(A, C)], A, (20, A, True, False)),
    )

    def test_cases(self):
        for title, own, edges, ci, expected in self.CASES:
            with self.subTest(title):
                value = derive(own, edges)[ci]
                self.assertEqual((value.level, value.source, value.complete, value.under_classified), expected)


class FlagsTestCase(TestCase):
    """Yes beats unknown, unknown beats no."""

    def test_two_dependents(self):
        rank = {True: 2, None: 1, False: 0}
        for one in rank:
            for other in rank:
                for own in rank:
                    with self.subTest(one=one, other=other, own=own):
                        values = {A: Own(sensitive=one), B: Own(sensitive=other), C: Own(sensitive=own)}
                        expected = max((one, other, own), key=rank.__getitem__)
                        found = derive(values, [holds(A, C), holds(B, C)])[C]
                        self.assertIs(found.sensitive, expected)
                        self.assertIs(found.personal, None)

    def test_an_override_stands(self):
        own = {A: Own(30, personal=True), B: Own(10, override=True, personal=False)}
        self.assertIs(derive(own, [holds(A, B)])[B].personal, False)

    def test_not_where_no_data_is_held(self):
        own = {A: Own(personal=True), B: Own(personal=False)}
        self.assertIs(derive(own, [needs(A, B)])[B].personal, False)


class RequiredTimeTestCase(TestCase):
    CASES = (
        # title, own values, edges, of which CI, (required RTO, source, required RPO, alignment)
        ('nothing depends on it', {A: Own(rto=60)}, [], A, (None, None, None, UNDETERMINED)),
        ('aligned', {A: Own(rto=60), B: Own(rto=60)}, [needs(A, B)], B, (60, A, None, ALIGNED)),
        ('breached', {A: Own(rto=60), B: Own(rto=61)}, [needs(A, B)], B, (60, A, None, BREACHED)),
        ('its own unknown', {A: Own(rto=60), B: Own()}, [needs(A, B)], B, (60, A, None, UNDETERMINED)),
        ('required unknown', {A: Own(), B: Own(rto=60)}, [needs(A, B)], B, (None, None, None, UNDETERMINED)),
        ('zero is the strictest', {A: Own(rto=0), B: Own(rto=1)}, [needs(A, B)], B, (0, A, None, BREACHED)),
        ('zero meets zero', {A: Own(rto=0), B: Own(rto=0)}, [needs(A, B)], B, (0, A, None, ALIGNED)),
        ('through what is unknown', {A: Own(rto=30), B: Own(), C: Own(rto=60)}, [needs(A, B), needs(B, C)], C,
         (30, A, None, BREACHED)),
        ('the smallest of two', {A: Own(rto=90), B: Own(rto=30), C: Own(rto=30)}, [needs(A, C), needs(B, C)], C,
         (30, B, None, ALIGNED)),
        ('one of two unknown', {A: Own(rto=90), B: Own(), C: Own(rto=30)}, [needs(A, C), needs(B, C)], C,
         (90, A, None, ALIGNED)),
        ('RPO where data is held', {A: Own(rpo=5), B: Own(rpo=60)}, [holds(A, B)], B, (None, None, 5, BREACHED)),
        ('no RPO where none is held', {A: Own(rpo=5), B: Own(rpo=60)}, [needs(A, B)], B,
         (None, None, None, UNDETERMINED)),
        ('RTO met, RPO not', {A: Own(rto=9, rpo=5), B: Own(rto=9, rpo=60)}, [holds(A, B)], B, (9, A, 5, BREACHED)),
        ('RTO met, own RPO unknown', {A: Own(rto=9, rpo=5), B: Own(rto=9)}, [holds(A, B)], B,
         (9, A, 5, UNDETERMINED)),
        ('overrides are no matter of time', {A: Own(30, rto=5), B: Own(10, override=True, rto=9)}, [holds(A, B)], B,
         (5, A, None, BREACHED)),
        ('a cycle asks for what the others say', {A: Own(rto=60), B: Own(rto=90)}, [needs(A, B), needs(B, A)], A,
         (90, B, None, ALIGNED)),
        ('a cycle asks nothing of itself by itself', {A: Own(rto=60), B: Own()}, [needs(A, B), needs(B, A)], A,
         (None, None, None, UNDETERMINED)),
        ('itself', {A: Own(rto=60)}, [needs(A, A)], A, (None, None, None, UNDETERMINED)),
        ('one member of a group suffices', {A: Own(rto=60), B: Own(rto=99), C: Own(rto=10)},
         [needs(A, B, 'g'), needs(A, C, 'g')], B, (60, A, None, ALIGNED)),
        ('one member of a group might', {A: Own(rto=60), B: Own(rto=99), C: Own()},
         [needs(A, B, 'g'), needs(A, C, 'g')], B, (60, A, None, UNDETERMINED)),
        ('no member of a group does', {A: Own(rto=60), B: Own(rto=99), C: Own(rto=61)},
         [needs(A, B, 'g'), needs(A, C, 'g')], B, (60, A, None, BREACHED)),
        ('another group', {A: Own(rto=60), B: Own(rto=99), C: Own(rto=10)},
         [needs(A, B, 'g'), needs(A, C, 'h')], B, (60, A, None, BREACHED)),
        ('a group of somebody else', {A: Own(rto=60), D: Own(rto=60), B: Own(rto=99), C: Own(rto=10)},
         [needs(A, B, 'g'), needs(D, C, 'g')], B, (60, A, None, BREACHED)),
        ('one edge of many breached', {A: Own(rto=60), D: Own(rto=30), B: Own(rto=50), C: Own(rto=10)},
         [needs(A, B), needs(D, B, 'g'), needs(D, C, 'g')], B, (30, D, None, ALIGNED)),
    )

    def test_cases(self):
        for title, own, edges, ci, expected in self.CASES:
            with self.subTest(title):
                value = derive(own, edges)[ci]
                found = value.required_rto, value.rto_source, value.required_rpo, value.alignment
                self.assertEqual(found, expected)

    def test_verdicts(self):
        self.assertEqual([compare(5, 5), compare(5, 6), compare(None, 0), compare(0, None)],
                         [ALIGNED, BREACHED, UNDETERMINED, UNDETERMINED])
        self.assertEqual(group_verdict([BREACHED, UNDETERMINED]), UNDETERMINED)
        self.assertEqual(worst([ALIGNED, BREACHED, UNDETERMINED]), BREACHED)
        self.assertEqual(worst([]), UNDETERMINED)

    def test_a_long_chain(self):
        chain = [(1, number) for number in range(5000)]
        own = {ci: Own() for ci in chain} | {chain[0]: Own(30, rto=7)}
        last = derive(own, [holds(one, other) for one, other in zip(chain, chain[1:], strict=False)])[chain[-1]]
        self.assertEqual((last.level, last.source, last.required_rto, last.rto_source), (30, chain[0], 7, chain[0]))


#
# Against a reference
#

CIS = st.integers(1, 7).map(lambda number: (number % 2 + 1, number))
OWN = st.builds(
    Own, level=st.sampled_from((None, 0, 10, 20)), override=st.sampled_from((False, False, False, True)),
    sensitive=st.sampled_from((None, True, False)), personal=st.sampled_from((None, True, False)),
    rto=st.sampled_from((None, 0, 5, 60)), rpo=st.sampled_from((None, 0, 5, 60)),
)
EDGES = st.lists(
    st.builds(Edge, CIS, CIS, st.booleans(), st.sampled_from(('', '', 'g', 'h'))), max_size=14, unique=True
)
GRAPHS = st.tuples(st.dictionaries(CIS, OWN, min_size=1, max_size=7), EDGES)


def ancestors(ci, edges, stop=()):
    """All that depend on a CI, directly or not; it itself only if it is among them. Nobody is asked beyond `stop`."""
    found, todo = set(), [ci]
    while todo:
        for edge in edges:
            if edge.provider == todo[0] and edge.dependent not in found:
                found.add(edge.dependent)
                if edge.dependent not in stop:
                    todo.append(edge.dependent)
        todo.pop(0)
    return found


def reference(own, edges):
    """What the rules say, read off the set of ancestors of each CI; slow, and without a fixpoint."""
    edges = [edge for edge in edges if edge.dependent in own and edge.provider in own]
    holding = [edge for edge in edges if edge.holds_data]
    overridden = {ci for ci, value in own.items() if value.override}
    held = {ci: ancestors(ci, holding, overridden) for ci in own}
    result = {}
    for ci, mine in own.items():
        others = held[ci]
        levels = [own[other].level for other in others if own[other].level is not None]
        highest, unknown = max(levels, default=None), any(own[other].level is None for other in others)
        everybody = {ci} if mine.override else {ci, *others}
        flags = {}
        for flag in ('sensitive', 'personal'):
            values = {getattr(own[each], flag) for each in everybody}
            flags[flag] = True if True in values else None if None in values else False
        result[ci] = {
            'level': max((own[each].level for each in everybody if own[each].level is not None), default=None),
            'complete': mine.level is not None and (mine.override or not unknown), **flags,
            'under_classified': None if mine.level is None else False if mine.override
            else True if highest is not None and highest > mine.level else None if unknown else False,
        }
        statuses = []
        for kind, along in (('rto', edges), ('rpo', holding)):
            demands = demanded(ci, kind, own, ancestors(ci, along))
            result[ci][f'required_{kind}'], result[ci][f'{kind}_source'] = min(demands, default=(None, None))
            statuses += [status for edge, status in verdicts(kind, own, along) if edge.provider == ci]
        result[ci]['alignment'] = worst(statuses)
    return result


def demanded(ci, kind, own, others):
    return {(getattr(own[each], kind), each) for each in others if each != ci and getattr(own[each], kind) is not None}


def verdicts(kind, own, edges):
    """(edge, status) of each edge along which something is required."""
    statuses = {}
    for edge in edges:
        others = {edge.dependent, *ancestors(edge.dependent, edges)}
        required = min(demanded(edge.provider, kind, own, others), default=(None, None))[0]
        statuses[edge] = required, compare(required, getattr(own[edge.provider], kind))
    for edge, (required, status) in statuses.items():
        if edge.group:
            same = [s for e, (_r, s) in statuses.items() if (e.dependent, e.group) == (edge.dependent, edge.group)]
            status = group_verdict(same)
        if required is not None:
            yield edge, status


def in_bulk(own, edges):
    """derive_all.compute() on the same input, as {CI: Derived}."""
    def name(ci):
        return (ci[0] << derive_all.ID_BITS) | ci[1]

    def known(value):
        return derive_all.NONE if value is None else value

    cis, flags = sorted(own), {False: 0, None: 1, True: 2}
    nodes = {
        'name': np.array([name(ci) for ci in cis]),
        'classification': np.array([derive_all.NONE if own[ci].level is None else own[ci].level + 100 for ci in cis]),
        'override': np.array([own[ci].override for ci in cis], dtype=np.int16),
        **{flag: np.array([flags[getattr(own[ci], flag)] for ci in cis], dtype=np.int16)
           for flag in ('sensitive', 'personal')},
        **{kind: np.array([known(getattr(own[ci], kind)) for ci in cis], dtype=np.int32) for kind in ('rto', 'rpo')},
    }
    arrays = {
        'dependent': np.array([name(edge.dependent) for edge in edges], dtype=np.int64),
        'provider': np.array([name(edge.provider) for edge in edges], dtype=np.int64),
        'holds_data': np.array([edge.holds_data for edge in edges], dtype=np.int16),
        'group': np.array([ord(edge.group) if edge.group else 0 for edge in edges], dtype=np.int64),
    }
    levels = np.array([(0, 100), (10, 110), (20, 120), (30, 130)])      # a classification's key is 100 + its level
    found = derive_all.rows(nodes['name'], derive_all.compute(nodes, arrays, levels))
    return {
        ci: Derived(
            level=None if row.effective_classification_id is None else row.effective_classification_id - 100,
            source=pair(row.effective_classification_source_type_id, row.effective_classification_source_id),
            complete=row.effective_complete, sensitive=row.effective_handles_sensitive_data,
            personal=row.effective_processes_personal_data,
            required_rto=row.required_rto_minutes,
            rto_source=pair(row.required_rto_source_type_id, row.required_rto_source_id),
            required_rpo=row.required_rpo_minutes,
            rpo_source=pair(row.required_rpo_source_type_id, row.required_rpo_source_id),
            under_classified=row.under_classified, alignment=row.alignment,
        )
        for ci, row in found.items()
    }


def pair(type_id, pk):
    return None if type_id is None else (type_id, pk)


class PropertyTestCase(TestCase):

    @settings(max_examples=250, deadline=None)
    @given(GRAPHS)
    def test_the_rules_say_what_the_reference_says(self, graph):
        own, edges = graph
        expected = reference(own, edges)
        for ci, value in derive(own, edges).items():
            for field, right in expected[ci].items():
                self.assertEqual(getattr(value, field), right, f'{field} of {ci}')
            self.assertEqual(value.level, None if value.source is None else own[value.source].level)

    @settings(max_examples=250, deadline=None)
    @given(GRAPHS)
    def test_in_bulk_the_same(self, graph):
        own, edges = graph
        self.assertEqual(in_bulk(own, edges), derive(own, edges))

    @settings(max_examples=150, deadline=None)
    @given(GRAPHS, CIS)
    def test_a_part_the_same_as_the_whole(self, graph, changed):
        """What a change cannot have touched is settled, and may be taken as it is."""
        own, edges = graph
        whole = derive(own, edges)
        members = {e.dependent for e in edges if e.provider == changed and e.group}
        affected, todo = set(), [changed, *members]
        while todo:
            if (ci := todo.pop()) not in affected:
                affected.add(ci)
                todo += [edge.provider for edge in edges if edge.dependent == ci]
        settled = {ci: value for ci, value in whole.items() if ci not in affected}
        part = derive(own, edges, settled)
        self.assertEqual(part, {ci: value for ci, value in whole.items() if ci in affected})
