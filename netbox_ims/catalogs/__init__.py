"""Reference data the plugin ships, as YAML: facts an organisation starts from and may change."""
from importlib.resources import files

import yaml

__all__ = ('read_catalog',)


def read_catalog(name):
    """The parsed content of `catalogs/<name>.yaml`."""
    return yaml.safe_load(files(__package__).joinpath(f'{name}.yaml').read_text('utf-8'))
