"""
What a disruption does to the organisation as it lasts, and from when on that cannot be tolerated (ISO 22301 8.2.2).

An analysis rates the impact per category from 1 (negligible) to 5 (ruinous) for each time band. A band is named by its
start in minutes after the disruption began, and ends where the next begins; the last has no end.
"""
from dataclasses import dataclass
from itertools import pairwise

__all__ = (
    'HIGHEST', 'LOWEST', 'Curve', 'Problem', 'curves', 'find_problems', 'format_ratings', 'limits', 'mtpd',
    'parse_ratings',
)

LOWEST, HIGHEST = 1, 5
LONGEST_NAME = 50       # characters of a category
MOST_BANDS = MOST_CATEGORIES = 50


@dataclass(frozen=True)
class Problem:
    """What is wrong with an analysis: the field, the kind of mistake, and where (a category, or the band's number)."""
    field: str
    kind: str
    where: object = None


def limits(bands, ratings, tolerable):
    """
    {category: minutes after which its impact is no longer tolerable}: the start of the first band rated above
    `tolerable`; None where no band is, so that there is no limit within the horizon.
    """
    return {
        category: next((start for start, rating in zip(bands, row, strict=True) if rating > tolerable), None)
        for category, row in ratings.items()
    }


def mtpd(limits):
    """Maximum tolerable period of disruption: the smallest limit of any category; None if none has one."""
    return min((limit for limit in limits.values() if limit is not None), default=None)


def find_problems(bands, ratings):
    """Everything that keeps bands and ratings from making sense together, as a list of Problem."""
    problems = []
    if not bands:
        problems.append(Problem('bands', 'none'))
    if len(bands) > MOST_BANDS:
        problems.append(Problem('bands', 'many'))
    for number, (start, following) in enumerate(pairwise(bands), start=2):
        if following == start:
            problems.append(Problem('bands', 'overlap', number))
        elif following < start:
            problems.append(Problem('bands', 'order', number))
    if not isinstance(ratings, dict):
        return [*problems, Problem('ratings', 'shape')]
    if not ratings:
        problems.append(Problem('ratings', 'none'))
    if len(ratings) > MOST_CATEGORIES:
        problems.append(Problem('ratings', 'many'))
    named = set()
    for category, row in ratings.items():
        if not _is_name(category):
            problems.append(Problem('ratings', 'name', category))
        elif category.lower() in named:
            problems.append(Problem('ratings', 'twice', category))
        elif not isinstance(row, list) or not all(map(_is_rating, row)):
            problems.append(Problem('ratings', 'rating', category))
        elif bands and len(row) != len(bands):
            problems.append(Problem('ratings', 'count', category))
        if isinstance(category, str):
            named.add(category.lower())
    return problems


def _is_name(category):
    """Whether it can be written as parse_ratings() reads it."""
    if not isinstance(category, str) or not category or len(category) > LONGEST_NAME:
        return False
    return category.strip() == category and len(category.splitlines()) == 1 and not set(category) & set(';:')


def _is_rating(value):
    return isinstance(value, int) and not isinstance(value, bool) and LOWEST <= value <= HIGHEST


def parse_ratings(text):
    """
    Ratings as people write them, a category a line (or separated by `;`): `financial: 1, 2, 4`. Raises ValueError with
    the line that can't be read.
    """
    ratings = {}
    for line in text.replace(';', '\n').splitlines():
        if not line.strip():
            continue
        category, colon, row = line.partition(':')
        words = row.replace(',', ' ').split()
        category = category.strip().lower()
        if not colon or not words or category in ratings or not all(w.isascii() and w.isdigit() for w in words):
            raise ValueError(line.strip())
        ratings[category] = [int(word[:9]) for word in words]
    return ratings


def format_ratings(ratings):
    """The text that parse_ratings() reads back."""
    return '\n'.join(f'{category}: {", ".join(map(str, row))}' for category, row in ratings.items())


@dataclass(frozen=True)
class Curve:
    """
    One category drawn: `steps` are (x from, x to, rating), `limit` where it is crossed (None: not within the horizon).
    """
    category: str
    steps: list
    limit: float | None
    limit_minutes: int | None


def curves(bands, ratings, tolerable, width):
    """
    A Curve per category over `width` units. Bands take equal room whatever they last: minutes and weeks would not fit
    one scale.
    """
    each = width / len(bands)
    found = limits(bands, ratings, tolerable)
    return [
        Curve(
            category, [(i * each, (i + 1) * each, rating) for i, rating in enumerate(row)],
            None if found[category] is None else bands.index(found[category]) * each, found[category],
        )
        for category, row in ratings.items()
    ]
