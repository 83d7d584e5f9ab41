import strawberry
import strawberry_django
from strawberry.scalars import ID, JSON
from strawberry_django import BaseFilterLookup, ComparisonFilterLookup, DateFilterLookup, StrFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import ContentTypeType, PrimaryObjectType, register_type
from tenancy.graphql.filters import ContactFilter

from .. import models
from .controls import ClauseFilter, ClauseType, ControlFilter, ControlType, StandardFilter, StandardType
from .names import CONTACT, USER, AboutCIFilterMixin

__all__ = (
    'RiskAcceptanceFilter', 'RiskAcceptanceType', 'RiskAssignmentFilter', 'RiskAssignmentType', 'RiskFilter',
    'RiskMatrixFilter', 'RiskMatrixType', 'RiskQuery', 'RiskTreatmentFilter', 'RiskTreatmentType', 'RiskType',
)


@register_filter(models.RiskMatrix, name='ImsRiskMatrixFilter', lookups=True)
class RiskMatrixFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    version: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    acceptance_level: StrFilterLookup | None = strawberry_django.filter_field()
    is_active: BaseFilterLookup[bool] | None = strawberry_django.filter_field()


@register_filter(models.Risk, name='ImsRiskFilter', lookups=True)
class RiskFilter(PrimaryModelFilter):
    reference: StrFilterLookup | None = strawberry_django.filter_field()
    title: StrFilterLookup | None = strawberry_django.filter_field()
    threat: StrFilterLookup | None = strawberry_django.filter_field()
    vulnerability: StrFilterLookup | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    treatment: StrFilterLookup | None = strawberry_django.filter_field()
    matrix: RiskMatrixFilter | None = strawberry_django.filter_field()
    matrix_id: ID | None = strawberry_django.filter_field()
    standards: StandardFilter | None = strawberry_django.filter_field()
    clauses: ClauseFilter | None = strawberry_django.filter_field()
    risk_owner: ContactFilter | None = strawberry_django.filter_field()
    risk_owner_id: ID | None = strawberry_django.filter_field()
    review_due: DateFilterLookup[str] | None = strawberry_django.filter_field()
    inherent_level: StrFilterLookup | None = strawberry_django.filter_field()
    current_likelihood: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    current_impact: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    current_level: StrFilterLookup | None = strawberry_django.filter_field()
    target_level: StrFilterLookup | None = strawberry_django.filter_field()
    above_acceptance: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    reassess: BaseFilterLookup[bool] | None = strawberry_django.filter_field()


@register_filter(models.RiskAssignment, name='ImsRiskAssignmentFilter', lookups=True)
class RiskAssignmentFilter(AboutCIFilterMixin, PrimaryModelFilter):
    risk: RiskFilter | None = strawberry_django.filter_field()
    risk_id: ID | None = strawberry_django.filter_field()


@register_filter(models.RiskTreatment, name='ImsRiskTreatmentFilter', lookups=True)
class RiskTreatmentFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    risk: RiskFilter | None = strawberry_django.filter_field()
    risk_id: ID | None = strawberry_django.filter_field()
    responsible: ContactFilter | None = strawberry_django.filter_field()
    responsible_id: ID | None = strawberry_django.filter_field()
    controls: ControlFilter | None = strawberry_django.filter_field()
    due: DateFilterLookup[str] | None = strawberry_django.filter_field()
    done_on: DateFilterLookup[str] | None = strawberry_django.filter_field()
    progress: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()


@register_filter(models.RiskAcceptance, name='ImsRiskAcceptanceFilter', lookups=True)
class RiskAcceptanceFilter(PrimaryModelFilter):
    risk: RiskFilter | None = strawberry_django.filter_field()
    risk_id: ID | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    justification: StrFilterLookup | None = strawberry_django.filter_field()
    valid_until: DateFilterLookup[str] | None = strawberry_django.filter_field()


