import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from utilities.filters import MultiValueCharFilter, MultiValueDateFilter, MultiValueNumberFilter
from utilities.filtersets import register_filterset

from ..choices import ContinuityTestResultChoices, ContinuityTestTypeChoices
from ..models import ContinuityPlan, ContinuityTest, ContinuityTestSubject
from .filters import CIFilterSetMixin, PlacedCIFilterSetMixin, StrictFilterSetMixin, TriStateFilter

__all__ = ('ContinuityTestFilterSet', 'ContinuityTestSubjectFilterSet')


@register_filterset
class ContinuityTestFilterSet(StrictFilterSetMixin, PrimaryModelFilterSet):
    plan = MultiValueCharFilter(field_name='plan__name', label=_('Plan (name)'))
    plan_id = django_filters.ModelMultipleChoiceFilter(
        queryset=ContinuityPlan.objects.all(), distinct=False, label=_('Plan (ID)')
    )
    test_type = django_filters.MultipleChoiceFilter(
        choices=ContinuityTestTypeChoices, distinct=False, label=_('Type')
    )
    result = django_filters.MultipleChoiceFilter(
        choices=ContinuityTestResultChoices, distinct=False, label=_('Result')
    )
    planned_on = MultiValueDateFilter(label=_('Planned for'))
    held_on = MultiValueDateFilter(label=_('Held on'))
    next_due = MultiValueDateFilter(label=_('Next due'))
    achieved_rto_minutes = MultiValueNumberFilter(label=_('Achieved RTO (minutes)'))
    achieved_rpo_minutes = MultiValueNumberFilter(label=_('Achieved RPO (minutes)'))
    overdue = django_filters.BooleanFilter(method='filter_overdue', label=_('Overdue'))
    stale = TriStateFilter(method='filter_stale', label=_('Stale'))

    class Meta:
        model = ContinuityTest
        fields = ('id', 'lessons', 'description')

    def filter_overdue(self, queryset, name, value):
        overdue = ContinuityTest.objects.overdue().order_by().values('pk')
        return queryset.filter(pk__in=overdue) if value else queryset.exclude(pk__in=overdue)

    def filter_stale(self, queryset, name, values):
        if not values:
            return queryset
        condition = Q()
        for text in values:
            flag = TriStateFilter.VALUES[text]
            condition |= Q(is_stale__isnull=True) if flag is None else Q(is_stale=flag)
        return queryset.with_stale().filter(condition)

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(plan__name__icontains=value) | Q(lessons__icontains=value) | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )


@register_filterset
class ContinuityTestSubjectFilterSet(
    StrictFilterSetMixin, PlacedCIFilterSetMixin, CIFilterSetMixin, PrimaryModelFilterSet
):
    test_id = django_filters.ModelMultipleChoiceFilter(
        queryset=ContinuityTest.objects.all(), distinct=False, label=_('Test (ID)')
    )
    plan_id = django_filters.ModelMultipleChoiceFilter(
        field_name='test__plan', queryset=ContinuityPlan.objects.all(), distinct=False, label=_('Plan (ID)')
    )
    held_on = MultiValueDateFilter(field_name='test__held_on', label=_('Held on'))
    achieved_rto_minutes = MultiValueNumberFilter(label=_('Achieved RTO (minutes)'))
    achieved_rpo_minutes = MultiValueNumberFilter(label=_('Achieved RPO (minutes)'))

    class Meta:
        model = ContinuityTestSubject
        fields = ('id', 'object_id', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(test__plan__name__icontains=value) | Q(register_entry__name__icontains=value)
            | Q(description__icontains=value)
        )
