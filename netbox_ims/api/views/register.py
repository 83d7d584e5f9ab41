from django.core.exceptions import PermissionDenied, ValidationError
from django.db import router, transaction
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from ... import filtersets
from ...models import AssetProfile, Classification, Decision, InformationAsset, RegisterAsOf, RegisterEntry, RetiredCI
from ...querysets.moments import known_moment
from ...services.restore import restore_profile
from .. import serializers
from ..serializers.fields import as_rest_error, refuse_invisible_ci
from .base import AlwaysRestrictedMixin, ReadOnlyViewSet, StrictBodyMixin, WritableViewSet, post_needs
from .comparison import CompareMixin

__all__ = (
    'AssetProfileViewSet',
    'ClassificationViewSet',
    'DecisionViewSet',
    'InformationAssetViewSet',
    'RegisterEntryViewSet',
    'RetiredCIViewSet',
)


class ClassificationViewSet(WritableViewSet):
    queryset = Classification.objects.all()
    serializer_class = serializers.ClassificationSerializer
    filterset_class = filtersets.ClassificationFilterSet

    def get_queryset(self):
        return super().get_queryset().with_profile_count(self.request.user)


class InformationAssetViewSet(WritableViewSet):
    queryset = InformationAsset.objects.all()
    serializer_class = serializers.InformationAssetSerializer
    filterset_class = filtersets.InformationAssetFilterSet


class AssetProfileViewSet(AlwaysRestrictedMixin, WritableViewSet):
    queryset = AssetProfile.objects.select_related('register_entry__object_type')
    serializer_class = serializers.AssetProfileSerializer
    filterset_class = filtersets.AssetProfileFilterSet


class RegisterEntryViewSet(CompareMixin, ReadOnlyViewSet):
    """The register; with `as_of`, of itself or in a saved filter, as it stood at that moment."""
    queryset = RegisterEntry.objects.select_related('object_type')
    serializer_class = serializers.RegisterEntrySerializer
    filterset_class = filtersets.RegisterEntryFilterSet

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if self.action in ('list', 'retrieve') and (
            asked := filtersets.asked_moment(request, request.query_params)
        ):
            try:
                moment = known_moment(asked)
            except ValidationError as e:
                raise as_rest_error(ValidationError({'as_of': e.messages})) from e
            # Not before the permission on the register is checked, which is the one that counts.
            self.queryset = RegisterAsOf.objects.at(moment).select_related('object_type').restrict(request.user, 'view')
            self.filterset_class = filtersets.RegisterAsOfFilterSet

    def check_object_permissions(self, request, obj):
        """NetBox would ask for a permission on what the past is made of; what may not be seen is not among it."""
        if not isinstance(obj, RegisterAsOf):
            super().check_object_permissions(request, obj)


class DecisionViewSet(ReadOnlyViewSet):
    queryset = Decision.objects.select_related('object_type')
    serializer_class = serializers.DecisionSerializer
    filterset_class = filtersets.DecisionFilterSet


class RetiredCIViewSet(StrictBodyMixin, ReadOnlyViewSet):
    queryset = RetiredCI.objects.select_related('object_type')
    serializer_class = serializers.RetiredCISerializer
    filterset_class = filtersets.RetiredCIFilterSet

    @extend_schema(
        request=serializers.RestoreProfileSerializer, responses={201: serializers.AssetProfileSerializer}
    )
    @action(detail=True, methods=['post'], permission_classes=[post_needs('netbox_ims.add_assetprofile')])
    def restore(self, request, pk):
        """Give the CI `object_id`, of the same type, an asset profile with what was known of this one."""
        retired = get_object_or_404(RetiredCI.objects.restrict(request.user, 'view'), pk=pk)
        data = serializers.RestoreProfileSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        ci_id = data.validated_data['object_id']
        try:
            refuse_invisible_ci(request.user, retired.object_type, ci_id)
            with transaction.atomic(using=router.db_for_write(AssetProfile)):
                profile = restore_profile(retired, retired.ci_type.model.objects.get(pk=ci_id))
                if not AssetProfile.objects.restrict(request.user, 'add').filter(pk=profile.pk).exists():
                    raise PermissionDenied
        except ValidationError as e:
            raise as_rest_error(e) from e
        return Response(
            serializers.AssetProfileSerializer(profile, context=self.get_serializer_context()).data,
            status=status.HTTP_201_CREATED,
        )
