"""What falls with some CIs, read from the database no further than it falls. The rule is in rules/what_if.py."""
from ..querysets.alignment import falling_with, redundancy_of
from ..rules.what_if import fail

__all__ = ('what_falls',)


def what_falls(picked, using='default', limit=None):
    """
    (CIs, Links): all that is down once those `picked` are, and every link from one of these upwards, with the other
    members of the redundancy groups met; (None, None) if that is more than `limit`.

    Two queries, and two more for each layer of redundancy groups that fall as a whole.
    """
    down, links, new = set(), set(), set(picked)
    while new:
        found, above = falling_with(new, using, limit)
        if found is None or limit is not None and len(down | found) > limit:
            return None, None
        grouped = {link.dependent for link in above if link.group}
        links |= above | (redundancy_of(grouped, using) if grouped else set())
        now = fail(picked, links)
        down, new = down | found, now - down - found
    return down, links
