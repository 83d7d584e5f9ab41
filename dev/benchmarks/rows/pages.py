"""The register as users get it, against the devices as NetBox gives them: over REST, and as a page."""
from .base import row
from .web import get


@row('REST register by classification against REST devices by status', 1.0)
def rest(bench):
    return (get('/api/plugins/ims/register/?classification=confidential&limit=50'),
            get('/api/dcim/devices/?status=active&limit=50'))


@row('register page in HTML by classification against device page by status', 1.0)
def html(bench):
    return (get('/plugins/ims/register/?classification=confidential&per_page=50'),
            get('/dcim/devices/?status=active&per_page=50'))
