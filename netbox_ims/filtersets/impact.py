import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from utilities.filters import MultiValueDateFilter
from utilities.filtersets import register_filterset

from ..models import BusinessFunction, BusinessImpactAnalysis
from .filters import ObjectChoiceFilter, StrictFilterSetMixin

__all__ = ('BusinessImpactAnalysisFilterSet',)


@register_filterset
class BusinessImpactAnalysisFilterSet(StrictFilterSetMixin, PrimaryModelFilterSet):
    function = ObjectChoiceFilter(
        queryset=BusinessFunction.objects.all(), to_field_name='slug', label=_('Business function (slug)')
    )
    function_id = django_filters.ModelMultipleChoiceFilter(
        queryset=BusinessFunction.objects.all(), distinct=False, label=_('Business function (ID)')
    )
    analysed_on = MultiValueDateFilter(label=_('Analysed on'))
    newest = django_filters.BooleanFilter(method='filter_newest', label=_('Newest of its function'))

    class Meta:
        model = BusinessImpactAnalysis
        fields = ('id', 'tolerable_rating', 'description')

    def filter_newest(self, queryset, name, value):
        same = BusinessImpactAnalysis.objects.filter(function=OuterRef('function'))
        newer = same.filter(
            Q(analysed_on__gt=OuterRef('analysed_on')) | Q(analysed_on=OuterRef('analysed_on'), pk__gt=OuterRef('pk'))
        )
        return queryset.filter(~Exists(newer) if value else Exists(newer))

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(function__name__icontains=value) | Q(description__icontains=value) | Q(comments__icontains=value)
        )
