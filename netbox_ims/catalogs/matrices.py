"""
Reading a risk matrix from YAML, ours or anybody's, and writing one down the same way.

    name: Standard 3×3
    description: For small organisations         # optional
    likelihood_scale: [Rare, Possible, Certain]  # lowest first, as everything below
    impact_scale: [Minor, Serious, Severe]
    impact_dimensions: [service, confidentiality]
    levels:
      - {slug: low, name: Low, color: cfe8d5}    # rank: 1, if it is not its place in this list
      - {slug: high, name: High, color: fbc38d}
    acceptance_level: low                        # risks up to this level are acceptable
    cells:                                       # a row per likelihood, a column per impact
      - [low, low, high]
      - [low, high, high]
      - [low, high, high]
"""
from dataclasses import dataclass, field

import yaml

from .nodes import CatalogError, NodeReader, compose, line_of

__all__ = ('MatrixSpec', 'parse_matrix', 'write_matrix')

# key -> longest text
TEXTS = {'name': 100, 'description': 200, 'acceptance_level': 100}
SCALES = ('likelihood_scale', 'impact_scale', 'impact_dimensions')
LEVEL_TEXTS = {'slug': 100, 'name': 100, 'color': 7, 'rank': 4}
REQUIRED = ('name', *SCALES, 'levels', 'acceptance_level', 'cells')
MOST = 100          # entries of any list: more is no scale, but something pasted by mistake


@dataclass
class MatrixSpec:
    """A matrix as written. `lines` tells where a field stands, and by (field, index) where a part of it does."""
    name: str
    likelihood_scale: list
    impact_scale: list
    impact_dimensions: list
    levels: list
    acceptance_level: str
    cells: list
    description: str = ''
    lines: dict = field(default_factory=dict)

    @property
    def values(self):
        """The fields of a RiskMatrix."""
        return {key: getattr(self, key) for key in (*REQUIRED, 'description')}


def parse_matrix(text):
    """
    The MatrixSpec written in `text`. Raises CatalogError with everything that can't be read; whether what it says makes
    a matrix is for rules.risk_matrix to say.
    """
    return _Reader().matrix(compose(text))


class _Reader(NodeReader):

    def matrix(self, root):
        values = self.mapping(root, {*REQUIRED, 'description'}, 'a risk matrix')
        self.missing(values, REQUIRED, root, '“{key}” is missing')
        self.lines = {key: line_of(node) for key, node in values.items()}
        fields = self.texts(values, TEXTS)
        fields |= {key: self.list(key, values[key]) for key in SCALES if key in values}
        if 'levels' in values:
            fields['levels'] = [self.level(i, node) for i, node in enumerate(self.parts('levels', values['levels']))]
        if 'cells' in values:
            fields['cells'] = [self.list('cells', row) for row in self.parts('cells', values['cells'])]
        if self.problems:
            raise CatalogError(self.problems)
        return MatrixSpec(**fields, lines=self.lines)

    def parts(self, key, node):
        """The items of a list whose lines are to be known."""
        items = self.items(key, node)
        for index, each in enumerate(items):
            self.lines[key, index] = line_of(each)
        return items

    def level(self, index, node):
        values = self.mapping(node, LEVEL_TEXTS, 'a level')
        self.missing(values, ('slug', 'name', 'color'), node, '“{key}” of the level is missing')
        texts = self.texts(values, LEVEL_TEXTS)
        rank = texts.get('rank', str(index + 1))
        if not (rank.isascii() and rank.isdigit()):
            self.problem(values['rank'], '“rank” must be a whole number')
            rank = '0'
        return {**texts, 'color': texts.get('color', '').removeprefix('#').lower(), 'rank': int(rank)}

    def items(self, key, node):
        items = super().items(key, node)
        if len(items) > MOST:
            self.problem(node, f'“{key}” has more than {MOST} entries')
            return []
        return items


class _Flow(list):
    """A list that is written on one line."""


class _FlowMapping(dict):
    """Keys and values that are written on one line."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_sequence('tag:yaml.org,2002:seq', data, flow_style=True)
)
_Dumper.add_representer(
    _FlowMapping, lambda dumper, data: dumper.represent_mapping('tag:yaml.org,2002:map', data, flow_style=True)
)


def write_matrix(values):
    """The YAML that parse_matrix reads, of the fields of a matrix."""
    document = {
        'name': values['name'], **({'description': values['description']} if values.get('description') else {}),
        **{key: _Flow(values[key]) for key in SCALES},
        'levels': [
            _FlowMapping({key: level[key] for key in LEVEL_TEXTS})
            for level in sorted(values['levels'], key=lambda level: level['rank'])
        ],
        'acceptance_level': values['acceptance_level'],
        'cells': [_Flow(row) for row in values['cells']],
    }
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
