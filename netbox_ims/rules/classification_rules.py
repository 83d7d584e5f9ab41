"""
Which classification rule speaks for a CI, and what comes of it.

Rules are asked in order. The first in force that matches a CI speaks for it alone, whether it applies its values or
only suggests them; those after it have no say, not even on values the first leaves open. What a person has said about
a CI stands: then no rule changes anything.
"""
__all__ = ('CLAIMED', 'KEPT', 'WOULD_CHANGE', 'earlier', 'outcome', 'speaker')

# What becomes of a CI that a rule matches
WOULD_CHANGE = 'would_change'           # the rule speaks for it, and nobody has said anything yet
KEPT = 'already_classified'             # somebody has said something: that stands
CLAIMED = 'claimed_by_earlier'          # nobody has, but a rule asked before this one speaks for it


def earlier(rule, in_order):
    """Those of the rules `in_order` that are asked before `rule`; all of them if it is not among them."""
    before = []
    for each in in_order:
        if each == rule:
            break
        before.append(each)
    return before


def speaker(in_order, matches):
    """The first of the rules `in_order` for which `matches(rule)` is true, or None."""
    return next((rule for rule in in_order if matches(rule)), None)


def outcome(rule, in_order, matches, decided):
    """
    What becomes of one CI under `rule`: None if it does not match, else KEPT, CLAIMED or WOULD_CHANGE.

    `matches(rule)` says whether a rule matches the CI, `decided` whether a person has said anything about it.
    """
    if not matches(rule):
        return None
    if decided:
        return KEPT
    return CLAIMED if speaker(earlier(rule, in_order), matches) else WOULD_CHANGE
