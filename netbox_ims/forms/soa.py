from django import forms
from django.utils.translation import gettext_lazy as _

from dcim.models import Site
from netbox.context import current_request
from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from tenancy.models import Contact, Tenant
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    CSVChoiceField,
    CSVModelChoiceField,
    CSVMultipleChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ..choices import ImplementationStatusChoices, SoaReasonChoices, StatementStatusChoices
from ..constants import ENTRY_CONTENT
from ..models import ControlCatalog, RegisterEntry, Scope, SoaEntry, Standard, StatementOfApplicability
from ..services.scopes import set_members
from .controls import OWNERSHIP, standard_import_field, standards_filter_field
from .fields import BulkEditFlagSelect, ContactByNameField, FlagField, FlagSelect, SlugsImportField
from .mixins import CIsImportField, KeepsUnseenMixin, tri_state_filter_field

__all__ = (
    'DecideForm',
    'ScopeBulkEditForm',
    'ScopeFilterForm',
    'ScopeForm',
    'ScopeImportForm',
    'SoaEntryBulkEditForm',
    'SoaEntryFilterForm',
    'SoaEntryForm',
    'SoaEntryImportForm',
    'StatementOfApplicabilityBulkEditForm',
    'StatementOfApplicabilityFilterForm',
    'StatementOfApplicabilityForm',
    'StatementOfApplicabilityImportForm',
)


#
# Scopes
#

class ScopeMembersMixin:
    """Forms that say which CIs a scope covers by themselves."""

    def chosen_cis(self):
        """[(primary key of the type, object id)], or None to leave them as they are."""
        raise NotImplementedError

    def _save_m2m(self):
        super()._save_m2m()
        chosen, request = self.chosen_cis(), current_request.get()
        if chosen is not None:
            set_members(self.instance, chosen, request.user if request else None)


class ScopeForm(ScopeMembersMixin, KeepsUnseenMixin, PrimaryModelForm):
    standard = DynamicModelChoiceField(queryset=Standard.objects.all(), label=_('Standard'))
    tenants = DynamicModelMultipleChoiceField(
        queryset=Tenant.objects.all(), label=_('Tenants'), required=False,
        help_text=_('Every CI of these tenants is in scope')
    )
    sites = DynamicModelMultipleChoiceField(
        queryset=Site.objects.all(), label=_('Sites'), required=False,
        help_text=_('Every CI at these sites is in scope, and the sites themselves')
    )
    cis = DynamicModelMultipleChoiceField(
        queryset=RegisterEntry.objects.all(), label=_('CIs'), required=False,
        help_text=_('Services and other CIs that are in scope by themselves')
    )

    fieldsets = (
        FieldSet('name', 'standard', 'statement', 'description', 'tags', name=_('Scope')),
        FieldSet('tenants', 'sites', 'cis', name=_('Covers')),
        FieldSet('difference_explanation', name=_('Other Scopes')),
    )

    class Meta:
        model = Scope
        fields = (
            'name', 'standard', 'statement', 'tenants', 'sites', 'cis', 'difference_explanation', 'description',
            'owner', 'comments', 'tags',
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial['cis'] = list(
                RegisterEntry.objects.filter(scope_memberships__scope=self.instance).values_list('pk', flat=True)
            )

    def clean_tenants(self):
        return self.with_unseen('tenants')

    def clean_sites(self):
        return self.with_unseen('sites')

    def chosen_cis(self):
        return [(entry.object_type_id, entry.object_id) for entry in self.cleaned_data['cis']]


class ScopeBulkEditForm(PrimaryModelBulkEditForm):
    standard = DynamicModelChoiceField(queryset=Standard.objects.all(), label=_('Standard'), required=False)
    difference_explanation = forms.CharField(
        label=_('Difference from other scopes'), required=False, widget=forms.Textarea(attrs={'rows': 3})
    )

    model = Scope
    fieldsets = (FieldSet('standard', 'difference_explanation', 'description'),)
    nullable_fields = ('difference_explanation', 'description', 'comments')


class ScopeImportForm(ScopeMembersMixin, PrimaryModelImportForm):
    standard = standard_import_field()
    tenants = SlugsImportField(
        queryset=Tenant.objects.all(), label=_('Tenants'), help_text=_('Slugs of tenants, separated by commas')
    )
    sites = SlugsImportField(
        queryset=Site.objects.all(), label=_('Sites'), help_text=_('Slugs of sites, separated by commas')
    )
    cis = CIsImportField(label=_('CIs'))

    class Meta:
        model = Scope
        fields = (
            'name', 'standard', 'statement', 'tenants', 'sites', 'cis', 'difference_explanation', 'description',
            'owner', 'comments', 'tags',
        )

    def chosen_cis(self):
        return self.cleaned_data.get('cis')


class ScopeFilterForm(PrimaryModelFilterSetForm):
    model = Scope
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'), FieldSet('standard_id', 'tenant_id', 'site_id', name=_('Scope')), OWNERSHIP
    )
    standard_id = standards_filter_field()
    tenant_id = DynamicModelMultipleChoiceField(queryset=Tenant.objects.all(), required=False, label=_('Tenant'))
    site_id = DynamicModelMultipleChoiceField(queryset=Site.objects.all(), required=False, label=_('Site'))
    tag = TagFilterField(model)


