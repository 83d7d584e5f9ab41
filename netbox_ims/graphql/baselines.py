import strawberry
import strawberry_django
from strawberry.scalars import ID, JSON
from strawberry_django import ComparisonFilterLookup, DatetimeFilterLookup, StrFilterLookup

from netbox.graphql.filters import BaseModelFilter, register_filter
from netbox.graphql.types import BaseObjectType, register_type

from .. import models
from .names import USER, NamedMixin


@register_filter(models.Baseline, name='ImsBaselineFilter', lookups=True)
class BaselineFilter(BaseModelFilter):
    number: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    name: StrFilterLookup | None = strawberry_django.filter_field()
    user_id: ID | None = strawberry_django.filter_field()
    user_name: StrFilterLookup | None = strawberry_django.filter_field()
    taken_on: DatetimeFilterLookup[str] | None = strawberry_django.filter_field()
    as_of: DatetimeFilterLookup[str] | None = strawberry_django.filter_field()
    sha256: StrFilterLookup | None = strawberry_django.filter_field()


@register_type(
    models.Baseline, name='ImsBaselineType', filters=BaselineFilter, pagination=True,
    fields=[
        'id', 'number', 'name', 'reason', 'user_name', 'taken_on', 'as_of', 'rows', 'rows_sha256', 'previous_sha256',
        'sha256',
    ],
)
class BaselineType(NamedMixin, BaseObjectType):
    user: USER
    filter: JSON
    figures: JSON


@strawberry.type(name='Query')
class BaselineQuery:
    ims_baseline: BaselineType = strawberry_django.field()
    ims_baseline_list: list[BaselineType] = strawberry_django.field()
