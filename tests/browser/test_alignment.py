from netbox_ims.models import BusinessFunction
from netbox_ims.services.derive import settle
from tests import factories as make

from .base import BrowserTestCase


class AlignmentBrowserTestCase(BrowserTestCase):
    """From a broken promise to the function it was made to, and what happens if the host fails."""

    def setUp(self):
        super().setUp()
        self.site = make.make_site('Hamburg')
        self.host = make.make_device('hv-ham1-03', self.site)
        payroll, salaries = make.make_it_service('Payroll'), make.make_business_function('Salary payment')
        make.make_dependency(salaries, payroll)
        make.make_dependency(payroll, self.host)
        make.make_profile(payroll, rto_minutes=240)
        make.make_profile(self.host, rto_minutes=480)
        BusinessFunction.objects.update(mtpd_minutes=480, mtpd_reason='Agreed')
        settle()

    def test_the_chain_unfolds_and_folds(self):
        self.open('/plugins/ims/alignment/')
        self.page.locator('.ims-figures').wait_for()
        self.page.locator('.ims-figures a.ims-bad').first.click()
        self.page.wait_for_url('**status=breached**')
        row = self.page.locator('tr:has-text("hv-ham1-03")').first
        self.assertIn('4h over', row.inner_text())
        row.get_by_label('The chain of Payroll').click()
        chain = self.page.locator('tr.ims-chain')
        chain.wait_for()
        self.assertEqual([step.split(' ')[0] for step in chain.locator('li a').all_inner_texts()],
                         ['Salary', 'Payroll', 'hv-ham1-03'])
        row.get_by_label('The chain of Payroll').click()
        chain.wait_for(state='detached')

    def test_what_if_it_fails(self):
        self.open(self.host.get_absolute_url() + 'ims-dependencies/')
        self.page.get_by_role('link', name='What If It Fails').click()
        self.page.get_by_role('heading', name='Recovery Order').wait_for()
        self.page.get_by_role('textbox', name='For', exact=True).fill('18h')
        self.page.get_by_role('button', name='Work It Out').click()
        self.page.wait_for_url('**outage=18h**')
        picture = self.page.locator('svg.ims[aria-label^="Time without"]')
        self.assertIn('MTPD passed by 10h', picture.text_content())
        self.page.get_by_role('link', name='All CIs Down').click()
        self.page.wait_for_url('**tab=steps**')
        steps = self.page.locator('table tbody tr').all_inner_texts()
        self.assertEqual(len(steps), 2)
        self.assertIn('hv-ham1-03', steps[0])
        self.assertIn('Salary payment', steps[1])
