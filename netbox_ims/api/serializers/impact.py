from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from netbox.api.serializers import PrimaryModelSerializer

from ...models import BusinessImpactAnalysis
from .continuity import BusinessFunctionSerializer
from .fields import MinutesField, StrictRelationsMixin

__all__ = ('BusinessImpactAnalysisSerializer',)


@extend_schema_field({
    'type': 'object', 'additionalProperties': {'type': 'array', 'items': {'type': 'integer'}}
})
class RatingsField(serializers.JSONField):
    """{category: [a rating from 1 to 5 for each band]}; what is wrong with it the model says."""


class BusinessImpactAnalysisSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    function = BusinessFunctionSerializer(nested=True)
    bands = serializers.ListField(child=MinutesField(allow_null=False, required=True))
    ratings = RatingsField()
    limits = serializers.DictField(child=serializers.IntegerField(allow_null=True), read_only=True)
    mtpd_minutes = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = BusinessImpactAnalysis
        fields = (
            'id', 'url', 'display_url', 'display', 'function', 'analysed_on', 'bands', 'tolerable_rating', 'ratings',
            'limits', 'mtpd_minutes', 'description', 'owner', 'comments', 'tags', 'custom_fields', 'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'function', 'analysed_on', 'mtpd_minutes', 'description')
