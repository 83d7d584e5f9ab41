"""The pages of classification rules by NetBox's generic tests; what is particular to one follows below them."""
import json

from core.models import ObjectType
from utilities.testing import create_tags

from netbox_ims.models import ClassificationRule
from tests import factories as make
from tests.base import IMSViewTestCases


class ClassificationRuleViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = ClassificationRule
    validation_excluded_fields = ('filter',)        # posted as text; its value is checked below

    @classmethod
    def setUpTestData(cls):
        secret = make.make_classification('Secret', level=30)
        make.make_role('database')
        first, second, third = (make.make_rule(classification=secret) for _ in range(3))
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Databases', 'weight': 10, 'enabled': True, 'mode': 'apply', 'classification': secret.pk,
            'object_type': ObjectType.objects.get_by_natural_key('dcim', 'device').pk,
            'filter': json.dumps({'role': ['database'], 'name__ic': 'db'}), 'is_information_asset': True,
            'handles_sensitive_data': True, 'processes_personal_data': False, 'description': 'All of them',
            'comments': 'Since 2024', 'tags': [tag.pk for tag in tags],
        }
        filter_text = '"{""role"": [""database""]}"'
        cls.csv_data = (
            'name,weight,enabled,object_type,filter,mode,classification,processes_personal_data',
            f'Four,4,true,dcim.device,{filter_text},apply,secret,true',
            'Five,5,false,virtualization.virtualmachine,"{""name__ic"": ""db""}",suggest,secret,',
            'Six,6,true,netbox_ims.informationasset,{},,,false',
        )
        cls.csv_update_data = (
            'id,name,weight,description',
            f'{first.pk},First,11,New description 1',
            f'{second.pk},Second,21,New description 2',
            f'{third.pk},Third,31,New description 3',
        )
        cls.bulk_edit_data = {'weight': 77, 'enabled': False, 'mode': 'apply', 'description': 'Edited together'}

    def test_the_filter_is_kept_as_an_object(self):
        self.add_permissions('netbox_ims.add_classificationrule', 'netbox_ims.view_classification')
        for text, expected in (
            (self.form_data['filter'], {'role': ['database'], 'name__ic': 'db'}),
            ('/dcim/devices/?role=database&page=2', {'role': ['database']}),
            ('{}', {}),
        ):
            with self.subTest(text):
                name = make.unique('rule')
                response = self.client.post(
                    self._get_url('add'), {**self.form_data, 'name': name, 'filter': text, 'tags': []}
                )
                self.assertEqual(response.status_code, 302, response.context and response.context['form'].errors)
                self.assertEqual(ClassificationRule.objects.get(name=name).filter, expected)
