"""Questions to the append-only records."""
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
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
        return queryset.filter(visible_cis(user, gone='RetiredCI'))


class DecisionQuerySet(RestrictedQuerySet):

    # What is decided about besides CIs; whoever may see one of these may see what was decided about it
    OTHERS = ('StatementOfApplicability', 'ContinuityPlan', 'Risk', 'RiskMatrix')

    def restrict(self, user, action='view'):
        """
        Decisions about CIs the user may see; about a CI that is gone, those about one the user could have seen; about a
        statement of applicability, a continuity plan, a risk or a matrix, those about one the user may see.
        """
        queryset = super().restrict(user, action)
        if is_superuser(user):
            return queryset
        same_ci = {'object_type': OuterRef('object_type'), 'object_id': OuterRef('object_id')}
        entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(visible_cis(user), **same_ci)
        gone = visible_cis(user, gone='RetiredCI')
        retired = apps.get_model('netbox_ims', 'RetiredCI').objects.filter(gone, **same_ci)
        condition = Q(Exists(entries)) | Q(Exists(retired))
        for name in self.OTHERS:
            model = apps.get_model('netbox_ims', name)
            seen = model.objects.restrict(user, 'view').filter(pk=OuterRef('object_id'))
            condition |= Q(Exists(seen), object_type=ContentType.objects.get_for_model(model).pk)
        return queryset.filter(condition)
