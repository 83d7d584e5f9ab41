"""
Columns that several domains share. Each shows a badge where a person reads it, and plain text in an export: an unknown
flag is the word "unknown" there too, never an empty cell that could be read as "no".
"""
import django_tables2 as tables
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from netbox.tables import columns
from utilities.views import get_action_url

from ..models import RetiredCI
from ..models.mixins import AboutCIMixin
from ..rules.continuity import is_overdue
from ..rules.durations import format_minutes
from ..rules.origins import INHERITED, OVERRIDDEN, OWN
from ..ui.inheritance import time_result

__all__ = (
    'ApplicableColumn',
    'BadgeColumn',
    'CINameColumn',
    'CITypeColumn',
    'CarriesColumn',
    'ClassificationColumn',
    'EffectiveClassificationColumn',
    'EffectiveFlagsColumn',
    'EvidenceColumn',
    'FlagColumn',
    'FlagsColumn',
    'LimitColumn',
    'MadeChoiceColumn',
    'MinutesColumn',
    'ObjectColumn',
    'OwnerColumn',
    'PickUnlessFrozenColumn',
    'ReasonsColumn',
    'ReviewColumn',
    'StaleColumn',
    'TagsColumn',
    'TargetColumn',
    'TestDueColumn',
    'UnlessFrozenActionsColumn',
    'ci_url',
    'retired_url',
)


def ci_url(ci_type, object_id):
    """NetBox's page of a CI, or None where the type is no longer registered or has no page."""
    try:
        return get_action_url(ci_type.model, kwargs={'pk': object_id}) if ci_type else None
    except NoReverseMatch:
        return None


def retired_url(pk):
    """The page of a CI that is gone, where its history is, by the key of its RetiredCI; None without one."""
    return pk and get_action_url(RetiredCI, kwargs={'pk': pk})


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


class EffectiveClassificationColumn(BadgeColumn):
    """
    What counts for the CI of a register entry, and how it came by it; its own classification only where that differs.
    """
    template = 'netbox_ims/columns/effective_classification.html'

    def __init__(self, **kwargs):
        super().__init__(**{
            'verbose_name': _('Classification (effective)'), 'accessor': 'effective_classification',
            'order_by': ('effective_classification__level', 'name', 'pk'), **kwargs
        })

    def value(self, record, **kwargs):
        if (effective := record.effective_classification) is None:
            return gettext('Unclassified')
        if record.classification_origin == OVERRIDDEN:
            return gettext('{classification} (overridden)').format(classification=effective)
        name = f'≥ {effective}' if record.classification_is_lower_bound else str(effective)
        if record.classification_origin == OWN:
            return name
        own = record.classification or gettext('none')
        return gettext('{classification} (inherited, own: {own})').format(classification=name, own=own)


class FlagColumn(BadgeColumn):
    """One three-state flag."""
    template = 'netbox_ims/columns/flag.html'

    def value(self, value, **kwargs):
        return {True: 'true', False: 'false'}.get(value, 'unknown')


class FlagsColumn(BadgeColumn):
    """Sensitive and personal data side by side, as two slots that are always there."""
    template = 'netbox_ims/columns/flags.html'

    def __init__(self, **kwargs):
        super().__init__(**{'verbose_name': _('Flags'), 'orderable': False, 'accessor': 'pk', **kwargs})

    def value(self, record, **kwargs):
        words = {True: 'yes', False: 'no', None: 'unknown'}
        return f'sensitive: {words[record.handles_sensitive_data]}, personal: {words[record.processes_personal_data]}'


class EffectiveFlagsColumn(FlagsColumn):
    """What counts for the CI of a register entry; a "yes" that is inherited looks like it."""
    template = 'netbox_ims/columns/effective_flags.html'

    def value(self, record, **kwargs):
        sensitive = self.word(record.effective_handles_sensitive_data, record.handles_sensitive_data)
        personal = self.word(record.effective_processes_personal_data, record.processes_personal_data)
        return f'sensitive: {sensitive}, personal: {personal}'

    @staticmethod
    def word(effective, own):
        if effective and not own:
            return f'yes ({INHERITED})'
        return {True: 'yes', False: 'no', None: 'unknown'}[effective]


