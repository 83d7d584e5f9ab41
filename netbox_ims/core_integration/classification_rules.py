"""What classification rules show on NetBox's own pages: a suggestion on a CI's page, a button on the lists of CIs."""
import json

from django.contrib.contenttypes.models import ContentType

from netbox.plugins import PluginTemplateExtension

from ..ci_types import get_ci_types
from ..models import RegisterEntry
from ..querysets.classification_rules import undecided
from ..rules.list_filters import parameters_of_address
from ..services.classification_rules import suggestions

__all__ = ('RuleFromListButton', 'SuggestionPanel')


class SuggestionPanel(PluginTemplateExtension):
    """What a rule suggests for the CI on the page, as long as nobody has said anything about it."""
    models = list(get_ci_types())

    def right_page(self):
        ci, user = self.context['object'], self.context['request'].user
        entries = RegisterEntry.objects.restrict(user, 'view').of(ci)
        # Most have been classified: then no rule is asked.
        if (entry := entries.filter(undecided()).first()) is None:
            return ''
        suggested, rules = suggestions(entries, user, entry.object_type_id)
        if not rules or (entry := suggested.first()) is None:
            return ''
        return self.render('netbox_ims/panels/suggestion.html', {
            'entry': entry,
            'rule': rules[entry.speaker],
            'may_accept': user.has_perm('netbox_ims.add_assetprofile' if entry.profile_id is None else
                                        'netbox_ims.change_assetprofile'),
            'return_url': self.context['request'].path,
            'csrf_token': self.context['csrf_token'],
        })


class RuleFromListButton(PluginTemplateExtension):
    """On the list of a CI type that is filtered: make a rule of the filter."""
    models = list(get_ci_types())

    def list_buttons(self):
        request, model = self.context['request'], self.context['object']
        parameters = parameters_of_address(request.get_full_path()) if request.GET else None
        if not parameters or not request.user.has_perm('netbox_ims.add_classificationrule'):
            return ''
        given = {name: values for name, values in parameters.items() if any(values)}
        if not given:
            return ''
        return self.render('netbox_ims/buttons/rule_from_list.html', {
            'object_type': ContentType.objects.get_for_model(model), 'filter': json.dumps(given),
        })
