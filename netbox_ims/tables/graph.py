import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import BaseTable, columns

from ..models import RegisterEntry
from ..ui.inheritance import time_result
from .columns import CarriesColumn, CINameColumn, CITypeColumn, MinutesColumn

__all__ = ('DependencyRowTable',)


class VerdictColumn(columns.TemplateColumn):
    """Aligned, breached or undetermined, with the margin in words."""

    def __init__(self, **kwargs):
        super().__init__(template_name='netbox_ims/columns/verdict.html', extra_context={}, **kwargs)

    def render(self, record, **kwargs):
        self.extra_context['result'] = self.result(record)
        return super().render(record=record, **kwargs)

    def value(self, record, **kwargs):
        return self.result(record).text

    @staticmethod
    def result(record):
        return time_result(record.verdict, record.grouped and record.verdict.status == 'aligned', of_both=True)


class DependencyRowTable(BaseTable):
    """What depends on a CI, or what it depends on (ui.neighbourhood.DependencyRow)."""
    name = CINameColumn(accessor='entry', order_by=('entry.name',), verbose_name=_('CI'))
    ci_type = CITypeColumn(accessor='entry', order_by=('entry.type_name',), verbose_name=_('Type'))
    distance = tables.Column(accessor='distance_label', order_by=('distance',), verbose_name=_('Distance'))
    rto_minutes = MinutesColumn(
        accessor='entry.rto_minutes', order_by=('entry.rto_minutes',), verbose_name=_('Its RTO')
    )
    required = MinutesColumn(verbose_name=_('Requires of this CI'))
    holds_data = CarriesColumn()
    verdict = VerdictColumn(order_by=('verdict.status', 'verdict.margin'), verbose_name=_('Alignment'))
    dependency = tables.TemplateColumn(
        template_name='netbox_ims/columns/dependency_actions.html', verbose_name='', orderable=False,
        attrs={'td': {'class': 'text-end text-nowrap noprint p-1'}},
    )

    class Meta(BaseTable.Meta):
        model = RegisterEntry
        fields = ('name', 'ci_type', 'distance', 'rto_minutes', 'required', 'holds_data', 'verdict', 'dependency')
        default_columns = fields

    def __init__(self, data, way, hidden=0, **kwargs):
        super().__init__(data, **kwargs)
        if hidden:
            self.empty_text = _('Nothing that you may see')
        else:
            self.empty_text = _('Nothing depends on it') if way == 'up' else _('It depends on nothing')
        if way == 'down':
            self.columns['required'].column.verbose_name = _('This CI requires')
