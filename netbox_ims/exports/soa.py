"""
A statement of applicability as a file: CSV, XLSX, or a page to print. Made from services.statement_text's plain data,
so that an approved version looks today as it did when it was approved.
"""
from datetime import date

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..choices import ImplementationStatusChoices, SoaReasonChoices, StatementStatusChoices
from ..rules.statements import EntryFacts, progress
from .documents import signature
from .sheets import CSV, HTML, XLSX, Link, as_csv, as_xlsx, new_book, write_facts, write_table

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
    columns, rows = _columns(text), []
    for entry in text['entries']:
        values = {
            **entry, 'reasons': ','.join(entry['reasons']),
            'applicable': {True: 'true', False: 'false', None: 'undecided'}[entry['applicable']],
        }
        rows.append([values[key] for key, _heading, _width in columns])
    return as_csv([key for key, _heading, _width in columns], rows), CSV


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
        (_('Prepared by'), signature(text['prepared_by'], text['prepared_on'])),
        (_('Approved by'), signature(text['approved_by'], text['approved_on'])),
        (_('SHA-256'), sha256),
        (_('Check'), _('Altered: what is kept does not have this SHA-256.') if intact is False else ''),
    ) if value]


def _summary(text):
    """[(theme, Progress)], the sum last."""
    overall, themes = progress([
        EntryFacts(
            entry['ref'], entry['theme'] or _('None'), entry['applicable'], entry['justification'],
            entry['implementation_status']
        ) for entry in text['entries']
    ])
    return [*themes.items(), (_('All'), overall)]


def _xlsx(text, sha256, intact):
    book, sheet = new_book(_('Statement'))
    write_facts(sheet, _('Statement of Applicability'), _facts(text, sha256, intact))
    columns, entries = _columns(text), [
        {
            **_words(entry), 'evidence_url': Link(entry['evidence_url']),
            'target_date': date.fromisoformat(entry['target_date']) if entry['target_date'] else None,
        } for entry in text['entries']
    ]
    write_table(
        book.create_sheet(_('Controls')), [(heading, width) for _key, heading, width in columns],
        [[words[key] for key, _heading, _width in columns] for words in entries],
    )
    return as_xlsx(book, f'SoA v{text["version"]} {sha256[:16]}'), XLSX


def _html(text, sha256, intact):
    themes = {}
    for entry in text['entries']:
        themes.setdefault(entry['theme'] or _('None'), []).append(_words(entry))
    page = render_to_string('netbox_ims/export/statement.html', {
        'text': text, 'themes': themes, 'summary': _summary(text), 'sha256': sha256, 'intact': intact,
        'status': dict(StatementStatusChoices)[text['status']],
        'standing': _standing(text),
        'prepared': signature(text['prepared_by'], text['prepared_on']),
        'approved': signature(text['approved_by'], text['approved_on']),
        'counted': len(_columns(text)) == len(COLUMNS), 'total': len(text['entries']),
    })
    return page.encode(), HTML


def _standing(text):
    """The word that stands where people look for a signature."""
    return {'approved': _('APPROVED'), 'superseded': _('SUPERSEDED')}.get(text['status'], _('DRAFT'))


FORMATS = {'csv': _csv, 'xlsx': _xlsx, 'html': _html}
