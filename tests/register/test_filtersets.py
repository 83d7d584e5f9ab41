"""Every filter of the register's models: which rows it keeps, and that nonsense never keeps them all."""
from datetime import date, timedelta

from django.db import transaction
from django.http import QueryDict
from django.test import RequestFactory, SimpleTestCase, TestCase
from django.utils import timezone

from extras.models import SavedFilter, Tag
from tenancy.models import ContactAssignment, ContactGroup, ContactRole
from users.models import Owner, OwnerGroup, User

from netbox_ims import filtersets
from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import (
    AssetProfile,
    BusinessFunction,
    Classification,
    Decision,
    Dependency,
    InformationAsset,
    ITService,
    RegisterEntry,
    RetiredCI,
)
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import ChangeLoggedFilterSetTests, FilterSetTests, RestClient, as_user, count_rows


def query(parameters):
    """Parameters as a request brings them: {'name': ['a', 'b'], 'q': 'x'} or 'name=a&name=b&q=x'."""
    if isinstance(parameters, str):
        return QueryDict(parameters)
    data = QueryDict(mutable=True)
    for name, value in parameters.items():
        data.setlist(name, [str(v) for v in (value if isinstance(value, (list, tuple)) else [value])])
    return data


class FiltersMixin:
    """`assertFilters('site=berlin', 'a b')`: exactly the rows labelled a and b."""
    filterset = None
    queryset = None

    def label(self, row):
        return row.name

    def assertFilters(self, parameters, expected):
        with self.subTest(parameters=parameters):
            filterset = self.filterset(query(parameters), self.queryset)
            self.assertTrue(filterset.form.is_valid(), filterset.form.errors)
            found = sorted(self.label(row) for row in filterset.qs)
            self.assertEqual(' '.join(found), ' '.join(sorted(expected.split())))


class ClassificationFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = Classification.objects.all()
    filterset = filtersets.ClassificationFilterSet
    ignore_fields = ('handling',)
    filter_name_map = {'control': 'required_control'}

    @classmethod
    def setUpTestData(cls):
        group = OwnerGroup.objects.create(name='Owners')
        owner = Owner.objects.create(name='Security', group=group)
        a = make.make_classification('a', level=10, color='ff0000', description='For all', handling='secretly')
        make.make_classification('b', level=20, color='00ff00', review_interval_days=365, owner=owner)
        make.make_classification('c', level=30, color='00ff00', requires_security_review=True, review_interval_days=30)
        a.tags.add(Tag.objects.create(name='x', slug='x'))
        cls.owner, cls.group, cls.pk_of_a = owner, group, a.pk

    def test_filters(self):
        for parameters, expected in (
            ('q=FOR', 'a'), ('q=b', 'b'), ('q=%20', 'a b c'), ('q=nothing', ''),
            ('name=a&name=b', 'a b'), ('name__n=a', 'b c'), ('slug=c', 'c'), ('level=10&level=30', 'a c'),
            ('level__gte=20', 'b c'), ('level__lte=20', 'a b'), ('level__gt=30', ''), ('color=00ff00', 'b c'),
            ('review_interval_days=365', 'b'), ('review_interval_days__empty=true', 'a'),
            ('requires_security_review=true', 'c'), ('requires_security_review=false', 'a b'),
            ('description=For all', 'a'), ('description__ic=all', 'a'), ('tag=x', 'a'), ('tag__n=x', 'b c'),
            ('owner=Security', 'b'), (f'owner_id={self.owner.pk}', 'b'), (f'owner_group_id={self.group.pk}', 'b'),
            (f'id={self.pk_of_a}', 'a'),
        ):
            self.assertFilters(parameters, expected)


