"""What a row of the register says of one CI, whether today (RegisterEntry) or at some time (history.py)."""
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.utils.translation import gettext_lazy as _

from netbox.models import BaseModel
from netbox.models.features import ExportTemplatesMixin

from ..choices import AlignmentChoices
from ..rules.graph import ALIGNED, Verdict
from ..rules.origins import OVERRIDDEN, origin
from .fields import LooseForeignKey, MinutesField
from .mixins import NamedAfterCIMixin, ReviewedMixin

__all__ = ('RegisterRow',)

# Which CI a derived value comes from: prefixes of the two columns of the register that say so.
SOURCES = ('effective_classification_source', 'required_rto_source', 'required_rpo_source')


class RegisterRow(NamedAfterCIMixin, ReviewedMixin, ExportTemplatesMixin, BaseModel):
    """
    Base of what shows the register: the same columns, words and verdicts for the present and for the past.

    `effective_*` and `required_*` are what the CI inherits along its dependencies; while `effective_complete` is false,
    the effective values are a lower bound.
    """
    object_type = LooseForeignKey(to='contenttypes.ContentType', verbose_name=_('type'))
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    object = GenericForeignKey(ct_field='object_type', fk_field='object_id')

    # From the CI
    name = models.CharField(verbose_name=_('name'), max_length=255, blank=True, db_collation='natural_sort')
    site = LooseForeignKey(to='dcim.Site', null=True, verbose_name=_('site'))
    tenant = LooseForeignKey(to='tenancy.Tenant', null=True, verbose_name=_('tenant'))
    role = LooseForeignKey(to='dcim.DeviceRole', null=True, verbose_name=_('role'))
    status = models.CharField(verbose_name=_('status'), max_length=50, null=True)

    # From its profile
    classification = LooseForeignKey(to='netbox_ims.Classification', null=True, verbose_name=_('classification'))
    is_information_asset = models.BooleanField(verbose_name=_('information asset'), null=True)
    handles_sensitive_data = models.BooleanField(verbose_name=_('sensitive data'), null=True)
    processes_personal_data = models.BooleanField(verbose_name=_('personal data'), null=True)
    rto_minutes = MinutesField(verbose_name=_('RTO'))
    rpo_minutes = MinutesField(verbose_name=_('RPO'))
    asset_owner = LooseForeignKey(to='tenancy.Contact', null=True, verbose_name=_('asset owner'))
    review_due = models.DateField(verbose_name=_('review due'), null=True)
    classification_override = models.BooleanField(verbose_name=_('classification override'), default=False)

    # Derived
    effective_classification = LooseForeignKey(
        to='netbox_ims.Classification', null=True, verbose_name=_('effective classification')
    )
    effective_classification_source_type = LooseForeignKey(to='contenttypes.ContentType', null=True)
    effective_classification_source_id = models.PositiveBigIntegerField(null=True)
    effective_complete = models.BooleanField(verbose_name=_('effective values complete'), default=False)
    effective_handles_sensitive_data = models.BooleanField(verbose_name=_('effective sensitive data'), null=True)
    effective_processes_personal_data = models.BooleanField(verbose_name=_('effective personal data'), null=True)
    required_rto_minutes = MinutesField(verbose_name=_('required RTO'))
    required_rto_source_type = LooseForeignKey(to='contenttypes.ContentType', null=True)
    required_rto_source_id = models.PositiveBigIntegerField(null=True)
    required_rpo_minutes = MinutesField(verbose_name=_('required RPO'))
    required_rpo_source_type = LooseForeignKey(to='contenttypes.ContentType', null=True)
    required_rpo_source_id = models.PositiveBigIntegerField(null=True)
    effective_rto_minutes = MinutesField(verbose_name=_('effective RTO'))
    effective_rpo_minutes = MinutesField(verbose_name=_('effective RPO'))
    under_classified = models.BooleanField(verbose_name=_('under-classified'), null=True)
    alignment = models.CharField(
        verbose_name=_('alignment'), max_length=20, choices=AlignmentChoices, default=AlignmentChoices.UNDETERMINED
    )

    class Meta:
        abstract = True
        default_permissions = ('view',)
        ordering = ('name', 'pk')

    @property
    def status_label(self):
        """The CI's status in its own model's words."""
        field = self.ci_type and self.ci_type.own_field('status')
        choices = dict(self.ci_type.model._meta.get_field(field).flatchoices) if field else {}
        return choices.get(self.status, self.status)

    @property
    def sources(self):
        """The CIs its derived values come from, each a pair of object type id and object id; itself left out."""
        named = ((getattr(self, f'{prefix}_type_id'), getattr(self, f'{prefix}_id')) for prefix in SOURCES)
        return {ci for ci in named if ci[0] is not None and ci != self.ci}

    @property
    def register(self):
        """A queryset of the register that it is of: today's, or that of another moment."""
        return type(self).objects.all()

    @property
    def ci(self):
        """The CI as the dependency graph names it."""
        return self.object_type_id, self.object_id

    def get_alignment_color(self):
        return AlignmentChoices.colors.get(self.alignment)

    def verdict(self, kind):
        """
        Own target (`rto` or `rpo`) against what is required, and whether a redundancy group makes good for it: a
        rules.graph.Verdict and a boolean.
        """
        own, required = (getattr(self, f'{prefix}{kind}_minutes') for prefix in ('', 'required_'))
        verdict = Verdict.of(kind, required, own)
        # The register's own verdict knows of groups.
        by_group = self.alignment == AlignmentChoices.ALIGNED and required is not None and verdict.status != ALIGNED
        return verdict, by_group

    @property
    def classification_origin(self):
        """Where the effective classification comes from, as rules.origins has it."""
        return origin(self.classification_id, self.effective_classification_id, self.classification_override)

    @property
    def classification_is_lower_bound(self):
        """Whether the effective classification may be higher, as something it is inherited from is not known."""
        unknown = not self.effective_complete and self.classification_origin != OVERRIDDEN
        return unknown and self.effective_classification_id is not None
