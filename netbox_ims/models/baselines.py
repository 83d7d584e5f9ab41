from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from netbox.models import BaseModel
from netbox.models.features import ExportTemplatesMixin

from ..querysets.baselines import BaselineQuerySet
from ..rules.list_filters import as_query, in_words
from .fields import LooseForeignKey

__all__ = ('Baseline', 'BaselineBlock')


class Baseline(ExportTemplatesMixin, BaseModel):
    """
    A named, sealed snapshot of the register: what an auditor samples from, and can prove to be what it was.

    `sha256` is that of everything it says, rows included, and of the SHA-256 of the baseline before it: each vouches
    for all earlier ones (rules/baselines.py). Made by services/baselines.py and by nothing else; append-only, held to
    that by a trigger. It holds the CIs that whoever took it could see, and is for those who may see as much.
    """
    number = models.PositiveIntegerField(
        verbose_name=_('number'), unique=True, help_text=_('Its place in the chain, from 1, without gaps')
    )
    name = models.CharField(verbose_name=_('name'), max_length=100, db_collation='natural_sort')
    reason = models.TextField(verbose_name=_('reason'), blank=True, help_text=_('Why it is taken'))
    user = LooseForeignKey(to='users.User', null=True, verbose_name=_('user'))
    user_name = models.CharField(verbose_name=_('user name'), max_length=150, blank=True)
    taken_on = models.DateTimeField(verbose_name=_('taken on'))
    as_of = models.DateTimeField(
        verbose_name=_('as of'), help_text=_('The moment whose register it holds; empty for now')
    )
    filter = models.JSONField(
        verbose_name=_('filter'), default=dict, blank=True,
        help_text=_('Parameters of the register’s list; {} for all of it')
    )
    figures = models.JSONField(verbose_name=_('figures'), default=dict)
    rows = models.PositiveIntegerField(verbose_name=_('rows'))
    rows_sha256 = models.CharField(verbose_name=_('SHA-256 of the rows'), max_length=64)
    previous_sha256 = models.CharField(
        verbose_name=_('SHA-256 of the baseline before'), max_length=64, null=True, unique=True
    )
    sha256 = models.CharField(verbose_name=_('SHA-256'), max_length=64, unique=True)
    # What whoever took it could see of each kind of object in it, as canonical JSON for rules.baselines.covers()
    audience = models.TextField(verbose_name=_('audience'))

    objects = BaselineQuerySet.as_manager()

    # What is hashed, beside the format
    SEALED = (
        'number', 'name', 'reason', 'user_name', 'taken_on', 'as_of', 'filter', 'figures', 'rows', 'rows_sha256',
        'previous_sha256',
    )

    class Meta:
        ordering = ('-number',)
        default_permissions = ('view', 'add')
        constraints = (
            models.CheckConstraint(
                condition=Q(number=1, previous_sha256__isnull=True) | Q(number__gt=1, previous_sha256__isnull=False),
                name='%(app_label)s_%(class)s_chained',
            ),
        )
        verbose_name = _('baseline')
        verbose_name_plural = _('baselines')

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse('plugins:netbox_ims:baseline', args=[self.pk])

    @property
    def filter_in_words(self):
        """Which CIs it was asked for, short enough for a list; None for all that its maker could see."""
        return in_words(self.filter)

    @property
    def register_query(self):
        """What follows the `?` of the register's address to see the same there, as of then."""
        return as_query({**self.filter, 'as_of': self.as_of.isoformat()})


class BaselineBlock(models.Model):
    """
    Some of a baseline's rows, as they were sealed: lines of canonical JSON, compressed, and the digest of each.

    Blocks rather than rows: a million CIs take some 40 MB instead of a gigabyte, and are read in the order they were
    sealed in or not at all.
    """
    _netbox_private = True

    SIZE = 1000         # rows in each but the last

    baseline = models.ForeignKey(to='netbox_ims.Baseline', on_delete=models.PROTECT, related_name='blocks')
    position = models.PositiveIntegerField()                # from 0
    lines = models.BinaryField()                            # zlib; a line feed after each line
    digests = models.BinaryField()                          # 32 bytes each

    class Meta:
        ordering = ('baseline', 'position')
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=('baseline', 'position'), name='%(app_label)s_%(class)s_position'),
        )

    def __str__(self):
        return f'{self.baseline_id}/{self.position}'
