"""Questions to control assignments."""
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q

from .visibility import AboutCIQuerySet

__all__ = ('ControlAssignmentQuerySet', 'assigned_to', 'lacking', 'missing_by_control', 'of_entries')


def of_entries(condition):
    """An Exists over rows about CIs: their register entry meets the condition (a Q over entries)."""
    entries = apps.get_model('netbox_ims', 'RegisterEntry').objects.filter(
        condition, object_type=OuterRef('object_type'), object_id=OuterRef('object_id')
    )
    return Exists(entries)


def assigned_to(assignments):
    """An Exists over rows about CIs: one of the assignments is to the same CI."""
    return Exists(assignments.filter(object_type=OuterRef('object_type'), object_id=OuterRef('object_id')))


def lacking(entries, control):
    """Of the register entries, those whose effective classification requires the control, and that do not have it."""
    classification = apps.get_model('netbox_ims', 'Classification')
    assignments = apps.get_model('netbox_ims', 'ControlAssignment').objects.filter(control=control)
    requiring = classification.objects.filter(required_controls=control).order_by().values('pk')
    return entries.filter(effective_classification__in=requiring).exclude(assigned_to(assignments))


def missing_by_control(entries, controls):
    """
    {primary key of a control: on how many of the register entries' CIs it is required and missing}, for those of the
    queryset `controls` that are missing anywhere. One query.
    """
    required = 'effective_classification__required_controls'
    assignments = apps.get_model('netbox_ims', 'ControlAssignment').objects.filter(control=OuterRef(required))
    rows = entries.filter(Q(**{f'{required}__in': controls}) & ~assigned_to(assignments)).order_by()
    return dict(rows.values_list(required).annotate(count=Count('pk')))


class ControlAssignmentQuerySet(AboutCIQuerySet):

    def of(self, entry):
        """Assignments of one CI, given by its register entry."""
        return self.filter(object_type=entry.object_type_id, object_id=entry.object_id)

    def by_control(self):
        """{primary key of a control: number of assignments}."""
        return dict(self.order_by().values_list('control_id').annotate(count=Count('pk')))

    def by_status(self):
        """{status: number of assignments}."""
        return dict(self.order_by().values_list('status').annotate(count=Count('pk')))

    def within(self, entries):
        """Assignments of the CIs of these register entries."""
        return self.filter(Exists(entries.filter(object_type=OuterRef('object_type'), object_id=OuterRef('object_id'))))
