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

from .nodes import CatalogError, NodeReader, compose, line_of

__all__ = ('ATTRIBUTES', 'CatalogSpec', 'ControlSpec', 'parse_catalog')

ATTRIBUTES = (
    'control_type', 'information_security_properties', 'cybersecurity_concepts', 'operational_capabilities',
    'security_domains',
)
# key -> longest text
CATALOG_KEYS = {'name': 100, 'slug': 100, 'edition': 50, 'standard': 100, 'description': 200, 'replaces': 100}
CONTROL_KEYS = {'ref': 50, 'title': 200, 'theme': 100, 'description': 200}
CONTROL_LISTS = (*ATTRIBUTES, 'replaces')


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
    return _Reader().catalog(compose(text))


class _Reader(NodeReader):

    def catalog(self, root):
        values = self.mapping(root, {*CATALOG_KEYS, 'controls'}, 'a catalog')
        texts = self.texts(values, CATALOG_KEYS)
        self.missing(values, ('name', 'slug'), root, '“{key}” is missing')
        slug = texts.get('slug', '')
        if slug and not slug.replace('-', '').replace('_', '').isalnum():
            self.problem(values['slug'], 'a slug has only letters, digits, hyphens and underscores')
        controls = self.controls(values.get('controls'), root)
        if any(control.replaces for control in controls) and not texts.get('replaces'):
            line = next(control.replaces_line for control in controls if control.replaces)
            self.problems.append((line, 'say with “replaces” of the catalog which catalog these references are of'))
        if self.problems:
            raise CatalogError(self.problems)
        lines = {key: line_of(node) for key, node in values.items()}
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
        self.missing(values, missing, node, '“{key}” of the control is missing')
        lists = {key: self.list(key, values[key]) for key in CONTROL_LISTS if key in values}
        if missing:
            return None
        replaces = lists.pop('replaces', [])
        return ControlSpec(
            **texts, attributes=lists, replaces=replaces, line=line_of(node),
            replaces_line=line_of(values['replaces']) if 'replaces' in values else 0
        )
