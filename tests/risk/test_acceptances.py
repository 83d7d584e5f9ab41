"""From a request to a decision, and what ends it: over REST as people and clients see it, and by the job."""
from datetime import timedelta
from unittest.mock import patch

from django.test import TestCase
from django.utils import timezone

from netbox_ims.models import Decision, Risk, RiskAcceptance
from netbox_ims.services.risk import expire_acceptances
from tests import factories as make
from tests.base import RestClient, as_user

TODAY = timezone.localdate()
SEE = ('netbox_ims.view_risk', 'netbox_ims.view_riskacceptance')


class AcceptanceTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.device = make.make_device('web')
        cls.iso = make.make_standard('ISO', slug='iso')
        cls.low = make.make_risk('Theft', [cls.iso], inherent=(2, 2), current=(1, 1), threat='Thieves')
        cls.high = make.make_risk('Fire', [cls.iso], current=(3, 3))
        for risk in (cls.low, cls.high):
            make.make_risk_assignment(cls.device, risk)
        make.make_treatment(cls.low, 'Lock the door', [make.make_control('A.7.1')])
        cls.asks = make.make_user(*SEE, 'netbox_ims.add_riskacceptance', username='asks')
        cls.decides = make.make_user(*SEE, 'netbox_ims.accept_risk', 'dcim.view_device', username='decides')
        cls.directs = make.make_user(
            *SEE, 'netbox_ims.accept_risk', 'netbox_ims.accept_above_level_risk', username='directs'
        )

    def request(self, about, user=None, **values):
        body = {
            'risk': about.pk, 'justification': 'Cheaper', 'valid_until': (TODAY + timedelta(days=9)).isoformat(),
            **values,
        }
        return RestClient(user or self.asks).post('risk-acceptances/', body)

    def requested(self, risk, **values):
        status, data = self.request(risk, **values)
        self.assertEqual(status, 201, data)
        return data

    def decide(self, user, data, step='accept', **body):
        return RestClient(user).post(f'risk-acceptances/{data["id"]}/{step}/', body)

    def test_another_person_accepts(self):
        asked = self.requested(self.low)
        self.assertEqual(asked['status']['value'], 'requested')
        self.assertEqual(asked['requested_by']['username'], 'asks')
        status, data = self.decide(self.decides, asked, reason='As agreed')
        self.assertEqual((status, data['status']['value']), (200, 'accepted'))
        self.assertEqual(data['decided_by']['username'], 'decides')
        decision = Decision.objects.filter(object_id=self.low.pk, action='accepted').get()
        self.assertEqual((decision.user_name, decision.reason), ('decides', 'As agreed'))
        self.assertEqual(decision.basis['level'], 'low')
        again, data = self.decide(self.decides, asked)
        self.assertEqual((again, list(data)), (409, ['detail', 'reasons']))

    def test_what_is_kept_of_the_risk(self):
        asked = self.requested(self.low)
        self.decide(self.decides, asked)
        snapshot = RestClient(self.decides).get(f'risk-acceptances/{asked["id"]}/')[1]['snapshot']
        self.assertEqual((snapshot['title'], snapshot['threat'], snapshot['standards']), ('Theft', 'Thieves', ['iso']))
        self.assertEqual(snapshot['current'], {
            'likelihood': 1, 'likelihood_name': 'Rare', 'impacts': {'service': 1}, 'impact': 1, 'level': 'low',
            'level_name': 'Low',
        })
        self.assertEqual([each['controls'] for each in snapshot['treatments']], [['A.7.1']])
        self.assertEqual([ci['name'] for ci in snapshot['cis']], ['web'])
        # The same for who may not see the device: without it, and without a trace of it.
        hidden = RestClient(self.asks).get(f'risk-acceptances/{asked["id"]}/')[1]['snapshot']
        self.assertEqual(hidden['cis'], [])
        self.low.title = 'Burglary'
        self.low.save()
        kept = RestClient(self.decides).get(f'risk-acceptances/{asked["id"]}/')[1]
        self.assertEqual((kept['snapshot']['title'], kept['status']['value']), ('Theft', 'accepted'))

    def test_nobody_decides_what_they_asked_for(self):
        make.grant(self.asks, 'netbox_ims.accept_risk', 'netbox_ims.accept_above_level_risk')
        asked = self.requested(self.low, user=make.fresh(self.asks))
        for step in ('accept', 'reject'):
            status, data = self.decide(make.fresh(self.asks), asked, step)
            self.assertEqual(status, 409)
            self.assertEqual(data['requested_by'], ['You asked for it, so someone else decides.'])
        self.assertEqual(RiskAcceptance.objects.get().status, 'requested')

    def test_nor_can_others_write_into_a_request(self):
        for user in (self.asks, self.decides):
            make.grant(user, 'netbox_ims.accept_risk', 'netbox_ims.change_riskacceptance')
        asks, editor = make.fresh(self.asks), make.fresh(self.decides)
        asked = self.requested(self.low)
        path = f'risk-acceptances/{asked["id"]}/'
        status, data = RestClient(editor).patch(path, {'justification': 'Cheaper.'})
        self.assertEqual(status, 400)
        self.assertIn('Only asks, who asked for it, can change what is asked for', data['detail'])
        self.client.force_login(editor)
        page = self.client.post(f'/plugins/ims/{path}edit/', {
            'justification': 'Cheaper.', 'valid_until': asked['valid_until'],
        })
        self.assertContains(page, 'Only asks, who asked for it, can change what is asked for')
        self.assertEqual(RestClient(editor).patch(path, {'description': 'A note'})[0], 200)
        self.assertEqual(RestClient(asks).patch(path, {'justification': 'Cheaper!'})[0], 200)
        self.assertEqual(self.decide(asks, asked)[0], 409)
        self.assertEqual(self.decide(editor, asked)[0], 200)

    def test_above_the_acceptance_level_it_takes_a_permission(self):
        asked = self.requested(self.high)
        self.assertEqual(self.decide(self.decides, asked)[0], 403)
        self.assertEqual(RiskAcceptance.objects.get().status, 'requested')
        self.assertEqual(self.decide(self.directs, asked)[0], 200)

    def test_who_may_not_accept(self):
        asked = self.requested(self.low)
        self.assertEqual(self.decide(make.make_user(*SEE), asked)[0], 403)
        self.assertEqual(self.decide(make.make_user('netbox_ims.accept_risk'), asked)[0], 404)
        elsewhere = make.make_user(*SEE)
        make.grant(elsewhere, 'netbox_ims.accept_risk', constraints={'title': 'Fire'})
        self.assertEqual(self.decide(make.fresh(elsewhere), asked)[0], 403)
        self.assertEqual(RiskAcceptance.objects.get().status, 'requested')

    def test_nothing_is_decided_in_a_branch(self):
        asked = self.requested(self.low)
        with patch('netbox_ims.services.risk.in_branch', return_value=True):
            for step in ('accept', 'reject'):
                status, data = self.decide(self.decides, asked, step)
                self.assertEqual(status, 409)
                self.assertEqual(data['detail'], 'What is accepted is decided in main, not in a branch.')
        self.assertEqual(RiskAcceptance.objects.get().status, 'requested')

    def test_a_body_that_says_nothing_sensible_decides_nothing(self):
        asked = self.requested(self.low)
        path = f'risk-acceptances/{asked["id"]}/'
        self.client.force_login(self.decides)
        for step in ('accept', 'reject'):
            status, data = self.decide(self.decides, asked, step, reason='x' * 201)
            self.assertEqual((status, data), (400, {'reason': ['A reason has at most 200 characters.']}))
            for body in ([1, 2], [{'reason': 'Fine'}], 'Fine'):
                status, data = RestClient(self.decides).post(f'{path}{step}/', body)
                self.assertEqual((status, data), (400, {'detail': 'The body must be an object.'}), body)
            page = self.client.post(f'/plugins/ims/{path}{step}/', {'reason': 'x' * 201}, follow=True)
            self.assertContains(page, 'A reason has at most 200 characters.')
        self.assertEqual(RiskAcceptance.objects.get().status, 'requested')

    def test_rejecting(self):
        asked = self.requested(self.low)
        status, data = self.decide(self.decides, asked, 'reject', reason='Too dear')
        self.assertEqual((status, data['status']['value']), (200, 'rejected'))
        self.assertEqual(Decision.objects.filter(action='rejected').get().reason, 'Too dear')

    def test_bad_input(self):
        unrated = make.make_risk('Strike', [self.iso])
        closed = make.make_risk('Plague', [self.iso], current=(1, 1), status='closed')
        for title, risk, values, field in (
            ('in the past', self.low, {'valid_until': (TODAY - timedelta(days=1)).isoformat()}, 'valid_until'),
            ('no day', self.low, {'valid_until': None}, 'valid_until'),
            ('not a day', self.low, {'valid_until': 'soon'}, 'valid_until'),
            ('no reason', self.low, {'justification': ' '}, 'justification'),
            ('not rated', unrated, {}, 'risk'), ('closed', closed, {}, 'risk'),
            ('no such risk', self.low, {'risk': 987654}, 'risk'), ('no risk at all', self.low, {'risk': None}, 'risk'),
        ):
            with self.subTest(title):
                status, data = self.request(risk, **values)
                self.assertEqual((status, list(data)), (400, [field]))
        self.assertFalse(RiskAcceptance.objects.exists())

    def test_what_only_a_decision_sets_is_not_taken_from_a_request(self):
        data = self.requested(self.low, status='accepted', decided_by=self.asks.pk, snapshot={}, requested_by=1)
        self.assertEqual((data['status']['value'], data['decided_by']), ('requested', None))
        self.assertEqual(data['snapshot']['title'], 'Theft')

    def test_one_request_at_a_time(self):
        self.requested(self.low)
        status, data = self.request(self.low)
        self.assertEqual((status, data), (400, {'risk': ['Somebody has asked for this risk to be accepted already.']}))

    def test_nor_on_a_page_or_in_a_file(self):
        self.client.force_login(self.asks)
        until = (TODAY + timedelta(days=9)).isoformat()
        row = f'{self.low.reference},Cheaper,{until}'
        said = 'Somebody has asked for this risk to be accepted already.'
        twice = {'data': '\n'.join(['risk,justification,valid_until', row, row]), 'format': 'csv',
                 'csv_delimiter': ',', 'import_method': 'direct'}
        self.assertContains(self.client.post('/plugins/ims/risk-acceptances/import/', twice), said)
        self.assertFalse(RiskAcceptance.objects.exists())
        make.make_accepted(self.low)
        self.assertContains(self.client.get(self.low.get_absolute_url()), 'Request Acceptance')
        self.requested(self.low)
        page = self.client.get(self.low.get_absolute_url())
        self.assertNotContains(page, 'Request Acceptance')
        self.assertContains(page, 'Accepted to')
        self.assertContains(page, '>decide<')
        form = {'risk': self.low.pk, 'justification': 'Cheaper', 'valid_until': until}
        self.assertContains(self.client.post('/plugins/ims/risk-acceptances/add/', form), said)

    def test_what_is_decided_stays(self):
        asked = self.requested(self.low)
        self.decide(self.decides, asked)
        boss = RestClient(make.make_user(is_superuser=True))
        path = f'risk-acceptances/{asked["id"]}/'
        self.assertEqual(boss.patch(path, {'justification': 'Other'})[0], 400)
        self.assertEqual(boss.patch(path, {'valid_until': '2099-01-01'})[0], 400)
        self.assertEqual(boss.patch(path, {'description': 'A note'})[0], 200)
        said = f'{self.low.reference} · Accepted cannot be deleted: it is evidence.'
        self.assertEqual(boss.delete(path), (400, {'detail': said}))
        self.client.force_login(make.make_user(is_superuser=True))
        page = self.client.post('/plugins/ims/risk-acceptances/delete/', {
            'pk': [asked['id']], '_confirm': '1', 'confirm': 'True',
        }, follow=True)
        self.assertContains(page, said)
        self.assertEqual(boss.delete(f'risks/{self.low.pk}/')[0], 400)
        self.assertTrue(Risk.objects.filter(pk=self.low.pk).exists())

    def test_a_material_change_ends_it_and_another_does_not(self):
        asked = self.requested(self.low)
        self.decide(self.decides, asked)
        boss = RestClient(make.make_user(is_superuser=True))
        for change, expected in (
            ({'title': 'Burglary', 'review_due': '2031-01-01'}, 'accepted'),
            ({'current_likelihood': 2, 'current_impacts': {'service': 2}}, 'void'),
        ):
            self.assertEqual(boss.patch(f'risks/{self.low.pk}/', change)[0], 200)
            self.assertEqual(RiskAcceptance.objects.get().status, expected)

    def test_another_acceptance_takes_its_place(self):
        first = self.requested(self.low)
        self.decide(self.decides, first)
        self.decide(self.decides, self.requested(self.low))
        self.assertEqual(
            list(RiskAcceptance.objects.order_by('pk').values_list('status', flat=True)), ['void', 'accepted']
        )

    def test_the_job_marks_what_has_run_out(self):
        acceptance = make.make_accepted(self.low)
        request = make.make_request(self.high)
        with as_user(self.asks):
            self.assertEqual(expire_acceptances(), [])
        later = TODAY + timedelta(days=40)
        with patch('django.utils.timezone.localdate', lambda *args: later):
            self.assertFalse(Risk.objects.accepted().exists())      # also before the job has run
            self.assertEqual(sorted(each.pk for each in expire_acceptances()), sorted([acceptance.pk, request.pk]))
        acceptance.refresh_from_db()
        self.assertEqual(acceptance.status, 'expired')
        self.assertEqual(Decision.objects.filter(action='expired').count(), 2)

    def test_on_the_page(self):
        asked = self.requested(self.low)
        path = f'/plugins/ims/risk-acceptances/{asked["id"]}/'
        self.client.force_login(self.decides)
        page = self.client.get(path)
        self.assertContains(page, 'Thieves')
        self.assertContains(page, 'Risk as It Was When Requested')
        self.assertContains(page, '<td>ISO</td>')
        self.assertContains(page, 'web')
        page = self.client.post(f'{path}accept/', {'reason': 'Fine'}, follow=True)
        self.assertContains(page, f'{self.low.reference} is accepted.')
        self.assertContains(page, 'Risk as It Was Then')
        page = self.client.post(f'{path}accept/', follow=True)
        self.assertContains(page, 'It is accepted already.')
        self.client.force_login(self.asks)
        page = self.client.post(f'{path}reject/', follow=True)
        self.assertContains(page, 'You may not decide about this risk.')
        self.assertNotContains(page, 'web')
