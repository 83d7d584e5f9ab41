"""The risk register against NetBox's own list of as many objects, and its heat map."""



from .base import row
from .web import get


@row('risk list, page 1 in HTML, against NetBox device page', 1.5)
def list_page(bench):
    return get('/plugins/ims/risks/?per_page=50'), get('/dcim/devices/?per_page=50')


@row('risk list, page 1 over REST, against NetBox devices', 1.5)
def rest(bench):
    return get('/api/plugins/ims/risks/?limit=50'), get('/api/dcim/devices/?limit=50')
