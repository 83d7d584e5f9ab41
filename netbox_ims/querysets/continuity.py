"""Questions to impact analyses, continuity plans and their tests."""
from django.apps import apps
from django.db.models import BooleanField, Case, DateField, Exists, F, Func, OuterRef, Prefetch, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from utilities.querysets import RestrictedQuerySet

from .graph import DOWN, reached_sql
from .visibility import AboutCIQuerySet

__all__ = (
    'ContinuityPlanQuerySet', 'ContinuityTestQuerySet', 'ContinuityTestSubjectQuerySet', 'ImpactAnalysisQuerySet',
)


class ImpactAnalysisQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """Analyses the user's permission covers, of business functions the user may see."""
        functions = apps.get_model('netbox_ims', 'BusinessFunction').objects.restrict(user, 'view')
        return super().restrict(user, action).filter(function__in=functions.order_by().values('pk'))

    def newest(self):
        """The one that counts, of the analyses of one function; None if there are none."""
        return self.order_by('-analysed_on', '-pk').first()


class ContinuityPlanQuerySet(RestrictedQuerySet):

    def with_visible_parts(self, user):
        """Prefetch functions and services, of those the user may view."""
        return self.prefetch_related(*(
            Prefetch(name, getattr(self.model, name).rel.model.objects.restrict(user, 'view'))
            for name in self.model.SUBJECTS
        ))


class IsStale(Func):
    """
    Whether a held test, given by its primary key, is older than a change of what it tested: of the configuration of a
    CI it was of or of one that it depends on, however indirectly; or of what these depend on, unless that was so
    already when the test was recorded. NULL before it is held, and where it does not say which CIs it was of.
    """
    output_field = BooleanField(null=True)

    def as_sql(self, compiler, connection, **extra):
        test, subject, change = (
            apps.get_model('netbox_ims', name)._meta.db_table
            for name in ('ContinuityTest', 'ContinuityTestSubject', 'ConfigurationChange')
        )
        pk, params = compiler.compile(self.source_expressions[0])
        start = f'SELECT s.object_type_id, s.object_id FROM {subject} s WHERE s.test_id = {pk}'
        later = (
            f'SELECT FROM reached JOIN {change} c ON c.object_type_id = reached.type AND c.object_id = reached.id '
            'WHERE c.time > CASE WHEN c.of_links THEN held.recorded_on ELSE held.shown_until END'
        )
        return (
            f'({reached_sql(start, DOWN)} SELECT CASE WHEN EXISTS (SELECT FROM reached) THEN EXISTS ({later}) END '
            f'FROM {test} held WHERE held.id = {pk} AND held.shown_until IS NOT NULL)'
        ), (*params, *params)


class ContinuityTestQuerySet(RestrictedQuerySet):

    def with_stale(self):
        """Annotate `is_stale`: see IsStale. A walk through the dependencies of each row that is read."""
        return self.annotate(is_stale=IsStale(F('pk')))

    def with_due(self):
        """
        Annotate `due`, as rules.continuity.due_on() has it: again unless a later test of the plan, in whichever
        version, was held. Nothing is due of a plan that is retired and has no later version in force.
        """
        later = self.model.objects.filter(plan__name=OuterRef('plan__name'), held_on__gt=OuterRef('held_on'))
        return self.annotate(due=Case(
            When(held_on__isnull=True, then=F('planned_on')),
            When(~Exists(later), then=F('next_due')),
            output_field=DateField(),
        ))

    def overdue(self, today=None):
        """Tests to be held, or to be held again, by a day that is over; not of plans that are no longer in force."""
        versions = apps.get_model('netbox_ims', 'ContinuityPlan').objects.filter(name=OuterRef('plan__name'))
        return self.with_due().filter(
            Exists(versions.exclude(status='retired')), due__lt=today or timezone.localdate()
        )


class ContinuityTestSubjectQuerySet(AboutCIQuerySet):

    def of(self, entry):
        """Tests of one CI, given by its register entry."""
        return self.filter(object_type=entry.object_type_id, object_id=entry.object_id)

    def held(self):
        return self.filter(test__held_on__isnull=False)

    def with_achieved(self):
        """Annotate `rto` and `rpo`: what was achieved for the CI or else for all that was tested; minutes or NULL."""
        return self.annotate(
            rto=Coalesce('achieved_rto_minutes', 'test__achieved_rto_minutes'),
            rpo=Coalesce('achieved_rpo_minutes', 'test__achieved_rpo_minutes'),
        )

    def latest(self):
        """Of each CI only the newest test that was held."""
        newer = self.model.objects.held().filter(
            Q(test__held_on__gt=OuterRef('test__held_on'))
            | Q(test__held_on=OuterRef('test__held_on'), test__gt=OuterRef('test')),
            object_type=OuterRef('object_type'), object_id=OuterRef('object_id'),
        )
        return self.held().filter(~Exists(newer))