class InformationAssetFilterSetTestCase(ChangeLoggedFilterSetTests, FiltersMixin, TestCase):
    queryset = InformationAsset.objects.all()
    filterset = filtersets.InformationAssetFilterSet

    @classmethod
    def setUpTestData(cls):
        cls.ada, cls.bob = make.make_contact('Ada'), make.make_contact('Bob')
        a = make.make_information_asset('a', status='active', custodian=cls.ada, description='Customers')
        make.make_information_asset('b', status='planned', custodian=cls.bob, comments='of customers')
        make.make_information_asset('c', status='retired')
        cls.role = ContactRole.objects.create(name='Editor', slug='editor')
        cls.group = ContactGroup.objects.create(name='People', slug='people')
        cls.bob.groups.add(cls.group)
        ContactAssignment.objects.create(object=a, contact=cls.bob, role=cls.role)

    def test_filters(self):
        for parameters, expected in (
            ('q=customers', 'a b'), ('q=c', 'a b c'), ('q=', 'a b c'), ('name=a', 'a'), ('slug=b&slug=c', 'b c'),
            ('status=active&status=retired', 'a c'), ('status__n=active', 'b c'), ('description__ic=CUST', 'a'),
            (f'custodian_id={self.ada.pk}', 'a'), ('custodian=Ada&custodian=Bob', 'a b'), ('custodian=null', 'c'),
            ('custodian__n=Ada', 'b c'), (f'contact={self.bob.pk}', 'a'), (f'contact_role={self.role.pk}', 'a'),
            (f'contact_group={self.group.pk}', 'a'),
        ):
            self.assertFilters(parameters, expected)


class Estate:
    """
    A CI of every registered type. By name: d1 says everything, d2 answers "no" throughout, d3 is profiled and says
    nothing, d4 has no name and no profile; vm1 is overridden; the rest are as small as can be.
    """

    @classmethod
    def setUpTestData(cls):
        today = timezone.localdate()
        cls.berlin, cls.paris = make.make_site('berlin'), make.make_site('paris')
        cls.sales, cls.hr = make.make_tenant('sales'), make.make_tenant('hr')
        cls.servers, cls.web = make.make_role('servers'), make.make_role('web')
        cls.db = make.make_role('db', parent=cls.servers)
        cls.open = make.make_classification('open', level=10)
        cls.secret = make.make_classification('secret', level=30)
        cls.ada, cls.bob = make.make_contact('Ada'), make.make_contact('Bob')
        cls.d1 = make.make_device('d1', cls.berlin, cls.db, tenant=cls.sales)
        cls.d2 = make.make_device('d2', cls.paris, cls.web, status='planned')
        cls.d3 = make.make_device('d3', cls.berlin, cls.web, tenant=cls.hr)
        cls.d4 = make.make_device(None, cls.paris, cls.db)
        cls.vm1 = make.make_vm('vm1', cls.berlin, role=cls.db)
        cls.rack = make.make_rack('rack1', cls.paris)
        cls.cluster = make.make_cluster('cluster1', cls.paris)
        cls.service = make.make_service('service1', cls.d2)
        cls.circuit = make.make_circuit('circuit1', site=cls.berlin)
        cls.asset = make.make_information_asset('asset1')
        cls.profiles = {
            'd1': make.make_profile(
                cls.d1, classification=cls.secret, confidentiality=4, integrity=3, availability=2,
                is_information_asset=True, handles_sensitive_data=True, processes_personal_data=True,
                data_categories='payroll', rto_minutes=0, rpo_minutes=15, asset_owner=cls.ada,
                last_reviewed=date(2024, 2, 29), review_due=today - timedelta(days=1), description='The first',
            ),
            'd2': make.make_profile(
                cls.d2, classification=cls.open, confidentiality=1, integrity=1, availability=1,
                is_information_asset=False, handles_sensitive_data=False, processes_personal_data=False,
                rto_minutes=240, rpo_minutes=1440, asset_owner=cls.bob, review_due=today, comments='About payroll',
            ),
            'd3': make.make_profile(cls.d3),
            'vm1': make.make_profile(
                cls.vm1, classification=cls.secret, processes_personal_data=True, rto_minutes=60,
                classification_override=True, override_justification='Only a copy',
                review_due=today + timedelta(days=1),
            ),
            'asset1': make.make_profile(cls.asset),
        }
        # What is derived is written down instead, so that this is about filters alone; nothing is left to work out.
        settle()
        RegisterEntry.objects.update(
            effective_classification=None, effective_complete=False, effective_handles_sensitive_data=None,
            effective_processes_personal_data=None, required_rto_minutes=None, required_rpo_minutes=None,
            effective_rto_minutes=None, effective_rpo_minutes=None, under_classified=None, alignment='undetermined',
        )
        for ci, values in (
            (cls.d1, {
                'effective_classification': cls.secret, 'effective_complete': True, 'under_classified': False,
                'effective_handles_sensitive_data': True, 'effective_processes_personal_data': True,
                'alignment': 'aligned',
                'required_rto_minutes': 30, 'required_rpo_minutes': 60, 'effective_rto_minutes': 0,
                'effective_rpo_minutes': 15,
            }),
            (cls.d2, {
                'effective_classification': cls.secret, 'under_classified': True, 'alignment': 'breached',
                'effective_handles_sensitive_data': False, 'effective_processes_personal_data': False,
                'required_rto_minutes': 120, 'effective_rto_minutes': 120, 'effective_rpo_minutes': 1440,
            }),
            (cls.vm1, {'effective_classification': cls.open, 'effective_rto_minutes': 60}),
        ):
            RegisterEntry.objects.of(ci).update(**values)


