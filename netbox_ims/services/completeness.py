"""How far a statement of applicability has come, and what keeps it from being approved, for the page and the server."""
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..models import ControlAssignment, RegisterEntry, RiskTreatment, Scope
from ..querysets.soa import covered_by
from ..rules import statements as rules

__all__ = ('Completeness', 'check', 'describe', 'entries_in_scope')


@dataclass(frozen=True)
class Completeness:
    """`gaps` by rules, `reasons` the same as sentences, `overall` and `themes` as rules.statements.Progress."""
    gaps: list
    reasons: list
    overall: rules.Progress
    themes: dict

    @property
    def complete(self):
        return not self.gaps

    def count(self, kind):
        return sum(1 for gap in self.gaps if gap.kind == kind)


def entries_in_scope(scope):
    """Register entries of the CIs in a scope, whoever may see them."""
    return RegisterEntry.objects.filter(covered_by(Scope.objects.filter(pk=scope.pk)))


def check(statement, user=None):
    """
    The Completeness of a statement. That an excluded control is assigned, or treats an open risk, holds whoever may see
    to which CI, or which risk; those are neither named nor counted.
    """
    entries = list(statement.entries.values_list(
        'control_id', 'control__ref', 'control__theme', 'applicable', 'justification', 'implementation_status'
    ))
    excluded = [control_id for control_id, _ref, _theme, applicable, *_rest in entries if applicable is False]
    assigned = set(
        ControlAssignment.objects.filter(control__in=excluded).within(entries_in_scope(statement.scope))
        .order_by().values_list('control_id', flat=True).distinct()
    ) if excluded else set()
    treating = RiskTreatment.objects.treating(excluded, entries_in_scope(statement.scope)) if excluded else set()
    facts = [
        rules.EntryFacts(
            ref, theme, applicable, justification, status, control_id in assigned, control_id in treating
        )
        for control_id, ref, theme, applicable, justification, status in entries
    ]
    missing = statement.catalog.controls.exclude(pk__in=[entry[0] for entry in entries]).values_list('ref', flat=True)
    gaps = rules.find_gaps(facts, list(missing))
    overall, themes = rules.progress(facts)
    return Completeness(gaps, [describe(gap) for gap in gaps], overall, themes)


def describe(gap):
    """A gap as a sentence."""
    return {
        rules.MISSING: _('{ref} is not part of the statement yet.'),
        rules.UNDECIDED: _('{ref} is undecided.'),
        rules.UNJUSTIFIED: _('{ref} is decided without a justification.'),
        rules.EXCLUDED_ASSIGNED: _('{ref} is excluded but assigned to CIs in scope.'),
        rules.EXCLUDED_TREATS: _('{ref} is excluded but treats an open risk.'),
    }[gap.kind].format(ref=gap.ref)
