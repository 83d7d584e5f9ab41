"""Every filter of the risk register, and of the register by risk."""
from datetime import timedelta

from django.test import RequestFactory, TestCase
from django.utils import timezone

from netbox_ims import filtersets
from netbox_ims.models import (
    AssetProfile,
    RegisterEntry,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
)
from tests import factories as make
from tests.base import ChangeLoggedFilterSetTests, RestClient

TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


class CountsMixin:

    def assertCounts(self, *cases):
        for params, count in cases:
            with self.subTest(params):
                filterset = self.filterset(params, self.queryset)
                self.assertTrue(filterset.form.is_valid(), filterset.form.errors)
                self.assertEqual(filterset.qs.count(), count)


class RiskMatrixFilterSetTestCase(CountsMixin, ChangeLoggedFilterSetTests, TestCase):
    queryset = RiskMatrix.objects.all()
    filterset = filtersets.RiskMatrixFilterSet
    ignore_fields = ('likelihood_scale', 'impact_scale', 'impact_dimensions', 'levels', 'cells')

    @classmethod
    def setUpTestData(cls):
        make.make_matrix('One', is_active=True)
        make.make_matrix('Two', acceptance_level='low', description='Strict')
        make.make_matrix('Two')

    def test_filters(self):
        self.assertCounts(
            ({'name': ['Two']}, 2), ({'version': [2]}, 1), ({'is_active': 'true'}, 1),
            ({'acceptance_level': ['low']}, 1),
            ({'q': 'strict'}, 1), ({'q': 'two'}, 2),
        )


