"""NetBox's own types that ours refer to, and mixins that several domains share."""
from dataclasses import dataclass
from typing import Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry.scalars import ID
from strawberry.types import Info
from strawberry_django import ComparisonFilterLookup
from strawberry_django.filters import process_filters

CONTACT = Annotated['ContactType', strawberry.lazy('tenancy.graphql.types')] | None
SITE = Annotated['SiteType', strawberry.lazy('dcim.graphql.types')] | None
TENANT = Annotated['TenantType', strawberry.lazy('tenancy.graphql.types')] | None
ROLE = Annotated['DeviceRoleType', strawberry.lazy('dcim.graphql.types')] | None
USER = Annotated['UserType', strawberry.lazy('users.graphql.types')] | None


def filter_members(model, relation, filter_type):
    """
    Filter the model by the members of a many-to-many relation, all conditions by one that the user may see: what is
    hidden can't be guessed letter by letter.
    """
    of_members = model._meta.get_field(relation).related_model.objects

    @strawberry_django.filter_field
    def members(info: Info, value: filter_type, prefix: str) -> Q:
        seen, condition = process_filters(value, of_members.restrict(info.context.request.user, 'view'), info)
        found = model.objects.filter(**{f'{relation}__in': seen.filter(condition).order_by().values('pk')})
        # By key, as a join would show what has several such members several times.
        return Q(**{f'{prefix}pk__in': found.order_by().values('pk')})

    return members


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
