"""
Columns that show on NetBox's own lists what the register says of each row: there to be chosen, and off until they are.
They cost one query for a page, or for a chunk of an export, whatever is on it.
"""
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableQuerysetData

from netbox.registry import registry
from netbox.tables import NetBoxTable
from utilities.tables import get_table_for_model, register_table_column

from ..ci_types import get_ci_types
from ..models import RegisterEntry
from ..tables.columns import EffectiveClassificationColumn, EffectiveFlagsColumn, MinutesColumn
from .names import claim
from .relations import PrefetchedEntry, known_entries, who_asks

__all__ = ('COLUMNS', 'add_columns')


class OfEntryMixin:
    """
    Draws for a CI what a column of the register draws for its entry. Empty for who may see no assessments at all; an
    entry that the user may not see is unknown, like one about which nobody has said anything.
    """
    shows = 'pk'        # the attribute of the entry that is the column's value

    def __init__(self, **kwargs):
        super().__init__(accessor='pk', orderable=False, **kwargs)

    def render(self, record, table, **kwargs):
        return self._of_entry(super().render, record, table, kwargs)

    def value(self, record, table, **kwargs):
        return self._of_entry(super().value, record, table, kwargs)

    def _of_entry(self, draw, record, table, kwargs):
        if not _has_entry(record, table):
            return ''
        entry = record.ims_entry or RegisterEntry()
        return draw(**{**kwargs, 'record': entry, 'table': table, 'value': getattr(entry, self.shows)})


def _has_entry(record, table):
    if not hasattr(record, PrefetchedEntry.name) and not hasattr(table, 'page'):
        # What is selected for a bulk operation is shown in a table that NetBox neither configures nor prefetches for.
        if prefetch := known_entries(who_asks(getattr(table, 'request', None))):
            prefetch_related_objects([row.record for row in table.rows], prefetch)
    return hasattr(record, PrefetchedEntry.name)


class ClassificationOfCIColumn(OfEntryMixin, EffectiveClassificationColumn):
    shows = 'effective_classification'


class FlagsOfCIColumn(OfEntryMixin, EffectiveFlagsColumn):
    pass


class RTOOfCIColumn(OfEntryMixin, MinutesColumn):
    shows = 'rto_minutes'


COLUMNS = {
    'ims_classification': ClassificationOfCIColumn(verbose_name=_('Classification (effective)')),
    'ims_flags': FlagsOfCIColumn(verbose_name=_('Sensitive, personal data')),
    'ims_rto': RTOOfCIColumn(verbose_name=_('RTO')),
}


def add_columns():
    """To the list of every registered CI type whose table NetBox finds by name."""
    for ci_type in get_ci_types().values():
        table = get_table_for_model(ci_type.model)
        if table is None or not issubclass(table, NetBoxTable):
            continue
        for name, column in COLUMNS.items():
            claim(name, column, f'column of {table.__module__}.{table.__name__}', lambda t=table: _columns_of(t))
            register_table_column(column, name, table)
        _read_entries_with(table)


def _columns_of(table):
    return {**table.base_columns, **registry['tables'][table]}


def _read_entries_with(table):
    """Where NetBox prefetches what the columns shown are about, for a page or an export, so do we."""
    apply = table._apply_prefetching

    def _apply_prefetching(self, columns=None):
        apply(self, columns)
        shown = columns if columns is not None else [column.name for column in self.columns if column.visible]
        if COLUMNS.keys().isdisjoint(shown) or not isinstance(self.data, TableQuerysetData):
            return
        prefetch = known_entries(who_asks(getattr(self, 'request', None)))
        # An export is configured as a page first, and must not have the same prefetch twice.
        if prefetch and prefetch not in self.data.data._prefetch_related_lookups:
            self.data.data = self.data.data.prefetch_related(prefetch)

    table._apply_prefetching = _apply_prefetching
