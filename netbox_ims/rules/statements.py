"""
The life of a statement of applicability (ISO/IEC 27001 6.1.3 d): which step may follow which, what keeps it from being
approved, how far it has come, and what differs between two versions.
"""
from collections import Counter
from dataclasses import dataclass, field

__all__ = (
    'APPROVE', 'EXCLUDED_ASSIGNED', 'EXCLUDED_TREATS', 'KINDS', 'MISSING', 'NEW_VERSION', 'SUBMIT', 'SUPERSEDE',
    'UNDECIDED', 'UNJUSTIFIED', 'EntryChange', 'EntryFacts', 'Gap', 'Progress', 'compare', 'find_gaps',
    'is_complete', 'may_approve', 'may_follow', 'next_status', 'progress',
)

SUBMIT, APPROVE, SUPERSEDE, NEW_VERSION = 'submit', 'approve', 'supersede', 'new_version'
# action -> {status it may start from: status it leads to}; a new version leaves the old one as it is
TRANSITIONS = {
    SUBMIT: {'draft': 'in_review'},
    APPROVE: {'in_review': 'approved'},
    SUPERSEDE: {'approved': 'superseded'},
    NEW_VERSION: {'approved': 'approved', 'superseded': 'superseded'},
}
# What keeps a statement from being approved, in the order in which one would mend it
MISSING, UNDECIDED, UNJUSTIFIED, EXCLUDED_ASSIGNED, EXCLUDED_TREATS = (
    'missing', 'undecided', 'unjustified', 'excluded_assigned', 'excluded_treats'
)
KINDS = (MISSING, UNDECIDED, UNJUSTIFIED, EXCLUDED_ASSIGNED, EXCLUDED_TREATS)


@dataclass(frozen=True)
class EntryFacts:
    """
    What a statement says of one control, as far as rules ask; `assigned`: to at least one CI in scope; `treats`: is
    part of an action against an open risk in scope.
    """
    ref: str
    theme: str = ''
    applicable: bool | None = None
    justification: str = ''
    implementation_status: str = 'not_started'
    assigned: bool = False
    treats: bool = False


@dataclass(frozen=True)
class Gap:
    """One point that has to be mended before approval: its kind, and the control it is about."""
    kind: str
    ref: str


@dataclass
class Progress:
    """
    How many controls there are, have been decided (yes or no), are complete (decided and justified), and, of the
    applicable ones, are implemented or on the way.
    """
    total: int = 0
    yes: int = 0
    no: int = 0
    complete: int = 0
    statuses: Counter = field(default_factory=Counter)

    @property
    def decided(self):
        return self.yes + self.no

    @property
    def undecided(self):
        return self.total - self.decided

    @property
    def implemented(self):
        return self.statuses['implemented']

    def add(self, entry):
        self.total += 1
        self.yes += entry.applicable is True
        self.no += entry.applicable is False
        self.complete += is_complete(entry)
        if entry.applicable:
            self.statuses[entry.implementation_status] += 1


@dataclass(frozen=True)
class EntryChange:
    """What became of one control between two versions: `added`, `removed` or `changed`, with {field: (old, new)}."""
    ref: str
    title: str
    change: str
    fields: dict


def next_status(status, action):
    """The status `action` leads to from `status`, or None if it is not allowed there."""
    return TRANSITIONS[action].get(status)


def is_complete(entry):
    """Decided and justified; both inclusion and exclusion need a justification (6.1.3 d)."""
    return entry.applicable is not None and bool(entry.justification.strip())


def find_gaps(entries, missing=()):
    """
    Everything that keeps a statement with these entries from being approved, as a list of Gap by kind.

    `missing` are refs of controls of the catalogue that the statement has no entry for.
    """
    found = [Gap(MISSING, ref) for ref in missing]
    found += [Gap(UNDECIDED, e.ref) for e in entries if e.applicable is None]
    found += [Gap(UNJUSTIFIED, e.ref) for e in entries if e.applicable is not None and not is_complete(e)]
    found += [Gap(EXCLUDED_ASSIGNED, e.ref) for e in entries if e.applicable is False and e.assigned]
    found += [Gap(EXCLUDED_TREATS, e.ref) for e in entries if e.applicable is False and e.treats]
    return found


def progress(entries):
    """(overall Progress, {theme: Progress} in order of appearance)."""
    overall, themes = Progress(), {}
    for entry in entries:
        overall.add(entry)
        themes.setdefault(entry.theme, Progress()).add(entry)
    return overall, themes


def may_approve(approver, last_editor, self_approval):
    """
    Whether whoever last edited a statement is somebody else than who approves it (A.5.3, segregation of duties), unless
    a setting allows both in one. An editor that nobody knows (None) is not the approver.
    """
    return self_approval or last_editor is None or approver != last_editor


def may_follow(version, in_force):
    """Whether a version may come into force after the one that is: not a lower one. None is in force: any may."""
    return in_force is None or version > in_force


def compare(old, new, fields):
    """
    What changed from `old` to `new`, each a list of entries as dictionaries with `ref`, `title` and `fields`. Returns a
    list of EntryChange in the order of `new`, then those that are gone; controls that are the same are left out.
    """
    before, after, changes = {e['ref']: e for e in old}, {e['ref']: e for e in new}, []
    for ref, entry in after.items():
        was = before.get(ref)
        if was is None:
            changes.append(EntryChange(ref, entry['title'], 'added', {f: (None, entry[f]) for f in fields}))
            continue
        differing = {f: (was[f], entry[f]) for f in fields if was[f] != entry[f]}
        if differing:
            changes.append(EntryChange(ref, entry['title'], 'changed', differing))
    for ref, entry in before.items():
        if ref not in after:
            changes.append(EntryChange(ref, entry['title'], 'removed', {f: (entry[f], None) for f in fields}))
    return changes
