"""Questions to the dependencies people typed in."""
from django.apps import apps
from django.db.models import Exists, OuterRef

from utilities.querysets import RestrictedQuerySet

from .visibility import may_see_every_ci, visible_cis

__all__ = ('DependencyQuerySet',)


class DependencyQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """Dependencies the user's permission covers, between CIs both of which NetBox would show the user."""
        queryset = super().restrict(user, action)
        if may_see_every_ci(user):
            return queryset
        entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(visible_cis(user))
        for end in ('dependent', 'provider'):
            queryset = queryset.filter(Exists(entries.filter(
                object_type=OuterRef(f'{end}_object_type'), object_id=OuterRef(f'{end}_object_id')
            )))
        return queryset
