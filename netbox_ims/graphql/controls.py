from typing import Annotated

import strawberry
import strawberry_django
from strawberry.scalars import ID
from strawberry_django import StrFilterLookup

from netbox.graphql.filters import OrganizationalModelFilter, PrimaryModelFilter, register_filter
from netbox.graphql.types import OrganizationalObjectType, PrimaryObjectType, register_type

from .. import models
from .names import NamedMixin

__all__ = (
    'ClauseFilter', 'ClauseType', 'ControlCatalogFilter', 'ControlCatalogType', 'ControlFilter', 'ControlType',
    'ControlsQuery', 'StandardFilter', 'StandardType',
)


@register_filter(models.Standard, name='ImsStandardFilter', lookups=True)
class StandardFilter(OrganizationalModelFilter):
    edition: StrFilterLookup | None = strawberry_django.filter_field()


@register_filter(models.Clause, name='ImsClauseFilter', lookups=True)
class ClauseFilter(PrimaryModelFilter):
    number: StrFilterLookup | None = strawberry_django.filter_field()
    title: StrFilterLookup | None = strawberry_django.filter_field()
    standard: StandardFilter | None = strawberry_django.filter_field()
    standard_id: ID | None = strawberry_django.filter_field()


@register_filter(models.ControlCatalog, name='ImsControlCatalogFilter', lookups=True)
class ControlCatalogFilter(OrganizationalModelFilter):
    edition: StrFilterLookup | None = strawberry_django.filter_field()
    standard: StandardFilter | None = strawberry_django.filter_field()
    standard_id: ID | None = strawberry_django.filter_field()


@register_filter(models.Control, name='ImsControlFilter', lookups=True)
class ControlFilter(PrimaryModelFilter):
    ref: StrFilterLookup | None = strawberry_django.filter_field()
    title: StrFilterLookup | None = strawberry_django.filter_field()
    theme: StrFilterLookup | None = strawberry_django.filter_field()
    catalog: ControlCatalogFilter | None = strawberry_django.filter_field()
    catalog_id: ID | None = strawberry_django.filter_field()


@register_type(
    models.Standard, name='ImsStandardType', filters=StandardFilter, pagination=True,
    fields=['id', 'name', 'slug', 'edition', 'description', 'comments', 'created', 'last_updated'],
)
class StandardType(NamedMixin, OrganizationalObjectType):
    pass


@strawberry.type
class NumberedMixin:

    @strawberry_django.field(only=['number', 'title'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.Clause, name='ImsClauseType', filters=ClauseFilter, pagination=True,
    fields=['id', 'number', 'title', 'description', 'comments', 'created', 'last_updated'],
)
class ClauseType(NumberedMixin, PrimaryObjectType):
    standard: StandardType | None


@register_type(
    models.ControlCatalog, name='ImsControlCatalogType', filters=ControlCatalogFilter, pagination=True,
    fields=['id', 'name', 'slug', 'edition', 'description', 'comments', 'created', 'last_updated'],
)
class ControlCatalogType(NamedMixin, OrganizationalObjectType):
    standard: StandardType | None


@strawberry.type
class ReferencedMixin:

    @strawberry_django.field(only=['ref', 'title'])
    def display(self) -> str:
        return str(self)


@register_type(
    models.Control, name='ImsControlType', filters=ControlFilter, pagination=True,
    fields=[
        'id', 'ref', 'title', 'theme', *models.Control.ATTRIBUTES, 'description', 'comments', 'created', 'last_updated',
    ],
)
class ControlType(ReferencedMixin, PrimaryObjectType):
    catalog: ControlCatalogType | None
    replaces: list[Annotated['ControlType', strawberry.lazy('netbox_ims.graphql.controls')]]
    replaced_by: list[Annotated['ControlType', strawberry.lazy('netbox_ims.graphql.controls')]]
    assignments: list[Annotated['ControlAssignmentType', strawberry.lazy('netbox_ims.graphql.assignments')]]


@strawberry.type(name='Query')
class ControlsQuery:
    ims_standard: StandardType = strawberry_django.field()
    ims_standard_list: list[StandardType] = strawberry_django.field()

    ims_clause: ClauseType = strawberry_django.field()
    ims_clause_list: list[ClauseType] = strawberry_django.field()

    ims_control_catalog: ControlCatalogType = strawberry_django.field()
    ims_control_catalog_list: list[ControlCatalogType] = strawberry_django.field()

    ims_control: ControlType = strawberry_django.field()
    ims_control_list: list[ControlType] = strawberry_django.field()
