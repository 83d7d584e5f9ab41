from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from netbox.api.fields import ChoiceField
from netbox.api.serializers import PrimaryModelSerializer
from tenancy.api.serializers import ContactSerializer
from users.api.serializers import UserSerializer

from ...choices import RiskAcceptanceStatusChoices, RiskStatusChoices, RiskTreatmentChoices
from ...models import (
    Clause,
    Control,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
    Standard,
)
from ...services.risk_text import visible_snapshot
from ...ui.affected import Affected
from .controls import ClauseSerializer, ControlSerializer, StandardSerializer
from .fields import (
    CIReferenceField,
    CITypeField,
    NamesCIsMixin,
    RelatedObjectsField,
    StrictRelationsMixin,
    as_rest_error,
)

__all__ = (
    'RiskAcceptanceSerializer', 'RiskAssignmentSerializer', 'RiskMatrixSerializer', 'RiskSerializer',
    'RiskTreatmentSerializer',
)

STAGES = ('inherent', 'current', 'target')


class RiskMatrixSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, required=False)
    is_active = serializers.BooleanField(required=False)        # the model says why another one can't be
    # Whatever shape they come in, the model says by field what is wrong with them.
    likelihood_scale = serializers.JSONField()
    impact_scale = serializers.JSONField()
    impact_dimensions = serializers.JSONField()
    levels = serializers.JSONField()
    cells = serializers.JSONField()

    class Meta:
        model = RiskMatrix
        fields = (
            'id', 'url', 'display_url', 'display', 'name', 'version', 'likelihood_scale', 'impact_scale',
            'impact_dimensions', 'levels', 'cells', 'acceptance_level', 'is_active', 'activated_on', 'replaced_on',
            'description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        read_only_fields = ('activated_on', 'replaced_on')
        brief_fields = ('id', 'url', 'display', 'name', 'version', 'is_active', 'description')
        model_clean_fields = ('version',)


class WholeNumberField(serializers.IntegerField):
    """A step of a scale, or null. JSON takes an integer and nothing that looks like one."""
    default_error_messages = {'integer': _('Must be a whole number from 1, or null if it is not rated.')}

    def to_internal_value(self, data):
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail('integer')
        return super().to_internal_value(data)


def likelihood_field():
    return WholeNumberField(required=False, allow_null=True, max_value=32767, min_value=-32768)


class RiskSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    standards = RelatedObjectsField(
        queryset=Standard.objects.all(), serializer=StandardSerializer, nested=True, many=True, allow_empty=False,
        error_messages={'empty': _('Say which standards it matters to: at least one.')}
    )
    clauses = RelatedObjectsField(
        queryset=Clause.objects.all(), serializer=ClauseSerializer, nested=True, many=True, required=False
    )
    matrix = RiskMatrixSerializer(nested=True, required=False)
    status = ChoiceField(choices=RiskStatusChoices, required=False)
    treatment = ChoiceField(choices=RiskTreatmentChoices, required=False, allow_blank=True)
    risk_owner = ContactSerializer(nested=True, required=False, allow_null=True, default=None)
    inherent_likelihood = likelihood_field()
    current_likelihood = likelihood_field()
    target_likelihood = likelihood_field()
    # Of the CIs the user may see, so annotated by the viewset; an event's payload, made for nobody, goes without.
    affected = serializers.SerializerMethodField()

    class Meta:
        model = Risk
        fields = (
            'id', 'url', 'display_url', 'display', 'reference', 'title', 'threat', 'vulnerability', 'standards',
            'clauses', 'matrix', 'status', 'treatment', 'risk_owner', 'review_due',
            *(f'{stage}_{part}' for stage in STAGES for part in ('likelihood', 'impacts', 'impact', 'level')),
            'above_acceptance', 'residual_explanation', 'reassess', 'affected', 'description', 'owner', 'comments',
            'tags', 'custom_fields', 'created', 'last_updated',
        )
        read_only_fields = (
            'reference', *(f'{stage}_{part}' for stage in STAGES for part in ('impact', 'level')), 'above_acceptance',
            'reassess',
        )
        brief_fields = ('id', 'url', 'display', 'reference', 'title', 'current_level', 'description')


    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_affected(self, risk):
        affected = Affected.of(risk)
        if affected is None:
            return None
        return {
            'cis': affected.count,
            'classification': affected.classification and {
                'id': affected.classification.pk, 'name': affected.classification.name,
                'slug': affected.classification.slug, 'level': affected.classification.level,
            },
            'classification_complete': affected.classification_complete,
            'rto_minutes': affected.rto_minutes, 'rto_complete': affected.rto_complete,
        }

    def validate(self, data):
        if not self.nested and {'standards', 'clauses'} & data.keys():
            chosen = {
                name: data[name] if name in data else list(getattr(self.instance, name).all()) if self.instance else []
                for name in ('standards', 'clauses')
            }
            try:
                Risk.check_standards(chosen['standards'], chosen['clauses'])
            except DjangoValidationError as e:
                raise as_rest_error(e) from e
        return super().validate(data)


class RiskAssignmentSerializer(StrictRelationsMixin, NamesCIsMixin, PrimaryModelSerializer):
    risk = RiskSerializer(nested=True)
    object_type = CITypeField(queryset=ContentType.objects.all())
    object = CIReferenceField()

    class Meta:
        model = RiskAssignment
        fields = (
            'id', 'url', 'display_url', 'display', 'risk', 'object_type', 'object_id', 'object', 'description', 'owner',
            'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'risk', 'object_type', 'object_id', 'object', 'description')


class RiskTreatmentSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    risk = RiskSerializer(nested=True)
    responsible = ContactSerializer(nested=True, required=False, allow_null=True, default=None)
    controls = RelatedObjectsField(
        queryset=Control.objects.all(), serializer=ControlSerializer, nested=True, many=True, required=False
    )

    class Meta:
        model = RiskTreatment
        fields = (
            'id', 'url', 'display_url', 'display', 'risk', 'name', 'responsible', 'due', 'done_on', 'progress',
            'controls', 'description', 'owner', 'comments', 'tags', 'custom_fields', 'created', 'last_updated',
        )
        brief_fields = ('id', 'url', 'display', 'name', 'due', 'done_on', 'description')
        model_clean_fields = ('progress',)


class RiskAcceptanceSerializer(StrictRelationsMixin, PrimaryModelSerializer):
    risk = RiskSerializer(nested=True)
    status = ChoiceField(choices=RiskAcceptanceStatusChoices, read_only=True)
    requested_by = UserSerializer(nested=True, read_only=True)
    decided_by = UserSerializer(nested=True, read_only=True)
    snapshot = serializers.SerializerMethodField()

    class Meta:
        model = RiskAcceptance
        fields = (
            'id', 'url', 'display_url', 'display', 'risk', 'justification', 'valid_until', 'status', 'requested_by',
            'requested_on', 'decided_by', 'decided_on', 'snapshot', 'description', 'owner', 'comments', 'tags',
            'custom_fields', 'created', 'last_updated',
        )
        read_only_fields = ('requested_on', 'decided_on')
        brief_fields = ('id', 'url', 'display', 'risk', 'status', 'valid_until', 'description')

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_snapshot(self, acceptance):
        """The risk as it was asked for or, once decided, as it was decided on; less the CIs the user may not see."""
        request = self.context.get('request')
        return visible_snapshot(acceptance.as_decided, request.user if request else None)
