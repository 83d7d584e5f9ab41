"""
A statement of applicability as a file: CSV, XLSX, or a page to print. Made from services.statement_text's plain data,
so that an approved version looks today as it did when it was approved.
"""
import csv
import io

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from ..choices import ImplementationStatusChoices, SoaReasonChoices, StatementStatusChoices
from ..rules.statements import EntryFacts, progress

__all__ = ('FORMATS', 'export_statement')

# The columns of every format: key, heading, width in XLSX
COLUMNS = (
    ('ref', gettext_lazy('Control'), 9),
    ('title', gettext_lazy('Title'), 34),
    ('theme', gettext_lazy('Theme'), 16),
    ('applicable', gettext_lazy('Applicable'), 11),
    ('reasons', gettext_lazy('Reasons'), 18),
    ('justification', gettext_lazy('Justification'), 44),
    ('implementation_status', gettext_lazy('Implementation'), 15),
    ('implementation', gettext_lazy('How'), 34),
    ('responsible', gettext_lazy('Responsible'), 18),
    ('target_date', gettext_lazy('Target date'), 12),
    ('evidence_url', gettext_lazy('Evidence'), 26),
    ('assigned', gettext_lazy('CIs'), 7),
)
SHAPES = {'implemented': '●', 'partial': '◐', 'planned': '○', 'not_started': '–'}


def export_statement(text, wanted, sha256='', intact=None):
    """(bytes, content type) of the statement `text` in the format `wanted`, one of FORMATS."""
    return FORMATS[wanted](text, sha256, intact)


def _columns(text):
    """`assigned` is left out where whoever asks may not know it."""
    counted = any(entry['assigned'] is not None for entry in text['entries'])
    return [column for column in COLUMNS if column[0] != 'assigned' or counted]


def _words(entry):
    """An entry's values as people read them."""
    reasons = dict(SoaReasonChoices)
    applicable = {True: _('Yes'), False: _('No'), None: _('Undecided')}[entry['applicable']]
    status = dict(ImplementationStatusChoices)[entry['implementation_status']]
    return {
        **entry,
        'applicable': applicable,
        'reasons': ', '.join(str(reasons.get(reason, reason)) for reason in entry['reasons']),
        'implementation_status': str(status) if entry['applicable'] else '—',
        'responsible': entry['responsible'] or '', 'target_date': entry['target_date'] or '',
        'shape': SHAPES[entry['implementation_status']] if entry['applicable'] else '',
        'decided': entry['applicable'] is not None,
    }


def _csv(text, sha256, intact):
    file, columns = io.StringIO(), _columns(text)
    writer = csv.writer(file)
    writer.writerow([key for key, _heading, _width in columns])
    for entry in text['entries']:
        values = {
            **entry, 'reasons': ','.join(entry['reasons']),
            'applicable': {True: 'true', False: 'false', None: 'undecided'}[entry['applicable']],
        }
        writer.writerow(['' if values[key] is None else values[key] for key, _heading, _width in columns])
    return file.getvalue().encode('utf-8-sig'), 'text/csv; charset=utf-8'


def _facts(text, sha256, intact):
    """What stands at the head of the document, as (label, text)."""
    scope = text['scope']
    replaces = text['replaces']
    return [(label, str(value)) for label, value in (
        (_('Standard'), text['standard']['name']),
        (_('Catalog'), text['catalog']['name']),
        (_('Scope'), '. '.join(part for part in (scope['name'], scope['statement']) if part)),
        (_('Tenants'), ', '.join(tenant['name'] for tenant in scope['tenants'])),
        (_('Sites'), ', '.join(site['name'] for site in scope['sites'])),
        (_('Other CIs'), ', '.join(ci['name'] for ci in scope['cis'])),
        (_('Difference from other scopes'), scope['difference_explanation']),
        (_('Version'), text['version']),
        (_('Status'), dict(StatementStatusChoices)[text['status']]),
        (_('Replaces'), _('Version {version} of {day}').format(
            version=replaces['version'], day=replaces['approved_on'][:10]
        ) if replaces else ''),
        (_('Prepared by'), _signature(text['prepared_by'], text['prepared_on'])),
        (_('Approved by'), _signature(text['approved_by'], text['approved_on'])),
        (_('SHA-256'), sha256),
        (_('Check'), _('Altered: what is kept does not have this SHA-256.') if intact is False else ''),
    ) if value]


