"""Questions to the dependencies people typed in."""
from django.apps import apps
from django.db.models import Exists, Manager, OuterRef, Q, Subquery

from utilities.querysets import RestrictedQuerySet

from ..ci_types import get_ci_types
from .visibility import is_superuser, may_see_every_ci, visible_cis

__all__ = ('ENDS', 'DependencyManager', 'DependencyQuerySet', 'ends_named')

ENDS = ('dependent', 'provider')


def _register():
    return apps.get_model('netbox_ims', 'RegisterEntry').objects


def _at(end, entries):
    """Those of the register's entries that are about the CI at one end of the dependency in the outer query."""
    return entries.filter(
        object_type=OuterRef(f'{end}_object_type'), object_id=OuterRef(f'{end}_object_id')
    )


def ends_named(text):
    """A Q: the name of one end contains the text."""
    entries = _register().filter(name__icontains=text)
    condition = Q()
    for end in ENDS:
        condition |= Q(Exists(_at(end, entries)))
    return condition


class DependencyQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """Dependencies the user's permission covers, between CIs both of which NetBox would show the user."""
        queryset = super().restrict(user, action)
        if is_superuser(user):
            return queryset
        if may_see_every_ci(user):
            types = [ci_type.content_type.pk for ci_type in get_ci_types().values()]
            return queryset.filter(**{f'{end}_object_type__in': types for end in ENDS})
        entries = _register().filter(visible_cis(user))
        for end in ENDS:
            queryset = queryset.filter(Exists(_at(end, entries)))
        return queryset

    def with_names(self):
        """Annotate `dependent_name` and `provider_name`, as the register has them: '' for a CI without a name."""
        return self.annotate(**{
            f'{end}_name': Subquery(_at(end, _register().all()).values('name')[:1]) for end in ENDS
        })


class DependencyManager(Manager.from_queryset(DependencyQuerySet)):
    """Every dependency comes with the names of its ends, so that no list asks for them row by row."""

    def get_queryset(self):
        return super().get_queryset().with_names()
