from django.contrib.contenttypes.models import ContentType
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.reverse import reverse

from dcim.api.serializers import DeviceRoleSerializer, SiteSerializer
from netbox.api.fields import ChoiceField, ContentTypeField
from netbox.api.serializers import BaseModelSerializer, OrganizationalModelSerializer, PrimaryModelSerializer
from tenancy.api.serializers import ContactSerializer, TenantSerializer
from users.api.serializers import UserSerializer

from ...choices import AlignmentChoices, DecisionActionChoices, InformationAssetStatusChoices
from ...models import AssetProfile, Classification, Control, Decision, InformationAsset, RegisterEntry, RetiredCI
from .controls import ControlSerializer
from .fields import (
    CIReferenceField,
    CITypeField,
    MinutesField,
    NamesCIsMixin,
    RelatedObjectsField,
    StrictRelationsMixin,
)

__all__ = (
    'AssetProfileSerializer',
    'ClassificationSerializer',
    'DecisionSerializer',
    'InformationAssetSerializer',
    'RegisterEntrySerializer',
    'RestoreProfileSerializer',
    'RetiredCISerializer',
)


class ClassificationSerializer(StrictRelationsMixin, OrganizationalModelSerializer):
    # Of those the user may see, so annotated by the viewset; an event's payload, made for nobody, goes without.
    profile_count = serializers.IntegerField(read_only=True)
    required_controls = RelatedObjectsField(
        queryset=Control.objects.all(), serializer=ControlSerializer, nested=True, required=False, many=True
    )

    class Meta:
        model = Classification
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'slug', 'level', 'color', 'handling', 'review_interval_days',
            'requires_security_review', 'required_controls', 'description', 'owner', 'comments', 'tags',
            'custom_fields', 'created', 'last_updated', 'profile_count',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'level', 'color', 'description')


class InformationAssetSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    status = ChoiceField(choices=InformationAssetStatusChoices, required=False)
    custodian = ContactSerializer(nested=True, required=False, allow_null=True, default=None)

    class Meta:
        model = InformationAsset
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'slug', 'status', 'custodian', 'description', 'owner',
            'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'description')


