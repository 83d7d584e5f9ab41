from netbox_ims.models import Classification
from netbox_ims.services import derive

from ..factories import make_device, make_profile, make_site
from ..history.past import days_ago, grow_old, said_until
from .base import BrowserTestCase


class HistoryBrowserTestCase(BrowserTestCase):

    def setUp(self):
        super().setUp()
        self.device = make_device('srv-1', make_site('Berlin', slug='berlin'))
        make_profile(self.device, classification=Classification.objects.get(slug='confidential'))
        make_device('srv-2')
        derive.settle()
        grow_old()
        said_until(self.device, days_ago(5), user_name='ada', classification_id=None)

    def test_what_changed_since_the_last_audit(self):
        self.open('/plugins/ims/register/')
        self.page.get_by_role('link', name='Compare').click()
        self.page.get_by_label('Last audit').fill(f'{days_ago(30):%Y-%m-%d}')
        self.page.get_by_role('button', name='Since the Last Audit').click()
        self.page.locator('#ims-classified', has_text='1').click()
        row = self.page.get_by_role('row', name='srv-1')
        row.get_by_text('Newly classified').wait_for()
        row.get_by_text('confidential').wait_for()
        self.assertEqual(self.page.get_by_role('row', name='srv-2').count(), 0)
        with self.page.expect_download() as download:
            self.page.get_by_role('button', name='Export').click()
            self.page.get_by_role('link', name='CSV').click()
        self.assertIn('classification,unknown,confidential', download.value.path().read_text('utf-8-sig'))

    def test_the_register_as_of_a_date(self):
        self.open('/plugins/ims/register/?q=srv-1')
        self.page.get_by_role('button', name='As of').click()
        self.page.get_by_label('The register as it stood at the end of').fill(f'{days_ago(20):%Y-%m-%d}')
        self.page.get_by_role('button', name='Show').click()
        self.page.locator('.ims-as-of').wait_for()
        row = self.page.get_by_role('row', name='srv-1')
        row.locator('.ims-inh', has_text='Confidential').wait_for()      # nobody had said it of the device itself
        self.page.get_by_role('link', name='Back to now').click()
        row.locator('.ims-cls', has_text='Confidential').wait_for()
        self.assertEqual(self.page.locator('.ims-as-of').count(), 0)

    def test_the_history_of_a_device(self):
        self.open(f'/dcim/devices/{self.device.pk}/')
        self.page.get_by_role('link', name='IMS History').click()
        step = self.page.get_by_role('row', name='ada')
        step.get_by_text('Unknown').or_(step.get_by_text('unknown')).first.wait_for()
        step.get_by_text('confidential').wait_for()
        self.page.get_by_text('In the register when its history began').wait_for()
