"""
The parameters of NetBox's own list of a CI type, taken at their word.

NetBox's lists leave out what they do not understand: a misspelt parameter, a value of the wrong kind, a role deleted
since. Who decides about what matches must not get everything then, so here all of that is a problem, said by name, and
nothing matches.
"""
import json
from difflib import get_close_matches
from types import SimpleNamespace

from django import forms
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import DataError, connections, transaction
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from netbox.context import query_cache
from netbox.registry import registry

from ..rules.list_filters import BLANK, MISSING, NESTED, UNREADABLE, texts, value_problem

__all__ = ('SAVED_FILTERS', 'CIFilter', 'filterset_of', 'remembered')

SAVED_FILTERS = {'filter', 'filter_id'}
OWN_PREFIX = 'ims_'
CHOICES_NAMED = 20          # a message lists the possible values if there are no more than that


def filterset_of(model):
    """The filterset behind NetBox's list of a model, or None. A worker process may not have loaded it yet."""
    if filterset := registry['filtersets'].get(model._meta.label_lower):
        return filterset
    try:
        return import_string(f'{model._meta.app_config.name}.filtersets.{model.__name__}FilterSet')
    except ImportError:
        return None


class CIFilter:
    """
    `parameters` ({name: value or list of values}) of the list of `model`: what is wrong with them, and what matches.

    The values are looked at as they are now: a slug that was right when it was written may be a problem today. They
    mean the same whoever asks, unless they are asked as a `user`: filters by what concerns a CI then go by what that
    user may see of it. `rows` are those that it is asked of, if not every object of the model.
    """

    def __init__(self, model, parameters, user=None, rows=None):
        self.model, self.parameters, self.user = model, parameters, user
        self.rows = model.objects.all() if rows is None else rows

    @cached_property
    def problems(self):
        """What is wrong, a sentence each; nothing matches then."""
        if not isinstance(self.parameters, dict):
            return [_('Must be an object of filter parameters, such as {example}.').format(
                example='{"role": ["database"], "site": "ham1"}'
            )]
        if self._filterset is None:
            return [_('NetBox has no list filters for {type}.').format(type=self._type)]
        problems = [text for name, value in self.parameters.items() if (text := self._problem(name, value))]
        return problems or self._invalid_values() or self._without_effect() or self._refused_by_database()

    @cached_property
    def matching(self):
        """The matching CIs as a queryset of primary keys. It asks nothing about what a user may see."""
        return (self.model.objects.none() if self.problems else self._filterset.qs).order_by().values('pk')

    @property
    def matching_rows(self):
        """The matching ones of the rows it is asked of."""
        return self.rows.none() if self.problems else self._filterset.qs

    @property
    def _type(self):
        return self.model._meta.verbose_name_plural

    @cached_property
    def _filterset(self):
        """Bound to the parameters; filtersets know of users by way of requests."""
        if (filterset := filterset_of(self.model)) is None:
            return None
        data = QueryDict(mutable=True)
        for name, value in self.parameters.items():
            if name not in SAVED_FILTERS:
                data.setlist(name, texts(value))
        asked_by = SimpleNamespace(user=self.user) if self.user else None
        return filterset(data, self.rows, request=asked_by)

    def _problem(self, name, value):
        """What can be said of a parameter without looking at what its values mean."""
        if name in SAVED_FILTERS:
            return _('“{name}”: a saved filter may change, or be hidden, later; write its parameters instead.').format(
                name=name
            )
        if name.startswith(OWN_PREFIX):
            return _('“{name}”: a rule cannot depend on what rules decide; use what NetBox knows of the CI.').format(
                name=name
            )
        if name not in self._filterset.filters:
            return self._unknown(name)
        match value_problem(value):
            case problem if problem in (MISSING, BLANK):
                return _('“{name}” has no value, so it would match everything. For “none” write "null".').format(
                    name=name
                )
            case problem if problem == NESTED:
                return _('“{name}” must be a value or a list of values.').format(name=name)
            case problem if problem == UNREADABLE:
                return _('“{name}” has a value with a NUL character in it.').format(name=name)
        widget = self._filterset.filters[name].field.widget
        if len(texts(value)) > 1 and not getattr(widget, 'allow_multiple_selected', False):
            return _('“{name}” takes one value, not {count}.').format(name=name, count=len(value))
        return None

    def _unknown(self, name):
        close = get_close_matches(name, self._filterset.filters, n=3)
        text = _('“{name}” is no filter of {type}, so it would match everything.').format(name=name, type=self._type)
        if close:
            return text + ' ' + _('Did you mean {names}?').format(names=', '.join(f'“{each}”' for each in close))
        return text + ' ' + _('The filters are those in the address of NetBox’s own list, such as “name__ic”.')

    def _invalid_values(self):
        # Only what is asked for: a form of all filters of a device has more than five hundred fields.
        filterset = self._filterset
        filterset.filters = {name: filterset.filters[name] for name in self.parameters}
        try:
            errors = filterset.errors
        except (DataError, OverflowError) as e:
            return [_('A value is out of range: {error}').format(error=str(e).strip().splitlines()[0])]
        problems = [
            f'“{name}”: {" ".join(messages)} {_hint(filterset.filters[name].field)}'.rstrip()
            for name, messages in errors.items()
        ]
        return problems or [
            f'“{name}”: ' + _('{value} is not a value it understands.').format(value=', '.join(texts(value)))
            + f' {_hint(filterset.filters[name].field)}'.rstrip()
            for name, value in self.parameters.items()
            if filterset.form.cleaned_data[name] is None or filterset.form.cleaned_data[name] in ('', [], ())
        ]

    def _without_effect(self):
        """A filter may still leave everything as it is, whatever its form thinks of the value; each is tried alone."""
        filterset, everything = self._filterset, self.rows
        cleaned, without = filterset.form.cleaned_data, []
        try:
            for name in self.parameters:
                filterset.form.cleaned_data = {name: cleaned[name]}
                try:
                    narrowed = filterset.filter_queryset(everything)
                except ValidationError as e:
                    return [f'“{name}”: {" ".join(e.messages)}']
                if _sql(narrowed) == _sql(everything):
                    without.append(_('“{name}” has no effect with this value.').format(name=name))
        finally:
            filterset.form.cleaned_data = cleaned
        return without

    def _refused_by_database(self):
        """What only the database can tell, such as that a regular expression is none. It plans, but does not search."""
        using = self.model.objects.db
        try:
            if planned := _sql(self._filterset.qs):
                with transaction.atomic(using=using), connections[using].cursor() as cursor:
                    cursor.execute(f'EXPLAIN {planned[0]}', planned[1])
        except (DataError, ValueError) as e:
            return [_('The database refuses {parameters}: {error}').format(
                parameters=', '.join(f'“{name}”' for name in self.parameters), error=str(e).strip().splitlines()[0]
            )]
        return []


