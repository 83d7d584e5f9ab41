"""A decision's values in people's words."""
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from ..models import AssetProfile
from ..rules.durations import format_minutes

__all__ = ('Change', 'describe_changes')


@dataclass(frozen=True)
class Change:
    """One field of a decision, as text."""
    label: str
    old: str
    new: str


def describe_changes(decision):
    """The fields a decision changed, in the order of the profile's form."""
    order = [field.name for field in AssetProfile._meta.fields]
    fields = {**decision.old_values, **decision.new_values}
    return [
        Change(_label(name), _text(name, decision.old_values.get(name)), _text(name, decision.new_values.get(name)))
        for name in sorted(fields, key=lambda name: (order.index(name) if name in order else len(order), name))
    ]


def _label(name):
    try:
        return str(AssetProfile._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _text(name, value):
    if value is None:
        return _('unknown')
    if isinstance(value, bool):
        return _('yes') if value else _('no')
    if name.endswith('_minutes'):
        return format_minutes(value)
    return str(value)
