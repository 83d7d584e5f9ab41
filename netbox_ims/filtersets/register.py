import django_filters
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from dcim.models import DeviceRole, Site
from netbox.filtersets import BaseFilterSet, OrganizationalModelFilterSet, PrimaryModelFilterSet
from tenancy.filtersets import ContactModelFilterSet
from tenancy.models import Contact, Tenant
from users.models import User
from utilities.filters import (
    MultiValueCharFilter,
    MultiValueDateFilter,
    MultiValueDateTimeFilter,
    MultiValueNumberFilter,
    TreeNodeMultipleChoiceFilter,
)
from utilities.filtersets import register_filterset

from ..choices import AlignmentChoices, DecisionActionChoices, InformationAssetStatusChoices
from ..models import (
    AssetProfile,
    Classification,
    Control,
    Decision,
    InformationAsset,
    RegisterEntry,
    RetiredCI,
    Risk,
    Scope,
    Standard,
)
from ..querysets.ci_filters import SAVED_FILTERS
from ..querysets.register import flags_unknown
from ..rules.list_filters import as_query
from .filters import (
    AsOfFilter,
    CIFilterSetMixin,
    CITagFilter,
    ControlOfCIFilter,
    CoveredByFilter,
    InScopeFilter,
    LacksControlFilter,
    NamedCIFilterSetMixin,
    ObjectChoiceFilter,
    PlacedCIFilterSetMixin,
    RiskOfCIFilter,
    StrictFilterSetMixin,
    TriStateFilter,
)

__all__ = (
    'AssetProfileFilterSet',
    'ClassificationFilterSet',
    'DecisionFilterSet',
    'InformationAssetFilterSet',
    'RegisterEntryFilterSet',
    'RetiredCIFilterSet',
    'asked_moment',
    'spelled_out',
)


@register_filterset
class ClassificationFilterSet(StrictFilterSetMixin, OrganizationalModelFilterSet):
    required_control = ObjectChoiceFilter(
        field_name='required_controls', queryset=Control.objects.all(), to_field_name='ref', distinct=True,
        label=_('Required control (reference)')
    )
    required_control_id = django_filters.ModelMultipleChoiceFilter(
        field_name='required_controls', queryset=Control.objects.all(), label=_('Required control (ID)')
    )

    class Meta:
        model = Classification
        fields = (
            'id',
            'name',
            'slug',
            'level',
            'color',
            'review_interval_days',
            'requires_security_review',
            'description',
        )


@register_filterset
class InformationAssetFilterSet(
    StrictFilterSetMixin, NamedCIFilterSetMixin, PrimaryModelFilterSet, ContactModelFilterSet
):
    status = django_filters.MultipleChoiceFilter(choices=InformationAssetStatusChoices, distinct=False)
    custodian_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Contact.objects.all(), distinct=False, label=_('Custodian (ID)')
    )
    custodian = ObjectChoiceFilter(
        field_name='custodian', queryset=Contact.objects.all(), to_field_name='name', label=_('Custodian (name)')
    )

    class Meta:
        model = InformationAsset
        fields = ('id', 'name', 'slug', 'description')


