from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dcim.models import DeviceRole, Site
from extras.models import Tag
from netbox.forms import (
    OrganizationalModelBulkEditForm,
    OrganizationalModelFilterSetForm,
    OrganizationalModelForm,
    OrganizationalModelImportForm,
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from netbox.forms.mixins import SavedFiltersMixin
from tenancy.forms import ContactModelFilterForm
from tenancy.models import Contact, Tenant
from users.models import User
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    ColorField,
    ContentTypeMultipleChoiceField,
    CSVChoiceField,
    CSVModelChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    QueryField,
    SlugField,
    TagFilterField,
)
from utilities.forms.mixins import FilterModifierMixin
from utilities.forms.rendering import FieldSet, InlineFields
from utilities.forms.widgets import BulkEditNullBooleanSelect, DatePicker, DateTimePicker

from ..choices import AlignmentChoices, DecisionActionChoices, InformationAssetStatusChoices
from ..models import (
    AssetProfile,
    Classification,
    Control,
    Decision,
    InformationAsset,
    RegisterEntry,
    RetiredCI,
    Risk,
    Standard,
)
from .fields import YES_NO, BulkEditFlagSelect, FlagField, MinutesField, MomentField, RefsImportField
from .mixins import AboutCIFormMixin, CIImportMixin, FlagsFormMixin, ci_content_types, tri_state_filter_field

__all__ = (
    'AssetProfileBulkEditForm',
    'AssetProfileFilterForm',
    'AssetProfileForm',
    'AssetProfileImportForm',
    'ClassificationBulkEditForm',
    'ClassificationFilterForm',
    'ClassificationForm',
    'ClassificationImportForm',
    'DecisionFilterForm',
    'InformationAssetBulkEditForm',
    'InformationAssetFilterForm',
    'InformationAssetForm',
    'InformationAssetImportForm',
    'RegisterEntryFilterForm',
    'RestoreProfileForm',
    'RetiredCIFilterForm',
)


#
# Classifications
#

class ClassificationForm(OrganizationalModelForm):
    slug = SlugField()
    required_controls = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), label=_('Required controls'), required=False,
        help_text=_('CIs of this classification without one of these are listed as gaps')
    )

    fieldsets = (
        FieldSet('name', 'slug', 'level', 'color', 'description', 'tags', name=_('Classification')),
        FieldSet(
            'handling', 'required_controls', 'review_interval_days', 'requires_security_review', name=_('Handling')
        ),
    )

    class Meta:
        model = Classification
        fields = (
            'name', 'slug', 'level', 'color', 'description', 'handling', 'required_controls', 'review_interval_days',
            'requires_security_review', 'owner', 'comments', 'tags',
        )


class ClassificationBulkEditForm(OrganizationalModelBulkEditForm):
    color = ColorField(label=_('Color'), required=False)
    handling = forms.CharField(label=_('Handling rules'), required=False, widget=forms.Textarea)
    review_interval_days = forms.IntegerField(label=_('Review interval (days)'), required=False, min_value=1)
    requires_security_review = forms.NullBooleanField(
        label=_('Requires security review'), required=False, widget=BulkEditNullBooleanSelect
    )
    required_controls = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), label=_('Required controls'), required=False
    )

    model = Classification
    fieldsets = (
        FieldSet(
            'color', 'description', 'handling', 'required_controls', 'review_interval_days', 'requires_security_review'
        ),
    )
    nullable_fields = ('description', 'handling', 'required_controls', 'review_interval_days', 'comments')


class ClassificationImportForm(OrganizationalModelImportForm):
    required_controls = RefsImportField(Control.objects.all(), label=_('Required controls'))

    class Meta:
        model = Classification
        fields = (
            'name', 'slug', 'level', 'color', 'description', 'handling', 'required_controls', 'review_interval_days',
            'requires_security_review', 'owner', 'comments', 'tags',
        )


class ClassificationFilterForm(OrganizationalModelFilterSetForm):
    model = Classification
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('level', 'requires_security_review', 'required_control_id', name=_('Classification')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    level = forms.IntegerField(label=_('Level'), required=False)
    requires_security_review = forms.NullBooleanField(
        label=_('Requires security review'), required=False, widget=forms.Select(choices=YES_NO)
    )
    required_control_id = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), required=False, label=_('Required control')
    )
    tag = TagFilterField(model)


#
# Information assets
#

class InformationAssetForm(PrimaryModelForm):
    slug = SlugField()
    custodian = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Custodian'), required=False)

    fieldsets = (
        FieldSet('name', 'slug', 'status', 'custodian', 'description', 'tags', name=_('Information Asset')),
    )

    class Meta:
        model = InformationAsset
        fields = ('name', 'slug', 'status', 'custodian', 'description', 'owner', 'comments', 'tags')


