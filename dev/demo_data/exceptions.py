"""Assessments that tell a story, instead of the usual ones of `kinds`; None where nothing is known of the CI."""

__all__ = ('EXCEPTIONS', 'said')

DEVICE, VM, SERVICE = 'dcim.device', 'virtualization.virtualmachine', 'ipam.service'
RACK, CLUSTER, SITE, CIRCUIT = 'dcim.rack', 'virtualization.cluster', 'dcim.site', 'circuits.circuit'
ASSET, FUNCTION, IT_SERVICE = (f'netbox_ims.{name}' for name in ('informationasset', 'businessfunction', 'itservice'))


def said(by, reason, classification=None, ratings=None, flags='???', rto=None, rpo=None, due=None, owner='', **more):
    """One assessment; whoever makes it becomes the asset owner unless `owner` says otherwise (None: nobody)."""
    return {
        'by': by, 'reason': reason, 'classification': classification, 'ratings': ratings, 'flags': flags, 'rto': rto,
        'rpo': rpo, 'due': due, 'owner': by if owner == '' else owner, 'categories': '', **more,
    }


EXCEPTIONS = {
    # A host with less classification than its guests, and slower than they need it; its story goes on in `history`.
    (DEVICE, 'hv-ham1-03'): said('K. Brandt', 'Hosts of ham1-prod, first inventory', ratings='234', flags='nn?'),
    (CLUSTER, 'ham1-prod'): said('K. Brandt', 'Carries internal systems only', 'internal', '334', 'nnn', '4h', due=46),
    (DEVICE, 'hv-ham1-05'): said('K. Brandt', 'From the maintenance contract', rto='2h'),
    (DEVICE, 'hv-ham1-06'): said('K. Brandt', 'From the maintenance contract', rto='2h'),
    (DEVICE, 'hv-ham2-04'): said('K. Brandt', 'Bulk classify, platform', 'internal', '233', 'nnn', '8h', due=160),
    (DEVICE, 'hv-kie-01'): None,
    (CLUSTER, 'ham2-prod'): said('K. Brandt', 'From the service catalogue', ratings='334', rto='4h'),
    (CLUSTER, 'ham1-test'): said('K. Brandt', 'Test systems hold no real data', 'internal', '112', 'nnn', due=-12),
    (CLUSTER, 'bre-edge'): None,
    (CLUSTER, 'ham2-k8s'): None,

    # Overrides: less than is inherited, and why that is right.
    (CLUSTER, 'ham2-dr'): said(
        'C. Lindqvist', 'Agreed in the risk meeting', 'internal', '244', 'nnn', '4h', '1h', 75, owner='K. Brandt',
        override='Replicas arrive encrypted. The keys are with the two production clusters, and are brought here only '
                 'in a disaster declared by the managing director.'
    ),
    (VM, 'vm-web-05'): said(
        'S. Moreau', 'Agreed with the web team', 'public', '133', 'nnn', '1d', due=210,
        override='Serves only what the press office has released. The editorial system behind it is another machine.'
    ),

    (DEVICE, 'fw-ham1-a'): said(
        'N. Yilmaz', 'Inventory of the network', 'confidential', '344', 'nyn', '2h', '1d', 150,
        categories='firewall rules, VPN keys'
    ),
    (DEVICE, 'sw-bre-acc-04'): None,
    (DEVICE, 'bkp-ham2-02'): said(
        'K. Brandt', 'Bulk classify, platform', 'confidential', '442', 'yyy', '1d', '1d', -94,
        categories='backups of all hosted data'
    ),
    (DEVICE, 'stor-ham1-01'): said(
        'K. Brandt', 'Walk through the halls', 'confidential', '444', 'yyy', '4h', '1h', 24,
        categories='all hosted data'
    ),
    (RACK, 'HAM1-R07'): said('K. Brandt', 'Walk through the halls'),
    (SITE, 'kiel'): None,

    (VM, 'vm-db-03'): said('J. Okafor', 'Inventory of data and applications', 'internal', '333', 'yn?', '8h'),
    (VM, 'vm-app-11'): said('J. Okafor', 'Owner named, rest to follow'),
    (VM, 'vm-wms-01'): said('J. Okafor', 'As agreed with the customer', 'internal', '344', 'nyn', '4h', '1h', 130),
    (VM, 'vm-web-02'): said(
        'J. Okafor', 'Inventory of data and applications', 'internal', '233', 'nnn', '8h', due=19
    ),
    (VM, 'vm-erp-02'): said(
        'J. Okafor', 'As agreed with the customer', 'confidential', '444', 'yyy', '6h', '1h', 88,
        categories='orders, invoices'
    ),
    (VM, 'vm-erp-03'): said(
        'J. Okafor', 'As agreed with the customer', 'confidential', '444', 'yyy', '5d', '1h', 88,
        categories='orders, invoices'
    ),
    (VM, 'vm-crm-01'): said('S. Moreau', 'From the service catalogue', 'confidential', '332', 'yyy', '1d', '4h', 61),
    (VM, 'vm-mail-01'): said('K. Brandt', 'Inventory of the platform', 'confidential', '333', 'yy?', '8h', '4h', 95),
    (VM, 'vm-test-27'): None,
    # Somebody copied production to it, years ago; nobody answers for it.
    (VM, 'vm-test-12'): said(
        'J. Okafor', 'Found while looking for disk space', 'confidential', '411', 'yyy', owner=None, due=-61,
        categories='copy of customer records'
    ),
    (SERVICE, 'vm-mon-01 syslog'): said('N. Yilmaz', 'Inventory of the network', flags='n?n', rto='1d', due=282),
    (CIRCUIT, 'DTAG-8841207'): said('N. Yilmaz', 'From the service contract', 'internal', '224', 'nnn', '8h', due=-19),

    # Inherits what the audits say, of which only the titles are on it.
    (IT_SERVICE, 'Intranet'): said(
        'S. Moreau', 'Agreed in the risk meeting', 'internal', '233', 'nnn', '1d', '1d', 169,
        override='Of risk and audit reports the intranet lists the titles only. The reports are on the file shares.'
    ),

    (ASSET, 'Incident and problem records'): None,
    (ASSET, 'Marketing photographs'): None,
}

