"""A handful of devices for tests of NetBox's own pages, and ways of asking for them as a browser and a script do."""
from django.contrib.messages import get_messages
from django.test import Client

from users.models import User

from netbox_ims.models import RegisterEntry
from netbox_ims.services.derive import settle
from tests import factories as make
from tests.base import RestClient, count_rows

DEVICES = '/dcim/devices/'
REST = '/api/dcim/devices/'
SEES = ('dcim.view_device', 'netbox_ims.view_registerentry', 'netbox_ims.view_assetprofile')


class CoreEstate:
    """
    In Berlin `top` (confidential, no personal data) and `mid` (internal, personal data); in Paris `blank`, whose
    profile says nothing, and `bare`, which has none and inherits confidential and personal data.
    """

    @classmethod
    def setUpTestData(cls):
        cls.berlin, cls.paris = make.make_site('berlin'), make.make_site('paris')
        cls.internal = make.make_classification('Internal', level=20, slug='internal')
        cls.confidential = make.make_classification('Confidential', level=30, slug='confidential')
        role = make.make_role()
        cls.top, cls.mid = (make.make_device(name, cls.berlin, role) for name in ('top', 'mid'))
        cls.blank, cls.bare = (make.make_device(name, cls.paris, role) for name in ('blank', 'bare'))
        make.make_profile(
            cls.top, classification=cls.confidential, processes_personal_data=False, is_information_asset=True,
            rto_minutes=240
        )
        make.make_profile(cls.mid, classification=cls.internal, processes_personal_data=True)
        make.make_profile(cls.blank)
        cls.root = User.objects.create_superuser('root')
        settle()
        RegisterEntry.objects.update(effective_complete=True)
        cls.inherit(cls.bare, effective_classification=cls.confidential, effective_processes_personal_data=True)

    @staticmethod
    def inherit(ci, **values):
        """What the CI inherits, as working out the dependencies would store it."""
        RegisterEntry.objects.of(ci).update(**values)

    def browser(self, user=None):
        client = Client()
        if user:
            client.force_login(user)
        return client

    def page(self, parameters='', user=None):
        """(number of rows, messages) of the device list."""
        response = self.browser(user or self.root).get(f'{DEVICES}?{parameters}')
        self.assertEqual(response.status_code, 200)
        return count_rows(response), [str(message) for message in get_messages(response.wsgi_request)]

    def rest(self, parameters='', user=None):
        """(status, names or errors) of the REST list of devices."""
        status, data = RestClient(user or self.root).get(f'{REST}?{parameters}')
        return status, sorted(row['name'] for row in data['results']) if status == 200 else data

    def assertFound(self, parameters, expected, user=None):
        """These devices, by name, over REST and as a page."""
        with self.subTest(parameters):
            names = sorted(expected.split())
            self.assertEqual(self.rest(parameters, user), (200, names))
            self.assertEqual(self.page(parameters, user), (len(names), []))

    def assertRefused(self, parameters, name, user=None):
        """400 that names the parameter over REST; as a page no rows, and it says so."""
        with self.subTest(parameters):
            status, errors = self.rest(parameters, user)
            self.assertEqual((status, list(errors)), (400, [name]))
            count, messages = self.page(parameters, user)
            self.assertEqual(count, 0)
            self.assertEqual(len(messages), 1)
            self.assertIn(name, messages[0])
