"""What changed in between, and is therefore refused by the database alone."""
from unittest import mock

from django.test import TransactionTestCase

from utilities.testing import disable_warnings

from netbox_ims.models import SoaEntry
from netbox_ims.models.mixins import FrozenMixin
from tests import factories as make
from tests.base import RestClient

REFUSAL = 'The statement of this entry is approved: what it says stays as it was.'


class RefusalTestCase(TransactionTestCase):
    """An entry that looks free, as it does to a request that began before its statement was approved."""

    def setUp(self):
        statement = make.make_statement()
        make.decide(statement, responsible=make.make_contact('Ada'))
        self.entry = make.make_approved(statement, user=make.make_user(username='boss')).entries.first()
        self.admin = make.make_user(username='admin', is_superuser=True)
        for name in ('FROZEN', 'clean'):
            as_free = mock.patch.object(FrozenMixin, name, *([()] if name == 'FROZEN' else []))
            as_free.start()
            self.addCleanup(as_free.stop)

    def test_rest_says_why(self):
        rest = RestClient(self.admin)
        with disable_warnings('django.request'):
            response = rest.client.patch(
                f'/api/plugins/ims/soa-entries/{self.entry.pk}/', {'justification': 'other'}, 'json', **rest.header
            )
        self.assertEqual(response.status_code, 409)
        self.assertEqual(response.json()['detail'], REFUSAL)

    def test_a_page_says_why(self):
        self.client.force_login(self.admin)
        url = f'/plugins/ims/soa-entries/{self.entry.pk}/edit/'
        response = self.client.post(url, {
            'applicable': 'true', 'reasons': ['risk'], 'justification': 'other', 'implementation_status': 'planned',
        }, follow=True)
        self.assertContains(response, REFUSAL)
        self.assertNotEqual(SoaEntry.objects.get(pk=self.entry.pk).justification, 'other')

    def test_a_step_that_is_only_posted_goes_back_to_the_page_it_was_on(self):
        self.client.force_login(self.admin)
        url, page = f'/plugins/ims/soa-entries/{self.entry.pk}/edit/', 'http://testserver/plugins/ims/soa-entries/'
        data = {
            'applicable': 'true', 'reasons': ['risk'], 'justification': 'other', 'implementation_status': 'planned',
        }
        for headers, name, back in (
            ({'Referer': page}, 'Location', page), ({'Referer': 'https://elsewhere.example/'}, 'Location', url),
            ({'Referer': page, 'HX-Request': 'true'}, 'HX-Redirect', page),
        ):
            with self.subTest(headers):
                self.assertEqual(self.client.post(url, data, headers=headers).headers.get(name), back)
