"""
The fields of a risk matrix as a person fills them in: scales one step per line, levels as rows, the grid cell by cell.

They work without a script: the grid has as many rows and columns as the scales had steps when it was drawn. Each also
takes what the API takes, as JSON.
"""
import json

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

__all__ = ('CellsField', 'LevelsField', 'LinesField')

MOST_ROWS = 20              # of levels or cells that are read: far more than any matrix has
NEW_COLOR = 'e0e0e0'


def from_json(text):
    """The list written in a text as JSON, or None if it is none."""
    if not isinstance(text, str) or not text.lstrip().startswith('['):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class LinesField(forms.CharField):
    """A list of texts, one on each line."""
    widget = forms.Textarea

    def __init__(self, rows=6, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={'rows': rows}), **kwargs)

    def prepare_value(self, value):
        return '\n'.join(map(str, value)) if isinstance(value, (list, tuple)) else value

    def to_python(self, value):
        if (entries := from_json(value)) is not None:
            return entries
        return [line.strip() for line in (super().to_python(value) or '').splitlines() if line.strip()]

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


class RowsWidget(forms.Widget):
    """Base of widgets made of several inputs: `name-…`."""

    def id_for_label(self, id_):
        return ''

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(key.startswith(f'{name}-') for key in data)

    def value_from_datadict(self, data, files, name):
        return data[name] if name in data else self.read(data, name)

    def read(self, data, name):
        """The value of the inputs."""
        raise NotImplementedError


class RowsField(forms.Field):
    """Base of their fields: a list."""
    default_error_messages = {'invalid': _('Must be a list.')}

    def to_python(self, value):
        if not isinstance(value, str) or not value.strip():
            return value
        if (entries := from_json(value)) is None:
            raise ValidationError(self.error_messages['invalid'], code='invalid')
        return entries

    def has_changed(self, initial, data):
        return (initial or []) != (data or [])


class LevelsWidget(RowsWidget):
    template_name = 'netbox_ims/widgets/levels.html'
    spare = 1               # empty rows for further levels

    def read(self, data, name):
        """Rows with a name, in the order of their numbers; a level keeps its slug when it is renamed."""
        rows = []
        for i in range(MOST_ROWS):
            title = data.get(f'{name}-{i}-name', '').strip()
            if not title:
                continue
            color = data.get(f'{name}-{i}-color', '').strip().removeprefix('#').lower()
            order = data.get(f'{name}-{i}-order', '').strip()
            slug = data.get(f'{name}-{i}-slug', '').strip() or slugify(title) or f'level-{i + 1}'
            number = int(order) if order.isascii() and order.isdigit() and len(order) < 6 else i + 1
            rows.append((number, i, {'slug': slug, 'name': title, 'color': color}))
        rows.sort(key=lambda row: row[:2])
        return [{**level, 'rank': rank} for rank, (_order, _i, level) in enumerate(rows, start=1)]

    def get_context(self, name, value, attrs):
        rows = [level for level in value or () if isinstance(level, dict)] if not isinstance(value, str) else []
        rows += [{'slug': '', 'name': '', 'color': NEW_COLOR, 'rank': len(rows) + n + 1} for n in range(self.spare)]
        return {**super().get_context(name, None, attrs), 'rows': rows}


class LevelsField(RowsField):
    """Levels as the model keeps them: a list of {slug, name, color, rank}, the lowest first."""
    widget = LevelsWidget


class CellsWidget(RowsWidget):
    """
    A select per cell, drawn as the matrix will be: the highest likelihood on top. `grid` says of which scales and
    levels; it is set by the form, since these are fields of it.
    """
    template_name = 'netbox_ims/widgets/cells.html'
    grid = ((), (), ())

    def read(self, data, name):
        rows = []
        for y in range(1, MOST_ROWS + 1):
            row = [data[key] for x in range(1, MOST_ROWS + 1) if (key := f'{name}-{y}-{x}') in data]
            if not row:
                break
            rows.append(row)
        return rows

    def get_context(self, name, value, attrs):
        likelihoods, impacts, levels = self.grid
        by_slug = {level['slug']: level for level in levels}
        value = value if isinstance(value, list) else []

        def cell(y, x):
            row = value[y] if y < len(value) and isinstance(value[y], list) else []
            slug = row[x] if x < len(row) and isinstance(row[x], str) else ''
            return {
                'name': f'{name}-{y + 1}-{x + 1}', 'slug': slug, 'level': by_slug.get(slug),
                'likelihood': likelihoods[y], 'impact': impacts[x],
            }

        rows = [
            (y + 1, likelihood, [cell(y, x) for x in range(len(impacts))]) for y, likelihood in enumerate(likelihoods)
        ]
        return {
            **super().get_context(name, None, attrs), 'rows': rows[::-1], 'levels': levels,
            'impacts': list(enumerate(impacts, start=1)),
        }


class CellsField(RowsField):
    """The grid: a list of rows of level slugs, one row per likelihood, lowest first."""
    widget = CellsWidget
    default_error_messages = {'required': _('Give every cell a level.')}
