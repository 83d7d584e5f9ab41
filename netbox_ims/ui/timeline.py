"""The history of one CI in people's words, day by day."""
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Decision, RegisterVersion
from ..querysets.history import history_start
from ..rules.comparison import COMPARED, changed_fields
from ..rules.timeline import timeline
from ..services.register_names import Names
from .comparison import by_slug, described

__all__ = ('Timeline',)

STEPS = {
    'began': _('Joined the register'), 'changed': _('Changed'), 'ended': _('Left the register'),
    'decided': _('Decided'), 'found': _('In the register when its history began'),
    'cut': _('Changed; what was said before is not known here'),
}
PAGE = 50           # versions


@dataclass(frozen=True)
class ShownStep:
    """One step as the page shows it."""
    kind: str
    title: str
    time: object
    user_name: str
    changes: list
    decisions: list


class Timeline:
    """
    What the register said of a CI, of which the user may see `versions`, and what was decided about it; a page of it.
    `days` are pairs of a date and its steps, the latest first.
    """

    def __init__(self, object_type, object_id, user, page=1):
        about = {'object_type': object_type, 'object_id': object_id}
        versions = RegisterVersion.objects.restrict(user, 'view').filter(**about).order_by('-valid_from')
        first = PAGE * (page - 1)
        shown = list(versions[first:first + PAGE + 1])
        to_the_first = len(shown) <= PAGE
        self.newer, self.older = page - 1 or None, None if to_the_first else page + 1
        decisions = Decision.objects.restrict(user, 'view').filter(**about).order_by('time', 'pk')
        if page > 1 and shown:
            # Those of the page before begin with its oldest version.
            newer = versions[first - 1:first].values_list('valid_from', flat=True)
            decisions = decisions.filter(time__lt=newer[0])
        if not to_the_first:
            decisions = decisions.filter(time__gte=shown[-2].valid_from)
        self.days = self._days(
            timeline(shown[::-1], decisions, self._difference, to_the_first, page == 1, history_start())
        )

    @staticmethod
    def _difference(before, after):
        said = [
            version and {name: getattr(version, RegisterVersion._meta.get_field(name).attname) for name in COMPARED}
            for version in (before, after)
        ]
        return changed_fields(*said)

    def _days(self, steps):
        names = Names((name, value) for step in steps for name, pair in step.changes.items() for value in pair)
        classifications = by_slug()
        shown = [
            ShownStep(step.kind, STEPS[step.kind], step.time, step.user_name, described({
                name: tuple(names.plain(name, value, step.time) for value in pair)
                for name, pair in step.changes.items()
            }, classifications), step.decisions)
            for step in steps
        ]
        return [(day, list(of_day)) for day, of_day in groupby(shown, lambda step: timezone.localdate(step.time))]
