"""
Running classification rules: what they would do, doing it, and accepting what they suggest.

All of it happens as somebody: a rule sees the CIs that person sees, and writes what that person may write.
"""
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import router, transaction
from django.utils.translation import gettext as _

from ..choices import ClassificationRuleModeChoices
from ..models import AssetProfile, ClassificationRule, RegisterEntry
from ..querysets.classification_rules import count_outcomes, undecided, with_outcome, with_speaker
from ..rules.classification_rules import CLAIMED, KEPT, WOULD_CHANGE
from .classify import classify

__all__ = ('Result', 'accept', 'matched_cis', 'preview', 'run_rule', 'suggestions')

BATCH = 1000            # CIs written in one transaction, so that nobody who saves one of them waits for all


@dataclass
class Result:
    """What a rule does, or would do, about the CIs one person sees."""
    would_change: int = 0
    already_classified: int = 0
    claimed_by_earlier: int = 0
    changed: int = 0
    problems: list = field(default_factory=list)        # why it is broken, or stopped

    @property
    def matches(self):
        return self.would_change + self.already_classified + self.claimed_by_earlier


def matched_cis(rule, user):
    """The register entries `rule` matches, of CIs the user may see, annotated with `outcome`."""
    return with_outcome(RegisterEntry.objects.restrict(user, 'view'), rule)


def preview(rule, user):
    """A Result with nothing changed."""
    if problems := rule.problems:
        return Result(problems=problems)
    counts = count_outcomes(matched_cis(rule, user))
    return Result(counts[WOULD_CHANGE], counts[KEPT], counts[CLAIMED])


def run_rule(rule, user, told=None, batch_context=nullcontext):
    """
    Apply the rule's values to every CI it speaks for and nobody has said anything about; one that only suggests, or is
    switched off, changes nothing.

    Written in batches, each in a transaction and a `batch_context()` of its own: each of the CIs is a decision by
    itself, and running the rule again goes on where it stopped. After each, `told(done, total)` is called. Returns a
    Result; what stopped it, such as a profile the user may not write, is in its `problems`.
    """
    result = preview(rule, user)
    if result.problems or not rule.enabled or rule.mode != ClassificationRuleModeChoices.APPLY:
        return result
    speaks_for = matched_cis(rule, user).filter(outcome=WOULD_CHANGE)
    pks = list(speaks_for.order_by('pk').values_list('pk', flat=True))
    for start in range(0, len(pks), BATCH):
        batch = pks[start:start + BATCH]
        try:
            with batch_context(), transaction.atomic(using=_using()):
                result.changed += _set(rule, batch, user, _('Rule “{rule}”: applied').format(rule=rule)).total()
        except (ValidationError, PermissionDenied) as e:
            result.problems = e.messages if isinstance(e, ValidationError) else [str(e)]
            break
        if told:
            told(start + len(batch), len(pks))
    return result


def suggestions(entries, user, object_type=None):
    """
    Those of the register entries (of one CI type, if `object_type` is given) for which a rule that the user may see
    suggests something, annotated with `speaker`: the rule's primary key. Also the rules themselves, by primary key.
    """
    in_force = ClassificationRule.objects.in_force()
    if object_type:
        in_force, entries = in_force.filter(object_type=object_type), entries.filter(object_type=object_type)
    visible = ClassificationRule.objects.restrict(user, 'view').filter(mode=ClassificationRuleModeChoices.SUGGEST)
    seen = set(visible.values_list('pk', flat=True))
    rules = {rule.pk: rule for rule in in_force if rule.pk in seen}
    return with_speaker(entries, in_force).filter(speaker__in=list(rules)), rules


def accept(entries, user):
    """
    Give those of the register entries for which something is suggested the values suggested. All or nothing, as
    classify(); returns how many CIs were changed.
    """
    with transaction.atomic(using=_using()):
        suggested, rules = suggestions(entries, user)
        by_rule = {}
        for pk, speaker in suggested.order_by('pk').values_list('pk', 'speaker'):
            by_rule.setdefault(rules[speaker], []).append(pk)
        counts = Counter()
        for rule, pks in by_rule.items():
            counts += _set(rule, pks, user, _('Rule “{rule}”: suggestion accepted').format(rule=rule))
        return counts.total()


def _using():
    return router.db_for_write(AssetProfile)


def _set(rule, pks, user, reason):
    """
    Set the rule's values on those of the CIs that still nobody has said anything about: asked again with their entries
    locked, since somebody may have classified one meanwhile.
    """
    entries = RegisterEntry.objects.using(_using()).filter(undecided(), pk__in=pks)
    still = list(entries.order_by('pk').select_for_update(of=('self',)).values_list('pk', flat=True))
    return classify(RegisterEntry.objects.filter(pk__in=still), rule.values, user, reason)
