"""A risk written down as plain data, with people, CIs and levels by name: what an acceptance is given to."""
from itertools import groupby
from operator import itemgetter

from django.db.models import Q

from ..ci_types import get_ci_types
from ..models import RegisterEntry, RiskAssignment
from ..querysets.visibility import is_superuser, visible_cis
from ..rules.risks import STAGES

__all__ = ('visible_snapshot', 'write_down_risk')


def write_down_risk(risk):
    """Everything that whoever accepts the risk accepts, as JSON."""
    matrix = risk.matrix
    return {
        'reference': risk.reference, 'title': risk.title, 'description': risk.description, 'threat': risk.threat,
        'vulnerability': risk.vulnerability, 'status': risk.status, 'treatment': risk.treatment,
        'risk_owner': risk.risk_owner.name if risk.risk_owner else None,
        'review_due': _day(risk.review_due), 'residual_explanation': risk.residual_explanation,
        'standards': [standard.slug for standard in risk.standards.all()],
        'standard_names': [standard.name for standard in risk.standards.all()],
        'clauses': [
            {'standard': clause.standard.slug, 'number': clause.number, 'title': clause.title}
            for clause in risk.clauses.select_related('standard')
        ],
        'matrix': {'name': matrix.name, 'version': matrix.version, 'acceptance_level': matrix.acceptance_level},
        'above_acceptance': risk.above_acceptance,
        **{stage: _assessment(risk, stage) for stage in STAGES},
        'treatments': [
            {
                'name': each.name, 'responsible': each.responsible.name if each.responsible else None,
                'due': _day(each.due), 'done_on': _day(each.done_on), 'progress': each.progress,
                'controls': [control.ref for control in each.controls.all()],
            }
            for each in risk.treatments.select_related('responsible').prefetch_related('controls')
        ],
        'cis': _cis(risk),
    }


def _assessment(risk, stage):
    level, likelihood = risk.level_of(stage), getattr(risk, f'{stage}_likelihood')
    scale = risk.matrix.likelihood_scale
    return {
        'likelihood': likelihood,
        'likelihood_name': scale[likelihood - 1] if likelihood and likelihood <= len(scale) else None,
        'impacts': getattr(risk, f'{stage}_impacts'), 'impact': getattr(risk, f'{stage}_impact'),
        'level': level.slug if level else None, 'level_name': level.name if level else None,
    }


def _cis(risk):
    labels = {ci_type.content_type.pk: label for label, ci_type in get_ci_types().items()}
    assignments = RiskAssignment.objects.filter(risk=risk).order_by('object_type_id', 'object_id')
    return [
        {
            'object_type': labels.get(type_id, ''), 'object_id': object_id, 'name': name or '',
            'classification': classification, 'rto_minutes': rto,
        }
        for type_id, object_id, name, classification, rto in assignments.values_list(
            'object_type_id', 'object_id', 'register_entry__name', 'register_entry__effective_classification__slug',
            'register_entry__effective_rto_minutes'
        )
    ]


def _day(date):
    return date.isoformat() if date else None


_label = itemgetter('object_type')


def visible_snapshot(snapshot, user):
    """The same without the CIs that the user may not see; without any, and without their number, for nobody (None)."""
    if user is not None and is_superuser(user) or not snapshot.get('cis'):
        return snapshot
    if user is None:
        return {name: value for name, value in snapshot.items() if name != 'cis'}
    types = {label: ci_type.content_type.pk for label, ci_type in get_ci_types().items()}
    wanted = Q(pk__in=[])
    for label, cis in groupby(sorted(snapshot['cis'], key=_label), _label):
        if label in types:
            wanted |= Q(object_type=types[label], object_id__in=[ci['object_id'] for ci in cis])
    entries = RegisterEntry.objects.filter(visible_cis(user)).filter(wanted)
    seen = set(entries.values_list('object_type_id', 'object_id'))
    known = set(RegisterEntry.objects.assessments(user).filter(wanted).values_list('object_type_id', 'object_id'))
    shown = []
    for ci in snapshot['cis']:
        key = types.get(ci['object_type']), ci['object_id']
        if key in seen:
            shown.append(ci if key in known else {**ci, 'classification': None, 'rto_minutes': None})
    return {**snapshot, 'cis': shown}
