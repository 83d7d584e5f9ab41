from rest_framework import serializers

from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer, WritableNestedSerializer
from users.api.serializers import UserSerializer

from ...choices import PlanStatusChoices, PlanTypeChoices
from ...constants import PLAN_SECTIONS
from ...models import BusinessFunction, ContinuityPlan, ITService
from .continuity import BusinessFunctionSerializer, ITServiceSerializer
from .fields import RelatedObjectsField, StrictRelationsMixin, VisiblePartsMixin

__all__ = ('ContinuityPlanSerializer',)


class NestedContinuityPlanSerializer(WritableNestedSerializer):
    """The business plan that a service plan follows from."""
    status = ChoiceField(choices=PlanStatusChoices, read_only=True)

    class Meta:
        model = ContinuityPlan
        fields = ('id', 'url', 'display_url', 'display', 'name', 'version', 'status')


class ContinuityPlanSerializer(VisiblePartsMixin, StrictRelationsMixin, PrimaryModelSerializer):
    visible_parts = ContinuityPlan.SUBJECTS

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, required=False)
    plan_type = ChoiceField(choices=PlanTypeChoices, required=False)
    parent = NestedContinuityPlanSerializer(nested=True, required=False, allow_null=True, default=None)
    functions = RelatedObjectsField(
        queryset=BusinessFunction.objects.all(), serializer=BusinessFunctionSerializer, nested=True, required=False,
        many=True, seen_only=True
    )
    services = RelatedObjectsField(
        queryset=ITService.objects.all(), serializer=ITServiceSerializer, nested=True, required=False, many=True,
        seen_only=True
    )
    status = ChoiceField(choices=PlanStatusChoices, read_only=True)
    edited_by = UserSerializer(nested=True, read_only=True)
    approved_by = UserSerializer(nested=True, read_only=True)

    class Meta:
        model = ContinuityPlan
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'version', 'plan_type', 'parent', 'functions', 'services',
            'status', *PLAN_SECTIONS, 'edited_by', 'edited_on', 'approved_by', 'approved_on', 'sha256', 'description',
            'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        read_only_fields = ('edited_on', 'approved_on', 'sha256')
        brief_fields = ('id', 'url', 'display', 'name', 'version', 'plan_type', 'status', 'description')
        model_clean_fields = ('version',)
