"""
The risk register: one risk for all standards it matters to, and the CIs it is about (ISO/IEC 27001 6.1.2; ISO/IEC
20000-1 6.1; ISO 22301 8.2.3).
"""
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..choices import RiskStatusChoices, RiskTreatmentChoices
from ..querysets.risk import RiskAssignmentQuerySet, RiskQuerySet
from ..rules import risk_matrix as matrix_rules
from ..rules import risks as rules
from .fields import AssignedCharField, EntryRelation
from .mixins import KeptWhileInUseMixin, OfRegisteredCIMixin, ReviewedMixin
from .risk_matrix import RiskMatrix, problem_message

__all__ = ('Risk', 'RiskAssignment')

STAGE_NAMES = {'inherent': _('Inherent'), 'current': _('Current'), 'target': _('Target')}


def _likelihood(verbose_name):
    return models.PositiveSmallIntegerField(verbose_name=verbose_name, blank=True, null=True)


def _impacts(verbose_name):
    return models.JSONField(
        verbose_name=verbose_name, blank=True, default=dict, help_text=_('A rating from 1 for each dimension')
    )


def _derived(verbose_name):
    return models.PositiveSmallIntegerField(verbose_name=verbose_name, blank=True, null=True, editable=False)


def _level(verbose_name):
    return models.CharField(verbose_name=verbose_name, max_length=100, blank=True, null=True, editable=False)


