from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from ... import filtersets
from ...catalogs import CatalogError
from ...models import Clause, Control, ControlCatalog, Standard
from ...services.controls import import_catalog
from .. import serializers
from .base import WritableViewSet, post_needs

__all__ = ('ClauseViewSet', 'ControlCatalogViewSet', 'ControlViewSet', 'StandardViewSet')


class StandardViewSet(WritableViewSet):
    queryset = Standard.objects.all()
    serializer_class = serializers.StandardSerializer
    filterset_class = filtersets.StandardFilterSet


class ClauseViewSet(WritableViewSet):
    queryset = Clause.objects.all()
    serializer_class = serializers.ClauseSerializer
    filterset_class = filtersets.ClauseFilterSet


class ControlCatalogViewSet(WritableViewSet):
    queryset = ControlCatalog.objects.all()
    serializer_class = serializers.ControlCatalogSerializer
    filterset_class = filtersets.ControlCatalogFilterSet

    def get_queryset(self):
        return super().get_queryset().with_control_count()

    @extend_schema(request=serializers.CatalogUploadSerializer, responses={201: serializers.ControlCatalogSerializer})
    @action(
        detail=False, methods=['post'], url_path='upload',
        permission_classes=[post_needs('netbox_ims.add_controlcatalog')]
    )
    def upload(self, request):
        """Make a catalogue with all its controls from YAML; what is wrong with it is said by line."""
        if not request.user.has_perm('netbox_ims.add_control'):
            self.permission_denied(request)
        data = serializers.CatalogUploadSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        try:
            catalog = import_catalog(data.validated_data['text'], request.user)
        except CatalogError as e:
            raise ValidationError({
                'text': [_('Line {line}: {message}').format(line=line, message=message) for line, message in e.problems]
            }) from e
        catalog = ControlCatalog.objects.with_control_count().get(pk=catalog.pk)
        return Response(
            serializers.ControlCatalogSerializer(catalog, context=self.get_serializer_context()).data,
            status=status.HTTP_201_CREATED
        )


class ControlViewSet(WritableViewSet):
    queryset = Control.objects.prefetch_related('replaced_by')
    serializer_class = serializers.ControlSerializer
    filterset_class = filtersets.ControlFilterSet

    def get_queryset(self):
        return super().get_queryset().with_assignment_count(self.request.user)
