"""
Sealing a baseline: rows become lines, each with a digest chained to the one before, and a header that is hashed
together with the hash of the baseline before. How to check it is said, once, in baseline_check.py.
"""
import hashlib
from collections import Counter

from .baseline_check import link
from .canonical import canonical

__all__ = ('FORMAT', 'NAMED', 'OWNER', 'UNKNOWN', 'Figures', 'RowSealer', 'counted_as', 'covers', 'header')

FORMAT = 'netbox_ims baseline 1'
UNKNOWN, NAMED = 'unknown', 'named'
OWNER = 'asset_owner'


class RowSealer:
    """Turns rows into lines and digests, one after the other; afterwards it knows the hash of all of them."""

    def __init__(self):
        self.count, self._previous, self._whole = 0, b'', hashlib.sha256()

    def seal(self, row):
        """(line, digest) of a row, a dictionary that has a canonical form."""
        line = canonical(row)
        self._previous = link(self._previous, line)
        self._whole.update(line + b'\n')
        self.count += 1
        return line, self._previous

    @property
    def sha256(self):
        return self._whole.hexdigest()


class Figures:
    """What an auditor asks first of so many rows; unknown is counted as such, never as a pass."""
    COUNTED = (
        'object_type', 'classification', 'effective_classification', 'handles_sensitive_data',
        'processes_personal_data', 'under_classified', 'alignment',
    )
    WORDS = {None: UNKNOWN, True: 'true', False: 'false'}

    def __init__(self):
        self._counts, self._total, self._without_owner = {name: Counter() for name in self.COUNTED}, 0, 0

    def add(self, row):
        self._total += 1
        self._without_owner += row['asset_owner'] is None
        for name, counts in self._counts.items():
            value = row[name]
            counts[self.WORDS[value] if value is None or isinstance(value, bool) else value] += 1

    def as_dict(self):
        return {
            'total': self._total, 'without_owner': self._without_owner,
            **{name: dict(sorted(counts.items())) for name, counts in self._counts.items()},
        }


def counted_as(name, value):
    """
    A test of sealed lines: whether the figure `name` counts the row under `value`, as Figures has both, or whether the
    row has an asset owner (`named`). By the bytes, of which there may be a million: a key's quotes are nowhere else.
    """
    key = canonical(name) + b':'
    if name == OWNER:
        return lambda line: (key + b'null' in line) == (value == UNKNOWN)
    values = [value, *(each for each, word in Figures.WORDS.items() if word == value)]
    spelled = [key + canonical(each) for each in values]
    return lambda line: any(each in line for each in spelled)


def header(values):
    """What is hashed: the format, and `values` as they are kept of a baseline."""
    return {'format': FORMAT, **values}


def covers(held, needed):
    """
    Whether somebody may see all that somebody else could: for every kind of object in `needed`, what is `held` of it is
    True (everything) or names each of the same conditions. Both map kinds to True or a list of conditions.

    Two lists may cover one another in other ways too; where that takes knowing what conditions mean, the answer is no.
    """
    return all(_covers(held.get(kind, []), conditions) for kind, conditions in needed.items())


def _covers(held, needed):
    if held is True:
        return True
    return needed is not True and all(condition in held for condition in needed)
