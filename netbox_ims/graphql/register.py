from dataclasses import dataclass
from typing import Annotated

import strawberry
import strawberry_django
from strawberry.scalars import ID, JSON
from strawberry_django import (
    BaseFilterLookup,
    ComparisonFilterLookup,
    DateFilterLookup,
    DatetimeFilterLookup,
    StrFilterLookup,
)
from strawberry_django.fields.types import field_type_map

from dcim.graphql.filters import DeviceRoleFilter, SiteFilter
from extras.graphql.mixins import ContactsMixin
from netbox.graphql.filters import (
    BaseModelFilter,
    OrganizationalModelFilter,
    PrimaryModelFilter,
    register_filter,
)
from netbox.graphql.types import (
    BaseObjectType,
    ContentTypeType,
    OrganizationalObjectType,
    PrimaryObjectType,
    register_type,
)
from tenancy.graphql.filters import ContactFilter, TenantFilter

from .. import models
from ..models.fields import MinutesField
from .controls import ControlFilter
from .names import CONTACT, ROLE, SITE, TENANT, USER, AboutCIFilterMixin, NamedMixin

field_type_map[MinutesField] = int      # strawberry knows Django's own fields by class, not by what they inherit from



#
# Filters
#

@register_filter(models.Classification, name='ImsClassificationFilter', lookups=True)
class ClassificationFilter(OrganizationalModelFilter):
    level: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    requires_security_review: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    required_controls: ControlFilter | None = strawberry_django.filter_field()


@register_filter(models.InformationAsset, name='ImsInformationAssetFilter', lookups=True)
class InformationAssetFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    slug: StrFilterLookup | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    custodian: ContactFilter | None = strawberry_django.filter_field()
    custodian_id: ID | None = strawberry_django.filter_field()


@dataclass
class AssessmentFilterMixin(AboutCIFilterMixin):
    """What the register and the profiles both hold of a CI's assessment."""
    classification: ClassificationFilter | None = strawberry_django.filter_field()
    classification_id: ID | None = strawberry_django.filter_field()
    is_information_asset: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    handles_sensitive_data: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    processes_personal_data: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    rto_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    rpo_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    asset_owner: ContactFilter | None = strawberry_django.filter_field()
    asset_owner_id: ID | None = strawberry_django.filter_field()
    review_due: DateFilterLookup[str] | None = strawberry_django.filter_field()


@register_filter(models.AssetProfile, name='ImsAssetProfileFilter', lookups=True)
class AssetProfileFilter(AssessmentFilterMixin, PrimaryModelFilter):
    classification_override: BaseFilterLookup[bool] | None = strawberry_django.filter_field()


