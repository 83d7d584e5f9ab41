"""
Which CIs a user may see, asked of rows that carry the register's columns (type, id, name, site, tenant, role, status).

The answer is always that of `Model.objects.restrict(user, 'view')` for each CI type. Where a permission's constraints
speak only of columns the register has with the same meaning, they are translated and run on the register's own
indexes; otherwise the CI's own table is asked. Both ways give the same rows (tests/register/test_visibility.py).
"""
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, OuterRef, Q

from users.constants import CONSTRAINT_TOKEN_USER
from utilities.permissions import get_permission_for_model, permission_is_exempt, qs_filter_from_constraints

from ..ci_types import get_ci_types

__all__ = ('may_see_every_ci', 'translate_constraints', 'visible_cis')

# Lookups of a name that mean the same on the register's copy, whose collation and NULL handling may differ from the
# CI's.
NAME_LOOKUPS = {'exact', 'in', 'iexact', 'contains', 'icontains', 'startswith', 'istartswith', 'endswith', 'iendswith'}


def _permitted(user, model):
    """True if the user may view every object of the model, False if none, else the list of constraints."""
    permission = get_permission_for_model(model, 'view')
    if (user and user.is_active and user.is_superuser) or permission_is_exempt(permission):
        return True
    if user is None or not user.is_authenticated or permission not in user.get_all_permissions():
        return False
    constraints = user._object_perm_cache[permission]
    return True if not all(constraints) else constraints


def _crosses_many(model, path):
    """Whether a lookup path from `model` passes through anything but single-valued, forward relations."""
    for part in path:
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return False            # `fk_id`, `pk` or a lookup: nothing is joined from here on
        if field.one_to_many or field.many_to_many or (field.auto_created and not field.concrete):
            return True
        if not field.is_relation:
            return False
        if field.related_model is None:
            return True
        model = field.related_model
    return False


def _translate_key(ci_type, key, value):
    """The register's spelling of one constraint key, or None if it has no column of that meaning."""
    first, *rest = key.split('__')
    if first in ('id', 'pk'):
        return '__'.join(['object_id', *rest])
    for column in ('site', 'tenant', 'role'):
        own = ci_type.own_field(column)
        if own and first in (own, f'{own}_id'):
            field = ci_type.model._meta.get_field(own)
            if _crosses_many(field.related_model, rest):
                return None
            return '__'.join([first.replace(own, column, 1), *rest])
    if (own := ci_type.own_field('status')) and first == own:
        return '__'.join(['status', *rest])
    if (own := ci_type.own_field('name')) and first == own:
        values = value if isinstance(value, list) else [value]
        # The register stores a missing name as '', so a constraint that could match '' must ask the CI itself.
        if len(rest) <= 1 and set(rest) <= NAME_LOOKUPS and all(isinstance(v, str) and v for v in values):
            return '__'.join(['name', *rest])
    return None


def translate_constraints(ci_type, constraints):
    """The same constraints over register columns, or None if any key can't be said there."""
    translated = []
    for constraint in constraints:
        keys = {_translate_key(ci_type, key, value): value for key, value in constraint.items()}
        if None in keys or len(keys) < len(constraint):
            return None
        translated.append(keys)
    return translated


def may_see_every_ci(user):
    """Whether nothing needs filtering: the user may view every object of every registered type."""
    return all(_permitted(user, ci_type.model) is True for ci_type in get_ci_types().values())


def visible_cis(user, gone=False):
    """
    A Q over rows with the register's columns that keeps the CIs the user may view; an empty Q keeps nothing out.

    With `gone`, the rows tell of CIs that no longer exist and are judged by where they were: constraints that can't
    be translated then match nothing, as there is no CI left to ask.
    """
    whole_types, condition, closed = [], Q(), False
    for ci_type in get_ci_types().values():
        permitted = _permitted(user, ci_type.model)
        if permitted is True:
            whole_types.append(ci_type.content_type.pk)
            continue
        closed = True
        if permitted is False:
            continue
        tokens = {CONSTRAINT_TOKEN_USER: user}
        if (translated := translate_constraints(ci_type, permitted)) is not None:
            rows = qs_filter_from_constraints(translated, tokens)
        elif gone:
            continue
        else:
            own = ci_type.model.objects.filter(qs_filter_from_constraints(permitted, tokens), pk=OuterRef('object_id'))
            rows = Q(Exists(own))
        condition |= Q(object_type=ci_type.content_type.pk) & rows
    if not closed and not gone:
        return Q()
    return condition | Q(object_type__in=whole_types)
