"""What stands in the way of merging, reverting and syncing is said before it is tried, and only to who may know."""
from django.core.exceptions import ValidationError
from django.urls import reverse
from netbox_branching.jobs import MergeBranchJob

from core.models import Job
from dcim.models import Device

from netbox_ims.models import AssetProfile
from tests import factories as make

from .base import ITERATIVE, SQUASH, BranchTestCase

DELETE_AND_SQUASH = 'Delete these asset profiles in the branch, then merge it with the strategy “squash”.'


class ChecksTest(BranchTestCase):

    def setUp(self):
        super().setUp()
        self.internal, self.secret = make.make_classification('Internal'), make.make_classification('Secret')
        self.device, self.other = make.make_device('core'), make.make_device('edge')

    def classify(self, branch, device, classification):
        with self.working_in(branch):
            return make.make_profile(Device.objects.get(pk=device.pk), classification=classification)

    def delete(self, branch, obj):
        with self.working_in(branch):
            type(obj).objects.get(pk=obj.pk).delete()

    def reclassify(self, branch, profile, classification):
        with self.working_in(branch):
            profile = AssetProfile.objects.get(pk=profile.pk)
            profile.snapshot()
            profile.classification = classification
            profile.full_clean()
            profile.save()

    def message(self, branch, action, user=None):
        """Why the action is not permitted, as this user is told; None if it is."""
        with self.working_in(None, user):
            indicator = getattr(self.fresh(branch), f'can_{action}')
        return None if indicator else indicator.message

    def assertRefused(self, branch, action, text):
        """The action is refused, with these words and before anything was tried; and it would indeed have failed."""
        self.assertEqual(self.message(branch, action), text)
        before = self.register(), self.register(branch)
        with self.assertRaisesMessage(Exception, 'not permitted'):
            getattr(self, action)(branch)
        with self.assertRaises(ValidationError), self.assertLogs('netbox_branching.branch', 'ERROR'):
            getattr(self.fresh(branch, SQUASH if action == 'merge' else None), action)(user=self.user, commit=False)
        self.assertEqual((self.register(), self.register(branch)), before)

    def test_both_sides_assessed_a_ci(self):
        branch = self.make_branch()
        own = self.classify(branch, self.device, self.secret)
        self.assertIsNone(self.message(branch, 'merge'))
        self.classify(None, self.device, self.internal)
        both = '1 CI has been assessed both in the branch and in main: core (Device).'
        self.assertRefused(branch, 'merge', f'{both} {DELETE_AND_SQUASH}')
        self.assertRefused(branch, 'sync', f'{both} Delete those of the branch first, or make a new branch.')
        page = self.open_page(branch, 'merge')
        self.assertContains(page, both)
        # Nobody learns the name of a CI that they may not see.
        stranger = make.make_user('netbox_branching.view_branch', 'netbox_ims.view_registerentry')
        self.assertIn('in main: ….', self.message(branch, 'merge', stranger))

        # The way out that is named works, and the other strategy says that it won't do.
        self.delete(branch, own)
        self.assertIsNone(self.message(branch, 'merge'))
        self.assertIsNone(self.message(branch, 'sync'))
        with self.assertRaisesMessage(
            ValidationError, f'{both} The iterative strategy replays what has been undone since, too: choose “squash”.'
        ):
            self.merge(branch, ITERATIVE)
        self.sync(branch)
        self.assertEqual(self.entry(self.device, branch).classification, self.internal)
        self.merge(branch, SQUASH)
        self.assertEqual(self.entry(self.device).classification, self.internal)
        self.assertRight(branch)

    def open_page(self, branch, action):
        self.client.force_login(self.user)
        return self.client.get(reverse(f'plugins:netbox_branching:branch_{action}', args=[branch.pk]))

    def test_the_job_s_report_says_why_a_strategy_will_not_do(self):
        branch = self.make_branch()
        self.delete(branch, self.classify(branch, self.device, self.secret))
        self.classify(None, self.device, self.internal)
        MergeBranchJob.enqueue(instance=branch, user=self.user, immediate=True)
        entry, = Job.objects.get(name='Merge branch').data['report']
        self.assertIn('choose “squash”', entry['detail'])
        self.assertEqual(self.fresh(branch).status, 'ready')

    def test_what_the_branch_assessed_is_gone_in_main(self):
        profile = make.make_profile(self.other, classification=self.internal)
        branch = self.make_branch()
        own = self.classify(branch, self.device, self.secret)
        self.reclassify(branch, profile, self.secret)
        self.delete(None, self.other)
        self.assertIsNone(self.message(branch, 'merge'))
        lost = '1 asset profile that was changed in the branch is gone in main.'
        with self.assertRaisesMessage(ValidationError, lost):
            self.merge(branch, ITERATIVE)
        self.delete(None, self.device)
        self.assertRefused(
            branch, 'merge',
            f'1 CI that has been assessed on one side is gone on the other: core (Device). {DELETE_AND_SQUASH}'
        )
        self.delete(branch, own)
        self.sync(branch)
        self.assertRight(branch)
        self.merge(branch, SQUASH)
        self.assertIsNone(self.entry(self.device))
        self.assertRight(branch)

    def test_what_main_assessed_is_gone_in_the_branch(self):
        branch = self.make_branch()
        self.delete(branch, self.device)
        self.classify(None, self.device, self.secret)
        self.assertRefused(
            branch, 'sync', '1 CI that has been assessed on one side is gone on the other: core (Device). '
            'Delete those of the branch first, or make a new branch.'
        )
        self.assertIsNone(self.message(branch, 'merge'))
        self.merge(branch)
        self.assertIsNone(self.entry(self.device))
        self.assertRight(branch)

    def test_reverting_what_main_has_moved_on_from(self):
        profile = make.make_profile(self.device, classification=self.internal)
        branch = self.make_branch()
        self.delete(branch, profile)
        own = self.classify(branch, self.other, self.secret)
        self.merge(branch)
        self.assertIsNone(self.message(branch, 'revert'))
        self.classify(None, self.device, self.secret)
        self.assertRefused(
            branch, 'revert', '1 CI has been assessed both in the branch and in main: core (Device). '
            'So it can no longer be reverted.'
        )
        self.delete(None, AssetProfile.objects.get(object_id=self.device.pk))
        self.delete(None, own)
        self.revert(branch)
        self.assertEqual(self.entry(self.device).classification, self.internal)
        self.assertRight(branch)

    def test_what_is_no_obstacle(self):
        """A profile made anew, one for a CI that comes along, and one that is deleted on both sides."""
        for strategy in (ITERATIVE, SQUASH):
            with self.subTest(strategy=strategy):
                anew = make.make_profile(make.make_device(), classification=self.internal)
                gone = make.make_profile(make.make_device(), classification=self.internal)
                branch = self.make_branch(f'With {strategy}')
                self.delete(branch, anew)
                self.classify(branch, anew.object, self.secret)
                with self.working_in(branch):
                    new = make.make_device()
                self.classify(branch, new, self.secret)
                self.delete(branch, gone)
                self.delete(None, gone)
                for action in ('merge', 'sync'):
                    self.assertIsNone(self.message(branch, action))
                self.merge(branch, strategy)
                self.assertEqual(self.entry(anew.object).classification, self.secret)
                self.assertEqual(self.entry(new).classification, self.secret)
                self.assertIsNone(self.message(branch, 'revert'))
                self.revert(branch)
                self.assertEqual(self.entry(anew.object).classification, self.internal)
                self.assertRight(branch)
