"""Classification rules: what Nordhafen IT thinks of whole kinds of CIs. None has been run yet."""
from django.contrib.contenttypes.models import ContentType

from netbox_ims.models import ClassificationRule

from .assessments import values_of
from .tools import Shelf

__all__ = ('load',)

# name, weight, enabled, mode, CI type, filter, classification, flags as in `exceptions` (? says nothing), description
RULES = (
    (
        'Access switches', 10, True, 'apply', 'dcim.device', {'role': ['switch'], 'name__ic': '-acc'}, 'internal',
        'nnn', 'Forward everything, keep nothing but their configuration',
    ),
    (
        'Databases', 20, True, 'suggest', 'ipam.service', {'port': [5432]}, 'confidential', 'yyy',
        'Look at the data before you accept: a few databases hold test data only',
    ),
    (
        'Test machines', 30, True, 'suggest', 'virtualization.virtualmachine', {'role': ['test']}, 'internal', '?n?',
        'Test systems hold no real data, by policy NH-12',
    ),
    (
        'Virtual desktops', 40, True, 'apply', 'virtualization.virtualmachine', {'role': ['desktop']}, 'internal',
        '?n?', '',
    ),
    (
        'Everything else', 1000, False, 'apply', 'dcim.device', {}, 'internal', '???',
        'Switched off until the walk through the halls is done',
    ),
)


def load(world):
    shelf = Shelf(ClassificationRule, 'name')
    for name, weight, enabled, mode, label, parameters, classification, flags, description in RULES:
        shelf.put(
            name, weight=weight, enabled=enabled, mode=mode, filter=parameters, description=description,
            object_type=ContentType.objects.get_by_natural_key(*label.split('.')),
            classification=world.classifications[classification], owner=world.owners['Information security'],
            **values_of(world, {'flags': flags}),
        )
