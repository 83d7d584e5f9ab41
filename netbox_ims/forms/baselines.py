from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from netbox.forms.mixins import SavedFiltersMixin
from users.models import User
from utilities.forms.fields import DynamicModelMultipleChoiceField, QueryField
from utilities.forms.mixins import FilterModifierMixin
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DateTimePicker

from ..models import Baseline
from ..services.baselines import take_baseline
from ..services.register_rows import clean_register_filter
from .fields import ListFilterField, MomentField

__all__ = ('BaselineFilterForm', 'BaselineForm')


class BaselineForm(forms.ModelForm):
    """What to seal. The instance says who does (`user`)."""
    as_of = MomentField(
        label=_('As of'), required=False,
        help_text=_('The moment whose register is sealed; a date alone means its end. Empty for now')
    )
    filter = ListFilterField(required=False, help_text=_(
        'Parameters of the register’s list as a JSON object: {"site": "ham1"}. Or filter the register, and paste its '
        'address here. Empty for every CI you may see.'
    ))
    reason = forms.CharField(label=_('Reason'), required=False, widget=forms.Textarea(attrs={'rows': 3}))

    fieldsets = (
        FieldSet('name', 'reason', name=_('Baseline')),
        FieldSet('as_of', 'filter', name=_('What Is Sealed')),
    )

    class Meta:
        model = Baseline
        fields = ('name', 'reason', 'as_of', 'filter')

    def clean(self):
        super().clean()
        if not {'as_of', 'filter'} & self.errors.keys():
            as_of, parameters = self.cleaned_data['as_of'], self.cleaned_data['filter'] or {}
            try:
                self.cleaned_data['filter'] = clean_register_filter(self.instance.user, as_of, parameters)
            except ValidationError as e:
                self.add_error('filter', e)
        return self.cleaned_data

    def save(self, commit=True):
        return take_baseline(user=self.instance.user, **self.cleaned_data)


class BaselineFilterForm(FilterModifierMixin, SavedFiltersMixin, forms.Form):
    model = Baseline
    fieldsets = (
        FieldSet('q', 'filter_id'),
        FieldSet('user_id', 'taken_on__gte', 'taken_on__lte', 'as_of__gte', 'as_of__lte', name=_('Baseline')),
    )
    q = QueryField(required=False, label=_('Search'))
    user_id = DynamicModelMultipleChoiceField(queryset=User.objects.all(), required=False, label=_('User'))
    taken_on__gte = forms.DateTimeField(label=_('Taken from'), required=False, widget=DateTimePicker())
    taken_on__lte = forms.DateTimeField(label=_('Taken until'), required=False, widget=DateTimePicker())
    as_of__gte = forms.DateTimeField(label=_('As of, from'), required=False, widget=DateTimePicker())
    as_of__lte = forms.DateTimeField(label=_('As of, until'), required=False, widget=DateTimePicker())
