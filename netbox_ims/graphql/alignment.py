import strawberry
import strawberry_django
from django.db.models import Q, QuerySet
from strawberry.scalars import ID
from strawberry.types import Info
from strawberry_django import ComparisonFilterLookup, StrFilterLookup
from strawberry_django.filters import process_filters

from netbox.graphql.filters import BaseModelFilter, register_filter
from netbox.graphql.types import BaseObjectType, ContentTypeType, register_type

from .. import models
from .dependencies import END_TYPES, ENDS

#
# Filters
#


@register_filter(models.Alignment, name='ImsAlignmentFilter', lookups=True)
class AlignmentFilter(BaseModelFilter):
    kind: StrFilterLookup | None = strawberry_django.filter_field()
    dependent_object_type_id: ID | None = strawberry_django.filter_field()
    dependent_object_id: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    provider_object_type_id: ID | None = strawberry_django.filter_field()
    provider_object_id: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    redundancy_group: StrFilterLookup | None = strawberry_django.filter_field()
    severity: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    margin_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()

    @strawberry_django.filter_field
    def status(self, info: Info, value: StrFilterLookup, queryset: QuerySet, prefix: str) -> tuple[QuerySet, Q]:
        """As it is now: `severity` is what was worked out last."""
        return process_filters(value, queryset.with_current_status(), info, f'{prefix}current_status__')


#
# Types
#

@register_type(
    models.Alignment, name='ImsAlignmentType', fields='__all__', filters=AlignmentFilter, pagination=True,
)
class AlignmentType(BaseObjectType):
    dependent_object_type: ContentTypeType | None
    provider_object_type: ContentTypeType | None

    @strawberry_django.field(only=[*ENDS, 'kind'], select_related=[*END_TYPES])
    def display(self) -> str:
        return str(self)

    @strawberry_django.field(only=['severity'])
    def status(self) -> str:
        return self.status

    @strawberry_django.field(only=['dependent_object_id'])
    def dependent_name(self) -> str | None:
        return self.dependent_name

    @strawberry_django.field(only=['provider_object_id'])
    def provider_name(self) -> str | None:
        return self.provider_name


@strawberry.type(name='Query')
class AlignmentQuery:
    ims_alignment: AlignmentType = strawberry_django.field()
    ims_alignment_list: list[AlignmentType] = strawberry_django.field()
