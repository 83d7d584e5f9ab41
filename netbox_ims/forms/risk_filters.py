from django import forms
from django.utils.translation import gettext_lazy as _

from dcim.models import Site
from netbox.forms import PrimaryModelFilterSetForm
from tenancy.models import Contact, Tenant
from users.models import User
from utilities.forms.fields import (
    ContentTypeMultipleChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet

from ..choices import RiskAcceptanceStatusChoices, RiskStatusChoices, RiskTreatmentChoices
from ..models import Control, Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment
from .controls import OWNERSHIP, standards_filter_field
from .fields import YES_NO
from .mixins import ci_content_types, tri_state_filter_field

__all__ = (
    'RiskAcceptanceFilterForm',
    'RiskAssignmentFilterForm',
    'RiskFilterForm',
    'RiskMatrixFilterForm',
    'RiskTreatmentFilterForm',
)


def yes_no(label):
    return forms.NullBooleanField(label=label, required=False, widget=forms.Select(choices=YES_NO))


class LevelField(forms.MultipleChoiceField):
    """Levels of the active matrix."""

    def __init__(self, label):
        super().__init__(label=label, required=False, choices=self.levels)

    @staticmethod
    def levels():
        matrix = RiskMatrix.objects.active()
        return [
            *((level.slug, level.name) for level in (matrix.level_objects if matrix else ())),
            ('null', _('Not rated')),
        ]


class RiskMatrixFilterForm(PrimaryModelFilterSetForm):
    model = RiskMatrix
    fieldsets = (FieldSet('q', 'filter_id', 'tag'), FieldSet('is_active', name=_('Risk Matrix')), OWNERSHIP)
    is_active = yes_no(_('Active'))
    tag = TagFilterField(model)


class AtSitesFilterFormMixin(forms.Form):
    """What is about CIs, by where those are."""
    site_id = DynamicModelMultipleChoiceField(queryset=Site.objects.all(), required=False, label=_('Site'))
    tenant_id = DynamicModelMultipleChoiceField(queryset=Tenant.objects.all(), required=False, label=_('Tenant'))
    object_type = ContentTypeMultipleChoiceField(queryset=ci_content_types(), required=False, label=_('CI type'))


class RiskFilterForm(AtSitesFilterFormMixin, PrimaryModelFilterSetForm):
    model = Risk
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('standard_id', 'level', 'above_acceptance', 'reassess', name=_('Assessment')),
        FieldSet('status', 'treatment', 'untreated', 'accepted', 'overdue', 'risk_owner_id', name=_('Handling')),
        FieldSet('control_id', 'responsible_id', name=_('Treatments')),
        FieldSet('object_type', 'site_id', 'tenant_id', name=_('Configuration Items')),
        OWNERSHIP,
    )
    standard_id = standards_filter_field()
    level = LevelField(_('Current level'))
    above_acceptance = tri_state_filter_field(_('Above acceptance'))
    reassess = yes_no(_('To be reassessed'))
    status = forms.MultipleChoiceField(label=_('Status'), choices=RiskStatusChoices, required=False)
    treatment = forms.MultipleChoiceField(label=_('Treatment'), choices=RiskTreatmentChoices, required=False)
    untreated = yes_no(_('Untreated'))
    accepted = yes_no(_('Acceptance in force'))
    overdue = yes_no(_('Overdue'))
    risk_owner_id = DynamicModelMultipleChoiceField(
        queryset=Contact.objects.all(), required=False, null_option='None', label=_('Risk owner')
    )
    control_id = DynamicModelMultipleChoiceField(queryset=Control.objects.all(), required=False, label=_('Control'))
    responsible_id = DynamicModelMultipleChoiceField(
        queryset=Contact.objects.all(), required=False, label=_('Responsible')
    )
    tag = TagFilterField(model)


class OfRiskFilterFormMixin(forms.Form):
    risk_id = DynamicModelMultipleChoiceField(queryset=Risk.objects.all(), required=False, label=_('Risk'))
    standard_id = standards_filter_field()
    risk_status = forms.MultipleChoiceField(label=_('Status of the risk'), choices=RiskStatusChoices, required=False)
    level = LevelField(_('Level of the risk'))


OF_RISK = FieldSet('risk_id', 'standard_id', 'risk_status', 'level', name=_('Risk'))


class RiskAssignmentFilterForm(OfRiskFilterFormMixin, AtSitesFilterFormMixin, PrimaryModelFilterSetForm):
    model = RiskAssignment
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'), OF_RISK,
        FieldSet('object_type', 'site_id', 'tenant_id', 'in_scope_id', name=_('Configuration Item')), OWNERSHIP,
    )
    in_scope_id = standards_filter_field()
    tag = TagFilterField(model)


class RiskTreatmentFilterForm(OfRiskFilterFormMixin, PrimaryModelFilterSetForm):
    model = RiskTreatment
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('responsible_id', 'done', 'overdue', 'control_id', name=_('Action')),
        OF_RISK, OWNERSHIP,
    )
    responsible_id = DynamicModelMultipleChoiceField(
        queryset=Contact.objects.all(), required=False, null_option='None', label=_('Responsible')
    )
    done = yes_no(_('Done'))
    overdue = yes_no(_('Overdue'))
    control_id = DynamicModelMultipleChoiceField(queryset=Control.objects.all(), required=False, label=_('Control'))
    tag = TagFilterField(model)


class RiskAcceptanceFilterForm(OfRiskFilterFormMixin, PrimaryModelFilterSetForm):
    model = RiskAcceptance
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('status', 'in_force', 'requested_by_id', 'decided_by_id', name=_('Acceptance')), OF_RISK, OWNERSHIP,
    )
    status = forms.MultipleChoiceField(label=_('Status'), choices=RiskAcceptanceStatusChoices, required=False)
    in_force = yes_no(_('In force'))
    requested_by_id = DynamicModelMultipleChoiceField(
        queryset=User.objects.all(), required=False, label=_('Requested by')
    )
    decided_by_id = DynamicModelMultipleChoiceField(queryset=User.objects.all(), required=False, label=_('Decided by'))
    tag = TagFilterField(model)
