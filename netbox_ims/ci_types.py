"""
The CI types of this installation: what the setting `ci_types` (or the shipped list) says, checked against the models.

A type declares where the register finds the five columns every CI shares. A wrong declaration is an
ImproperlyConfigured at start-up that names the type; it never reaches a trigger, where it would break saving CIs.
"""
import re
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.utils.text import capfirst

from netbox.plugins import get_plugin_config

from .constants import CI_TYPES

__all__ = ('CIType', 'get_ci_types', 'resolve_ci_type', 'type_name')

# register column -> the model its foreign key points to (None: plain text)
COLUMNS = {
    'name': None,
    'site': 'dcim.Site',
    'tenant': 'tenancy.Tenant',
    'role': 'dcim.DeviceRole',
    'status': None,
}


@dataclass(frozen=True)
class CIType:
    """
    One kind of configuration item and where its register columns come from.

    Each column source is the name of a field of the model; 'self' (a site is its own site); 'parent.field', one hop
    over a foreign key or generic foreign key; or None where the type has no such thing. For a generic foreign key
    `parents` lists the models it may point to. `configuration` names the fields a change of which is one that a
    continuity test did not see.
    """
    label: str
    name: str
    site: str | None = None
    tenant: str | None = None
    role: str | None = None
    status: str | None = None
    parents: tuple = ()
    icon: str = 'shape-outline'
    configuration: tuple = ()

    @property
    def model(self):
        return apps.get_model(self.label)

    @property
    def content_type(self):
        return ContentType.objects.get_for_model(self.model)

    @property
    def verbose_name(self):
        return capfirst(self.model._meta.verbose_name)

    @property
    def id_filter(self):
        """
        Name of the filter that picks CIs of this type by primary key, as NetBox would spell it
        (`virtual_machine_id`, `it_service_id`).
        """
        return re.sub(r'(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])', '_', self.model.__name__).lower() + '_id'

    @property
    def parent_field(self):
        """Name of the (generic) foreign key that `parent.field` sources go through, or None."""
        hops = {source.split('.')[0] for column in COLUMNS if (source := getattr(self, column)) and '.' in source}
        return hops.pop() if hops else None

    def own_field(self, column):
        """Name of the model's own field behind a register column, or None if it is derived or absent."""
        source = getattr(self, column)
        return source if source and source != 'self' and '.' not in source else None

    def parent_models(self):
        """The models behind `parent_field`: one for a foreign key, those declared for a generic one."""
        field = self.model._meta.get_field(self.parent_field)
        if isinstance(field, GenericForeignKey):
            return [apps.get_model(label) for label in self.parents]
        return [field.related_model]


def _fail(label, problem):
    raise ImproperlyConfigured(f"PLUGINS_CONFIG['netbox_ims']['ci_types']: {label!r}: {problem}")


def _field(label, model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        _fail(label, f'{model._meta.label} has no field {name!r}')


def _check_source(ci_type, column, related):
    source = getattr(ci_type, column)
    if source is None:
        return
    if source == 'self':
        if related is None or apps.get_model(related) is not ci_type.model:
            _fail(ci_type.label, f"{column}='self' is only possible for {related}")
        return
    holders, field_name = [ci_type.model], source
    if '.' in source:
        hop, field_name = source.split('.', 1)
        field = _field(ci_type.label, ci_type.model, hop)
        if isinstance(field, GenericForeignKey) and not ci_type.parents:
            _fail(ci_type.label, f"{column}={source!r} needs 'parents': the models {hop!r} may point to")
        elif not isinstance(field, (GenericForeignKey, models.ForeignKey)):
            _fail(ci_type.label, f'{hop!r} is not a foreign key')
        holders = ci_type.parent_models()
    for holder in holders:
        field = _field(ci_type.label, holder, field_name)
        if not getattr(field, 'column', None):
            _fail(ci_type.label, f'{column}={source!r} is not a column of {holder._meta.label}')
        target = field.related_model._meta.label if field.related_model else None
        if target != related:
            _fail(ci_type.label, f'{column}={source!r} must be {"a foreign key to " + related if related else "plain"}')


def _build(label, declaration):
    if not isinstance(declaration, dict):
        if declaration not in (None, True) or label not in CI_TYPES:
            _fail(label, "is not shipped: declare at least its 'name' field, as {'name': …, 'site': …, 'status': …}")
        declaration = CI_TYPES[label]
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        _fail(label, 'no such model is installed')
    if model._meta.proxy:
        _fail(label, f'is a proxy of {model._meta.concrete_model._meta.label}; name that one')
    if model._meta.parents:
        _fail(label, 'multi-table inheritance is not supported')
    if model._meta.abstract or not model._meta.managed:
        _fail(label, 'is not a table of its own')
    if not hasattr(model._default_manager.none(), 'restrict'):
        _fail(label, 'its manager knows no object permissions (RestrictedQuerySet), so nothing could be hidden')
    if not isinstance(model._meta.pk, models.AutoField) and not isinstance(model._meta.pk, models.BigAutoField):
        _fail(label, 'its primary key is not an integer')
    try:
        ci_type = CIType(label=model._meta.label_lower, **declaration)
    except TypeError as e:
        _fail(label, f'{e}'.replace('CIType.__init__() ', ''))
    if len({s.split('.')[0] for c in COLUMNS if (s := getattr(ci_type, c)) and '.' in s}) > 1:
        _fail(label, 'only one parent is possible')
    for column, related in COLUMNS.items():
        _check_source(ci_type, column, related)
    for name in ci_type.configuration:
        if not getattr(_field(ci_type.label, model, name), 'column', None):
            _fail(ci_type.label, f'configuration: {name!r} is not a column of {model._meta.label}')
    return ci_type


@cache
def get_ci_types():
    """The registered CI types by model label (`dcim.device`), in the order configured. Raises ImproperlyConfigured."""
    declared = get_plugin_config('netbox_ims', 'ci_types') or dict.fromkeys(CI_TYPES)
    if isinstance(declared, (list, tuple, set)):
        declared = dict.fromkeys(declared)
    if not isinstance(declared, dict):
        raise ImproperlyConfigured("PLUGINS_CONFIG['netbox_ims']['ci_types'] must be a list of labels or a dictionary")
    types = [_build(label, declaration) for label, declaration in declared.items()]
    return {ci_type.label: ci_type for ci_type in types}


def resolve_ci_type(content_type):
    """The CIType of a ContentType, or None where that type is not registered."""
    return get_ci_types().get(f'{content_type.app_label}.{content_type.model}') if content_type else None


def type_name(content_type):
    """What people call objects of a type: "Virtual machine". Its label where no such model is installed any more."""
    model = content_type.model_class()
    return capfirst(model._meta.verbose_name) if model else f'{content_type.app_label}.{content_type.model}'
