from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = ('AlignmentChoices', 'AlignmentKindChoices', 'TargetChoices')


class AlignmentChoices(ChoiceSet):
    """Own recovery target against what is required of the CI. No data is undetermined, never aligned."""
    ALIGNED = 'aligned'
    BREACHED = 'breached'
    UNDETERMINED = 'undetermined'

    CHOICES = [
        (ALIGNED, _('Aligned'), 'green'),
        (BREACHED, _('Breached'), 'red'),
        (UNDETERMINED, _('Undetermined'), 'gray'),
    ]


class AlignmentKindChoices(ChoiceSet):
    """What is compared with what: see rules.alignment."""
    CHOICES = [
        ('rto', _('RTO of a dependency')),
        ('rpo', _('RPO of a dependency')),
        ('mtpd', _('RTO within MTPD')),
        ('test', _('Achieved in test')),
    ]


class TargetChoices(ChoiceSet):
    """Recovery targets: how soon a CI is back, and how much of what it held may be lost."""
    CHOICES = [('rto', _('RTO')), ('rpo', _('RPO'))]
