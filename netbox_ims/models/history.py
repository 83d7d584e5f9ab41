"""
What the register said before: effective-dated versions of its entries, and of the names that they refer to.

Written by triggers on the register's own table (services/trigger_history.py), so whatever path a change took; never
altered afterwards. Times are those of the transaction that made the change.
"""
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary
from django.db import models
from django.db.models import Func
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..querysets.history import RegisterAsOfQuerySet, RegisterNameQuerySet, RegisterVersionQuerySet
from .fields import EndField, LooseForeignKey
from .register_row import RegisterRow

__all__ = ('HistoryStart', 'RegisterAsOf', 'RegisterName', 'RegisterVersion')


class Period(Func):
    """From the moment on which something was so to the one on which it no longer was, that one excluded."""
    function = 'tstzrange'
    output_field = DateTimeRangeField()

    def __init__(self):
        super().__init__('valid_from', 'valid_to', RangeBoundary())


def never_twice(name):
    """Of one thing, nothing may be said twice for the same moment."""
    return ExclusionConstraint(
        name=name, expressions=[('object_type', '='), ('object_id', '='), (Period(), '&&')]
    )


class VersionRow(RegisterRow):
    """Base of rows of the history: the register's columns, since when and until when they were so, and who was it."""
    profile = LooseForeignKey(to='netbox_ims.AssetProfile', null=True, verbose_name=_('asset profile'))
    valid_from = models.DateTimeField(verbose_name=_('valid from'))
    valid_to = EndField(verbose_name=_('valid to'))
    changed = ArrayField(
        models.CharField(max_length=63), verbose_name=_('changed'),
        help_text=_("Columns that differ from the version before; none in a CI's first")
    )
    user = LooseForeignKey(to='users.User', null=True, verbose_name=_('user'))
    user_name = models.CharField(verbose_name=_('user name'), max_length=150, blank=True)
    # Of PostgreSQL: what one transaction changes several times is one version.
    transaction = models.BigIntegerField()

    _netbox_private = True

    class Meta(RegisterRow.Meta):
        abstract = True
        default_permissions = ()


class RegisterVersion(VersionRow):
    """
    What the register said of one CI from `valid_from` until `valid_to`; None: until now. A CI whose last version has
    ended is gone.
    """
    entry_id = models.BigIntegerField()     # of the RegisterEntry, for as long as there was one

    objects = RegisterVersionQuerySet.as_manager()

    class Meta(VersionRow.Meta):
        ordering = ('object_type', 'object_id', 'valid_to')
        constraints = (never_twice('ims_version_once'),)
        indexes = (
            # The open version of a CI, and its timeline
            models.Index(fields=('object_type', 'object_id', 'valid_to'), name='ims_version_ci'),
            # What changed between two dates
            models.Index(fields=('valid_from',), name='ims_version_from'),
            # List pages as of a date, like those of the register
            models.Index(fields=('name', 'entry_id'), name='ims_version_name'),
            models.Index(fields=('classification', 'name', 'entry_id'), name='ims_version_class'),
            models.Index(fields=('site', 'name', 'entry_id'), name='ims_version_site'),
            # Counts as of a date: of all, and under a filter by class
            models.Index(fields=('valid_to', 'valid_from'), name='ims_version_to'),
            models.Index(fields=('classification', 'valid_to', 'valid_from'), name='ims_version_counts'),
        )


class RegisterAsOf(VersionRow):
    """
    The register as it stood at one moment: the versions valid then, each by the primary key of its entry. Only to be
    asked by `at(moment)`, as of other moments it has other rows of the same keys.
    """
    id = models.BigIntegerField(primary_key=True, db_column='entry_id')
    version_id = models.BigIntegerField(db_column='id')

    objects = RegisterAsOfQuerySet.as_manager()

    class Meta(VersionRow.Meta):
        managed = False
        db_table = 'netbox_ims_registerversion'
        verbose_name = _('register entry')
        verbose_name_plural = _('register')

    gone = False        # see with_gone()

    def get_absolute_url(self):
        """The page of today's entry, if there is one."""
        return None if self.gone else reverse('plugins:netbox_ims:registerentry', args=[self.pk])

    @property
    def register(self):
        return RegisterAsOf.objects.at(self.moment)

    @property
    def today(self):
        return timezone.localdate(self.moment)


class RegisterName(models.Model):
    """
    What something that the register refers to was called from `valid_from` until `valid_to`: a classification, site,
    tenant, role or asset owner. Versions keep ids; this is how they are shown after a renaming or a deletion.
    """
    _netbox_private = True

    object_type = LooseForeignKey(to='contenttypes.ContentType')
    object_id = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=100, blank=True)
    color = models.CharField(max_length=6, blank=True)
    level = models.PositiveIntegerField(null=True)
    valid_from = models.DateTimeField()
    valid_to = EndField()
    transaction = models.BigIntegerField()

    objects = RegisterNameQuerySet.as_manager()

    class Meta:
        ordering = ('object_type', 'object_id', 'valid_to')
        default_permissions = ()
        constraints = (never_twice('ims_name_once'),)
        indexes = (models.Index(fields=('object_type', 'object_id', 'valid_to'), name='ims_registername'),)

    def __str__(self):
        return self.name


class HistoryStart(models.Model):
    """Since when the history is whole: the plugin's installation, or later if what is older was pruned. One row."""
    _netbox_private = True

    time = models.DateTimeField()

    class Meta:
        ordering = ('time',)
        default_permissions = ()

    def __str__(self):
        return self.time.isoformat()
