from unittest import TestCase

from hypothesis import given
from hypothesis import strategies as st

from netbox_ims.rules.heat_map import Group, boundary, counts, largest_moves


def grid(*rows):
    """Rows as drawn: the highest likelihood first, `#` what is not accepted."""
    return [[cell != '#' for cell in row] for row in reversed(rows)]


class BoundaryTestCase(TestCase):

    def test_table(self):
        for title, rows, lines in (
            ('a staircase', ('.##', '..#', '...'), [[(3, 1), (2, 1), (2, 2), (1, 2), (1, 3)]]),
            ('a straight line', ('###', '...', '...'), [[(3, 2), (0, 2)]]),
            ('all accepted', ('...', '...', '...'), []),
            ('nothing accepted', ('###', '###', '###'), []),
            ('an island', ('...', '.#.', '...'), [[(1, 1), (2, 1), (2, 2), (1, 2), (1, 1)]]),
            ('two corners', ('#..', '...', '..#'), [[(3, 1), (2, 1), (2, 0)], [(1, 3), (1, 2), (0, 2)]]),
        ):
            with self.subTest(title):
                self.assertEqual(boundary(grid(*rows)), lines)

    @given(st.integers(3, 10).flatmap(lambda width: st.lists(
        st.lists(st.booleans(), min_size=width, max_size=width), min_size=3, max_size=10,
    )))
    def test_as_long_as_there_are_sides_between_different_cells(self, accepted):
        sides = sum(a != b for row in accepted for a, b in zip(row, row[1:], strict=False))
        sides += sum(
            a != b for low, high in zip(accepted, accepted[1:], strict=False) for a, b in zip(low, high, strict=True)
        )
        drawn = sum(
            abs(a[0] - b[0]) + abs(a[1] - b[1])
            for line in boundary(accepted) for a, b in zip(line, line[1:], strict=False)
        )
        self.assertEqual(drawn, sides)


class CountsTestCase(TestCase):

    def test_now_and_then(self):
        groups = [Group((5, 5), (3, 4), 2, 'R-1'), Group((5, 5), None, 1, 'R-3'), Group(None, (3, 4), 4, 'R-4')]
        self.assertEqual(counts(groups), ({(3, 4): 6, None: 1}, {(5, 5): 3, None: 4}))


class LargestMovesTestCase(TestCase):
    RANKS = {1: 1, 2: 1, 3: 2, 4: 3, 5: 3}

    def rank(self, cell):
        return self.RANKS[cell[0]]

    def chosen(self, *groups, limit=4):
        return [group.reference for group in largest_moves(groups, self.rank, limit)]

    def test_levels_then_steps_then_number(self):
        self.assertEqual(self.chosen(
            Group((2, 5), (2, 1), 9, 'many steps, no level'), Group((3, 1), (2, 1), 1, 'one level'),
            Group((4, 1), (2, 1), 1, 'two levels'), Group((3, 2), (1, 2), 1, 'one level, further'),
            Group((3, 3), (2, 3), 5, 'one level, five'),
        ), ['two levels', 'one level, further', 'one level, five', 'one level'])

    def test_getting_worse_counts_as_much(self):
        self.assertEqual(
            self.chosen(Group((3, 1), (2, 1), 1, 'better'), Group((1, 1), (5, 1), 1, 'worse')), ['worse', 'better']
        )

    def test_what_did_not_move_or_is_not_rated_has_no_arrow(self):
        self.assertEqual(self.chosen(Group((3, 1), (3, 1), 1), Group(None, (3, 1), 1), Group((3, 1), None, 1)), [])
