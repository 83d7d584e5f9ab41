"""Panels of the register's pages."""
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from .attrs import ClassificationAttr, FlagAttr, MinutesAttr, OwnerAttr, ReviewAttr

__all__ = (
    'AssessmentPanel',
    'ClassificationHandlingPanel',
    'ClassificationPanel',
    'DecisionPanel',
    'DecisionValuesPanel',
    'InformationAssetPanel',
    'ProfileCIPanel',
    'RegisterEntryPanel',
    'RetiredCIPanel',
    'RetiredValuesPanel',
    'ReviewPanel',
)


class ClassificationPanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    level = attrs.NumericAttr('level', label=_('Level'))
    review_interval_days = attrs.NumericAttr('review_interval_days', label=_('Review interval (days)'))
    requires_security_review = attrs.BooleanAttr('requires_security_review', label=_('Requires security review'))
    description = attrs.TextAttr('description')


class ClassificationHandlingPanel(panels.CommentsPanel):
    title = _('Handling Rules')

    def __init__(self, **kwargs):
        super().__init__(field_name='handling', **kwargs)


class InformationAssetPanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    status = attrs.ChoiceAttr('status')
    custodian = attrs.RelatedObjectAttr('custodian', linkify=True)
    description = attrs.TextAttr('description')


class ProfileCIPanel(panels.ObjectAttributesPanel):
    title = _('Configuration Item')
    object_type = attrs.TextAttr('entry.type_name', label=_('Type'))
    object = attrs.RelatedObjectAttr('object', linkify=True, label=_('Name'))
    site = attrs.RelatedObjectAttr('entry.site', linkify=True, label=_('Site'))
    tenant = attrs.RelatedObjectAttr('entry.tenant', linkify=True, label=_('Tenant'))
    role = attrs.RelatedObjectAttr('entry.role', linkify=True, label=_('Role'))
    status = attrs.TextAttr('entry.status_label', label=_('Status'))
    description = attrs.TextAttr('description')


class AssessmentPanel(panels.ObjectAttributesPanel):
    """What has been decided about a CI."""
    title = _('Classification')
    classification = ClassificationAttr('classification', label=_('Classification'))
    is_information_asset = FlagAttr('is_information_asset', label=_('Information asset'))
    handles_sensitive_data = FlagAttr('handles_sensitive_data', label=_('Sensitive data'))
    processes_personal_data = FlagAttr('processes_personal_data', label=_('Personal data'))
    data_categories = attrs.TextAttr('data_categories', label=_('Data categories'))
    confidentiality = attrs.NumericAttr('confidentiality', label=_('Confidentiality (1–4)'))
    integrity = attrs.NumericAttr('integrity', label=_('Integrity (1–4)'))
    availability = attrs.NumericAttr('availability', label=_('Availability (1–4)'))
    classification_override = FlagAttr('classification_override', label=_('Overridden'))
    override_justification = attrs.TextAttr('override_justification', label=_('Because'))


class ReviewPanel(panels.ObjectAttributesPanel):
    title = _('Recovery and Review')
    rto_minutes = MinutesAttr('rto_minutes', label=_('RTO'))
    rpo_minutes = MinutesAttr('rpo_minutes', label=_('RPO'))
    asset_owner = OwnerAttr('asset_owner', label=_('Asset owner'))
    last_reviewed = attrs.DateTimeAttr('last_reviewed', spec='date', label=_('Last reviewed'))
    review_due = ReviewAttr('review_due', label=_('Next review'))


class RegisterEntryPanel(panels.ObjectAttributesPanel):
    title = _('Configuration Item')
    object_type = attrs.TextAttr('type_name', label=_('Type'))
    object = attrs.RelatedObjectAttr('object', linkify=True, label=_('Name'))
    site = attrs.RelatedObjectAttr('site', linkify=True, label=_('Site'))
    tenant = attrs.RelatedObjectAttr('tenant', linkify=True, label=_('Tenant'))
    role = attrs.RelatedObjectAttr('role', linkify=True, label=_('Role'))
    status = attrs.TextAttr('status_label', label=_('Status'))
    as_of = attrs.DateTimeAttr('as_of', label=_('As of'))


class EvidencePanel(panels.ObjectAttributesPanel):
    object_type = attrs.TextAttr('type_name', label=_('Type'))
    name = attrs.TextAttr('name', label=_('Name'))
    time = attrs.DateTimeAttr('time', label=_('Time'))
    user_name = attrs.TextAttr('user_name', label=_('User'))
    reason = attrs.TextAttr('reason', label=_('Reason'))


class DecisionPanel(EvidencePanel):
    title = _('Decision')
    action = attrs.ChoiceAttr('action', label=_('Action'))


class DecisionValuesPanel(panels.ObjectPanel):
    """Old and new values side by side."""
    title = _('What Changed')
    template_name = 'netbox_ims/panels/decision_values.html'


class RetiredCIPanel(EvidencePanel):
    title = _('Retired CI')
    site_name = attrs.TextAttr('site_name', label=_('Site'))
    tenant_name = attrs.TextAttr('tenant_name', label=_('Tenant'))
    status = attrs.TextAttr('status', label=_('Status'))


class RetiredValuesPanel(panels.ObjectPanel):
    """Every value its asset profile had."""
    title = _('Assessment')
    template_name = 'netbox_ims/panels/retired_values.html'
