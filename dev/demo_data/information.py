"""Information assets: what Nordhafen IT and its customers would miss, wherever it is kept."""
from django.utils.text import slugify

from extras.models import Tag

from netbox_ims.models import InformationAsset

from .tools import Shelf

__all__ = ('load',)

TAGS = {
    'gdpr': ('GDPR', '1565c0'), 'customer-data': ('Customer data', '6a1b9a'),
    'crown-jewel': ('Crown jewel', '4e342e'), 'retention': ('Retention period', '546e7a'),
}

# name, custodian, tags, description
ASSETS = (
    ('Employee master data', 'J. Okafor', ('gdpr',), 'Contracts, bank details and sick leave of our own people'),
    ('Payroll of customers', 'J. Okafor', ('gdpr', 'customer-data'), 'Run for Logistics and Reederei Claasen'),
    ('Customer contracts', 'S. Moreau', ('customer-data', 'retention'), 'Signed, with annexes and service levels'),
    ('Customer contact data', 'S. Moreau', ('gdpr',), "Names and numbers of customers' people"),
    ('Patient portal records', 'J. Okafor', ('gdpr', 'customer-data', 'crown-jewel'), 'Processed for Klinik am Deich'),
    ('Warehouse stock data', 'J. Okafor', ('customer-data',), 'Stock and orders of Nordhafen Logistics'),
    ('Cargo manifests', 'J. Okafor', ('customer-data',), 'Of Reederei Claasen; customs keeps its own copy'),
    ('Grid control schedules', 'K. Brandt', ('customer-data', 'crown-jewel'), 'Of Stadtwerke Elbmarsch'),
    ('Source code', 'K. Brandt', ('crown-jewel',), 'Automation, customer portal, interfaces'),
    ('Keys and certificates', 'N. Yilmaz', ('crown-jewel',), 'Of our own PKI and of customers who leave them to us'),
    ('Network documentation', 'N. Yilmaz', (), 'Plans, addresses, firewall rules'),
    ('Access logs', 'N. Yilmaz', ('gdpr', 'retention'), 'Twelve months, by log policy NH-07'),
    ('Backup media', 'K. Brandt', ('retention',), 'Disks on site, tapes with Kontor Records'),
    ('Accounting records', 'S. Moreau', ('retention',), 'Ten years, by commercial law'),
    ('Risk and audit reports', 'C. Lindqvist', (), 'Internal and external audits, penetration tests'),
    ('Incident and problem records', 'S. Moreau', (), 'Tickets with their attachments'),
    ('Operating procedures', 'M. Petersen', (), 'Runbooks of the platform and network teams'),
    ('Public price list', 'S. Moreau', (), 'As on the web site'),
    ('Web site content', 'S. Moreau', (), 'Text and pictures of the web site'),
    ('Marketing photographs', None, (), 'Rights are not always clear'),
)


def load(world):
    tags = Shelf(Tag, 'slug')
    for slug, (name, color) in TAGS.items():
        tags.put(slug, name=name, color=color)
    world.information = Shelf(InformationAsset, 'name')
    for name, custodian, labels, description in ASSETS:
        world.information.put(
            name, slug=slugify(name), custodian=world.contacts[custodian] if custodian else None,
            description=description, owner=world.owners['Information security'],
            related={'tags': [tags[label] for label in labels]}
        )
