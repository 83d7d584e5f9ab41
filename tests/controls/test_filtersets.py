"""The filters of the controls' models: NetBox's own checks, and each filter of ours."""
from django.test import TestCase

from netbox_ims import filtersets
from netbox_ims.models import (
    AssetProfile,
    Clause,
    Control,
    ControlAssignment,
    ControlCatalog,
    RegisterEntry,
    Scope,
    SoaEntry,
    Standard,
    StatementOfApplicability,
)
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import ChangeLoggedFilterSetTests


class StandardFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = Standard.objects.all()
    filterset = filtersets.StandardFilterSet

    @classmethod
    def setUpTestData(cls):
        for name, edition in (('One', '2018'), ('Two', '2022'), ('Three', '2022')):
            make.make_standard(name, edition=edition)

    def test_edition(self):
        self.assertEqual(self.filterset({'edition': ['2022']}, self.queryset).qs.count(), 2)

    def test_search(self):
        self.assertEqual(self.filterset({'q': 'thr'}, self.queryset).qs.count(), 1)


class ClauseFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = Clause.objects.all()
    filterset = filtersets.ClauseFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.first, second = make.make_standard('First', slug='first'), make.make_standard('Second', slug='second')
        for standard, number in ((cls.first, '6.1.3'), (cls.first, '9.2'), (second, '6.1.3')):
            make.make_clause(standard, number, title='Audit' if number == '9.2' else 'Risk')

    def test_standard(self):
        for params in ({'standard': ['first']}, {'standard_id': [self.first.pk]}):
            self.assertEqual(self.filterset(params, self.queryset).qs.count(), 2)

    def test_number_and_search(self):
        self.assertEqual(self.filterset({'number': ['6.1.3']}, self.queryset).qs.count(), 2)
        self.assertEqual(self.filterset({'q': '9.'}, self.queryset).qs.count(), 1)
        self.assertEqual(self.filterset({'q': 'audit'}, self.queryset).qs.count(), 1)


class ControlCatalogFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = ControlCatalog.objects.all()
    filterset = filtersets.ControlCatalogFilterSet

    @classmethod
    def setUpTestData(cls):
        standard = make.make_standard('First', slug='first')
        for edition, of in (('2013', None), ('2022', standard), ('2022', standard)):
            make.make_catalog(edition=edition, standard=of)

    def test_standard(self):
        self.assertEqual(self.filterset({'standard': ['first']}, self.queryset).qs.count(), 2)
        self.assertEqual(self.filterset({'edition': ['2013']}, self.queryset).qs.count(), 1)


class ControlFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = Control.objects.all()
    filterset = filtersets.ControlFilterSet
    filter_name_map = {'control': 'replaces', 'classification': 'required_by'}
    ignore_fields = ('replaces', 'replaced_by')     # tested below, by their own names

    @classmethod
    def setUpTestData(cls):
        cls.old, cls.new = make.make_catalog('Old', slug='old'), make.make_catalog('New', slug='new')
        cls.o1, cls.o2 = make.make_control('O.1', cls.old), make.make_control('O.2', cls.old, theme='People')
        cls.n1 = make.make_control('N.1', cls.new, control_type=['Preventive', 'Detective'], title='Cryptography')
        cls.n1.replaces.set([cls.o1, cls.o2])
        cls.classification = make.make_classification('Secret', slug='secret')
        cls.classification.required_controls.add(cls.n1)

    def test_filters(self):
        for params, refs in (
            ({'catalog': ['old']}, ['O.1', 'O.2']), ({'catalog_id': [self.new.pk]}, ['N.1']),
            ({'theme': ['People']}, ['O.2']), ({'ref': ['O.1']}, ['O.1']),
            ({'control_type': ['Detective']}, ['N.1']), ({'control_type': ['Corrective']}, []),
            ({'replaces': ['O.1']}, ['N.1']), ({'replaces_id': [self.o2.pk]}, ['N.1']),
            ({'replaced_by': ['N.1']}, ['O.1', 'O.2']), ({'replaced_by_id': [self.n1.pk]}, ['O.1', 'O.2']),
            ({'required_by': ['secret']}, ['N.1']), ({'required_by_id': [self.classification.pk]}, ['N.1']),
            ({'q': 'n.'}, ['N.1']), ({'q': 'crypto'}, ['N.1']),
        ):
            with self.subTest(params):
                found = self.filterset(params, self.queryset).qs.order_by('ref')
                self.assertEqual([control.ref for control in found], refs)


class ScopeFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = Scope.objects.all()
    filterset = filtersets.ScopeFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.site, cls.tenant = make.make_site('ham'), make.make_tenant('own')
        standard = make.make_standard('First', slug='first')
        make.make_scope('A', standard, sites=[cls.site])
        make.make_scope('B', standard, tenants=[cls.tenant], statement='Hosting')
        make.make_scope('C')

    def test_filters(self):
        for params, names in (
            ({'standard': ['first']}, 'AB'), ({'site': ['ham']}, 'A'), ({'site_id': [self.site.pk]}, 'A'),
            ({'tenant': ['own']}, 'B'), ({'tenant_id': [self.tenant.pk]}, 'B'), ({'q': 'host'}, 'B'),
            ({'name': ['C']}, 'C'),
        ):
            with self.subTest(params):
                found = self.filterset(params, self.queryset).qs.order_by('name')
                self.assertEqual(''.join(scope.name for scope in found), names)


class StatementOfApplicabilityFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = StatementOfApplicability.objects.all()
    filterset = filtersets.StatementOfApplicabilityFilterSet
    ignore_fields = ('as_approved',)

    @classmethod
    def setUpTestData(cls):
        cls.catalog, cls.scope = make.make_catalog('Annex', slug='annex', controls=('A.1',)), make.make_scope('Hosting')
        cls.user = make.make_user(username='boss')
        make.make_approved(make.make_statement(cls.catalog, cls.scope), user=cls.user)
        make.make_statement(cls.catalog, cls.scope)
        # Its standard is that of its catalog, or of its scope if the catalog has none.
        cls.scope.standard = make.make_standard(slug='iso')
        cls.scope.save()
        law = make.make_catalog(standard=make.make_standard(slug='law'))
        make.make_statement(law, make.make_scope(standard=cls.scope.standard), description='Other')

    def test_filters(self):
        for params, count in (
            ({'catalog': ['annex']}, 2), ({'catalog_id': [self.catalog.pk]}, 2), ({'scope': ['Hosting']}, 2),
            ({'scope_id': [self.scope.pk]}, 2), ({'status': ['approved']}, 1), ({'status': ['draft']}, 2),
            ({'version': [1]}, 2), ({'approved_by': ['boss']}, 1), ({'approved_by_id': [self.user.pk]}, 1),
            ({'standard': ['law']}, 1), ({'standard': ['iso']}, 2), ({'standard': ['null']}, 0),
            ({'standard_id': [Standard.objects.get(slug='law').pk]}, 1),
            ({'approved_by': ['null']}, 2), ({'approved_on__empty': 'true'}, 2), ({'q': 'host'}, 2),
        ):
            with self.subTest(params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class SoaEntryFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = SoaEntry.objects.all()
    filterset = filtersets.SoaEntryFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.statement = make.make_statement(make.make_catalog(controls=('A.1', ('A.2', 'People'), 'A.3')))
        cls.contact = make.make_contact('Ada')
        first, second, cls.third = cls.statement.entries.all()
        first.applicable, first.justification, first.reasons = True, 'Law', ['legal', 'risk']
        first.implementation_status, first.responsible = 'implemented', cls.contact
        second.applicable, second.justification = False, ' \n'
        first.save()
        second.save()

    def test_filters(self):
        for params, refs in (
            ({'statement_id': [self.statement.pk]}, ['A.1', 'A.2', 'A.3']), ({'statement_status': ['approved']}, []),
            ({'control': ['A.2']}, ['A.2']), ({'control_id': [self.third.control_id]}, ['A.3']),
            ({'theme': ['People']}, ['A.2']),
            ({'applicable': ['true']}, ['A.1']), ({'applicable': ['false']}, ['A.2']),
            ({'applicable': ['null']}, ['A.3']), ({'applicable__n': ['true']}, ['A.2', 'A.3']),
            ({'reasons': ['legal']}, ['A.1']), ({'reasons': ['business']}, []),
            ({'reasons': ['risk', 'legal']}, ['A.1']),
            ({'justified': 'true'}, ['A.1']), ({'justified': 'false'}, ['A.2', 'A.3']),
            ({'implementation_status': ['implemented']}, ['A.1']),
            ({'responsible': ['Ada']}, ['A.1']), ({'responsible_id': [self.contact.pk]}, ['A.1']),
            ({'q': 'law'}, ['A.1']), ({'q': 'a.3'}, ['A.3']),
        ):
            with self.subTest(params):
                found = self.filterset(params, self.queryset).qs.select_related('control')
                self.assertEqual([entry.control.ref for entry in found], refs)

    def test_a_reason_that_is_none_is_refused(self):
        found = self.filterset({'reasons': ['zz']}, self.queryset)
        self.assertEqual((found.is_valid(), list(found.form.errors)), (False, ['reasons']))


class ControlAssignmentFilterSetTestCase(ChangeLoggedFilterSetTests, TestCase):
    queryset = ControlAssignment.objects.all()
    filterset = filtersets.ControlAssignmentFilterSet
    ignore_fields = ('register_entry',)

    @classmethod
    def setUpTestData(cls):
        cls.site, cls.tenant = make.make_site('ham'), make.make_tenant('own')
        cls.catalog = make.make_catalog('Annex', slug='annex', controls=('A.1', 'A.2'))
        first, second = cls.catalog.controls.all()
        cls.device, vm = make.make_device('one', site=cls.site, tenant=cls.tenant), make.make_vm('two')
        cls.user = make.make_user(username='ada')
        cls.classification = make.make_classification('Secret', level=30, slug='secret')
        make.make_profile(cls.device, classification=cls.classification)
        make.make_assignment(
            cls.device, first, status='verified', verified_on='2024-01-01', verified_by=cls.user,
            review_due='2024-02-01'
        )
        make.make_assignment(cls.device, second)
        make.make_assignment(vm, second, review_due='2999-01-01')
        make.make_scope('Hosting', make.make_standard('ISO', slug='iso'), sites=[cls.site])

    def test_filters(self):
        for params, count in (
            ({'control': ['A.2']}, 2), ({'catalog': ['annex']}, 3), ({'catalog_id': [self.catalog.pk]}, 3),
            ({'status': ['verified']}, 1), ({'verified_by': ['ada']}, 1), ({'verified_by_id': [self.user.pk]}, 1),
            ({'review_overdue': 'true'}, 1), ({'review_overdue': 'false'}, 1),
            ({'object_type': ['dcim.device'], 'object_id': [self.device.pk]}, 2), ({'device_id': [self.device.pk]}, 2),
            ({'name': ['two']}, 1), ({'site': ['ham']}, 2), ({'site_id': [self.site.pk]}, 2), ({'tenant': ['own']}, 2),
            ({'tenant_id': [self.tenant.pk]}, 2), ({'classification': ['secret']}, 2),
            ({'classification': ['null']}, 1),
            ({'classification_level__gte': [30]}, 2), ({'in_scope': ['iso']}, 2), ({'in_scope': ['null']}, 1),
            ({'in_scope__n': ['iso']}, 1), ({'scope_id': [Scope.objects.get().pk]}, 2),
            ({'q': 'one'}, 2), ({'q': 'a.1'}, 1),
        ):
            with self.subTest(params):
                self.assertEqual(self.filterset(params, self.queryset).qs.count(), count)


class RegisterByControlsTestCase(TestCase):
    """`in_scope`, `control` and `lacks_control` on the register and on profiles: the same CIs by each."""

    @classmethod
    def setUpTestData(cls):
        cls.site = make.make_site('ham')
        cls.tenant = make.make_tenant('own')
        cls.at_site = make.make_device('at site', site=cls.site)
        cls.of_tenant = make.make_vm('of tenant', tenant=cls.tenant)
        cls.by_itself = make.make_cluster('by itself')
        cls.outside = make.make_vm('outside')
        iso, other = make.make_standard('ISO', slug='iso'), make.make_standard('Other', slug='other')
        make.make_scope('By place', iso, sites=[cls.site])
        make.make_scope('By tenant', iso, tenants=[cls.tenant])
        make.make_scope('By name', other, cis=[cls.by_itself])
        cls.crypto = make.make_control('A.8.24')
        cls.secret = make.make_classification('Secret', slug='secret')
        cls.secret.required_controls.add(cls.crypto)
        for ci in (cls.at_site, cls.of_tenant):
            make.make_profile(ci, classification=cls.secret)
        make.make_profile(cls.outside)
        make.make_profile(cls.by_itself)
        make.make_assignment(cls.at_site, cls.crypto)
        settle()

    def test_the_same_by_each(self):
        for params, names in (
            ({'in_scope': ['iso']}, {'at site', 'of tenant'}), ({'in_scope': ['other']}, {'by itself'}),
            ({'in_scope': ['iso', 'other']}, {'at site', 'of tenant', 'by itself'}),
            ({'in_scope': ['null']}, {'outside'}), ({'in_scope__n': ['iso']}, {'by itself', 'outside'}),
            ({'control': ['A.8.24']}, {'at site'}), ({'control_id': [self.crypto.pk]}, {'at site'}),
            ({'control': ['null']}, {'of tenant', 'by itself', 'outside'}),
            ({'lacks_control': ['A.8.24']}, {'of tenant'}), ({'lacks_control_id': [self.crypto.pk]}, {'of tenant'}),
            ({'scope_id': [Scope.objects.get(name='By name').pk]}, {'by itself'}),
        ):
            with self.subTest(params):
                entries = filtersets.RegisterEntryFilterSet(
                    params, RegisterEntry.objects.exclude(object_type__model__in=('site', 'circuit'))
                ).qs
                self.assertEqual({entry.name for entry in entries}, names)
                profiles = filtersets.AssetProfileFilterSet(params, AssetProfile.objects.all()).qs
                self.assertEqual({str(profile) for profile in profiles}, names)

    def test_a_site_is_in_scope_itself(self):
        entries = filtersets.RegisterEntryFilterSet({'in_scope': ['iso']}, RegisterEntry.objects.all()).qs
        self.assertIn('ham', {entry.name for entry in entries})

    def test_what_does_not_exist_finds_nothing(self):
        for params in ({'in_scope': ['nope']}, {'control': ['nope']}, {'lacks_control': ['nope']}):
            with self.subTest(params):
                self.assertFalse(filtersets.RegisterEntryFilterSet(params, RegisterEntry.objects.all()).qs.exists())
