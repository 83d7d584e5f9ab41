"""
Which standards there are and what they ask for: clauses, and catalogues of controls (ISO/IEC 27001 Annex A, or one's
own: NIS2, CIS…). Identifiers and short titles only; the texts of the standards are not ours to copy.
"""
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from netbox.models import OrganizationalModel, PrimaryModel

from ..querysets.controls import ControlCatalogQuerySet, ControlQuerySet
from .mixins import KeptWhileInUseMixin

__all__ = ('Clause', 'Control', 'ControlCatalog', 'Standard')


class Standard(KeptWhileInUseMixin, OrganizationalModel):
    """
    A standard, law or contract that the management system is to meet, in one edition. Three are shipped: ISO/IEC
    20000-1:2018, ISO/IEC 27001:2022 and ISO 22301:2019. One that anything belongs to can't be deleted.
    """
    edition = models.CharField(verbose_name=_('edition'), max_length=50, blank=True, help_text=_('Such as: 2022'))

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('edition',)

    class Meta:
        ordering = ('name',)
        verbose_name = _('standard')
        verbose_name_plural = _('standards')

    def in_use_message(self, using=None):
        reasons = [
            str(reason) for relation, reason in (
                ('risks', _('risks are categorised by it')), ('scopes', _('scopes are for it')),
                ('catalogs', _('control catalogs are for it')), ('clauses', _('it has clauses')),
            ) if getattr(self, relation).using(using).exists()
        ]
        message = _('{slug} cannot be deleted: {reasons}.')
        return message.format(slug=self.slug, reasons='; '.join(reasons)) if reasons else None


class Clause(PrimaryModel):
    """One numbered clause of a standard, by number and short title."""
    standard = models.ForeignKey(
        to='netbox_ims.Standard', on_delete=models.PROTECT, related_name='clauses', verbose_name=_('standard')
    )
    number = models.CharField(
        verbose_name=_('number'), max_length=20, db_collation='natural_sort', help_text=_('Such as: 6.1.3')
    )
    title = models.CharField(verbose_name=_('title'), max_length=200)

    docs_url = None

    clone_fields = ('standard',)

    class Meta:
        ordering = ('standard', 'number')
        constraints = (
            models.UniqueConstraint(
                fields=('standard', 'number'), name='%(app_label)s_%(class)s_number',
                violation_error_message=_('The standard has a clause of this number already.')
            ),
        )
        verbose_name = _('clause')
        verbose_name_plural = _('clauses')

    def __str__(self):
        return f'{self.number} {self.title}'


class ControlCatalog(KeptWhileInUseMixin, OrganizationalModel):
    """
    A set of controls to choose from, in one edition: Annex A of ISO/IEC 27001 (2022 and 2013 are shipped), or one's
    own. One that a statement of applicability was made from can't be deleted.
    """
    edition = models.CharField(verbose_name=_('edition'), max_length=50, blank=True, help_text=_('Such as: 2022'))
    standard = models.ForeignKey(
        to='netbox_ims.Standard', on_delete=models.PROTECT, related_name='catalogs', blank=True, null=True,
        verbose_name=_('standard')
    )

    objects = ControlCatalogQuerySet.as_manager()

    docs_url = None

    clone_fields = ('standard', 'edition')

    class Meta:
        ordering = ('name',)
        verbose_name = _('control catalog')
        verbose_name_plural = _('control catalogs')

    def in_use_message(self, using=None):
        statements = self.statements.using(using).count()
        reasons = []
        if statements:
            reasons.append(_('{count} statements of applicability were made from it').format(count=statements))
        if self.controls.using(using).filter(assignments__isnull=False).exists():
            reasons.append(_('some of its controls are assigned to CIs'))
        if self.controls.using(using).filter(risk_treatments__isnull=False).exists():
            reasons.append(_('some of its controls treat risks'))
        if self.controls.using(using).filter(required_by__isnull=False).exists():
            reasons.append(_('classifications require some of its controls'))
        message = _('{slug} cannot be deleted: {reasons}.')
        return message.format(slug=self.slug, reasons='; '.join(map(str, reasons))) if reasons else None


