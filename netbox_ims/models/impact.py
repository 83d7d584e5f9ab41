"""What a disruption of a business function does to the organisation as it lasts."""
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..choices import ImpactCategoryChoices
from ..querysets.continuity import ImpactAnalysisQuerySet
from ..rules import impact as rules
from .fields import MinutesField

__all__ = ('BusinessImpactAnalysis',)

PROBLEMS = {
    ('bands', 'none'): _('At least one time band is needed.'),
    ('bands', 'many'): _('There can be no more than 50 time bands.'),
    ('bands', 'overlap'): _('Band {where} starts where the one before it does: bands must not overlap.'),
    ('bands', 'order'): _('Band {where} starts before the one in front of it: write the starts in ascending order.'),
    ('ratings', 'shape'): _('Write an object: for each category a list of ratings, one per band.'),
    ('ratings', 'none'): _('Rate at least one category.'),
    ('ratings', 'many'): _('No more than 50 categories can be rated.'),
    ('ratings', 'name'): _(
        '“{where}” cannot be a category: name it in 1 to 50 characters on one line, without “;” and “:”.'
    ),
    ('ratings', 'twice'): _('{where}: there is a category of this name already, in other letters.'),
    ('ratings', 'rating'): _('{where}: ratings are whole numbers from 1 (negligible) to 5 (ruinous).'),
    ('ratings', 'count'): _('{where}: there must be one rating for each of the {bands} bands.'),
}


class BusinessImpactAnalysis(PrimaryModel):
    """
    How bad it is for the organisation, by category, that a business function has been down for so long (ISO 22301
    8.2.2). Where the impact is no longer tolerable is the category's limit; the smallest limit is the function's MTPD.

    The newest analysis of a function counts; older ones stay to be compared with.
    """
    function = models.ForeignKey(
        to='netbox_ims.BusinessFunction', on_delete=models.CASCADE, related_name='analyses',
        verbose_name=_('business function')
    )
    analysed_on = models.DateField(
        verbose_name=_('analysed on'), default=timezone.localdate, help_text=_('The newest analysis counts')
    )
    bands = ArrayField(
        base_field=MinutesField(blank=False, null=False), verbose_name=_('time bands'),
        help_text=_('Where each begins, in order: 0, 4h, 8h, 1d, 3d')
    )
    tolerable_rating = models.PositiveSmallIntegerField(
        verbose_name=_('tolerable rating'), default=2,
        validators=[MinValueValidator(rules.LOWEST), MaxValueValidator(rules.HIGHEST)],
        help_text=_('The highest rating, of 1 (negligible) to 5 (ruinous), that can still be tolerated')
    )
    ratings = models.JSONField(
        verbose_name=_('ratings'), help_text=_('For each category one rating from 1 to 5 per band')
    )

    objects = ImpactAnalysisQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('function', 'bands', 'tolerable_rating')

    class Meta:
        ordering = ('function', '-analysed_on', '-pk')
        verbose_name = _('business impact analysis')
        verbose_name_plural = _('business impact analyses')

    def __str__(self):
        return f'{self.function} · {self.analysed_on}'

    @property
    def limits(self):
        """{category: minutes, or None where there is no limit within the horizon}."""
        return rules.limits(self.bands, self.ratings, self.tolerable_rating)

    @property
    def mtpd_minutes(self):
        return rules.mtpd(self.limits)

    @staticmethod
    def category_label(category):
        return dict(ImpactCategoryChoices).get(category) or capfirst(category.replace('_', ' '))

    def clean(self):
        super().clean()
        errors = {}
        for problem in rules.find_problems(self.bands or [], self.ratings):
            text = PROBLEMS[problem.field, problem.kind].format(where=problem.where, bands=len(self.bands or ()))
            errors.setdefault(problem.field, []).append(text)
        if self.analysed_on and self.analysed_on > timezone.localdate():
            errors['analysed_on'] = _('Nobody can have analysed it in the future.')
        if errors:
            raise ValidationError(errors)
