"""Devices: what carries everything else. Those of a cluster are its hosts."""
from dcim.models import Device, DeviceRole, DeviceType, Manufacturer, Platform
from virtualization.models import Cluster, ClusterType

from .organisation import assign
from .tools import Shelf, dice, rows

__all__ = ('load',)

# slug, name, colour, also for virtual machines
ROLES = (
    ('firewall', 'Firewall', 'f44336', False), ('router', 'Router', 'ff9800', False),
    ('switch', 'Switch', '2196f3', False), ('load-balancer', 'Load balancer', '9c27b0', False),
    ('console-server', 'Console server', '607d8b', False),
    ('hypervisor', 'Hypervisor', '3f51b5', False), ('storage', 'Storage', '795548', False),
    ('backup', 'Backup', '8bc34a', False), ('server', 'Server', '9e9e9e', False),
    ('database', 'Database server', '673ab7', True), ('application', 'Application server', '00bcd4', True),
    ('web', 'Web server', '4caf50', True), ('core-service', 'Core service', 'ffc107', True),
    ('test', 'Test system', 'cddc39', True), ('desktop', 'Virtual desktop', 'b0bec5', True),
)

NETWORK_ROLES = ('firewall', 'router', 'switch', 'load-balancer', 'console-server')

PLATFORMS = (
    ('vmware-esxi-8', 'VMware ESXi 8.0'), ('fortios-7-4', 'FortiOS 7.4'), ('junos-23-4', 'Junos 23.4'),
    ('eos-4-32', 'EOS 4.32'), ('ontap-9-15', 'ONTAP 9.15'), ('debian-12', 'Debian 12'),
    ('ubuntu-24-04', 'Ubuntu 24.04'), ('windows-2022', 'Windows Server 2022'),
)

# slug, manufacturer, model, height, platform
TYPES = (
    ('fg-600f', 'Fortinet', 'FortiGate 600F', 1, 'fortios-7-4'),
    ('fg-100f', 'Fortinet', 'FortiGate 100F', 1, 'fortios-7-4'),
    ('mx204', 'Juniper', 'MX204', 1, 'junos-23-4'), ('srx345', 'Juniper', 'SRX345', 1, 'junos-23-4'),
    ('7280cr3', 'Arista', '7280CR3-32P4', 1, 'eos-4-32'), ('7050sx3', 'Arista', '7050SX3-48YC8', 1, 'eos-4-32'),
    ('720xp', 'Arista', '720XP-48Y6', 1, 'eos-4-32'), ('r760', 'Dell', 'PowerEdge R760', 2, 'vmware-esxi-8'),
    ('r660', 'Dell', 'PowerEdge R660', 1, 'debian-12'), ('aff-a400', 'NetApp', 'AFF A400', 4, 'ontap-9-15'),
    ('fas2820', 'NetApp', 'FAS2820', 2, 'ontap-9-15'), ('dd6900', 'Dell', 'PowerProtect DD6900', 2, None),
    ('ml3', 'IBM', 'TS4300 Tape Library', 3, None), ('acs8048', 'Vertiv', 'Avocent ACS8048', 1, None),
)

# slug, name, site, type: the hosts are the devices below that name it
CLUSTERS = (
    ('ham1-prod', 'hamburg-dc1', 'vmware-vsphere'), ('ham1-test', 'hamburg-dc1', 'vmware-vsphere'),
    ('ham2-prod', 'hamburg-dc2', 'vmware-vsphere'), ('ham2-dr', 'hamburg-dc2', 'vmware-vsphere'),
    ('ham2-k8s', 'hamburg-dc2', 'kubernetes'), ('bre-edge', 'bremen', 'vmware-vsphere'),
)

