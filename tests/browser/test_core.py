from netbox_ims.models import AssetProfile

from ..factories import make_device, make_site
from .base import BrowserTestCase


class CoreListBrowserTestCase(BrowserTestCase):

    def test_tick_two_devices_and_classify_them(self):
        site = make_site('Hamburg')
        for name in ('sw-ham1-01', 'sw-ham1-02', 'sw-ham1-03'):
            make_device(name, site=site)
        self.open('/dcim/devices/?site=hamburg&include_columns=ims_classification')
        for name in ('sw-ham1-01', 'sw-ham1-03'):
            self.page.locator(f'tr:has(a:text-is("{name}")) input[name=pk]').check()
        bar = self.page.locator('.sticky-actions')
        self.pick(bar.locator('.ims-bar-select .ts-control').first, 'Confidential')
        bar.get_by_role('button', name='Classify Selected').click()
        self.page.get_by_text('2 of 2 CIs assessed').wait_for()

        self.assertIn('/dcim/devices/?site=hamburg', self.page.url)
        self.assertEqual(set(AssetProfile.objects.values_list('register_entry__name', 'classification__slug')), {
            ('sw-ham1-01', 'confidential'), ('sw-ham1-03', 'confidential'),
        })
        rows = {name: self.page.locator(f'tr:has(a:text-is("{name}"))').inner_text() for name in (
            'sw-ham1-01', 'sw-ham1-02'
        )}
        self.assertIn('Confidential', rows['sw-ham1-01'])
        self.assertIn('Unclassified', rows['sw-ham1-02'])
        self.open('/dcim/devices/?ims_classification=null')
        self.page.get_by_text('sw-ham1-02').wait_for()
        self.assertEqual(self.page.get_by_text('sw-ham1-01').count(), 0)
