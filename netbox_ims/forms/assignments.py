from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dcim.models import Site
from netbox.context import current_request
from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from netbox.forms.mixins import ChangelogMessageMixin
from tenancy.models import Tenant
from users.models import User
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    ContentTypeMultipleChoiceField,
    CSVChoiceField,
    CSVModelChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.mixins import BackgroundJobMixin
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ..choices import AssignmentStatusChoices
from ..models import Classification, Control, ControlAssignment, ControlCatalog, RegisterEntry, Standard
from .controls import OWNERSHIP
from .fields import YES_NO
from .mixins import AboutCIFormMixin, CIImportMixin, ci_content_types

__all__ = (
    'AssignControlsForm',
    'ChooseCIsForm',
    'ControlAssignmentBulkEditForm',
    'ControlAssignmentFilterForm',
    'ControlAssignmentForm',
    'ControlAssignmentImportForm',
)


def verified_by_whoever_says_so(form):
    """Someone who marks an assignment as verified, and names nobody, has verified it."""
    request = current_request.get()
    verified = form.cleaned_data.get('status') == AssignmentStatusChoices.VERIFIED
    if verified and 'verified_by' in form.fields and not form.cleaned_data.get('verified_by') and request:
        form.cleaned_data['verified_by'] = request.user


class ControlAssignmentForm(AboutCIFormMixin, PrimaryModelForm):
    control = DynamicModelChoiceField(queryset=Control.objects.all(), label=_('Control'))
    verified_by = DynamicModelChoiceField(
        queryset=User.objects.all(), label=_('Verified by'), required=False,
        help_text=_('Left empty for a verified one: you')
    )

    fieldsets = (
        FieldSet('object', name=_('Configuration Item'), html_id='ims-ci'),
        FieldSet('control', 'status', 'evidence_url', name=_('Control')),
        FieldSet('verified_on', 'verified_by', 'review_due', name=_('Verification')),
        FieldSet('description', 'tags', name=_('Record')),
    )

    class Meta:
        model = ControlAssignment
        fields = (
            'control', 'status', 'evidence_url', 'verified_on', 'verified_by', 'review_due', 'description', 'owner',
            'comments', 'tags',
        )
        widgets = {'verified_on': DatePicker(), 'review_due': DatePicker()}

    def clean(self):
        super().clean()
        verified_by_whoever_says_so(self)
        return self.cleaned_data


class AssignControlsForm(ChangelogMessageMixin, BackgroundJobMixin, forms.Form):
    """Many controls for CIs that are chosen already."""
    controls = DynamicModelMultipleChoiceField(queryset=Control.objects.all(), label=_('Controls'))
    status = forms.ChoiceField(
        label=_('Status'), choices=AssignmentStatusChoices, initial=AssignmentStatusChoices.PLANNED
    )
    evidence_url = forms.URLField(label=_('Evidence'), required=False, max_length=500, assume_scheme='https')
    verified_on = forms.DateField(
        label=_('Verified on'), required=False, widget=DatePicker(), help_text=_('Left empty for verified ones: today')
    )
    review_due = forms.DateField(label=_('Due again'), required=False, widget=DatePicker())

    fieldsets = (
        FieldSet('controls', 'status', 'evidence_url', name=_('Controls')),
        FieldSet('verified_on', 'review_due', name=_('Verification')),
    )
    VALUES = ('status', 'evidence_url', 'verified_on', 'review_due')

    def values(self, user):
        """{field of ControlAssignment: value}; what is verified was verified by the user."""
        values = {name: self.cleaned_data[name] for name in self.VALUES}
        if values['status'] == AssignmentStatusChoices.VERIFIED:
            values['verified_by'] = user
        return values


class ChooseCIsForm(AssignControlsForm):
    """The same, with the CIs still to be chosen."""
    cis = DynamicModelMultipleChoiceField(queryset=RegisterEntry.objects.all(), label=_('CIs'))

    fieldsets = (FieldSet('cis', name=_('Configuration Items')), *AssignControlsForm.fieldsets)


