import strawberry
import strawberry_django
from strawberry.scalars import ID, JSON
from strawberry_django import ComparisonFilterLookup, DateFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import PrimaryObjectType, register_type

from .. import models
from .continuity import BusinessFunctionFilter, BusinessFunctionType

__all__ = ('BusinessImpactAnalysisFilter', 'BusinessImpactAnalysisType', 'ImpactQuery')

# What limits are derived from
RATED = ['bands', 'ratings', 'tolerable_rating']


@register_filter(models.BusinessImpactAnalysis, name='ImsBusinessImpactAnalysisFilter', lookups=True)
class BusinessImpactAnalysisFilter(PrimaryModelFilter):
    function: BusinessFunctionFilter | None = strawberry_django.filter_field()
    function_id: ID | None = strawberry_django.filter_field()
    analysed_on: DateFilterLookup[str] | None = strawberry_django.filter_field()
    tolerable_rating: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()


@register_type(
    models.BusinessImpactAnalysis, name='ImsBusinessImpactAnalysisType', filters=BusinessImpactAnalysisFilter,
    pagination=True,
    fields=['id', 'analysed_on', 'tolerable_rating', 'description', 'comments', 'created', 'last_updated'],
)
class BusinessImpactAnalysisType(PrimaryObjectType):
    function: BusinessFunctionType | None
    bands: list[int]
    ratings: JSON

    @strawberry_django.field(only=['analysed_on', 'function__name'], select_related=['function'])
    def display(self) -> str:
        return str(self)

    @strawberry_django.field(only=RATED)
    def limits(self) -> JSON:
        return self.limits

    @strawberry_django.field(only=RATED)
    def mtpd_minutes(self) -> int | None:
        return self.mtpd_minutes


@strawberry.type(name='Query')
class ImpactQuery:
    ims_business_impact_analysis: BusinessImpactAnalysisType = strawberry_django.field()
    ims_business_impact_analysis_list: list[BusinessImpactAnalysisType] = strawberry_django.field()
