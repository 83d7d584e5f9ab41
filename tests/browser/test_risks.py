"""The heat map, the matrix editor and the activation of a matrix, as people click them."""
from netbox_ims.models import Risk, RiskMatrix, Standard

from ..factories import make_risk
from .base import BrowserTestCase


class RisksTestCase(BrowserTestCase):

    def setUp(self):
        super().setUp()
        self.standard = Standard.objects.get(slug='iso-27001')
        for title, ratings in (
            ('Fire', {'inherent': (4, 5), 'current': (3, 4), 'target': (2, 4)}),
            ('Flood', {'inherent': (5, 4), 'current': (2, 3)}),
            ('Theft', {'current': (3, 4)}),
        ):
            make_risk(title, standards=[self.standard], **ratings)

    def test_from_the_heat_map_to_the_risks(self):
        self.open('/plugins/ims/risks/heat-map/')
        self.page.locator('.card', has_text='Coverage by Standard').get_by_text('No risks assessed').first.wait_for()
        self.assertEqual(self.page.locator('.ims-move').count(), 2)
        self.page.get_by_role('link', name='Movement on').click()
        self.page.get_by_role('link', name='Movement off').wait_for()
        self.assertEqual(self.page.locator('.ims-move').count(), 0)
        self.page.get_by_role('link', name='Possible, Severe: High · 2 risks').click()
        self.page.locator('#object_list').get_by_text('Theft').first.wait_for()
        self.assertEqual(self.page.locator('#object_list tbody tr').count(), 2)

    def test_stages_and_filters(self):
        self.open('/plugins/ims/risks/heat-map/')
        self.page.get_by_role('link', name='Inherent', exact=True).click()
        self.page.get_by_role('link', name='Likely, Existential: Critical · 1 risk').wait_for()
        self.page.get_by_role('link', name='Target', exact=True).click()
        self.page.get_by_role('link', name='Unlikely, Severe: Moderate · 1 risk').wait_for()
        self.page.get_by_role('tab', name='Filters').click()
        self.page.locator('#id_q').fill('Flood')
        self.page.locator('#filters-form').get_by_role('button', name='Search').click()
        self.page.get_by_role('link', name='Unlikely, Serious: Moderate · 1 risk').wait_for()
        self.page.get_by_role('link', name='Possible, Severe: High · 0 risks').wait_for()

    def test_a_matrix_of_ones_own(self):
        active = RiskMatrix.objects.active()
        self.open(f'/plugins/ims/risk-matrices/add/?from={active.pk}')
        self.page.locator('#id_cells-3-4').select_option('critical')
        self.page.locator('svg.ims-matrix text.ink', has_text='Critical').nth(3).wait_for()
        # A sixth likelihood: a row of holes, and no picture until they are filled
        scale = self.page.locator('#id_likelihood_scale')
        scale.fill(f'{scale.input_value()}\nAlways')
        scale.blur()
        self.page.locator('#id_cells-6-5').wait_for()
        self.page.get_by_text('Not a matrix yet').wait_for()
        for impact in range(1, 6):
            self.page.locator(f'#id_cells-6-{impact}').select_option('critical')
            self.page.wait_for_function(
                f'document.querySelector("#id_cells-6-{impact}")?.selectedOptions[0].text === "Critical"'
                f' && !document.querySelector("#id_cells-6-{impact}").classList.contains("hole")'
            )
        self.page.locator('svg.ims-matrix text', has_text='Always').wait_for()
        self.page.locator('button[name=_create]').click()
        self.page.get_by_role('link', name='Activate').click()
        self.page.get_by_text('2 risks change level').wait_for()
        self.page.get_by_role('button', name='Activate').click()
        self.page.get_by_text('2 risks are to be reassessed').wait_for()
        self.assertEqual(RiskMatrix.objects.active().version, 2)
        self.assertEqual(Risk.objects.filter(reassess=True).count(), 2)

    def test_pages_in_dark_mode(self):
        self.page.evaluate("localStorage.setItem('netbox-color-mode', 'dark')")
        matrix = RiskMatrix.objects.first()
        for path in (
            'risks/', 'risks/heat-map/', f'risk-matrices/{matrix.pk}/', f'risk-matrices/{matrix.pk}/activate/',
            'risk-matrices/add/', 'risk-matrices/upload/', 'overview/',
        ):
            self.open(f'/plugins/ims/{path}')
