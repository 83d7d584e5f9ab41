"""Which CIs a control is in place on: the link an auditor follows from a control to systems, and back."""
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..choices import AssignmentStatusChoices
from ..querysets.assignments import ControlAssignmentQuerySet
from .fields import EntryRelation
from .mixins import OfRegisteredCIMixin, ReviewedMixin

__all__ = ('ControlAssignment',)


class ControlAssignment(OfRegisteredCIMixin, ReviewedMixin, PrimaryModel):
    """
    One control on one CI: how far it is in place, the evidence, and who verified it when.

    It hangs on the control, not on a statement, so it survives new versions of those. A control that the approved
    statement of a scope excludes can't be assigned to a CI in that scope.
    """
    control = models.ForeignKey(
        to='netbox_ims.Control', on_delete=models.PROTECT, related_name='assignments', verbose_name=_('control')
    )
    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('object type')
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    object = GenericForeignKey(ct_field='object_type', fk_field='object_id')
    register_entry = EntryRelation(related_name='control_assignments')
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=AssignmentStatusChoices,
        default=AssignmentStatusChoices.PLANNED
    )
    evidence_url = models.URLField(verbose_name=_('evidence'), max_length=500, blank=True)
    verified_on = models.DateField(
        verbose_name=_('verified on'), blank=True, null=True, help_text=_('Left empty for a verified one: today')
    )
    verified_by = models.ForeignKey(
        to='users.User', on_delete=models.SET_NULL, related_name='+', blank=True, null=True,
        verbose_name=_('verified by')
    )
    review_due = models.DateField(verbose_name=_('due again'), blank=True, null=True)

    objects = ControlAssignmentQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('control', 'status', 'review_due')

    class Meta:
        # By keys, not by what they point to: the unique index then serves the list, however long it is.
        ordering = ('control_id', 'object_type_id', 'object_id')
        constraints = (
            models.UniqueConstraint(
                fields=('control', 'object_type', 'object_id'), name='%(app_label)s_%(class)s_ci',
                violation_error_message=_('This control is assigned to this CI already.')
            ),
        )
        indexes = (models.Index(fields=('object_type', 'object_id'), name='ims_assignment_ci'),)
        verbose_name = _('control assignment')
        verbose_name_plural = _('control assignments')

    def __str__(self):
        return f'{self.control.ref} · {self.entry or self.object or _("Deleted CI")}'

    def get_status_color(self):
        return AssignmentStatusChoices.colors.get(self.status)

    def clean(self):
        super().clean()
        self.clean_status()
        if self.control_id and self.entry and (refusal := self.exclusion_message()):
            raise ValidationError({'control': refusal})

    def clean_status(self):
        """What must hold between status and verification; dates a verification that has no date."""
        today = timezone.localdate()
        if self.status == AssignmentStatusChoices.VERIFIED and self.verified_on is None:
            self.verified_on = today
        if self.verified_on and self.verified_on > today:
            raise ValidationError({'verified_on': _('Nobody can have verified it in the future.')})

    def exclusion_message(self):
        """Why the control can't be assigned to this CI, or None: an approved statement excludes it."""
        from .soa import SoaEntry
        exclusion = SoaEntry.objects.excluding([self.control_id], self.entry).select_related(
            'statement__scope', 'control'
        ).first()
        return self.exclusion_text(exclusion) if exclusion else None

    @staticmethod
    def exclusion_text(entry):
        return _('{ref} is excluded by {statement}, which this CI is in the scope of.').format(
            ref=entry.control.ref, statement=entry.statement
        )

    def save(self, *args, **kwargs):
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)
