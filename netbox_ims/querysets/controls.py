"""Questions to catalogues and their controls."""
from django.apps import apps
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from utilities.querysets import RestrictedQuerySet

__all__ = ('ControlCatalogQuerySet', 'ControlQuerySet')


def count_of(queryset, column):
    """How many rows of `queryset` have the outer row in `column`, 0 if none, as an expression."""
    same = queryset.filter(**{column: OuterRef('pk')}).order_by().values(column)
    return Coalesce(Subquery(same.annotate(count=Count('pk')).values('count')), 0)


class ControlCatalogQuerySet(RestrictedQuerySet):

    def with_control_count(self):
        """Annotate `control_count`."""
        return self.annotate(control_count=count_of(apps.get_model('netbox_ims', 'Control').objects, 'catalog'))


class ControlQuerySet(RestrictedQuerySet):

    def with_assignment_count(self, user):
        """Annotate `assignment_count`: to how many CIs the control is assigned, of those the user may see."""
        assignments = apps.get_model('netbox_ims', 'ControlAssignment').objects.restrict(user, 'view')
        return self.annotate(assignment_count=count_of(assignments, 'control'))
