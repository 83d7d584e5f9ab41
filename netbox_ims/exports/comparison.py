"""What changed between two dates as a file: a line for each field that differs. Made from plain data."""
import csv
import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from ..rules.baseline_check import cell

__all__ = ('FORMATS', 'export_comparison')

COLUMNS = ('object_type', 'object_id', 'name', 'change', 'field', 'old', 'new')


def export_comparison(lines, wanted, title):
    """
    (bytes, content type) in the format `wanted`, one of FORMATS. `lines` are tuples as COLUMNS has them; what nobody
    had said is None.
    """
    return FORMATS[wanted](lines, title)


def _csv(lines, title):
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for object_type, object_id, name, change, field, old, new in lines:
        writer.writerow(
            [object_type, object_id, cell('name', name), change, field, cell(field, old), cell(field, new)]
        )
    return file.getvalue().encode('utf-8-sig'), 'text/csv; charset=utf-8'


def _xlsx(lines, title):
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_('Comparison'))
    sheet.freeze_panes = 'A4'
    for letter, width in zip('ABCDEFG', (28, 10, 32, 12, 28, 24, 24), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([title])
    sheet.append([])
    head = [WriteOnlyCell(sheet, value=name) for name in COLUMNS]
    for each in head:
        each.font = Font(bold=True)
    sheet.append(head)
    for line in lines:
        sheet.append([_cell(sheet, value) for value in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


def _cell(sheet, value):
    """Text is text, whatever it begins with: no formula comes from a name."""
    if value is None or isinstance(value, bool):
        value = cell('', value)
    if not isinstance(value, str):
        return value
    made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub('', value))
    made.data_type = 's'
    return made


FORMATS = {'csv': _csv, 'xlsx': _xlsx}
