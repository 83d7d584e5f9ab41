"""Questions to control assignments."""
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q

from .soa import covered_by
from .visibility import AboutCIQuerySet

__all__ = (
    'ControlAssignmentQuerySet', 'assigned_to', 'lacking', 'lacking_any', 'missing_by_classification',
    'missing_by_control', 'of_entries',
)


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


def lacking_any(entries, controls):
    """Of the register entries, those that lack at least one of the controls their classification requires."""
    condition = Q(pk__in=[])
    for control in controls:
        condition |= Q(pk__in=lacking(entries, control).order_by().values('pk'))
    return entries.filter(condition)


def missing_by_classification(entries, controls):
    """
    {(primary key of a classification, of a control it requires): on how many CIs of those register entries that is
    missing}, for controls of the queryset `controls`, where any. One query.
    """
    required = 'effective_classification__required_controls'
    rows = _missing(entries, controls).values_list('effective_classification', required).annotate(count=Count('pk'))
    return {(classification, control): count for classification, control, count in rows}


def missing_by_control(entries, controls):
    """
    {primary key of a control: on how many of the register entries' CIs it is required and missing}, for those of the
    queryset `controls` that are missing anywhere. One query.
    """
    required = 'effective_classification__required_controls'
    return dict(_missing(entries, controls).values_list(required).annotate(count=Count('pk')))


def _missing(entries, controls):
    """Register entries, once for each of the controls that is required of their CI and missing."""
    required = 'effective_classification__required_controls'
    assignments = apps.get_model('netbox_ims', 'ControlAssignment').objects.filter(control=OuterRef(required))
    return entries.filter(Q(**{f'{required}__in': controls}) & ~assigned_to(assignments)).order_by()


class ControlAssignmentQuerySet(AboutCIQuerySet):

    def of(self, entry):
        """Assignments of one CI, given by its register entry."""
        return self.filter(object_type=entry.object_type_id, object_id=entry.object_id)

    def excluded(self, exclusions):
        """
        Assignments of controls that one of `exclusions` (a queryset of SoA entries) says do not apply to the CI. As
        many conditions as there are scopes with exclusions: few.
        """
        by_scope = {}
        for scope, control in exclusions.order_by().values_list('statement__scope_id', 'control_id').distinct():
            by_scope.setdefault(scope, []).append(control)
        scopes, condition = apps.get_model('netbox_ims', 'Scope').objects, Q(pk__in=[])
        for scope, controls in by_scope.items():
            condition |= Q(of_entries(covered_by(scopes.filter(pk=scope))), control__in=controls)
        return self.filter(condition)

    def by_control(self):
        """{primary key of a control: number of assignments}."""
        return dict(self.order_by().values_list('control_id').annotate(count=Count('pk')))

    def by_status(self):
        """{status: number of assignments}."""
        return dict(self.order_by().values_list('status').annotate(count=Count('pk')))

    def within(self, entries):
        """Assignments of the CIs of these register entries."""
        return self.filter(Exists(entries.filter(object_type=OuterRef('object_type'), object_id=OuterRef('object_id'))))
