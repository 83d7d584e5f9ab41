"""REST and GraphQL of the risk register, by NetBox's own generic tests."""
from datetime import timedelta

from django.utils import timezone

from netbox_ims.models import Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment
from tests import factories as make
from tests.base import CIVisibleMixin, IMSAPIViewTestCases


class RiskMatrixAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = RiskMatrix
    brief_fields = ['description', 'display', 'id', 'is_active', 'name', 'url', 'version']
    bulk_update_data = {'description': 'Changed together'}
    bulk_update_invalid_data = {'acceptance_level': 'none'}

    @classmethod
    def setUpTestData(cls):
        for n in range(3):
            make.make_matrix(description=f'Number {n}')
        cls.create_data = [
            {'name': 'Four', **make.matrix_values()}, {'name': 'Four', **make.matrix_values(acceptance_level='low')},
            {'name': 'Six', 'version': 4, **make.matrix_values(impact_dimensions=['money']), 'description': 'Money'},
        ]


class RiskAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Risk
    brief_fields = ['current_level', 'description', 'display', 'id', 'reference', 'title', 'url']
    bulk_update_data = {'status': 'monitored', 'current_likelihood': 1, 'current_impacts': {'service': 1}}
    bulk_update_invalid_data = {'current_likelihood': 4}
    validation_excluded_fields = ['standards', 'clauses']

    @classmethod
    def setUpTestData(cls):
        standard = make.make_standard(slug='iso')
        clause, contact = make.make_clause(standard), make.make_contact()
        for n in range(3):
            make.make_risk(
                f'Risk {n}', [standard], inherent=(3, 3), current=(2, 2), threat='Fire', description=f'Number {n}',
                risk_owner=contact, review_due='2030-01-01', clauses=[clause],
            )
        cls.create_data = [
            {
                'title': 'Flood', 'standards': [standard.pk], 'clauses': [clause.pk], 'threat': 'Rain',
                'vulnerability': 'Cellar', 'treatment': 'modify', 'risk_owner': contact.pk, 'review_due': '2030-01-01',
                'inherent_likelihood': 3, 'inherent_impacts': {'service': 3, 'confidentiality': 1},
                'current_likelihood': 2, 'current_impacts': {'service': 2}, 'target_likelihood': 1,
                'target_impacts': {'service': 2},
            },
            {'title': 'Theft', 'standards': [standard.pk], 'inherent_likelihood': None, 'current_impacts': {}},
            {'title': 'Strike', 'standards': [standard.pk]},
        ]


class RiskAssignmentAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = RiskAssignment
    brief_fields = ['description', 'display', 'id', 'object', 'object_id', 'object_type', 'risk', 'url']
    bulk_update_data = {'description': 'Changed together'}
    bulk_update_invalid_data = {'object_type': 'dcim.cable'}

    @classmethod
    def setUpTestData(cls):
        risk, devices = make.make_risk(current=(2, 2)), [make.make_device() for _ in range(6)]
        for device in devices[:3]:
            make.make_risk_assignment(device, risk)
        cls.create_data = [
            {'risk': risk.pk, 'object_type': 'dcim.device', 'object_id': device.pk, 'description': 'New'}
            for device in devices[3:]
        ]


class RiskTreatmentAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = RiskTreatment
    brief_fields = ['description', 'display', 'done_on', 'due', 'id', 'name', 'url']
    bulk_update_data = {'due': '2031-01-01'}
    bulk_update_invalid_data = {'progress': 101}
    validation_excluded_fields = ['controls', 'progress']

    @classmethod
    def setUpTestData(cls):
        risk, control, contact = make.make_risk(), make.make_control(), make.make_contact()
        for _ in range(3):
            make.make_treatment(risk, controls=[control], responsible=contact, due='2030-01-01')
        cls.create_data = [
            {
                'risk': risk.pk, 'name': 'Move', 'responsible': contact.pk, 'due': '2030-01-01', 'progress': 40,
                'controls': [control.pk], 'description': 'To the hill',
            },
            {'risk': risk.pk, 'name': 'Pump', 'done_on': '2024-01-01'},
            {'risk': risk.pk, 'name': 'Insure', 'due': None},
        ]


class RiskAcceptanceAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = RiskAcceptance
    brief_fields = ['description', 'display', 'id', 'risk', 'status', 'url', 'valid_until']
    update_data = {'justification': 'Changed', 'description': 'For now'}
    bulk_update_data = {'justification': 'Changed together'}
    bulk_update_invalid_data = {'valid_until': '2020-01-01'}

    @classmethod
    def setUpTestData(cls):
        for _ in range(3):
            make.make_request(description='Cheap')
        until = (timezone.localdate() + timedelta(days=60)).isoformat()
        cls.create_data = [
            {'risk': make.make_risk(current=(1, 1)).pk, 'justification': f'Because {n}', 'valid_until': until}
            for n in range(3)
        ]

    def setUp(self):
        super().setUp()
        RiskAcceptance.objects.update(requested_by=self.user)       # who else may change them?
