"""How likely and how bad make how risky: the matrix that risks are rated by."""
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, router, transaction
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..constants import MATRIX_EVIDENCE
from ..querysets.risk import RiskMatrixQuerySet
from ..rules import risk_matrix as rules
from .mixins import KeptWhileInUseMixin

__all__ = ('RiskMatrix', 'problem_message')


def _labels(verbose_name, help_text):
    return models.JSONField(verbose_name=verbose_name, default=list, help_text=help_text)


class RiskMatrix(KeptWhileInUseMixin, PrimaryModel):
    """
    A risk matrix (ISO/IEC 27001 6.1.2 a) in one version: scales, the level of each cell, and up to which level risks
    are acceptable. What makes one is in rules/risk_matrix.py.

    At most one is active. One that risks are, or were, rated by can't be changed, which a trigger enforces
    (services/risk_sql.py): a new version is activated instead (services/risk_matrix.py).
    """
    name = models.CharField(verbose_name=_('name'), max_length=100, db_collation='natural_sort')
    version = models.PositiveIntegerField(
        verbose_name=_('version'), blank=True, validators=[MinValueValidator(1)],
        help_text=_('Left empty: the next one')
    )
    likelihood_scale = _labels(_('likelihood scale'), _('Names of 3 to 10 likelihoods, the lowest first'))
    impact_scale = _labels(_('impact scale'), _('Names of 3 to 10 impacts, the lowest first'))
    impact_dimensions = _labels(_('impact dimensions'), _('What an impact is rated by; the highest counts'))
    levels = _labels(_('levels'), _('Objects with slug, name, color (six hexadecimal digits), rank (higher = worse)'))
    acceptance_level = models.CharField(
        verbose_name=_('acceptance level'), max_length=100,
        help_text=_('Slug of the level up to which risks are acceptable')
    )
    cells = _labels(_('cells'), _('A row for each likelihood, in it a slug of a level for each impact; lowest first'))
    is_active = models.BooleanField(
        verbose_name=_('active'), default=False, help_text=_('Risks are rated by the active matrix')
    )
    activated_on = models.DateTimeField(verbose_name=_('activated on'), blank=True, null=True, editable=False)
    replaced_on = models.DateTimeField(
        verbose_name=_('replaced on'), blank=True, null=True, editable=False,
        help_text=_('When the risks that were rated by it went over to another')
    )

    objects = RiskMatrixQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    class Meta:
        ordering = ('name', '-version')
        constraints = (
            models.UniqueConstraint(
                fields=('name', 'version'), name='%(app_label)s_%(class)s_version',
                violation_error_message=_('There is a matrix of this name and version already.')
            ),
            models.UniqueConstraint(
                fields=('is_active',), condition=models.Q(is_active=True), name='%(app_label)s_%(class)s_active',
                violation_error_message=_('Another matrix is active. Activate this one instead of it.')
            ),
        )
        verbose_name = _('risk matrix')
        verbose_name_plural = _('risk matrices')

    def __str__(self):
        return f'{self.name} v{self.version}'

    @property
    def values(self):
        """{field: value} of what makes the matrix."""
        return {name: getattr(self, name) for name in rules.FIELDS}

    @property
    def grid(self):
        """The matrix as rules.risk_matrix.Matrix. Made once for each set of values, as lists ask for it row by row."""
        values = self.values
        if self.__dict__.get('_grid_of') != values:
            self._grid_of, self._grid = values, rules.matrix_of(values)
        return self._grid

    @property
    def level_objects(self):
        """Its levels, the lowest first."""
        return sorted(self.grid.levels.values(), key=lambda level: level.rank)

    @property
    def size(self):
        return f'{len(self.likelihood_scale)} × {len(self.impact_scale)}'

    @property
    def acceptance_level_name(self):
        return self.level(self.acceptance_level).name

    @property
    def dips(self):
        """Cells that are below a neighbour with less likelihood or less impact, as rules.risk_matrix.Dip."""
        return rules.dips(self.grid)

    def level(self, slug):
        """The Level of a slug, or None."""
        return self.grid.levels.get(slug)

    @property
    def is_frozen(self):
        """Whether risks are, or were, rated by it."""
        return bool(self.pk) and (self.replaced_on is not None or self.risks.exists())

    def in_use_message(self, using=None):
        matrix = escape(self)       # NetBox shows such a message unescaped.
        if self.replaced_on:
            return _('{matrix} cannot be deleted: risks were rated by it, so it is evidence.').format(matrix=matrix)
        if self.risks.using(using).exists():
            return _('{matrix} cannot be deleted: risks are rated by it.').format(matrix=matrix)
        return None

    def clean(self):
        super().clean()
        self.number()
        stored = type(self).objects.filter(pk=self.pk).first() if self.pk else None
        if errors := self._frozen_errors(stored):
            raise ValidationError(errors)
        errors = {}
        # The editor leaves the constraint alone, as it does not have the version.
        if type(self).objects.filter(name=self.name, version=self.version).exclude(pk=self.pk).exists():
            errors['name'] = [_('There is a matrix of this name and version already.')]
        for problem in rules.problems(self.values):
            errors.setdefault(problem.field, []).append(problem_message(problem))
        if stored and stored.is_active and not self.is_active:
            errors['is_active'] = [_('Activate another matrix instead: risks are always rated by one.')]
        elif self.is_active and not (stored and stored.is_active):
            if type(self).objects.filter(is_active=True).exists():
                errors['is_active'] = [_('Another matrix is active. Activate this one instead of it.')]
        if errors:
            raise ValidationError(errors)

    def _frozen_errors(self, stored):
        if stored is None or not stored.is_frozen:
            return {}
        message = _('Risks are or were rated by this matrix, so it stays as it is. Make a new version of it instead.')
        return {name: [message] for name in MATRIX_EVIDENCE if getattr(stored, name) != getattr(self, name)}

    def number(self):
        """Give a matrix without a version the next one of its name."""
        if self.version is None and self.name:
            highest = type(self).objects.filter(name=self.name).aggregate(highest=models.Max('version'))['highest']
            self.version = (highest or 0) + 1

    def save(self, *args, **kwargs):
        self.number()
        if self.is_active and self.activated_on is None:
            self.activated_on = timezone.now()
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)


