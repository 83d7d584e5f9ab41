from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf_serializers
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from core.api.serializers import JobSerializer

from ... import filtersets
from ...jobs import RunRulesJob
from ...models import ClassificationRule
from ...rules.classification_rules import WOULD_CHANGE
from ...services.classification_rules import matched_cis, preview
from .. import serializers
from .base import WritableViewSet, post_needs

__all__ = ('ClassificationRuleViewSet',)

RUNS_RULES = post_needs('netbox_ims.run_classificationrule')
SAMPLE = 20         # CIs a preview names


class ClassificationRuleViewSet(WritableViewSet):
    queryset = ClassificationRule.objects.all()
    serializer_class = serializers.ClassificationRuleSerializer
    filterset_class = filtersets.ClassificationRuleFilterSet

    @extend_schema(responses={200: serializers.RulePreviewSerializer})
    @action(detail=True)
    def preview(self, request, pk):
        """
        What the rule would do: how many of the CIs you may see it matches, how many of these it would change, and a
        sample, those first. Changes nothing.
        """
        if not request.user.has_perm('netbox_ims.view_registerentry'):
            raise PermissionDenied
        rule = get_object_or_404(ClassificationRule.objects.restrict(request.user, 'view'), pk=pk)
        result = preview(rule, request.user)
        result.sample = self._sample(rule, request.user) if result.matches else []
        return Response(serializers.RulePreviewSerializer(result, context=self.get_serializer_context()).data)

    def _sample(self, rule, user):
        matched = matched_cis(rule, user).select_related('object_type', 'classification').order_by('name', 'pk')
        changed = list(matched.filter(outcome=WOULD_CHANGE)[:SAMPLE])
        return changed + list(matched.exclude(outcome=WOULD_CHANGE)[:SAMPLE - len(changed)])

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=['post'], permission_classes=[RUNS_RULES])
    def run(self, request, pk):
        """Start a background job that runs the rule, in your name, on the CIs you may see."""
        rule = get_object_or_404(ClassificationRule.objects.restrict(request.user, 'view'), pk=pk)
        if not request.user.has_perm('netbox_ims.run_classificationrule', rule):
            raise PermissionDenied
        if not rule.enabled:
            reasons = [f'{rule} is switched off.']
            return Response({'detail': reasons[0], 'reasons': reasons}, status=status.HTTP_409_CONFLICT)
        if problems := rule.problems:
            raise drf_serializers.ValidationError({'filter': problems})
        return self._start(request, rule)

    @extend_schema(
        request=None, responses={202: JobSerializer}, operation_id='plugins_ims_classification_rules_run_all'
    )
    @action(detail=False, methods=['post'], url_path='run', permission_classes=[RUNS_RULES])
    def run_all(self, request):
        """Start a background job that runs every enabled rule you may run, in order; a broken one is skipped."""
        return self._start(request)

    def _start(self, request, rule=None):
        job = RunRulesJob.start(request, rule)
        return Response(JobSerializer(job, context={'request': request}).data, status=status.HTTP_202_ACCEPTED)
