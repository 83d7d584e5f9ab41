"""
Statements of applicability: their entries, and the steps from a draft to an approved version and the next one.

What may follow what, and what keeps a statement from being approved, is decided in rules/statements.py.
"""
from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from netbox.plugins import get_plugin_config

from ..constants import ENTRY_CONTENT
from ..events import STATEMENT_APPROVED, STATEMENT_SUPERSEDED
from ..models import Scope, SoaEntry, StatementOfApplicability
from ..rules import statements as rules
from ..rules.canonical import digest
from .attribution import attribute
from .branch_schema import in_branch
from .change_log import fire, log_bulk_change
from .completeness import check
from .refusals import Refused
from .statement_text import write_down

__all__ = (
    'approval_refusals', 'approve', 'complete_entries', 'new_version', 'note_edit', 'note_edit_of_scope', 'submit',
)


def complete_entries(statement, controls=None, like=None):
    """
    Make the entries that the statement lacks: one for each control of its catalogue (or each of `controls`). `like` is
    a statement of the same catalogue to copy what is said of each control from. Returns the new entries.
    """
    using, known = router.db_for_write(SoaEntry), statement.entries.values('control_id')
    controls = statement.catalog.controls.all() if controls is None else controls
    said = {entry.control_id: entry for entry in like.entries.all()} if like else {}
    new = []
    for control in controls.exclude(pk__in=known):
        entry = SoaEntry(statement=statement, control=control)
        entry._prefetched_objects_cache = {'tags': []}
        if control.pk in said:
            for field in ENTRY_CONTENT:
                setattr(entry, field, getattr(said[control.pk], field))
        new.append(entry)
    SoaEntry.objects.using(using).bulk_create(new)
    log_bulk_change(created=new, updated=[], user=None, message='', using=using)
    return new


def note_edit(statement_id, user, using):
    """
    Somebody edits a statement or one of its entries: remember who, for the second pair of eyes on approval. Before the
    entry itself is written, so that two who edit at once wait for each other instead of deadlocking.
    """
    _note_edit(StatementOfApplicability.objects.using(using).filter(pk=statement_id), user)


def note_edit_of_scope(scope_id, user, using):
    """The same where somebody edits what a scope says or covers, which its statements repeat on approval."""
    with transaction.atomic(using=using):
        Scope.objects.using(using).hold(scope_id)
        _note_edit(StatementOfApplicability.objects.using(using).filter(scope=scope_id), user)


def _note_edit(statements, user):
    statements.open().update(edited_by=user, edited_on=timezone.now())


def submit(statement, user=None):
    """Hand a draft over for review. Raises Refused."""
    with transaction.atomic(using=router.db_for_write(StatementOfApplicability)):
        statement = _locked(statement)
        _step(statement, rules.SUBMIT)
        statement.submitted_by, statement.submitted_on = user, timezone.now()
        statement.save()
    return statement


def approval_refusals(statement, user, completeness=None):
    """
    Why `user` can't approve the statement as it is, as sentences in the words a page shows: its gaps, and who edited it
    last. Empty if nothing stands against it.
    """
    completeness = completeness or check(statement, user)
    reasons = list(completeness.reasons)
    self_approval = get_plugin_config('netbox_ims', 'soa_self_approval')
    if not rules.may_approve(user.pk if user else None, statement.edited_by_id, self_approval):
        reasons.append(_('You edited it last, so someone else approves.'))
    in_force = StatementOfApplicability.objects.in_force_with(statement).values_list('version', flat=True).first()
    if not rules.may_follow(statement.version, in_force):
        reasons.append(_('Version {version}, which is higher, is in force.').format(version=in_force))
    if in_branch():
        reasons.append(_('A statement is approved in main, not in a branch.'))
    return reasons


def approve(statement, user, reason=''):
    """
    Approve a statement that is in review: write down and hash what it says, and supersede the version in force.
    Whether the user has the permission is for the caller to check. Raises Refused with all that stands against it.
    """
    using = router.db_for_write(StatementOfApplicability)
    with transaction.atomic(using=using):
        Scope.objects.using(using).hold(statement.scope_id)
        statement = _locked(statement)
        before = list(StatementOfApplicability.objects.using(using).select_for_update().in_force_with(statement))
        _step(statement, rules.APPROVE)
        if reasons := approval_refusals(statement, user):
            raise Refused(_('{statement} cannot be approved.').format(statement=statement), reasons)
        attribute(using, user, reason)
        for old in before:
            _supersede(old, reason)
        statement.approved_by, statement.approved_on = user, timezone.now()
        statement.as_approved = write_down(statement, replaces=before[0] if before else None)
        statement.sha256 = digest(statement.as_approved)
        statement._changelog_message = reason
        statement.save()
        fire(STATEMENT_APPROVED, statement)
    return statement


def new_version(statement, user=None):
    """
    A new draft of the same catalogue and scope with everything the statement says copied forward, and entries for what
    the catalogue has gained since. Raises Refused while the statement is itself open, or another version is.
    """
    using = router.db_for_write(StatementOfApplicability)
    with transaction.atomic(using=using):
        Scope.objects.using(using).hold(statement.scope_id)
        if rules.next_status(statement.status, rules.NEW_VERSION) is None:
            raise Refused(_('{statement} is {status}: edit it instead.').format(
                statement=statement, status=statement.get_status_display().lower()
            ))
        same = {'catalog': statement.catalog, 'scope': statement.scope}
        if other := StatementOfApplicability.objects.filter(**same).open().first():
            raise Refused(_('There is an open version already.'), [str(other)])
        draft = StatementOfApplicability(**same, description=statement.description, edited_by=user)
        draft.copied_from = statement
        draft.full_clean()
        draft.save()
    return draft


def _locked(statement):
    """The statement as it is now, locked against whoever else would take a step."""
    using = router.db_for_write(StatementOfApplicability)
    locked = StatementOfApplicability.objects.using(using).select_for_update(of=('self',))
    fresh = locked.select_related('scope', 'catalog').get(pk=statement.pk)
    fresh.snapshot()
    return fresh


def _step(statement, action):
    status = rules.next_status(statement.status, action)
    if status is None:
        raise Refused(_('{statement} is {status}.').format(
            statement=statement, status=statement.get_status_display().lower()
        ), [_NEEDED[action]()])
    statement.status = status


_NEEDED = {
    rules.SUBMIT: lambda: _('Only a draft can be submitted for review.'),
    rules.APPROVE: lambda: _('Only a statement in review can be approved.'),
}


def _supersede(statement, reason):
    statement.snapshot()
    statement.status = rules.next_status(statement.status, rules.SUPERSEDE)
    statement._changelog_message = reason
    statement.save()
    fire(STATEMENT_SUPERSEDED, statement)
