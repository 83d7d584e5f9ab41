"""A decision's values in people's words."""
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..choices import DecisionActionChoices
from ..ci_types import resolve_ci_type
from ..models import AssetProfile, ControlAssignment, Risk, RiskAcceptance, RiskTreatment
from ..rules.durations import format_minutes

__all__ = ('Change', 'assessed_values', 'describe_changes', 'value_text')


# Decisions that are not about fields of the object itself
OF_ACTIONS = {
    DecisionActionChoices.UNASSIGNED: ControlAssignment,
    DecisionActionChoices.RISK_UNASSIGNED: Risk,
    DecisionActionChoices.TREATED: RiskTreatment,
    **dict.fromkeys((
        DecisionActionChoices.REQUESTED, DecisionActionChoices.ACCEPTED, DecisionActionChoices.REJECTED,
        DecisionActionChoices.EXPIRED, DecisionActionChoices.VOIDED,
    ), RiskAcceptance),
}


@dataclass(frozen=True)
class Change:
    """One field of a decision, as text."""
    label: str
    old: str
    new: str


def describe_changes(decision):
    """
    The fields a decision changed, in the order of the form they are edited on; of an action against a risk, which one
    it is, besides.
    """
    old, new, model = decision.old_values, decision.new_values, _decided_on(decision)
    return [
        Change(_label(model, name), _text(model, name, old), _text(model, name, new))
        for name in _in_order(model, {**old, **new})
        if name == 'action' or name not in old or name not in new or old[name] != new[name]
    ]


def assessed_values(values):
    """(label, text) of each assessed value in {field: value}, in the order of the profile's form."""
    return [
        (_label(AssetProfile, name), _text(AssetProfile, name, values)) for name in _in_order(AssetProfile, values)
    ]


def _decided_on(decision):
    """The model whose fields the values are: what the decision is about or, for a CI, its profile or a control."""
    if model := OF_ACTIONS.get(decision.action):
        return model
    try:
        about = ContentType.objects.get_for_id(decision.object_type_id)
    except ContentType.DoesNotExist:
        return AssetProfile
    ours = about.app_label == AssetProfile._meta.app_label and not resolve_ci_type(about)
    return about.model_class() if ours else AssetProfile


def _in_order(model, names):
    order = {field.name: position for position, field in enumerate(model._meta.fields)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _field(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _label(model, name):
    field = _field(model, name)
    return capfirst(field.verbose_name) if field else capfirst(name.replace('_', ' '))


def value_text(name, value):
    """The value of one field of a profile, or of a register entry, in words."""
    return _text(AssetProfile, name, {name: value})


def _text(model, name, values):
    if name not in values and model is not AssetProfile:
        return '—'
    value, field = values.get(name), _field(model, name)
    if value is None:
        return _('unknown')
    if isinstance(value, bool):
        return _('yes') if value else _('no')
    if name.endswith('_minutes'):
        return format_minutes(value)
    if isinstance(value, dict):
        return ', '.join(f'{key} {each}' for key, each in value.items())
    choices = dict(field.flatchoices) if field else {}
    return str(choices.get(value, value)) if isinstance(value, str) else str(value)
