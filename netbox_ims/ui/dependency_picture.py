"""
The picture of a Neighbourhood: boxes in columns, arrows from dependents to what they need. Only exceptions are loud.

It says nothing the table does not say. Beyond what an eye can take in, boxes that say the same are drawn as one, and
beyond that there is no picture.
"""
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import RegisterEntry
from ..rules.durations import format_minutes
from ..rules.graph import ALIGNED, BREACHED, UNDETERMINED, Verdict, best_verdict, worst_verdict
from ..rules.layout import arrange, bundle, columns_of
from .findings import count_findings
from .neighbourhood import verdict_between

__all__ = ('Picture',)

MOST = 60               # boxes
LOUD = 24               # of those, boxes of CIs that something is wrong with, where not all can be drawn
WIDTH, HEIGHT = 180, 54
COLUMN, ROW = 238, 72   # from one box to the next
LEFT, TOP = 12, 44
PADDING = 14            # of a bracket around a redundancy group,
BRACKET = 36            # and the room for it above and below


@dataclass
class Box:
    """
    One CI, or several (`more`) that say the same or, if `mixed`, only are of one type; without an entry, one the user
    may not see.
    """
    entry: RegisterEntry | None
    cis: list
    focus: bool = False
    mixed: bool = False
    x: float = 0
    y: float = 0

    @property
    def more(self):
        return len(self.cis) - 1

    @property
    def title(self):
        if self.entry is None:
            return _('A CI you may not see') if not self.more else _('{n} CIs you may not see').format(n=len(self.cis))
        if self.more:
            return _('{n} × {type}').format(n=len(self.cis), type=self.entry.type_name)
        return str(self.entry)

    @property
    def times(self):
        """The line below the classification."""
        own, required = self.entry.rto_minutes, self.entry.required_rto_minutes
        words = ['?' if minutes is None else format_minutes(minutes) for minutes in (own, required)]
        return _('RTO {own} · required {required}').format(own=words[0], required=words[1])

    @property
    def middle(self):
        return self.y + HEIGHT / 2

    @property
    def right(self):
        return self.x + WIDTH


@dataclass
class Arrow:
    """From one box to another, or to the bracket of a group; drawn backwards where it closes a cycle."""
    x1: float
    y1: float
    x2: float
    y2: float
    verdict: Verdict | None

    @property
    def css(self):
        # Between CIs the user may not see nothing can be said, so nothing that could pass for aligned.
        return {BREACHED: 'bad', ALIGNED: ''}.get(self.verdict and self.verdict.status, 'unk')

    @property
    def path(self):
        bend = max(abs(self.x2 - self.x1) / 2, 40)
        return (f'M{self.x1:.0f},{self.y1:.0f} C{self.x1 + bend:.0f},{self.y1:.0f} '
                f'{self.x2 - bend:.0f},{self.y2:.0f} {self.x2:.0f},{self.y2:.0f}')

    @property
    def x(self):
        return (self.x1 + self.x2) / 2

    @property
    def y(self):
        return (self.y1 + self.y2) / 2

    @property
    def label(self):
        """What the pill on a breached arrow says, or '?'."""
        if self.verdict is None or self.verdict.status == ALIGNED:
            return ''
        if self.verdict.status == UNDETERMINED:
            return '?'
        over = _('{time} over').format(time=format_minutes(-self.verdict.margin))
        return over if self.verdict.kind == 'rto' else _('RPO {over}').format(over=over)


@dataclass
class Bracket:
    """Around the members of a redundancy group that stand in one column."""
    x: float
    y: float
    height: float
    members: int
    verdict: Verdict
    meeting: int = 0
    width: float = WIDTH + 2 * PADDING

    @property
    def title(self):
        return _('Redundancy group · any 1 of {n}').format(n=self.members)

    @property
    def words(self):
        if self.verdict.status == ALIGNED:
            return ngettext(
                'Group meets {time}: {n} member does', 'Group meets {time}: {n} members do', self.meeting
            ).format(time=format_minutes(self.verdict.required), n=self.meeting)
        if self.verdict.status == BREACHED:
            return _('No member meets {time}').format(time=format_minutes(self.verdict.required))
        return _('Undetermined')

    @property
    def middle(self):
        return self.y + self.height / 2


