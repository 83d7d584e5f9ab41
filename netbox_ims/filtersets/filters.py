"""Filters and filterset mixins that several domains share."""
import django_filters
from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import DataError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django_filters.utils import get_model_field
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from dcim.models import Site
from extras.models import Tag, TaggedItem
from netbox.filtersets import BaseFilterSet
from tenancy.models import Tenant
from users.models import User
from utilities.constants import FILTER_NEGATION_LOOKUP_MAP
from utilities.filters import (
    MultiValueCharFilter,
    MultiValueContentTypeFilter,
    MultiValueDateTimeFilter,
    MultiValueNumberFilter,
)

from ..ci_types import get_ci_types
from ..forms.fields import MomentField
from ..models import ControlAssignment, RegisterAsOf, RegisterEntry, Risk, RiskAssignment, Scope
from ..models.register_row import RegisterRow
from ..querysets.assignments import assigned_to, lacking_any, of_entries
from ..querysets.soa import covered_by

__all__ = (
    'ApprovedFilterSetMixin',
    'AsOfFilter',
    'CIAtEitherEndFilterSetMixin',
    'CIFilterSetMixin',
    'CITagFilter',
    'CITypeFilter',
    'ChoicesOfFilter',
    'ClassificationLevelFilter',
    'ClassifiedFilter',
    'ControlOfCIFilter',
    'CoveredByFilter',
    'EitherEndFilterMixin',
    'InScopeFilter',
    'LacksControlFilter',
    'NamedCIFilterSetMixin',
    'ObjectChoiceFilter',
    'PlacedCIFilterSetMixin',
    'RiskOfCIFilter',
    'StrictFilterSetMixin',
    'TagsOfFilter',
    'TriStateFilter',
    'VisiblePartsFilter',
)


BOUNDS = {'lt', 'lte', 'gt', 'gte'}
PARTIAL_LOOKUPS = {'icontains', 'istartswith', 'iendswith', 'regex', 'iregex'}


def validate_pattern(pattern):
    """Refuse a regular expression that PostgreSQL, whose dialect it is in, does not understand."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT '' ~ %s", [pattern])
    except DataError as e:
        raise ValidationError(_('“{pattern}” is not a regular expression.').format(pattern=pattern)) from e


def validate_object_type(label):
    """Refuse what names no model; one that is not a CI type is fine, and matches nothing."""
    try:
        if '\x00' in label:         # PostgreSQL would not even look
            raise ContentType.DoesNotExist
        content_type_of(label)
    except ContentType.DoesNotExist as e:
        message = _('“{label}” is no object type; write app.model, such as dcim.device.')
        raise ValidationError(message.format(label=label)) from e


def content_type_of(label):
    app_label, _dot, model = label.lower().partition('.')
    return ContentType.objects.get_by_natural_key(app_label, model)


def within_column(each):
    """
    Validators for the bound of a number: Django takes one that the column can't hold for a question that need not be
    asked, and lets every row through, unknown ones too.
    """
    column = get_model_field(each.model, each.field_name)
    low, high = connection.ops.integer_field_range(column.get_internal_type()) if column else (None, None)
    return [] if low is None else [MinValueValidator(low), MaxValueValidator(high)]


class YesNoField(forms.NullBooleanField):
    """Yes or no. Django's own takes any other word for "not asked"."""
    widget = forms.TextInput
    default_error_messages = {'invalid': _('“%(value)s” is neither true nor false.')}
    WORDS = {'': None, 'true': True, 'false': False}

    def to_python(self, value):
        try:
            return self.WORDS[str('' if value is None else value).lower()]
        except KeyError as e:
            raise ValidationError(self.error_messages['invalid'], code='invalid', params={'value': value}) from e


