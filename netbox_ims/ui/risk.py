"""Panels of the pages of risks, treatments, acceptances and matrices."""
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..models import Risk, RiskAcceptance
from ..rules import risks as rules
from ..services.risk import acceptance_reasons
from ..services.risk_text import visible_snapshot
from .affected import Affected
from .attrs import BadgeAttr, OwnerAttr, ReviewAttr
from .heat_map import MatrixPicture, dip_messages

__all__ = (
    'AcceptanceDecisionPanel',
    'AcceptancePanel',
    'AssessmentPanel',
    'MatrixGridPanel',
    'MatrixPanel',
    'RiskAssignmentPanel',
    'RiskPanel',
    'RiskStandardsPanel',
    'SnapshotPanel',
    'TreatmentPanel',
    'TreatmentProgressPanel',
)

STAGE_TITLES = {
    'inherent': _('Inherent (as if nothing were done)'), 'current': _('Current'),
    'target': _('Target (after treatment)'),
}


class MatrixPanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    version = attrs.NumericAttr('version', label=_('Version'))
    is_active = attrs.BooleanAttr('is_active', label=_('Active'))
    acceptance_level = attrs.TextAttr('acceptance_level_name', label=_('Acceptance level'))
    activated_on = attrs.DateTimeAttr('activated_on', label=_('Activated on'))
    replaced_on = attrs.DateTimeAttr('replaced_on', label=_('Replaced on'))
    description = attrs.TextAttr('description')


class MatrixGridPanel(panels.ObjectPanel):
    """The grid as it looks on the heat map, and where it does not rise."""
    title = _('Matrix')
    template_name = 'netbox_ims/panels/risk_matrix.html'

    def get_context(self, context):
        matrix = context['object']
        return {**super().get_context(context), 'picture': MatrixPicture(matrix), 'dips': dip_messages(matrix.values)}


class RiskPanel(panels.ObjectAttributesPanel):
    reference = attrs.TextAttr('reference', label=_('Reference'))
    title = attrs.TextAttr('title', label=_('Title'))
    description = attrs.TextAttr('description')
    threat = attrs.TextAttr('threat', label=_('Threat'))
    vulnerability = attrs.TextAttr('vulnerability', label=_('Vulnerability'))
    status = attrs.ChoiceAttr('status')
    treatment = attrs.ChoiceAttr('treatment', label=_('Treatment'))
    risk_owner = OwnerAttr('risk_owner', label=_('Risk owner'))
    review_due = ReviewAttr('review_due', label=_('Review due'))


class RiskStandardsPanel(panels.ObjectPanel):
    """The standards and clauses it matters to, of those the user may see."""
    title = _('Standards')
    template_name = 'netbox_ims/panels/risk_standards.html'

    def get_context(self, context):
        risk, user = context['object'], context['request'].user
        clauses = list(risk.clauses.restrict(user, 'view').order_by('number'))
        return {**super().get_context(context), 'standards': [
            (standard, [clause for clause in clauses if clause.standard_id == standard.pk])
            for standard in risk.standards.restrict(user, 'view')
        ]}


@dataclass(frozen=True)
class Assessment:
    """One assessment in words: step and name of the likelihood, impacts by dimension, and the Level or None."""
    title: str
    likelihood: tuple | None
    impacts: list
    level: object
    css: str = ''


def _step(scale, number):
    """(number, its name on the scale), or None; a number of another matrix has no name."""
    if number is None:
        return None
    return number, scale[number - 1] if 1 <= number <= len(scale) else '?'


def assessments(risk):
    """The three assessments of a risk; what counts of the impacts is marked."""
    matrix, found = risk.matrix, []
    order = {name: place for place, name in enumerate(matrix.impact_dimensions)}
    for stage in rules.STAGES:
        impacts, counts = getattr(risk, f'{stage}_impacts') or {}, getattr(risk, f'{stage}_impact')
        names = sorted(impacts, key=lambda name: order.get(name, len(order)))
        found.append(Assessment(
            STAGE_TITLES[stage], _step(matrix.likelihood_scale, getattr(risk, f'{stage}_likelihood')),
            [
                (name, _step(matrix.impact_scale, impacts[name]), impacts[name] == counts) for name in names
                if isinstance(impacts[name], int)
            ],
            risk.level_of(stage), 'target' if stage == 'target' else '',
        ))
    return found


