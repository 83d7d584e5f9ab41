import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from netbox.filtersets import OrganizationalModelFilterSet, PrimaryModelFilterSet
from utilities.filters import MultiValueCharFilter
from utilities.filtersets import register_filterset

from ..models import Classification, Clause, Control, ControlCatalog, Risk, RiskTreatment, Standard
from .filters import ObjectChoiceFilter, StrictFilterSetMixin, TagsOfFilter

__all__ = ('ClauseFilterSet', 'ControlCatalogFilterSet', 'ControlFilterSet', 'StandardFilterSet')


@register_filterset
class StandardFilterSet(StrictFilterSetMixin, OrganizationalModelFilterSet):
    risk_id = django_filters.ModelMultipleChoiceFilter(
        field_name='risks', queryset=Risk.objects.all(), label=_('Risk (ID)')
    )

    class Meta:
        model = Standard
        fields = ('id', 'name', 'slug', 'edition', 'description')


class OfStandardFilterSetMixin(django_filters.FilterSet):
    """What belongs to a standard."""
    standard = ObjectChoiceFilter(queryset=Standard.objects.all(), to_field_name='slug', label=_('Standard (slug)'))
    standard_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Standard.objects.all(), distinct=False, label=_('Standard (ID)')
    )


@register_filterset
class ClauseFilterSet(StrictFilterSetMixin, OfStandardFilterSetMixin, PrimaryModelFilterSet):
    risk_id = django_filters.ModelMultipleChoiceFilter(
        field_name='risks', queryset=Risk.objects.all(), label=_('Risk (ID)')
    )

    class Meta:
        model = Clause
        fields = ('id', 'number', 'title', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(Q(number__istartswith=value) | Q(title__icontains=value))


@register_filterset
class ControlCatalogFilterSet(StrictFilterSetMixin, OfStandardFilterSetMixin, OrganizationalModelFilterSet):

    class Meta:
        model = ControlCatalog
        fields = ('id', 'name', 'slug', 'edition', 'description')


@register_filterset
class ControlFilterSet(StrictFilterSetMixin, PrimaryModelFilterSet):
    catalog = ObjectChoiceFilter(
        queryset=ControlCatalog.objects.all(), to_field_name='slug', label=_('Catalog (slug)')
    )
    catalog_id = django_filters.ModelMultipleChoiceFilter(
        queryset=ControlCatalog.objects.all(), distinct=False, label=_('Catalog (ID)')
    )
    theme = MultiValueCharFilter(label=_('Theme'))
    control_type = TagsOfFilter(label=_('Control type'))
    information_security_properties = TagsOfFilter(label=_('Information security properties'))
    cybersecurity_concepts = TagsOfFilter(label=_('Cybersecurity concepts'))
    operational_capabilities = TagsOfFilter(label=_('Operational capabilities'))
    security_domains = TagsOfFilter(label=_('Security domains'))
    replaces = django_filters.ModelMultipleChoiceFilter(
        field_name='replaces__ref', queryset=Control.objects.all(), to_field_name='ref',
        label=_('Replaces (reference)')
    )
    replaces_id = django_filters.ModelMultipleChoiceFilter(
        field_name='replaces', queryset=Control.objects.all(), label=_('Replaces (ID)')
    )
    replaced_by = django_filters.ModelMultipleChoiceFilter(
        field_name='replaced_by__ref', queryset=Control.objects.all(), to_field_name='ref',
        label=_('Replaced by (reference)')
    )
    replaced_by_id = django_filters.ModelMultipleChoiceFilter(
        field_name='replaced_by', queryset=Control.objects.all(), label=_('Replaced by (ID)')
    )
    required_by = ObjectChoiceFilter(
        queryset=Classification.objects.all(), to_field_name='slug', distinct=True,
        label=_('Required by classification (slug)')
    )
    required_by_id = django_filters.ModelMultipleChoiceFilter(
        field_name='required_by', queryset=Classification.objects.all(), label=_('Required by classification (ID)')
    )
    risk_treatment_id = django_filters.ModelMultipleChoiceFilter(
        field_name='risk_treatments', queryset=RiskTreatment.objects.all(), label=_('Risk treatment (ID)')
    )

    class Meta:
        model = Control
        fields = ('id', 'ref', 'title', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(ref__istartswith=value) | Q(title__icontains=value) | Q(description__icontains=value)
        )
