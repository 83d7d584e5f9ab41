"""Whether plans work: exercises and tests, what they were of, and what they showed."""
from datetime import datetime, time, timedelta

from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from netbox.models import PrimaryModel

from ..choices import ContinuityTestResultChoices, ContinuityTestTypeChoices
from ..querysets.continuity import ContinuityTestQuerySet, ContinuityTestSubjectQuerySet
from ..rules import continuity as rules
from .fields import EntryRelation, MinutesField
from .mixins import OfRegisteredCIMixin

__all__ = ('ConfigurationChange', 'ContinuityTest', 'ContinuityTestSubject')


def refuse_achieved(test, record):
    """Raise ValidationError where `record` says what a test that is yet to be held achieved."""
    errors = {
        name: _('Nothing was achieved before the test is held: say when it was.')
        for name in ('achieved_rto_minutes', 'achieved_rpo_minutes') if getattr(record, name) is not None
    }
    if test.held_on is None and errors:
        raise ValidationError(errors)


class ContinuityTest(PrimaryModel):
    """
    An exercise or test of a plan (ISO 22301 8.5): planned for a day, held on one, with what it showed.

    `shown_until` is the moment until which it speaks for what it tested (rules.continuity.shown_until): where the
    configuration of any of that changed later, the test is stale.
    """
    plan = models.ForeignKey(
        to='netbox_ims.ContinuityPlan', on_delete=models.PROTECT, related_name='tests', verbose_name=_('plan')
    )
    test_type = models.CharField(verbose_name=_('type'), max_length=20, choices=ContinuityTestTypeChoices)
    planned_on = models.DateField(verbose_name=_('planned for'), blank=True, null=True)
    held_on = models.DateField(
        verbose_name=_('held on'), blank=True, null=True, help_text=_('Empty while it is still to be held')
    )
    result = models.CharField(
        verbose_name=_('result'), max_length=20, choices=ContinuityTestResultChoices, blank=True, null=True
    )
    achieved_rto_minutes = MinutesField(
        verbose_name=_('achieved RTO'), help_text=_('After how long everything tested was back: 90, 4h, 1d 6h')
    )
    achieved_rpo_minutes = MinutesField(
        verbose_name=_('achieved RPO'), help_text=_('How old the data was that came back: 15m, 1h, 1d')
    )
    lessons = models.TextField(
        verbose_name=_('lessons'), blank=True, help_text=_('What was learned, and what is to be improved')
    )
    next_due = models.DateField(
        verbose_name=_('next due'), blank=True, null=True, help_text=_('By when the plan is to be tested again')
    )
    shown_until = models.DateTimeField(verbose_name=_('shown until'), blank=True, null=True, editable=False)
    recorded_on = models.DateTimeField(verbose_name=_('recorded on'), blank=True, null=True, editable=False)
    notified_for = models.DateField(
        verbose_name=_('notified for'), blank=True, null=True, editable=False,
        help_text=_('The due date that people were last told is over')
    )

    objects = ContinuityTestQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('plan', 'test_type')

    class Meta:
        ordering = ('-planned_on', '-pk')
        constraints = (
            models.CheckConstraint(
                condition=models.Q(held_on__isnull=False) | models.Q(
                    result__isnull=True, achieved_rto_minutes__isnull=True, achieved_rpo_minutes__isnull=True
                ),
                name='%(app_label)s_%(class)s_held'
            ),
        )
        verbose_name = _('continuity test')
        verbose_name_plural = _('continuity tests')

    def __str__(self):
        day = self.held_on or self.planned_on
        return f'{self.plan} · {self.get_test_type_display()}' + (f' · {day}' if day else '')

    @property
    def stale(self):
        """
        Whether what it tested changed later (querysets.continuity.IsStale); None before it is held, and where it does
        not say which CIs it was of. A query, unless it was read with_stale().
        """
        if 'is_stale' in self.__dict__:
            return self.is_stale
        return ContinuityTest.objects.with_stale().filter(pk=self.pk).values_list('is_stale', flat=True).first()

    def get_test_type_color(self):
        return ContinuityTestTypeChoices.colors.get(self.test_type)

    def get_result_color(self):
        return ContinuityTestResultChoices.colors.get(self.result)

    def clean(self):
        super().clean()
        today = timezone.localdate()
        if self.held_on and self.held_on > today:
            raise ValidationError({'held_on': _('It cannot have been held in the future; plan it instead.')})
        if not self.held_on and not self.planned_on:
            raise ValidationError({'planned_on': _('Say when it is planned, or when it was held.')})
        if not self.held_on and self.result:
            raise ValidationError({'result': _('There is no result before the test is held: say when it was.')})
        refuse_achieved(self, self)
        if not self.held_on and self.pk:
            achieved = self.subjects.exclude(achieved_rto_minutes=None, achieved_rpo_minutes=None)
            if achieved.exists():
                raise ValidationError({'held_on': _('It was held: times were achieved for what was tested.')})
        if self.next_due and self.next_due < (self.held_on or self.planned_on):
            raise ValidationError({'next_due': _('The next test cannot be due before this one.')})

    def save(self, *args, **kwargs):
        self.note_when_held()
        super().save(*args, **kwargs)

    def note_when_held(self):
        """Remember until when it speaks for what it tested; anew whenever the day on which it was held changes."""
        if self.held_on is None:
            self.shown_until = self.recorded_on = None
            return
        midnight = datetime.combine(self.held_on + timedelta(days=1), time.min)
        end_of_day = timezone.make_aware(midnight, timezone.get_default_timezone())
        if self.shown_until is None or self.shown_until != rules.shown_until(end_of_day, self.recorded_on):
            self.recorded_on = timezone.now()
            self.shown_until = rules.shown_until(end_of_day, self.recorded_on)