class StrictFilterSetMixin:
    """
    A value that can't be understood matches nothing, instead of being left out.

    REST answers 400 by itself; NetBox's list pages, exports and "select all matching" would go on as if the filter
    had not been there. Whoever counts, or edits, what matches must not get everything.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for each in self.filters.values():
            # Part of a text is never NULL, and Django refuses to ask: here "null" is a text like any other.
            if each.lookup_expr in PARTIAL_LOOKUPS:
                each.null_value = None
            if each.lookup_expr in ('regex', 'iregex'):
                each.extra['validators'] = [validate_pattern]
            if isinstance(each, MultiValueNumberFilter) and each.lookup_expr in BOUNDS:
                each.extra['validators'] = within_column(each)
            if isinstance(each, django_filters.BooleanFilter):
                each.field_class = YesNoField

    @staticmethod
    def _get_filter_lookup_dict(existing_filter):
        # A flag can be negated; it contains nothing and begins with nothing.
        if isinstance(existing_filter, TriStateFilter):
            return FILTER_NEGATION_LOOKUP_MAP
        # Made of several columns, so that there is none whose lookups NetBox could derive.
        if isinstance(existing_filter, EitherEndFilterMixin | AsOfFilter):
            return None
        return BaseFilterSet._get_filter_lookup_dict(existing_filter)

    def filter_queryset(self, queryset):
        if not self.form.is_valid():
            return queryset.none()
        return super().filter_queryset(queryset)


class NamedCIFilterSetMixin:
    """Full-text search of CIs that NetBox has no model for."""

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(name__icontains=value)
            | Q(slug__icontains=value)
            | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )


class ObjectChoiceFilter(django_filters.ModelMultipleChoiceFilter):
    """
    Related objects by slug (or another unique field), compared by id and thus served by the column's own index;
    `null` matches rows without one.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('distinct', False)
        super().__init__(*args, **kwargs)

    def get_filter_predicate(self, v):
        if v is None or v == self.null_value:
            return {f'{self.field_name}__isnull': True}
        return {self.field_name: v.pk}


@extend_schema_field(OpenApiTypes.STR)
class TriStateFilter(django_filters.MultipleChoiceFilter):
    """A flag that is yes, no or unknown: `true`, `false`, `null`; several are OR'ed, and `__n` negates."""
    VALUES = {'true': True, 'false': False, settings.FILTERS_NULL_CHOICE_VALUE: None}

    def __init__(self, *args, **kwargs):
        kwargs['choices'] = [
            ('true', _('Yes')), ('false', _('No')), (settings.FILTERS_NULL_CHOICE_VALUE, _('Unknown')),
        ]
        kwargs.update(null_label=None, distinct=False)
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        condition = Q()
        for text in value:
            flag = self.VALUES[text]
            condition |= Q(**{f'{self.field_name}__isnull': True}) if flag is None else Q(**{self.field_name: flag})
        # A plain exclude() would drop unknowns from "not yes": NULL is neither equal nor unequal.
        return qs.exclude(condition) if self.exclude else qs.filter(condition)


class VisiblePartsFilter(django_filters.ModelMultipleChoiceFilter):
    """
    Rows by the objects they consist of (many-to-many), of those that the user may see: to who may not see one, it is
    neither there to be named nor part of anything. `null` matches rows without any.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('distinct', False)
        super().__init__(*args, **kwargs)

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.restrict(request.user, 'view') if request else queryset

    def filter(self, qs, value):
        if not value:
            return qs
        given = list(value)
        parts = [each for each in given if each != self.null_value]
        condition = self.having(qs, parts)
        if len(parts) < len(given):
            condition |= ~self.having(qs, self.get_queryset(self.get_request()))
        return qs.exclude(condition) if self.exclude else qs.filter(condition)

    def having(self, qs, parts):
        """A Q over the rows: those that one of the parts belongs to."""
        rows = qs.model.objects.filter(**{f'{self.field_name}__in': parts})
        return Q(pk__in=rows.order_by().values('pk'))


class OverlapMixin:
    """Rows whose list (an array column) has one of these."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, 'lookup_expr': 'overlap'})

    def filter(self, qs, value):
        return self.get_method(qs)(**{f'{self.field_name}__overlap': list(value)}) if value else qs


@extend_schema_field(OpenApiTypes.STR)
class TagsOfFilter(OverlapMixin, MultiValueCharFilter):
    """By a list of tags."""


