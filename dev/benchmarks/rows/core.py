"""NetBox's own device list, filtered by the register and with its columns."""
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ..estate import CUSTOM_FIELD
from ..meters import queries
from .base import row
from .web import get

REST = '/api/dcim/devices/?limit=50'
BY_CLASS = f'{REST}&ims_classification=confidential'
BY_STATUS = f'{REST}&status=active'
PAGE = '/dcim/devices/?per_page=50'


@row('REST devices by classification against devices by status', 1.5)
def by_classification(bench):
    """As many are confidential as are active."""
    return get(BY_CLASS), get(BY_STATUS)


@row('REST devices by classification against devices by custom field', 0.7)
def by_custom_field(bench):
    """In brief: how long it takes to write fifty devices out in full is the same for both, and not the question."""
    return get(f'{BY_CLASS}&brief=1'), get(f'{REST}&brief=1&cf_{CUSTOM_FIELD}=confidential')


def more_queries(subject, against):
    """Both sides of a row: how many queries more the one takes than the other, and the one that it may."""
    def count(request):
        request()           # what the process remembers from then on is asked for the first time only
        with CaptureQueriesContext(connection) as context:
            request()
        return len(context)

    return lambda: count(subject) - count(against), lambda: 1


@row('queries for REST devices by classification, more than by status', 1, meter=queries, seconds=0)
def queries_by_classification(bench):
    """In brief: NetBox asks once more where one of the fifty devices happens to be in a cluster."""
    return more_queries(get(f'{BY_CLASS}&brief=1'), get(f'{BY_STATUS}&brief=1'))


@row('queries for the device page with the classification column, more than without', 1, meter=queries, seconds=0)
def queries_of_column(bench):
    return more_queries(get(f'{PAGE}&include_columns=ims_classification'), get(PAGE))
