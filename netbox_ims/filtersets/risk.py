import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dcim.models import Site
from netbox.filtersets import PrimaryModelFilterSet
from tenancy.models import Contact, Tenant
from users.models import User
from utilities.filters import (
    MultiValueCharFilter,
    MultiValueDateFilter,
    MultiValueDateTimeFilter,
    MultiValueNumberFilter,
)
from utilities.filtersets import register_filterset

from ..choices import RiskAcceptanceStatusChoices, RiskStatusChoices, RiskTreatmentChoices
from ..ci_types import get_ci_types
from ..models import (
    Clause,
    Control,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
    Standard,
)
from .filters import (
    CIFilterSetMixin,
    CITypeFilter,
    EitherEndFilterMixin,
    InScopeFilter,
    ObjectChoiceFilter,
    PlacedCIFilterSetMixin,
    StrictFilterSetMixin,
    TriStateFilter,
    content_type_of,
)

__all__ = (
    'RiskAcceptanceFilterSet', 'RiskAssignmentFilterSet', 'RiskFilterSet', 'RiskMatrixFilterSet',
    'RiskTreatmentFilterSet',
)


class ThroughFilter(django_filters.ModelMultipleChoiceFilter):
    """
    Base of filters of risks by what they have several of, asked by EXISTS: no row twice, and counted as fast as by a
    column. `path` leads from `rows()` to the objects chosen, `risk` to the risk, whose primary key is in `outer`.
    `null` matches risks for which it leads to none.
    """
    path, risk, outer = '', 'risk', 'pk'

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('field_name', 'id')           # a real one, so that NetBox derives `…__n`
        kwargs.setdefault('distinct', False)
        super().__init__(*args, **kwargs)

    def rows(self):
        raise NotImplementedError

    def filter(self, qs, value):
        if not value:
            return qs
        rows = self.rows().filter(**{self.risk: OuterRef(self.outer)})
        chosen = [each for each in value if each != self.null_value]
        condition = Q(Exists(rows.filter(**{f'{self.path}__in': chosen})))
        if len(chosen) < len(value):
            condition |= ~Exists(rows.filter(**{f'{self.path}__isnull': False}))
        return qs.exclude(condition) if self.exclude else qs.filter(condition)


class StandardFilter(ThroughFilter):
    """Risks categorised by one of these standards."""
    path = 'standard'

    def rows(self):
        return Risk.standards.through.objects.all()


class StandardOfRiskFilter(StandardFilter):
    """What belongs to such a risk."""
    outer = 'risk_id'


class ClauseFilter(ThroughFilter):
    path = 'clause'

    def rows(self):
        return Risk.clauses.through.objects.all()


class TreatmentFilter(ThroughFilter):
    """Base of filters by the actions against a risk, of those that whoever asks may view."""

    def rows(self):
        return seen(self, RiskTreatment)


class ControlFilter(TreatmentFilter):
    path = 'controls'


class ResponsibleFilter(TreatmentFilter):
    path = 'responsible'


class CIsFilter(ThroughFilter):
    """Base of filters by the CIs a risk is about, of those that whoever asks may view."""

    def rows(self):
        return seen(self, RiskAssignment)


class SiteFilter(CIsFilter):
    path = 'register_entry__site'


class TenantFilter(CIsFilter):
    path = 'register_entry__tenant'


class TreatmentChoiceFilter(django_filters.MultipleChoiceFilter):
    """How risks are dealt with; `null`, as of other columns, if that is not decided."""

    def get_filter_predicate(self, v):
        return super().get_filter_predicate('' if v is None else v)


def seen(each, model):
    """The model's objects that whoever asks may view; all where nobody asks (a job, a script)."""
    request = each.parent.request
    return model.objects.restrict(request.user, 'view') if request else model.objects.all()


