"""REST and GraphQL of the controls' models, by NetBox's own generic tests; what is particular follows below them."""
from utilities.testing import APIViewTestCases

from netbox_ims.models import (
    Clause,
    Control,
    ControlAssignment,
    ControlCatalog,
    Scope,
    SoaEntry,
    Standard,
    StatementOfApplicability,
)
from tests import factories as make
from tests.base import APINames, CIVisibleMixin, GraphQLNames, IMSAPIViewTestCases


class StandardAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Standard
    brief_fields = ['description', 'display', 'edition', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'description': 'Changed together'}
    bulk_update_invalid_data = {'edition': 'x' * 51}
    create_data = [
        {'name': 'Four', 'slug': 'four', 'edition': '2022'}, {'name': 'Five', 'slug': 'five'},
        {'name': 'Six', 'slug': 'six', 'description': 'The sixth'},
    ]

    @classmethod
    def setUpTestData(cls):
        for n in range(3):
            make.make_standard(edition='2020', description=f'Number {n}')


class ClauseAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Clause
    brief_fields = ['description', 'display', 'id', 'number', 'title', 'url']
    bulk_update_data = {'title': 'Changed together'}
    bulk_update_invalid_data = {'number': 'x' * 21}

    @classmethod
    def setUpTestData(cls):
        standard = make.make_standard()
        for n in range(3):
            make.make_clause(standard, description=f'Number {n}')
        cls.create_data = [{'standard': standard.pk, 'number': f'9.{n}', 'title': f'Nine {n}'} for n in range(3)]


class ControlCatalogAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ControlCatalog
    brief_fields = ['description', 'display', 'edition', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'description': 'Changed together', 'standard': None}
    bulk_update_invalid_data = {'edition': 'x' * 51}

    @classmethod
    def setUpTestData(cls):
        standard = make.make_standard()
        for n in range(3):
            make.make_catalog(standard=standard, edition='2022', description=f'Number {n}', controls=('A.1',))
        cls.create_data = [
            {'name': 'Four', 'slug': 'four', 'edition': '2022', 'standard': standard.pk},
            {'name': 'Five', 'slug': 'five'}, {'name': 'Six', 'slug': 'six', 'standard': None},
        ]


class ControlAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Control
    brief_fields = ['description', 'display', 'id', 'ref', 'title', 'url']
    bulk_update_data = {'title': 'Changed together', 'control_type': ['Detective']}
    bulk_update_invalid_data = {'ref': 'x' * 51}

    @classmethod
    def setUpTestData(cls):
        catalog = make.make_catalog()
        make.make_catalog(controls=('O.1', 'O.2'))
        for n in range(3):
            make.make_control(f'A.{n}', catalog, theme='People', description=f'Number {n}')
        cls.create_data = [
            {
                'catalog': catalog.pk, 'ref': 'A.7', 'title': 'Seven', 'theme': 'Physical',
                'control_type': ['Preventive', 'Corrective'], 'security_domains': ['Resilience'],
            },
            {'catalog': catalog.pk, 'ref': 'A.8', 'title': 'Eight'},
            {'catalog': catalog.pk, 'ref': 'A.9', 'title': 'Nine'},
        ]


class ScopeAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Scope
    brief_fields = ['description', 'display', 'id', 'name', 'url']
    bulk_update_data = {'statement': 'Changed together'}
    bulk_update_invalid_data = {'name': 'x' * 101}

    @classmethod
    def setUpTestData(cls):
        standard, site = make.make_standard(), make.make_site()
        for n in range(3):
            make.make_scope(standard=standard, sites=[site], description=f'Number {n}', statement='All')
        cls.create_data = [
            {'name': 'Four', 'standard': standard.pk, 'statement': 'All', 'sites': [site.pk]},
            {'name': 'Five', 'standard': standard.pk, 'difference_explanation': 'Another building'},
            {'name': 'Six', 'standard': standard.pk, 'tenants': []},
        ]


class StatementOfApplicabilityAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = StatementOfApplicability
    brief_fields = ['description', 'display', 'id', 'status', 'url', 'version']
    bulk_update_data = {'description': 'Changed together'}
    bulk_update_invalid_data = {'version': 0}

    @classmethod
    def setUpTestData(cls):
        catalog, scope = make.make_catalog(controls=('A.1', 'A.2')), make.make_scope()
        for n in range(3):
            make.make_statement(catalog, scope, description=f'Number {n}')
        cls.create_data = [
            {'catalog': catalog.pk, 'scope': scope.pk, 'version': 11},
            {'catalog': catalog.pk, 'scope': scope.pk, 'version': 12, 'description': 'Twelve'},
            {'catalog': catalog.pk, 'scope': scope.pk, 'version': 13},
        ]


class SoaEntryAPITestCase(
    APINames, GraphQLNames,
    APIViewTestCases.GetObjectViewTestCase,
    APIViewTestCases.ListObjectsViewTestCase,
    APIViewTestCases.UpdateObjectViewTestCase,
    APIViewTestCases.GraphQLTestCase,
):
    model = SoaEntry
    brief_fields = ['applicable', 'control', 'description', 'display', 'id', 'url']
    update_data = {'applicable': True, 'reasons': ['risk', 'best_practice'], 'justification': 'Because'}
    bulk_update_data = {'applicable': False, 'justification': 'Not here'}
    bulk_update_invalid_data = {'reasons': ['whim']}

    @classmethod
    def setUpTestData(cls):
        statement = make.make_statement(make.make_catalog(controls=('A.1', 'A.2', 'A.3')))
        contact = make.make_contact()
        for entry in statement.entries.all():
            entry.responsible, entry.description, entry.applicable = contact, 'An entry', True
            entry.save()


class ControlAssignmentAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = ControlAssignment
    brief_fields = [
        'control', 'description', 'display', 'id', 'object', 'object_id', 'object_type', 'status', 'url',
    ]
    bulk_update_data = {'status': 'partial', 'evidence_url': 'https://example.com/'}
    bulk_update_invalid_data = {'status': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        catalog, site = make.make_catalog(controls=('A.1', 'A.2')), make.make_site()
        first, second = catalog.controls.all()
        cis = [make.make_device(site=site), make.make_vm(site=site), make.make_rack(site=site)]
        for ci in cis:
            make.make_assignment(ci, first, description='An assignment', verified_by=make.make_user())
        cls.create_data = [
            {
                'control': second.pk, 'object_type': ci._meta.label_lower, 'object_id': ci.pk, 'status': 'implemented',
                'verified_on': '2024-02-29', 'review_due': '2031-01-01',
            } for ci in cis
        ]
