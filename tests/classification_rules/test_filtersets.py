from django.test import TestCase

from netbox_ims import filtersets
from netbox_ims.models import ClassificationRule
from tests import factories as make
from tests.base import ChangeLoggedFilterSetTests
from tests.register.test_filtersets import FiltersMixin


class ClassificationRuleFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = ClassificationRule.objects.all()
    filterset = filtersets.ClassificationRuleFilterSet
    ignore_fields = ('filter',)     # an object; what it says is found by its type and its name

    @classmethod
    def setUpTestData(cls):
        cls.secret = make.make_classification('Secret', slug='secret')
        make.make_rule('a', weight=1, classification=cls.secret, description='Databases', mode='apply')
        make.make_rule('b', weight=2, label='dcim.rack', processes_personal_data=True, enabled=False)
        make.make_rule('c', weight=3, is_information_asset=False, handles_sensitive_data=False, comments='databases')

    def test_filters(self):
        for parameters, expected in (
            ('q=databases', 'a c'), ('q=%20', 'a b c'),
            ('name=a&name=b', 'a b'), ('name__n=a', 'b c'), ('weight=1', 'a'), ('weight__gte=2', 'b c'),
            ('enabled=true', 'a c'), ('enabled=false', 'b'), ('object_type=dcim.rack', 'b'),
            ('object_type=dcim.device', 'a c'), ('mode=apply', 'a'), ('mode=suggest', 'b c'),
            ('classification=secret', 'a'), ('classification=null', 'b c'),
            (f'classification_id={self.secret.pk}', 'a'), ('classification__n=secret', 'b c'),
            ('processes_personal_data=true', 'b'), ('processes_personal_data=null', 'a c'),
            ('handles_sensitive_data=false', 'c'), ('is_information_asset=false', 'c'),
            ('is_information_asset__n=false', 'a b'), ('description__ic=DATA', 'a'),
        ):
            self.assertFilters(parameters, expected)
