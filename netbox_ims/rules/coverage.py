"""
How much of an estate is assessed: the figures an auditor asks for first.

A share counts only what is known to be so: unknown is never in the numerator. A share of nothing is None, not 100 %.
"""
from dataclasses import dataclass

__all__ = ('Segment', 'percent', 'segments')


@dataclass(frozen=True)
class Segment:
    """
    One part of a stacked bar: `key` (a classification, or None for unclassified), its count and where it is drawn.
    """
    key: object
    count: int
    start: float
    width: float


def percent(part, whole):
    """
    `part` of `whole` as whole percent, or None if `whole` is 0.

    Rounded down, and 0 < part never shows as 0: "100 %" must mean all, "0 %" must mean none.
    """
    if not whole:
        return None
    share = 100 * part // whole
    return 1 if part and not share else share


def segments(counts, width, gap=0.0):
    """
    Lay out `counts` ({key: count}, drawn in that order) along a bar of `width` units; empty parts take no room.

    The drawn widths add up to `width` less the gaps, so a bar is full exactly when there is something to count.
    """
    present = [(key, count) for key, count in counts.items() if count]
    total = sum(count for _, count in present)
    room = width - gap * max(len(present) - 1, 0)
    result, start = [], 0.0
    for key, count in present:
        share = room * count / total
        result.append(Segment(key, count, start, share))
        start += share + gap
    return result
