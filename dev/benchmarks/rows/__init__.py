"""
What is measured. A row is a function that gets a `Bench` and returns its two sides: (subject, against).

Rows that write come last: what they roll back stays in the tables until it is vacuumed.
"""
import importlib

from .base import ROWS

MODULES = (
    'memory', 'register', 'permissions', 'pages', 'core', 'controls', 'graph', 'alignment', 'risks', 'history',
    'comparison', 'saving', 'bulk',
)


def load_rows():
    """Every row there is, in the order of MODULES. Only after django.setup()."""
    for name in MODULES:
        importlib.import_module(f'{__name__}.{name}')
    return ROWS
