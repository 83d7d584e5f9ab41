"""What every theme uses: making what is missing, acting as somebody, and chance that falls the same way every time."""
import random
import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone
from netaddr import IPNetwork

from netbox.context_managers import event_tracking
from utilities.request import NetBoxFakeRequest

__all__ = ('Shelf', 'acting_as', 'dice', 'in_days', 'rows')


class Shelf:
    """The objects of one model by their natural key: read once, and added to, but never changed."""

    def __init__(self, model, *key):
        self.model, self.key = model, key
        self.things = {self._key_of(thing): thing for thing in model.objects.all()}

    def _key_of(self, thing):
        values = tuple(getattr(thing, name) for name in self.key)
        values = tuple(str(value) if isinstance(value, IPNetwork) else value for value in values)
        return values if len(values) > 1 else values[0]

    def __getitem__(self, key):
        return self.things[key]

    def __contains__(self, key):
        return key in self.things

    def put(self, *key, related=None, message='', **fields):
        """
        The object of that key, made from `fields` if there is none. `related` sets many-to-many relations of a new one.
        """
        known_as = key if len(key) > 1 else key[0]
        found = self.things.get(known_as)
        if found is not None:
            return found
        thing = self.model(**dict(zip(self.key, key, strict=True)), **fields)
        thing._changelog_message = message
        thing.full_clean()
        thing.save()
        for name, others in (related or {}).items():
            getattr(thing, name).set(others)
        self.things[known_as] = thing
        return thing


@contextmanager
def acting_as(user):
    """As in a request of that user: the change log and decisions name them."""
    request = NetBoxFakeRequest({
        'id': uuid.uuid4(), 'user': user, 'method': 'POST', 'path': '', 'path_info': '',
        'META': {}, 'COOKIES': {}, 'GET': {}, 'POST': {}, 'FILES': {},
    })
    with event_tracking(request):
        yield


def dice(name):
    """Chance of a CI's own: it falls the same way on every run, whatever else was added before it."""
    return random.Random(f'nordhafen {name}')


def in_days(days):
    """The date that many days from today; None stays None."""
    return None if days is None else timezone.localdate() + timedelta(days=days)


def rows(table):
    """The lines of a text table as lists of words; `-` is None."""
    return [
        [None if word == '-' else word for word in line.split()]
        for line in table.strip().splitlines() if line.strip() and not line.startswith('#')
    ]