class AboutCIFilter(EitherEndFilterMixin, MultiValueNumberFilter):
    """Risks about CIs of one type by primary key; about one of them, if the user may see it."""

    def __init__(self, ci_type, exclude=False):
        self.ci_type = ci_type
        super().__init__(
            field_name='id', lookup_expr='exact', exclude=exclude,
            label=_('{type} (ID)').format(type=ci_type.verbose_name)
        )

    def filter(self, qs, value):
        if not value:
            return qs
        these = seen(self, RiskAssignment).filter(
            risk=OuterRef('pk'), object_type=self.ci_type.content_type, object_id__in=value
        )
        return qs.exclude(Exists(these)) if self.exclude else qs.filter(Exists(these))


class AboutCITypeFilter(EitherEndFilterMixin, CITypeFilter):
    """Risks about CIs of these types; together with `object_id`, about that very CI."""

    def filter(self, qs, value):
        if not value:
            return qs
        lookups = {'object_type__in': [content_type_of(label) for label in value if label]}
        if not self.exclude and (ids := self.parent.form.cleaned_data.get('object_id')):
            lookups['object_id__in'] = ids
        these = Exists(seen(self, RiskAssignment).filter(risk=OuterRef('pk'), **lookups))
        return qs.exclude(these) if self.exclude else qs.filter(these)


class AboutCIIdFilter(EitherEndFilterMixin, MultiValueNumberFilter):

    def filter(self, qs, value):
        if not value or self.parent.form.cleaned_data.get('object_type'):
            return qs
        return qs.filter(Exists(seen(self, RiskAssignment).filter(risk=OuterRef('pk'), object_id__in=value)))


class AboutCIsFilterSetMixin(django_filters.FilterSet):
    """What is about several CIs, by each: `object_type=dcim.device&object_id=7`, `device_id=7`, or by their site."""
    object_type = AboutCITypeFilter(label=_('Object type of a CI'))
    object_type__n = AboutCITypeFilter(label=_('Object type of a CI'), exclude=True)
    object_id = AboutCIIdFilter(label=_('Object ID of a CI'))
    site = SiteFilter(
        queryset=Site.objects.all(), to_field_name='slug',
        label=_('Site of a CI (slug)')
    )
    site_id = SiteFilter(
        queryset=Site.objects.all(), label=_('Site of a CI (ID)')
    )
    tenant = TenantFilter(
        queryset=Tenant.objects.all(), to_field_name='slug',
        label=_('Tenant of a CI (slug)')
    )
    tenant_id = TenantFilter(
        queryset=Tenant.objects.all(),
        label=_('Tenant of a CI (ID)')
    )

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        for ci_type in get_ci_types().values():
            if ci_type.id_filter not in filters:
                filters[ci_type.id_filter] = AboutCIFilter(ci_type)
                filters[f'{ci_type.id_filter}__n'] = AboutCIFilter(ci_type, exclude=True)
        return filters