MESSAGES = {
    rules.NOT_A_LIST: _('Must be a list.'),
    rules.LENGTH: _('Must have {least} to {most} entries, not {count}.'),
    rules.TEXT: _('Entry {number}: must be a text of 1 to {longest} characters.'),
    rules.REPEATED: _('“{text}” is there twice.'),
    rules.LEVEL: _('Entry {number}: must be an object with {keys}.'),
    rules.UNKNOWN_KEY: _('Entry {number}: “{key}” is unknown; a level has {keys}.'),
    rules.SLUG_FORM: _('Entry {number}: the slug must be made of letters, digits, hyphens and underscores.'),
    rules.COLOR_FORM: _('Entry {number}: the color must be six hexadecimal digits in lower case, such as fde9a9.'),
    rules.RANK: _('Entry {number}: the rank must be a whole number from 0 to {highest}.'),
    rules.NO_LEVEL: _('Must be the slug of one of the levels: {known}.'),
    rules.ROWS: _('Must have {wanted} rows, one for each likelihood, not {count}.'),
    rules.ROW: _('Row {number} must have {wanted} entries, one for each impact, not {count}.'),
    rules.HOLE: _('The cell of likelihood {likelihood} and impact {impact} has no level. Choose one of: {known}.'),
    rules.UNKNOWN_LEVEL: _(
        'The cell of likelihood {likelihood} and impact {impact}: “{level}” is not a level. Choose one of: {known}.'
    ),
    rules.NOT_A_NUMBER: _('Must be a whole number from 1 to {highest}.'),
    rules.OUTSIDE: _('{value} is not on the scale, which goes from 1 to {highest}.'),
    rules.NOT_AN_OBJECT: _('Must be an object with a rating for each dimension. Dimensions: {known}.'),
    rules.UNKNOWN_DIMENSION: _('“{dimension}” is not a dimension of the matrix. Dimensions: {known}.'),
}


def problem_message(problem):
    """A rules.risk_matrix.Problem as a sentence."""
    message = MESSAGES[problem.kind].format(**problem.about)
    if problem.field == 'impacts' and problem.kind in (rules.NOT_A_NUMBER, rules.OUTSIDE):
        message = f'{problem.about["dimension"]}: {message}'
    return message
