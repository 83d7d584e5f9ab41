import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset

from ..choices import ClassificationRuleModeChoices
from ..models import Classification, ClassificationRule
from .filters import CITypeFilter, ObjectChoiceFilter, StrictFilterSetMixin, TriStateFilter

__all__ = ('ClassificationRuleFilterSet',)


@register_filterset
class ClassificationRuleFilterSet(StrictFilterSetMixin, PrimaryModelFilterSet):
    object_type = CITypeFilter(label=_('CI type'))
    mode = django_filters.MultipleChoiceFilter(choices=ClassificationRuleModeChoices, distinct=False, label=_('Mode'))
    classification = ObjectChoiceFilter(
        queryset=Classification.objects.all(), to_field_name='slug', label=_('Classification (slug)')
    )
    classification_id = django_filters.ModelMultipleChoiceFilter(
        queryset=Classification.objects.all(), distinct=False, label=_('Classification (ID)')
    )
    is_information_asset = TriStateFilter(label=_('Information asset'))
    handles_sensitive_data = TriStateFilter(label=_('Sensitive data'))
    processes_personal_data = TriStateFilter(label=_('Personal data'))

    class Meta:
        model = ClassificationRule
        fields = ('id', 'name', 'weight', 'enabled', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(name__icontains=value) | Q(description__icontains=value) | Q(comments__icontains=value)
        )
