"""
What must outlive NetBox's change log (purged after 90 days by default): decisions, and CIs that are gone.

Both are append-only. Triggers write them in the transaction of the change, whatever path it took, so raw SQL, bulk
updates and merged branches leave the same record as a form; a trigger refuses every later change.
"""
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from netbox.models import BaseModel
from netbox.models.features import ExportTemplatesMixin

from ..choices import DecisionActionChoices
from ..querysets.evidence import DecisionQuerySet, RetiredCIQuerySet
from .fields import LooseForeignKey
from .mixins import AboutCIMixin

__all__ = ('Decision', 'RetiredCI')


class Evidence(AboutCIMixin, ExportTemplatesMixin, BaseModel):
    """Base of the append-only records: about which object, by whom, when and why."""
    object_type = LooseForeignKey(to='contenttypes.ContentType', verbose_name=_('object type'))
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    name = models.CharField(verbose_name=_('name'), max_length=255, blank=True)
    user = LooseForeignKey(to='users.User', null=True, verbose_name=_('user'))
    user_name = models.CharField(verbose_name=_('user name'), max_length=150, blank=True)
    time = models.DateTimeField(verbose_name=_('time'))
    reason = models.TextField(verbose_name=_('reason'), blank=True)

    class Meta:
        abstract = True
        default_permissions = ('view',)

    def __str__(self):
        return self.name or f'{self.type_name} {self.object_id}'


class Decision(Evidence):
    """
    One decision about a CI: what was assessed, approved or accepted; old and new values, by whom, when, why, and what
    was known when it was made (`basis`).
    """
    action = models.CharField(verbose_name=_('action'), max_length=20, choices=DecisionActionChoices)
    old_values = models.JSONField(verbose_name=_('old values'), default=dict)
    new_values = models.JSONField(verbose_name=_('new values'), default=dict)
    basis = models.JSONField(verbose_name=_('basis'), default=dict)

    objects = DecisionQuerySet.as_manager()

    class Meta(Evidence.Meta):
        ordering = ('-time', '-pk')
        indexes = (
            models.Index(fields=('object_type', 'object_id', '-id'), name='ims_decision_ci'),
            models.Index(fields=('-time', '-id'), name='ims_decision_time'),
        )
        verbose_name = _('decision')
        verbose_name_plural = _('decisions')

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:decision', args=[self.pk])

    def get_action_color(self):
        return DecisionActionChoices.colors.get(self.action)


class RetiredCI(Evidence):
    """
    A CI that is gone, and what was known of it when it went: who may ask years later is an auditor.

    Site, tenant and the rest are kept as they were then, by name as well as by id, since those may be gone too.
    """
    site = LooseForeignKey(to='dcim.Site', null=True, verbose_name=_('site'))
    site_name = models.CharField(verbose_name=_('site name'), max_length=100, blank=True)
    tenant = LooseForeignKey(to='tenancy.Tenant', null=True, verbose_name=_('tenant'))
    tenant_name = models.CharField(verbose_name=_('tenant name'), max_length=100, blank=True)
    role = LooseForeignKey(to='dcim.DeviceRole', null=True, verbose_name=_('role'))
    status = models.CharField(verbose_name=_('status'), max_length=50, null=True)
    classification = models.CharField(
        verbose_name=_('classification'), max_length=100, null=True, help_text=_('Slug, as it was then')
    )
    is_information_asset = models.BooleanField(verbose_name=_('information asset'), null=True)
    handles_sensitive_data = models.BooleanField(verbose_name=_('sensitive data'), null=True)
    processes_personal_data = models.BooleanField(verbose_name=_('personal data'), null=True)
    asset_owner = models.CharField(verbose_name=_('asset owner'), max_length=100, blank=True)
    assessment = models.JSONField(
        verbose_name=_('assessment'), default=dict, help_text=_('Every value of its asset profile, by field')
    )
    controls = models.JSONField(verbose_name=_('controls'), default=list)
    risks = models.JSONField(verbose_name=_('risks'), default=list)

    objects = RetiredCIQuerySet.as_manager()

    class Meta(Evidence.Meta):
        ordering = ('-time', '-pk')
        indexes = (
            models.Index(fields=('object_type', 'object_id'), name='ims_retired_ci'),
            models.Index(fields=('-time', '-id'), name='ims_retired_time'),
        )
        verbose_name = _('retired CI')
        verbose_name_plural = _('retired CIs')

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:retiredci', args=[self.pk])
