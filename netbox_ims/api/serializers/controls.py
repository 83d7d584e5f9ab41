from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from netbox.api.serializers import OrganizationalModelSerializer, PrimaryModelSerializer

from ...models import Clause, Control, ControlCatalog, Standard
from .fields import StrictRelationsMixin, as_rest_error

__all__ = (
    'CatalogUploadSerializer',
    'ClauseSerializer',
    'ControlCatalogSerializer',
    'ControlSerializer',
    'StandardSerializer',
)


class StandardSerializer(StrictRelationsMixin, OrganizationalModelSerializer):

    class Meta:
        model = Standard
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'slug', 'edition', 'description', 'owner', 'comments',
            'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'edition', 'description')


class ClauseSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    standard = StandardSerializer(nested=True)

    class Meta:
        model = Clause
        fields = (
            'id', 'url', 'display_url', 'display', 'standard', 'number', 'title', 'description', 'owner', 'comments',
            'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'number', 'title', 'description')


class ControlCatalogSerializer(StrictRelationsMixin, OrganizationalModelSerializer):
    standard = StandardSerializer(nested=True, required=False, allow_null=True, default=None)
    control_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = ControlCatalog
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'slug', 'edition', 'standard', 'control_count',
            'description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'slug', 'edition', 'description')


class CatalogUploadSerializer(serializers.Serializer):
    """A catalogue with all its controls, as YAML text."""
    text = serializers.CharField(trim_whitespace=False)


@extend_schema_field(serializers.ListField(child=serializers.CharField()))
class RefsField(serializers.Field):
    """Controls of another edition by their references (or primary keys); read as references."""

    def get_attribute(self, instance):
        return sorted(getattr(instance, self.source).all(), key=lambda control: (control.catalog_id, control.pk))

    def to_representation(self, controls):
        return [control.ref for control in controls]

    def to_internal_value(self, data):
        if not isinstance(data, list) or not all(isinstance(each, (str, int)) for each in data):
            raise serializers.ValidationError(_('Write a list of references, such as ["A.5.1.1"].'))
        refs = {each for each in data if isinstance(each, str)}
        pks = {each for each in data if not isinstance(each, str)}
        found = list(Control.objects.filter(ref__in=refs)) + list(Control.objects.filter(pk__in=pks))
        unknown = (refs - {control.ref for control in found}) | (pks - {control.pk for control in found})
        if unknown:
            raise serializers.ValidationError(
                [_('There is no control {ref}.').format(ref=ref) for ref in sorted(map(str, unknown))]
            )
        return found


class ControlSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    catalog = ControlCatalogSerializer(nested=True)
    replaces = RefsField(required=False)
    replaced_by = RefsField(read_only=True)
    # Of those the user may see, so annotated by the viewset; an event's payload, made for nobody, goes without.
    assignment_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Control
        fields = (
            'id', 'url', 'display_url', 'display', 'catalog', 'ref', 'title', 'theme', *Control.ATTRIBUTES, 'replaces',
            'replaced_by', 'assignment_count', 'description', 'owner', 'comments', 'tags', 'custom_fields', 'created',
            'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'ref', 'title', 'description')

    def validate(self, data):
        if not self.nested and (replaced := data.get('replaces')):
            catalog = data.get('catalog') or self.instance.catalog
            # A reference says which control only within an edition: never one of the control's own catalog.
            replaced = [control for control in replaced if control.catalog_id != catalog.pk] or replaced
            data['replaces'] = replaced
            try:
                Control(catalog=catalog).check_replaced(replaced)
            except DjangoValidationError as e:
                raise as_rest_error(e) from e
        return super().validate(data)
