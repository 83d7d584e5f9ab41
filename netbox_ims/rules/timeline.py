"""The history of one CI as people read it: what the register said, and who decided what, in the order of time."""
from dataclasses import dataclass, field
from datetime import timedelta

__all__ = ('BEGAN', 'CHANGED', 'CUT', 'DECIDED', 'ENDED', 'FOUND', 'Step', 'timeline')

BEGAN, CHANGED, ENDED, DECIDED = 'began', 'changed', 'ended', 'decided'
# The first there is of a CI need not be its beginning: it was there when the history began, or it changed from what is
# no longer kept, or not for whoever asks.
FOUND, CUT = 'found', 'cut'

# A decision is dated by the clock, a version by the beginning of its transaction: so far apart, they are one act.
ONE_ACT = timedelta(seconds=10)


@dataclass
class Step:
    """
    Something that happened at `time`: the register began to have the CI, said something else of it or had it no more,
    by `changes` {field: (old, new)}, of which only CHANGED has an old; and the decisions taken with it. DECIDED: the
    register said the same as before.
    """
    kind: str
    time: object
    user_name: str
    changes: dict = field(default_factory=dict)
    decisions: list = field(default_factory=list)


def timeline(versions, decisions, difference, from_the_first=True, to_the_last=True, since=None):
    """
    [Step], latest first. `versions` and `decisions` are in the order of time; `difference(before, after)` says what
    differs between two versions. Of a part of the history that does not go back `from_the_first`, the first version
    only says what came before; where it is not `to_the_last`, that the last one ended says nothing about the CI. The
    whole history is kept `since` then.
    """
    steps, before = [], None
    for version in versions:
        if before is not None and before.valid_to is not None and before.valid_to < version.valid_from:
            steps.append(Step(ENDED, before.valid_to, ''))
            before = None
        if before is not None or from_the_first:
            kind = _first(version, since) if before is None else CHANGED
            steps.append(Step(kind, version.valid_from, version.user_name, difference(before, version)))
        before = version
    if to_the_last and before is not None and before.valid_to is not None:
        steps.append(Step(ENDED, before.valid_to, ''))
    for decision in decisions:
        step = next((step for step in reversed(steps) if _is_one_act(step, decision)), None)
        if step is None:
            step = Step(DECIDED, decision.time, decision.user_name)
            steps.append(step)
        step.decisions.append(decision)
        step.user_name = step.user_name or decision.user_name
    return sorted(steps, key=lambda step: step.time, reverse=True)


def _first(version, since):
    if version.changed:
        return CUT
    return FOUND if since is not None and version.valid_from <= since else BEGAN


def _is_one_act(step, decision):
    same_time = step.time <= decision.time <= step.time + ONE_ACT
    return step.kind != DECIDED and same_time and (not step.user_name or step.user_name == decision.user_name)