UNPROFILED = 'NONAME rack1 cluster1 service1 circuit1 berlin paris'

# What register/ and asset-profiles/ can both be asked, the profiled CIs that answer, and the others that do.
SHARED = (
    ('classification=secret', 'd1 vm1', ''),
    ('classification=secret&classification=open', 'd1 d2 vm1', ''),
    ('classification=null', 'd3 asset1', UNPROFILED),
    ('classification=null&classification=open', 'd2 d3 asset1', UNPROFILED),
    ('classification__n=secret', 'd2 d3 asset1', UNPROFILED),
    ('classification__n=null', 'd1 d2 vm1', ''),
    ('classification_id=null', 'd3 asset1', UNPROFILED),
    ('classification_level=10', 'd2', ''),
    ('classification_level__gte=30', 'd1 vm1', ''),
    ('classification_level__gte=31', '', ''),
    ('classification_level__lte=10', 'd2', ''),
    ('classification_level__lt=30&classification_level__gt=9', 'd2', ''),
    ('effective_classification=secret', 'd1 d2', ''),
    ('effective_classification=null', 'd3 asset1', UNPROFILED),
    ('effective_classification__n=secret', 'd3 vm1 asset1', UNPROFILED),
    ('under_classified=true', 'd2', ''),
    ('under_classified=false', 'd1', ''),
    ('under_classified=null', 'd3 vm1 asset1', UNPROFILED),
    ('alignment=aligned', 'd1', ''),
    ('alignment=breached&alignment=aligned', 'd1 d2', ''),
    ('alignment__n=undetermined', 'd1 d2', ''),
    ('is_information_asset=true', 'd1 asset1', ''),
    ('is_information_asset=false', 'd2', ''),
    ('is_information_asset=null', 'd3 vm1', UNPROFILED),
    ('is_information_asset__n=true', 'd2 d3 vm1', UNPROFILED),
    ('handles_sensitive_data=true', 'd1', ''),
    ('handles_sensitive_data=false&handles_sensitive_data=true', 'd1 d2', ''),
    ('handles_sensitive_data__n=false', 'd1 d3 vm1 asset1', UNPROFILED),
    ('processes_personal_data=true', 'd1 vm1', ''),
    ('processes_personal_data=false', 'd2', ''),
    ('processes_personal_data=null', 'd3 asset1', UNPROFILED),
    ('processes_personal_data__n=null', 'd1 d2 vm1', ''),
    ('processes_personal_data=null&processes_personal_data=false', 'd2 d3 asset1', UNPROFILED),
    ('flags_unknown=true', 'd3 vm1 asset1', UNPROFILED),
    ('flags_unknown=false', 'd1 d2', ''),
    ('rto_minutes=0', 'd1', ''),
    ('rto_minutes__lte=60', 'd1 vm1', ''),
    ('rto_minutes__gte=240', 'd2', ''),
    ('rto_minutes__empty=true', 'd3 asset1', UNPROFILED),
    ('rpo_minutes=15&rpo_minutes=1440', 'd1 d2', ''),
    ('rpo_minutes__lt=1440', 'd1', ''),
    ('effective_rto_minutes__lte=60', 'd1 vm1', ''),
    ('effective_rto_minutes=0', 'd1', ''),
    ('asset_owner=Ada', 'd1', ''),
    ('asset_owner=null', 'd3 vm1 asset1', UNPROFILED),
    ('asset_owner__n=null', 'd1 d2', ''),
    ('asset_owner__n=Ada', 'd2 d3 vm1 asset1', UNPROFILED),
    ('asset_owner_id=null', 'd3 vm1 asset1', UNPROFILED),
    ('review_overdue=true', 'd1', ''),
    ('review_overdue=false', 'd2 vm1', ''),
    ('review_due__empty=true', 'd3 asset1', UNPROFILED),
    ('review_due__gte=2000-01-01', 'd1 d2 vm1', ''),
    ('site=berlin', 'd1 d3 vm1', 'circuit1 berlin'),
    ('site=paris', 'd2', 'NONAME rack1 cluster1 service1 paris'),
    ('site=null', 'asset1', ''),
    ('site__n=paris', 'd1 d3 vm1 asset1', 'circuit1 berlin'),
    ('tenant=sales', 'd1', ''),
    ('tenant=sales&tenant=hr', 'd1 d3', ''),
    ('tenant=null', 'd2 vm1 asset1', UNPROFILED),
    ('role=db', 'd1 vm1', 'NONAME'),
    ('role=servers', 'd1 vm1', 'NONAME'),              # and the roles below it, as on NetBox's own lists
    ('role__n=servers', 'd2 d3 asset1', 'rack1 cluster1 service1 circuit1 berlin paris'),
    ('role=null', 'asset1', 'rack1 cluster1 service1 circuit1 berlin paris'),
    ('status=planned', 'd2', ''),
    ('status=active&role=web', 'd3', ''),
    ('status__n=active', 'd2', 'service1'),
    ('status=null', '', 'service1'),
    ('name=d1&name=vm1', 'd1 vm1', ''),
    ('name__ic=D', 'd1 d2 d3', ''),
    ('name__isw=rack', '', 'rack1'),
    ('q=D', 'd1 d2 d3', ''),
    ('object_type=dcim.device', 'd1 d2 d3', 'NONAME'),
    ('object_type=dcim.device&object_type=dcim.rack', 'd1 d2 d3', 'NONAME rack1'),
    ('object_type__n=dcim.device', 'vm1 asset1', 'rack1 cluster1 service1 circuit1 berlin paris'),
    ('object_type__n=dcim.device&object_type__n=dcim.rack', 'vm1 asset1', 'cluster1 service1 circuit1 berlin paris'),
    ('object_type=netbox_ims.informationasset', 'asset1', ''),
    ('object_type=dcim.interface', '', ''),
    ('classification=secret&site=berlin&object_type=dcim.device', 'd1', ''),
    ('', 'd1 d2 d3 vm1 asset1', UNPROFILED),
)


