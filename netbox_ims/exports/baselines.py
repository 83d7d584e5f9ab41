"""
A baseline as one archive that can be checked offline: what was sealed, a table for people, and the program that checks
both, which needs nothing but Python (rules/baseline_check.py).
"""
import csv
import io
import json
import zipfile
from pathlib import Path

from django.template.loader import render_to_string

from ..rules import baseline_check
from ..rules.baseline_check import cell

__all__ = ('write_archive',)


def write_archive(file, manifest, sha256, rows_sha256, rows, columns):
    """
    Write the archive into `file`. `manifest` are the bytes with the hash `sha256`; `rows` gives the pairs of a line and
    its digest each time it is called, as they are written several times over; `columns` are those of the table.
    """
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('README.txt', render_to_string('netbox_ims/export/baseline.txt', {
            'manifest': json.loads(manifest), 'sha256': sha256,
        }))
        archive.writestr('manifest.json', manifest)
        archive.writestr('SHA256SUMS', f'{sha256}  manifest.json\n{rows_sha256}  rows.jsonl\n')
        archive.writestr('verify.py', Path(baseline_check.__file__).read_text('utf-8'))
        with archive.open('rows.jsonl', 'w', force_zip64=True) as member:
            for line, _digest in rows():
                member.write(line + b'\n')
        with archive.open('digests.txt', 'w', force_zip64=True) as member:
            for _line, digest in rows():
                member.write(digest.hex().encode() + b'\n')
        with archive.open('rows.csv', 'w', force_zip64=True) as member:
            _write_table(member, rows, columns)


def _write_table(member, rows, columns):
    with io.TextIOWrapper(member, 'utf-8-sig', newline='', write_through=True) as text:
        writer = csv.writer(text)
        writer.writerow(columns)
        for line, _digest in rows():
            row = _parsed(line)
            writer.writerow([cell(name, row.get(name)) for name in columns])


def _parsed(line):
    """A row; one that can't be read any more is empty in the table, and named by the check."""
    try:
        row = json.loads(line)
    except ValueError:
        return {}
    return row if isinstance(row, dict) else {}