class MinutesColumn(BadgeColumn):
    """A duration in people's words; sorts by minutes."""
    template = 'netbox_ims/columns/minutes.html'

    def value(self, value, **kwargs):
        return format_minutes(value)


class TargetColumn(BadgeColumn):
    """A recovery target of a register entry beside what is required of it, with the verdict in words."""
    template = 'netbox_ims/columns/target.html'

    def __init__(self, kind, **kwargs):
        self.kind = kind
        super().__init__(**{
            'accessor': f'{kind}_minutes', 'order_by': (f'{kind}_minutes', 'name', 'pk'), 'extra_context': {}, **kwargs
        })

    def render(self, record, **kwargs):
        required = getattr(record, f'required_{self.kind}_minutes')
        self.extra_context.update(required=required, result=time_result(*record.verdict(self.kind)))
        return super().render(record=record, **kwargs)

    def value(self, record, **kwargs):
        own, required = (getattr(record, f'{prefix}{self.kind}_minutes') for prefix in ('', 'required_'))
        words = ['unknown' if minutes is None else format_minutes(minutes) for minutes in (own, required)]
        return f'{words[0]} / {words[1]}'


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
    """The CI's name as a link to its NetBox page or, of a row that knows that it is gone, to what is left of it."""
    template = 'netbox_ims/columns/ci_name.html'

    def __init__(self, **kwargs):
        super().__init__(extra_context={}, **kwargs)

    def render(self, record, value, **kwargs):
        ci = named_ci(record, value)
        gone = getattr(ci, 'gone', False)
        self.extra_context['url'] = retired_url(ci.retired) if gone else ci_url(ci.ci_type, ci.object_id)
        return super().render(record=ci, value=value, **kwargs)

    def value(self, record, value, **kwargs):
        return str(named_ci(record, value))


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


class ObjectColumn(tables.Column):
    """The row itself, by its own name, as a link to its page: for what has no column that names it."""

    def __init__(self, **kwargs):
        super().__init__(**{'accessor': 'pk', 'linkify': lambda record: record.get_absolute_url(), **kwargs})

    def render(self, record):
        return str(record)

    def value(self, record):
        return str(record)


class LimitColumn(MinutesColumn):
    """A limit that an impact analysis found; none is not unknown: all that was looked at can be tolerated."""
    template = 'netbox_ims/columns/limit.html'

    def value(self, value, **kwargs):
        return 'no limit within the horizon' if value is None else format_minutes(value)


class StaleColumn(BadgeColumn):
    """Whether a test still speaks for what it tested."""
    template = 'netbox_ims/columns/stale.html'

    def value(self, record, value, **kwargs):
        if not record.held_on:
            return ''
        return {True: 'stale', False: 'valid'}.get(value, 'unknown')


class TestDueColumn(BadgeColumn):
    """By when a test is to be held, or held again; of tests read `with_due()`."""
    template = 'netbox_ims/columns/test_due.html'

    def __init__(self, **kwargs):
        super().__init__(**{'accessor': 'due', 'extra_context': {}, **kwargs})

    def render(self, record, **kwargs):
        self.extra_context.update(
            due=record.due, overdue=is_overdue(record.due, timezone.localdate()),
            repeated=record.due is None and record.next_due is not None,
        )
        return super().render(record=record, **kwargs)

    def value(self, value, **kwargs):
        return value.isoformat() if value else ''


class PickUnlessFrozenColumn(columns.ToggleColumn):
    """Nothing to tick on what was approved: no bulk operation could change it."""

    def render(self, value, bound_column, record):
        return '' if record.frozen_by else super().render(value, bound_column, record)


class UnlessFrozenActionsColumn(columns.ActionsColumn):
    """What was approved has its change log, and nothing to change it with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._of_frozen = columns.ActionsColumn(actions=('changelog',), split_actions=False)

    def render(self, record, table, **kwargs):
        draw = self._of_frozen.render if record.frozen_by else super().render
        return draw(record, table, **kwargs)
