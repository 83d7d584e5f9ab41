import strawberry
import strawberry_django
from strawberry.scalars import ID, JSON
from strawberry_django import BaseFilterLookup, ComparisonFilterLookup, StrFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import ContentTypeType, PrimaryObjectType, register_type

from .. import models
from .register import ClassificationFilter, ClassificationType, NamedMixin


@register_filter(models.ClassificationRule, name='ImsClassificationRuleFilter', lookups=True)
class ClassificationRuleFilter(PrimaryModelFilter):
    name: StrFilterLookup | None = strawberry_django.filter_field()
    weight: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    enabled: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    object_type_id: ID | None = strawberry_django.filter_field()
    mode: StrFilterLookup | None = strawberry_django.filter_field()
    classification: ClassificationFilter | None = strawberry_django.filter_field()
    classification_id: ID | None = strawberry_django.filter_field()
    is_information_asset: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    handles_sensitive_data: BaseFilterLookup[bool] | None = strawberry_django.filter_field()
    processes_personal_data: BaseFilterLookup[bool] | None = strawberry_django.filter_field()


@register_type(
    models.ClassificationRule, name='ImsClassificationRuleType', filters=ClassificationRuleFilter, pagination=True,
    exclude=['jobs'],
)
class ClassificationRuleType(NamedMixin, PrimaryObjectType):
    object_type: ContentTypeType
    filter: JSON
    classification: ClassificationType | None


@strawberry.type(name='Query')
class ClassificationRuleQuery:
    ims_classification_rule: ClassificationRuleType = strawberry_django.field()
    ims_classification_rule_list: list[ClassificationRuleType] = strawberry_django.field()
