from rest_framework import serializers

from netbox.api.fields import ChoiceField, ContentTypeField
from netbox.api.serializers import BaseModelSerializer

from ...choices import AlignmentChoices, AlignmentKindChoices, TargetChoices
from ...models import Alignment
from .fields import CIReferenceField

__all__ = ('AlignmentSerializer', 'ChainStepSerializer')


class AlignmentSerializer(BaseModelSerializer):
    """One end is null in rows about a function's limit and about tests."""
    kind = ChoiceField(choices=AlignmentKindChoices, read_only=True)
    dependent_object_type = ContentTypeField(read_only=True)
    dependent = CIReferenceField(source='dependent_ci')
    provider_object_type = ContentTypeField(read_only=True)
    provider = CIReferenceField(source='provider_ci')
    target = ChoiceField(choices=TargetChoices, read_only=True)
    status = ChoiceField(choices=AlignmentChoices, read_only=True)

    class Meta:
        model = Alignment
        fields = (
            'id', 'url', 'display_url', 'display', 'kind', 'dependent_object_type', 'dependent_object_id', 'dependent',
            'provider_object_type', 'provider_object_id', 'provider', 'redundancy_group', 'target', 'required_minutes',
            'actual_minutes', 'margin_minutes', 'status', 'as_of',
        )
        read_only_fields = fields
        brief_fields = ('id', 'url', 'display', 'kind', 'dependent', 'provider', 'margin_minutes', 'status')


class ChainStepSerializer(serializers.Serializer):
    """One CI on the way from a business function to the one that is measured; all null for one you may not see."""
    object_type = ContentTypeField(source='entry.object_type', read_only=True, default=None)
    object_id = serializers.IntegerField(source='entry.object_id', read_only=True, default=None)
    object = CIReferenceField(source='entry', default=None)
    minutes = serializers.IntegerField(read_only=True, allow_null=True)
    is_source = serializers.BooleanField(read_only=True)