@register_filter(models.RegisterEntry, name='ImsRegisterEntryFilter', lookups=True)
class RegisterEntryFilter(AssessmentFilterMixin, BaseModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    site: SiteFilter | None = strawberry_django.filter_field()
    site_id: ID | None = strawberry_django.filter_field()
    tenant: TenantFilter | None = strawberry_django.filter_field()
    tenant_id: ID | None = strawberry_django.filter_field()
    role: DeviceRoleFilter | None = strawberry_django.filter_field()
    role_id: ID | None = strawberry_django.filter_field()
    effective_classification: ClassificationFilter | None = strawberry_django.filter_field()
    under_classified: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    alignment: StrFilterLookup | None = strawberry_django.filter_field()


@register_filter(models.Decision, name='ImsDecisionFilter', lookups=True)
class DecisionFilter(AboutCIFilterMixin, BaseModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    action: StrFilterLookup | None = strawberry_django.filter_field()
    user_name: StrFilterLookup | None = strawberry_django.filter_field()
    time: DatetimeFilterLookup[str] | None = strawberry_django.filter_field()


@register_filter(models.RetiredCI, name='ImsRetiredCIFilter', lookups=True)
class RetiredCIFilter(AboutCIFilterMixin, BaseModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    classification: StrFilterLookup | None = strawberry_django.filter_field()
    user_name: StrFilterLookup | None = strawberry_django.filter_field()
    time: DatetimeFilterLookup[str] | None = strawberry_django.filter_field()


#
# Types
#

# What a CI's name is made of where it has none of its own. The query loads only columns that are asked for; one that
# `display` needs and that is missing would be a query for each row.
CI_NAME = ('name', 'object_id', 'object_type__app_label', 'object_type__model')
ENTRY_NAME = tuple(f'register_entry__{column}' for column in CI_NAME)


@strawberry.type
class NamedAfterCIMixin:

    @strawberry_django.field(only=[*CI_NAME], select_related=['object_type'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.Classification, name='ImsClassificationType', fields='__all__', filters=ClassificationFilter, pagination=True
)
class ClassificationType(NamedMixin, OrganizationalObjectType):
    color: str
    required_controls: list[Annotated['ControlType', strawberry.lazy('netbox_ims.graphql.controls')]]


@register_type(
    models.InformationAsset,
    name='ImsInformationAssetType',
    fields='__all__',
    filters=InformationAssetFilter,
    pagination=True,
)
class InformationAssetType(NamedMixin, ContactsMixin, PrimaryObjectType):
    custodian: CONTACT


@register_type(
    models.AssetProfile, name='ImsAssetProfileType', exclude=['object'], filters=AssetProfileFilter, pagination=True
)
class AssetProfileType(ContactsMixin, PrimaryObjectType):
    object_type: ContentTypeType
    classification: ClassificationType | None
    asset_owner: CONTACT

    @strawberry_django.field(only=[*ENTRY_NAME], select_related=['register_entry__object_type'])
    def display(self) -> str:
        return str(self)

    @strawberry_django.field(only=[*ENTRY_NAME], select_related=['register_entry__object_type'])
    def object_name(self) -> str | None:
        return self.entry.name if self.entry else None


@register_type(
    models.RegisterEntry, name='ImsRegisterEntryType', filters=RegisterEntryFilter, pagination=True,
    fields=[
        'id', 'object_id', 'name', 'status', 'is_information_asset', 'handles_sensitive_data',
        'processes_personal_data',
        'rto_minutes', 'rpo_minutes', 'review_due', 'effective_complete', 'effective_handles_sensitive_data',
        'effective_processes_personal_data', 'required_rto_minutes', 'required_rpo_minutes', 'effective_rto_minutes',
        'effective_rpo_minutes', 'under_classified', 'alignment', 'as_of',
    ],
)
class RegisterEntryType(NamedAfterCIMixin, BaseObjectType):
    object_type: ContentTypeType
    site: SITE
    tenant: TENANT
    role: ROLE
    profile: AssetProfileType | None
    classification: ClassificationType | None
    effective_classification: ClassificationType | None
    asset_owner: CONTACT


EVIDENCE_FIELDS = ['id', 'object_id', 'name', 'user_name', 'time', 'reason']


@register_type(
    models.Decision,
    name='ImsDecisionType',
    filters=DecisionFilter,
    pagination=True,
    fields=[*EVIDENCE_FIELDS, 'action'],
)
class DecisionType(NamedAfterCIMixin, BaseObjectType):
    object_type: ContentTypeType
    user: USER
    old_values: JSON
    new_values: JSON
    basis: JSON


@register_type(
    models.RetiredCI, name='ImsRetiredCIType', filters=RetiredCIFilter, pagination=True,
    fields=[
        *EVIDENCE_FIELDS, 'site_name', 'tenant_name', 'status', 'classification', 'is_information_asset',
        'handles_sensitive_data', 'processes_personal_data', 'asset_owner',
    ],
)
class RetiredCIType(NamedAfterCIMixin, BaseObjectType):
    object_type: ContentTypeType
    user: USER
    assessment: JSON


@strawberry.type(name='Query')
class RegisterQuery:
    ims_classification: ClassificationType = strawberry_django.field()
    ims_classification_list: list[ClassificationType] = strawberry_django.field()

    ims_information_asset: InformationAssetType = strawberry_django.field()
    ims_information_asset_list: list[InformationAssetType] = strawberry_django.field()

    ims_asset_profile: AssetProfileType = strawberry_django.field()
    ims_asset_profile_list: list[AssetProfileType] = strawberry_django.field()

    ims_register_entry: RegisterEntryType = strawberry_django.field()
    ims_register_entry_list: list[RegisterEntryType] = strawberry_django.field()

    ims_decision: DecisionType = strawberry_django.field()
    ims_decision_list: list[DecisionType] = strawberry_django.field()

    ims_retired_ci: RetiredCIType = strawberry_django.field()
    ims_retired_ci_list: list[RetiredCIType] = strawberry_django.field()
