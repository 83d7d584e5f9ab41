"""Every page of the controls' models, by NetBox's own generic tests, and what is particular to a page."""
import json
from datetime import date

from django.contrib.contenttypes.models import ContentType

from core.models import ObjectType
from dcim.models import Device
from utilities.testing import TestCase, create_tags
from utilities.testing.views import ModelViewTestCase, ViewTestCases

from netbox_ims.forms.mixins import find_cis
from netbox_ims.models import (
    Clause,
    Control,
    ControlAssignment,
    ControlCatalog,
    Decision,
    RegisterEntry,
    Scope,
    SoaEntry,
    Standard,
    StatementOfApplicability,
)
from tests import factories as make
from tests.base import CIVisibleMixin, IMSViewTestCases, ViewNames, as_user


class StandardViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = Standard

    @classmethod
    def setUpTestData(cls):
        standards = [make.make_standard(edition='2020') for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'NIS2', 'slug': 'nis2', 'edition': '2024', 'description': 'A directive', 'comments': 'EU',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,edition,description', 'Four,four,2022,The fourth', 'Five,five,,', 'Six,six,2019,',
        )
        cls.csv_update_data = ('id,edition,description', *(f'{s.pk},2031,New {s.pk}' for s in standards))
        cls.bulk_edit_data = {'edition': '2030', 'description': 'Edited together'}


