from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = ('RiskAcceptanceStatusChoices', 'RiskStatusChoices', 'RiskTreatmentChoices')


class RiskStatusChoices(ChoiceSet):
    """An open risk asks for something to be done, a monitored one is watched, a closed one can no longer come true."""
    OPEN = 'open'
    MONITORED = 'monitored'
    CLOSED = 'closed'

    CHOICES = [
        (OPEN, _('Open'), 'orange'),
        (MONITORED, _('Monitored'), 'blue'),
        (CLOSED, _('Closed'), 'gray'),
    ]


class RiskTreatmentChoices(ChoiceSet):
    """How a risk is dealt with (ISO 31000 6.5.2, ISO/IEC 27005)."""
    MODIFY = 'modify'
    RETAIN = 'retain'
    AVOID = 'avoid'
    SHARE = 'share'

    CHOICES = [
        (MODIFY, _('Modify'), 'blue'),
        (RETAIN, _('Retain'), 'cyan'),
        (AVOID, _('Avoid'), 'purple'),
        (SHARE, _('Share'), 'indigo'),
    ]


class RiskAcceptanceStatusChoices(ChoiceSet):
    """Life of an acceptance; which step may follow which is in rules/risks.py."""
    REQUESTED = 'requested'
    ACCEPTED = 'accepted'
    REJECTED = 'rejected'
    EXPIRED = 'expired'
    VOID = 'void'

    CHOICES = [
        (REQUESTED, _('Requested'), 'blue'),
        (ACCEPTED, _('Accepted'), 'green'),
        (REJECTED, _('Rejected'), 'red'),
        (EXPIRED, _('Expired'), 'orange'),
        (VOID, _('Void'), 'gray'),
    ]