class InformationAssetBulkEditForm(PrimaryModelBulkEditForm):
    status = forms.ChoiceField(
        label=_('Status'), choices=add_blank_choice(InformationAssetStatusChoices), required=False
    )
    custodian = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Custodian'), required=False)

    model = InformationAsset
    fieldsets = (FieldSet('status', 'custodian', 'description'),)
    nullable_fields = ('custodian', 'description', 'comments')


class InformationAssetImportForm(PrimaryModelImportForm):
    slug = SlugField()
    status = CSVChoiceField(label=_('Status'), choices=InformationAssetStatusChoices, required=False)
    custodian = CSVModelChoiceField(
        label=_('Custodian'), queryset=Contact.objects.all(), required=False, to_field_name='name',
        help_text=_('Name of a contact')
    )

    class Meta:
        model = InformationAsset
        fields = ('name', 'slug', 'status', 'custodian', 'description', 'owner', 'comments', 'tags')

    def clean_status(self):
        return self.cleaned_data['status'] or InformationAssetStatusChoices.STATUS_ACTIVE


class InformationAssetFilterForm(ContactModelFilterForm, PrimaryModelFilterSetForm):
    model = InformationAsset
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('status', 'custodian_id', name=_('Information Asset')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
        FieldSet('contact', 'contact_role', 'contact_group', name=_('Contacts')),
    )
    status = forms.MultipleChoiceField(label=_('Status'), choices=InformationAssetStatusChoices, required=False)
    custodian_id = DynamicModelMultipleChoiceField(queryset=Contact.objects.all(), label=_('Custodian'), required=False)
    tag = TagFilterField(model)


#
# Asset profiles
#

class AssetProfileForm(FlagsFormMixin, AboutCIFormMixin, PrimaryModelForm):
    classification = DynamicModelChoiceField(
        queryset=Classification.objects.all(), label=_('Classification'), required=False
    )
    asset_owner = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Asset owner'), required=False)

    fieldsets = (
        FieldSet('object', name=_('Configuration Item'), html_id='ims-ci'),
        FieldSet(
            'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'data_categories',
            InlineFields('confidentiality', 'integrity', 'availability', label=_('C · I · A (1–4)')),
            name=_('Classification')
        ),
        FieldSet('rto_minutes', 'rpo_minutes', name=_('Recovery')),
        FieldSet('asset_owner', 'last_reviewed', 'review_due', name=_('Responsibility and Review')),
        FieldSet('classification_override', 'override_justification', name=_('Override')),
        FieldSet('description', 'tags', name=_('Record')),
    )

    class Meta:
        model = AssetProfile
        fields = (
            'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'data_categories', 'confidentiality', 'integrity', 'availability', 'rto_minutes', 'rpo_minutes',
            'asset_owner', 'last_reviewed', 'review_due', 'classification_override', 'override_justification',
            'description', 'owner', 'comments', 'tags',
        )
        widgets = {
            'last_reviewed': DatePicker(),
            'review_due': DatePicker(),
            'override_justification': forms.Textarea(attrs={'rows': 2}),
        }


class AssetProfileBulkEditForm(PrimaryModelBulkEditForm):
    classification = DynamicModelChoiceField(
        queryset=Classification.objects.all(), label=_('Classification'), required=False
    )
    is_information_asset = FlagField(label=_('Information asset'), required=False, widget=BulkEditFlagSelect)
    handles_sensitive_data = FlagField(label=_('Sensitive data'), required=False, widget=BulkEditFlagSelect)
    processes_personal_data = FlagField(label=_('Personal data'), required=False, widget=BulkEditFlagSelect)
    data_categories = forms.CharField(label=_('Data categories'), required=False, max_length=200)
    confidentiality = forms.IntegerField(label=_('Confidentiality'), required=False, min_value=1, max_value=4)
    integrity = forms.IntegerField(label=_('Integrity'), required=False, min_value=1, max_value=4)
    availability = forms.IntegerField(label=_('Availability'), required=False, min_value=1, max_value=4)
    rto_minutes = MinutesField(label=_('RTO'), required=False, help_text=_('90, 4h, 1d 6h'))
    rpo_minutes = MinutesField(label=_('RPO'), required=False, help_text=_('15m, 1h, 1d'))
    asset_owner = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Asset owner'), required=False)
    last_reviewed = forms.DateField(label=_('Last reviewed'), required=False, widget=DatePicker())
    review_due = forms.DateField(label=_('Review due'), required=False, widget=DatePicker())

    model = AssetProfile
    fieldsets = (
        FieldSet(
            'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'data_categories', 'confidentiality', 'integrity', 'availability', name=_('Classification')
        ),
        FieldSet('rto_minutes', 'rpo_minutes', name=_('Recovery')),
        FieldSet('asset_owner', 'last_reviewed', 'review_due', name=_('Responsibility and Review')),
        FieldSet('description', name=_('Record')),
    )
    nullable_fields = (
        'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
        'data_categories', 'confidentiality', 'integrity', 'availability', 'rto_minutes', 'rpo_minutes',
        'asset_owner', 'last_reviewed', 'review_due', 'description', 'comments',
    )


