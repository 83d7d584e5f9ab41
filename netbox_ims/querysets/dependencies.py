"""Questions to what has a CI at either end: the dependencies people typed in, and how those align."""
from django.apps import apps
from django.db.models import Exists, Manager, OuterRef, Q, Subquery

from utilities.querysets import RestrictedQuerySet

from ..ci_types import get_ci_types
from .visibility import is_superuser, may_see_every_ci, visible_cis

__all__ = (
    'ENDS', 'BetweenCIsQuerySet', 'DependencyManager', 'DependencyQuerySet', 'PreparedManagerMixin', 'at_end',
    'ends_named',
)

ENDS = ('dependent', 'provider')


def _register():
    return apps.get_model('netbox_ims', 'RegisterEntry').objects


def at_end(end, rows):
    """Those of the rows, each about a CI, that are about the one at this end of what the outer query is about."""
    return rows.filter(
        object_type=OuterRef(f'{end}_object_type'), object_id=OuterRef(f'{end}_object_id')
    )


def ends_named(text):
    """A Q: the name of one end contains the text."""
    entries = _register().filter(name__icontains=text)
    condition = Q()
    for end in ENDS:
        condition |= Q(Exists(at_end(end, entries)))
    return condition


class BetweenCIsQuerySet(RestrictedQuerySet):
    """Rows with a `dependent` and a `provider`, either of which may be missing if the model says so."""

    def between(self, entries):
        """Those whose ends are among these register entries."""
        queryset = self
        for end in ENDS:
            queryset = queryset.filter(self._missing(end) | Q(Exists(at_end(end, entries))))
        return queryset

    def between_visible_cis(self, user):
        """Those between CIs that NetBox would show the user."""
        if is_superuser(user):
            return self
        if may_see_every_ci(user):
            queryset, types = self, [ci_type.content_type.pk for ci_type in get_ci_types().values()]
            for end in ENDS:
                queryset = queryset.filter(self._missing(end) | Q(**{f'{end}_object_type__in': types}))
            return queryset
        return self.between(_register().filter(visible_cis(user)))

    def _missing(self, end):
        column = f'{end}_object_type'
        return Q(**{f'{column}__isnull': True}) if self.model._meta.get_field(column).null else Q()

    def with_names(self):
        """Annotate `dependent_name` and `provider_name`, as the register has them: '' for a CI without a name."""
        return self.annotate(**{
            f'{end}_name': Subquery(at_end(end, _register().all()).values('name')[:1]) for end in ENDS
        })


class DependencyQuerySet(BetweenCIsQuerySet):

    def restrict(self, user, action='view'):
        """Dependencies the user's permission covers, between CIs both of which NetBox would show the user."""
        return super().restrict(user, action).between_visible_cis(user)


class PreparedManagerMixin:
    """
    For managers whose every query begins with the same annotations: these are made once. NetBox asks a manager a
    hundred times while it makes a filterset, and making annotations takes longer than all the rest.
    """
    _prepared = None

    def prepare(self, queryset):
        raise NotImplementedError

    def get_queryset(self):
        if self._prepared is None:
            self._prepared = self.prepare(super().get_queryset())
        queryset = self._prepared.all()
        queryset._db, queryset._hints = self._db, self._hints
        return queryset


class DependencyManager(PreparedManagerMixin, Manager.from_queryset(DependencyQuerySet)):
    """Every dependency comes with the names of its ends, so that no list asks for them row by row."""

    def prepare(self, queryset):
        return queryset.with_names()
