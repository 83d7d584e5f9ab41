"""The CIs of a scope, which are no objects of their own, in a branch: apart from main's, and merged with the scope."""
from dcim.models import Device

from netbox_ims.core_integration.branching import Schema
from netbox_ims.models import Scope, ScopeMember
from netbox_ims.services.scopes import set_members
from tests import factories as make

from .base import ITERATIVE, SQUASH, BranchTestCase


class ScopesTest(BranchTestCase):

    def setUp(self):
        super().setUp()
        self.kept, self.old, self.added = (make.make_device(name) for name in ('kept', 'old', 'added'))
        self.scope = make.make_scope('Hosting', cis=[self.kept, self.old])

    def covered(self, branch=None):
        """{name of a scope: ids of its CIs}"""
        with Schema(branch).active():
            covered = {scope.name: set() for scope in Scope.objects.all()}
            for member in ScopeMember.objects.select_related('scope'):
                covered[member.scope.name].add(member.object_id)
            return covered

    def set_members(self, scope, *devices):
        scope.snapshot()
        type_id = ScopeMember._meta.get_field('object_type').related_model.objects.get_for_model(Device).pk
        set_members(scope, [(type_id, device.pk) for device in devices])
        scope.save()

    def test_with_the_iterative_strategy(self):
        self.go_through(ITERATIVE)

    def test_with_squash(self):
        self.go_through(SQUASH)

    def go_through(self, strategy):
        before = {'Hosting': {self.kept.pk, self.old.pk}}
        branch = self.make_branch()
        self.assertEqual(self.covered(branch), before)
        with self.working_in(branch):
            self.set_members(Scope.objects.get(pk=self.scope.pk), self.kept, self.old, self.added)
            new = Scope.objects.create(name='Offices', standard=self.scope.standard)
            self.set_members(new, self.added)
            Device.objects.get(pk=self.old.pk).delete()
        after = {'Hosting': {self.kept.pk, self.added.pk}, 'Offices': {self.added.pk}}
        self.assertEqual(self.covered(branch), after)
        self.assertEqual(self.covered(), before)

        self.merge(branch, strategy)
        self.assertEqual(self.covered(), after)
        self.assertRight(branch)
