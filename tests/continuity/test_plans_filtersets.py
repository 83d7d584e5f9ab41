"""Every filter of analyses, plans, tests and what those were of: which rows it keeps."""
from datetime import date

from django.test import TestCase

from netbox_ims import filtersets
from netbox_ims.models import (
    BusinessImpactAnalysis,
    ConfigurationChange,
    ContinuityPlan,
    ContinuityTest,
    ContinuityTestSubject,
)
from tests import factories as make
from tests.base import ChangeLoggedFilterSetTests
from tests.register.test_filtersets import FiltersMixin


class BusinessImpactAnalysisFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = BusinessImpactAnalysis.objects.all()
    filterset = filtersets.BusinessImpactAnalysisFilterSet
    ignore_fields = ('bands', 'ratings')

    @classmethod
    def setUpTestData(cls):
        cls.pay, cls.dispatch = make.make_business_function('pay'), make.make_business_function('dispatch')
        make.make_analysis(cls.pay, analysed_on=date(2025, 1, 1), description='a', comments='First')
        make.make_analysis(cls.pay, analysed_on=date(2025, 6, 1), description='b', tolerable_rating=3)
        make.make_analysis(cls.pay, analysed_on=date(2025, 6, 1), description='c')
        make.make_analysis(cls.dispatch, analysed_on=date(2024, 1, 1), description='d')

    def label(self, row):
        return row.description

    def test_filters(self):
        for parameters, expected in (
            ('', 'a b c d'), ('q=DISP', 'd'), ('q=first', 'a'), ('q= ', 'a b c d'),
            ('function=pay', 'a b c'), ('function__n=pay', 'd'), (f'function_id={self.dispatch.pk}', 'd'),
            ('analysed_on=2025-06-01', 'b c'), ('analysed_on__gte=2025-01-02', 'b c'), ('tolerable_rating=3', 'b'),
            ('newest=true', 'c d'), ('newest=false', 'a b'), ('description=a', 'a'),
        ):
            self.assertFilters(parameters, expected)


class ContinuityPlanFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = ContinuityPlan.objects.all()
    filterset = filtersets.ContinuityPlanFilterSet
    ignore_fields = (
        'purpose', 'roles', 'activation', 'procedures', 'communication', 'interdependencies', 'resources', 'reporting',
        'recovery', 'as_approved',
    )
    filter_name_map = {'business_function': 'function', 'it_service': 'service'}

    @classmethod
    def setUpTestData(cls):
        cls.pay, cls.payroll = make.make_business_function('pay'), make.make_it_service('payroll')
        cls.boss = make.make_user(username='boss')
        cls.a = make.make_approved_plan(make.make_plan('a', functions=[cls.pay], description='Salaries'), cls.boss)
        make.make_plan('b', plan_type='service', parent=cls.a, services=[cls.payroll], purpose='To run')
        make.make_plan('c', version=3, functions=[cls.pay])

    def test_filters(self):
        for parameters, expected in (
            ('q=SALARIES', 'a'), ('q=to run', 'b'), ('q=', 'a b c'), ('name=a&name=b', 'a b'), ('version=3', 'c'),
            ('version__lt=3', 'a b'), ('plan_type=service', 'b'), ('plan_type__n=service', 'a c'),
            ('status=approved', 'a'), ('status=draft&status=retired', 'b c'), (f'parent_id={self.a.pk}', 'b'),
            ('function=pay', 'a c'), (f'function_id={self.pay.pk}', 'a c'), ('service=payroll', 'b'),
            (f'service_id={self.payroll.pk}', 'b'), ('approved_by=boss', 'a'), (f'approved_by_id={self.boss.pk}', 'a'),
            ('approved_by_id=null', 'b c'), (f'sha256={self.a.sha256}', 'a'), ('approved_on__empty=true', 'b c'),
        ):
            self.assertFilters(parameters, expected)


class ContinuityTestFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = ContinuityTest.objects.all()
    filterset = filtersets.ContinuityTestFilterSet
    ignore_fields = ('shown_until', 'recorded_on', 'notified_for')

    @classmethod
    def setUpTestData(cls):
        cls.plan, cls.device = make.make_plan('payroll'), make.make_device()
        other = make.make_plan('dispatch')
        make.make_test(cls.plan, planned_on=date(2026, 1, 1), description='a')
        make.make_test(
            cls.plan, [cls.device], planned_on=None, held_on=date(2026, 2, 1), result='passed', description='b',
            achieved_rto_minutes=60, achieved_rpo_minutes=5, next_due=date(2031, 1, 1), lessons='Call first',
        )
        make.make_test(other, test_type='restore', held_on=date(2025, 2, 1), result='failed', description='c')
        ConfigurationChange.objects.all().delete()

    def label(self, row):
        return row.description

    def test_filters(self):
        for parameters, expected in (
            ('', 'a b c'), ('q=PAY', 'a b'), ('q=call', 'b'), ('q= ', 'a b c'), ('plan=payroll', 'a b'),
            (f'plan_id={self.plan.pk}', 'a b'), ('test_type=restore', 'c'), ('test_type__n=restore', 'a b'),
            ('result=passed&result=failed', 'b c'), ('result=null', 'a'), ('planned_on=2026-01-01', 'a'),
            ('held_on__lt=2026-01-01', 'c'), ('held_on__empty=true', 'a'), ('next_due__gte=2030-01-01', 'b'),
            ('achieved_rto_minutes__lte=60', 'b'), ('achieved_rpo_minutes=5', 'b'), ('overdue=true', 'a'),
            ('overdue=false', 'b c'), ('stale=false', 'b'), ('stale=null', 'a c'), ('stale=true', ''),
            ('stale=true&stale=null', 'a c'), ('lessons__ic=first', 'b'),
        ):
            self.assertFilters(parameters, expected)


class ContinuityTestSubjectFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = ContinuityTestSubject.objects.all()
    filterset = filtersets.ContinuityTestSubjectFilterSet
    ignore_fields = ('register_entry',)

    @classmethod
    def setUpTestData(cls):
        cls.site, cls.plan = make.make_site('berlin'), make.make_plan('payroll')
        cls.device, cls.vm = make.make_device('array', site=cls.site), make.make_vm('guest')
        cls.test = make.make_test(cls.plan, held_on=date(2026, 2, 1))
        make.make_test_subject(cls.test, cls.device, description='a', achieved_rto_minutes=60)
        make.make_test_subject(cls.test, cls.vm, description='b', achieved_rpo_minutes=5)
        make.make_test_subject(make.make_test(make.make_plan('other')), cls.device, description='c')

    def label(self, row):
        return row.description

    def test_filters(self):
        for parameters, expected in (
            ('', 'a b c'), ('q=PAY', 'a b'), ('q=array', 'a c'), ('q= ', 'a b c'), (f'test_id={self.test.pk}', 'a b'),
            (f'plan_id={self.plan.pk}', 'a b'), ('held_on=2026-02-01', 'a b'), ('achieved_rto_minutes=60', 'a'),
            ('achieved_rpo_minutes__lte=5', 'b'), ('name=guest', 'b'), ('site=berlin', 'a c'),
            (f'site_id={self.site.pk}', 'a c'), ('object_type=dcim.device', 'a c'),
            (f'device_id={self.device.pk}', 'a c'),
            (f'virtual_machine_id={self.vm.pk}', 'b'), (f'object_type=dcim.device&object_id={self.device.pk}', 'a c'),
        ):
            self.assertFilters(parameters, expected)