class CIFiltersMixin(FiltersMixin):
    with_unprofiled = False

    def assertShared(self, parameters, profiled, others=''):
        self.assertFilters(parameters, f'{profiled} {others}' if self.with_unprofiled else profiled)

    def test_shared_filters(self):
        for parameters, profiled, others in SHARED:
            self.assertShared(parameters, profiled, others)

    def test_by_primary_key(self):
        rest = UNPROFILED
        for parameters, profiled, others in (
            (f'classification_id={self.secret.pk}', 'd1 vm1', ''),
            (f'classification_id__n={self.secret.pk}', 'd2 d3 asset1', rest),
            (f'effective_classification_id={self.secret.pk}', 'd1 d2', ''),
            (f'asset_owner_id={self.ada.pk}&asset_owner_id={self.bob.pk}', 'd1 d2', ''),
            (f'site_id={self.berlin.pk}', 'd1 d3 vm1', 'circuit1 berlin'),
            ('site_id=null', 'asset1', ''),
            (f'tenant_id={self.sales.pk}', 'd1', ''),
            (f'role_id={self.db.pk}', 'd1 vm1', 'NONAME'),
            (f'role_id={self.servers.pk}&role_id={self.web.pk}', 'd1 d2 d3 vm1', 'NONAME'),
            (f'object_type=dcim.device&object_id={self.d1.pk}', 'd1', ''),
            (f'object_type=dcim.device&object_id={self.d1.pk}&object_id={self.d2.pk}', 'd1 d2', ''),
            (f'object_type=dcim.device&object_id__n={self.d1.pk}', 'd2 d3', 'NONAME'),
            (f'device_id={self.d1.pk}', 'd1', ''),
            (f'device_id={self.d1.pk}&device_id={self.d4.pk}', 'd1', 'NONAME'),
            (f'device_id__n={self.d1.pk}', 'd2 d3 vm1 asset1', rest),
            (f'virtual_machine_id={self.vm1.pk}', 'vm1', ''),
            (f'service_id={self.service.pk}', '', 'service1'),
            (f'circuit_id={self.circuit.pk}', '', 'circuit1'),
            (f'rack_id={self.rack.pk}', '', 'rack1'),
            (f'cluster_id={self.cluster.pk}', '', 'cluster1'),
            (f'information_asset_id={self.asset.pk}', 'asset1', ''),
            (f'device_id={self.d1.pk}&virtual_machine_id={self.vm1.pk}', '', ''),
            (f'object_id={10**30}', '', ''),
            (f'device_id={10**30}', '', ''),
        ):
            self.assertShared(parameters, profiled, others)

    def test_saved_filters(self):
        user = User.objects.create_user('u')
        saved = SavedFilter.objects.create(
            name='Secret', slug='secret', user=user, parameters={'classification': ['secret']}, shared=True
        )
        request = RequestFactory().get('/')
        request.user = user
        for parameters in (f'filter_id={saved.pk}', 'filter=secret'):
            filterset = self.filterset(query(parameters), self.queryset, request=request)
            self.assertEqual(sorted(self.label(row) for row in filterset.qs), ['d1', 'vm1'])

    def test_every_registered_type_has_its_filter(self):
        names = self.filterset.get_filters()
        for ci_type in get_ci_types().values():
            self.assertIn(ci_type.id_filter, names)


