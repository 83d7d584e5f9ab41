import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset

from ..choices import PlanStatusChoices, PlanTypeChoices
from ..models import BusinessFunction, ContinuityPlan, ITService
from .filters import ApprovedFilterSetMixin, StrictFilterSetMixin, VisiblePartsFilter

__all__ = ('ContinuityPlanFilterSet',)


@register_filterset
class ContinuityPlanFilterSet(StrictFilterSetMixin, ApprovedFilterSetMixin, PrimaryModelFilterSet):
    plan_type = django_filters.MultipleChoiceFilter(choices=PlanTypeChoices, distinct=False, label=_('Type'))
    status = django_filters.MultipleChoiceFilter(choices=PlanStatusChoices, distinct=False, label=_('Status'))
    parent_id = django_filters.ModelMultipleChoiceFilter(
        queryset=ContinuityPlan.objects.all(), distinct=False, label=_('Business plan (ID)')
    )
    function = VisiblePartsFilter(
        field_name='functions', queryset=BusinessFunction.objects.all(), to_field_name='slug',
        label=_('Business function (slug)')
    )
    function_id = VisiblePartsFilter(
        field_name='functions', queryset=BusinessFunction.objects.all(), label=_('Business function (ID)')
    )
    service = VisiblePartsFilter(
        field_name='services', queryset=ITService.objects.all(), to_field_name='slug', label=_('Service (slug)')
    )
    service_id = VisiblePartsFilter(field_name='services', queryset=ITService.objects.all(), label=_('Service (ID)'))

    class Meta:
        model = ContinuityPlan
        fields = ('id', 'name', 'version', 'sha256', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(name__icontains=value) | Q(purpose__icontains=value) | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )
