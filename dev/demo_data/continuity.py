"""Business functions and IT services: what people do, and what they are provided with for it."""
from django.utils.text import slugify

from netbox_ims.models import BusinessFunction, ITService

from .tools import Shelf

__all__ = ('load',)

# name, criticality (None: nobody has said), description
FUNCTIONS = (
    ('Salary payment', 'high', 'Of Logistics and Reederei Claasen, by the 25th of each month'),
    ('Warehouse dispatch', 'critical', 'Nordhafen Logistics, around the clock'),
    ('Order intake', 'critical', 'Nordhafen Logistics and Stadtwerke Elbmarsch'),
    ('Finance reporting', 'medium', 'Monthly and yearly closing'),
    ('Customer self-service', None, 'Customers look up orders and open tickets'),
    ('Patient appointments', 'critical', 'Klinik am Deich'),
    ('Sales', 'medium', 'Offers, contracts and renewals'),
    ('Internal communication', 'low', 'Among our own people'),
    ('Branch office work', None, 'Bremen, Lübeck and Kiel'),
)

# What must go on at least while they are disrupted
MINIMUM = {
    'Salary payment': 'Advance payments by hand, for those who ask',
    'Warehouse dispatch': 'Urgent orders, picked from paper lists',
    'Order intake': 'Orders by telephone, two people',
    'Patient appointments': 'Emergencies, by telephone',
}

# name, status, customers, team, description
SERVICES = (
    ('Payroll', 'active', ('nordhafen-logistics', 'reederei-claasen'), 'Data and applications',
     'Calculates and pays salaries'),
    ('Warehouse mgmt', 'active', ('nordhafen-logistics',), 'Data and applications', 'Stock, picking, dispatch'),
    ('Customer portal', 'active', ('nordhafen-logistics', 'weserhandel', 'reederei-claasen'), 'Data and applications',
     'Orders, invoices and tickets on the web'),
    ('Patient portal', 'active', ('klinik-am-deich',), 'Data and applications', 'Appointments and findings'),
    ('ERP', 'active', ('nordhafen-logistics', 'stadtwerke-elbmarsch'), 'Data and applications', 'Orders and invoices'),
    ('CRM', 'active', ('corporate-it',), 'Data and applications', 'Contacts, offers, contracts'),
    ('Personnel files', 'active', ('corporate-it',), 'Data and applications', 'Of our own people'),
    ('Cargo tracking', 'retired', ('reederei-claasen',), 'Data and applications',
     'Went to the customer with the end of the contract'),
    ('Mail', 'active', ('corporate-it',), 'Platform team', 'Mail and calendars'),
    ('File shares', 'active', ('corporate-it',), 'Platform team', 'Office documents'),
    ('Intranet', 'active', ('corporate-it',), 'Service management', 'News, forms, operating procedures'),
    ('Directory', 'active', ('corporate-it',), 'Platform team', 'Accounts and sign-on'),
    ('Backup', 'active', ('platform', 'nordhafen-logistics', 'klinik-am-deich'), 'Platform team',
     'Nightly, kept for 90 days, tapes off site'),
    ('Managed Kubernetes', 'planned', ('klinik-am-deich',), 'Platform team', 'From next year on'),
    ('Name resolution', 'active', ('networks',), 'Network team', 'Internal DNS, and time'),
    ('Remote access', 'active', ('corporate-it', 'stadtwerke-elbmarsch'), 'Network team', 'VPN for people on the move'),
    ('Branch network', 'active', ('corporate-it',), 'Network team', 'Lines and routers of the offices'),
    ('Monitoring', 'active', ('platform',), 'Network team', 'Watches, logs and alerts'),
)


def load(world):
    world.functions = Shelf(BusinessFunction, 'name')
    for name, criticality, description in FUNCTIONS:
        world.functions.put(
            name, slug=slugify(name), criticality=criticality, description=description,
            minimum_level=MINIMUM.get(name, ''), owner=world.owners['Service management']
        )
    world.it_services = Shelf(ITService, 'name')
    for name, status, customers, team, description in SERVICES:
        world.it_services.put(
            name, slug=slugify(name), status=status, description=description, owner=world.owners[team],
            related={'tenants': [world.tenants[customer] for customer in customers]}
        )
