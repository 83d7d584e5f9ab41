"""
The risk register (CSV, XLSX) and the risk treatment plan (ISO/IEC 27001, 6.1.3 e; CSV, XLSX, or a page to print) as
files. Made from the plain rows of services.risk_report.
"""
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .sheets import CSV, HTML, XLSX, as_csv, as_xlsx, new_book, write_facts, write_table

__all__ = ('PLAN_FORMATS', 'REGISTER_FORMATS', 'export_plan', 'export_register')

# The columns of every format: key, heading, width in XLSX. A level has its colour under the same key with `_color`.
REGISTER = (
    ('reference', gettext_lazy('Risk'), 9),
    ('title', gettext_lazy('Title'), 34),
    ('status', gettext_lazy('Status'), 11),
    ('standards', gettext_lazy('Standards'), 18),
    ('clauses', gettext_lazy('Clauses'), 14),
    ('threat', gettext_lazy('Threat'), 26),
    ('vulnerability', gettext_lazy('Vulnerability'), 26),
    ('inherent_likelihood', gettext_lazy('Inherent likelihood'), 13),
    ('inherent_impact', gettext_lazy('Inherent impact'), 13),
    ('inherent_level', gettext_lazy('Inherent level'), 12),
    ('current_likelihood', gettext_lazy('Current likelihood'), 13),
    ('current_impact', gettext_lazy('Current impact'), 13),
    ('current_level', gettext_lazy('Current level'), 12),
    ('target_likelihood', gettext_lazy('Target likelihood'), 13),
    ('target_impact', gettext_lazy('Target impact'), 13),
    ('target_level', gettext_lazy('Target level'), 12),
    ('treatment', gettext_lazy('Treatment'), 12),
    ('actions', gettext_lazy('Actions done'), 12),
    ('controls', gettext_lazy('Controls'), 18),
    ('acceptance', gettext_lazy('Acceptance'), 22),
    ('risk_owner', gettext_lazy('Risk owner'), 18),
    ('review_due', gettext_lazy('Review due'), 12),
    ('reassess', gettext_lazy('To be reassessed'), 12),
    ('cis', gettext_lazy('CIs'), 7),
    ('classification', gettext_lazy('Highest classification'), 16),
    ('rto', gettext_lazy('Lowest RTO'), 10),
    ('matrix', gettext_lazy('Matrix'), 18),
)
PLAN = (
    ('reference', gettext_lazy('Risk'), 9),
    ('title', gettext_lazy('Title'), 32),
    ('standards', gettext_lazy('Standards'), 18),
    ('risk_owner', gettext_lazy('Risk owner'), 18),
    ('current_level', gettext_lazy('Level now'), 12),
    ('target_level', gettext_lazy('Level after treatment'), 12),
    ('treatment', gettext_lazy('Treatment'), 11),
    ('action', gettext_lazy('Action'), 38),
    ('controls', gettext_lazy('Controls'), 20),
    ('responsible', gettext_lazy('Responsible'), 18),
    ('due', gettext_lazy('Due'), 12),
    ('done_on', gettext_lazy('Done on'), 12),
    ('state', gettext_lazy('State'), 14),
    ('acceptance', gettext_lazy('Residual risk accepted'), 24),
)


def export_register(rows, wanted, facts):
    """(bytes, content type) of the register in the format `wanted`; `facts` are (label, value) for its first sheet."""
    return REGISTER_FORMATS[wanted](rows, facts)


def export_plan(rows, wanted, facts):
    """The same of the treatment plan."""
    return PLAN_FORMATS[wanted](rows, facts)


def _csv(columns, rows):
    keys = [key for key, _heading, _width in columns]
    return as_csv(keys, ([row[key] for key in keys] for row in rows)), CSV


def _xlsx(columns, rows, facts, title):
    book, sheet = new_book(_('About'))
    write_facts(sheet, title, facts)
    keys = [key for key, _heading, _width in columns]
    write_table(
        book.create_sheet(title), [(heading, width) for _key, heading, width in columns],
        [[row[key] for key in keys] for row in rows],
        fill=lambda row, column: rows[row].get(f'{keys[column]}_color'),
    )
    book.active = 1
    return as_xlsx(book, title), XLSX


def _html(rows, facts):
    """Grouped by risk, each said once: the actions of a risk follow each other."""
    risks = {}
    for row in rows:
        risks.setdefault(row['reference'], []).append(row)
    page = render_to_string('netbox_ims/export/treatment_plan.html', {'risks': risks, 'facts': facts})
    return page.encode(), HTML


REGISTER_FORMATS = {
    'csv': lambda rows, facts: _csv(REGISTER, rows),
    'xlsx': lambda rows, facts: _xlsx(REGISTER, rows, facts, _('Risk register')),
}
PLAN_FORMATS = {
    'csv': lambda rows, facts: _csv(PLAN, rows),
    'xlsx': lambda rows, facts: _xlsx(PLAN, rows, facts, _('Risk treatment plan')),
    'html': _html,
}
