"""Questions to NetBox's own tables of CIs: which of them the register says something about."""
from django.apps import apps
from django.db.models import Exists, OuterRef, Q

__all__ = ('carrying',)


def carrying(ci_type, column, values, user=None):
    """
    A Q over the CIs of a type: those that carry one of `values` in a column of the register. None among them means that
    nobody has said, or that it is not for the user to know (RegisterEntryQuerySet.assessments); without a user, the
    system itself asks.

    One EXISTS whatever the values, on the register's unique index or, where that is less, the classification's.
    """
    entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.all()
    if user is not None:
        entries = entries.assessments(user)
    said = entries.order_by().filter(
        object_type=ci_type.content_type.pk, object_id=OuterRef('pk'), **{f'{column}__isnull': False}
    )
    given = {f'{column}__in': [value for value in values if value is not None]}
    return ~Q(Exists(said.exclude(**given))) if None in values else Q(Exists(said.filter(**given)))