# name | asset owner | classification | C·I·A | sensitive, personal | RTO | RPO | review due in days | data categories
INFORMATION = """
Employee master data   | C. Lindqvist | confidential | 443 | yy | -  | -  |  58 | contracts, bank details, sick leave
Payroll of customers   | C. Lindqvist | confidential | 443 | yy | 4h | 1h | 111 | salaries, bank details
Customer contracts     | S. Moreau    | confidential | 332 | y? | -  | -  |  34 | contracts
Customer contact data  | S. Moreau    | internal     | 222 | ny | -  | -  | 190 | names, telephone numbers
Patient portal records | C. Lindqvist | confidential | 444 | yy | 8h | 1h |  12 | health data
Warehouse stock data   | J. Okafor    | internal     | 244 | nn | 4h | 1h | 140 | stock, orders
Cargo manifests        | J. Okafor    | confidential | 343 | ?n | -  | 4h |  77 | cargo, consignees
Grid control schedules | -            | confidential | 244 | yn | -  | -  | -33 | switching plans
Source code            | K. Brandt    | internal     | 342 | nn | -  | -  | 170 | source code
Keys and certificates  | N. Yilmaz    | confidential | 444 | yn | -  | 0  | 103 | private keys
Network documentation  | N. Yilmaz    | internal     | 232 | nn | -  | -  |   8 |
Access logs            | N. Yilmaz    | confidential | 342 | yy | -  | -  | 152 | user names, addresses
Backup media           | K. Brandt    | confidential | 442 | y? | -  | 1d |  66 | backups of all hosted data
Accounting records     | S. Moreau    | confidential | 243 | ny | -  | -  |  91 | invoices, bank details
Risk and audit reports | C. Lindqvist | confidential | 421 | yn | -  | -  | 120 |
Operating procedures   | K. Brandt    | internal     | 233 | nn | -  | -  | 260 |
Public price list      | S. Moreau    | internal     | 132 | nn | -  | -  | 265 |
Web site content       | S. Moreau    | public       | 133 | nn | -  | -  | 400 |
"""


