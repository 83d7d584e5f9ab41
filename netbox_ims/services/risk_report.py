"""
The risk register and the risk treatment plan as plain rows, of what a user may see: what every export is made from
(exports/risks.py).
"""
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..choices import RiskTreatmentChoices
from ..models import Classification, Clause, Control, RiskTreatment, Standard
from ..rules.durations import format_minutes
from ..rules.risks import STAGES

__all__ = ('facts_of', 'plan_rows', 'register_rows')

BATCH = 500


def register_rows(risks, user):
    """A dictionary for each risk of a restricted queryset, with the keys of exports.risks.REGISTER."""
    names = dict(Classification.objects.values_list('level', 'name'))
    return [_register_row(risk, names) for risk in _read(risks.with_affected(user), user)]


def plan_rows(risks, user):
    """
    The same with the keys of exports.risks.PLAN: a row for each action, and one for a risk without any that is neither
    at an acceptable level nor retained.
    """
    rows = []
    for risk in _read(risks, user):
        head = _plan_head(risk)
        actions = list(risk.treatments.all())
        rows += [{**head, **_action(action)} for action in actions]
        if not actions and (risk.action_count or risk.treatment != RiskTreatmentChoices.RETAIN and _above(risk)):
            state = _('actions you may not see') if risk.action_count else _('nothing planned')
            rows.append({
                **head, 'action': '', 'controls': '', 'responsible': '', 'due': None, 'done_on': None, 'state': state,
            })
    return rows


def _above(risk):
    """What is not rated may be above what is acceptable."""
    return risk.above_acceptance is not False


def facts_of(risks, user):
    """What stands at the head of an export, as (label, text)."""
    return [
        (_('As of'), timezone.localtime().strftime('%Y-%m-%d %H:%M')),
        (_('Made for'), user.get_full_name() or user.get_username()),
        (_('Risks'), ngettext('{n} risk that {who} may see', '{n} risks that {who} may see', len(risks)).format(
            n=len(risks), who=user.get_username()
        )),
    ]


def _read(risks, user):
    """The risks with all that a row says, in a number of queries that grows by batches only."""
    controls = Control.objects.restrict(user, 'view')
    treatments = RiskTreatment.objects.restrict(user, 'view').select_related('responsible').prefetch_related(
        Prefetch('controls', controls)
    )
    risks = risks.select_related('risk_owner', 'matrix').with_progress().prefetch_related(
        Prefetch('standards', Standard.objects.restrict(user, 'view')),
        Prefetch('clauses', Clause.objects.restrict(user, 'view').select_related('standard')),
        Prefetch('treatments', treatments),
    )
    return risks.iterator(chunk_size=BATCH)


def _common(risk):
    row = {
        'reference': risk.reference, 'title': risk.title, 'treatment': str(risk.get_treatment_display() or ''),
        'standards': ', '.join(standard.name for standard in risk.standards.all()),
        'risk_owner': risk.risk_owner.name if risk.risk_owner else '', 'acceptance': _acceptance(risk),
    }
    for stage in STAGES:
        level = risk.level_of(stage)
        row[f'{stage}_level'] = level.name if level else ''
        row[f'{stage}_level_color'] = level.color if level else None
    return row


def _acceptance(risk):
    return _('accepted until {day}').format(day=risk.accepted_until.isoformat()) if risk.accepted_until else ''


def _register_row(risk, classifications):
    row = {
        **_common(risk), 'status': str(risk.get_status_display()), 'threat': risk.threat,
        'vulnerability': risk.vulnerability, 'clauses': ', '.join(clause.number for clause in risk.clauses.all()),
        'actions': f'{risk.done_count or 0}/{risk.action_count}' if risk.action_count else '',
        'controls': ', '.join(dict.fromkeys(
            control.ref for action in risk.treatments.all() for control in action.controls.all()
        )),
        'review_due': risk.review_due, 'reassess': _('yes') if risk.reassess else '', 'matrix': str(risk.matrix),
    }
    for stage in STAGES:
        row[f'{stage}_likelihood'] = _step(risk.matrix.likelihood_scale, getattr(risk, f'{stage}_likelihood'))
        row[f'{stage}_impact'] = _step(risk.matrix.impact_scale, getattr(risk, f'{stage}_impact'))
    return row | _at_stake(risk, classifications)


def _at_stake(risk, classifications):
    """What is known of some of the CIs only is a bound, and says so; what is known of none is unknown."""
    count, found = risk.affected_count or 0, risk.affected or {}
    row = {'cis': count, 'classification': '', 'rto': ''}
    if not count:
        return row
    row['classification'] = row['rto'] = _('unknown')
    if found.get('classified'):
        sign = '' if count == found['classified'] == found['complete'] else '≥ '
        row['classification'] = f'{sign}{classifications.get(found["level"], "")}'
    if found.get('timed'):
        row['rto'] = f'{"" if count == found["timed"] else "≤ "}{format_minutes(found["rto"])}'
    return row


def _step(scale, rating):
    """A rating with its name, or '' if there is none; what is not on the scale of today's matrix as a number."""
    if rating is None:
        return ''
    return f'{rating} {scale[rating - 1]}' if rating <= len(scale) else str(rating)


def _plan_head(risk):
    head = _common(risk)
    return {key: head[key] for key in (
        'reference', 'title', 'standards', 'risk_owner', 'treatment', 'acceptance', 'current_level',
        'current_level_color', 'target_level', 'target_level_color',
    )}


def _action(action):
    if action.done_on:
        state = _('done')
    elif action.due_state == 'overdue':
        state = _('overdue, {percent} %').format(percent=action.progress)
    else:
        state = f'{action.progress} %'
    return {
        'action': action.name, 'controls': ', '.join(control.ref for control in action.controls.all()),
        'responsible': action.responsible.name if action.responsible else '', 'due': action.due,
        'done_on': action.done_on, 'state': state,
    }
