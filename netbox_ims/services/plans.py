"""
Continuity plans: the steps from a draft to an approved version, its end, and the next version.

What may follow what, and what keeps a plan from being approved, is decided in rules/continuity.py.
"""
from django.db import router, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from netbox.plugins import get_plugin_config

from ..choices import PlanStatusChoices, PlanTypeChoices
from ..constants import PLAN_SECTIONS
from ..events import PLAN_APPROVED, PLAN_RETIRED
from ..models import ContinuityPlan
from ..querysets.visibility import is_superuser
from ..rules import continuity as rules
from ..rules.canonical import digest
from ..rules.statements import may_approve
from .attribution import attribute
from .branch_schema import in_branch
from .change_log import fire
from .refusals import Refused
from .snapshots import moment, person

__all__ = (
    'approval_refusals', 'approve', 'missing_sections', 'new_version', 'note_edit_of_plan', 'retire', 'text_of',
    'visible_part',
)

FORMAT = 'netbox_ims continuity plan 1'


def _gaps(plan):
    facts = rules.PlanFacts(
        plan.plan_type, plan.sections, plan.functions.count(), plan.services.count(), plan.parent_id is not None
    )
    return rules.find_gaps(facts, get_plugin_config('netbox_ims', 'service_plans_need_business_plan'))


def _describe(plan, kind, section):
    if kind == 'empty':
        label = capfirst(ContinuityPlan._meta.get_field(section).verbose_name)
        return _('“{section}” is empty.').format(section=label)
    if kind == 'parent':
        return _('It does not say which business plan it follows from.')
    if plan.plan_type == PlanTypeChoices.BUSINESS:
        return _('It is not for any business function.')
    return _('It is not for any IT service.')


def missing_sections(plan):
    """Names of the required sections that are still empty."""
    return [section for kind, section in _gaps(plan) if kind == 'empty']


def approval_refusals(plan, user):
    """Why `user` can't approve the plan as it is, as sentences; empty if nothing stands against it."""
    reasons = [_describe(plan, kind, section) for kind, section in _gaps(plan)]
    self_approval = get_plugin_config('netbox_ims', 'plan_self_approval')
    if not may_approve(user.pk if user else None, plan.edited_by_id, self_approval):
        reasons.append(_('You edited it last, so someone else approves.'))
    if in_branch():
        reasons.append(_('A plan is approved in main, not in a branch.'))
    return reasons


def note_edit_of_plan(plan_id, user, using):
    """Somebody edits what a draft is for: remember who, for the second pair of eyes on approval."""
    ContinuityPlan.objects.using(using).filter(pk=plan_id, status=PlanStatusChoices.DRAFT).update(
        edited_by=user, edited_on=timezone.now()
    )


def approve(plan, user, reason=''):
    """
    Approve a draft: write down and hash what it says, and retire the version in force. Whether the user has the
    permission is for the caller to check. Raises Refused with all that stands against it.
    """
    using = router.db_for_write(ContinuityPlan)
    with transaction.atomic(using=using):
        plan = _locked(plan)
        before = list(ContinuityPlan.objects.using(using).select_for_update().filter(
            name=plan.name, status=PlanStatusChoices.APPROVED
        ))
        _step(plan, rules.APPROVE)
        if reasons := approval_refusals(plan, user):
            raise Refused(_('{plan} cannot be approved.').format(plan=plan), reasons)
        attribute(using, user, reason)
        for old in before:
            _retire(old, reason)
        plan.approved_by, plan.approved_on = user, timezone.now()
        plan.as_approved = _write_down(plan)
        plan.sha256 = digest(plan.as_approved)
        plan._changelog_message = reason
        plan.save()
        fire(PLAN_APPROVED, plan)
    return plan


def retire(plan, user, reason=''):
    """Take an approved plan out of force. Raises Refused."""
    using = router.db_for_write(ContinuityPlan)
    with transaction.atomic(using=using):
        plan = _locked(plan)
        attribute(using, user, reason)
        _retire(plan, reason)
    return plan


