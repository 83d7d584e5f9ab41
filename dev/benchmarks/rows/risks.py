"""The risk register against NetBox's own list of as many objects, and its heat map."""
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ..meters import queries
from .base import row
from .web import get

HEAT_MAP = '/plugins/ims/risks/heat-map/'


@row('risk list, page 1 in HTML, against as many IP addresses', 1.5)
def list_page(bench):
    return get('/plugins/ims/risks/?per_page=50'), get('/ipam/ip-addresses/?per_page=50')


@row('risk list, page 1 over REST, against NetBox devices', 1.5)
def rest(bench):
    """Of which there are four times as many, but an IP address says less about others than either of these."""
    return get('/api/plugins/ims/risks/?limit=50'), get('/api/dcim/devices/?limit=50')


@row('queries for the cells of the heat map', 1, meter=queries, seconds=0)
def cells(bench):
    """Of all that the page asks, those that read where risks are and were."""
    request = get(HEAT_MAP)

    def count():
        with CaptureQueriesContext(connection) as context:
            request()
        return sum('AS "one" FROM "netbox_ims_risk"' in query['sql'] for query in context)

    return count, lambda: 1
