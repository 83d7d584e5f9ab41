"""GraphQL: the names of the wire contract, what each filter keeps, and what nested objects give away (nothing)."""
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import SimpleTestCase, TestCase
from graphql import get_named_type

from netbox.graphql.schema import schema
from users.models import User
from utilities.testing import APIViewTestCases

from netbox_ims.graphql.alignment import AlignmentType
from netbox_ims.models import AssetProfile, Decision, RegisterEntry
from tests import factories as make
from tests.base import RestClient
from tests.controls import test_api as controls_api

from . import test_api
from .test_filtersets import Estate, Evidence

MODELS = (
    'classification', 'information_asset', 'asset_profile', 'register_entry', 'decision', 'retired_ci',
    'business_function', 'it_service', 'dependency', 'classification_rule',
    'standard', 'clause', 'control_catalog', 'control', 'scope', 'statement_of_applicability', 'soa_entry',
    'control_assignment', 'risk_matrix', 'risk', 'risk_assignment', 'risk_treatment', 'risk_acceptance',
    'business_impact_analysis', 'continuity_plan', 'continuity_test', 'continuity_test_subject', 'alignment',
    'baseline',
)


class SchemaTestCase(SimpleTestCase):

    def our_classes(self):
        for name, graphql_type in schema._schema.type_map.items():
            definition = getattr(graphql_type, 'extensions', {}).get('strawberry-definition')
            origin = getattr(definition, 'origin', None)        # a union has none
            if origin and origin.__module__.startswith('netbox_ims.'):
                yield name, origin

    def test_every_name_of_ours_is_prefixed(self):
        """A name used twice breaks NetBox's whole schema."""
        names = [name for name, _cls in self.our_classes() if name != 'Query']
        self.assertGreaterEqual(len(names), 2 * len(MODELS))
        self.assertEqual([name for name in names if not name.startswith('Ims')], [])

    def test_root_fields(self):
        ours = sorted(name for name in schema._schema.query_type.fields if name.startswith('ims_'))
        self.assertEqual(ours, sorted(f'ims_{name}{suffix}' for name in MODELS for suffix in ('', '_list')))

    def test_register_row_has_the_contracts_fields(self):
        fields = set(schema._schema.type_map['ImsRegisterEntryType'].fields)
        self.assertEqual({
            'object_type', 'object_id', 'name', 'site', 'tenant', 'role', 'status', 'profile', 'classification',
            'is_information_asset', 'handles_sensitive_data', 'processes_personal_data', 'rto_minutes', 'rpo_minutes',
            'asset_owner', 'review_due', 'effective_classification', 'effective_complete', 'under_classified',
            'alignment',
            'effective_handles_sensitive_data', 'effective_processes_personal_data', 'required_rto_minutes',
            'required_rpo_minutes', 'effective_rto_minutes', 'effective_rpo_minutes', 'as_of',
        } - fields, set())

    def test_there_is_nothing_to_write_with(self):
        self.assertIsNone(schema._schema.mutation_type)


class CoverageTestCase(APIViewTestCases.GraphQLSchemaCoverageTestCase):
    """Every type of ours that can be asked for has a generic test (in a test_api)."""
    # Rows that nobody makes: their own test is in tests/continuity/test_alignment.py.
    graphql_exempt_type_classes = (AlignmentType,)

    def get_schema_type_classes(self):
        return {
            type_class: model for type_class, model in super().get_schema_type_classes().items()
            if model._meta.app_label == 'netbox_ims'
        }

    def iter_test_module_names(self):
        yield test_api.__name__
        yield 'tests.continuity.test_api'
        yield 'tests.continuity.test_plans_api'
        yield 'tests.risk.test_api'
        yield 'tests.classification_rules.test_api'
        yield controls_api.__name__
        yield 'tests.baselines.test_generic'


class GraphQLMixin:

    def setUp(self):
        self.rest = RestClient(User.objects.create_superuser('root'))

    def rows(self, field, filters='', selection='name', rest=None):
        """What a list query returns."""
        arguments = f'(filters: {{{filters}}})' if filters else ''
        data, errors = (rest or self.rest).graphql(f'{{ {field}{arguments} {{ {selection} }} }}')
        self.assertIsNone(errors)
        return data[field]

    def assertRows(self, field, filters, expected, name='name'):
        with self.subTest(field=field, filters=filters):
            found = [row[name] or 'NONAME' for row in self.rows(field, filters, name)]
            self.assertEqual(' '.join(sorted(found)), ' '.join(sorted(expected.split())))