@register_filterset
class RiskMatrixFilterSet(StrictFilterSetMixin, PrimaryModelFilterSet):
    activated_on = MultiValueDateTimeFilter(label=_('Activated on'))
    replaced_on = MultiValueDateTimeFilter(label=_('Replaced on'))

    class Meta:
        model = RiskMatrix
        fields = ('id', 'name', 'version', 'acceptance_level', 'is_active', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(Q(name__icontains=value) | Q(description__icontains=value))


@register_filterset
class RiskFilterSet(StrictFilterSetMixin, AboutCIsFilterSetMixin, PrimaryModelFilterSet):
    standard = StandardFilter(
        queryset=Standard.objects.all(), to_field_name='slug',
        label=_('Standard (slug)')
    )
    standard_id = StandardFilter(
        queryset=Standard.objects.all(), label=_('Standard (ID)')
    )
    clause_id = ClauseFilter(
        queryset=Clause.objects.all(), label=_('Clause (ID)')
    )
    control = ControlFilter(
        queryset=Control.objects.all(), to_field_name='ref',
        label=_('Control of a treatment (reference)')
    )
    control_id = ControlFilter(
        queryset=Control.objects.all(), label=_('Control of a treatment (ID)')
    )
    responsible_id = ResponsibleFilter(
        queryset=Contact.objects.all(),
        label=_('Responsible for a treatment (ID)')
    )
    matrix_id = django_filters.ModelMultipleChoiceFilter(
        queryset=RiskMatrix.objects.all(), distinct=False, label=_('Matrix (ID)')
    )
    status = django_filters.MultipleChoiceFilter(choices=RiskStatusChoices, distinct=False, label=_('Status'))
    treatment = TreatmentChoiceFilter(choices=RiskTreatmentChoices, distinct=False, label=_('Treatment'))
    risk_owner = ObjectChoiceFilter(
        queryset=Contact.objects.all(), to_field_name='name', label=_('Risk owner (name)')
    )
    risk_owner_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Contact.objects.all(), distinct=False, label=_('Risk owner (ID)')
    )
    review_due = MultiValueDateFilter(label=_('Review due'))
    level = MultiValueCharFilter(field_name='current_level', label=_('Current level (slug)'))
    inherent_level = MultiValueCharFilter(label=_('Inherent level (slug)'))
    current_level = MultiValueCharFilter(label=_('Current level (slug)'))
    target_level = MultiValueCharFilter(label=_('Target level (slug)'))
    above_acceptance = TriStateFilter(label=_('Above acceptance'))
    rated = django_filters.BooleanFilter(
        field_name='current_level', lookup_expr='isnull', exclude=True, label=_('Has a current level')
    )
    untreated = django_filters.BooleanFilter(method='filter_untreated', label=_('Untreated'))
    accepted = django_filters.BooleanFilter(method='filter_accepted', label=_('Acceptance in force'))
    overdue = django_filters.BooleanFilter(method='filter_overdue', label=_('Review or treatment overdue'))
    review_overdue = django_filters.BooleanFilter(method='filter_review_overdue', label=_('Review overdue'))

    class Meta:
        model = Risk
        fields = (
            'id', 'reference', 'title', 'threat', 'vulnerability', 'inherent_likelihood', 'inherent_impact',
            'inherent_rank', 'current_likelihood', 'current_impact', 'current_rank', 'target_likelihood',
            'target_impact', 'target_rank', 'residual_explanation', 'reassess', 'description',
        )

    def filter_untreated(self, queryset, name, value):
        return queryset.untreated() if value else queryset.treated()

    def filter_accepted(self, queryset, name, value):
        accepted = Risk.objects.accepted().order_by().values('pk')
        return queryset.filter(pk__in=accepted) if value else queryset.exclude(pk__in=accepted)

    def filter_overdue(self, queryset, name, value):
        return queryset.overdue() if value else queryset.on_time()

    def filter_review_overdue(self, queryset, name, value):
        today = timezone.localdate()
        # Without a date nobody can say that it is not overdue.
        return queryset.open().filter(**{'review_due__lt' if value else 'review_due__gte': today})

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(reference__icontains=value) | Q(title__icontains=value) | Q(threat__icontains=value)
            | Q(vulnerability__icontains=value) | Q(description__icontains=value)
        )


class OfRiskFilterSetMixin(django_filters.FilterSet):
    """What belongs to a risk."""
    risk = ObjectChoiceFilter(queryset=Risk.objects.all(), to_field_name='reference', label=_('Risk (reference)'))
    risk_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Risk.objects.all(), distinct=False, label=_('Risk (ID)')
    )
    standard = StandardOfRiskFilter(
        queryset=Standard.objects.all(),
        to_field_name='slug', label=_('Standard of the risk (slug)')
    )
    standard_id = StandardOfRiskFilter(
        queryset=Standard.objects.all(),
        label=_('Standard of the risk (ID)')
    )
    risk_status = django_filters.MultipleChoiceFilter(
        field_name='risk__status', choices=RiskStatusChoices, distinct=False, label=_('Status of the risk')
    )
    level = MultiValueCharFilter(field_name='risk__current_level', label=_('Current level of the risk (slug)'))
    above_acceptance = TriStateFilter(field_name='risk__above_acceptance', label=_('Above acceptance'))


