"""
NetBox's generic test cases, adapted once for a plugin whose tests lie beside it rather than inside.

What differs: names of routes and GraphQL fields, where a filterset and the query-count baseline are found, and that
whoever looks at things about CIs must be allowed to see those CIs.
"""
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.module_loading import import_string
from rest_framework.test import APIClient

from core.models import ObjectType
from netbox.context_managers import event_tracking
from users.constants import TOKEN_PREFIX
from users.models import ObjectPermission, Token
from utilities.testing import APITestCase as NetBoxAPITestCase
from utilities.testing import APIViewTestCases, ViewTestCases, query_counts
from utilities.testing.filtersets import BaseFilterSetTestMixin, ChangeLoggedFilterSetTestMixin
from utilities.testing.utils import disable_warnings

from netbox_ims.ci_types import get_ci_types

__all__ = (
    'APITestCase',
    'AtOnceMixin',
    'CIVisibleMixin',
    'ChangeLoggedFilterSetTests',
    'FilterSetTests',
    'GraphQLNames',
    'IMSAPIViewTestCases',
    'IMSViewTestCases',
    'QueryCountMixin',
    'RestClient',
    'as_user',
    'count_rows',
    'normalised',
)

APP = 'netbox_ims'
NETBOX_BASELINE_PATH = query_counts._baseline_path


def baseline_path(app_label):
    return (
        Path(__file__).with_name(query_counts.BASELINE_FILENAME)
        if app_label == APP
        else NETBOX_BASELINE_PATH(app_label)
    )


query_counts._baseline_path = baseline_path


class CIVisibleMixin:
    """The test user may view every CI, so that a test of a model about CIs is about that model's own permissions."""

    def setUp(self):
        super().setUp()
        permission = ObjectPermission.objects.create(name='See every CI', actions=['view'])
        permission.users.add(self.user)
        # Not those of a model under test itself, whose generic tests begin without any permission.
        permission.object_types.set(
            ObjectType.objects.get_for_model(ci_type.model) for ci_type in get_ci_types().values()
            if ci_type.model is not self.model
        )


#
# Views
#

class ViewNames:

    def _get_base_url(self):
        return f'plugins:{self.model._meta.app_label}:{self.model._meta.model_name}_{{}}'


class IMSViewTestCases:
    """Not run by themselves: see utilities.testing.ViewTestCases."""

    class WritableViewTestCase(
        ViewNames,
        ViewTestCases.GetObjectViewTestCase,
        ViewTestCases.GetObjectChangelogViewTestCase,
        ViewTestCases.CreateObjectViewTestCase,
        ViewTestCases.EditObjectViewTestCase,
        ViewTestCases.DeleteObjectViewTestCase,
        ViewTestCases.ListObjectsViewTestCase,
        ViewTestCases.BulkImportObjectsViewTestCase,
        ViewTestCases.BulkEditObjectsViewTestCase,
        ViewTestCases.BulkDeleteObjectsViewTestCase,
    ):
        """Everything that NetBox's own primary and organizational objects can do."""
        maxDiff = None

    class NamedViewTestCase(ViewTestCases.BulkRenameObjectsViewTestCase, WritableViewTestCase):
        """The same for objects that can be renamed in bulk."""
        # For models with labels; they would be skipped, and nothing here is.
        test_bulk_rename_label_field = None
        test_bulk_rename_name_and_label_fields = None

    class ReadOnlyViewTestCase(
        ViewNames, CIVisibleMixin, ViewTestCases.GetObjectViewTestCase, ViewTestCases.ListObjectsViewTestCase
    ):
        """What only triggers write: it can be looked at and exported, and there is no page to change it."""
        unavailable = ('add', 'bulk_import', 'bulk_delete', 'bulk_rename')
        unavailable_for_object = ('edit', 'delete', 'changelog', 'journal')

        def test_there_is_no_page_to_change_it(self):
            from django.urls import NoReverseMatch
            instance = self._get_queryset().first()
            for action in self.unavailable:
                with self.subTest(action=action), self.assertRaises(NoReverseMatch):
                    self._get_url(action)
            for action in self.unavailable_for_object:
                with self.subTest(action=action), self.assertRaises(NoReverseMatch):
                    self._get_url(action, instance)


#
# REST and GraphQL
#

class APINames:
    view_namespace = f'plugins-api:{APP}'


class GraphQLNames:
    """Our fields are `ims_…`; every filter of a kind is tried, not the first two."""
    graphql_auto_filter_fields_per_kind = 100

    def _get_graphql_base_name(self):
        return f'ims_{super()._get_graphql_base_name()}'


class APITestCase(APINames, NetBoxAPITestCase):
    """A REST client of a user without permissions, for tests that are not generic."""


