"""
The house holds itself to docs/architecture.md: pure rules, arrows that point down, and everything a model must have.
"""
import ast
from importlib import import_module
from pathlib import Path
from unittest import TestCase

from django.apps import apps
from django.urls import NoReverseMatch

from netbox.registry import registry
from utilities.views import get_viewname

PACKAGE = Path(import_module('netbox_ims').__file__).parent
ROOT = PACKAGE.parent

# Lower may not import higher. Rooms of one rank are separate: what one sees of another is stated in SEES.
RANKS = {
    'rules': 0, 'choices': 0, 'constants': 0, 'catalogs': 0,
    'ci_types': 1, 'edges': 1, 'events': 1,
    'querysets': 2, 'models': 2,
    'services': 3, 'exports': 3,
    'ui': 4, 'forms': 4, 'filtersets': 4, 'tables': 4,
    'views': 5, 'api': 5, 'graphql': 5, 'jobs': 5, 'core_integration': 5, 'search': 5, 'dashboard': 5, 'signals': 5,
    'template_content': 6, 'navigation': 6, 'urls': 6, 'templatetags': 5, 'management': 6, '__init__': 7,
}
# (file, room it imports from): why that arrow may point up
UPWARD = {
    ('models/fields.py', 'forms'): 'a model field names its form field, as Django has it; imported when a form is made',
}
READ_ONLY = 'written by triggers only: no form to fill in'
SEARCHED = 'CIs are found by NetBox; what is recorded about them is found by filters'
# Models that no person and no client ever sees: why
INTERNAL = {
    'ConfigurationChange': 'written by triggers; what follows from it shows as a test being stale',
    'Reminder': 'remembers what services/reminders.py has told whom; what people see is the notification',
    'BaselineBlock': 'rows of a baseline as they were sealed, many to a block; read through the baseline',
    'StaleMark': 'left by triggers and taken away by services/derive.py; what it marks shows as "undetermined"',
    'RegisterVersion': 'written by triggers; shown as the register as of a date, and as the timeline of a CI',
    'RegisterAsOf': 'the register itself, at a moment: shown by its own pages and endpoint with `as_of`',
    'RegisterName': 'written by triggers; shown as the names in a register as of a date',
    'HistoryStart': 'one moment, before which the register refuses to be asked',
}
# Rows of another model's field, without a life of their own
PARTS = {'ScopeMember': 'written, read and logged as `cis` of its scope'}
# (model, thing): why it does without
EXEMPT = {
    ('RegisterEntry', 'form'): READ_ONLY,
    ('Alignment', 'form'): 'derived: no form to fill in',
    ('Alignment', 'search index'): 'CIs are found by NetBox; what is compared with what is found by filters',
    ('Decision', 'form'): READ_ONLY,
    ('RetiredCI', 'form'): READ_ONLY,
    ('RegisterEntry', 'search index'): SEARCHED,
    ('Decision', 'search index'): SEARCHED,
    ('RetiredCI', 'search index'): SEARCHED,
}


def sources(folder=PACKAGE):
    return [path for path in folder.rglob('*.py') if 'migrations' not in path.parts]


def imported(path):
    """Every module a file imports, absolute (`netbox_ims.models`), wherever in the file."""
    here = path.relative_to(ROOT).with_suffix('').parts
    for node in ast.walk(ast.parse(path.read_text('utf-8'))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = here[:len(here) - node.level] if node.level else ()
            base = [*package, *(node.module.split('.') if node.module else [])]
            yield '.'.join(base)
            yield from ('.'.join([*base, alias.name]) for alias in node.names)


def room(parts):
    """The layer a dotted path below the package belongs to."""
    return parts[0] if parts else '__init__'


class LayersTestCase(TestCase):

    def test_rules_are_pure(self):
        for path in sources(PACKAGE / 'rules'):
            for name in imported(path):
                self.assertNotIn(name.split('.')[0], {'django', 'netbox', 'utilities', 'extras', 'core', 'dcim'}, path)

    def test_every_room_has_a_rank(self):
        rooms = {room(path.relative_to(PACKAGE).with_suffix('').parts) for path in sources()}
        self.assertEqual(rooms - RANKS.keys(), set())

    def test_arrows_point_down(self):
        used = set()
        for path in sources():
            file = path.relative_to(PACKAGE)
            own = RANKS[room(file.with_suffix('').parts)]
            for name in imported(path):
                parts = name.split('.')
                if parts[0] != 'netbox_ims' or len(parts) < 2 or parts[1] not in RANKS:
                    continue
                if RANKS[parts[1]] > own:
                    self.assertIn((str(file), parts[1]), UPWARD, f'{file} imports {name}, which stands above it')
                    used.add((str(file), parts[1]))
        self.assertEqual(set(UPWARD), used, 'stale exemptions')


class ModelsTestCase(TestCase):
    """Every model has what a NetBox object has, or an exemption that says why not."""

    def test_completeness(self):
        missing = set()
        models = {model.__name__: model for model in apps.get_app_config('netbox_ims').get_models()}
        self.assertEqual(INTERNAL.keys() - models.keys(), set(), 'stale exemptions')
        for name in INTERNAL:
            self.assertTrue(models[name]._netbox_private, f'NetBox would offer {name} to people')
        for model in (model for name, model in models.items() if name not in INTERNAL):
            for thing, there in self.things(model).items():
                if not there and model.__name__ not in PARTS:
                    missing.add((model.__name__, thing))
        self.assertEqual(missing - EXEMPT.keys(), set())
        self.assertEqual(EXEMPT.keys() - missing, set(), 'stale exemptions')

    def things(self, model):
        name, label = model.__name__, model._meta.label_lower
        tests = ''.join(path.read_text('utf-8') for path in (ROOT / 'tests').rglob('test_*.py'))
        return {
            'form': self.has('forms', f'{name}Form'),
            'filter form': self.has('forms', f'{name}FilterForm'),
            'filterset': self.has('filtersets', f'{name}FilterSet'),
            'table': self.has('tables', f'{name}Table'),
            'serializer': self.has('api.serializers', f'{name}Serializer'),
            'GraphQL type': self.has('graphql.types', f'{name}Type'),
            'GraphQL filter': self.has('graphql.filters', f'{name}Filter'),
            'search index': label in registry['search'],
            'list': self.has_view(model),
            'docs page': (ROOT / 'docs/models' / f'{model._meta.model_name}.md').exists(),
            'view tests': f'class {name}ViewTestCase' in tests,
            'API tests': f'class {name}APITestCase' in tests,
            'filter tests': f'class {name}FilterSetTestCase' in tests or f'class {name}FilterTestCase' in tests,
        }

    def has(self, module, name):
        return hasattr(import_module(f'netbox_ims.{module}'), name)

    def has_view(self, model):
        from django.urls import reverse
        try:
            return bool(reverse(get_viewname(model, 'list')))
        except NoReverseMatch:
            return False