# name, role, type, rack (or location, where it hangs on a wall), unit, cluster, tenant, status
DEVICES = """
fw-ham1-a      firewall       fg-600f   HAM1-R01  40  -          networks             active
fw-ham1-b      firewall       fg-600f   HAM1-R06  40  -          networks             active
rtr-ham1-01    router         mx204     HAM1-R01  38  -          networks             active
rtr-ham1-02    router         mx204     HAM1-R06  38  -          networks             active
sw-ham1-core-01 switch        7280cr3   HAM1-R01  36  -          networks             active
sw-ham1-core-02 switch        7280cr3   HAM1-R06  36  -          networks             active
lb-ham1-a      load-balancer  r660      HAM1-R01  34  -          platform             active
lb-ham1-b      load-balancer  r660      HAM1-R06  34  -          platform             active
oob-ham1-01    console-server acs8048   HAM1-R01  42  -          networks             active
hv-ham1-01     hypervisor     r760      HAM1-R02  15  ham1-prod  platform             active
hv-ham1-02     hypervisor     r760      HAM1-R02  17  ham1-prod  platform             active
hv-ham1-03     hypervisor     r760      HAM1-R07  17  ham1-prod  nordhafen-logistics  active
hv-ham1-04     hypervisor     r760      HAM1-R03  15  ham1-prod  platform             active
hv-ham1-05     hypervisor     r760      HAM1-R07  19  ham1-prod  nordhafen-logistics  active
hv-ham1-06     hypervisor     r760      HAM1-R08  15  ham1-prod  platform             active
hv-ham1-07     hypervisor     r760      HAM1-R04  15  ham1-test  platform             active
hv-ham1-08     hypervisor     r760      HAM1-R09  15  ham1-test  platform             staged
stor-ham1-01   storage        aff-a400  HAM1-R05   5  -          platform             active
stor-ham1-02   storage        aff-a400  HAM1-R10   5  -          platform             active
bkp-ham1-01    backup         dd6900    HAM1-R05  20  -          platform             active
sw-ham1-tor-02 switch         7050sx3   HAM1-R02  42  -          networks             active
sw-ham1-tor-03 switch         7050sx3   HAM1-R03  42  -          networks             active
sw-ham1-tor-04 switch         7050sx3   HAM1-R04  42  -          networks             active
sw-ham1-tor-05 switch         7050sx3   HAM1-R05  42  -          networks             active
sw-ham1-tor-07 switch         7050sx3   HAM1-R07  42  -          networks             active
sw-ham1-tor-08 switch         7050sx3   HAM1-R08  42  -          networks             active
sw-ham1-tor-09 switch         7050sx3   HAM1-R09  42  -          networks             active
sw-ham1-tor-10 switch         7050sx3   HAM1-R10  42  -          networks             planned
fw-ham2-a      firewall       fg-600f   HAM2-R01  40  -          networks             active
fw-ham2-b      firewall       fg-600f   HAM2-R05  40  -          networks             active
rtr-ham2-01    router         mx204     HAM2-R01  38  -          networks             active
rtr-ham2-02    router         mx204     HAM2-R05  38  -          networks             active
sw-ham2-core-01 switch        7280cr3   HAM2-R01  36  -          networks             active
sw-ham2-core-02 switch        7280cr3   HAM2-R05  36  -          networks             active
oob-ham2-01    console-server acs8048   HAM2-R01  42  -          networks             active
hv-ham2-01     hypervisor     r760      HAM2-R02  15  ham2-prod  platform             active
hv-ham2-02     hypervisor     r760      HAM2-R03  15  ham2-prod  platform             active
hv-ham2-03     hypervisor     r760      HAM2-R06  15  ham2-prod  platform             active
hv-ham2-04     hypervisor     r760      HAM2-R07  15  ham2-prod  klinik-am-deich      active
hv-ham2-05     hypervisor     r760      HAM2-R02  17  ham2-dr    platform             active
hv-ham2-06     hypervisor     r760      HAM2-R06  17  ham2-dr    platform             active
stor-ham2-01   storage        aff-a400  HAM2-R04   5  -          platform             active
bkp-ham2-01    backup         dd6900    HAM2-R04  20  -          platform             active
bkp-ham2-02    backup         dd6900    HAM2-R08  20  -          platform             active
tape-ham2-01   backup         ml3       HAM2-R08   5  -          platform             active
sw-ham2-tor-02 switch         7050sx3   HAM2-R02  42  -          networks             active
sw-ham2-tor-03 switch         7050sx3   HAM2-R03  42  -          networks             active
sw-ham2-tor-04 switch         7050sx3   HAM2-R04  42  -          networks             active
sw-ham2-tor-06 switch         7050sx3   HAM2-R06  42  -          networks             active
sw-ham2-tor-07 switch         7050sx3   HAM2-R07  42  -          networks             active
sw-ham2-tor-08 switch         7050sx3   HAM2-R08  42  -          networks             active
fw-bre-a       firewall       fg-100f   BRE-R01   40  -          networks             active
rtr-bre-01     router         srx345    BRE-R01   38  -          networks             active
sw-bre-core-01 switch         7050sx3   BRE-R01   36  -          networks             active
sw-bre-acc-01  switch         720xp     BRE-R01   34  -          networks             active
sw-bre-acc-02  switch         720xp     BRE-R02   42  -          networks             active
sw-bre-acc-03  switch         720xp     bre-floor-2 - -          networks             active
sw-bre-acc-04  switch         720xp     bre-floor-2 - -          networks             active
sw-bre-acc-05  switch         720xp     bre-floor-3 - -          networks             offline
hv-bre-01      hypervisor     r760      BRE-R02   15  bre-edge   corporate-it         active
hv-bre-02      hypervisor     r760      BRE-R02   17  bre-edge   corporate-it         active
stor-bre-01    storage        fas2820   BRE-R02    5  -          corporate-it         active
fw-lue-a       firewall       fg-100f   LUE-R01   40  -          networks             active
rtr-lue-01     router         srx345    LUE-R01   38  -          networks             active
sw-lue-acc-01  switch         720xp     LUE-R01   36  -          networks             active
sw-lue-acc-02  switch         720xp     LUE-R01   34  -          networks             active
fw-kie-a       firewall       fg-100f   KIE-R01   40  -          networks             active
rtr-kie-01     router         srx345    KIE-R01   38  -          networks             active
sw-kie-acc-01  switch         720xp     KIE-R01   36  -          networks             active
sw-kie-acc-02  switch         720xp     KIE-R01   34  -          networks             decommissioning
hv-kie-01      hypervisor     r760      KIE-R01   15  -          corporate-it         active
"""

