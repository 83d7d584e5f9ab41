"""
Reading a million rows as arrays: PostgreSQL strings each column's numbers together in their binary form, which numpy
takes as it is. Neither side handles rows one by one.

Only for columns that are never null; unknown must be said by a number of its own.
"""
from dataclasses import dataclass

import numpy as np
from django.db import connections
from psycopg import RawCursor

__all__ = ('HALF', 'NONE', 'Column', 'Packed', 'Part', 'bit', 'known', 'read')

HALF = 32
NONE = -1               # stands for null


@dataclass(frozen=True)
class Column:
    """An SQL expression for a whole number of 8 bytes."""
    sql: str

    @property
    def strung(self):
        return f"string_agg(int8send(({self.sql})::int8), '')"


@dataclass(frozen=True)
class Part:
    """One of several numbers that are read as one: SQL that is never null nor negative, and what stands for its 0."""
    bits: int
    sql: str
    lowest: int = 0


def bit(column):
    return Part(1, f'({column})::int')


def known(column):
    """A column of whole numbers that are small enough, or null."""
    return Part(HALF, f'coalesce({column} + 1, 0)', lowest=NONE)


@dataclass(frozen=True)
class Packed:
    """Several numbers read as one, as every column read costs PostgreSQL about the same."""
    parts: dict

    @property
    def column(self):
        place, terms = 0, []
        for part in self.parts.values():
            terms.append(f'{part.sql} * {2 ** place}::bigint' if place else part.sql)
            place += part.bits
        return Column(' + '.join(terms))

    def unpack(self, values):
        unpacked, place = {}, 0
        for name, part in self.parts.items():
            unpacked[name] = ((values >> place) & ((1 << part.bits) - 1)) + part.lowest
            place += part.bits
        return unpacked


def read(source, columns, using='default'):
    """{name: array} of {name: Column} over `source`, which is what follows FROM; all arrays in the same order."""
    connections[using].ensure_connection()
    # Django's own cursors get bytes as text, twice as long.
    with RawCursor(connections[using].connection) as cursor:
        selected = ', '.join(column.strung for column in columns.values())
        strings = cursor.execute(f'SELECT {selected} FROM {source}', binary=True).fetchone()
    return {
        name: np.frombuffer(string or b'', dtype='>i8').astype('i8')
        for name, string in zip(columns, strings, strict=True)
    }
