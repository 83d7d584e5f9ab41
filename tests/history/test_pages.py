"""The register as of a date on its pages and as files."""
import io

from django.test import TransactionTestCase
from django.urls import reverse
from openpyxl import load_workbook

from core.models import ObjectType
from dcim.models import Device
from extras.models import ExportTemplate, SavedFilter, TableConfig

from netbox_ims.models import AssetProfile, RegisterEntry, RetiredCI
from netbox_ims.services import derive
from tests import factories as make
from tests.base import QueryCountMixin, RestClient, count_rows

from .clock import later


class PagesTest(QueryCountMixin, TransactionTestCase):

    def setUp(self):
        self.admin = make.make_user(username='admin', is_superuser=True)
        self.client.force_login(self.admin)
        self.secret = make.make_classification('Secret', 30)
        self.site = make.make_site('Bern')
        self.device = make.make_device('core', site=self.site)
        make.make_profile(self.device, classification=self.secret, asset_owner=make.make_contact('Ann'))
        derive.settle()
        self.moment = later().isoformat()
        Device.objects.filter(pk=self.device.pk).update(name='renamed')
        self.other = make.make_device('later', site=self.site)
        self.secret.name = 'Top secret'
        self.secret.save()
        derive.settle()

    def page(self, name='registerentry_list', **parameters):
        return self.client.get(reverse(f'plugins:netbox_ims:{name}'), parameters)

    def test_the_list(self):
        page = self.page(as_of=self.moment, object_type='dcim.device')
        self.assertEqual(count_rows(page), 1)
        self.assertContains(page, 'Register as of')
        self.assertContains(page, 'Back to now')
        self.assertContains(page, 'core')
        self.assertNotContains(page, 'renamed')
        self.assertContains(page, 'Secret')
        self.assertNotContains(page, 'Top secret')
        self.assertNotContains(page, 'name="pk"')
        self.assertNotContains(self.page(), 'Register as of')

    def test_the_moment_stands_among_the_filters_in_force_as_people_write_it(self):
        page = self.page(as_of=self.moment)
        self.assertRegex(page.content.decode(), r'As of: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\s*<')

    def saved(self, user=None, **values):
        return SavedFilter.objects.create(**{
            'name': 'Then', 'slug': 'then', 'user': user or self.admin,
            'parameters': {'as_of': [self.moment], 'object_type': ['dcim.device']}, **values
        })

    def test_a_saved_filter_may_say_the_moment(self):
        saved = self.saved()
        page = self.page(filter_id=saved.pk)
        self.assertEqual(count_rows(page), 1)
        self.assertContains(page, 'Register as of')
        self.assertContains(page, 'href="/plugins/ims/register/?object_type=dcim.device">Back to now')
        self.assertEqual(count_rows(self.page(filter='then')), 1)
        exported = b''.join(self.page(filter_id=saved.pk, export='table')).decode()
        self.assertIn('core', exported)
        self.assertContains(self.page(filter_id=saved.pk, as_of='soon'), 'is no date')      # the address comes first
        SavedFilter.objects.filter(pk=saved.pk).update(parameters={'as_of': ['soon']})
        self.assertContains(self.page(filter_id=saved.pk), 'is no date')

    def test_a_saved_filter_of_somebody_else(self):
        saved = self.saved(shared=False)
        self.client.force_login(make.make_user('netbox_ims.view_registerentry', 'dcim.view_device'))
        page = self.page(filter_id=saved.pk)
        self.assertNotContains(page, 'Register as of')
        self.assertEqual(count_rows(page), count_rows(self.page()))

    def test_comparing_with_a_moment_among_the_filters_is_refused(self):
        saved = self.saved()
        for filters in ({'as_of': self.moment}, {'filter_id': saved.pk}, {'filter': 'then'}):
            with self.subTest(filters=filters):
                page = self.page('registerentry_compare', start=self.moment, **filters)
                self.assertContains(page, 'the dates are start and end')
                self.assertNotIn('table', page.context)
                status, data = RestClient(self.admin).get('register/compare/', start=self.moment, **filters)
                self.assertEqual((status, list(data)), (400, ['as_of']))

    def test_a_ci_that_is_gone_leads_to_what_is_left_of_it(self):
        url = self.device.get_absolute_url()
        self.assertContains(self.page(as_of=self.moment), f'href="{url}"')
        self.device.delete()
        retired = RetiredCI.objects.get().get_absolute_url()
        asked = (
            ('registerentry_list', {'as_of': self.moment}),
            ('registerentry_compare', {'start': self.moment, 'change': 'left'}),
        )
        for name, parameters in asked:
            with self.subTest(name):
                page = self.page(name, **parameters)
                self.assertContains(page, f'<a href="{retired}">core</a>')
                self.assertNotContains(page, f'href="{url}"')
        self.client.force_login(make.make_user('netbox_ims.view_registerentry', 'dcim.view_device'))
        for name, parameters in asked:
            with self.subTest(name, may='not see retired CIs'):
                page = self.page(name, **parameters)
                self.assertContains(page, 'core')
                self.assertNotContains(page, '">core</a>')

    def test_what_cannot_be_asked_is_said_and_shows_nothing(self):
        refused = {'nonsense': 'is no date', '2999-01-01': 'has not come', '1999-01-01': 'is known since'}
        for asked, said in refused.items():
            for name in ('registerentry_list', 'overview'):
                with self.subTest(asked, name=name):
                    page = self.page(name, as_of=asked)
                    self.assertContains(page, said)
                    self.assertNotContains(page, '>core<')
            for export in ('table', 'xlsx', ''):
                page = self.page(as_of=asked, export=export)
                self.assertEqual(page.status_code, 400)
                self.assertContains(page, 'as_of', status_code=400)

    def test_filters_of_what_has_no_history_say_so(self):
        page = self.page(as_of=self.moment, tag='none')
        self.assertContains(page, 'asks as of today')

    def test_export(self):
        rows = b''.join(self.page(as_of=self.moment, export='table')).decode()
        self.assertIn('core', rows)
        self.assertIn('Secret', rows)
        self.assertNotIn('later', rows)
        self.assertNotIn('Top secret', rows)
        page = self.page(as_of=self.moment, export='xlsx', object_type='dcim.device')
        sheet = load_workbook(io.BytesIO(page.content)).active
        values = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertIn('Register as of', values[0][0])
        self.assertEqual(len(values), 4)
        self.assertIn('core', values[3])
        self.assertIn('Secret', values[3])

    def test_export_templates_of_the_register(self):
        template = ExportTemplate.objects.create(
            name='Names', template_code='{% for entry in queryset %}{{ entry.name }} {{ entry.site }};{% endfor %}'
        )
        template.object_types.set([ObjectType.objects.get_for_model(RegisterEntry)])
        self.site.name = 'Berne'
        self.site.save()
        asked = {'as_of': self.moment, 'object_type': 'dcim.device'}
        self.assertContains(self.page(**asked), 'export=Names')
        self.assertEqual(self.page(**asked, export='Names').content.decode(), 'core Bern;')
        self.assertEqual(self.page(**asked, export='Nobody').status_code, 404)

    def test_configurations_of_the_table_are_the_registers(self):
        page = self.page(as_of=self.moment)
        self.assertIn(
            f'object_type={ObjectType.objects.get_for_model(RegisterEntry).pk}&', page.context['table'].config_params
        )
        config = TableConfig.objects.create(
            name='Mine', object_type=ObjectType.objects.get_for_model(RegisterEntry), table='RegisterEntryTable',
            user=self.admin, columns=['name']
        )
        page = self.page(as_of=self.moment)
        self.assertEqual(list(page.context['table_configs']), [config])

    def test_the_overview_counts_what_was_so_then_and_leads_to_it(self):
        now, then = self.page('overview', by='site'), self.page('overview', by='site', as_of=self.moment)
        self.assertEqual(now.context['coverage'].total.total - then.context['coverage'].total.total, 1)
        self.assertContains(then, 'Register as of')
        self.site.name = 'Berne'
        self.site.save()
        coverage = self.page('overview', by='site', as_of=self.moment).context['coverage']
        bar, = (bar for bar in coverage.bars if bar.label == 'Bern')
        self.assertEqual(count_rows(self.client.get(bar.url)), bar.figures.total)
        self.assertIn('Secret', [entry['words'] for entry in coverage.legend])
        for finding in coverage.findings:
            self.assertEqual(count_rows(self.client.get(finding['url'])), finding['count'], finding['title'])

    def test_every_column_sorts(self):
        for column in ('name', '-classification', 'site', 'asset_owner', 'as_of', 'rto', 'review_due', 'nonsense'):
            with self.subTest(column):
                self.assertContains(self.page(as_of=self.moment, sort=column), 'core')

    def test_chips(self):
        page = self.page('registerentry_chips', as_of=self.moment)
        self.assertContains(page, 'as_of=')

    def test_bulk_actions_do_not_reach_the_past(self):
        """Today's rows are not what was so then: "all that match" matches none of them."""
        url = reverse('plugins:netbox_ims:registerentry_bulk_edit') + f'?as_of={self.moment}'
        response = self.client.post(url, {'_all': '1', '_apply': '1', 'rto_minutes': '5'})
        self.assertIn(response.status_code, (200, 302))
        self.assertFalse(AssetProfile.objects.filter(rto_minutes=5).exists())

    def test_more_rows_cost_no_more_queries(self):
        few = self.count_queries(lambda: self.page(as_of=self.moment))
        for number in range(5):
            make.make_profile(make.make_device(f'more-{number}'), classification=self.secret)
        derive.settle()
        moment = later().isoformat()
        self.assertSameQueries(few, self.count_queries(lambda: self.page(as_of=moment)))
