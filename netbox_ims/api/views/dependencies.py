from netbox.api.viewsets import NetBoxModelViewSet

from ... import filtersets
from ...models import Dependency
from .. import serializers
from .base import AlwaysRestrictedMixin

__all__ = ('DependencyViewSet',)


class DependencyViewSet(AlwaysRestrictedMixin, NetBoxModelViewSet):
    queryset = Dependency.objects.select_related('dependent_object_type', 'provider_object_type')
    serializer_class = serializers.DependencySerializer
    filterset_class = filtersets.DependencyFilterSet
