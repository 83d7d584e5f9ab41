"""Takes a plain-SQL dump apart: statements on the one hand, the data of COPY on the other.

Nothing is parsed beyond what tells where a statement ends: strings, quoted names, function bodies and comments may
hold semicolons, and lines that look like commands.
"""
import re

OPENING = re.compile(rb'''
    --[^\n]* | /\* | ' | " | ;
  | (?<![\w$\x80-\xff]) (?: [eE]' | \$ (?:[A-Za-z_\x80-\xff][\w\x80-\xff]*)? \$ )
''', re.X)
ESCAPED = re.compile(rb"\\[\s\S]|''|'")
COMMENT = re.compile(rb'/\*|\*/')
COPY = re.compile(rb'COPY\s[^;]*\sFROM\s+STDIN\b', re.I)


class CutOff(Exception):
    """The text ends inside a statement or inside the data of COPY."""


def statements(lines):
    """(line number, statement, data) of every statement; `data` iterates over the lines of a COPY, else it is None.

    The data must be used up before the next statement is asked for. psql's own commands, lines with a backslash, are
    dropped.
    """
    numbered = enumerate(lines, 1)
    scanner = Scanner()
    first, parts = 0, []
    for number, line in numbered:
        if not parts and (not line.strip() or line.startswith((b'--', b'\\'))):
            continue
        rest = line
        while rest:
            if not parts:
                rest = rest.lstrip()
                first = number
            end = scanner.end_of_statement(rest)
            parts.append(rest[:end])
            if end is None:
                break
            rest = rest[end:]
            statement, parts = b''.join(parts), []
            if COPY.match(statement):
                yield first, statement, copy_data(numbered, first)
                break
            yield first, statement, None
            if not rest.strip():
                break
    if b''.join(parts).strip():
        if scanner.inside:
            raise CutOff(first)
        yield first, b''.join(parts), None


def copy_data(numbered, first):
    for _, line in numbered:
        if line.rstrip(b'\r\n') == b'\\.':
            return
        yield line
    raise CutOff(first)


class Scanner:
    """Remembers, from one line to the next, what the text is inside of."""

    def __init__(self):
        self.inside = b''
        self.depth = 0                      # comments nest in PostgreSQL

    def end_of_statement(self, text):
        """The position after the first semicolon that ends a statement; None if there is none in this piece."""
        position = 0
        while True:
            if self.inside:
                position = self.leave(text, position)
                if position is None:
                    return None
            found = OPENING.search(text, position)
            if not found:
                return None
            position, token = found.end(), found[0]
            if token == b';':
                return position
            if token == b'/*':
                self.depth = 1
            if not token.startswith(b'--'):
                self.inside = token

    def leave(self, text, position):
        """The position after the end of what we are inside of; None if it does not end in this piece."""
        if self.inside == b'/*':
            for found in COMMENT.finditer(text, position):
                self.depth += 1 if found[0] == b'/*' else -1
                if not self.depth:
                    break
            else:
                return None
            end = found.end()
        elif self.inside in (b"e'", b"E'"):
            end = next((m.end() for m in ESCAPED.finditer(text, position) if m[0] == b"'"), None)
        else:                               # a doubled quote ends one string and begins the next: no special case
            at = text.find(self.inside, position)
            end = None if at < 0 else at + len(self.inside)
        if end is not None:
            self.inside = b''
        return end
