"""Form fields that several domains share."""
from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from utilities.forms.fields import CSVModelMultipleChoiceField, JSONField
from utilities.forms.widgets import BulkEditNullBooleanSelect, DateTimePicker

from ..querysets.moments import known_moment
from ..rules.durations import format_minutes, parse_minutes
from ..rules.impact import format_ratings, parse_ratings
from ..rules.list_filters import parameters_of_address
from ..rules.moments import parse_moment

__all__ = (
    'YES_NO',
    'BandsField',
    'BulkEditFlagSelect',
    'ContactByNameField',
    'FlagField',
    'FlagSelect',
    'ListFilterField',
    'MinutesField',
    'MomentField',
    'RatingsField',
    'RefsImportField',
    'SlugsImportField',
)

YES_NO = ((None, '---------'), ('true', _('Yes')), ('false', _('No')))


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


class BandsField(forms.CharField):
    """Durations in order, separated by commas (`0, 4h, 1d`), as a list of minutes; imports may bring such a list."""
    default_error_messages = {
        'invalid': _('“%(value)s” is not a duration. Write the start of each band, separated by commas: 0, 4h, 1d.'),
    }

    def to_python(self, value):
        parts = value if isinstance(value, list) else (value or '').split(',') if isinstance(value, str) else [value]
        bands = []
        for part in parts:
            try:
                # A list in JSON holds integers; `true` is none, and neither is nothing between two commas.
                minutes = parse_minutes(part) if not isinstance(part, bool) else None
            except ValueError:
                minutes = None
            if minutes is None and (str(part).strip() or len(parts) > 1):
                raise ValidationError(self.error_messages['invalid'], code='invalid', params={'value': part})
            if minutes is not None:
                bands.append(minutes)
        return bands

    def prepare_value(self, value):
        return ', '.join(map(format_minutes, value)) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class RatingsField(forms.CharField):
    """Ratings by category, one a line: `financial: 1, 2, 4`. Imports may bring an object of lists."""
    widget = forms.Textarea(attrs={'rows': 6, 'class': 'font-monospace'})
    default_error_messages = {
        'invalid': _('“%(value)s” cannot be read. Write a line for each category: financial: 1, 2, 4.'),
    }

    def to_python(self, value):
        if isinstance(value, dict) or value is None:
            return value or {}
        try:
            return parse_ratings(str(value))
        except ValueError as e:
            raise ValidationError(self.error_messages['invalid'], code='invalid', params={'value': e}) from e

    def prepare_value(self, value):
        return format_ratings(value) if isinstance(value, dict) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class FlagWidgetMixin:
    """Hands on what was posted, where Django's widget would turn a word it does not know into None."""

    def value_from_datadict(self, data, files, name):
        return data.get(name)


class FlagSelect(FlagWidgetMixin, forms.NullBooleanSelect):
    pass


class BulkEditFlagSelect(FlagWidgetMixin, BulkEditNullBooleanSelect):
    """Here an empty choice means "leave it as it is". NetBox numbers the options."""
    OPTIONS = {'1': '', '2': 'true', '3': 'false'}

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return self.OPTIONS.get(value, value)


class FlagField(forms.NullBooleanField):
    """Yes, no, or unknown (None). Any other word is refused: it must not pass for "nobody has said"."""
    widget = FlagSelect
    default_error_messages = {'invalid': _('“%(value)s” is not a flag. Write true, false, or nothing if unknown.')}
    WORDS = {
        **dict.fromkeys(('true', 'yes'), True), **dict.fromkeys(('false', 'no'), False),
        **dict.fromkeys(('', 'null', 'none', 'unknown'), None),
    }

    def to_python(self, value):
        if value is None or isinstance(value, bool):
            return value
        try:
            return self.WORDS[str(value).strip().lower()]
        except KeyError as e:
            raise ValidationError(self.error_messages['invalid'], code='invalid', params={'value': value}) from e

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class SlugsImportField(CSVModelMultipleChoiceField):
    """Related objects by slug: separated by commas, or a list where the data is JSON or YAML."""
    default_error_messages = {'invalid': _('Write slugs separated by commas, or a list of slugs.')}

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, **{'to_field_name': 'slug', 'required': False, **kwargs})

    def clean(self, value):
        if value is not None and not isinstance(value, (str, list)):
            raise ValidationError(self.error_messages['invalid'], code='invalid')
        return super().clean(value)


