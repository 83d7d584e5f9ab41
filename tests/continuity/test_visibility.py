"""
A dependency is shown to those who may see both its ends, and to nobody else, however their permissions are worded.
"""
import random

from django.contrib.auth.models import AnonymousUser
from django.test import override_settings

from netbox_ims.models import Dependency
from tests import factories as make
from tests.base import RestClient
from tests.register.checks import ci_types
from tests.register.test_visibility import VisibilityTestCase

OURS = 'netbox_ims.view_dependency'


class DependencyVisibilityTestCase(VisibilityTestCase):
    """The estate of the register's own test, with a web of dependencies between random CIs."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        rnd = random.Random('web')
        for ci in cls.cis:
            for provider in rnd.sample(cls.cis, 2):
                if (type(provider), provider.pk) != (type(ci), ci.pk):
                    make.make_dependency(ci, provider, holds_data=rnd.random() < 0.5)

    def edges(self, queryset):
        """{(dependent, provider)}, each as (type, id), each of which must come once only, as must their count."""
        rows = [(row[:2], row[2:]) for row in queryset.values_list(
            'dependent_object_type_id', 'dependent_object_id', 'provider_object_type_id', 'provider_object_id'
        )]
        self.assertEqual((queryset.count(), len(set(rows))), (len(rows), len(rows)))
        return set(rows)

    def expected(self, user):
        visible = self.visible(user)
        return {edge for edge in self.edges(Dependency.objects.all()) if visible.issuperset(edge)}

    def test_random_permissions(self):
        sizes = set()
        for seed in range(60):
            user = self.random_user(random.Random(seed))
            make.grant(user, OURS)
            user = make.fresh(user)
            with self.subTest(seed=seed):
                expected = self.expected(user)
                sizes.add(len(expected))
                self.assertEqual(self.edges(Dependency.objects.restrict(user)), expected)
        # By users who see little, much and something in between.
        self.assertGreater(len(sizes), 15)
        self.assertLess(min(sizes), 5)

    def test_kinds_of_user(self):
        everything = self.edges(Dependency.objects.all())
        view_all = self.view_all()
        for user, expected in (
            (make.make_user(is_superuser=True), everything), (make.make_user(OURS, *view_all), everything),
            (make.make_user(OURS), set()), (make.make_user(*view_all), set()), (AnonymousUser(), set()), (None, set()),
            (make.make_user(OURS, *view_all, is_active=False), set()),
        ):
            with self.subTest(user=user):
                self.assertEqual(self.edges(Dependency.objects.restrict(user)), expected)
        with override_settings(EXEMPT_VIEW_PERMISSIONS=['netbox_ims.dependency']):
            self.assertEqual(Dependency.objects.restrict(AnonymousUser()).count(), 0)
            self.assertEqual(self.edges(Dependency.objects.restrict(make.make_user(*view_all))), everything)
        with override_settings(EXEMPT_VIEW_PERMISSIONS=['*']):
            self.assertEqual(self.edges(Dependency.objects.restrict(AnonymousUser())), everything)

    def test_constraints_on_dependencies_hold_besides(self):
        user = make.make_user('dcim.view_device', 'virtualization.view_virtualmachine')
        make.grant(user, OURS, constraints={'holds_data': True})
        user = make.fresh(user)
        expected = self.expected(user) & self.edges(Dependency.objects.filter(holds_data=True))
        self.assertTrue(expected)
        self.assertEqual(self.edges(Dependency.objects.restrict(user)), expected)

    def test_a_type_that_is_no_ci_any_more_is_not_shown(self):
        user = make.make_user(OURS, *self.view_all())
        with ci_types(['dcim.device', 'dcim.rack']):
            known = self.of_type('dcim.device', 'dcim.rack')
            seen = self.edges(Dependency.objects.restrict(user))
        self.assertEqual(seen, {edge for edge in self.edges(Dependency.objects.all()) if known.issuperset(edge)})

    @override_settings(LOGIN_REQUIRED=False, EXEMPT_VIEW_PERMISSIONS=['netbox_ims.dependency', 'dcim.device'])
    def test_no_way_round_for_anonymous_requests(self):
        make.make_dependency(*self.cis[4:5], make.make_device('another'))
        shown = len(self.expected(AnonymousUser()))
        self.assertEqual(RestClient().get('dependencies/')[1]['count'], shown)
        response = self.client.get('/plugins/ims/dependencies/')
        self.assertEqual(len(response.context['table'].rows), shown)

    def test_searching_for_a_name_finds_no_hidden_end(self):
        device, vm = make.make_device('seen'), make.make_vm('whisper')
        edge = make.make_dependency(device, vm)
        for permissions, found in (((OURS, 'dcim.view_device'), 0), ((OURS, *self.view_all()), 1)):
            rest = RestClient(make.make_user(*permissions))
            self.assertEqual(rest.get('dependencies/', q='whisper')[1]['count'], found)
            self.assertEqual(rest.get('dependencies/', device_id=device.pk)[1]['count'], found)
            self.assertEqual(rest.get(f'dependencies/{edge.pk}/')[0], 200 if found else 404)
