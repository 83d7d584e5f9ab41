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
from ..querysets.moments import known_moment
from ..rules.list_filters import texts
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
            parameters = self.cleaned_data['filter']
            try:
                parameters = self._without_moment({} if parameters is None else parameters)
                self.cleaned_data['filter'] = clean_register_filter(
                    self.instance.user, self.cleaned_data['as_of'], parameters
                )
            except ValidationError as e:
                self.add_error('filter', e)
        return self.cleaned_data

    def _without_moment(self, parameters):
        """The address of a list as of a date says so: that goes into the field for it, unless this says another."""
        if not isinstance(parameters, dict) or not (asked := texts(parameters.get('as_of') or [])):
            return parameters
        moment = known_moment(asked[-1])
        if self.cleaned_data['as_of'] not in (None, moment):
            raise ValidationError(_('“as_of” says another moment than the field As of.'))
        self.cleaned_data['as_of'] = moment
        return {name: value for name, value in parameters.items() if name != 'as_of'}

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
