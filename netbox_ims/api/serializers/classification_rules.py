from django.contrib.contenttypes.models import ContentType
from rest_framework import serializers

from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer

from ...choices import ClassificationRuleModeChoices
from ...models import ClassificationRule
from .fields import CIReferenceField, CITypeField, StrictRelationsMixin
from .register import ClassificationSerializer

__all__ = ('ClassificationRuleSerializer', 'RulePreviewSerializer')


class ClassificationRuleSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    object_type = CITypeField(queryset=ContentType.objects.all())
    filter = serializers.JSONField()
    mode = ChoiceField(choices=ClassificationRuleModeChoices, required=False)
    classification = ClassificationSerializer(nested=True, required=False, allow_null=True, default=None)

    class Meta:
        model = ClassificationRule
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'weight', 'enabled', 'object_type', 'filter', 'mode',
            'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'enabled', 'object_type', 'mode', 'description')


class MatchedCISerializer(serializers.Serializer):
    """One CI a rule matches, and what becomes of it."""
    object_type = CITypeField(read_only=True)
    object_id = serializers.IntegerField(read_only=True)
    object = CIReferenceField()
    name = serializers.CharField(read_only=True)
    classification = ClassificationSerializer(nested=True, read_only=True)
    outcome = serializers.CharField(read_only=True)


class RulePreviewSerializer(serializers.Serializer):
    """What a rule would do about the CIs the user may see. `problems` says why a broken one matches nothing."""
    problems = serializers.ListField(child=serializers.CharField(), read_only=True)
    matches = serializers.IntegerField(read_only=True)
    would_change = serializers.IntegerField(read_only=True)
    already_classified = serializers.IntegerField(read_only=True)
    claimed_by_earlier = serializers.IntegerField(read_only=True)
    sample = MatchedCISerializer(many=True, read_only=True)
