"""Reference data the plugin ships, as YAML: facts an organisation starts from and may change."""
from importlib.resources import files

import yaml

from .reader import CatalogError, parse_catalog

__all__ = ('CatalogError', 'parse_catalog', 'read_catalog', 'read_control_catalog')


def _text(name):
    return files(__package__).joinpath(f'{name}.yaml').read_text('utf-8')


def read_catalog(name):
    """The parsed content of `catalogs/<name>.yaml`."""
    return yaml.safe_load(_text(name))


def read_control_catalog(name):
    """The same for a catalogue of controls, as a CatalogSpec."""
    return parse_catalog(_text(name))
