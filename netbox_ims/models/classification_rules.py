from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel
from netbox.models.features import JobsMixin
from utilities.views import get_action_url

from ..choices import ClassificationRuleModeChoices
from ..ci_types import get_ci_types
from ..constants import FLAGS
from ..querysets.ci_filters import CIFilter, filterset_of, remembered
from ..querysets.classification_rules import ClassificationRuleQuerySet
from ..rules.list_filters import as_query, in_words
from .mixins import AboutCIMixin
from .register import InformationAsset

__all__ = ('ClassificationRule',)


class ClassificationRule(AboutCIMixin, JobsMixin, PrimaryModel):
    """
    What an organisation has decided to think of a whole kind of CIs until somebody looks at one of them (ISO/IEC 27001
    A.5.12): "devices in the role Database are confidential".

    It matches CIs of one type by the parameters of NetBox's own list of that type. Rules are asked in order of weight,
    then name; the first enabled one that matches a CI speaks for it (rules.classification_rules). It suggests its
    values, or applies them when it is run, and never touches a CI about which a person has said anything.
    """
    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True, db_collation='natural_sort')
    weight = models.PositiveSmallIntegerField(
        verbose_name=_('weight'), default=100, help_text=_('Rules are asked in this order, the lowest first')
    )
    enabled = models.BooleanField(verbose_name=_('enabled'), default=True)
    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('CI type')
    )
    # blank: an empty object is a decision, "every CI of the type"; that nothing was given is refused by clean()
    filter = models.JSONField(
        verbose_name=_('filter'), blank=True,
        help_text=_('Parameters of NetBox’s own list of this type; {} matches every CI of the type')
    )
    mode = models.CharField(
        verbose_name=_('mode'), max_length=20, choices=ClassificationRuleModeChoices,
        default=ClassificationRuleModeChoices.SUGGEST
    )
    classification = models.ForeignKey(
        to='netbox_ims.Classification', on_delete=models.PROTECT, related_name='rules', blank=True, null=True,
        verbose_name=_('classification')
    )
    is_information_asset = models.BooleanField(verbose_name=_('information asset'), blank=True, null=True)
    handles_sensitive_data = models.BooleanField(verbose_name=_('sensitive data'), blank=True, null=True)
    processes_personal_data = models.BooleanField(verbose_name=_('personal data'), blank=True, null=True)

    objects = ClassificationRuleQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = (
        'weight', 'enabled', 'object_type', 'filter', 'mode', 'classification', 'is_information_asset',
        'handles_sensitive_data', 'processes_personal_data',
    )

    # What a rule can set on an asset profile
    SETS = ('classification', *FLAGS)

    class Meta:
        ordering = ('weight', 'name')
        permissions = [('run', 'Run classification rules')]
        verbose_name = _('classification rule')
        verbose_name_plural = _('classification rules')

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:classificationrule', args=[self.pk])

    def get_mode_color(self):
        return ClassificationRuleModeChoices.colors.get(self.mode)

    def clone(self):
        # As the form writes a flag: NetBox would hand on True as text the form does not know, and False as unknown.
        flags = {flag: str(getattr(self, flag)).lower() for flag in FLAGS if getattr(self, flag) is not None}
        return {**super().clone(), **flags}

    def clean(self):
        super().clean()
        self._clean_type()
        self._clean_filter()
        if not self.values:
            raise ValidationError({'classification': _('Say what the rule sets: a classification or a flag.')})

    def _clean_type(self):
        if self.object_type_id is None:
            return          # said by the field itself
        if self.ci_type is None:
            raise ValidationError({
                'object_type': _('{type} is not a registered CI type. Registered: {known}.').format(
                    type=f'{self.object_type.app_label}.{self.object_type.model}', known=', '.join(get_ci_types())
                )
            })
        if filterset_of(self.ci_type.model) is None:
            raise ValidationError({'object_type': _('NetBox has no list filters for this type.')})
        if self.ci_type.model is InformationAsset and self.is_information_asset is False:
            raise ValidationError({'is_information_asset': _('An information asset is always one.')})

    def _clean_filter(self):
        if self.object_type_id is None or self._switched_off():
            return
        if problems := CIFilter(self.ci_type.model, self.filter).problems:
            raise ValidationError({'filter': problems})

    def _switched_off(self):
        """
        Whether a rule that has been saved before is not in force and still matches what it did. One that is broken by
        now must be allowed to be switched off, and to stay so.
        """
        saved = ClassificationRule.objects.filter(pk=self.pk) if self.pk and not self.enabled else None
        return saved is not None and saved.filter(object_type=self.object_type_id, filter=self.filter).exists()

    @property
    def values(self):
        """{field: value} of what the rule sets on an asset profile."""
        values = {field: getattr(self, field) for field in self.SETS}
        return {field: value for field, value in values.items() if value is not None}

    @property
    def ci_filter(self):
        """What it matches, as NetBox stands now; None where the CI type is not registered any more."""
        return remembered(self.ci_type.model, self.filter) if self.ci_type else None

    @property
    def problems(self):
        """Why the rule is broken and matches nothing, a sentence each; none if it is not."""
        if self.ci_type is None:
            return [gettext('{type} is no longer a registered CI type.').format(type=self.type_name)]
        return self.ci_filter.problems

    def matched(self):
        """A Q over register entries of CIs the rule matches: none, if it is broken."""
        ci_filter = self.ci_filter
        if ci_filter is None or ci_filter.problems:
            return Q(pk__in=[])
        return Q(object_type=self.object_type_id, object_id__in=ci_filter.matching)

    @property
    def filter_in_words(self):
        """What it matches, short enough for a list; None where that is every CI of the type."""
        return in_words(self.filter) if isinstance(self.filter, dict) else str(self.filter)

    def get_list_url(self):
        """NetBox's own list of what it matches, or None where the type is not registered or has no list."""
        try:
            url = get_action_url(self.ci_type.model, action='list') if self.ci_type else None
        except NoReverseMatch:
            return None
        return url and f'{url}?{as_query(self.filter)}'
