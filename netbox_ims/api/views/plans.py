from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from ... import filtersets
from ...exports.plans import print_plan
from ...models import ContinuityPlan
from ...rules.canonical import canonical
from ...services import plans
from ...services.refusals import Refused
from .. import serializers
from .base import ExportViewMixin, VisiblePartsViewMixin, WritableViewSet, post_needs, reason_given, refused

__all__ = ('ContinuityPlanViewSet',)

FORMATS = ('html', 'json')

MODEL = 'netbox_ims.{}_continuityplan'


class ContinuityPlanViewSet(ExportViewMixin, VisiblePartsViewMixin, WritableViewSet):
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

    @extend_schema(
        parameters=[OpenApiParameter('format', OpenApiTypes.STR, enum=FORMATS)],
        responses={(200, 'application/octet-stream'): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=['get'])
    def export(self, request, pk):
        """
        The plan as a document: `format` html is a page to print, of an approved version as it was approved. `json` is
        what its SHA-256 was taken of, to the byte; for who may see all that it names.
        """
        plan = get_object_or_404(ContinuityPlan.objects.restrict(request.user, 'view'), pk=pk)
        wanted = self.get_format(request, FORMATS, 'html')
        text = plans.text_of(plan)
        seen = plans.visible_part(text, request.user)
        if wanted == 'html':
            return HttpResponse(print_plan(plan, seen))
        if seen != text:
            raise PermissionDenied(_('It names functions, services or a plan that you may not see.'))
        response = HttpResponse(canonical(text), content_type='application/json')
        name = f'plan-v{plan.version}-{plan.pk}.json'
        response['Content-Disposition'] = content_disposition_header(True, name)
        return response
