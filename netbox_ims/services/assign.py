"""Assigning controls to CIs, many to many at once: validated, permission-checked, change-logged, all or none."""
from collections import Counter

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import router, transaction
from django.utils.translation import gettext as _

from netbox.signals import post_clean

from ..models import ControlAssignment, RegisterEntry, Scope, SoaEntry
from ..querysets.soa import covered_by
from .change_log import log_bulk_change, looked_up_once
from .custom_fields import fill_in_custom_fields

__all__ = ('assign',)

CHUNK = 1000
NAMED = 10          # how many CIs a refusal names


def assign(controls, entries, values, user=None, reason=''):
    """
    Assign each of `controls` to the CI of each register entry in the queryset `entries`, with `values` ({field of
    ControlAssignment: value}); an assignment that exists is left as it is.

    Returns a Counter of `created` and `unchanged`. Raises ValidationError that names the control and the CIs where an
    approved statement excludes it, or PermissionDenied; nothing is changed then. `user=None` is the system.
    """
    using = router.db_for_write(ControlAssignment)
    counts = Counter()
    # In this order: what is done on commit, NetBox's search entries, is done in the same context.
    with looked_up_once(), transaction.atomic(using=using):
        refuse_excluded(controls, entries)
        pks = list(entries.order_by('pk').values_list('pk', flat=True))
        for start in range(0, len(pks), CHUNK):
            chunk = RegisterEntry.objects.using(using).filter(pk__in=pks[start:start + CHUNK])
            counts += _assign_chunk(
                controls, list(chunk.select_related('object_type').order_by('pk')), values, user, reason, using
            )
    return counts


def refuse_excluded(controls, entries):
    """Raise ValidationError if an approved statement excludes a control for the scope of one of the CIs."""
    exclusions = SoaEntry.objects.in_force().filter(applicable=False, control__in=controls).select_related(
        'control', 'statement__scope'
    )
    problems = []
    for exclusion in exclusions:
        scope = Scope.objects.filter(pk=exclusion.statement.scope_id)
        hit = entries.filter(covered_by(scope)).order_by('name', 'pk').select_related('object_type')
        names = [str(entry) for entry in hit[:NAMED + 1]]
        if names:
            shown = ', '.join(names[:NAMED]) + (' …' if len(names) > NAMED else '')
            problems.append(_('{ref} is excluded by {statement} for: {cis}.').format(
                ref=exclusion.control.ref, statement=exclusion.statement, cis=shown
            ))
    if problems:
        raise ValidationError({'controls': problems})


def _assign_chunk(controls, entries, values, user, reason, using):
    by_type = {}
    for entry in entries:
        by_type.setdefault(entry.object_type_id, []).append(entry.object_id)
    known = set()
    for type_id, object_ids in by_type.items():
        known.update(ControlAssignment.objects.using(using).filter(
            control__in=controls, object_type=type_id, object_id__in=object_ids
        ).values_list('control_id', 'object_type_id', 'object_id'))
    new, unchanged = [], 0
    for entry in entries:
        for control in controls:
            if (control.pk, entry.object_type_id, entry.object_id) in known:
                unchanged += 1
            else:
                new.append(_assignment(control, entry, values))
    ControlAssignment.objects.using(using).bulk_create(new, batch_size=CHUNK)
    _refuse_beyond_permissions(new, user, using)
    log_bulk_change(created=new, updated=[], user=user, message=reason, using=using)
    return Counter(created=len(new), unchanged=unchanged)


def _assignment(control, entry, values):
    assignment = ControlAssignment(
        control=control, object_type=entry.object_type, object_id=entry.object_id, **values
    )
    assignment.register_entry = entry
    assignment._prefetched_objects_cache = {'tags': []}
    try:
        # What full_clean() would check, less the queries per CI: refuse_excluded() has asked for all at once, and the
        # register entry says that the CI exists.
        assignment.clean_fields(exclude=('control', 'object_type', 'owner', 'verified_by'))
        assignment.clean_status()
        fill_in_custom_fields(assignment)
        post_clean.send(sender=ControlAssignment, instance=assignment)
    except ValidationError as e:
        errors = e.message_dict if hasattr(e, 'error_dict') else {NON_FIELD_ERRORS: e.messages}
        raise ValidationError({
            field: [f'{control.ref}, {entry}: {message}' for message in messages] for field, messages in errors.items()
        }) from e
    return assignment


def _refuse_beyond_permissions(new, user, using):
    """As NetBox does after a save: the result must lie within what the user may add."""
    pks = [assignment.pk for assignment in new]
    if user is None or not pks:
        return
    if ControlAssignment.objects.using(using).restrict(user, 'add').filter(pk__in=pks).count() < len(pks):
        raise PermissionDenied(_('Your permissions do not allow these values on all of the selected CIs.'))