class RegisterEntryFilterSetTestCase(Estate, FilterSetTests, CIFiltersMixin, TestCase):
    queryset = RegisterEntry.objects.order_by('pk')
    filterset = filtersets.RegisterEntryFilterSet
    with_unprofiled = True
    filter_name_map = {'profile': 'profiled'}
    ignore_fields = (
        'profile',                                              # `profiled`; the profile itself has its own endpoint
        'control_assignments', 'scope_memberships',             # `control`, `in_scope`, `scope_id`
        'risk_assignments', 'continuity_test_subjects',         # `risk`; tests have a list of their own
        'effective_classification_source_id', 'required_rto_source_id', 'required_rpo_source_id', 'as_of',
    )

    def label(self, row):
        return row.name or 'NONAME'

    def test_register_only(self):
        rest = UNPROFILED
        self.d1.tags.add(*(Tag.objects.create(name=name, slug=name) for name in ('prod', 'edge')))
        self.rack.tags.add(Tag.objects.get(slug='prod'))
        for parameters, expected in (
            ('profiled=true', 'd1 d2 d3 vm1 asset1'), ('profiled=false', rest),
            ('tag=prod', 'd1 rack1'), ('tag=prod&tag=edge', 'd1'),
            ('tag__n=prod', f'd2 d3 vm1 asset1 {rest.replace("rack1 ", "")}'),
            ('q= ', f'd1 d2 d3 vm1 asset1 {rest}'), ('q=payroll', ''),
            ('name__empty=true', 'NONAME'),
            ('classification_override=true', 'vm1'), ('effective_complete=true', 'd1'),
            ('effective_complete=false', f'd2 d3 vm1 asset1 {rest}'),
            ('effective_classification_level__gte=30', 'd1 d2'), ('effective_classification_level=10', 'vm1'),
            ('effective_handles_sensitive_data=true', 'd1'), ('effective_processes_personal_data=false', 'd2'),
            ('effective_processes_personal_data__n=null', 'd1 d2'),
            ('required_rto_minutes__lte=30', 'd1'), ('required_rto_minutes=120', 'd2'),
            ('required_rpo_minutes=60', 'd1'),
            ('effective_rpo_minutes__gte=16', 'd2'),
            (f'id={self.queryset.get(name="d1").pk}', 'd1'),
        ):
            self.assertFilters(parameters, expected)


