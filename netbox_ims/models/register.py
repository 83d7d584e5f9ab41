"""
The register: what the three standards ask of every configuration item (CI).

A CI is a NetBox object of a registered type. What people say about it is its AssetProfile; the RegisterEntry is the
read-only row that PostgreSQL triggers keep for *every* CI, profiled or not (services/trigger_sql.py).
"""
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, router, transaction
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netbox.models import OrganizationalModel, PrimaryModel
from netbox.models.features import ContactsMixin
from utilities.fields import ColorField

from ..choices import InformationAssetStatusChoices
from ..querysets.register import AssetProfileQuerySet, ClassificationQuerySet, RegisterEntryQuerySet
from ..rules.durations import format_minutes
from ..rules.reviews import next_review
from .fields import MinutesField
from .mixins import KeptWhileInUseMixin, OfRegisteredCIMixin, ReviewedMixin
from .register_row import RegisterRow

__all__ = (
    'AssetProfile',
    'Classification',
    'InformationAsset',
    'RegisterEntry',
)


def rating_field(verbose_name):
    """A protection need from 1 (low) to 4 (very high); null = not rated."""
    return models.PositiveSmallIntegerField(
        verbose_name=verbose_name, blank=True, null=True, validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text=_('1 (low) to 4 (very high); empty if not rated')
    )


class Classification(KeptWhileInUseMixin, OrganizationalModel):
    """
    How sensitive information is, and how it must be handled (ISO/IEC 27001 A.5.12, A.5.13).

    `level` orders classifications: the higher, the more sensitive. One that a CI carries can't be deleted.
    """
    level = models.PositiveSmallIntegerField(
        verbose_name=_('level'), unique=True, help_text=_('The higher, the more sensitive; each level once')
    )
    color = ColorField(verbose_name=_('color'), default='1565c0')
    handling = models.TextField(
        verbose_name=_('handling rules'),
        blank=True,
        help_text=_('How such information may be stored, sent and disposed of'),
    )
    review_interval_days = models.PositiveIntegerField(
        verbose_name=_('review interval (days)'), blank=True, null=True, validators=[MinValueValidator(1)],
        help_text=_('How often CIs of this classification are to be reviewed')
    )
    requires_security_review = models.BooleanField(
        verbose_name=_('requires security review'), default=False,
        help_text=_('A change to a CI of this classification needs a security review')
    )
    required_controls = models.ManyToManyField(
        to='netbox_ims.Control', related_name='required_by', blank=True, verbose_name=_('required controls'),
        help_text=_('Every CI of this classification needs these; those without are listed as gaps')
    )

    objects = ClassificationQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('handling', 'review_interval_days', 'requires_security_review', 'color')

    class Meta:
        ordering = ('level',)
        verbose_name = _('classification')
        verbose_name_plural = _('classifications')

    def in_use_message(self, using=None):
        # By slug, as NetBox shows such a message unescaped.
        if profiles := AssetProfile.objects.using(using).filter(classification=self).count():
            message = _('{slug} is in use by {count} asset profiles and cannot be deleted. Reclassify them first.')
            return message.format(slug=self.slug, count=profiles)
        if rules := self.rules.using(using).count():
            message = _('{slug} is set by {count} classification rules and cannot be deleted. Change them first.')
            return message.format(slug=self.slug, count=rules)
        return None


class InformationAsset(ContactsMixin, PrimaryModel):
    """
    Information of value in its own right, wherever it is kept: customer records, source code, contracts
    (ISO/IEC 27001 A.5.9). It is a CI: classification, flags and targets are those of its asset profile.
    """
    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True, db_collation='natural_sort')
    slug = models.SlugField(verbose_name=_('slug'), max_length=100, unique=True)
    status = models.CharField(
        verbose_name=_('status'), max_length=50, choices=InformationAssetStatusChoices,
        default=InformationAssetStatusChoices.STATUS_ACTIVE
    )
    custodian = models.ForeignKey(
        to='tenancy.Contact', on_delete=models.SET_NULL, related_name='+', blank=True, null=True,
        verbose_name=_('custodian'), help_text=_('Who looks after it day to day; the asset owner is on its profile')
    )

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('status', 'custodian')

    class Meta:
        ordering = ('name',)
        verbose_name = _('information asset')
        verbose_name_plural = _('information assets')

    def __str__(self):
        return self.name

    def get_status_color(self):
        return InformationAssetStatusChoices.colors.get(self.status)


