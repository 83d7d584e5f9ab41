import django_filters
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from tenancy.filtersets import ContactModelFilterSet
from tenancy.models import Tenant
from utilities.filters import MultiValueNumberFilter
from utilities.filtersets import register_filterset

from ..choices import CriticalityChoices, ITServiceStatusChoices
from ..models import BusinessFunction, ContinuityPlan, ITService
from .filters import NamedCIFilterSetMixin, StrictFilterSetMixin, VisiblePartsFilter

__all__ = ('BusinessFunctionFilterSet', 'ITServiceFilterSet')


class PlannedForFilterSetMixin(django_filters.FilterSet):
    """What continuity plans are for; `null`: no plan is."""
    continuity_plan_id = VisiblePartsFilter(
        field_name='plans', queryset=ContinuityPlan.objects.all(), label=_('Continuity plan (ID)')
    )


@register_filterset
class BusinessFunctionFilterSet(
    StrictFilterSetMixin, NamedCIFilterSetMixin, PlannedForFilterSetMixin, PrimaryModelFilterSet, ContactModelFilterSet
):
    criticality = django_filters.MultipleChoiceFilter(
        choices=CriticalityChoices, distinct=False, label=_('Criticality')
    )
    mtpd_minutes = MultiValueNumberFilter(label=_('MTPD (minutes)'))

    class Meta:
        model = BusinessFunction
        fields = ('id', 'name', 'slug', 'mtpd_reason', 'minimum_level', 'description')


@register_filterset
class ITServiceFilterSet(
    StrictFilterSetMixin, NamedCIFilterSetMixin, PlannedForFilterSetMixin, PrimaryModelFilterSet, ContactModelFilterSet
):
    status = django_filters.MultipleChoiceFilter(choices=ITServiceStatusChoices, distinct=False, label=_('Status'))
    tenant_id = VisiblePartsFilter(field_name='tenants', queryset=Tenant.objects.all(), label=_('Tenant (ID)'))
    tenant = VisiblePartsFilter(
        field_name='tenants', queryset=Tenant.objects.all(), to_field_name='slug', label=_('Tenant (slug)')
    )

    class Meta:
        model = ITService
        fields = ('id', 'name', 'slug', 'description')
