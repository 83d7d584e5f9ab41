"""Plans and risks in a branch: worked on there, and merged; what main has approved meanwhile stays as it is."""
from netbox_ims.core_integration.branching import Schema
from netbox_ims.models import BusinessFunction, ContinuityPlan, Risk, RiskAssignment
from netbox_ims.services.plans import approve
from netbox_ims.services.reconcile import find_drift
from tests import factories as make
from tests.base import RestClient

from .base import ITERATIVE, SQUASH, BranchTestCase


class PlansTest(BranchTestCase):

    def setUp(self):
        super().setUp()
        self.boss = make.make_user(username='boss', is_superuser=True)
        self.function = make.make_business_function('Payroll')
        self.plan = make.make_plan('Payroll outage', functions=[self.function])

    def edit_in(self, branch):
        with self.working_in(branch):
            plan = ContinuityPlan.objects.get(pk=self.plan.pk)
            plan.snapshot()
            plan.recovery = 'As decided in March'
            plan.full_clean()
            plan.save()
            make.make_plan('Another', functions=[self.function])

    def test_worked_on_in_a_branch_and_approved_in_main(self):
        branch = self.make_branch()
        self.edit_in(branch)
        client = RestClient(self.boss)
        client.header['HTTP_X_NETBOX_BRANCH'] = branch.schema_id
        status, data = client.post(f'continuity-plans/{self.plan.pk}/approve/', {})
        self.assertEqual((status, data['reasons']), (409, ['A plan is approved in main, not in a branch.']))
        self.merge(branch)
        self.assertEqual(ContinuityPlan.objects.get(name='Another').functions.get(), self.function)
        with self.working_in(None, self.boss):
            approved = approve(ContinuityPlan.objects.get(pk=self.plan.pk), self.boss)
        self.assertEqual(approved.as_approved['sections']['recovery'], 'As decided in March')
        self.assertTrue(approved.is_intact)

    def test_edited_in_a_branch_and_approved_in_main(self):
        """Merging would fail halfway through: it is refused before, with the plan's name."""
        branch = self.make_branch()
        self.edit_in(branch)
        with self.working_in(None, self.boss):
            approve(ContinuityPlan.objects.get(pk=self.plan.pk), self.boss)
            indicator = self.fresh(branch).can_merge
        self.assertFalse(indicator)
        said = 'Edited in the branch, and approved in main meanwhile: {}. Make a new version in main instead.'
        self.assertEqual(indicator.message, said.format('Payroll outage v1'))
        with self.working_in(None, make.make_user('netbox_branching.view_branch')):
            self.assertEqual(self.fresh(branch).can_merge.message, said.format('…'))
        self.assertEqual(ContinuityPlan.objects.get(pk=self.plan.pk).recovery, 'As agreed')


class RisksTest(BranchTestCase):
    """What is worked out in the database, levels and an MTPD, is worked out in each schema."""

    def setUp(self):
        super().setUp()
        self.device = make.make_device('core')
        self.risk = make.make_risk('Fire', current=(1, 1))
        self.function = make.make_business_function('Payroll')

    def test_with_the_iterative_strategy(self):
        self.go_through(ITERATIVE)

    def test_with_squash(self):
        self.go_through(SQUASH)

    def read(self, branch=None):
        with Schema(branch).active():
            return {
                risk.title: (risk.current_level, risk.assignments.count()) for risk in Risk.objects.all()
            }, BusinessFunction.objects.get().mtpd_minutes

    def go_through(self, strategy):
        before = self.read()
        branch = self.make_branch()
        with self.working_in(branch):
            risk = Risk.objects.get(pk=self.risk.pk)
            risk.snapshot()
            dimension = risk.matrix.impact_dimensions[0]
            risk.current_likelihood, risk.current_impacts = 3, {dimension: 3}
            risk.full_clean()
            risk.save()
            RiskAssignment(risk=risk, object=self.device).save()
            make.make_risk('Flood', standards=list(risk.standards.all()), matrix=risk.matrix, current=(2, 2))
            make.make_analysis(BusinessFunction.objects.get(pk=self.function.pk))
        there = self.read(branch)
        self.assertEqual(self.read(), before)
        self.assertNotEqual(there, before)
        self.assertIsNotNone(there[0]['Flood'][0])
        self.assertNotEqual(there[0]['Fire'][0], before[0]['Fire'][0])
        self.assertEqual(there[1], 480)
        self.merge(branch, strategy)
        self.assertEqual(self.read(), there)
        self.assertEqual(len(set(Risk.objects.values_list('reference', flat=True))), 2)
        self.revert(branch)
        self.assertEqual(self.read(), before)
        self.assertEqual([str(drift) for drift in find_drift()], [])
