"""
What depends on what, and what is yet to be worked out from it.

A Dependency is an edge of the graph that a person typed in; the edges that NetBox already knows are derived
(edges.py). What CIs inherit along both kinds stands in their register entries (services/derive.py).
"""
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..ci_types import get_ci_types, resolve_ci_type
from ..querysets.dependencies import ENDS, DependencyManager
from .mixins import CIReference
from .register import RegisterEntry

__all__ = ('Dependency', 'StaleMark')

class Dependency(PrimaryModel):
    """
    One CI needs another: the `dependent` is not there without the `provider` (ISO/IEC 20000-1 8.2.6: relationships
    between configuration items).

    It always carries recovery time. Classification, flags and recovery point it carries only where the provider
    `holds_data` of the dependent: a disk array does, a time server does not. Of providers that a dependent names in one
    `redundancy_group`, any one suffices.
    """
    dependent_object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('dependent type')
    )
    dependent_object_id = models.PositiveBigIntegerField(verbose_name=_('dependent ID'))
    dependent = GenericForeignKey(ct_field='dependent_object_type', fk_field='dependent_object_id')
    provider_object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('provider type')
    )
    provider_object_id = models.PositiveBigIntegerField(verbose_name=_('provider ID'))
    provider = GenericForeignKey(ct_field='provider_object_type', fk_field='provider_object_id')
    holds_data = models.BooleanField(
        verbose_name=_('holds data'), default=False,
        help_text=_('The provider holds information of the dependent, and so is as sensitive as that')
    )
    redundancy_group = models.CharField(
        verbose_name=_('redundancy group'), max_length=50, blank=True,
        help_text=_('Providers of one dependent in the same group stand in for each other: any one suffices')
    )

    objects = DependencyManager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('dependent', 'holds_data', 'redundancy_group')

    class Meta:
        ordering = ('pk',)
        constraints = (
            models.UniqueConstraint(
                fields=(
                    'dependent_object_type', 'dependent_object_id', 'provider_object_type', 'provider_object_id'
                ),
                name='%(app_label)s_%(class)s_ends',
                violation_error_message=_('This dependency is recorded already.'),
            ),
            models.CheckConstraint(
                condition=~Q(
                    dependent_object_type=F('provider_object_type'), dependent_object_id=F('provider_object_id')
                ),
                name='%(app_label)s_%(class)s_not_itself',
                violation_error_message=_('A CI cannot depend on itself.'),
            ),
        )
        indexes = (
            models.Index(
                fields=('provider_object_type', 'provider_object_id', 'dependent_object_type', 'dependent_object_id'),
                name='ims_dependency_provider',
            ),
        )
        verbose_name = _('dependency')
        verbose_name_plural = _('dependencies')

    def __str__(self):
        # NetBox names on its own pages what goes with an object that is deleted, to people who may not see the CI at
        # the other end. So the ends are named only where they were read by a query of our own, which is restricted.
        if {'dependent_name', 'provider_name'} <= self.__dict__.keys():
            return f'{self.dependent_ci} → {self.provider_ci}'
        return _('Dependency {id}').format(id=self.pk)

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:dependency', args=[self.pk])

    @cached_property
    def dependent_name(self):
        """As the register has it. Every query of the manager brings it along (DependencyQuerySet.with_names)."""
        return self._registered_name('dependent')

    @cached_property
    def provider_name(self):
        return self._registered_name('provider')

    @property
    def dependent_ci(self):
        return CIReference(self.dependent_object_type, self.dependent_object_id, self.dependent_name)

    @property
    def provider_ci(self):
        return CIReference(self.provider_object_type, self.provider_object_id, self.provider_name)

    def _registered_name(self, end):
        about = {f'object_{part}': getattr(self, f'{end}_object_{part}') for part in ('type', 'id')}
        return RegisterEntry.objects.filter(**about).values_list('name', flat=True).first()

    def clean(self):
        for end in ENDS:
            content_type = getattr(self, f'{end}_object_type', None)
            if content_type and resolve_ci_type(content_type) is None:
                raise ValidationError({
                    f'{end}_object_type': _('{type} is not a registered CI type. Registered: {known}.').format(
                        type=f'{content_type.app_label}.{content_type.model}', known=', '.join(get_ci_types())
                    )
                })
        super().clean()

        dependent, provider = (
            (getattr(self, f'{end}_object_type_id'), getattr(self, f'{end}_object_id')) for end in ENDS
        )
        if None in (*dependent, *provider):
            return
        if dependent == provider:
            raise ValidationError({'provider_object_id': _('A CI cannot depend on itself.')})
        same = Dependency.objects.filter(
            dependent_object_type=dependent[0], dependent_object_id=dependent[1],
            provider_object_type=provider[0], provider_object_id=provider[1],
        )
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({'provider_object_id': _('This dependency is recorded already.')})

    def to_objectchange(self, action):
        # The change log must say what depended on what, also when neither is there any more.
        objectchange = super().to_objectchange(action)
        objectchange.object_repr = str(Dependency.objects.filter(pk=self.pk).first() or self)[:200]
        return objectchange


class StaleMark(models.Model):
    """
    A CI whose derived values, and those of what it depends on, may no longer be right; with no CI, all of them.

    Triggers leave one in the transaction of whatever changed a CI, a profile or an edge, and whoever works the values
    out anew takes it away (services/derive.py). There may be several about one CI: marking never waits for anybody.
    """
    _netbox_private = True

    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.DO_NOTHING, related_name='+', db_constraint=False,
        db_index=False, null=True,
    )
    object_id = models.PositiveBigIntegerField(null=True)
    time = models.DateTimeField()

    class Meta:
        ordering = ('pk',)
        default_permissions = ()

    def __str__(self):
        return f'{self.object_type_id}/{self.object_id}' if self.object_type_id else '*'
