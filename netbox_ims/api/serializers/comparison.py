from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ...rules.comparison import CHANGED, JOINED, KINDS, LEFT
from .fields import CIReferenceField

__all__ = ('DifferenceSerializer',)


class DifferenceSerializer(serializers.Serializer):
    """What changed of one CI between two dates; `object` links to its page, which may be gone."""
    object_type = serializers.SerializerMethodField()
    object_id = serializers.IntegerField(source='latest.object_id')
    object = CIReferenceField(source='latest')
    name = serializers.CharField(source='latest.name')
    change = serializers.ChoiceField(choices=(JOINED, LEFT, CHANGED))
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=KINDS))
    fields_ = serializers.SerializerMethodField(method_name='get_changed_fields')

    NAMES = ('object_type', 'object_id', 'object', 'name', 'change', 'kinds', 'fields')
    BRIEF = ('object_type', 'object_id', 'name', 'change')

    def __init__(self, *args, wanted=NAMES, **kwargs):
        self._wanted = wanted
        super().__init__(*args, **kwargs)

    def get_fields(self):
        # `fields` is what a serializer itself is made of.
        fields = super().get_fields()
        fields['fields'] = fields.pop('fields_')
        return {name: field for name, field in fields.items() if name in self._wanted}

    @extend_schema_field(str)
    def get_object_type(self, difference):
        content_type = difference.latest.object_type
        return f'{content_type.app_label}.{content_type.model}'

    @extend_schema_field({
        'type': 'object', 'additionalProperties': {'type': 'array', 'minItems': 2, 'maxItems': 2, 'items': {}},
    })
    def get_changed_fields(self, difference):
        return {name: list(pair) for name, pair in difference.fields.items()}
