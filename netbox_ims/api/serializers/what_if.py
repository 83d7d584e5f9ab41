from rest_framework import serializers

from netbox.api.fields import ContentTypeField

from .fields import CIReferenceField

__all__ = ('WhatIfSerializer',)


class NamedCISerializer(serializers.Serializer):
    """A CI by name; all null for one that you may not see."""
    object_type = ContentTypeField(read_only=True)
    object_id = serializers.IntegerField(read_only=True)
    object = CIReferenceField()


class LostFunctionSerializer(serializers.Serializer):
    function = NamedCISerializer(source='ci', read_only=True)
    rto_minutes = serializers.IntegerField(source='rto', read_only=True, allow_null=True)
    mtpd_minutes = serializers.IntegerField(source='mtpd', read_only=True, allow_null=True)
    margin_minutes = serializers.IntegerField(
        source='margin', read_only=True, allow_null=True, help_text='MTPD less outage; negative: beyond the limit'
    )
    status = serializers.ChoiceField(choices=('within', 'beyond', 'no_limit', 'unknown'), read_only=True)
    services = serializers.ListField(child=serializers.CharField(), read_only=True)


class RecoveryStepSerializer(serializers.Serializer):
    number = serializers.IntegerField(read_only=True)
    recover = NamedCISerializer(source='ci', read_only=True, allow_null=True)
    effective_rto_minutes = serializers.IntegerField(source='minutes', read_only=True, allow_null=True)
    waits_for = serializers.ListField(source='step.waits_for', child=serializers.IntegerField(), read_only=True)
    brings_back = NamedCISerializer(many=True, read_only=True)
    in_cycle = serializers.BooleanField(source='step.in_cycle', read_only=True)


class WhatIfSerializer(serializers.Serializer):
    """What fails, for whom, and in what order to recover; of very many `steps` only the first."""
    as_of = serializers.DateTimeField(read_only=True)
    undetermined = serializers.IntegerField(
        read_only=True, help_text='Edges between what is down that are undetermined, or yet to be worked out anew'
    )
    outage_minutes = serializers.IntegerField(source='outage', read_only=True)
    cis_down = serializers.IntegerField(
        source='down_count', read_only=True, help_text='Of those you may see, business functions included'
    )
    hidden = serializers.IntegerField(read_only=True, help_text='How many of what is down you may not see')
    functions = LostFunctionSerializer(many=True, read_only=True)
    services_lost = NamedCISerializer(source='services', many=True, read_only=True)
    services_degraded = NamedCISerializer(
        source='degraded', many=True, read_only=True, allow_null=True,
        help_text='Null where more CIs depend on redundancy groups that hold than can be looked at'
    )
    step_count = serializers.IntegerField(read_only=True)
    steps = RecoveryStepSerializer(source='first_steps', many=True, read_only=True)