@register_filterset
class RiskAssignmentFilterSet(
    StrictFilterSetMixin, OfRiskFilterSetMixin, PlacedCIFilterSetMixin, CIFilterSetMixin, PrimaryModelFilterSet
):
    in_scope = InScopeFilter(
        queryset=Standard.objects.all(), to_field_name='slug', label=_('In scope of (slug of a standard)')
    )
    in_scope_id = InScopeFilter(queryset=Standard.objects.all(), label=_('In scope of (ID of a standard)'))

    class Meta:
        model = RiskAssignment
        fields = ('id', 'object_id', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(risk__reference__istartswith=value) | Q(risk__title__icontains=value)
            | Q(register_entry__name__icontains=value) | Q(description__icontains=value)
        )


@register_filterset
class RiskTreatmentFilterSet(StrictFilterSetMixin, OfRiskFilterSetMixin, PrimaryModelFilterSet):
    responsible = ObjectChoiceFilter(
        queryset=Contact.objects.all(), to_field_name='name', label=_('Responsible (name)')
    )
    responsible_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Contact.objects.all(), distinct=False, label=_('Responsible (ID)')
    )
    due = MultiValueDateFilter(label=_('Due'))
    done_on = MultiValueDateFilter(label=_('Done on'))
    done = django_filters.BooleanFilter(field_name='done_on', lookup_expr='isnull', exclude=True, label=_('Done'))
    overdue = django_filters.BooleanFilter(method='filter_overdue', label=_('Overdue'))
    control = django_filters.ModelMultipleChoiceFilter(
        field_name='controls__ref', queryset=Control.objects.all(), to_field_name='ref', label=_('Control (reference)')
    )
    control_id = django_filters.ModelMultipleChoiceFilter(
        field_name='controls', queryset=Control.objects.all(), label=_('Control (ID)')
    )

    class Meta:
        model = RiskTreatment
        fields = ('id', 'name', 'progress', 'description')

    def filter_overdue(self, queryset, name, value):
        overdue = RiskTreatment.objects.overdue().order_by().values('pk')
        # Without a date nobody can say that it is not overdue.
        return queryset.filter(pk__in=overdue) if value else queryset.exclude(pk__in=overdue).filter(due__isnull=False)

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(name__icontains=value) | Q(risk__reference__istartswith=value) | Q(risk__title__icontains=value)
            | Q(description__icontains=value)
        )


@register_filterset
class RiskAcceptanceFilterSet(StrictFilterSetMixin, OfRiskFilterSetMixin, PrimaryModelFilterSet):
    status = django_filters.MultipleChoiceFilter(
        choices=RiskAcceptanceStatusChoices, distinct=False, label=_('Status')
    )
    valid_until = MultiValueDateFilter(label=_('Valid until'))
    requested_by = ObjectChoiceFilter(
        queryset=User.objects.all(), to_field_name='username', label=_('Requested by (user name)')
    )
    requested_by_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('Requested by (ID)')
    )
    requested_on = MultiValueDateTimeFilter(label=_('Requested on'))
    decided_by = ObjectChoiceFilter(
        queryset=User.objects.all(), to_field_name='username', label=_('Decided by (user name)')
    )
    decided_by_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('Decided by (ID)')
    )
    decided_on = MultiValueDateTimeFilter(label=_('Decided on'))
    in_force = django_filters.BooleanFilter(method='filter_in_force', label=_('In force'))

    class Meta:
        model = RiskAcceptance
        fields = ('id', 'justification', 'description')

    def filter_in_force(self, queryset, name, value):
        in_force = RiskAcceptance.objects.in_force().order_by().values('pk')
        return queryset.filter(pk__in=in_force) if value else queryset.exclude(pk__in=in_force)

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(risk__reference__istartswith=value) | Q(risk__title__icontains=value) | Q(justification__icontains=value)
            | Q(description__icontains=value)
        )
