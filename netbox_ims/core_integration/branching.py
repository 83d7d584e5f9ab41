"""
The register under netbox-branching, where that is installed (docs/guides/branching.md). Safe to import where it is not.

A branch is a copy of NetBox's tables in a schema of its own. The register, and the evidence, are copied with it and
kept there by the same triggers; merging replays the branch's changes in main, where main's triggers see them.
"""
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.translation import gettext as _

from core.choices import ObjectChangeActionChoices
from core.models import ObjectChange

from ..models import (
    Alignment,
    ConfigurationChange,
    Decision,
    RegisterEntry,
    RetiredCI,
    ScopeMember,
    StaleMark,
)
from ..services.branch_schema import has_register

__all__ = ('UNLOGGED', 'Replay', 'Schema', 'branch_of', 'in_branch_of', 'install_branching', 'replay', 'schemas')

# What is not change-logged by itself, which is all that netbox-branching copies unless told to: what triggers write or
# is derived, and the CIs of a scope, which are logged with it, and which a trigger takes out of it when they go.
UNLOGGED = (RegisterEntry, Alignment, StaleMark, ConfigurationChange, Decision, RetiredCI, ScopeMember)


def is_installed():
    return apps.is_installed('netbox_branching')


def install_branching():
    if is_installed():
        from . import branch_hooks
        branch_hooks.install()


#
# Which branch something happens in
#

def branch_of(request):
    """The branch that a request works in, or None: main."""
    return getattr(request, 'active_branch', None)


@contextmanager
def in_branch_of(request):
    """What happens inside happens in the branch that the request worked in, or in main."""
    with _activated(branch_of(request)):
        yield


@contextmanager
def _activated(branch):
    if not is_installed():
        yield
        return
    from netbox_branching.utilities import activate_branch
    with activate_branch(branch):
        yield


@dataclass(frozen=True)
class Schema:
    """Where a register is kept: main, or a branch that is ready to be worked in."""
    branch: object = None

    @property
    def using(self):
        """The alias of its database connection."""
        return self.branch.connection_name if self.branch else DEFAULT_DB_ALIAS

    @property
    def label(self):
        """In front of what is said of it; nothing for main, which is all there is without branches."""
        return _('branch “{name}”: ').format(name=self.branch) if self.branch else ''

    @property
    def has_register(self):
        """False for a branch that was made before the plugin was told of to netbox-branching: it sees main's."""
        return has_register(self.using)

    @contextmanager
    def active(self):
        """What happens inside happens there. For jobs and commands: the connection to a branch is closed afterwards."""
        with _activated(self.branch):
            try:
                yield self
            finally:
                if self.branch:
                    connections[self.using].close()


def schemas():
    """Main, and every branch that is ready, one after the other."""
    yield Schema()
    if not is_installed():
        return
    from netbox_branching.choices import BranchStatusChoices
    from netbox_branching.models import Branch
    from netbox_branching.utilities import supports_branching
    if supports_branching(RegisterEntry):
        for branch in Branch.objects.filter(status=BranchStatusChoices.READY):
            yield Schema(branch)


#
# Who is behind what a merge replays
#

@dataclass(frozen=True)
class Replay:
    """
    A branch whose changes are being merged into main or, with `reverted_by`, taken back there. netbox-branching makes
    the request, and names in it who made the change; neither the reason given then, nor who takes it back now.
    """
    using: str
    branch_name: str
    reverted_by: object = None

    def attribution(self, request, instance):
        """(user, reason) of the change to `instance`, or None if this request is none of those replayed."""
        changes = ObjectChange.objects.using(self.using).filter(request_id=request.id)
        if self.reverted_by:
            reason = _('The merge of branch “{name}” was reverted.').format(name=self.branch_name)
            return (self.reverted_by, reason) if changes.exists() else None
        own = changes.filter(
            changed_object_type__app_label=instance._meta.app_label,
            changed_object_type__model=instance._meta.model_name, changed_object_id=instance.pk,
        )
        if (change := own.first()) is None:
            return None
        reason = change.message
        if not reason and change.action == ObjectChangeActionChoices.ACTION_DELETE:
            # What goes along with something else, as a profile with its CI, has no message of its own.
            deletions = changes.filter(action=change.action).exclude(message='')
            reason = deletions.values_list('message', flat=True).first() or ''
        return request.user, reason


replay = ContextVar('netbox_ims_replay', default=None)
