"""Panels of the pages of standards, clauses, catalogues and controls."""
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..choices import AssignmentStatusChoices
from ..models import Control, ControlAssignment, RegisterEntry
from ..querysets.assignments import missing_by_control
from .attrs import TagsAttr

__all__ = (
    'ClausePanel', 'ControlAttributesPanel', 'ControlCatalogPanel', 'ControlCoveragePanel', 'ControlMapPanel',
    'ControlPanel', 'RequiredControlsPanel', 'StandardPanel',
)


class StandardPanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    edition = attrs.TextAttr('edition')
    description = attrs.TextAttr('description')


class ClausePanel(panels.ObjectAttributesPanel):
    standard = attrs.RelatedObjectAttr('standard', linkify=True)
    number = attrs.TextAttr('number')
    title = attrs.TextAttr('title', label=_('Title'))
    description = attrs.TextAttr('description')


class ControlCatalogPanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    edition = attrs.TextAttr('edition')
    standard = attrs.RelatedObjectAttr('standard', linkify=True)
    description = attrs.TextAttr('description')


class ControlPanel(panels.ObjectAttributesPanel):
    catalog = attrs.RelatedObjectAttr('catalog', linkify=True)
    ref = attrs.TextAttr('ref', label=_('Reference'))
    title = attrs.TextAttr('title', label=_('Title'))
    theme = attrs.TextAttr('theme')
    description = attrs.TextAttr('description')


class ControlAttributesPanel(panels.ObjectAttributesPanel):
    """The attributes of ISO/IEC 27002:2022."""
    title = _('Attributes')
    control_type = TagsAttr('control_type', label=_('Control type'))
    information_security_properties = TagsAttr('information_security_properties', label=_('Properties'))
    cybersecurity_concepts = TagsAttr('cybersecurity_concepts', label=_('Concepts'))
    operational_capabilities = TagsAttr('operational_capabilities', label=_('Capabilities'))
    security_domains = TagsAttr('security_domains', label=_('Domains'))


class ControlMapPanel(panels.ObjectPanel):
    """What it replaced in older editions, and what replaced it: old references live on in contracts and audits."""
    title = _('Other Editions')
    template_name = 'netbox_ims/panels/control_map.html'

    def get_context(self, context):
        control = context['object']
        user = context['request'].user
        seen = Control.objects.restrict(user, 'view').select_related('catalog')
        return {
            **super().get_context(context),
            'replaces': seen.filter(replaced_by=control), 'replaced_by': seen.filter(replaces=control),
        }


class ControlCoveragePanel(panels.ObjectPanel):
    """On how many CIs it is, by status, and where it is required and missing; of the CIs the user may see."""
    title = _('Coverage')
    template_name = 'netbox_ims/panels/control_coverage.html'

    def get_context(self, context):
        control, user = context['object'], context['request'].user
        entries = RegisterEntry.objects.restrict(user, 'view')
        assignments = ControlAssignment.objects.restrict(user, 'view').filter(control=control)
        may_see = user.has_perm('netbox_ims.view_controlassignment') and user.has_perm('netbox_ims.view_registerentry')
        return {
            **super().get_context(context),
            'statuses': self._statuses(assignments) if may_see else None,
            'required_by': control.required_by.restrict(user, 'view'),
            'missing': missing_by_control(entries, Control.objects.filter(pk=control.pk)).get(control.pk, 0)
            if may_see else None,
        }


    @staticmethod
    def _statuses(assignments):
        """[(status, its label, count)] in the order in which a control comes to be verified."""
        counts = assignments.by_status()
        return [(status, label, counts[status]) for status, label in AssignmentStatusChoices if status in counts]


class RequiredControlsPanel(panels.ObjectPanel):
    """The controls a classification requires, and on how many of its CIs each is missing."""
    title = _('Required Controls')
    template_name = 'netbox_ims/panels/required_controls.html'

    def get_context(self, context):
        classification, user = context['object'], context['request'].user
        controls = classification.required_controls.restrict(user, 'view').select_related('catalog')
        may_see = user.has_perm('netbox_ims.view_controlassignment') and user.has_perm('netbox_ims.view_registerentry')
        missing = {}
        if may_see and controls:
            entries = RegisterEntry.objects.restrict(user, 'view').filter(effective_classification=classification)
            missing = missing_by_control(entries, Control.objects.filter(pk__in=[c.pk for c in controls]))
        return {
            **super().get_context(context),
            'rows': [{'control': control, 'missing': missing.get(control.pk, 0)} for control in controls],
            'may_see': may_see,
        }
