"""
Nobody sees through the register what NetBox would not show them.

Random permissions over an estate that has every difficulty: the register's rows must be those of
`Model.objects.restrict(user, 'view')` for each CI type, whether constraints were translated or not.
"""
import random
from unittest.mock import patch

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase, override_settings

from extras.models import Tag
from users.models import ObjectPermission, Owner
from utilities.querysets import RestrictedQuerySet

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import AssetProfile, Decision, RegisterEntry, RetiredCI
from netbox_ims.querysets import visibility
from tests import factories as make

from .checks import ci_types, settle

OURS = (
    'netbox_ims.view_registerentry',
    'netbox_ims.view_assetprofile',
    'netbox_ims.view_retiredci',
    'netbox_ims.view_decision',
)
NAMES = (
    'core-1',
    'CORE-2',
    'edge 10',
    'edge 9',
    'Straße',
    'STRASSE',
    'éclair',
    'ÉCLAIR',
    'İzmir',
    '100%',
    'a_b',
    'x' * 60,
)

# Constraints NetBox accepts; {n} stands for primary keys picked at random. Those of the first group can be translated.
SITED = [
    {'site__slug': 'bern'},
    {'site': '{site}'},
    {'site_id': '{site}'},
    {'site__id__in': ['{site}', '{site}']},
    {'site_id__in': ['{site}', '{site}']},
    {'site_id__in': []},
    {'site__region__slug': 'north'},
    {'site__name__icontains': 'E'},
    {'site__region__isnull': True},
    {'site_id': '$user'},
    {'site__status': 'active'},
    {'site__slug__in': ['bern', 'genf']},
    {'site__custom_field_data__zone': 'a'},
    {'site__region__parent': None},
    {'site__isnull': True},
    {'site__id__gt': '{site}'},
]
TENANTED = [
    {'tenant': None},
    {'tenant__isnull': True},
    {'tenant__isnull': False},
    {'tenant__slug': 'bank'},
    {'tenant_id': '{tenant}'},
    {'tenant__slug__in': ['bank', 'shop']},
    {'tenant__group__isnull': True},
    {'tenant': '{tenant}'},
    {'tenant__name__startswith': 'B'},
]
ROLED = [{'role__slug': 'router'}, {'role': '{role}'}, {'role__parent__isnull': True}, {'role__name__in': ['Router']}]
STATUSED = [
    {'status': 'active'},
    {'status__in': ['active', 'offline']},
    {'status': 'no such status'},
    {'status__startswith': 'a'},
    {'status__isnull': False},
    {'status__iexact': 'ACTIVE'},
    {'status__gt': 'm'},
]
IDENTIFIED = [
    {'id__in': ['{id}', '{id}', '{id}']},
    {'pk': '{id}'},
    {'id__lt': '{id}'},
    {'pk__gte': '$user'},
    {'id': '$user'},
]


def named(field):
    """Constraints on a name: some mean the same in the register, some must be asked of the CI itself."""
    return [
        {f'{field}{lookup}': value}
        for lookup, value in (
            ('', 'core-1'),
            ('__exact', 'CORE-2'),
            ('__in', ['core-1', 'éclair', 'İzmir']),
            ('__startswith', 'edge'),
            ('__istartswith', 'core'),
            ('__icontains', 'ss'),
            ('__icontains', 'É'),
            ('__iexact', 'strasse'),
            ('__iexact', 'ÉCLAIR'),
            ('__contains', '%'),
            ('__contains', '_'),
            ('__endswith', '9'),
            ('__iendswith', 'SE'),
            ('__iendswith', 'ß'),
            ('__gt', 'edge 9'),
            ('__lte', 'edge 10'),
            ('__regex', '^[a-e]'),
            ('__iregex', 'straß'),
            ('', ''),
            ('__in', ['', 'core-1']),
            ('__isnull', True),
            ('__isnull', False),
            ('__startswith', ''),
            ('__contains', ''),
            ('', None),
            ('__in', [None, 'core-1']),
            ('__in', []),
            ('', '$user'),
            ('__in', ['$user', 'core-1']),
            ('__contains', 'x' * 60),
        )
    ]


