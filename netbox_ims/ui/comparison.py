"""What changed between two dates, in words: tiles that link to their rows, and each field's old and new value."""
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..choices import AlignmentChoices
from ..models import Classification, RegisterEntry
from ..rules.baseline_check import MAY_BE_EMPTY
from ..rules.comparison import COMPARED
from ..services.register_names import BY_SLUG
from .decisions import value_text

__all__ = (
    'FIELD_CHOICES', 'KIND_LABELS', 'FieldChange', 'Shown', 'Tile', 'by_slug', 'described', 'field_label', 'tiles',
)

KIND_LABELS = {
    'joined': _('Joined'), 'left': _('Left'), 'changed': _('Changed'), 'reclassified': _('Reclassified'),
    'classified': _('Newly classified'), 'newly_unclassified': _('Newly unclassified'),
    'owner_changed': _('Owner changed'), 'targets_changed': _('Targets changed'),
}


def field_label(name):
    return capfirst(RegisterEntry._meta.get_field(name).verbose_name)


FIELD_CHOICES = [(name, field_label(name)) for name in COMPARED]


@dataclass(frozen=True)
class Tile:
    """How many CIs of a kind there are, and the address of their rows."""
    kind: str
    label: str
    count: int
    query: str
    active: bool


def tiles(counts, parameters, asked):
    """A tile for each kind. `parameters` are those of the page, a QueryDict; `asked` the kinds it shows now."""
    made = []
    for kind, label in KIND_LABELS.items():
        query = QueryDict(mutable=True)
        query.update(parameters)
        for name in ('change', 'page'):
            query.pop(name, None)
        active = list(asked) == [kind]
        if not active:          # the tile of what is shown leads back to everything
            query['change'] = kind
        made.append(Tile(kind, label, counts[kind], query.urlencode(), active))
    return made


@dataclass(frozen=True)
class Shown:
    """A value in words. What nobody had said is unknown; a place that a CI simply is not in is nothing."""
    text: str
    unknown: bool = False
    classification: object = None       # whose badge it is, while there is one of that slug

    @classmethod
    def of(cls, name, value, classifications):
        if value is None:
            return cls('—') if name in MAY_BE_EMPTY else cls(value_text(name, None), unknown=True)
        if name == 'alignment':
            return cls(str(dict(AlignmentChoices)[value]), unknown=value == AlignmentChoices.UNDETERMINED)
        return cls(value_text(name, value), classification=classifications.get(value) if name in BY_SLUG else None)


@dataclass(frozen=True)
class FieldChange:
    """What one field said before and after."""
    label: str
    old: Shown
    new: Shown


def by_slug():
    """{slug: Classification}, for the badges of what goes by its slug."""
    return Classification.objects.in_bulk(field_name='slug')


def described(fields, classifications):
    """[FieldChange] of {field: (old, new)}, related objects by name; `classifications` by_slug()."""
    return [
        FieldChange(field_label(name), *(Shown.of(name, each, classifications) for each in pair))
        for name, pair in fields.items()
    ]
