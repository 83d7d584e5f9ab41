"""Filters for IMS templates: durations and dates in people's words."""
from django import template
from django.utils import timezone
from django.utils.translation import ngettext

from ..rules.durations import format_minutes
from ..tables.columns import ci_url
from ..ui.comparison import KIND_LABELS
from ..ui.decisions import assessed_values, describe_changes
from ..ui.soa import entry_changes

register = template.Library()

register.filter('minutes', format_minutes)
register.filter('changes', describe_changes)
register.filter('assessed_values', assessed_values)
register.filter('entry_changes', entry_changes)


@register.filter
def kind_labels(kinds):
    """What became of a CI between two dates, in words; that it changed goes without saying where more is known."""
    return [KIND_LABELS[kind] for kind in kinds if kind != 'changed' or len(kinds) == 1]


@register.filter
def link_text(url):
    """What a link to evidence is called: the last part of its path, or its host."""
    parts = [part for part in url.split('?')[0].split('#')[0].split('/') if part]
    return parts[-1] if parts else url


@register.filter('ci_url')
def url_of_ci(entry):
    """NetBox's page of a register entry's CI, or '' where it has none."""
    return ci_url(entry.ci_type, entry.object_id) or ''


@register.filter
def ci_dependencies_url(entry):
    """The page of what a register entry's CI depends on."""
    url = url_of_ci(entry)
    return f'{url}ims-dependencies/' if url else ''


@register.filter
def over(margin):
    """A negative margin, as the time it is over."""
    return format_minutes(-margin)


@register.filter
def plus(value, number):
    """A coordinate of a picture."""
    return f'{float(value) + number:.0f}'


@register.filter
def pixels(value, factor):
    return f'{value * factor:.0f}'


@register.filter
def days_late(due):
    """'12 d late' for a date in the past."""
    days = (timezone.localdate() - due).days
    return ngettext('%(days)d d late', '%(days)d d late', days) % {'days': days}


@register.filter
def days_until(due):
    """'in 46 days', 'today', or '12 d late'."""
    days = (due - timezone.localdate()).days
    if days < 0:
        return days_late(due)
    return ngettext('in %(days)d day', 'in %(days)d days', days) % {'days': days}
