from django.contrib.contenttypes.models import ContentType

from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from users.api.serializers import UserSerializer

from ...choices import AssignmentStatusChoices
from ...models import ControlAssignment
from .controls import ControlSerializer
from .fields import CIReferenceField, CITypeField, NamesCIsMixin, StrictRelationsMixin

__all__ = ('ControlAssignmentSerializer',)


class ControlAssignmentSerializer(StrictRelationsMixin, NamesCIsMixin, PrimaryModelSerializer):
    control = ControlSerializer(nested=True)
    object_type = CITypeField(queryset=ContentType.objects.all())
    object = CIReferenceField()
    status = ChoiceField(choices=AssignmentStatusChoices, required=False)
    verified_by = UserSerializer(nested=True, required=False, allow_null=True, default=None)

    class Meta:
        model = ControlAssignment
        fields = (
            'id', 'url', 'display_url', 'display', 'control', 'object_type', 'object_id', 'object', 'status',
            'evidence_url', 'verified_on', 'verified_by', 'review_due', 'description', 'owner', 'comments', 'tags',
            'custom_fields', 'created', 'last_updated',
        )
        brief_fields = (
            'id', 'url', 'display', 'control', 'object_type', 'object_id', 'object', 'status', 'description',
        )
        model_clean_fields = ('verified_on',)

    def validate(self, data):
        request = self.context.get('request')
        verified = data.get('status') == AssignmentStatusChoices.VERIFIED
        if not self.nested and verified and not data.get('verified_by') and request:
            # Someone who marks it as verified, and names nobody, has verified it.
            data['verified_by'] = request.user
        return super().validate(data)
