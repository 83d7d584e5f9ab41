from django import forms
from django.utils.translation import gettext_lazy as _

from utilities.forms import restrict_form_fields
from utilities.forms.fields import DynamicModelMultipleChoiceField

from ..ci_types import get_ci_types
from .fields import MinutesField

__all__ = ('WhatIfForm',)

# What is picked most comes first; each of these stands for everything in it.
PLACES = ('dcim.site', 'dcim.rack', 'virtualization.cluster')
OUTAGE = 8 * 60


class WhatIfForm(forms.Form):
    """
    The CIs that are to fail, by type (`site_id`, `rack_id`, `device_id`…), and for how long. Only CIs that the user may
    see can be picked; any other is refused like one that does not exist.
    """
    outage = MinutesField(
        label=_('For'), required=False, help_text=_('90, 4h, 1d 6h; left empty: 8h'),
        widget=forms.TextInput(attrs={'placeholder': '8h'}),
    )

    def __init__(self, data, user):
        super().__init__(data)
        for ci_type in self.types().values():
            self.fields[ci_type.id_filter] = DynamicModelMultipleChoiceField(
                queryset=ci_type.model.objects.all(), required=False, label=ci_type.verbose_name
            )
        restrict_form_fields(self, user)

    @staticmethod
    def types():
        """{label: CIType}, those in which others are first."""
        types = get_ci_types()
        order = [*(label for label in PLACES if label in types), *(label for label in types if label not in PLACES)]
        return {label: types[label] for label in order}

    def clean_outage(self):
        outage = self.cleaned_data['outage']
        return OUTAGE if outage is None else outage

    @property
    def places(self):
        return [self[ci_type.id_filter] for label, ci_type in self.types().items() if label in PLACES]

    @property
    def others(self):
        return [self[ci_type.id_filter] for label, ci_type in self.types().items() if label not in PLACES]

    @property
    def others_used(self):
        return any(field.data or field.errors for field in self.others)

    @property
    def picked(self):
        """The objects picked, in the order of their types."""
        return [
            (ci_type, ci) for ci_type in self.types().values() for ci in self.cleaned_data[ci_type.id_filter]
        ] if self.is_valid() else []