class ControlAssignmentBulkEditForm(PrimaryModelBulkEditForm):
    status = forms.ChoiceField(label=_('Status'), choices=add_blank_choice(AssignmentStatusChoices), required=False)
    evidence_url = forms.URLField(label=_('Evidence'), required=False, max_length=500, assume_scheme='https')
    verified_on = forms.DateField(label=_('Verified on'), required=False, widget=DatePicker())
    verified_by = DynamicModelChoiceField(queryset=User.objects.all(), label=_('Verified by'), required=False)
    review_due = forms.DateField(label=_('Due again'), required=False, widget=DatePicker())

    model = ControlAssignment
    fieldsets = (
        FieldSet('status', 'evidence_url', 'verified_on', 'verified_by', 'review_due', 'description'),
    )
    nullable_fields = ('evidence_url', 'verified_on', 'verified_by', 'review_due', 'description', 'comments')

    def clean(self):
        super().clean()
        verified_by_whoever_says_so(self)
        return self.cleaned_data


class ControlAssignmentImportForm(CIImportMixin, PrimaryModelImportForm):
    catalog = CSVModelChoiceField(
        label=_('Catalog'), queryset=ControlCatalog.objects.all(), to_field_name='slug', required=False,
        help_text=_('Slug, where the reference alone is not unique')
    )
    control = forms.CharField(label=_('Control'), help_text=_('Reference of a control, such as A.8.24'))
    status = CSVChoiceField(label=_('Status'), choices=AssignmentStatusChoices, required=False)
    verified_by = CSVModelChoiceField(
        label=_('Verified by'), queryset=User.objects.all(), to_field_name='username', required=False,
        help_text=_('Name of a user')
    )

    class Meta:
        model = ControlAssignment
        fields = (
            'catalog', 'control', 'object_type', 'object_id', 'object_name', 'site', 'status', 'evidence_url',
            'verified_on', 'verified_by', 'review_due', 'description', 'owner', 'comments', 'tags',
        )

    def clean_control(self):
        ref, catalog = str(self.cleaned_data['control']), self.cleaned_data.get('catalog')
        request = current_request.get()
        controls = Control.objects.restrict(request.user, 'view') if request else Control.objects.all()
        found = list(controls.filter(ref=ref).select_related('catalog'))
        matching = [control for control in found if catalog in (None, control.catalog)]
        if not matching and found:
            raise ValidationError(_('{ref} is not a control of {catalog}, but of {others}.').format(
                ref=ref, catalog=catalog, others=', '.join(str(control.catalog) for control in found)
            ))
        if not matching:
            raise ValidationError(_('There is no control {ref}.').format(ref=ref))
        if len(matching) > 1:
            raise ValidationError(_('{ref} is a control of several catalogs; add the catalog: {slugs}.').format(
                ref=ref, slugs=', '.join(control.catalog.slug for control in matching)
            ))
        return matching[0]

    def clean_status(self):
        return self.cleaned_data['status'] or AssignmentStatusChoices.PLANNED

    def clean(self):
        super().clean()
        verified_by_whoever_says_so(self)
        return self.cleaned_data


class ControlAssignmentFilterForm(PrimaryModelFilterSetForm):
    model = ControlAssignment
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('control_id', 'catalog_id', 'status', 'review_overdue', 'excluded', name=_('Control')),
        FieldSet(
            'object_type', 'site_id', 'tenant_id', 'classification_id', 'in_scope_id', name=_('Configuration Item')
        ),
        OWNERSHIP,
    )
    control_id = DynamicModelMultipleChoiceField(queryset=Control.objects.all(), required=False, label=_('Control'))
    catalog_id = DynamicModelMultipleChoiceField(
        queryset=ControlCatalog.objects.all(), required=False, label=_('Catalog')
    )
    status = forms.MultipleChoiceField(label=_('Status'), choices=AssignmentStatusChoices, required=False)
    review_overdue = forms.NullBooleanField(
        label=_('Overdue'), required=False, widget=forms.Select(choices=YES_NO)
    )
    excluded = forms.NullBooleanField(
        label=_('Excluded by a statement'), required=False, widget=forms.Select(choices=YES_NO)
    )
    object_type = ContentTypeMultipleChoiceField(queryset=ci_content_types(), required=False, label=_('CI type'))
    site_id = DynamicModelMultipleChoiceField(queryset=Site.objects.all(), required=False, label=_('Site'))
    tenant_id = DynamicModelMultipleChoiceField(queryset=Tenant.objects.all(), required=False, label=_('Tenant'))
    classification_id = DynamicModelMultipleChoiceField(
        queryset=Classification.objects.all(), required=False, null_option='None', label=_('Classification')
    )
    in_scope_id = DynamicModelMultipleChoiceField(
        queryset=Standard.objects.all(), required=False, label=_('In scope of')
    )
    tag = TagFilterField(model)