class AssessmentFilterSetMixin(CIFilterSetMixin):
    """What the register and the profiles both hold of a CI's assessment, under the same names."""
    classification = ObjectChoiceFilter(
        queryset=Classification.objects.all(), to_field_name='slug', label=_('Classification (slug)')
    )
    classification_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Classification.objects.all(), distinct=False, label=_('Classification (ID)')
    )
    classification_level = MultiValueNumberFilter(field_name='classification__level', label=_('Classification level'))
    is_information_asset = TriStateFilter(label=_('Information asset'))
    handles_sensitive_data = TriStateFilter(label=_('Sensitive data'))
    processes_personal_data = TriStateFilter(label=_('Personal data'))
    flags_unknown = django_filters.BooleanFilter(method='filter_flags_unknown', label=_('Any flag unknown'))
    rto_minutes = MultiValueNumberFilter(label=_('RTO (minutes)'))
    rpo_minutes = MultiValueNumberFilter(label=_('RPO (minutes)'))
    asset_owner = ObjectChoiceFilter(
        queryset=Contact.objects.all(), to_field_name='name', label=_('Asset owner (name)')
    )
    asset_owner_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Contact.objects.all(), distinct=False, label=_('Asset owner (ID)')
    )
    review_due = MultiValueDateFilter(label=_('Review due'))
    review_overdue = django_filters.BooleanFilter(method='filter_review_overdue', label=_('Review overdue'))
    in_scope = InScopeFilter(
        queryset=Standard.objects.all(), to_field_name='slug', label=_('In scope of (slug of a standard)')
    )
    in_scope_id = InScopeFilter(queryset=Standard.objects.all(), label=_('In scope of (ID of a standard)'))
    scope_id = CoveredByFilter(queryset=Scope.objects.all(), label=_('Scope (ID)'))
    control = ControlOfCIFilter(
        queryset=Control.objects.all(), to_field_name='ref', label=_('Control (reference)')
    )
    control_id = ControlOfCIFilter(queryset=Control.objects.all(), label=_('Control (ID)'))
    lacks_control = LacksControlFilter(
        queryset=Control.objects.all(), to_field_name='ref', null_label=None,
        label=_('Required control missing (reference)')
    )
    lacks_control_id = LacksControlFilter(
        queryset=Control.objects.all(), null_label=None, label=_('Required control missing (ID)')
    )
    risk = RiskOfCIFilter(queryset=Risk.objects.all(), to_field_name='reference', label=_('Risk (reference)'))
    risk_id = RiskOfCIFilter(queryset=Risk.objects.all(), label=_('Risk (ID)'))

    def filter_flags_unknown(self, queryset, name, value):
        return queryset.filter(flags_unknown()) if value else queryset.exclude(flags_unknown())

    def filter_review_overdue(self, queryset, name, value):
        # Without a date nobody can say that it is not overdue.
        today = getattr(queryset, 'today', None) or timezone.localdate()
        return queryset.filter(review_due__lt=today) if value else queryset.filter(review_due__gte=today)


@register_filterset
class RegisterEntryFilterSet(StrictFilterSetMixin, AssessmentFilterSetMixin, BaseFilterSet):
    q = django_filters.CharFilter(method='search', label=_('Search'))
    name = MultiValueCharFilter(label=_('Name'))
    site = ObjectChoiceFilter(queryset=Site.objects.all(), to_field_name='slug', label=_('Site (slug)'))
    site_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Site.objects.all(), distinct=False, label=_('Site (ID)')
    )
    tenant = ObjectChoiceFilter(queryset=Tenant.objects.all(), to_field_name='slug', label=_('Tenant (slug)'))
    tenant_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Tenant.objects.all(), distinct=False, label=_('Tenant (ID)')
    )
    role = TreeNodeMultipleChoiceFilter(
        queryset=DeviceRole.objects.all(), lookup_expr='in', to_field_name='slug', distinct=False,
        label=_('Role (slug)')
    )
    role_id = TreeNodeMultipleChoiceFilter(
        queryset=DeviceRole.objects.all(), lookup_expr='in', distinct=False, label=_('Role (ID)')
    )
    status = MultiValueCharFilter(label=_('Status'))
    profiled = django_filters.BooleanFilter(
        field_name='profile', lookup_expr='isnull', exclude=True, label=_('Profiled')
    )
    tag = CITagFilter()
    effective_classification = ObjectChoiceFilter(
        queryset=Classification.objects.all(), to_field_name='slug', label=_('Effective classification (slug)')
    )
    effective_classification_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Classification.objects.all(), distinct=False, label=_('Effective classification (ID)')
    )
    effective_classification_level = MultiValueNumberFilter(
        field_name='effective_classification__level', label=_('Effective classification level')
    )
    effective_handles_sensitive_data = TriStateFilter(label=_('Effective sensitive data'))
    effective_processes_personal_data = TriStateFilter(label=_('Effective personal data'))
    under_classified = TriStateFilter(label=_('Under-classified'))
    alignment = django_filters.MultipleChoiceFilter(choices=AlignmentChoices, distinct=False, label=_('Alignment'))
    as_of = AsOfFilter(label=_('As of'))

    class Meta:
        model = RegisterEntry
        fields = (
            'id', 'object_id', 'classification_override', 'effective_complete', 'required_rto_minutes',
            'required_rpo_minutes', 'effective_rto_minutes', 'effective_rpo_minutes',
        )

    def search(self, queryset, name, value):
        return queryset.filter(name__icontains=value) if value.strip() else queryset


