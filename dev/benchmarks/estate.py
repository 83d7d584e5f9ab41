"""
A synthetic estate: sites, devices, virtual machines and services with the register's profiles on most of them, what
depends on what, and the people who look at it. The same every time; what a database holds is up to this file,
`controls.py`, `graph.py`, `bulk.py` and `sizes.py`.
"""
from django.db import connection

from core.models import ObjectType
from dcim.models import Device, DeviceRole, DeviceType, Manufacturer, Site
from extras.models import CustomField, Tag, TaggedItem
from ipam.models import Service
from tenancy.models import Contact, Tenant
from users.models import ObjectPermission, User
from virtualization.models import Cluster, ClusterType, VirtualMachine

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import AssetProfile, Classification, RegisterEntry

from .bulk import drawn, element, insert, numbers, pick, unchecked
from .controls import seed_controls
from .graph import APPLICATION, platforms, seed_dependencies, seed_tops
from .risks import seed_risks

SITES, TENANTS, ROLES, MANUFACTURERS, DEVICE_TYPES, CONTACTS, TAGS = 500, 200, 20, 10, 60, 100, 20
CUSTOM_FIELD = 'data_class'         # what people classify CIs with who have no register
# Of ten profiled CIs. As many CIs are confidential (0.4 of 0.6) as devices are active (0.6 of 0.4).
CLASSES = ('public', 'public', *['internal'] * 4, *['confidential'] * 4)
DEVICE_STATUS = (*['active'] * 6, 'planned', 'staged', 'offline', 'inventory')
SUPERUSER, SITE_USER, MAKER_USER = 'bench-superuser', 'bench-sites', 'bench-manufacturer'
NAME_TAIL = "'-' || substr(md5(i::text), 1, 6) || '-' || i"     # the order of names is not that of primary keys


def seed(size, tell):
    tell('sites, tenants, device types, clusters')
    seed_surroundings(size)
    tell(f'{size.devices:,} devices, {size.virtual_machines:,} virtual machines, {size.services:,} services')
    with unchecked():
        seed_cis(size)
        seed_tags()
        seed_tops(size)
    tell('what depends on what')
    with unchecked():
        seed_dependencies(size)
    tell('profiles for six of ten CIs')
    with unchecked():
        seed_profiles()
    tell('controls on 100,000 CIs')
    seed_controls()
    tell(f'{size.risks:,} risks')
    with unchecked():
        seed_risks(size)
    seed_users()


def first(model):
    """The lowest primary key; those of objects made in one statement follow one after the other."""
    return model.objects.order_by('pk').values_list('pk', flat=True)[0]


def ids(model):
    return list(model.objects.order_by('pk').values_list('pk', flat=True))


def seed_surroundings(size):
    Site.objects.bulk_create(Site(name=f'Site {i}', slug=f'site-{i}') for i in range(SITES))
    Tenant.objects.bulk_create(Tenant(name=f'Tenant {i}', slug=f'tenant-{i}') for i in range(TENANTS))
    DeviceRole.objects.bulk_create(DeviceRole(name=f'Role {i}', slug=f'role-{i}') for i in range(ROLES))
    Manufacturer.objects.bulk_create(Manufacturer(name=f'Mf {i}', slug=f'mf-{i}') for i in range(MANUFACTURERS))
    makers = ids(Manufacturer)
    DeviceType.objects.bulk_create(
        DeviceType(model=f'Model {i}', slug=f'model-{i}', manufacturer_id=makers[i % MANUFACTURERS])
        for i in range(DEVICE_TYPES)
    )
    kind = ClusterType.objects.create(name='Hypervisors', slug='hypervisors')
    Cluster.objects.bulk_create(Cluster(name=f'Cluster {i}', type=kind) for i in range(size.clusters))
    Contact.objects.bulk_create(Contact(name=f'Contact {i}') for i in range(CONTACTS))
    Tag.objects.bulk_create(Tag(name=f'Tag {i}', slug=f'tag-{i}') for i in range(TAGS))
    field = CustomField.objects.create(name=CUSTOM_FIELD, type='text', filter_logic='exact')
    # Not by set(), which would have a job fill in the objects there are: none.
    CustomField.object_types.through.objects.bulk_create(
        CustomField.object_types.through(customfield=field, contenttype_id=content_type(model))
        for model in (Device, VirtualMachine, Service)
    )


def content_type(model):
    return ObjectType.objects.get_for_model(model).pk


