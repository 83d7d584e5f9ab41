"""What all actions of the API have in common."""
from django.test import TestCase

from users.models import User

from netbox_ims.api.urls import ROUTES
from tests.base import RestClient


class ActionsTestCase(TestCase):

    def test_an_id_that_is_none_is_not_found(self):
        rest, count = RestClient(User.objects.create_superuser('root')), 0
        for prefix, viewset in ROUTES.items():
            for action in viewset.get_extra_actions():
                if not action.detail:
                    continue
                for method in action.mapping:
                    path = f'{prefix}/abc/{action.url_path}/'
                    with self.subTest(method=method, path=path):
                        count += 1
                        self.assertEqual(rest.request(method, path)[0], 404)
        self.assertGreater(count, 15)
