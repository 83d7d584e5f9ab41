"""
What the organisation does for its customers, and with which services: the tops of the dependency graph.

Both are CIs. Classification, flags and recovery targets are those of their asset profiles, never a second column.
"""
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel
from netbox.models.features import ContactsMixin

from ..choices import CriticalityChoices, ITServiceStatusChoices
from ..rules.durations import format_minutes
from .fields import MinutesField
from .register import RegisterEntry

__all__ = ('BusinessFunction', 'ITService')


class NamedCI(ContactsMixin, PrimaryModel):
    """Base of CIs that NetBox has no model for: a name that sorts as people count, and a slug."""
    name = models.CharField(verbose_name=_('name'), max_length=100, unique=True, db_collation='natural_sort')
    slug = models.SlugField(verbose_name=_('slug'), max_length=100, unique=True)

    docs_url = None     # the plugin's pages are not among NetBox's own

    class Meta:
        abstract = True
        ordering = ('name',)

    def __str__(self):
        return self.name


class BusinessFunction(NamedCI):
    """
    Something the organisation does to achieve its objectives, such as paying salaries, and that a disruption would
    interrupt (ISO 22301 8.2.2 calls for analysing the impact; ISO 22300: business function, activity).

    How long it may be down at most (`mtpd_minutes`) is what its newest impact analysis says, kept so by triggers
    (services/trigger_continuity.py); unless somebody states another value, and with it the `mtpd_reason`.
    """
    criticality = models.CharField(
        verbose_name=_('criticality'), max_length=20, choices=CriticalityChoices, blank=True, null=True,
        help_text=_('How much the organisation depends on it; empty if nobody has said')
    )
    mtpd_minutes = MinutesField(
        verbose_name=_('MTPD'),
        help_text=_('Maximum tolerable period of disruption; left empty, what the newest impact analysis says')
    )
    mtpd_reason = models.TextField(
        verbose_name=_('reason for the MTPD'), blank=True,
        help_text=_('Why it is stated here instead of taken from an impact analysis')
    )
    minimum_level = models.CharField(
        verbose_name=_('minimum level'), max_length=200, blank=True,
        help_text=_('What must be delivered at least while it is disrupted')
    )

    clone_fields = ('criticality', 'minimum_level')

    class Meta(NamedCI.Meta):
        verbose_name = _('business function')
        verbose_name_plural = _('business functions')

    def get_criticality_color(self):
        return CriticalityChoices.colors.get(self.criticality)

    @property
    def current_analysis(self):
        """The newest impact analysis, or None."""
        return self.analyses.newest() if self.pk else None

    @property
    def derived_mtpd(self):
        """What the newest analysis says: minutes, or None if there is none or it finds no limit."""
        analysis = self.current_analysis
        return analysis.mtpd_minutes if analysis else None

    @property
    def committed_rto(self):
        """The RTO in its asset profile, or None."""
        if not self.pk:
            return None
        return RegisterEntry.objects.of(self).values_list('rto_minutes', flat=True).first()

    def clean(self):
        super().clean()
        self.mtpd_reason = self.mtpd_reason.strip()
        stored = BusinessFunction.objects.filter(pk=self.pk).values_list('mtpd_minutes', flat=True).first()
        if not self.mtpd_reason:
            # Empty, or sent back as it was read, is no statement: it follows the analysis (again).
            if self.mtpd_minutes is not None and self.mtpd_minutes not in (stored, self.derived_mtpd):
                raise ValidationError({'mtpd_reason': _(
                    'Say why the MTPD is stated here; without a reason it is what the newest impact analysis says.'
                )})
            self.mtpd_minutes = self.derived_mtpd
            return
        if self.mtpd_minutes is None:
            raise ValidationError({'mtpd_minutes': _('State the MTPD that the reason is for.')})
        rto = self.committed_rto
        if self.mtpd_minutes != stored and rto is not None and rto > self.mtpd_minutes:
            raise ValidationError({'mtpd_minutes': _(
                'Below the RTO of {rto} that its asset profile commits to. Lower that first.'
            ).format(rto=format_minutes(rto))})

    def save(self, *args, **kwargs):
        if not self.mtpd_reason:
            # As the trigger will have it: what is logged of this save, and answered, is to be what is stored.
            self.mtpd_minutes = self.derived_mtpd
        super().save(*args, **kwargs)


class ITService(NamedCI):
    """
    A service that the organisation provides to its customers (ISO/IEC 20000-1 8.2.4, service catalogue management).
    What it runs on are its dependencies; the customers are tenants.
    """
    status = models.CharField(
        verbose_name=_('status'), max_length=50, choices=ITServiceStatusChoices,
        default=ITServiceStatusChoices.STATUS_ACTIVE
    )
    tenants = models.ManyToManyField(
        to='tenancy.Tenant', related_name='+', blank=True, verbose_name=_('tenants'),
        help_text=_('The customers it is provided to')
    )

    clone_fields = ('status', 'tenants')

    class Meta(NamedCI.Meta):
        verbose_name = _('IT service')
        verbose_name_plural = _('IT services')

    def get_status_color(self):
        return ITServiceStatusChoices.colors.get(self.status)
