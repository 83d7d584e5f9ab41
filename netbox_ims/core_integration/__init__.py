"""Everything that touches NetBox's own pages, lists and types, in one place."""
from .branching import install_branching
from .relations import add_relations
from .tabs import add_tabs


def install():
    """Called once, when the plugin is ready."""
    add_relations()
    add_tabs()
    install_branching()
