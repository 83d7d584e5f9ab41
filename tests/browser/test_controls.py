from netbox_ims.models import ControlAssignment, ControlCatalog, SoaEntry, StatementOfApplicability

from ..factories import make_device, make_scope, make_site
from .base import BrowserTestCase


class WorkbenchBrowserTestCase(BrowserTestCase):

    def setUp(self):
        super().setUp()
        self.statement = StatementOfApplicability.objects.create(
            catalog=ControlCatalog.objects.get(slug='annex-a-2022'), scope=make_scope('Hosting')
        )

    def decided(self, count):
        """Wait until the page says that so many are decided."""
        self.page.locator('#ims-soa-summary').get_by_text(f'{93 - count} undecided').wait_for()

    def test_by_keyboard(self):
        self.open(f'/plugins/ims/statements/{self.statement.pk}/work/')
        rows = self.page.locator('.ims-entry')
        self.assertEqual(rows.count(), 93)
        rows.nth(0).focus()
        for number, key in enumerate('yynyyyyyyy', start=1):
            self.page.keyboard.press(key)
            self.decided(number)
            self.page.wait_for_function(
                'id => document.activeElement.id === id', arg=rows.nth(number).get_attribute('id')
            )
        said = list(SoaEntry.objects.filter(statement=self.statement).values_list('applicable', flat=True)[:11])
        self.assertEqual(said, [True, True, False, *[True] * 7, None])

        rows.nth(0).focus()
        self.page.keyboard.press('j')
        self.page.keyboard.type('Policy NH-01')
        self.page.keyboard.press('Enter')
        self.page.wait_for_function(
            'id => document.activeElement.id === id', arg=rows.nth(1).get_attribute('id')
        )
        self.page.locator('#ims-soa-summary .v', has_text='1').wait_for()
        self.page.keyboard.press('ArrowUp')
        self.page.keyboard.press('r')
        self.page.keyboard.press('Space')
        rows.nth(0).locator('.badge', has_text='Risk').wait_for()
        first = SoaEntry.objects.filter(statement=self.statement).first()
        self.assertEqual((first.justification, first.reasons), ('Policy NH-01', ['risk']))

    def test_by_mouse(self):
        self.open(f'/plugins/ims/statements/{self.statement.pk}/work/')
        row = self.page.locator('.ims-entry', has_text='A.8.24')
        row.get_by_role('button', name='Yes').click()
        self.decided(1)
        row.get_by_text('Needed before approval').wait_for()
        row.locator('select').select_option('partial')
        row.locator('textarea').fill('Customer contracts')
        row.locator('textarea').blur()
        self.page.locator('#ims-soa-summary .v', has_text='1').wait_for()
        entry = SoaEntry.objects.get(statement=self.statement, control__ref='A.8.24')
        self.assertEqual((entry.applicable, entry.implementation_status), (True, 'partial'))
        self.page.get_by_role('button', name='People').click()
        self.assertFalse(self.page.locator('.ims-entry', has_text='A.6.1').first.is_visible())

    def test_assign_controls_to_the_rows_ticked(self):
        site = make_site('Hamburg')
        for name in ('hv-1', 'hv-2'):
            make_device(name, site=site)
        self.open('/plugins/ims/register/')
        for name in ('hv-1', 'hv-2'):
            self.page.locator(f'tr:has(a:text-is("{name}")) input[name=pk]').check()
        self.page.locator('.sticky-actions').get_by_role('button', name='Assign Controls').click()
        self.pick(self.page.locator('#id_controls + .ts-wrapper .ts-control'), 'A.5.1 ')
        self.page.locator('button[name=_apply]').click()
        self.page.get_by_text('2 assignments made').wait_for()
        self.assertEqual(ControlAssignment.objects.count(), 2)

    def test_pages_in_dark_mode(self):
        self.page.evaluate("localStorage.setItem('netbox-color-mode', 'dark')")
        for path in ('', 'work/', 'compare/', 'export/'):
            self.open(f'/plugins/ims/statements/{self.statement.pk}/{path}')
