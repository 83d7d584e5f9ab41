from typing import Annotated

import strawberry
import strawberry_django
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, ComparisonFilterLookup, DateFilterLookup, StrFilterLookup

from dcim.graphql.filters import SiteFilter
from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import ContentTypeType, PrimaryObjectType, register_type
from tenancy.graphql.filters import ContactFilter, TenantFilter

from .. import models
from .controls import ControlCatalogFilter, ControlCatalogType, ControlFilter, ControlType, StandardFilter, StandardType
from .names import CONTACT, USER, NamedMixin, filter_members

__all__ = (
    'ScopeFilter', 'ScopeType', 'SoaEntryFilter', 'SoaEntryType', 'SoaQuery', 'StatementOfApplicabilityFilter',
    'StatementOfApplicabilityType',
)


@register_filter(models.Scope, name='ImsScopeFilter', lookups=True)
class ScopeFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    standard: StandardFilter | None = strawberry_django.filter_field()
    standard_id: ID | None = strawberry_django.filter_field()
    sites = filter_members(models.Scope, 'sites', SiteFilter)
    tenants = filter_members(models.Scope, 'tenants', TenantFilter)


@register_filter(models.StatementOfApplicability, name='ImsStatementOfApplicabilityFilter', lookups=True)
class StatementOfApplicabilityFilter(PrimaryModelFilter):
    version: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    sha256: StrFilterLookup | None = strawberry_django.filter_field()
    catalog: ControlCatalogFilter | None = strawberry_django.filter_field()
    catalog_id: ID | None = strawberry_django.filter_field()
    scope: ScopeFilter | None = strawberry_django.filter_field()
    scope_id: ID | None = strawberry_django.filter_field()


@register_filter(models.SoaEntry, name='ImsSoaEntryFilter', lookups=True)
class SoaEntryFilter(PrimaryModelFilter):
    statement: StatementOfApplicabilityFilter | None = strawberry_django.filter_field()
    statement_id: ID | None = strawberry_django.filter_field()
    control: ControlFilter | None = strawberry_django.filter_field()
    control_id: ID | None = strawberry_django.filter_field()
    applicable: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    implementation_status: StrFilterLookup | None = strawberry_django.filter_field()
    responsible: ContactFilter | None = strawberry_django.filter_field()
    responsible_id: ID | None = strawberry_django.filter_field()
    target_date: DateFilterLookup[str] | None = strawberry_django.filter_field()


@strawberry_django.type(models.ScopeMember, name='ImsScopeMemberType', fields=['id', 'object_id'])
class ScopeMemberType:
    """A CI that a scope covers by itself, which whoever may see the scope and the CI may see."""
    object_type: ContentTypeType

    @classmethod
    def get_queryset(cls, queryset, info, **kwargs):
        return queryset.about_visible(info.context.request.user)

    @strawberry_django.field(
        only=['object_id', 'object_type'], prefetch_related=['entry__object_type'],
        description='What the CI is called in the register'
    )
    def object_name(self) -> str | None:
        entry = getattr(self, 'entry', None)
        return entry.name if entry else None


@register_type(
    models.Scope, name='ImsScopeType', filters=ScopeFilter, pagination=True,
    fields=[
        'id', 'name', 'statement', 'difference_explanation', 'description', 'comments', 'created', 'last_updated',
    ],
)
class ScopeType(NamedMixin, PrimaryObjectType):
    standard: StandardType | None
    sites: list[Annotated['SiteType', strawberry.lazy('dcim.graphql.types')]]
    tenants: list[Annotated['TenantType', strawberry.lazy('tenancy.graphql.types')]]
    cis: list[ScopeMemberType] = strawberry_django.field(field_name='members')


@strawberry.type
class OfScopeMixin:

    @strawberry_django.field(only=['version', 'scope__name'], select_related=['scope'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.StatementOfApplicability, name='ImsStatementOfApplicabilityType', filters=StatementOfApplicabilityFilter,
    pagination=True,
    fields=[
        'id', 'version', 'status', 'edited_on', 'submitted_on', 'approved_on', 'sha256', 'description', 'comments',
        'created', 'last_updated',
    ],
)
class StatementOfApplicabilityType(OfScopeMixin, PrimaryObjectType):
    catalog: ControlCatalogType | None
    scope: ScopeType | None
    entries: list[Annotated['SoaEntryType', strawberry.lazy('netbox_ims.graphql.soa')]]
    edited_by: USER
    submitted_by: USER
    approved_by: USER


@strawberry.type
class OfControlMixin:

    @strawberry_django.field(only=['control__ref', 'control__title'], select_related=['control'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.SoaEntry, name='ImsSoaEntryType', filters=SoaEntryFilter, pagination=True,
    fields=[
        'id', 'applicable', 'reasons', 'justification', 'implementation_status', 'implementation', 'target_date',
        'evidence_url', 'description', 'comments', 'created', 'last_updated',
    ],
)
class SoaEntryType(OfControlMixin, PrimaryObjectType):
    statement: StatementOfApplicabilityType | None
    control: ControlType | None
    responsible: CONTACT


@strawberry.type(name='Query')
class SoaQuery:
    ims_scope: ScopeType = strawberry_django.field()
    ims_scope_list: list[ScopeType] = strawberry_django.field()

    ims_statement_of_applicability: StatementOfApplicabilityType = strawberry_django.field()
    ims_statement_of_applicability_list: list[StatementOfApplicabilityType] = strawberry_django.field()

    ims_soa_entry: SoaEntryType = strawberry_django.field()
    ims_soa_entry_list: list[SoaEntryType] = strawberry_django.field()
