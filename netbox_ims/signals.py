"""Django signals, each a few lines that delegate: who is behind a change, and installing triggers around migrations."""
from django.db.models.signals import m2m_changed, post_migrate, post_save, pre_delete, pre_migrate, pre_save
from django.utils import timezone

from netbox.context import current_request
from tenancy.models import Contact

from .ci_types import get_ci_types
from .constants import ENTRY_EVIDENCE, PLAN_CONTENT, SCOPE_CONTENT, STATEMENT_CONTENT
from .core_integration.branching import replay
from .models import (
    AssetProfile,
    ContinuityPlan,
    Control,
    ControlAssignment,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
    Scope,
    ScopeMember,
    SoaEntry,
    StatementOfApplicability,
)
from .services.attribution import attribute
from .services.branch_schema import has_register
from .services.derive import settle
from .services.history import begin_history
from .services.plans import note_edit_of_plan
from .services.risk import note_request
from .services.scopes import set_logged_members
from .services.soa import complete_entries, note_edit, note_edit_of_scope
from .services.triggers import drop_triggers, install_triggers


def name_the_author(sender, instance, using, **kwargs):
    """Also for `raw` saves: a merged branch replays profiles that way, with a request of its own."""
    request, replayed = current_request.get(), replay.get()
    author = (request.user if request else None, getattr(instance, '_changelog_message', None))
    if request and replayed:
        author = replayed.attribution(request, instance) or author
    attribute(using, *author)


def name_who_changes_a_ci(sender, **kwargs):
    """For the history of the register. A script makes no request: its changes have no author, and pay nothing here."""
    if current_request.get():
        name_the_author(sender, **kwargs)


RISKS = (Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment)
for model in (AssetProfile, ControlAssignment, StatementOfApplicability, ContinuityPlan, *RISKS):
    pre_save.connect(name_the_author, sender=model, dispatch_uid='netbox_ims.author')
for ci_type in get_ci_types().values():
    pre_save.connect(name_who_changes_a_ci, sender=ci_type.model, dispatch_uid='netbox_ims.author_of_ci')
# Deleting a CI takes its profile along, deleting a contact leaves an asset without its owner: both are decisions.
CIS = (ci_type.model for ci_type in get_ci_types().values())
for model in (AssetProfile, ControlAssignment, *RISKS, Contact, *CIS):
    pre_delete.connect(name_the_author, sender=model, dispatch_uid='netbox_ims.author')


SAID = {
    StatementOfApplicability: STATEMENT_CONTENT, SoaEntry: ENTRY_EVIDENCE, Scope: SCOPE_CONTENT,
    ContinuityPlan: PLAN_CONTENT,
}


def editor():
    """Whoever makes the request, if anybody does."""
    request = current_request.get()
    return request.user if request and request.user.is_authenticated else None


def says_something_else(instance, using):
    """Whether a save changes what is stored: one that does not makes nobody an editor."""
    names = [instance._meta.get_field(name).attname for name in SAID[type(instance)]]
    stored = type(instance).objects.using(using).filter(pk=instance.pk).values(*names).first()
    return stored is None or any(stored[name] != getattr(instance, name) for name in names)


def note_the_editor(sender, instance, raw, using, **kwargs):
    """Who starts or edits a statement, an entry or the scope of one, or a plan, may not be the one who approves it."""
    user = editor()
    if raw or user is None:
        return
    if sender in (SoaEntry, Scope):
        if not instance._state.adding and says_something_else(instance, using):
            if sender is Scope:
                note_edit_of_scope(instance.pk, user, using)
            else:
                note_edit(instance.statement_id, user, using)
    elif not instance.is_frozen and says_something_else(instance, using):
        instance.edited_by, instance.edited_on = user, timezone.now()


def note_who_edits_what_it_covers(sender, instance, action, pk_set, using, reverse=False, **kwargs):
    """The same for a scope's sites, tenants and CIs and for what a plan is for, which are not saved with it."""
    changed = action == 'post_clear' or action in ('post_add', 'post_remove') and pk_set
    if reverse or not changed or (user := editor()) is None:
        return
    if isinstance(instance, Scope):
        note_edit_of_scope(instance.pk, user, using)
    else:
        note_edit_of_plan(instance.pk, user, using)


def note_the_requester(sender, instance, raw, **kwargs):
    """Who asks for a risk to be accepted may not be the one who decides, and alone may change what is asked for."""
    if raw or instance.is_decided:
        return
    asked = ('justification', 'valid_until', 'risk_id')
    stored = None if instance._state.adding else sender.objects.filter(pk=instance.pk).values(*asked).first()
    if stored and all(stored[name] == getattr(instance, name) for name in asked):
        return
    request = current_request.get()
    user = request.user if request and request.user.is_authenticated else instance.requested_by
    note_request(instance, user)


pre_save.connect(note_the_requester, sender=RiskAcceptance, dispatch_uid='netbox_ims.requester')


def make_entries(sender, instance, created, raw, **kwargs):
    """A new statement has an entry for each control of its catalogue; a new control, one in each open statement."""
    if raw or not created:
        return
    if sender is StatementOfApplicability:
        complete_entries(instance, like=getattr(instance, 'copied_from', None))
        return
    for statement in StatementOfApplicability.objects.open().filter(catalog=instance.catalog_id):
        complete_entries(statement, controls=Control.objects.filter(pk=instance.pk))


def replay_members(sender, instance, using, **kwargs):
    """netbox-branching sets what was logged of a scope as attributes, and saves it: of its CIs, that does nothing."""
    if (logged := instance.__dict__.pop('cis', None)) is not None:
        set_logged_members(instance, logged, using)


post_save.connect(replay_members, sender=Scope, dispatch_uid='netbox_ims.members')
for model in (StatementOfApplicability, SoaEntry, Scope, ContinuityPlan):
    pre_save.connect(note_the_editor, sender=model, dispatch_uid='netbox_ims.editor')
for parts in (
    Scope.sites.through, Scope.tenants.through, ScopeMember, ContinuityPlan.functions.through,
    ContinuityPlan.services.through,
):
    m2m_changed.connect(note_who_edits_what_it_covers, sender=parts, dispatch_uid='netbox_ims.editor_of_parts')
for model in (StatementOfApplicability, Control):
    post_save.connect(make_entries, sender=model, dispatch_uid='netbox_ims.entries')


def before_migrations(sender, using, plan=None, **kwargs):
    """
    A later migration of NetBox's own may change what a trigger reads: none is in the way while they run. With nothing
    to migrate they stay, as dropping them means comparing the whole register afterwards.
    """
    if sender.label == 'netbox_ims' and plan != []:
        drop_triggers(using)


def after_migrations(sender, using, **kwargs):
    if sender.label != 'netbox_ims':
        return
    if install_triggers(using) is not None:
        settle(using)
    if has_register(using):
        begin_history(using)


pre_migrate.connect(before_migrations, dispatch_uid='netbox_ims.triggers')
post_migrate.connect(after_migrations, dispatch_uid='netbox_ims.triggers')