OWN = [
    {'owner__users': '$user'},
    {'tags__name': 'red'},
    {'tags__slug__in': ['red', 'blue']},
    {'description': ''},
    {'comments__contains': 'x'},
]
POOLS = {
    'dcim.device': SITED
    + TENANTED
    + ROLED
    + STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [
        {'device_type__slug': 'model'},
        {'device_type__manufacturer__name': 'Nobody'},
        {'serial': 'S1'},
        {'rack__isnull': False},
        {'site__tags__name': 'red'},
        {'site__devices__name': 'core-1'},
        {'location__site__slug': 'bern'},
        {'site__owner__users': '$user'},
        {'site__locations__name': 'none', 'status': 'active'},
        {'role__devices__name__startswith': 'edge'},
        {'site__group': None},
        {'tenant__contacts__contact__name': 'nobody'},
        {'cluster__isnull': True},
    ],
    'dcim.rack': SITED
    + TENANTED
    + STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [{'serial': ''}, {'role__isnull': True}, {'site__racks__name': 'edge 9'}],
    'dcim.site': TENANTED
    + STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [
        {'slug': 'bern'},
        {'region__slug': 'north'},
        {'region': None},
        {'devices__name': 'core-1'},
        {'group__isnull': True},
    ],
    'virtualization.virtualmachine': SITED
    + TENANTED
    + ROLED
    + STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [
        {'cluster__name': 'core-1'},
        {'memory__gt': 10},
        {'site__virtual_machines__name': 'edge 9'},
        {'platform': None},
    ],
    'virtualization.cluster': TENANTED
    + STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [
        {'_site__slug': 'bern'},
        {'_site': '{site}'},
        {'_site_id__in': ['{site}', '{site}']},
        {'_site__isnull': True},
        {'_site__region__slug': 'north'},
        {'scope_id': '{site}'},
        {'_region__isnull': False},
        {'type__slug': 'hypervisor'},
        {'virtual_machines__name': 'core-1'},
    ],
    'ipam.service': IDENTIFIED
    + named('name')
    + OWN
    + [
        {'parent_object_id': '{id}'},
        {'device__site__slug': 'bern'},
        {'virtual_machine__tenant': None},
        {'port_mappings__contains': ['tcp/443']},
    ],
    'circuits.circuit': TENANTED
    + STATUSED
    + IDENTIFIED
    + named('cid')
    + OWN
    + [
        {'termination_a___site__slug': 'bern'},
        {'provider__slug': 'carrier'},
        {'terminations__term_side': 'A'},
        {'termination_a__isnull': True},
    ],
    'netbox_ims.businessfunction': IDENTIFIED + named('name') + OWN + [{'criticality': 'high'}, {'criticality': None}],
    'netbox_ims.itservice': STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [{'tenants__slug': 'bank'}, {'tenants__isnull': True}],
    'netbox_ims.informationasset': STATUSED
    + IDENTIFIED
    + named('name')
    + OWN
    + [{'slug': 'asset-of-bank'}, {'custodian__name': 'Ada'}],
}


def key(label):
    return get_ci_types()[label].content_type.pk


class VisibilityTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        rnd = random.Random('estate')
        north, south = make.make_region('north'), make.make_region('south')
        cls.sites = [
            make.make_site('Bern', region=north, tenant=make.make_tenant('Bank'), custom_field_data={'zone': 'a'}),
            make.make_site('Genf', region=south, status='planned'),
            make.make_site('core-1', region=make.make_region('below', parent=north)),
            make.make_site('Straße', slug='strasse'),
        ]
        cls.tenants = [cls.sites[0].tenant, make.make_tenant('Shop'), None]
        cls.roles = [make.make_role('Router'), make.make_role('Switch')]
        cls.roles.append(make.make_role('Core switch', slug='core-switch', parent=cls.roles[1]))
        red, blue = (Tag.objects.create(name=name, slug=name) for name in ('red', 'blue'))
        cls.owner = Owner.objects.create(name='Team')
        classification = make.make_classification('Secret')

        cis = [*cls.sites]
        for number, name in enumerate(NAMES):
            place = {'site': rnd.choice(cls.sites), 'tenant': rnd.choice(cls.tenants)}
            owner = rnd.choice([None, cls.owner])
            device = make.make_device(
                name,
                role=rnd.choice(cls.roles),
                status=rnd.choice(['active', 'offline']),
                serial=rnd.choice(['S1', '']),
                owner=owner,
                **place,
            )
            place = {'site': rnd.choice(cls.sites), 'tenant': rnd.choice(cls.tenants)}
            vm = make.make_vm(
                name,
                role=rnd.choice([None, *cls.roles]),
                status=rnd.choice(['active', 'paused']),
                memory=rnd.choice([5, 50]),
                **place,
            )
            cis += [
                device,
                vm,
                make.make_rack(name, status=rnd.choice(['active', 'reserved']), owner=owner, **place),
                make.make_cluster(
                    f'{name} {number}' if number % 2 else name,
                    scope=rnd.choice([None, north, *cls.sites]),
                    tenant=place['tenant'],
                    status=rnd.choice(['active', 'offline']),
                ),
                make.make_service(name, parent=rnd.choice([device, vm])),
                make.make_circuit(
                    name,
                    site=rnd.choice([None, *cls.sites]),
                    tenant=place['tenant'],
                    status=rnd.choice(['active', 'offline']),
                ),
                make.make_information_asset(
                    name, slug=f'asset-{number}', status=rnd.choice(['active', 'retired']), owner=owner
                ),
                make.make_business_function(
                    name, slug=f'function-{number}', criticality=rnd.choice([None, 'high']), owner=owner
                ),
                make.make_it_service(
                    name, slug=f'it-service-{number}', status=rnd.choice(['active', 'retired']), owner=owner
                ),
            ]
        cis += [make.make_device(None, site=site, role=cls.roles[0], tenant=cls.tenants[1]) for site in cls.sites]
        cis.append(make.make_vm('nowhere', cluster=make.make_cluster('nowhere')))
        for ci in cis:
            ci.tags.set(rnd.choice([[], [red], [red, blue]]))
            if rnd.random() < 0.6:
                make.make_profile(
                    ci, classification=rnd.choice([None, classification]), rto_minutes=rnd.choice([None, 0, 60])
                )
        cls.cis = cis
        settle()

    # -- permissions

    def fill(self, rnd, value, label):
        """A value with its placeholders filled in."""
        if isinstance(value, list):
            return [self.fill(rnd, v, label) for v in value]
        if value in ('{site}', '{tenant}', '{role}'):
            return rnd.choice({'{site}': self.sites, '{tenant}': self.tenants[:2], '{role}': self.roles}[value]).pk
        if value == '{id}':
            return rnd.choice(list(get_ci_types()[label].model.objects.values_list('pk', flat=True)))
        return value

    def constraint(self, rnd, label):
        picked = {}
        for constraint in rnd.sample(POOLS[label], rnd.choice([1, 1, 2, 3])):
            picked.update({name: self.fill(rnd, value, label) for name, value in constraint.items()})
        return picked

    def constraints(self, rnd, label):
        """What one object permission may have: nothing, one set, or several of which one must hold."""
        return rnd.choice([
            lambda: None,
            lambda: self.constraint(rnd, label),
            lambda: self.constraint(rnd, label),
            lambda: [self.constraint(rnd, label) for _ in range(rnd.choice([1, 2, 3]))],
        ])()

    def random_user(self, rnd, **values):
        user = make.make_user(*OURS, **values)
        group = make.make_group(user)
        if rnd.random() < 0.5:
            self.owner.users.add(user)
        for label in get_ci_types():
            app_label, model = label.split('.')
            for _ in range(rnd.choice([0, 1, 1, 2, 3])):
                constraints = self.constraints(rnd, label)
                (permission,) = make.grant(
                    rnd.choice([user, group]), f'{app_label}.view_{model}', constraints=constraints
                )
                if rnd.random() < 0.1:
                    ObjectPermission.objects.filter(pk=permission.pk).update(enabled=False)
                if rnd.random() < 0.1:
                    ObjectPermission.objects.filter(pk=permission.pk).update(actions=['change'])
        return make.fresh(user)

    # -- what is seen, and what should be

    def everything(self):
        return set(RegisterEntry.objects.values_list('object_type_id', 'object_id'))

    def of_type(self, *labels):
        return {row for row in self.everything() if row[0] in {key(label) for label in labels}}

    def view_all(self):
        return [f'{app}.view_{model}' for app, model in (label.split('.') for label in get_ci_types())]

    def visible(self, user):
        """What NetBox would show of each type: {(type, id)}."""
        return {
            (ci_type.content_type.pk, pk) for ci_type in get_ci_types().values()
            for pk in ci_type.model.objects.restrict(user, 'view').values_list('pk', flat=True)
        }

    def rows(self, queryset):
        """{(type, id)} of register rows and the like, each of which must come once only, as must their count."""
        rows = list(queryset.values_list('object_type_id', 'object_id'))
        self.assertEqual(queryset.count(), len(rows))
        return rows

    def assertSees(self, user, expected=None):
        expected = self.visible(user) if expected is None else expected
        entries = self.rows(RegisterEntry.objects.restrict(user))
        self.assertEqual(len(entries), len(set(entries)))
        self.assertEqual(set(entries), expected)
        profiles = self.rows(AssetProfile.objects.restrict(user))
        self.assertEqual(len(profiles), len(set(profiles)))
        profiled = set(AssetProfile.objects.values_list('object_type_id', 'object_id'))
        self.assertEqual(set(profiles), expected & profiled)
        return expected


