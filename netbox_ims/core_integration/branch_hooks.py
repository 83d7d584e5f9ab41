"""What netbox-branching is told of the plugin, and what it tells us. Imported only where it is installed."""
import logging

from netbox_branching import signals
from netbox_branching.models import Branch
from netbox_branching.utilities import register_branching_resolver, supports_branching

from ..ci_types import get_ci_types
from ..models import RegisterEntry
from ..services.branch_schema import adopt_schema
from ..services.derive import settle
from ..services.triggers import drop_triggers, install_triggers
from .branch_checks import may_merge, may_revert, may_sync, refuse_by_strategy
from .branching import UNLOGGED, Replay, Schema, replay

__all__ = ('install',)

logger = logging.getLogger('netbox_ims.branching')
PATIENCE = 10       # seconds to wait for somebody else who is working out derived values; then it is for the system job
BRANCHED = {model._meta.label_lower for model in UNLOGGED}


def install():
    register_branching_resolver(is_branched)
    for check, action in ((may_merge, 'merge'), (may_revert, 'revert'), (may_sync, 'sync')):
        Branch.register_preaction_check(check, action)
    for signal, receiver in (
        (signals.pre_migrate, before_migrations),
        (signals.post_migrate, after_migrations),
        (signals.pre_merge, before_merge),
        (signals.post_merge, after_replay),
        (signals.pre_revert, before_revert),
        (signals.post_revert, after_replay),
        (signals.post_sync, after_sync),
    ):
        signal.connect(receiver, dispatch_uid=f'netbox_ims.{receiver.__name__}')
    warn_of_exemptions()


def is_branched(model):
    """True for what has no change log and belongs to a branch all the same; None leaves it to netbox-branching."""
    return True if model._meta.label_lower in BRANCHED else None


def warn_of_exemptions():
    """What a branch has no copy of, the register of that branch can't keep up with."""
    if not supports_branching(RegisterEntry):
        logger.warning(
            'netbox-branching exempts netbox_ims: branches show the register of main, whatever is changed in them.'
        )
        return
    for label, ci_type in get_ci_types().items():
        if not supports_branching(ci_type.model):
            logger.warning(
                'netbox-branching exempts %s: in a branch, the register says of these CIs what was so when the branch '
                'was made.', label
            )


def before_migrations(branch, **kwargs):
    """As in main: functions are main's and may already read a column that the branch has yet to be given."""
    drop_triggers(branch.connection_name)


def after_migrations(branch, **kwargs):
    """A branch older than the plugin has empty tables of it now; any other has its register compared."""
    with Schema(branch).active() as schema:
        if schema.has_register:
            adopt_schema(schema.using, branch.last_sync or branch.created)
            install_triggers(schema.using, force=True)
            settle(schema.using, PATIENCE)


def before_merge(branch, user, **kwargs):
    refuse_by_strategy(branch, user)
    replay.set(Replay(branch.connection_name, branch.name))


def before_revert(branch, user, **kwargs):
    replay.set(Replay(branch.connection_name, branch.name, reverted_by=user))


def after_replay(**kwargs):
    replay.set(None)
    settle(Schema().using, PATIENCE)


def after_sync(branch, **kwargs):
    with Schema(branch).active() as schema:
        if schema.has_register:
            settle(schema.using, PATIENCE)
