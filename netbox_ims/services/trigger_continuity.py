"""
The PL/pgSQL of continuity: that a function's MTPD is what its newest impact analysis says, whatever path a change took,
and that approved plans are frozen, with what they are for, and leave a decision.
"""
from ..constants import EVIDENT_PEOPLE, PLAN_EVIDENCE
from ..models import (
    BusinessFunction,
    BusinessImpactAnalysis,
    ContinuityPlan,
    ContinuityTestSubject,
    Decision,
)
from .freeze_sql import emptied, forgotten, freeze, refuse, step_decisions
from .trigger_frame import (
    BEFORE_WRITE,
    GONE_AT_COMMIT,
    LOST_AT_COMMIT,
    ON_CHANGE,
    ON_EMPTYING,
    ON_TAMPERING,
    ON_WRITE,
    PREFIX,
    Trigger,
    function,
)

__all__ = ('continuity_triggers', 'derive_mtpd', 'untest_sql')

FUNCTION, ANALYSIS = BusinessFunction._meta.db_table, BusinessImpactAnalysis._meta.db_table
PLAN, SUBJECT = ContinuityPlan._meta.db_table, ContinuityTestSubject._meta.db_table
DECISION = Decision._meta.db_table
FROZEN = "('approved', 'retired')"

# As rules/impact.py has it: of bands in ascending order, the first with a rating above what is tolerable
DERIVED = f"""(
      SELECT min(b.start)
      FROM (SELECT * FROM {ANALYSIS} WHERE function_id = f.id ORDER BY analysed_on DESC, id DESC LIMIT 1) a
      CROSS JOIN LATERAL unnest(a.bands) WITH ORDINALITY b(start, number)
      CROSS JOIN LATERAL jsonb_each(a.ratings) r
      WHERE (r.value->>(b.number::int - 1))::int > a.tolerable_rating
    )"""


def derive_mtpd(condition='true'):
    """UPDATE of the functions `f` that meet the condition, where nobody states another MTPD than is derived."""
    return f"""
    UPDATE {FUNCTION} f SET mtpd_minutes = {DERIVED}
    WHERE {condition} AND f.mtpd_reason = '' AND f.mtpd_minutes IS DISTINCT FROM {DERIVED};"""


def _function_written():
    return function(guard="""
  IF NEW.mtpd_reason <> '' THEN
    RETURN NULL;
  END IF;""", body=derive_mtpd('f.id = NEW.id'))


def _analysis_changed():
    return function(body=f"""
  IF TG_OP <> 'INSERT' THEN{derive_mtpd('f.id = OLD.function_id')}
  END IF;
  IF TG_OP <> 'DELETE' THEN{derive_mtpd('f.id = NEW.function_id')}
  END IF;""")


def untest_sql(same):
    """A CI is deleted: its part in tests goes, where Django has not taken it along before."""
    return f"""
    DELETE FROM {SUBJECT} WHERE {same};"""


def _is_frozen(row):
    """Reads, in the schema of the trigger's own table, whether the plan of a row is frozen, into `frozen`."""
    quoted = FROZEN.replace("'", "''")
    return f"""
    EXECUTE format('SELECT status IN {quoted} FROM %I.{PLAN} WHERE id = $1 FOR SHARE', TG_TABLE_SCHEMA)
    INTO frozen USING {row}.continuityplan_id;"""


def _freeze_subject():
    """Nothing comes to be a subject of a frozen plan; the plan's row is locked against an approval meanwhile."""
    return f"""
DECLARE
  frozen boolean;
BEGIN{_is_frozen('NEW')}
  IF frozen THEN
    {refuse('the plan that this is for')}
  END IF;
  RETURN NEW;
END
"""


def _subject_gone(model):
    """At commit: a frozen plan lost something it is for, so that must be gone itself. `as_approved` keeps its name."""
    column, table = f'{model._meta.model_name}_id', model._meta.db_table
    return f"""
DECLARE
  frozen boolean;
  there boolean;
BEGIN{_is_frozen('OLD')}
  EXECUTE format('SELECT EXISTS (SELECT FROM %I.{table} WHERE id = $1)', TG_TABLE_SCHEMA)
  INTO there USING OLD.{column};
  IF frozen AND there THEN
    {refuse('the plan that this is for')}
  END IF;
  RETURN NULL;
END
"""


def continuity_triggers():
    people = [name for name in PLAN_EVIDENCE if name in EVIDENT_PEOPLE]
    yield from (
        Trigger(FUNCTION, f'{PREFIX}function_mtpd', _function_written(), ON_WRITE),
        Trigger(ANALYSIS, f'{PREFIX}analysis_mtpd', _analysis_changed(), ON_CHANGE),
        Trigger(PLAN, f'{PREFIX}plan_frozen', freeze(
            ContinuityPlan, PLAN_EVIDENCE, FROZEN, ('approved', 'retired'), 'this continuity plan'
        ), ON_TAMPERING),
        Trigger(PLAN, f'{PREFIX}plan_forgotten', forgotten(
            ContinuityPlan, people, f'OLD.status IN {FROZEN}'
        ), LOST_AT_COMMIT),
        Trigger(PLAN, f'{PREFIX}plan_never_emptied', emptied(
            ContinuityPlan, 'approved', 'approved continuity plans'
        ), ON_EMPTYING),
        Trigger(PLAN, f'{PREFIX}plan', step_decisions(
            ContinuityPlan, FROZEN, "NEW.name || ' v' || NEW.version",
            "jsonb_build_object('plan_type', NEW.plan_type, 'version', NEW.version, 'sha256', NEW.sha256)"
        ), ON_WRITE),
    )
    for name in ContinuityPlan.SUBJECTS:
        field = ContinuityPlan._meta.get_field(name)
        table = field.remote_field.through._meta.db_table
        yield Trigger(table, f'{PREFIX}plan_{name}_frozen', _freeze_subject(), BEFORE_WRITE)
        yield Trigger(table, f'{PREFIX}plan_{name}_gone', _subject_gone(field.related_model), GONE_AT_COMMIT)
