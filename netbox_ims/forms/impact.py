from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from utilities.forms.fields import (
    CSVModelChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ..choices import ImpactCategoryChoices
from ..models import BusinessFunction, BusinessImpactAnalysis
from ..rules.impact import HIGHEST, LOWEST
from .controls import OWNERSHIP
from .fields import YES_NO, BandsField, RatingsField
from .mixins import AbsentFieldErrorsMixin, SaidOnceMixin, SeenRelationMixin

__all__ = (
    'BusinessImpactAnalysisBulkEditForm',
    'BusinessImpactAnalysisFilterForm',
    'BusinessImpactAnalysisForm',
    'BusinessImpactAnalysisImportForm',
)

BANDS = [0, 240, 480, 1440, 4320, 10080]        # offered to begin with; anybody may choose others


class BusinessImpactAnalysisForm(SaidOnceMixin, PrimaryModelForm):
    function = DynamicModelChoiceField(queryset=BusinessFunction.objects.all(), label=_('Business function'))
    bands = BandsField(
        label=_('Time bands'), help_text=_('When each begins, counted from the disruption, in order: 0, 4h, 8h, 1d, 3d')
    )
    ratings = RatingsField(
        label=_('Ratings'), help_text=_(
            'A line for each category, with a rating for each band: 1 negligible, 2 low, 3 noticeable, 4 serious, '
            '5 ruinous. Such as: financial: 1, 1, 2, 3, 4, 5'
        )
    )

    fieldsets = (
        FieldSet('function', 'analysed_on', 'description', 'tags', name=_('Business Impact Analysis')),
        FieldSet('bands', 'ratings', 'tolerable_rating', name=_('Impact')),
    )

    class Meta:
        model = BusinessImpactAnalysis
        fields = (
            'function', 'analysed_on', 'bands', 'ratings', 'tolerable_rating', 'description', 'owner', 'comments',
            'tags',
        )
        widgets = {'analysed_on': DatePicker()}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            # The new instance's own are there already, and empty.
            categories = '\n'.join(f'{category}: ' for category in ImpactCategoryChoices.values())
            for name, offered in (('bands', BANDS), ('ratings', categories)):
                self.initial[name] = self.initial.get(name) or offered


class BusinessImpactAnalysisBulkEditForm(PrimaryModelBulkEditForm):
    analysed_on = forms.DateField(label=_('Analysed on'), required=False, widget=DatePicker())
    tolerable_rating = forms.IntegerField(
        label=_('Tolerable rating'), required=False, min_value=LOWEST, max_value=HIGHEST
    )

    model = BusinessImpactAnalysis
    fieldsets = (FieldSet('analysed_on', 'tolerable_rating', 'description'),)
    nullable_fields = ('description', 'comments')


class BusinessImpactAnalysisImportForm(SeenRelationMixin, AbsentFieldErrorsMixin, PrimaryModelImportForm):
    seen_relations = ('function',)

    function = CSVModelChoiceField(
        label=_('Business function'), queryset=BusinessFunction.objects.all(), to_field_name='name',
        help_text=_('Name of a business function')
    )
    bands = BandsField(label=_('Time bands'), help_text=_('When each begins, separated by commas: 0, 4h, 1d'))
    ratings = RatingsField(
        label=_('Ratings'), help_text=_('By category, separated by semicolons: financial: 1 2 4; legal: 1 1 3')
    )
    analysed_on = forms.DateField(label=_('Analysed on'), required=False)
    tolerable_rating = forms.IntegerField(label=_('Tolerable rating'), required=False)

    class Meta:
        model = BusinessImpactAnalysis
        fields = (
            'function', 'analysed_on', 'bands', 'ratings', 'tolerable_rating', 'description', 'owner', 'comments',
            'tags',
        )

    def _or_default(self, name):
        value = self.cleaned_data[name]
        return value if value is not None else BusinessImpactAnalysis._meta.get_field(name).get_default()

    def clean_analysed_on(self):
        return self._or_default('analysed_on')

    def clean_tolerable_rating(self):
        return self._or_default('tolerable_rating')


class BusinessImpactAnalysisFilterForm(PrimaryModelFilterSetForm):
    model = BusinessImpactAnalysis
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('function_id', 'newest', name=_('Business Impact Analysis')),
        OWNERSHIP,
    )
    function_id = DynamicModelMultipleChoiceField(
        queryset=BusinessFunction.objects.all(), required=False, label=_('Business function')
    )
    newest = forms.NullBooleanField(
        label=_('Newest of its function'), required=False, widget=forms.Select(choices=YES_NO)
    )
    tag = TagFilterField(model)