def attribute_field(verbose_name):
    """One of the five attributes of ISO/IEC 27002:2022, as its tags without `#`: `Asset_management`."""
    return ArrayField(
        base_field=models.CharField(max_length=100), verbose_name=verbose_name, blank=True, default=list
    )


class Control(KeptWhileInUseMixin, PrimaryModel):
    """
    One control of a catalogue: something an organisation may do about a risk (ISO/IEC 27001 6.1.3 b, c).

    `replaces` names the controls of an older edition that this one took over; from there, `replaced_by`.
    """
    ATTRIBUTES = (
        'control_type', 'information_security_properties', 'cybersecurity_concepts', 'operational_capabilities',
        'security_domains',
    )

    catalog = models.ForeignKey(
        to='netbox_ims.ControlCatalog', on_delete=models.CASCADE, related_name='controls', verbose_name=_('catalog')
    )
    ref = models.CharField(
        verbose_name=_('reference'), max_length=50, db_collation='natural_sort', help_text=_('Such as: A.5.12')
    )
    title = models.CharField(verbose_name=_('title'), max_length=200)
    theme = models.CharField(verbose_name=_('theme'), max_length=100, blank=True)
    control_type = attribute_field(_('control type'))
    information_security_properties = attribute_field(_('information security properties'))
    cybersecurity_concepts = attribute_field(_('cybersecurity concepts'))
    operational_capabilities = attribute_field(_('operational capabilities'))
    security_domains = attribute_field(_('security domains'))
    replaces = models.ManyToManyField(
        to='self', symmetrical=False, related_name='replaced_by', blank=True, verbose_name=_('replaces'),
        help_text=_('Controls of an older edition')
    )

    objects = ControlQuerySet.as_manager()

    docs_url = None

    clone_fields = ('catalog', 'theme', *ATTRIBUTES)

    class Meta:
        ordering = ('catalog', 'ref')
        constraints = (
            models.UniqueConstraint(
                fields=('catalog', 'ref'), name='%(app_label)s_%(class)s_ref',
                violation_error_message=_('The catalog has a control of this reference already.')
            ),
        )
        indexes = (models.Index(fields=('ref',), name='ims_control_ref'),)
        verbose_name = _('control')
        verbose_name_plural = _('controls')

    def __str__(self):
        return f'{self.ref} {self.title}'

    def clean(self):
        super().clean()
        if self.pk and self.catalog_id:
            was = Control.objects.filter(pk=self.pk).values_list('catalog_id', flat=True).first()
            if was not in (None, self.catalog_id):
                raise ValidationError({'catalog': _('A control stays in its catalog.')})

    def check_replaced(self, controls):
        """Raise ValidationError unless every one of `controls` may be what this control replaced: another edition."""
        if same := [control.ref for control in controls if control.catalog_id == self.catalog_id]:
            raise ValidationError({'replaces': _(
                '{refs}: of the same catalog. A control replaces controls of an older edition.'
            ).format(refs=', '.join(same))})

    def in_use_message(self, using=None):
        statements, assigned = self.soa_entries.using(using).count(), self.assignments.using(using).exists()
        reasons = []
        if statements:
            reasons.append(_('it is part of {count} statements of applicability').format(count=statements))
        if assigned:
            reasons.append(_('it is assigned to CIs'))      # not how many: the user may not see all of them
        if self.risk_treatments.using(using).exists():
            reasons.append(_('it treats risks'))
        if classifications := self.required_by.using(using).count():
            reasons.append(_('{count} classifications require it').format(count=classifications))
        message = _('{ref} cannot be deleted: {reasons}.')
        # NetBox shows such a message unescaped.
        return message.format(ref=escape(self.ref), reasons='; '.join(map(str, reasons))) if reasons else None
