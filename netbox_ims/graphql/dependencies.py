import strawberry
import strawberry_django
from strawberry.scalars import ID
from strawberry_django import BaseFilterLookup, ComparisonFilterLookup, StrFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import ContentTypeType, PrimaryObjectType, register_type

from .. import models

# What the names of the two CIs are made of where they have none of their own.
END_TYPES = ('dependent_object_type', 'provider_object_type')
ENDS = (
    'dependent_object_id', 'provider_object_id',
    *(f'{end}__{column}' for end in END_TYPES for column in ('app_label', 'model')),
)


#
# Filters
#

@register_filter(models.Dependency, name='ImsDependencyFilter', lookups=True)
class DependencyFilter(PrimaryModelFilter):
    dependent_object_type_id: ID | None = strawberry_django.filter_field()
    dependent_object_id: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    provider_object_type_id: ID | None = strawberry_django.filter_field()
    provider_object_id: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    holds_data: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    redundancy_group: StrFilterLookup | None = strawberry_django.filter_field()


#
# Types
#

@register_type(
    models.Dependency, name='ImsDependencyType', exclude=['dependent', 'provider'], filters=DependencyFilter,
    pagination=True,
)
class DependencyType(PrimaryObjectType):
    dependent_object_type: ContentTypeType
    provider_object_type: ContentTypeType

    @strawberry_django.field(only=[*ENDS], select_related=[*END_TYPES])
    def display(self) -> str:
        return str(self)

    @strawberry_django.field(only=['dependent_object_id'])
    def dependent_name(self) -> str | None:
        return self.dependent_name

    @strawberry_django.field(only=['provider_object_id'])
    def provider_name(self) -> str | None:
        return self.provider_name


@strawberry.type(name='Query')
class DependencyQuery:
    ims_dependency: DependencyType = strawberry_django.field()
    ims_dependency_list: list[DependencyType] = strawberry_django.field()
