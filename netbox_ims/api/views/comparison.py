from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError

from netbox.api.pagination import NetBoxPagination

from ...forms import ComparisonForm
from ...rules.comparison import COMPARED, KINDS
from ...services.comparison import named
from .. import serializers

__all__ = ('CompareMixin',)


class ComparisonPagination(NetBoxPagination):
    """By offset: here `start` is a date, not NetBox's cursor."""

    def get_start(self, request):
        return None


class CompareMixin:
    """What changed in the register between two dates."""

    @extend_schema(
        operation_id='plugins_ims_register_compare', responses=serializers.DifferenceSerializer(many=True), parameters=[
            OpenApiParameter('start', OpenApiTypes.STR, required=True, description='ISO 8601; a date means its end'),
            OpenApiParameter('end', OpenApiTypes.STR, description='likewise; left out: now'),
            OpenApiParameter('change', OpenApiTypes.STR, many=True, enum=KINDS),
            OpenApiParameter('field', OpenApiTypes.STR, many=True, enum=COMPARED),
        ],
    )
    @action(detail=False, methods=['get'], pagination_class=ComparisonPagination)
    def compare(self, request):
        """
        The CIs that joined, left or changed between `start` and `end`, and each field that differs; `counts` says how
        many of each kind there are. The register's filters keep CIs that matched at either date.
        """
        form = ComparisonForm(request.query_params, request, exact=True)
        if form.problems:
            raise ValidationError(form.problems)
        comparison = form.comparison()
        differences = self.paginate_queryset(comparison)
        serializer = serializers.DifferenceSerializer(
            named(comparison, differences), many=True, context=self.get_serializer_context()
        )
        response = self.get_paginated_response(serializer.data)
        response.data['counts'] = {kind: comparison.counts[kind] for kind in KINDS}
        return response
