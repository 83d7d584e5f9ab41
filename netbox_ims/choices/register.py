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

    CHOICES = [
        (ASSESSED, _('Assessed'), 'blue'),
        (WITHDRAWN, _('Withdrawn'), 'orange'),
        (UNASSIGNED, _('Control unassigned'), 'orange'),
        (RETIRED, _('Retired'), 'gray'),
        (APPROVED, _('Approved'), 'green'),
        (SUPERSEDED, _('Superseded'), 'gray'),
        (ACCEPTED, _('Accepted'), 'green'),
        (REJECTED, _('Rejected'), 'red'),
    ]
