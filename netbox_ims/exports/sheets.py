"""A plain table as a file: headings and rows of text and numbers, as CSV or XLSX."""
import csv
import io

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

__all__ = ('FORMATS', 'export_sheets')

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
LONGEST_TITLE, LONGEST_TEXT = 31, 32767         # of a sheet, and of a cell


def export_sheets(sheets, wanted):
    """
    (bytes, content type) of `sheets`, pairs of a title and rows of which the first are headings. CSV holds the first.
    """
    return FORMATS[wanted](sheets)


def _csv(sheets):
    file = io.StringIO()
    csv.writer(file).writerows(['' if value is None else value for value in row] for row in sheets[0][1])
    return file.getvalue().encode('utf-8-sig'), 'text/csv; charset=utf-8'


def _xlsx(sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title[:LONGEST_TITLE])
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                _write(sheet.cell(row=number, column=column), value, bold=number == 1)
        sheet.freeze_panes = 'A2'
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), XLSX


def _write(cell, value, bold):
    if value is None or isinstance(value, int):
        cell.value = value
    else:
        # As text, whatever it looks like: what begins with "=" must not be taken for a formula.
        cell.value = ILLEGAL_CHARACTERS_RE.sub('', str(value))[:LONGEST_TEXT]
        cell.data_type = 's'
    if bold:
        cell.font = Font(bold=True)


FORMATS = {'csv': _csv, 'xlsx': _xlsx}
