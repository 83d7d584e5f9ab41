"""Reading over REST."""
from .base import row
from .web import get


@row('REST register by classification against REST devices by status, 50 each', 1.0)
def register(bench):
    return (get('/api/plugins/ims/register/?classification=confidential&limit=50'),
            get('/api/dcim/devices/?status=active&limit=50'))
