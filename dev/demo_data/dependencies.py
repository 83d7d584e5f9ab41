"""
What depends on what, as far as NetBox does not know it already: services on machines, functions on services, clusters
on their disks. A provider that holds data of what depends on it inherits how sensitive that is; a time server does not.
"""
from django.contrib.contenttypes.models import ContentType

from netbox_ims.models import Dependency

from .tools import Shelf

__all__ = ('load',)

# dependent | providers | redundancy group: any one of them suffices | data if the providers hold data of the dependent
DEPENDENCIES = """
function Salary payment          | it Payroll                                       |              | data
function Warehouse dispatch      | it Warehouse mgmt                                |              | data
function Order intake            | it ERP                                           |              | data
function Finance reporting       | it ERP, it File shares                           |              | data
function Customer self-service   | it Customer portal                               |              | data
function Patient appointments    | it Patient portal                                |              | data
function Sales                   | it CRM, it Mail                                  |              | data
function Internal communication  | it Mail, it Intranet                             |              | data
function Branch office work      | it File shares                                   |              | data
function Branch office work      | it Branch network                                |              |

it Payroll                       | vm vm-db-03, vm vm-app-11                        |              | data
it Payroll                       | it Name resolution                               |              |
it Warehouse mgmt                | vm vm-wms-01                                     |              | data
it Warehouse mgmt                | vm vm-wms-02, vm vm-wms-03                       | wms-workers  |
it Customer portal               | vm vm-web-02                                     |              | data
it Patient portal                | vm vm-portal-01, vm vm-portal-02, vm vm-portal-03 | portal      | data
it ERP                           | vm vm-erp-01, vm vm-erp-02                       | erp          | data
it ERP                           | vm vm-erp-03                                     |              | data
it ERP                           | it Name resolution                               |              |
it CRM                           | vm vm-crm-01                                     |              | data
it Personnel files               | vm vm-hr-01                                      |              | data
it Mail                          | vm vm-mail-01, vm vm-mail-02                     | mail         | data
it Mail                          | it Directory                                     |              |
it File shares                   | vm vm-file-01, vm vm-file-03                     |              | data
it File shares                   | it Directory                                     |              |
it Intranet                      | vm vm-web-04                                     |              | data
it Directory                     | vm vm-dc-01, vm vm-dc-02                         | directory    | data
it Directory                     | it Name resolution                               |              |
it Backup                        | vm vm-bkp-01                                     |              | data
it Backup                        | device bkp-ham1-01, device bkp-ham2-01           | backup       | data
it Backup                        | device tape-ham2-01                              |              | data
it Managed Kubernetes            | cluster ham2-k8s                                 |              | data
it Name resolution               | vm vm-dns-01, vm vm-dns-02                       | dns          |
it Name resolution               | device rtr-ham1-01, device rtr-ham1-02           | time         |
it Name resolution               | it Directory                                     |              |
it Remote access                 | device fw-ham1-a, device fw-ham1-b               | fw-ham1      | data
it Branch network                | circuit DTAG-8841207, device rtr-bre-01          |              |
it Monitoring                    | service vm-mon-01 syslog, vm vm-log-01           |              | data

asset Employee master data       | it Payroll, it Personnel files                   |              | data
asset Payroll of customers       | vm vm-db-03                                      |              | data
asset Customer contracts         | it CRM                                           |              | data
asset Patient portal records     | it Patient portal                                |              | data
asset Warehouse stock data       | it Warehouse mgmt                                |              | data
asset Accounting records         | it ERP                                           |              | data
asset Risk and audit reports     | it Intranet                                      |              | data
asset Incident and problem records | service vm-mon-01 syslog                       |              | data
asset Source code                | vm vm-git-01                                     |              | data
asset Backup media               | device tape-ham2-01                              |              | data

cluster ham1-prod                | device stor-ham1-01, device stor-ham1-02         | ham1-storage | data
cluster ham2-prod                | device stor-ham2-01                              |              | data
cluster bre-edge                 | device stor-bre-01                               |              | data
cluster ham2-dr                  | device stor-ham2-01                              |              | data
vm vm-db-03                      | device stor-ham1-01                              |              | data
vm vm-db-03                      | vm vm-dns-01, vm vm-dns-02                       | dns          |
vm vm-erp-02                     | vm vm-db-01                                      |              | data
device hv-ham1-03                | rack HAM1-R07                                    |              | data
"""

# What a CI is called in the table: the world's shelf it is on
SHELVES = {
    'function': 'functions', 'it': 'it_services', 'asset': 'information', 'vm': 'vms', 'service': 'services',
    'cluster': 'clusters', 'device': 'devices', 'rack': 'racks', 'circuit': 'circuits',
}

ENDS = ('dependent_object_type_id', 'dependent_object_id', 'provider_object_type_id', 'provider_object_id')


def load(world):
    dependencies = Shelf(Dependency, *ENDS)
    for line in DEPENDENCIES.strip().splitlines():
        if not line:
            continue
        dependent, providers, group, data = (part.strip() for part in line.split('|'))
        for provider in providers.split(', '):
            dependencies.put(
                *key_of(world, dependent), *key_of(world, provider), redundancy_group=group, holds_data=data == 'data'
            )


def key_of(world, words):
    """Content type and primary key of what the table calls `vm vm-db-03`."""
    kind, name = words.split(' ', 1)
    ci = getattr(world, SHELVES[kind])[name]
    return ContentType.objects.get_for_model(ci).pk, ci.pk
