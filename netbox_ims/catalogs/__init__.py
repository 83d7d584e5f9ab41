"""Reference data the plugin ships, as YAML: facts an organisation starts from and may change."""
from importlib.resources import files

import yaml

from .matrices import parse_matrix, write_matrix
from .nodes import CatalogError
from .reader import parse_catalog

__all__ = (
    'CatalogError', 'parse_catalog', 'parse_matrix', 'read_catalog', 'read_control_catalog', 'read_matrix',
    'write_matrix',
)


def _text(name):
    return files(__package__).joinpath(f'{name}.yaml').read_text('utf-8')


def read_catalog(name):
    """The parsed content of `catalogs/<name>.yaml`."""
    return yaml.safe_load(_text(name))


def read_control_catalog(name):
    """The same for a catalogue of controls, as a CatalogSpec."""
    return parse_catalog(_text(name))


def read_matrix(name):
    """The same for a risk matrix, as a MatrixSpec."""
    return parse_matrix(_text(name))
