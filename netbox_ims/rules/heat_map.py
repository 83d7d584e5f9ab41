"""
What a heat map of risks shows: how many are in each cell, where the line of what is acceptable runs, and the few moves
that are worth an arrow.

A cell is (likelihood, impact), both counted from 1; a matrix has one row per likelihood, lowest first, and in it one
column per impact, lowest first.
"""
from dataclasses import dataclass

__all__ = ('Group', 'boundary', 'counts', 'largest_moves')


@dataclass(frozen=True)
class Group:
    """
    Risks that were in the same cell and are in the same cell now; None stands for "not rated". `reference` is that of
    one of them: of the only one, if `count` is 1.
    """
    was: tuple | None
    now: tuple | None
    count: int
    reference: str = ''


def counts(groups):
    """({cell: how many are there now}, {cell: how many were there}) of the groups; what is not rated is under None."""
    now, was = {}, {}
    for group in groups:
        now[group.now] = now.get(group.now, 0) + group.count
        was[group.was] = was.get(group.was, 0) + group.count
    return now, was


def largest_moves(groups, rank, limit):
    """
    The groups that moved furthest, at most `limit`: first by levels (`rank(cell)` is a number), then by steps on the
    scales, then by how many risks. A risk that got worse moved as far as one that got better.
    """
    def distance(group):
        steps = abs(group.now[0] - group.was[0]) + abs(group.now[1] - group.was[1])
        return abs(rank(group.now) - rank(group.was)), steps, group.count

    moved = [group for group in groups if group.was and group.now and group.was != group.now]
    return sorted(moved, key=lambda group: (*(-each for each in distance(group)), group.reference))[:limit]


def boundary(accepted):
    """
    The line between what is accepted and what is not, as lists of corners (x, y) to be joined: x counts columns from
    the left, y rows from the bottom. `accepted` says of each cell, row by row, whether it is.

    A matrix may be any grid, so there may be several lines; one that closes ends where it began.
    """
    edges = _edges(accepted)
    at = {}
    for edge in edges:
        for corner in edge:
            at.setdefault(corner, []).append(edge)
    # Open ends first: a line that does not close is walked from one end to the other.
    starts = sorted((corner for corner, met in at.items() if len(met) % 2), reverse=True)
    left, lines = set(edges), []
    for start in [*starts, *sorted(at)]:
        line = [start]
        while edge := next((edge for edge in at[line[-1]] if edge in left), None):
            left.discard(edge)
            line.append(edge[0] if edge[1] == line[-1] else edge[1])
        if len(line) > 1:
            lines.append(_without_middles(line))
    return lines


def _edges(accepted):
    """The sides that two cells of a different kind have in common, each as its two corners."""
    edges = []
    for y, row in enumerate(accepted):
        for x, ok in enumerate(row):
            if x + 1 < len(row) and row[x + 1] != ok:
                edges.append(((x + 1, y), (x + 1, y + 1)))
            if y + 1 < len(accepted) and accepted[y + 1][x] != ok:
                edges.append(((x, y + 1), (x + 1, y + 1)))
    return edges


def _without_middles(line):
    """The line without corners at which it does not turn."""
    kept = line[:1]
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        if not (before[0] == corner[0] == after[0] or before[1] == corner[1] == after[1]):
            kept.append(corner)
    return [*kept, line[-1]]