class RiskFilterSetTestCase(CountsMixin, ChangeLoggedFilterSetTests, TestCase):
    queryset = Risk.objects.all()
    filterset = filtersets.RiskFilterSet
    ignore_fields = ('inherent_impacts', 'current_impacts', 'target_impacts')

    @classmethod
    def setUpTestData(cls):
        cls.iso, cls.nis = make.make_standard('ISO', slug='iso'), make.make_standard('NIS', slug='nis')
        make.make_standard('None', slug='none')
        cls.clause, cls.ada = make.make_clause(cls.iso), make.make_contact('Ada')
        cls.control, cls.site, cls.tenant = make.make_control('A.1'), make.make_site('ham'), make.make_tenant('own')
        # Above acceptance, and nothing done
        cls.high = make.make_risk(
            'Fire', [cls.iso], clauses=[cls.clause], current=(3, 3), inherent=(3, 3), risk_owner=cls.ada,
            review_due=YESTERDAY, threat='Heat', treatment='modify',
        )
        # Acceptable, with an action that is late
        cls.medium = make.make_risk('Flood', [cls.iso, cls.nis], current=(2, 2), review_due=TOMORROW)
        cls.action = make.make_treatment(cls.medium, 'Pump', [cls.control], responsible=cls.ada, due=YESTERDAY)
        # Accepted
        cls.low = make.make_risk('Theft', [cls.nis], current=(1, 1), treatment='retain', review_due=TOMORROW)
        make.make_accepted(cls.low)
        # Not rated
        cls.unrated = make.make_risk('Strike', [cls.nis])
        cls.closed = make.make_risk('Plague', [cls.nis], current=(3, 3), status='closed', review_due=YESTERDAY)
        cls.device = make.make_device('web', site=cls.site, tenant=cls.tenant)
        cls.vm = make.make_vm('db')
        for risk, ci in ((cls.high, cls.device), (cls.high, cls.vm), (cls.medium, cls.vm)):
            make.make_risk_assignment(ci, risk)

    def test_assessment(self):
        self.assertCounts(
            ({'standard': ['iso']}, 2), ({'standard': ['nis']}, 4), ({'standard': ['iso', 'nis']}, 5),
            ({'standard__n': ['iso']}, 3), ({'standard_id': [self.iso.pk]}, 2), ({'standard': ['none']}, 0),
            ({'clause_id': [self.clause.pk]}, 1), ({'level': ['high']}, 2), ({'level': ['high', 'low']}, 3),
            ({'level': ['null']}, 1), ({'level__n': ['high']}, 3), ({'inherent_level': ['high']}, 1),
            ({'current_likelihood': [3], 'current_impact': [3]}, 2), ({'current_rank__gte': [2]}, 3),
            ({'above_acceptance': ['true']}, 2), ({'above_acceptance': ['false']}, 2),
            ({'above_acceptance': ['null']}, 1), ({'above_acceptance__n': ['true']}, 3), ({'rated': 'true'}, 4),
            ({'rated': 'false'}, 1), ({'matrix_id': [RiskMatrix.objects.get().pk]}, 5), ({'reassess': 'true'}, 0),
        )

    def test_handling(self):
        self.assertCounts(
            ({'status': ['closed']}, 1), ({'treatment': ['modify', 'retain']}, 2), ({'untreated': 'true'}, 2),
            ({'untreated': 'false'}, 2), ({'untreated': 'true', 'above_acceptance': ['true']}, 1),
            ({'accepted': 'true'}, 1), ({'accepted': 'false'}, 4), ({'overdue': 'true'}, 2), ({'overdue': 'false'}, 1),
            ({'review_overdue': 'true'}, 1), ({'review_overdue': 'false'}, 2), ({'risk_owner': ['Ada']}, 1),
            ({'risk_owner': ['null']}, 4), ({'risk_owner_id': [self.ada.pk]}, 1), ({'control': ['A.1']}, 1),
            ({'control_id': [self.control.pk]}, 1), ({'control__n': ['A.1']}, 4),
            ({'responsible_id': [self.ada.pk]}, 1),
            ({'q': 'heat'}, 1), ({'q': self.low.reference}, 1), ({'reference': [self.low.reference]}, 1),
        )

    def test_cis(self):
        self.assertCounts(
            ({'object_type': ['dcim.device'], 'object_id': [self.device.pk]}, 1),
            ({'object_type': ['dcim.site'], 'object_id': [self.device.pk]}, 0),
            ({'object_type': ['virtualization.virtualmachine']}, 2), ({'object_type__n': ['dcim.device']}, 4),
            ({'device_id': [self.device.pk]}, 1), ({'virtual_machine_id': [self.vm.pk]}, 2),
            ({'device_id': [self.device.pk], 'virtual_machine_id': [self.vm.pk]}, 1),
            ({'device_id__n': [self.device.pk]}, 4), ({'site': ['ham']}, 1), ({'site_id': [self.site.pk]}, 1),
            ({'site__n': ['ham']}, 4), ({'tenant': ['own']}, 1), ({'tenant_id': [self.tenant.pk]}, 1),
        )

    def test_null_is_none_of_them(self):
        bare = make.make_risk('Drought', [])
        self.assertCounts(
            ({'standard': ['null']}, 1), ({'standard_id': ['null']}, 1), ({'standard__n': ['null']}, 5),
            ({'standard': ['null', 'iso']}, 3), ({'standard__n': ['null', 'iso']}, 3), ({'clause_id': ['null']}, 5),
            ({'control': ['null']}, 5), ({'control_id': ['null']}, 5), ({'responsible_id': ['null']}, 5),
            ({'site': ['null']}, 4), ({'site_id': ['null']}, 4), ({'site__n': ['null']}, 2),
            ({'site': ['null', 'ham']}, 5), ({'tenant': ['null']}, 5), ({'tenant_id': ['null']}, 5),
            ({'treatment': ['null']}, 4), ({'treatment__empty': 'true'}, 4), ({'treatment__n': ['null']}, 2),
            ({'treatment': ['null', 'modify']}, 5),
        )
        make.make_treatment(bare)
        make.make_risk_assignment(self.vm, bare)
        for filterset in (filtersets.RiskAssignmentFilterSet, filtersets.RiskTreatmentFilterSet):
            model = filterset._meta.model
            for params in ({'standard': ['null']}, {'standard_id': ['null']}):
                with self.subTest(model, params=params):
                    found = filterset(params, model.objects.all()).qs
                    self.assertEqual([each.risk for each in found], [bare])
        self.assertFalse(filtersets.RiskAcceptanceFilterSet({'standard': ['null']}, RiskAcceptance.objects.all()).qs)
        user = make.make_user(is_superuser=True)
        self.client.force_login(user)
        for path in ('risks/', 'risks/heat-map/', 'risks/register/'):
            self.assertContains(self.client.get(f'/plugins/ims/{path}?standard=null'), 'Drought')
        self.assertEqual(RestClient(user).get('risks/?standard=null')[1]['count'], 1)

    def test_a_value_that_is_none_matches_nothing(self):
        for params in ({'standard': ['x']}, {'above_acceptance': ['x']}, {'object_type': ['x']}, {'untreated': 'x'}):
            with self.subTest(params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), 0)

    def test_cis_that_cannot_be_seen_match_nothing(self):
        user = make.make_user(
            'netbox_ims.view_risk', 'netbox_ims.view_riskassignment', 'virtualization.view_virtualmachine'
        )
        request = RequestFactory().get('/')
        request.user = user
        for params, count in (
            ({'device_id': [self.device.pk]}, 0), ({'site': ['ham']}, 0), ({'virtual_machine_id': [self.vm.pk]}, 2),
            ({'object_type': ['dcim.device']}, 0), ({'device_id': [self.device.pk + 1000]}, 0),
        ):
            with self.subTest(params):
                self.assertEqual(self.filterset(params, self.queryset, request=request).qs.count(), count)