class AssessmentFilterTestCase(Estate, GraphQLMixin, TestCase):

    def test_filters_of_the_register_and_of_profiles(self):
        rest = 'NONAME rack1 cluster1 service1 circuit1 berlin paris'
        for filters, profiled, others in (
            ('classification: {slug: {exact: "secret"}}', 'd1 vm1', ''),
            (f'classification_id: {self.open.pk}', 'd2', ''),
            ('classification: {level: {gte: 20}}', 'd1 vm1', ''),
            ('is_information_asset: {exact: true}', 'd1 asset1', ''),
            ('is_information_asset: {is_null: true}', 'd3 vm1', rest),
            ('handles_sensitive_data: {exact: false}', 'd2', ''),
            ('processes_personal_data: {exact: true}', 'd1 vm1', ''),
            ('rto_minutes: {exact: 0}', 'd1', ''),
            ('rto_minutes: {lte: 60}', 'd1 vm1', ''),
            ('rpo_minutes: {gt: 15}', 'd2', ''),
            ('asset_owner: {name: {exact: "Ada"}}', 'd1', ''),
            (f'asset_owner_id: {self.bob.pk}', 'd2', ''),
            ('review_due: {gte: "2000-01-01"}', 'd1 d2 vm1', ''),
            (f'object_id: {{exact: {self.d1.pk}}}, object_type_id: {self.object_type_id("dcim.device")}', 'd1', ''),
            ('rto_minutes: {gte: 60}, NOT: {classification: {slug: {exact: "open"}}}', 'vm1', ''),
            ('OR: {rto_minutes: {exact: 0}}', 'd1', ''),
        ):
            self.assertRows('ims_register_entry_list', filters, f'{profiled} {others}')
            self.assertRows('ims_asset_profile_list', filters, profiled, 'object_name')

    def object_type_id(self, label):
        app_label, model = label.split('.')
        return ContentType.objects.get_by_natural_key(app_label, model).pk

    def test_register_only(self):
        for filters, expected in (
            ('name: {starts_with: "d"}', 'd1 d2 d3'),
            ('status: {exact: "planned"}', 'd2'),
            ('site: {slug: {exact: "berlin"}}', 'd1 d3 vm1 circuit1 berlin'),
            (f'site_id: {self.paris.pk}', 'd2 NONAME rack1 cluster1 service1 paris'),
            ('tenant: {slug: {exact: "sales"}}', 'd1'),
            (f'tenant_id: {self.hr.pk}', 'd3'),
            ('role: {slug: {exact: "db"}}', 'd1 vm1 NONAME'),
            (f'role_id: {self.web.pk}', 'd2 d3'),
            ('effective_classification: {slug: {exact: "secret"}}', 'd1 d2'),
            ('under_classified: {exact: true}', 'd2'),
            ('alignment: {exact: "aligned"}', 'd1'),
        ):
            self.assertRows('ims_register_entry_list', filters, expected)

    def test_profiles_only(self):
        self.assertRows('ims_asset_profile_list', 'classification_override: {exact: true}', 'vm1', 'object_name')

    def test_classifications_and_information_assets(self):
        self.assertRows('ims_classification_list', 'level: {lt: 30}', 'open')
        self.assertRows('ims_classification_list', 'requires_security_review: {exact: true}', '')
        self.assertRows('ims_information_asset_list', 'slug: {exact: "asset1"}, status: {exact: "active"}', 'asset1')
        self.assertRows('ims_information_asset_list', 'custodian: {name: {exact: "Ada"}}', '')

    def test_one_row_with_everything_around_it(self):
        (row,) = self.rows('ims_register_entry_list', 'name: {exact: "d1"}', """
            display object_id object_type { app_label model } site { slug } tenant { slug } role { slug } status
            profile { display object_name classification { slug } asset_owner { name } }
            classification { slug level } effective_classification { slug } asset_owner { name }
            is_information_asset rto_minutes alignment under_classified required_rto_minutes
        """)
        self.assertEqual(row, {
            'display': 'd1', 'object_id': self.d1.pk, 'object_type': {'app_label': 'dcim', 'model': 'device'},
            'site': {'slug': 'berlin'}, 'tenant': {'slug': 'sales'}, 'role': {'slug': 'db'}, 'status': 'active',
            'profile': {
                'display': 'd1', 'object_name': 'd1', 'classification': {'slug': 'secret'},
                'asset_owner': {'name': 'Ada'},
            },
            'classification': {'slug': 'secret', 'level': 30}, 'effective_classification': {'slug': 'secret'},
            'asset_owner': {'name': 'Ada'}, 'is_information_asset': True, 'rto_minutes': 0, 'alignment': 'aligned',
            'under_classified': False, 'required_rto_minutes': 30,
        })

    def test_names_of_what_has_none(self):
        filters = f'object_id: {{exact: {self.d4.pk}}}, name: {{exact: ""}}'
        (row,) = self.rows('ims_register_entry_list', filters, 'name display')
        self.assertEqual(row, {'name': '', 'display': f'Unnamed Device {self.d4.pk}'})

    def test_pages(self):
        data, errors = self.rest.graphql('{ ims_register_entry_list(pagination: {offset: 1, limit: 2}) { name } }')
        self.assertIsNone(errors)
        names = list(RegisterEntry.objects.values_list('name', flat=True))
        self.assertEqual([row['name'] for row in data['ims_register_entry_list']], names[1:3])

    def test_nonsense_is_an_error_and_not_everything(self):
        for filters in (
            'rto_minutes: {exact: "4h"}', 'nonsense: {exact: 1}', 'classification: "secret"',
            'is_information_asset: {exact: "x"}',
            f'rto_minutes: {{exact: {10**30}}}', 'object_type_id: "x"', 'name: {regex: "("}',
            'site_id: "99999999999999999999"',
        ):
            # A savepoint, as PostgreSQL itself refuses some of these
            with self.subTest(filters=filters):
                sid = transaction.savepoint()
                data, errors = self.rest.graphql(f'{{ ims_register_entry_list(filters: {{{filters}}}) {{ id }} }}')
                transaction.savepoint_rollback(sid)
                self.assertTrue(errors or not data['ims_register_entry_list'], data)


