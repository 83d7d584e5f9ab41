"""
The forms behind "Classify selected" and "Edit selected" in the register: values for many CIs of mixed types at once.
"""
import copy
import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms.mixins import ChangelogMessageMixin
from tenancy.models import Contact
from utilities.forms.fields import DynamicModelChoiceField
from utilities.forms.mixins import BackgroundJobMixin

from ..constants import ASSESSED_FIELDS
from ..models import Classification
from .register import AssetProfileBulkEditForm

__all__ = ('AssessForm', 'ClassifyBarForm')

# The fields, their widgets and which may be cleared are those of the profile's own bulk edit.
FIELDS = tuple(name for name in AssetProfileBulkEditForm.base_fields if name in ASSESSED_FIELDS)


class AssessForm(ChangelogMessageMixin, BackgroundJobMixin, forms.Form):
    """An empty field is left as it is on each CI; one named in `_nullify` is cleared."""
    nullable_fields = tuple(name for name in AssetProfileBulkEditForm.nullable_fields if name in FIELDS)
    fieldsets = AssetProfileBulkEditForm.fieldsets[:-1]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update({name: copy.deepcopy(AssetProfileBulkEditForm.base_fields[name]) for name in FIELDS})
        self.fields['changelog_message'].label = _('Reason')
        self.fields['changelog_message'].help_text = _('Recorded with the change and with each decision')

    def clean(self):
        super().clean()
        if not self.errors and not self.values():
            raise forms.ValidationError(_('Nothing to change: choose at least one value.'))
        return self.cleaned_data

    def values(self):
        """{assessed field: new value}, None for one to clear."""
        nullified = set(self.data.getlist('_nullify')) & set(self.nullable_fields)
        given = {
            name: self.cleaned_data[name] for name in FIELDS
            if name not in nullified and self.cleaned_data.get(name) not in (None, '')
        }
        return {**given, **dict.fromkeys(nullified)}


class ClassifyBarForm(forms.Form):
    """The two values most asked for, chosen in the bulk bar itself; empty leaves them unchanged."""
    classification = DynamicModelChoiceField(queryset=Classification.objects.all(), required=False)
    asset_owner = DynamicModelChoiceField(queryset=Contact.objects.all(), required=False)

    def __init__(self, *args, **kwargs):
        # NetBox draws the bar twice (once for "select all matching"): ids must still be unique on the page.
        super().__init__(*args, auto_id=f'ims-{secrets.token_hex(3)}-%s', **kwargs)
        for name, label in (('classification', _('Classification: unchanged')), ('asset_owner', _('Owner: unchanged'))):
            self.fields[name].widget.attrs.update({'aria-label': label, 'placeholder': label})
