"""Teams that own records, people and suppliers to turn to, customers and own departments."""
from django.contrib.contenttypes.models import ContentType

from tenancy.models import Contact, ContactAssignment, ContactGroup, ContactRole, Tenant, TenantGroup
from users.models import Owner, OwnerGroup

from .tools import Shelf

__all__ = ('assign', 'load')

# team -> its users
OWNERS = {
    'Platform team': ('k.brandt', 'm.petersen'),
    'Network team': ('n.yilmaz', 'm.petersen'),
    'Data and applications': ('j.okafor',),
    'Information security': ('c.lindqvist',),
    'Service management': ('s.moreau',),
}

# slug, name, parent
CONTACT_GROUPS = (
    ('nordhafen-it', 'Nordhafen IT', None), ('management', 'Management', 'nordhafen-it'),
    ('operations', 'Operations', 'nordhafen-it'), ('suppliers', 'Suppliers', None), ('customers', 'Customers', None),
)

CONTACT_ROLES = (
    ('technical', 'Technical contact'), ('facility', 'Facility manager'), ('account-manager', 'Account manager'),
    ('supplier-desk', 'Supplier service desk'),
)

# name, title, group
CONTACTS = (
    ('A. Hansen', 'Managing director', 'management'),
    ('C. Lindqvist', 'Information security officer', 'management'),
    ('S. Moreau', 'Head of service management', 'management'),
    ('K. Brandt', 'Head of platform', 'operations'),
    ('N. Yilmaz', 'Head of networks', 'operations'),
    ('J. Okafor', 'Head of data and applications', 'operations'),
    ('M. Petersen', 'Infrastructure engineer', 'operations'),
    ('T. Wessels', 'Facility manager, Hamburg', 'operations'),
    ('R. Jansen', 'Office manager, Bremen', 'operations'),
    ('B. Dreyer', 'IT manager, Nordhafen Logistics', 'customers'),
    ('E. Thode', 'Data protection officer, Klinik am Deich', 'customers'),
    ('DTAG business support', 'Fault desk, around the clock', 'suppliers'),
    ('Elbenetz NOC', 'Network operations centre', 'suppliers'),
    ('Kontor Records', 'Off-site media vault', 'suppliers'),
)

TENANT_GROUPS = (('customers', 'Customers'), ('departments', 'Own departments'))

# slug, name, group, description
TENANTS = (
    ('nordhafen-logistics', 'Nordhafen Logistics', 'customers', 'Port logistics: warehouse, ERP, payroll'),
    ('reederei-claasen', 'Reederei Claasen', 'customers', 'Shipping line: crew and cargo systems'),
    ('stadtwerke-elbmarsch', 'Stadtwerke Elbmarsch', 'customers', 'Municipal utility, critical infrastructure'),
    ('klinik-am-deich', 'Klinik am Deich', 'customers', 'Hospital: patient portal and archive'),
    ('weserhandel', 'Weserhandel', 'customers', 'Web shop'),
    ('platform', 'Platform', 'departments', 'Shared hosting platform'),
    ('networks', 'Networks', 'departments', 'Backbone and customer access'),
    ('corporate-it', 'Corporate IT', 'departments', "Nordhafen IT's own mail, files, HR and finance"),
)


def load(world):
    group = Shelf(OwnerGroup, 'name').put('Nordhafen IT', description='Teams')
    world.owners = Shelf(Owner, 'name')
    for name, members in OWNERS.items():
        world.owners.put(name, group=group, related={'users': [world.users[member] for member in members]})

    groups = Shelf(ContactGroup, 'slug')
    for slug, name, parent in CONTACT_GROUPS:
        groups.put(slug, name=name, parent=groups[parent] if parent else None)
    world.contact_roles = Shelf(ContactRole, 'slug')
    for slug, name in CONTACT_ROLES:
        world.contact_roles.put(slug, name=name)
    world.assignments = Shelf(ContactAssignment, 'object_type_id', 'object_id', 'contact_id', 'role_id')
    world.contacts = Shelf(Contact, 'name')
    for number, (name, title, slug) in enumerate(CONTACTS):
        email = name.lower().replace('. ', '.').replace(' ', '-')
        domain = f'{slug}.example' if slug in ('suppliers', 'customers') else 'nordhafen.example'
        world.contacts.put(
            name, title=title, email=f'{email}@{domain}', phone=f'+49 40 5550-{110 + number}',
            related={'groups': [groups[slug]]}
        )

    groups = Shelf(TenantGroup, 'slug')
    for slug, name in TENANT_GROUPS:
        groups.put(slug, name=name)
    world.tenants = Shelf(Tenant, 'slug')
    for slug, name, group, description in TENANTS:
        tenant = world.tenants.put(slug, name=name, group=groups[group], description=description)
        if group == 'customers':
            assign(world, tenant, 'S. Moreau', 'account-manager')


def assign(world, thing, contact, role):
    """Make somebody the contact of a site, provider, cluster…, in a role."""
    type_id = ContentType.objects.get_for_model(thing).pk
    world.assignments.put(type_id, thing.pk, world.contacts[contact].pk, world.contact_roles[role].pk)
