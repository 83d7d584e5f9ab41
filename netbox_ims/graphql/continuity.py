from typing import Annotated

import strawberry
import strawberry_django
from strawberry_django import StrFilterLookup

from extras.graphql.mixins import ContactsMixin
from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import PrimaryObjectType, register_type
from tenancy.graphql.filters import TenantFilter

from .. import models
from .register import NamedMixin

TENANTS = list[Annotated['TenantType', strawberry.lazy('tenancy.graphql.types')]]


#
# Filters
#

@register_filter(models.BusinessFunction, name='ImsBusinessFunctionFilter', lookups=True)
class BusinessFunctionFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    slug: StrFilterLookup | None = strawberry_django.filter_field()
    criticality: StrFilterLookup | None = strawberry_django.filter_field()


@register_filter(models.ITService, name='ImsITServiceFilter', lookups=True)
class ITServiceFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    slug: StrFilterLookup | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    tenants: TenantFilter | None = strawberry_django.filter_field()


#
# Types
#

@register_type(
    models.BusinessFunction, name='ImsBusinessFunctionType', fields='__all__', filters=BusinessFunctionFilter,
    pagination=True,
)
class BusinessFunctionType(NamedMixin, ContactsMixin, PrimaryObjectType):
    pass


@register_type(
    models.ITService, name='ImsITServiceType', fields='__all__', filters=ITServiceFilter, pagination=True
)
class ITServiceType(NamedMixin, ContactsMixin, PrimaryObjectType):
    tenants: TENANTS


@strawberry.type(name='Query')
class ContinuityQuery:
    ims_business_function: BusinessFunctionType = strawberry_django.field()
    ims_business_function_list: list[BusinessFunctionType] = strawberry_django.field()

    ims_it_service: ITServiceType = strawberry_django.field()
    ims_it_service_list: list[ITServiceType] = strawberry_django.field()
