"""What the pages of a CI say of its risks."""
from dataclasses import dataclass

from django.db.models import F

from ..models import Risk, RiskAssignment
from .risk_coverage import OPEN, risks_url

__all__ = ('CIRisks',)


@dataclass
class CIRisks:
    """
    The open risks about one CI, the worst first, of what a user may see: one query and one for matrices, and none
    without the permissions. `may_see` is whether the user may know of any.
    """
    risks: list
    may_see: bool
    url: str = ''
    SHOWN = 20          # on a card, the rest is a click away

    @classmethod
    def of(cls, entry, user):
        if not user.has_perms(('netbox_ims.view_risk', 'netbox_ims.view_riskassignment')):
            return cls([], False)
        assignments = RiskAssignment.objects.restrict(user, 'view').of(entry)
        risks = Risk.objects.restrict(user, 'view').open().about(assignments).select_related('matrix')
        object_type = f'{entry.object_type.app_label}.{entry.object_type.model}'
        return cls(
            list(risks.with_progress().order_by(F('current_rank').desc(nulls_last=True), 'reference')), True,
            risks_url(object_type=object_type, object_id=entry.object_id, status=OPEN),
        )

    @property
    def rows(self):
        """(risk, its current Level)"""
        return [(risk, risk.level_of('current')) for risk in self.risks]

    @property
    def first_rows(self):
        return self.rows[:self.SHOWN]

    @property
    def highest(self):
        """The highest current Level among them, or None where none is rated."""
        return max((level for _risk, level in self.rows if level), key=lambda level: level.rank, default=None)

    @property
    def unrated(self):
        return sum(risk.current_level is None for risk in self.risks)
