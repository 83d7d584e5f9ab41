"""
A risk matrix (ISO/IEC 27001 6.1.2 a, ISO 31000 6.3.4): from how likely a risk is and how much it would hurt to its
level. Any grid of 3 to 10 levels each way will do; it need be neither square, nor symmetric, nor even rise everywhere.

Ratings count from 1, the lowest. An impact is rated by dimension (service, confidentiality…), and the highest counts.
"""
import re
from dataclasses import dataclass, field

__all__ = (
    'FIELDS', 'LONGEST', 'MOST_DIMENSIONS', 'SCALE', 'Dip', 'Level', 'Matrix', 'Problem', 'Rating', 'dips', 'matrix_of',
    'problems', 'rate', 'rating_problems',
)

SCALE = (3, 10)                     # how many levels a scale may have
MOST_DIMENSIONS = 20
LONGEST = 100                       # characters of a name or slug
HIGHEST_RANK = 1000
# What makes a matrix, in the order in which one would read it
FIELDS = (
    'likelihood_scale', 'impact_scale', 'impact_dimensions', 'levels', 'acceptance_level', 'cells',
)
SLUG, COLOR = re.compile(r'[-a-zA-Z0-9_]+\Z'), re.compile(r'[0-9a-f]{6}\Z')
LEVEL_KEYS = ('slug', 'name', 'color', 'rank')

