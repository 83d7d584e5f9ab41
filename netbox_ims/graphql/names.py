"""NetBox's own types that ours refer to, and mixins that several domains share."""
from dataclasses import dataclass
from typing import Annotated

import strawberry
import strawberry_django
from strawberry.scalars import ID
from strawberry_django import ComparisonFilterLookup

CONTACT = Annotated['ContactType', strawberry.lazy('tenancy.graphql.types')] | None
SITE = Annotated['SiteType', strawberry.lazy('dcim.graphql.types')] | None
TENANT = Annotated['TenantType', strawberry.lazy('tenancy.graphql.types')] | None
ROLE = Annotated['DeviceRoleType', strawberry.lazy('dcim.graphql.types')] | None
USER = Annotated['UserType', strawberry.lazy('users.graphql.types')] | None


@dataclass
class AboutCIFilterMixin:
    """A row about a CI, by its content type and primary key."""
    object_type_id: ID | None = strawberry_django.filter_field()
    object_id: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()


@strawberry.type
class NamedMixin:

    @strawberry_django.field(only=['name'])
    def display(self) -> str:
        return str(self)
