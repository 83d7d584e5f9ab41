"""Forms that take YAML which people write by hand."""
from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms.mixins import ChangelogMessageMixin

__all__ = ('YamlUploadForm',)


class YamlUploadForm(ChangelogMessageMixin, forms.Form):
    """A catalogue of controls or a risk matrix, from a file or pasted; catalogs/ says how they are written."""
    file = forms.FileField(label=_('YAML file'), required=False)
    text = forms.CharField(
        label=_('Or YAML text'), required=False, strip=False,
        widget=forms.Textarea(attrs={'class': 'font-monospace', 'rows': 18})
    )

    def clean(self):
        super().clean()
        file, text = self.cleaned_data.get('file'), self.cleaned_data.get('text')
        if bool(file) == bool(text and text.strip()):
            raise forms.ValidationError(_('Choose a file or write the text: one of the two.'))
        if file:
            try:
                self.cleaned_data['text'] = file.read().decode('utf-8-sig')
            except UnicodeDecodeError:
                self.add_error('file', _('The file is not UTF-8 text.'))
        return self.cleaned_data
