"""REST and GraphQL of classification rules by NetBox's own generic tests."""
from netbox_ims.models import ClassificationRule
from tests import factories as make
from tests.base import IMSAPIViewTestCases


class ClassificationRuleAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ClassificationRule
    brief_fields = ['description', 'display', 'enabled', 'id', 'mode', 'name', 'object_type', 'url']
    bulk_update_data = {'weight': 5, 'enabled': False, 'mode': 'apply', 'processes_personal_data': True}
    bulk_update_invalid_data = {'mode': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        secret = make.make_classification('Secret', level=30)
        for n in range(3):
            make.make_rule(
                classification=secret, description=f'Number {n}', filter={'name__ic': ['db']}, enabled=n > 0,
                is_information_asset=True, handles_sensitive_data=False,
            )
        cls.create_data = [
            {
                'name': 'Four', 'weight': 4, 'object_type': 'dcim.device', 'filter': {'name': ['a', 'b']},
                'mode': 'apply', 'classification': secret.pk, 'processes_personal_data': True,
            },
            {
                'name': 'Five', 'object_type': 'virtualization.virtualmachine', 'filter': {},
                'classification': secret.pk,
            },
            {
                'name': 'Six', 'object_type': 'ipam.service', 'filter': {'port': 443}, 'enabled': False,
                'handles_sensitive_data': False,
            },
        ]
        cls.update_data = {'weight': 1, 'filter': {'name__ic': 'web'}, 'classification': None}
