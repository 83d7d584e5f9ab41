"""
Whether recovery targets align, as the rows of the alignment report: one for each target an edge of the dependency graph
carries, one for each business function that has a limit or a target, one for each CI that has been tested.

Times are minutes, None is unknown, and unknown is never aligned (ISO 22301 8.2.2, 8.5; ISO/IEC 20000-1 8.7.2).
"""
from dataclasses import dataclass

from .graph import BREACHED, SEVERITY, UNDETERMINED, compare

__all__ = ('MTPD', 'RPO', 'RTO', 'TEST', 'Alignment', 'of_edges', 'of_function', 'of_test')

RTO, RPO, MTPD, TEST = 'rto', 'rpo', 'mtpd', 'test'
# Results of a test that does not prove anything, however little time it took; None: nobody has said
PROVES_NOTHING = ('failed', '', None)


@dataclass(frozen=True)
class Alignment:
    """
    What is required of somebody, what is so, and how the two compare. Of the ends, each a CI's name, one may be None:
    a function measured against its own limit has no provider, a tested CI no dependent.

    `target` says which of the recovery targets the times are about. In a redundancy `group` the status is the group's.
    """
    kind: str
    dependent: tuple | None
    provider: tuple | None
    required: int | None
    actual: int | None
    status: str
    group: str = ''
    target: str = RTO

    @property
    def key(self):
        """There is one row for each."""
        return self.kind, self.dependent, self.provider, self.group

    @property
    def margin(self):
        """Minutes left; negative: over. None where either time is unknown."""
        return None if self.required is None or self.actual is None else self.required - self.actual


def of_edges(verdicts):
    """{key: Alignment} of the verdicts of rules.graph.work_out(): edges that say the same are one."""
    rows = (
        Alignment(
            verdict.kind, verdict.edge.dependent, verdict.edge.provider, verdict.required, verdict.actual,
            verdict.status, verdict.edge.group, verdict.kind,
        )
        for verdict in verdicts
    )
    return {row.key: row for row in rows}


def of_function(function, mtpd, rto):
    """A business function's own RTO against the longest disruption it can bear (MTPD)."""
    return Alignment(MTPD, function, None, mtpd, rto, compare(mtpd, rto))


def of_test(ci, own, achieved, result, stale=False):
    """
    What a CI was back in when it was last tested, against its own targets; `own` and `achieved` are {target: minutes}.

    Of the targets that were measured, the one it met worst. A test that failed, or of which nobody says how it
    went, proves no more than how long it took; one older than a change since (`stale`) proves nothing at all.
    """
    rows = [_tested(ci, target, own.get(target), achieved.get(target), result, stale) for target in (RTO, RPO)]
    measured = [row for row in rows if achieved.get(row.target) is not None]
    return min(measured or rows[:1], key=lambda row: (-SEVERITY[row.status], row.margin or 0, row.target != RTO))


def _tested(ci, target, own, achieved, result, stale):
    if stale:
        return Alignment(TEST, None, ci, own, None, UNDETERMINED, target=target)
    status = compare(own, achieved)
    if result in PROVES_NOTHING and status != BREACHED:
        status = UNDETERMINED
    return Alignment(TEST, None, ci, own, achieved, status, target=target)