class RandomPermissionsTestCase(VisibilityTestCase):

    def test_the_register_shows_what_netbox_shows(self):
        everything, translated, asked = len(self.cis), 0, 0
        sizes = set()
        for seed in range(120):
            rnd = random.Random(seed)
            user = self.random_user(rnd)
            with self.subTest(seed=seed):
                sizes.add(len(self.assertSees(user)))
                for ci_type in get_ci_types().values():
                    if isinstance(permitted := visibility.permitted(user, ci_type.model), list):
                        if visibility.translate_constraints(ci_type, permitted) is None:
                            asked += 1
                        else:
                            translated += 1
        # Both ways have been tried, by users who see nothing, much and something in between.
        self.assertGreater(min(translated, asked), 50)
        self.assertGreater(len(sizes), 30)
        self.assertLess(max(sizes), everything + 5)

    def test_asking_every_ci_itself_gives_the_same(self):
        for seed in range(0, 120, 3):
            user = self.random_user(random.Random(seed))
            with self.subTest(seed=seed), patch.object(visibility, 'translate_constraints', return_value=None):
                self.assertSees(user)

    def test_each_constraint_alone(self):
        """Also those that a random choice would mask with another."""
        rnd = random.Random('alone')
        for label, pool in POOLS.items():
            app_label, model = label.split('.')
            for constraint in pool:
                filled = {name: self.fill(rnd, value, label) for name, value in constraint.items()}
                user = make.make_user(*OURS)
                make.grant(user, f'{app_label}.view_{model}', constraints=filled)
                with self.subTest(label, constraint=filled):
                    self.assertSees(make.fresh(user))

    def test_what_can_be_said_in_the_register_is_said_there(self):
        """Else it is right, but slow."""
        types = get_ci_types()
        for label, constraint, translation in (
            ('dcim.device', {'site__slug': 'bern'}, {'site__slug': 'bern'}),
            ('dcim.device', {'site_id__in': [1, 2], 'tenant': None}, {'site_id__in': [1, 2], 'tenant': None}),
            ('dcim.device', {'role__slug': 'router', 'status': 'active'}, {'role__slug': 'router', 'status': 'active'}),
            (
                'dcim.device',
                {'name__startswith': 'core', 'id__lt': 7},
                {'name__startswith': 'core', 'object_id__lt': 7},
            ),
            ('dcim.device', {'pk': '$user'}, {'object_id': '$user'}),
            ('virtualization.cluster', {'_site__region__slug': 'north'}, {'site__region__slug': 'north'}),
            ('virtualization.cluster', {'_site_id': 3}, {'site_id': 3}),
            ('circuits.circuit', {'cid__startswith': 'A'}, {'name__startswith': 'A'}),
            ('dcim.site', {'name__in': ['Bern']}, {'name__in': ['Bern']}),
            ('dcim.device', {'site__tags__name': 'red'}, None),
            ('dcim.device', {'site__slug': 'bern', 'serial': ''}, None),
            ('dcim.device', {'name__isnull': True}, None),
            ('dcim.device', {'name': ''}, None),
            ('dcim.device', {'name__in': ['a', None]}, None),
            ('dcim.device', {'id': 1, 'pk': 1}, None),
            ('dcim.site', {'site': 1}, None),
            ('ipam.service', {'parent__site': 1}, None),
            ('circuits.circuit', {'termination_a___site': 1}, None),
        ):
            with self.subTest(label, constraint=constraint):
                expected = None if translation is None else [translation]
                self.assertEqual(visibility.translate_constraints(types[label], [constraint]), expected)