SERIALS = {'hv-ham1-03': '7XK2M44'}
FIRST_ASSET_TAG = 4401


def serial(name):
    return SERIALS.get(name) or ''.join(dice(f'{name} serial').choices('0123456789ABCDFGHJKLMNPQRSTVWXYZ', k=7))


def load(world):
    world.roles = Shelf(DeviceRole, 'slug')
    for slug, name, color, vm_role in ROLES:
        world.roles.put(slug, name=name, color=color, vm_role=vm_role)
    world.platforms = Shelf(Platform, 'slug')
    for slug, name in PLATFORMS:
        world.platforms.put(slug, name=name)
    manufacturers, types = Shelf(Manufacturer, 'slug'), Shelf(DeviceType, 'slug')
    for slug, manufacturer, model, height, platform in TYPES:
        types.put(
            slug, manufacturer=manufacturers.put(manufacturer.lower(), name=manufacturer), model=model, u_height=height,
            default_platform=world.platforms[platform] if platform else None
        )
    load_clusters(world)
    world.devices = Shelf(Device, 'name')
    for number, (name, role, model, place, unit, cluster, tenant, status) in enumerate(rows(DEVICES)):
        rack = world.racks[place] if place in world.racks else None
        location = rack.location if rack else world.locations[place]
        world.devices.put(
            name, role=world.roles[role], device_type=types[model], site=location.site, location=location, rack=rack,
            position=int(unit) if unit else None, face='front' if unit else None, status=status, serial=serial(name),
            asset_tag=f'NH-{FIRST_ASSET_TAG + number:06}', tenant=world.tenants[tenant],
            cluster=world.clusters[cluster] if cluster else None,
            owner=world.owners['Network team' if role in NETWORK_ROLES else 'Platform team']
        )


def load_clusters(world):
    types = Shelf(ClusterType, 'slug')
    types.put('vmware-vsphere', name='VMware vSphere')
    types.put('kubernetes', name='Kubernetes')
    world.clusters = Shelf(Cluster, 'name')
    for name, site, slug in CLUSTERS:
        cluster = world.clusters.put(
            name, type=types[slug], scope=world.sites[site], tenant=world.tenants['platform'],
            owner=world.owners['Platform team']
        )
        assign(world, cluster, 'K. Brandt', 'technical')