class AssetProfileImportForm(CIImportMixin, FlagsFormMixin, PrimaryModelImportForm):
    classification = CSVModelChoiceField(
        label=_('Classification'), queryset=Classification.objects.all(), required=False, to_field_name='slug',
        help_text=_('Slug of a classification')
    )
    asset_owner = CSVModelChoiceField(
        label=_('Asset owner'), queryset=Contact.objects.all(), required=False, to_field_name='name',
        help_text=_('Name of a contact')
    )

    class Meta:
        model = AssetProfile
        fields = (
            'object_type', 'object_id', 'object_name', 'site', 'classification', 'confidentiality', 'integrity',
            'availability', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'data_categories', 'rto_minutes', 'rpo_minutes', 'asset_owner', 'last_reviewed', 'review_due',
            'classification_override', 'override_justification', 'description', 'owner', 'comments', 'tags',
        )


class AssessmentFilterFormMixin(forms.Form):
    """What the register and the profiles can both be filtered by."""
    object_type = ContentTypeMultipleChoiceField(queryset=ci_content_types(), required=False, label=_('CI type'))
    classification_id = DynamicModelMultipleChoiceField(
        queryset=Classification.objects.all(), required=False, null_option='None', label=_('Classification')
    )
    classification_level__gte = forms.IntegerField(label=_('Classification level at least'), required=False)
    is_information_asset = tri_state_filter_field(_('Information asset'))
    handles_sensitive_data = tri_state_filter_field(_('Sensitive data'))
    processes_personal_data = tri_state_filter_field(_('Personal data'))
    flags_unknown = forms.NullBooleanField(
        label=_('Any flag unknown'), required=False, widget=forms.Select(choices=YES_NO)
    )
    rto_minutes__lte = forms.IntegerField(label=_('RTO at most (minutes)'), required=False, min_value=0)
    asset_owner_id = DynamicModelMultipleChoiceField(
        queryset=Contact.objects.all(), required=False, null_option='None', label=_('Asset owner')
    )
    review_overdue = forms.NullBooleanField(
        label=_('Review overdue'), required=False, widget=forms.Select(choices=YES_NO)
    )
    site_id = DynamicModelMultipleChoiceField(
        queryset=Site.objects.all(), required=False, null_option='None', label=_('Site')
    )
    tenant_id = DynamicModelMultipleChoiceField(
        queryset=Tenant.objects.all(), required=False, null_option='None', label=_('Tenant')
    )
    role_id = DynamicModelMultipleChoiceField(
        queryset=DeviceRole.objects.all(), required=False, null_option='None', label=_('Role')
    )
    status = forms.CharField(label=_('Status'), required=False)
    in_scope_id = DynamicModelMultipleChoiceField(
        queryset=Standard.objects.all(), required=False, null_option='None', label=_('In scope of')
    )
    control_id = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), required=False, null_option='None', label=_('Control assigned')
    )
    lacks_control_id = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), required=False, label=_('Required control missing')
    )
    risk_id = DynamicModelMultipleChoiceField(
        queryset=Risk.objects.all(), required=False, null_option='None', label=_('Risk')
    )


class AssetProfileFilterForm(AssessmentFilterFormMixin, ContactModelFilterForm, PrimaryModelFilterSetForm):
    model = AssetProfile
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet(
            'classification_id', 'classification_level__gte', 'is_information_asset', 'handles_sensitive_data',
            'processes_personal_data', 'flags_unknown', 'classification_override', name=_('Classification')
        ),
        FieldSet('rto_minutes__lte', 'asset_owner_id', 'review_overdue', name=_('Recovery and Review')),
        FieldSet('object_type', 'site_id', 'tenant_id', 'role_id', 'status', name=_('Configuration Item')),
        FieldSet('in_scope_id', 'control_id', 'lacks_control_id', 'risk_id', name=_('Scope and Controls')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
        FieldSet('contact', 'contact_role', 'contact_group', name=_('Contacts')),
    )
    classification_override = forms.NullBooleanField(
        label=_('Overridden'), required=False, widget=forms.Select(choices=YES_NO)
    )
    tag = TagFilterField(model)


