from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from dcim.api.serializers import SiteSerializer
from dcim.models import Site
from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from tenancy.api.serializers import ContactSerializer, TenantSerializer
from tenancy.models import Tenant
from users.api.serializers import UserSerializer

from ...choices import ImplementationStatusChoices, SoaReasonChoices, StatementStatusChoices
from ...constants import ENTRY_CONTENT
from ...models import Scope, SoaEntry, StatementOfApplicability
from ...services.scopes import set_members
from .controls import ControlCatalogSerializer, ControlSerializer, StandardSerializer
from .fields import (
    CIReferenceField,
    CITypeField,
    RelatedObjectsField,
    StrictRelationsMixin,
    VisiblePartsMixin,
    as_rest_error,
    refuse_invisible_ci,
)

__all__ = ('ScopeSerializer', 'SoaEntrySerializer', 'StatementOfApplicabilitySerializer')


class ScopeCISerializer(serializers.Serializer):
    """A CI that a scope covers by itself."""
    object_type = CITypeField(queryset=ContentType.objects.all())
    object_id = serializers.IntegerField(min_value=1)
    object = CIReferenceField()

    def validate(self, data):
        # Of what is changed in part, DRF asks for no field; each of these is whole all the same.
        if missing := [name for name in ('object_type', 'object_id') if name not in data]:
            required = self.fields['object_id'].error_messages['required']
            raise serializers.ValidationError({name: [required] for name in missing})
        request = self.context.get('request')
        try:
            refuse_invisible_ci(request.user if request else None, data['object_type'], data['object_id'])
        except DjangoValidationError as e:
            raise as_rest_error(e) from e
        return data


class ScopeSerializer(VisiblePartsMixin, StrictRelationsMixin, PrimaryModelSerializer):
    visible_parts = ('tenants', 'sites')
    hidden_from_events = ('cis',)

    standard = StandardSerializer(nested=True)
    tenants = RelatedObjectsField(
        queryset=Tenant.objects.all(), serializer=TenantSerializer, nested=True, required=False, many=True,
        seen_only=True
    )
    sites = RelatedObjectsField(
        queryset=Site.objects.all(), serializer=SiteSerializer, nested=True, required=False, many=True,
        seen_only=True
    )
    cis = ScopeCISerializer(many=True, required=False, source='members')

    class Meta:
        model = Scope
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'standard', 'statement', 'tenants', 'sites', 'cis',
            'difference_explanation', 'description', 'owner', 'comments', 'tags', 'custom_fields', 'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'description')

    def validate(self, data):
        if self.nested:
            return super().validate(data)
        members = data.pop('members', None)
        data = super().validate(data)
        if members is not None:
            data['members'] = members
        return data

    def create(self, validated_data):
        members = validated_data.pop('members', None)
        return self._with_members(super().create(validated_data), members)

    def update(self, instance, validated_data):
        members = validated_data.pop('members', None)
        return self._with_members(super().update(instance, validated_data), members)

    def _with_members(self, scope, members):
        if members is not None:
            set_members(scope, [(each['object_type'].pk, each['object_id']) for each in members], self.user)
        return scope


class StatementOfApplicabilitySerializer(StrictRelationsMixin, PrimaryModelSerializer):
    catalog = ControlCatalogSerializer(nested=True)
    scope = ScopeSerializer(nested=True)
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, required=False)
    status = ChoiceField(choices=StatementStatusChoices, read_only=True)
    edited_by = UserSerializer(nested=True, read_only=True)
    submitted_by = UserSerializer(nested=True, read_only=True)
    approved_by = UserSerializer(nested=True, read_only=True)

    class Meta:
        model = StatementOfApplicability
        fields = (
            'id', 'url', 'display_url', 'display', 'catalog', 'scope', 'version', 'status', 'edited_by', 'edited_on',
            'submitted_by', 'submitted_on', 'approved_by', 'approved_on', 'sha256', 'description', 'owner', 'comments',
            'tags', 'custom_fields', 'created', 'last_updated',
        )
        read_only_fields = ('edited_on', 'submitted_on', 'approved_on', 'sha256')
        brief_fields = ('id', 'url', 'display', 'version', 'status', 'description')


class SoaEntrySerializer(StrictRelationsMixin, PrimaryModelSerializer):
    statement = StatementOfApplicabilitySerializer(nested=True, read_only=True)
    control = ControlSerializer(nested=True, read_only=True)
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=SoaReasonChoices), required=False)
    implementation_status = ChoiceField(choices=ImplementationStatusChoices, required=False)
    responsible = ContactSerializer(nested=True, required=False, allow_null=True, default=None)

    class Meta:
        model = SoaEntry
        fields = (
            'id', 'url', 'display_url', 'display', 'statement', 'control', *ENTRY_CONTENT, 'description', 'owner',
            'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'control', 'applicable', 'description')