@dataclass
class Picture:
    """What is drawn of a Neighbourhood; `boxes` is empty where there would be too many."""
    neighbourhood: object
    boxes: list = field(default_factory=list)
    arrows: list = field(default_factory=list)
    brackets: list = field(default_factory=list)
    headings: list = field(default_factory=list)

    def __post_init__(self):
        hood = self.neighbourhood
        nodes = sorted(hood.named, key=self._order)
        pairs = [(edge.dependent, edge.provider) for edge in hood.edges]
        bundles, mixed = [[node] for node in nodes], False
        if len(nodes) > MOST:
            bundles = bundle(nodes, pairs, self._alike)
        if len(bundles) > MOST:
            bundles, mixed = self._by_type(nodes, pairs), True
        self.too_many = len(bundles) > MOST
        if self.too_many:
            return
        of = {ci: i for i, cis in enumerate(bundles) for ci in cis}
        pairs = list(dict.fromkeys((of[one], of[other]) for one, other in pairs if of[one] != of[other]))
        columns = arrange(columns_of(range(len(bundles)), pairs), pairs)
        self._boxes = [
            Box(hood.entries.get(cis[0]), cis, hood.focus.ci in cis, mixed and len(cis) > 1) for cis in bundles
        ]
        self._of = of
        self._together(columns)
        self._place(columns)
        self.boxes = self._boxes
        self._draw_brackets()
        self._draw_arrows()

    def _order(self, ci):
        entry = self.neighbourhood.entries.get(ci)
        return (entry is None, str(entry).lower() if entry else '', ci)

    def _alike(self, ci):
        """What makes boxes say the same; the CI the page is about stands by itself."""
        hood = self.neighbourhood
        if ci == hood.focus.ci:
            return None
        if (entry := hood.entries.get(ci)) is None:
            return 'hidden'
        return (
            entry.object_type_id, entry.classification_id, entry.effective_classification_id, entry.rto_minutes,
            entry.required_rto_minutes, entry.alignment,
        )

    def _by_type(self, nodes, pairs):
        """Those of one type in one column as one, but for the CI the page is about and what is wrong."""
        hood, column = self.neighbourhood, columns_of(nodes, pairs)
        wrong = [ci for ci in nodes if (entry := hood.entries.get(ci)) and count_findings(entry)]
        wrong.sort(key=lambda ci: hood.distances.get(ci, LOUD))
        alone = {hood.focus.ci, *wrong[:LOUD]}
        bundles = {}
        for ci in nodes:
            entry = hood.entries.get(ci)
            key = ci if ci in alone else (column[ci], entry and entry.object_type_id, 'together')
            bundles.setdefault(key, []).append(ci)
        return list(bundles.values())

    @cached_property
    def groups(self):
        """{(dependent, group): numbers of its members' boxes} of those with at least two."""
        found = {
            (dependent, group): sorted({self._of[ci] for ci in members if ci in self._of})
            for (dependent, group), members in self.neighbourhood.members.items() if dependent in self._of
        }
        return {key: boxes for key, boxes in found.items() if sum(len(self._boxes[box].cis) for box in boxes) > 1}

    def _together(self, columns):
        """Members of a group stand side by side."""
        for members in self.groups.values():
            for column in columns:
                inside = [box for box in column if box in members]
                if len(inside) > 1:
                    first = column.index(inside[0])
                    rest = [box for box in column if box not in members]
                    column[:] = rest[:first] + inside + rest[first:]

    def _place(self, columns):
        grouped = {box: key for key, members in self.groups.items() for box in members}
        heights = [self._rows(column, grouped) for column in columns]
        tallest = max((rows[-1] for rows in heights if rows), default=0)
        self.height = TOP + tallest + ROW + 24
        self.width = LEFT + len(columns) * COLUMN - (COLUMN - WIDTH) + LEFT + PADDING
        for number, (column, rows) in enumerate(zip(columns, heights, strict=True)):
            for index, y in zip(column, rows, strict=True):
                box = self._boxes[index]
                box.x = LEFT + number * COLUMN
                box.y = TOP + (tallest - rows[-1]) / 2 + y + (ROW - HEIGHT) / 2
            types = {self._boxes[index].entry.type_name for index in column if self._boxes[index].entry}
            if len(types) == 1:
                self.headings.append((LEFT + number * COLUMN, types.pop()))

    @staticmethod
    def _rows(column, grouped):
        """How far down each box of a column is; around a group there is room for its bracket."""
        rows, y, before = [], 0, None
        for index in column:
            group = grouped.get(index)
            if group != before:
                y += BRACKET
            rows.append(y)
            y, before = y + ROW, group
        return rows

    def _draw_brackets(self):
        self._bracket_of = {}
        hood = self.neighbourhood
        for (dependent, group), members in self.groups.items():
            boxes = [self._boxes[index] for index in members]
            visible = [hood.entries[ci] for box in boxes for ci in box.cis if ci in hood.entries]
            if len({box.x for box in boxes}) > 1 or dependent not in hood.entries or not visible:
                continue
            verdicts = [verdict_between(hood.entries[dependent], entry, True) for entry in visible]
            top, bottom = min(box.y for box in boxes), max(box.y for box in boxes) + HEIGHT
            bracket = Bracket(
                boxes[0].x - PADDING, top - PADDING, bottom - top + 2 * PADDING + 6, sum(len(box.cis) for box in boxes),
                best_verdict(verdicts), sum(verdict.status == ALIGNED for verdict in verdicts),
            )
            if any(self._overlaps(bracket, other) for other in self.brackets):
                continue
            self.brackets.append(bracket)
            self._bracket_of[dependent, group] = bracket

    @staticmethod
    def _overlaps(one, other):
        return one.x == other.x and one.y < other.y + other.height and other.y < one.y + one.height

    def _draw_arrows(self):
        hood, verdicts = self.neighbourhood, {}
        for edge in hood.edges:
            start, end = self._of[edge.dependent], self._of[edge.provider]
            if start == end:
                continue
            bracket = self._bracket_of.get((edge.dependent, edge.group)) if edge.group else None
            if bracket:
                verdicts.setdefault((start, end, id(bracket)), [bracket, bracket.verdict])
                continue
            one, other = hood.entries.get(edge.dependent), hood.entries.get(edge.provider)
            verdict = verdict_between(one, other, edge.holds_data) if one and other else None
            found = verdicts.setdefault((start, end, None), [None, verdict])
            found[1] = worst_verdict([each for each in (found[1], verdict) if each]) if verdict else found[1]
        drawn = set()
        for (start, end, bracket_id), (bracket, verdict) in verdicts.items():
            if bracket_id and (start, bracket_id) in drawn:
                continue
            drawn.add((start, bracket_id))
            start, end = self._boxes[start], self._boxes[end]
            x, y = (bracket.x, bracket.middle) if bracket else (end.x, end.middle)
            self.arrows.append(Arrow(start.right, start.middle, x, y, verdict))
        self.arrows.sort(key=lambda arrow: arrow.css == 'bad')
