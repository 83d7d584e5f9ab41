import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from dcim.models import Site
from netbox.filtersets import PrimaryModelFilterSet
from tenancy.models import Contact, Tenant
from users.models import User
from utilities.filters import MultiValueCharFilter, MultiValueDateFilter, MultiValueDateTimeFilter
from utilities.filtersets import register_filterset

from ..choices import ImplementationStatusChoices, SoaReasonChoices, StatementStatusChoices
from ..models import Control, ControlCatalog, Scope, SoaEntry, Standard, StatementOfApplicability
from .controls import OfStandardFilterSetMixin
from .filters import (
    ApprovedFilterSetMixin,
    ChoicesOfFilter,
    ObjectChoiceFilter,
    StrictFilterSetMixin,
    TriStateFilter,
    VisiblePartsFilter,
)

__all__ = ('ScopeFilterSet', 'SoaEntryFilterSet', 'StatementOfApplicabilityFilterSet')


@register_filterset
class ScopeFilterSet(StrictFilterSetMixin, OfStandardFilterSetMixin, PrimaryModelFilterSet):
    site = VisiblePartsFilter(
        field_name='sites', queryset=Site.objects.all(), to_field_name='slug', label=_('Site (slug)')
    )
    site_id = VisiblePartsFilter(field_name='sites', queryset=Site.objects.all(), label=_('Site (ID)'))
    tenant = VisiblePartsFilter(
        field_name='tenants', queryset=Tenant.objects.all(), to_field_name='slug', label=_('Tenant (slug)')
    )
    tenant_id = VisiblePartsFilter(field_name='tenants', queryset=Tenant.objects.all(), label=_('Tenant (ID)'))

    class Meta:
        model = Scope
        fields = ('id', 'name', 'statement', 'difference_explanation', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(name__icontains=value) | Q(statement__icontains=value) | Q(description__icontains=value)
        )


@register_filterset
class StatementOfApplicabilityFilterSet(StrictFilterSetMixin, ApprovedFilterSetMixin, PrimaryModelFilterSet):
    catalog = ObjectChoiceFilter(
        queryset=ControlCatalog.objects.all(), to_field_name='slug', label=_('Catalog (slug)')
    )
    catalog_id = django_filters.ModelMultipleChoiceFilter(
        queryset=ControlCatalog.objects.all(), distinct=False, label=_('Catalog (ID)')
    )
    scope = ObjectChoiceFilter(queryset=Scope.objects.all(), to_field_name='name', label=_('Scope (name)'))
    scope_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Scope.objects.all(), distinct=False, label=_('Scope (ID)')
    )
    standard = django_filters.ModelMultipleChoiceFilter(
        queryset=Standard.objects.all(), to_field_name='slug', method='filter_standard', null_label=None,
        label=_('Standard (slug)')
    )
    standard_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Standard.objects.all(), method='filter_standard', null_label=None, label=_('Standard (ID)')
    )
    status = django_filters.MultipleChoiceFilter(choices=StatementStatusChoices, distinct=False, label=_('Status'))
    submitted_by_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('Submitted by (ID)')
    )
    submitted_on = MultiValueDateTimeFilter(label=_('Submitted on'))

    class Meta:
        model = StatementOfApplicability
        fields = ('id', 'version', 'sha256', 'description')

    def filter_standard(self, queryset, name, value):
        # The standard it names on approval: that of its catalog or, where the catalog is for none, of its scope
        by_scope = Q(catalog__standard=None, scope__standard__in=value)
        return queryset.filter(Q(catalog__standard__in=value) | by_scope) if value else queryset

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(scope__name__icontains=value) | Q(catalog__name__icontains=value) | Q(description__icontains=value)
        )


@register_filterset
class SoaEntryFilterSet(StrictFilterSetMixin, PrimaryModelFilterSet):
    statement_id = django_filters.ModelMultipleChoiceFilter(
        queryset=StatementOfApplicability.objects.all(), distinct=False, label=_('Statement (ID)')
    )
    statement_status = django_filters.MultipleChoiceFilter(
        field_name='statement__status', choices=StatementStatusChoices, distinct=False,
        label=_('Status of the statement')
    )
    control = ObjectChoiceFilter(queryset=Control.objects.all(), to_field_name='ref', label=_('Control (reference)'))
    control_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Control.objects.all(), distinct=False, label=_('Control (ID)')
    )
    theme = MultiValueCharFilter(field_name='control__theme', label=_('Theme'))
    applicable = TriStateFilter(label=_('Applicable'))
    reasons = ChoicesOfFilter(choices=SoaReasonChoices, label=_('Reason'))
    justified = django_filters.BooleanFilter(method='filter_justified', label=_('Justified'))
    implementation_status = django_filters.MultipleChoiceFilter(
        choices=ImplementationStatusChoices, distinct=False, label=_('Implementation status')
    )
    responsible = ObjectChoiceFilter(
        queryset=Contact.objects.all(), to_field_name='name', label=_('Responsible (name)')
    )
    responsible_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Contact.objects.all(), distinct=False, label=_('Responsible (ID)')
    )
    target_date = MultiValueDateFilter(label=_('Target date'))

    class Meta:
        model = SoaEntry
        fields = ('id', 'justification', 'implementation', 'evidence_url', 'description')

    def filter_justified(self, queryset, name, value):
        blank = Q(justification__regex=r'^\s*$')
        return queryset.exclude(blank) if value else queryset.filter(blank)

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(control__ref__istartswith=value) | Q(control__title__icontains=value) | Q(justification__icontains=value)
            | Q(implementation__icontains=value)
        )
