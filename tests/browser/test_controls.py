from django.urls import reverse

from netbox_ims.models import ControlAssignment, ControlCatalog, SoaEntry, StatementOfApplicability

from ..factories import make_contact, make_device, make_scope, make_site
from .base import BrowserTestCase


class WorkbenchBrowserTestCase(BrowserTestCase):

    def setUp(self):
        super().setUp()
        self.statement = StatementOfApplicability.objects.create(
            catalog=ControlCatalog.objects.get(slug='annex-a-2022'), scope=make_scope('Hosting')
        )

    def work(self):
        self.open(reverse('plugins:netbox_ims:statementofapplicability_work', args=[self.statement.pk]))
        return self.page.locator('.ims-entry')

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def decided(self, count):
        """Wait until the page says that so many are decided."""
        self.page.locator('#ims-soa-summary').get_by_text(f'· {93 - count} undecided', exact=False).wait_for()

    def complete(self, count):
        """Wait until the page says that so many are decided and justified."""
        self.page.locator(f'#ims-soa-summary .v:text-is("{count}")').wait_for()

    def has_focus(self, row):
        """Wait until a row has the focus itself, or something in it."""
        self.page.wait_for_function(
            'id => document.activeElement.closest(`[id="${id}"]`)', arg=row.get_attribute('id')
        )

    def said(self, **of):
        return SoaEntry.objects.get(statement=self.statement, **of)

    def test_as_fast_as_somebody_types(self):
        """Nobody waits for the server between two keys, and in the end all figures are those of the last."""
        rows = self.work()
        self.assertEqual(rows.count(), 93)
        rows.nth(0).focus()
        self.press(*'yynyyyyyyyuyyyyyyyyyyyyyyyyyyy')
        self.decided(29)
        self.has_focus(rows.nth(30))
        said = list(SoaEntry.objects.filter(statement=self.statement).values_list('applicable', flat=True)[:31])
        self.assertEqual(said, [True, True, False, *[True] * 7, None, *[True] * 19, None])

        for selector, text in (
            ('#ims-chip-all', '93'), ('#ims-chip-undecided', '64'), ('#ims-chip-unjustified', '29'),
            ('#ims-chip-excluded', '1'), ('#ims-chip-unimplemented', '28'), ('#theme-0-count', '29 of 37 decided'),
            ('.nav-link.active .badge', '93 left'),
        ):
            self.page.locator(f'{selector}:text-is("{text}")').wait_for()
        for text in ('29 of 37 · 0 implemented', 'Undecided controls', 'Decided without a justification',
                     'Blocked by 93 points', 'last edited by admin'):
            self.page.get_by_text(text).first.wait_for()

    def test_by_keyboard(self):
        rows = self.work()
        rows.nth(0).focus()
        self.press('y')
        self.has_focus(rows.nth(1))
        self.press('ArrowUp')
        self.has_focus(rows.nth(0))
        self.press('j')
        self.page.keyboard.type('Policy NH-01')
        self.press('Enter')
        self.has_focus(rows.nth(1))
        self.complete(1)
        self.page.locator('.nav-link.active .badge:text-is("92 left")').wait_for()

        self.press('ArrowUp', 'r', 'Space')
        rows.nth(0).locator('summary .badge', has_text='Risk').wait_for()
        self.press('Tab', 'Space')      # the list is still open, and the focus where it was
        rows.nth(0).locator('summary .badge', has_text='Legal').wait_for()
        self.press('Escape')
        self.has_focus(rows.nth(0))
        self.press('ArrowDown', 'n')
        self.decided(2)
        first, second = SoaEntry.objects.filter(statement=self.statement)[:2]
        self.assertEqual((first.justification, first.reasons), ('Policy NH-01', ['risk', 'legal']))
        self.assertIs(second.applicable, False)

    def test_by_mouse(self):
        make_contact('C. Lindqvist')
        self.work()
        row = self.page.locator('.ims-entry', has_text='A.8.24')
        row.get_by_role('button', name='Yes').click()
        self.decided(1)
        row.get_by_text('Needed before approval').wait_for()
        # One after the other without waiting: none undoes what another saved
        row.locator('select').select_option('partial')
        row.locator('[name=responsible]').fill('C. Lindqvist')
        row.locator('textarea').fill('Customer contracts')
        row.locator('textarea').blur()
        self.complete(1)
        self.page.wait_for_load_state('networkidle')
        self.assertEqual(row.locator('select').input_value(), 'partial')
        self.assertEqual(row.locator('[name=responsible]').input_value(), 'C. Lindqvist')
        entry = self.said(control__ref='A.8.24')
        self.assertEqual(
            (entry.applicable, entry.implementation_status, str(entry.responsible), entry.justification),
            (True, 'partial', 'C. Lindqvist', 'Customer contracts')
        )
        row.locator('[name=responsible]').fill('Nobody')
        row.locator('[name=responsible]').blur()
        row.get_by_text('There is no contact called Nobody.').wait_for()
        self.assertEqual(str(self.said(control__ref='A.8.24').responsible), 'C. Lindqvist')

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
