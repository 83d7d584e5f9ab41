from netbox.api.viewsets import NetBoxModelViewSet

from ... import filtersets
from ...models import AssetProfile, Classification, Decision, InformationAsset, RegisterEntry, RetiredCI
from .. import serializers
from .base import AlwaysRestrictedMixin, ReadOnlyViewSet

__all__ = (
    'AssetProfileViewSet',
    'ClassificationViewSet',
    'DecisionViewSet',
    'InformationAssetViewSet',
    'RegisterEntryViewSet',
    'RetiredCIViewSet',
)


class ClassificationViewSet(NetBoxModelViewSet):
    queryset = Classification.objects.all()
    serializer_class = serializers.ClassificationSerializer
    filterset_class = filtersets.ClassificationFilterSet


class InformationAssetViewSet(NetBoxModelViewSet):
    queryset = InformationAsset.objects.all()
    serializer_class = serializers.InformationAssetSerializer
    filterset_class = filtersets.InformationAssetFilterSet


class AssetProfileViewSet(AlwaysRestrictedMixin, NetBoxModelViewSet):
    queryset = AssetProfile.objects.select_related('register_entry__object_type')
    serializer_class = serializers.AssetProfileSerializer
    filterset_class = filtersets.AssetProfileFilterSet


class RegisterEntryViewSet(ReadOnlyViewSet):
    queryset = RegisterEntry.objects.select_related(
        'object_type', 'effective_classification_source_type', 'required_rto_source_type', 'required_rpo_source_type'
    )
    serializer_class = serializers.RegisterEntrySerializer
    filterset_class = filtersets.RegisterEntryFilterSet


class DecisionViewSet(ReadOnlyViewSet):
    queryset = Decision.objects.select_related('object_type')
    serializer_class = serializers.DecisionSerializer
    filterset_class = filtersets.DecisionFilterSet


class RetiredCIViewSet(ReadOnlyViewSet):
    queryset = RetiredCI.objects.select_related('object_type')
    serializer_class = serializers.RetiredCISerializer
    filterset_class = filtersets.RetiredCIFilterSet
