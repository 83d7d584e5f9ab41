"""The picture of an outage: how long each business function is down, against how long it may be."""
from dataclasses import dataclass

from ..rules.durations import format_minutes
from ..rules.what_if import BEYOND, NO_LIMIT, UNKNOWN

__all__ = ('OutageChart',)

MOST = 30                       # functions drawn; the table has them all
LEFT, WIDTH, TEXT = 190, 720, 930
TOP, ROW, BAR = 36, 36, 22
TICKS = 6
STEPS = (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600)


@dataclass(frozen=True)
class Bar:
    """One function: where its bar lies, how much of it is beyond the limit, and the marks of its MTPD and RTO, if in
    sight."""
    function: object
    y: int
    down: float
    beyond: float
    mtpd: float | None
    rto: float | None

    @property
    def middle(self):
        return self.y + BAR / 2

    @property
    def unknown(self):
        return self.function.status == UNKNOWN

    @property
    def unlimited(self):
        return self.function.status == NO_LIMIT

    @property
    def is_beyond(self):
        return self.function.status == BEYOND

    @property
    def beyond_from(self):
        return LEFT + self.down


class OutageChart:
    """Bars of a ui.what_if.WhatIf. The axis goes half as far again as the outage; limits beyond are left to words."""

    def __init__(self, what_if):
        functions = what_if.functions
        self.outage = what_if.outage
        self.hidden = max(len(functions) - MOST, 0)
        self.span = max(self.outage * 3 / 2, 1)
        self.bars = [self._bar(function, TOP + number * ROW) for number, function in enumerate(functions[:MOST])]

    def _x(self, minutes):
        return LEFT + WIDTH * minutes / self.span

    def _mark(self, minutes):
        return None if minutes is None or minutes > self.span else self._x(minutes)

    def _bar(self, function, y):
        end = self._x(self.outage) - LEFT
        within = self._x(function.mtpd) - LEFT if function.status == BEYOND else end
        return Bar(function, y, within, end - within, self._mark(function.mtpd), self._mark(function.rto))

    @property
    def end(self):
        return self._x(self.outage)

    @property
    def ends(self):
        return format_minutes(self.outage)

    @property
    def bottom(self):
        return TOP + len(self.bars) * ROW

    @property
    def height(self):
        return self.bottom + 22

    @property
    def ticks(self):
        """(x, words) along the axis."""
        step = next((step for step in STEPS if self.span / step <= TICKS), self.span / TICKS)
        return [(self._x(number * step), format_minutes(int(number * step)) if number else '0')
                for number in range(int(self.span / step) + 1)]