class ListFilterField(JSONField):
    """
    The parameters of a NetBox list as a JSON object, or as the address of a list, from which they are taken.

    Nothing at all is refused; an empty object is not nothing.
    """
    default_error_messages = {
        'invalid': _('Write a JSON object, such as {"role": ["database"]}, or paste the address of a filtered list.'),
    }

    def __init__(self, **kwargs):
        super().__init__(**{'label': _('Filter'), 'widget': forms.Textarea(attrs={'rows': 6}), **kwargs})
        self.widget.attrs['class'] = 'font-monospace'

    def to_python(self, value):
        found = super().to_python(self._without_address(value))
        if found is None and value not in self.empty_values:
            raise ValidationError(self.error_messages['invalid'], code='invalid')       # `null`
        return found

    def prepare_value(self, value):
        return super().prepare_value(self._without_address(value))

    @staticmethod
    def _without_address(value):
        parameters = parameters_of_address(value) if isinstance(value, str) else None
        return value if parameters is None else parameters


class MomentPicker(DateTimePicker):
    """NetBox's picker knows whole seconds, and would make any other moment one: that is text, to be left as it is."""
    PICKED = len('YYYY-MM-DD hh:mm:ss')

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if value and len(value) != self.PICKED:
            context['widget']['attrs']['class'] = 'form-control'
        return context


class MomentField(forms.CharField):
    """
    A moment that the register can be asked about (querysets/moments.py); empty is None. What somebody types to the
    second or minute means its end, as a date does: whatever was seen then is in it. Where the text goes into an
    address, which is `exact`, it means its beginning.
    """
    widget = MomentPicker

    def __init__(self, *, exact=False, **kwargs):
        self.exact = exact
        super().__init__(**kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return known_moment(text, not self.exact) if text else None

    def prepare_value(self, value):
        """As the picker writes it, if that means the same moment; else to the microsecond, or as the date it was."""
        zone = timezone.get_current_timezone()
        try:
            moment = parse_moment(value or '', zone, not self.exact)
        except ValueError:
            return value
        local = timezone.localtime(moment)
        picked = f'{local:%Y-%m-%d %H:%M:%S}'
        if parse_moment(picked, zone, not self.exact) == moment <= timezone.now():
            return picked
        return f'{local:%Y-%m-%d}' if local.time() == time.max else local.isoformat(' ', 'microseconds')


class ContactByNameField(forms.ModelChoiceField):
    """A contact by the name somebody typed: for pages with so many of these that lists to choose from are too much."""

    def to_python(self, value):
        if not (name := (value or '').strip()):
            return None
        found = list(self.queryset.filter(name=name)[:2])
        if not found:
            raise ValidationError(_('There is no contact called {name}.').format(name=name))
        if len(found) > 1:
            raise ValidationError(_('More than one contact is called {name}; choose on the entry’s own page.').format(
                name=name
            ))
        return found[0]


class RefsImportField(CSVModelMultipleChoiceField):
    """
    Controls by reference: separated by commas, or a list where the data is JSON or YAML. Where a reference is one of
    several catalogues, with the slug of the catalogue it is meant of: `annex-a-2022:A.8.24`.
    """
    default_error_messages = {'invalid': _('Write references separated by commas, or a list of references.')}

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset, **{
            'to_field_name': 'ref', 'required': False,
            'help_text': _('References of controls, separated by commas; catalog:reference where not unique'), **kwargs
        })

    def clean(self, value):
        if value is not None and not isinstance(value, (str, list)):
            raise ValidationError(self.error_messages['invalid'], code='invalid')
        texts = value.split(',') if isinstance(value, str) else value or []
        if not all(isinstance(text, str) for text in texts):
            raise ValidationError(self.error_messages['invalid'], code='invalid')
        return [self._find(text.strip()) for text in texts if text.strip()]

    def _find(self, text):
        slug, _colon, ref = text.rpartition(':')
        meant = {'ref': ref, 'catalog__slug': slug} if slug else {'ref': ref}
        found = list(self.queryset.filter(**meant).select_related('catalog'))
        if not found:
            raise ValidationError(_('There is no control {ref}.').format(ref=text))
        if len(found) > 1:
            raise ValidationError(_('{ref} is a control of several catalogs; write one of: {known}.').format(
                ref=text, known=', '.join(f'{control.catalog.slug}:{ref}' for control in found)
            ))
        return found[0]
