from django.core.exceptions import ValidationError
from rest_framework import serializers

from netbox.api.serializers import BaseModelSerializer
from users.api.serializers import UserSerializer

from ...models import Baseline
from ...services.baselines import take_baseline
from ...services.register_rows import clean_register_filter
from .fields import MomentField, as_rest_error

__all__ = ('BaselineSerializer', 'VerificationSerializer')


class BaselineSerializer(BaseModelSerializer):
    as_of = MomentField(required=False, allow_null=True)
    filter = serializers.JSONField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True)
    user = UserSerializer(nested=True, read_only=True)

    class Meta:
        model = Baseline
        fields = (
            'id', 'url', 'display_url', 'display', 'number', 'name', 'reason', 'user', 'user_name', 'taken_on', 'as_of',
            'filter', 'figures', 'rows', 'rows_sha256', 'previous_sha256', 'sha256',
        )
        read_only_fields = (
            'number', 'user_name', 'taken_on', 'figures', 'rows', 'rows_sha256', 'previous_sha256', 'sha256',
        )
        brief_fields = ('id', 'url', 'display', 'number', 'name', 'as_of', 'rows', 'sha256')

    def validate(self, data):
        data = super().validate(data)
        if 'filter' in data:
            try:
                data['filter'] = clean_register_filter(
                    self.context['request'].user, data.get('as_of'), data['filter']
                )
            except ValidationError as e:
                raise serializers.ValidationError({'filter': e.messages}) from e
        return data

    def create(self, validated_data):
        try:
            return take_baseline(user=self.context['request'].user, **validated_data)
        except ValidationError as e:
            raise as_rest_error(e) from e


class FindingSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=('header', 'row', 'count', 'rows', 'chain'))
    row = serializers.IntegerField(allow_null=True)
    names = serializers.ListField(child=serializers.CharField())
    message = serializers.CharField()


class VerificationSerializer(serializers.Serializer):
    """What `verify/` answers."""
    ok = serializers.BooleanField()
    rows = serializers.IntegerField()
    sha256 = serializers.CharField()
    previous_sha256 = serializers.CharField(allow_null=True)
    problems = FindingSerializer(many=True)