@strawberry.type
class VersionedMixin:

    @strawberry_django.field(only=['name', 'version'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.RiskMatrix, name='ImsRiskMatrixType', filters=RiskMatrixFilter, pagination=True,
    fields=[
        'id', 'name', 'version', 'acceptance_level', 'is_active', 'activated_on', 'replaced_on', 'description',
        'comments', 'created', 'last_updated',
    ],
)
class RiskMatrixType(VersionedMixin, PrimaryObjectType):
    likelihood_scale: JSON
    impact_scale: JSON
    impact_dimensions: JSON
    levels: JSON
    cells: JSON


@strawberry.type
class TitledMixin:

    @strawberry_django.field(only=['reference', 'title'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.Risk, name='ImsRiskType', filters=RiskFilter, pagination=True,
    fields=[
        'id', 'title', 'threat', 'vulnerability', 'status', 'treatment', 'review_due',
        'inherent_likelihood', 'inherent_impact', 'inherent_level', 'current_likelihood', 'current_impact',
        'current_level', 'target_likelihood', 'target_impact', 'target_level', 'above_acceptance',
        'residual_explanation', 'reassess', 'description', 'comments', 'created', 'last_updated',
    ],
)
class RiskType(TitledMixin, PrimaryObjectType):
    reference: str
    matrix: RiskMatrixType | None
    standards: list[StandardType]
    clauses: list[ClauseType]
    risk_owner: CONTACT
    inherent_impacts: JSON
    current_impacts: JSON
    target_impacts: JSON


@strawberry.type
class AffectedMixin:

    @strawberry_django.field(
        only=['object_id', 'object_type', 'risk__reference'], select_related=['risk'],
        prefetch_related=['register_entry__object_type']
    )
    def display(self) -> str:
        return str(self)


@register_type(
    models.RiskAssignment, name='ImsRiskAssignmentType', filters=RiskAssignmentFilter, pagination=True,
    fields=['id', 'object_id', 'description', 'comments', 'created', 'last_updated'],
)
class RiskAssignmentType(AffectedMixin, PrimaryObjectType):
    risk: RiskType | None
    object_type: ContentTypeType


@strawberry.type
class ActionMixin:

    @strawberry_django.field(only=['name'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.RiskTreatment, name='ImsRiskTreatmentType', filters=RiskTreatmentFilter, pagination=True,
    fields=['id', 'name', 'due', 'done_on', 'progress', 'description', 'comments', 'created', 'last_updated'],
)
class RiskTreatmentType(ActionMixin, PrimaryObjectType):
    risk: RiskType | None
    responsible: CONTACT
    controls: list[ControlType]


@strawberry.type
class DecidedMixin:

    @strawberry_django.field(only=['status', 'risk__reference'], select_related=['risk'])
    def display(self) -> str:
        return str(self)


# Not what is kept of the risk: it may name CIs that who asks may not see. REST leaves those out.
@register_type(
    models.RiskAcceptance, name='ImsRiskAcceptanceType', filters=RiskAcceptanceFilter, pagination=True,
    fields=[
        'id', 'justification', 'valid_until', 'status', 'requested_on', 'decided_on', 'description', 'comments',
        'created', 'last_updated',
    ],
)
class RiskAcceptanceType(DecidedMixin, PrimaryObjectType):
    risk: RiskType | None
    requested_by: USER
    decided_by: USER


@strawberry.type(name='Query')
class RiskQuery:
    ims_risk_matrix: RiskMatrixType = strawberry_django.field()
    ims_risk_matrix_list: list[RiskMatrixType] = strawberry_django.field()

    ims_risk: RiskType = strawberry_django.field()
    ims_risk_list: list[RiskType] = strawberry_django.field()

    ims_risk_assignment: RiskAssignmentType = strawberry_django.field()
    ims_risk_assignment_list: list[RiskAssignmentType] = strawberry_django.field()

    ims_risk_treatment: RiskTreatmentType = strawberry_django.field()
    ims_risk_treatment_list: list[RiskTreatmentType] = strawberry_django.field()

    ims_risk_acceptance: RiskAcceptanceType = strawberry_django.field()
    ims_risk_acceptance_list: list[RiskAcceptanceType] = strawberry_django.field()
