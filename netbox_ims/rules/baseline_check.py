#!/usr/bin/env python3
"""
Checks baselines of the register of an integrated management system, offline. Needs Python 3.9 or later, nothing else.

    python3 verify.py                             the baseline in the folder of this file
    python3 verify.py first.zip second.zip …      archives as they were downloaded, and that each follows the one before

It says what does not fit, by row, and ends with exit code 1 if anything does not. What it can't know is whether the
whole archive was made anew: compare the SHA-256 it prints with what you noted when the baseline was taken, or with
`previous_sha256` in the manifest of the baseline after it.

How a baseline is sealed:
- A row is one line of rows.jsonl: JSON with sorted keys, no white space, UTF-8.
- digests.txt has a line for each row, the SHA-256 of the digest of the row before (32 bytes; nothing for the first) and
  the row itself (without its line feed). It says which row was altered.
- manifest.json is the same kind of JSON: what was asked for, by whom and when, figures, the number of rows, the SHA-256
  of rows.jsonl, and the SHA-256 of the baseline before. Its own SHA-256 is the baseline's.
"""
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections import namedtuple
from pathlib import Path

FINDINGS = 20       # so many rows are named; the message says that there may be more

# What can be wrong. `row` counts from 1; `names` are those of the rows in question, as far as they can be read.
Finding = namedtuple('Finding', 'kind row names', defaults=(0, ()))
HEADER, ROW, COUNT, ROWS, CHAIN, TABLE = 'header', 'row', 'count', 'rows', 'chain', 'table'

# A CI may well be in no site: nothing there is nothing. Nothing elsewhere means that nobody has said.
MAY_BE_EMPTY = ('site', 'tenant', 'role', 'status')


def link(previous, line):
    """The digest of a row behind one with the digest `previous`."""
    return hashlib.sha256(previous + line).digest()


def check_rows(rows, count, rows_sha256, limit=FINDINGS):
    """
    What does not fit among `rows`, pairs of a line and its digest, both bytes; there should be `count` of them, and as
    a file they should have the SHA-256 `rows_sha256`. At most `limit` findings.

    A row that was altered does not fit its digest. If its digest was altered with it, the row after does not fit.
    """
    found, previous, before, seen, whole = [], b'', None, 0, hashlib.sha256()
    for line, digest in rows:
        seen += 1
        if link(previous, line) != digest and len(found) < limit:
            found.append(Finding(ROW, seen, tuple(name_of(each) for each in (line, before) if each is not None)))
        previous, before = digest, line
        whole.update(line + b'\n')
    if seen != count:
        found.append(Finding(COUNT, seen))
    if not found and whole.hexdigest() != rows_sha256:
        found.append(Finding(ROWS))
    return found


def name_of(line):
    """The CI that a row is about, as people would look for it."""
    try:
        row = json.loads(line)
        return f'{row["name"]} ({row["object_type"]} {row["object_id"]})'
    except (ValueError, KeyError, TypeError):
        return 'unreadable'


def cell(name, value):
    """A value as the table has it. What a spreadsheet would take for a formula is kept from being one."""
    if value is None:
        return '' if name in MAY_BE_EMPTY else 'unknown'
    if isinstance(value, bool):
        return 'true' if value else 'false'
    text = str(value)
    return f"'{text}" if text.startswith(('=', '+', '-', '@', '\t', '\r')) else text


def check_table(text, lines):
    """Whether the table for people, rows.csv, says what the rows say. At most one finding: the first row to differ."""
    table = csv.DictReader(io.TextIOWrapper(text, 'utf-8-sig', newline=''))
    number = 0
    for number, line in enumerate(lines, start=1):
        row, shown = json.loads(line), next(table, None)
        if shown != {name: cell(name, value) for name, value in row.items()}:
            return [Finding(TABLE, number, (name_of(line),))]
    return [Finding(TABLE, number + 1)] if next(table, None) is not None else []


def in_words(finding):
    kind, row, names = finding
    if kind == HEADER:
        return 'manifest.json does not have the SHA-256 in SHA256SUMS: what it says was altered'
    if kind == ROW and len(names) > 1:
        return f'row {row}: altered: {names[0]} (or, together with its digest, the row before it: {names[1]})'
    if kind == ROW:
        return f'row {row}: altered: {names[0]}'
    if kind == COUNT:
        return f'there are {row} rows, not as many as were sealed'
    if kind == ROWS:
        return 'rows and digests were made anew: they fit each other, but are not what was sealed'
    if kind == TABLE:
        return f'rows.csv differs from rows.jsonl in row {row}{f": {names[0]}" if names else ""}'
    return 'it does not follow the baseline before it: previous_sha256 is not that one’s SHA-256'


#
# Archives
#

class Archive:
    """A baseline as it was downloaded, zipped or unpacked into a folder."""

    def __init__(self, path):
        self.path = Path(path)
        self.zip = None if self.path.is_dir() else zipfile.ZipFile(self.path)
        with self.open('manifest.json') as file:
            raw = file.read()
        self.manifest, self.sha256 = json.loads(raw), hashlib.sha256(raw).hexdigest()

    def open(self, name):
        return self.zip.open(name) if self.zip else open(self.path / name, 'rb')

    def lines(self, name):
        with self.open(name) as file:
            for line in file:
                yield line.rstrip(b'\n')

    def rows(self):
        """Pairs of line and digest; a row without a digest, or the reverse, has an empty one."""
        digests = self.lines('digests.txt')
        for line in self.lines('rows.jsonl'):
            try:
                yield line, bytes.fromhex(next(digests, b'').decode('ascii'))
            except ValueError:
                yield line, b''

    def check(self):
        found = []
        with self.open('SHA256SUMS') as file:
            sums = dict(reversed(line.decode().split()) for line in file if line.strip())
        if sums.get('manifest.json') != self.sha256:
            found.append(Finding(HEADER))
        found += check_rows(self.rows(), self.manifest['rows'], self.manifest['rows_sha256'])
        if not found:
            with self.open('rows.csv') as file:
                found += check_table(file, self.lines('rows.jsonl'))
        return found


def main(paths):
    wrong, before = False, None
    for path in paths:
        try:
            archive = Archive(path)
            found = archive.check()
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as e:
            print(f'{path}: cannot be read: {e}')
            wrong, before = True, None
            continue
        if before is not None and archive.manifest['previous_sha256'] != before:
            found.append(Finding(CHAIN))
        before = archive.sha256
        manifest = archive.manifest
        print(f'{path}: “{manifest["name"]}”, {manifest["rows"]} rows as of {manifest["as_of"]}')
        print(f'  SHA-256 {archive.sha256}')
        for finding in found:
            print(f'  WRONG {in_words(finding)}')
        if len(found) >= FINDINGS:
            print('  WRONG perhaps more')
        if not found:
            print('  OK every row is as it was sealed')
        wrong = wrong or bool(found)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:] or [Path(__file__).parent]))
