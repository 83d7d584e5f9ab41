"""What a row is made of."""
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from ..meters import milliseconds
from ..sizes import Size

ROWS = []


@dataclass(frozen=True)
class Bench:
    """Where rows are measured: the estate, and the alias of a smaller one, if there is one to compare with."""
    size: Size
    smaller: str | None = None


@dataclass(frozen=True)
class Side:
    """
    One of the two things compared. What `around` does before and after is not measured; what takes too long to be done
    in full is done in part and counted `times` over, where twice as much takes twice as long.
    """
    run: Callable
    around: Callable = nullcontext
    times: float = 1


@dataclass(frozen=True)
class Row:
    """A ratio and its limit. `prepare` gets a Bench and returns the two sides."""
    name: str
    limit: float
    prepare: Callable
    meter: Callable = milliseconds
    compares_sizes: bool = False
    seconds: float = 4              # beyond the smallest number of rounds, go on for this long

    def title(self, size):
        name = self.name.format(bulk=f'{size.bulk:,}', singly=f'{size.singly:,}')
        return name if self.compares_sizes else f'{name} ({size.name})'

    def sides(self, bench):
        return [side if isinstance(side, Side) else Side(side) for side in self.prepare(bench)]


def row(name, limit, **options):
    """Register a function as a row."""
    def register(prepare):
        ROWS.append(Row(name, limit, prepare, **options))
        return prepare
    return register
