"""Questions to the rows of the alignment report."""
from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Manager,
    OuterRef,
    Q,
    Value,
    When,
)

from ..rules.graph import SEVERITY, UNDETERMINED
from .dependencies import ENDS, BetweenCIsQuerySet, PreparedManagerMixin, at_end
from .visibility import is_superuser, permitted

__all__ = ('NEEDED', 'AlignmentManager', 'AlignmentQuerySet')

# What it takes to see how dependencies align: they are made of what the register says of CIs, and of dependencies.
NEEDED = ('netbox_ims.view_registerentry', 'netbox_ims.view_dependency')


def _model(name):
    return apps.get_model('netbox_ims', name)


def _is_stale():
    """A Q: one of the ends, or everything, is marked and yet to be worked out anew."""
    marks = _model('StaleMark').objects.all()
    condition = Q(Exists(marks.filter(object_type__isnull=True)))
    for end in ENDS:
        condition |= Q(Exists(at_end(end, marks)))
    return condition


class AlignmentQuerySet(BetweenCIsQuerySet):

    def restrict(self, user, action='view'):
        """
        Rows between CIs that the user's permissions cover, as register entries and in NetBox, and about dependencies
        that they cover. There is no permission of their own: they say nothing else.
        """
        if is_superuser(user):
            return self
        register, dependency = _model('RegisterEntry'), _model('Dependency')
        entries, edges = permitted(user, register), permitted(user, dependency)
        if action != 'view' or entries is False or edges is False:
            return self.none()
        if entries is True:
            queryset = self.between_visible_cis(user)
        else:
            queryset = self.between(register.objects.restrict(user, 'view'))
        if edges is not True:
            queryset = queryset._about_dependencies(dependency.objects.restrict(user, 'view'))
        return queryset

    def _about_dependencies(self, visible):
        """Rows about a dependency that is visible, or about one that NetBox knows by itself."""
        same = {name: OuterRef(name) for end in ENDS for name in (f'{end}_object_type', f'{end}_object_id')}
        typed_in = _model('Dependency').objects.filter(**same)
        return self.filter(Q(Exists(visible.filter(**same))) | ~Q(Exists(typed_in)))

    def marked(self):
        """Whether anything is yet to be worked out: one small query, so that the usual case costs no more."""
        return _model('StaleMark').objects.using(self.db).exists()

    def with_status(self, statuses):
        """
        Rows that are aligned, breached or undetermined. What is marked and yet to be worked out anew is undetermined.
        """
        condition = Q(severity__in=[SEVERITY[status] for status in statuses])
        if self.marked():
            stale = _is_stale()
            condition = condition & ~stale if UNDETERMINED not in statuses else condition | stale
        return self.filter(condition)

    def with_staleness(self):
        """Annotate `is_stale`: its status is not to be relied on until it has been worked out anew."""
        return self.annotate(is_stale=ExpressionWrapper(_is_stale(), output_field=BooleanField()))

    def with_current_status(self):
        """Annotate `current_status`, as with_status() has it."""
        cases = [When(severity=severity, then=Value(status)) for status, severity in SEVERITY.items()]
        return self.annotate(current_status=Case(
            When(_is_stale(), then=Value(UNDETERMINED)), *cases, output_field=CharField()
        ))

    def figures(self):
        """{(kind, severity): rows}, in one query, or in two while something is to be worked out anew."""
        severity = F('severity')
        if self.marked():
            severity = Case(
                When(_is_stale(), then=Value(SEVERITY[UNDETERMINED])), default=F('severity'),
                output_field=IntegerField(),
            )
        rows = self.order_by().annotate(rank=severity).values_list('kind', 'rank').annotate(rows=Count('pk'))
        return {(kind, rank): count for kind, rank, count in rows}


class AlignmentManager(PreparedManagerMixin, Manager.from_queryset(AlignmentQuerySet)):
    """Every row comes with the names of its ends and whether it is up to date, so that no list asks row by row."""

    def prepare(self, queryset):
        return queryset.with_names().with_staleness()
