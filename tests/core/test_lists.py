""""Classify Selected" below NetBox's own lists."""
from django.contrib.messages import get_messages
from django.test import TestCase

from core.models import ObjectChange

from netbox_ims.models import AssetProfile, Decision
from netbox_ims.views import assess
from tests import factories as make

from .estate import DEVICES, SEES, CoreEstate

URL = '/plugins/ims/register/classify-listed/'
ASSESSES = (
    *SEES, 'netbox_ims.add_assetprofile', 'netbox_ims.change_assetprofile', 'netbox_ims.view_classification',
)


class ClassifyListedTestCase(CoreEstate, TestCase):

    def send(self, parameters='', user=None, **data):
        data = {'ci_type': 'dcim.device', 'return_url': f'{DEVICES}?site=berlin', **data}
        return self.browser(user or self.root).post(f'{URL}?{parameters}', data)

    def classes(self):
        profiles = AssetProfile.objects.select_related('classification', 'register_entry')
        return {profile.register_entry.name: str(profile.classification) for profile in profiles}

    def assertUnchanged(self, response, status=302):
        self.assertEqual(response.status_code, status)
        self.assertEqual(self.classes(), {'top': 'Confidential', 'mid': 'Internal', 'blank': 'None'})

    def test_button_for_those_who_may_and_lists_of_cis_only(self):
        for user, path, there in (
            (self.root, DEVICES, True), (self.root, '/virtualization/virtual-machines/', True),
            (self.root, '/plugins/ims/information-assets/', True), (self.root, '/dcim/manufacturers/', False),
            (make.make_user(*ASSESSES), DEVICES, True), (make.make_user(*ASSESSES[:4]), DEVICES, True),
            (make.make_user(*SEES), DEVICES, False), (make.make_user('dcim.view_device'), DEVICES, False),
            (make.make_user('dcim.view_device', 'netbox_ims.add_assetprofile'), DEVICES, False),
        ):
            with self.subTest(user=user, path=path):
                response = self.browser(user).get(path)
                self.assertEqual(URL in response.content.decode(), there)
                if user is not self.root:       # no checkboxes for what can't be done
                    self.assertEqual(response.context['table'].columns['pk'].visible, there)

    def test_ticked(self):
        response = self.send(pk=[self.mid.pk, self.bare.pk], classification=[self.confidential.pk, ''])
        self.assertRedirects(response, f'{DEVICES}?site=berlin', fetch_redirect_response=False)
        self.assertEqual(self.classes(), {
            'top': 'Confidential', 'mid': 'Confidential', 'blank': 'None', 'bare': 'Confidential',
        })
        self.assertEqual(Decision.objects.filter(user_name='root').count(), 2)
        self.assertEqual(ObjectChange.objects.filter(changed_object_type__model='assetprofile').count(), 2)

    def test_all_that_match_the_filter(self):
        self.send('site=paris&ims_classification=null&name=bare', _all='on', classification=self.internal.pk)
        self.assertEqual(self.classes()['bare'], 'Internal')
        self.assertEqual(self.classes()['blank'], 'None')
        self.send('ims_classification=null', _all='on', classification=self.internal.pk)
        self.assertEqual(self.classes()['blank'], 'Internal')
        self.assertEqual(self.classes()['top'], 'Confidential')

    def test_a_filter_that_is_not_understood_matches_nothing(self):
        for parameters in ('ims_classification=x', 'ims_nope=1', 'site=nowhere', 'role_id=x'):
            with self.subTest(parameters):
                self.assertUnchanged(self.send(parameters, _all='on', classification=self.internal.pk))

    def test_nothing_that_could_be_ticked(self):
        for pks in ([], ['x'], [0], [10 ** 9]):
            response = self.send(pk=pks, classification=self.internal.pk)
            self.assertUnchanged(response)
            self.assertIn('No CIs were selected.', [str(m) for m in get_messages(response.wsgi_request)])

    def test_what_may_not_be_seen_can_not_be_ticked(self):
        user = make.make_user(*ASSESSES[1:])
        make.grant(user, 'dcim.view_device', constraints={'site__slug': 'paris'})
        self.send(user=user, pk=[self.mid.pk, self.bare.pk], classification=self.confidential.pk)
        self.assertEqual(self.classes(), {
            'top': 'Confidential', 'mid': 'Internal', 'blank': 'None', 'bare': 'Confidential',
        })

    def test_others_are_refused(self):
        for user in (make.make_user(*SEES), make.make_user('dcim.view_device', 'netbox_ims.add_assetprofile')):
            self.assertUnchanged(self.send(user=user, pk=[self.mid.pk], classification=self.confidential.pk), 403)

    def test_types_that_are_no_ci(self):
        for label in ('dcim.manufacturer', 'nope.nope', '', 'dcim.device '):
            self.assertUnchanged(self.send(ci_type=label, pk=[self.mid.pk], classification=self.internal.pk), 404)

    def test_what_is_wrong_is_shown_on_a_form_that_can_be_sent_again(self):
        response = self.send('site=berlin', pk=[self.mid.pk], classification='')
        self.assertUnchanged(response, 200)
        self.assertContains(response, 'choose at least one value')
        self.assertContains(response, f'action="{URL}?site=berlin"')
        self.assertContains(response, '<input type="hidden" name="ci_type" value="dcim.device">')
        self.send(pk=[self.mid.pk], _apply='on', classification=self.confidential.pk, rto_minutes='4h')
        profile = AssetProfile.objects.get(object_id=self.mid.pk, object_type__model='device')
        self.assertEqual((str(profile.classification), profile.rto_minutes), ('Confidential', 240))

    def test_the_background_job_gets_the_same_request(self):
        sent = []
        def enqueue(view, request, name=None):
            sent.append((view, request.POST['ci_type'], request.GET['site']))
            return True
        original, assess.process_request_as_job = assess.process_request_as_job, enqueue
        self.addCleanup(setattr, assess, 'process_request_as_job', original)
        self.send('site=berlin', _all='on', _apply='on', background_job='on', classification=self.internal.pk)
        self.assertEqual(sent, [(assess.ListedClassifyView, 'dcim.device', 'berlin')])