def remembered(model, parameters):
    """
    The CIFilter of these parameters, one for the whole of a request or job: a rule is asked again for each of those
    behind it, and a filterset of devices takes its time to be made.
    """
    if (cache := query_cache.get()) is None:
        return CIFilter(model, parameters)
    made = cache[f'{__name__}:{model._meta.label}']
    return made.setdefault(json.dumps(parameters, sort_keys=True), CIFilter(model, parameters))


def _sql(queryset):
    """How the database would be asked for the rows, whatever their order: (SQL, parameters), or None for no rows."""
    query = queryset.order_by().values('pk').query
    query.distinct = False          # a filter may say so and leave all rows in
    try:
        return query.get_compiler(queryset.db).as_sql()
    except EmptyResultSet:
        return None


def _hint(field):
    """What would be right for a filter's form field, as a sentence, as far as that can be said."""
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.ModelChoiceField)):
        key, model = field.to_field_name or 'id', field.queryset.model._meta.verbose_name
        return _('Write the {key} of an existing {model}.').format(key=key, model=model)
    if isinstance(field, forms.NullBooleanField):
        return _('Write true or false.')
    choices = [str(value) for value, _label in getattr(field, 'choices', ()) if value not in ('', None)]
    if 0 < len(choices) <= CHOICES_NAMED:
        return _('Possible: {values}.').format(values=', '.join(choices))
    return ''
