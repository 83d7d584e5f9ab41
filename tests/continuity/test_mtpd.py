"""How long a function may be down: from its newest analysis whatever becomes of that, unless somebody says why not."""
from datetime import date, timedelta

from django.db import connection
from django.test import TestCase
from django.utils import timezone

from netbox_ims.models import BusinessFunction, BusinessImpactAnalysis
from netbox_ims.rules import impact
from tests import factories as make
from tests.base import RestClient

FUNCTION = BusinessFunction._meta.db_table
ANALYSIS = BusinessImpactAnalysis._meta.db_table
LATE = {'financial': [1, 1, 1, 1, 3]}       # not before three days


def execute(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


class DerivedTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.function = make.make_business_function('Salary payment')

    def assertMTPD(self, minutes, function=None):
        function = function or self.function
        stored = BusinessFunction.objects.get(pk=function.pk)
        self.assertEqual((stored.mtpd_minutes, stored.derived_mtpd), (minutes, minutes))

    def test_the_life_of_analyses(self):
        self.assertMTPD(None)
        first = make.make_analysis(self.function, analysed_on=date(2025, 1, 1))
        self.assertMTPD(480)
        second = make.make_analysis(self.function, ratings=LATE, analysed_on=date(2025, 6, 1))
        self.assertMTPD(4320)
        # An older one that is entered, or changed, later is still older
        first.tolerable_rating = 1
        first.save()
        self.assertMTPD(4320)
        second.delete()
        self.assertMTPD(240)
        first.delete()
        self.assertMTPD(None)

    def test_past_django(self):
        other = make.make_business_function('Dispatch')
        analysis = make.make_analysis(self.function)
        for sql, mine, others in (
            (f"UPDATE {ANALYSIS} SET tolerable_rating = 3", 1440, None),
            (f"UPDATE {ANALYSIS} SET ratings = '{{\"legal\": [1, 1, 1, 1, 1]}}'", None, None),
            (f"UPDATE {ANALYSIS} SET ratings = '{{\"legal\": [5, 1, 1, 1, 1]}}'", 0, None),
            (f"UPDATE {ANALYSIS} SET bands = '{{5, 6, 7, 8, 9}}'", 5, None),
            (f'UPDATE {ANALYSIS} SET function_id = {other.pk}', None, 5),
            (f'UPDATE {FUNCTION} SET mtpd_minutes = 77', None, 5),
            (f"UPDATE {FUNCTION} SET mtpd_minutes = 77, mtpd_reason = 'Board' WHERE id = {other.pk}", None, 77),
            (f"UPDATE {FUNCTION} SET mtpd_reason = ''", None, 5),
            (f'DELETE FROM {ANALYSIS}', None, None),
        ):
            with self.subTest(sql):
                execute(sql)
                values = dict(BusinessFunction.objects.values_list('pk', 'mtpd_minutes'))
                self.assertEqual((values[self.function.pk], values[other.pk]), (mine, others))
        self.assertFalse(BusinessImpactAnalysis.objects.filter(pk=analysis.pk).exists())

    def test_the_database_derives_what_the_rules_do(self):
        for bands, ratings, tolerable in (
            ([0, 240, 480], {'a': [1, 2, 3], 'b': [1, 1, 1]}, 2), ([0, 240, 480], {'a': [1, 3, 1], 'b': [3, 1, 1]}, 2),
            ([30, 60], {'a': [5, 5]}, 5), ([30, 60], {'a': [5, 5]}, 4), ([0], {'a': [2]}, 1),
        ):
            function = make.make_business_function()
            make.make_analysis(function, bands=bands, ratings=ratings, tolerable_rating=tolerable)
            self.assertMTPD(impact.mtpd(impact.limits(bands, ratings, tolerable)), function)


class StatedTestCase(TestCase):
    """Over REST, as people and machines do it."""

    @classmethod
    def setUpTestData(cls):
        cls.function = make.make_business_function('Salary payment')

    def setUp(self):
        self.rest = RestClient(make.make_user(is_superuser=True))
        self.url = f'business-functions/{self.function.pk}/'

    def patch(self, **values):
        return self.rest.patch(self.url, values)

    def test_a_value_needs_a_reason_and_a_reason_a_value(self):
        status, answer = self.patch(mtpd_minutes=480)
        self.assertEqual((status, list(answer)), (400, ['mtpd_reason']))
        status, answer = self.patch(mtpd_reason='Contract with the bank')
        self.assertEqual((status, list(answer)), (400, ['mtpd_minutes']))
        status, answer = self.patch(mtpd_minutes=480, mtpd_reason='Contract with the bank')
        self.assertEqual((status, answer['mtpd_minutes']), (200, 480))
        # What analyses say is no longer asked
        make.make_analysis(self.function, ratings=LATE)
        self.assertEqual(self.rest.get(self.url)[1]['mtpd_minutes'], 480)
        status, answer = self.patch(mtpd_reason='')
        self.assertEqual((status, answer['mtpd_minutes']), (200, 4320))

    def test_what_was_read_can_be_sent_back(self):
        make.make_analysis(self.function)
        _status, data = self.rest.get(self.url)
        body = {name: data[name] for name in ('name', 'slug', 'mtpd_minutes', 'mtpd_reason', 'minimum_level')}
        status, answer = self.rest.put(self.url, {**body, 'minimum_level': 'Emergency payments'})
        self.assertEqual((status, answer['mtpd_minutes'], answer['minimum_level']), (200, 480, 'Emergency payments'))
        self.assertEqual(self.patch(mtpd_minutes=None)[1]['mtpd_minutes'], 480)

    def test_numbers_that_are_none(self):
        for wrong in (-1, 'x', '480', 1.5, True, 2**31):
            with self.subTest(wrong):
                status, answer = self.patch(mtpd_minutes=wrong, mtpd_reason='x')
                self.assertEqual((status, list(answer)), (400, ['mtpd_minutes']))


class RTOTestCase(TestCase):
    """The RTO must not exceed the MTPD; an analysis may all the same say that it does."""

    @classmethod
    def setUpTestData(cls):
        cls.function = make.make_business_function('Salary payment')

    def setUp(self):
        self.rest = RestClient(make.make_user(is_superuser=True))

    def profile(self, **values):
        return self.rest.post('asset-profiles/', {
            'object_type': 'netbox_ims.businessfunction', 'object_id': self.function.pk, **values
        })

    def test_an_rto_above_the_mtpd_is_refused(self):
        make.make_analysis(self.function)
        status, answer = self.profile(rto_minutes=481)
        self.assertEqual((status, list(answer)), (400, ['rto_minutes']))
        self.assertIn('8h', str(answer))
        status, profile = self.profile(rto_minutes=480)
        self.assertEqual(status, 201)
        status, answer = self.rest.patch(f'asset-profiles/{profile["id"]}/', {'rto_minutes': 600})
        self.assertEqual((status, list(answer)), (400, ['rto_minutes']))
        # The number alone says nothing: that of another CI is its own affair.
        status, answer = self.rest.post('asset-profiles/', {
            'object_type': 'netbox_ims.itservice', 'object_id': make.make_it_service().pk, 'rto_minutes': 600,
        })
        self.assertEqual(status, 201)

    def test_in_bulk_and_on_the_form_as_well(self):
        make.make_analysis(self.function)
        self.client.force_login(make.make_user(is_superuser=True))
        profile = make.make_profile(self.function, rto_minutes=60)
        response = self.client.post(f'/plugins/ims/asset-profiles/{profile.pk}/edit/', {'rto_minutes': '1d'})
        self.assertContains(response, 'Above the MTPD of 8h')
        response = self.client.post('/plugins/ims/asset-profiles/edit/', {
            'pk': [profile.pk], 'rto_minutes': '1d', '_apply': 'true',
        })
        self.assertContains(response, 'Above the MTPD of 8h')
        profile.refresh_from_db()
        self.assertEqual(profile.rto_minutes, 60)

    def test_an_analysis_says_what_is_true(self):
        status, profile = self.profile(rto_minutes=600)
        self.assertEqual(status, 201)
        status, _answer = self.rest.post('impact-analyses/', {
            'function': self.function.pk, 'bands': [0, 240], 'tolerable_rating': 2, 'ratings': {'legal': [1, 3]},
        })
        self.assertEqual(status, 201)
        self.assertEqual(self.rest.get(f'business-functions/{self.function.pk}/')[1]['mtpd_minutes'], 240)
        # The rest of the profile can be edited meanwhile; the RTO not raised further, but lowered.
        url = f'asset-profiles/{profile["id"]}/'
        self.assertEqual(self.rest.patch(url, {'description': 'x'})[0], 200)
        self.assertEqual(self.rest.patch(url, {'rto_minutes': 700})[0], 400)
        self.assertEqual(self.rest.patch(url, {'rto_minutes': 240})[0], 200)

    def test_somebody_who_states_a_value_lowers_the_rto_first(self):
        self.profile(rto_minutes=600)
        url, stated = f'business-functions/{self.function.pk}/', {'mtpd_minutes': 240, 'mtpd_reason': 'Board'}
        status, answer = self.rest.patch(url, stated)
        self.assertEqual((status, list(answer)), (400, ['mtpd_minutes']))
        self.assertIn('10h', str(answer))
        self.assertEqual(self.rest.patch(url, {**stated, 'mtpd_minutes': 600})[0], 200)

    def test_an_analysis_of_tomorrow(self):
        status, answer = self.rest.post('impact-analyses/', {
            'function': self.function.pk, 'bands': [0, 240], 'ratings': {'legal': [1, 3]},
            'analysed_on': (timezone.localdate() + timedelta(days=1)).isoformat(),
        })
        self.assertEqual((status, list(answer)), (400, ['analysed_on']))
