"""The register as of a date over REST: the same fields, filters and permissions as the register of today."""
from datetime import timedelta

from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from dcim.models import Device
from extras.models import SavedFilter

from netbox_ims.models import Classification, HistoryStart, RegisterEntry
from netbox_ims.services import derive
from tests import factories as make
from tests.base import RestClient

from .clock import later


class AsOfRestTest(TransactionTestCase):

    def setUp(self):
        self.admin = make.make_user(username='admin', is_superuser=True)
        self.secret = make.make_classification('Secret', 30)
        self.bern, self.genf = make.make_site('Bern'), make.make_site('Genf')
        self.device = make.make_device('core', site=self.bern)
        self.profile = make.make_profile(self.device, classification=self.secret, rto_minutes=60)
        self.gone = make.make_device('doomed', site=self.bern)
        make.make_profile(self.gone, classification=self.secret)
        derive.settle()
        self.before = later()

    def change(self):
        """Everything that can be different afterwards."""
        self.profile.classification = None
        self.profile.rto_minutes = 5
        self.profile.save()
        Device.objects.filter(pk=self.device.pk).update(name='renamed', site=self.genf)
        self.gone.delete()
        make.make_device('new', site=self.bern)
        self.bern.name, self.bern.slug = 'Berne', 'berne'
        self.bern.save()
        derive.settle()
        Classification.objects.filter(pk=self.secret.pk).update(name='Top secret', slug='top-secret')

    def rows(self, user=None, **parameters):
        status, data = RestClient(user or self.admin).get('register/', limit=0, **parameters)
        self.assertEqual(status, 200, data)
        return {row['name']: row for row in data['results']}

    def test_every_field_is_as_it_was(self):
        now = self.rows()
        self.change()
        then = self.rows(as_of=self.before.isoformat())
        for rows in (now, then):
            for row in rows.values():
                row.pop('as_of')
                for nested in row.values():
                    # Descriptions have no history.
                    if isinstance(nested, dict):
                        nested.pop('description', None)
        self.maxDiff = None
        self.assertEqual(then, now)

    def test_a_saved_filter_may_say_the_moment(self):
        self.change()
        saved = SavedFilter.objects.create(
            name='Then', slug='then', user=self.admin,
            parameters={'as_of': self.before.isoformat(), 'object_type': ['dcim.device']}
        )
        for asked in ({'filter_id': saved.pk}, {'filter': 'then'}):
            self.assertEqual({*self.rows(**asked)}, {'core', 'doomed'})

    def test_filters_mean_what_was_so_then(self):
        self.change()
        at = {'as_of': self.before.isoformat()}
        self.assertEqual({*self.rows(classification='secret', **at)}, {'core', 'doomed'})
        self.assertEqual({*self.rows(classification='secret', object_type='dcim.device', name='core', **at)}, {'core'})
        self.assertEqual({*self.rows(site='bern', object_type='dcim.device', **at)}, {'core', 'doomed'})
        self.assertEqual({*self.rows(site_id=self.bern.pk, object_type='dcim.device', **at)}, {'core', 'doomed'})
        self.assertEqual({*self.rows(rto_minutes__lte=60, **at)}, {'core'})
        self.assertEqual({*self.rows(q='oom', **at)}, {'doomed'})
        self.assertEqual({*self.rows(device_id=self.device.pk, **at)}, {'core'})
        self.assertEqual({*self.rows(classification='null', **at)}, {'Bern', 'Genf'})

    def test_what_is_deleted_since_can_still_be_asked_for(self):
        owner = make.make_contact('Ann')
        self.profile.asset_owner = owner
        self.profile.save()
        moment, pk = later(), owner.pk
        owner.delete()
        at = {'as_of': moment.isoformat()}
        self.assertEqual(self.rows(asset_owner='Ann', **at)['core']['asset_owner']['display'], 'Ann')
        self.assertEqual({*self.rows(asset_owner_id=pk, **at)}, {'core'})
        self.assertEqual(self.rows(asset_owner__n='Ann', object_type='dcim.device', **at).keys(), {'doomed'})

    def test_one_entry(self):
        entry = RegisterEntry.objects.of(self.device).get()
        self.change()
        client = RestClient(self.admin)
        self.assertEqual(client.get(f'register/{entry.pk}/')[1]['name'], 'renamed')
        status, data = client.get(f'register/{entry.pk}/', as_of=self.before.isoformat())
        self.assertEqual((status, data['name'], data['classification']['name']), (200, 'core', 'Secret'))

    def test_moments_that_cannot_be_asked_about(self):
        client = RestClient(self.admin)
        tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
        before = (HistoryStart.objects.get().time - timedelta(seconds=1)).isoformat()
        for text in (
            'yesterday', '2026-13-01', '2026-02-30', '31.12.2026', tomorrow, '2999-01-01', before, '1999-12-31',
            '2026-01-01T25:00', '0', '9' * 400,
        ):
            with self.subTest(text):
                status, data = client.get('register/', as_of=text)
                self.assertEqual((status, list(data)), (400, ['as_of']), data)

    def test_somebody_who_may_see_less(self):
        user = make.make_user('netbox_ims.view_registerentry')
        make.grant(user, 'dcim.view_device', constraints={'site__slug': 'bern'})
        self.assertEqual({*self.rows(user)}, {'core', 'doomed'})
        Device.objects.filter(pk=self.device.pk).update(site=self.genf)
        Device.objects.filter(pk=self.gone.pk).delete()
        at = {'as_of': self.before.isoformat()}
        # What is not theirs to see any more is not theirs to see then; what is gone is judged by where it was.
        self.assertEqual({*self.rows(user, **at)}, {'doomed'})
        nobody = make.make_user()
        self.assertEqual(RestClient(nobody).get('register/', **at)[0], 403)

    def test_constraints_that_nothing_is_left_to_answer(self):
        user = make.make_user('netbox_ims.view_registerentry')
        make.grant(user, 'dcim.view_device', constraints={'serial__startswith': ''})
        self.assertEqual({*self.rows(user)}, {'core', 'doomed'})
        self.gone.delete()
        self.assertEqual({*self.rows(user, as_of=self.before.isoformat())}, {'core'})

    def test_constraints_on_the_register_itself_mean_what_was_so_then(self):
        user = make.make_user('dcim.view_device', 'dcim.view_site')
        make.grant(user, 'netbox_ims.view_registerentry', constraints={'classification__isnull': False})
        self.change()
        self.assertEqual({*self.rows(user)}, set())
        self.assertEqual({*self.rows(user, as_of=self.before.isoformat())}, {'core', 'doomed'})

    def test_sources_go_by_the_names_they_had(self):
        application = make.make_information_asset('records')
        make.make_profile(application, classification=self.secret)
        make.make_dependency(application, self.genf, holds_data=True)
        derive.settle()
        moment = later()
        application.delete()
        derive.settle()
        row = self.rows(as_of=moment.isoformat())['Genf']
        self.assertEqual(row['effective_classification_source']['name'], 'records')
        self.assertEqual(row['effective_classification']['name'], 'Secret')

    def test_the_number_of_queries_does_not_depend_on_the_rows(self):
        moment = later()
        client = RestClient(self.admin)

        def count(limit):
            client.get('register/', limit=limit, as_of=moment.isoformat())
            with self.assertNumQueriesRecorded() as queries:
                client.get('register/', limit=limit, as_of=moment.isoformat())
            return len(queries)

        self.assertEqual(count(2), count(100))

    def assertNumQueriesRecorded(self):
        from django.test.utils import CaptureQueriesContext
        return CaptureQueriesContext(connection)
