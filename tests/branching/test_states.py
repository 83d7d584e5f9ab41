"""From provisioning to revert: in every state each register says what its own schema says, and all is recorded once."""
from dcim.models import Device

from netbox_ims.core_integration.branching import Schema
from netbox_ims.models import (
    AssetProfile,
    Classification,
    Dependency,
    InformationAsset,
    RegisterEntry,
    RetiredCI,
    StaleMark,
)
from netbox_ims.services.classify import classify
from netbox_ims.services.derive import settle
from tests import factories as make

from .base import ITERATIVE, SQUASH, BranchTestCase


class StatesTest(BranchTestCase):

    def setUp(self):
        super().setUp()
        self.author = make.make_user(username='ada', is_superuser=True)
        self.internal, self.secret = make.make_classification('Internal'), make.make_classification('Secret')
        self.owner = make.make_contact('Ada')
        self.berlin, self.paris = make.make_site('Berlin'), make.make_site('Paris')
        self.core, self.edge, self.old, self.spare, self.left = (
            make.make_device(name, site=self.berlin) for name in ('core', 'edge', 'old', 'spare', 'left')
        )
        self.web = make.make_service('web', parent=self.core)
        self.cluster = make.make_cluster(scope=self.berlin)
        make.make_profile(self.edge, classification=self.internal, asset_owner=self.owner)
        make.make_profile(self.old, classification=self.secret)
        make.make_dependency(self.spare, self.old)
        settle()
        self.before = self.evidence()

    def edit_branch(self, branch):
        """Of everything one can do to CIs and profiles, one: in the branch."""
        with self.working_in(branch, self.author):
            new = make.make_device('new', site=self.paris)
            make.make_service('dns', parent=new)
            make.make_dependency(self.web, new, holds_data=True)
            InformationAsset.objects.create(name='Payroll', slug='payroll')
            for ci, values in (
                (self.core, {'name': 'core-renamed', 'site': self.paris}),
                (self.cluster, {'scope': self.paris}),
            ):
                ci = type(ci).objects.get(pk=ci.pk)
                ci.snapshot()
                for name, value in values.items():
                    setattr(ci, name, value)
                ci.full_clean()
                ci.save()
            profile = AssetProfile(object=new, classification=self.secret)
            profile.full_clean()
            profile._changelog_message = 'It holds the keys'
            profile.save()
            profile = AssetProfile.objects.get(object_id=self.edge.pk)
            profile.snapshot()
            profile.classification, profile.rto_minutes = self.secret, 60
            profile.full_clean()
            profile.save()
            classify(RegisterEntry.objects.filter(name__in=('web', 'spare')), {'classification': self.internal},
                     user=self.author, reason='As agreed')
            old = Device.objects.get(pk=self.old.pk)
            old._changelog_message = 'Sold'
            old.delete()
        return new

    def edit_main(self):
        with self.working_in(None):
            left = Device.objects.get(pk=self.left.pk)
            left.snapshot()
            left.name = 'left-renamed'
            left.save()
            make.make_profile(left, classification=self.internal)
            make.make_rack('Rack 1', site=self.berlin)
            Classification.objects.create(name='Top', slug='top', level=1000)

    def test_with_the_iterative_strategy(self):
        # NetBox's own record: who made the change
        self.go_through(ITERATIVE, merged_by='ada')

    def test_with_squash(self):
        # Several changes of several people may have become one: who merges stands for them
        self.go_through(SQUASH, merged_by='grace')

    def go_through(self, strategy, merged_by):
        branch, main = self.make_branch(), self.register()
        self.assertEqual(self.register(branch), main)
        self.assertRight(branch)

        new = self.edit_branch(branch)
        self.assertEqual(self.register(), main)
        self.assertEqual(self.evidence(), self.before)
        self.assertIsNone(self.entry(new))
        self.assertEqual(self.entry(new, branch).classification_id, self.secret.pk)
        self.assertEqual(self.entry(self.core, branch).name, 'core-renamed')
        self.assertEqual(self.entry(self.web, branch).site_id, self.paris.pk)
        self.assertIsNone(self.entry(self.old, branch))
        self.assertRight(branch)

        in_branch = self.register(branch)
        self.edit_main()
        self.assertEqual(self.register(branch), in_branch)
        self.assertRight(branch)

        in_main, evidence = self.register(), self.evidence()
        self.sync(branch)
        self.assertEqual(self.register(), in_main)
        self.assertEqual(self.evidence(), evidence)
        self.assertEqual(self.entry(self.left, branch).name, 'left-renamed')
        self.assert_settled(branch)
        self.assertRight(branch)

        self.merge(branch, strategy)
        self.assertEqual(self.entry(self.core).name, 'core-renamed')
        self.assertEqual(self.entry(self.web).site_id, self.paris.pk)
        self.assertEqual(self.entry(self.edge).rto_minutes, 60)
        self.assertIsNone(self.entry(self.old))
        self.assertEqual(self.register(), self.register(branch))
        self.assert_settled()
        self.assertEqual(Dependency.objects.get().provider, new)
        self.assertRight(branch)
        self.assert_recorded_once(new, evidence, merged_by)

        self.revert(branch)
        self.assertEqual(self.register(), in_main)
        self.assert_settled()
        self.assertEqual(Dependency.objects.get().dependent, self.spare)
        self.assertRight(branch)
        reason = 'The merge of branch “Move of March” was reverted.'
        self.assertEqual(self.decisions(new)[-2:], [('withdrawn', 'grace', reason), ('retired', 'grace', reason)])
        self.assertEqual(self.decisions(self.old)[-1], ('assessed', 'grace', reason))

    def assert_settled(self, branch=None):
        """What follows from it for other CIs has been worked out as well."""
        with Schema(branch).active():
            self.assertFalse(StaleMark.objects.exists())

    def assert_recorded_once(self, new, before, merged_by):
        """Four profiles were written, and one CI that had one was deleted: nothing is missing, nothing twice."""
        decisions, retired = self.evidence()
        self.assertEqual((decisions, retired), (before[0] + 4 + 2, before[1] + 1))
        self.assertEqual(self.decisions(new), [('assessed', merged_by, 'It holds the keys')])
        self.assertEqual(self.decisions(self.web), [('assessed', merged_by, 'As agreed')])
        self.assertEqual(self.decisions(self.edge)[1:], [('assessed', merged_by, '')])
        self.assertEqual(
            self.decisions(self.old)[1:], [('withdrawn', merged_by, 'Sold'), ('retired', merged_by, 'Sold')]
        )
        retired = RetiredCI.objects.get()
        self.assertEqual(
            (retired.name, retired.classification, retired.user_name, retired.reason, retired.site_name),
            ('old', 'secret', merged_by, 'Sold', 'Berlin'),
        )

    def test_a_branch_that_is_never_merged_leaves_no_trace(self):
        branch, main = self.make_branch(), self.register()
        self.edit_branch(branch)
        self.fresh(branch).delete()
        self.assertEqual(self.register(), main)
        self.assertEqual(self.evidence(), self.before)

    def test_what_was_classified_in_bulk_can_be_edited_and_is_seen_as_a_conflict(self):
        branch = self.make_branch()
        with self.working_in(branch):
            classify(RegisterEntry.objects.filter(name='spare'), {'classification': self.internal}, user=self.user)
            profile = AssetProfile.objects.get(object_id=self.spare.pk)
            profile.snapshot()
            profile.classification = self.secret
            profile.full_clean()
            profile.save()
            classify(RegisterEntry.objects.filter(name='edge'), {'rto_minutes': 60}, user=self.user)
        with self.working_in(None):
            classify(RegisterEntry.objects.filter(name='edge'), {'rto_minutes': 90}, user=self.user)
        diffs = branch.changediff_set.filter(object_type__model='assetprofile')
        self.assertEqual(
            sorted((diff.action, diff.object_repr, diff.conflicts) for diff in diffs),
            [('create', 'spare', None), ('update', 'edge', ['rto_minutes'])],
        )
