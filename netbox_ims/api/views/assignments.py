from ... import filtersets
from ...models import ControlAssignment
from .. import serializers
from .base import AlwaysRestrictedMixin, WritableViewSet

__all__ = ('ControlAssignmentViewSet',)


class ControlAssignmentViewSet(AlwaysRestrictedMixin, WritableViewSet):
    queryset = ControlAssignment.objects.prefetch_related('register_entry__object_type')
    serializer_class = serializers.ControlAssignmentSerializer
    filterset_class = filtersets.ControlAssignmentFilterSet
