from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from ... import filtersets
from ...models import Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment
from ...services import risk as steps
from ...services import risk_matrix
from ...services.refusals import NotPermitted, Refused
from .. import serializers
from .base import AlwaysRestrictedMixin, WritableViewSet, post_needs, reason_given

__all__ = (
    'RiskAcceptanceViewSet', 'RiskAssignmentViewSet', 'RiskMatrixViewSet', 'RiskTreatmentViewSet', 'RiskViewSet',
)


class StepsMixin:
    """For what can be taken from one state to another: POST to an action, 409 with every reason against it."""

    def found(self, request, pk, permitted='view'):
        """The object if the user may view it (else 404), and do to it what is asked (else 403)."""
        model = self.queryset.model
        instance = get_object_or_404(model.objects.restrict(request.user, 'view'), pk=pk)
        if permitted != 'view' and not model.objects.restrict(request.user, permitted).filter(pk=pk).exists():
            raise PermissionDenied
        return instance

    def answer(self, instance, code=status.HTTP_200_OK):
        return Response(self.get_serializer(self.shown().get(pk=instance.pk)).data, status=code)

    def shown(self):
        """The objects with what the answer needs."""
        return self.queryset.model.objects.all()

    @staticmethod
    def refused(refusal):
        if isinstance(refusal, NotPermitted):
            raise PermissionDenied(' '.join([refusal.detail, *refusal.reasons]))
        body = {'detail': refusal.detail, 'reasons': refusal.reasons}
        if refusal.field:
            body[refusal.field] = refusal.reasons
        return Response(body, status=status.HTTP_409_CONFLICT)


class RiskMatrixViewSet(StepsMixin, WritableViewSet):
    queryset = RiskMatrix.objects.all()
    serializer_class = serializers.RiskMatrixSerializer
    filterset_class = filtersets.RiskMatrixFilterSet

    @extend_schema(
        request=None, responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter('preview', OpenApiTypes.BOOL)]
    )
    @action(detail=True, methods=['post'], permission_classes=[post_needs('netbox_ims.change_riskmatrix')])
    def activate(self, request, pk):
        """
        Rate every risk by this matrix from now on. Answers with the risks whose level that changes, of those the user
        may see; with `preview=true` that is all it does.
        """
        matrix = self.found(request, pk, 'change')
        wanted = request.query_params.get('preview', 'false').lower()
        if wanted not in ('true', 'false'):
            raise ValidationError({'preview': [_('“{value}” is neither true nor false.').format(value=wanted)]})
        risks = Risk.objects.restrict(request.user, 'view')
        if wanted == 'true':
            return self.changes(matrix, risk_matrix.preview(matrix, risks), preview=True)
        reason = reason_given(request)
        try:
            changes = risk_matrix.activate(matrix, request.user, reason)
        except Refused as e:
            return self.refused(e)
        seen = set(risks.filter(pk__in=[change.pk for change in changes]).values_list('pk', flat=True))
        matrix.refresh_from_db()
        return self.changes(matrix, [change for change in changes if change.pk in seen], preview=False)

    def changes(self, matrix, changes, preview):
        return Response({
            'preview': preview, 'matrix': self.get_serializer(matrix).data, 'count': len(changes),
            'changes': [
                {
                    'risk': change.pk, 'reference': change.reference, 'title': change.title,
                    **{f'{stage}_level': list(levels) for stage, levels in change.levels.items()},
                    'above_acceptance': list(change.above), 'acceptance_void': change.loses_acceptance,
                } for change in changes
            ],
        })

    @extend_schema(request=None)
    @action(
        detail=True, methods=['post'], url_path='new-version',
        permission_classes=[post_needs('netbox_ims.add_riskmatrix')]
    )
    def new_version(self, request, pk):
        """The same matrix as the next version of its name, to be changed and then activated."""
        return self.answer(risk_matrix.new_matrix_version(self.found(request, pk)), status.HTTP_201_CREATED)


class RiskViewSet(StepsMixin, WritableViewSet):
    queryset = Risk.objects.select_related('matrix')
    serializer_class = serializers.RiskSerializer
    filterset_class = filtersets.RiskFilterSet

    def get_queryset(self):
        return super().get_queryset().with_affected(self.request.user)

    def shown(self):
        return Risk.objects.select_related('matrix').with_affected(self.request.user)

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs('netbox_ims.change_risk')])
    def confirm(self, request, pk):
        """Say that the ratings of a risk that is to be reassessed are right as they are."""
        risk = self.found(request, pk, 'change')
        try:
            return self.answer(steps.confirm(risk, request.user, reason_given(request)))
        except Refused as e:
            return self.refused(e)


class RiskAssignmentViewSet(AlwaysRestrictedMixin, WritableViewSet):
    queryset = RiskAssignment.objects.select_related('risk').prefetch_related('register_entry__object_type')
    serializer_class = serializers.RiskAssignmentSerializer
    filterset_class = filtersets.RiskAssignmentFilterSet


class RiskTreatmentViewSet(WritableViewSet):
    queryset = RiskTreatment.objects.all()
    serializer_class = serializers.RiskTreatmentSerializer
    filterset_class = filtersets.RiskTreatmentFilterSet


class RiskAcceptanceViewSet(StepsMixin, WritableViewSet):
    queryset = RiskAcceptance.objects.select_related('risk')
    serializer_class = serializers.RiskAcceptanceSerializer
    filterset_class = filtersets.RiskAcceptanceFilterSet

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs('netbox_ims.accept_risk')])
    def accept(self, request, pk):
        """Accept the risk as it is; 409 with every reason against it."""
        return self.decide(request, pk, steps.accept)

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs('netbox_ims.accept_risk')])
    def reject(self, request, pk):
        """Refuse to accept the risk."""
        return self.decide(request, pk, steps.reject)

    def decide(self, request, pk, step):
        acceptance = self.found(request, pk)
        if not Risk.objects.restrict(request.user, 'accept').filter(pk=acceptance.risk_id).exists():
            raise PermissionDenied
        try:
            return self.answer(step(acceptance, request.user, reason_given(request)))
        except Refused as e:
            return self.refused(e)
