"""Who uses NetBox at Nordhafen IT, and what they may do."""
from django.db.models import Q

from core.models import ObjectType
from users.constants import OBJECTPERMISSION_OBJECT_TYPES
from users.models import Group, ObjectPermission, User

from .tools import Shelf

__all__ = ('load',)

GROUPS = {
    'Infrastructure': 'Platform, network and data teams',
    'Management system': 'Information security, service and continuity management',
    'Auditors': 'Internal and external audit: look, but do not touch',
    'Hamburg': 'Site operations of Hamburg DC1',
}

# user name, first name, last name, group, whether they can log in
USERS = (
    ('m.petersen', 'Maike', 'Petersen', 'Infrastructure', True),
    ('auditor', 'Internal', 'Audit', 'Auditors', True),
    ('hamburg', 'Site', 'Operations', 'Hamburg', True),
    ('k.brandt', 'Katrin', 'Brandt', 'Infrastructure', False),
    ('n.yilmaz', 'Nuri', 'Yilmaz', 'Infrastructure', False),
    ('j.okafor', 'Joy', 'Okafor', 'Infrastructure', False),
    ('c.lindqvist', 'Carl', 'Lindqvist', 'Management system', False),
    ('s.moreau', 'Sophie', 'Moreau', 'Management system', False),
)

EQUIPMENT = Q(app_label__in=('dcim', 'virtualization', 'ipam', 'circuits', 'tenancy'))
MANAGEMENT_SYSTEM = Q(app_label='netbox_ims')
# What pages of any object show besides it: its tags, journal, change log and the team that owns the record.
AROUND = (
    Q(app_label='extras', model__in=('tag', 'journalentry', 'savedfilter', 'customfield'))
    | Q(app_label='core', model='objectchange')
    | Q(app_label='users', model__in=('owner', 'ownergroup', 'user', 'group'))
)
# A form can be saved only by who may see what its fields point to.
REFERENCES = (
    Q(app_label='dcim', model__in=(
        'region', 'sitegroup', 'manufacturer', 'devicetype', 'devicerole', 'platform', 'rackrole', 'racktype',
    ))
    | Q(app_label='virtualization', model__in=('clustertype', 'clustergroup'))
    | Q(app_label='tenancy', model__in=('tenant', 'tenantgroup', 'contact', 'contactgroup', 'contactrole'))
    | Q(app_label='extras', model='tag') | Q(app_label='users', model__in=('owner', 'ownergroup'))
)
SECRETS = Q(app_label='users', model='token')
DC1 = 'hamburg-dc1'


def is_written_by_people(object_type):
    """Decisions, retired CIs and the register are written by the database: there is nothing to add or change."""
    model = object_type.model_class()
    return model is not None and 'change' in model._meta.default_permissions


def permissions():
    """(name, actions, object types, constraints, groups) of every permission."""
    known = ObjectType.objects.filter(OBJECTPERMISSION_OBJECT_TYPES)
    ims = list(known.filter(MANAGEMENT_SYSTEM))
    written = [object_type for object_type in ims if is_written_by_people(object_type)]
    in_dc1 = Q(app_label='dcim', model__in=('device', 'rack')) | Q(app_label='virtualization', model='virtualmachine')
    write, change, view = ['view', 'add', 'change'], ['view', 'change'], ['view']
    return (
        ('Equipment', write, known.filter(EQUIPMENT), None, ['Infrastructure']),
        ('Baselines, to take', ['add'], known.filter(app_label='netbox_ims', model='baseline'), None,
         ['Management system', 'Auditors']),
        ('Statements of applicability, to approve', ['approve'],
         known.filter(app_label='netbox_ims', model='statementofapplicability'), None, ['Management system']),
        ('Continuity plans, to approve', ['approve'],
         known.filter(app_label='netbox_ims', model='continuityplan'), None, ['Management system']),
        ('Risks, to accept', ['accept'], known.filter(app_label='netbox_ims', model='risk'), None,
         ['Management system']),
        ('Management system', write, written, None, ['Infrastructure', 'Management system']),
        ('Classification rules, to run', ['run'], known.filter(app_label='netbox_ims', model='classificationrule'),
         None, ['Infrastructure', 'Management system']),
        ('Management system, to look at', view, ims, None, ['Infrastructure', 'Hamburg']),
        ('Around objects', view, known.filter(AROUND), None, ['Infrastructure']),
        ('Everything, to look at', view, known.exclude(SECRETS), None, ['Auditors', 'Management system']),
        ('Hamburg DC1: equipment', change, known.filter(in_dc1), {'site__slug': DC1}, ['Hamburg']),
        ('Hamburg DC1: locations', view, known.filter(app_label='dcim', model='location'), {'site__slug': DC1},
         ['Hamburg']),
        ('Hamburg DC1: clusters', change, known.filter(app_label='virtualization', model='cluster'),
         {'_site__slug': DC1}, ['Hamburg']),
        ('Hamburg DC1: site', change, known.filter(app_label='dcim', model='site'), {'slug': DC1}, ['Hamburg']),
        ('Hamburg DC1: interfaces', view, known.filter(app_label='dcim', model='interface'),
         {'device__site__slug': DC1}, ['Hamburg']),
        ('Hamburg DC1: interfaces of VMs', view, known.filter(app_label='virtualization', model='vminterface'),
         {'virtual_machine__site__slug': DC1}, ['Hamburg']),
        ('Hamburg DC1: addresses', view, known.filter(app_label='ipam', model='ipaddress'),
         [{'interface__device__site__slug': DC1}, {'vminterface__virtual_machine__site__slug': DC1}], ['Hamburg']),
        ('Hamburg DC1: what forms point to', view, known.filter(REFERENCES), None, ['Hamburg']),
    )


def load(world):
    groups = Shelf(Group, 'name')
    for name, description in GROUPS.items():
        groups.put(name, description=description)

    granted = Shelf(ObjectPermission, 'name')
    for name, actions, object_types, constraints, holders in permissions():
        is_new = name not in granted
        permission = granted.put(name, actions=actions, constraints=constraints)
        # A later version of the plugin may have brought models: the permission covers them as well.
        missing = {t.pk for t in object_types} - set(permission.object_types.values_list('pk', flat=True))
        permission.object_types.add(*missing)
        if is_new:
            permission.groups.set([groups[holder] for holder in holders])

    world.users = Shelf(User, 'username')
    for username, first, last, group, can_log_in in USERS:
        if username in world.users:
            continue
        user = User(username=username, first_name=first, last_name=last, email=f'{username}@nordhafen.example')
        user.set_password(username if can_log_in else None)
        user.save()
        user.groups.add(groups[group])
        world.users.things[username] = user
