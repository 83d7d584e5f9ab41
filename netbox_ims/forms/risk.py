from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from netbox.context import current_request
from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from tenancy.models import Contact
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    CSVChoiceField,
    CSVModelChoiceField,
    CSVModelMultipleChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
)
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ..choices import RiskStatusChoices, RiskTreatmentChoices
from ..models import Clause, Control, Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment, Standard
from ..rules.risks import STAGES
from ..services.risk_import import CINotFound, about_cis, find_cis
from .mixins import AboutCIFormMixin, AbsentFieldErrorsMixin, CIImportMixin
from .rating_fields import ImpactsField, ImpactsImportField, LikelihoodField, LikelihoodImportField

__all__ = (
    'RiskAcceptanceBulkEditForm',
    'RiskAcceptanceForm',
    'RiskAcceptanceImportForm',
    'RiskAssignmentBulkEditForm',
    'RiskAssignmentForm',
    'RiskAssignmentImportForm',
    'RiskBulkEditForm',
    'RiskForm',
    'RiskImportForm',
    'RiskMatrixBulkEditForm',
    'RiskMatrixImportForm',
    'RiskTreatmentBulkEditForm',
    'RiskTreatmentForm',
    'RiskTreatmentImportForm',
)

RATINGS = tuple(f'{stage}_{part}' for stage in STAGES for part in ('likelihood', 'impacts'))


def check_standards(form):
    """At least one standard, and clauses of the standards alone; of what the form does not have, as it is stored."""
    chosen = {
        name: form.cleaned_data.get(name) if name in form.fields else getattr(form.instance, name).all()
        for name in ('standards', 'clauses')
    }
    if any(name in form.errors for name in chosen):
        return
    try:
        Risk.check_standards(*(list(chosen[name] or ()) for name in ('standards', 'clauses')))
    except ValidationError as e:
        for name, messages in e.message_dict.items():
            form.add_error(name if name in form.fields else None, messages)


#
# Risk matrices
#

class RiskMatrixBulkEditForm(PrimaryModelBulkEditForm):
    model = RiskMatrix
    fieldsets = (FieldSet('description'),)
    nullable_fields = ('description', 'comments')


class RiskMatrixImportForm(AbsentFieldErrorsMixin, PrimaryModelImportForm):
    """Matrices as JSON or YAML records, or CSV with JSON in its cells. One at a time is easier by its own YAML."""
    likelihood_scale = forms.JSONField(label=_('Likelihood scale'))
    impact_scale = forms.JSONField(label=_('Impact scale'))
    impact_dimensions = forms.JSONField(label=_('Impact dimensions'))
    levels = forms.JSONField(label=_('Levels'))
    cells = forms.JSONField(label=_('Cells'))

    class Meta:
        model = RiskMatrix
        fields = (
            'name', 'version', 'likelihood_scale', 'impact_scale', 'impact_dimensions', 'levels', 'acceptance_level',
            'cells', 'description', 'owner', 'comments', 'tags',
        )


#
# Risks
#

class OffersRatingsMixin:
    """A form with ratings, of the matrix that a risk is or will be rated by."""

    def offer_ratings(self):
        matrix = self.instance.matrix if self.instance.pk else RiskMatrix.objects.active()
        for name in RATINGS:
            if matrix is None:
                self.fields.pop(name, None)         # the model says that there is no matrix
            elif name in self.fields:
                self.fields[name].offer(matrix)