def new_version(plan, user=None):
    """A new draft that says what the plan says. Raises Refused while it is itself a draft, or another version is."""
    with transaction.atomic(using=router.db_for_write(ContinuityPlan)):
        plan = _locked(plan)
        if rules.next_status(plan.status, rules.NEW_VERSION) is None:
            raise Refused(_('{plan} is {status}: edit it instead.').format(
                plan=plan, status=plan.get_status_display().lower()
            ))
        if other := ContinuityPlan.objects.filter(name=plan.name, status=PlanStatusChoices.DRAFT).first():
            raise Refused(_('There is a draft already.'), [str(other)])
        draft = ContinuityPlan(
            name=plan.name, plan_type=plan.plan_type, parent=plan.parent, description=plan.description,
            comments=plan.comments, edited_by=user, edited_on=timezone.now(), **plan.sections
        )
        draft.full_clean()
        draft.save()
        for name in ContinuityPlan.SUBJECTS:
            getattr(draft, name).set(getattr(plan, name).all())
    return draft


def text_of(plan):
    """What the plan says: as it was approved, or as it is now while it is a draft."""
    return plan.as_approved if plan.is_frozen else _write_down(plan)


def visible_part(text, user):
    """The same without the functions, services and the business plan that the user may not see."""
    parts = {}
    for name in ContinuityPlan.SUBJECTS:
        model = ContinuityPlan._meta.get_field(name).related_model
        ids = [each['id'] for each in text[name]]
        seen = set(model.objects.restrict(user, 'view').filter(pk__in=ids).values_list('pk', flat=True))
        # What is gone is nobody's secret to those who may see all there is.
        parts[name] = text[name] if is_superuser(user) else [each for each in text[name] if each['id'] in seen]
    if parent := text['parent']:
        known = ContinuityPlan.objects.restrict(user, 'view').filter(name=parent['name'], version=parent['version'])
        parts['parent'] = parent if is_superuser(user) or known.exists() else None
    return {**text, **parts}


def _locked(plan):
    """The plan as it is now, locked against whoever else would take a step."""
    locked = ContinuityPlan.objects.using(router.db_for_write(ContinuityPlan)).select_for_update(of=('self',))
    fresh = locked.get(pk=plan.pk)
    fresh.snapshot()
    return fresh


def _step(plan, action):
    status = rules.next_status(plan.status, action)
    if status is None:
        needed = {
            rules.APPROVE: _('Only a draft can be approved.'), rules.RETIRE: _('Only an approved plan can be retired.')
        }
        detail = _('{plan} is {status}.').format(plan=plan, status=plan.get_status_display().lower())
        raise Refused(detail, [needed[action]])
    plan.status = status


def _retire(plan, reason):
    plan.snapshot()
    _step(plan, rules.RETIRE)
    plan._changelog_message = reason
    plan.save()
    fire(PLAN_RETIRED, plan)


def _write_down(plan):
    """All that the plan says as plain data: nothing that could be renamed or deleted behind it."""
    parent = plan.parent
    return {
        'format': FORMAT,
        'name': plan.name, 'version': plan.version, 'plan_type': plan.plan_type, 'status': plan.status,
        'description': plan.description, 'comments': plan.comments,
        'parent': {'name': parent.name, 'version': parent.version, 'sha256': parent.sha256} if parent else None,
        'functions': [
            {'id': each.pk, 'name': each.name, 'mtpd_minutes': each.mtpd_minutes} for each in plan.functions.all()
        ],
        'services': [{'id': each.pk, 'name': each.name} for each in plan.services.all()],
        'sections': {name: getattr(plan, name) for name in PLAN_SECTIONS},
        'prepared_by': person(plan.edited_by), 'prepared_on': moment(plan.edited_on),
        'approved_by': person(plan.approved_by), 'approved_on': moment(plan.approved_on),
    }
