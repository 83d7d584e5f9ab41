from django.utils.translation import gettext_lazy as _

from netbox.tables import BaseTable

from ..models import RegisterEntry
from ..ui.comparison import by_slug, described
from .base import LazyRows
from .columns import BadgeColumn, CINameColumn, CITypeColumn

__all__ = ('DifferenceTable',)


class ChangeColumn(BadgeColumn):
    """Whether the CI joined, left or changed, and what of that an auditor asks about."""
    template = 'netbox_ims/columns/difference_kinds.html'


class ChangedFieldsColumn(BadgeColumn):
    template = 'netbox_ims/columns/difference_fields.html'

    def get_context_data(self, *, table, value, **kwargs):
        context = super().get_context_data(table=table, value=value, **kwargs)
        return {**context, 'changes': described(value, table.classifications)}


class DifferenceTable(BaseTable):
    """What changed of each CI between two dates (services.comparison.NamedDifference)."""
    ci_type = CITypeColumn(accessor='latest', verbose_name=_('Type'), orderable=False)
    name = CINameColumn(
        accessor='latest', verbose_name=_('Name'), order_by=('name',), attrs={'td': {'class': 'text-nowrap'}}
    )
    kinds = ChangeColumn(accessor='kinds', verbose_name=_('Change'), orderable=False)
    fields = ChangedFieldsColumn(accessor='fields', verbose_name=_('What changed'), orderable=False)

    class Meta(BaseTable.Meta):
        model = RegisterEntry
        empty_text = _('Nothing changed that was asked for')
        fields = ('ci_type', 'name', 'kinds', 'fields')
        default_columns = fields

    def __init__(self, count, read, **kwargs):
        super().__init__(LazyRows(count, read), **kwargs)
        self.classifications = by_slug()
