from django.utils.translation import gettext as _
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


def wanted_fields(parameters):
    """What `fields`, `omit` or `brief` leave of a row's fields, as NetBox reads them; and {parameter: problems}."""
    names, problems = serializers.DifferenceSerializer.NAMES, {}
    given = {name: parameters[name].split(',') for name in ('fields', 'omit') if parameters.get(name)}
    for parameter, asked in given.items():
        if unknown := sorted(set(asked) - set(names)):
            problems[parameter] = [_('Unknown: {unknown}. Choose from: {known}.').format(
                unknown=', '.join(unknown), known=', '.join(names)
            )]
    if 'fields' in given:
        return given['fields'], problems
    if 'omit' in given:
        return [name for name in names if name not in given['omit']], problems
    return serializers.DifferenceSerializer.BRIEF if parameters.get('brief') else names, problems


class CompareMixin:
    """What changed in the register between two dates."""

    @extend_schema(
        operation_id='plugins_ims_register_compare', responses=serializers.DifferenceSerializer(many=True), parameters=[
            OpenApiParameter('start', OpenApiTypes.STR, required=True, description='ISO 8601; a date means its end'),
            OpenApiParameter('end', OpenApiTypes.STR, description='likewise; left out: now'),
            OpenApiParameter('change', OpenApiTypes.STR, many=True, enum=KINDS),
            OpenApiParameter('field', OpenApiTypes.STR, many=True, enum=COMPARED),
            OpenApiParameter('ordering', OpenApiTypes.STR, enum=('name', '-name')),
        ],
    )
    @action(detail=False, methods=['get'], pagination_class=ComparisonPagination)
    def compare(self, request):
        """
        The CIs that joined, left or changed between `start` and `end`, and each field that differs; `counts` says how
        many of each kind there are. The register's filters keep CIs that matched at either date.
        """
        form = ComparisonForm(request.query_params, request, exact=True)
        wanted, problems = wanted_fields(request.query_params)
        if (ordering := request.query_params.get('ordering', 'name')) not in ('name', '-name'):
            problems['ordering'] = [_('Choose one of: {known}.').format(known='name, -name')]
        if problems := {**form.problems, **problems}:
            raise ValidationError(problems)
        comparison = form.comparison(descending=ordering == '-name')
        differences = self.paginate_queryset(comparison)
        serializer = serializers.DifferenceSerializer(
            named(comparison, differences), many=True, wanted=wanted, context=self.get_serializer_context()
        )
        response = self.get_paginated_response(serializer.data)
        response.data['counts'] = {kind: comparison.counts[kind] for kind in KINDS}
        return response
