from netbox.api.viewsets import NetBoxModelViewSet

from ... import filtersets
from ...models import BusinessFunction, ITService
from .. import serializers

__all__ = ('BusinessFunctionViewSet', 'ITServiceViewSet')


class BusinessFunctionViewSet(NetBoxModelViewSet):
    queryset = BusinessFunction.objects.all()
    serializer_class = serializers.BusinessFunctionSerializer
    filterset_class = filtersets.BusinessFunctionFilterSet


class ITServiceViewSet(NetBoxModelViewSet):
    queryset = ITService.objects.all()
    serializer_class = serializers.ITServiceSerializer
    filterset_class = filtersets.ITServiceFilterSet
