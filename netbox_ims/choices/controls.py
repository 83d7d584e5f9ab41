from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = (
    'AssignmentStatusChoices',
    'ImplementationStatusChoices',
    'SoaReasonChoices',
    'StatementStatusChoices',
)


class StatementStatusChoices(ChoiceSet):
    """Life of a statement of applicability; which step may follow which is in rules/statements.py."""
    DRAFT = 'draft'
    IN_REVIEW = 'in_review'
    APPROVED = 'approved'
    SUPERSEDED = 'superseded'

    CHOICES = [
        (DRAFT, _('Draft'), 'gray'),
        (IN_REVIEW, _('In review'), 'blue'),
        (APPROVED, _('Approved'), 'green'),
        (SUPERSEDED, _('Superseded'), 'gray'),
    ]


class SoaReasonChoices(ChoiceSet):
    """Why a control is needed; several may hold (ISO/IEC 27001 6.1.3 c, d)."""
    key = 'SoaEntry.reasons'

    RISK = 'risk'
    LEGAL = 'legal'
    CONTRACTUAL = 'contractual'
    BUSINESS = 'business'
    BEST_PRACTICE = 'best_practice'

    CHOICES = [
        (RISK, _('Risk')),
        (LEGAL, _('Legal')),
        (CONTRACTUAL, _('Contractual')),
        (BUSINESS, _('Business')),
        (BEST_PRACTICE, _('Best practice')),
    ]


class ImplementationStatusChoices(ChoiceSet):
    NOT_STARTED = 'not_started'
    PLANNED = 'planned'
    PARTIAL = 'partial'
    IMPLEMENTED = 'implemented'

    CHOICES = [
        (NOT_STARTED, _('Not started'), 'gray'),
        (PLANNED, _('Planned'), 'blue'),
        (PARTIAL, _('Partial'), 'orange'),
        (IMPLEMENTED, _('Implemented'), 'green'),
    ]


class AssignmentStatusChoices(ChoiceSet):
    """How far a control is in place on one CI; `verified` means that somebody has looked."""
    PLANNED = 'planned'
    PARTIAL = 'partial'
    IMPLEMENTED = 'implemented'
    VERIFIED = 'verified'

    CHOICES = [
        (PLANNED, _('Planned'), 'blue'),
        (PARTIAL, _('Partial'), 'orange'),
        (IMPLEMENTED, _('Implemented'), 'cyan'),
        (VERIFIED, _('Verified'), 'green'),
    ]