class ClauseViewTestCase(IMSViewTestCases.WritableViewTestCase):
    model = Clause

    @classmethod
    def setUpTestData(cls):
        standard = make.make_standard('ISO', slug='iso')
        clauses = [make.make_clause(standard) for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'standard': standard.pk, 'number': '6.1.3', 'title': 'Risk treatment', 'description': 'Needed',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = ('standard,number,title', 'iso,9.1,Monitoring', 'iso,9.2,Audit', 'iso,9.3,Review')
        cls.csv_update_data = ('id,title,description', *(f'{c.pk},New {c.pk},Text {c.pk}' for c in clauses))
        cls.bulk_edit_data = {'description': 'Edited together'}


class ControlCatalogViewTestCase(IMSViewTestCases.NamedViewTestCase):
    model = ControlCatalog

    @classmethod
    def setUpTestData(cls):
        standard = make.make_standard('ISO', slug='iso')
        catalogs = [make.make_catalog(standard=standard, controls=('A.1',)) for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'name': 'CIS', 'slug': 'cis', 'edition': '8', 'standard': standard.pk, 'description': 'Eighteen',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,slug,edition,standard', 'Four,four,2022,iso', 'Five,five,,', 'Six,six,2019,iso',
        )
        cls.csv_update_data = ('id,edition,description', *(f'{c.pk},2031,New {c.pk}' for c in catalogs))
        cls.bulk_edit_data = {'edition': '2030', 'standard': standard.pk, 'description': 'Edited together'}


class ControlViewTestCase(IMSViewTestCases.WritableViewTestCase):
    model = Control

    @classmethod
    def setUpTestData(cls):
        old = make.make_catalog('Old', slug='old', controls=('O.1', 'O.2'))
        new = make.make_catalog('New', slug='new')
        controls = [make.make_control(f'N.{n}', new) for n in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'catalog': new.pk, 'ref': 'A.8.24', 'title': 'Use of cryptography', 'theme': 'Technological',
            'control_type': 'Preventive', 'cybersecurity_concepts': 'Protect,Detect',
            'replaces': [old.controls.first().pk], 'description': 'Keys', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'catalog,ref,title,theme,control_type,replaces',
            'new,N.7,Seven,People,"Preventive,Corrective","O.1,O.2"', 'new,N.8,Eight,,,O.1', 'new,N.9,Nine,Physical,,',
        )
        cls.csv_update_data = ('id,title,theme', *(f'{c.pk},New {c.pk},Theme {c.pk}' for c in controls))
        cls.bulk_edit_data = {'theme': 'People', 'description': 'Edited together'}


class ScopeViewTestCase(CIVisibleMixin, IMSViewTestCases.NamedViewTestCase):
    model = Scope

    @classmethod
    def setUpTestData(cls):
        standard, site, tenant = make.make_standard('ISO', slug='iso'), make.make_site('ham'), make.make_tenant('own')
        scopes = [make.make_scope(standard=standard, sites=[site], tenants=[tenant]) for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.device = make.make_device('named')
        cls.form_data = {
            'name': 'Hosting', 'standard': standard.pk, 'statement': 'Hosting from Hamburg', 'tenants': [tenant.pk],
            'sites': [site.pk], 'difference_explanation': 'Bremen is not part', 'description': 'All of it',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'name,standard,statement,tenants,sites,cis', 'Four,iso,All,own,ham,dcim.device:named',
            f'Five,iso,,,ham,"dcim.device:id={cls.device.pk}, dcim.site:ham"', 'Six,iso,,,,',
        )
        cls.csv_update_data = ('id,statement,description', *(f'{s.pk},Text {s.pk},New {s.pk}' for s in scopes))
        cls.bulk_edit_data = {
            'difference_explanation': 'Another building', 'standard': standard.pk, 'description': 'Edited together'
        }

    def test_cis_are_chosen_and_taken_out(self):
        entry = RegisterEntry.objects.of(self.device).get()
        self.add_permissions(
            'netbox_ims.view_scope', 'netbox_ims.add_scope', 'netbox_ims.change_scope', 'netbox_ims.view_registerentry',
            'netbox_ims.view_standard', 'tenancy.view_tenant', 'extras.view_tag',
        )
        self.client.post(self._get_url('add'), {**self.form_data, 'cis': [entry.pk]})
        scope = Scope.objects.get(name='Hosting')
        self.assertEqual([member.object for member in scope.members.all()], [self.device])
        self.assertContains(self.client.get(scope.get_absolute_url()), 'named')
        page = self.client.get(self._get_url('edit', scope))
        self.assertContains(page, f'<option value="{entry.pk}" selected>named</option>', html=True)

        self.client.post(self._get_url('edit', scope), {**self.form_data, 'cis': []})
        self.assertFalse(scope.members.exists())


class ScopeCIsImportTestCase(CIVisibleMixin, ViewNames, ModelViewTestCase):
    """CIs of a scope as people write them in a spreadsheet, and as programs do in JSON."""
    model = Scope

    @classmethod
    def setUpTestData(cls):
        cls.standard = make.make_standard('ISO', slug='iso')
        cls.device = make.make_device('web-01', site=make.make_site('Hamburg'))
        make.make_device('twin', site=make.make_site('Bremen'))
        cls.twin = make.make_device('twin', site=make.make_site('Kiel'))

    def bring_in(self, cis):
        self.add_permissions('netbox_ims.add_scope', 'netbox_ims.change_scope', 'netbox_ims.view_scope',
                             'netbox_ims.view_standard')
        data = json.dumps([{'name': 'Hosting', 'standard': 'iso', 'cis': cis}])
        return self.client.post(self._get_url('bulk_import'), {
            'data': data, 'format': 'json', 'import_method': 'direct'
        })

    def covered(self):
        return {str(member.object) for member in Scope.objects.get(name='Hosting').members.all()}

    def test_every_way_of_naming_them(self):
        for cis, covered in (
            ('dcim.device:web-01', {'web-01'}),
            (f'dcim.site:Hamburg, dcim.device:id={self.twin.pk}', {'Hamburg', 'twin'}),
            (['dcim.device:web-01', {'object_type': 'dcim.device', 'object_id': self.twin.pk}], {'web-01', 'twin'}),
            ([{'object_type': 'dcim.device', 'object_name': 'web-01'}], {'web-01'}),
            ('', set()), (None, set()),
        ):
            with self.subTest(cis=cis):
                self.assertEqual(self.bring_in(cis).status_code, 302)
                self.assertEqual(self.covered(), covered)
                Scope.objects.all().delete()

    def test_what_names_none_is_refused(self):
        for cis, said in (
            ('web-01', 'Write CIs as app.model:name'), ('dcim.device:', 'Write CIs as app.model:name'),
            ('dcim.device:nobody', 'No such device found: nobody'), ('dcim.device:id=9999999', 'No such device found'),
            ('dcim.device:twin', 'More than one device is called twin'), ('dcim.device:id=x', 'Write CIs as'),
            ('dcim.region:North', 'Not a registered CI type'), ('x:y', 'Object type must be specified'),
            (7, 'Write CIs as'), ([7], 'Write CIs as'), ([[]], 'Write CIs as'), ({'a': 1}, 'Write CIs as'),
            ([{'object_type': 'dcim.device'}], 'Write CIs as'),
            ([{'object_type': 7, 'object_id': 1}], 'Write the object'),
            ([{'object_type': 'dcim.device', 'object_id': [1]}], 'Write CIs as'),
        ):
            with self.subTest(cis=cis):
                self.assertContains(self.bring_in(cis), said)
                self.assertFalse(Scope.objects.exists())

    def test_an_update_leaves_alone_what_it_does_not_name(self):
        self.bring_in('dcim.device:web-01')
        scope = Scope.objects.get()
        for record, covered in (({'description': 'x'}, {'web-01'}), ({'cis': ''}, set())):
            data = json.dumps([{'id': scope.pk, **record}])
            self.client.post(self._get_url('bulk_import'), {'data': data, 'format': 'json', 'import_method': 'direct'})
            self.assertEqual(self.covered(), covered)

    def test_a_ci_one_may_not_see_does_not_exist(self):
        with as_user(make.make_user()):
            self.assertEqual(find_cis(ContentType.objects.get_for_model(Device), by_name='web-01'), [])
            self.assertEqual(find_cis(ContentType.objects.get_for_model(Device), by_id=self.device.pk), [])


class FrozenPagesTestCase(TestCase):
    """On what was approved there is no button that would only be refused."""

    @classmethod
    def setUpTestData(cls):
        cls.approved = make.make_approved()
        cls.draft = make.make_statement(cls.approved.catalog, cls.approved.scope)
        cls.user = make.make_user(is_superuser=True)

    def setUp(self):
        self.client.force_login(self.user)

    def test_buttons(self):
        for statement, there in ((self.draft, True), (self.approved, False)):
            entry = statement.entries.first()
            for page in (statement.get_absolute_url(), entry.get_absolute_url()):
                for action in ('edit', 'delete'):
                    if (page, action) == (entry.get_absolute_url(), 'delete'):
                        continue
                    answer = self.client.get(page).content.decode()
                    self.assertEqual(f'"{page}{action}/' in answer, there, (page, action))

    def test_decisions_are_in_peoples_words(self):
        answer = self.client.get(
            '/plugins/ims/decisions/', {'object_type': 'netbox_ims.statementofapplicability'}
        ).content.decode()
        self.assertRegex(answer, r'Status:</span> In review → Approved')
        self.assertNotIn('in_review', answer)
        decision = Decision.objects.get(object_id=self.approved.pk, action='approved')
        page = self.client.get(decision.get_absolute_url())
        self.assertContains(page, '<td>In review</td><td>Approved</td>')

    def test_a_control_taken_off_too(self):
        device = make.make_device()
        make.make_assignment(device, self.draft.catalog.controls.first(), status='partial').delete()
        answer = self.client.get('/plugins/ims/decisions/', {'action': 'unassigned'})
        self.assertContains(answer, 'Status:</span> Partial → —')
        self.assertContains(answer, 'Control:</span> A.1 → —')

    def test_rows(self):
        for path, row in (('statements', lambda s: s), ('soa-entries', lambda s: s.entries.first())):
            page = self.client.get(f'/plugins/ims/{path}/').content.decode()
            for statement, there in ((self.draft, True), (self.approved, False)):
                record = row(statement)
                self.assertEqual(f'{record.get_absolute_url()}edit/' in page, there, path)
                self.assertEqual(f'name="pk" value="{record.pk}"' in page, there, path)
                self.assertIn(f'{record.get_absolute_url()}changelog/', page)


class StatementOfApplicabilityViewTestCase(IMSViewTestCases.WritableViewTestCase):
    model = StatementOfApplicability

    @classmethod
    def setUpTestData(cls):
        catalog = make.make_catalog('Annex', slug='annex', controls=('A.1', 'A.2'))
        scope, other = make.make_scope('Hosting'), make.make_scope('Offices')
        statements = [make.make_statement(catalog, scope) for _ in range(3)]
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'catalog': catalog.pk, 'scope': other.pk, 'version': 7, 'description': 'For the surveillance audit',
            'comments': 'In a hurry', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'catalog,scope,version,description', 'annex,Hosting,11,Eleven', 'annex,Offices,,', 'annex,Offices,,Next',
        )
        cls.csv_update_data = ('id,version,description', *(f'{s.pk},{s.pk + 100},New {s.pk}' for s in statements))
        cls.bulk_edit_data = {'description': 'Edited together'}


class SoaEntryViewTestCase(
    ViewNames,
    ViewTestCases.GetObjectViewTestCase,
    ViewTestCases.GetObjectChangelogViewTestCase,
    ViewTestCases.EditObjectViewTestCase,
    ViewTestCases.ListObjectsViewTestCase,
    ViewTestCases.BulkEditObjectsViewTestCase,
):
    model = SoaEntry

    @classmethod
    def setUpTestData(cls):
        cls.statement = make.make_statement(make.make_catalog(controls=('A.1', 'A.2', 'A.3')))
        contact, tags = make.make_contact('Ada'), create_tags('Alpha', 'Bravo')
        values = {
            'applicable': True, 'reasons': ['risk', 'legal'], 'justification': 'The law says so',
            'implementation_status': 'partial', 'implementation': 'By hand', 'responsible': contact.pk,
            'target_date': date(2030, 1, 1), 'evidence_url': 'https://example.com/evidence',
        }
        cls.form_data = {**values, 'description': 'An entry', 'tags': [tag.pk for tag in tags]}
        cls.bulk_edit_data = {**values, 'description': 'Edited together'}

    def test_a_spreadsheet_is_brought_in_by_reference(self):
        self.add_permissions('netbox_ims.change_soaentry', 'netbox_ims.view_soaentry', 'tenancy.view_contact')
        rows = (
            'statement,control,applicable,reasons,justification,implementation_status,responsible',
            f'{self.statement.pk},A.2,true,"risk,legal",Contracts,implemented,Ada',
            f'{self.statement.pk},A.3,false,,No web here,,',
        )
        response = self.client.post(self._get_url('bulk_import'), {
            'data': '\n'.join(rows), 'format': 'csv', 'csv_delimiter': 'auto', 'import_method': 'direct',
        })
        self.assertEqual(response.status_code, 302)
        said = {
            e.control.ref: (e.applicable, e.reasons, e.justification, e.implementation_status, str(e.responsible))
            for e in self.statement.entries.select_related('control', 'responsible')
        }
        self.assertEqual(said, {
            'A.1': (None, [], '', 'not_started', 'None'),
            'A.2': (True, ['risk', 'legal'], 'Contracts', 'implemented', 'Ada'),
            'A.3': (False, [], 'No web here', 'not_started', 'None'),
        })

    def test_a_record_that_names_no_entry_is_refused(self):
        self.add_permissions('netbox_ims.change_soaentry', 'netbox_ims.view_soaentry')
        for record in (f'{self.statement.pk},A.9', ',A.1', 'x,A.1', f'{self.statement.pk},'):
            with self.subTest(record=record):
                response = self.client.post(self._get_url('bulk_import'), {
                    'data': f'statement,control,applicable\n{record},true', 'format': 'csv', 'csv_delimiter': 'auto',
                    'import_method': 'direct',
                })
                self.assertContains(response, 'Record 1')
        self.assertFalse(SoaEntry.objects.filter(applicable=True).exists())


class ControlAssignmentViewTestCase(CIVisibleMixin, IMSViewTestCases.WritableViewTestCase):
    model = ControlAssignment

    @classmethod
    def setUpTestData(cls):
        catalog = make.make_catalog('Annex', slug='annex', controls=('A.1', 'A.2', 'A.3'))
        first, second, third = catalog.controls.all()
        site = make.make_site()
        devices = [make.make_device(site=site) for _ in range(3)]
        assignments = [make.make_assignment(device, first, status='implemented') for device in devices]
        user, tags = make.make_user(username='ada'), create_tags('Alpha', 'Bravo')
        vm = make.make_vm(site=site)
        cls.form_data = {
            'object_content_type': ObjectType.objects.get_for_model(vm).pk, 'object_object_id': vm.pk,
            'control': second.pk, 'status': 'verified', 'evidence_url': 'https://example.com/bkp',
            'verified_on': date(2024, 2, 29), 'verified_by': user.pk, 'review_due': date(2031, 1, 1),
            'description': 'Looked at', 'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = {
            'default': (
                'control,object_type,object_id,status,evidence_url,verified_on,verified_by,review_due',
                f'A.3,dcim.device,{devices[0].pk},verified,https://example.com/1,2024-02-29,ada,2031-01-01',
                f'A.3,dcim.device,{devices[1].pk},,,,,', f'A.3,virtualization.virtualmachine,{vm.pk},planned,,,,',
            ),
            'by name': (
                'catalog,control,object_type,object_name',
                f'annex,A.2,dcim.device,{devices[0].name}', f'annex,A.2,dcim.device,{devices[1].name}',
                f',A.2,virtualization.virtualmachine,{vm.name}',
            ),
        }
        cls.csv_update_data = ('id,status,description', *(f'{a.pk},partial,New {a.pk}' for a in assignments))
        cls.bulk_edit_data = {
            'status': 'partial', 'evidence_url': 'https://example.com/all', 'verified_on': date(2024, 2, 29),
            'verified_by': user.pk, 'review_due': date(2031, 1, 1), 'description': 'Edited together',
        }
