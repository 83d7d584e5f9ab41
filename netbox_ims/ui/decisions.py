"""A decision's values in people's words."""
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import AssetProfile
from ..rules.durations import format_minutes

__all__ = ('Change', 'assessed_values', 'describe_changes', 'value_text')


@dataclass(frozen=True)
class Change:
    """One field of a decision, as text."""
    label: str
    old: str
    new: str


def describe_changes(decision):
    """The fields a decision changed, in the order of the profile's form."""
    old, new = decision.old_values, decision.new_values
    return [
        Change(_label(name), value_text(name, old.get(name)), value_text(name, new.get(name)))
        for name in _in_order({**old, **new})
    ]


def assessed_values(values):
    """(label, text) of each assessed value in {field: value}, in the order of the profile's form."""
    return [(_label(name), value_text(name, values[name])) for name in _in_order(values)]


def _in_order(names):
    order = {field.name: position for position, field in enumerate(AssetProfile._meta.fields)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _label(name):
    try:
        return capfirst(AssetProfile._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def value_text(name, value):
    """The value of one field in words."""
    if value is None:
        return _('unknown')
    if isinstance(value, bool):
        return _('yes') if value else _('no')
    if name.endswith('_minutes'):
        return format_minutes(value)
    return str(value)