class Risk(KeptWhileInUseMixin, ReviewedMixin, PrimaryModel):
    """
    Something that may happen to CIs and hurt: rated as if nothing were done (inherent), as it is (current), and as it
    shall be (target), each by likelihood (1 = the lowest of the matrix) and an impact for each dimension.

    Impact, level and rank, and whether the risk is above the acceptance level, follow from the matrix: a trigger keeps
    them whatever path a change takes (services/risk_sql.py), rules.risk_matrix.rate() says what they are. Null = not
    rated.
    """
    RATED = tuple(f'{stage}_{part}' for stage in rules.STAGES for part in ('likelihood', 'impacts'))

    reference = AssignedCharField(
        verbose_name=_('reference'), max_length=20, unique=True, blank=True, editable=False,
        db_collation='natural_sort', help_text=_('Assigned, and never changed')
    )
    title = models.CharField(verbose_name=_('title'), max_length=200, db_collation='natural_sort')
    threat = models.TextField(verbose_name=_('threat'), blank=True, help_text=_('What may happen, and by whom'))
    vulnerability = models.TextField(verbose_name=_('vulnerability'), blank=True, help_text=_('Why it can happen here'))
    standards = models.ManyToManyField(
        to='netbox_ims.Standard', related_name='risks', verbose_name=_('standards'), help_text=_('At least one')
    )
    clauses = models.ManyToManyField(
        to='netbox_ims.Clause', related_name='risks', blank=True, verbose_name=_('clauses')
    )
    matrix = models.ForeignKey(
        to='netbox_ims.RiskMatrix', on_delete=models.PROTECT, related_name='risks', blank=True,
        verbose_name=_('matrix'), help_text=_('Left empty: the active one')
    )
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=RiskStatusChoices, default=RiskStatusChoices.OPEN
    )
    treatment = models.CharField(
        verbose_name=_('treatment'), max_length=20, choices=RiskTreatmentChoices, blank=True,
        help_text=_('How the risk is dealt with')
    )
    risk_owner = models.ForeignKey(
        to='tenancy.Contact', on_delete=models.SET_NULL, related_name='+', blank=True, null=True,
        verbose_name=_('risk owner'), help_text=_('Who answers for it')
    )
    review_due = models.DateField(verbose_name=_('review due'), blank=True, null=True)
    inherent_likelihood = _likelihood(_('inherent likelihood'))
    inherent_impacts = _impacts(_('inherent impacts'))
    inherent_impact = _derived(_('inherent impact'))
    inherent_level = _level(_('inherent level'))
    inherent_rank = _derived(_('inherent rank'))
    current_likelihood = _likelihood(_('current likelihood'))
    current_impacts = _impacts(_('current impacts'))
    current_impact = _derived(_('current impact'))
    current_level = _level(_('current level'))
    current_rank = _derived(_('current rank'))
    target_likelihood = _likelihood(_('target likelihood'))
    target_impacts = _impacts(_('target impacts'))
    target_impact = _derived(_('target impact'))
    target_level = _level(_('target level'))
    target_rank = _derived(_('target rank'))
    above_acceptance = models.BooleanField(
        verbose_name=_('above acceptance'), blank=True, null=True, editable=False,
        help_text=_('Whether the current level is above what is acceptable')
    )
    residual_explanation = models.TextField(
        verbose_name=_('residual explanation'), blank=True,
        help_text=_('Needed where the current or target risk is above the inherent one')
    )
    reassess = models.BooleanField(
        verbose_name=_('to be reassessed'), default=False, editable=False,
        help_text=_('Another matrix has changed its level, and nobody has rated it since')
    )

    objects = RiskQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('threat', 'vulnerability', 'standards', 'clauses', 'treatment', 'risk_owner')

    class Meta:
        ordering = ('reference',)
        indexes = (
            models.Index(fields=('current_level', 'reference'), name='ims_risk_level'),
            models.Index(fields=('current_rank', 'reference'), name='ims_risk_rank'),
            models.Index(fields=('review_due',), name='ims_risk_review'),
        )
        permissions = [
            ('accept', 'Accept risks up to the acceptance level'),
            ('accept_above_level', 'Accept risks above the acceptance level, besides “accept”'),
        ]
        verbose_name = _('risk')
        verbose_name_plural = _('risks')

    def __str__(self):
        return f'{self.reference} {self.title}'

    def get_status_color(self):
        return RiskStatusChoices.colors.get(self.status)

    def get_treatment_color(self):
        return RiskTreatmentChoices.colors.get(self.treatment)

    def stage(self, name):
        """One assessment as rules.risks.StageFacts."""
        return rules.StageFacts(*(getattr(self, f'{name}_{part}') for part in ('likelihood', 'impact', 'rank')))

    def level_of(self, stage):
        """The Level of an assessment, or None."""
        return self.matrix.level(getattr(self, f'{stage}_level'))

    @property
    def is_untreated(self):
        """Of a risk from RiskQuerySet.with_progress(): open, and nothing is decided about it."""
        treated = rules.is_treated(bool(self.action_count), self.accepted_until is not None)
        return self.status != RiskStatusChoices.CLOSED and not treated

    @property
    def facts(self):
        """The risk as rules.risks.RiskFacts."""
        return rules.RiskFacts(
            *map(self.stage, rules.STAGES), above=self.above_acceptance, treatment=self.treatment, threat=self.threat,
            vulnerability=self.vulnerability, matrix=self.matrix_id, reassess=self.reassess,
            closed=self.status == RiskStatusChoices.CLOSED
        )

    @property
    def review_state(self):
        """Nobody looks at a closed risk again."""
        return None if self.status == RiskStatusChoices.CLOSED else super().review_state

    def in_use_message(self, using=None):
        if self.acceptances.using(using).decided().exists():
            return _('{reference} cannot be deleted: its acceptance was decided, which is evidence. Close it instead.'
                     ).format(reference=self.reference)
        return None

    def clean(self):
        super().clean()
        self.choose_matrix()
        if self.matrix_id is None:
            raise ValidationError({'matrix': _('No matrix is active: activate one, so that risks can be rated.')})
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        changed = stored is None or self._rated_by() != stored._rated_by()
        # One that a new matrix can't place can still be given another owner; rating it again is another matter.
        if changed and (errors := self._rating_errors()):
            raise ValidationError(errors)
        self.compute()
        if not self.residual_explanation.strip() and (above := rules.needs_explanation(self.facts)):
            raise ValidationError({'residual_explanation': [
                _('{stage} risk is above the inherent risk. Explain why, or correct the ratings.').format(
                    stage=STAGE_NAMES[stage]
                ) for stage in above
            ]})

    def _rated_by(self):
        return [self.matrix_id, *(getattr(self, name) for name in self.RATED)]

    def _rating_errors(self):
        errors = {}
        for stage in rules.STAGES:
            likelihood, impacts = getattr(self, f'{stage}_likelihood'), getattr(self, f'{stage}_impacts')
            for problem in matrix_rules.rating_problems(self.matrix.grid, likelihood, impacts):
                errors.setdefault(f'{stage}_{problem.field}', []).append(problem_message(problem))
        return errors

    @staticmethod
    def check_standards(standards, clauses):
        """Raise ValidationError unless there is a standard, and every clause is of one of them."""
        if not standards:
            raise ValidationError({'standards': _('Say which standards it matters to: at least one.')})
        known = {standard.pk for standard in standards}
        if others := [str(clause) for clause in clauses if clause.standard_id not in known]:
            raise ValidationError({'clauses': _('Not of the standards chosen: {clauses}.').format(
                clauses='; '.join(others)
            )})

    def choose_matrix(self):
        if self.matrix_id is None:
            self.matrix = RiskMatrix.objects.filter(is_active=True).first()

    def compute(self):
        """Work out what follows from the ratings, as the trigger will."""
        grid = self.matrix.grid
        for stage in rules.STAGES:
            rating = matrix_rules.rate(grid, getattr(self, f'{stage}_likelihood'), getattr(self, f'{stage}_impacts'))
            setattr(self, f'{stage}_impact', rating.impact)
            setattr(self, f'{stage}_level', rating.level.slug if rating.level else None)
            setattr(self, f'{stage}_rank', rating.level.rank if rating.level else None)
        self.above_acceptance = None if self.current_rank is None else self.current_rank > grid.accepted_rank

    def _note_reassessment(self):
        """Rated anew, it is no longer to be reassessed; where another matrix alone changes a level, it is to be."""
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if stored is None:
            return
        if any(getattr(stored, name) != getattr(self, name) for name in self.RATED):
            self.reassess = False
        elif stored.matrix_id != self.matrix_id and any(
            getattr(stored, name) != getattr(self, name)
            for name in (*(f'{stage}_rank' for stage in rules.STAGES), 'above_acceptance')
        ):
            self.reassess = True

    def save(self, *args, **kwargs):
        self.choose_matrix()
        self.compute()
        self._note_reassessment()
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)


