from netbox_ims.models import AssetProfile, Classification
from netbox_ims.services.derive import settle
from tests import factories as make

from .base import BrowserTestCase


class GraphBrowserTestCase(BrowserTestCase):
    """From a finding to its reason, to the picture, and out of the world."""

    def setUp(self):
        super().setUp()
        classes = {c.slug: c for c in Classification.objects.all()}
        self.cluster = make.make_cluster('ham1-prod')
        self.host = make.make_device('hv-ham1-03', cluster=self.cluster)
        self.payroll = make.make_it_service('Payroll')
        vm = make.make_vm('vm-db-03', cluster=self.cluster)
        make.make_dependency(self.payroll, vm, holds_data=True)
        make.make_profile(self.payroll, classification=classes['confidential'], rto_minutes=240)
        make.make_profile(self.host, classification=classes['internal'], rto_minutes=480)
        settle()

    def test_from_the_finding_to_the_way_it_came_and_raised(self):
        self.open(self.host.get_absolute_url())
        self.assertIn('4h over', self.page.locator('#ims-assessment').inner_text())
        self.page.get_by_role('link', name='Open IMS Tab').click()
        self.page.wait_for_url('**/ims/')
        self.page.get_by_text('it holds for Payroll').wait_for()
        why = self.page.locator('tr:has(th:text-is("Classification"))').inner_text()
        for name in ('Payroll', 'vm-db-03', 'ham1-prod', 'this CI'):
            self.assertIn(name, why)
        self.page.get_by_role('button', name='Raise to Confidential').click()
        self.page.get_by_text('1 of 1 CIs assessed').wait_for()
        self.assertEqual(self.page.get_by_text('it holds for Payroll').count(), 0)
        self.assertEqual(AssetProfile.objects.get(object_id=self.host.pk, rto_minutes=480).classification.slug,
                         'confidential')

    def test_through_the_picture(self):
        self.open(self.host.get_absolute_url() + 'ims-dependencies/')
        picture = self.page.locator('svg.ims-graph')
        self.assertIn('Payroll', picture.text_content())
        self.assertIn('4h over', picture.text_content())
        picture.locator('a:has(text:text-is("Payroll"))').click()
        self.page.get_by_role('heading', name='Payroll', exact=True).wait_for()
        # Nothing depends on the top of the graph: it opens on what it depends on.
        self.page.get_by_text('What Payroll depends on').wait_for()
        self.assertIn('hv-ham1-03', self.page.locator('svg.ims-graph').text_content())
        self.page.get_by_role('link', name='Direct', exact=True).click()
        self.page.wait_for_url('**direct=true')
        self.assertNotIn('hv-ham1-03', self.page.locator('table').inner_text())

    def test_in_dark_mode_and_on_paper(self):
        self.page.evaluate("localStorage.setItem('netbox-color-mode', 'dark')")
        self.open(self.host.get_absolute_url() + 'ims-dependencies/')
        self.assertEqual(self.page.locator('html').get_attribute('data-bs-theme'), 'dark')
        self.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.page.locator('html').get_attribute('data-bs-theme'), 'light')
