"""A matrix from its first draft to its replacement: what it does to risks and their acceptances, over REST."""
from unittest.mock import patch

from django.test import TestCase

from core.models import ObjectChange

from netbox_ims.models import Decision, Risk, RiskAcceptance, RiskMatrix
from netbox_ims.services.refusals import Refused
from netbox_ims.services.risk_matrix import activate, preview
from tests import factories as make
from tests.base import RestClient, as_user


class ActivationTestCase(TestCase):
    """A new version that calls what was medium high, and accepts low only."""

    @classmethod
    def setUpTestData(cls):
        cls.boss = make.make_user(is_superuser=True, username='boss')
        cls.old = make.make_matrix('Ours', is_active=True)
        cls.new = make.make_matrix('Ours', acceptance_level='low', cells=[
            ['low', 'low', 'medium'], ['low', 'high', 'high'], ['medium', 'high', 'high']
        ])
        cls.same = make.make_risk('Same', current=(1, 1))
        cls.higher = make.make_risk('Higher', current=(2, 2), inherent=(3, 3))
        cls.unaccepted = make.make_risk('No longer acceptable', current=(1, 3))
        cls.unrated = make.make_risk('Unrated')
        cls.accepted = {risk: make.make_accepted(risk) for risk in (cls.same, cls.higher, cls.unaccepted)}
        cls.client_ = RestClient(cls.boss)

    def levels(self):
        return list(Risk.objects.order_by('pk').values_list('current_level', 'reassess', 'matrix'))

    def test_a_preview_changes_nothing(self):
        before = self.levels()
        status, data = self.client_.post(f'risk-matrices/{self.new.pk}/activate/?preview=true', {})
        self.assertEqual((status, data['count'], data['preview']), (200, 2, True))
        self.assertEqual({change['reference']: change['current_level'] for change in data['changes']}, {
            self.higher.reference: ['medium', 'high'], self.unaccepted.reference: ['medium', 'medium'],
        })
        self.assertEqual([change['above_acceptance'] for change in data['changes']], [[False, True], [False, True]])
        self.assertTrue(all(change['acceptance_void'] for change in data['changes']))
        self.assertEqual(self.levels(), before)
        self.assertEqual(RiskMatrix.objects.active(), self.old)

    def test_activation_does_what_the_preview_said(self):
        _status, said = self.client_.post(f'risk-matrices/{self.new.pk}/activate/?preview=true', {})
        status, data = self.client_.post(f'risk-matrices/{self.new.pk}/activate/', {'reason': 'Board of 25 November'})
        self.assertEqual((status, data['changes'], data['preview']), (200, said['changes'], False))
        self.assertEqual(self.levels(), [
            ('low', False, self.new.pk), ('high', True, self.new.pk), ('medium', True, self.new.pk),
            (None, False, self.new.pk),
        ])
        self.assertEqual({
            risk.title: RiskAcceptance.objects.get(pk=acceptance.pk).status
            for risk, acceptance in self.accepted.items()
        }, {'Same': 'accepted', 'Higher': 'void', 'No longer acceptable': 'void'})
        self.old.refresh_from_db()
        self.assertFalse(self.old.is_active)
        self.assertIsNotNone(self.old.replaced_on)
        decisions = Decision.objects.filter(object_type__model='riskmatrix').order_by('pk')
        self.assertEqual([(each.action, each.object_id) for each in decisions][-2:], [
            ('superseded', self.old.pk), ('activated', self.new.pk)
        ])
        self.assertEqual({(each.user_name, each.reason) for each in decisions[1:]}, {('boss', 'Board of 25 November')})
        voided = Decision.objects.filter(action='voided')
        self.assertEqual({each.reason for each in voided}, {'Board of 25 November'})

    def test_the_change_log_tells_of_each_risk_that_changes_level(self):
        with as_user(self.boss):
            activate(self.new, self.boss)
        logged = ObjectChange.objects.filter(changed_object_type__model='risk')
        self.assertEqual({change.changed_object_id for change in logged}, {self.higher.pk, self.unaccepted.pk})
        self.assertEqual(logged.get(changed_object_id=self.higher.pk).postchange_data['current_level'], 'high')

    def test_nothing_happens_if_anything_fails(self):
        before = self.levels()
        with patch('netbox_ims.services.risk_matrix.log_bulk_change', side_effect=ValueError), \
                self.assertRaises(ValueError):
            activate(self.new, self.boss)
        self.assertEqual(self.levels(), before)
        self.assertEqual(RiskMatrix.objects.active(), self.old)

    def test_a_smaller_matrix_leaves_what_it_cannot_place_unrated(self):
        big = make.make_matrix(
            'Big', likelihood_scale=['A', 'B', 'C', 'D'], impact_dimensions=['service', 'money'],
            cells=[['low', 'low', 'low'], ['low', 'low', 'high'], ['low', 'high', 'high'], ['high', 'high', 'high']],
        )
        activate(big, self.boss)
        risk = make.make_risk('Certain', current=(4, 3))
        money = make.make_risk('Dear', current_likelihood=1, current_impacts={'money': 3})
        activate(self.new, self.boss)
        for each in (risk, money):
            each.refresh_from_db()
            self.assertEqual((each.current_level, each.above_acceptance, each.reassess), (None, None, True))
        self.assertEqual((risk.current_likelihood, money.current_impacts), (4, {'money': 3}))     # not lost
        # Another owner can be named meanwhile, but the ratings can't be confirmed.
        path = f'risks/{risk.pk}/'
        self.assertEqual(self.client_.patch(path, {'title': 'Nearly certain'})[0], 200)
        self.assertEqual(self.client_.post(f'{path}confirm/', {})[0], 409)
        status, data = self.client_.patch(path, {'current_likelihood': 3})
        self.assertEqual((status, data['current_level'], data['reassess']), (200, 'high', False))

    def test_a_risk_is_reassessed_by_rating_or_confirming(self):
        activate(self.new, self.boss)
        for risk, step in (
            (self.higher, lambda path: self.client_.patch(path, {'current_likelihood': 1})),
            (self.unaccepted, lambda path: self.client_.post(f'{path}confirm/', {})),
        ):
            path = f'risks/{risk.pk}/'
            status, data = RestClient(self.boss).post('risk-acceptances/', {
                'risk': risk.pk, 'justification': 'x', 'valid_until': '2099-01-01'
            })
            self.assertEqual((status, list(data)), (400, ['risk']))
            status, data = step(path)
            self.assertEqual((status, data['reassess']), (200, False))
        self.assertEqual(self.client_.post(f'risks/{self.same.pk}/confirm/', {})[0], 409)

    def test_twice_is_refused(self):
        self.assertEqual(self.client_.post(f'risk-matrices/{self.old.pk}/activate/', {})[0], 409)
        with self.assertRaises(Refused):
            activate(self.old, self.boss)

    def test_nothing_is_activated_in_a_branch(self):
        with patch('netbox_ims.services.risk_matrix.in_branch', return_value=True):
            status, data = self.client_.post(f'risk-matrices/{self.new.pk}/activate/', {})
        self.assertEqual((status, data['detail']), (409, 'A matrix is activated in main, not in a branch.'))
        self.assertEqual(RiskMatrix.objects.active(), self.old)

    def test_who_may(self):
        for permissions, expected in (
            ((), 403), (('netbox_ims.view_riskmatrix',), 403), (('netbox_ims.change_riskmatrix',), 404),
            (('netbox_ims.view_riskmatrix', 'netbox_ims.change_riskmatrix'), 200),
        ):
            with self.subTest(permissions):
                client = RestClient(make.make_user(*permissions))
                status, data = client.post(f'risk-matrices/{self.new.pk}/activate/?preview=true', {})
                self.assertEqual(status, expected)
        self.assertEqual(data['changes'], [])       # of risks that cannot be seen, nothing

    def test_the_preview_costs_the_same_for_any_number_of_risks(self):
        with self.assertNumQueries(2):
            preview(self.new)
        for _ in range(5):
            make.make_risk(current=(2, 2))
        with self.assertNumQueries(2):
            self.assertEqual(len(preview(self.new)), 7)

    def test_what_a_replaced_matrix_rated_goes_over_to_the_active_one(self):
        """Somebody had read the risk before, and writes it back after."""
        stale = Risk.objects.get(pk=self.same.pk)
        activate(self.new, self.boss)
        Risk.objects.filter(pk=stale.pk).update(matrix=self.old, current_likelihood=2, current_impacts={'service': 2})
        stale.refresh_from_db()
        self.assertEqual((stale.matrix, stale.current_level), (self.new, 'high'))


class MatrixRulesTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.client_ = RestClient(make.make_user(is_superuser=True))

    def test_bad_input(self):
        for title, change, field in (
            ('a hole', {'cells': [['low', None, 'low'], ['low'] * 3, ['low'] * 3]}, 'cells'),
            ('a short row', {'cells': [['low', 'low'], ['low'] * 3, ['low'] * 3]}, 'cells'),
            ('a level nobody knows', {'cells': [['x', 'low', 'low'], ['low'] * 3, ['low'] * 3]}, 'cells'),
            ('no cells', {'cells': None}, 'cells'), ('a text', {'cells': 'low'}, 'cells'),
            ('an object', {'cells': {'low': 1}}, 'cells'), ('numbers', {'cells': [[1, 2, 3]] * 3}, 'cells'),
            ('two likelihoods', {'likelihood_scale': ['a', 'b']}, 'likelihood_scale'),
            ('eleven impacts', {'impact_scale': list('abcdefghijk')}, 'impact_scale'),
            ('no dimension', {'impact_dimensions': []}, 'impact_dimensions'),
            ('acceptance of nothing', {'acceptance_level': 'none'}, 'acceptance_level'),
            ('a colour by name', {'levels': [{**level, 'color': 'red'} for level in make.LEVELS]}, 'levels'),
            ('a rank twice', {'levels': [{**level, 'rank': 1} for level in make.LEVELS]}, 'levels'),
            ('levels of numbers', {'levels': [1, 2, 3]}, 'levels'), ('no name', {'name': ''}, 'name'),
            ('version 0', {'version': 0}, 'version'),
        ):
            with self.subTest(title):
                status, data = self.client_.post('risk-matrices/', {'name': 'New', **make.matrix_values(), **change})
                self.assertEqual(status, 400, data)
                self.assertIn(field, data)
        self.assertFalse(RiskMatrix.objects.exists())

    def test_a_hole_is_named(self):
        cells = [['low'] * 3, ['low', 'low', ''], ['low'] * 3]
        _status, data = self.client_.post('risk-matrices/', {'name': 'New', **make.matrix_values(cells=cells)})
        self.assertEqual(
            data['cells'],
            ['The cell of likelihood 2 and impact 3 has no level. Choose one of: low, medium, high.']
        )

    def test_one_is_active(self):
        first = self.client_.post('risk-matrices/', {'name': 'One', 'is_active': True, **make.matrix_values()})
        self.assertEqual((first[0], first[1]['is_active'], first[1]['version']), (201, True, 1))
        status, data = self.client_.post('risk-matrices/', {'name': 'Two', 'is_active': True, **make.matrix_values()})
        self.assertEqual((status, data), (
            400, {'is_active': ['Another matrix is active. Activate this one instead of it.']}
        ))
        status, data = self.client_.patch(f'risk-matrices/{first[1]["id"]}/', {'is_active': False})
        self.assertEqual((status, list(data)), (400, ['is_active']))

    def test_one_in_use_stays_as_it_is(self):
        matrix = make.make_matrix('One', is_active=True)
        path = f'risk-matrices/{matrix.pk}/'
        self.assertEqual(self.client_.patch(path, {'acceptance_level': 'low'})[0], 200)
        make.make_risk(current=(1, 1))
        for change in (
            {'acceptance_level': 'high'}, {'cells': [['low'] * 3] * 3}, {'name': 'Other'},
            {'impact_scale': ['x', 'y', 'z']},
        ):
            with self.subTest(change):
                status, data = self.client_.patch(path, change)
                self.assertEqual((status, list(data)), (400, list(change)))
        self.assertEqual(self.client_.patch(path, {'description': 'In use'})[0], 200)
        self.assertEqual(self.client_.delete(path)[0], 400)
        status, data = self.client_.post(f'{path}new-version/', {})
        self.assertEqual((status, data['name'], data['version'], data['is_active']), (201, 'One', 2, False))
        activate(RiskMatrix.objects.get(pk=data['id']))
        # Nothing is rated by it any more, but something was.
        self.assertEqual(self.client_.patch(path, {'acceptance_level': 'high'})[0], 400)
        self.assertEqual(self.client_.delete(path)[0], 400)

    def test_an_asymmetric_one_that_does_not_rise_is_legal_and_flagged(self):
        cells = [['low', 'high', 'low'], ['low', 'low', 'low'], ['high', 'low', 'low'], ['low', 'low', 'high']]
        matrix = make.make_matrix('Odd', likelihood_scale=['a', 'b', 'c', 'd'], cells=cells)
        self.assertEqual([(dip.likelihood, dip.impact, dip.along) for dip in matrix.dips][:2], [
            (1, 3, 'impact'), (2, 2, 'likelihood')
        ])
        self.client.force_login(make.make_user('netbox_ims.view_riskmatrix'))
        self.assertContains(self.client.get(matrix.get_absolute_url()), 'Does not rise')


class DeletionTestCase(TestCase):

    def test_the_refusal_shows_the_name_as_it_is_written(self):
        """NetBox takes such a message for HTML."""
        matrix = make.make_matrix('<b>Ours</b>', is_active=True)
        make.make_risk('Rated', current=(1, 1))
        self.client.force_login(make.make_user(is_superuser=True, username='boss'))
        for url in (f'/plugins/ims/risk-matrices/{matrix.pk}/delete/', '/plugins/ims/risk-matrices/delete/'):
            with self.subTest(url):
                response = self.client.post(url, {'pk': matrix.pk, 'confirm': True, '_confirm': True}, follow=True)
                self.assertContains(response, 'cannot be deleted: risks are rated by it')
                self.assertNotContains(response, '<b>Ours')
                self.assertTrue(RiskMatrix.objects.filter(pk=matrix.pk).exists())