class ContinuityTestSubject(OfRegisteredCIMixin, PrimaryModel):
    """
    One CI that a test was of, and what was achieved for it: where that is not said, what was achieved as a whole.
    """
    test = models.ForeignKey(
        to='netbox_ims.ContinuityTest', on_delete=models.CASCADE, related_name='subjects', verbose_name=_('test')
    )
    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.PROTECT, related_name='+', verbose_name=_('object type')
    )
    object_id = models.PositiveBigIntegerField(verbose_name=_('object ID'))
    object = GenericForeignKey(ct_field='object_type', fk_field='object_id')
    register_entry = EntryRelation(related_name='continuity_test_subjects')
    achieved_rto_minutes = MinutesField(verbose_name=_('achieved RTO'), help_text=_('Left empty: that of the test'))
    achieved_rpo_minutes = MinutesField(verbose_name=_('achieved RPO'), help_text=_('Left empty: that of the test'))

    objects = ContinuityTestSubjectQuerySet.as_manager()

    docs_url = None     # the plugin's pages are not among NetBox's own

    clone_fields = ('test',)

    class Meta:
        ordering = ('test_id', 'object_type_id', 'object_id')
        constraints = (
            models.UniqueConstraint(
                fields=('test', 'object_type', 'object_id'), name='%(app_label)s_%(class)s_ci',
                violation_error_message=_('This CI is part of this test already.')
            ),
        )
        indexes = (models.Index(fields=('object_type', 'object_id'), name='ims_testsubject_ci'),)
        verbose_name = _('continuity test subject')
        verbose_name_plural = _('continuity test subjects')

    def __str__(self):
        return f'{self.test} · {self.entry or self.object or _("Deleted CI")}'

    def clean(self):
        super().clean()
        if self.test_id:
            refuse_achieved(self.test, self)


class ConfigurationChange(models.Model):
    """
    A moment at which the configuration of a CI changed, or (`of_links`) what it depends on: what a test held before did
    not see. Triggers write it, for the fields that the CI types name (ci_types.CIType.configuration).

    Not the change log, which is purged and knows nothing of bulk updates and SQL. Only ever inserted, so that two who
    change the same CIs never wait for each other here; a job keeps the newest of each CI.
    """
    _netbox_private = True

    object_type = models.ForeignKey(
        to='contenttypes.ContentType', on_delete=models.DO_NOTHING, related_name='+', db_constraint=False,
        db_index=False,
    )
    object_id = models.PositiveBigIntegerField()
    of_links = models.BooleanField(default=False)
    time = models.DateTimeField()

    class Meta:
        ordering = ('pk',)
        default_permissions = ()
        indexes = (
            models.Index(fields=('object_type', 'object_id', 'of_links', '-time'), name='ims_configuration_change'),
        )

    def __str__(self):
        return f'{self.object_type_id}/{self.object_id} {self.time}'
