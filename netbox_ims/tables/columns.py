"""
Columns that several domains share. Each shows a badge where a person reads it, and plain text in an export: an unknown
flag is the word "unknown" there too, never an empty cell that could be read as "no".
"""
import django_tables2 as tables
from django.urls import NoReverseMatch
from django.utils.translation import gettext_lazy as _

from netbox.tables import columns
from utilities.views import get_action_url

from ..rules.durations import format_minutes

__all__ = (
    'ApplicableColumn',
    'CINameColumn',
    'CITypeColumn',
    'ClassificationColumn',
    'EvidenceColumn',
    'FlagColumn',
    'FlagsColumn',
    'MinutesColumn',
    'OwnerColumn',
    'ReasonsColumn',
    'ReviewColumn',
    'TagsColumn',
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


class CITypeColumn(BadgeColumn):
    template = 'netbox_ims/columns/ci_type.html'

    def value(self, record, **kwargs):
        return f'{record.object_type.app_label}.{record.object_type.model}'


class CINameColumn(BadgeColumn):
    """The CI's name as a link to its NetBox page."""
    template = 'netbox_ims/columns/ci_name.html'

    def render(self, record, **kwargs):
        self.extra_context['url'] = ci_url(record.ci_type, record.object_id)
        return super().render(record=entry_of(record), **kwargs)

    def value(self, record, **kwargs):
        return str(entry_of(record))


def entry_of(record):
    """The register entry that a row is, or that a row about the same CI has."""
    return getattr(record, 'entry', None) or record


class ApplicableColumn(BadgeColumn):
    """Whether a control applies: yes, no, or undecided."""
    template = 'netbox_ims/columns/applicable.html'

    def value(self, value, **kwargs):
        return {True: 'true', False: 'false'}.get(value, 'undecided')


class ReasonsColumn(BadgeColumn):
    """Why a control applies, as plain badges."""
    template = 'netbox_ims/columns/reasons.html'

    def value(self, value, **kwargs):
        return ','.join(value)


class TagsColumn(tables.Column):
    """A list of tags as the standard writes them (`Asset_management`), in words."""

    def render(self, value):
        return ', '.join(tag.replace('_', ' ') for tag in value)

    def value(self, value):
        return ','.join(value)


class EvidenceColumn(BadgeColumn):
    """A link to evidence, by the last part of its address."""
    template = 'netbox_ims/columns/evidence.html'
