"""REST and GraphQL of the register's models, by NetBox's own generic tests; what is particular follows below them."""
from datetime import date

from django.test import TestCase

from users.models import User

from netbox_ims.choices import InformationAssetStatusChoices
from netbox_ims.models import AssetProfile, Classification, Decision, InformationAsset, RegisterEntry, RetiredCI
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import CIVisibleMixin, IMSAPIViewTestCases, RestClient

from .test_views import EvidenceOfCIs


class ClassificationAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = Classification
    brief_fields = ['color', 'description', 'display', 'id', 'level', 'name', 'slug', 'url']
    bulk_update_data = {'description': 'Changed together', 'review_interval_days': 12}
    bulk_update_invalid_data = {'level': -1}

    @classmethod
    def setUpTestData(cls):
        for level in (10, 20, 30):
            make.make_classification(
                level=level, description=f'Level {level}', requires_security_review=level == 30, handling='As you like',
                review_interval_days=level,
            )
        cls.create_data = [
            {
                'name': 'Four',
                'slug': 'four',
                'level': 40,
                'color': 'ff0000',
                'handling': '*Here*',
                'review_interval_days': 7,
            },
            {
                'name': 'Five',
                'slug': 'five',
                'level': 50,
                'requires_security_review': True,
                'review_interval_days': None,
            },
            {'name': 'Six', 'slug': 'six', 'level': 0, 'description': 'The least'},
        ]


