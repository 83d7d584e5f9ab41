from typing import Annotated

import strawberry
import strawberry_django
from strawberry_django import ComparisonFilterLookup, StrFilterLookup

from extras.graphql.mixins import ContactsMixin
from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import PrimaryObjectType, register_type
from tenancy.graphql.filters import TenantFilter

from .. import models
from .names import NamedMixin, filter_members

TENANTS = list[Annotated['TenantType', strawberry.lazy('tenancy.graphql.types')]]


#
# Filters
#

@register_filter(models.BusinessFunction, name='ImsBusinessFunctionFilter', lookups=True)
class BusinessFunctionFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    slug: StrFilterLookup | None = strawberry_django.filter_field()
    criticality: StrFilterLookup | None = strawberry_django.filter_field()
    mtpd_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    minimum_level: StrFilterLookup | None = strawberry_django.filter_field()


@register_filter(models.ITService, name='ImsITServiceFilter', lookups=True)
class ITServiceFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    slug: StrFilterLookup | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    tenants = filter_members(models.ITService, 'tenants', TenantFilter)


#
# Types
#

@register_type(
    models.BusinessFunction, name='ImsBusinessFunctionType', filters=BusinessFunctionFilter, pagination=True,
    fields=[
        'id', 'name', 'slug', 'criticality', 'mtpd_minutes', 'mtpd_reason', 'minimum_level', 'description', 'comments',
        'created', 'last_updated',
    ],
)
class BusinessFunctionType(NamedMixin, ContactsMixin, PrimaryObjectType):
    pass


@register_type(
    models.ITService, name='ImsITServiceType', filters=ITServiceFilter, pagination=True,
    fields=['id', 'name', 'slug', 'status', 'description', 'comments', 'created', 'last_updated'],
)
class ITServiceType(NamedMixin, ContactsMixin, PrimaryObjectType):
    tenants: TENANTS


@strawberry.type(name='Query')
class ContinuityQuery:
    ims_business_function: BusinessFunctionType = strawberry_django.field()
    ims_business_function_list: list[BusinessFunctionType] = strawberry_django.field()

    ims_it_service: ITServiceType = strawberry_django.field()
    ims_it_service_list: list[ITServiceType] = strawberry_django.field()
