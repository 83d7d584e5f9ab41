"""What changed between two dates as a file: a line for each field that differs. Made from plain data."""
import csv
import io

from django.utils.translation import gettext as _

from ..rules.baseline_check import cell
from .sheets import XLSX, as_long_xlsx

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
    rows = ([*line[:-2], *(_in_words(line[4], value) for value in line[-2:])] for line in lines)
    return as_long_xlsx(_('Comparison'), title, [COLUMNS, *rows]), XLSX


def _in_words(field, value):
    """As in CSV; but a sheet says itself what is text, so nothing needs to be kept from being a formula."""
    return cell(field, value) if value is None or isinstance(value, bool) else value


FORMATS = {'csv': _csv, 'xlsx': _xlsx}
