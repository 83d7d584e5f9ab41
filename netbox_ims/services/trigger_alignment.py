"""
The PL/pgSQL that marks what the alignment report takes into account besides edges and profiles: how long business
functions may be down, and what tests showed (services/alignment_rows.py works that out).
"""
from ..models import BusinessFunction, ContinuityTest, ContinuityTestSubject
from .trigger_frame import MARK, PREFIX, Trigger, changed, content_type_id, function
from .trigger_marks import mark

__all__ = ('alignment_triggers', 'mark_what_was_tested')

FUNCTION = BusinessFunction._meta.db_table
TEST = ContinuityTest._meta.db_table
SUBJECT = ContinuityTestSubject._meta.db_table
# Of a test, and of one CI in it
SHOWN = ('held_on', 'result', 'achieved_rto_minutes', 'achieved_rpo_minutes', 'shown_until', 'recorded_on')
ACHIEVED = ('test_id', 'object_type_id', 'object_id', 'achieved_rto_minutes', 'achieved_rpo_minutes')


def mark_what_was_tested(ci):
    """A CI, (type, id) in SQL, is configured differently: the tests that have seen it, if any, may be stale."""
    return f"""
      INSERT INTO {MARK} (object_type_id, object_id, time)
      SELECT {ci[0]}, {ci[1]}, clock_timestamp() WHERE EXISTS (SELECT FROM {SUBJECT});"""


def _on_both_sides(watched, of_row):
    """What a row is about before and after it comes, goes, or changes in a watched column."""
    return function(body=f"""
  IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR {changed(watched)}) THEN
{of_row('OLD')}
  END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR {changed(watched)}) THEN
{of_row('NEW')}
  END IF;""")


def _limited(row):
    return mark((str(content_type_id(BusinessFunction)), f'{row}.id'))


def _tested(row):
    return f"""
    INSERT INTO {MARK} (object_type_id, object_id, time)
    SELECT s.object_type_id, s.object_id, clock_timestamp() FROM {SUBJECT} s WHERE s.test_id = {row}.id;"""


def _achieved(row):
    return mark((f'{row}.object_type_id', f'{row}.object_id'))


def alignment_triggers():
    yield Trigger(FUNCTION, f'{PREFIX}function_limit', _on_both_sides(['mtpd_minutes'], _limited))
    yield Trigger(TEST, f'{PREFIX}test_showed', _on_both_sides(SHOWN, _tested))
    yield Trigger(SUBJECT, f'{PREFIX}test_of_ci', _on_both_sides(ACHIEVED, _achieved))
