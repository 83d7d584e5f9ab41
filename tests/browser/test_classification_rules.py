from core.models import Job

from netbox_ims.jobs import RunRulesJob
from netbox_ims.models import Classification, ClassificationRule, RegisterEntry

from ..factories import make_device, make_profile, make_role, make_site
from .base import BrowserTestCase


class ClassificationRuleBrowserTestCase(BrowserTestCase):

    def setUp(self):
        super().setUp()
        self.role = make_role('Database', slug='database')
        self.site = make_site('Hamburg')
        self.devices = [make_device(f'db-{number}', site=self.site, role=self.role) for number in (1, 2, 3)]
        make_device('web-1', site=self.site)
        make_profile(self.devices[2], classification=Classification.objects.get(slug='public'))

    def work(self):
        """What the worker would do with the job just started."""
        job = Job.objects.latest('pk')
        request = self.queued(job).kwargs['request']
        RunRulesJob.handle(job, request=request)
        return job

    def queued(self, job):
        import django_rq
        return django_rq.get_queue(job.queue_name).fetch_job(str(job.job_id))

    def classified(self):
        entries = RegisterEntry.objects.filter(classification__isnull=False)
        return dict(entries.values_list('name', 'classification__slug'))

    def test_from_a_filtered_list_to_a_rule_its_preview_and_a_run(self):
        self.open('/dcim/devices/?role=database')
        self.page.get_by_role('link', name='Rule From Filter').click()
        self.page.fill('input[name=name]', 'Databases')
        self.page.select_option('select[name=mode]', 'apply', force=True)
        self.pick(self.page.locator('#id_classification + .ts-wrapper .ts-control'), 'Confidential')
        self.page.locator('button[name=_create]').click()
        self.page.get_by_role('link', name='Preview').click()
        for figure, expected in (
            ('matches', '3'), ('would_change', '2'), ('already_classified', '1'), ('claimed_by_earlier', '0'),
        ):
            self.assertEqual(self.page.locator(f'#ims-{figure}').inner_text(), expected, figure)
        rows = self.page.locator('#object_list tbody').inner_text()
        self.assertIn('db-1', rows)
        self.assertNotIn('db-3', rows)
        self.page.locator('a:has(#ims-already_classified)').click()
        self.page.locator('#object_list a:text-is("db-3")').wait_for()
        self.assertEqual(self.classified(), {'db-3': 'public'})

        self.page.get_by_role('button', name='Run').click()
        self.page.get_by_text('Started as background job').wait_for()
        self.work()
        self.assertEqual(self.classified(), {'db-1': 'confidential', 'db-2': 'confidential', 'db-3': 'public'})
        self.open(ClassificationRule.objects.get().get_absolute_url() + 'preview/')
        self.assertEqual(self.page.locator('#ims-would_change').inner_text(), '0')

    def test_accepting_suggestions(self):
        ClassificationRule.objects.create(
            name='Databases', object_type=RegisterEntry.objects.get(name='db-1').object_type,
            filter={'role': ['database']}, classification=Classification.objects.get(slug='internal'),
        )
        self.open('/plugins/ims/register/suggestions/')
        self.page.locator('tr:has(a:text-is("db-1")) input[name=pk]').check()
        self.page.get_by_role('button', name='Accept Selected').click()
        self.page.get_by_text('Suggestions accepted for 1 CIs').wait_for()
        self.assertEqual(self.classified(), {'db-1': 'internal', 'db-3': 'public'})

        self.open(self.devices[1].get_absolute_url())
        self.page.locator('#ims-suggestion').get_by_role('button', name='Accept').click()
        self.page.get_by_text('Suggestions accepted for 1 CIs').wait_for()
        self.assertEqual(self.page.locator('#ims-suggestion').count(), 0)
        self.assertEqual(self.classified()['db-2'], 'internal')

    def test_a_wrong_filter_is_said_at_its_field_and_nothing_is_lost(self):
        self.open('/plugins/ims/classification-rules/add/')
        self.page.fill('input[name=name]', 'Databases')
        self.pick(self.page.locator('#id_object_type + .ts-wrapper .ts-control'), 'Device')
        self.page.fill('textarea[name=filter]', '/dcim/devices/?rol=database')
        self.pick(self.page.locator('#id_classification + .ts-wrapper .ts-control'), 'Internal')
        self.page.locator('button[name=_create]').click()
        self.page.get_by_text('“rol” is no filter of devices').wait_for()
        self.assertEqual(self.page.input_value('input[name=name]'), 'Databases')
        self.assertEqual(ClassificationRule.objects.count(), 0)
