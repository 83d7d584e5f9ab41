"""Ways through the graph, and where the boxes of its picture go."""
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from netbox_ims.rules.layout import arrange, bundle, columns_of
from netbox_ims.rules.paths import distances, shortest_path


class PathsTestCase(TestCase):
    CASES = (
        # steps, from, to, path
        ([], 'a', 'a', ['a']),
        ([], 'a', 'b', []),
        ([('a', 'b')], 'a', 'b', ['a', 'b']),
        ([('a', 'b')], 'b', 'a', []),
        ([('a', 'b'), ('b', 'c'), ('a', 'c')], 'a', 'c', ['a', 'c']),
        ([('a', 'z'), ('a', 'b'), ('z', 'c'), ('b', 'c')], 'a', 'c', ['a', 'b', 'c']),
        ([('a', 'b'), ('b', 'a'), ('b', 'c')], 'a', 'c', ['a', 'b', 'c']),
    )

    def test_shortest(self):
        for steps, start, goal, path in self.CASES:
            with self.subTest(steps=steps, start=start, goal=goal):
                self.assertEqual(shortest_path(start, goal, steps), path)
                self.assertEqual(distances(start, steps).get(goal), len(path) - 1 if path else None)


EDGES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=20, unique=True)


class LayoutTestCase(TestCase):
    CASES = (
        # edges, columns
        ([], {0: 0}),
        ([(0, 1)], {0: 0, 1: 1}),
        ([(0, 1), (1, 2), (0, 2)], {0: 0, 1: 1, 2: 2}),         # the longest path decides
        ([(0, 1), (2, 1)], {0: 0, 2: 0, 1: 1}),
        ([(0, 1), (1, 0)], {0: 0, 1: 1}),                       # only the edge that closes the cycle points back
        ([(0, 0)], {0: 0}),
    )

    def test_columns(self):
        for edges, columns in self.CASES:
            with self.subTest(edges=edges):
                self.assertEqual(columns_of(list(columns), edges), columns)

    def test_a_long_chain_needs_no_deep_stack(self):
        chain = [(n, n + 1) for n in range(5000)]
        self.assertEqual(columns_of(range(5001), chain)[5000], 5000)

    @settings(max_examples=200, deadline=None)
    @given(EDGES)
    def test_without_cycles_every_arrow_points_to_the_right(self, edges):
        edges = [(one, other) for one, other in edges if one < other]
        column = columns_of(range(9), edges)
        for one, other in edges:
            self.assertLess(column[one], column[other])

    @settings(max_examples=200, deadline=None)
    @given(EDGES)
    def test_every_node_has_one_place(self, edges):
        column = columns_of(range(9), edges)
        columns = arrange(column, edges)
        self.assertEqual(sorted(node for nodes in columns for node in nodes), list(range(9)))
        for number, nodes in enumerate(columns):
            self.assertTrue(all(column[node] == number for node in nodes))

    def test_order_avoids_crossings(self):
        # Upside down at first: 0 leads to 5, 1 to 4, 2 to 3.
        edges = [(0, 5), (1, 4), (2, 3)]
        columns = arrange(columns_of([0, 1, 2, 3, 4, 5], edges), edges)
        self.assertEqual([dict(edges)[node] for node in columns[0]], columns[1])

    def test_bundles(self):
        edges = [(1, 0), (2, 0), (3, 0), (4, 9)]
        alike = {0: None, 9: None}.get
        self.assertEqual(
            bundle([0, 1, 2, 3, 4, 9], edges, lambda node: alike(node, 'vm')), [[0], [1, 2, 3], [4], [9]]
        )
        self.assertEqual(len(bundle([1, 2, 3], edges, lambda node: node % 2)), 2)
