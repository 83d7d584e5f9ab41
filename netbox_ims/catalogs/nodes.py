"""Reading YAML that people write by hand, and saying by line what is wrong with it."""
import yaml

__all__ = ('CatalogError', 'NodeReader', 'compose', 'line_of')

LONGEST_WORD = 100          # of a text in a list


class CatalogError(ValueError):
    """What is wrong with a catalogue, as a list of (line, message); lines count from 1."""

    def __init__(self, problems):
        self.problems = sorted(problems, key=lambda problem: problem[0])
        super().__init__('; '.join(f'line {line}: {message}' for line, message in self.problems))


def compose(text):
    """The root node of a YAML document. Raises CatalogError where it is none."""
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as e:
        mark = getattr(e, 'problem_mark', None)
        raise CatalogError([(mark.line + 1 if mark else 1, f'not YAML: {getattr(e, "problem", e)}')]) from e
    except RecursionError as e:
        raise CatalogError([(1, 'nested too deep')]) from e


def line_of(node):
    return node.start_mark.line + 1 if node else 1


class NodeReader:
    """Goes through the nodes of a document, collecting problems with their lines."""

    def __init__(self):
        self.problems = []

    def problem(self, node, message):
        self.problems.append((line_of(node), message))

    def missing(self, values, keys, root, message):
        """A problem for each of `keys` that `values` lacks."""
        for key in keys:
            if key not in values:
                self.problem(root, message.format(key=key))

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
        """The texts of a list; whatever else is in it is a problem."""
        texts = [self.text(key, each, LONGEST_WORD) for each in self.items(key, node)]
        return [text for text in texts if text is not None]

    def items(self, key, node):
        """The nodes of a list."""
        if isinstance(node, yaml.SequenceNode):
            return node.value
        self.problem(node, f'“{key}” must be a list')
        return []
