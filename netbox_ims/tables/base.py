"""Table bases that several domains share."""
from netbox.tables import BaseTable
from utilities.views import get_action_url

__all__ = ('ReadOnlyTable',)


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