def spelled_out(request, parameters):
    """The parameters of the register's address, with those of the saved filters it names instead of these."""
    if not SAVED_FILTERS & parameters.keys():
        return parameters
    # NetBox's own way, which leaves out filters that the user may not use
    whole = RegisterEntryFilterSet(parameters, request=request).data
    return QueryDict(as_query({name: [each for each in values if each is not None] for name, values in whole.lists()}))


def asked_moment(request, parameters):
    """The moment, as text, that the register's address asks about: by itself or else by a saved filter; or None."""
    return parameters.get('as_of') or spelled_out(request, parameters).get('as_of')


@register_filterset
class AssetProfileFilterSet(
    StrictFilterSetMixin, PlacedCIFilterSetMixin, AssessmentFilterSetMixin, PrimaryModelFilterSet,
    ContactModelFilterSet
):
    role = TreeNodeMultipleChoiceFilter(
        field_name='register_entry__role', queryset=DeviceRole.objects.all(), lookup_expr='in', to_field_name='slug',
        distinct=False, label=_('Role (slug)')
    )
    role_id = TreeNodeMultipleChoiceFilter(
        field_name='register_entry__role', queryset=DeviceRole.objects.all(), lookup_expr='in', distinct=False,
        label=_('Role (ID)')
    )
    status = MultiValueCharFilter(field_name='register_entry__status', label=_('Status'))
    effective_classification = ObjectChoiceFilter(
        field_name='register_entry__effective_classification', queryset=Classification.objects.all(),
        to_field_name='slug', label=_('Effective classification (slug)')
    )
    effective_classification_id = django_filters.ModelMultipleChoiceFilter(
        field_name='register_entry__effective_classification', queryset=Classification.objects.all(), distinct=False,
        label=_('Effective classification (ID)')
    )
    under_classified = TriStateFilter(field_name='register_entry__under_classified', label=_('Under-classified'))
    alignment = django_filters.MultipleChoiceFilter(
        field_name='register_entry__alignment', choices=AlignmentChoices, distinct=False, label=_('Alignment')
    )
    effective_rto_minutes = MultiValueNumberFilter(
        field_name='register_entry__effective_rto_minutes', label=_('Effective RTO (minutes)')
    )

    class Meta:
        model = AssetProfile
        fields = (
            'id', 'object_id', 'confidentiality', 'integrity', 'availability', 'data_categories', 'last_reviewed',
            'classification_override', 'override_justification', 'description',
        )

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(register_entry__name__icontains=value) | Q(data_categories__icontains=value)
            | Q(description__icontains=value) | Q(comments__icontains=value)
        )


class EvidenceFilterSet(StrictFilterSetMixin, CIFilterSetMixin, BaseFilterSet):
    """Base filterset of the append-only records."""
    q = django_filters.CharFilter(method='search', label=_('Search'))
    name = MultiValueCharFilter(label=_('Name'))
    time = MultiValueDateTimeFilter(label=_('Time'))
    user_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('User (ID)')
    )
    user = ObjectChoiceFilter(queryset=User.objects.all(), to_field_name='username', label=_('User (name)'))

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(Q(name__icontains=value) | Q(reason__icontains=value) | Q(user_name__icontains=value))


@register_filterset
class DecisionFilterSet(EvidenceFilterSet):
    action = django_filters.MultipleChoiceFilter(choices=DecisionActionChoices, distinct=False, label=_('Action'))

    class Meta:
        model = Decision
        fields = ('id', 'object_id', 'user_name', 'reason')


@register_filterset
class RetiredCIFilterSet(EvidenceFilterSet):
    site = ObjectChoiceFilter(queryset=Site.objects.all(), to_field_name='slug', label=_('Site (slug)'))
    site_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Site.objects.all(), distinct=False, label=_('Site (ID)')
    )
    tenant = ObjectChoiceFilter(queryset=Tenant.objects.all(), to_field_name='slug', label=_('Tenant (slug)'))
    tenant_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Tenant.objects.all(), distinct=False, label=_('Tenant (ID)')
    )
    is_information_asset = TriStateFilter(label=_('Information asset'))
    handles_sensitive_data = TriStateFilter(label=_('Sensitive data'))
    processes_personal_data = TriStateFilter(label=_('Personal data'))

    class Meta:
        model = RetiredCI
        fields = (
            'id',
            'object_id',
            'classification',
            'asset_owner',
            'status',
            'site_name',
            'tenant_name',
            'user_name',
            'reason',
        )
