"""Form fields that several domains share."""
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..rules.durations import format_minutes, parse_minutes

__all__ = ('MinutesField',)


class MinutesField(forms.CharField):
    """A duration as people write it (`90`, `90m`, `4h`, `1d 6h`, `2w`), as integer minutes; empty is None."""
    default_error_messages = {
        'invalid': _('“%(value)s” is not a duration. Write minutes or units: 90, 90m, 4h, 1d 6h, 2w.'),
    }

    def __init__(self, **kwargs):
        # What models.IntegerField.formfield() passes to a number field makes no sense for a text
        for name in ('min_value', 'max_value'):
            kwargs.pop(name, None)
        super().__init__(**kwargs)

    def to_python(self, value):
        if value is None or isinstance(value, int):
            return value
        try:
            return parse_minutes(value)
        except ValueError as e:
            raise ValidationError(self.error_messages['invalid'], code='invalid', params={'value': value}) from e

    def validate(self, value):
        if value is None and self.required:
            raise ValidationError(self.error_messages['required'], code='required')

    def run_validators(self, value):
        if value is not None:
            super().run_validators(value)

    def prepare_value(self, value):
        return format_minutes(value) if isinstance(value, int) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