def _signature(person, moment):
    if not moment:
        return ''
    who = _('not recorded')
    if person:
        who = f'{person["name"]} ({person["username"]})' if person['name'] else person['username']
    return f'{who}, {moment[:16].replace("T", " ")} UTC'


def _summary(text):
    """[(theme, Progress)], the sum last."""
    overall, themes = progress([
        EntryFacts(
            entry['ref'], entry['theme'] or _('None'), entry['applicable'], entry['justification'],
            entry['implementation_status']
        ) for entry in text['entries']
    ])
    return [*themes.items(), (_('All'), overall)]


THIN, HEAD = Side(style='thin', color='BBBBBB'), PatternFill('solid', fgColor='E8E8E8')


def _xlsx(text, sha256, intact):
    book = Workbook()
    sheet = book.active
    sheet.title = _('Statement')
    _write(sheet, 1, 1, _('Statement of Applicability'), bold=True)
    for row, (label, value) in enumerate(_facts(text, sha256, intact), start=3):
        _write(sheet, row, 1, label, bold=True)
        _write(sheet, row, 2, value)
    sheet.column_dimensions['A'].width, sheet.column_dimensions['B'].width = 28, 90
    _controls_sheet(book.create_sheet(_('Controls')), text)
    for each in book.worksheets:
        each.page_setup.orientation, each.page_setup.paperSize = 'landscape', each.PAPERSIZE_A4
        each.page_setup.fitToWidth, each.page_setup.fitToHeight = 1, 0
        each.sheet_properties.pageSetUpPr.fitToPage = True
        each.oddFooter.right.text = '&P / &N'
        each.oddFooter.left.text = f'SoA v{text["version"]} {sha256[:16]}'
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'


def _controls_sheet(sheet, text):
    columns = _columns(text)
    for column, (_key, heading, width) in enumerate(columns, start=1):
        cell = _write(sheet, 1, column, heading, bold=True)
        cell.fill = HEAD
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, entry in enumerate(text['entries'], start=2):
        words = _words(entry)
        for column, (key, _heading, _width) in enumerate(columns, start=1):
            _write(sheet, row, column, words[key]).border = Border(bottom=THIN)
    sheet.freeze_panes = 'C2'
    sheet.auto_filter.ref = f'A1:{get_column_letter(len(columns))}{len(text["entries"]) + 1}'
    sheet.print_title_rows = '1:1'


def _write(sheet, row, column, value, bold=False):
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, int):
        cell.value = value
    else:
        # As text, whatever it looks like: what begins with "=" must not be taken for a formula.
        cell.value = ILLEGAL_CHARACTERS_RE.sub('', str(value))[:32767]
        cell.data_type = 's'
    cell.alignment = Alignment(wrap_text=True, vertical='top')
    cell.font = Font(bold=bold)
    return cell


def _html(text, sha256, intact):
    themes = {}
    for entry in text['entries']:
        themes.setdefault(entry['theme'] or _('None'), []).append(_words(entry))
    page = render_to_string('netbox_ims/export/statement.html', {
        'text': text, 'themes': themes, 'summary': _summary(text), 'sha256': sha256, 'intact': intact,
        'status': dict(StatementStatusChoices)[text['status']],
        'standing': _standing(text),
        'prepared': _signature(text['prepared_by'], text['prepared_on']),
        'approved': _signature(text['approved_by'], text['approved_on']),
        'counted': len(_columns(text)) == len(COLUMNS), 'total': len(text['entries']),
    })
    return page.encode(), 'text/html; charset=utf-8'


def _standing(text):
    """The word that stands where people look for a signature."""
    return {'approved': _('APPROVED'), 'superseded': _('SUPERSEDED')}.get(text['status'], _('DRAFT'))


FORMATS = {'csv': _csv, 'xlsx': _xlsx, 'html': _html}
