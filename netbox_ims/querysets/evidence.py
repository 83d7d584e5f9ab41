"""Questions to the append-only records."""
from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from utilities.querysets import RestrictedQuerySet

from .visibility import is_superuser, visible_cis

__all__ = ('DecisionQuerySet', 'RetiredCIQuerySet')


class RetiredCIQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """
        CIs that are gone are judged by where they were: the user's permission to view such CIs, on what is kept here.
        """
        queryset = super().restrict(user, action)
        if is_superuser(user):
            return queryset
        return queryset.filter(visible_cis(user, gone=True))


class DecisionQuerySet(RestrictedQuerySet):

    def restrict(self, user, action='view'):
        """Decisions about CIs the user may see; about a CI that is gone, those about one the user could have seen."""
        queryset = super().restrict(user, action)
        if is_superuser(user):
            return queryset
        same_ci = {'object_type': OuterRef('object_type'), 'object_id': OuterRef('object_id')}
        entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(visible_cis(user), **same_ci)
        retired = apps.get_model('netbox_ims', 'RetiredCI').objects.filter(visible_cis(user, gone=True), **same_ci)
        return queryset.filter(Q(Exists(entries)) | Q(Exists(retired)))