class KindsOfUserTestCase(VisibilityTestCase):

    def test_superuser(self):
        user = make.make_user(is_superuser=True)
        self.assertSees(user, self.everything())
        self.assertEqual(Decision.objects.restrict(user).count(), Decision.objects.count())

    def test_all_permissions(self):
        user = make.make_user(*OURS, *self.view_all())
        self.assertTrue(visibility.may_see_every_ci(user))
        self.assertSees(user, self.everything())

    def test_one_type(self):
        self.assertSees(make.make_user(*OURS, 'dcim.view_rack'), self.of_type('dcim.rack'))

    def test_no_permission_on_any_ci(self):
        self.assertSees(make.make_user(*OURS), set())

    def test_no_permission_of_the_plugin(self):
        user = make.make_user(*self.view_all())
        for model in (RegisterEntry, AssetProfile, RetiredCI, Decision):
            with self.subTest(model.__name__):
                self.assertEqual(model.objects.restrict(user).count(), 0)

    def test_each_permission_of_the_plugin_is_for_its_own_objects(self):
        for model, permission in ((RegisterEntry, OURS[0]), (AssetProfile, OURS[1]), (Decision, OURS[3])):
            user = make.make_user(permission, *self.view_all())
            for other in (RegisterEntry, AssetProfile, Decision):
                with self.subTest(permission, model=other.__name__):
                    self.assertEqual(other.objects.restrict(user).exists(), other is model)

    def test_constraints_on_the_plugins_objects_hold_besides(self):
        user = make.make_user('dcim.view_device', 'dcim.view_rack')
        make.grant(user, OURS[0], constraints={'status': 'active'})
        make.grant(user, OURS[1], constraints={'rto_minutes': 0})
        user = make.fresh(user)
        # An entry is kept back together with its profile.
        active = RegisterEntry.objects.filter(status='active').exclude(profile__in=(
            AssetProfile.objects.exclude(rto_minutes=0) | AssetProfile.objects.filter(rto_minutes=None)
        ))
        expected = set(active.values_list('object_type_id', 'object_id')) & self.of_type('dcim.device', 'dcim.rack')
        self.assertTrue(expected)
        self.assertEqual(set(self.rows(RegisterEntry.objects.restrict(user))), expected)
        profiles = AssetProfile.objects.restrict(user)
        self.assertTrue(profiles)
        self.assertEqual(set(profiles.values_list('rto_minutes', flat=True)), {0})

    def test_other_actions_need_sight_of_the_ci_too(self):
        user = make.make_user('netbox_ims.change_assetprofile', 'dcim.change_rack', 'dcim.view_device')
        self.assertEqual(AssetProfile.objects.restrict(user, 'view').count(), 0)
        self.assertEqual(
            set(AssetProfile.objects.restrict(user, 'change').values_list('object_type_id', flat=True)),
            {key('dcim.device')},
        )

    def test_groups(self):
        user = make.make_user()
        group = make.make_group(user)
        make.grant(group, *OURS)
        make.grant(group, 'dcim.view_rack')
        self.assertSees(make.fresh(user), self.of_type('dcim.rack'))
        user.groups.clear()
        self.assertSees(make.fresh(user), set())

    def test_inactive(self):
        for values in ({}, {'is_superuser': True}):
            with self.subTest(values):
                user = make.make_user(*OURS, *self.view_all(), is_active=False, **values)
                self.assertSees(user, set())

    def test_anonymous_and_nobody(self):
        for user in (AnonymousUser(), None):
            with self.subTest(user):
                self.assertSees(user, set())
                self.assertEqual(Decision.objects.restrict(user).count(), 0)
                self.assertEqual(RetiredCI.objects.restrict(user).count(), 0)

    def test_default_permissions(self):
        for default, labels in (
            ({OURS[0]: (), OURS[1]: (), 'dcim.view_rack': ()}, ['dcim.rack']),
            (
                {OURS[0]: (None,), OURS[1]: ({},), 'dcim.view_rack': ({},), 'dcim.view_site': None},
                ['dcim.rack', 'dcim.site'],
            ),
        ):
            with self.subTest(default), override_settings(DEFAULT_PERMISSIONS=default):
                self.assertSees(make.make_user(), self.of_type(*labels))
        default = {OURS[0]: (), OURS[1]: (), 'dcim.view_device': ({'site__slug': 'bern'}, {'id': '$user'})}
        with override_settings(DEFAULT_PERMISSIONS=default):
            expected = self.assertSees(make.make_user())
            self.assertTrue(expected)
            self.assertLess(expected, self.of_type('dcim.device'))

    def test_a_type_that_is_no_ci_any_more_is_not_shown(self):
        user = make.make_user(*OURS, *self.view_all())
        with ci_types(['dcim.device', 'dcim.rack']):
            self.assertSees(user, self.of_type('dcim.device', 'dcim.rack'))


