"""Sites, halls and racks."""
from dcim.models import Location, Rack, RackRole, Region, Site, SiteGroup

from .organisation import assign
from .tools import Shelf

__all__ = ('load',)

REGIONS = (('germany', 'Germany', None), ('hamburg', 'Hamburg', 'germany'), ('bremen', 'Bremen', 'germany'),
           ('schleswig-holstein', 'Schleswig-Holstein', 'germany'))

# slug, name, facility, region, group, address, facility manager
SITES = (
    ('hamburg-dc1', 'Hamburg DC1', 'DC1', 'hamburg', 'data-centres', 'Billhorner Kanalstr. 9, Hamburg', 'T. Wessels'),
    ('hamburg-dc2', 'Hamburg DC2', 'DC2', 'hamburg', 'data-centres', 'Harburger Schloßstr. 40, Hamburg', 'T. Wessels'),
    ('bremen', 'Bremen', 'BRE', 'bremen', 'offices', 'Am Speicher XI 4, 28217 Bremen', 'R. Jansen'),
    ('luebeck', 'Lübeck', 'LUE', 'schleswig-holstein', 'offices', 'Kanalstraße 70, 23552 Lübeck', 'R. Jansen'),
    ('kiel', 'Kiel', 'KIE', 'schleswig-holstein', 'offices', 'Schwedenkai 1, 24103 Kiel', None),
)

# slug, name, site
LOCATIONS = (
    ('ham1-hall-1', 'Hall 1', 'hamburg-dc1'), ('ham1-hall-2', 'Hall 2', 'hamburg-dc1'),
    ('ham2-hall-a', 'Hall A', 'hamburg-dc2'), ('ham2-hall-b', 'Hall B', 'hamburg-dc2'),
    ('bre-server-room', 'Server room', 'bremen'),
    ('bre-floor-2', 'Floor 2', 'bremen'), ('bre-floor-3', 'Floor 3', 'bremen'),
    ('lue-comms-room', 'Comms room', 'luebeck'), ('kie-comms-room', 'Comms room', 'kiel'),
)

RACK_ROLES = (('network', 'Network', '009688'), ('compute', 'Compute', '3f51b5'), ('storage', 'Storage', '795548'))

# name prefix, numbers, location, role
RACKS = (
    ('HAM1', (1,), 'ham1-hall-1', 'network'), ('HAM1', (2, 3, 4), 'ham1-hall-1', 'compute'),
    ('HAM1', (5,), 'ham1-hall-1', 'storage'), ('HAM1', (6,), 'ham1-hall-2', 'network'),
    ('HAM1', (7, 8, 9), 'ham1-hall-2', 'compute'), ('HAM1', (10,), 'ham1-hall-2', 'storage'),
    ('HAM2', (1,), 'ham2-hall-a', 'network'), ('HAM2', (2, 3), 'ham2-hall-a', 'compute'),
    ('HAM2', (4,), 'ham2-hall-a', 'storage'), ('HAM2', (5,), 'ham2-hall-b', 'network'),
    ('HAM2', (6, 7), 'ham2-hall-b', 'compute'), ('HAM2', (8,), 'ham2-hall-b', 'storage'),
    ('BRE', (1,), 'bre-server-room', 'network'), ('BRE', (2,), 'bre-server-room', 'compute'),
    ('LUE', (1,), 'lue-comms-room', 'network'), ('KIE', (1,), 'kie-comms-room', 'network'),
)


def load(world):
    regions = Shelf(Region, 'slug')
    for slug, name, parent in REGIONS:
        regions.put(slug, name=name, parent=regions[parent] if parent else None)
    groups = Shelf(SiteGroup, 'slug')
    groups.put('data-centres', name='Data centres')
    groups.put('offices', name='Offices')

    world.sites = Shelf(Site, 'slug')
    for slug, name, facility, region, group, address, manager in SITES:
        site = world.sites.put(
            slug, name=name, facility=facility, region=regions[region], group=groups[group], physical_address=address,
            owner=world.owners['Platform team']
        )
        if manager:
            assign(world, site, manager, 'facility')
    world.locations = Shelf(Location, 'slug')
    for slug, name, site in LOCATIONS:
        world.locations.put(slug, name=name, site=world.sites[site])

    roles = Shelf(RackRole, 'slug')
    for slug, name, color in RACK_ROLES:
        roles.put(slug, name=name, color=color)
    world.racks = Shelf(Rack, 'name')
    for prefix, numbers, location, role in RACKS:
        location = world.locations[location]
        for number in numbers:
            world.racks.put(
                f'{prefix}-R{number:02}', site=location.site, location=location, role=roles[role],
                owner=world.owners['Platform team']
            )
