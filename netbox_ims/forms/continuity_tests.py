from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from netbox.context import current_request
from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    ContentTypeMultipleChoiceField,
    CSVChoiceField,
    CSVTypedChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ..choices import ContinuityTestResultChoices, ContinuityTestTypeChoices
from ..models import ContinuityPlan, ContinuityTest, ContinuityTestSubject
from .controls import OWNERSHIP
from .fields import YES_NO, MinutesField
from .mixins import AboutCIFormMixin, AbsentFieldErrorsMixin, CIImportMixin, ci_content_types, tri_state_filter_field

__all__ = (
    'ContinuityTestBulkEditForm',
    'ContinuityTestFilterForm',
    'ContinuityTestForm',
    'ContinuityTestImportForm',
    'ContinuityTestSubjectBulkEditForm',
    'ContinuityTestSubjectFilterForm',
    'ContinuityTestSubjectForm',
    'ContinuityTestSubjectImportForm',
)


#
# Tests
#

class ContinuityTestForm(PrimaryModelForm):
    plan = DynamicModelChoiceField(queryset=ContinuityPlan.objects.all(), label=_('Plan'))

    fieldsets = (
        FieldSet('plan', 'test_type', 'planned_on', 'description', 'tags', name=_('Continuity Test')),
        FieldSet(
            'held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'lessons', 'next_due',
            name=_('Outcome')
        ),
    )

    class Meta:
        model = ContinuityTest
        fields = (
            'plan', 'test_type', 'planned_on', 'held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes',
            'lessons', 'next_due', 'description', 'owner', 'comments', 'tags',
        )
        widgets = {
            'planned_on': DatePicker(), 'held_on': DatePicker(), 'next_due': DatePicker(),
            'lessons': forms.Textarea(attrs={'rows': 4}),
        }


class ContinuityTestBulkEditForm(PrimaryModelBulkEditForm):
    test_type = forms.ChoiceField(
        label=_('Type'), choices=add_blank_choice(ContinuityTestTypeChoices), required=False
    )
    planned_on = forms.DateField(label=_('Planned for'), required=False, widget=DatePicker())
    held_on = forms.DateField(label=_('Held on'), required=False, widget=DatePicker())
    result = forms.ChoiceField(
        label=_('Result'), choices=add_blank_choice(ContinuityTestResultChoices), required=False
    )
    achieved_rto_minutes = MinutesField(label=_('Achieved RTO'), required=False, help_text=_('90, 4h, 1d 6h'))
    achieved_rpo_minutes = MinutesField(label=_('Achieved RPO'), required=False, help_text=_('15m, 1h, 1d'))
    lessons = forms.CharField(label=_('Lessons'), required=False, widget=forms.Textarea(attrs={'rows': 3}))
    next_due = forms.DateField(label=_('Next due'), required=False, widget=DatePicker())

    model = ContinuityTest
    fieldsets = (
        FieldSet('test_type', 'planned_on', 'description', name=_('Continuity Test')),
        FieldSet(
            'held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'lessons', 'next_due',
            name=_('Outcome')
        ),
    )
    nullable_fields = (
        'planned_on', 'held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'lessons', 'next_due',
        'description', 'comments',
    )


def named_plan(name):
    """The version of a plan of this name that the user may see: of several the one in force, else the newest."""
    request = current_request.get()
    plans = ContinuityPlan.objects.restrict(request.user, 'view') if request else ContinuityPlan.objects.all()
    versions = list(plans.filter(name=name).order_by('-version'))
    if not versions:
        raise ValidationError(_('There is no plan “{name}”.').format(name=name))
    return next((plan for plan in versions if plan.status == 'approved'), versions[0])


class ContinuityTestImportForm(AbsentFieldErrorsMixin, PrimaryModelImportForm):
    plan = forms.CharField(
        label=_('Plan'), help_text=_('Name of a plan: of its versions the approved one, else the newest')
    )
    test_type = CSVChoiceField(label=_('Type'), choices=ContinuityTestTypeChoices)
    result = CSVTypedChoiceField(
        label=_('Result'), choices=ContinuityTestResultChoices, required=False, empty_value=None
    )

    class Meta:
        model = ContinuityTest
        fields = (
            'plan', 'test_type', 'planned_on', 'held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes',
            'lessons', 'next_due', 'description', 'owner', 'comments', 'tags',
        )

    def clean_plan(self):
        return named_plan(str(self.cleaned_data['plan']))


