"""
Who does it, and why: told to the triggers that write Decision and RetiredCI.

They read transaction-local settings, so nothing leaks from one transaction to the next, and a write that says nothing
(a script's SQL) is recorded without a name rather than under somebody else's.
"""
from django.db import connections
from django.utils.translation import gettext as _

from core.models import ObjectChange

__all__ = ('LONGEST_REASON', 'attribute', 'reason_problem')

LONGEST_REASON = ObjectChange._meta.get_field('message').max_length     # as it goes to the change log, too


def reason_problem(reason):
    """Why a text can't be kept as the reason of a step, or None if it can."""
    if len(reason) > LONGEST_REASON:
        return _('A reason has at most {longest} characters.').format(longest=LONGEST_REASON)
    return _('Null characters are not allowed.') if '\x00' in reason else None


def attribute(using, user=None, reason=''):
    """
    Name the person behind what follows in this transaction. Outside a transaction it does nothing: the settings would
    be gone before the write.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        return
    known = user is not None and user.is_authenticated
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('netbox_ims.user_id', %s, true), set_config('netbox_ims.user_name', %s, true), "
            "set_config('netbox_ims.reason', %s, true)",
            [str(user.pk) if known else '', user.get_username() if known else '', reason or ''],
        )
