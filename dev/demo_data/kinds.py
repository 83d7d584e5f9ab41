"""What an assessment of each kind of CI usually says, less what people forget or get wrong."""
import re

from netbox_ims.rules.durations import format_minutes, parse_minutes

from .tools import dice

__all__ = ('KINDS', 'usual')

# type, name, percent assessed, classification, C·I·A, flags (information asset, sensitive, personal), RTO, RPO,
# asset owner, data categories
KINDS = """
device   fw-         90  confidential 344 nyn 2h 1d N.Yilmaz    firewall rules, VPN keys
device   rtr-        85  internal     234 nnn 4h 1d N.Yilmaz
device   sw-.*-core  85  internal     244 nnn 2h 1d N.Yilmaz
device   sw-.*-tor   50  internal     233 nnn 8h 7d N.Yilmaz
device   sw-.*-acc   35  internal     122 nnn 1d -  N.Yilmaz
device   lb-        100  internal     334 nnn 2h 1d N.Yilmaz
device   oob-        50  confidential 333 nyn 8h -  N.Yilmaz    console credentials
device   hv-         70  internal     334 nnn 4h -  K.Brandt
device   stor-       85  confidential 444 yyy 4h 1h K.Brandt    all hosted data
device   bkp-       100  confidential 442 yyy 1d 1d K.Brandt    backups of all hosted data
device   tape-      100  confidential 441 yyy 7d 1d K.Brandt    backups of all hosted data
vm       vm-db-      90  confidential 443 yyy 4h 1h J.Okafor    customer records
vm       vm-app-     60  internal     333 nnn 8h 1d J.Okafor
vm       vm-web-     60  public       133 nnn 8h 1d J.Okafor
vm       vm-wms-    100  internal     344 nyn 4h 1h J.Okafor    stock, orders
vm       vm-erp-     90  confidential 444 yyy 6h 1h J.Okafor    orders, invoices
vm       vm-crm-    100  confidential 332 yyy 1d 4h S.Moreau    contacts, contracts
vm       vm-hr-     100  confidential 443 yyy 8h 4h C.Lindqvist payroll, personnel files
vm       vm-portal-  80  confidential 443 yyy 8h 1h J.Okafor    patient portal
vm       vm-mail-    90  confidential 333 yyy 8h 4h K.Brandt    correspondence
vm       vm-file-    75  confidential 333 yyy 1d 1d K.Brandt    office documents
vm       vm-dc-      85  confidential 444 nyy 4h 1d K.Brandt    accounts, password hashes
vm       vm-dns-    100  internal     144 nnn 4h 1d N.Yilmaz
vm       vm-mon-    100  internal     233 nnn 1d 7d N.Yilmaz
vm       vm-log-    100  confidential 342 yyy 1d 1d N.Yilmaz    access logs
vm       vm-vpn-    100  confidential 444 nyn 4h 7d N.Yilmaz    VPN keys
vm       vm-bkp-    100  confidential 443 nyn 8h 1d K.Brandt    backup catalogue
vm       vm-git-    100  confidential 442 yyn 1d 1d K.Brandt    source code
vm       vm-ci-      75  internal     332 nyn 2d -  K.Brandt    deployment credentials
vm       vm-k8s-     50  internal     233 nnn 8h -  K.Brandt
vm       vm-vdi-     50  internal     222 nnn 2d -  K.Brandt
vm       vm-print-   40  internal     211 nnn 2d -  K.Brandt
vm       vm-test-    30  internal     111 nnn -  -  J.Okafor
vm       vm-kie-      0  internal     222 nnn 2d -  K.Brandt
service  .*postgres  67  confidential 443 yyy 4h 1h J.Okafor    customer records
service  .*https     60  public       133 nnn 8h -  J.Okafor
service  .*nfs       75  confidential 444 yyy 4h 1h K.Brandt    all hosted data
service  .*smb       50  confidential 333 yyy 1d 1d K.Brandt    office documents
service  .*ldap      50  confidential 344 nyy 4h 1d K.Brandt    accounts
service  .*dns       75  internal     144 nnn 4h -  N.Yilmaz
service  .*erp       67  confidential 444 yyy 6h 1h J.Okafor    orders, invoices
service  .*(smtp|imap)  75 confidential 333 yyy 8h 4h K.Brandt  correspondence
service  .*          45  internal     233 nnn 8h -  N.Yilmaz
rack     .*          50  internal     222 nnn -  -  K.Brandt
cluster  .*          20  internal     334 nnn 4h -  K.Brandt
site     .*          75  internal     222 nnn -  -  K.Brandt
circuit  EN-DF       100 confidential 344 nyn 8h -  N.Yilmaz    replication traffic
circuit  .*          60  internal     224 nnn 8h -  N.Yilmaz
"""

LABELS = {
    'device': 'dcim.device', 'vm': 'virtualization.virtualmachine', 'service': 'ipam.service', 'rack': 'dcim.rack',
    'cluster': 'virtualization.cluster', 'site': 'dcim.site', 'circuit': 'circuits.circuit',
}

# How often a flag has no answer: information asset, sensitive data, personal data
UNANSWERED = (0.12, 0.12, 0.22)

INTERVALS = {'public': 730, 'internal': 365, 'confidential': 180}

REASONS = {
    'N. Yilmaz': ('Inventory of the network', 'From the maintenance contract', 'Agreed with the platform team'),
    'K. Brandt': ('Bulk classify, platform', 'Walk through the halls', 'Inventory of the platform'),
    'J. Okafor': ('Asked the application owners', 'Inventory of data and applications', 'As agreed with the customer'),
    'C. Lindqvist': ('Records of processing activities',),
    'S. Moreau': ('From the service catalogue',),
}


def usual(label, name):
    """What is known of a CI of that type and name, in the words of `exceptions`; None if nobody has looked at it."""
    for line in KINDS.strip().splitlines():
        kind, pattern, share, classification, ratings, flags, rto, rpo, owner, *categories = line.split(None, 9)
        if LABELS[kind] == label and re.match(pattern, name):
            break
    else:
        return None
    luck = dice(name)
    if luck.randrange(100) >= int(share):
        return None
    owner = owner.replace('.', '. ')
    forgotten = {
        'classification': None if luck.random() < 0.05 else classification,
        'ratings': ratings if luck.random() < 0.85 else None,
        'flags': ''.join('?' if luck.random() < gap else flag for flag, gap in zip(flags, UNANSWERED, strict=True)),
        'rto': None if rto == '-' or luck.random() < 0.22 else too_long(rto) if luck.random() < 0.07 else rto,
        'rpo': None if rpo == '-' or luck.random() < 0.35 else rpo,
        'owner': None if luck.random() < 0.13 else owner,
    }
    return {
        **forgotten,
        'categories': ''.join(categories),
        'due': next_review(luck, forgotten['classification']),
        'by': owner,
        'reason': luck.choice(REASONS[owner]),
    }


def too_long(duration):
    """A recovery time as a maintenance contract has it rather than as anybody needs it."""
    return format_minutes(parse_minutes(duration) * 6)


def next_review(luck, classification):
    """Days until the next review; negative if it is late, None if no review was ever held."""
    roll, interval = luck.random(), INTERVALS.get(classification)
    if interval is None or roll < 0.10:
        return None
    if roll < 0.17:
        return -luck.randint(2, 90)
    if roll < 0.28:
        return luck.randint(1, 30)
    return luck.randint(31, interval - 5)
