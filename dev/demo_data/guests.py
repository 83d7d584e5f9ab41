"""Virtual machines, in families of the same purpose."""
from virtualization.models import VirtualMachine

from .tools import Shelf, dice, rows

__all__ = ('load',)

# name prefix, how many, clusters in turn, role, team, platform, vCPUs, memory and disk in GB, tenants in turn
FAMILIES = """
vm-db-     12 ham1-prod,ham2-prod,ham1-prod database     D debian-12    8 64  800 logistics,klinik,logistics,weserhandel
vm-app-    24 ham1-prod,ham1-prod,ham2-prod application  D debian-12    4 16  120 logistics,claasen,elbmarsch
vm-web-    16 ham2-prod,ham1-prod           web          D debian-12    2  8   60 weserhandel,logistics,claasen
vm-wms-     4 ham1-prod                     application  D windows-2022 8 32  300 logistics
vm-erp-     6 ham1-prod,ham1-prod,ham2-prod application  D windows-2022 8 48  500 logistics,elbmarsch
vm-crm-     3 ham2-prod                     application  D debian-12    4 16  160 corporate-it
vm-hr-      2 ham1-prod                     application  D windows-2022 4 16  200 corporate-it
vm-portal-  3 ham2-prod,ham2-k8s            web          D ubuntu-24-04 4 16  120 klinik
vm-mail-    3 ham1-prod,ham2-prod,ham2-prod core-service P debian-12    4 16  900 corporate-it
vm-file-    4 ham1-prod,ham2-prod,bre-edge  core-service P windows-2022 4 16 4000 corporate-it
vm-dc-      6 ham1-prod,ham2-prod,bre-edge  core-service P windows-2022 2  8   80 corporate-it
vm-dns-     4 ham1-prod,ham2-prod           core-service N debian-12    2  4   40 networks
vm-mon-     3 ham1-prod,ham2-prod           core-service N debian-12    4 16  400 platform
vm-log-     2 ham1-prod,ham2-prod           core-service N debian-12    8 32 2000 platform
vm-vpn-     2 ham1-prod,ham2-prod           core-service N debian-12    2  4   40 networks
vm-bkp-     2 ham1-prod,ham2-prod           core-service P windows-2022 4 16  200 platform
vm-git-     2 ham1-prod,ham2-prod           application  D debian-12    4 16  600 platform
vm-ci-      4 ham1-test                     application  D ubuntu-24-04 8 32  300 platform
vm-k8s-     6 ham2-k8s                      application  P ubuntu-24-04 8 32  200 platform
vm-vdi-     6 bre-edge                      desktop      P windows-2022 4 16  120 corporate-it
vm-print-   3 bre-edge                      core-service P windows-2022 2  4   60 corporate-it
vm-test-   30 ham2-dr,ham1-test             test         D debian-12    2  4   40 platform,logistics,weserhandel
"""

TENANTS = {
    'logistics': 'nordhafen-logistics', 'klinik': 'klinik-am-deich', 'claasen': 'reederei-claasen',
    'elbmarsch': 'stadtwerke-elbmarsch',
}

TEAMS = {'D': 'Data and applications', 'P': 'Platform team', 'N': 'Network team'}

# Licences or local disks bind these to one host; the last one has a host without a cluster.
PINNED = {
    'vm-db-01': 'hv-ham1-01', 'vm-db-03': 'hv-ham1-03', 'vm-db-04': 'hv-ham1-04', 'vm-db-05': 'hv-ham2-04',
    'vm-db-08': 'hv-ham2-01', 'vm-erp-01': 'hv-ham1-05', 'vm-erp-02': 'hv-ham1-05', 'vm-hr-01': 'hv-ham1-03',
    'vm-bkp-02': 'hv-ham2-03', 'vm-file-03': 'hv-bre-01', 'vm-vdi-01': 'hv-bre-02', 'vm-ci-01': 'hv-ham1-07',
}

STATUS = {
    'vm-app-17': 'offline', 'vm-web-14': 'decommissioning', 'vm-test-08': 'offline', 'vm-test-19': 'offline',
    'vm-test-21': 'failed', 'vm-test-30': 'planned', 'vm-k8s-06': 'staged', 'vm-erp-06': 'planned',
}


def load(world):
    world.vms = Shelf(VirtualMachine, 'name')
    for prefix, count, clusters, role, team, platform, vcpus, memory, disk, tenants in rows(FAMILIES):
        clusters, tenants = clusters.split(','), tenants.split(',')
        for number in range(int(count)):
            name = f'{prefix}{number + 1:02}'
            tenant = tenants[number % len(tenants)]
            size = dice(f'{name} size').choice((0.5, 1, 1, 1, 2))
            world.vms.put(
                name, cluster=world.clusters[clusters[number % len(clusters)]], role=world.roles[role],
                device=world.devices[PINNED[name]] if name in PINNED else None,
                tenant=world.tenants[TENANTS.get(tenant, tenant)], platform=world.platforms[platform],
                status=STATUS.get(name, 'active'), owner=world.owners[TEAMS[team]],
                vcpus=int(vcpus), memory=int(int(memory) * 1024 * size), disk=int(int(disk) * 1000 * size)
            )
    world.vms.put(
        'vm-kie-01', device=world.devices['hv-kie-01'], role=world.roles['core-service'],
        tenant=world.tenants['corporate-it'], platform=world.platforms['windows-2022'], vcpus=2, memory=8192,
        disk=500_000, owner=world.owners['Platform team'], description='Files and printing of the Kiel office'
    )
