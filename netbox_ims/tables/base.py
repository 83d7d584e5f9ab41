"""Table bases that several domains share."""
from django_tables2.data import TableData

from netbox.tables import BaseTable
from utilities.views import get_action_url

__all__ = ('LazyRows', 'ReadOnlyTable')


class ReadOnlyTable(BaseTable):
    """
    A list of what only triggers write: no custom fields, no row actions. (NetBoxTable asks for both.)

    Embedded in another page it loads itself from the model's own list, as NetBox's tables do.
    """
    embedded = False

    class Meta(BaseTable.Meta):
        pass

    @property
    def htmx_url(self):
        return get_action_url(self._meta.model, action='list') if self.embedded else ''


class LazyRows(TableData):
    """Rows that are read a page at a time, from what is no queryset: `read(start, stop)` gives some of `count`."""

    def __init__(self, count, read):
        super().__init__(())
        self.count, self.read = count, read

    def __len__(self):
        return self.count

    def __getitem__(self, key):
        if isinstance(key, slice):
            start, stop, _step = key.indices(self.count)
            return self.read(start, stop)
        return self.read(key, key + 1)[0]

    def __iter__(self):
        return iter(self.read(0, self.count))

    def order_by(self, aliases):
        """They come in the order in which they are read."""
