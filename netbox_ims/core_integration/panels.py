"""The panel on every CI's own page, and the stylesheet everywhere our badges may appear."""
from django.contrib.contenttypes.models import ContentType

from netbox.plugins import PluginTemplateExtension

from ..choices import DecisionActionChoices
from ..ci_types import get_ci_types
from ..models import AssetProfile, Decision
from ..services.triggers import trigger_status
from ..ui.assignments import CIControls
from ..ui.findings import findings
from ..ui.inheritance import Inheritance
from ..views.ci import entry_of

__all__ = ('AssessmentPanel', 'Head')


class Head(PluginTemplateExtension):

    def head(self):
        return self.render('netbox_ims/inc/head.html')


class AssessmentPanel(PluginTemplateExtension):
    """Classification, flags, ratings, targets, owner and next review of the CI on the page, and who set them when."""
    models = list(get_ci_types())

    def right_page(self):
        ci, request = self.context['object'], self.context['request']
        user = request.user
        if (entry := entry_of(ci, user)) is None:
            return ''
        profiles = AssetProfile.objects.restrict(user, 'view')
        profile = profiles.filter(pk=entry.profile_id).first() if entry.profile_id else None
        inheritance, controls = Inheritance(entry, user), CIControls.of(entry, user)
        return self.render('netbox_ims/panels/ci_assessment.html', {
            'entry': entry,
            'profile': profile,
            'set_by': self._last_decision(ci, user) if entry.classification_id else None,
            'inheritance': inheritance,
            'controls': controls,
            'findings': findings(entry, inheritance, controls),
            'trigger_status': trigger_status(),
            'can_add': user.has_perm('netbox_ims.add_assetprofile'),
            'can_change': user.has_perm('netbox_ims.change_assetprofile', profile) if profile else False,
            'return_url': request.path,
        })

    def _last_decision(self, ci, user):
        return Decision.objects.restrict(user, 'view').filter(
            object_type=ContentType.objects.get_for_model(ci), object_id=ci.pk,
            action=DecisionActionChoices.ASSESSED, new_values__has_key='classification',
        ).order_by('-pk').first()
