import django_filters
from django.db.models import Q
from django.utils.translation import gettext as _

from netbox.filtersets import BaseFilterSet
from users.models import User
from utilities.filters import MultiValueCharFilter, MultiValueDateTimeFilter, MultiValueNumberFilter
from utilities.filtersets import register_filterset

from ..models import Baseline
from .filters import ObjectChoiceFilter, StrictFilterSetMixin

__all__ = ('BaselineFilterSet',)


@register_filterset
class BaselineFilterSet(StrictFilterSetMixin, BaseFilterSet):
    q = django_filters.CharFilter(method='search', label=_('Search'))
    name = MultiValueCharFilter(label=_('Name'))
    number = MultiValueNumberFilter(label=_('Number'))
    taken_on = MultiValueDateTimeFilter(label=_('Taken on'))
    as_of = MultiValueDateTimeFilter(label=_('As of'))
    user_id = django_filters.ModelMultipleChoiceFilter(
        queryset=User.objects.all(), distinct=False, label=_('User (ID)')
    )
    user = ObjectChoiceFilter(queryset=User.objects.all(), to_field_name='username', label=_('User (name)'))

    class Meta:
        model = Baseline
        fields = ('id', 'user_name', 'reason', 'rows', 'rows_sha256', 'previous_sha256', 'sha256')

    def search(self, queryset, name, value):
        if not value.strip():
            return queryset
        return queryset.filter(
            Q(name__icontains=value) | Q(reason__icontains=value) | Q(user_name__icontains=value)
            | Q(sha256__istartswith=value.strip())
        )