class AssetProfile(OfRegisteredCIMixin, ReviewedMixin, ContactsMixin, PrimaryModel):
    """
    What has been decided about one CI: its classification, flags, protection needs, recovery targets and asset owner.

    A CI has one profile or none. It goes with the CI; what was known then stays behind as a RetiredCI. None of its
    values is ever derived: null means that nobody has said.
    """
    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('object type')
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    object = GenericForeignKey(ct_field='object_type', fk_field='object_id')
    classification = models.ForeignKey(
        to='netbox_ims.Classification', on_delete=models.PROTECT, related_name='profiles', blank=True, null=True,
        verbose_name=_('classification')
    )
    confidentiality = rating_field(_('confidentiality'))
    integrity = rating_field(_('integrity'))
    availability = rating_field(_('availability'))
    is_information_asset = models.BooleanField(
        verbose_name=_('information asset'),
        blank=True,
        null=True,
        help_text=_('The CI is or carries an information asset'),
    )
    handles_sensitive_data = models.BooleanField(verbose_name=_('sensitive data'), blank=True, null=True)
    processes_personal_data = models.BooleanField(verbose_name=_('personal data'), blank=True, null=True)
    data_categories = models.CharField(
        verbose_name=_('data categories'),
        max_length=200,
        blank=True,
        help_text=_('Such as: customer contracts, payroll'),
    )
    rto_minutes = MinutesField(
        verbose_name=_('RTO'), help_text=_('Recovery time objective the CI is committed to: 90, 4h, 1d 6h')
    )
    rpo_minutes = MinutesField(
        verbose_name=_('RPO'), help_text=_('Recovery point objective the CI is committed to: 15m, 1h, 1d')
    )
    asset_owner = models.ForeignKey(
        to='tenancy.Contact', on_delete=models.SET_NULL, related_name='+', blank=True, null=True,
        verbose_name=_('asset owner'), help_text=_('Who answers for the CI (not who owns this record)')
    )
    last_reviewed = models.DateField(verbose_name=_('last reviewed'), blank=True, null=True)
    review_due = models.DateField(
        verbose_name=_('review due'), blank=True, null=True,
        help_text=_("Left empty: the last review plus the classification's review interval")
    )
    classification_override = models.BooleanField(
        verbose_name=_('classification override'), default=False,
        help_text=_('The own classification and flags stand, whatever the CI inherits')
    )
    override_justification = models.TextField(verbose_name=_('override justification'), blank=True)

    objects = AssetProfileQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = (
        'classification', 'confidentiality', 'integrity', 'availability', 'is_information_asset',
        'handles_sensitive_data', 'processes_personal_data', 'data_categories', 'rto_minutes', 'rpo_minutes',
        'asset_owner',
    )

    class Meta:
        ordering = ('object_type', 'object_id')
        constraints = (
            models.UniqueConstraint(
                fields=('object_type', 'object_id'), name='%(app_label)s_%(class)s_ci',
                violation_error_message=_('This CI already has an asset profile.')
            ),
        )
        verbose_name = _('asset profile')
        verbose_name_plural = _('asset profiles')

    def __str__(self):
        return str(self.entry or self.object or _('Deleted CI'))

    @property
    def is_of_information_asset(self):
        return self.object_type_id and self.object_type.model_class() is InformationAsset

    def clean(self):
        super().clean()
        same_ci = AssetProfile.objects.filter(object_type=self.object_type_id, object_id=self.object_id)
        if self.object_id and same_ci.exclude(pk=self.pk).exists():
            raise ValidationError({'object_id': _('This CI already has an asset profile.')})
        self.clean_assessment()

    def clean_assessment(self):
        """What must hold between the values themselves, whichever CI they are about; proposes the next review."""
        if self.is_of_information_asset and self.is_information_asset is False:
            raise ValidationError({'is_information_asset': _('An information asset is always one.')})
        self.clean_rto()
        if self.classification_override and not self.override_justification.strip():
            raise ValidationError({'override_justification': _('Say why the classification is overridden.')})
        if self.classification_override and self.classification is None:
            raise ValidationError({'classification': _('An override needs a classification of its own to stand.')})
        if self.last_reviewed and self.last_reviewed > timezone.localdate():
            raise ValidationError({'last_reviewed': _('A review cannot lie in the future.')})
        if self.last_reviewed and self.review_due and self.review_due < self.last_reviewed:
            raise ValidationError({'review_due': _('The next review cannot lie before the last one.')})
        if self.review_due is None and self.classification:
            try:
                self.review_due = next_review(self.last_reviewed, self.classification.review_interval_days)
            except OverflowError as e:
                raise ValidationError({
                    'review_due': _("The classification's review interval leads beyond the calendar; enter a date.")
                }) from e

    def clean_rto(self):
        """
        A business function is not committed to be back later than it may be down (ISO 22301 8.2.2). What is there
        already may stay: an impact analysis is free to say that it is too late, and that is reported.
        """
        if self.rto_minutes is None or not self.object_type_id or self.object_type.model != 'businessfunction':
            return
        functions = apps.get_model('netbox_ims', 'BusinessFunction').objects.filter(pk=self.object_id)
        mtpd = functions.values_list('mtpd_minutes', flat=True).first()
        if mtpd is None or self.rto_minutes <= mtpd:
            return
        same = AssetProfile.objects.filter(pk=self.pk, object_type=self.object_type_id, object_id=self.object_id)
        if not same.filter(rto_minutes=self.rto_minutes).exists():
            raise ValidationError({'rto_minutes': _(
                'Above the MTPD of {mtpd}: the function may not be down for longer than that.'
            ).format(mtpd=format_minutes(mtpd))})

    def save(self, *args, **kwargs):
        if self.is_of_information_asset:
            self.is_information_asset = True
        # Who and why travel to the triggers in transaction-local settings (services/attribution.py).
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(AssetProfile, instance=self)):
            super().save(*args, **kwargs)


