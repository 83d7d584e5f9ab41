"""What may be said of a risk, by REST and spreadsheet; what else it keeps from happening; what a list costs."""
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.utils import timezone

from utilities.exceptions import AbortRequest

from netbox_ims.models import Decision, RetiredCI, Risk, RiskAssignment, RiskMatrix, RiskTreatment
from netbox_ims.services.completeness import check
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import QueryCountMixin, RestClient


class BadInputTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        make.active_matrix()
        cls.iso, cls.nis = make.make_standard('ISO', slug='iso'), make.make_standard('NIS', slug='nis')
        cls.clause = make.make_clause(cls.nis)
        cls.client_ = RestClient(make.make_user(is_superuser=True))

    def test_rest(self):
        for title, change, field in (
            ('no standard', {'standards': []}, 'standards'), ('standards null', {'standards': None}, 'standards'),
            ('standards left out', {'standards': ...}, 'standards'),
            ('a standard nobody knows', {'standards': [987654]}, 'standards'),
            ('a standard by a wrong slug', {'standards': [{'slug': 'x'}]}, 'standards'),
            ('a clause of another standard', {'clauses': [self.clause.pk]}, 'clauses'),
            ('a likelihood above the scale', {'current_likelihood': 4}, 'current_likelihood'),
            ('a likelihood of 0', {'inherent_likelihood': 0}, 'inherent_likelihood'),
            ('a negative likelihood', {'target_likelihood': -1}, 'target_likelihood'),
            ('a likelihood in words', {'current_likelihood': 'Rare'}, 'current_likelihood'),
            ('a likelihood between two', {'current_likelihood': 1.5}, 'current_likelihood'),
            ('a likelihood that is a truth', {'current_likelihood': True}, 'current_likelihood'),
            ('an endless likelihood', {'current_likelihood': 10 ** 30}, 'current_likelihood'),
            ('an impact above the scale', {'current_impacts': {'service': 4}}, 'current_impacts'),
            ('an impact of null', {'current_impacts': {'service': None}}, 'current_impacts'),
            ('an impact in words', {'current_impacts': {'service': 'Severe'}}, 'current_impacts'),
            ('an unknown dimension', {'current_impacts': {'money': 1}}, 'current_impacts'),
            ('a list of impacts', {'current_impacts': [1, 2]}, 'current_impacts'),
            ('a single impact', {'current_impacts': 3}, 'current_impacts'),
            ('impacts null', {'current_impacts': None}, 'current_impacts'),
            ('current above inherent', {
                'inherent_likelihood': 1, 'inherent_impacts': {'service': 1}, 'current_likelihood': 3,
                'current_impacts': {'service': 3},
            }, 'residual_explanation'),
            ('target above inherent', {
                'inherent_likelihood': 1, 'inherent_impacts': {'service': 1}, 'target_likelihood': 2,
                'target_impacts': {'service': 1},
            }, 'residual_explanation'),
            ('a blank explanation', {
                'inherent_likelihood': 1, 'inherent_impacts': {'service': 1}, 'current_likelihood': 3,
                'current_impacts': {'service': 3}, 'residual_explanation': ' \n',
            }, 'residual_explanation'),
            ('no title', {'title': ''}, 'title'), ('a status nobody knows', {'status': 'x'}, 'status'),
            ('a treatment nobody knows', {'treatment': 'hope'}, 'treatment'),
            ('a day that is none', {'review_due': 'soon'}, 'review_due'),
            ('a matrix nobody knows', {'matrix': 987654}, 'matrix'),
        ):
            body = {'title': 'Fire', 'standards': [self.iso.pk], **change}
            with self.subTest(title):
                status, data = self.client_.post('risks/', {k: v for k, v in body.items() if v is not ...})
                self.assertEqual((status, list(data)), (400, [field]))
        self.assertFalse(Risk.objects.exists())

    def test_an_update_is_judged_alike_and_changes_nothing(self):
        risk = make.make_risk('Fire', [self.iso], inherent=(2, 2), current=(1, 1))
        for change, field in (
            ({'current_likelihood': 3, 'current_impacts': {'service': 3}}, 'residual_explanation'),
            ({'standards': []}, 'standards'),
            ({'standards': [self.nis.pk], 'current_likelihood': 9}, 'current_likelihood'),
            ({'clauses': [self.clause.pk]}, 'clauses'),
        ):
            with self.subTest(change):
                status, data = self.client_.patch(f'risks/{risk.pk}/', change)
                self.assertEqual((status, list(data)), (400, [field]))
        risk.refresh_from_db()
        self.assertEqual((risk.current_level, list(risk.standards.all())), ('low', [self.iso]))

    def test_an_explanation_will_do(self):
        status, data = self.client_.post('risks/', {
            'title': 'Fire', 'standards': [self.iso.pk], 'inherent_likelihood': 1, 'inherent_impacts': {'service': 1},
            'current_likelihood': 3, 'current_impacts': {'service': 3}, 'residual_explanation': 'The pumps are new',
        })
        self.assertEqual((status, data['inherent_level'], data['current_level']), (201, 'low', 'high'))
        self.assertEqual((data['reference'], data['above_acceptance']), (f'R-{data["id"]:04d}', True))

    def test_what_follows_from_ratings_cannot_be_written(self):
        status, data = self.client_.post('risks/', {
            'title': 'Fire', 'standards': [self.iso.pk], 'reference': 'X-1', 'current_level': 'low',
            'current_impact': 1, 'reassess': True, 'above_acceptance': False, 'current_likelihood': 3,
            'current_impacts': {'service': 1, 'confidentiality': 3},
        })
        self.assertEqual((status, data['current_level'], data['current_impact']), (201, 'high', 3))
        self.assertEqual((data['reference'], data['reassess']), (f'R-{data["id"]:04d}', False))

    def test_without_an_active_matrix(self):
        RiskMatrix.objects.all().delete()
        status, data = self.client_.post('risks/', {'title': 'Fire', 'standards': [self.iso.pk]})
        self.assertEqual((status, list(data)), (400, ['matrix']))

    def test_bulk_is_all_or_none(self):
        good = {'title': 'Fire', 'standards': [self.iso.pk]}
        status, data = self.client_.post('risks/', [good, {**good, 'current_likelihood': 9}])
        self.assertEqual((status, data['errors'][0]['index']), (400, 1))
        self.assertFalse(Risk.objects.exists())

    def test_treatments(self):
        risk, tomorrow = make.make_risk(), timezone.localdate() + timedelta(days=1)
        for change, field in (
            ({'done_on': tomorrow.isoformat()}, 'done_on'), ({'progress': 100}, 'done_on'),
            ({'progress': 101}, 'progress'),
            ({'progress': -1}, 'progress'), ({'name': ''}, 'name'), ({'due': 'x'}, 'due'), ({'risk': None}, 'risk'),
            ({'controls': [987654]}, 'controls'),
        ):
            with self.subTest(change):
                status, data = self.client_.post('risk-treatments/', {'risk': risk.pk, 'name': 'Move', **change})
                self.assertEqual((status, list(data)), (400, [field]))
        self.assertFalse(RiskTreatment.objects.exists())
        status, data = self.client_.post('risk-treatments/', {'risk': risk.pk, 'name': 'Move', 'done_on': '2024-01-01'})
        self.assertEqual((status, data['progress']), (201, 100))

    def test_a_ci_that_cannot_be_seen_is_as_none(self):
        risk, device = make.make_risk(), make.make_device()
        client = RestClient(make.make_user('netbox_ims.add_riskassignment', 'netbox_ims.view_risk'))
        answers = [
            client.post('risk-assignments/', {'risk': risk.pk, 'object_type': 'dcim.device', 'object_id': pk})
            for pk in (device.pk, device.pk + 1000)
        ]
        for (status, data), pk in zip(answers, (device.pk, device.pk + 1000), strict=True):
            self.assertEqual((status, list(data)), (400, ['object_id']))
            self.assertIn(str(pk), str(data))
        self.assertFalse(RiskAssignment.objects.exists())


