"""The register's own filters, asked of the register as it stood at a moment."""
import django_filters
from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from utilities.filters import MultiValueNumberFilter, TreeNodeMultipleChoiceFilter

from ..models import RegisterAsOf, RegisterName
from ..querysets.names import FIELDS
from .register import RegisterEntryFilterSet

__all__ = ('RegisterAsOfFilterSet',)


class NamedThenField(forms.Field):
    """
    Things that the register refers to by what they were called at a moment (`by` name, slug or pk), though they may be
    gone since; cleaned to primary keys, and None for none.
    """
    widget = forms.SelectMultiple

    def __init__(self, *, model, by, moment, null_value=None, **kwargs):
        self.model, self.by, self.moment, self.null_value = model, by, moment, null_value
        super().__init__(**kwargs)

    def clean(self, value):
        given = {text for text in value or () if text}
        keys = {None} if self.null_value in given else set()
        for text in given - {self.null_value}:
            found = self._called(text)
            if not found:
                message = _('Select a valid choice. {value} is not one of the available choices.')
                raise ValidationError(message.format(value=text), code='invalid_choice')
            keys |= found
        return keys

    def _called(self, text):
        names = RegisterName.objects.filter(object_type=ContentType.objects.get_for_model(self.model))
        if self.by != 'pk':
            names = names.at(self.moment).filter(**{self.by: text}) if '\x00' not in text else names.none()
        elif text.isascii() and text.isdigit() and len(text) < 19:
            names = names.filter(object_id=int(text))
        else:
            names = names.none()
        return set(names.values_list('object_id', flat=True))


class NamedThenFilter(django_filters.Filter):
    """Rows that refer to one of some things, as they were called then; with `tree`, or to what is below them now."""
    field_class = NamedThenField

    def __init__(self, *, tree=False, **kwargs):
        self.tree = tree
        super().__init__(**kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        keys = value - {None}
        if self.tree:
            for node in self.extra['model'].objects.filter(pk__in=keys):
                keys |= set(node.get_descendants().values_list('pk', flat=True))
        condition = Q(**{f'{self.field_name}__in': keys})
        if None in value:
            condition |= Q(**{f'{self.field_name}__isnull': True})
        return qs.exclude(condition) if self.exclude else qs.filter(condition)


class LevelThenFilter(MultiValueNumberFilter):
    """Rows by the level that a classification had then."""

    def filter(self, qs, value):
        if not value:
            return qs
        column = self.field_name.removesuffix('__level')
        model = qs.model._meta.get_field(column).related_model
        levels = Q(pk__in=[])
        for level in value:
            levels |= Q(**{f'level__{self.lookup_expr}': level})
        of_level = RegisterName.objects.at(qs.moment).filter(
            levels, object_type=ContentType.objects.get_for_model(model)
        )
        return self.get_method(qs)(**{f'{column}__in': of_level.values('object_id')})


class RegisterAsOfFilterSet(RegisterEntryFilterSet):
    """
    Whatever the register keeps a history of is asked as it was then; scopes, controls, risks and tags, which it does
    not, as they are now.
    """

    class Meta(RegisterEntryFilterSet.Meta):
        model = RegisterAsOf

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, each in self.filters.items():
            if then := self._as_of_then(each):
                then.parent, then.model = self, each.model
                self.filters[name] = then

    def _as_of_then(self, each):
        column = each.field_name.removesuffix('_id')
        same = {'field_name': column, 'exclude': each.exclude, 'label': each.label, 'distinct': False}
        if isinstance(each, django_filters.ModelMultipleChoiceFilter) and column in FIELDS:
            return NamedThenFilter(
                model=RegisterAsOf._meta.get_field(column).related_model, moment=self.queryset.moment,
                by=each.extra.get('to_field_name') or 'pk', null_value=settings.FILTERS_NULL_CHOICE_VALUE,
                tree=isinstance(each, TreeNodeMultipleChoiceFilter), required=False, **same
            )
        if isinstance(each, MultiValueNumberFilter) and each.field_name.endswith('__level'):
            checked = {'validators': each.extra['validators']} if 'validators' in each.extra else {}
            return LevelThenFilter(lookup_expr=each.lookup_expr, **same, **checked)
        return None