# The same, of business functions; nobody has looked at those that are not here
FUNCTIONS = """
Salary payment         | C. Lindqvist | confidential | 443 | yy | 8h | 1d | 111 | salaries, bank details
Warehouse dispatch     | S. Moreau    | internal     | 244 | nn | 4h | 1h | 140 | stock, orders
Order intake           | S. Moreau    | confidential | 333 | yy | 6h | 1h |  88 | orders
Finance reporting      | S. Moreau    | confidential | 342 | yn | 1d | 1d |  60 | invoices
Patient appointments   | C. Lindqvist | confidential | 444 | yy | 8h | 1h |  12 | health data
Sales                  | S. Moreau    | confidential | 332 | yy | 2d | -  |  61 | contacts, contracts
Internal communication | -            | internal     | 222 | n? | 2d | -  | 200 |
"""

# The same, of IT services
SERVICES = """
Payroll         | C. Lindqvist | confidential | 443 | yy | 4h | 1h | 111 | salaries, bank details
Warehouse mgmt  | J. Okafor    | internal     | 344 | nn | 4h | 1h | 130 | stock, orders
Customer portal | J. Okafor    | public       | 233 | nn | 1d | -  |  19 |
Patient portal  | C. Lindqvist | confidential | 444 | yy | 8h | 1h |  12 | health data
ERP             | J. Okafor    | confidential | 444 | yy | 6h | 1h |  88 | orders, invoices
CRM             | S. Moreau    | confidential | 332 | yy | 1d | 4h |  61 | contacts, contracts
Personnel files | C. Lindqvist | confidential | 443 | yy | 2d | 1d |  58 | personnel files
Mail            | K. Brandt    | confidential | 333 | yy | 8h | 4h | -14 | correspondence
File shares     | K. Brandt    | -            | 333 | ?? | 1d | 1d | -   | office documents
Directory       | K. Brandt    | confidential | 444 | yy | 4h | 1d |  95 | accounts, password hashes
Backup          | K. Brandt    | confidential | 442 | yy | 1d | 1d |  66 | backups of all hosted data
Name resolution | N. Yilmaz    | internal     | 144 | nn | 4h | 1d | 150 |
Remote access   | N. Yilmaz    | confidential | 344 | yn | 2h | -  | 150 | VPN keys
Branch network  | N. Yilmaz    | internal     | 224 | nn | 8h | -  | 190 |
Monitoring      | -            | internal     | 233 | nn | -  | -  | 282 |
"""


def listed(label, table, reason, is_information_asset):
    """The assessments of one of the tables above, by type and name."""
    for line in table.strip().splitlines():
        name, owner, classification, ratings, flags, rto, rpo, due, categories = (
            None if word.strip() == '-' else word.strip() for word in line.split('|')
        )
        yield (label, name), said(
            owner or 'C. Lindqvist', reason, classification, ratings, f'{is_information_asset}{flags}', rto, rpo,
            int(due) if due else None, owner, categories=categories
        )


EXCEPTIONS.update(listed(ASSET, INFORMATION, 'Inventory of information assets', 'y'))
EXCEPTIONS.update(listed(FUNCTION, FUNCTIONS, 'Asked the people who do it', 'n'))
EXCEPTIONS.update(listed(IT_SERVICE, SERVICES, 'From the service catalogue', 'n'))
