"""
The steps of a risk that concern more than itself: asking for its acceptance, deciding that, what time and
reassessment do to it. What may follow what, and what stands against it, is decided in rules/risks.py.
"""
from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from utilities.exceptions import AbortRequest

from ..choices import RiskAcceptanceStatusChoices
from ..events import RISK_ACCEPTANCE_EXPIRED, RISK_ACCEPTED, RISK_REJECTED
from ..models import Risk, RiskAcceptance
from ..rules import risks as rules
from .attribution import attribute
from .branch_schema import in_branch
from .change_log import fire
from .refusals import NotPermitted, Refused
from .risk_text import write_down_risk

__all__ = ('accept', 'acceptance_reasons', 'confirm', 'expire_acceptances', 'note_request', 'reject')

ABOVE_LEVEL = 'accept_above_level'


def note_request(acceptance, user):
    """
    Somebody asks for a risk to be accepted, or asks for something else than before: who it is, and what the risk is.
    Only who asked may ask for something else, so that nobody can decide what they have written themselves: it takes one
    name to know everybody who has.
    """
    if acceptance.requested_by is not None and acceptance.requested_by != user and not acceptance._state.adding:
        raise AbortRequest(_(
            'Only {user}, who asked for it, can change what is asked for: so nobody decides what they have written '
            'themselves.'
        ).format(user=acceptance.requested_by))
    acceptance.requested_by, acceptance.requested_on = user, timezone.now()
    acceptance.as_decided = write_down_risk(acceptance.risk)


def acceptance_reasons(acceptance, user):
    """Why `user` can't accept it as things are, as {kind: sentence}; empty if nothing stands against it."""
    refusals = rules.acceptance_refusals(
        acceptance.risk.facts, acceptance.requested_by_id, user.pk if user else None, acceptance.valid_until,
        timezone.localdate(), _may_accept_above(acceptance.risk, user),
    )
    return {kind: str(RiskAcceptance.REFUSALS[kind]) for kind in refusals}


def _may_accept_above(risk, user):
    return user is None or Risk.objects.restrict(user, ABOVE_LEVEL).filter(pk=risk.pk).exists()


def accept(acceptance, user, reason=''):
    """
    Accept the risk as it is now: freezes what it is, and takes the place of an acceptance before. Whether the user may
    accept risks at all is for the caller to check; the level is checked here. Raises Refused with all that stands
    against it.
    """
    with transaction.atomic(using=_using()):
        acceptance = _locked(acceptance)
        _step(acceptance, rules.ACCEPT)
        if reasons := acceptance_reasons(acceptance, user):
            refusal = NotPermitted if reasons.keys() == {rules.ABOVE_LEVEL} else Refused
            raise refusal(
                _('{reference} cannot be accepted.').format(reference=acceptance.risk.reference), reasons.values(),
                'requested_by' if rules.OWN_REQUEST in reasons else None,
            )
        before = RiskAcceptance.objects.filter(risk=acceptance.risk_id, status=RiskAcceptanceStatusChoices.ACCEPTED)
        for old in before.select_for_update():
            _end(old, rules.VOID, user, _('Another acceptance has taken its place.'))
        acceptance.as_decided = write_down_risk(acceptance.risk)
        _decide(acceptance, user, reason)
        fire(RISK_ACCEPTED, acceptance)
    return acceptance


def reject(acceptance, user, reason=''):
    """Refuse to accept the risk. Raises Refused."""
    with transaction.atomic(using=_using()):
        acceptance = _locked(acceptance)
        _step(acceptance, rules.REJECT)
        if acceptance.requested_by_id is not None and user and acceptance.requested_by_id == user.pk:
            raise Refused(
                _('You asked for it. To take it back, delete the request.'),
                [RiskAcceptance.REFUSALS[rules.OWN_REQUEST]], 'requested_by'
            )
        _decide(acceptance, user, reason)
        fire(RISK_REJECTED, acceptance)
    return acceptance


def expire_acceptances():
    """Mark what has run out: acceptances whose last day has passed, and requests for such. Returns them."""
    expired = []
    with transaction.atomic(using=_using()):
        lapsed = RiskAcceptance.objects.lapsed().select_for_update(of=('self',)).select_related('risk')
        for acceptance in lapsed:
            _end(acceptance, rules.EXPIRE, None, _('Its last day has passed.'))
            fire(RISK_ACCEPTANCE_EXPIRED, acceptance)
            expired.append(acceptance)
    return expired


def confirm(risk, user, reason=''):
    """
    Somebody has looked at a risk whose level another matrix changed, and says that its ratings are right as they are.
    Raises Refused where there is nothing to confirm, or no level.
    """
    with transaction.atomic(using=_using()):
        risk = Risk.objects.select_for_update(of=('self',)).select_related('matrix').get(pk=risk.pk)
        if not risk.reassess:
            raise Refused(_('{reference} is not to be reassessed.').format(reference=risk.reference))
        if risk.current_level is None:
            raise Refused(
                _('{reference} has no current level.').format(reference=risk.reference),
                [_('The matrix cannot place its ratings: rate it anew.')]
            )
        risk.snapshot()
        risk.reassess = False
        risk._changelog_message = reason
        risk.save()
    return risk


def _using():
    return router.db_for_write(RiskAcceptance)


def _locked(acceptance):
    """
    The acceptance as it is now, with its risk locked against change: what is accepted is what was looked at, not what
    somebody else is making of it just now.
    """
    risk = Risk.objects.using(_using()).select_for_update(of=('self',)).get(pk=acceptance.risk_id)
    fresh = RiskAcceptance.objects.using(_using()).select_for_update(of=('self',)).get(pk=acceptance.pk)
    fresh.risk = risk
    fresh.snapshot()
    return fresh


def _step(acceptance, action):
    if in_branch():
        raise Refused(_('What is accepted is decided in main, not in a branch.'))
    status = rules.next_status(acceptance.status, action)
    if status is None:
        raise Refused(_('It is {status} already.').format(status=acceptance.get_status_display().lower()), [
            _('Only what is requested can be decided.')
        ])
    acceptance.status = status


def _decide(acceptance, user, reason):
    attribute(_using(), user, reason)
    acceptance.decided_by, acceptance.decided_on = user, timezone.now()
    acceptance._changelog_message = reason
    acceptance.save()


def _end(acceptance, action, user, reason):
    acceptance.snapshot()
    attribute(_using(), user, reason)
    acceptance.status = rules.next_status(acceptance.status, action)
    acceptance._changelog_message = reason
    acceptance.save()
