"""
Nobody learns anything through the plugin about a CI that NetBox would not show them: on no page, in no count, export,
widget, search or API. Everything a user must not see in these tests has "paris" in its name.
"""
from django.test import TestCase

from users.models import User

from netbox_ims.models import AssetProfile, RegisterEntry, RetiredCI
from tests import factories as make

REGISTER = '/plugins/ims/register/'
PLACES = ('berlin', 'paris')
LOOK = tuple(
    f'netbox_ims.view_{model}' for model in ('classification', 'assetprofile', 'registerentry', 'decision', 'retiredci')
)
TOUCH = tuple(f'netbox_ims.{action}_assetprofile' for action in ('add', 'change', 'delete'))


class PermissionTestCase(TestCase):
    """The same estate in Berlin and in Paris, and a user of Berlin's."""

    @classmethod
    def setUpTestData(cls):
        cls.secret = make.make_classification('Secret', level=30, slug='secret')
        cls.open = make.make_classification('Open', level=10, slug='open')
        cls.role = make.make_role('server')
        cls.sites, cls.cis, cls.profiles, cls.retired = {}, {}, {}, {}
        for place in PLACES:
            cls.make_place(place)
        cls.root = User.objects.create_superuser('root')
        cls.limited = cls.make_limited(*LOOK, *TOUCH, username='limited')

    @classmethod
    def make_place(cls, place):
        site, tenant = make.make_site(place), make.make_tenant(f'{place} tenant', slug=f'{place}-tenant')
        cis = {
            name: make.make_device(f'{place} {name}', site, cls.role, tenant=tenant)
            for name in ('classified', 'plain', 'profiled')
        }
        cis |= {
            'vm': make.make_vm(f'{place} vm', site), 'rack': make.make_rack(f'{place} rack', site=site, tenant=tenant),
            'cluster': make.make_cluster(f'{place} cluster', site), 'site': site,
            'circuit': make.make_circuit(f'{place} circuit', site=site),
            'service': make.make_service(f'{place} service', cis['classified']),
            'asset': make.make_information_asset(f'{place} asset', slug=f'{place}-asset'),
        }
        values = {
            'classified': {
                'classification': cls.secret, 'processes_personal_data': True, 'handles_sensitive_data': False,
                'is_information_asset': True, 'rto_minutes': 5, 'data_categories': f'{place} payroll',
                'asset_owner': make.make_contact(f'{place} owner'), 'review_due': '2024-02-01',
            },
            'profiled': {}, 'vm': {'classification': cls.open}, 'asset': {'classification': cls.secret},
            'service': {'classification': cls.open, 'processes_personal_data': False},
        }
        cls.profiles[place] = {name: make.make_profile(cis[name], **values[name]) for name in values}
        gone = make.make_device(f'{place} gone', site, cls.role)
        make.make_profile(gone, classification=cls.secret)
        gone.delete()
        cls.retired[place] = RetiredCI.objects.get(name=f'{place} gone')
        cls.sites[place], cls.cis[place] = site, cis

    @classmethod
    def make_limited(cls, *permissions, **values):
        """A user with these permissions who may see Berlin's CIs, by constraints that differ from type to type."""
        user = make.make_user(*permissions, **values)
        for name, constraints in (
            ('dcim.view_device', {'site__slug': 'berlin'}),                 # the register has a column for it
            ('dcim.view_rack', {'site__name': 'berlin'}),
            ('virtualization.view_virtualmachine', {'site': cls.sites['berlin'].pk}),
            ('dcim.view_site', {'slug': 'berlin'}),                         # and here it has none
            ('virtualization.view_cluster', {'_site__slug': 'berlin'}),
            ('circuits.view_circuit', {'cid__startswith': 'berlin'}),
            ('ipam.view_service', {'name__contains': 'berlin'}),
            ('netbox_ims.view_informationasset', {'slug__startswith': 'berlin'}),
        ):
            make.grant(user, name, constraints=constraints)
        return user

    def setUp(self):
        self.client.force_login(self.limited)

    def entry(self, ci):
        return RegisterEntry.objects.of(ci).get()

    def state(self, place=''):
        return list(AssetProfile.objects.filter(register_entry__name__startswith=place).order_by('pk').values())

    def assertNothingOf(self, place, response):
        text = response if isinstance(response, str) else response.content.decode()
        found = text.lower().find(place)
        self.assertEqual(found, -1, f'…{text[max(0, found - 150):found + 150]}…')