class ExemptViewPermissionsTestCase(VisibilityTestCase):
    """EXEMPT_VIEW_PERMISSIONS opens what it names, and nothing else."""

    @override_settings(EXEMPT_VIEW_PERMISSIONS=['*'])
    def test_all(self):
        for user in (AnonymousUser(), None, make.make_user(), make.make_user(is_active=False)):
            with self.subTest(user):
                self.assertSees(user, self.everything())
                self.assertEqual(Decision.objects.restrict(user).count(), Decision.objects.count())

    @override_settings(EXEMPT_VIEW_PERMISSIONS=['dcim.device'])
    def test_one_type(self):
        self.assertSees(make.make_user(*OURS), self.of_type('dcim.device'))
        self.assertSees(make.make_user(*OURS, 'dcim.view_rack'), self.of_type('dcim.device', 'dcim.rack'))
        for user in (AnonymousUser(), None, make.make_user(), make.make_user(*OURS, is_active=False)):
            with self.subTest(user):
                self.assertSees(user, set())

    @override_settings(
        EXEMPT_VIEW_PERMISSIONS=['netbox_ims.registerentry', 'netbox_ims.assetprofile', 'netbox_ims.decision']
    )
    def test_the_plugins_objects_open_no_ci(self):
        for user in (AnonymousUser(), None, make.make_user()):
            with self.subTest(user):
                self.assertSees(user, set())
                self.assertEqual(Decision.objects.restrict(user).count(), 0)
        self.assertSees(make.make_user('dcim.view_rack'), self.of_type('dcim.rack'))

    @override_settings(EXEMPT_VIEW_PERMISSIONS=['netbox_ims.registerentry', 'netbox_ims.assetprofile', 'dcim.device'])
    def test_both(self):
        for user in (AnonymousUser(), None, make.make_user()):
            with self.subTest(user):
                self.assertSees(user, self.of_type('dcim.device'))

    def test_random_permissions(self):
        for exempt in (['*'], ['dcim.device'], ['netbox_ims.registerentry'], ['dcim.site', 'circuits.circuit']):
            with override_settings(EXEMPT_VIEW_PERMISSIONS=exempt):
                for seed in range(8):
                    with self.subTest(exempt=exempt, seed=seed):
                        self.assertSees(self.random_user(random.Random(seed)))


