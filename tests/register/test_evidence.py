"""Decision and RetiredCI: one record per real event, whatever path it took, and none of them can be changed."""
from datetime import date
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import RequestFactory, TestCase

from circuits.models import Circuit
from dcim.models import Device, Rack, Site
from ipam.models import Service
from netbox.context_managers import event_tracking
from users.models import User
from virtualization.models import Cluster

from netbox_ims.models import AssetProfile, Decision, RetiredCI
from netbox_ims.services.attribution import attribute
from tests import factories as make

from .checks import RegisterTestMixin, execute, settle
from .test_triggers import SHIPPED, insert_profile, type_id


def request_of(user):
    """A request as NetBox's middleware hands it on."""
    request = RequestFactory().get('/')
    request.id, request.user = uuid4(), user
    return request


def decisions(ci, pk=None):
    """(action, old, new) of every decision about a CI, oldest first."""
    about = Decision.objects.filter(object_type=ContentType.objects.get_for_model(ci), object_id=pk or ci.pk)
    return list(about.order_by('pk').values_list('action', 'old_values', 'new_values'))


class EvidenceTestCase(RegisterTestMixin, TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.public = make.make_classification('Open', 1, review_interval_days=10)
        cls.secret = make.make_classification('Top secret', 99, slug='secret')
        cls.contact = make.make_contact('Ada')
        cls.user = make.make_user(username='ada')


class DecisionTestCase(EvidenceTestCase):

    def test_the_first_assessment(self):
        device = make.make_device()
        make.make_profile(device, classification=self.secret, processes_personal_data=False, rto_minutes=0)
        self.assertEqual(decisions(device), [(
            'assessed',
            {'classification': None, 'processes_personal_data': None, 'rto_minutes': None},
            {'classification': 'secret', 'processes_personal_data': False, 'rto_minutes': 0},
        )])

    def test_every_assessed_value(self):
        device = make.make_device()
        profile = make.make_profile(device)
        for field, value, old, new in (
            ('classification', self.public, None, 'open'),
            ('classification', self.secret, 'open', 'secret'),
            ('confidentiality', 1, None, 1),
            ('integrity', 2, None, 2),
            ('availability', 4, None, 4),
            ('is_information_asset', True, None, True),
            ('handles_sensitive_data', False, None, False),
            ('handles_sensitive_data', True, False, True),
            ('processes_personal_data', True, None, True),
            ('processes_personal_data', None, True, None),
            ('data_categories', 'payroll', None, 'payroll'),
            ('data_categories', '', 'payroll', None),
            ('rto_minutes', 0, None, 0),
            ('rpo_minutes', 15, None, 15),
            ('rpo_minutes', None, 15, None),
            ('asset_owner', self.contact, None, 'Ada'),
            ('last_reviewed', date(2024, 2, 29), None, '2024-02-29'),
            ('review_due', date(2030, 1, 1), None, '2030-01-01'),
            ('override_justification', 'Legal said so', None, 'Legal said so'),
            ('classification_override', True, None, True),
            ('classification_override', False, True, None),
        ):
            with self.subTest(field=field, new=new):
                before = len(decisions(device))
                setattr(profile, field, value)
                profile.save()
                self.assertEqual(decisions(device)[before:], [('assessed', {field: old}, {field: new})])

    def test_a_save_that_changed_nothing_is_no_decision(self):
        device = make.make_device()
        profile = make.make_profile(device, classification=self.secret, rto_minutes=5)
        profile.save()
        AssetProfile.objects.get(pk=profile.pk).save()
        profile.comments, profile.description = 'A remark', 'Something'
        profile.save()
        AssetProfile.objects.filter(pk=profile.pk).update(classification=self.secret, rto_minutes=5)
        self.assertEqual(len(decisions(device)), 1)

    def test_an_empty_profile_is_no_decision(self):
        device = make.make_device()
        profile = make.make_profile(device)
        profile.save()
        profile.delete()
        self.assertEqual(decisions(device), [])

    def test_a_save_that_was_refused_is_no_decision(self):
        device = make.make_device()
        profile = make.make_profile(device, rto_minutes=5)
        profile.rto_minutes = -1
        with self.assertRaises(ValidationError):
            profile.full_clean()
        with self.assertRaises(IntegrityError), transaction.atomic():
            profile.save()
        self.assertEqual(len(decisions(device)), 1)
        self.assertEntry(device, rto_minutes=5)

    def test_a_review_interval_beyond_the_calendar_is_a_field_error(self):
        never = make.make_classification(review_interval_days=2_147_483_647)
        with self.assertRaises(ValidationError) as caught:
            make.make_profile(make.make_device(), classification=never, last_reviewed=date(2024, 1, 1))
        self.assertEqual(list(caught.exception.message_dict), ['review_due'])

    def test_several_values_in_one_save_are_one_decision(self):
        device = make.make_device()
        profile = make.make_profile(device, classification=self.public, rto_minutes=5)
        profile.classification, profile.rto_minutes, profile.integrity = self.secret, None, 3
        profile.save()
        self.assertEqual(decisions(device)[1:], [(
            'assessed',
            {'classification': 'open', 'rto_minutes': 5, 'integrity': None},
            {'classification': 'secret', 'rto_minutes': None, 'integrity': 3},
        )])

    def test_bulk_paths_write_one_decision_for_each_profile_changed(self):
        devices = [make.make_device() for _ in range(3)]
        AssetProfile.objects.bulk_create(
            [AssetProfile(object=device, classification=self.public) for device in devices]
        )
        profiles = [AssetProfile.objects.get(object_id=d.pk, object_type=type_id(Device)) for d in devices]
        AssetProfile.objects.filter(pk__in=[profiles[0].pk, profiles[1].pk]).update(classification=self.secret)
        profiles[2].integrity = 4
        profiles[2].classification = self.public
        AssetProfile.objects.bulk_update(profiles[2:], ['integrity', 'classification'])
        execute('UPDATE netbox_ims_assetprofile SET availability = 1 WHERE id = %s', [profiles[0].pk])
        first = ('assessed', {'classification': None}, {'classification': 'open'})
        raised = ('assessed', {'classification': 'open'}, {'classification': 'secret'})
        self.assertEqual(
            decisions(devices[0]), [first, raised, ('assessed', {'availability': None}, {'availability': 1})]
        )
        self.assertEqual(decisions(devices[1]), [first, raised])
        self.assertEqual(decisions(devices[2]), [first, ('assessed', {'integrity': None}, {'integrity': 4})])

    def test_inserted_by_raw_sql(self):
        device = make.make_device()
        insert_profile(type_id(Device), device.pk, classification_id=self.secret.pk)
        self.assertEqual(decisions(device), [('assessed', {'classification': None}, {'classification': 'secret'})])

    def test_withdrawn_keeps_all_that_was_known(self):
        for delete in (
            lambda profile: profile.delete(),
            lambda profile: AssetProfile.objects.filter(pk=profile.pk).delete(),
            lambda profile: execute('DELETE FROM netbox_ims_assetprofile WHERE id = %s', [profile.pk]),
        ):
            device = make.make_device()
            delete(make.make_profile(device, classification=self.secret, rto_minutes=0, is_information_asset=False))
            self.assertEqual(decisions(device)[1:], [(
                'withdrawn', {'classification': 'secret', 'rto_minutes': 0, 'is_information_asset': False}, {}
            )])
            self.assertFalse(RetiredCI.objects.exists())

    def test_a_profile_that_goes_over_to_another_ci_is_two_decisions(self):
        first, second = make.make_device(), make.make_rack()
        profile = make.make_profile(first, classification=self.secret, rto_minutes=5)
        AssetProfile.objects.filter(pk=profile.pk).update(
            object_type=type_id(Rack), object_id=second.pk, rto_minutes=None
        )
        self.assertEqual(decisions(first)[1:], [('withdrawn', {'classification': 'secret', 'rto_minutes': 5}, {})])
        self.assertEqual(decisions(second), [('assessed', {'classification': None}, {'classification': 'secret'})])
        self.assertEqual(Decision.objects.get(action='assessed', object_type=type_id(Rack)).name, second.name)

    def test_another_contact_of_the_same_name_is_a_decision(self):
        device = make.make_device()
        profile = make.make_profile(device, asset_owner=self.contact)
        profile.asset_owner = make.make_contact('Ada')
        profile.save()
        self.assertEqual(decisions(device)[1:], [('assessed', {'asset_owner': 'Ada'}, {'asset_owner': 'Ada'})])

    def test_a_contact_that_is_deleted_leaves_the_asset_without_an_owner(self):
        device, other = make.make_device(), make.make_device()
        make.make_profile(device, asset_owner=self.contact, rto_minutes=1)
        make.make_profile(other, rto_minutes=1)
        with event_tracking(request_of(self.user)):
            self.contact.delete()
        self.assertEqual(decisions(device)[1:], [('assessed', {'asset_owner': 'Ada'}, {'asset_owner': None})])
        self.assertEqual(Decision.objects.get(new_values={'asset_owner': None}).user_name, 'ada')
        self.assertEqual(len(decisions(other)), 1)
        self.assertEntry(device, asset_owner=None, rto_minutes=1)

    def test_what_was_known_of_the_ci_then(self):
        site, tenant, role = make.make_site('Bern'), make.make_tenant('Bank'), make.make_role('Router')
        device = make.make_device('r1', site=site, tenant=tenant, role=role)
        profile = make.make_profile(device, rto_minutes=1)
        Device.objects.filter(pk=device.pk).update(name='r2', site=make.make_site(), tenant=None)
        Site.objects.filter(pk=site.pk).update(name='Biel')
        profile.rto_minutes = 2
        profile.save()
        first, second = Decision.objects.filter(object_id=device.pk).order_by('pk')
        self.assertEqual((first.name, first.basis), ('r1', {
            'site': 'Bern', 'tenant': 'Bank', 'role': 'Router', 'status': 'active'
        }))
        self.assertEqual(second.name, 'r2')
        self.assertNotIn('tenant', second.basis)

    def test_a_ci_without_a_name_or_without_an_entry(self):
        device = make.make_device(name=None)
        make.make_profile(device, rto_minutes=1)
        insert_profile(type_id(Device), 9_000_000_000, rto_minutes=2)
        self.assertEqual(list(Decision.objects.order_by('pk').values_list('name', 'object_id')), [
            ('', device.pk), ('', 9_000_000_000)
        ])
        self.assertEqual(str(Decision.objects.earliest('pk')), f'Device {device.pk}')


class AttributionTestCase(EvidenceTestCase):
    """Who and why. A test is one transaction, in which a name once said stays; so each begins without one."""

    def last(self):
        decision = Decision.objects.latest('pk')
        return decision.user_id, decision.user_name, decision.reason

    def test_the_user_and_message_of_the_request(self):
        device = make.make_device()
        with event_tracking(request_of(self.user)):
            profile = AssetProfile(object=device, classification=self.secret)
            profile._changelog_message = 'Audit finding 7'
            profile.save()
        self.assertEqual(self.last(), (self.user.pk, 'ada', 'Audit finding 7'))

    def test_without_a_message(self):
        with event_tracking(request_of(self.user)):
            make.make_profile(make.make_device(), rto_minutes=1)
        self.assertEqual(self.last(), (self.user.pk, 'ada', ''))

    def test_past_netbox_nobody_is_named(self):
        device = make.make_device()
        insert_profile(type_id(Device), device.pk, rto_minutes=1)
        self.assertEqual(self.last(), (None, '', ''))
        with event_tracking(request_of(self.user)):
            execute('UPDATE netbox_ims_assetprofile SET rto_minutes = 2 WHERE object_id = %s', [device.pk])
        self.assertEqual(self.last(), (None, '', ''))

    def test_a_save_without_a_request_is_not_put_down_to_the_one_before(self):
        profile = make.make_profile(make.make_device(), rto_minutes=1)
        with event_tracking(request_of(self.user)):
            profile._changelog_message = 'Mine'
            profile.rto_minutes = 2
            profile.save()
        profile = AssetProfile.objects.get(pk=profile.pk)
        profile.rto_minutes = 3
        profile.save()
        self.assertEqual(self.last(), (None, '', ''))

    def test_a_bulk_service_names_its_user(self):
        devices = [make.make_device() for _ in range(2)]
        attribute('default', self.user, 'All of them')
        AssetProfile.objects.bulk_create([AssetProfile(object=device, rto_minutes=1) for device in devices])
        self.assertEqual(set(Decision.objects.values_list('user_name', 'reason')), {('ada', 'All of them')})

    def test_an_anonymous_user_is_nobody(self):
        attribute('default', AnonymousUser(), 'Who?')
        insert_profile(type_id(Device), make.make_device().pk, rto_minutes=1)
        self.assertEqual(self.last(), (None, '', 'Who?'))

    def test_names_with_quotes_and_long_reasons(self):
        user = make.make_user(username="o'brien@%s")
        profile = AssetProfile(object=make.make_device(), rto_minutes=1)
        profile._changelog_message = "It's 100 % – \"sure\"\n" * 9
        with event_tracking(request_of(user)):
            profile.save()
        self.assertEqual(self.last(), (user.pk, "o'brien@%s", profile._changelog_message))

    def test_who_deleted_a_profile_and_why(self):
        profile = make.make_profile(make.make_device(), rto_minutes=1)
        profile._changelog_message = 'Not ours'
        with event_tracking(request_of(self.user)):
            profile.delete()
        self.assertEqual(self.last(), (self.user.pk, 'ada', 'Not ours'))

    def test_a_user_who_leaves_is_still_named(self):
        with event_tracking(request_of(self.user)):
            make.make_profile(make.make_device(), rto_minutes=1)
        pk = self.user.pk
        User.objects.get(pk=pk).delete()
        self.assertEqual(self.last(), (pk, 'ada', ''))


class AppendOnlyTestCase(EvidenceTestCase):

    def setUp(self):
        device = make.make_device('gone')
        make.make_profile(device, classification=self.secret)
        device.delete()
        settle()
        self.decision, self.retired = Decision.objects.earliest('pk'), RetiredCI.objects.get()
        self.before = self.everything()

    def everything(self):
        return list(Decision.objects.order_by('pk').values()), list(RetiredCI.objects.order_by('pk').values())

    def assertRefused(self, change, *args, **kwargs):
        with self.assertRaisesRegex(IntegrityError, 'append-only'), transaction.atomic():
            change(*args, **kwargs)
        self.assertEqual(self.everything(), self.before)

    def test_update(self):
        for values in (
            {'name': 'x'},
            {'user_name': 'somebody else'},
            {'time': '2020-01-01T00:00Z'},
            {'reason': 'x'},
            {'object_id': 1},
        ):
            for model in (Decision, RetiredCI):
                with self.subTest(model=model.__name__, values=values):
                    self.assertRefused(model.objects.update, **values)
        for model, values in (
            (Decision, {'old_values': {}, 'action': 'approved'}),
            (RetiredCI, {'classification': 'open'}),
        ):
            with self.subTest(model=model.__name__, values=values):
                self.assertRefused(model.objects.update, **values)

    def test_save(self):
        for record in (self.decision, self.retired):
            with self.subTest(type(record).__name__):
                record.name = 'renamed'
                self.assertRefused(record.save)

    def test_bulk_update(self):
        for record in (self.decision, self.retired):
            with self.subTest(type(record).__name__):
                record.reason = 'a better one'
                self.assertRefused(type(record).objects.bulk_update, [record], ['reason'])

    def test_delete(self):
        for record in (self.decision, self.retired):
            with self.subTest(type(record).__name__):
                self.assertRefused(type(record).objects.get(pk=record.pk).delete)
                self.assertRefused(type(record).objects.filter(pk=record.pk).delete)

    def test_raw_sql(self):
        for table in ('netbox_ims_decision', 'netbox_ims_retiredci'):
            for sql in (
                f"UPDATE {table} SET name = 'x'",
                f'UPDATE {table} SET id = id + 100000',
                f'DELETE FROM {table}',
            ):
                with self.subTest(sql):
                    self.assertRefused(execute, sql)

    def test_truncate(self):
        for tables in (
            'netbox_ims_decision', 'netbox_ims_retiredci', 'netbox_ims_decision, netbox_ims_retiredci RESTART IDENTITY',
            'netbox_ims_retiredci CASCADE',
        ):
            with self.subTest(tables):
                self.assertRefused(execute, f'TRUNCATE {tables}')

    def test_what_changes_nothing_is_not_refused(self):
        Decision.objects.update(name=self.decision.name)
        self.decision.save()
        self.retired.save()
        self.assertEqual(self.everything(), self.before)

    def test_nothing_it_speaks_of_takes_it_along(self):
        site = Site.objects.get(pk=self.retired.site_id)
        site.delete()
        AssetProfile.objects.all().delete()
        self.secret.delete()
        self.contact.delete()
        self.assertEqual(RetiredCI.objects.values().get(pk=self.retired.pk), self.before[1][0])
        self.assertEqual(list(Decision.objects.order_by('pk').values())[:len(self.before[0])], self.before[0])


class RetiredCITestCase(EvidenceTestCase):

    def retired(self, ci, pk):
        return RetiredCI.objects.get(object_type=ContentType.objects.get_for_model(ci), object_id=pk)

    def assertRetired(self, ci, pk, **values):
        retired = self.retired(ci, pk)
        self.assertEqual({name: getattr(retired, name) for name in values}, values)

    def test_every_type_on_every_path(self):
        for label, (factory, field) in SHIPPED.items():
            for path, delete in (
                ('orm', lambda ci: ci.delete()),
                ('bulk', lambda ci: type(ci).objects.filter(pk=ci.pk).delete()),
                ('sql', lambda ci: execute(f'DELETE FROM {ci._meta.db_table} WHERE id = %s', [ci.pk])),
            ):
                with self.subTest(label, path=path):
                    ci = factory()
                    pk, name = ci.pk, getattr(ci, field)
                    make.make_profile(
                        ci, classification=self.secret, is_information_asset=True, processes_personal_data=False,
                        asset_owner=self.contact, rto_minutes=0,
                    )
                    delete(ci)
                    settle()
                    self.assertRetired(
                        ci,
                        pk,
                        name=name,
                        classification='secret',
                        is_information_asset=True,
                        handles_sensitive_data=None,
                        processes_personal_data=False,
                        asset_owner='Ada',
                        controls=[],
                        risks=[],
                        user_name='',
                        assessment={
                            'classification': 'secret',
                            'is_information_asset': True,
                            'processes_personal_data': False,
                            'asset_owner': 'Ada',
                            'rto_minutes': 0,
                        },
                    )
                    self.assertEqual([d[0] for d in decisions(ci, pk)], ['assessed', 'withdrawn', 'retired'])
        self.assertRegisterIsRight()

    def test_one_that_nobody_had_assessed(self):
        device = make.make_device('plain')
        pk = device.pk
        device.delete()
        self.assertRetired(
            device, pk, name='plain', classification=None, is_information_asset=None, asset_owner='', assessment={}
        )
        self.assertEqual([d[0] for d in decisions(device, pk)], ['retired'])

    def test_where_it_was(self):
        site, tenant, role = make.make_site('Bern'), make.make_tenant('Bank'), make.make_role('Router')
        device = make.make_device(site=site, tenant=tenant, role=role, status='offline')
        service = make.make_service(parent=device)
        circuit = make.make_circuit(site=site, tenant=tenant)
        cluster = make.make_cluster(scope=site, tenant=tenant)
        place = {'site_id': site.pk, 'site_name': 'Bern', 'tenant_id': tenant.pk, 'tenant_name': 'Bank'}
        for ci, values in (
            (circuit, {'status': 'active', 'role_id': None}),
            (cluster, {'status': 'active', 'role_id': None}),
            (service, {'status': None, 'role_id': None}),
            (device, {'status': 'offline', 'role_id': role.pk}),
        ):
            with self.subTest(ci._meta.label):
                pk = ci.pk
                ci.delete()
                settle()
                self.assertRetired(ci, pk, **place, **values)

    def test_services_that_go_with_their_parent_keep_their_place(self):
        site, tenant = make.make_site('Bern'), make.make_tenant('Bank')
        for path, delete in (
            ('orm', lambda ci: ci.delete()),
            ('bulk', lambda ci: type(ci).objects.filter(pk=ci.pk).delete()),
            ('sql, parent first', lambda ci: (
                execute(f'DELETE FROM {ci._meta.db_table} WHERE id = %s', [ci.pk]),
                execute('DELETE FROM ipam_service WHERE parent_object_id = %s', [ci.pk]),
            )),
        ):
            for factory in (make.make_device, make.make_vm):
                with self.subTest(path=path, factory=factory.__name__):
                    parent = factory(site=site, tenant=tenant)
                    service = make.make_service(parent=parent)
                    make.make_profile(service, classification=self.secret)
                    pk = service.pk
                    delete(parent)
                    settle()
                    self.assertRetired(service, pk, site_name='Bern', tenant_name='Bank', classification='secret')
        self.assertRegisterIsRight()

    def test_clusters_and_circuits_that_lose_their_place(self):
        site = make.make_site('Bern')
        cluster, circuit = make.make_cluster(scope=site), make.make_circuit(site=site)
        cluster_pk = cluster.pk
        site_pk = site.pk
        site.delete()
        settle()
        self.assertFalse(Cluster.objects.filter(pk=cluster_pk).exists())
        self.assertRetired(cluster, cluster_pk, name=cluster.name, site_id=site_pk, site_name='Bern')
        self.assertRetired(site, site_pk, name='Bern', site_id=site_pk)
        self.assertTrue(Circuit.objects.filter(pk=circuit.pk).exists())
        self.assertEntry(circuit, site=None)
        self.assertRegisterIsRight()

    def test_exactly_one_each_in_bulk(self):
        devices = [make.make_device() for _ in range(4)]
        for device in devices[:2]:
            make.make_profile(device, classification=self.secret)
        services = [make.make_service(parent=device) for device in devices for _ in range(2)]
        pks = [device.pk for device in devices]
        Device.objects.filter(pk__in=pks).delete()
        settle()
        self.assertEqual(RetiredCI.objects.filter(object_type=type_id(Device), object_id__in=pks).count(), 4)
        self.assertEqual(RetiredCI.objects.filter(object_type=type_id(Device)).exclude(classification=None).count(), 2)
        self.assertEqual(RetiredCI.objects.filter(object_type=type_id(Service)).count(), len(services))
        self.assertEqual(RetiredCI.objects.count(), 12)

    def test_who_deleted_it_and_why(self):
        device, other = make.make_device(), make.make_device()
        service = make.make_service(parent=device)
        pk, service_pk, other_pk = device.pk, service.pk, other.pk
        make.make_profile(service, rto_minutes=1)
        with event_tracking(request_of(self.user)):
            device._changelog_message = 'Scrapped'
            device.delete()
            self.assertRetired(device, pk, user_id=self.user.pk, user_name='ada', reason='Scrapped')
            self.assertRetired(service, service_pk, user_id=self.user.pk, user_name='ada')
            Device.objects.filter(pk=other_pk).delete()
            self.assertRetired(other, other_pk, user_id=self.user.pk, user_name='ada', reason='')

    def test_past_netbox_nobody_is_named(self):
        device = make.make_device()
        execute('DELETE FROM dcim_device WHERE id = %s', [device.pk])
        self.assertRetired(device, device.pk, user_id=None, user_name='', reason='')

    def test_a_profile_withdrawn_before_is_not_what_it_had_when_it_went(self):
        """Unless in the same transaction, as that is how Django deletes: first what hangs on it, then the CI."""
        device = make.make_device()
        with event_tracking(request_of(self.user)):
            profile = make.make_profile(device, classification=self.public)
            profile.classification = self.secret
            profile.save()
            pk = device.pk
            profile.delete()
            device.delete()
        self.assertRetired(device, pk, classification='secret', user_name='ada')

    def test_a_deletion_that_is_rolled_back_leaves_none(self):
        device = make.make_device()
        make.make_profile(device, rto_minutes=1)
        with self.assertRaises(ZeroDivisionError), transaction.atomic():
            Device.objects.filter(pk=device.pk).delete()
            self.assertEqual(RetiredCI.objects.count(), 1)
            raise ZeroDivisionError
        self.assertEqual(RetiredCI.objects.count(), 0)
        self.assertEntry(device, rto_minutes=1)

    def test_a_name_no_longer_than_a_retired_one_holds(self):
        site = make.make_site('ß' * 100, slug='s')
        tenant, owner = make.make_tenant('é' * 100, slug='t'), make.make_contact('ü' * 100)
        device = make.make_device(name='x' * 64, site=site, tenant=tenant)
        make.make_profile(device, asset_owner=owner)
        pk = device.pk
        device.delete()
        self.assertRetired(device, pk, site_name='ß' * 100, tenant_name='é' * 100, asset_owner='ü' * 100)
