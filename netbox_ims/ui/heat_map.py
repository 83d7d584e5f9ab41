"""
A risk matrix as a picture: likelihood upwards, impact to the right. Empty on the matrix's own page and in its editor;
as a heat map with how many risks are in each cell, how many were, and arrows for those that moved furthest.
"""
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..rules import heat_map as rules
from ..rules.risk_matrix import Level, dips, matrix_of

__all__ = ('ARROWS', 'Cell', 'HeatMap', 'MatrixPicture', 'dip_messages')

ARROWS = 4                      # as many as an eye can follow
LEFT, TOP, RIGHT = 116, 8, 8    # room for the names of likelihoods
BELOW = 46                      # and for those of impacts, and what impact is the highest of
WIDTH, NARROWEST = 460, 68      # of all columns together, unless a column would be too narrow
TALL, SHORT, MANY = 58, 46, 6   # rows, and from how many on they are short
LETTER = 5.6                    # width of one, of the size cells are written in
END = 9                         # radius of the circle at the end of an arrow
# Where in a cell circles go, from its left and top: the first to the right of the count, further ones beside it
PLACES = ((0.64, 0.42), (0.86, 0.42), (0.42, 0.42), (0.53, 0.78), (0.75, 0.78))


@dataclass
class Cell:
    """One cell as drawn; `likelihood` and `impact` count from 1."""
    likelihood: int
    impact: int
    x: float
    y: float
    width: float
    height: float
    level: object
    count: int | None = None
    before: int | None = None
    url: str = ''
    title: str = ''

    @property
    def name(self):
        """The level's name, as much of it as the cell has room for."""
        room = int((self.width - 10) / LETTER)
        name = self.level.name if self.level else '?'
        return name if len(name) <= room else f'{name[:room - 1]}…'


@dataclass
class Arrow:
    """From where risks were to where they are now; `label` stands in the circle at the end."""
    x1: float
    y1: float
    x2: float
    y2: float
    label: str
    title: str
    url: str = ''

    @property
    def path(self):
        """A curve, bent a little to the left of its way, that ends before the circle begins."""
        dx, dy = self.x2 - self.x1, self.y2 - self.y1
        length = (dx * dx + dy * dy) ** 0.5 or 1
        back = min((END + 3) / length, 0.5)
        bend = min(length / 12, 12)
        middle = (self.x1 + dx / 2 + bend * dy / length, self.y1 + dy / 2 - bend * dx / length)
        end = (self.x2 - dx * back, self.y2 - dy * back)
        return f'M{self.x1:.0f} {self.y1:.0f} Q{middle[0]:.0f} {middle[1]:.0f} {end[0]:.0f} {end[1]:.0f}'


@dataclass
class MatrixPicture:
    """
    The grid of a matrix: a RiskMatrix, or anything with its fields, as while one is being edited. A cell whose level is
    none of its levels is drawn as a hole.
    """
    matrix: object
    cells: list = field(init=False)

    def __post_init__(self):
        rows, columns = len(self.matrix.likelihood_scale), len(self.matrix.impact_scale)
        self.column = max(WIDTH / max(columns, 1), NARROWEST)
        self.row = TALL if rows <= MANY else SHORT
        self.levels = {level['slug']: Level(**level) for level in self.matrix.levels}
        self.cells = [
            Cell(y + 1, x + 1, *self.corner(x, y + 1), self.column, self.row, self.levels.get(slug))
            for y, slugs in enumerate(self.matrix.cells) for x, slug in enumerate(slugs)
        ]

    def corner(self, x, y):
        """Where a corner of the grid is drawn: `x` columns from the left and `y` rows from the bottom."""
        return LEFT + x * self.column, TOP + (len(self.matrix.likelihood_scale) - y) * self.row

    @property
    def width(self):
        return LEFT + len(self.matrix.impact_scale) * self.column + RIGHT

    @property
    def height(self):
        return TOP + self.bottom + BELOW

    @property
    def bottom(self):
        return len(self.matrix.likelihood_scale) * self.row

    @property
    def likelihoods(self):
        """(number, name, y) of each row."""
        return [
            (n, name, self.corner(0, n)[1] + self.row / 2 + 4)
            for n, name in enumerate(self.matrix.likelihood_scale, start=1)
        ]

    @property
    def impacts(self):
        """(number, name, x) of each column, the name as long as there is room."""
        room = int(self.column / 6.4) - 2
        return [
            (n, name if len(name) <= room else f'{name[:room - 1]}…', self.corner(n, 0)[0] - self.column / 2)
            for n, name in enumerate(self.matrix.impact_scale, start=1)
        ]

    @property
    def centre(self):
        """The middle of the grid, as (x, y)."""
        return (LEFT + len(self.matrix.impact_scale) * self.column / 2, TOP + self.bottom / 2)

    @property
    def impact_words(self):
        return _('Impact, the highest of {dimensions}').format(dimensions=', '.join(self.matrix.impact_dimensions))

    @property
    def acceptance_line(self):
        """The path between what is accepted and what is not; '' where there is no such line."""
        highest = self.levels.get(self.matrix.acceptance_level)
        if highest is None:
            return ''
        accepted = [
            [self.levels[slug].rank <= highest.rank if slug in self.levels else False for slug in row]
            for row in self.matrix.cells
        ]
        lines = rules.boundary(accepted)
        return ''.join(
            'M' + ' L'.join('{:.0f} {:.0f}'.format(*self.corner(*corner)) for corner in line) for line in lines
        )


