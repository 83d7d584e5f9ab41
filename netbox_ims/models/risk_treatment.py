"""What is done about a risk, and who accepted what is left of it (ISO/IEC 27001 6.1.3 e, f)."""
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models, router, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..choices import RiskAcceptanceStatusChoices
from ..constants import ACCEPTANCE_EVIDENCE
from ..querysets.risk import RiskAcceptanceQuerySet, RiskTreatmentQuerySet
from ..rules import risks as rules
from ..rules.reviews import review_state
from .mixins import KeptWhileInUseMixin

__all__ = ('RiskAcceptance', 'RiskTreatment')


class RiskTreatment(PrimaryModel):
    """One action against a risk: who does it by when, how far it is, and the controls it puts in place (6.1.3)."""
    risk = models.ForeignKey(
        to='netbox_ims.Risk', on_delete=models.CASCADE, related_name='treatments', verbose_name=_('risk')
    )
    name = models.CharField(verbose_name=_('action'), max_length=200)
    responsible = models.ForeignKey(
        to='tenancy.Contact', on_delete=models.SET_NULL, related_name='+', blank=True, null=True,
        verbose_name=_('responsible')
    )
    due = models.DateField(verbose_name=_('due'), blank=True, null=True)
    done_on = models.DateField(verbose_name=_('done on'), blank=True, null=True)
    progress = models.PositiveSmallIntegerField(
        verbose_name=_('progress'), default=0, validators=[MaxValueValidator(100)],
        help_text=_('How much of it is done, in percent; 100 once it is done')
    )
    controls = models.ManyToManyField(
        to='netbox_ims.Control', related_name='risk_treatments', blank=True, verbose_name=_('controls')
    )

    objects = RiskTreatmentQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('risk', 'responsible', 'due', 'controls')

    class Meta:
        ordering = ('risk_id', 'due', 'pk')
        indexes = (models.Index(fields=('due',), condition=models.Q(done_on=None), name='ims_treatment_due'),)
        verbose_name = _('risk treatment')
        verbose_name_plural = _('risk treatments')

    def __str__(self):
        return self.name

    @property
    def due_state(self):
        """As rules.reviews.review_state(), of what is not done yet."""
        return None if self.done_on else review_state(self.due, timezone.localdate(), 0)

    def clean(self):
        super().clean()
        if self.done_on and self.done_on > timezone.localdate():
            raise ValidationError({'done_on': _('It can\'t have been done in the future. Plan it with “due”.')})
        if self.progress == 100 and not self.done_on:
            raise ValidationError({'done_on': _('What is done to 100 % was done on a day: say on which.')})
        if self.done_on:
            self.progress = 100

    def save(self, *args, **kwargs):
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)


