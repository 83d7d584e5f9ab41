from django.utils.translation import gettext_lazy as _

from utilities.choices import ChoiceSet

__all__ = ('ClassificationRuleModeChoices',)


class ClassificationRuleModeChoices(ChoiceSet):
    """What a rule does about a CI that nobody has classified."""
    SUGGEST = 'suggest'
    APPLY = 'apply'

    CHOICES = [
        (SUGGEST, _('Suggest'), 'cyan'),
        (APPLY, _('Apply to unclassified'), 'purple'),
    ]
