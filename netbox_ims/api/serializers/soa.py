from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

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
        request = self.context.get('request')
        try:
            refuse_invisible_ci(request.user if request else None, data['object_type'], data['object_id'])
        except DjangoValidationError as e:
            raise as_rest_error(e) from e
        return data


class ScopeSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    # Tenants, sites and CIs are those the user may see: the viewset prefetches no others.
    standard = StandardSerializer(nested=True)
    tenants = RelatedObjectsField(
        queryset=Tenant.objects.all(), serializer=TenantSerializer, nested=True, required=False, many=True
    )
    sites = RelatedObjectsField(
        queryset=Site.objects.all(), serializer=SiteSerializer, nested=True, required=False, many=True
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

    @property
    def user(self):
        request = self.context.get('request')
        return request.user if request else None

    def to_representation(self, instance):
        """An event's payload, made for nobody in particular, names no CI that not everybody may see."""
        request = self.context.get('request')
        if request and request.method not in SAFE_METHODS and not self.nested:
            # What was written is answered as a GET would: with what the user may see.
            instance = Scope.objects.with_visible_parts(request.user).get(pk=instance.pk)
        data = super().to_representation(instance)
        if self.user is None:
            for part in ('tenants', 'sites', 'cis'):
                data.pop(part, None)
        return data

    def validate(self, data):
        if self.nested:
            return super().validate(data)
        members = data.pop('members', None)
        for part, model in (('tenants', Tenant), ('sites', Site)):
            if part in data and self.instance and self.user is not None:
                seen = model.objects.restrict(self.user, 'view')
                unseen = model.objects.filter(pk__in=self._stored(part)).exclude(pk__in=seen.order_by().values('pk'))
                data[part] = [*data[part], *unseen]
        data = super().validate(data)
        if members is not None:
            data['members'] = members
        return data

    def _stored(self, part):
        through = getattr(Scope, part).through.objects.filter(scope=self.instance)
        return through.values_list(f'{part[:-1]}_id', flat=True)

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
        model_clean_fields = ('version',)


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
