"""Panels of assignments, and what the pages of a CI say of its scopes and controls."""
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..choices import AssignmentStatusChoices
from ..models import Control, ControlAssignment, Scope, SoaEntry
from .attrs import EvidenceAttr, ReviewAttr

__all__ = ('CIControls', 'ControlAssignmentPanel', 'VerificationPanel')


class ControlAssignmentPanel(panels.ObjectAttributesPanel):
    control = attrs.RelatedObjectAttr('control', linkify=True)
    object_type = attrs.TextAttr('type_name', label=_('Type'))
    object = attrs.RelatedObjectAttr('object', linkify=True, label=_('CI'))
    status = attrs.ChoiceAttr('status')
    description = attrs.TextAttr('description')


class VerificationPanel(panels.ObjectAttributesPanel):
    title = _('Verification')
    evidence_url = EvidenceAttr('evidence_url', label=_('Evidence'))
    verified_on = attrs.DateTimeAttr('verified_on', spec='date', label=_('Verified on'))
    verified_by = attrs.TextAttr('verified_by', label=_('Verified by'))
    review_due = ReviewAttr('review_due', label=_('Due again'))


@dataclass
class CIControls:
    """
    What one CI is in scope of, which controls it has, which it lacks, and which it has although a statement excludes
    them (`exclusions`, SoA entries), of what a user may see: four queries, and those only as far as the user has the
    permissions.
    """
    scopes: list
    assignments: list
    missing: list
    exclusions: list
    may_see: bool

    @classmethod
    def of(cls, entry, user):
        """Looked up once per entry: its page, tab and badge show the same."""
        if not hasattr(entry, '_ims_controls'):
            entry._ims_controls = cls._of(entry, user)
        return entry._ims_controls

    @classmethod
    def _of(cls, entry, user):
        scopes = Scope.objects.restrict(user, 'view').covering(entry).select_related('standard').order_by('standard')
        may_see = user.has_perm('netbox_ims.view_controlassignment')
        assignments, missing, exclusions = [], [], []
        if may_see:
            assignments = list(
                ControlAssignment.objects.restrict(user, 'view').of(entry).select_related('control')
                .order_by('control__ref')
            )
            # Against all that are assigned, not just those the user may see: it is not missing if it is there.
            missing = Control.objects.restrict(user, 'view').filter(
                required_by=entry.effective_classification_id
            ).exclude(pk__in=ControlAssignment.objects.of(entry).values('control_id')) \
                if entry.effective_classification_id else []
            if assignments and user.has_perm('netbox_ims.view_soaentry'):
                controls = [each.control_id for each in assignments]
                exclusions = SoaEntry.objects.restrict(user, 'view').exclusions().about(entry).filter(
                    control__in=controls
                ).select_related('control', 'statement__scope').order_by('control__ref', 'statement_id')
        return cls(list(scopes), assignments, list(missing), list(exclusions), may_see)

    @property
    def excluded(self):
        """Primary keys of the controls that it has although a statement excludes them."""
        return {each.control_id for each in self.exclusions}

    @property
    def by_status(self):
        """How far those assigned are, as "2 verified, 1 planned"; the furthest first."""
        counts = Counter(each.status for each in self.assignments)
        furthest_first = [(status, str(label).lower()) for status, label in reversed(list(AssignmentStatusChoices))]
        return ', '.join(f'{counts[status]} {label}' for status, label in furthest_first if counts[status])
