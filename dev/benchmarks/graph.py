"""
What depends on what in the synthetic estate, beyond what NetBox knows itself (a service's parent, a virtual machine's
cluster or device, a cluster's devices): a million edges among 350,000 CIs, where a CI is typically in two or three and
a few shared platforms are in tens of thousands.

Services come in applications of twenty, each of which runs in one cluster (see estate.py). A few of those depend on
themselves in a ring, as real ones do.
"""
from django.contrib.contenttypes.models import ContentType

from dcim.models import Device
from ipam.models import Service
from virtualization.models import VirtualMachine

from netbox_ims.models import BusinessFunction, Dependency, InformationAsset, ITService

from .bulk import drawn, favourite, insert, numbers, pick

APPLICATION = 20            # services
PLATFORMS = 50              # one of so many services is one that any application may use: a directory, a message bus
RINGS = 50                  # one of so many applications depends on itself


def platforms(size):
    return size.services // PLATFORMS


def seed_tops(size):
    """What the organisation does and provides, and the information it keeps."""
    limits = {
        'mtpd_minutes': f"CASE WHEN i %% 5 > 0 THEN {pick([240, 480, 1440, 4320, 10080], 'i', 'mtpd')} END",
        'mtpd_reason': "CASE WHEN i %% 5 > 0 THEN 'stated' ELSE '' END",
    }
    for model, word, count, varying in (
        (BusinessFunction, 'Function', size.functions, limits), (ITService, 'IT service', size.it_services, {}),
        (InformationAsset, 'Information', size.functions // 2, {}),
    ):
        slug = word.lower().replace(' ', '-')
        insert(model, numbers(count), name=f"'{word} ' || i", slug=f"'{slug}-' || i", **varying)


def seed_dependencies(size):
    """Typed-in dependencies: some 700,000 of a million CIs, one row per pair."""
    functions, it_services, information = (_Kind(model) for model in (BusinessFunction, ITService, InformationAsset))
    services, guests, servers = _Kind(Service), _Kind(VirtualMachine), _Kind(Device, after=size.hosts)
    applications, shared = size.services // APPLICATION, platforms(size)

    def lot(count, salt):
        return f'({drawn(count, "i", salt)})'

    _seed(functions, it_services, size.it_services,
          lot(size.functions, 'function'), 'i - 1')
    _seed(it_services, services, 2 * size.it_services,
          '(i - 1) / 2', f'{lot(applications, "front")} * {APPLICATION} + {APPLICATION - 1}')
    _seed(information, guests, 2 * size.functions,
          lot(size.functions // 2, 'information'), lot(size.guests, 'keeper'), holds_data='true')

    # Within an application on one that comes before: every other application is a chain, the others are bushes.
    place, is_chain = f'((i - 1) %% {APPLICATION})', f'(i - 1) / {APPLICATION} %% 2 = 0'
    before = f'i - 1 - {place} + {lot(1_000_000, "before")} %% {place}'
    _seed(services, services, size.services, 'i - 1', f'CASE WHEN {is_chain} THEN i - 2 ELSE {before} END',
          where=f'{place} > 0', holds_data='i %% 3 = 0')
    ring = f'(i - 1) * {APPLICATION * RINGS}'
    _seed(services, services, applications // RINGS, ring, f'{ring} + {APPLICATION - 1}')

    # Platforms are the last services there are, and use none themselves: else half the estate were one large ring.
    others = size.services - shared
    _seed(services, services, others, 'i - 1', f'{others} + {favourite(shared, "i", "platform")}',
          holds_data='i %% 4 = 0')

    # Name servers, of which either of two will do, wherever they are; and storage in the same cluster.
    _seed(guests, servers, 2 * size.guests, '(i - 1) / 2', favourite(size.servers, 'i', 'names'),
          redundancy_group="'names'")
    storage = favourite(size.servers // size.clusters, 'i', 'storage')
    _seed(guests, servers, size.guests // 2, '2 * (i - 1)',
          f'(2 * (i - 1)) %% {size.clusters} + {size.clusters} * {storage}', holds_data='true')


class _Kind:
    """The CIs of a model in order of their primary keys, but those that come `after` so many."""

    def __init__(self, model, after=0):
        self.type_id = ContentType.objects.get_for_model(model).pk
        self.first = model.objects.order_by('pk').values_list('pk', flat=True)[0] + after


def _seed(dependents, providers, count, dependent, provider, where='true', **values):
    """
    One dependency for each number `i` from 1 to `count`: `dependent` and `provider` are SQL for the place, counted from
    0, of either end among its kind. A pair that comes twice is one row, and nothing depends on itself.
    """
    pairs = (
        f'SELECT i, {dependents.first} + {dependent} AS dependent, {providers.first} + {provider} AS provider '
        f'FROM {numbers(count)} WHERE {where}'
    )
    known = (
        f'SELECT 1 FROM {Dependency._meta.db_table} d WHERE d.dependent_object_type_id = {dependents.type_id} '
        f'AND d.dependent_object_id = pair.dependent AND d.provider_object_type_id = {providers.type_id} '
        f'AND d.provider_object_id = pair.provider'
    )
    insert(
        Dependency,
        f'(SELECT DISTINCT ON (dependent, provider) * FROM ({pairs}) pairs ORDER BY dependent, provider, i) pair '
        f'WHERE NOT EXISTS ({known}) AND NOT ({dependents.type_id} = {providers.type_id} AND dependent = provider)',
        dependent_object_type=str(dependents.type_id), dependent_object_id='dependent',
        provider_object_type=str(providers.type_id), provider_object_id='provider', **values,
    )