class AssetProfileFilterSetTestCase(Estate, ChangeLoggedFilterSetTests, CIFiltersMixin, TestCase):
    queryset = AssetProfile.objects.order_by('pk')
    filterset = filtersets.AssetProfileFilterSet
    ignore_fields = ('register_entry',)         # its columns are filters by their own names

    def label(self, row):
        return row.entry.name or 'NONAME'

    def test_profile_only(self):
        self.profiles['d3'].tags.add(Tag.objects.create(name='draft', slug='draft'))
        role = ContactRole.objects.create(name='Editor', slug='editor')
        group = ContactGroup.objects.create(name='People', slug='people')
        self.bob.groups.add(group)
        ContactAssignment.objects.create(object=self.profiles['d2'], contact=self.bob, role=role)
        for parameters, expected in (
            ('q=payroll', 'd1 d2'), ('q=FIRST', 'd1'), ('q= ', 'd1 d2 d3 vm1 asset1'), ('q=nothing', ''),
            ('confidentiality=4', 'd1'), ('confidentiality__lte=2', 'd2'), ('integrity__gte=1', 'd1 d2'),
            ('availability=1&availability=2', 'd1 d2'), ('availability__empty=true', 'd3 vm1 asset1'),
            ('data_categories=payroll', 'd1'), ('data_categories__ic=PAY', 'd1'),
            ('last_reviewed=2024-02-29', 'd1'), ('last_reviewed__empty=true', 'd2 d3 vm1 asset1'),
            ('classification_override=true', 'vm1'), ('classification_override=false', 'd1 d2 d3 asset1'),
            ('override_justification__ic=copy', 'vm1'), ('description=The first', 'd1'),
            ('tag=draft', 'd3'), ('tag__n=draft', 'd1 d2 vm1 asset1'), ('tag=draft&site=paris', ''),
            (f'contact={self.bob.pk}', 'd2'), (f'contact_role={role.pk}', 'd2'), (f'contact_group={group.pk}', 'd2'),
            (f'id={self.profiles["d1"].pk}', 'd1'),
        ):
            self.assertFilters(parameters, expected)


class Evidence:
    """Decisions about a, b and c, made by Ada, by Bob and by nobody known; retired CIs of the same names."""

    @classmethod
    def setUpTestData(cls):
        cls.berlin, cls.paris = make.make_site('berlin'), make.make_site('paris')
        cls.sales = make.make_tenant('sales')
        cls.secret, cls.open = make.make_classification('secret', level=30), make.make_classification('open', level=10)
        cls.ada, cls.bob = make.make_user(username='ada'), make.make_user(username='bob')
        with as_user(cls.ada):
            cls.a = make.make_device('a', cls.berlin, tenant=cls.sales)
            profile = AssetProfile(
                object=cls.a, classification=cls.secret, is_information_asset=True, handles_sensitive_data=True,
                processes_personal_data=True, asset_owner=make.make_contact('Carol'),
            )
            profile._changelog_message = 'The audit said so'
            profile.save()
        with as_user(cls.bob):
            cls.b = make.make_vm('b', cls.paris)
            make.make_profile(cls.b, classification=cls.open, processes_personal_data=False)
        cls.c = make.make_rack('c', cls.berlin, status='planned')
        make.make_profile(cls.c, rto_minutes=5)
        cls.ids = {ci: ci.pk for ci in (cls.a, cls.b, cls.c)}

    @classmethod
    def retire_all(cls):
        for user, ci in ((cls.ada, cls.a), (cls.bob, cls.b), (None, cls.c)):
            ci._changelog_message = f'{ci} is scrap'
            if user:
                with as_user(user):
                    ci.delete()
            else:
                ci.delete()


class DecisionFilterSetTestCase(Evidence, FilterSetTests, FiltersMixin, TestCase):
    queryset = Decision.objects.order_by('pk')
    filterset = filtersets.DecisionFilterSet
    ignore_fields = ('old_values', 'new_values', 'basis')

    def test_filters(self):
        for parameters, expected in (
            ('q=AUDIT', 'a'), ('q=bob', 'b'), ('q=c', 'c'), ('q= ', 'a b c'), ('name=a&name=b', 'a b'),
            ('action=assessed', 'a b c'), ('action=retired', ''), ('action__n=assessed', ''),
            ('user=ada', 'a'), ('user=null', 'c'), ('user__n=ada', 'b c'), (f'user_id={self.bob.pk}', 'b'),
            ('user_name=bob', 'b'), ('reason__ic=audit', 'a'), ('time__gte=2020-01-01', 'a b c'),
            ('time__lte=2020-01-01T00:00:00Z', ''),
            ('object_type=dcim.device', 'a'), (f'object_type=dcim.device&object_id={self.a.pk}', 'a'),
            (f'device_id={self.a.pk}', 'a'), (f'virtual_machine_id={self.b.pk}', 'b'), (f'rack_id={self.c.pk}', 'c'),
        ):
            self.assertFilters(parameters, expected)