class ChoicesOfFilter(OverlapMixin, django_filters.MultipleChoiceFilter):
    """By a list of choices, and of nothing but these."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, 'null_label': None, 'distinct': False})


@extend_schema_field(OpenApiTypes.STR)
class CITagFilter(django_filters.ModelMultipleChoiceFilter):
    """CIs that carry all of these tags in NetBox (the CI's own tags, not those of its profile)."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('field_name', 'object_id')        # a real one, so that NetBox derives `tag__n`
        kwargs.setdefault('queryset', Tag.objects.all())
        kwargs.setdefault('to_field_name', 'slug')
        kwargs.setdefault('label', _('Tag'))
        kwargs['null_label'] = None
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        for tag in value:
            tagged = TaggedItem.objects.filter(
                content_type=OuterRef('object_type'), object_id=OuterRef('object_id'), tag=tag
            )
            qs = qs.exclude(Exists(tagged)) if self.exclude else qs.filter(Exists(tagged))
        return qs


class AsOfFilter(django_filters.CharFilter):
    """
    The moment that the register is asked about. Whoever asks takes the rows from there (RegisterAsOf); today's are not
    what was so then, and match nothing.
    """
    field_class = MomentField

    def __init__(self, **kwargs):
        super().__init__(**{'exact': True, **kwargs})

    def filter(self, qs, value):
        return qs.none() if value and qs.moment is None else qs


class CITypeFilter(MultiValueContentTypeFilter):
    """Rows about objects of these types (`dcim.device`); NetBox's own filter would take `__n` for the same."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('label', _('Object type'))
        kwargs['validators'] = [validate_object_type]
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        return self.get_method(qs)(**{f'{self.field_name}__in': [content_type_of(label) for label in value if label]})


def about(prefixes, **lookups):
    """A Q: one of the CIs a row names, by fields with these prefixes, satisfies all the lookups."""
    condition = Q()
    for prefix in prefixes:
        condition |= Q(**{f'{prefix}{lookup}': value for lookup, value in lookups.items()})
    return condition


class CIOfTypeFilter(MultiValueNumberFilter):
    """CIs of one type by primary key."""

    def __init__(self, ci_type, prefixes, exclude=False):
        self.ci_type, self.prefixes = ci_type, prefixes
        super().__init__(
            field_name='object_id', lookup_expr='exact', exclude=exclude,
            label=_('{type} (ID)').format(type=ci_type.verbose_name)
        )

    def filter(self, qs, value):
        if not value:
            return qs
        these = about(self.prefixes, object_type=self.ci_type.content_type, object_id__in=value)
        return qs.exclude(these) if self.exclude else qs.filter(these)


class EachCITypeFilterSetMixin(django_filters.FilterSet):
    """
    Rows about a CI by `device_id=7`, `virtual_machine_id=7`, …: one such filter for each registered type whose name is
    not taken by a filter of its own. Rows about several CIs name them by fields with `ci_prefixes`.
    """
    ci_prefixes = ('',)

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for ci_type in get_ci_types().values():
            if ci_type.id_filter not in filters:
                filters[ci_type.id_filter] = CIOfTypeFilter(ci_type, cls.ci_prefixes)
                filters[f'{ci_type.id_filter}__n'] = CIOfTypeFilter(ci_type, cls.ci_prefixes, exclude=True)
        return filters


class CIFilterSetMixin(EachCITypeFilterSetMixin):
    """Rows about a CI, also by `object_type=dcim.device&object_id=7`."""
    object_type = CITypeFilter()


class PlacedCIFilterSetMixin(django_filters.FilterSet):
    """Rows about a CI, by what the CI is called and where it is, as its register entry has it."""
    name = MultiValueCharFilter(field_name='register_entry__name', label=_('Name of the CI'))
    site = ObjectChoiceFilter(
        field_name='register_entry__site', queryset=Site.objects.all(), to_field_name='slug', label=_('Site (slug)')
    )
    site_id = django_filters.ModelMultipleChoiceFilter(
        field_name='register_entry__site', queryset=Site.objects.all(), distinct=False, label=_('Site (ID)')
    )
    tenant = ObjectChoiceFilter(
        field_name='register_entry__tenant', queryset=Tenant.objects.all(), to_field_name='slug',
        label=_('Tenant (slug)')
    )
    tenant_id = django_filters.ModelMultipleChoiceFilter(
        field_name='register_entry__tenant', queryset=Tenant.objects.all(), distinct=False, label=_('Tenant (ID)')
    )


class ApprovedFilterSetMixin(django_filters.FilterSet):
    """What gets approved: by whom and when, and who edited it last."""
    edited_by_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('Last edited by (ID)')
    )
    edited_on = MultiValueDateTimeFilter(label=_('Last edited on'))
    approved_by = ObjectChoiceFilter(
        queryset=User.objects.all(), to_field_name='username', label=_('Approved by (user name)')
    )
    approved_by_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('Approved by (ID)')
    )
    approved_on = MultiValueDateTimeFilter(label=_('Approved on'))


class EitherEndFilterMixin:
    """A filter on whichever of the CIs a row is about."""


class CITypeAtEitherEndFilter(EitherEndFilterMixin, CITypeFilter):
    """Rows that name a CI of these types; together with `object_id`, that very CI and not one of each."""

    def filter(self, qs, value):
        if not value:
            return qs
        lookups = {'object_type__in': [content_type_of(label) for label in value if label]}
        if not self.exclude and (ids := self.parent.form.cleaned_data.get('object_id')):
            lookups['object_id__in'] = ids
        return self.get_method(qs)(about(self.parent.ci_prefixes, **lookups))


class CIIdAtEitherEndFilter(EitherEndFilterMixin, MultiValueNumberFilter):

    def filter(self, qs, value):
        if not value or self.parent.form.cleaned_data.get('object_type'):
            return qs
        return qs.filter(about(self.parent.ci_prefixes, object_id__in=value))


class CIAtEitherEndFilterSetMixin(EachCITypeFilterSetMixin):
    """
    Rows about two CIs, by either of them: `object_type=dcim.device&object_id=7` or `device_id=7`. Two such filters may
    be met at one end each.
    """
    object_type = CITypeAtEitherEndFilter(label=_('Object type at either end'))
    object_type__n = CITypeAtEitherEndFilter(label=_('Object type at either end'), exclude=True)
    object_id = CIIdAtEitherEndFilter(label=_('Object ID at either end'))


class OfCIFilter(django_filters.ModelMultipleChoiceFilter):
    """
    Base of filters by what concerns the CI a row is about, whatever kind of row: given as objects, OR'ed, or `null` for
    none. Asked of what the user may see of those.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('field_name', 'object_id')        # a real one, so that NetBox derives `…__n`
        kwargs.setdefault('distinct', False)
        super().__init__(*args, **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        given = list(value)
        objects = [each for each in given if each != self.null_value]
        condition = Q(pk__in=[])
        if objects:
            condition |= self.condition(qs, objects)
        if len(objects) < len(given):
            condition |= ~self.condition(qs, None)
        return qs.exclude(condition) if self.exclude else qs.filter(condition)

    def condition(self, qs, objects):
        """A Q over the rows: those about CIs that one of the objects concerns; with None, any object at all."""
        raise NotImplementedError

    def seen(self, model):
        """The model's objects that the user may view; all where nobody asks (a job, a script)."""
        request = self.parent.request
        return model.objects.restrict(request.user, 'view') if request else model.objects.all()

    @staticmethod
    def of_rows(qs, condition):
        """A condition on register entries, as one on the rows of `qs`."""
        return condition if issubclass(qs.model, RegisterRow) else Q(of_entries(condition))


class InScopeFilter(OfCIFilter):
    """CIs in a scope of one of these standards."""

    def condition(self, qs, standards):
        scopes = self.seen(Scope)
        if standards is not None:
            scopes = scopes.filter(standard__in=standards)
        return self.of_rows(qs, covered_by(scopes))


class CoveredByFilter(OfCIFilter):
    """CIs in one of these scopes."""

    def condition(self, qs, scopes):
        seen = self.seen(Scope)
        return self.of_rows(qs, covered_by(seen if scopes is None else seen.filter(pk__in=[s.pk for s in scopes])))


class AssessedCIMixin:
    """By what the user may know of assessments: of others it is as if nobody had said anything."""

    def about(self, **conditions):
        """A Q over rows about CIs: those whose register entry meets the conditions."""
        request = self.parent.request
        entries = RegisterEntry.objects.assessments(request.user) if request else RegisterEntry.objects.all()
        return Q(Exists(entries.order_by().filter(
            object_type=OuterRef('object_type'), object_id=OuterRef('object_id'), **conditions
        )))


class ClassifiedFilter(AssessedCIMixin, OfCIFilter):
    """CIs with one of these classifications as their own."""

    def condition(self, qs, classifications):
        if classifications is None:
            return self.about(classification__isnull=False)
        return self.about(classification__in=[each.pk for each in classifications])


class ClassificationLevelFilter(AssessedCIMixin, MultiValueNumberFilter):

    def filter(self, qs, value):
        if not value:
            return qs
        condition = Q()
        for level in value:
            condition |= self.about(**{f'classification__level__{self.lookup_expr}': level})
        return qs.exclude(condition) if self.exclude else qs.filter(condition)


class ControlOfCIFilter(OfCIFilter):
    """CIs that one of these controls is assigned to."""

    def condition(self, qs, controls):
        assignments = self.seen(ControlAssignment)
        if controls is not None:
            assignments = assignments.filter(control__in=controls)
        return Q(assigned_to(assignments))


class RiskOfCIFilter(OfCIFilter):
    """CIs that one of these risks is about; of risks the user may see."""

    def condition(self, qs, risks):
        assignments = self.seen(RiskAssignment).filter(risk__in=self.seen(Risk).order_by().values('pk'))
        if risks is not None:
            assignments = assignments.filter(risk__in=risks)
        return Q(assigned_to(assignments))


class LacksControlFilter(OfCIFilter):
    """CIs whose effective classification requires one of these controls, and that do not have it: the gaps."""

    def filter(self, qs, value):
        request = self.parent.request
        if value and request and not request.user.has_perm('netbox_ims.view_controlassignment'):
            return qs.none()        # whoever may not see what is assigned can't be told what is not
        return super().filter(qs, value)

    def condition(self, qs, controls):
        moment = getattr(qs, 'moment', None)
        entries = RegisterAsOf.objects.at(moment) if moment else RegisterEntry.objects.all()
        return self.of_rows(qs, Q(pk__in=lacking_any(entries, controls or ()).order_by().values('pk')))
