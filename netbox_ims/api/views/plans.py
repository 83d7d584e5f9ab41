from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from ... import filtersets
from ...models import ContinuityPlan
from ...services import plans
from ...services.refusals import Refused
from .. import serializers
from .base import VisiblePartsViewMixin, WritableViewSet, post_needs, reason_given, refused

__all__ = ('ContinuityPlanViewSet',)

MODEL = 'netbox_ims.{}_continuityplan'


class ContinuityPlanViewSet(VisiblePartsViewMixin, WritableViewSet):
    queryset = ContinuityPlan.objects.defer('as_approved')
    serializer_class = serializers.ContinuityPlanSerializer
    filterset_class = filtersets.ContinuityPlanFilterSet
    other_parts = ('parent', 'edited_by', 'approved_by', 'owner', 'tags')

    def take(self, request, pk, step, permitted, *args):
        """Do to the plan what is asked: 404 for who may not view it, 403 for who may not do that, 409 if refused."""
        plan = get_object_or_404(ContinuityPlan.objects.restrict(request.user, 'view'), pk=pk)
        if permitted != 'add' and not ContinuityPlan.objects.restrict(request.user, permitted).filter(pk=pk).exists():
            raise PermissionDenied
        try:
            done = step(plan, request.user, *args)
        except Refused as e:
            return refused(e)
        code = status.HTTP_201_CREATED if done.pk != plan.pk else status.HTTP_200_OK
        return Response(self.get_serializer(done).data, status=code)

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs(MODEL.format('approve'))])
    def approve(self, request, pk):
        """Approve a draft; 409 with every reason against it."""
        return self.take(request, pk, plans.approve, 'approve', reason_given(request))

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs(MODEL.format('approve'))])
    def retire(self, request, pk):
        """Take an approved plan out of force."""
        return self.take(request, pk, plans.retire, 'approve', reason_given(request))

    @extend_schema(request=None)
    @action(
        detail=True, methods=['post'], url_path='new-version', permission_classes=[post_needs(MODEL.format('add'))]
    )
    def new_version(self, request, pk):
        """A new draft with everything that an approved or retired version says."""
        return self.take(request, pk, plans.new_version, 'add')
