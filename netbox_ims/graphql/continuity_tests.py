import strawberry
import strawberry_django
from django.db.models import F
from strawberry.scalars import ID
from strawberry_django import ComparisonFilterLookup, DateFilterLookup, StrFilterLookup

from netbox.graphql.filters import PrimaryModelFilter, register_filter
from netbox.graphql.types import ContentTypeType, PrimaryObjectType, register_type

from .. import models
from ..querysets.continuity import IsStale
from .names import AboutCIFilterMixin
from .plans import ContinuityPlanFilter, ContinuityPlanType

__all__ = (
    'ContinuityTestFilter', 'ContinuityTestSubjectFilter', 'ContinuityTestSubjectType', 'ContinuityTestType',
    'ContinuityTestsQuery',
)

NAMED_AFTER = ['test_type', 'planned_on', 'held_on', 'plan__name', 'plan__version']


@register_filter(models.ContinuityTest, name='ImsContinuityTestFilter', lookups=True)
class ContinuityTestFilter(PrimaryModelFilter):
    plan: ContinuityPlanFilter | None = strawberry_django.filter_field()
    plan_id: ID | None = strawberry_django.filter_field()
    test_type: StrFilterLookup | None = strawberry_django.filter_field()
    result: StrFilterLookup | None = strawberry_django.filter_field()
    planned_on: DateFilterLookup[str] | None = strawberry_django.filter_field()
    held_on: DateFilterLookup[str] | None = strawberry_django.filter_field()
    next_due: DateFilterLookup[str] | None = strawberry_django.filter_field()
    achieved_rto_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    achieved_rpo_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()


@register_filter(models.ContinuityTestSubject, name='ImsContinuityTestSubjectFilter', lookups=True)
class ContinuityTestSubjectFilter(AboutCIFilterMixin, PrimaryModelFilter):
    test: ContinuityTestFilter | None = strawberry_django.filter_field()
    test_id: ID | None = strawberry_django.filter_field()
    achieved_rto_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()
    achieved_rpo_minutes: ComparisonFilterLookup[int] | None = strawberry_django.filter_field()


@register_type(
    models.ContinuityTest, name='ImsContinuityTestType', filters=ContinuityTestFilter, pagination=True,
    fields=[
        'id', 'test_type', 'planned_on', 'held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'lessons',
        'next_due', 'description', 'comments', 'created', 'last_updated',
    ],
)
class ContinuityTestType(PrimaryObjectType):
    plan: ContinuityPlanType | None

    @strawberry_django.field(only=NAMED_AFTER, select_related=['plan'])
    def display(self) -> str:
        return str(self)

    @strawberry_django.field(annotate={'is_stale': IsStale(F('pk'))})
    def stale(self) -> bool | None:
        return self.is_stale


@register_type(
    models.ContinuityTestSubject, name='ImsContinuityTestSubjectType', filters=ContinuityTestSubjectFilter,
    pagination=True,
    fields=[
        'id', 'object_id', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'description', 'comments', 'created',
        'last_updated',
    ],
)
class ContinuityTestSubjectType(PrimaryObjectType):
    test: ContinuityTestType | None
    object_type: ContentTypeType

    @strawberry_django.field(
        only=['object_id', 'object_type', *(f'test__{name}' for name in NAMED_AFTER)],
        select_related=['test__plan'], prefetch_related=['register_entry__object_type']
    )
    def display(self) -> str:
        return str(self)


@strawberry.type(name='Query')
class ContinuityTestsQuery:
    ims_continuity_test: ContinuityTestType = strawberry_django.field()
    ims_continuity_test_list: list[ContinuityTestType] = strawberry_django.field()

    ims_continuity_test_subject: ContinuityTestSubjectType = strawberry_django.field()
    ims_continuity_test_subject_list: list[ContinuityTestSubjectType] = strawberry_django.field()
