"""
What a management system covers (Scope), and which controls it needs and why (StatementOfApplicability, SoaEntry).
"""
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..choices import ImplementationStatusChoices, SoaReasonChoices, StatementStatusChoices
from ..constants import ENTRY_EVIDENCE, STATEMENT_EVIDENCE
from ..querysets.soa import ScopeMemberQuerySet, ScopeQuerySet, SoaEntryQuerySet, StatementQuerySet
from .fields import EntryRelation, user_field
from .mixins import AboutCIMixin, ApprovedMixin, FrozenMixin, KeptWhileInUseMixin

__all__ = ('Scope', 'ScopeMember', 'SoaEntry', 'StatementOfApplicability')

FROZEN = (StatementStatusChoices.APPROVED, StatementStatusChoices.SUPERSEDED)


class Scope(KeptWhileInUseMixin, PrimaryModel):
    """
    What a management system covers (clause 4.3): for one standard, a statement in words, and the tenants, sites and
    CIs meant by it. A CI is in scope by its tenant, its site, or by itself (`members`, written as `cis`).

    A standard may have several scopes. Where two differ, `difference_explanation` says why.
    """
    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True, db_collation='natural_sort')
    standard = models.ForeignKey(
        to='netbox_ims.Standard', on_delete=models.PROTECT, related_name='scopes', verbose_name=_('standard')
    )
    statement = models.TextField(
        verbose_name=_('statement'), blank=True, help_text=_('What is covered, as it stands on the certificate')
    )
    tenants = models.ManyToManyField(
        to='tenancy.Tenant', related_name='+', blank=True, verbose_name=_('tenants'),
        help_text=_('Every CI of these tenants is in scope')
    )
    sites = models.ManyToManyField(
        to='dcim.Site', related_name='+', blank=True, verbose_name=_('sites'),
        help_text=_('Every CI at these sites is in scope, and the sites themselves')
    )
    difference_explanation = models.TextField(
        verbose_name=_('difference from other scopes'), blank=True,
        help_text=_('Why this scope covers more, or less, than those of other standards')
    )

    objects = ScopeQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('standard', 'statement', 'tenants', 'sites')

    class Meta:
        ordering = ('name',)
        verbose_name = _('scope')
        verbose_name_plural = _('scopes')

    def __str__(self):
        return self.name

    def in_use_message(self, using=None):
        count = self.statements.using(using).count()
        message = _('The scope cannot be deleted: {count} statements of applicability are about it.')
        return message.format(count=count) if count else None

    def serialize_object(self, exclude=None):
        # Not `self.members`, of which somebody may have prefetched only some.
        members = ScopeMember.objects.filter(scope=self.pk).order_by('object_type', 'object_id')
        cis = [str(member) for member in members.select_related('object_type')]
        return {**super().serialize_object(exclude=exclude), 'cis': cis}


class ScopeMember(AboutCIMixin, models.Model):
    """A CI that a scope covers by itself. Not an object of its own: it is written and logged as the scope's `cis`."""
    scope = models.ForeignKey(
        to='netbox_ims.Scope', on_delete=models.CASCADE, related_name='members', verbose_name=_('scope')
    )
    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('object type')
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    object = GenericForeignKey(ct_field='object_type', fk_field='object_id')
    entry = EntryRelation(related_name='scope_memberships')

    objects = ScopeMemberQuerySet.as_manager()

    class Meta:
        ordering = ('scope', 'object_type', 'object_id')
        constraints = (
            models.UniqueConstraint(fields=('scope', 'object_type', 'object_id'), name='%(app_label)s_%(class)s_ci'),
        )
        indexes = (models.Index(fields=('object_type', 'object_id'), name='ims_scopemember_ci'),)
        verbose_name = _('CI in scope')
        verbose_name_plural = _('CIs in scope')

    def __str__(self):
        return f'{self.object_type.app_label}.{self.object_type.model} {self.object_id}'