class RiskAssignmentFilterSetTestCase(CountsMixin, ChangeLoggedFilterSetTests, TestCase):
    queryset = RiskAssignment.objects.all()
    filterset = filtersets.RiskAssignmentFilterSet
    ignore_fields = ('register_entry',)

    @classmethod
    def setUpTestData(cls):
        iso = make.make_standard('ISO', slug='iso')
        cls.site = make.make_site('ham')
        cls.risk, other = make.make_risk('Fire', [iso], current=(3, 3)), make.make_risk(status='closed')
        cls.device = make.make_device('web', site=cls.site)
        make.make_risk_assignment(cls.device, cls.risk)
        make.make_risk_assignment(make.make_vm('db'), cls.risk)
        make.make_risk_assignment(cls.device, other)
        make.make_scope('Hosting', make.make_standard('Scoped', slug='scoped'), sites=[cls.site])

    def test_filters(self):
        self.assertCounts(
            ({'risk': [self.risk.reference]}, 2), ({'risk_id': [self.risk.pk]}, 2), ({'standard': ['iso']}, 2),
            ({'standard__n': ['iso']}, 1), ({'level': ['high']}, 2), ({'level': ['null']}, 1),
            ({'risk_status': ['closed']}, 1), ({'above_acceptance': ['true']}, 2), ({'name': ['db']}, 1),
            ({'object_type': ['dcim.device'], 'object_id': [self.device.pk]}, 2), ({'device_id': [self.device.pk]}, 2),
            ({'site': ['ham']}, 2), ({'site_id': [self.site.pk]}, 2), ({'in_scope': ['scoped']}, 2), ({'q': 'fire'}, 2),
            ({'q': 'web'}, 2),
        )


