"""Serializer fields and mixins that several domains share."""
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from netbox.api.fields import ContentTypeField
from utilities.views import get_action_url

from ...ci_types import get_ci_types, resolve_ci_type
from ...rules.durations import MAX_MINUTES

__all__ = (
    'AboutCISerializerMixin',
    'CIReferenceField',
    'CITypeField',
    'MinutesField',
    'as_rest_error',
    'refuse_invisible_ci',
)

CI_REFERENCE = inline_serializer('CIReference', {
    'id': serializers.IntegerField(),
    'url': serializers.URLField(allow_null=True),
    'display': serializers.CharField(),
    'name': serializers.CharField(),
}, allow_null=True)


class MinutesField(serializers.IntegerField):
    """A duration in whole minutes ≥ 0, or null for unknown. JSON takes an integer and nothing that looks like one."""

    default_error_messages = {
        'integer': _('Durations are whole minutes, written as an integer ≥ 0, or null if unknown.')
    }

    def __init__(self, **kwargs):
        super().__init__(**{'min_value': 0, 'max_value': MAX_MINUTES, 'allow_null': True, 'required': False, **kwargs})

    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail('integer')
        return super().to_internal_value(data)


class CITypeField(ContentTypeField):
    """A registered CI type as `app_label.model`."""
    default_error_messages = {'unregistered': _('{type} is not a registered CI type. Registered: {known}.')}

    def to_internal_value(self, data):
        try:
            content_type = super().to_internal_value(data)
        except (TypeError, AttributeError):
            self.fail('invalid')
        if resolve_ci_type(content_type) is None:
            self.fail('unregistered', type=data, known=', '.join(get_ci_types()))
        return content_type


@extend_schema_field(CI_REFERENCE)
class CIReferenceField(serializers.Field):
    """
    The CI a row is about, as a nested object (id, url, display, name), made from the register's copy of its name:
    no query, whatever its type.

    The source must be a RegisterEntry, or an object with one as `entry`.
    """

    def __init__(self, **kwargs):
        super().__init__(source='*', read_only=True, **kwargs)

    def to_representation(self, instance):
        entry = getattr(instance, 'entry', instance)
        if entry is None:
            return None
        return {
            'id': entry.object_id,
            'url': ci_api_url(entry.ci_type, entry.object_id, self.context.get('request')),
            'display': str(entry),
            'name': entry.name,
        }


def ci_api_url(ci_type, object_id, request):
    """Where REST serves a CI, or None for a model without such an endpoint."""
    try:
        path = get_action_url(ci_type.model, action='detail', rest_api=True, kwargs={'pk': object_id})
    except NoReverseMatch:
        return None
    return request.build_absolute_uri(path) if request else path


def refuse_invisible_ci(user, content_type, object_id):
    """
    Raise the same ValidationError for a CI that does not exist and for one the user may not see, before any other
    check could tell them apart.
    """
    queryset = content_type.model_class().objects.all()
    if user is not None:
        queryset = queryset.restrict(user, 'view')
    if not queryset.filter(pk=object_id).exists():
        raise ValidationError(
            {'object_id': _('Related object not found using the provided value: {id}.').format(id=object_id)}
        )


def as_rest_error(error):
    """A model's ValidationError as REST answers it: 400 with {field: [messages]}."""
    return serializers.ValidationError(
        error.message_dict if hasattr(error, 'error_dict') else {NON_FIELD_ERRORS: error.messages}
    )


class AboutCISerializerMixin:
    """A record about one CI: which must exist for whoever writes it."""

    def validate(self, data):
        if not self.nested and {'object_type', 'object_id'} & data.keys():
            request = self.context.get('request')
            content_type = data['object_type'] if 'object_type' in data else self.instance.object_type
            object_id = data['object_id'] if 'object_id' in data else self.instance.object_id
            try:
                refuse_invisible_ci(request.user if request else None, content_type, object_id)
            except ValidationError as e:
                raise as_rest_error(e) from e
        return super().validate(data)