class StatementOfApplicability(ApprovedMixin, KeptWhileInUseMixin, PrimaryModel):
    """
    Which controls of a catalogue a scope needs, why each is in or out, and whether it is implemented (ISO/IEC 27001
    6.1.3 d), in one version.

    draft → in review → approved → superseded. At most one is approved per catalogue and scope. On approval all that it
    says is written down in `as_approved`, with titles and people by name, and hashed; from then on neither changes.
    """
    EVIDENCE, FROZEN = STATEMENT_EVIDENCE, FROZEN

    catalog = models.ForeignKey(
        to='netbox_ims.ControlCatalog', on_delete=models.PROTECT, related_name='statements', verbose_name=_('catalog')
    )
    scope = models.ForeignKey(
        to='netbox_ims.Scope', on_delete=models.PROTECT, related_name='statements', verbose_name=_('scope')
    )
    version = models.PositiveIntegerField(
        verbose_name=_('version'), blank=True, validators=[MinValueValidator(1)],
        help_text=_('Left empty: the next one')
    )
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=StatementStatusChoices, default=StatementStatusChoices.DRAFT,
        editable=False
    )
    edited_by = user_field(_('last edited by'))
    edited_on = models.DateTimeField(verbose_name=_('last edited on'), blank=True, null=True, editable=False)
    submitted_by = user_field(_('submitted by'))
    submitted_on = models.DateTimeField(verbose_name=_('submitted on'), blank=True, null=True, editable=False)
    approved_by = user_field(_('approved by'))
    approved_on = models.DateTimeField(verbose_name=_('approved on'), blank=True, null=True, editable=False)
    sha256 = models.CharField(verbose_name=_('SHA-256'), max_length=64, blank=True, editable=False)
    as_approved = models.JSONField(
        verbose_name=_('as approved'), blank=True, null=True, editable=False,
        help_text=_('Everything it said on approval, with titles and people by name')
    )

    objects = StatementQuerySet.as_manager()

    docs_url = None

    clone_fields = ('catalog', 'scope')

    class Meta:
        ordering = ('scope', 'catalog', '-version')
        permissions = [('approve', 'Approve statements of applicability')]
        constraints = (
            models.UniqueConstraint(
                fields=('catalog', 'scope', 'version'), name='%(app_label)s_%(class)s_version',
                violation_error_message=_('The scope has a statement of this version already.')
            ),
            models.UniqueConstraint(
                fields=('catalog', 'scope'), condition=models.Q(status=StatementStatusChoices.APPROVED),
                name='%(app_label)s_%(class)s_approved'
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=FROZEN)
                | models.Q(approved_on__isnull=False, as_approved__isnull=False) & ~models.Q(sha256=''),
                name='%(app_label)s_%(class)s_evidence'
            ),
        )
        verbose_name = _('statement of applicability')
        verbose_name_plural = _('statements of applicability')

    def __str__(self):
        return _('{scope} · SoA v{version}').format(scope=self.scope, version=self.version)

    def get_status_color(self):
        return StatementStatusChoices.colors.get(self.status)

    def in_use_message(self, using=None):
        if not self.is_frozen:
            return None
        return _('Version {version} is {status} and cannot be deleted: it is evidence.').format(
            version=self.version, status=self.get_status_display().lower()
        )

    def clean(self):
        super().clean()
        if self.pk:
            was = StatementOfApplicability.objects.filter(pk=self.pk).values_list('catalog_id', flat=True).first()
            if was not in (None, self.catalog_id):
                raise ValidationError({'catalog': _('A statement keeps its catalog: its entries are made from it.')})

    def number(self, using):
        """
        Give a statement without a version the next one of its catalogue and scope. Not before it is saved, in that
        transaction: two who start one at once would be given the same.
        """
        if self.version is None and self.catalog_id and self.scope_id:
            Scope.objects.using(using).hold(self.scope_id)
            same = StatementOfApplicability.objects.using(using).filter(catalog=self.catalog_id, scope=self.scope_id)
            self.version = (same.aggregate(highest=models.Max('version'))['highest'] or 0) + 1

    def save(self, *args, **kwargs):
        using = kwargs.get('using') or router.db_for_write(type(self), instance=self)
        # Who and why travel to the triggers in transaction-local settings, and its entries are made along with it.
        with transaction.atomic(using=using):
            self.number(using)
            super().save(*args, **kwargs)


class SoaEntry(FrozenMixin, PrimaryModel):
    """
    What a statement says of one control: whether it applies (null = undecided), why, and how far it is implemented.

    Made and deleted together with its statement, one for each control of the catalogue.
    """
    EVIDENCE, FROZEN = ENTRY_EVIDENCE, FROZEN
    STATUS = 'statement__status'

    statement = models.ForeignKey(
        to='netbox_ims.StatementOfApplicability', on_delete=models.CASCADE, related_name='entries', editable=False,
        verbose_name=_('statement')
    )
    control = models.ForeignKey(
        to='netbox_ims.Control', on_delete=models.PROTECT, related_name='soa_entries', editable=False,
        verbose_name=_('control')
    )
    applicable = models.BooleanField(
        verbose_name=_('applicable'), blank=True, null=True, help_text=_('Empty: not decided yet')
    )
    reasons = ArrayField(
        base_field=models.CharField(max_length=30, choices=SoaReasonChoices), verbose_name=_('reasons'), blank=True,
        default=list, help_text=_('Why the control is needed')
    )
    justification = models.TextField(
        verbose_name=_('justification'), blank=True, help_text=_('Needed for inclusion and for exclusion (6.1.3 d)')
    )
    implementation_status = models.CharField(
        verbose_name=_('implementation status'), max_length=20, choices=ImplementationStatusChoices,
        default=ImplementationStatusChoices.NOT_STARTED
    )
    implementation = models.TextField(verbose_name=_('implementation'), blank=True, help_text=_('How it is done here'))
    responsible = models.ForeignKey(
        to='tenancy.Contact', on_delete=models.SET_NULL, related_name='+', blank=True, null=True,
        verbose_name=_('responsible')
    )
    target_date = models.DateField(verbose_name=_('target date'), blank=True, null=True)
    evidence_url = models.URLField(verbose_name=_('evidence'), max_length=500, blank=True)

    objects = SoaEntryQuerySet.as_manager()

    docs_url = None

    class Meta:
        ordering = ('statement_id', 'control__ref')
        constraints = (
            models.UniqueConstraint(fields=('statement', 'control'), name='%(app_label)s_%(class)s_control'),
        )
        verbose_name = _('SoA entry')
        verbose_name_plural = _('SoA entries')

    def __str__(self):
        return str(self.control)

    def get_implementation_status_color(self):
        return ImplementationStatusChoices.colors.get(self.implementation_status)

    @property
    def reason_labels(self):
        """In the order in which they are offered, however they were chosen."""
        return [label for reason, label in SoaReasonChoices if reason in self.reasons]

    @property
    def frozen_by(self):
        return self.statement if self.statement.is_frozen else None

    def clean(self):
        super().clean()
        if self.control.catalog_id != self.statement.catalog_id:
            raise ValidationError({'control': _('{ref} is not a control of {catalog}.').format(
                ref=self.control.ref, catalog=self.statement.catalog
            )})
