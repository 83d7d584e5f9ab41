"""Rows of any list as a file for a spreadsheet."""
import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

__all__ = ('XLSX', 'as_xlsx')

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


def as_xlsx(name, title, rows):
    """Bytes of a workbook with one sheet: a title, then the rows, of which the first are the headings."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = 'A4'
    sheet.append([title])
    sheet.append([])
    for number, row in enumerate(rows):
        cells = [_text(sheet, value) for value in row]
        if number == 0:
            for cell in cells:
                cell.font = Font(bold=True)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(sheet, value):
    """Text is text, whatever it begins with: no formula comes from a name."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub('', '' if value is None else str(value)))
    cell.data_type = 's'
    return cell