class IMSAPIViewTestCases:
    """Not run by themselves: see utilities.testing.APIViewTestCases."""

    class WritableAPIViewTestCase(APINames, GraphQLNames, APIViewTestCases.APIViewTestCase):
        pass

    class ReadOnlyAPIViewTestCase(
        APINames, GraphQLNames, CIVisibleMixin,
        APIViewTestCases.GetObjectViewTestCase,
        APIViewTestCases.ListObjectsViewTestCase,
        APIViewTestCases.GraphQLTestCase,
    ):
        """What only triggers write: GET, and nothing else for anybody."""

        def test_writing_is_refused(self):
            name = self.model._meta.model_name
            for title, permissions in (
                ('no permissions', ()),
                ('every permission', ('view', 'add', 'change', 'delete')),
            ):
                self.add_permissions(*(f'{APP}.{action}_{name}' for action in permissions))
                before = list(self._get_queryset().order_by('pk').values())
                instance = self._get_queryset().first()
                body = {'id': instance.pk, 'name': 'Changed'}
                for url in (self._get_list_url(), self._get_detail_url(instance)):
                    for method in ('post', 'put', 'patch', 'delete'):
                        for data in (body, [body]):
                            with self.subTest(title, url=url, method=method), disable_warnings('django.request'):
                                response = getattr(self.client, method)(url, data, format='json', **self.header)
                                self.assertIn(response.status_code, (403, 405))
                self.assertEqual(list(self._get_queryset().order_by('pk').values()), before)


class RestClient:
    """REST as one user: `get(path)`, `post(path, data)`… below /api/plugins/ims/, answering (status, data)."""

    def __init__(self, user=None):
        self.client = APIClient(raise_request_exception=True)
        self.header = {}
        if user is not None:
            token = Token.objects.create(user=user)
            self.header = {'HTTP_AUTHORIZATION': f'Bearer {TOKEN_PREFIX}{token.key}.{token.token}'}

    def request(self, method, path, data=None):
        url = path if path.startswith(('/', 'http://')) else f'/api/plugins/ims/{path}'
        with disable_warnings('django.request'):
            response = getattr(self.client, method)(
                url, data, format='json' if method != 'get' else None, **self.header
            )
        return response.status_code, getattr(response, 'data', None)

    def get(self, path, **parameters):
        return self.request('get', path, parameters)

    def post(self, path, data):
        return self.request('post', path, data)

    def put(self, path, data):
        return self.request('put', path, data)

    def patch(self, path, data):
        return self.request('patch', path, data)

    def delete(self, path, data=None):
        return self.request('delete', path, data)

    def graphql(self, query):
        """(data, errors) of a GraphQL query."""
        with disable_warnings('django.request'):
            response = self.client.post(reverse('graphql'), {'query': query}, format='json', **self.header)
        body = response.json()
        return body.get('data'), body.get('errors')


#
# Filtersets
#

class FilterSetTests(BaseFilterSetTestMixin):
    """The filterset of a model: NetBox's checks, with ours found where NetBox looks for it."""

    def test_missing_filters(self):
        def import_ours(path):
            return import_string(path.replace(f'{type(self).__module__.split(".")[0]}.', f'{APP}.', 1))

        with patch('utilities.testing.filtersets.import_string', import_ours):
            super().test_missing_filters()


class ChangeLoggedFilterSetTests(FilterSetTests, ChangeLoggedFilterSetTestMixin):
    pass


@contextmanager
def as_user(user):
    """What happens inside is done by this user, in one request."""
    request = RequestFactory().get('/')
    request.id, request.user = uuid4(), user
    with event_tracking(request):
        yield request


#
# Numbers of queries, and of rows
#

class QueryCountMixin:

    def count_queries(self, function, warm=False):
        """The queries `function` runs, once what is cached for the process is warm."""
        if not warm:
            function()
        with CaptureQueriesContext(connection) as context:
            function()
        queries = [normalised(query['sql']) for query in context.captured_queries]
        # NetBox notes the use of a token at most once a minute: whether it does is a matter of time, not of rows.
        return [sql for sql in queries if not sql.startswith('UPDATE "users_token"')]

    def assertSameQueries(self, few, many, msg=None):
        """Two runs over different numbers of rows cost the same number of queries; says which ones are too many."""
        if len(few) == len(many):
            return
        extra = {sql: many.count(sql) - few.count(sql) for sql in many if many.count(sql) > few.count(sql)}
        self.fail(f'{msg or "queries"}: {len(few)} with few rows, {len(many)} with many; more of:\n' + '\n'.join(
            f'  {number} x {sql[:400]}' for sql, number in extra.items()
        ))


def normalised(sql):
    """A query without its literals, so that two of the same kind compare equal."""
    return re.sub(r"'[^']*'|\b\d+\b", '?', re.sub(r'IN \([^()]*\)', 'IN (?)', sql))


def count_rows(response):
    """How many rows the list page of this response says it holds, on all its pages."""
    return response.context['table'].page.paginator.count if response.context['table'].page else len(
        response.context['table'].rows
    )


class AtOnceMixin:
    """For a TransactionTestCase of what several people do at the same moment."""

    def at_once(self, function, *arguments):
        """Run the function in a thread for each of the arguments. Returns what they raised."""
        problems = []

        def run(argument):
            try:
                function(argument)
            except Exception as e:
                problems.append(e)
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[argument]) for argument in arguments]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return problems
