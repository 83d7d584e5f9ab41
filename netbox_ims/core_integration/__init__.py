"""Everything that touches NetBox's own pages, lists and types, in one place."""
from .branching import install_branching
from .relations import add_profile_relations


def install():
    """Called once, when the plugin is ready."""
    add_profile_relations()
    install_branching()
