from netbox_ims.models import Dependency

from ..factories import make_it_service, make_vm
from .base import BrowserTestCase


class DependencyBrowserTestCase(BrowserTestCase):

    def test_from_the_page_of_a_service_to_what_it_runs_on(self):
        """Each end has a type that decides what there is to choose; choosing one end leaves the other as it is."""
        service, vm = make_it_service('Payroll'), make_vm('vm-db-03')
        self.open(service.get_absolute_url())
        self.page.locator('.card:has(h2:has-text("Runs On"))').get_by_role('link', name='Add').click()
        self.page.locator('#ims-dependent .item:has-text("Payroll")').wait_for()

        self.pick(self.page.locator('#id_provider_0 + .ts-wrapper .ts-control'), 'Virtual Machine')
        provider = self.page.locator('#id_provider_1:not([disabled]) + .ts-wrapper .ts-control')
        self.pick(provider, 'vm-db-03')
        self.page.check('#id_holds_data')
        self.page.locator('button[name=_create]').click()
        self.page.wait_for_url(f'**{service.get_absolute_url()}')

        self.page.get_by_text('Payroll → vm-db-03').wait_for()
        self.page.locator('.card:has(h2:has-text("Runs On"))').get_by_role('link', name='vm-db-03').wait_for()
        dependency = Dependency.objects.get()
        self.assertEqual((dependency.dependent, dependency.provider, dependency.holds_data), (service, vm, True))
