from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from tenancy.api.serializers import TenantSerializer
from tenancy.models import Tenant

from ...choices import CriticalityChoices, ITServiceStatusChoices
from ...models import BusinessFunction, ITService
from .fields import MinutesField, RelatedObjectsField, SeenWhenNestedMixin, StrictRelationsMixin

__all__ = ('BusinessFunctionSerializer', 'ITServiceSerializer')


class BusinessFunctionSerializer(SeenWhenNestedMixin, StrictRelationsMixin, PrimaryModelSerializer):
    criticality = ChoiceField(choices=CriticalityChoices, required=False, allow_null=True)
    mtpd_minutes = MinutesField()

    class Meta:
        model = BusinessFunction
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'slug', 'criticality', 'mtpd_minutes', 'mtpd_reason',
            'minimum_level', 'description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')


class ITServiceSerializer(SeenWhenNestedMixin, StrictRelationsMixin, PrimaryModelSerializer):
    status = ChoiceField(choices=ITServiceStatusChoices, required=False)
    tenants = RelatedObjectsField(
        queryset=Tenant.objects.all(), serializer=TenantSerializer, nested=True, required=False, many=True
    )

    class Meta:
        model = ITService
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'slug', 'status', 'tenants', 'description', 'owner',
            'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')
