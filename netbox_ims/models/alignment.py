"""How recovery targets align along the dependency graph: the rows of the report."""
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from netbox.models import BaseModel
from netbox.models.features import ExportTemplatesMixin

from ..choices import AlignmentChoices, AlignmentKindChoices, TargetChoices
from ..querysets.alignment import AlignmentManager
from ..querysets.dependencies import ENDS
from ..rules.graph import SEVERITY, UNDETERMINED, Verdict
from .fields import LooseForeignKey, MinutesField
from .mixins import CIReference

__all__ = ('Alignment',)

STATUSES = {severity: status for status, severity in SEVERITY.items()}


class Alignment(ExportTemplatesMixin, BaseModel):
    """
    One comparison of what is required with what is so (ISO 22301 8.3; ISO/IEC 20000-1 8.7.2): of the recovery target
    that a dependent requires of its provider with the provider's own (`rto`, `rpo`; one row for each edge that carries
    it), of a business function's RTO with its MTPD (`mtpd`; no provider), of a CI's target with what was achieved in
    its last test (`test`; no dependent).

    Read-only and derived, like the register entries it is made of: whatever changes those works it out anew in the same
    request (services/derive.py). `severity` is the status as a number, so that the worst come first by index.
    """
    kind = models.CharField(verbose_name=_('kind'), max_length=10, choices=AlignmentKindChoices)
    dependent_object_type = LooseForeignKey(
        to='contenttypes.ContentType', null=True, verbose_name=_('dependent type')
    )
    dependent_object_id = models.PositiveBigIntegerField(verbose_name=_('dependent ID'), null=True)
    provider_object_type = LooseForeignKey(to='contenttypes.ContentType', null=True, verbose_name=_('provider type'))
    provider_object_id = models.PositiveBigIntegerField(verbose_name=_('provider ID'), null=True)
    redundancy_group = models.CharField(verbose_name=_('redundancy group'), max_length=50, blank=True)
    target = models.CharField(
        verbose_name=_('target'), max_length=10, choices=TargetChoices,
        help_text=_('The recovery target that the times are about')
    )
    required_minutes = MinutesField(verbose_name=_('required'))
    actual_minutes = MinutesField(verbose_name=_('actual'))
    margin_minutes = models.IntegerField(
        verbose_name=_('margin'), null=True, help_text=_('Required less actual, in minutes: negative where it is over')
    )
    severity = models.PositiveSmallIntegerField(verbose_name=_('severity'))
    as_of = models.DateTimeField(verbose_name=_('as of'))

    objects = AlignmentManager()

    class Meta:
        ordering = ('-severity', 'margin_minutes', 'pk')
        default_permissions = ()        # those of the register and of dependencies: querysets.alignment.NEEDED
        constraints = (
            models.UniqueConstraint(
                fields=(
                    'dependent_object_type', 'dependent_object_id', 'provider_object_type', 'provider_object_id',
                    'kind', 'redundancy_group',
                ),
                name='%(app_label)s_%(class)s_row', nulls_distinct=False,
            ),
        )
        indexes = (
            models.Index(fields=('-severity', 'margin_minutes', 'id'), name='ims_alignment_worst'),
            models.Index(fields=('kind', '-severity', 'margin_minutes', 'id'), name='ims_alignment_kind'),
            models.Index(fields=('provider_object_type', 'provider_object_id'), name='ims_alignment_provider'),
            # Every edge once, with all that a walk upwards needs of it (services.failure).
            models.Index(
                fields=('provider_object_type', 'provider_object_id'), name='ims_alignment_edges',
                include=('dependent_object_type', 'dependent_object_id', 'redundancy_group'),
                condition=models.Q(kind='rto')
            ),
        )
        verbose_name = _('alignment')
        verbose_name_plural = _('alignment')

    def __str__(self):
        ends = [str(ci) for ci in (self.dependent_ci, self.provider_ci) if ci]
        return f'{" → ".join(ends)} ({self.get_kind_display()})'

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:alignment', args=[self.pk])

    @property
    def status(self):
        return UNDETERMINED if self.is_stale else STATUSES[self.severity]

    def get_status_display(self):
        return dict(AlignmentChoices)[self.status]

    def get_status_color(self):
        return AlignmentChoices.colors.get(self.status)

    @property
    def verdict(self):
        return Verdict(self.status, self.target, self.required_minutes, self.margin_minutes)

    @property
    def grouped(self):
        """Whether it is aligned by another member of its redundancy group."""
        return bool(self.redundancy_group) and (self.margin_minutes is None or self.margin_minutes < 0)

    @property
    def dependent_ci(self):
        return self._end('dependent')

    @property
    def provider_ci(self):
        return self._end('provider')

    def _end(self, end):
        if getattr(self, f'{end}_object_id') is None:
            return None
        name = getattr(self, f'{end}_name') or ''
        return CIReference(getattr(self, f'{end}_object_type'), getattr(self, f'{end}_object_id'), name)

    @cached_property
    def cis(self):
        """{end: (object type id, object id)} of the ends there are."""
        pairs = {end: (getattr(self, f'{end}_object_type_id'), getattr(self, f'{end}_object_id')) for end in ENDS}
        return {end: ci for end, ci in pairs.items() if ci[1] is not None}
