"""Questions to the risk register: what is untreated or overdue, how many are in each cell, which CIs are at stake."""
from django.apps import apps
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from utilities.querysets import RestrictedQuerySet

from .controls import count_of
from .visibility import AboutCIQuerySet

__all__ = (
    'RiskAcceptanceQuerySet', 'RiskAssignmentQuerySet', 'RiskMatrixQuerySet', 'RiskQuerySet', 'RiskTreatmentQuerySet',
)

CLOSED, REQUESTED, ACCEPTED = 'closed', 'requested', 'accepted'


def _model(name):
    return apps.get_model('netbox_ims', name)


class RiskMatrixQuerySet(RestrictedQuerySet):

    def with_risk_count(self, user):
        """Annotate `risk_count`: how many risks are rated by it, of those the user may see."""
        return self.annotate(risk_count=count_of(_model('Risk').objects.restrict(user, 'view'), 'matrix'))

    def active(self):
        """The active matrix, or None."""
        return self.filter(is_active=True).first()


class RiskQuerySet(RestrictedQuerySet):

    def open(self):
        """All but those that can no longer come true."""
        return self.exclude(status=CLOSED)

    def untreated(self):
        """Open risks about which nothing is decided: no action to treat them, and no acceptance in force."""
        return self.open().filter(~self._treated())

    def treated(self):
        return self.open().filter(self._treated())

    @staticmethod
    def _treated():
        actions = _model('RiskTreatment').objects.filter(risk=OuterRef('pk'))
        return Q(Exists(actions)) | Q(Exists(_model('RiskAcceptance').objects.in_force().filter(risk=OuterRef('pk'))))

    def accepted(self):
        """Risks that somebody has accepted, as of today."""
        return self.filter(Exists(_model('RiskAcceptance').objects.in_force().filter(risk=OuterRef('pk'))))

    def overdue(self):
        """Open risks whose review, or one of whose actions, should be done by now."""
        return self.open().filter(self._late())

    def on_time(self):
        """Open risks with a date for their review that is still to come, and no action that is late."""
        return self.open().filter(~self._late(), review_due__isnull=False)

    @staticmethod
    def _late():
        late = _model('RiskTreatment').objects.overdue().filter(risk=OuterRef('pk'))
        return Q(review_due__lt=timezone.localdate()) | Q(Exists(late))

    def about(self, assignments):
        """Risks about a CI of one of the assignments, a queryset of those the user may see."""
        return self.filter(Exists(assignments.filter(risk=OuterRef('pk'))))

    def by_cell(self, *stages):
        """
        How many risks are in each cell at each of the stages: dictionaries with `matrix` (a primary key),
        `{stage}_likelihood`, `{stage}_impact`, `{stage}_level`, `count`, and the reference of `one` of them. One query;
        no level is "not rated".
        """
        columns = ['matrix', *(f'{stage}_{part}' for stage in stages for part in ('likelihood', 'impact', 'level'))]
        return self.order_by().values(*columns).annotate(count=Count('pk'), one=Min('reference'))

    def by_standard(self):
        """
        How many risks there are by standard and current level: dictionaries with `standards` (a primary key), `level`
        and `count`. One query; a risk counts for each of its standards.
        """
        return self.order_by().values('standards', level=F('current_level')).annotate(count=Count('pk'))

    def with_progress(self):
        """Annotate `action_count` and `done_count`, of its actions, and `accepted_until` of an acceptance in force."""
        actions = _model('RiskTreatment').objects.filter(risk=OuterRef('pk')).order_by().values('risk')
        accepted = _model('RiskAcceptance').objects.in_force().filter(risk=OuterRef('pk')).order_by('-valid_until')
        return self.annotate(
            action_count=Subquery(actions.annotate(count=Count('pk')).values('count')),
            done_count=Subquery(actions.annotate(count=Count('done_on')).values('count')),
            accepted_until=Subquery(accepted.values('valid_until')[:1]),
        )

    def with_affected(self, user):
        """
        Annotate what is at stake, of the CIs the user may see: `affected_count`, and `affected`, an object with the
        highest `level` of their effective classifications, the lowest `rto` in minutes, and of how many either is
        `classified` and `timed`. It informs whoever rates the risk; it does not enter the score.

        Both are worked out for the rows of the page only.
        """
        assignments = _model('RiskAssignment').objects.restrict(user, 'view').filter(risk=OuterRef('pk'))
        known = _model('RegisterEntry').objects.assessments(user).filter(
            object_type=OuterRef('object_type'), object_id=OuterRef('object_id')
        )
        entry = 'register_entry__'
        at_stake = assignments.filter(Exists(known)).order_by().values('risk').annotate(found=JSONObject(
            level=Max(f'{entry}effective_classification__level'), classified=Count(f'{entry}effective_classification'),
            complete=Count('pk', filter=Q(**{f'{entry}effective_complete': True})),
            rto=Min(f'{entry}effective_rto_minutes'), timed=Count(f'{entry}effective_rto_minutes'),
        ))
        count = assignments.order_by().values('risk').annotate(count=Count('pk')).values('count')
        return self.annotate(affected_count=Subquery(count), affected=Subquery(at_stake.values('found')))


    def listed_for(self, user):
        """With what lists say of risks: standards, actions and CIs, of those the user may see."""
        seen = _model('Standard').objects.restrict(user, 'view')
        return self.prefetch_related(Prefetch('standards', seen)).with_progress().with_affected(user)


class RiskAssignmentQuerySet(AboutCIQuerySet):

    def of(self, entry):
        """Assignments of one CI, given by its register entry."""
        return self.filter(object_type=entry.object_type_id, object_id=entry.object_id)


class RiskTreatmentQuerySet(RestrictedQuerySet):

    def overdue(self):
        """Actions that should be done by now, and are not."""
        return self.filter(done_on__isnull=True, due__lt=timezone.localdate())


    def treating(self, controls, entries):
        """
        Primary keys, as a set, of those of `controls` that are part of an action against an open risk about one of the
        register entries `entries`, or about no CI in particular.
        """
        assignments = _model('RiskAssignment').objects.filter(risk=OuterRef('risk'))
        here = assignments.filter(Exists(entries.filter(
            object_type=OuterRef('object_type'), object_id=OuterRef('object_id')
        )))
        found = self.filter(controls__in=controls).exclude(risk__status=CLOSED)
        found = found.filter(Q(Exists(here)) | ~Q(Exists(assignments)))
        return set(found.order_by().values_list('controls', flat=True)) & set(controls)


class RiskAcceptanceQuerySet(RestrictedQuerySet):

    def in_force(self):
        """Acceptances that hold today, whether or not the job that marks expired ones has run."""
        return self.filter(status=ACCEPTED, valid_until__gte=timezone.localdate())

    def lapsed(self):
        """Those whose last day has passed, and that do not say so yet."""
        return self.filter(status__in=(REQUESTED, ACCEPTED), valid_until__lt=timezone.localdate())

    def requested(self):
        """Those that nobody has decided about."""
        return self.filter(status=REQUESTED)

    def decided(self):
        return self.exclude(status=REQUESTED)
