"""Pages of analyses, plans, tests and what those were of, by NetBox's own generic tests."""
from datetime import date

from django.test import TestCase

from utilities.testing import create_tags

from netbox_ims import forms
from netbox_ims.constants import PLAN_SECTIONS
from netbox_ims.models import BusinessImpactAnalysis, ContinuityPlan, ContinuityTest, ContinuityTestSubject
from tests import factories as make
from tests.base import CIVisibleMixin, IMSViewTestCases
from tests.continuity.test_views import type_id


class BusinessImpactAnalysisViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = BusinessImpactAnalysis
    validation_excluded_fields = ('bands', 'ratings')       # compared below, as lists and objects

    @classmethod
    def setUpTestData(cls):
        function = make.make_business_function('Salary payment')
        first, second, third = (make.make_analysis(function) for _ in range(3))
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'function': function.pk, 'analysed_on': date(2026, 3, 1), 'bands': '0, 4h, 1d', 'tolerable_rating': 3,
            'ratings': 'financial: 1, 2, 4\nsafety: 1 1 1', 'description': 'With the accountants',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'function,analysed_on,bands,ratings,tolerable_rating,description',
            'Salary payment,2026-04-01,"0, 4h, 1d",financial: 1 2 4; legal: 1 1 1,2,Four',
            'Salary payment,,"0, 1d",legal: 1 2,,Five',
            'Salary payment,2026-04-03,"30m, 1d",legal: 1 2,5,Six',
        )
        cls.csv_update_data = (
            'id,tolerable_rating,description',
            f'{first.pk},3,New description 1', f'{second.pk},4,New description 2', f'{third.pk},5,New description 3',
        )
        cls.bulk_edit_data = {'tolerable_rating': 4, 'description': 'Edited together'}

    def test_what_the_form_reads(self):
        self.add_permissions('netbox_ims.add_businessimpactanalysis', 'netbox_ims.view_businessimpactanalysis')
        self.client.post(self._get_url('add'), {**self.form_data, 'tags': []})
        analysis = BusinessImpactAnalysis.objects.get(description='With the accountants')
        self.assertEqual(
            (analysis.bands, analysis.ratings), ([0, 240, 1440], {'financial': [1, 2, 4], 'safety': [1, 1, 1]})
        )
        page = self.client.get(analysis.get_absolute_url())
        for text in ('id="ims-impact"', 'Financial', 'no limit within the horizon', 'aria-label="Financial: limit 1d"'):
            self.assertContains(page, text)

    def test_what_it_can_not_read(self):
        self.add_permissions('netbox_ims.add_businessimpactanalysis', 'netbox_ims.view_businessimpactanalysis')
        for name, wrong in (
            ('bands', 'soon'), ('bands', '0, , 4h'), ('bands', '4h, 0, 1d'), ('bands', '0, 0h, 1d'),
            ('bands', '-1, 4h, 1d'),
            ('bands', ''), ('ratings', 'financial'), ('ratings', 'financial: 1, 2'), ('ratings', 'financial: 0, 1, 2'),
            ('ratings', ''), ('tolerable_rating', '6'), ('tolerable_rating', '0'), ('analysed_on', '2031-01-01'),
        ):
            with self.subTest(name=name, wrong=wrong):
                response = self.client.post(self._get_url('add'), {**self.form_data, 'tags': [], name: wrong})
                self.assertEqual(list(response.context['form'].errors), [name])
                if name != 'analysed_on':
                    self.assertEqual(len(response.context['form'].errors[name]), 1, response.context['form'].errors)

    def test_what_is_offered_to_begin_with(self):
        self.add_permissions('netbox_ims.add_businessimpactanalysis', 'netbox_ims.view_businessimpactanalysis')
        form = self.client.get(self._get_url('add')).context['form']
        self.assertEqual(form['bands'].value(), '0m, 4h, 8h, 1d, 3d, 1w')
        self.assertIn('financial: \n', form['ratings'].value())
        form = self.client.get(self._get_url('add'), {'bands': '0, 2h', 'ratings': 'legal: 1, 2'}).context['form']
        self.assertEqual((form['bands'].value(), form['ratings'].value()), ('0, 2h', 'legal: 1, 2'))


