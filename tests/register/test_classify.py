"""services/classify: many CIs assessed in one step are as if each had been saved, in a handful of queries."""
from datetime import date
from unittest.mock import patch

from django.core.exceptions import PermissionDenied, ValidationError
from django.test import TestCase, override_settings

from core.models import ObjectChange, ObjectType
from extras.models import CachedValue, CustomField, Tag
from extras.validators import CustomValidator
from netbox.context import events_queue
from users.models import User

from netbox_ims.models import AssetProfile, Decision, RegisterEntry
from netbox_ims.services import classify as module
from netbox_ims.services.classify import classify
from tests import factories as make
from tests.base import QueryCountMixin, as_user

from .checks import RegisterTestMixin


class ClassifyTestCase(RegisterTestMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.site, cls.other_site = make.make_site('berlin'), make.make_site('paris')
        cls.open = make.make_classification('Open', level=1, slug='open')
        cls.secret = make.make_classification('Secret', level=30, slug='secret', review_interval_days=10)
        cls.ada = make.make_contact('Ada')
        cls.root = User.objects.create_superuser('root')
        cls.devices = [make.make_device(f'd{n}', cls.site) for n in range(4)]
        # d0 has no profile; d1 is open; d2 is secret already; d3 has an empty one
        cls.profiles = [
            None, make.make_profile(cls.devices[1], classification=cls.open, rto_minutes=5),
            make.make_profile(cls.devices[2], classification=cls.secret), make.make_profile(cls.devices[3]),
        ]

    def entries(self, *cis):
        names = [str(ci) for ci in cis or self.devices]
        return RegisterEntry.objects.filter(name__in=names)

    def state(self):
        return list(AssetProfile.objects.order_by('object_type', 'object_id').values())

    def values_of(self, field='classification__slug'):
        return list(AssetProfile.objects.order_by('register_entry__name').values_list(field, flat=True))

    def assertRefused(self, error, *args, **kwargs):
        """Refused with this error, and nothing is left of it."""
        before = self.state(), Decision.objects.count(), ObjectChange.objects.count()
        with self.assertRaises(error) as caught:
            classify(*args, **kwargs)
        self.assertEqual((self.state(), Decision.objects.count(), ObjectChange.objects.count()), before)
        return caught.exception


class OutcomeTestCase(ClassifyTestCase):

    def test_created_changed_and_unchanged(self):
        counts = classify(self.entries(), {'classification': self.secret})
        self.assertEqual(counts, {'created': 1, 'changed': 2, 'unchanged': 1})
        self.assertEqual(self.values_of(), ['secret'] * 4)
        self.assertEqual(classify(self.entries(), {'classification': self.secret}), {'unchanged': 4})
        self.assertRegisterIsRight()

    def test_other_values_stay(self):
        classify(self.entries(self.devices[1]), {'classification': self.secret, 'processes_personal_data': False})
        profile = AssetProfile.objects.get(pk=self.profiles[1].pk)
        self.assertEqual((profile.rto_minutes, profile.processes_personal_data), (5, False))

    def test_every_assessed_value(self):
        values = {
            'classification': self.secret, 'confidentiality': 4, 'integrity': 3, 'availability': 1,
            'is_information_asset': True, 'handles_sensitive_data': False, 'processes_personal_data': True,
            'data_categories': 'payroll', 'rto_minutes': 0, 'rpo_minutes': 60, 'asset_owner': self.ada,
            'last_reviewed': date(2024, 2, 29), 'review_due': date(2030, 1, 1), 'classification_override': True,
            'override_justification': 'Agreed',
        }
        self.assertEqual(set(values), set(module.ASSESSED_FIELDS))
        classify(self.entries(), values)
        for profile in AssetProfile.objects.all():
            self.assertEqual({field: getattr(profile, field) for field in values}, values)
        self.assertRegisterIsRight()

    def test_clearing(self):
        values = {'classification': self.secret, 'data_categories': 'x', 'rto_minutes': 0, 'integrity': 1}
        classify(self.entries(), values)
        cleared = dict.fromkeys(('classification', 'data_categories', 'rto_minutes', 'integrity'))
        self.assertEqual(classify(self.entries(), cleared), {'changed': 4})
        self.assertEqual(self.values_of('classification'), [None] * 4)
        self.assertEqual(self.values_of('data_categories'), [''] * 4)
        self.assertEqual(self.values_of('rto_minutes'), [None] * 4)
        self.assertRegisterIsRight()
        self.assertEqual(classify(self.entries(), cleared), {'unchanged': 4})

    def test_mixed_types(self):
        cis = [
            make.make_vm('vm', self.site), make.make_rack('rack', self.site), make.make_cluster('cluster', self.site),
            make.make_service('service', self.devices[0]), make.make_circuit('circuit', self.site),
            make.make_information_asset('asset'), self.site, self.devices[0],
        ]
        self.assertEqual(classify(self.entries(*cis), {'classification': self.secret}), {'created': len(cis)})
        for ci in cis:
            self.assertEntry(ci, classification_id=self.secret.pk)
        self.assertRegisterIsRight()

    def test_an_information_asset_is_one(self):
        asset = make.make_information_asset('asset')
        classify(self.entries(asset), {'classification': self.secret})
        self.assertIs(AssetProfile.objects.get(register_entry__name='asset').is_information_asset, True)
        self.assertEntry(asset, is_information_asset=True)
        error = self.assertRefused(ValidationError, self.entries(asset, *self.devices), {'is_information_asset': False})
        self.assertEqual(list(error.message_dict), ['is_information_asset'])
        # Nor can it become unknown
        self.assertEqual(classify(self.entries(asset), {'is_information_asset': None}), {'unchanged': 1})
        classify(self.entries(asset), {'is_information_asset': None, 'rto_minutes': 5})
        self.assertIs(AssetProfile.objects.get(register_entry__name='asset').is_information_asset, True)

    def test_next_review_is_proposed(self):
        classify(self.entries(), {'classification': self.secret, 'last_reviewed': date(2024, 1, 1)})
        self.assertEqual(self.values_of('review_due'), [date(2024, 1, 11)] * 4)
        self.assertRegisterIsRight()

    def test_no_entries(self):
        self.assertEqual(classify(RegisterEntry.objects.none(), {'classification': self.secret}), {})

    def test_a_nameless_ci(self):
        nameless = make.make_device(None, self.site)
        self.assertEqual(classify(RegisterEntry.objects.of(nameless), {'rto_minutes': 1}), {'created': 1})
        error = self.assertRefused(ValidationError, RegisterEntry.objects.of(nameless), {'rto_minutes': -1})
        self.assertIn(f'Unnamed Device {nameless.pk}', str(error))

    def test_sliced_by_chunks_it_is_the_same(self):
        with patch.object(module, 'CHUNK', 2):
            counts = classify(self.entries(), {'classification': self.secret}, self.root)
        self.assertEqual(counts, {'created': 1, 'changed': 2, 'unchanged': 1})
        self.assertEqual(self.values_of(), ['secret'] * 4)
        self.assertRegisterIsRight()


class RefusalTestCase(ClassifyTestCase):

    def test_a_field_that_is_not_assessed(self):
        for field in ('description', 'pk', 'object_id', 'nonsense', 'custom_field_data'):
            with self.subTest(field=field):
                self.assertRefused(ValueError, self.entries(), {field: 1})

    def test_values_are_validated_and_the_ci_is_named(self):
        for values, field in (
            ({'rto_minutes': -1}, 'rto_minutes'), ({'rto_minutes': 2**31}, 'rto_minutes'),
            ({'confidentiality': 5}, 'confidentiality'),
            ({'confidentiality': 0}, 'confidentiality'), ({'rpo_minutes': '4h'}, 'rpo_minutes'),
            ({'last_reviewed': date(9999, 1, 1)}, 'last_reviewed'), ({'data_categories': 'x' * 201}, 'data_categories'),
            ({'handles_sensitive_data': 'maybe'}, 'handles_sensitive_data'),
            ({'classification_override': True}, 'override_justification'),
            ({'classification_override': True, 'override_justification': 'Y'}, 'classification'),
        ):
            with self.subTest(values=values):
                error = self.assertRefused(ValidationError, self.entries(self.devices[0]), values)
                self.assertEqual(list(error.message_dict), [field])
                self.assertTrue(error.message_dict[field][0].startswith('d0: '))

    def test_one_bad_ci_stops_all(self):
        """An override on d1 to d3 that d3, alone unclassified, cannot have: also when d3 is in a later chunk."""
        values = {'classification_override': True, 'override_justification': 'Agreed'}
        for size in (1, 2, 1000):
            with self.subTest(chunk=size), patch.object(module, 'CHUNK', size):
                error = self.assertRefused(ValidationError, self.entries(*self.devices[1:]), values)
                self.assertIn('d3: ', str(error))
        self.assertRegisterIsRight()

    @override_settings(CUSTOM_VALIDATORS={'netbox_ims.assetprofile': [CustomValidator({'rto_minutes': {'min': 10}})]})
    def test_the_organisations_own_rules(self):
        error = self.assertRefused(ValidationError, self.entries(), {'rto_minutes': 9})
        self.assertIn('d0: ', str(error))
        self.assertIn('rto_minutes', str(error))
        self.assertEqual(classify(self.entries(), {'rto_minutes': 10}).total(), 4)


class PermissionTestCase(ClassifyTestCase):

    def test_adding_and_changing_are_two_permissions(self):
        adder, changer, nobody = (make.make_user() for _ in range(3))
        for user in (adder, changer):
            make.grant(user, 'dcim.view_device')
        make.grant(adder, 'netbox_ims.add_assetprofile')
        make.grant(changer, 'netbox_ims.change_assetprofile')
        values = {'classification': self.secret}
        self.assertRefused(PermissionDenied, self.entries(), values, adder)
        self.assertRefused(PermissionDenied, self.entries(), values, changer)
        self.assertRefused(PermissionDenied, self.entries(), values, nobody)
        entries = self.entries(self.devices[0], self.devices[2])
        self.assertEqual(classify(entries, values, adder), {'created': 1, 'unchanged': 1})
        self.assertEqual(classify(self.entries(), values, changer), {'changed': 2, 'unchanged': 2})

    def test_constraints_hold_before_and_after(self):
        user = make.make_user('dcim.view_device')
        permissions = ('netbox_ims.add_assetprofile', 'netbox_ims.change_assetprofile')
        make.grant(user, *permissions, constraints={'classification__level__lt': 10})
        # d1 is open and may be changed, but not into something secret; d2 is secret and may not be touched
        self.assertRefused(PermissionDenied, self.entries(self.devices[1]), {'classification': self.secret}, user)
        self.assertRefused(PermissionDenied, self.entries(self.devices[2]), {'classification': self.open}, user)
        self.assertRefused(PermissionDenied, self.entries(self.devices[0]), {'classification': self.secret}, user)
        entries = self.entries(self.devices[0], self.devices[1])
        counts = classify(entries, {'classification': self.open, 'rto_minutes': 1}, user)
        self.assertEqual(counts, {'created': 1, 'changed': 1})

    def test_invisible_cis_cannot_be_assessed(self):
        """Whatever entries it is handed: profiles of CIs the user may not see are out of reach."""
        user = make.make_user('netbox_ims.add_assetprofile', 'netbox_ims.change_assetprofile')
        make.grant(user, 'dcim.view_device', constraints={'site__slug': 'paris'})
        visible = make.make_device('visible', self.other_site)
        for device in (self.devices[0], self.devices[1]):
            self.assertRefused(PermissionDenied, self.entries(device, visible), {'classification': self.secret}, user)
        self.assertEqual(classify(self.entries(visible), {'classification': self.secret}, user), {'created': 1})

    def test_the_system_may(self):
        self.assertEqual(classify(self.entries(), {'rto_minutes': 1}, None)['created'], 1)


class TraceTestCase(ClassifyTestCase):
    """What a save leaves behind, this leaves behind."""

    def test_change_log(self):
        tag = Tag.objects.create(name='x', slug='x')
        self.profiles[1].tags.add(tag)
        with as_user(self.root) as request:
            classify(self.entries(), {'classification': self.secret}, self.root, 'The audit of May')
        changes = ObjectChange.objects.filter(request_id=request.id).order_by('object_repr')
        self.assertEqual(
            [(change.object_repr, change.action) for change in changes],
            [('d0', 'create'), ('d1', 'update'), ('d3', 'update')]
        )
        self.assertEqual(
            {(change.user, change.user_name, change.message) for change in changes},
            {(self.root, 'root', 'The audit of May')}
        )
        created, updated, _other = changes
        self.assertEqual((created.prechange_data, created.postchange_data['classification']), (None, self.secret.pk))
        self.assertEqual(
            (updated.prechange_data['classification'], updated.postchange_data['classification']),
            (self.open.pk, self.secret.pk)
        )
        self.assertEqual((updated.prechange_data['tags'], updated.postchange_data['tags']), (['x'], ['x']))

    def test_change_log_says_what_a_save_would_have_said(self):
        device = make.make_device('saved', self.site)
        values = {'classification': self.secret, 'last_reviewed': date(2024, 1, 1), 'rto_minutes': 60}
        with as_user(self.root) as request:
            classify(self.entries(self.devices[0]), values, self.root)
            make.make_profile(device, **values)
        bulk, single = ObjectChange.objects.filter(request_id=request.id).order_by('object_repr')
        ignored = {'object_id', 'created', 'last_updated'}
        self.assertEqual(
            {k: v for k, v in bulk.postchange_data.items() if k not in ignored},
            {k: v for k, v in single.postchange_data.items() if k not in ignored},
        )

    def test_decisions(self):
        last = Decision.objects.latest('pk').pk
        classify(self.entries(), {'classification': self.secret, 'rto_minutes': 5}, self.root, 'The audit of May')
        made = Decision.objects.filter(pk__gt=last).order_by('name')
        self.assertEqual([(decision.name, decision.old_values, decision.new_values) for decision in made], [
            ('d0', {'classification': None, 'rto_minutes': None}, {'classification': 'secret', 'rto_minutes': 5}),
            ('d1', {'classification': 'open'}, {'classification': 'secret'}),
            ('d2', {'rto_minutes': None}, {'rto_minutes': 5}),
            ('d3', {'classification': None, 'rto_minutes': None}, {'classification': 'secret', 'rto_minutes': 5}),
        ])
        self.assertEqual(
            {(decision.action, decision.user, decision.user_name, decision.reason) for decision in made},
            {('assessed', self.root, 'root', 'The audit of May')},
        )

    def test_the_system_leaves_decisions_without_a_name(self):
        classify(self.entries(self.devices[0]), {'rto_minutes': 5}, None, 'Rule 7')
        decision = Decision.objects.latest('pk')
        self.assertEqual((decision.user, decision.user_name, decision.reason), (None, '', 'Rule 7'))

    def test_events(self):
        with as_user(self.root):
            classify(self.entries(), {'classification': self.secret}, self.root)
            events = {key: event['event_type'] for key, event in events_queue.get().items()}
        profiles = AssetProfile.objects.all()
        by_name = {profile.entry.name: f'netbox_ims.assetprofile:{profile.pk}' for profile in profiles}
        self.assertEqual(events, {
            by_name['d0']: 'object_created', by_name['d1']: 'object_updated', by_name['d3']: 'object_updated',
        })

    def test_search_cache(self):
        with self.captureOnCommitCallbacks(execute=True):
            classify(self.entries(), {'data_categories': 'payroll of everyone'}, self.root)
        found = CachedValue.objects.filter(
            object_type=ObjectType.objects.get_for_model(AssetProfile), value='payroll of everyone'
        )
        self.assertEqual(found.count(), 4)

    def test_last_updated_moves(self):
        before = self.profiles[1].last_updated
        classify(self.entries(self.devices[1], self.devices[2]), {'classification': self.secret})
        self.assertGreater(AssetProfile.objects.get(pk=self.profiles[1].pk).last_updated, before)
        self.assertEqual(AssetProfile.objects.get(pk=self.profiles[2].pk).last_updated, self.profiles[2].last_updated)


class CustomFieldTestCase(ClassifyTestCase):

    def make_field(self, name, **values):
        field = CustomField.objects.create(name=name, type='text', **values)
        field.object_types.set([ObjectType.objects.get_for_model(AssetProfile)])
        return field

    def test_defaults(self):
        self.make_field('cabinet', default='none')
        self.make_field('remark')
        classify(self.entries(), {'classification': self.secret})
        profile = AssetProfile.objects.get(register_entry__name='d0')
        self.assertEqual(profile.custom_field_data, {'cabinet': 'none'})

    def test_values_stay(self):
        self.make_field('cabinet', default='none')
        profile = AssetProfile.objects.get(pk=self.profiles[1].pk)
        profile.custom_field_data['cabinet'] = 'C7'
        profile.save()
        classify(self.entries(), {'classification': self.secret})
        profile.refresh_from_db()
        self.assertEqual(profile.custom_field_data['cabinet'], 'C7')

    def test_a_required_field_without_a_value(self):
        self.make_field('cabinet', required=True)
        error = self.assertRefused(ValidationError, self.entries(), {'classification': self.secret})
        self.assertIn('cabinet', str(error))

    def test_a_required_field_with_a_default(self):
        self.make_field('cabinet', required=True, default='none')
        self.assertEqual(classify(self.entries(), {'classification': self.secret})['created'], 1)


class QueryCountTestCase(QueryCountMixin, ClassifyTestCase):

    def cost(self, count, profiled, user):
        devices = [make.make_device(site=self.site, role=self.role) for _ in range(count)]
        if profiled:
            for device in devices:
                make.make_profile(device, classification=self.open).tags.add(self.tag)
        values = {'classification': self.secret, 'asset_owner': self.ada}
        with as_user(user):
            return self.count_queries(lambda: classify(self.entries(*devices), values, make.fresh(user)), warm=True)

    def test_ten_and_a_hundred_cost_the_same(self):
        self.role, self.tag = make.make_role(), Tag.objects.create(name='x', slug='x')
        limited = make.make_user('netbox_ims.add_assetprofile', 'netbox_ims.change_assetprofile')
        make.grant(limited, 'dcim.view_device', constraints={'site__slug': 'berlin'})
        self.cost(1, False, self.root)
        for user in (self.root, limited):
            for profiled in (False, True):
                with self.subTest(user=user.username, profiled=profiled):
                    few, many = self.cost(10, profiled, user), self.cost(100, profiled, user)
                    self.assertSameQueries(few, many)
                    self.assertLess(len(many), 40)

    def test_the_system_pays_no_more_per_ci_than_a_request(self):
        """A job has no request, in which NetBox would remember custom fields and object types."""
        self.role, self.tag = make.make_role(), Tag.objects.create(name='x', slug='x')

        def cost(count):
            entries = self.entries(*(make.make_device(site=self.site) for _ in range(count)))
            with self.captureOnCommitCallbacks(execute=False):
                return self.count_queries(lambda: classify(entries, {'classification': self.secret}), warm=True)

        cost(1)
        self.assertSameQueries(cost(10), cost(100))

    def test_more_than_a_chunk_costs_by_the_chunk(self):
        self.role, self.tag = make.make_role(), Tag.objects.create(name='x', slug='x')
        self.cost(1, False, self.root)
        with patch.object(module, 'CHUNK', 10):
            one, two, four = (len(self.cost(count, False, self.root)) for count in (10, 20, 40))
        self.assertEqual(four - two, 2 * (two - one))