class NestedPermissionTestCase(Estate, GraphQLMixin, TestCase):
    """Each object along the way is shown to those who may see that kind of object."""

    def test_nested_objects_need_their_own_permission(self):
        user = make.make_user('netbox_ims.view_registerentry', 'dcim.view_device')
        nested = ('profile', 'classification', 'asset_owner', 'site', 'effective_classification')
        selection = ' '.join(f'{name} {{ id }}' for name in nested)
        rest = RestClient(user)
        (row,) = self.rows('ims_register_entry_list', 'name: {exact: "d1"}', selection, rest)
        self.assertEqual(row, dict.fromkeys(nested))
        make.grant(
            user, 'netbox_ims.view_assetprofile', 'netbox_ims.view_classification', 'tenancy.view_contact',
            'dcim.view_site'
        )
        (row,) = self.rows('ims_register_entry_list', 'name: {exact: "d1"}', selection, rest)
        objects = (self.profiles['d1'], self.secret, self.ada, self.berlin, self.secret)
        self.assertEqual(row, {name: {'id': str(found.pk)} for name, found in zip(nested, objects, strict=True)})

    def test_the_profile_of_an_entry_needs_permission_on_that_profile(self):
        user = make.make_user('netbox_ims.view_registerentry', 'netbox_ims.view_classification', 'dcim.view_device')
        make.grant(user, 'netbox_ims.view_assetprofile', constraints={'classification__slug': 'open'})
        rest, nested = RestClient(user), 'name profile { id display classification { slug } }'
        rows = {row['name']: row['profile'] for row in self.rows('ims_register_entry_list', '', nested, rest)}
        shown = {'id': str(self.profiles['d2'].pk), 'display': 'd2', 'classification': {'slug': 'open'}}
        # An entry repeats what its profile says, and is kept from the user with it.
        self.assertEqual({name: row for name, row in rows.items() if name in ('d1', 'd2', 'd3')}, {'d2': shown})
        data, errors = rest.graphql(
            f'{{ ims_register_entry(id: {RegisterEntry.objects.of(self.d2).get().pk}) {{ {nested} }} }}'
        )
        self.assertIsNone(errors)
        self.assertEqual(data['ims_register_entry']['profile'], shown)

    def test_there_is_no_other_way_to_a_profile(self):
        leads_there = {
            f'{name}.{field}' for name, graphql_type in schema._schema.type_map.items()
            if name != 'Query' and not name.startswith('__')
            for field, value in getattr(graphql_type, 'fields', {}).items()
            if get_named_type(value.type).name == 'ImsAssetProfileType'
        }
        # Those on the types of CIs, NetBox's own included, are tested in tests/core.
        of_cis = {name for name in leads_there if name.endswith('.ims_profile')}
        self.assertEqual(leads_there - of_cis, {'ImsRegisterEntryType.profile'})

    def test_an_invisible_ci_is_not_found_by_any_path(self):
        user = make.make_user(*(f'netbox_ims.view_{name}' for name in (
            'registerentry', 'assetprofile', 'classification', 'decision', 'retiredci',
        )))
        make.grant(user, 'dcim.view_device', constraints={'site__slug': 'paris'})
        rest = RestClient(user)
        for field in ('ims_register_entry_list', 'ims_decision_list'):
            self.assertEqual({row['name'] for row in self.rows(field, rest=rest)} - {''}, {'d2'})
        self.assertEqual(self.rows('ims_asset_profile_list', '', 'object_name', rest), [{'object_name': 'd2'}])
        for field, pk in (
            ('ims_register_entry', RegisterEntry.objects.of(self.d1).get().pk),
            ('ims_asset_profile', self.profiles['d1'].pk),
            ('ims_decision', Decision.objects.filter(name='d1').first().pk),
        ):
            answers = []
            for key in (pk, 10**6):
                data, errors = rest.graphql(f'{{ {field}(id: {key}) {{ id }} }}')
                answers.append((data, [error['message'].replace(str(key), 'N') for error in errors]))
            self.assertEqual(answers[0], answers[1])

    def test_reverse_relations_give_nothing_away(self):
        """What leads from NetBox's own objects to ours is restricted too, or isn't there."""
        fields = schema._schema.type_map['ImsClassificationType'].fields
        self.assertEqual({'profiles', 'asset_profiles', 'assetprofile_set'} & set(fields), set())


