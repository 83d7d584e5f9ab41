"""
Which CIs a user may see, asked of rows that carry the register's columns (type, id, name, site, tenant, role, status).

The answer is always that of `Model.objects.restrict(user, 'view')` for each CI type. Where a permission's constraints
speak only of columns the register has with the same meaning, they are translated and run on the register's own
indexes; otherwise the CI's own table is asked. Both ways give the same rows (tests/register/test_visibility.py).
"""
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q

from users.constants import CONSTRAINT_TOKEN_USER
from utilities.permissions import get_permission_for_model, permission_is_exempt
from utilities.querysets import RestrictedQuerySet

from ..ci_types import get_ci_types
from .conditions import asked_of_cis, asked_of_rows

__all__ = (
    'AboutCIQuerySet', 'about_visible_cis', 'is_superuser', 'may_know_assessments', 'may_see_every_ci', 'permitted',
    'translate_constraints', 'visible_cis', 'visible_cis_then',
)

# Lookups of a name that mean the same on the register's copy, whatever its collation; the second lot only if the copy
# has the collation of the original: ICU's upper case of 'ß' is 'SS', other collations leave it alone.
NAME_LOOKUPS = {'exact', 'in', 'contains', 'startswith', 'endswith'}
CASELESS_NAME_LOOKUPS = {'iexact', 'icontains', 'istartswith', 'iendswith'}


def is_superuser(user):
    return bool(user and user.is_active and user.is_superuser)


def permitted(user, model):
    """True if the user may view every object of the model, False if none, else the list of constraints."""
    permission = get_permission_for_model(model, 'view')
    if is_superuser(user) or permission_is_exempt(permission):
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


def _is_whole(ci_type, column, copy):
    """Whether `copy`, a model with the register's columns, holds this text of a CI's own uncut."""
    field, held = ci_type.model._meta.get_field(ci_type.own_field(column)), copy._meta.get_field(column)
    return isinstance(field, models.CharField) and bool(field.max_length) and field.max_length <= held.max_length


def _has_collation(ci_type, column, copy):
    field, held = ci_type.model._meta.get_field(ci_type.own_field(column)), copy._meta.get_field(column)
    return field.db_collation == held.db_collation


def _translate_key(ci_type, key, value, copy):
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
        same = _is_whole(ci_type, 'status', copy) and _has_collation(ci_type, 'status', copy)
        return '__'.join(['status', *rest]) if same else None
    if (own := ci_type.own_field('name')) and first == own and len(rest) <= 1 and _is_whole(ci_type, 'name', copy):
        lookups = NAME_LOOKUPS | CASELESS_NAME_LOOKUPS if _has_collation(ci_type, 'name', copy) else NAME_LOOKUPS
        values = value if isinstance(value, list) else [value]
        # A missing name is kept as '', so a constraint that could match '' must ask the CI itself.
        if set(rest) <= lookups and all(isinstance(v, str) and v for v in values):
            return '__'.join(['name', *rest])
    if ci_type.site == 'self' and copy._meta.model_name == 'registerentry':
        # A site is its own site: whatever may be asked of it, as long as there is one to ask, goes through that column.
        known = any(first in (field.name, field.attname) for field in ci_type.model._meta.concrete_fields)
        return f'site__{key}' if known and not _crosses_many(ci_type.model, [first, *rest]) else None
    return None


def translate_constraints(ci_type, constraints, gone=None):
    """
    The same constraints over columns of the register (or of what tells of CIs that are gone), or None if any key can't
    be said there.
    """
    copy = apps.get_model('netbox_ims', gone or 'RegisterEntry')
    translated = []
    for constraint in constraints:
        keys = {_translate_key(ci_type, key, value, copy): value for key, value in constraint.items()}
        if None in keys or len(keys) < len(constraint):
            return None
        translated.append(keys)
    return translated


def may_see_every_ci(user):
    """Whether the user may view every object of every registered type."""
    return all(permitted(user, ci_type.model) is True for ci_type in get_ci_types().values())


def may_know_assessments(user):
    """Whether the user may see any assessment at all: it takes permission on register entries and on profiles."""
    models = (apps.get_model('netbox_ims', name) for name in ('RegisterEntry', 'AssetProfile'))
    return all(permitted(user, model) is not False for model in models)


def visible_cis(user, gone=None):
    """
    A Q over rows with the register's columns that keeps the CIs the user may view; an empty Q keeps nothing out.
    Types that are no longer registered are for superusers only.

    With `gone`, the name of their model, the rows tell of CIs that no longer exist and are judged by where they were:
    constraints that can't be translated then match nothing, as there is no CI left to ask.
    """
    if is_superuser(user) and not gone:
        return Q()
    rows = apps.get_model('netbox_ims', gone or 'RegisterEntry')
    tokens = {CONSTRAINT_TOKEN_USER: user}
    whole_types, alike, to_be_asked = [], {}, []
    for ci_type in get_ci_types().values():
        allowed, type_id = permitted(user, ci_type.model), ci_type.content_type.pk
        if allowed is True:
            whole_types.append(type_id)
        elif allowed is False:
            continue
        elif (translated := translate_constraints(ci_type, allowed, gone)) is not None:
            alike.setdefault(repr(translated), (translated, []))[1].append(type_id)
        elif not gone:
            to_be_asked.append((type_id, asked_of_cis(ci_type.model, allowed, tokens)))
    # PostgreSQL goes through them in this order: first what is cheap, and what holds of several types alike only once.
    condition = Q(object_type__in=whole_types)
    for translated, types in alike.values():
        condition |= Q(object_type__in=types) & asked_of_rows(rows, translated, tokens)
    for type_id, asked in to_be_asked:
        condition |= Q(object_type=type_id) & asked
    return condition


def visible_cis_then(user):
    """
    A Q over versions of register entries that keeps those about CIs the user may view, wherever they were then; one
    that is gone since is judged by where it was.
    """
    if is_superuser(user):
        return Q()
    whole_types = [t.content_type.pk for t in get_ci_types().values() if permitted(user, t.model) is True]
    entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(
        object_type=OuterRef('object_type'), object_id=OuterRef('object_id')
    )
    gone = ~Q(Exists(entries)) & visible_cis(user, gone='RegisterAsOf')
    return Q(object_type__in=whole_types) | Q(Exists(entries.filter(visible_cis(user)))) | gone


def about_visible_cis(user):
    """A Q over rows with `object_type` and `object_id` that keeps those about CIs the user may view."""
    if is_superuser(user):
        return Q()
    if may_see_every_ci(user):
        return Q(object_type__in=[ci_type.content_type.pk for ci_type in get_ci_types().values()])
    entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(
        visible_cis(user), object_type=OuterRef('object_type'), object_id=OuterRef('object_id')
    )
    return Q(Exists(entries))


class AboutCIQuerySet(RestrictedQuerySet):
    """Rows about CIs, with `object_type` and `object_id`."""

    def restrict(self, user, action='view'):
        """Rows the user's permission covers, about CIs that NetBox would show the user."""
        return super().restrict(user, action).filter(about_visible_cis(user))
