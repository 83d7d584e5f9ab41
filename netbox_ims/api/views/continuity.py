from ... import filtersets
from ...models import BusinessFunction, ITService
from .. import serializers
from .base import WritableViewSet

__all__ = ('BusinessFunctionViewSet', 'ITServiceViewSet')


class BusinessFunctionViewSet(WritableViewSet):
    queryset = BusinessFunction.objects.all()
    serializer_class = serializers.BusinessFunctionSerializer
    filterset_class = filtersets.BusinessFunctionFilterSet


class ITServiceViewSet(WritableViewSet):
    queryset = ITService.objects.all()
    serializer_class = serializers.ITServiceSerializer
    filterset_class = filtersets.ITServiceFilterSet
