"""
What has been decided about each CI, and by whom: asset profiles.

Most follow from what kind of CI it is (`kinds`); `exceptions` has those that tell a story.
"""
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType

from netbox_ims.constants import FLAGS, RATINGS
from netbox_ims.models import AssetProfile, Classification
from netbox_ims.rules.durations import parse_minutes

from .exceptions import EXCEPTIONS
from .kinds import usual
from .tools import Shelf, acting_as, in_days

__all__ = ('assess', 'load', 'username', 'values_of')

# The world's shelves of CIs, and the type each holds
SHELVES = {
    'devices': 'dcim.device', 'vms': 'virtualization.virtualmachine', 'services': 'ipam.service', 'racks': 'dcim.rack',
    'clusters': 'virtualization.cluster', 'sites': 'dcim.site', 'circuits': 'circuits.circuit',
    'information': 'netbox_ims.informationasset', 'functions': 'netbox_ims.businessfunction',
    'it_services': 'netbox_ims.itservice',
}

ANSWERS = {'y': True, 'n': False, '?': None}


def username(contact):
    """The NetBox user behind a contact's name: 'K. Brandt' logs in as k.brandt."""
    return contact.replace('. ', '.').lower()


def load(world):
    world.classifications = {c.slug: c for c in Classification.objects.all()}
    world.profiles = Shelf(AssetProfile, 'object_type_id', 'object_id')
    planned = {}
    for shelf, label in SHELVES.items():
        for name, ci in getattr(world, shelf).things.items():
            said = EXCEPTIONS[label, name] if (label, name) in EXCEPTIONS else usual(label, name)
            if said and (ContentType.objects.get_for_model(ci).pk, ci.pk) not in world.profiles:
                planned.setdefault(said['by'], []).append((ci, said))
    for contact, assessments in planned.items():
        with acting_as(world.users[username(contact)]):
            for ci, said in assessments:
                assess(world, ci, said)


def assess(world, ci, said):
    type_id = ContentType.objects.get_for_model(ci).pk
    world.profiles.put(type_id, ci.pk, message=said['reason'], owner=ci.owner, **values_of(world, said))


def values_of(world, said):
    """
    The fields of an asset profile for what is said in the words of `exceptions`: `ratings` in three digits, `flags` in
    three of y, n and ?, `due` in days from today.
    """
    values = {}
    for what, value in said.items():
        match what:
            case 'classification':
                values[what] = world.classifications[value] if value else None
            case 'ratings':
                values |= dict(zip(RATINGS, map(int, value) if value else (None, None, None), strict=True))
            case 'flags':
                values |= dict(zip(FLAGS, (ANSWERS[flag] for flag in value), strict=True))
            case 'rto' | 'rpo':
                values[f'{what}_minutes'] = parse_minutes(value or '')
            case 'owner':
                values['asset_owner'] = world.contacts[value] if value else None
            case 'categories':
                values['data_categories'] = value
            case 'override':
                values |= {'classification_override': bool(value), 'override_justification': value}
            case 'due':
                values |= review(world.classifications.get(said['classification']), value)
    return values


def review(classification, due):
    if due is None:
        return {'last_reviewed': None, 'review_due': None}
    interval = classification.review_interval_days if classification else due
    return {'last_reviewed': in_days(due) - timedelta(days=interval), 'review_due': in_days(due)}