#
# Statements of applicability
#

class StatementOfApplicabilityForm(PrimaryModelForm):
    catalog = DynamicModelChoiceField(
        queryset=ControlCatalog.objects.all(), label=_('Catalog'),
        help_text=_('An entry is made for each of its controls')
    )
    scope = DynamicModelChoiceField(queryset=Scope.objects.all(), label=_('Scope'))

    fieldsets = (
        FieldSet('catalog', 'scope', 'version', 'description', 'tags', name=_('Statement of Applicability')),
    )

    class Meta:
        model = StatementOfApplicability
        fields = ('catalog', 'scope', 'version', 'description', 'owner', 'comments', 'tags')


class StatementOfApplicabilityBulkEditForm(PrimaryModelBulkEditForm):
    model = StatementOfApplicability
    fieldsets = (FieldSet('description'),)
    nullable_fields = ('description', 'comments')


class StatementOfApplicabilityImportForm(PrimaryModelImportForm):
    catalog = CSVModelChoiceField(
        label=_('Catalog'), queryset=ControlCatalog.objects.all(), to_field_name='slug',
        help_text=_('Slug of a catalog')
    )
    scope = CSVModelChoiceField(
        label=_('Scope'), queryset=Scope.objects.all(), to_field_name='name', help_text=_('Name of a scope')
    )

    class Meta:
        model = StatementOfApplicability
        fields = ('catalog', 'scope', 'version', 'description', 'owner', 'comments', 'tags')


class StatementOfApplicabilityFilterForm(PrimaryModelFilterSetForm):
    model = StatementOfApplicability
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('standard_id', 'catalog_id', 'scope_id', 'status', name=_('Statement of Applicability')),
        OWNERSHIP,
    )
    standard_id = standards_filter_field()
    catalog_id = DynamicModelMultipleChoiceField(
        queryset=ControlCatalog.objects.all(), required=False, label=_('Catalog')
    )
    scope_id = DynamicModelMultipleChoiceField(queryset=Scope.objects.all(), required=False, label=_('Scope'))
    status = forms.MultipleChoiceField(label=_('Status'), choices=StatementStatusChoices, required=False)
    tag = TagFilterField(model)


#
# Entries
#

class ApplicableSelect(FlagSelect):

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.choices = [('unknown', _('Undecided')), ('true', _('Yes')), ('false', _('No'))]


class SoaEntryForm(PrimaryModelForm):
    applicable = FlagField(label=_('Applicable'), required=False, widget=ApplicableSelect)
    reasons = forms.MultipleChoiceField(label=_('Reasons'), choices=SoaReasonChoices, required=False)
    responsible = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Responsible'), required=False)

    fieldsets = (
        FieldSet('applicable', 'reasons', 'justification', name=_('Applicability')),
        FieldSet(
            'implementation_status', 'implementation', 'responsible', 'target_date', 'evidence_url',
            name=_('Implementation')
        ),
        FieldSet('description', 'tags', name=_('Record')),
    )

    class Meta:
        model = SoaEntry
        fields = (*ENTRY_CONTENT, 'description', 'owner', 'comments', 'tags')
        widgets = {
            'justification': forms.Textarea(attrs={'rows': 3}),
            'implementation': forms.Textarea(attrs={'rows': 3}),
            'target_date': DatePicker(),
        }


