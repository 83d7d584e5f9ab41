"""Everything that touches NetBox's own pages, lists and types, in one place."""
from netbox.plugins import get_plugin_config

from .columns import add_columns
from .filter_forms import add_filter_fields
from .filters import add_filters, guard_filtersets
from .lists import add_list_action
from .names import check_names
from .relations import add_entry_relations, add_relations
from .tabs import add_tabs

__all__ = ('check_names', 'install')


def install():
    """Called once, when the plugin is ready."""
    add_relations()
    add_entry_relations()
    add_tabs()
    add_columns()
    add_list_action()
    # Whether there are such filters or not: a parameter that means nothing must not pass for one that matches all.
    guard_filtersets()
    if get_plugin_config('netbox_ims', 'core_filters'):
        add_filters()
        add_filter_fields()
