from django.contrib.contenttypes.models import ContentType

from netbox.api.serializers import PrimaryModelSerializer

from ...models import Dependency
from ...querysets.dependencies import ENDS
from .fields import CIReferenceField, CITypeField, NamesCIsMixin, StrictRelationsMixin

__all__ = ('DependencySerializer',)


class DependencySerializer(StrictRelationsMixin, NamesCIsMixin, PrimaryModelSerializer):
    ci_prefixes = tuple(f'{end}_' for end in ENDS)

    dependent_object_type = CITypeField(queryset=ContentType.objects.all())
    dependent = CIReferenceField(source='dependent_ci')
    provider_object_type = CITypeField(queryset=ContentType.objects.all())
    provider = CIReferenceField(source='provider_ci')

    class Meta:
        model = Dependency
        fields = (
            'id', 'url', 'display_url', 'display', 'dependent_object_type', 'dependent_object_id', 'dependent',
            'provider_object_type', 'provider_object_id', 'provider', 'holds_data', 'redundancy_group', 'description',
            'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'dependent', 'provider', 'holds_data', 'description')
