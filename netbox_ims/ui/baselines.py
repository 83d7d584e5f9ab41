"""Panels of the pages about baselines, their figures as links, and what is wrong with one in words."""
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netbox.ui import attrs, panels

from ..ci_types import get_ci_types
from ..models import Baseline, RegisterEntry, RetiredCI
from ..querysets.register import about_any_of
from ..rules.baseline_check import CHAIN, COUNT, HEADER, ROW
from ..rules.baselines import NAMED, OWNER, UNKNOWN
from ..tables.columns import ci_url, retired_url
from .attrs import BadgeAttr

__all__ = (
    'BaselinePanel', 'FiguresPanel', 'SealPanel', 'asked_figure', 'baseline_figures', 'finding_in_words', 'with_urls',
)

# figure -> its name
FIGURES = {
    'object_type': gettext_lazy('Type'),
    'classification': gettext_lazy('Classification'),
    'effective_classification': gettext_lazy('Effective classification'),
    'handles_sensitive_data': gettext_lazy('Sensitive data'),
    'processes_personal_data': gettext_lazy('Personal data'),
    'under_classified': gettext_lazy('Under-classified'),
    'alignment': gettext_lazy('Alignment'),
    OWNER: gettext_lazy('Asset owner'),
}
WORDS = {
    'named': gettext_lazy('named'), 'unknown': gettext_lazy('unknown'),
    'true': gettext_lazy('yes'), 'false': gettext_lazy('no'),
    'aligned': gettext_lazy('aligned'), 'breached': gettext_lazy('breached'),
    'undetermined': gettext_lazy('undetermined'),
}


class SealedFilterAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/sealed_filter.html'


class BaselinePanel(panels.ObjectAttributesPanel):
    number = attrs.NumericAttr('number', label=gettext_lazy('Number'))
    name = attrs.TextAttr('name', label=gettext_lazy('Name'))
    reason = attrs.TextAttr('reason', label=gettext_lazy('Reason'))
    user_name = attrs.TextAttr('user_name', label=gettext_lazy('Taken by'))
    taken_on = attrs.DateTimeAttr('taken_on', label=gettext_lazy('Taken on'))
    as_of = attrs.DateTimeAttr('as_of', label=gettext_lazy('As of'))
    filter = SealedFilterAttr('filter', label=gettext_lazy('CIs'))
    rows = attrs.NumericAttr('rows', label=gettext_lazy('Rows'))


class SealPanel(panels.ObjectPanel):
    title = gettext_lazy('Seal')
    template_name = 'netbox_ims/panels/seal.html'

    def get_context(self, context):
        user, number = context['request'].user, context['object'].number
        near = Baseline.objects.restrict(user, 'view').filter(number__in=(number - 1, number + 1))
        by_number = {each.number: each for each in near}
        return {
            **super().get_context(context), 'previous': by_number.get(number - 1), 'next': by_number.get(number + 1),
        }


class FiguresPanel(panels.ObjectPanel):
    title = gettext_lazy('Figures')
    template_name = 'netbox_ims/panels/baseline_figures.html'

    def get_context(self, context):
        return {**super().get_context(context), 'figures': baseline_figures(context['object'])}


@dataclass(frozen=True)
class Figure:
    """One value and how many CIs had it; `url` leads to them, as they were sealed."""
    label: str
    count: int
    url: str
    unknown: bool = False


def _counted(baseline, name):
    """{value: how many CIs had it} of one figure."""
    if name != OWNER:
        return baseline.figures.get(name, {})
    without = baseline.figures.get('without_owner', 0)
    return {NAMED: baseline.figures.get('total', 0) - without, UNKNOWN: without}


def _figure(baseline, name, value, count):
    types = get_ci_types()
    words = types[value].verbose_name if value in types else WORDS.get(value, value)
    rows = reverse('plugins:netbox_ims:baseline_rows', args=[baseline.pk])
    return Figure(words, count, f'{rows}?{urlencode({name: value})}', value in (UNKNOWN, 'undetermined'))


def baseline_figures(baseline):
    """[(name, [Figure])] of what was counted when the baseline was taken."""
    return [
        (label, [
            _figure(baseline, name, value, count) for value, count in
            sorted(_counted(baseline, name).items(), key=lambda item: (item[0] == UNKNOWN, -item[1]))
        ]) for name, label in FIGURES.items()
    ]


def asked_figure(baseline, parameters):
    """The figure whose rows an address asks for: as (its name, value), its name in words, and the Figure; or None."""
    for name, label in FIGURES.items():
        if (value := parameters.get(name)) is not None:
            return (name, value), label, _figure(baseline, name, value, _counted(baseline, name).get(value, 0))
    return None


def with_urls(rows, user):
    """
    Sealed rows with the `url` of each CI: its page in NetBox or, of what is gone, that of the retired CI; None where
    the user may see neither. Two queries, whatever the number of rows.
    """
    types = get_ci_types()
    cis = {
        (types[row['object_type']].content_type.pk, row['object_id']): types[row['object_type']]
        for row in rows if row and row['object_type'] in types
    }
    columns = 'object_type', 'object_id'
    there = set(RegisterEntry.objects.restrict(user, 'view').among(cis).values_list(*columns))
    retired = RetiredCI.objects.restrict(user, 'view').filter(about_any_of(cis.keys() - there))
    urls = {(type_id, ci): retired_url(pk) for type_id, ci, pk in retired.values_list(*columns, 'pk')}
    urls.update({ci: ci_url(ci_type, ci[1]) for ci, ci_type in cis.items() if ci in there})
    return [_with_url(row, types, urls) if row else {'name': _('(cannot be read)'), 'url': None} for row in rows]


def _with_url(row, types, urls):
    ci_type = types.get(row['object_type'])
    return {**row, 'url': ci_type and urls.get((ci_type.content_type.pk, row['object_id']))}


def finding_in_words(finding):
    """A rules.baseline_check.Finding as a sentence."""
    if finding.kind == HEADER:
        return _('What it says of itself (name, moment, filter, figures…) was altered: it does not have its SHA-256.')
    if finding.kind == ROW and len(finding.names) > 1:
        return _('Row {row} was altered: {name}. (Or, together with its digest, the row before it: {before}.)').format(
            row=finding.row, name=finding.names[0], before=finding.names[1]
        )
    if finding.kind == ROW:
        return _('Row {row} was altered: {name}.').format(row=finding.row, name=finding.names[0])
    if finding.kind == COUNT:
        return _('There are {count} rows, not as many as were sealed.').format(count=finding.row)
    if finding.kind == CHAIN:
        return _('It does not follow the baseline before it: that one is gone, or was altered.')
    return _('Rows and digests were made anew: they fit each other, but are not what was sealed.')
