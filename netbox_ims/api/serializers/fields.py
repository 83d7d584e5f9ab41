"""Serializer fields and mixins that several domains share."""
from collections.abc import Mapping
from contextlib import nullcontext

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, router, transaction
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from netbox.api.fields import ContentTypeField, SerializedPKRelatedField
from utilities.api import get_related_object_by_attrs
from utilities.views import get_action_url

from ...ci_types import get_ci_types, resolve_ci_type
from ...querysets.moments import known_moment
from ...rules.durations import MAX_MINUTES

__all__ = (
    'CIReferenceField', 'CITypeField', 'MinutesField', 'MomentField', 'NamesCIsMixin', 'RelatedObjectsField',
    'SeenWhenNestedMixin', 'StrictRelationsMixin', 'VisiblePartsMixin', 'as_rest_error', 'refuse_invisible_ci',
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


class MomentField(serializers.DateTimeField):
    """A moment that the register can be asked about (querysets/moments.py); a date alone means its end."""

    def to_internal_value(self, value):
        if not isinstance(value, str):
            self.fail('invalid', format='YYYY-MM-DDThh:mm:ss')
        try:
            return known_moment(value)
        except ValidationError as e:
            raise serializers.ValidationError(e.messages) from e


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

    The source must be a RegisterEntry, an object with one as `entry`, or another row named after its CI.
    """

    def __init__(self, **kwargs):
        super().__init__(**{'source': '*', 'read_only': True, **kwargs})

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


class RelatedObjectsField(SerializedPKRelatedField):
    """
    Many related objects: read nested, written as ids or attributes like a single one ({"slug": …}). With `seen_only`,
    one that the user may not see does not exist.
    """

    def __init__(self, seen_only=False, **kwargs):
        self.seen_only = seen_only
        super().__init__(**kwargs)

    def get_queryset(self):
        queryset, request = super().get_queryset(), self.context.get('request')
        return queryset.restrict(request.user, 'view') if self.seen_only and request else queryset

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        try:
            return get_related_object_by_attrs(self.get_queryset(), data, self.context['request'].user)
        except ValidationError as e:
            raise serializers.ValidationError(e.messages) from e


class SeenWhenNestedMixin:
    """
    For serializers of CIs that others name as related objects: one that the user may not see does not exist. (NetBox
    lets anybody refer to anything by its id.)
    """

    def to_internal_value(self, data):
        request = self.context.get('request')
        if not self.nested or request is None:
            return super().to_internal_value(data)
        return get_related_object_by_attrs(self.Meta.model.objects.restrict(request.user, 'view'), data, request.user)


class VisiblePartsMixin:
    """
    For serializers of what consists of objects that not everybody may see, in the many-to-many fields `visible_parts`.
    Read, they are those the user may see (the model's queryset has `with_visible_parts(user)`, as has the viewset);
    written, the others stay. An event's payload, made for nobody in particular, goes without.
    """
    visible_parts = ()
    hidden_from_events = ()     # other fields of the kind

    @property
    def user(self):
        request = self.context.get('request')
        return request.user if request else None

    def to_representation(self, instance):
        request = self.context.get('request')
        if request and request.method not in SAFE_METHODS and not self.nested:
            # What was written is answered as a GET would: with what the user may see.
            instance = self.Meta.model.objects.with_visible_parts(request.user).get(pk=instance.pk)
        data = super().to_representation(instance)
        if self.user is None:
            for part in (*self.visible_parts, *self.hidden_from_events):
                data.pop(part, None)
        return data

    def validate(self, data):
        if not self.nested and self.instance and self.user is not None:
            for name in self.visible_parts:
                if name in data:
                    there = getattr(self.instance, name)
                    seen = there.model.objects.restrict(self.user, 'view').order_by().values('pk')
                    stored = there.model.objects.filter(pk__in=self._stored(name)).exclude(pk__in=seen)
                    data[name] = [*data[name], *stored]
        return super().validate(data)

    def _stored(self, name):
        """Primary keys of all, not only of those that were prefetched for the user."""
        field = self.Meta.model._meta.get_field(name)
        through = field.remote_field.through.objects.filter(**{field.m2m_field_name(): self.instance})
        return through.values_list(f'{field.m2m_reverse_field_name()}_id', flat=True)


class NamesCIsMixin:
    """
    For serializers of what names CIs by `object_type` and `object_id`, each with one of the `ci_prefixes`: whoever
    writes them must be able to see those CIs.
    """
    ci_prefixes = ('',)

    def validate(self, data):
        if not self.nested:
            for prefix in self.ci_prefixes:
                self._refuse_invisible(data, f'{prefix}object_type', f'{prefix}object_id')
        return super().validate(data)

    def _refuse_invisible(self, data, type_field, id_field):
        if not {type_field, id_field} & data.keys():
            return
        request = self.context.get('request')
        content_type, object_id = (
            data[name] if name in data else getattr(self.instance, name) for name in (type_field, id_field)
        )
        try:
            refuse_invisible_ci(request.user if request else None, content_type, object_id, id_field)
        except ValidationError as e:
            raise as_rest_error(e) from e


class StrictRelationsMixin:
    """A related object named by what it can't have (`{"id": "x"}`) is a field error; NetBox would ask the database."""

    def to_internal_value(self, data):
        if self.nested or not isinstance(data, Mapping):
            return super().to_internal_value(data)
        try:
            with self._kept_whole(data):
                return super().to_internal_value(data)
        except (TypeError, ValueError, DataError) as e:
            if problems := dict(self._unfit_relations(data)):
                raise serializers.ValidationError(problems) from e
            raise

    def _kept_whole(self, data):
        """A savepoint for what the database may refuse, as bulk requests run in one transaction."""
        by_attributes = any(isinstance(value, (Mapping, list)) for value in data.values())
        return transaction.atomic(using=router.db_for_write(self.Meta.model)) if by_attributes else nullcontext()

    def _unfit_relations(self, data):
        for name in data.keys() & self.fields.keys():
            try:
                with self._kept_whole(data):
                    self.fields[name].run_validation(data[name])
            except (serializers.ValidationError, ValidationError):
                continue
            except (TypeError, ValueError, DataError):
                yield name, [_('Name related objects by their numeric ID, or by attributes and values they can have.')]


def as_rest_error(error):
    """A model's ValidationError as REST answers it: 400 with {field: [messages]}."""
    return serializers.ValidationError(
        error.message_dict if hasattr(error, 'error_dict') else {NON_FIELD_ERRORS: error.messages}
    )


def refuse_invisible_ci(user, content_type, object_id, field='object_id'):
    """
    Raise the same ValidationError for a CI that does not exist and for one the user may not see, before any other
    check could tell them apart.
    """
    queryset = content_type.model_class().objects.all()
    if user is not None:
        queryset = queryset.restrict(user, 'view')
    if not queryset.filter(pk=object_id).exists():
        raise ValidationError(
            {field: _('Related object not found using the provided value: {id}.').format(id=object_id)}
        )
