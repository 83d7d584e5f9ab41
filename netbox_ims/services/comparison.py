"""Differences between two dates with names for keys: those that things had at the date that each side is about."""
from dataclasses import dataclass
from itertools import batched

from ..ci_types import get_ci_types
from ..rules.comparison import KINDS
from .register_names import Names

__all__ = ('NamedDifference', 'lines', 'named')

PIECE = 500


@dataclass(frozen=True)
class NamedDifference:
    """What changed of one CI: `latest` is the last version of its entry, `fields` {field: (old, new)} as plain data."""
    latest: object
    change: str
    kinds: tuple
    fields: dict


def named(comparison, differences):
    """[NamedDifference] of some of a comparison's differences, with one query whatever their number."""
    differences = [(each, each.fields, each.kinds) for each in differences]
    names = Names(
        (field, value) for _each, fields, _kinds in differences for field, pair in fields.items() for value in pair
    )
    return [
        NamedDifference(
            each.latest, next(kind for kind in KINDS if kind in kinds), tuple(kind for kind in KINDS if kind in kinds),
            {
                field: (names.plain(field, old, comparison.start), names.plain(field, new, comparison.end))
                for field, (old, new) in fields.items()
            },
        )
        for each, fields, kinds in differences
    ]


def lines(comparison):
    """Tuples for a file (exports/comparison.py): type, id and name of the CI, the change, a field, old and new."""
    labels = {ci_type.content_type.pk: label for label, ci_type in get_ci_types().items()}
    for differences in batched(comparison, PIECE):
        for each in named(comparison, differences):
            ci = labels.get(each.latest.object_type_id, ''), each.latest.object_id, str(each.latest)
            for field, (old, new) in each.fields.items():
                yield (*ci, each.change, field, old, new)
