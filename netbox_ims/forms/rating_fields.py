"""Form fields for ratings by a risk matrix: chosen by name on a page, written by name or number in a spreadsheet."""
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

__all__ = ('ImpactsField', 'ImpactsImportField', 'LikelihoodField', 'LikelihoodImportField')


def _steps(scale):
    return [('', '---------'), *((number, f'{number} {name}') for number, name in enumerate(scale, start=1))]


class LikelihoodField(forms.TypedChoiceField):
    """A step of a scale, or None."""

    def __init__(self, **kwargs):
        super().__init__(**{'required': False, 'coerce': int, 'empty_value': None, **kwargs})

    def offer(self, matrix):
        self.choices = _steps(matrix.likelihood_scale)


class ImpactsWidget(forms.MultiWidget):
    """One select for each dimension, with its name in front."""
    template_name = 'netbox_ims/widgets/impacts.html'

    def __init__(self, dimensions=(), steps=()):
        self.dimensions = list(dimensions)
        super().__init__({
            str(index): forms.Select(attrs={'class': 'form-select no-ts', 'aria-label': name}, choices=steps)
            for index, name in enumerate(self.dimensions)
        })

    def decompress(self, value):
        value = value if isinstance(value, dict) else {}
        return [value.get(name) for name in self.dimensions]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for title, widget in zip(self.dimensions, context['widget']['subwidgets'], strict=True):
            widget['title'] = title
        return context


class ImpactsField(forms.MultiValueField):
    """An impact for each dimension of a matrix, as {dimension: rating}; dimensions that are not rated are left out."""

    def __init__(self, **kwargs):
        super().__init__(fields=(), require_all_fields=False, widget=ImpactsWidget(), **{'required': False, **kwargs})

    def offer(self, matrix):
        steps = _steps(matrix.impact_scale)
        self.fields = [
            forms.TypedChoiceField(required=False, coerce=int, empty_value=None, choices=steps)
            for _name in matrix.impact_dimensions
        ]
        self.widget = ImpactsWidget(matrix.impact_dimensions, steps)
        self.widget.is_required = False

    def compress(self, values):
        rated = zip(self.widget.dimensions, values, strict=False)
        return {name: value for name, value in rated if value is not None}

    def clean(self, value):
        return super().clean(value) or {}

    def has_changed(self, initial, data):
        return super().has_changed(initial, data) if self.fields else False


def _step(text, scale):
    """The step of a scale by its number, its name, or both, as forms show it."""
    text = str(text).strip()
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(scale):
        return int(text)
    for number, name in enumerate(scale, start=1):
        if text.casefold() in (name.casefold(), f'{number} {name}'.casefold()):
            return number
    raise ValidationError(_('“{text}” is not on the scale: {scale}.').format(
        text=text, scale=', '.join(f'{number} {name}' for number, name in enumerate(scale, start=1))
    ))


class LikelihoodImportField(forms.CharField):
    """A likelihood by its number or name; empty if not rated."""
    scale = ()

    def __init__(self, **kwargs):
        super().__init__(**{'required': False, 'help_text': _('Number or name of a likelihood'), **kwargs})

    def offer(self, matrix):
        self.scale = matrix.likelihood_scale

    def to_python(self, value):
        return None if value in (None, '') else _step(value, self.scale)


class ImpactsImportField(forms.CharField):
    """
    Impacts as `service=3, continuity=Severe`. A value alone, as in a spreadsheet that knows one impact, counts for each
    dimension. JSON and YAML may bring an object.
    """
    scale, dimensions = (), ()

    def __init__(self, **kwargs):
        super().__init__(**{'required': False, 'help_text': _(
            'By dimension, as service=3, continuity=Severe; a value alone counts for each dimension'
        ), **kwargs})

    def offer(self, matrix):
        self.scale, self.dimensions = matrix.impact_scale, matrix.impact_dimensions

    def to_python(self, value):
        if value in (None, ''):
            return {}
        if isinstance(value, dict):
            return {self._dimension(name): _step(each, self.scale) for name, each in value.items()}
        parts = [part.strip() for part in re.split(r'[,;\n]', str(value)) if part.strip()]
        if len(parts) == 1 and not re.search(r'[=:]', parts[0]):
            return dict.fromkeys(self.dimensions, _step(parts[0], self.scale))
        rated = {}
        for part in parts:
            name, separator, each = re.split(r'\s*([=:])\s*', part, maxsplit=1) if re.search('[=:]', part) else (
                part, '', ''
            )
            if not separator:
                raise ValidationError(_('“{part}”: write dimension=rating.').format(part=part))
            rated[self._dimension(name)] = _step(each, self.scale)
        return rated

    def _dimension(self, text):
        for name in self.dimensions:
            if name.casefold() == str(text).strip().casefold():
                return name
        raise ValidationError(_('“{text}” is not a dimension. Dimensions: {known}.').format(
            text=text, known=', '.join(self.dimensions)
        ))
