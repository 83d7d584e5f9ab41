import json
import zipfile

from netbox_ims.models import Baseline, Classification

from ..factories import make_device, make_profile, make_site
from .base import BrowserTestCase


class BaselineBrowserTestCase(BrowserTestCase):

    def test_from_the_register_to_an_archive(self):
        berlin = make_site('Berlin', slug='berlin')
        make_profile(make_device('srv-1', berlin), classification=Classification.objects.get(slug='confidential'))
        make_device('srv-2', make_site('Paris', slug='paris'))

        self.open('/plugins/ims/register/?site=berlin')
        self.page.get_by_role('link', name='Take Baseline').click()
        self.page.get_by_label('Name').fill('Year end')
        self.page.get_by_label('Reason').fill('Stage 2 audit')
        self.assertIn('"berlin"', self.page.locator('#id_filter').input_value())
        self.page.get_by_role('button', name='Seal').click()

        self.page.get_by_role('heading', name='Year end').wait_for()
        baseline = Baseline.objects.get()
        self.assertEqual((baseline.filter, baseline.rows), ({'site': ['berlin']}, 2))
        self.page.get_by_text(baseline.sha256).first.wait_for()

        self.page.get_by_role('link', name='Rows').click()
        self.page.get_by_role('link', name='srv-1').wait_for()
        self.assertEqual(self.page.get_by_role('link', name='srv-2').count(), 0)

        self.page.get_by_role('link', name='Baseline', exact=True).click()
        self.page.get_by_role('link', name='Verify').click()
        self.page.get_by_role('heading', name='Unaltered').wait_for()
        self.page.get_by_role('link', name='Back').click()
        with self.page.expect_download() as download:
            self.page.get_by_role('link', name='Download').click()
        with zipfile.ZipFile(download.value.path()) as archive:
            self.assertEqual(json.loads(archive.read('manifest.json'))['name'], 'Year end')
