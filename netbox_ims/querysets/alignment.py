"""Questions to the rows of the alignment report."""
from typing import NamedTuple

from django.apps import apps
from django.db import connections
from django.db.models import (
    BooleanField,
    Case,
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

__all__ = (
    'NEEDED', 'AlignmentManager', 'AlignmentQuerySet', 'Link', 'everything_above', 'falling_with', 'redundancy_of',
)

# What it takes to see how dependencies align: they are made of what the register says of CIs, and of dependencies.
NEEDED = ('netbox_ims.view_registerentry', 'netbox_ims.view_dependency')


ARRAYS = 'unnest(%s::int[], %s::bigint[])'       # of object types and primary keys


class Link(NamedTuple):
    """An edge, as far as failing and recovering go by it; ends are (object type id, object id)."""
    dependent: tuple
    provider: tuple
    group: str


# Edges are read from the rows of the report, as of when it was last worked out: there all of them stand in one table,
# by an index that holds all that is needed, which makes thousands of CIs a matter of milliseconds (querysets.graph
# looks into each table of NetBox). OFFSET 0: looked up one by one by index, whatever PostgreSQL expects to find.

def _above(through_groups):
    """SQL for what depends on the CI `r`, a lateral source `a`: on it alone, or on a redundancy group it is part of."""
    alone = '' if through_groups else "AND redundancy_group = '' "
    return (
        f'(SELECT dependent_object_type_id, dependent_object_id, redundancy_group FROM {_table()} '
        "WHERE kind = 'rto' AND provider_object_type_id = r.type AND provider_object_id = r.id "
        f'{alone}OFFSET 0) a(type, id, redundancy_group)'
    )


def _reached(through_groups):
    """SQL for a table `reached` of CIs, given as two arrays, and of all that depends on them, directly or not."""
    return (
        f'WITH RECURSIVE reached(type, id) AS (SELECT * FROM {ARRAYS} UNION '
        f'SELECT a.type, a.id FROM reached r CROSS JOIN LATERAL {_above(through_groups)}) '
    )


def everything_above(cis, using='default', limit=None):
    """All that depends on these CIs, themselves included, by redundancy groups as well; None if more than `limit`."""
    with connections[using].cursor() as cursor:
        cursor.execute(f'{_reached(True)} SELECT * FROM reached {_some(limit)}', _as_arrays(cis))
        found = set(cursor.fetchall())
    return None if limit is not None and len(found) > limit else found


def falling_with(cis, using='default', limit=None):
    """
    (CIs, Links): these CIs, all that depends on them or on each other with no redundancy group to hold it, and every
    link from one of these upwards; (None, None) if there are more than `limit`.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'{_reached(False)} SELECT r.type, r.id, a.type, a.id, a.redundancy_group '
            f'FROM (SELECT * FROM reached {_some(limit)}) r LEFT JOIN LATERAL {_above(True)} ON true',
            _as_arrays(cis),
        )
        found, links = set(), set()
        for provider_type, provider_id, dependent_type, dependent_id, group in cursor.fetchall():
            provider = provider_type, provider_id
            found.add(provider)
            if dependent_id is not None:
                links.add(Link((dependent_type, dependent_id), provider, group))
    return (None, None) if limit is not None and len(found) > limit else (found, links)


def redundancy_of(cis, using='default'):
    """Links from these CIs down to every member of their redundancy groups."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'SELECT d.type, d.id, p.* FROM {ARRAYS} AS d(type, id) CROSS JOIN LATERAL ('
            f"SELECT provider_object_type_id, provider_object_id, redundancy_group FROM {_table()} WHERE kind = 'rto' "
            "AND dependent_object_type_id = d.type AND dependent_object_id = d.id AND redundancy_group <> '' OFFSET 0"
            ') p', _as_arrays(cis),
        )
        return {Link(row[:2], row[2:4], row[4]) for row in cursor.fetchall()}


def _some(limit):
    return '' if limit is None else f'LIMIT {int(limit) + 1}'


def _table():
    return _model('Alignment')._meta.db_table


def _as_arrays(cis):
    return [[kind for kind, _pk in cis], [pk for _kind, pk in cis]]


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
