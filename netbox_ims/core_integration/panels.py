"""The panel on every CI's own page, and the stylesheet everywhere our badges may appear."""
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from netbox.plugins import PluginTemplateExtension

from ..choices import DecisionActionChoices
from ..ci_types import get_ci_types
from ..models import AssetProfile, Decision, RegisterEntry
from ..services.triggers import trigger_status
from ..ui.assignments import CIControls

__all__ = ('AssessmentPanel', 'ControlsPanel', 'Head')


class Head(PluginTemplateExtension):

    def head(self):
        return self.render('netbox_ims/inc/head.html')


class AssessmentPanel(PluginTemplateExtension):
    """Classification, flags, ratings, targets, owner and next review of the CI on the page, and who set them when."""
    models = list(get_ci_types())

    def right_page(self):
        ci, request = self.context['object'], self.context['request']
        user = request.user
        entries = RegisterEntry.objects.restrict(user, 'view').of(ci).select_related('classification', 'asset_owner')
        if (entry := entries.first()) is None:
            return ''
        profiles = AssetProfile.objects.restrict(user, 'view')
        profile = profiles.filter(pk=entry.profile_id).first() if entry.profile_id else None
        return self.render('netbox_ims/panels/ci_assessment.html', {
            'entry': entry,
            'profile': profile,
            'set_by': self._last_decision(ci, user) if entry.classification_id else None,
            'findings': self._findings(entry),
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

    def _findings(self, entry):
        """What is wrong, or due, or unknown, as a sentence each; the worst first."""
        findings = []
        if entry.review_state == 'overdue':
            findings.append({
                'css': 'ims-bad', 'icon': 'clock-alert-outline', 'title': _('Review overdue'),
                'text': _('It was due on {day}.').format(day=entry.review_due.isoformat()),
            })
        if entry.profile_id is None:
            findings.append({
                'css': 'ims-unk', 'icon': 'help', 'title': _('Not assessed'),
                'text': _('Nobody has said what this CI holds or how fast it must be back.'),
            })
        return findings


class ControlsPanel(PluginTemplateExtension):
    """What the CI on the page is in scope of, the controls it has and those it lacks."""
    models = list(get_ci_types())

    def right_page(self):
        ci, request = self.context['object'], self.context['request']
        entry = RegisterEntry.objects.restrict(request.user, 'view').of(ci).first()
        if entry is None:
            return ''
        controls = CIControls.of(entry, request.user)
        if not controls and not controls.may_see:
            return ''
        return self.render('netbox_ims/panels/ci_controls.html', {
            'entry': entry, 'controls': controls, 'return_url': request.path,
            'can_add': request.user.has_perm('netbox_ims.add_controlassignment'),
        })