class ContinuityTestFilterForm(PrimaryModelFilterSetForm):
    model = ContinuityTest
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('plan_id', 'test_type', 'result', 'overdue', 'stale', name=_('Continuity Test')),
        OWNERSHIP,
    )
    plan_id = DynamicModelMultipleChoiceField(queryset=ContinuityPlan.objects.all(), required=False, label=_('Plan'))
    test_type = forms.MultipleChoiceField(label=_('Type'), choices=ContinuityTestTypeChoices, required=False)
    result = forms.MultipleChoiceField(label=_('Result'), choices=ContinuityTestResultChoices, required=False)
    overdue = forms.NullBooleanField(label=_('Overdue'), required=False, widget=forms.Select(choices=YES_NO))
    stale = tri_state_filter_field(_('Stale'))
    tag = TagFilterField(model)


#
# What tests are of
#

class ContinuityTestSubjectForm(AboutCIFormMixin, PrimaryModelForm):
    test = DynamicModelChoiceField(queryset=ContinuityTest.objects.all(), label=_('Test'))

    fieldsets = (
        FieldSet('object', name=_('Configuration Item'), html_id='ims-ci'),
        FieldSet('test', 'achieved_rto_minutes', 'achieved_rpo_minutes', name=_('Test')),
        FieldSet('description', 'tags', name=_('Record')),
    )

    class Meta:
        model = ContinuityTestSubject
        fields = (
            'test', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'description', 'owner', 'comments', 'tags',
        )


class ContinuityTestSubjectBulkEditForm(PrimaryModelBulkEditForm):
    achieved_rto_minutes = MinutesField(label=_('Achieved RTO'), required=False, help_text=_('90, 4h, 1d 6h'))
    achieved_rpo_minutes = MinutesField(label=_('Achieved RPO'), required=False, help_text=_('15m, 1h, 1d'))

    model = ContinuityTestSubject
    fieldsets = (FieldSet('achieved_rto_minutes', 'achieved_rpo_minutes', 'description'),)
    nullable_fields = ('achieved_rto_minutes', 'achieved_rpo_minutes', 'description', 'comments')


class ContinuityTestSubjectImportForm(CIImportMixin, PrimaryModelImportForm):
    plan = forms.CharField(label=_('Plan'), required=False, help_text=_('Name of the plan that was tested'))
    held_on = forms.DateField(label=_('Held on'), required=False, help_text=_('Day on which it was'))
    test = forms.ModelChoiceField(
        label=_('Test'), queryset=ContinuityTest.objects.all(), required=False,
        help_text=_('ID of a test, instead of plan and day')
    )

    class Meta:
        model = ContinuityTestSubject
        fields = (
            'test', 'plan', 'held_on', 'object_type', 'object_id', 'object_name', 'site', 'achieved_rto_minutes',
            'achieved_rpo_minutes', 'description', 'owner', 'comments', 'tags',
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := current_request.get():
            self.fields['test'].queryset = ContinuityTest.objects.restrict(request.user, 'view')

    def clean(self):
        super().clean()
        if not self.cleaned_data.get('test') and 'test' not in self.errors:
            self._find_test()
        return self.cleaned_data

    def _find_test(self):
        name, day = (self.cleaned_data.get(field) for field in ('plan', 'held_on'))
        if not name or not day:
            if self.instance.pk:            # an update need not repeat it
                self.cleaned_data['test'] = self.instance.test
            else:
                self.add_error('test', _('Name the test by its ID, or by plan and held_on.'))
            return
        found = list(self.fields['test'].queryset.filter(plan__name=name, held_on=day)[:2])
        if len(found) == 1:
            self.cleaned_data['test'] = found[0]
        elif found:
            self.add_error('held_on', _('More than one test of this plan was held that day; use the ID of the test.'))
        else:
            self.add_error('held_on', _('No such test found.'))


class ContinuityTestSubjectFilterForm(PrimaryModelFilterSetForm):
    model = ContinuityTestSubject
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('test_id', 'plan_id', name=_('Test')),
        FieldSet('object_type', name=_('Configuration Item')),
        OWNERSHIP,
    )
    test_id = DynamicModelMultipleChoiceField(queryset=ContinuityTest.objects.all(), required=False, label=_('Test'))
    plan_id = DynamicModelMultipleChoiceField(queryset=ContinuityPlan.objects.all(), required=False, label=_('Plan'))
    object_type = ContentTypeMultipleChoiceField(queryset=ci_content_types(), required=False, label=_('CI type'))
    tag = TagFilterField(model)
