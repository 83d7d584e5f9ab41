from netbox_ims.models import AssetProfile, Decision

from ..factories import make_device, make_site, make_vm
from .base import BrowserTestCase


class RegisterBrowserTestCase(BrowserTestCase):

    def setUp(self):
        super().setUp()
        self.site = make_site('Hamburg')
        self.device = make_device('hv-ham1-03', site=self.site)
        self.vm = make_vm('vm-db-03', site=self.site)

    def test_classify_selected_over_mixed_types(self):
        self.open('/plugins/ims/register/')
        for name in ('hv-ham1-03', 'vm-db-03'):
            self.page.locator(f'tr:has(a:text-is("{name}")) input[name=pk]').check()
        bar = self.page.locator('.sticky-actions')
        self.pick(bar.locator('.ims-bar-select .ts-control').first, 'Confidential')
        bar.get_by_role('button', name='Classify Selected').click()
        self.page.get_by_text('2 of 2 CIs assessed').wait_for()

        self.assertEqual(set(AssetProfile.objects.values_list('classification__slug', flat=True)), {'confidential'})
        assessed = Decision.objects.filter(action='assessed')
        self.assertEqual(set(assessed.values_list('user_name', flat=True)), {'admin'})
        for name in ('hv-ham1-03', 'vm-db-03'):
            self.assertIn('Confidential', self.page.locator(f'tr:has(a:text-is("{name}"))').inner_text())

    def test_classify_from_the_page_of_a_device(self):
        self.open(self.device.get_absolute_url())
        panel = self.page.locator('#ims-assessment')
        self.assertIn('Unclassified', panel.inner_text())
        panel.get_by_role('link', name='Classify').click()
        self.pick(self.page.locator('#id_classification + .ts-wrapper .ts-control'), 'Internal')
        self.page.fill('input[name=rto_minutes]', '1d 6h')
        self.page.locator('button[name=_create]').click()
        self.page.wait_for_url(f'**{self.device.get_absolute_url()}')

        self.assertEqual(AssetProfile.objects.get().rto_minutes, 30 * 60)
        text = self.page.locator('#ims-assessment').inner_text()
        self.assertIn('Internal', text)
        self.assertIn('1d 6h', text)
        self.assertIn('by admin', text)

    def test_a_bad_duration_is_shown_at_its_field_and_nothing_is_lost(self):
        self.open('/plugins/ims/register/')
        self.page.locator('tr:has(a:text-is("hv-ham1-03")) input[name=pk]').check()
        self.page.locator('.sticky-actions').get_by_role('button', name='Edit Selected').click()
        self.page.fill('input[name=data_categories]', 'payroll')
        self.page.fill('input[name=rto_minutes]', '4x')
        self.page.locator('button[name=_apply]').click()
        self.page.get_by_text('is not a duration').wait_for()
        self.assertEqual(self.page.input_value('input[name=data_categories]'), 'payroll')
        self.assertEqual(AssetProfile.objects.count(), 0)

        self.page.fill('input[name=rto_minutes]', '4h')
        self.page.locator('button[name=_apply]').click()
        self.page.get_by_text('1 of 1 CIs assessed').wait_for()
        self.assertEqual(AssetProfile.objects.get().rto_minutes, 240)

    def test_every_figure_of_the_overview_opens_as_many_rows(self):
        self.open('/plugins/ims/overview/')
        segment = self.page.locator('svg.ims a:has(rect)').first
        count = segment.locator('text').text_content()
        segment.click()
        self.page.locator('#object-list-tab .total-object-count').wait_for()
        self.assertEqual(self.page.locator('#object-list-tab .total-object-count').inner_text(), count)

    def test_pages_in_dark_mode(self):
        self.page.evaluate("localStorage.setItem('netbox-color-mode', 'dark')")
        for path in ('/plugins/ims/overview/', '/plugins/ims/register/', self.device.get_absolute_url()):
            self.open(path)
            self.assertEqual(self.page.locator('html').get_attribute('data-bs-theme'), 'dark')
