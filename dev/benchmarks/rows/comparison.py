"""What changed between two dates, as the page has it: the counts, and the first page of rows with their names."""
from datetime import timedelta

from users.models import User

from netbox_ims.models import HistoryStart
from netbox_ims.querysets.comparison import Comparison
from netbox_ims.services.comparison import named

from ..estate import SUPERUSER
from ..history import DAYS_EACH
from .base import row
from .register import PAGE, entries, page_and_count

CHANGED = 0.01          # of all CIs, between the two dates: each changes once in DAYS_EACH days


def dates():
    start = HistoryStart.objects.get().time + timedelta(days=2.5 * DAYS_EACH)
    return start, start + timedelta(days=CHANGED * DAYS_EACH)


@row('comparing two dates with 1 % changed, counts + first page, against register page + count', 20)
def comparing(bench):
    user, (start, end) = User.objects.get(username=SUPERUSER), dates()

    def compare():
        comparison = Comparison(user, start, end)
        return named(comparison, comparison[0:PAGE])

    return compare, lambda: page_and_count(entries())
