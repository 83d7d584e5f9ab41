"""Application services: what listens where. Their site and tenant are their parent's."""
from ipam.models import Service

from .tools import Shelf, rows

__all__ = ('load',)

# parent's name up to its number, numbers, service, ports
SERVICES = """
vm-db-      1-12  postgresql   tcp/5432
vm-web-     1-10  https        tcp/80,tcp/443
vm-mail-    1-2   smtp         tcp/25,tcp/587
vm-mail-    3-3   imap         tcp/993
vm-dc-      1-4   ldap         tcp/389,tcp/636,udp/389
vm-dns-     1-4   dns          tcp/53,udp/53
vm-mon-     1-1   syslog       udp/514,tcp/6514
vm-mon-     2-2   prometheus   tcp/9090
vm-mon-     3-3   grafana      tcp/3000
vm-log-     1-2   opensearch   tcp/9200
vm-vpn-     1-2   ipsec        udp/500,udp/4500
vm-git-     1-1   git          tcp/22,tcp/443
vm-ci-      1-1   ci           tcp/443
vm-erp-     1-3   erp          tcp/3200,tcp/8443
vm-wms-     1-2   wms-api      tcp/8443
vm-crm-     1-1   crm          tcp/443
vm-hr-      1-1   payroll      tcp/443
vm-portal-  1-2   portal       tcp/443
vm-file-    1-4   smb          tcp/445
vm-bkp-     1-1   backup       tcp/9392
fw-ham1-    a-b   ssl-vpn      tcp/10443
fw-bre-     a-a   ssl-vpn      tcp/10443
stor-ham1-  1-2   nfs          tcp/2049
stor-ham2-  1-1   nfs          tcp/2049
bkp-ham1-   1-1   ddboost      tcp/2052
oob-ham1-   1-1   console      tcp/22
"""


def parents(prefix, numbers):
    first, last = numbers.split('-')
    if first.isdecimal():
        return [f'{prefix}{number:02}' for number in range(int(first), int(last) + 1)]
    return [f'{prefix}{chr(letter)}' for letter in range(ord(first), ord(last) + 1)]


def load(world):
    world.services = Shelf(Service, 'name')
    for prefix, numbers, what, ports in rows(SERVICES):
        for name in parents(prefix, numbers):
            parent = world.vms[name] if name in world.vms else world.devices[name]
            world.services.put(f'{name} {what}', parent=parent, port_mappings=ports.split(','), owner=parent.owner)