class AssetProfileSerializer(StrictRelationsMixin, NamesCIsMixin, PrimaryModelSerializer):
    object_type = CITypeField(queryset=ContentType.objects.all())
    object = CIReferenceField()
    classification = ClassificationSerializer(nested=True, required=False, allow_null=True, default=None)
    rto_minutes = MinutesField()
    rpo_minutes = MinutesField()
    asset_owner = ContactSerializer(nested=True, required=False, allow_null=True, default=None)

    class Meta:
        model = AssetProfile
        fields = (
            'id', 'url', 'display_url', 'display', 'object_type', 'object_id', 'object', 'classification',
            'confidentiality', 'integrity', 'availability', 'is_information_asset', 'handles_sensitive_data',
            'processes_personal_data', 'data_categories', 'rto_minutes', 'rpo_minutes', 'asset_owner', 'last_reviewed',
            'review_due', 'classification_override', 'override_justification', 'description', 'owner', 'comments',
            'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'object_type', 'object_id', 'object', 'classification', 'description')
        model_clean_fields = ('review_due',)


class RestoreProfileSerializer(serializers.Serializer):
    """Names the CI that takes over the assessment of a retired one."""
    object_id = serializers.IntegerField(min_value=1)


@extend_schema_field(inline_serializer('CISource', {
    'object_type': serializers.CharField(),
    'object_id': serializers.IntegerField(),
    'name': serializers.CharField(allow_null=True),
}, allow_null=True))
class SourceField(serializers.Field):
    """
    The CI a derived value comes from: {object_type, object_id, name}, or null. Of one the user may not see, all three
    are null: that there is one is no secret, which one it is may be.
    """

    def __init__(self, prefix, **kwargs):
        self.prefix = prefix
        super().__init__(source='*', read_only=True, **kwargs)

    def to_representation(self, entry):
        type_id, pk = getattr(entry, f'{self.prefix}_type_id'), getattr(entry, f'{self.prefix}_id')
        if type_id is None:
            return None
        source = entry if (type_id, pk) == entry.ci else self.parent.known_sources.get((type_id, pk))
        if source is None:
            return {'object_type': None, 'object_id': None, 'name': None}
        content_type = source.object_type
        return {
            'object_type': f'{content_type.app_label}.{content_type.model}',
            'object_id': source.object_id,
            'name': source.name,
        }


class RegisterEntryListSerializer(serializers.ListSerializer):
    """Looks up what the derived values of all entries come from at once."""

    def to_representation(self, data):
        entries = list(data.all() if hasattr(data, 'all') else data)
        self.child.look_up_sources(entries)
        return super().to_representation(entries)


class RegisterEntrySerializer(BaseModelSerializer):
    # By name, as what is shown may be an entry of the past.
    url = serializers.HyperlinkedIdentityField(view_name='plugins-api:netbox_ims-api:registerentry-detail')
    display_url = serializers.HyperlinkedIdentityField(view_name='plugins:netbox_ims:registerentry')
    object_type = ContentTypeField(read_only=True)
    object = CIReferenceField()
    site = SiteSerializer(nested=True, read_only=True)
    tenant = TenantSerializer(nested=True, read_only=True)
    role = DeviceRoleSerializer(nested=True, read_only=True)
    profile = serializers.SerializerMethodField()
    classification = ClassificationSerializer(nested=True, read_only=True)
    asset_owner = ContactSerializer(nested=True, read_only=True)
    effective_classification = ClassificationSerializer(nested=True, read_only=True)
    effective_classification_source = SourceField('effective_classification_source')
    required_rto_source = SourceField('required_rto_source')
    required_rpo_source = SourceField('required_rpo_source')
    alignment = ChoiceField(choices=AlignmentChoices, read_only=True)

    class Meta:
        model = RegisterEntry
        fields = (
            'id', 'url', 'display_url', 'display', 'object_type', 'object_id', 'object', 'name', 'site', 'tenant',
            'role',
            'status', 'profile', 'classification', 'is_information_asset', 'handles_sensitive_data',
            'processes_personal_data', 'rto_minutes', 'rpo_minutes', 'asset_owner', 'review_due',
            'effective_classification', 'effective_classification_source', 'effective_complete',
            'effective_handles_sensitive_data', 'effective_processes_personal_data', 'required_rto_minutes',
            'required_rto_source', 'required_rpo_minutes', 'required_rpo_source', 'effective_rto_minutes',
            'effective_rpo_minutes', 'under_classified', 'alignment', 'as_of',
        )
        read_only_fields = fields
        brief_fields = ('id', 'url', 'display', 'object_type', 'object_id', 'name', 'classification')
        list_serializer_class = RegisterEntryListSerializer

    known_sources = None

    def to_representation(self, instance):
        if self.known_sources is None:
            self.look_up_sources([instance])
        return super().to_representation(instance)

    def look_up_sources(self, entries):
        self.known_sources = {}
        if entries and any(isinstance(field, SourceField) for field in self.fields.values()):
            request, register = self.context.get('request'), entries[0].register
            visible = register.restrict(request.user, 'view') if request else register
            sources = visible.among(set().union(*(entry.sources for entry in entries))).select_related('object_type')
            self.known_sources = {source.ci: source for source in sources}

    @extend_schema_field({
        'type': 'object', 'nullable': True,
        'properties': {'id': {'type': 'integer'}, 'url': {'type': 'string'}, 'display': {'type': 'string'}},
    })
    def get_profile(self, entry):
        if entry.profile_id is None:
            return None
        request = self.context.get('request')
        url = reverse('plugins-api:netbox_ims-api:assetprofile-detail', args=[entry.profile_id], request=request)
        return {'id': entry.profile_id, 'url': url, 'display': str(entry)}


class EvidenceSerializer(BaseModelSerializer):
    """What the append-only records have in common."""
    object_type = ContentTypeField(read_only=True)
    user = UserSerializer(nested=True, read_only=True)


class DecisionSerializer(EvidenceSerializer):
    action = ChoiceField(choices=DecisionActionChoices, read_only=True)

    class Meta:
        model = Decision
        fields = (
            'id', 'url', 'display_url', 'display', 'object_type', 'object_id', 'name', 'action', 'old_values',
            'new_values', 'user', 'user_name', 'time', 'reason', 'basis',
        )
        read_only_fields = fields
        brief_fields = ('id', 'url', 'display', 'name', 'action', 'time')


class RetiredCISerializer(EvidenceSerializer):
    site = serializers.SerializerMethodField()
    tenant = serializers.SerializerMethodField()

    class Meta:
        model = RetiredCI
        fields = (
            'id', 'url', 'display_url', 'display', 'object_type', 'object_id', 'name', 'site', 'tenant', 'status',
            'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'asset_owner', 'assessment', 'controls', 'risks', 'user', 'user_name', 'time', 'reason',
        )
        read_only_fields = fields
        brief_fields = ('id', 'url', 'display', 'name', 'time')

    # As they were: the objects themselves may be gone or renamed since.
    WAS = {'type': 'object', 'nullable': True, 'properties': {'id': {'type': 'integer'}, 'name': {'type': 'string'}}}

    @extend_schema_field(WAS)
    def get_site(self, retired):
        return {'id': retired.site_id, 'name': retired.site_name} if retired.site_id else None

    @extend_schema_field(WAS)
    def get_tenant(self, retired):
        return {'id': retired.tenant_id, 'name': retired.tenant_name} if retired.tenant_id else None