class ImportTestCase(TestCase):
    """The spreadsheet people already have."""

    @classmethod
    def setUpTestData(cls):
        make.active_matrix()
        make.make_standard('ISO/IEC 27001', slug='iso27001')
        make.make_contact('Ada')
        cls.device = make.make_device('web-01')
        make.make_device('twin')
        make.make_vm('twin')
        cls.user = make.make_user(is_superuser=True)

    def bring_in(self, header, *rows, user=None):
        self.client.force_login(user or self.user)
        return self.client.post('/plugins/ims/risks/import/', {
            'data': '\n'.join([header, *rows]), 'format': 'csv', 'csv_delimiter': ',', 'import_method': 'direct',
        })

    def test_names_all_along(self):
        response = self.bring_in(
            'title,standards,risk_owner,inherent_likelihood,inherent_impacts,current_likelihood,current_impacts,cis',
            'Fire,ISO/IEC 27001,Ada,certain,Severe,2,"service: Serious; confidentiality=1",web-01; dcim.device:twin',
        )
        self.assertEqual(response.status_code, 302, response.context and response.context['form'].errors)
        risk = Risk.objects.get()
        self.assertEqual((risk.inherent_impacts, risk.inherent_level), ({'service': 3, 'confidentiality': 3}, 'high'))
        self.assertEqual((risk.current_impacts, risk.current_level), ({'service': 2, 'confidentiality': 1}, 'medium'))
        self.assertEqual((risk.risk_owner.name, risk.reference), ('Ada', f'R-{risk.pk:04d}'))
        self.assertEqual(sorted(str(each.object) for each in risk.assignments.all()), ['twin', 'web-01'])

    def test_words_as_the_product_has_them(self):
        response = self.bring_in(
            'title,standards,status,treatment,current_likelihood,current_impacts',
            'Fire,iso27001,Monitored,Modify,3 Certain,3 severe', 'Flood,iso27001,OPEN,,,service=2 Serious',
        )
        self.assertEqual(response.status_code, 302, response.context and response.context['form'].errors)
        fire, flood = Risk.objects.order_by('title')
        self.assertEqual((fire.status, fire.treatment, fire.current_level), ('monitored', 'modify', 'high'))
        self.assertEqual((flood.status, flood.treatment, flood.current_impacts), ('open', '', {'service': 2}))

    def test_what_cannot_be_read_is_said(self):
        self.client.force_login(self.user)
        latin = SimpleUploadedFile('risks.csv', 'title,standards\nÜberfall,iso27001'.encode('latin-1'))
        for path in ('risks', 'risk-assignments', 'risk-treatments', 'risk-acceptances', 'risk-matrices'):
            for data, said in (
                ({'data': '', 'import_method': 'direct'}, 'There is nothing to import.'),
                ({'data': '\n \n', 'import_method': 'direct'}, 'There is nothing to import.'),
                ({'import_method': 'upload'}, 'Choose a file.'),
                ({'import_method': 'upload', 'upload_file': latin}, 'The file is not in UTF-8.'),
            ):
                with self.subTest(path, data=data):
                    latin.seek(0)
                    response = self.client.post(
                        f'/plugins/ims/{path}/import/', {'format': 'csv', 'csv_delimiter': ',', **data}
                    )
                    self.assertContains(response, said)
        sound = SimpleUploadedFile('risks.csv', 'title,standards\nÜberfall,iso27001'.encode())
        self.client.post('/plugins/ims/risks/import/', {
            'format': 'csv', 'csv_delimiter': ',', 'import_method': 'upload', 'upload_file': sound,
        })
        self.assertEqual(Risk.objects.get().title, 'Überfall')

    def test_what_is_wrong_is_said_by_record_and_field(self):
        for header, row, expected in (
            ('standards', '', 'standards'), ('standards', 'ISO 9001', 'standards'),
            ('standards,clauses', 'iso27001,99.9', 'clauses'),
            ('standards,current_likelihood', 'iso27001,often', 'current_likelihood'),
            ('standards,current_likelihood', 'iso27001,4', 'current_likelihood'),
            ('standards,current_impacts', 'iso27001,money=2', 'current_impacts'),
            ('standards,current_impacts', 'iso27001,service=9', 'current_impacts'),
            ('standards,risk_owner', 'iso27001,Nobody', 'risk_owner'), ('standards,cis', 'iso27001,nowhere', 'cis'),
            ('standards,cis', 'iso27001,twin', 'cis'), ('standards,treatment', 'iso27001,hope', 'treatment'),
            ('standards,inherent_likelihood,inherent_impacts,current_likelihood,current_impacts',
             'iso27001,1,1,3,3', 'residual_explanation'),
        ):
            with self.subTest(row=row):
                response = self.bring_in(f'title,{header}', f'Good,iso27001{"," * header.count(",")}', f'Fire,{row}')
                self.assertEqual(response.status_code, 200)
                self.assertIn(f'Record 2 {expected}:', str(response.context['form'].errors))
                self.assertFalse(Risk.objects.exists())

    def test_a_ci_that_cannot_be_seen_is_not_found(self):
        user = make.make_user(
            'netbox_ims.add_risk', 'netbox_ims.view_risk', 'netbox_ims.add_riskassignment', 'netbox_ims.view_standard'
        )
        response = self.bring_in('title,standards,cis', 'Fire,iso27001,web-01', user=user)
        self.assertIn('There is no CI “web-01”.', str(response.context['form'].errors))
        self.assertFalse(Risk.objects.exists())


class ConsequencesTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        cls.catalog = make.make_catalog(controls=('A.1', 'A.2'))
        cls.control = cls.catalog.controls.get(ref='A.1')
        cls.site = make.make_site('ham')
        cls.statement = make.decide(make.make_statement(cls.catalog, make.make_scope(sites=[cls.site])))
        cls.statement.entries.filter(control=cls.control).update(applicable=False)

    def gaps(self):
        return [gap.kind for gap in check(self.statement).gaps]

    def test_an_excluded_control_that_treats_an_open_risk_keeps_a_statement_from_approval(self):
        self.assertEqual(self.gaps(), [])
        risk = make.make_risk()
        make.make_treatment(risk, controls=[self.control])
        self.assertEqual(self.gaps(), ['excluded_treats'])
        self.assertEqual(check(self.statement).reasons, ['A.1 is excluded but treats an open risk.'])
        risk.status = 'closed'
        risk.save()
        self.assertEqual(self.gaps(), [])

    def test_a_risk_of_cis_out_of_scope_does_not(self):
        risk = make.make_risk()
        make.make_treatment(risk, controls=[self.control])
        make.make_risk_assignment(make.make_device(), risk)
        self.assertEqual(self.gaps(), [])
        make.make_risk_assignment(make.make_device(site=self.site), risk)
        self.assertEqual(self.gaps(), ['excluded_treats'])

    def test_a_control_that_treats_a_risk_cannot_be_deleted(self):
        other = make.make_catalog(controls=('B.1',))
        treatment = make.make_treatment(controls=other.controls.all())
        for each, message in (
            (other.controls.get(), 'B.1 cannot be deleted: it treats risks.'),
            (other, f'{other.slug} cannot be deleted: some of its controls treat risks.'),
        ):
            with self.assertRaisesMessage(AbortRequest, message):
                each.delete()
        self.assertEqual(treatment.controls.count(), 1)

    def test_a_standard_with_risks_cannot_be_deleted(self):
        standard = make.make_standard(slug='nis2')
        risk = make.make_risk(standards=[standard])
        with self.assertRaisesMessage(AbortRequest, 'nis2 cannot be deleted: risks are categorised by it.'):
            standard.delete()
        self.assertEqual(list(risk.standards.all()), [standard])

    def test_a_ci_that_goes_is_remembered_with_its_risks(self):
        device = make.make_device('web-01')
        pk, risk = device.pk, make.make_risk('Fire', current=(3, 3))
        make.make_risk_assignment(device, risk)
        device.delete()
        self.assertFalse(RiskAssignment.objects.exists())
        retired = RetiredCI.objects.get(object_id=pk, object_type__model='device')
        self.assertEqual([(each['risk'], each['level']) for each in retired.risks], [(risk.reference, 'high')])

    def test_a_risk_taken_off_a_ci_is_a_decision_about_it(self):
        device = make.make_device()
        make.make_risk_assignment(device, make.make_risk('Fire')).delete()
        decision = Decision.objects.get(action='risk_unassigned')
        self.assertEqual((decision.object_id, decision.old_values['title']), (device.pk, 'Fire'))

    def test_a_decision_says_what_changed_and_of_which_action(self):
        action = make.make_treatment(name='Lock', responsible=make.make_contact('K. Brandt'), due=date(2031, 1, 1))
        action.due = date(2031, 2, 2)
        action.save()
        self.client.force_login(make.make_user(is_superuser=True))
        page = self.client.get(f'/plugins/ims/decisions/?object_id={action.risk_id}&action=treated')
        self.assertContains(page, '2031-01-01 → 2031-02-02')
        self.assertNotContains(page, 'K. Brandt → K. Brandt')
        self.assertNotContains(page, 'Lock → Lock')

    def test_decisions_about_a_risk_are_for_who_may_see_it(self):
        make.make_risk('Fire')
        for permissions, count in (
            (('netbox_ims.view_decision',), 0), (('netbox_ims.view_decision', 'netbox_ims.view_risk'), 1),
        ):
            user = make.make_user(*permissions)
            seen = Decision.objects.restrict(user, 'view').filter(object_type__model='risk')
            self.assertEqual(seen.count(), count)

    def test_a_clause_belongs_to_a_standard_of_the_risk(self):
        with self.assertRaises(ValidationError):
            Risk.check_standards([make.make_standard()], [make.make_clause()])


