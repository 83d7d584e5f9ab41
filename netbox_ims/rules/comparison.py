"""
What changed of a CI from one date to another. `before` and `after` are what the register said of it, a dictionary of
COMPARED fields, or None where it was not in the register (for whoever asks).
"""

__all__ = (
    'CHANGED', 'COMPARED', 'JOINED', 'KINDS', 'LEFT', 'OWN_TARGETS', 'TARGETS', 'change_of', 'changed_fields',
    'kinds_of',
)

# What a register entry says, as far as two dates are compared by it. Left out: where derived values come from, which
# may change while they stay the same, and when they were worked out.
COMPARED = (
    'name', 'site', 'tenant', 'role', 'status', 'classification', 'is_information_asset', 'handles_sensitive_data',
    'processes_personal_data', 'rto_minutes', 'rpo_minutes', 'asset_owner', 'review_due', 'classification_override',
    'effective_classification', 'effective_complete', 'effective_handles_sensitive_data',
    'effective_processes_personal_data', 'required_rto_minutes', 'required_rpo_minutes', 'effective_rto_minutes',
    'effective_rpo_minutes', 'under_classified', 'alignment',
)
OWN_TARGETS = ('rto_minutes', 'rpo_minutes')
TARGETS = (*OWN_TARGETS, 'required_rto_minutes', 'required_rpo_minutes')

# What became of a CI: each has exactly one of these …
JOINED, LEFT, CHANGED = 'joined', 'left', 'changed'
# … and what an auditor asks about besides, of which several may be so.
RECLASSIFIED, CLASSIFIED, UNCLASSIFIED = 'reclassified', 'classified', 'newly_unclassified'
OWNER, TARGET = 'owner_changed', 'targets_changed'
KINDS = (JOINED, LEFT, CHANGED, RECLASSIFIED, CLASSIFIED, UNCLASSIFIED, OWNER, TARGET)


def change_of(before, after):
    """JOINED, LEFT or CHANGED; None if nothing is different."""
    if before is None or after is None:
        return None if before is after else JOINED if before is None else LEFT
    return CHANGED if changed_fields(before, after) else None


def changed_fields(before, after):
    """{field: (old, new)} of what differs; of a CI that joined or left, everything that was said of it."""
    old, new = before or {}, after or {}
    pairs = {name: (old.get(name), new.get(name)) for name in COMPARED}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def kinds_of(before, after):
    """
    Everything that is so of KINDS.

    Reclassified: from one classification to another. Newly unclassified: nobody says so any more, or it joined without
    anybody saying. Owner and targets can only change of a CI that was there at both dates.
    """
    change = change_of(before, after)
    if change is None:
        return set()
    kinds = {change}
    if change == LEFT:
        return kinds
    if after['classification'] is None and (before is None or before['classification'] is not None):
        kinds.add(UNCLASSIFIED)
    if change == JOINED:
        return kinds
    if before['classification'] != after['classification'] and after['classification'] is not None:
        kinds.add(CLASSIFIED if before['classification'] is None else RECLASSIFIED)
    if before['asset_owner'] != after['asset_owner']:
        kinds.add(OWNER)
    if any(before[name] != after[name] for name in TARGETS):
        kinds.add(TARGET)
    return kinds
