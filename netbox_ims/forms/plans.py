from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    CSVChoiceField,
    CSVModelChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet

from ..choices import PlanStatusChoices, PlanTypeChoices
from ..constants import PLAN_SECTIONS
from ..models import BusinessFunction, ContinuityPlan, ITService
from .controls import OWNERSHIP
from .fields import SlugsImportField
from .mixins import AbsentFieldErrorsMixin, KeepsUnseenMixin, SaidOnceMixin, SeenRelationMixin

__all__ = (
    'ContinuityPlanBulkEditForm',
    'ContinuityPlanFilterForm',
    'ContinuityPlanForm',
    'ContinuityPlanImportForm',
)

FIELDS = (
    'name', 'version', 'plan_type', 'parent', 'functions', 'services', *PLAN_SECTIONS, 'description', 'owner',
    'comments', 'tags',
)


class SubjectsMixin(KeepsUnseenMixin):
    """Of what a plan is for, who edits it changes no more than what they see."""

    def clean_functions(self):
        return self.with_unseen('functions')

    def clean_services(self):
        return self.with_unseen('services')


class ContinuityPlanForm(SubjectsMixin, SaidOnceMixin, PrimaryModelForm):
    parent = DynamicModelChoiceField(
        queryset=ContinuityPlan.objects.all(), label=_('Business plan'), required=False,
        query_params={'plan_type': 'business'}, help_text=_('The business plan that a service plan follows from')
    )
    functions = DynamicModelMultipleChoiceField(
        queryset=BusinessFunction.objects.all(), label=_('Business functions'), required=False
    )
    services = DynamicModelMultipleChoiceField(
        queryset=ITService.objects.all(), label=_('IT services'), required=False
    )

    fieldsets = (
        FieldSet('name', 'version', 'plan_type', 'parent', 'description', 'tags', name=_('Continuity Plan')),
        FieldSet('functions', 'services', name=_('For')),
        FieldSet(*PLAN_SECTIONS, name=_('Sections')),
    )

    class Meta:
        model = ContinuityPlan
        fields = FIELDS
        widgets = {name: forms.Textarea(attrs={'rows': 4}) for name in PLAN_SECTIONS}


class ContinuityPlanBulkEditForm(PrimaryModelBulkEditForm):
    plan_type = forms.ChoiceField(label=_('Type'), choices=add_blank_choice(PlanTypeChoices), required=False)
    parent = DynamicModelChoiceField(
        queryset=ContinuityPlan.objects.all(), label=_('Business plan'), required=False,
        query_params={'plan_type': 'business'}
    )

    model = ContinuityPlan
    fieldsets = (FieldSet('plan_type', 'parent', 'description'),)
    nullable_fields = ('parent', 'description', 'comments')


class ContinuityPlanImportForm(SubjectsMixin, SeenRelationMixin, AbsentFieldErrorsMixin, PrimaryModelImportForm):
    seen_relations = ('functions', 'services')

    plan_type = CSVChoiceField(label=_('Type'), choices=PlanTypeChoices, required=False)
    parent = CSVModelChoiceField(
        label=_('Business plan'), queryset=ContinuityPlan.objects.exclude(status=PlanStatusChoices.RETIRED),
        to_field_name='name', required=False, help_text=_('Name of the business plan that a service plan follows from')
    )
    functions = SlugsImportField(
        BusinessFunction.objects.all(), label=_('Business functions'), help_text=_('Slugs, separated by commas')
    )
    services = SlugsImportField(
        ITService.objects.all(), label=_('IT services'), help_text=_('Slugs, separated by commas')
    )

    class Meta:
        model = ContinuityPlan
        fields = FIELDS

    def clean_plan_type(self):
        return self.cleaned_data['plan_type'] or PlanTypeChoices.BUSINESS


class ContinuityPlanFilterForm(PrimaryModelFilterSetForm):
    model = ContinuityPlan
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('plan_type', 'status', 'parent_id', 'function_id', 'service_id', name=_('Continuity Plan')),
        OWNERSHIP,
    )
    plan_type = forms.MultipleChoiceField(label=_('Type'), choices=PlanTypeChoices, required=False)
    status = forms.MultipleChoiceField(label=_('Status'), choices=PlanStatusChoices, required=False)
    parent_id = DynamicModelMultipleChoiceField(
        queryset=ContinuityPlan.objects.all(), required=False, label=_('Business plan'),
        query_params={'plan_type': 'business'}
    )
    function_id = DynamicModelMultipleChoiceField(
        queryset=BusinessFunction.objects.all(), required=False, label=_('Business function')
    )
    service_id = DynamicModelMultipleChoiceField(
        queryset=ITService.objects.all(), required=False, label=_('IT service')
    )
    tag = TagFilterField(model)