class AtStakeTestCase(QueryCountMixin, TestCase):
    """Highest classification and lowest recovery time beside the score, of the CIs the user may see."""

    @classmethod
    def setUpTestData(cls):
        cls.secret, cls.public = make.make_classification('Secret', 30), make.make_classification('Public', 10)
        cls.site = make.make_site('ham')
        cls.web, cls.db, cls.unknown = (make.make_device(name, site=cls.site) for name in ('web', 'db', 'new'))
        make.make_profile(cls.web, classification=cls.public, rto_minutes=60)
        make.make_profile(cls.db, classification=cls.secret, rto_minutes=240)
        cls.risk = make.make_risk('Fire', current=(1, 1))
        for ci in (cls.web, cls.db):
            make.make_risk_assignment(ci, cls.risk)
        settle()

    def affected(self, user):
        status, data = RestClient(user).get(f'risks/{self.risk.pk}/')
        self.assertEqual(status, 200)
        found = data['affected']
        return found['cis'], found['classification'] and found['classification']['slug'], found['rto_minutes']

    def test_all_of_it(self):
        boss = make.make_user(is_superuser=True)
        self.assertEqual(self.affected(boss), (2, 'secret', 60))
        self.assertEqual(RestClient(boss).get(f'risks/{self.risk.pk}/')[1]['current_level'], 'low')     # informs only
        self.client.force_login(boss)
        self.assertContains(self.client.get('/plugins/ims/risks/'), 'Secret')
        self.assertContains(self.client.get(self.risk.get_absolute_url()), 'Secret')

    def test_what_is_unknown_makes_it_a_bound(self):
        boss = RestClient(make.make_user(is_superuser=True))
        found = boss.get(f'risks/{self.risk.pk}/')[1]['affected']
        self.assertEqual((found['classification_complete'], found['rto_complete']), (True, True))
        make.make_risk_assignment(self.unknown, self.risk)
        found = boss.get(f'risks/{self.risk.pk}/')[1]['affected']
        self.assertEqual((found['classification_complete'], found['rto_complete']), (False, False))
        self.client.force_login(make.make_user(is_superuser=True))
        exported = self.client.get('/plugins/ims/risks/?export=table').content.decode()
        self.assertIn('3, ≥ Secret, ≤ 1h', exported)

    def test_only_of_cis_that_can_be_seen(self):
        user = make.make_user(
            'netbox_ims.view_risk', 'netbox_ims.view_riskassignment', 'netbox_ims.view_registerentry',
            'netbox_ims.view_assetprofile'
        )
        self.assertEqual(self.affected(user), (0, None, None))
        make.grant(user, 'dcim.view_device', constraints={'name': 'web'})
        self.assertEqual(self.affected(make.fresh(user)), (1, 'public', 60))

    def test_an_assessment_kept_from_the_user_is_not_in_it(self):
        user = make.make_user('netbox_ims.view_risk', 'netbox_ims.view_riskassignment', 'dcim.view_device')
        self.assertEqual(self.affected(user), (2, None, None))

    def test_lists_cost_the_same_for_any_number_of_risks(self):
        user = make.make_user(is_superuser=True)
        self.client.force_login(user)
        client = RestClient(user)
        reads = (
            lambda: self.client.get('/plugins/ims/risks/'), lambda: client.get('risks/'),
            lambda: self.client.get('/plugins/ims/risk-treatments/'),
            lambda: self.client.get('/plugins/ims/risk-acceptances/'), lambda: client.get('risk-acceptances/'),
        )
        self.more(1)
        few = [self.count_queries(read) for read in reads]
        self.more(4)
        for before, read in zip(few, reads, strict=True):
            self.assertSameQueries(before, self.count_queries(read))

    def more(self, number):
        for _ in range(number):
            risk = make.make_risk(standards=[make.make_standard(), make.make_standard()], current=(1, 1))
            make.make_risk_assignment(self.web, risk)
            make.make_treatment(risk, controls=[make.make_control()], responsible=make.make_contact())
            make.make_request(risk)
