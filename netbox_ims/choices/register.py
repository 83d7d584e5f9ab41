from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = (
    'DecisionActionChoices',
    'InformationAssetStatusChoices',
)


class InformationAssetStatusChoices(ChoiceSet):
    key = 'InformationAsset.status'

    STATUS_PLANNED = 'planned'
    STATUS_ACTIVE = 'active'
    STATUS_RETIRED = 'retired'

    CHOICES = [
        (STATUS_PLANNED, _('Planned'), 'cyan'),
        (STATUS_ACTIVE, _('Active'), 'teal'),
        (STATUS_RETIRED, _('Retired'), 'gray'),
    ]


class DecisionActionChoices(ChoiceSet):
    ASSESSED = 'assessed'
    WITHDRAWN = 'withdrawn'
    UNASSIGNED = 'unassigned'
    RETIRED = 'retired'
    APPROVED = 'approved'
    SUPERSEDED = 'superseded'
    ACCEPTED = 'accepted'
    REJECTED = 'rejected'
    REQUESTED = 'requested'
    EXPIRED = 'expired'
    VOIDED = 'voided'
    ACTIVATED = 'activated'
    TREATED = 'treated'
    RISK_UNASSIGNED = 'risk_unassigned'

    CHOICES = [
        (ASSESSED, _('Assessed'), 'blue'),
        (WITHDRAWN, _('Withdrawn'), 'orange'),
        (UNASSIGNED, _('Control unassigned'), 'orange'),
        (RETIRED, _('Retired'), 'gray'),
        (APPROVED, _('Approved'), 'green'),
        (SUPERSEDED, _('Superseded'), 'gray'),
        (ACCEPTED, _('Accepted'), 'green'),
        (REJECTED, _('Rejected'), 'red'),
        (REQUESTED, _('Acceptance requested'), 'blue'),
        (EXPIRED, _('Acceptance expired'), 'orange'),
        (VOIDED, _('Acceptance void'), 'orange'),
        (ACTIVATED, _('Activated'), 'green'),
        (TREATED, _('Treatment changed'), 'blue'),
        (RISK_UNASSIGNED, _('Risk unassigned'), 'orange'),
    ]
