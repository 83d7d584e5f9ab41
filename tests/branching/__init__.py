"""
With netbox-branching itself, which NetBox must have been started with: `dev/test` runs this folder in a process and a
database of its own. Where it is not installed, nothing here can even be imported.
"""
from pathlib import Path
from unittest import TestSuite

from django.apps import apps


def load_tests(loader, tests, pattern):
    if not apps.is_installed('netbox_branching'):
        return TestSuite()
    here = Path(__file__).parent
    tests.addTests(loader.discover(str(here), pattern or 'test*.py', top_level_dir=str(here.parents[1])))
    return tests
