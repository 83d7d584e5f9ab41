import django_filters
from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from dcim.models import Site
from netbox.filtersets import BaseFilterSet
from tenancy.models import Tenant
from utilities.filters import MultiValueNumberFilter
from utilities.filtersets import register_filterset

from ..choices import AlignmentChoices, AlignmentKindChoices, TargetChoices
from ..models import Alignment, RegisterEntry
from ..querysets.dependencies import ENDS, at_end, ends_named
from .filters import (
    CIAtEitherEndFilterSetMixin,
    CITypeFilter,
    EitherEndFilterMixin,
    ObjectChoiceFilter,
    StrictFilterSetMixin,
)

__all__ = ('AlignmentFilterSet',)


class AlignmentStatusFilter(EitherEndFilterMixin, django_filters.MultipleChoiceFilter):
    """Rows that are aligned, breached or undetermined, as they are now: see AlignmentQuerySet.with_status()."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, 'null_label': None})      # every row has one

    def filter(self, qs, value):
        if not value:
            return qs
        statuses = set(AlignmentChoices.values()) - set(value) if self.exclude else set(value)
        return qs.with_status(statuses)


class PlaceAtEitherEndFilter(EitherEndFilterMixin, ObjectChoiceFilter):
    """Rows that name a CI at one of these places: `column` of the register says which."""

    def __init__(self, column, **kwargs):
        self.column = column
        super().__init__(**{'field_name': 'severity', 'null_label': None, **kwargs})

    def filter(self, qs, value):
        if not value:
            return qs
        entries = RegisterEntry.objects.filter(**{f'{self.column}__in': [place.pk for place in value]})
        condition = Q()
        for end in ENDS:
            condition |= Q(Exists(at_end(end, entries)))
        return qs.exclude(condition) if self.exclude else qs.filter(condition)


@register_filterset
class AlignmentFilterSet(StrictFilterSetMixin, CIAtEitherEndFilterSetMixin, BaseFilterSet):
    ci_prefixes = tuple(f'{end}_' for end in ENDS)

    q = django_filters.CharFilter(method='search', label=_('Search'))
    kind = django_filters.MultipleChoiceFilter(choices=AlignmentKindChoices, distinct=False, label=_('Kind'))
    status = AlignmentStatusFilter(choices=AlignmentChoices, label=_('Status'))
    status__n = AlignmentStatusFilter(choices=AlignmentChoices, exclude=True, label=_('Status'))
    target = django_filters.MultipleChoiceFilter(choices=TargetChoices, distinct=False, label=_('Target'))
    dependent_object_type = CITypeFilter(label=_('Dependent type'))
    provider_object_type = CITypeFilter(label=_('Provider type'))
    required_minutes = MultiValueNumberFilter(label=_('Required (minutes)'))
    actual_minutes = MultiValueNumberFilter(label=_('Actual (minutes)'))
    margin_minutes = MultiValueNumberFilter(label=_('Margin (minutes)'))
    site = PlaceAtEitherEndFilter(
        'site', queryset=Site.objects.all(), to_field_name='slug', label=_('Site of either CI (slug)')
    )
    site_id = PlaceAtEitherEndFilter('site', queryset=Site.objects.all(), label=_('Site of either CI (ID)'))
    tenant = PlaceAtEitherEndFilter(
        'tenant', queryset=Tenant.objects.all(), to_field_name='slug', label=_('Tenant of either CI (slug)')
    )
    tenant_id = PlaceAtEitherEndFilter('tenant', queryset=Tenant.objects.all(), label=_('Tenant of either CI (ID)'))

    class Meta:
        model = Alignment
        fields = ('id', 'dependent_object_id', 'provider_object_id', 'redundancy_group')

    def search(self, queryset, name, value):
        return queryset.filter(ends_named(value) | Q(redundancy_group__icontains=value)) if value.strip() else queryset
