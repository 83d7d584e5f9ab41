from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = (
    'CriticalityChoices',
    'ITServiceStatusChoices',
)


class CriticalityChoices(ChoiceSet):
    """How much depends on a business function. The colours are no verdict: a critical function is not a bad one."""
    key = 'BusinessFunction.criticality'

    LOW = 'low'
    MEDIUM = 'medium'
    HIGH = 'high'
    CRITICAL = 'critical'

    CHOICES = [
        (LOW, _('Low'), 'gray'),
        (MEDIUM, _('Medium'), 'cyan'),
        (HIGH, _('High'), 'blue'),
        (CRITICAL, _('Critical'), 'indigo'),
    ]


class ITServiceStatusChoices(ChoiceSet):
    key = 'ITService.status'

    STATUS_PLANNED = 'planned'
    STATUS_ACTIVE = 'active'
    STATUS_RETIRED = 'retired'

    CHOICES = [
        (STATUS_PLANNED, _('Planned'), 'cyan'),
        (STATUS_ACTIVE, _('Active'), 'teal'),
        (STATUS_RETIRED, _('Retired'), 'gray'),
    ]
