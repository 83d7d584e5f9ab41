from ... import filtersets
from ...models import BusinessImpactAnalysis
from .. import serializers
from .base import AlwaysRestrictedMixin, WritableViewSet

__all__ = ('BusinessImpactAnalysisViewSet',)


class BusinessImpactAnalysisViewSet(AlwaysRestrictedMixin, WritableViewSet):
    queryset = BusinessImpactAnalysis.objects.all()
    serializer_class = serializers.BusinessImpactAnalysisSerializer
    filterset_class = filtersets.BusinessImpactAnalysisFilterSet
