"""REST and GraphQL of analyses, plans, tests and what those were of, by NetBox's own generic tests."""
from datetime import date

from netbox_ims.constants import PLAN_SECTIONS
from netbox_ims.models import BusinessImpactAnalysis, ContinuityPlan, ContinuityTest, ContinuityTestSubject
from tests import factories as make
from tests.base import CIVisibleMixin, IMSAPIViewTestCases


class BusinessImpactAnalysisAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = BusinessImpactAnalysis
    brief_fields = ['analysed_on', 'description', 'display', 'function', 'id', 'mtpd_minutes', 'url']
    bulk_update_data = {'tolerable_rating': 3}
    bulk_update_invalid_data = {'tolerable_rating': 6}

    @classmethod
    def setUpTestData(cls):
        function = make.make_business_function()
        for n in range(3):
            make.make_analysis(function, description=f'Number {n}')
        cls.create_data = [
            {
                'function': function.pk, 'bands': [0, 60 * n], 'tolerable_rating': 2,
                'ratings': {'financial': [1, 3], 'legal': [1, 1]}, 'analysed_on': f'2025-01-0{n}',
            } for n in (1, 2, 3)
        ]


class ContinuityPlanAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ContinuityPlan
    brief_fields = ['description', 'display', 'id', 'name', 'plan_type', 'status', 'url', 'version']
    bulk_update_data = {'description': 'Changed together', 'procedures': 'Otherwise'}
    bulk_update_invalid_data = {'version': 0}

    @classmethod
    def setUpTestData(cls):
        function, service = make.make_business_function(), make.make_it_service()
        business = make.make_plan(functions=[function], description='Number 1')
        for n in (2, 3):
            make.make_plan(plan_type='service', parent=business, services=[service], description=f'Number {n}')
        cls.create_data = [
            {'name': 'Payroll', 'plan_type': 'business', 'functions': [function.pk], 'purpose': 'To pay'},
            {'name': 'Payroll service', 'plan_type': 'service', 'parent': business.pk, 'services': [service.pk]},
            {'name': 'Dispatch', **dict.fromkeys(PLAN_SECTIONS, 'As agreed')},
        ]

    def test_delete_object(self):
        ContinuityPlan.objects.filter(plan_type='service').update(parent=None)
        super().test_delete_object()

    def test_bulk_delete_objects(self):
        ContinuityPlan.objects.filter(plan_type='service').update(parent=None)
        super().test_bulk_delete_objects()


class ContinuityTestAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ContinuityTest
    brief_fields = ['description', 'display', 'held_on', 'id', 'planned_on', 'result', 'test_type', 'url']
    bulk_update_data = {'lessons': 'Start earlier'}
    bulk_update_invalid_data = {'test_type': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        plan = make.make_plan()
        for n in range(3):
            make.make_test(plan, [make.make_device()], held_on=date(2026, 2, 1), description=f'Number {n}')
        cls.create_data = [
            {'plan': plan.pk, 'test_type': 'walkthrough', 'planned_on': '2031-01-01'},
            {
                'plan': plan.pk, 'test_type': 'failover', 'held_on': '2026-01-01', 'result': 'partial',
                'achieved_rto_minutes': 0, 'achieved_rpo_minutes': 15, 'next_due': '2031-01-01', 'lessons': 'Some',
            },
            {'plan': plan.pk, 'test_type': 'restore', 'planned_on': '2026-01-01', 'held_on': '2026-01-02'},
        ]


class ContinuityTestSubjectAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ContinuityTestSubject
    brief_fields = ['description', 'display', 'id', 'object', 'object_id', 'object_type', 'test', 'url']
    bulk_update_data = {'achieved_rto_minutes': 30}
    bulk_update_invalid_data = {'achieved_rto_minutes': -1}

    @classmethod
    def setUpTestData(cls):
        plan, site = make.make_plan(), make.make_site()
        cis = [make.make_device(site=site), make.make_vm(site=site), make.make_it_service()]
        test = make.make_test(plan, cis, held_on=date(2026, 1, 1))
        test.subjects.update(description='A subject')
        other = make.make_test(plan, held_on=date(2026, 2, 1))
        cls.create_data = [
            {
                'test': other.pk, 'object_type': ci._meta.label_lower, 'object_id': ci.pk, 'achieved_rto_minutes': 60,
                'achieved_rpo_minutes': None,
            } for ci in cis
        ]
