"""What is wrong with a CI, or due, or unknown: a sentence each, the worst first."""
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..choices import AlignmentChoices
from ..rules.durations import format_minutes

__all__ = ('Finding', 'count_findings', 'findings')

NAMED = 5           # how many of several are named in a sentence


@dataclass(frozen=True)
class Finding:
    css: str
    icon: str
    title: str
    text: str
    name: str


def count_findings(entry, controls=None):
    """How many of them are wrong, not only unknown; those about controls where its CIControls are given."""
    of_controls = (controls.missing, controls.exclusions) if controls else ()
    return sum((
        entry.under_classified is True, entry.alignment == AlignmentChoices.BREACHED, entry.review_state == 'overdue',
        *map(bool, of_controls),
    ))


def findings(entry, inheritance, controls):
    """Of a register entry, with the Inheritance that says where things come from, and its CIControls."""
    found = []
    if entry.under_classified:
        way = inheritance.classification.way
        text = _('Own value {own} is below the {effective} it holds for {source}.').format(
            own=entry.classification, effective=entry.effective_classification,
            source=way.source_name if way else _('another CI'),
        )
        found.append(Finding('ims-bad', 'alert-circle', _('Under-classified'), text, 'under_classified'))
    if entry.alignment == AlignmentChoices.BREACHED:
        found += [_breach(aspect) for aspect in inheritance.times if aspect.result.css == 'ims-bad']
    if controls.missing:
        text = _('{classification} requires {refs}; not assigned.').format(
            classification=entry.effective_classification, refs=_listed(each.ref for each in controls.missing)
        )
        found.append(Finding('ims-bad', 'link-off', _('Required control missing'), text, 'control_missing'))
    if controls.exclusions:
        said = _listed(f'{each.control.ref} ({each.statement})' for each in controls.exclusions)
        text = _('A statement of applicability says it does not apply: {said}.').format(said=said)
        found.append(Finding('ims-bad', 'cancel', _('Excluded control assigned'), text, 'control_excluded'))
    if entry.review_state == 'overdue':
        text = _('It was due on {day}.').format(day=entry.review_due.isoformat())
        found.append(Finding('ims-bad', 'clock-alert-outline', _('Review overdue'), text, 'review'))
    if entry.profile_id is None:
        text = _('Nobody has said what this CI holds or how fast it must be back.')
        found.append(Finding('ims-unk', 'help', _('Not assessed'), text, 'unassessed'))
    return found


def _listed(texts):
    texts = list(texts)
    return ', '.join(texts[:NAMED]) + (' …' if len(texts) > NAMED else '')


def _breach(aspect):
    text = _('Own {target} is {own}; {source} needs it in {required}.').format(
        target=aspect.label, own=format_minutes(aspect.own), required=format_minutes(aspect.effective),
        source=aspect.way.source_name if aspect.way else _('another CI'),
    )
    return Finding('ims-bad', 'timer-outline', aspect.result.text, text, 'breach')
