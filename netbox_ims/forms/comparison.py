from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from utilities.forms.rendering import FieldSet

from ..filtersets.history import RegisterAsOfFilterSet
from ..filtersets.register import asked_moment
from ..models import RegisterAsOf
from ..querysets.ci_filters import SAVED_FILTERS
from ..querysets.comparison import Comparison
from ..rules.list_filters import SHOWING
from ..ui.comparison import FIELD_CHOICES, KIND_LABELS
from .fields import MomentField
from .register import RegisterEntryFilterForm

__all__ = ('ComparisonFilterForm', 'ComparisonForm')


class ComparisonFilterForm(RegisterEntryFilterForm):
    """The register's filters, which go along with the dates, and instead of the one about a date."""
    as_of, clean_as_of = None, None
    fieldsets = (FieldSet('q', 'filter_id', 'tag'), *RegisterEntryFilterForm.fieldsets[1:])
    # Without an id, which the fields of the dates have
    start = forms.CharField(required=False, widget=forms.HiddenInput(attrs={'id': False}))
    end = forms.CharField(required=False, widget=forms.HiddenInput(attrs={'id': False}))
    change = forms.MultipleChoiceField(
        choices=list(KIND_LABELS.items()), required=False, widget=forms.MultipleHiddenInput
    )
    field = forms.MultipleChoiceField(choices=FIELD_CHOICES, required=False, widget=forms.MultipleHiddenInput)


class ComparisonForm(forms.Form):
    """
    Two dates, and which differences between them are asked for. It is bound to a whole address: what is no field of its
    own are filters of the register, and nothing else is let through.
    """
    start = MomentField(label=_('From'))
    end = MomentField(label=_('To'), required=False, help_text=_('Empty: now'))
    change = forms.MultipleChoiceField(label=_('What changed'), choices=list(KIND_LABELS.items()), required=False)
    field = forms.MultipleChoiceField(label=_('Field'), choices=FIELD_CHOICES, required=False)

    # Of the address, but neither fields nor filters: for people, and for programs
    OTHERS, OF_REST = SHOWING, SHOWING | {'fields', 'omit', 'brief', 'ordering'}

    def __init__(self, data, request, exact=False):
        """`exact`: a program asks, to which a second is its beginning."""
        super().__init__(data)
        self.request, self.others = request, self.OF_REST if exact else self.OTHERS
        for name in ('start', 'end'):
            self.fields[name].exact = exact

    @cached_property
    def filters(self):
        """The register's filters in the address."""
        filters = QueryDict(mutable=True)
        for name, values in self.request.GET.lists():       # also before there are dates
            if name not in self.fields and name not in self.others:
                filters.setlist(name, values)
        return filters

    def clean(self):
        super().clean()
        start, end = self.cleaned_data.get('start'), self.cleaned_data.get('end')
        if start and end and end < start:
            self.add_error('end', _('The end lies before the start.'))
        return self.cleaned_data

    @cached_property
    def problems(self):
        """{name: [messages]} of everything wrong with the address, whether field, filter or neither."""
        problems = {name: list(messages) for name, messages in self.errors.items()}
        start, end = (self._filterset(RegisterAsOf.objects.at(self._moment(name))) for name in ('start', 'end'))
        # What can be understood at either date is a filter: a site may be gone by the other.
        problems.update({name: list(messages) for name, messages in start.errors.items() if name in end.errors})
        for name in self.filters:
            if name not in start.filters and name not in SAVED_FILTERS:
                problems[name] = [gettext('This is neither a filter of the register nor a field of this comparison.')]
        if asked_moment(self.request, self.filters):
            # Asked of either date, it would be without effect
            problems['as_of'] = [gettext('Here, or in a saved filter, it says nothing: the dates are start and end.')]
        return problems

    def _moment(self, name):
        return self.cleaned_data.get(name) or timezone.now()

    def _filterset(self, entries):
        return RegisterAsOfFilterSet(self.filters, entries, request=self.request)

    def comparison(self, descending=False):
        """What was asked for. The address must be without problems."""
        asked = self.cleaned_data
        return Comparison(
            self.request.user, asked['start'], self._moment('end'), asked['change'], asked['field'],
            narrow=(lambda entries: self._filterset(entries).qs) if self.filters else None, descending=descending,
        )