def seed_cis(size):
    sites = ids(Site)

    def site(cluster, where):
        """What belongs to a cluster stands where it does; the rest, anywhere."""
        return f"CASE WHEN {where} THEN {element(sites, f'({cluster}) %% {SITES}')} ELSE {pick(sites, 'i', 'site')} END"

    common = {
        'role': pick(ids(DeviceRole), 'i', 'role'),
        'tenant': f"CASE WHEN i %% 3 > 0 THEN {pick(ids(Tenant), 'i', 'tenant')} END",
    }
    custom = f"jsonb_build_object('{CUSTOM_FIELD}', CASE WHEN i %% 10 < 6 THEN {pick(CLASSES, 'i', 'class')} END)"
    # Clusters take turns, so that what is on the same place in turn is in the same one.
    clusters = ids(Cluster)
    turn = f'(i - 1) %% {size.clusters}'
    insert(
        Device, numbers(size.devices), **common, custom_field_data=custom,
        site=site(turn, f'i <= {size.hosts + size.servers}'),
        name=f"{pick(('sw', 'rtr', 'srv', 'fw', 'esx', 'stor'), 'i', 'kind')} || {NAME_TAIL}", serial="'SN' || i",
        status=pick(DEVICE_STATUS, 'i', 'status'), device_type=pick(ids(DeviceType), 'i', 'type'),
        cluster=f'CASE WHEN i <= {size.hosts} THEN {element(clusters, turn)} END',
    )
    device, guest = first(Device), f'i <= {size.guests}'
    host = f'{device} + {turn} + {size.clusters} * ({drawn(size.hosts // size.clusters, "i", "host")})'
    insert(
        VirtualMachine, numbers(size.virtual_machines), **common, custom_field_data=custom, site=site(turn, guest),
        name=f"'vm-' || {pick(('app', 'db', 'web', 'etl'), 'i', 'kind')} || {NAME_TAIL}",
        status=pick(('active', 'active', 'active', 'offline'), 'i', 'status'),
        cluster=f'CASE WHEN {guest} THEN {element(clusters, turn)} END',
        device=f'CASE WHEN {guest} AND i %% 3 = 0 THEN {host} END',
    )
    # An application runs in one cluster, on guests and servers; what any of them may use, anywhere.
    on_guest, vm = 'i %% 5 > 0', first(VirtualMachine)
    application = f'CASE WHEN i <= {size.services - platforms(size)} THEN (i - 1) / {APPLICATION} ELSE i END'
    home = f'({drawn(size.clusters, f"({application})", "home")})'

    def place(count):
        return f'{home} + {size.clusters} * ({drawn(count // size.clusters, "i", "parent")})'

    insert(
        Service, numbers(size.services), custom_field_data=custom, port_mappings="ARRAY['tcp/443']",
        name=f"{pick(('https', 'ssh', 'postgres', 'ldap'), 'i', 'kind')} || '-' || i",
        parent_object_type=f'CASE WHEN {on_guest} THEN {content_type(VirtualMachine)} ELSE {content_type(Device)} END',
        parent_object_id=f'CASE WHEN {on_guest} THEN {vm} + {place(size.guests)} '
                         f'ELSE {device + size.hosts} + {place(size.servers)} END',
    )


def seed_tags():
    for model in (Device, VirtualMachine):
        insert(
            TaggedItem, f'{model._meta.db_table} ci WHERE ci.id %% 5 = 0',
            object_id='ci.id', content_type=str(content_type(model)), tag=pick(ids(Tag), 'ci.id', 'tag'),
        )


def seed_profiles():
    classes = dict(Classification.objects.values_list('slug', 'pk'))
    for ci_type in get_ci_types().values():
        insert(
            AssetProfile, f'{ci_type.model._meta.db_table} ci WHERE ci.id %% 10 < 6',
            object_type=str(content_type(ci_type.model)), object_id='ci.id',
            classification=pick([classes[slug] for slug in CLASSES], 'ci.id', ci_type.label),
            is_information_asset='ci.id %% 7 = 0', handles_sensitive_data='ci.id %% 4 = 0',
            processes_personal_data='CASE WHEN ci.id %% 3 > 0 THEN ci.id %% 5 = 0 END',
            rto_minutes=pick([0, 60, 240, 480, 1440, 4320], 'ci.id', 'rto'),
            rpo_minutes=pick([0, 15, 60, 1440], 'ci.id', 'rpo'), asset_owner=pick(ids(Contact), 'ci.id', 'owner'),
            last_reviewed='current_date - (ci.id %% 300)::int', review_due='current_date - (ci.id %% 300)::int + 270',
        )


def seed_users():
    User.objects.create(username=SUPERUSER, is_superuser=True)
    three = {'site__slug__in': ['site-7', 'site-77', 'site-177']}
    permit(SITE_USER, {
        Device: three,
        VirtualMachine: three,
        Site: {'slug__in': three['site__slug__in']},
        # A service has no site: its constraint goes through what it runs on, which the register cannot say.
        Service: [{f'{on}__{key}': value for key, value in three.items()} for on in ('device', 'virtual_machine')],
    })
    permit(MAKER_USER, {Device: {'device_type__manufacturer__slug': 'mf-1'}})


def permit(username, constraints):
    """A user who may view the register, and of each model what its constraints let through."""
    user = User.objects.create(username=username)
    for model, constraint in {RegisterEntry: None, AssetProfile: None, Classification: None, **constraints}.items():
        permission = ObjectPermission.objects.create(name=f'{username} {model._meta.label}', actions=['view'],
                                                     constraints=constraint)
        permission.object_types.set([content_type(model)])
        permission.users.set([user])


def vacuum():
    """As autovacuum would have it: counts are only as fast as the visibility map is fresh."""
    with connection.cursor() as cursor:
        cursor.execute('VACUUM (ANALYZE)')
