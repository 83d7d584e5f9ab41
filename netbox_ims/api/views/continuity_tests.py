from ... import filtersets
from ...models import ContinuityTest, ContinuityTestSubject
from .. import serializers
from .base import AlwaysRestrictedMixin, WritableViewSet

__all__ = ('ContinuityTestSubjectViewSet', 'ContinuityTestViewSet')


class ContinuityTestViewSet(WritableViewSet):
    queryset = ContinuityTest.objects.all()
    serializer_class = serializers.ContinuityTestSerializer
    filterset_class = filtersets.ContinuityTestFilterSet

    def get_queryset(self):
        return super().get_queryset().with_stale()


class ContinuityTestSubjectViewSet(AlwaysRestrictedMixin, WritableViewSet):
    queryset = ContinuityTestSubject.objects.select_related('test__plan').prefetch_related(
        'register_entry__object_type'
    )
    serializer_class = serializers.ContinuityTestSubjectSerializer
    filterset_class = filtersets.ContinuityTestSubjectFilterSet
