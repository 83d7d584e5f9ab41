"""
Filters of NetBox's own lists by what the register says: list pages, REST, exports, saved filters and "select all
matching". NetBox has no hook for that; this module is the one that reaches into its filtersets.

Whoever counts or changes what matches must never get everything because a parameter was not understood. So any `ims_…`
parameter is refused, with 400 in REST and no rows elsewhere, that is unknown, has an invalid value, is switched off
(setting `core_filters`), or comes from a user who may see no assessments.
"""
from collections import OrderedDict
from importlib import import_module

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.module_loading import module_has_submodule
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field

from netbox.plugins import get_plugin_config
from netbox.registry import registry
from utilities.htmx import htmx_partial

from ..ci_types import get_ci_types
from ..filtersets.filters import ObjectChoiceFilter, TriStateFilter
from ..models import Classification
from ..querysets.cis import carrying
from ..querysets.visibility import may_know_assessments
from .names import claim
from .relations import who_asks

__all__ = ('add_filters', 'guard_filtersets')

PREFIX = 'ims_'
# Not one of the lookups that NetBox derives more filters from (`__n__n`); nothing looks anything up by it.
NO_LOOKUP = 'ims'


class CIFilterMixin:
    """CIs by a column of their register entries, as far as the user may know those."""

    def __init__(self, *args, column, **kwargs):
        self.column = column
        super().__init__(field_name='id', lookup_expr=NO_LOOKUP, **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        ci_type = get_ci_types()[qs.model._meta.label_lower]
        user = who_asks(self.parent.request)
        return self.get_method(qs)(carrying(ci_type, self.column, [self.meaning(v) for v in value], user))


class CIClassificationFilter(CIFilterMixin, ObjectChoiceFilter):
    """By slug; `null` is unclassified."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Classification.objects.all(), to_field_name='slug', **kwargs)

    def meaning(self, value):
        return None if value == self.null_value else value.pk


class CIFlagFilter(CIFilterMixin, TriStateFilter):

    def meaning(self, value):
        return self.VALUES[value]


SLUGS = gettext_lazy('Slug of an IMS classification, or `null` for none; several are OR\'ed')
FLAGS = gettext_lazy('`true`, `false`, or `null` for unknown; several are OR\'ed')
# parameter: (kind, column of the register, label, what a value is)
PARAMETERS = {
    'ims_classification': (
        CIClassificationFilter, 'classification', gettext_lazy('Classification (slug)'), SLUGS
    ),
    'ims_effective_classification': (
        CIClassificationFilter, 'effective_classification', gettext_lazy('Effective classification (slug)'), SLUGS
    ),
    'ims_information_asset': (CIFlagFilter, 'is_information_asset', gettext_lazy('Information asset'), FLAGS),
    'ims_personal_data': (CIFlagFilter, 'processes_personal_data', gettext_lazy('Personal data'), FLAGS),
}


def _new_filters():
    for name, (kind, column, label, value) in PARAMETERS.items():
        for suffix, exclude, description in (('', False, value), ('__n', True, format_lazy('{}: {}', _('Not'), value))):
            documented = extend_schema_field({'type': 'string', 'description': description})
            yield f'{name}{suffix}', documented(kind(column=column, label=label, exclude=exclude))


def _filtersets():
    """(label, filterset class) of the registered CI types that have one."""
    for label, ci_type in get_ci_types().items():
        app = ci_type.model._meta.app_config
        if module_has_submodule(app.module, 'filtersets'):
            import_module(f'{app.name}.filtersets')         # NetBox registers them when somebody imports them
        if filterset := registry['filtersets'].get(label):
            yield label, filterset


def add_filters():
    for label, filterset in _filtersets():
        new = dict(_new_filters())
        for name, each in new.items():
            claim(name, each, f'filter of {label}', lambda f=filterset: {**f.base_filters, **f.declared_filters})
        # NetBox makes `base_filters` anew from the declared ones for each request; the schema reads the class's own.
        filterset.declared_filters = OrderedDict({**filterset.declared_filters, **new})
        filterset.base_filters = filterset.get_filters()


class RefusedField(forms.Field):
    """A parameter that is there and must not be. The error says why."""

    def __init__(self, reason):
        self.reason = reason
        super().__init__(required=False)

    def clean(self, value):
        raise ValidationError(self.reason)


def _refused(filterset):
    """{parameter: why} of the `ims_…` parameters that this filterset must not act upon."""
    asked = [name for name in filterset.data if name.startswith(PREFIX)]
    refused, user = {}, who_asks(filterset.request)
    for name in asked:
        if name not in filterset.filters:
            known = get_plugin_config('netbox_ims', 'core_filters')
            refused[name] = _('There is no such filter.') if known else _(
                'IMS filters of NetBox\'s own lists are switched off on this server (core_filters).'
            )
        elif isinstance(filterset.filters[name], CIFilterMixin) and user and not may_know_assessments(user):
            refused[name] = _('Filtering by this needs permission to view register entries and asset profiles.')
    return refused


def guard_filtersets():
    for _label, filterset in _filtersets():
        _guard(filterset)


def _guard(filterset_class):
    get_form_class, filter_queryset = filterset_class.get_form_class, filterset_class.filter_queryset

    def guarded_form_class(self):
        form_class = get_form_class(self)
        fields = {name: RefusedField(reason) for name, reason in _refused(self).items()}
        return type(form_class.__name__, (form_class,), fields) if fields else form_class

    def guarded_queryset(self, queryset):
        errors = {name: texts for name, texts in self.form.errors.items() if name.startswith(PREFIX)}
        if not errors:
            return filter_queryset(self, queryset)
        _tell(self.request, errors)
        return queryset.none()

    filterset_class.get_form_class = guarded_form_class
    filterset_class.filter_queryset = guarded_queryset


def _tell(request, errors):
    """On a page; REST has answered 400 by then, and a part of a page has no room for messages."""
    if hasattr(request, '_messages') and not htmx_partial(request):
        for name, texts in errors.items():
            messages.error(request, _('Nothing is shown, as {name} was refused: {why}').format(
                name=name, why=' '.join(texts)
            ))
