"""
Controls on CIs, and the entries of a statement of applicability, against lists of NetBox's own that are as long:
contacts on objects, and clusters. Over REST and as pages; a page counts what it lists.
"""
from netbox_ims.models import StatementOfApplicability

from .base import row
from .web import get

ASSIGNMENTS = 'control assignments against 100,000 contact assignments'
ENTRIES = 'entries of a statement against 93 clusters'


@row(f'REST 100,000 {ASSIGNMENTS}', 1.5)
def rest_assignments(bench):
    return (get('/api/plugins/ims/control-assignments/?limit=50'),
            get('/api/tenancy/contact-assignments/?limit=50'))


@row(f'page of 100,000 {ASSIGNMENTS}', 1.5)
def assignments(bench):
    return get('/plugins/ims/control-assignments/?per_page=50'), get('/tenancy/contact-assignments/?per_page=50')


@row(f'REST 93 {ENTRIES}', 1.5)
def rest_entries(bench):
    return (get(f'/api/plugins/ims/soa-entries/?{of_statement()}&limit=93'),
            get('/api/virtualization/clusters/?limit=93'))


@row(f'page of 93 {ENTRIES}', 1.5)
def entries(bench):
    return get(f'/plugins/ims/soa-entries/?{of_statement()}&per_page=93'), get('/virtualization/clusters/?per_page=93')


def of_statement():
    return f'statement_id={StatementOfApplicability.objects.get().pk}'
