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
    ContentTypeChoiceField,
    ContentTypeMultipleChoiceField,
    CSVChoiceField,
    CSVModelChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import BulkEditNullBooleanSelect

from ..choices import ClassificationRuleModeChoices
from ..models import Classification, ClassificationRule
from .fields import BulkEditFlagSelect, FlagField, ListFilterField
from .mixins import CITypeImportField, FlagsFormMixin, ci_content_types, tri_state_filter_field
from .register import YES_NO

__all__ = (
    'ClassificationRuleBulkEditForm',
    'ClassificationRuleFilterForm',
    'ClassificationRuleForm',
    'ClassificationRuleImportForm',
)


class ClassificationRuleForm(FlagsFormMixin, PrimaryModelForm):
    object_type = ContentTypeChoiceField(label=_('CI type'), queryset=ci_content_types())
    filter = ListFilterField(help_text=_(
        'Parameters of NetBox’s own list of this type as a JSON object: {"role": ["database"], "site": "ham1"}. Or '
        'filter that list, and paste its address here. {} matches every CI of the type.'
    ))
    classification = DynamicModelChoiceField(
        queryset=Classification.objects.all(), label=_('Classification'), required=False
    )

    fieldsets = (
        FieldSet('name', 'weight', 'enabled', 'description', 'tags', name=_('Classification Rule')),
        FieldSet('object_type', 'filter', name=_('Matches')),
        FieldSet(
            'mode', 'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            name=_('Sets')
        ),
    )

    class Meta:
        model = ClassificationRule
        fields = (
            'name', 'weight', 'enabled', 'object_type', 'filter', 'mode', 'classification', 'is_information_asset',
            'handles_sensitive_data', 'processes_personal_data', 'description', 'owner', 'comments', 'tags',
        )


class ClassificationRuleBulkEditForm(PrimaryModelBulkEditForm):
    weight = forms.IntegerField(label=_('Weight'), required=False, min_value=0, max_value=32767)
    enabled = forms.NullBooleanField(label=_('Enabled'), required=False, widget=BulkEditNullBooleanSelect)
    filter = ListFilterField(required=False)
    mode = forms.ChoiceField(label=_('Mode'), choices=add_blank_choice(ClassificationRuleModeChoices), required=False)
    classification = DynamicModelChoiceField(
        queryset=Classification.objects.all(), label=_('Classification'), required=False
    )
    is_information_asset = FlagField(label=_('Information asset'), required=False, widget=BulkEditFlagSelect)
    handles_sensitive_data = FlagField(label=_('Sensitive data'), required=False, widget=BulkEditFlagSelect)
    processes_personal_data = FlagField(label=_('Personal data'), required=False, widget=BulkEditFlagSelect)

    model = ClassificationRule
    fieldsets = (
        FieldSet('weight', 'enabled', 'description', name=_('Classification Rule')),
        FieldSet('filter', name=_('Matches')),
        FieldSet(
            'mode', 'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            name=_('Sets')
        ),
    )
    nullable_fields = (
        'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data', 'description',
        'comments',
    )


class ClassificationRuleImportForm(FlagsFormMixin, PrimaryModelImportForm):
    object_type = CITypeImportField(label=_('Object type'))
    weight = forms.IntegerField(label=_('Weight'), required=False, min_value=0, max_value=32767)
    filter = ListFilterField(help_text=_('A JSON object, such as {"role": ["database"]}'))
    mode = CSVChoiceField(label=_('Mode'), choices=ClassificationRuleModeChoices, required=False)
    classification = CSVModelChoiceField(
        label=_('Classification'), queryset=Classification.objects.all(), required=False, to_field_name='slug',
        help_text=_('Slug of a classification')
    )

    class Meta:
        model = ClassificationRule
        fields = (
            'name', 'weight', 'enabled', 'object_type', 'filter', 'mode', 'classification', 'is_information_asset',
            'handles_sensitive_data', 'processes_personal_data', 'description', 'owner', 'comments', 'tags',
        )

    def clean_weight(self):
        weight = self.cleaned_data['weight']
        return ClassificationRule._meta.get_field('weight').default if weight is None else weight

    def clean_enabled(self):
        # A checkbox that was not ticked and a column that is not there look the same to Django.
        return self.cleaned_data['enabled'] if 'enabled' in self.data else True

    def clean_mode(self):
        return self.cleaned_data['mode'] or ClassificationRuleModeChoices.SUGGEST


class ClassificationRuleFilterForm(PrimaryModelFilterSetForm):
    model = ClassificationRule
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('object_type', 'enabled', 'mode', name=_('Classification Rule')),
        FieldSet(
            'classification_id', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            name=_('Sets')
        ),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    object_type = ContentTypeMultipleChoiceField(queryset=ci_content_types(), required=False, label=_('CI type'))
    enabled = forms.NullBooleanField(label=_('Enabled'), required=False, widget=forms.Select(choices=YES_NO))
    mode = forms.MultipleChoiceField(label=_('Mode'), choices=ClassificationRuleModeChoices, required=False)
    classification_id = DynamicModelMultipleChoiceField(
        queryset=Classification.objects.all(), required=False, null_option='None', label=_('Classification')
    )
    is_information_asset = tri_state_filter_field(_('Information asset'))
    handles_sensitive_data = tri_state_filter_field(_('Sensitive data'))
    processes_personal_data = tri_state_filter_field(_('Personal data'))
    tag = TagFilterField(model)
