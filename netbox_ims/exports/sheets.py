"""
Spreadsheets and CSV files as every export writes them: readable, filterable, printable, and spreadsheets without
formulas. CSV has the text as it is, like NetBox's own: it has no way to say that something is no formula.
"""
import csv
import io
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

__all__ = (
    'CSV', 'HTML', 'XLSX', 'Link', 'as_csv', 'as_long_xlsx', 'as_xlsx', 'export_tables', 'new_book', 'write_cell',
    'write_facts', 'write_table',
)

CSV, HTML = 'text/csv; charset=utf-8', 'text/html; charset=utf-8'
XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
LONGEST, LONGEST_TITLE = 32767, 31          # characters of a cell, and of a sheet's name
THIN, HEAD = Side(style='thin', color='BBBBBB'), PatternFill('solid', fgColor='E8E8E8')


class Link(str):
    """An address that can be followed from its cell."""


def as_csv(headings, rows):
    """UTF-8 with a byte order mark, without which spreadsheets take it for something else. None is an empty field."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows(['' if value is None else value for value in row] for row in rows)
    return file.getvalue().encode('utf-8-sig')


def new_book(title):
    """A workbook and its first sheet."""
    book = Workbook()
    book.active.title = title
    return book, book.active


def as_xlsx(book, footer):
    """The bytes of a workbook, each sheet to be printed across A4 with `footer` and page numbers below."""
    for sheet in book.worksheets:
        sheet.page_setup.orientation, sheet.page_setup.paperSize = 'landscape', sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.right.text = '&P / &N'
        sheet.oddFooter.left.text = footer.replace('&', '&&')
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def export_tables(tables, wanted):
    """
    (bytes, content type) of plain tables, (title, columns, rows) with columns as in `write_table`: a sheet for each in
    `xlsx`; the first of them in `csv`, which holds only one.
    """
    if wanted == 'csv':
        _title, columns, rows = tables[0]
        return as_csv([heading for heading, _width in columns], rows), CSV
    book = Workbook()
    book.remove(book.active)
    for title, columns, rows in tables:
        write_table(book.create_sheet(title[:LONGEST_TITLE]), columns, rows, frozen='A2')
    return as_xlsx(book, footer=tables[0][0]), XLSX


def as_long_xlsx(name, title, rows):
    """
    The bytes of a workbook with one sheet, `name`: a title, then rows, of which the first are the headings. For lists
    of any length: rows are written as they come and not formatted, since that would keep all of them in memory.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:LONGEST_TITLE])
    sheet.freeze_panes = 'A4'
    sheet.append([title])
    sheet.append([])
    for number, row in enumerate(rows):
        cells = [_as_text(WriteOnlyCell(sheet), '' if value is None else value) for value in row]
        if number == 0:
            for cell in cells:
                cell.font = Font(bold=True)
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_facts(sheet, title, facts):
    """A sheet with what stands at the head of a document: its title, and (label, value)."""
    write_cell(sheet, 1, 1, title, bold=True)
    for row, (label, value) in enumerate(facts, start=3):
        write_cell(sheet, row, 1, label, bold=True)
        write_cell(sheet, row, 2, value)
    sheet.column_dimensions['A'].width, sheet.column_dimensions['B'].width = 28, 90


def write_table(sheet, columns, rows, fill=None, frozen='C2'):
    """
    Rows under headings that stay in view, repeat on every printed page, and filter. `columns` are (heading, width);
    `fill(row, column)` gives the colour of a cell, both counted from 0, or None.
    """
    for column, (heading, width) in enumerate(columns, start=1):
        write_cell(sheet, 1, column, heading, bold=True).fill = HEAD
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = 1
    for last, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            cell = write_cell(sheet, last, column, value)
            cell.border = Border(bottom=THIN)
            if fill and (color := fill(last - 2, column - 1)):
                cell.fill = PatternFill('solid', fgColor=color.upper())
    sheet.freeze_panes = frozen
    sheet.auto_filter.ref = f'A1:{get_column_letter(len(columns))}{last}'
    sheet.print_title_rows = '1:1'


def write_cell(sheet, row, column, value, bold=False):
    """Numbers and dates as such, anything else as text; None is empty."""
    cell = sheet.cell(row=row, column=column)
    if value is None or isinstance(value, (int, date)):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = 'yyyy-mm-dd'
    else:
        _as_text(cell, value)
    cell.alignment = Alignment(wrap_text=True, vertical='top')
    cell.font = Font(bold=bold)
    if isinstance(value, Link) and value:
        cell.hyperlink, cell.style = str(value), 'Hyperlink'
        cell.alignment = Alignment(wrap_text=True, vertical='top')
    return cell


def _as_text(cell, value):
    """As text, whatever it looks like: what begins with "=" must not be taken for a formula."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub('', str(value))[:LONGEST]
    cell.data_type = 's'
    return cell