class RegisterEntry(RegisterRow):
    """
    One row for every CI of every registered type, whether profiled or not: "not yet classified" is a row and a filter.

    Read-only and denormalised. PostgreSQL triggers write it in the transaction of whatever changed the CI or its
    profile; nothing else does. What it said before is kept as well (history.py).
    """
    profile = models.OneToOneField(
        to='netbox_ims.AssetProfile', on_delete=models.DO_NOTHING, db_constraint=False, null=True,
        related_name='register_entry', verbose_name=_('asset profile')
    )
    as_of = models.DateTimeField(verbose_name=_('as of'))

    objects = RegisterEntryQuerySet.as_manager()

    class Meta(RegisterRow.Meta):
        constraints = (
            models.UniqueConstraint(fields=('object_type', 'object_id'), name='%(app_label)s_%(class)s_ci'),
        )
        # Each carries a list page sorted by name, NULLs included; see docs/decisions/0002-register-table.md.
        indexes = (
            models.Index(fields=('name', 'id'), name='ims_register_name'),
            models.Index(fields=('classification', 'name', 'id'), name='ims_register_class'),
            models.Index(fields=('effective_classification', 'name', 'id'), name='ims_register_effective'),
            models.Index(
                fields=('name', 'id'), condition=models.Q(under_classified=True), name='ims_register_under'
            ),
            models.Index(
                fields=('name', 'id'), condition=models.Q(alignment='breached'), name='ims_register_breached'
            ),
            # Counts under a filter by class, or under none: one entry per class and type, not per CI, makes it small.
            models.Index(fields=('classification', 'object_type'), name='ims_register_counts'),
            models.Index(fields=('site', 'name', 'id'), name='ims_register_site'),
            models.Index(fields=('tenant', 'name', 'id'), name='ims_register_tenant'),
            GinIndex(OpClass(Upper('name'), 'gin_trgm_ops'), name='ims_register_name_trgm'),
            # Which CIs of a type are classified so: NetBox's own lists ask, and need nothing else of the entry.
            models.Index(
                fields=('object_type', 'classification', 'object_id'), name='ims_register_class_ci',
                condition=models.Q(classification__isnull=False)
            ),
        )
        verbose_name = _('register entry')
        verbose_name_plural = _('register')

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:registerentry', args=[self.pk])
