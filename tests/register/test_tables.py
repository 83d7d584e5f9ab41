"""The lists: every column can be drawn, exported and sorted by, and more rows do not cost more queries."""
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db.models import F
from django.test import RequestFactory, TestCase
from django.urls import reverse

from users.models import User
from utilities.testing import TableTestCases

from netbox_ims import tables
from netbox_ims.models import AssetProfile, Classification, RegisterEntry
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, as_user

from .test_filtersets import Estate


class EstateAndEvidence(Estate):
    """One CI of every type, and retired ones: with an assessment and a user, and without either."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with as_user(make.make_user(username='ada')):
            gone = make.make_device('gone 1', cls.berlin)
            make.make_profile(gone, classification=cls.secret, processes_personal_data=True, asset_owner=cls.ada)
            gone.delete()
        make.make_rack('gone 2', cls.paris).delete()
        make.make_information_asset(custodian=cls.ada)
        function, services = make.make_business_function(), [make.make_it_service() for _ in range(2)]
        make.make_business_function(criticality='high')
        for service in services:
            service.tenants.add(cls.sales, cls.hr)
            make.make_dependency(function, service, redundancy_group='both')
            make.make_dependency(service, cls.d4)


class Tables:
    """Not run by itself."""

    class TableTestCase(EstateAndEvidence, TableTestCases.StandardTableTestCase):
        """Also draws every column, hidden ones included, for every row: as a page and as an export."""

        def test_every_column_of_every_row(self):
            for _name, queryset in self.get_queryset_sources():
                for user in (User.objects.create_superuser('root'), make.make_user(), AnonymousUser()):
                    request = RequestFactory().get('/')
                    request.user = user
                    table = self.get_table(queryset)
                    for column in table.columns.names():
                        table.columns.show(column)
                    self.assertGreater(len(table.rows), 1)
                    self.assertNotIn('>None<', table.as_html(request))
                    header, *rows = table.as_values(exclude_columns=('pk', 'actions'))
                    self.assertEqual(len(rows), queryset.count())
                    self.assertEqual({len(row) for row in rows}, {len(header)})


class ClassificationTableTestCase(Tables.TableTestCase):
    table = tables.ClassificationTable


class InformationAssetTableTestCase(Tables.TableTestCase):
    table = tables.InformationAssetTable


class BusinessFunctionTableTestCase(Tables.TableTestCase):
    table = tables.BusinessFunctionTable


class ITServiceTableTestCase(Tables.TableTestCase):
    table = tables.ITServiceTable


class DependencyTableTestCase(Tables.TableTestCase):
    table = tables.DependencyTable


class AssetProfileTableTestCase(Tables.TableTestCase):
    table = tables.AssetProfileTable


class RegisterEntryTableTestCase(Tables.TableTestCase):
    table = tables.RegisterEntryTable


class DecisionTableTestCase(Tables.TableTestCase):
    table = tables.DecisionTable


class RetiredCITableTestCase(Tables.TableTestCase):
    table = tables.RetiredCITable


class SortingTestCase(Estate, TestCase):
    """People sort by what a column means, not by what happens to be stored."""

    def setUp(self):
        self.client.force_login(User.objects.create_superuser('root'))
        # The names say the opposite of the levels.
        Classification.objects.filter(pk=self.open.pk).update(name='Z')
        Classification.objects.filter(pk=self.secret.pk).update(name='A')
        # The register sorts by what counts, which the estate has made up; here it is the own one.
        RegisterEntry.objects.update(effective_classification=F('classification'))

    def names(self, path, sort):
        response = self.client.get(f'/plugins/ims/{path}/', {'sort': sort, 'name': ['d1', 'd2', 'd3', 'vm1']})
        rows = (row.record for row in response.context['table'].rows)
        return ' '.join(row.name if path == 'register' else row.entry.name for row in rows)

    def test_sorting(self):
        for path in ('register', 'asset-profiles'):
            for sort, expected in (
                ('rto_minutes', 'd1 vm1 d2 d3'), ('-review_due', 'd3 vm1 d2 d1'), ('name', 'd1 d2 d3 vm1'),
                ('-name', 'vm1 d3 d2 d1'),
            ):
                with self.subTest(path=path, sort=sort):
                    self.assertEqual(self.names(path, sort), expected)
            with self.subTest(path=path, sort='classification'):
                self.assertEqual(self.names(path, 'classification').split()[0], 'd2')
                self.assertEqual(self.names(path, '-classification').split()[-1], 'd2')

    def test_names_sort_naturally(self):
        for name in ('rack-10', 'rack-9', 'rack-1'):
            make.make_rack(name, site=self.berlin)
        response = self.client.get('/plugins/ims/register/', {'name__isw': 'rack-'})
        self.assertEqual([row.record.name for row in response.context['table'].rows], ['rack-1', 'rack-9', 'rack-10'])


LISTS = (
    'classifications', 'information-assets', 'asset-profiles', 'register', 'decisions', 'retired-cis',
    'business-functions', 'it-services', 'dependencies',
)
TABLES = {
    'classifications': tables.ClassificationTable, 'information-assets': tables.InformationAssetTable,
    'asset-profiles': tables.AssetProfileTable, 'register': tables.RegisterEntryTable,
    'decisions': tables.DecisionTable, 'retired-cis': tables.RetiredCITable,
    'business-functions': tables.BusinessFunctionTable, 'it-services': tables.ITServiceTable,
    'dependencies': tables.DependencyTable,
}
GRAPHQL = """{
    ims_classification_list { id name level tags { name } }
    ims_information_asset_list { id display custodian { name } owner { name } tags { name } }
    ims_asset_profile_list { id display object_name object_type { model } classification { name } asset_owner { name } }
    ims_register_entry_list {
        id display name object_type { model } site { name } tenant { name } role { name } profile { id display }
        classification { name } effective_classification { name } asset_owner { name }
    }
    ims_decision_list { id display object_type { model } user { username } new_values basis }
    ims_retired_ci_list { id display object_type { model } user { username } assessment }
    ims_business_function_list { id display criticality tags { name } }
    ims_it_service_list { id display status tenants { name } }
    ims_dependency_list {
        id display dependent_name provider_name dependent_object_type { model } provider_object_type { model }
    }
}"""


class ListQueryCountTestCase(QueryCountMixin, TestCase):
    """Five times the rows, each with a site, tenant, role, owner, tag… of its own, cost not one query more."""

    @classmethod
    def setUpTestData(cls):
        cls.root = User.objects.create_superuser('root')
        cls.classifications = [make.make_classification() for _ in range(2)]
        cls.add_rows(5)
        cls.device = make.make_device('the device', make.make_site('site-of-the-device'))
        make.make_profile(cls.device, classification=cls.classifications[0])
        # One whose constraints the register can answer, and one for which the CIs have to be asked
        cls.limited = make.make_user(*(f'netbox_ims.view_{name}' for name in (
            'classification', 'assetprofile', 'registerentry', 'decision', 'retiredci', 'informationasset',
            'businessfunction', 'itservice', 'dependency',
        )), *(f'netbox_ims.{action}_assetprofile' for action in ('add', 'change')))
        make.grant(cls.limited, 'dcim.view_device', constraints={'site__name__startswith': 'site'})
        make.grant(cls.limited, 'virtualization.view_virtualmachine', constraints={'description': ''})
        make.grant(cls.limited, 'dcim.view_rack', 'dcim.view_site')

    @classmethod
    def add_rows(cls, count):
        for _ in range(count):
            with as_user(make.make_user()):
                site, tenant, owner = make.make_site(), make.make_tenant(), make.make_contact()
                make.make_classification()
                make.make_information_asset(custodian=owner)
                for ci in (
                    make.make_device(site=site, tenant=tenant), make.make_vm(site=site, role=make.make_role()),
                    make.make_rack(site=site),
                ):
                    profile = make.make_profile(ci, classification=cls.classifications[0], asset_owner=owner)
                    profile.classification = cls.classifications[1]
                    profile.save()
                function, service = make.make_business_function(), make.make_it_service()
                service.tenants.add(tenant)
                make.make_dependency(function, service)
                make.make_dependency(service, make.make_vm(site=site))
                make.make_dependency(service, make.make_device(site=site))
                gone = make.make_device(site=site, tenant=tenant)
                make.make_profile(gone, asset_owner=owner, rto_minutes=5)
                gone.delete()

    def pages(self):
        for path in LISTS:
            yield f'/plugins/ims/{path}/', {'include_columns': ','.join(TABLES[path].base_columns)}
            yield f'/plugins/ims/{path}/', {'export': ''}
        for by in ('type', 'site', 'tenant'):
            yield reverse('plugins:netbox_ims:overview'), {'by': by}
        yield self.device.get_absolute_url(), {}

    def requests(self, user):
        """{what: function} of everything that shows more than one row."""
        rest = RestClient(user)
        return {
            **{f'{url} {parameters}': partial(self.client.get, url, parameters) for url, parameters in self.pages()},
            **{f'REST {path}': partial(rest.get, f'{path}/') for path in LISTS},
            'REST brief': partial(rest.get, 'register/?brief=true'),
            'GraphQL': partial(rest.graphql, GRAPHQL),
        }

    def test_numbers_of_queries_do_not_grow(self):
        users = {'superuser': self.root, 'limited user': self.limited}
        few, many, requests = {}, {}, {name: self.requests(user) for name, user in users.items()}
        settle()
        for counts in (few, many):
            for name, user in users.items():
                self.client.force_login(user)
                for what, request in requests[name].items():
                    # What the process remembers from then on is asked for the first time only.
                    counts[name, what] = self.count_queries(request, warm=counts is many)
            if counts is few:
                self.add_rows(20)
                settle()
        for (user, page), queries in few.items():
            with self.subTest(user=user, page=page):
                self.assertSameQueries(queries, many[user, page], page)

    def test_what_is_counted_are_answers(self):
        for name, user in (('superuser', self.root), ('limited user', self.limited)):
            self.client.force_login(user)
            for what, request in self.requests(user).items():
                with self.subTest(user=name, request=what):
                    answer = request()
                    if what == 'GraphQL':
                        self.assertIsNone(answer[1])
                    else:
                        self.assertEqual(answer[0] if isinstance(answer, tuple) else answer.status_code, 200)

    def test_the_panel_costs_the_same_however_much_is_known(self):
        """The panel on a CI's page: as many queries for one that was assessed thirty times as for one assessed once."""
        self.client.force_login(self.root)
        once = self.count_queries(lambda: self.client.get(self.device.get_absolute_url()))
        profile = AssetProfile.objects.get(register_entry__name='the device')
        for minutes in range(30):
            profile.rto_minutes = minutes
            profile.save()
        self.assertSameQueries(once, self.count_queries(lambda: self.client.get(self.device.get_absolute_url())))
