"""
Columns that several domains share. Each shows a badge where a person reads it, and plain text in an export: an unknown
flag is the word "unknown" there too, never an empty cell that could be read as "no".
"""
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from netbox.tables import columns
from utilities.views import get_action_url

from ..models.mixins import AboutCIMixin
from ..rules.durations import format_minutes

__all__ = (
    'CINameColumn',
    'CITypeColumn',
    'CarriesColumn',
    'ClassificationColumn',
    'FlagColumn',
    'FlagsColumn',
    'MadeChoiceColumn',
    'MinutesColumn',
    'OwnerColumn',
    'ReviewColumn',
    'ci_url',
)


def ci_url(ci_type, object_id):
    """NetBox's page of a CI, or None where the type is no longer registered or has no page."""
    try:
        return get_action_url(ci_type.model, kwargs={'pk': object_id}) if ci_type else None
    except NoReverseMatch:
        return None


class BadgeColumn(columns.TemplateColumn):
    """A column drawn by one template of ours, with `record`, `value` and `extra_context`."""
    template = None

    def __init__(self, **kwargs):
        super().__init__(template_name=self.template, empty_values=(), **kwargs)

    def value(self, value, **kwargs):
        return '' if value is None else value


class ClassificationColumn(BadgeColumn):
    template = 'netbox_ims/columns/classification.html'

    def value(self, value, **kwargs):
        return str(value) if value else ''


class FlagColumn(BadgeColumn):
    """One three-state flag."""
    template = 'netbox_ims/columns/flag.html'

    def value(self, value, **kwargs):
        return {True: 'true', False: 'false'}.get(value, 'unknown')


class FlagsColumn(BadgeColumn):
    """Sensitive and personal data side by side, as two slots that are always there."""
    template = 'netbox_ims/columns/flags.html'

    def __init__(self, **kwargs):
        super().__init__(**{
            'verbose_name': _('Flags'), 'orderable': False, 'accessor': 'pk',
            'extra_context': {'sensitive': 'handles_sensitive_data', 'personal': 'processes_personal_data'}, **kwargs
        })

    def value(self, record, **kwargs):
        words = {True: 'yes', False: 'no', None: 'unknown'}
        return f'sensitive: {words[record.handles_sensitive_data]}, personal: {words[record.processes_personal_data]}'


class MinutesColumn(BadgeColumn):
    """A duration in people's words; sorts by minutes."""
    template = 'netbox_ims/columns/minutes.html'

    def value(self, value, **kwargs):
        return format_minutes(value)


class OwnerColumn(BadgeColumn):
    template = 'netbox_ims/columns/asset_owner.html'

    def value(self, value, **kwargs):
        return str(value) if value else ''


class ReviewColumn(BadgeColumn):
    template = 'netbox_ims/columns/review.html'

    def value(self, value, **kwargs):
        return value.isoformat() if value else ''


class CarriesColumn(BadgeColumn):
    """What a dependency carries from the dependent to the provider: no verdict, so neither green nor red."""
    template = 'netbox_ims/columns/carries.html'

    def value(self, value, **kwargs):
        return 'data and time' if value else 'time'


def named_ci(record, value):
    """The CI that a column is about: what its accessor leads to, or else the row itself."""
    return value if isinstance(value, AboutCIMixin) else record


class MadeChoiceColumn(columns.ChoiceFieldColumn):
    """A choice that somebody makes some day: until then it is unknown."""

    def __init__(self, **kwargs):
        super().__init__(empty_values=(), **kwargs)

    def render(self, record, bound_column, value):
        if not value:
            return render_to_string('netbox_ims/inc/unknown.html', {'text': _('Unknown')})
        return super().render(record=record, bound_column=bound_column, value=value)

    def value(self, value):
        return value or 'unknown'


class CITypeColumn(BadgeColumn):
    template = 'netbox_ims/columns/ci_type.html'

    def render(self, record, value, **kwargs):
        return super().render(record=named_ci(record, value), value=value, **kwargs)

    def value(self, record, value, **kwargs):
        content_type = named_ci(record, value).object_type
        return f'{content_type.app_label}.{content_type.model}'


class CINameColumn(BadgeColumn):
    """The CI's name as a link to its NetBox page."""
    template = 'netbox_ims/columns/ci_name.html'

    def __init__(self, **kwargs):
        super().__init__(extra_context={}, **kwargs)

    def render(self, record, value, **kwargs):
        ci = named_ci(record, value)
        self.extra_context['url'] = ci_url(ci.ci_type, ci.object_id)
        return super().render(record=ci, value=value, **kwargs)

    def value(self, record, value, **kwargs):
        return str(named_ci(record, value))
