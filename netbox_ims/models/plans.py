"""What to do when a business function or a service is disrupted, written down and approved beforehand."""
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, router, transaction
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel
from netbox.plugins import get_plugin_config

from ..choices import PlanStatusChoices, PlanTypeChoices
from ..constants import PLAN_EVIDENCE, PLAN_SECTIONS
from ..querysets.continuity import ContinuityPlanQuerySet
from .fields import user_field
from .mixins import ApprovedMixin, KeptWhileInUseMixin

__all__ = ('ContinuityPlan',)

FROZEN = (PlanStatusChoices.APPROVED, PlanStatusChoices.RETIRED)


def section(verbose_name, help_text):
    """A part that every plan must have (ISO 22301 8.4.4), as Markdown; needed for approval, not before."""
    return models.TextField(verbose_name=verbose_name, blank=True, help_text=help_text)


class ContinuityPlan(ApprovedMixin, KeptWhileInUseMixin, PrimaryModel):
    """
    A business continuity plan, or a service continuity plan that follows from one (ISO 22301 8.4.4; ISO/IEC 20000-1
    8.7.2), in one version.

    draft → approved → retired. Of the versions of a name at most one is approved. On approval all that it says is
    written down in `as_approved`, with names, and hashed; from then on neither changes.
    """
    EVIDENCE, FROZEN = PLAN_EVIDENCE, FROZEN
    # What it is for, which has tables of its own; frozen as well
    SUBJECTS = ('functions', 'services')

    name = models.CharField(verbose_name=_('name'), max_length=100, db_collation='natural_sort')
    version = models.PositiveIntegerField(
        verbose_name=_('version'), blank=True, validators=[MinValueValidator(1)],
        help_text=_('Left empty: the next one')
    )
    plan_type = models.CharField(
        verbose_name=_('type'), max_length=20, choices=PlanTypeChoices, default=PlanTypeChoices.BUSINESS
    )
    parent = models.ForeignKey(
        to='self', on_delete=models.PROTECT, related_name='service_plans', blank=True, null=True,
        verbose_name=_('business plan'), help_text=_('The business plan that a service plan follows from')
    )
    functions = models.ManyToManyField(
        to='netbox_ims.BusinessFunction', related_name='plans', blank=True, verbose_name=_('business functions')
    )
    services = models.ManyToManyField(
        to='netbox_ims.ITService', related_name='plans', blank=True, verbose_name=_('IT services')
    )
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=PlanStatusChoices, default=PlanStatusChoices.DRAFT,
        editable=False
    )
    purpose = section(_('purpose and scope'), _('What is to be achieved, for what, and what is left out'))
    roles = section(_('roles and responsibilities'), _('Who leads, who acts, and who stands in for them'))
    activation = section(_('activation'), _('Who decides by which criteria that the plan is put to work'))
    procedures = section(_('procedures'), _('What is done, in which order'))
    communication = section(_('communication'), _('Who is told what, when, by whom and over which channel'))
    interdependencies = section(_('interdependencies'), _('What it needs of others inside and outside, and they of it'))
    resources = section(_('resources'), _('People, places, equipment, data and suppliers that are needed'))
    reporting = section(_('reporting'), _('What is recorded and reported while the plan is at work'))
    recovery = section(_('standing down and recovery'), _('When it ends, and how things return to normal'))

    edited_by = user_field(_('last edited by'))
    edited_on = models.DateTimeField(verbose_name=_('last edited on'), blank=True, null=True, editable=False)
    approved_by = user_field(_('approved by'))
    approved_on = models.DateTimeField(verbose_name=_('approved on'), blank=True, null=True, editable=False)
    sha256 = models.CharField(verbose_name=_('SHA-256'), max_length=64, blank=True, editable=False)
    as_approved = models.JSONField(
        verbose_name=_('as approved'), blank=True, null=True, editable=False,
        help_text=_('Everything it said on approval, with people, functions and services by name')
    )

    objects = ContinuityPlanQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('plan_type', 'parent', 'functions', 'services', *PLAN_SECTIONS)

    class Meta:
        ordering = ('name', '-version')
        permissions = [('approve', 'Approve continuity plans')]
        constraints = (
            models.UniqueConstraint(
                fields=('name', 'version'), name='%(app_label)s_%(class)s_version',
                violation_error_message=_('There is a plan of this name and version already.')
            ),
            models.UniqueConstraint(
                fields=('name',), condition=models.Q(status=PlanStatusChoices.APPROVED),
                name='%(app_label)s_%(class)s_approved'
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=FROZEN)
                | models.Q(approved_on__isnull=False, as_approved__isnull=False) & ~models.Q(sha256=''),
                name='%(app_label)s_%(class)s_evidence'
            ),
        )
        verbose_name = _('continuity plan')
        verbose_name_plural = _('continuity plans')

    def __str__(self):
        return _('{name} v{version}').format(name=self.name, version=self.version)

    def get_status_color(self):
        return PlanStatusChoices.colors.get(self.status)

    def get_plan_type_color(self):
        return PlanTypeChoices.colors.get(self.plan_type)

    @property
    def sections(self):
        """{name of a section: its text}, in the order of a reader."""
        return {name: getattr(self, name) for name in PLAN_SECTIONS}

    def in_use_message(self, using=None):
        if self.is_frozen:
            return _('Version {version} is {status} and cannot be deleted: it is evidence.').format(
                version=self.version, status=self.get_status_display().lower()
            )
        if count := self.tests.using(using).count():
            return _('The plan cannot be deleted: {count} tests are of it. Delete those first.').format(count=count)
        if count := self.service_plans.using(using).count():
            return _('The plan cannot be deleted: {count} service plans follow from it.').format(count=count)
        return None

    def clean(self):
        super().clean()
        self.clean_parent()
        self.clean_subjects()
        self.number()

    def clean_parent(self):
        """A service plan follows from a business plan (where that is required), and a business plan from none."""
        if self.plan_type == PlanTypeChoices.BUSINESS:
            if self.parent_id:
                raise ValidationError({'parent': _('Only a service plan follows from a business plan.')})
            return
        if self.pk and self.service_plans.exists():
            raise ValidationError({'plan_type': _('Service plans follow from it, so it stays a business plan.')})
        if self.parent_id is None:
            if get_plugin_config('netbox_ims', 'service_plans_need_business_plan'):
                raise ValidationError({'parent': _('Name the business plan that this service plan follows from.')})
        elif self.parent_id == self.pk or self.parent.plan_type != PlanTypeChoices.BUSINESS:
            raise ValidationError({'parent': _('A service plan follows from a business plan; this is none.')})

    def clean_subjects(self):
        """What a frozen plan is for stays, too; NetBox's forms and serializers leave here what is to be set later."""
        if not self.pk or not self.is_frozen:
            return
        for name, chosen in getattr(self, '_m2m_values', {}).items():
            if name in self.SUBJECTS and {each.pk for each in chosen} != set(
                getattr(type(self).objects.get(pk=self.pk), name).values_list('pk', flat=True)
            ):
                raise ValidationError(self.frozen_message())

    def number(self):
        """Give a plan without a version the next one of its name."""
        if self.version is None and self.name:
            highest = ContinuityPlan.objects.filter(name=self.name).aggregate(highest=models.Max('version'))['highest']
            self.version = (highest or 0) + 1

    def save(self, *args, **kwargs):
        self.number()
        # Who and why travel to the triggers in transaction-local settings.
        with transaction.atomic(using=kwargs.get('using') or router.db_for_write(type(self), instance=self)):
            super().save(*args, **kwargs)
