"""Tests as people see them: on their own pages, and what they showed about a CI."""
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netbox.ui import attrs, panels

from ..models import ContinuityTestSubject
from ..querysets.continuity import IsStale
from ..rules.graph import Verdict
from .attrs import MadeChoiceAttr, MinutesAttr, StaleAttr
from .inheritance import Result, time_result

__all__ = ('CITests', 'ContinuityTestPanel', 'OutcomePanel', 'SubjectPanel')

LATEST = 5          # on a CI's page; the rest a click away


class ContinuityTestPanel(panels.ObjectAttributesPanel):
    title = gettext_lazy('Continuity Test')
    plan = attrs.RelatedObjectAttr('plan', linkify=True)
    test_type = attrs.ChoiceAttr('test_type', label=gettext_lazy('Type'))
    planned_on = attrs.DateTimeAttr('planned_on', spec='date', label=gettext_lazy('Planned for'))
    held_on = attrs.DateTimeAttr('held_on', spec='date', label=gettext_lazy('Held on'))
    next_due = attrs.DateTimeAttr('next_due', spec='date', label=gettext_lazy('Next due'))
    description = attrs.TextAttr('description')


class OutcomePanel(panels.ObjectAttributesPanel):
    title = gettext_lazy('Outcome')
    result = MadeChoiceAttr('result', label=gettext_lazy('Result'))
    achieved_rto_minutes = MinutesAttr('achieved_rto_minutes', label=gettext_lazy('Achieved RTO'))
    achieved_rpo_minutes = MinutesAttr('achieved_rpo_minutes', label=gettext_lazy('Achieved RPO'))
    stale = StaleAttr('stale', label=gettext_lazy('Still valid'))
    lessons = attrs.TextAttr('lessons', label=gettext_lazy('Lessons'))


class SubjectPanel(panels.ObjectAttributesPanel):
    title = gettext_lazy('Tested CI')
    test = attrs.RelatedObjectAttr('test', linkify=True)
    object_type = attrs.TextAttr('type_name', label=gettext_lazy('Type'))
    object = attrs.RelatedObjectAttr('object', linkify=True, label=gettext_lazy('CI'))
    achieved_rto_minutes = MinutesAttr('achieved_rto_minutes', label=gettext_lazy('Achieved RTO'))
    achieved_rpo_minutes = MinutesAttr('achieved_rpo_minutes', label=gettext_lazy('Achieved RPO'))
    description = attrs.TextAttr('description')


@dataclass(frozen=True)
class Shown:
    """What one test showed about a CI: for each target what was achieved, and how that compares with what is agreed."""
    subject: ContinuityTestSubject
    targets: list           # (label, achieved minutes, own minutes, Result)

    @property
    def test(self):
        return self.subject.test


class CITests:
    """The newest tests that a CI was part of, and what they achieved against its own targets, as a user may see it."""

    def __init__(self, entry, user):
        self.entry = entry
        self.may_see = user.has_perm('netbox_ims.view_continuitytest') and user.has_perm(
            'netbox_ims.view_continuitytestsubject'
        )
        self.rows = [self._shown(subject) for subject in self._subjects(user)] if self.may_see else []

    def _subjects(self, user):
        seen = ContinuityTestSubject.objects.restrict(user, 'view').of(self.entry).held().with_achieved()
        newest = seen.annotate(is_stale=IsStale(F('test_id'))).select_related('test__plan')
        return newest.order_by('-test__held_on', '-test_id')[:LATEST]

    def _shown(self, subject):
        subject.test.is_stale = subject.is_stale
        return Shown(subject, [
            (
                label, getattr(subject, kind), getattr(self.entry, f'{kind}_minutes'),
                self._result(kind, getattr(subject, kind), subject.is_stale)
            )
            for kind, label in (('rto', _('RTO')), ('rpo', _('RPO')))
        ])

    def _result(self, kind, achieved, stale):
        verdict = Verdict.of(kind, getattr(self.entry, f'{kind}_minutes'), achieved)
        if stale and achieved is not None:
            return Result(_('Stale'), 'ims-warn', 'clock-alert-outline')
        return time_result(verdict)
