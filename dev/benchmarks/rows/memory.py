"""What a web process needs on top of itself while it lists. These come first, while nothing has been listed yet."""
from ..meters import megabytes
from .base import Side, row
from .web import get


@row('memory for the register page against memory for the device page', 1.2, meter=megabytes)
def listing(bench):
    get('/dcim/sites/')()           # what every page needs is there already
    return Side(get('/plugins/ims/register/')), Side(get('/dcim/devices/'))