class InformationAssetAPITestCase(IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = InformationAsset
    brief_fields = ['description', 'display', 'id', 'name', 'slug', 'url']
    bulk_update_data = {'status': InformationAssetStatusChoices.STATUS_RETIRED}
    bulk_update_invalid_data = {'status': 'nonsense'}

    @classmethod
    def setUpTestData(cls):
        custodian = make.make_contact()
        for n in range(3):
            make.make_information_asset(custodian=custodian, description=f'Number {n}')
        cls.create_data = [
            {'name': 'Four', 'slug': 'four', 'status': 'planned', 'custodian': custodian.pk},
            {'name': 'Five', 'slug': 'five', 'custodian': None},
            {'name': 'Six', 'slug': 'six', 'description': 'The sixth'},
        ]


class AssetProfileAPITestCase(CIVisibleMixin, IMSAPIViewTestCases.WritableAPIViewTestCase):
    model = AssetProfile
    brief_fields = ['classification', 'description', 'display', 'id', 'object', 'object_id', 'object_type', 'url']
    bulk_update_data = {'rto_minutes': 15, 'processes_personal_data': None, 'data_categories': 'payroll'}
    bulk_update_invalid_data = {'rto_minutes': -1}

    @classmethod
    def setUpTestData(cls):
        classification = make.make_classification('Secret', level=30)
        owner = make.make_contact()
        site = make.make_site()
        for ci in (make.make_device(site=site), make.make_vm(site=site), make.make_rack(site=site)):
            make.make_profile(
                ci, classification=classification, asset_owner=owner, rto_minutes=60, rpo_minutes=0, confidentiality=1,
                review_due=date(2030, 1, 1), description='A profile', processes_personal_data=True,
            )
        device, vm, cluster = make.make_device(site=site), make.make_vm(site=site), make.make_cluster()
        cls.create_data = [
            {
                'object_type': 'dcim.device', 'object_id': device.pk, 'classification': classification.pk,
                'confidentiality': 4, 'integrity': 1, 'availability': None, 'is_information_asset': None,
                'handles_sensitive_data': True, 'processes_personal_data': False, 'data_categories': 'contracts',
                'rto_minutes': 0, 'rpo_minutes': None, 'asset_owner': owner.pk, 'last_reviewed': '2024-02-29',
                'review_due': '2031-01-01', 'classification_override': True, 'override_justification': 'Agreed',
            },
            {'object_type': 'virtualization.virtualmachine', 'object_id': vm.pk, 'rto_minutes': 2_147_483_647},
            {'object_type': 'virtualization.cluster', 'object_id': cluster.pk},
        ]
        cls.update_data = {
            'rto_minutes': 5,
            'classification': None,
            'asset_owner': None,
            'handles_sensitive_data': False,
        }


class RegisterEntryAPITestCase(EvidenceOfCIs, IMSAPIViewTestCases.ReadOnlyAPIViewTestCase):
    model = RegisterEntry
    brief_fields = ['classification', 'display', 'id', 'name', 'object_id', 'object_type', 'url']


class DecisionAPITestCase(EvidenceOfCIs, IMSAPIViewTestCases.ReadOnlyAPIViewTestCase):
    model = Decision
    brief_fields = ['action', 'display', 'id', 'name', 'time', 'url']


class RetiredCIAPITestCase(EvidenceOfCIs, IMSAPIViewTestCases.ReadOnlyAPIViewTestCase):
    model = RetiredCI
    brief_fields = ['display', 'id', 'name', 'time', 'url']


class ContractTestCase(TestCase):
    """What the wire contract says of each endpoint, field by field, on one CI that has everything."""
    maxDiff = None
    COMMON = {
        'id',
        'url',
        'display',
        'tags',
        'custom_fields',
        'created',
        'last_updated',
        'owner',
        'description',
        'comments',
    }

    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_superuser('root')
        cls.site, cls.tenant, cls.role = make.make_site('Berlin'), make.make_tenant('Sales'), make.make_role('Database')
        cls.secret = make.make_classification('Secret', level=30, slug='secret', review_interval_days=10)
        cls.owner = make.make_contact('Ada')
        cls.device = make.make_device('db1', site=cls.site, tenant=cls.tenant, role=cls.role)
        cls.profile = make.make_profile(
            cls.device, classification=cls.secret, asset_owner=cls.owner, rto_minutes=0, processes_personal_data=False,
            last_reviewed=date(2024, 2, 29),
        )
        settle()

    def setUp(self):
        self.rest = RestClient(self.user)

    def first(self, path, **parameters):
        status, data = self.rest.get(path, **parameters)
        self.assertEqual((status, data['count']), (200, 1), data)
        return data['results'][0]

    def test_fields(self):
        gone = make.make_rack('rack gone', site=self.site)
        make.make_profile(gone, rto_minutes=5)
        gone.delete()
        make.make_information_asset('Records')
        for path, parameters, fields in (
            ('classifications/', {}, {
                *self.COMMON, 'name', 'slug', 'level', 'color', 'handling', 'review_interval_days',
                'requires_security_review', 'profile_count',
            }),
            ('asset-profiles/', {}, {
                *self.COMMON, 'object_type', 'object_id', 'object', 'classification', 'confidentiality', 'integrity',
                'availability', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
                'data_categories', 'rto_minutes', 'rpo_minutes', 'asset_owner', 'last_reviewed', 'review_due',
                'classification_override', 'override_justification',
            }),
            ('information-assets/', {}, {*self.COMMON, 'name', 'slug', 'status', 'custodian'}),
            ('register/', {'device_id': self.device.pk}, {
                'id', 'url', 'display', 'object_type', 'object_id', 'object', 'name', 'site', 'tenant', 'role',
                'status',
                'profile', 'classification', 'is_information_asset', 'handles_sensitive_data',
                'processes_personal_data',
                'rto_minutes', 'rpo_minutes', 'asset_owner', 'review_due', 'effective_classification',
                'effective_classification_source', 'effective_complete', 'effective_handles_sensitive_data',
                'effective_processes_personal_data', 'required_rto_minutes', 'required_rto_source',
                'required_rpo_minutes', 'required_rpo_source', 'effective_rto_minutes', 'effective_rpo_minutes',
                'under_classified', 'alignment', 'as_of',
            }),
            ('decisions/', {'device_id': self.device.pk}, {
                'id', 'url', 'display', 'object_type', 'object_id', 'name', 'action', 'old_values', 'new_values',
                'user',
                'time', 'reason', 'basis',
            }),
            ('retired-cis/', {}, {
                'id', 'url', 'display', 'object_type', 'object_id', 'name', 'site', 'classification',
                'is_information_asset', 'handles_sensitive_data', 'processes_personal_data', 'asset_owner', 'controls',
                'risks', 'user', 'time',
            }),
        ):
            with self.subTest(path=path):
                self.assertEqual(fields - self.first(path, **parameters).keys(), set())

    def test_a_ci_is_written_by_type_and_id_and_read_nested(self):
        ci = {
            'id': self.device.pk, 'url': f'http://testserver/api/dcim/devices/{self.device.pk}/', 'display': 'db1',
            'name': 'db1',
        }
        for path in ('register/', 'asset-profiles/'):
            row = self.first(path, device_id=self.device.pk)
            self.assertEqual((row['object_type'], row['object_id'], row['object']), ('dcim.device', self.device.pk, ci))

    def test_a_register_row(self):
        row = self.first('register/', device_id=self.device.pk)
        self.assertEqual(
            {key: row[key]['slug'] for key in ('site', 'tenant', 'role', 'classification', 'effective_classification')},
            {
                'site': 'berlin',
                'tenant': 'sales',
                'role': 'database',
                'classification': 'secret',
                'effective_classification': 'secret',
            },
        )
        self.assertEqual(row['asset_owner']['name'], 'Ada')
        self.assertEqual(row['profile']['id'], self.profile.pk)
        self.assertEqual(self.rest.get(row['profile']['url'])[0], 200)
        self.assertEqual(row['alignment'], {'value': 'undetermined', 'label': 'Undetermined'})
        self.assertEqual(
            {key: row[key] for key in (
                'name', 'status', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data',
                'rto_minutes', 'rpo_minutes', 'review_due', 'effective_classification_source',
            )},
            {
                'name': 'db1', 'status': 'active', 'is_information_asset': None, 'handles_sensitive_data': None,
                'processes_personal_data': False, 'rto_minutes': 0, 'rpo_minutes': None, 'review_due': '2024-03-10',
                'effective_classification_source': {'object_type': 'dcim.device', 'object_id': self.device.pk,
                'name': 'db1'},
            },
        )

    def test_an_unprofiled_ci_is_a_row(self):
        rack = make.make_rack('r1', site=self.site)
        row = self.first('register/', rack_id=rack.pk)
        self.assertEqual(
            {
                key: row[key]
                for key in (
                    'profile',
                    'classification',
                    'effective_classification',
                    'effective_classification_source',
                    'rto_minutes',
                )
            },
            dict.fromkeys(
                (
                    'profile',
                    'classification',
                    'effective_classification',
                    'effective_classification_source',
                    'rto_minutes',
                )
            ),
        )

    def test_a_decision(self):
        row = self.first('decisions/', device_id=self.device.pk)
        self.assertEqual(row['action'], {'value': 'assessed', 'label': 'Assessed'})
        self.assertEqual(row['new_values'], {
            'classification': 'secret', 'asset_owner': 'Ada', 'rto_minutes': 0, 'processes_personal_data': False,
            'last_reviewed': '2024-02-29', 'review_due': '2024-03-10',
        })
        self.assertEqual(row['old_values'], dict.fromkeys(row['new_values']))

    def test_a_save_through_rest_records_who_and_why(self):
        status, data = self.rest.patch(
            f'asset-profiles/{self.profile.pk}/', {'rto_minutes': 30, 'changelog_message': 'After the test'}
        )
        self.assertEqual(status, 200, data)
        decision = Decision.objects.latest('pk')
        self.assertEqual(
            (decision.user, decision.user_name, decision.reason, decision.old_values, decision.new_values),
            (self.user, 'root', 'After the test', {'rto_minutes': 0}, {'rto_minutes': 30}),
        )

    def test_related_objects_by_id_or_attributes(self):
        url = f'asset-profiles/{self.profile.pk}/'
        other = make.make_classification('Open', level=1, slug='open')
        for value, expected in (
            (other.pk, other), ({'slug': 'secret'}, self.secret), ({'name': 'Open'}, other), (None, None),
        ):
            with self.subTest(value=value):
                status, data = self.rest.patch(url, {'classification': value})
                self.assertEqual(status, 200, data)
                self.assertEqual(AssetProfile.objects.get().classification, expected)

    def test_next_review_is_proposed_and_answered(self):
        rack = make.make_rack(site=self.site)
        status, data = self.rest.post('asset-profiles/', {
            'object_type': 'dcim.rack', 'object_id': rack.pk, 'classification': {'slug': 'secret'},
            'last_reviewed': '2024-01-01',
        })
        self.assertEqual((status, data['review_due']), (201, '2024-01-11'))

    def test_an_information_asset_is_one(self):
        asset = make.make_information_asset()
        status, data = self.rest.post(
            'asset-profiles/', {'object_type': 'netbox_ims.informationasset', 'object_id': asset.pk}
        )
        self.assertEqual((status, data['is_information_asset']), (201, True))

    def test_profile_count(self):
        row = self.first('classifications/')
        self.assertEqual(row['profile_count'], 1)

    def test_fields_ordering_and_pages(self):
        make.make_rack('aa', site=self.site)
        status, data = self.rest.get('register/', fields='name', ordering='-name', limit=2, offset=1)
        self.assertEqual((status, data['count'], data['results']), (200, 3, [{'name': 'Berlin'}, {'name': 'aa'}]))

    def test_root_and_schema_name_every_endpoint(self):
        status, data = self.rest.get('')
        self.assertEqual(status, 200)
        self.assertEqual(set(data), {
            'classifications', 'information-assets', 'asset-profiles', 'register', 'decisions', 'retired-cis',
            'business-functions', 'it-services', 'dependencies',
            'classification-rules',
            'standards', 'clauses', 'control-catalogs', 'controls', 'scopes', 'statements', 'soa-entries',
            'control-assignments',
            'risk-matrices', 'risks', 'risk-assignments', 'risk-treatments', 'risk-acceptances',
            'impact-analyses', 'continuity-plans', 'continuity-tests', 'continuity-test-subjects', 'alignment',
            'baselines',
        })

    def test_options_describe_the_choices(self):
        status, data = self.rest.request('options', 'information-assets/')
        self.assertEqual(status, 200)
        self.assertEqual(
            [choice['value'] for choice in data['actions']['POST']['status']['choices']],
            ['planned', 'active', 'retired'],
        )

    def test_export_templates_reach_the_register(self):
        from core.models import ObjectType
        from extras.models import ExportTemplate

        template = ExportTemplate.objects.create(
            name='names', template_code='{% for e in queryset %}{{ e.name }};{% endfor %}'
        )
        template.object_types.set([ObjectType.objects.get_for_model(RegisterEntry)])
        response = self.rest.client.get('/api/plugins/ims/register/', {'export': 'names'}, **self.rest.header)
        self.assertEqual((response.status_code, response.content), (200, b'Berlin;db1;'))


class RestoreAPITestCase(EvidenceOfCIs, TestCase):
    """POST retired-cis/{id}/restore/: a rebuilt CI takes over what was known."""

    def setUp(self):
        self.retired = RetiredCI.objects.get(name='gone 0')
        self.url = f'retired-cis/{self.retired.pk}/restore/'
        self.rebuilt = make.make_device('rebuilt', site=self.site)

    def test_permissions(self):
        everything = ('netbox_ims.view_retiredci', 'netbox_ims.add_assetprofile', 'dcim.view_device')
        for left_out, expected in (
            ('netbox_ims.view_retiredci', 404),
            ('netbox_ims.add_assetprofile', 403),
            ('dcim.view_device', 404),
            (None, 201),
        ):
            with self.subTest(without=left_out):
                rest = RestClient(make.make_user(*(name for name in everything if name != left_out)))
                self.assertEqual(rest.post(self.url, {'object_id': self.rebuilt.pk})[0], expected)
        self.assertEqual(
            AssetProfile.objects.get(object_id=self.rebuilt.pk, object_type__model='device').classification, self.secret
        )
        self.assertIn(RestClient().post(self.url, {'object_id': self.rebuilt.pk})[0], (401, 403))

    def test_constraints_on_the_new_profile(self):
        user = make.make_user('netbox_ims.view_retiredci', 'dcim.view_device')
        make.grant(user, 'netbox_ims.add_assetprofile', constraints={'classification__level__lt': 30})
        self.assertEqual(RestClient(user).post(self.url, {'object_id': self.rebuilt.pk})[0], 403)
        self.assertFalse(AssetProfile.objects.filter(object_id=self.rebuilt.pk, object_type__model='device').exists())

    def test_refusals_name_the_field(self):
        rest = RestClient(User.objects.create_superuser('root'))
        before = AssetProfile.objects.count()
        for value in (None, 'x', -1, 0, 10**30, [1], {}, True, self.devices[0].pk, self.rebuilt.pk + 10**6):
            with self.subTest(value=value):
                status, data = rest.post(self.url, {'object_id': value})
                self.assertEqual((status, set(data)), (400, {'object_id'}))
        for body in ([], 'text', 5, None, {}):
            with self.subTest(body=body):
                self.assertEqual(rest.post(self.url, body)[0], 400)
        self.assertEqual(AssetProfile.objects.count(), before)

    def test_what_is_no_key_leads_nowhere(self):
        rest = RestClient(User.objects.create_superuser('root'))
        for key in ('abc', '1.5', '9' * 30):
            self.assertEqual(rest.post(f'retired-cis/{key}/restore/', {'object_id': self.rebuilt.pk})[0], 404)

    def test_no_other_method(self):
        rest = RestClient(User.objects.create_superuser('root'))
        for method in ('get', 'put', 'patch', 'delete'):
            self.assertEqual(rest.request(method, self.url)[0], 405)
