"""Branches for tests. Each costs seconds: they are made outside of any transaction, so nothing here is rolled back."""
from contextlib import contextmanager
from io import StringIO

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.test import TransactionTestCase
from netbox_branching.choices import BranchMergeStrategyChoices, BranchStatusChoices
from netbox_branching.models import Branch

from netbox_ims.core_integration.branching import Schema, in_branch_of
from netbox_ims.models import Decision, RegisterEntry, RetiredCI
from netbox_ims.services.derive import settle
from netbox_ims.services.reconcile import find_drift
from netbox_ims.services.triggers import trigger_status
from tests import factories as make
from tests.base import as_user
from tests.register.checks import actual_derived, actual_register, expected_derived, expected_register

__all__ = ('ITERATIVE', 'SQUASH', 'BranchTestCase', 'execute', 'register_check')

ITERATIVE, SQUASH = BranchMergeStrategyChoices.ITERATIVE, BranchMergeStrategyChoices.SQUASH


def execute(using, sql, *params):
    """Raw SQL on one connection; its rows, if it has any."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def register_check(action='--check'):
    """(whether it is right, what is said) by `ims_register`."""
    out = StringIO()
    try:
        call_command('ims_register', action, stdout=out, stderr=out)
    except CommandError as e:
        return False, f'{out.getvalue()}{e}'
    return True, out.getvalue()


class BranchTestCase(TransactionTestCase):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.aliases = set()        # of connections that may be open
        self.user = make.make_user(username='grace', is_superuser=True)
        self.addCleanup(self.drop_branches)

    def drop_branches(self):
        for alias in self.aliases:
            connections[alias].close()
        for branch in Branch.objects.all():
            Branch.objects.filter(pk=branch.pk).update(status=BranchStatusChoices.READY)
            Branch.objects.get(pk=branch.pk).delete()

    def make_branch(self, name='Move of March'):
        branch = Branch(name=name)
        branch.save(provision=False)
        branch.provision(user=self.user)
        self.aliases.add(branch.connection_name)
        return self.fresh(branch)

    def fresh(self, branch, strategy=None):
        """As a job reads it: what it may do is remembered for as long as the object lives."""
        branch = Branch.objects.get(pk=branch.pk)
        if strategy:
            branch.merge_strategy = strategy
        return branch

    def merge(self, branch, strategy=ITERATIVE):
        self.fresh(branch, strategy).merge(user=self.user)

    def sync(self, branch):
        self.fresh(branch).sync(user=self.user)

    def revert(self, branch):
        self.fresh(branch).revert(user=self.user)

    @contextmanager
    def working_in(self, branch, user=None):
        """One request of a user: in a branch, or in main (None)."""
        with as_user(user or self.user) as request:
            request.active_branch = branch
            with in_branch_of(request):
                yield

    # -- what is so

    def register(self, branch=None):
        """{(type, id): columns} of the register of a branch, or main's."""
        with Schema(branch).active():
            return dict(actual_register())

    def entry(self, ci, branch=None):
        with Schema(branch).active():
            return RegisterEntry.objects.of(ci).first()

    def assertRight(self, *branches):
        """In main and in these branches the register says what CIs and profiles of the same schema say."""
        for branch in (None, *branches):
            with Schema(branch).active() as schema, self.subTest(schema=schema.label or 'main'):
                self.assertTrue(trigger_status(schema.using).ok)
                self.assertEqual(dict(actual_register()), expected_register())
                settle(schema.using)
                derived, _alignment = expected_derived()        # the latter is compared by find_drift()
                self.assertEqual(actual_derived(), derived)
                self.assertEqual([str(drift) for drift in find_drift(schema.using)], [])

    def decisions(self, ci, pk=None):
        """(action, user, reason) of main's decisions about a CI, oldest first."""
        about = Decision.objects.filter(object_type=ContentType.objects.get_for_model(ci), object_id=pk or ci.pk)
        return list(about.order_by('pk').values_list('action', 'user_name', 'reason'))

    def evidence(self):
        """How many decisions and retired CIs there are in main."""
        return Decision.objects.count(), RetiredCI.objects.count()
