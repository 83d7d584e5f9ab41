"""Every page of the risk register, by NetBox's own generic tests, and what is particular to a page."""
from datetime import date, timedelta

from django.utils import timezone

from utilities.testing import create_tags

from netbox_ims.models import Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment
from tests import factories as make
from tests.base import CIVisibleMixin, IMSViewTestCases


class RiskMatrixViewTestCase(IMSViewTestCases.WritableViewTestCase):
    model = RiskMatrix
    validation_excluded_fields = ['likelihood_scale', 'impact_scale', 'impact_dimensions']

    @classmethod
    def setUpTestData(cls):
        matrices = [make.make_matrix() for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Ours', 'description': 'Square', 'likelihood_scale': 'Rare\nPossible\nCertain',
            'impact_scale': 'Minor\nSerious\nSevere', 'impact_dimensions': 'service\nmoney', 'acceptance_level': 'low',
            'tags': [tag.pk for tag in tags],
            **{
                f'levels-{n}-{key}': level[key] for n, level in enumerate(make.LEVELS)
                for key in ('slug', 'name', 'color')
            },
            **{
                f'cells-{y}-{x}': slug for y, row in enumerate(make.matrix_values()['cells'], start=1)
                for x, slug in enumerate(row, start=1)
            },
        }
        cls.csv_data = (
            'name,likelihood_scale,impact_scale,impact_dimensions,levels,acceptance_level,cells',
            *(f'New {n},' + ','.join(f'"{text}"' for text in (
                '[""a"",""b"",""c""]', '[""x"",""y"",""z""]', '[""service""]',
                '[{""slug"":""lo"",""name"":""Lo"",""color"":""cfe8d5"",""rank"":1},'
                '{""slug"":""hi"",""name"":""Hi"",""color"":""f19a9a"",""rank"":2}]', 'lo',
                '[[""lo"",""lo"",""hi""],[""lo"",""hi"",""hi""],[""hi"",""hi"",""hi""]]',
            )) for n in range(3)),
        )
        cls.csv_update_data = ('id,description', *(f'{m.pk},New {m.pk}' for m in matrices))
        cls.bulk_edit_data = {'description': 'Edited together'}


class RiskViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = Risk

    @classmethod
    def setUpTestData(cls):
        standard, contact = make.make_standard('ISO 27001', slug='iso27001'), make.make_contact('Ada')
        other = make.make_standard('NIS2', slug='nis2')
        clause = make.make_clause(standard, '6.1.2')
        make.make_device('web-01')
        risks = [make.make_risk(f'Risk {n}', [standard], inherent=(3, 3), current=(2, 2)) for n in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'title': 'Flood', 'description': 'Of the cellar', 'threat': 'Rain', 'vulnerability': 'Below the river',
            'standards': [standard.pk, other.pk], 'clauses': [clause.pk], 'risk_owner': contact.pk, 'status': 'open',
            'treatment': 'modify', 'review_due': date(2030, 1, 1), 'inherent_likelihood': 3, 'inherent_impacts_0': 3,
            'inherent_impacts_1': 1, 'current_likelihood': 2, 'current_impacts_0': 2, 'target_likelihood': 1,
            'residual_explanation': '', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'title,standards,clauses,threat,risk_owner,treatment,inherent_likelihood,inherent_impacts,'
            'current_likelihood,current_impacts,cis',
            'Four,ISO 27001,6.1.2,Fire,Ada,modify,Certain,"service=Severe, confidentiality=1",2,service=2,web-01',
            'Five,"iso27001,NIS2",,,,,3,Severe,,,', 'Six,nis2,,,,,,,,,dcim.device:web-01',
        )
        cls.csv_update_data = (
            'id,title,current_likelihood,current_impacts', *(f'{r.pk},New {r.pk},1,service=2' for r in risks)
        )
        cls.bulk_edit_data = {
            'status': 'monitored', 'treatment': 'share', 'risk_owner': contact.pk, 'review_due': date(2031, 1, 1),
            'description': 'Edited together',
        }

    def setUp(self):
        super().setUp()
        self.add_permissions('netbox_ims.add_riskassignment')


class RiskAssignmentViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = RiskAssignment

    @classmethod
    def setUpTestData(cls):
        risk, other = make.make_risk(current=(2, 2)), make.make_risk()
        devices = [make.make_device(f'device-{n}') for n in range(6)]
        assignments = [make.make_risk_assignment(device, risk) for device in devices[:3]]
        tags = create_tags('Alpha', 'Bravo')
        content_type = assignments[0].object_type
        cls.form_data = {
            'risk': other.pk, 'object_content_type': content_type.pk, 'object_object_id': devices[3].pk,
            'description': 'Only there', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'risk,object_type,object_name,description',
            *(f'{risk.reference},dcim.device,device-{n},Text' for n in (3, 4, 5)),
        )
        cls.csv_update_data = ('id,description', *(f'{a.pk},New {a.pk}' for a in assignments))
        cls.bulk_edit_data = {'description': 'Edited together'}


class RiskTreatmentViewTestCase(IMSViewTestCases.WritableViewTestCase):
    model = RiskTreatment

    @classmethod
    def setUpTestData(cls):
        risk, contact, control = make.make_risk(), make.make_contact('Ada'), make.make_control('A.1')
        treatments = [make.make_treatment(risk) for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'risk': risk.pk, 'name': 'Move', 'description': 'To the hill', 'responsible': contact.pk,
            'due': date(2030, 1, 1), 'progress': 40, 'controls': [control.pk], 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'risk,name,responsible,due,progress,done_on,controls', f'{risk.reference},Four,Ada,2030-01-01,50,,A.1',
            f'{risk.reference},Five,,,,2024-01-01,', f'{risk.reference},Six,,,,,',
        )
        cls.csv_update_data = ('id,name,description', *(f'{t.pk},New {t.pk},Text {t.pk}' for t in treatments))
        cls.bulk_edit_data = {'responsible': contact.pk, 'due': date(2031, 1, 1), 'description': 'Edited together'}

    def test_what_is_wrong_is_said_of_whom(self):
        self.add_permissions('netbox_ims.view_risktreatment', 'netbox_ims.change_risktreatment')
        treatments = list(RiskTreatment.objects.all())
        page = self.client.post(self._get_url('bulk_edit'), {
            'pk': [each.pk for each in treatments], 'progress': '100', '_apply': '1',
        })
        self.assertContains(page, f'{treatments[0]}: What is done to 100 % was done on a day: say on which.')


class RiskAcceptanceViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = RiskAcceptance
    validation_excluded_fields = ['risk']       # asked for one, it stays about that one

    @classmethod
    def setUpTestData(cls):
        acceptances = [make.make_request() for _ in range(3)]
        risks = [make.make_risk(current=(1, 1)) for _ in range(4)]
        until = timezone.localdate() + timedelta(days=90)
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'risk': risks[3].pk, 'justification': 'Cheaper', 'valid_until': until, 'description': 'For now',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'risk,justification,valid_until', *(f'{risk.reference},Cheaper,{until.isoformat()}' for risk in risks[:3])
        )
        cls.csv_update_data = ('id,justification', *(f'{a.pk},New {a.pk}' for a in acceptances))
        cls.bulk_edit_data = {'description': 'Edited together'}

    def setUp(self):
        super().setUp()
        RiskAcceptance.objects.update(requested_by=self.user)       # who else may change them?