class EvidenceFilterTestCase(Evidence, GraphQLMixin, TestCase):

    def test_decisions(self):
        for filters, expected in (
            ('name: {exact: "a"}', 'a'), ('user_name: {exact: "bob"}', 'b'), ('action: {exact: "assessed"}', 'a b c'),
            ('time: {gte: "2020-01-01T00:00:00+00:00"}', 'a b c'),
            (f'object_id: {{exact: {self.c.pk}}}, name: {{exact: "c"}}', 'c'),
        ):
            self.assertRows('ims_decision_list', filters, expected)
        selection = 'action old_values new_values user { username } reason'
        (row,) = self.rows('ims_decision_list', 'name: {exact: "a"}', selection)
        self.assertEqual(row, {
            'action': 'assessed', 'user': {'username': 'ada'}, 'reason': 'The audit said so',
            'new_values': {
                'classification': 'secret', 'is_information_asset': True, 'handles_sensitive_data': True,
                'processes_personal_data': True, 'asset_owner': 'Carol',
            },
            'old_values': dict.fromkeys((
                'classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
                'asset_owner',
            )),
        })

    def test_retired_cis(self):
        self.retire_all()
        for filters, expected in (
            ('name: {exact: "a"}', 'a'), ('classification: {exact: "secret"}', 'a'), ('user_name: {exact: "bob"}', 'b'),
            ('time: {lt: "2020-01-01T00:00:00+00:00"}', ''),
        ):
            self.assertRows('ims_retired_ci_list', filters, expected)
        selection = 'site_name classification asset_owner assessment'
        (row,) = self.rows('ims_retired_ci_list', 'name: {exact: "a"}', selection)
        self.assertEqual((row['site_name'], row['classification'], row['asset_owner']), ('berlin', 'secret', 'Carol'))
        self.assertEqual(row['assessment']['classification'], 'secret')
        self.assertFalse(AssetProfile.objects.exists())
