"""What was decided later: reclassifications, other owners and targets, and CIs that are gone."""
from django.contrib.contenttypes.models import ContentType

from dcim.models import DeviceType

from netbox_ims.models import AssetProfile, Decision, RetiredCI

from .assessments import assess, username, values_of
from .exceptions import said
from .tools import acting_as

__all__ = ('load',)

# user, the world's shelf and the CI on it, reason, what changes
CHANGES = (
    ('n.yilmaz', 'devices', 'hv-ham1-03', 'From the maintenance contract', {'rto': '8h'}),
    ('k.brandt', 'devices', 'hv-ham1-03', 'Host carries internal systems only',
     {'classification': 'internal', 'due': 46}),
    ('j.okafor', 'vms', 'vm-db-03', 'Payroll of customers moved here from srv-pay-01',
     {'classification': 'confidential', 'flags': 'yyy', 'ratings': '443', 'categories': 'salaries, bank details',
      'due': 111}),
    ('j.okafor', 'vms', 'vm-db-03', 'Payroll has to be back in four hours (contract, annex 3)',
     {'rto': '4h', 'rpo': '1h'}),
    ('s.moreau', 'vms', 'vm-web-02', 'Only the public catalogue is left on it',
     {'classification': 'public', 'due': 365}),
    ('k.brandt', 'vms', 'vm-mail-01', 'Mail is personal data, says the data protection officer', {'flags': 'yyy'}),
    ('m.petersen', 'vms', 'vm-crm-01', 'Data and applications runs the CRM from now on', {'owner': 'J. Okafor'}),
    ('n.yilmaz', 'circuits', 'DTAG-8841207', 'New contract: repair within twelve hours, not eight', {'rto': '12h'}),
    ('c.lindqvist', 'information', 'Source code', "Old commits hold customers' keys, until they are purged",
     {'classification': 'confidential', 'flags': 'yyn', 'due': 90}),
    ('s.moreau', 'information', 'Public price list', 'Published with the new rates',
     {'classification': 'public', 'ratings': '132', 'due': 265}),
)


def load(world):
    made = Decision.objects.filter(reason__in={reason for _, _, _, reason, _ in CHANGES})
    known = set(made.values_list('user_name', 'object_id', 'reason'))
    for user, shelf, name, reason, changes in CHANGES:
        ci = getattr(world, shelf)[name]
        if (user, ci.pk, reason) not in known:
            with acting_as(world.users[user]):
                reassess(world, ci, reason, changes)

    gone = set(RetiredCI.objects.values_list('name', flat=True))
    for name, make, assessment, user, reason in RETIRED:
        if name not in gone:
            with acting_as(world.users['m.petersen']):
                ci = make(world, name)
            with acting_as(world.users[username(assessment['by'])]):
                assess(world, ci, assessment)
            with acting_as(world.users[user]):
                ci._changelog_message = reason
                ci.delete()


def reassess(world, ci, reason, changes):
    profile = AssetProfile.objects.get(object_type=ContentType.objects.get_for_model(ci), object_id=ci.pk)
    profile.snapshot()
    for field, value in values_of(world, changes).items():
        setattr(profile, field, value)
    profile._changelog_message = reason
    profile.full_clean()
    profile.save()


def old_server(world, name):
    return world.devices.put(
        name, role=world.roles['server'], device_type=DeviceType.objects.get(slug='r660'),
        site=world.sites['hamburg-dc1'], rack=world.racks['HAM1-R05'], position=30, face='front',
        status='decommissioning', tenant=world.tenants['nordhafen-logistics'], asset_tag='NH-002117',
        platform=world.platforms['debian-12'], owner=world.owners['Data and applications']
    )


def old_vm(world, name):
    return world.vms.put(
        name, cluster=world.clusters['ham1-prod'], role=world.roles['application'], status='decommissioning',
        tenant=world.tenants['reederei-claasen'], owner=world.owners['Data and applications']
    )


# name, what it was, what was said of it, who deleted it and why
RETIRED = (
    ('srv-pay-01', old_server, said(
        'C. Lindqvist', 'Records of processing activities', 'confidential', '443', 'yyy', '8h', '4h', 21,
        categories='salaries, bank details'
    ), 'k.brandt', 'Disks shredded, certificate NH-D-0193. Payroll runs on vm-db-03 now.'),
    ('vm-app-25', old_vm, said(
        'J. Okafor', 'As agreed with the customer', 'internal', '233', 'nyn', '1d', due=140
    ), 'j.okafor', 'Tracking went to the customer with the end of the contract'),
)
