from ... import filtersets
from ...models import Dependency
from .. import serializers
from .base import AlwaysRestrictedMixin, WritableViewSet

__all__ = ('DependencyViewSet',)


class DependencyViewSet(AlwaysRestrictedMixin, WritableViewSet):
    queryset = Dependency.objects.select_related('dependent_object_type', 'provider_object_type')
    serializer_class = serializers.DependencySerializer
    filterset_class = filtersets.DependencyFilterSet
