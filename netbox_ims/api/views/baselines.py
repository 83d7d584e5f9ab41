from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins as drf_mixins
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.api.serializers import JobSerializer
from netbox.api.viewsets import NetBoxModelViewSet
from netbox.api.viewsets.mixins import BulkCreateModelMixin, ObjectValidationMixin

from ... import filtersets
from ...jobs import TakeBaselineJob
from ...models import Baseline
from ...services.baseline_archive import archive_of
from ...services.baselines import verify
from ...services.register_rows import is_large
from ...ui.baselines import finding_in_words
from .. import serializers
from .base import ReadOnlyViewSet, StrictBodyMixin

__all__ = ('BaselineViewSet',)


class BaselineViewSet(
    StrictBodyMixin, BulkCreateModelMixin, ObjectValidationMixin, drf_mixins.CreateModelMixin, ReadOnlyViewSet
):
    """
    Baselines are taken and read; nobody changes or deletes one. POST answers 201 with the baseline or, where there are
    too many CIs to wait for, 202 with the job that takes it.
    """
    queryset = Baseline.objects.all()
    serializer_class = serializers.BaselineSerializer
    filterset_class = filtersets.BaselineFilterSet
    perform_create = NetBoxModelViewSet.perform_create

    @extend_schema(responses={201: serializers.BaselineSerializer, 202: JobSerializer})
    def create(self, request, *args, **kwargs):
        if not request.user.has_perm('netbox_ims.view_registerentry'):
            raise PermissionDenied
        if isinstance(request.data, list):
            return self.bulk_create(request, *args, **kwargs)
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = serializer.validated_data
        if is_large(request.user, values.get('as_of'), values.get('filter')):
            job = TakeBaselineJob.start(request, **values)
            return Response(JobSerializer(job, context={'request': request}).data, status=status.HTTP_202_ACCEPTED)
        self.perform_create(serializer)
        return Response(serializer.data, status=status.HTTP_201_CREATED, headers={'Location': serializer.data['url']})

    def baseline(self, request, pk):
        return get_object_or_404(Baseline.objects.restrict(request.user, 'view'), pk=pk)

    @extend_schema(responses=serializers.VerificationSerializer)
    @action(detail=True, methods=['get'])
    def verify(self, request, pk):
        """Whether it still is what was sealed, and follows the one before it; if not, what was altered, by row."""
        baseline = self.baseline(request, pk)
        found = verify(baseline)
        return Response({
            'ok': not found, 'rows': baseline.rows, 'sha256': baseline.sha256,
            'previous_sha256': baseline.previous_sha256,
            'problems': [
                {
                    'kind': finding.kind, 'row': finding.row or None, 'names': list(finding.names),
                    'message': finding_in_words(finding),
                }
                for finding in found
            ],
        })

    @extend_schema(responses={(200, 'application/zip'): OpenApiTypes.BINARY})
    @action(detail=True, methods=['get'])
    def download(self, request, pk):
        """Everything that was sealed, as an archive that can be checked offline."""
        baseline = self.baseline(request, pk)
        return FileResponse(archive_of(baseline), as_attachment=True, filename=f'baseline-{baseline.number}.zip')
