"""Asking NetBox as a browser or a script would: through URLs, middleware, permissions and templates."""
from django.test import Client

from users.models import User

from ..estate import SUPERUSER


def get(path, username=SUPERUSER):
    """A request of the user's for the path, to be sent again and again. Anything but a page is an error."""
    client = Client()
    client.force_login(User.objects.get(username=username))

    def request():
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f'{path}: {response.status_code} {response.content[:200]!r}')
        return response

    return request
