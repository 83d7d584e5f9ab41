"""
When an assessment is to be looked at again (ISO/IEC 27001 A.5.9 and A.5.12: inventories and classifications are kept
current).
"""
from datetime import timedelta

__all__ = ('next_review', 'review_state')


def next_review(last_reviewed, interval_days):
    """The date the next review is due, or None where either is unknown."""
    if last_reviewed is None or not interval_days:
        return None
    return last_reviewed + timedelta(days=interval_days)


def review_state(review_due, today, notice_days=30):
    """
    'unknown' without a date, 'overdue' from the day after it, 'due' within `notice_days` before it, else 'current'.

    Unknown never counts as current.
    """
    if review_due is None:
        return 'unknown'
    if review_due < today:
        return 'overdue'
    if review_due <= today + timedelta(days=notice_days):
        return 'due'
    return 'current'
