"""What CIs inherit along their dependencies, all of it worked out anew."""
from django.db import connection

from netbox_ims.querysets.graph import all_edges_sql
from netbox_ims.services import derive_all

from .base import row


@row('effective values of all CIs against reading the edges', 3)
def effective_values(bench):
    """Where all are right already, so that what is measured is working them out; the edges come as Python's tuples."""
    edges = all_edges_sql()

    def work_out():
        if wrong := sum(len(rows) for rows in derive_all.differences()):
            raise RuntimeError(f'{wrong} entries were not right')

    def read_edges():
        with connection.cursor() as cursor:
            cursor.execute(edges)
            cursor.fetchall()

    return work_out, read_edges
