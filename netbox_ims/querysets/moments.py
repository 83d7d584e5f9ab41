"""Moments that the register can be asked about: since its history begins, and not before they have come."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from ..rules.moments import parse_moment
from .history import history_start

__all__ = ('known_moment',)

CLOCKS_DIFFER = timedelta(minutes=1)


def known_moment(text, to_its_end=False):
    """
    The moment a text says (rules/moments.py, in the time zone at work); of today's date, or of a minute or second that
    is meant `to_its_end`, while it has not ended: now. ValidationError if it says none, or one of which nothing is
    known.
    """
    now, zone = timezone.now(), timezone.get_current_timezone()
    try:
        moment = parse_moment(text, zone, to_its_end)
    except ValueError as e:
        raise ValidationError(
            _('“{text}” is no date. Write 2026-12-31, 2026-12-31T18:00 or 2026-12-31T23:59:59Z.').format(text=text)
        ) from e
    if text.strip() == timezone.localdate(now).isoformat() or parse_moment(text, zone) <= now < moment:
        return now
    if moment > now + CLOCKS_DIFFER:
        raise ValidationError(_('That moment has not come yet.'))
    since = history_start()
    if since is None or moment < since:
        raise ValidationError(
            _('The register is known since {since}.').format(since=f'{timezone.localtime(since):%Y-%m-%d %H:%M:%S %Z}')
            if since else _('The history of the register has not begun.')
        )
    return moment