class RiskAssignment(OfRegisteredCIMixin, PrimaryModel):
    """One CI (a device, a service, an information asset, a business function…) that a risk is about."""
    risk = models.ForeignKey(
        to='netbox_ims.Risk', on_delete=models.CASCADE, related_name='assignments', verbose_name=_('risk')
    )
    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('object type')
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    object = GenericForeignKey(ct_field='object_type', fk_field='object_id')
    register_entry = EntryRelation(related_name='risk_assignments')

    objects = RiskAssignmentQuerySet.as_manager()

    docs_url = None

    clone_fields = ('risk',)

    class Meta:
        # By keys, so that the unique index serves the list, however long it is.
        ordering = ('risk_id', 'object_type_id', 'object_id')
        constraints = (
            models.UniqueConstraint(
                fields=('risk', 'object_type', 'object_id'), name='%(app_label)s_%(class)s_ci',
                violation_error_message=_('The risk is about this CI already.')
            ),
        )
        indexes = (models.Index(fields=('object_type', 'object_id', 'risk'), name='ims_riskassignment_ci'),)
        verbose_name = _('risk assignment')
        verbose_name_plural = _('risk assignments')

    def __str__(self):
        return f'{self.risk.reference} · {self.entry or self.object or _("Deleted CI")}'

    def save(self, *args, **kwargs):
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)