class RetiredCIFilterSetTestCase(Evidence, FilterSetTests, FiltersMixin, TestCase):
    queryset = RetiredCI.objects.order_by('pk')
    filterset = filtersets.RetiredCIFilterSet
    ignore_fields = ('assessment', 'controls', 'risks', 'role')

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        ids = dict(cls.ids)
        cls.a_id, cls.b_id, cls.c_id = ids[cls.a], ids[cls.b], ids[cls.c]
        cls.retire_all()

    def test_filters(self):
        for parameters, expected in (
            ('q=SCRAP', 'a b c'), ('q=bob', 'b'), ('q=c', 'a b c'), ('q= ', 'a b c'), ('name=a&name=b', 'a b'),
            ('site=berlin', 'a c'), ('site__n=berlin', 'b'), (f'site_id={self.paris.pk}', 'b'),
            ('site_name=paris', 'b'),
            ('tenant=sales', 'a'), ('tenant=null', 'b c'), (f'tenant_id={self.sales.pk}', 'a'),
            ('tenant_name__ic=SAL', 'a'),
            ('status=planned', 'c'), ('classification=secret', 'a'), ('classification=null', 'c'),
            ('classification__n=secret', 'b c'), ('asset_owner=Carol', 'a'), ('asset_owner__empty=true', 'b c'),
            ('is_information_asset=true', 'a'), ('is_information_asset=null', 'b c'),
            ('handles_sensitive_data=true', 'a'),
            ('processes_personal_data=false', 'b'), ('processes_personal_data__n=true', 'b c'),
            ('user=ada', 'a'), (f'user_id={self.bob.pk}', 'b'), ('user_name=ada', 'a'),
            ('reason__ic=is scrap', 'a b c'), ('reason__ic=a is', 'a'),
            ('time__gte=2020-01-01', 'a b c'), ('object_type=dcim.device&object_type=dcim.rack', 'a c'),
            (f'object_type=dcim.device&object_id={self.a_id}', 'a'), (f'device_id={self.a_id}', 'a'),
            (f'virtual_machine_id={self.b_id}', 'b'), (f'rack_id={self.c_id}', 'c'),
        ):
            self.assertFilters(parameters, expected)


#
# Values that say nothing
#

FILTERSETS = {
    'classifications': (filtersets.ClassificationFilterSet, Classification),
    'information-assets': (filtersets.InformationAssetFilterSet, InformationAsset),
    'asset-profiles': (filtersets.AssetProfileFilterSet, AssetProfile),
    'register': (filtersets.RegisterEntryFilterSet, RegisterEntry),
    'decisions': (filtersets.DecisionFilterSet, Decision),
    'retired-cis': (filtersets.RetiredCIFilterSet, RetiredCI),
    'business-functions': (filtersets.BusinessFunctionFilterSet, BusinessFunction),
    'it-services': (filtersets.ITServiceFilterSet, ITService),
    'dependencies': (filtersets.DependencyFilterSet, Dependency),
}
NONSENSE = (
    'x', '-1', '1.5', '9223372036854775808', str(10**30), 'null', 'true', '2024-13-45', '99999-01-01', 'a\x00b', '(',
    '\\', '{}',
    'dcim.nope', ' ',
)


