from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from netbox.api.authentication import TokenPermissions

from ... import filtersets
from ...models import Alignment
from ...querysets.alignment import NEEDED
from ...ui.alignment import Chain
from .. import serializers
from .base import ReadOnlyViewSet

__all__ = ('AlignmentViewSet',)


class ReadsAlignment(TokenPermissions):
    """Whoever may see the register and the dependencies may see how these align."""
    perms_map = {**TokenPermissions.perms_map, **dict.fromkeys(('GET', 'HEAD', 'OPTIONS'), list(NEEDED))}


class AlignmentViewSet(ReadOnlyViewSet):
    queryset = Alignment.objects.select_related('dependent_object_type', 'provider_object_type')
    serializer_class = serializers.AlignmentSerializer
    filterset_class = filtersets.AlignmentFilterSet
    permission_classes = [ReadsAlignment]

    @extend_schema(responses={200: serializers.ChainStepSerializer(many=True)}, filters=False)
    @action(detail=True, pagination_class=None)
    def chain(self, request, pk):
        """From a business function, by the CI that asks for what is required, down to the CI that is measured."""
        row = get_object_or_404(self.queryset.restrict(request.user, 'view'), pk=pk)
        steps = Chain(row, request.user).steps
        context = self.get_serializer_context()
        return Response(serializers.ChainStepSerializer(steps, many=True, context=context).data)