@dataclass
class HeatMap(MatrixPicture):
    """
    Risks in the grid: `groups` of rules.heat_map, with `url(now=cell, was=cell)` for the list of just those. `before`
    and `now` are the words for the two ratings; `before` is '' where there is nothing to compare with. `elsewhere` is
    how many more there are, rated by another matrix: they are said, with `elsewhere_url`, and not drawn.
    """
    groups: list
    url: object
    elsewhere: int = 0
    elsewhere_url: str = ''
    now: str = ''
    before: str = ''
    moving: bool = True

    def __post_init__(self):
        super().__post_init__()
        now, was = rules.counts(self.groups)
        self.unrated = now.get(None, 0)
        self.total = sum(now.values()) + self.elsewhere
        for cell in self.cells:
            key = (cell.likelihood, cell.impact)
            cell.count, cell.url = now.get(key, 0), self.url(now=key)
            cell.before = was.get(key, 0) if self.before else None
            cell.title = self._title(cell)
        self.arrows = self._arrows() if self.moving and self.before else []

    @property
    def rated(self):
        """How many are drawn."""
        return self.total - self.unrated - self.elsewhere

    def _title(self, cell):
        words = [
            _('{likelihood}, {impact}: {level}').format(
                likelihood=self.matrix.likelihood_scale[cell.likelihood - 1],
                impact=self.matrix.impact_scale[cell.impact - 1], level=cell.level.name if cell.level else '?',
            ),
            ngettext('{n} risk', '{n} risks', cell.count).format(n=cell.count),
        ]
        if cell.before is not None:
            words.append(_('{n} {when}').format(n=cell.before, when=self.before))
        return ' · '.join(words)

    def _rank(self, cell):
        level = self.levels.get(self.matrix.cells[cell[0] - 1][cell[1] - 1])
        return level.rank if level else 0

    def _arrows(self):
        used, arrows = {}, []
        for group in rules.largest_moves(self.groups, self._rank, ARROWS):
            start, end = self._place(group.was, used), self._place(group.now, used)
            title = '{}: {} → {}'.format(
                group.reference if group.count == 1
                else ngettext('{n} risk', '{n} risks', group.count).format(n=group.count),
                self._words(group.was), self._words(group.now),
            )
            label = group.reference[-2:] if group.count == 1 else f'×{group.count}'
            arrows.append(Arrow(*start, *end, label, title, self.url(now=group.now, was=group.was)))
        return arrows

    def _place(self, cell, used):
        """The next free place for a circle in the cell."""
        right, down = PLACES[used.setdefault(cell, 0) % len(PLACES)]
        used[cell] += 1
        x, y = self.corner(cell[1] - 1, cell[0])
        return x + right * self.column, y + down * self.row

    def _words(self, cell):
        return f'{self.matrix.likelihood_scale[cell[0] - 1]}, {self.matrix.impact_scale[cell[1] - 1]}'


def dip_messages(values):
    """Where a matrix, given by its fields, does not rise, as sentences: legal, but seldom meant."""
    matrix, messages = matrix_of(values), []
    for dip in dips(matrix):
        y, x = (dip.likelihood - 1, dip.impact) if dip.along == 'likelihood' else (dip.likelihood, dip.impact - 1)
        messages.append(_('{likelihood}, {impact} is {level}, below {other} for less {along}.').format(
            likelihood=values['likelihood_scale'][dip.likelihood - 1], impact=values['impact_scale'][dip.impact - 1],
            level=matrix.level(dip.likelihood, dip.impact).name, other=matrix.level(y, x).name,
            along={'likelihood': _('likelihood'), 'impact': _('impact')}[dip.along],
        ))
    return messages