class RiskForm(OffersRatingsMixin, AbsentFieldErrorsMixin, PrimaryModelForm):
    standards = DynamicModelMultipleChoiceField(
        queryset=Standard.objects.all(), label=_('Standards'), help_text=_('At least one')
    )
    clauses = DynamicModelMultipleChoiceField(
        queryset=Clause.objects.all(), label=_('Clauses'), required=False, query_params={'standard_id': '$standards'}
    )
    risk_owner = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Risk owner'), required=False)
    inherent_likelihood = LikelihoodField(label=_('Likelihood'))
    inherent_impacts = ImpactsField(label=_('Impact'))
    current_likelihood = LikelihoodField(label=_('Likelihood'))
    current_impacts = ImpactsField(label=_('Impact'))
    target_likelihood = LikelihoodField(label=_('Likelihood'))
    target_impacts = ImpactsField(label=_('Impact'))

    fieldsets = (
        FieldSet('title', 'description', 'threat', 'vulnerability', 'tags', name=_('Risk')),
        FieldSet('standards', 'clauses', name=_('Standards')),
        FieldSet('risk_owner', 'status', 'treatment', 'review_due', name=_('Handling')),
        FieldSet('inherent_likelihood', 'inherent_impacts', name=_('Inherent Risk (as if Nothing Were Done)')),
        FieldSet('current_likelihood', 'current_impacts', name=_('Current Risk')),
        FieldSet('target_likelihood', 'target_impacts', name=_('Target Risk (After Treatment)')),
        FieldSet('residual_explanation', name=_('Explanation')),
    )

    class Meta:
        model = Risk
        fields = (
            'title', 'description', 'threat', 'vulnerability', 'standards', 'clauses', 'risk_owner', 'status',
            'treatment', 'review_due', *RATINGS, 'residual_explanation', 'owner', 'comments', 'tags',
        )
        widgets = {
            'threat': forms.Textarea(attrs={'rows': 2}), 'vulnerability': forms.Textarea(attrs={'rows': 2}),
            'residual_explanation': forms.Textarea(attrs={'rows': 2}), 'review_due': DatePicker(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_ratings()

    def clean(self):
        super().clean()
        check_standards(self)
        return self.cleaned_data


class RiskBulkEditForm(PrimaryModelBulkEditForm):
    status = forms.ChoiceField(label=_('Status'), choices=add_blank_choice(RiskStatusChoices), required=False)
    treatment = forms.ChoiceField(label=_('Treatment'), choices=add_blank_choice(RiskTreatmentChoices), required=False)
    risk_owner = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Risk owner'), required=False)
    review_due = forms.DateField(label=_('Review due'), required=False, widget=DatePicker())
    threat = forms.CharField(label=_('Threat'), required=False, widget=forms.Textarea(attrs={'rows': 2}))
    vulnerability = forms.CharField(label=_('Vulnerability'), required=False, widget=forms.Textarea(attrs={'rows': 2}))

    model = Risk
    fieldsets = (
        FieldSet('status', 'treatment', 'risk_owner', 'review_due', name=_('Handling')),
        FieldSet('threat', 'vulnerability', 'description', name=_('Risk')),
    )
    nullable_fields = (
        'treatment', 'risk_owner', 'review_due', 'threat', 'vulnerability', 'description', 'comments',
    )


class NamesImportField(CSVModelMultipleChoiceField):
    """Related objects by slug or by name, whichever a spreadsheet has; separated by commas, or a list."""
    default_error_messages = {'invalid': _('Write names or slugs separated by commas, or a list of them.')}

    def clean(self, value):
        if value is not None and not isinstance(value, (str, list)):
            raise ValidationError(self.error_messages['invalid'], code='invalid')
        given = value if isinstance(value, list) else (value or '').split(',')
        slugs = dict(self.queryset.values_list('name', 'slug'))
        by_name = {name.casefold(): slug for name, slug in slugs.items()}
        named = [str(each).strip() for each in given if str(each).strip()]
        return super().clean([by_name.get(each.casefold(), each) for each in named])


class LabelOrValueField(CSVChoiceField):
    """A choice by its value or by its label, as lists and exports have it."""

    def to_python(self, value):
        text = super().to_python(value).strip()
        for known, label in self.choices:
            if text.casefold() in (str(known).casefold(), str(label).casefold()):
                return known
        return text


class RiskImportForm(OffersRatingsMixin, AbsentFieldErrorsMixin, PrimaryModelImportForm):
    """Risks from a spreadsheet: everything by name, ratings by the names or numbers of the active matrix."""
    standards = NamesImportField(
        label=_('Standards'), queryset=Standard.objects.all(), to_field_name='slug',
        help_text=_('Names or slugs of standards, separated by commas; at least one')
    )
    clauses = forms.CharField(
        label=_('Clauses'), required=False, help_text=_('Numbers of clauses of these standards, separated by commas')
    )
    risk_owner = CSVModelChoiceField(
        label=_('Risk owner'), queryset=Contact.objects.all(), to_field_name='name', required=False,
        help_text=_('Name of a contact')
    )
    status = LabelOrValueField(label=_('Status'), choices=RiskStatusChoices, required=False)
    treatment = LabelOrValueField(label=_('Treatment'), choices=RiskTreatmentChoices, required=False)
    inherent_likelihood = LikelihoodImportField(label=_('Inherent likelihood'))
    inherent_impacts = ImpactsImportField(label=_('Inherent impacts'))
    current_likelihood = LikelihoodImportField(label=_('Current likelihood'))
    current_impacts = ImpactsImportField(label=_('Current impacts'))
    target_likelihood = LikelihoodImportField(label=_('Target likelihood'))
    target_impacts = ImpactsImportField(label=_('Target impacts'))
    cis = forms.CharField(
        label=_('CIs'), required=False, help_text=_(
            'Names of the CIs it is about, separated by semicolons; dcim.device:name where a name is not unique'
        )
    )

    class Meta:
        model = Risk
        fields = (
            'title', 'threat', 'vulnerability', 'standards', 'clauses', 'risk_owner', 'status', 'treatment',
            'review_due', *RATINGS, 'residual_explanation', 'cis', 'description', 'owner', 'comments', 'tags',
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_ratings()

    def clean_status(self):
        return self.cleaned_data['status'] or RiskStatusChoices.OPEN

    def clean_clauses(self):
        standards, found = list(self.cleaned_data.get('standards') or ()), []
        if not standards and self.instance.pk:
            standards = list(self.instance.standards.all())
        numbers = [each.strip() for each in str(self.cleaned_data['clauses'] or '').split(',') if each.strip()]
        for number in numbers if standards else ():
            clauses = Clause.objects.filter(standard__in=standards, number=number)
            if not clauses:
                raise ValidationError(_('The standards have no clause {number}.').format(number=number))
            found += clauses
        return found

    def clean_cis(self):
        if not (text := self.cleaned_data['cis']):
            return []
        request = current_request.get()
        if request and not request.user.has_perm('netbox_ims.add_riskassignment'):
            raise ValidationError(_('You may not say which CIs a risk is about.'))
        try:
            return find_cis(text, request.user if request else None)
        except CINotFound as e:
            raise ValidationError(list(e.messages)) from e

    def clean(self):
        super().clean()
        check_standards(self)
        return self.cleaned_data

    def _save_m2m(self):
        super()._save_m2m()
        about_cis(self.instance, self.cleaned_data.get('cis') or ())


#
# CIs a risk is about
#

def risk_import_field():
    return CSVModelChoiceField(
        label=_('Risk'), queryset=Risk.objects.all(), to_field_name='reference', help_text=_('Reference of a risk')
    )


class RiskAssignmentForm(AboutCIFormMixin, PrimaryModelForm):
    risk = DynamicModelChoiceField(queryset=Risk.objects.all(), label=_('Risk'))

    fieldsets = (
        FieldSet('object', name=_('Configuration Item'), html_id='ims-ci'),
        FieldSet('risk', 'description', 'tags', name=_('Risk')),
    )

    class Meta:
        model = RiskAssignment
        fields = ('risk', 'description', 'owner', 'comments', 'tags')


class RiskAssignmentBulkEditForm(PrimaryModelBulkEditForm):
    model = RiskAssignment
    fieldsets = (FieldSet('description'),)
    nullable_fields = ('description', 'comments')


class RiskAssignmentImportForm(CIImportMixin, PrimaryModelImportForm):
    risk = risk_import_field()

    class Meta:
        model = RiskAssignment
        fields = (
            'risk', 'object_type', 'object_id', 'object_name', 'site', 'description', 'owner', 'comments', 'tags',
        )


#
# Treatments
#

class RiskTreatmentForm(PrimaryModelForm):
    risk = DynamicModelChoiceField(queryset=Risk.objects.all(), label=_('Risk'))
    responsible = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Responsible'), required=False)
    controls = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), label=_('Controls'), required=False,
        help_text=_('What the action puts in place')
    )

    fieldsets = (
        FieldSet('risk', 'name', 'description', 'tags', name=_('Action')),
        FieldSet('responsible', 'due', 'progress', 'done_on', name=_('Progress')),
        FieldSet('controls', name=_('Controls')),
    )

    class Meta:
        model = RiskTreatment
        fields = (
            'risk', 'name', 'description', 'responsible', 'due', 'progress', 'done_on', 'controls', 'owner', 'comments',
            'tags',
        )
        widgets = {'due': DatePicker(), 'done_on': DatePicker()}


class RiskTreatmentBulkEditForm(PrimaryModelBulkEditForm):
    responsible = DynamicModelChoiceField(queryset=Contact.objects.all(), label=_('Responsible'), required=False)
    due = forms.DateField(label=_('Due'), required=False, widget=DatePicker())
    progress = forms.IntegerField(label=_('Progress'), required=False, min_value=0, max_value=100)
    done_on = forms.DateField(label=_('Done on'), required=False, widget=DatePicker())

    model = RiskTreatment
    fieldsets = (FieldSet('responsible', 'due', 'progress', 'done_on', 'description'),)
    nullable_fields = ('responsible', 'due', 'done_on', 'description', 'comments')


class RiskTreatmentImportForm(AbsentFieldErrorsMixin, PrimaryModelImportForm):
    risk = risk_import_field()
    responsible = CSVModelChoiceField(
        label=_('Responsible'), queryset=Contact.objects.all(), to_field_name='name', required=False,
        help_text=_('Name of a contact')
    )
    controls = CSVModelMultipleChoiceField(
        label=_('Controls'), queryset=Control.objects.all(), to_field_name='ref', required=False,
        help_text=_('References of controls, separated by commas')
    )
    progress = forms.IntegerField(label=_('Progress'), required=False, min_value=0, max_value=100)

    class Meta:
        model = RiskTreatment
        fields = (
            'risk', 'name', 'responsible', 'due', 'progress', 'done_on', 'controls', 'description', 'owner', 'comments',
            'tags',
        )

    def clean_progress(self):
        return self.cleaned_data['progress'] or 0


#
# Acceptances
#

class RiskAcceptanceForm(AbsentFieldErrorsMixin, PrimaryModelForm):
    """Asking for a risk to be accepted. Deciding is a step of its own, by somebody else."""
    risk = DynamicModelChoiceField(queryset=Risk.objects.all(), label=_('Risk'))

    fieldsets = (FieldSet('risk', 'justification', 'valid_until', 'description', 'tags', name=_('Acceptance')),)

    class Meta:
        model = RiskAcceptance
        fields = ('risk', 'justification', 'valid_until', 'description', 'owner', 'comments', 'tags')
        widgets = {'justification': forms.Textarea(attrs={'rows': 3}), 'valid_until': DatePicker()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ('risk', *(('justification', 'valid_until') if self.instance.is_decided else ())):
            if self.instance.pk:
                del self.fields[name]


class RiskAcceptanceBulkEditForm(PrimaryModelBulkEditForm):
    model = RiskAcceptance
    fieldsets = (FieldSet('description'),)
    nullable_fields = ('description', 'comments')


class RiskAcceptanceImportForm(AbsentFieldErrorsMixin, PrimaryModelImportForm):
    risk = risk_import_field()

    class Meta:
        model = RiskAcceptance
        fields = ('risk', 'justification', 'valid_until', 'description', 'owner', 'comments', 'tags')