#
# Register
#

class RegisterEntryFilterForm(FilterModifierMixin, SavedFiltersMixin, AssessmentFilterFormMixin):
    model = RegisterEntry
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag', 'as_of'),
        FieldSet('object_type', 'site_id', 'tenant_id', 'role_id', 'status', name=_('Configuration Item')),
        FieldSet(
            'classification_id', 'classification_level__gte', 'effective_classification_id', 'under_classified',
            'classification_override', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
            'flags_unknown', name=_('Classification')
        ),
        FieldSet('rto_minutes__lte', 'effective_rto_minutes__lte', 'alignment', name=_('Recovery')),
        FieldSet('in_scope_id', 'control_id', 'lacks_control_id', 'risk_id', name=_('Scope and Controls')),
        FieldSet('asset_owner_id', 'review_overdue', 'profiled', name=_('Responsibility and Review')),
    )
    q = QueryField(required=False, label=_('Search'))
    as_of = MomentField(
        exact=True, required=False, label=_('As of'),
        help_text=_('What the register said then; a date alone means its end')
    )
    effective_classification_id = DynamicModelMultipleChoiceField(
        queryset=Classification.objects.all(), required=False, null_option=_('None'),
        label=_('Effective classification')
    )
    under_classified = tri_state_filter_field(_('Under-classified'))
    classification_override = forms.NullBooleanField(
        label=_('Overridden'), required=False, widget=forms.Select(choices=YES_NO)
    )
    effective_rto_minutes__lte = forms.IntegerField(
        label=_('Effective RTO at most (minutes)'), required=False, min_value=0
    )
    alignment = forms.MultipleChoiceField(label=_('Alignment'), choices=AlignmentChoices, required=False)
    profiled = forms.NullBooleanField(label=_('Profiled'), required=False, widget=forms.Select(choices=YES_NO))
    tag = DynamicModelMultipleChoiceField(
        queryset=Tag.objects.all(), required=False, to_field_name='slug', label=_('Tags of the CI')
    )

    def clean_as_of(self):
        """As NetBox shows it among the filters in force: in the reader's time zone, without fractions of seconds."""
        moment = self.cleaned_data['as_of']
        return moment and f'{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}'


#
# Evidence
#

class EvidenceFilterForm(FilterModifierMixin, SavedFiltersMixin, forms.Form):
    q = QueryField(required=False, label=_('Search'))
    object_type = ContentTypeMultipleChoiceField(queryset=ci_content_types(), required=False, label=_('CI type'))
    user_id = DynamicModelMultipleChoiceField(queryset=User.objects.all(), required=False, label=_('User'))
    time__gte = forms.DateTimeField(label=_('From'), required=False, widget=DateTimePicker())
    time__lte = forms.DateTimeField(label=_('Until'), required=False, widget=DateTimePicker())


class DecisionFilterForm(EvidenceFilterForm):
    model = Decision
    fieldsets = (
        FieldSet('q', 'filter_id'),
        FieldSet('object_type', 'action', 'user_id', 'time__gte', 'time__lte', name=_('Decision')),
    )
    action = forms.MultipleChoiceField(label=_('Action'), choices=DecisionActionChoices, required=False)


class RetiredCIFilterForm(EvidenceFilterForm):
    model = RetiredCI
    fieldsets = (
        FieldSet('q', 'filter_id'),
        FieldSet('object_type', 'site_id', 'tenant_id', 'classification', name=_('Configuration Item')),
        FieldSet(
            'processes_personal_data',
            'handles_sensitive_data',
            'user_id',
            'time__gte',
            'time__lte',
            name=_('Retirement'),
        ),
    )
    site_id = DynamicModelMultipleChoiceField(queryset=Site.objects.all(), required=False, label=_('Site'))
    tenant_id = DynamicModelMultipleChoiceField(queryset=Tenant.objects.all(), required=False, label=_('Tenant'))
    classification = forms.CharField(label=_('Classification (slug)'), required=False)
    handles_sensitive_data = tri_state_filter_field(_('Sensitive data'))
    processes_personal_data = tri_state_filter_field(_('Personal data'))


class RestoreProfileForm(forms.Form):
    """Which CI takes over what was known of a retired one: of the same type, and without a profile of its own."""

    def __init__(self, retired, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields['ci'] = DynamicModelChoiceField(
            queryset=retired.ci_type.model.objects.all(), label=retired.type_name, selector=True
        )