class AssessmentPanel(panels.ObjectPanel):
    """Inherent, current and target risk side by side; beside the score, what is at stake."""
    title = _('Assessment')
    template_name = 'netbox_ims/panels/risk_assessment.html'

    def get_context(self, context):
        risk, user = context['object'], context['request'].user
        return {
            **super().get_context(context), 'assessments': assessments(risk), 'affected': Affected.of(risk),
            'may_confirm': risk.reassess and risk.current_level and Risk.objects.restrict(user, 'change').filter(
                pk=risk.pk
            ).exists(),
        }


class AcceptancePanel(panels.ObjectPanel):
    """Whether the risk is accepted, until when, and by whom; or what keeps anybody from asking for it."""
    title = _('Acceptance')
    template_name = 'netbox_ims/panels/risk_acceptance.html'

    def get_context(self, context):
        risk, user = context['object'], context['request'].user
        latest, pending, may_see = None, None, user.has_perm('netbox_ims.view_riskacceptance')
        if may_see:
            seen = RiskAcceptance.objects.restrict(user, 'view').filter(risk=risk)
            seen = seen.select_related('requested_by', 'decided_by')
            pending, decided = seen.requested().first(), seen.decided()
            latest = decided.in_force().first() or decided.first()
        refusals = [RiskAcceptance.REFUSALS[kind] for kind in rules.request_refusals(risk.facts)]
        return {
            **super().get_context(context), 'latest': latest, 'pending': pending, 'may_see': may_see,
            'refusals': refusals, 'may_request': user.has_perm('netbox_ims.add_riskacceptance') and not refusals and (
                not RiskAcceptance.objects.requested().filter(risk=risk).exists()
            ),
        }


class RiskAssignmentPanel(panels.ObjectAttributesPanel):
    risk = attrs.RelatedObjectAttr('risk', linkify=True)
    object_type = attrs.TextAttr('type_name', label=_('Type'))
    object = attrs.RelatedObjectAttr('object', linkify=True, label=_('CI'))
    description = attrs.TextAttr('description')


class TreatmentPanel(panels.ObjectAttributesPanel):
    risk = attrs.RelatedObjectAttr('risk', linkify=True)
    name = attrs.TextAttr('name', label=_('Action'))
    description = attrs.TextAttr('description')


class DueAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/risk_due.html'


class ProgressAttr(BadgeAttr):
    template_name = 'netbox_ims/columns/risk_progress.html'


class TreatmentProgressPanel(panels.ObjectAttributesPanel):
    title = _('Progress')
    responsible = OwnerAttr('responsible', label=_('Responsible'))
    due = DueAttr('due', label=_('Due'))
    done_on = attrs.DateTimeAttr('done_on', spec='date', label=_('Done on'))
    progress = ProgressAttr('progress', label=_('Progress'))


class AcceptanceDecisionPanel(panels.ObjectPanel):
    """Who asked for it and why, who decided, and to whom may decide: what stands against it, and the buttons."""
    title = _('Acceptance')
    template_name = 'netbox_ims/panels/acceptance_decision.html'

    def get_context(self, context):
        acceptance, user = context['object'], context['request'].user
        may_decide = not acceptance.is_decided and Risk.objects.restrict(user, 'accept').filter(
            pk=acceptance.risk_id
        ).exists()
        own = acceptance.requested_by_id is not None and acceptance.requested_by_id == user.pk
        return {
            **super().get_context(context), 'may_decide': may_decide, 'may_reject': may_decide and not own,
            'reasons': list(acceptance_reasons(acceptance, user).values()) if may_decide else (),
        }


class SnapshotPanel(panels.ObjectPanel):
    """The risk as it was asked for or, once decided, as it was decided on."""
    title = _('Risk as It Was Then')
    template_name = 'netbox_ims/panels/acceptance_snapshot.html'

    def get_context(self, context):
        acceptance = context['object']
        snapshot = visible_snapshot(acceptance.as_decided, context['request'].user)
        return {
            **super().get_context(context), 'snapshot': snapshot,
            'title': self.title if acceptance.is_decided else _('Risk as It Was When Requested'),
            'stages': [(STAGE_TITLES[stage], snapshot.get(stage)) for stage in rules.STAGES] if snapshot else (),
        }
