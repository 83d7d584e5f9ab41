import strawberry
import strawberry_django
from strawberry.scalars import ID
from strawberry_django import DateFilterLookup, StrFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import ContentTypeType, PrimaryObjectType, register_type

from .. import models
from .controls import ControlFilter, ControlType
from .names import USER, AboutCIFilterMixin

__all__ = ('AssignmentsQuery', 'ControlAssignmentFilter', 'ControlAssignmentType')


@register_filter(models.ControlAssignment, name='ImsControlAssignmentFilter', lookups=True)
class ControlAssignmentFilter(AboutCIFilterMixin, PrimaryModelFilter):
    control: ControlFilter | None = strawberry_django.filter_field()
    control_id: ID | None = strawberry_django.filter_field()
    status: StrFilterLookup | None = strawberry_django.filter_field()
    verified_on: DateFilterLookup[str] | None = strawberry_django.filter_field()
    review_due: DateFilterLookup[str] | None = strawberry_django.filter_field()


@strawberry.type
class AssignedMixin:

    @strawberry_django.field(
        only=['object_id', 'object_type', 'control__ref'], select_related=['control'],
        prefetch_related=['register_entry__object_type']
    )
    def display(self) -> str:
        return str(self)

    @strawberry_django.field(
        only=['object_id', 'object_type'], prefetch_related=['register_entry__object_type'],
        description='What the CI is called in the register'
    )
    def object_name(self) -> str | None:
        return self.entry.name if self.entry else None


@register_type(
    models.ControlAssignment, name='ImsControlAssignmentType', filters=ControlAssignmentFilter, pagination=True,
    fields=[
        'id', 'object_id', 'status', 'evidence_url', 'verified_on', 'review_due', 'description', 'comments', 'created',
        'last_updated',
    ],
)
class ControlAssignmentType(AssignedMixin, PrimaryObjectType):
    control: ControlType | None
    object_type: ContentTypeType
    verified_by: USER


@strawberry.type(name='Query')
class AssignmentsQuery:
    ims_control_assignment: ControlAssignmentType = strawberry_django.field()
    ims_control_assignment_list: list[ControlAssignmentType] = strawberry_django.field()