class SaidOnceTestCase(TestCase):

    def test_what_can_not_be_read_is_not_judged_as_well(self):
        function = make.make_business_function('Salary payment')
        rated = {'function': function.pk, 'analysed_on': '2026-01-01', 'tolerable_rating': 2}
        for form_class, data, name in (
            (forms.BusinessImpactAnalysisForm, {**rated, 'bands': '0, 4h', 'ratings': 'financial 1 2'}, 'ratings'),
            (forms.BusinessImpactAnalysisForm, {**rated, 'bands': '0,4h,x', 'ratings': 'legal: 1 2 3'}, 'bands'),
            (forms.ContinuityPlanForm, {'name': 'x', 'plan_type': 'service', 'parent': 999999}, 'parent'),
            (forms.ContinuityPlanImportForm, {'name': 'x', 'plan_type': 'service', 'parent': 'nope'}, 'parent'),
            *((form_class, {'name': 'x', 'slug': 'x', 'mtpd_minutes': '-5', 'mtpd_reason': 'Board'}, 'mtpd_minutes')
              for form_class in (forms.BusinessFunctionForm, forms.BusinessFunctionImportForm)),
        ):
            with self.subTest(form=form_class.__name__, name=name):
                form = form_class(data)
                self.assertEqual((list(form.errors), len(form.errors[name])), ([name], 1), form.errors)


class ContinuityPlanViewTestCase(CIVisibleMixin, IMSViewTestCases.NamedViewTestCase):
    model = ContinuityPlan

    @classmethod
    def setUpTestData(cls):
        function, service = make.make_business_function('Salary payment'), make.make_it_service('Payroll')
        first, second, third = (make.make_plan(functions=[function], services=[service]) for _ in range(3))
        business = make.make_plan('Salaries', functions=[function])
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'Payroll outage', 'version': 3, 'plan_type': 'service', 'parent': business.pk,
            'functions': [], 'services': [service.pk], **dict.fromkeys(PLAN_SECTIONS, 'As *agreed*'),
            'description': 'What to do', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,plan_type,parent,functions,services,purpose,description',
            'Four,business,,salary-payment,,To pay,Fourth',
            'Five,service,Salaries,,payroll,To run,Fifth',
            'Six,,,"salary-payment",,,',
        )
        cls.csv_update_data = (
            'id,procedures,description',
            f'{first.pk},Call,New description 1', f'{second.pk},Walk,New description 2',
            f'{third.pk},Run,New description 3',
        )
        cls.bulk_edit_data = {'description': 'Edited together'}


class ContinuityTestViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = ContinuityTest

    @classmethod
    def setUpTestData(cls):
        plan = make.make_plan('Payroll outage')
        first, second, third = (make.make_test(plan, [make.make_device()], held_on=date(2026, 2, 1)) for _ in range(3))
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'plan': plan.pk, 'test_type': 'failover', 'planned_on': date(2026, 1, 1), 'held_on': date(2026, 1, 2),
            'result': 'passed', 'achieved_rto_minutes': 180, 'achieved_rpo_minutes': 0, 'lessons': 'Some',
            'next_due': date(2031, 1, 1), 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'plan,test_type,planned_on,held_on,result,achieved_rto_minutes,next_due',
            'Payroll outage,walkthrough,2026-01-01,2026-01-02,passed,3h,2031-01-01',
            'Payroll outage,restore,2031-01-01,,,,', 'Payroll outage,failover,,2026-01-02,failed,,',
        )
        cls.csv_update_data = (
            'id,lessons,description',
            f'{first.pk},One,New description 1', f'{second.pk},Two,New description 2',
            f'{third.pk},Three,New description 3',
        )
        cls.bulk_edit_data = {'lessons': 'Start earlier', 'next_due': date(2031, 5, 1)}


class ContinuityTestSubjectViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = ContinuityTestSubject
    validation_excluded_fields = ('object_content_type', 'object_object_id')

    @classmethod
    def setUpTestData(cls):
        plan, site = make.make_plan('Payroll outage'), make.make_site('Berlin')
        devices = [make.make_device(f'db-{n}', site=site) for n in range(1, 7)]
        test = make.make_test(plan, devices[:3], held_on=date(2026, 2, 1))
        first, second, third = test.subjects.all()
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'test': test.pk, 'object_content_type': type_id(type(devices[0])), 'object_object_id': devices[3].pk,
            'achieved_rto_minutes': 30, 'achieved_rpo_minutes': 15, 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'plan,held_on,object_type,object_name,achieved_rto_minutes',
            'Payroll outage,2026-02-01,dcim.device,db-4,1h', 'Payroll outage,2026-02-01,dcim.device,db-5,',
            'Payroll outage,2026-02-01,dcim.device,db-6,90',
        )
        cls.csv_update_data = (
            'id,achieved_rto_minutes,description',
            f'{first.pk},10,New description 1', f'{second.pk},20,New description 2',
            f'{third.pk},30,New description 3',
        )
        cls.bulk_edit_data = {'achieved_rpo_minutes': 5, 'description': 'Edited together'}
