"""
The life of a risk and of what is decided about it: what needs an explanation, which step an acceptance may take, what
keeps it from being accepted (ISO/IEC 27001 6.1.3 f; ISO 31000 6.5), and which later change makes it void.
"""
from dataclasses import dataclass

__all__ = (
    'ABOVE_LEVEL', 'ACCEPT', 'CLOSED', 'EXPIRE', 'LAPSED', 'OWN_REQUEST', 'REASSESS', 'REJECT', 'STAGES', 'UNRATED',
    'VOID', 'RiskFacts', 'StageFacts', 'acceptance_refusals', 'is_above', 'is_treated', 'material_changes',
    'needs_explanation', 'next_status', 'request_refusals',
)

# The three assessments of one risk: as if nothing were done about it, as it is, and as it shall be after treatment
STAGES = ('inherent', 'current', 'target')

ACCEPT, REJECT, EXPIRE, VOID = 'accept', 'reject', 'expire', 'void'
# action -> {status it may start from: status it leads to}
TRANSITIONS = {
    ACCEPT: {'requested': 'accepted'},
    REJECT: {'requested': 'rejected'},
    EXPIRE: {'requested': 'expired', 'accepted': 'expired'},
    VOID: {'requested': 'void', 'accepted': 'void'},
}
# What keeps a risk from being accepted
OWN_REQUEST, UNRATED, REASSESS, CLOSED, LAPSED, ABOVE_LEVEL = (
    'own_request', 'unrated', 'reassess', 'closed', 'lapsed', 'above_level'
)


@dataclass(frozen=True)
class StageFacts:
    """One assessment of a risk: likelihood and impact that counts, and the rank of the level. None = not rated."""
    likelihood: int | None = None
    impact: int | None = None
    rank: int | None = None


@dataclass(frozen=True)
class RiskFacts:
    """A risk as far as rules ask. `above`: whether it is above the acceptance level; None = nobody can say."""
    inherent: StageFacts = StageFacts()
    current: StageFacts = StageFacts()
    target: StageFacts = StageFacts()
    above: bool | None = None
    treatment: str = ''
    threat: str = ''
    vulnerability: str = ''
    matrix: int | None = None
    reassess: bool = False
    closed: bool = False


def is_above(residual, inherent):
    """
    Whether what is left of a risk is more than there would be if nothing were done: by its level, or because neither
    likelihood nor impact is lower and one is higher. Where either is not rated, nobody can say so.
    """
    if None in (residual.likelihood, residual.impact, inherent.likelihood, inherent.impact):
        return False
    if None not in (residual.rank, inherent.rank) and residual.rank > inherent.rank:
        return True
    steps = (residual.likelihood - inherent.likelihood, residual.impact - inherent.impact)
    return min(steps) >= 0 and max(steps) > 0


def needs_explanation(risk):
    """The stages that are above the inherent risk: people assess so by mistake, or for a reason they must give."""
    return [stage for stage in STAGES[1:] if is_above(getattr(risk, stage), risk.inherent)]


def next_status(status, action):
    """The status `action` leads to from `status`, or None if it is not allowed there."""
    return TRANSITIONS[action].get(status)


def request_refusals(risk):
    """Why nobody can ask for this risk to be accepted as it is."""
    return [
        *([CLOSED] if risk.closed else []),
        *([UNRATED] if risk.current.rank is None else []),      # what is not known can't be accepted
        *([REASSESS] if risk.reassess else []),
    ]


def acceptance_refusals(risk, requested_by, decided_by, valid_until, today, may_accept_above):
    """
    Why this person can't accept the risk as it is today: what keeps it from being asked for, a date that has passed,
    having asked for it oneself (segregation of duties, A.5.3), or a level that only some may accept.
    """
    return [
        *request_refusals(risk),
        *([OWN_REQUEST] if requested_by is not None and requested_by == decided_by else []),
        *([LAPSED] if valid_until < today else []),
        *([ABOVE_LEVEL] if risk.above and not may_accept_above else []),
    ]


def is_treated(has_actions, accepted):
    """Whether anything has been decided about a risk: actions to treat it, or an acceptance that is in force."""
    return has_actions or accepted


def material_changes(before, after):
    """
    What changed so much that an acceptance of the risk no longer covers it, as names of RiskFacts' fields.

    An assessment that became worse, or unknown, does; one that became better does not: whoever accepted more accepted
    that. Another matrix does where it makes any level, or the verdict on it, another one, better or worse: the words
    that were accepted mean something else then. So does a risk by another threat or vulnerability, or one that is dealt
    with in another way.
    """
    changed = [stage for stage in STAGES if _is_worse(getattr(before, stage), getattr(after, stage))]
    if before.matrix != after.matrix:
        changed += [
            stage for stage in STAGES
            if stage not in changed and getattr(before, stage).rank != getattr(after, stage).rank
        ]
        changed += ['above'] if before.above is not after.above else []
    changed += [name for name in ('threat', 'vulnerability') if _said(before, name) != _said(after, name)]
    return [*changed, *(['treatment'] if before.treatment != after.treatment else [])]


def _is_worse(before, after):
    """An assessment that is no longer rated, or higher in any way, is worse; one that was not rated before is new."""
    for name in ('likelihood', 'impact', 'rank'):
        was, now = getattr(before, name), getattr(after, name)
        if was is not None and (now is None or now > was):
            return True
    return False


def _said(risk, name):
    """A text as far as it says something else: neither by case nor by white space."""
    return ' '.join(getattr(risk, name).lower().split())
