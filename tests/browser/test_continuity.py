from datetime import date

from netbox_ims.models import BusinessFunction, BusinessImpactAnalysis, ContinuityPlan

from .. import factories as make
from .base import BrowserTestCase


class ContinuityBrowserTestCase(BrowserTestCase):

    def test_from_analysis_to_limit(self):
        function = make.make_business_function('Salary payment')
        make.make_profile(function, rto_minutes=480)
        self.open(function.get_absolute_url())
        self.page.locator('#ims-disruption').get_by_role('link', name='Analyse').click()
        self.page.fill('#id_bands', '0, 4h, 1d')
        self.page.fill('#id_ratings', 'financial: 1, 3, 5\nlegal: 1, 1, 1')
        self.page.locator('button[name=_create]').click()
        panel = self.page.locator('#ims-disruption')
        panel.get_by_text('4h over').wait_for()
        self.assertEqual(BusinessFunction.objects.get().mtpd_minutes, 240)
        curves = self.page.locator('#ims-impact svg')
        self.assertEqual(
            [curves.nth(n).get_attribute('aria-label') for n in range(2)],
            ['Financial: limit 4h', 'Legal: no limit within the horizon'],
        )
        self.assertEqual(BusinessImpactAnalysis.objects.get().ratings, {'financial': [1, 3, 5], 'legal': [1, 1, 1]})

    def test_a_plan_is_approved_and_then_followed_by_the_next(self):
        plan = make.make_plan('Payroll outage', functions=[make.make_business_function('Salary payment')])
        ContinuityPlan.objects.filter(pk=plan.pk).update(purpose='')
        self.open(plan.get_absolute_url())
        self.assertTrue(self.page.get_by_role('button', name='Approve').is_disabled())
        self.page.locator('#ims-approval').get_by_text('“Purpose and scope” is empty.').wait_for()
        ContinuityPlan.objects.filter(pk=plan.pk).update(purpose='To **pay**')
        self.open(plan.get_absolute_url())
        self.page.get_by_role('button', name='Approve').click()
        self.page.get_by_text('From now on it cannot be changed').wait_for()
        self.page.locator('#ims-approval').get_by_text('Unaltered').wait_for()
        self.page.get_by_role('button', name='New Version').click()
        self.page.get_by_text('Payroll outage v2 says what version 1 says').wait_for()

    def test_pages_in_dark_mode(self):
        self.page.evaluate("localStorage.setItem('netbox-color-mode', 'dark')")
        service = make.make_it_service('Payroll')
        function = make.make_business_function('Salary payment')
        make.make_dependency(function, service)
        analysis, plan = make.make_analysis(function), make.make_plan(functions=[function])
        test = make.make_test(plan, [service], held_on=date(2026, 1, 1))
        for each in (service, function, analysis, plan, test, test.subjects.get()):
            self.open(each.get_absolute_url())
        self.open(f'{service.get_absolute_url()}ims/')
        for name in ('impact-analyses', 'continuity-plans', 'continuity-tests', 'continuity-test-subjects'):
            self.open(f'/plugins/ims/{name}/')