class RiskTreatmentFilterSetTestCase(CountsMixin, ChangeLoggedFilterSetTests, TestCase):
    queryset = RiskTreatment.objects.all()
    filterset = filtersets.RiskTreatmentFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.risk, cls.ada = make.make_risk('Fire', [make.make_standard(slug='iso')]), make.make_contact('Ada')
        cls.control = make.make_control('A.1')
        make.make_treatment(cls.risk, 'Move', [cls.control], responsible=cls.ada, due=YESTERDAY)
        make.make_treatment(cls.risk, 'Pump', due=YESTERDAY, done_on=YESTERDAY)
        make.make_treatment(None, 'Insure', due=TOMORROW, progress=30)
        make.make_treatment(None, 'Hope')

    def test_filters(self):
        self.assertCounts(
            ({'risk': [self.risk.reference]}, 2), ({'risk_id': [self.risk.pk]}, 2), ({'standard': ['iso']}, 2),
            ({'responsible': ['Ada']}, 1), ({'responsible': ['null']}, 3), ({'responsible_id': [self.ada.pk]}, 1),
            ({'done': 'true'}, 1), ({'done': 'false'}, 3), ({'overdue': 'true'}, 1), ({'overdue': 'false'}, 2),
            ({'control': ['A.1']}, 1), ({'control_id': [self.control.pk]}, 1), ({'progress__gte': [30]}, 2),
            ({'due__lte': [TODAY]}, 2), ({'q': 'pump'}, 1), ({'q': 'fire'}, 2),
        )


class RiskAcceptanceFilterSetTestCase(CountsMixin, ChangeLoggedFilterSetTests, TestCase):
    queryset = RiskAcceptance.objects.all()
    filterset = filtersets.RiskAcceptanceFilterSet
    ignore_fields = ('as_decided',)

    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.bob = make.make_user(username='ada'), make.make_user(username='bob', is_superuser=True)
        cls.risk = make.make_risk('Fire', [make.make_standard(slug='iso')], current=(1, 1))
        make.make_accepted(cls.risk, cls.bob)
        make.make_request(user=cls.ada, justification='Dear', valid_until=TOMORROW)
        make.make_request()

    def test_filters(self):
        self.assertCounts(
            ({'risk': [self.risk.reference]}, 1), ({'risk_id': [self.risk.pk]}, 1), ({'standard': ['iso']}, 1),
            ({'status': ['requested']}, 2), ({'requested_by': ['ada']}, 1), ({'requested_by_id': [self.ada.pk]}, 1),
            ({'decided_by': ['bob']}, 1), ({'decided_by': ['null']}, 2), ({'decided_by_id': [self.bob.pk]}, 1),
            ({'in_force': 'true'}, 1), ({'in_force': 'false'}, 2), ({'valid_until__lte': [TOMORROW]}, 1),
            ({'q': 'dear'}, 1), ({'q': 'fire'}, 1),
        )


class RegisterByRiskTestCase(TestCase):
    """`risk` on the register and on profiles: the same CIs by each, and nothing that cannot be seen."""

    @classmethod
    def setUpTestData(cls):
        cls.risk, cls.device, cls.vm = make.make_risk('Fire'), make.make_device('web'), make.make_vm('db')
        for ci in (cls.device, cls.vm):
            make.make_profile(ci)
        make.make_risk_assignment(cls.device, cls.risk)

    def names(self, params, user=None):
        request = RequestFactory().get('/')
        request.user = user or make.make_user(is_superuser=True)
        found = []
        for filterset, queryset in (
            (filtersets.RegisterEntryFilterSet, RegisterEntry.objects.exclude(profile=None)),
            (filtersets.AssetProfileFilterSet, AssetProfile.objects.all()),
        ):
            rows = filterset(params, queryset, request=request).qs
            found.append(sorted(row.name if hasattr(row, 'name') else str(row) for row in rows))
        self.assertEqual(*found)
        return found[0]

    def test_filters(self):
        for params, expected in (
            ({'risk': [self.risk.reference]}, ['web']), ({'risk_id': [self.risk.pk]}, ['web']),
            ({'risk': ['null']}, ['db']), ({'risk__n': [self.risk.reference]}, ['db']),
        ):
            with self.subTest(params):
                self.assertEqual(self.names(params), expected)

    def test_a_risk_that_cannot_be_seen_concerns_nothing(self):
        user = make.make_user(
            'netbox_ims.view_riskassignment', 'dcim.view_device', 'virtualization.view_virtualmachine',
            'netbox_ims.view_registerentry', 'netbox_ims.view_assetprofile'
        )
        self.assertEqual(self.names({'risk': [self.risk.reference]}, user), [])
        self.assertEqual(self.names({'risk': ['null']}, user), ['db', 'web'])
