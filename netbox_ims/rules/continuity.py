"""
Continuity plans and their tests (ISO 22301 8.4.4, 8.5): which step may follow which, what keeps a plan from being
approved, when a test is due again and overdue, and until when what it showed can be relied on.
"""
from dataclasses import dataclass

__all__ = (
    'APPROVE', 'NEW_VERSION', 'RETIRE', 'PlanFacts', 'due_on', 'find_gaps', 'is_overdue', 'next_status', 'shown_until',
)

APPROVE, RETIRE, NEW_VERSION = 'approve', 'retire', 'new_version'
# action -> {status it may start from: status it leads to}; a new version leaves the old one as it is
TRANSITIONS = {
    APPROVE: {'draft': 'approved'},
    RETIRE: {'approved': 'retired'},
    NEW_VERSION: {'approved': 'approved', 'retired': 'retired'},
}


@dataclass(frozen=True)
class PlanFacts:
    """What a plan says, as far as rules ask: its `sections` as {name: text}, and how many it is for."""
    plan_type: str
    sections: dict
    functions: int = 0
    services: int = 0
    has_parent: bool = False


def next_status(status, action):
    """The status `action` leads to from `status`, or None if it is not allowed there."""
    return TRANSITIONS[action].get(status)


def find_gaps(plan, needs_parent):
    """
    Everything that keeps a plan from being approved, as (kind, section or None): `parent` where a service plan lacks
    the business plan it follows from, `subject` where it is for nothing, `empty` for each section without a text.
    """
    gaps = []
    if plan.plan_type == 'service' and needs_parent and not plan.has_parent:
        gaps.append(('parent', None))
    if not (plan.functions if plan.plan_type == 'business' else plan.services):
        gaps.append(('subject', None))
    return gaps + [('empty', name) for name, text in plan.sections.items() if not text.strip()]


def due_on(planned_on, held_on, next_due, repeated=False):
    """
    The date by which somebody is to test: of a test that is still to be held, when it is planned; of one that was held,
    when it is due again, unless it has been `repeated` since. None if nobody has said, or nothing is to be done.
    """
    if held_on is None:
        return planned_on
    return None if repeated else next_due


def is_overdue(due, today):
    """From the day after it. Without a date nobody can say: None."""
    return None if due is None else due < today


def shown_until(end_of_day, recorded):
    """
    The moment until which a test speaks for what it tested: the end of the day on which it was held, or, where that was
    the day it was recorded, the moment of recording. A change after that is one the test did not see.
    """
    return min(end_of_day, recorded)