class GoneTestCase(VisibilityTestCase):
    """What is recorded of a CI is for those who may see it, or could have seen it where it was."""

    def test_those_who_could_have_seen_it(self):
        users = {seed: self.random_user(random.Random(seed)) for seed in range(40)}
        before = {seed: self.visible(user) for seed, user in users.items()}
        rnd = random.Random('gone')
        for ci in self.cis:
            if ci not in self.sites and rnd.random() < 0.5 and type(ci).objects.filter(pk=ci.pk).exists():
                type(ci).objects.get(pk=ci.pk).delete()
        settle()
        gone = set(RetiredCI.objects.values_list('object_type_id', 'object_id'))
        decided = set(Decision.objects.values_list('object_type_id', 'object_id'))
        self.assertEqual(
            {ci_type.content_type.pk for ci_type in get_ci_types().values()} - {t for t, _ in gone}, {key('dcim.site')}
        )
        some = 0
        for seed, user in users.items():
            with self.subTest(seed=seed):
                # Constraints that speak of what is no longer known show nothing.
                unknown = {
                    ci_type.content_type.pk for ci_type in get_ci_types().values()
                    if isinstance(permitted := visibility.permitted(user, ci_type.model), list)
                    and visibility.translate_constraints(ci_type, permitted, gone='RetiredCI') is None
                }
                could = {row for row in before[seed] & gone if row[0] not in unknown}
                some += bool(could)
                self.assertEqual(set(self.rows(RetiredCI.objects.restrict(user))), could)
                now = self.assertSees(user)
                self.assertEqual(set(self.rows(Decision.objects.restrict(user))), decided & (now | could))
        self.assertGreater(some, 20)

    def test_superuser_and_those_without_the_permission(self):
        for ci in self.cis[4:20]:
            ci.delete()
        self.assertEqual(
            RetiredCI.objects.restrict(make.make_user(is_superuser=True)).count(), RetiredCI.objects.count()
        )
        every_ci = self.view_all()
        self.assertEqual(RetiredCI.objects.restrict(make.make_user(*every_ci, OURS[0], OURS[1], OURS[3])).count(), 0)
        self.assertEqual(RetiredCI.objects.restrict(make.make_user(*OURS)).count(), 0)
        self.assertEqual(
            RetiredCI.objects.restrict(make.make_user(*every_ci, OURS[2])).count(), RetiredCI.objects.count()
        )

    def test_one_that_moved_away_before_it_went_is_judged_by_its_last_place(self):
        bern, genf = self.sites[:2]
        device = make.make_device('moved', site=bern, role=self.roles[0])
        make.make_profile(device, rto_minutes=1)
        watchers = {}
        for site in (bern, genf):
            user = make.make_user(*OURS)
            make.grant(user, 'dcim.view_device', constraints={'site__slug': site.slug})
            watchers[site] = make.fresh(user)
        about = {'object_type': ContentType.objects.get_for_model(device), 'object_id': device.pk}

        def seen_by(model):
            return [site for site, user in watchers.items() if model.objects.restrict(user).filter(**about).exists()]

        self.assertEqual(seen_by(Decision), [bern])
        device.site = genf
        device.save()
        self.assertEqual(seen_by(Decision), [genf])
        device.delete()
        self.assertEqual(seen_by(Decision), [genf])
        self.assertEqual(seen_by(RetiredCI), [genf])

    def test_decisions_on_profiles_of_no_ci_at_all_are_for_superusers(self):
        Decision.objects.create(
            object_type=ContentType.objects.get_for_model(ContentType),
            object_id=1,
            action='assessed',
            time='2024-01-01T00:00Z',
        )
        every_ci = self.view_all()
        stray = Decision.objects.filter(object_type=ContentType.objects.get_for_model(ContentType))
        self.assertFalse(stray.restrict(make.make_user(*OURS, *every_ci)).exists())
        self.assertTrue(stray.restrict(make.make_user(is_superuser=True)).exists())


class SanityTestCase(VisibilityTestCase):
    """The estate and the pools are worth something."""

    def test_constraints_are_such_as_netbox_accepts(self):
        rnd = random.Random('sane')
        empty = []
        for label, pool in POOLS.items():
            objects = get_ci_types()[label].model.objects
            for constraint in pool:
                filled = {name: self.fill(rnd, v, label) for name, v in constraint.items()}
                filled = {name: 1 if v == '$user' else v for name, v in filled.items()}
                if not objects.filter(**filled).exists():
                    empty.append((label, constraint))
        self.assertLess(len(empty), sum(map(len, POOLS.values())) / 3, empty)

    def test_restrict_is_the_queryset_of_netbox_and_ours(self):
        self.assertIsInstance(RegisterEntry.objects.all(), RestrictedQuerySet)