class RiskAcceptance(KeptWhileInUseMixin, PrimaryModel):
    """
    That somebody accepts a risk as it is, until when, and why (6.1.3 f): asked for by one person, decided by another.

    `as_decided` is the risk as it was then, with people, CIs and levels by name. What was decided never changes, which
    a trigger enforces; it only expires, or becomes void when the risk changes materially
    (rules.risks.material_changes).
    """
    EVIDENCE = ACCEPTANCE_EVIDENCE

    risk = models.ForeignKey(
        to='netbox_ims.Risk', on_delete=models.CASCADE, related_name='acceptances', verbose_name=_('risk')
    )
    justification = models.TextField(verbose_name=_('justification'), help_text=_('Why it is right to bear this risk'))
    valid_until = models.DateField(verbose_name=_('valid until'), help_text=_('The last day on which it holds'))
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=RiskAcceptanceStatusChoices,
        default=RiskAcceptanceStatusChoices.REQUESTED, editable=False
    )
    requested_by = models.ForeignKey(
        to='users.User', on_delete=models.SET_NULL, related_name='+', blank=True, null=True, editable=False,
        verbose_name=_('requested by')
    )
    requested_on = models.DateTimeField(verbose_name=_('requested on'), blank=True, null=True, editable=False)
    decided_by = models.ForeignKey(
        to='users.User', on_delete=models.SET_NULL, related_name='+', blank=True, null=True, editable=False,
        verbose_name=_('decided by')
    )
    decided_on = models.DateTimeField(verbose_name=_('decided on'), blank=True, null=True, editable=False)
    as_decided = models.JSONField(
        verbose_name=_('as decided'), blank=True, default=dict, editable=False,
        help_text=_('The risk as it was, with people, CIs and levels by name')
    )

    objects = RiskAcceptanceQuerySet.as_manager()

    docs_url = None

    class Meta:
        ordering = ('-pk',)
        constraints = (
            models.UniqueConstraint(
                fields=('risk',), condition=models.Q(status=RiskAcceptanceStatusChoices.REQUESTED),
                name='%(app_label)s_%(class)s_requested',
                violation_error_message=_('Somebody has asked for this risk to be accepted already.')
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    status=RiskAcceptanceStatusChoices.ACCEPTED, requested_by=models.F('decided_by'),
                    requested_by__isnull=False,
                ),
                name='%(app_label)s_%(class)s_two_people'
            ),
        )
        indexes = (
            models.Index(fields=('risk', 'status', 'valid_until'), name='ims_acceptance_risk'),
            models.Index(fields=('status', 'valid_until'), name='ims_acceptance_status'),
        )
        verbose_name = _('risk acceptance')
        verbose_name_plural = _('risk acceptances')

    def __str__(self):
        return f'{self.risk.reference} · {self.get_status_display()}'

    def get_status_color(self):
        return RiskAcceptanceStatusChoices.colors.get(self.status)

    @property
    def is_decided(self):
        return self.status != RiskAcceptanceStatusChoices.REQUESTED

    @property
    def is_in_force(self):
        """Whether the risk is accepted today."""
        return self.status == RiskAcceptanceStatusChoices.ACCEPTED and self.valid_until >= timezone.localdate()

    def in_use_message(self, using=None):
        if not self.is_decided:
            return None
        return _('{acceptance} cannot be deleted: it is evidence.').format(acceptance=self)

    def clean(self):
        super().clean()
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.is_decided:
            changed = [name for name in self.EVIDENCE if getattr(stored, name) != getattr(self, name)]
            if changed:
                message = _('It is {status}: what was decided stays as it was. Ask for another acceptance instead.')
                message = message.format(status=stored.get_status_display().lower())
                raise ValidationError({changed[0]: message})
            return
        if stored and stored.risk_id != self.risk_id:
            raise ValidationError({'risk': _('It is about the risk it was requested for. Request another one.')})
        errors = {}
        if not self.justification.strip():
            errors['justification'] = _('Say why it is right to bear this risk.')
        if self.valid_until and self.valid_until < timezone.localdate():
            errors['valid_until'] = _('This day has passed. An acceptance holds until a day to come.')
        if self.risk_id and stored is None:
            refusals = [self.REFUSALS[kind] for kind in rules.request_refusals(self.risk.facts)]
            # Forms leave the constraint alone, as they do not have the status.
            if type(self).objects.requested().filter(risk=self.risk_id).exists():
                refusals.append(_('Somebody has asked for this risk to be accepted already.'))
            if refusals:
                errors['risk'] = refusals
        if errors:
            raise ValidationError(errors)

    REFUSALS = {
        rules.CLOSED: _('The risk is closed.'),
        rules.UNRATED: _('The risk has no current level: what is not known cannot be accepted.'),
        rules.REASSESS: _('The risk is to be reassessed first: another matrix has changed its level.'),
        rules.OWN_REQUEST: _('You asked for it, so someone else decides.'),
        rules.LAPSED: _('The day it was to be valid until has passed.'),
        rules.ABOVE_LEVEL: _('The risk is above the acceptance level: only who may accept such risks can accept it.'),
    }

    def save(self, *args, **kwargs):
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)

    def serialize_object(self, exclude=None):
        # It may name CIs that not everybody may see who may see the change log.
        return super().serialize_object(exclude=[*(exclude or ()), 'as_decided'])
