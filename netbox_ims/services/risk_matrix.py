"""
Putting another matrix into force: every risk is rated by it from then on. Whose level that changes is to be reassessed,
and its acceptance is void, in the same transaction; the triggers of services/risk_sql.py see to both.
"""
from dataclasses import dataclass

from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..choices import RiskAcceptanceStatusChoices
from ..events import RISK_MATRIX_ACTIVATED
from ..models import Risk, RiskAcceptance, RiskMatrix
from ..rules.risk_matrix import FIELDS, rate
from ..rules.risks import STAGES
from .attribution import attribute
from .branch_schema import in_branch
from .change_log import fire, log_bulk_change
from .refusals import Refused

__all__ = ('RiskChange', 'activate', 'new_matrix_version', 'preview')

CHUNK = 1000
RATINGS = [f'{stage}_{part}' for stage in STAGES for part in ('likelihood', 'impacts')]
VERDICTS = [*(f'{stage}_{part}' for stage in STAGES for part in ('level', 'rank')), 'above_acceptance']


@dataclass(frozen=True)
class RiskChange:
    """A risk that another matrix rates differently: {stage: (slug before, slug then)}, and whether it is accepted."""
    pk: int
    reference: str
    title: str
    levels: dict
    above: tuple
    loses_acceptance: bool


def preview(matrix, risks=None):
    """What activating the matrix would change, as a list of RiskChange, of the `risks` (a queryset; all, if None)."""
    risks = Risk.objects.all() if risks is None else risks
    held = set(RiskAcceptance.objects.filter(
        status__in=(RiskAcceptanceStatusChoices.REQUESTED, RiskAcceptanceStatusChoices.ACCEPTED)
    ).values_list('risk_id', flat=True))
    grid, changes = matrix.grid, []
    rows = risks.exclude(matrix=matrix).order_by('reference').values('pk', 'reference', 'title', *RATINGS, *VERDICTS)
    for row in rows.iterator(CHUNK):
        levels, differs = {}, False
        for stage in STAGES:
            level = rate(grid, row[f'{stage}_likelihood'], row[f'{stage}_impacts']).level
            levels[stage] = row[f'{stage}_level'], level.slug if level else None
            differs |= row[f'{stage}_rank'] != (level.rank if level else None)
            if stage == 'current':
                above = row['above_acceptance'], level.rank > grid.accepted_rank if level else None
        if differs or above[0] is not above[1]:
            changes.append(RiskChange(row['pk'], row['reference'], row['title'], levels, above, row['pk'] in held))
    return changes


def activate(matrix, user=None, reason=''):
    """
    Make the matrix the active one, and rate every risk by it. Returns what changed, as preview() has it, whoever may
    see which risk. Raises Refused where it is active already, or in a branch.
    """
    using = router.db_for_write(RiskMatrix)
    with transaction.atomic(using=using):
        matrices = {each.pk: each for each in RiskMatrix.objects.using(using).select_for_update()}
        matrix = matrices[matrix.pk]
        if matrix.is_active:
            raise Refused(_('{matrix} is active already.').format(matrix=matrix))
        if in_branch():
            raise Refused(_('A matrix is activated in main, not in a branch.'))
        attribute(using, user, reason)
        now = timezone.now()
        # Nobody rates a risk meanwhile: each waits for the lock on its matrix.
        rated = set(Risk.objects.using(using).order_by().values_list('matrix_id', flat=True).distinct())
        for old in matrices.values():
            if old != matrix and (old.is_active or old.pk in rated):
                old.snapshot()
                old.is_active = False
                if old.pk in rated:
                    old.replaced_on = now
                old._changelog_message = reason
                old.save()
        matrix.snapshot()
        matrix.is_active, matrix.activated_on = True, now
        matrix._changelog_message = reason
        matrix.save()
        attribute(using, user, reason)
        changes = preview(matrix, Risk.objects.using(using))
        _rate_all(matrix, changes, user, reason, using)
        fire(RISK_MATRIX_ACTIVATED, matrix)
    return changes


def _rate_all(matrix, changes, user, reason, using):
    """
    One UPDATE rates all risks anew. The change log gets an entry for each whose level changes: of the others, that of
    the matrix says it.
    """
    others = Risk.objects.using(using).exclude(matrix=matrix)
    changed = [change.pk for change in changes]
    before = {}
    for start in range(0, len(changed), CHUNK):
        for risk in Risk.objects.using(using).filter(pk__in=changed[start:start + CHUNK]).prefetch_related(
            'standards', 'clauses', 'tags'
        ):
            risk.snapshot()
            before[risk.pk] = risk._prechange_snapshot
    others.update(matrix=matrix, last_updated=timezone.now())
    for start in range(0, len(changed), CHUNK):
        risks = list(Risk.objects.using(using).filter(pk__in=changed[start:start + CHUNK]).prefetch_related(
            'standards', 'clauses', 'tags'
        ))
        for risk in risks:
            risk._prechange_snapshot = before[risk.pk]
        log_bulk_change(created=[], updated=risks, user=user, message=reason, using=using)


def new_matrix_version(matrix):
    """The same matrix once more, as the next version of its name: to be changed, and then activated instead."""
    draft = RiskMatrix(
        name=matrix.name, description=matrix.description, comments=matrix.comments, owner=matrix.owner,
        **{name: getattr(matrix, name) for name in FIELDS}
    )
    draft.full_clean()
    draft.save()
    return draft
