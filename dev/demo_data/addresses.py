"""Prefixes, and the primary addresses of what has to be reached when the rest is down."""
from collections import Counter

from django.contrib.contenttypes.models import ContentType

from dcim.models import Interface, Site
from ipam.models import IPAddress, Prefix
from virtualization.models import VMInterface

from .tools import Shelf

__all__ = ('load',)

# site -> the 10.x network it has
NETWORKS = {'hamburg-dc1': 20, 'hamburg-dc2': 21, 'bremen': 30, 'luebeck': 31, 'kiel': 32}

# device role -> interface, third octet, offset: hv-ham1-03 has 10.20.4.13
MANAGEMENT = {
    'firewall': ('mgmt', 1, 10), 'router': ('fxp0', 1, 20), 'hypervisor': ('vmk0', 4, 10), 'storage': ('e0M', 5, 10),
}
OUT_OF_BAND = {'hypervisor': ('iDRAC', 8, 10)}

GUESTS = ('vm-db-', 'vm-erp-', 'vm-wms-', 'vm-hr-', 'vm-mail-', 'vm-dc-', 'vm-dns-', 'vm-portal-')
FIRST_GUEST_OCTET = 16

PREFIXES = ((1, 'Network management'), (4, 'Hypervisors'), (5, 'Storage'), (8, 'Out of band'))


def load(world):
    world.prefixes = Shelf(Prefix, 'prefix')
    site_type = ContentType.objects.get_for_model(Site)
    for site, second in NETWORKS.items():
        fields = {'scope_type': site_type, 'scope_id': world.sites[site].pk, 'owner': world.owners['Network team']}
        world.prefixes.put(f'10.{second}.0.0/16', status='container', description=world.sites[site].name, **fields)
        for third, what in PREFIXES:
            world.prefixes.put(f'10.{second}.{third}.0/24', status='active', description=what, **fields)

    world.addresses = Shelf(IPAddress, 'address')
    used = Counter()
    for device in in_order(world.devices):
        wanted = {}
        for field, (interface, third, offset) in kinds_of(device):
            fields = {'device': device, 'name': interface, 'type': '1000base-t', 'mgmt_only': True}
            wanted[field] = next_address(used, device.site, third, offset), Interface(**fields)
        give(world, device, wanted)
    for vm in in_order(world.vms):
        if vm.name.startswith(GUESTS):
            third = FIRST_GUEST_OCTET + GUESTS.index(vm.name.rstrip('0123456789'))
            address = next_address(used, vm.site, third, 10)
            give(world, vm, {'primary_ip4': (address, VMInterface(virtual_machine=vm, name='eth0'))})


def in_order(shelf):
    """So that each gets the same address on every run."""
    return [thing for _, thing in sorted(shelf.things.items()) if thing.site.slug in NETWORKS]


def kinds_of(device):
    for field, kinds in (('primary_ip4', MANAGEMENT), ('oob_ip', OUT_OF_BAND)):
        if device.role.slug in kinds:
            yield field, kinds[device.role.slug]


def next_address(used, site, third, offset):
    used[site.slug, third, offset] += 1
    return f'10.{NETWORKS[site.slug]}.{third}.{offset + used[site.slug, third, offset]}/24'


def give(world, holder, wanted):
    """Let `holder` be reached at new addresses on new interfaces, by field; what it or another has already stays."""
    missing = {
        field: (address, interface) for field, (address, interface) in wanted.items()
        if not getattr(holder, f'{field}_id') and address not in world.addresses
    }
    if not missing:
        return
    holder.snapshot()
    for field, (address, interface) in missing.items():
        interface.full_clean()
        interface.save()
        ip = world.addresses.put(address, assigned_object=interface, status='active', owner=holder.owner)
        setattr(holder, field, ip)
    holder.save()
