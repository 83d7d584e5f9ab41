"""In filters by members of plans and services, what somebody may not see is as if it did not exist."""
from datetime import date

from django.test import TestCase

from tests import factories as make
from tests.base import RestClient


class HiddenMembersTestCase(TestCase):

    @classmethod
    def setUpTestData(cls):
        pay, secret = make.make_business_function('pay'), make.make_business_function('secret')
        payroll, hidden = make.make_it_service('payroll'), make.make_it_service('hidden')
        cls.customer = make.make_tenant('customer')
        payroll.tenants.add(cls.customer)
        cls.pairs = (('function', pay, secret), ('service', payroll, hidden))
        for name, functions, services in (
            ('both', [pay, secret], [payroll, hidden]), ('seen', [pay], [payroll]), ('unseen', [secret], [hidden]),
        ):
            make.make_test(make.make_plan(name, functions, services), held_on=date(2026, 1, 1))
        user = make.make_user('netbox_ims.view_continuityplan', 'netbox_ims.view_continuitytest')
        make.grant(user, 'netbox_ims.view_businessfunction', constraints={'slug': 'pay'})
        make.grant(user, 'netbox_ims.view_itservice', constraints={'slug': 'payroll'})
        cls.user = make.fresh(user)

    def test_rest(self):
        rest = RestClient(self.user)

        def found(path):
            status, data = rest.get(path)
            return ' '.join(sorted(row['name'] for row in data['results'])) if status == 200 else status

        for name, seen, hidden in self.pairs:
            for query, expected in (
                (f'{name}={seen.slug}', 'both seen'), (f'{name}_id={seen.pk}', 'both seen'),
                (f'{name}={hidden.slug}', 400), (f'{name}=nope', 400), (f'{name}__n={hidden.slug}', 400),
                (f'{name}_id={hidden.pk}', 400), (f'{name}_id={hidden.pk + 10**6}', 400),
                (f'{name}__n={seen.slug}', 'unseen'), (f'{name}_id=null', 'unseen'),
                (f'{name}_id__n=null', 'both seen'),
            ):
                with self.subTest(query=query):
                    self.assertEqual(found(f'continuity-plans/?{query}'), expected)
        for query, expected in (('tenant=customer', 400), ('tenant=nope', 400), ('tenant=null', 'payroll')):
            with self.subTest(query=query):
                self.assertEqual(found(f'it-services/?{query}'), expected)

    def test_plans_of_a_function(self):
        """Likewise the other way about: by plans."""
        plan = make.make_plan('hidden', functions=[self.pairs[0][1]])
        user = make.make_user('netbox_ims.view_businessfunction')
        make.grant(user, 'netbox_ims.view_continuityplan', constraints={'name': 'unseen'})
        rest = RestClient(make.fresh(user))
        self.assertEqual(rest.get(f'business-functions/?continuity_plan_id={plan.pk}')[0], 400)
        status, data = rest.get('business-functions/?continuity_plan_id=null')
        self.assertEqual([row['name'] for row in data['results']], ['pay'])

    def test_the_business_plan_over_graphql(self):
        parent = make.make_plan('parent')
        make.make_plan('child', plan_type='service', parent=parent, services=[self.pairs[1][1]])
        query = '{ims_continuity_plan_list(filters: {name: {exact: "child"}}) {parent {name}}}'
        for constraints, expected in (({}, {'name': 'parent'}), ({'name': 'child'}, None)):
            user = make.make_user()
            make.grant(user, 'netbox_ims.view_continuityplan', constraints=constraints or None)
            data, errors = RestClient(make.fresh(user)).graphql(query)
            self.assertIsNone(errors)
            self.assertEqual(data['ims_continuity_plan_list'], [{'parent': expected}])

    def test_graphql(self):
        rest = RestClient(self.user)

        def found(field, filters):
            data, errors = rest.graphql(f'{{ {field}(filters: {{{filters}}}) {{ display }} }}')
            self.assertIsNone(errors)
            return sorted(row['display'].partition(' ')[0] for row in data[field])

        for relation, seen, hidden in (('functions', 'pay', 'secret'), ('services', 'payroll', 'hidden')):
            for slug, expected in ((seen, ['both', 'seen']), (hidden, [])):
                filters = f'{relation}: {{slug: {{exact: "{slug}"}}}}'
                with self.subTest(filters=filters):
                    self.assertEqual(found('ims_continuity_plan_list', filters), expected)
                    self.assertEqual(found('ims_continuity_test_list', f'plan: {{{filters}}}'), expected)
        nested = 'tenants: {name: {starts_with: "c"}}'
        self.assertEqual(found('ims_it_service_list', nested), [])
        self.assertEqual(found('ims_continuity_plan_list', f'services: {{{nested}}}'), [])
        make.grant(self.user, 'tenancy.view_tenant')
        rest = RestClient(make.fresh(self.user))
        self.assertEqual(found('ims_it_service_list', nested), ['payroll'])
        self.assertEqual(found('ims_continuity_plan_list', f'services: {{{nested}}}'), ['both', 'seen'])
