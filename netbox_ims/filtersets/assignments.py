import django_filters
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from users.models import User
from utilities.filters import MultiValueDateFilter
from utilities.filtersets import register_filterset

from ..choices import AssignmentStatusChoices
from ..models import (
    Classification,
    Control,
    ControlAssignment,
    ControlCatalog,
    Scope,
    SoaEntry,
    Standard,
)
from .filters import (
    CIFilterSetMixin,
    ClassificationLevelFilter,
    ClassifiedFilter,
    CoveredByFilter,
    InScopeFilter,
    ObjectChoiceFilter,
    PlacedCIFilterSetMixin,
    StrictFilterSetMixin,
)

__all__ = ('ControlAssignmentFilterSet',)


@register_filterset
class ControlAssignmentFilterSet(
    StrictFilterSetMixin, PlacedCIFilterSetMixin, CIFilterSetMixin, PrimaryModelFilterSet
):
    control = ObjectChoiceFilter(queryset=Control.objects.all(), to_field_name='ref', label=_('Control (reference)'))
    control_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Control.objects.all(), distinct=False, label=_('Control (ID)')
    )
    catalog = ObjectChoiceFilter(
        field_name='control__catalog', queryset=ControlCatalog.objects.all(), to_field_name='slug',
        label=_('Catalog (slug)')
    )
    catalog_id = django_filters.ModelMultipleChoiceFilter(
        field_name='control__catalog', queryset=ControlCatalog.objects.all(), distinct=False, label=_('Catalog (ID)')
    )
    status = django_filters.MultipleChoiceFilter(choices=AssignmentStatusChoices, distinct=False, label=_('Status'))
    verified_on = MultiValueDateFilter(label=_('Verified on'))
    verified_by = ObjectChoiceFilter(
        queryset=User.objects.all(), to_field_name='username', label=_('Verified by (user name)')
    )
    verified_by_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('Verified by (ID)')
    )
    review_due = MultiValueDateFilter(label=_('Due again'))
    review_overdue = django_filters.BooleanFilter(method='filter_review_overdue', label=_('Overdue'))
    classification = ClassifiedFilter(
        queryset=Classification.objects.all(), to_field_name='slug', label=_('Classification (slug)')
    )
    classification_id = ClassifiedFilter(queryset=Classification.objects.all(), label=_('Classification (ID)'))
    classification_level = ClassificationLevelFilter(
        field_name='register_entry__classification__level', label=_('Classification level')
    )
    in_scope = InScopeFilter(
        queryset=Standard.objects.all(), to_field_name='slug', label=_('In scope of (slug of a standard)')
    )
    in_scope_id = InScopeFilter(queryset=Standard.objects.all(), label=_('In scope of (ID of a standard)'))
    excluded = django_filters.BooleanFilter(
        method='filter_excluded', label=_('Excluded by a statement of applicability')
    )
    scope_id = CoveredByFilter(queryset=Scope.objects.all(), label=_('Scope (ID)'))

    class Meta:
        model = ControlAssignment
        fields = ('id', 'object_id', 'evidence_url', 'description')

    def filter_review_overdue(self, queryset, name, value):
        today = timezone.localdate()
        # Without a date nobody can say that it is not overdue.
        return queryset.filter(review_due__lt=today) if value else queryset.filter(review_due__gte=today)

    def filter_excluded(self, queryset, name, value):
        entries = SoaEntry.objects.all()
        if self.request:
            if not self.request.user.has_perm('netbox_ims.view_soaentry'):
                return queryset.none()      # who may not see what is excluded can't be told what is not either
            entries = entries.restrict(self.request.user, 'view')
        excluded = ControlAssignment.objects.excluded(entries.exclusions()).order_by().values('pk')
        return queryset.filter(pk__in=excluded) if value else queryset.exclude(pk__in=excluded)

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(control__ref__istartswith=value) | Q(control__title__icontains=value)
            | Q(register_entry__name__icontains=value) | Q(description__icontains=value)
        )
