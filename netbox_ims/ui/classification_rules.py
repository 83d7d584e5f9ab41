"""Panels of the pages about classification rules, and the figures of a preview."""
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..rules.classification_rules import CLAIMED, KEPT, WOULD_CHANGE
from .attrs import BadgeAttr

__all__ = ('OUTCOMES', 'ClassificationRulePanel', 'RuleProblemsPanel', 'RuleSetsPanel', 'outcome_tiles')

# What can become of a CI that a rule matches, and what that means
OUTCOMES = {
    WOULD_CHANGE: (_('Would change'), _('The rule speaks for them, and nobody has classified them')),
    KEPT: (_('Already classified'), _('Somebody has said something: that stands')),
    CLAIMED: (_('Earlier rule'), _('A rule that is asked before this one speaks for them')),
}


class ListFilterAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/list_filter.html'


class RuleSetsAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/rule_sets.html'


class ClassificationRulePanel(panels.ObjectAttributesPanel):
    title = _('Classification Rule')
    name = attrs.TextAttr('name')
    weight = attrs.NumericAttr('weight', label=_('Weight'))
    enabled = attrs.BooleanAttr('enabled', label=_('Enabled'))
    description = attrs.TextAttr('description')
    object_type = attrs.TextAttr('type_name', label=_('CI type'))
    filter = ListFilterAttr('filter', label=_('Matches'))


class RuleSetsPanel(panels.ObjectAttributesPanel):
    title = _('Sets')
    mode = attrs.ChoiceAttr('mode', label=_('Mode'))
    values = RuleSetsAttr('values', label=_('Values'))


class RuleProblemsPanel(panels.ObjectPanel):
    """Why a rule is broken; nothing is drawn for one that is not."""
    title = _('Broken')
    template_name = 'netbox_ims/panels/rule_problems.html'

    def get_context(self, context):
        return {**super().get_context(context), 'problems': context['object'].problems}

    def should_render(self, context):
        return bool(context['problems'])


def outcome_tiles(result, chosen):
    """The figures of a services.classification_rules.Result as links to the rows they count."""
    return [
        {
            'outcome': outcome, 'title': title, 'help': text, 'count': getattr(result, outcome),
            'active': outcome == chosen,
        }
        for outcome, (title, text) in OUTCOMES.items()
    ]
