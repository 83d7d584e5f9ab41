"""What is at stake with a risk: the highest classification and the lowest recovery time of the CIs it is about."""
from dataclasses import dataclass

from netbox.context import query_cache

from ..models import Classification

__all__ = ('Affected',)


@dataclass(frozen=True)
class Affected:
    """
    Of the CIs that the user may see. Where some are not classified, or have no recovery time, the highest and the
    lowest are bounds only, and not `…_complete`.
    """
    count: int
    classification: Classification | None = None
    classification_complete: bool = False
    rto_minutes: int | None = None
    rto_complete: bool = False

    @classmethod
    def of(cls, risk):
        """Of a risk from RiskQuerySet.with_affected(); None for one that comes from elsewhere."""
        if not hasattr(risk, 'affected'):
            return None
        count, found = risk.affected_count or 0, risk.affected or {}
        classified, timed = found.get('classified', 0), found.get('timed', 0)
        return cls(
            count, _classification(found.get('level')), 0 < count == classified == found.get('complete'),
            found.get('rto'), 0 < count == timed,
        )


def _classification(level):
    """By its level, which only one has. Asked for once in a request, whatever the number of risks it shows."""
    if level is None:
        return None
    cache = query_cache.get()
    by_level = cache['ims_classifications'] if cache is not None else {}
    if not by_level:
        by_level.update({each.level: each for each in Classification.objects.all()})
    return by_level.get(level)
