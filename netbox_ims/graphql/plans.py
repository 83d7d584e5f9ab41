from typing import Annotated

import strawberry
import strawberry_django
from strawberry.scalars import ID
from strawberry_django import ComparisonFilterLookup, StrFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import PrimaryObjectType, register_type

from .. import models
from ..constants import PLAN_SECTIONS
from .continuity import BusinessFunctionFilter, BusinessFunctionType, ITServiceFilter, ITServiceType
from .names import USER, filter_members

__all__ = ('ContinuityPlanFilter', 'ContinuityPlanType', 'PlansQuery')


@register_filter(models.ContinuityPlan, name='ImsContinuityPlanFilter', lookups=True)
class ContinuityPlanFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    version: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    plan_type: StrFilterLookup | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    parent_id: ID | None = strawberry_django.filter_field()
    functions = filter_members(models.ContinuityPlan, 'functions', BusinessFunctionFilter)
    services = filter_members(models.ContinuityPlan, 'services', ITServiceFilter)


@register_type(
    models.ContinuityPlan, name='ImsContinuityPlanType', filters=ContinuityPlanFilter, pagination=True,
    fields=[
        'id', 'name', 'version', 'plan_type', 'status', *PLAN_SECTIONS, 'edited_on', 'approved_on', 'sha256',
        'description', 'comments', 'created', 'last_updated',
    ],
)
class ContinuityPlanType(PrimaryObjectType):
    parent: Annotated['ContinuityPlanType', strawberry.lazy('netbox_ims.graphql.plans')] | None
    functions: list[BusinessFunctionType]
    services: list[ITServiceType]
    edited_by: USER
    approved_by: USER

    @strawberry_django.field(only=['name', 'version'])
    def display(self) -> str:
        return str(self)


@strawberry.type(name='Query')
class PlansQuery:
    ims_continuity_plan: ContinuityPlanType = strawberry_django.field()
    ims_continuity_plan_list: list[ContinuityPlanType] = strawberry_django.field()
