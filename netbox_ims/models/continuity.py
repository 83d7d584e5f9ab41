"""
What the organisation does for its customers, and with which services: the tops of the dependency graph.

Both are CIs. Classification, flags and recovery targets are those of their asset profiles, never a second column.
"""
from django.db import models
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel
from netbox.models.features import ContactsMixin

from ..choices import CriticalityChoices, ITServiceStatusChoices

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
    """
    criticality = models.CharField(
        verbose_name=_('criticality'), max_length=20, choices=CriticalityChoices, blank=True, null=True,
        help_text=_('How much the organisation depends on it; empty if nobody has said')
    )

    clone_fields = ('criticality',)

    class Meta(NamedCI.Meta):
        verbose_name = _('business function')
        verbose_name_plural = _('business functions')

    def get_criticality_color(self):
        return CriticalityChoices.colors.get(self.criticality)


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