# Kinds of problems. What a matrix says of a field:
NOT_A_LIST, LENGTH, TEXT, REPEATED, LEVEL, UNKNOWN_KEY, SLUG_FORM, COLOR_FORM, RANK, NO_LEVEL = (
    'not_a_list', 'length', 'text', 'repeated', 'level', 'unknown_key', 'slug', 'color', 'rank', 'no_level'
)
ROWS, ROW, HOLE, UNKNOWN_LEVEL = 'rows', 'row', 'hole', 'unknown_level'
# … and a rating:
NOT_A_NUMBER, OUTSIDE, NOT_AN_OBJECT, UNKNOWN_DIMENSION = 'not_a_number', 'outside', 'not_an_object', 'dimension'


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field: the kind, what it is about, and which entry of the field it is (from 0), if one."""
    field: str
    kind: str
    about: dict = field(default_factory=dict)
    index: int | None = None


@dataclass(frozen=True)
class Level:
    """A level of risk; the higher the rank, the worse. `color` as six hexadecimal digits."""
    slug: str
    name: str
    color: str
    rank: int


@dataclass(frozen=True)
class Matrix:
    """A matrix without problems: how many steps its scales have, dimensions by name, and levels by cell."""
    likelihoods: int
    impacts: int
    dimensions: tuple
    levels: dict
    cells: tuple
    acceptance_level: str

    def level(self, likelihood, impact):
        """The Level of a cell."""
        return self.levels[self.cells[likelihood - 1][impact - 1]]

    @property
    def accepted_rank(self):
        return self.levels[self.acceptance_level].rank


@dataclass(frozen=True)
class Rating:
    """What a matrix makes of a likelihood and impacts: the impact that counts, and the level. None is "not rated"."""
    impact: int | None = None
    level: Level | None = None


@dataclass(frozen=True)
class Dip:
    """A cell whose level is below that of a neighbour with less likelihood or less impact: legal, but odd."""
    likelihood: int
    impact: int
    along: str


def matrix_of(values):
    """The Matrix of {field: value} that has no problems()."""
    levels = {each['slug']: Level(*(each[key] for key in LEVEL_KEYS)) for each in values['levels']}
    return Matrix(
        len(values['likelihood_scale']), len(values['impact_scale']), tuple(values['impact_dimensions']), levels,
        tuple(tuple(row) for row in values['cells']), values['acceptance_level'],
    )


def problems(values):
    """Everything that keeps {field: value}, of whatever shape, from being a matrix, as a list of Problem."""
    found = [
        *_texts('likelihood_scale', values.get('likelihood_scale'), *SCALE),
        *_texts('impact_scale', values.get('impact_scale'), *SCALE),
        *_texts('impact_dimensions', values.get('impact_dimensions'), 1, MOST_DIMENSIONS),
        *_levels(values.get('levels')),
    ]
    known = _slugs(values.get('levels'))
    if not _is_text(values.get('acceptance_level')) or values['acceptance_level'] not in known:
        found.append(Problem('acceptance_level', NO_LEVEL, {'known': ', '.join(known)}))
    return found + _cells(values, known)


def dips(matrix):
    """Where a Matrix does not rise: a list of Dip."""
    found = []
    for y in range(1, matrix.likelihoods + 1):
        for x in range(1, matrix.impacts + 1):
            rank = matrix.level(y, x).rank
            if y > 1 and rank < matrix.level(y - 1, x).rank:
                found.append(Dip(y, x, 'likelihood'))
            if x > 1 and rank < matrix.level(y, x - 1).rank:
                found.append(Dip(y, x, 'impact'))
    return found


def rate(matrix, likelihood, impacts):
    """
    The Rating of a likelihood and {dimension: impact}. Only the matrix's own dimensions count. What is not rated, or is
    not on its scales (as after a change of matrix), has no level: never a low one.
    """
    rated = [value for dimension, value in (impacts or {}).items() if dimension in matrix.dimensions and _is_int(value)]
    impact = max(rated, default=None)
    if not _on(impact, matrix.impacts):
        return Rating()
    return Rating(impact, matrix.level(likelihood, impact) if _on(likelihood, matrix.likelihoods) else None)


def rating_problems(matrix, likelihood, impacts):
    """What is wrong with a rating by a Matrix: Problems of the fields `likelihood` and `impacts`."""
    found = []
    if likelihood is not None and not _on(likelihood, matrix.likelihoods):
        kind = OUTSIDE if _is_int(likelihood) else NOT_A_NUMBER
        found.append(Problem('likelihood', kind, {'value': likelihood, 'highest': matrix.likelihoods}))
    if not isinstance(impacts, dict):
        return [*found, Problem('impacts', NOT_AN_OBJECT, {'known': ', '.join(matrix.dimensions)})]
    for dimension, value in impacts.items():
        about = {'dimension': dimension, 'value': value, 'highest': matrix.impacts}
        if dimension not in matrix.dimensions:
            found.append(Problem('impacts', UNKNOWN_DIMENSION, {**about, 'known': ', '.join(matrix.dimensions)}))
        elif not _on(value, matrix.impacts):
            found.append(Problem('impacts', OUTSIDE if _is_int(value) else NOT_A_NUMBER, about))
    return found


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value):
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST


def _on(value, highest):
    """Whether a rating is on a scale of so many steps."""
    return _is_int(value) and 1 <= value <= highest


def _texts(name, value, least, most):
    """Problems of a list of different texts."""
    if not isinstance(value, list):
        return [Problem(name, NOT_A_LIST)]
    if not least <= len(value) <= most:
        return [Problem(name, LENGTH, {'least': least, 'most': most, 'count': len(value)})]
    if wrong := [index for index, each in enumerate(value) if not _is_text(each)]:
        return [Problem(name, TEXT, {'number': index + 1, 'longest': LONGEST}, index) for index in wrong]
    return [
        Problem(name, REPEATED, {'text': each}, index) for index, each in enumerate(value) if each in value[:index]
    ]


def _slugs(levels):
    levels = levels if isinstance(levels, list) else []
    return [each['slug'] for each in levels if isinstance(each, dict) and _is_text(each.get('slug'))]


def _levels(levels):
    if not isinstance(levels, list):
        return [Problem('levels', NOT_A_LIST)]
    if not 2 <= len(levels) <= SCALE[1]:
        return [Problem('levels', LENGTH, {'least': 2, 'most': SCALE[1], 'count': len(levels)})]
    found = []
    for index, level in enumerate(levels):
        found += [Problem('levels', kind, {**about, 'number': index + 1}, index) for kind, about in _level(level)]
    if found:
        return found
    for key in ('slug', 'name', 'rank'):
        seen = [level[key] for level in levels]
        found += [
            Problem('levels', REPEATED, {'text': value}, index)
            for index, value in enumerate(seen) if value in seen[:index]
        ]
    return found


def _level(level):
    """(kind, about) of what is wrong with one level."""
    if not isinstance(level, dict):
        return [(LEVEL, {'keys': ', '.join(LEVEL_KEYS)})]
    if unknown := [key for key in level if key not in LEVEL_KEYS]:
        return [(UNKNOWN_KEY, {'key': unknown[0], 'keys': ', '.join(LEVEL_KEYS)})]
    found = []
    if not _is_text(level.get('slug')) or not SLUG.match(level['slug']):
        found.append((SLUG_FORM, {}))
    if not _is_text(level.get('name')):
        found.append((TEXT, {'longest': LONGEST}))
    if not isinstance(level.get('color'), str) or not COLOR.match(level['color']):
        found.append((COLOR_FORM, {}))
    if not _is_int(level.get('rank')) or not 0 <= level['rank'] <= HIGHEST_RANK:
        found.append((RANK, {'highest': HIGHEST_RANK}))
    return found


def _cells(values, known):
    cells = values.get('cells')
    if not isinstance(cells, list):
        return [Problem('cells', NOT_A_LIST)]
    rows, columns = (
        len(values[name]) if isinstance(values.get(name), list) else None
        for name in ('likelihood_scale', 'impact_scale')
    )
    found = []
    if rows is not None and len(cells) != rows:
        found.append(Problem('cells', ROWS, {'count': len(cells), 'wanted': rows}))
    for y, row in enumerate(cells):
        if not isinstance(row, list):
            found.append(Problem('cells', ROW, {'number': y + 1, 'count': 0, 'wanted': columns}, y))
            continue
        if columns is not None and len(row) != columns:
            found.append(Problem('cells', ROW, {'number': y + 1, 'count': len(row), 'wanted': columns}, y))
        for x, slug in enumerate(row):
            where = {'likelihood': y + 1, 'impact': x + 1, 'known': ', '.join(known)}
            if slug is None or slug == '':
                found.append(Problem('cells', HOLE, where, y))
            elif not isinstance(slug, str) or slug not in known:
                found.append(Problem('cells', UNKNOWN_LEVEL, {**where, 'level': slug}, y))
    return found
