"""
Reading a catalogue of controls from YAML, ours or anybody's, and saying by line what is wrong with it.

    name: NIS2 measures
    slug: nis2
    edition: '2024'             # optional, as are standard (its slug), description, and replaces: the slug of
    replaces: nis2-2022         # the catalogue whose controls the controls below replace
    controls:
      - ref: M1
        title: Risk analysis
        theme: Governance       # optional, as are description and the five attributes of ISO/IEC 27002
        replaces: [1.1, 1.2]
"""
from dataclasses import dataclass, field

import yaml

__all__ = ('ATTRIBUTES', 'CatalogError', 'CatalogSpec', 'ControlSpec', 'parse_catalog')

ATTRIBUTES = (
    'control_type', 'information_security_properties', 'cybersecurity_concepts', 'operational_capabilities',
    'security_domains',
)
# key -> longest text
CATALOG_KEYS = {'name': 100, 'slug': 100, 'edition': 50, 'standard': 100, 'description': 200, 'replaces': 100}
CONTROL_KEYS = {'ref': 50, 'title': 200, 'theme': 100, 'description': 200}
CONTROL_LISTS = (*ATTRIBUTES, 'replaces')
LONGEST_TAG = 100


class CatalogError(ValueError):
    """What is wrong with a catalogue, as a list of (line, message); lines count from 1."""

    def __init__(self, problems):
        self.problems = sorted(problems, key=lambda problem: problem[0])
        super().__init__('; '.join(f'line {line}: {message}' for line, message in self.problems))


@dataclass
class ControlSpec:
    """One control as written, and the lines it and its `replaces` stand on."""
    ref: str
    title: str
    theme: str = ''
    description: str = ''
    attributes: dict = field(default_factory=dict)
    replaces: list = field(default_factory=list)
    line: int = 0
    replaces_line: int = 0


@dataclass
class CatalogSpec:
    name: str
    slug: str
    edition: str = ''
    standard: str = ''
    description: str = ''
    replaces: str = ''
    controls: list = field(default_factory=list)
    lines: dict = field(default_factory=dict)


def parse_catalog(text):
    """The CatalogSpec written in `text`. Raises CatalogError with everything that is wrong, not just the first."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as e:
        mark = getattr(e, 'problem_mark', None)
        raise CatalogError([(mark.line + 1 if mark else 1, f'not YAML: {getattr(e, "problem", e)}')]) from e
    return _Reader().catalog(root)


class _Reader:
    """Goes through the nodes of a document, collecting problems with their lines."""

    def __init__(self):
        self.problems = []

    def problem(self, node, message):
        self.problems.append((node.start_mark.line + 1 if node else 1, message))

    def catalog(self, root):
        values = self.mapping(root, {*CATALOG_KEYS, 'controls'}, 'a catalog')
        texts = self.texts(values, CATALOG_KEYS)
        for key in ('name', 'slug'):
            if key not in values:
                self.problem(root, f'“{key}” is missing')
        slug = texts.get('slug', '')
        if slug and not slug.replace('-', '').replace('_', '').isalnum():
            self.problem(values['slug'], 'a slug has only letters, digits, hyphens and underscores')
        controls = self.controls(values.get('controls'), root)
        if any(control.replaces for control in controls) and not texts.get('replaces'):
            line = next(control.replaces_line for control in controls if control.replaces)
            self.problems.append((line, 'say with “replaces” of the catalog which catalog these references are of'))
        if self.problems:
            raise CatalogError(self.problems)
        lines = {key: node.start_mark.line + 1 for key, node in values.items()}
        return CatalogSpec(**texts, controls=controls, lines=lines)

    def controls(self, node, root):
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.problem(node or root, '“controls” must be a list of at least one control')
            return []
        controls, seen = [], {}
        for each in node.value:
            control = self.control(each)
            if not control:
                continue
            if control.ref in seen:
                self.problem(each, f'{control.ref} stands on line {seen[control.ref]} already')
            seen.setdefault(control.ref, control.line)
            controls.append(control)
        return controls

    def control(self, node):
        values = self.mapping(node, {*CONTROL_KEYS, *CONTROL_LISTS}, 'a control')
        texts = self.texts(values, CONTROL_KEYS)
        missing = [key for key in ('ref', 'title') if key not in texts]
        for key in missing:
            if key not in values:
                self.problem(node, f'“{key}” of the control is missing')
        lists = {key: self.list(key, values[key]) for key in CONTROL_LISTS if key in values}
        if missing:
            return None
        replaces = lists.pop('replaces', [])
        return ControlSpec(
            **texts, attributes=lists, replaces=replaces, line=node.start_mark.line + 1,
            replaces_line=values['replaces'].start_mark.line + 1 if 'replaces' in values else 0
        )

    def mapping(self, node, known, what):
        """{key: node} of a mapping; anything else, and keys nobody knows, are problems."""
        if not isinstance(node, yaml.MappingNode):
            self.problem(node, f'{what} is written as keys and values')
            return {}
        values = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value not in known:
                name = key.value if isinstance(key, yaml.ScalarNode) else 'this'
                self.problem(key, f'“{name}” is no key of {what}; known are {", ".join(sorted(known))}')
            elif key.value in values:
                self.problem(key, f'“{key.value}” is given twice')
            else:
                values[key.value] = value
        return values

    def texts(self, values, longest):
        texts = {}
        for key, limit in longest.items():
            if key in values and (text := self.text(key, values[key], limit)) is not None:
                texts[key] = text
        return texts

    def text(self, key, node, limit):
        # As written, whatever YAML would make of it: 1.10 is a reference, not a number.
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            return self.problem(node, f'“{key}” must be a text')
        if len(node.value) > limit:
            return self.problem(node, f'“{key}” is longer than {limit} characters')
        if '\x00' in node.value:
            return self.problem(node, f'“{key}” has a character that no text can have')
        return node.value.strip()

    def list(self, key, node):
        if not isinstance(node, yaml.SequenceNode):
            self.problem(node, f'“{key}” must be a list')
            return []
        texts = [self.text(key, each, LONGEST_TAG) for each in node.value]
        return [text for text in texts if text is not None]
