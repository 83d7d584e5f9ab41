"""Everything that touches NetBox's own pages, lists and types, in one place."""
from .relations import add_relations


def install():
    """Called once, when the plugin is ready."""
    add_relations()
