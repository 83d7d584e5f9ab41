from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = (
    'ContinuityTestResultChoices',
    'ContinuityTestTypeChoices',
    'CriticalityChoices',
    'ITServiceStatusChoices',
    'ImpactCategoryChoices',
    'PlanStatusChoices',
    'PlanTypeChoices',
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


class PlanTypeChoices(ChoiceSet):
    BUSINESS = 'business'
    SERVICE = 'service'

    CHOICES = [
        (BUSINESS, _('Business plan'), 'indigo'),
        (SERVICE, _('Service plan'), 'cyan'),
    ]


class PlanStatusChoices(ChoiceSet):
    """Life of a continuity plan; which step may follow which is in rules/continuity.py."""
    DRAFT = 'draft'
    APPROVED = 'approved'
    RETIRED = 'retired'

    CHOICES = [
        (DRAFT, _('Draft'), 'gray'),
        (APPROVED, _('Approved'), 'green'),
        (RETIRED, _('Retired'), 'gray'),
    ]


class ContinuityTestTypeChoices(ChoiceSet):
    """How a plan is exercised, from talking it through to doing it (ISO 22301 8.5)."""
    key = 'ContinuityTest.test_type'

    WALKTHROUGH = 'walkthrough'
    SIMULATION = 'simulation'
    FAILOVER = 'failover'
    RESTORE = 'restore'

    CHOICES = [
        (WALKTHROUGH, _('Walkthrough'), 'gray'),
        (SIMULATION, _('Simulation'), 'cyan'),
        (FAILOVER, _('Failover'), 'blue'),
        (RESTORE, _('Restore'), 'indigo'),
    ]


class ContinuityTestResultChoices(ChoiceSet):
    PASSED = 'passed'
    PARTIAL = 'partial'
    FAILED = 'failed'

    CHOICES = [
        (PASSED, _('Passed'), 'green'),
        (PARTIAL, _('Passed in part'), 'orange'),
        (FAILED, _('Failed'), 'red'),
    ]


class ImpactCategoryChoices(ChoiceSet):
    """What a disruption may harm: those offered. An analysis may name others."""
    key = 'BusinessImpactAnalysis.categories'

    CHOICES = [
        ('financial', _('Financial')),
        ('legal', _('Legal')),
        ('safety', _('Safety')),
        ('reputation', _('Reputation')),
    ]