class DecideForm(forms.ModelForm):
    """Some of the values of an entry, as the workbench sends them: those it names, and no others, are changed."""
    applicable = FlagField(required=False)
    reasons = forms.MultipleChoiceField(choices=SoaReasonChoices, required=False)
    responsible = ContactByNameField(Contact.objects.all(), required=False)

    class Meta:
        model = SoaEntry
        fields = ('applicable', 'reasons', 'justification', 'implementation_status', 'responsible')

    def __init__(self, data, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        for name in [name for name in self.fields if name not in data]:
            del self.fields[name]


class SoaEntryBulkEditForm(PrimaryModelBulkEditForm):
    applicable = FlagField(label=_('Applicable'), required=False, widget=BulkEditFlagSelect)
    reasons = forms.MultipleChoiceField(label=_('Reasons'), choices=SoaReasonChoices, required=False)
    justification = forms.CharField(
        label=_('Justification'), required=False, widget=forms.Textarea(attrs={'rows': 3})
    )
    implementation_status = forms.ChoiceField(
        label=_('Implementation status'), choices=add_blank_choice(ImplementationStatusChoices), required=False
    )
    implementation = forms.CharField(
        label=_('Implementation'), required=False, widget=forms.Textarea(attrs={'rows': 3})
    )
    responsible = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Responsible'), required=False)
    target_date = forms.DateField(label=_('Target date'), required=False, widget=DatePicker())
    evidence_url = forms.URLField(label=_('Evidence'), required=False, max_length=500, assume_scheme='https')

    model = SoaEntry
    fieldsets = (
        FieldSet('applicable', 'reasons', 'justification', name=_('Applicability')),
        FieldSet(
            'implementation_status', 'implementation', 'responsible', 'target_date', 'evidence_url',
            name=_('Implementation')
        ),
        FieldSet('description', name=_('Record')),
    )
    nullable_fields = (
        'applicable', 'reasons', 'justification', 'implementation', 'responsible', 'target_date', 'evidence_url',
        'description', 'comments',
    )


class SoaEntryImportForm(PrimaryModelImportForm):
    """Changes entries that are there: named by `id`, or by `statement` (ID) and `control` (reference)."""
    statement = forms.CharField(label=_('Statement'), required=False, help_text=_('ID of the statement, without id'))
    control = forms.CharField(label=_('Control'), required=False, help_text=_('Reference of the control, without id'))
    applicable = FlagField(label=_('Applicable'), required=False, help_text=_('true, false, or nothing if undecided'))
    reasons = CSVMultipleChoiceField(
        label=_('Reasons'), choices=SoaReasonChoices, required=False, help_text=_('Separated by commas')
    )
    implementation_status = CSVChoiceField(
        label=_('Implementation status'), choices=ImplementationStatusChoices, required=False
    )
    responsible = CSVModelChoiceField(
        label=_('Responsible'), queryset=Contact.objects.all(), to_field_name='name', required=False,
        help_text=_('Name of a contact')
    )

    class Meta:
        model = SoaEntry
        fields = (*ENTRY_CONTENT, 'description', 'owner', 'comments', 'tags')

    def clean_implementation_status(self):
        return self.cleaned_data['implementation_status'] or ImplementationStatusChoices.NOT_STARTED


class SoaEntryFilterForm(PrimaryModelFilterSetForm):
    model = SoaEntry
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('statement_id', 'statement_status', 'theme', name=_('Statement')),
        FieldSet('applicable', 'justified', 'implementation_status', 'responsible_id', name=_('Entry')),
        OWNERSHIP,
    )
    statement_id = DynamicModelMultipleChoiceField(
        queryset=StatementOfApplicability.objects.all(), required=False, label=_('Statement')
    )
    statement_status = forms.MultipleChoiceField(
        label=_('Status of the statement'), choices=StatementStatusChoices, required=False
    )
    theme = forms.CharField(label=_('Theme'), required=False)
    applicable = tri_state_filter_field(_('Applicable'))
    justified = forms.NullBooleanField(
        label=_('Justified'), required=False,
        widget=forms.Select(choices=((None, '---------'), ('true', _('Yes')), ('false', _('No'))))
    )
    implementation_status = forms.MultipleChoiceField(
        label=_('Implementation status'), choices=ImplementationStatusChoices, required=False
    )
    responsible_id = DynamicModelMultipleChoiceField(
        queryset=Contact.objects.all(), required=False, label=_('Responsible')
    )
    tag = TagFilterField(model)