class NonsenseTestCase(Estate, TestCase):

    def run_filters(self, filterset, queryset, names):
        """All of these filters in one query, each on its own rows."""
        first, *rest = (
            filterset.filters[name].filter(queryset, filterset.form.cleaned_data[name]).order_by().values('pk')
            for name in names
        )
        with transaction.atomic():
            list(first.union(*rest, all=True))

    def test_no_filter_breaks(self):
        """Every filter, generated ones included, with every kind of nonsense: refused, or a query that runs."""
        for filterset_class, model in FILTERSETS.values():
            names = list(filterset_class.get_filters())
            for value in NONSENSE:
                filterset = filterset_class(query(dict.fromkeys(names, value)), model.objects.all())
                filterset.form.is_valid()
                accepted = list(filterset.form.cleaned_data)
                for start in range(0, len(accepted), 25):
                    some = accepted[start:start + 25]
                    try:
                        self.run_filters(filterset, model.objects.all(), some)
                    except Exception:
                        for name in some:
                            with self.subTest(model=model, filter=name, value=value):
                                self.run_filters(filterset, model.objects.all(), [name])

    INVALID = (
        'classification=nope', 'classification_id=0', 'classification_id=x', 'classification__n=nope',
        'classification_level=high',
        'classification_level__gte=x', 'classification_level__lte=1.5', 'effective_classification=nope',
        'under_classified=maybe',
        'alignment=nope', 'is_information_asset=x', 'handles_sensitive_data=1', 'processes_personal_data=True',
        'processes_personal_data__n=maybe', 'site=nope', 'site_id=x', f'site_id={10**30}', 'tenant=nope',
        'tenant_id=-1',
        'role=nope', 'role_id=x', 'asset_owner=Nobody', 'asset_owner_id=x', 'asset_owner_id=1&asset_owner_id=x',
        'rto_minutes__lte=2147483648', 'rto_minutes__gt=-2147483649',
        'rto_minutes__lte=4h', 'rto_minutes=x', 'effective_rto_minutes__lte=x', 'review_due=tomorrow', 'object_id=x',
        'device_id=x', 'device_id=1,2', 'virtual_machine_id=[1]', 'tag=nope', 'name=a%00b', 'q=a%00b',
        'object_type=nonsense', 'object_type=dcim.nope', 'object_type=7', 'object_type=dcim.device.x',
        'object_type__n=nope',
        'name__regex=(', 'name__iregex=%5B', 'review_overdue=maybe', 'flags_unknown=1', 'rto_minutes__empty=x',
    )

    def test_rest_answers_400_and_names_the_filter(self):
        rest = RestClient(User.objects.create_superuser('root'))
        for path in ('register', 'asset-profiles'):
            for parameters in self.INVALID:
                with self.subTest(path=path, parameters=parameters):
                    status, data = rest.get(f'{path}/?{parameters}')
                    self.assertEqual((status, list(data)), (400, [parameters.split('=')[0]]))

    def test_lists_exports_and_counts_show_nothing(self):
        self.client.force_login(User.objects.create_superuser('root'))
        for path in ('register', 'asset-profiles'):
            for parameters in self.INVALID:
                with self.subTest(path=path, parameters=parameters):
                    filterset_class, model = FILTERSETS[path]
                    self.assertFalse(filterset_class(query(parameters), model.objects.all()).qs.exists())
            for parameters in ('classification=nope', 'device_id=x', 'object_type=nonsense', 'name__regex=('):
                with self.subTest(path=path, parameters=parameters):
                    response = self.client.get(f'/plugins/ims/{path}/?{parameters}')
                    self.assertEqual((response.status_code, count_rows(response)), (200, 0))
            response = self.client.get(f'/plugins/ims/{path}/?classification=nope&export=table')
            self.assertEqual(len(response.content.decode().splitlines()), 1)

    def test_bulk_views_with_a_filter_that_says_nothing(self):
        """"Select all matching" of an invalid filter selects nothing."""
        self.client.force_login(User.objects.create_superuser('root'))
        before = list(AssetProfile.objects.order_by('pk').values())
        for url in (
            '/plugins/ims/asset-profiles/edit/', '/plugins/ims/asset-profiles/delete/', '/plugins/ims/register/edit/',
            '/plugins/ims/register/classify/',
        ):
            self.client.post(f'{url}?classification=nope', {
                '_all': 'on', '_apply': '1', '_confirm': '1', 'confirm': 'true', 'classification': self.open.pk,
            })
        self.assertEqual(list(AssetProfile.objects.order_by('pk').values()), before)

    def test_related_names_may_hold_anything(self):
        name = 'Ö\'s "R&D" / 100%'
        make.make_profile(self.rack, asset_owner=make.make_contact(name))
        rest = RestClient(User.objects.create_superuser('root'))
        self.assertEqual(rest.get('register/', asset_owner=name)[1]['count'], 1)


class ContractTestCase(SimpleTestCase):
    """The filters the wire contract promises of `register/` and `asset-profiles/`."""
    PROMISED = (
        'classification', 'classification__n', 'classification_id', 'classification_level__gte',
        'classification_level__lte',
        'effective_classification', 'effective_classification__n', 'under_classified', 'is_information_asset',
        'is_information_asset__n', 'handles_sensitive_data', 'handles_sensitive_data__n', 'processes_personal_data',
        'processes_personal_data__n', 'site', 'site_id', 'tenant', 'tenant_id', 'role', 'role_id', 'status',
        'asset_owner',
        'asset_owner_id', 'review_overdue', 'rto_minutes__lte', 'effective_rto_minutes__lte', 'alignment', 'q',
        'object_type',
        'object_id', 'device_id', 'rack_id', 'virtual_machine_id', 'cluster_id', 'service_id', 'circuit_id',
        'information_asset_id', 'tag',
    )

    def test_promised_filters_are_there(self):
        for path in ('register', 'asset-profiles'):
            self.assertEqual(set(self.PROMISED) - set(FILTERSETS[path][0].get_filters()), set())
