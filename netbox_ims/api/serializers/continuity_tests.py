from django.contrib.contenttypes.models import ContentType
from rest_framework import serializers

from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer

from ...choices import ContinuityTestResultChoices, ContinuityTestTypeChoices
from ...models import ContinuityTest, ContinuityTestSubject
from .fields import CIReferenceField, CITypeField, MinutesField, NamesCIsMixin, StrictRelationsMixin
from .plans import ContinuityPlanSerializer

__all__ = ('ContinuityTestSerializer', 'ContinuityTestSubjectSerializer')


class ContinuityTestSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    plan = ContinuityPlanSerializer(nested=True)
    test_type = ChoiceField(choices=ContinuityTestTypeChoices)
    result = ChoiceField(choices=ContinuityTestResultChoices, required=False, allow_null=True)
    achieved_rto_minutes = MinutesField()
    achieved_rpo_minutes = MinutesField()
    stale = serializers.BooleanField(read_only=True, allow_null=True)

    class Meta:
        model = ContinuityTest
        fields = (
            'id', 'url', 'display_url', 'display', 'plan', 'test_type', 'planned_on', 'held_on', 'result',
            'achieved_rto_minutes', 'achieved_rpo_minutes', 'lessons', 'next_due', 'stale', 'description', 'owner',
            'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'test_type', 'planned_on', 'held_on', 'result', 'description')


class ContinuityTestSubjectSerializer(StrictRelationsMixin, NamesCIsMixin, PrimaryModelSerializer):
    test = ContinuityTestSerializer(nested=True)
    object_type = CITypeField(queryset=ContentType.objects.all())
    object = CIReferenceField()
    achieved_rto_minutes = MinutesField()
    achieved_rpo_minutes = MinutesField()

    class Meta:
        model = ContinuityTestSubject
        fields = (
            'id', 'url', 'display_url', 'display', 'test', 'object_type', 'object_id', 'object', 'achieved_rto_minutes',
            'achieved_rpo_minutes', 'description', 'owner', 'comments', 'tags', 'custom_fields', 'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'test', 'object_type', 'object_id', 'object', 'description')
