"""What CIs inherit along their dependencies, all of it worked out anew."""
from django.db import connection

from netbox_ims.querysets.graph import all_edges_sql
from netbox_ims.services import derive_all

from .base import row


def read_edges():
    """The side that reads every edge there is."""
    edges = all_edges_sql()

    def read():
        with connection.cursor() as cursor:
            cursor.execute(edges)
            cursor.fetchall()

    return read


@row('effective values of all CIs against reading the edges', 3)
def effective_values(bench):
    """Where all are right already, so that what is measured is working them out; the edges come as Python's tuples."""
    def work_out():
        if wrong := sum(len(rows) for rows in derive_all.differences()):
            raise RuntimeError(f'{wrong} entries were not right')

    return work_out, read_edges()
