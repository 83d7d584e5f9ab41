from django.db.models import Q
from django.utils.translation import gettext as _

from netbox.filtersets import PrimaryModelFilterSet
from utilities.filtersets import register_filterset

from ..models import Dependency
from ..querysets.dependencies import ENDS, ends_named
from .filters import CIAtEitherEndFilterSetMixin, CITypeFilter, StrictFilterSetMixin

__all__ = ('DependencyFilterSet',)


@register_filterset
class DependencyFilterSet(StrictFilterSetMixin, CIAtEitherEndFilterSetMixin, PrimaryModelFilterSet):
    ci_prefixes = tuple(f'{end}_' for end in ENDS)

    dependent_object_type = CITypeFilter(label=_('Dependent type'))
    provider_object_type = CITypeFilter(label=_('Provider type'))

    class Meta:
        model = Dependency
        fields = ('id', 'dependent_object_id', 'provider_object_id', 'holds_data', 'redundancy_group', 'description')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            ends_named(value) | Q(redundancy_group__icontains=value) | Q(description__icontains=value)
            | Q(comments__icontains=value)
        )
