"""
The PL/pgSQL of the risk register: what follows from ratings, what was decided, and what may not change any more.

Levels are worked out by the database, so that they are right whatever path a change takes: rules.risk_matrix.rate() and
rules.risks.material_changes() say the same in Python, and the tests hold the two to each other.
"""
from ..constants import ACCEPTANCE_EVIDENCE, EVIDENT_PEOPLE, MATRIX_EVIDENCE, RISK_ASSESSED
from ..models import Decision, Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment
from ..rules.risks import STAGES
from .freeze_sql import differs, emptied, forgotten
from .trigger_frame import (
    BEFORE_WRITE,
    LOST_AT_COMMIT,
    ON_CHANGE,
    ON_EMPTYING,
    ON_TAMPERING,
    ON_WRITE,
    PREFIX,
    Trigger,
    changed,
    content_type_id,
    function,
    who,
    why,
)

__all__ = ('risk_triggers', 'take_off_sql', 'taken_off_sql')

RISK, MATRIX, ACCEPTANCE, ASSIGNMENT, TREATMENT, DECISION = (
    model._meta.db_table for model in (Risk, RiskMatrix, RiskAcceptance, RiskAssignment, RiskTreatment, Decision)
)
DECISION_COLUMNS = (
    'object_type_id, object_id, name, action, old_values, new_values, basis, user_id, user_name, time, reason'
)
RATINGS = [f'{stage}_{part}' for stage in STAGES for part in ('likelihood', 'impacts')]
DERIVED = [f'{stage}_{part}' for stage in STAGES for part in ('impact', 'level', 'rank')] + ['above_acceptance']
# What voids an acceptance is told to the trigger that writes the decision
BECAUSE = 'netbox_ims.void_because'


def _rate(stage):
    """Impact, level and rank of one assessment, as rules.risk_matrix.rate() has them."""
    return f"""
  SELECT max(e.value::text::numeric) INTO highest
  FROM jsonb_each(CASE jsonb_typeof(NEW.{stage}_impacts) WHEN 'object' THEN NEW.{stage}_impacts ELSE '{{}}' END) e
  WHERE m.impact_dimensions ? e.key AND e.value::text ~ '^-?[0-9]+$';
  NEW.{stage}_impact := CASE WHEN highest BETWEEN 1 AND jsonb_array_length(m.impact_scale) THEN highest END;
  NEW.{stage}_level := CASE WHEN NEW.{stage}_likelihood BETWEEN 1 AND jsonb_array_length(m.likelihood_scale)
    THEN m.cells -> (NEW.{stage}_likelihood - 1) ->> (NEW.{stage}_impact - 1) END;
  NEW.{stage}_rank := (
    SELECT (l ->> 'rank')::int FROM jsonb_array_elements(m.levels) l WHERE l ->> 'slug' = NEW.{stage}_level);"""


def _rated():
    """
    A risk is written: it gets its reference, and its levels. The matrix is locked against change, so that none is
    edited while somebody rates by it for the first time. In the schema of its own table, so that it holds in a branch.
    """
    any_level = changed([f'{stage}_rank' for stage in STAGES] + ['above_acceptance'])
    return f"""
DECLARE
  m record;
  highest numeric;
  accepted int;
BEGIN
  IF coalesce(NEW.reference, '') = '' THEN
    NEW.reference := 'R-' || lpad(NEW.id::text, greatest(4, length(NEW.id::text)), '0');
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.reference <> OLD.reference THEN
      RAISE EXCEPTION 'the reference of a risk is assigned once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT ({changed(['matrix_id', *RATINGS, *DERIVED])}) THEN
      RETURN NEW;
    END IF;
  END IF;
  EXECUTE format('SELECT * FROM %I.{MATRIX} WHERE id = $1 FOR SHARE', TG_TABLE_SCHEMA) INTO m USING NEW.matrix_id;
  IF m.replaced_on IS NOT NULL AND NOT m.is_active THEN
    -- Written by somebody who had read it before another matrix came into force.
    EXECUTE format('SELECT * FROM %I.{MATRIX} WHERE is_active FOR SHARE', TG_TABLE_SCHEMA) INTO m;
    NEW.matrix_id := m.id;
  END IF;
{''.join(map(_rate, STAGES))}
  SELECT (l ->> 'rank')::int INTO accepted
  FROM jsonb_array_elements(m.levels) l WHERE l ->> 'slug' = m.acceptance_level;
  NEW.above_acceptance := NEW.current_rank > accepted;
  IF TG_OP = 'UPDATE' THEN
    IF {changed(RATINGS)} THEN
      NEW.reassess := false;
    ELSIF NEW.matrix_id <> OLD.matrix_id AND ({any_level}) THEN
      NEW.reassess := true;
    END IF;
  END IF;
  RETURN NEW;
END
"""


def _values(row):
    """What a decision says of a risk, as JSON: people and matrices by name, empty texts and objects as null."""
    special = {
        'matrix': f"(SELECT x.name || ' v' || x.version FROM {MATRIX} x WHERE x.id = {row}.matrix_id)",
        'risk_owner': f'(SELECT c.name FROM tenancy_contact c WHERE c.id = {row}.risk_owner_id)',
        'reassess': f'nullif({row}.reassess, false)',
        **{name: f"nullif({row}.{name}, '')" for name in (
            'threat', 'vulnerability', 'treatment', 'residual_explanation'
        )},
        **{f'{stage}_impacts': f"nullif({row}.{stage}_impacts, '{{}}')" for stage in STAGES},
    }
    pairs = ', '.join(f"'{name}', {special.get(name, f'{row}.{name}')}" for name in RISK_ASSESSED)
    return f'jsonb_build_object({pairs})'


def _worse(stage):
    conditions = []
    for part in ('likelihood', 'impact', 'rank'):
        column = f'{stage}_{part}'
        conditions.append(
            f'(OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} > OLD.{column}))'
        )
    another = f'(NEW.matrix_id <> OLD.matrix_id AND OLD.{stage}_rank IS DISTINCT FROM NEW.{stage}_rank)'
    return ' OR '.join([*conditions, another])


def _said(row, name):
    return f"lower(btrim(regexp_replace({row}.{name}, '\\s+', ' ', 'g')))"


def _material():
    """{what changed: condition}, as rules.risks.material_changes() has it."""
    return {
        **{stage: _worse(stage) for stage in STAGES},
        'above': 'NEW.matrix_id <> OLD.matrix_id AND OLD.above_acceptance IS DISTINCT FROM NEW.above_acceptance',
        **{name: f'{_said("OLD", name)} <> {_said("NEW", name)}' for name in ('threat', 'vulnerability')},
        'treatment': 'OLD.treatment <> NEW.treatment',
    }


def _assessed():
    """A risk is written or deleted: the decision it amounts to, and what that does to its acceptances."""
    type_id = content_type_id(Risk)
    columns = [Risk._meta.get_field(name).column for name in RISK_ASSESSED]
    because = ' || '.join(f"CASE WHEN {when} THEN '{name} ' ELSE '' END" for name, when in _material().items())
    return function(
        declare="""
  was jsonb := '{}';
  becomes jsonb := '{}';
  old_values jsonb := '{}';
  new_values jsonb := '{}';
  because text := '';""",
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed(columns)}) THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    was := {_values('OLD')};
  END IF;
  IF TG_OP = 'DELETE' THEN
    INSERT INTO {DECISION} ({DECISION_COLUMNS})
    VALUES ({type_id}, OLD.id, left(OLD.reference || ' ' || OLD.title, 255), 'withdrawn', jsonb_strip_nulls(was),
            '{{}}', '{{}}', {who()}, clock_timestamp(), {why()});
  ELSE
    becomes := {_values('NEW')};
    SELECT coalesce(jsonb_object_agg(key, was -> key), '{{}}'), coalesce(jsonb_object_agg(key, value), '{{}}')
    INTO old_values, new_values
    FROM jsonb_each(becomes) WHERE value IS DISTINCT FROM coalesce(was -> key, 'null');
    INSERT INTO {DECISION} ({DECISION_COLUMNS})
    VALUES ({type_id}, NEW.id, left(NEW.reference || ' ' || NEW.title, 255), 'assessed', old_values, new_values,
            jsonb_build_object('matrix', becomes -> 'matrix'), {who()}, clock_timestamp(), {why()});
  END IF;
  IF TG_OP = 'UPDATE' THEN
    because := {because};
    IF because <> '' THEN
      PERFORM set_config('{BECAUSE}', btrim(because), true);
      UPDATE {ACCEPTANCE} SET status = 'void', last_updated = clock_timestamp()
      WHERE risk_id = NEW.id AND status IN ('requested', 'accepted');
      PERFORM set_config('{BECAUSE}', '', true);
    END IF;
  END IF;""",
    )


def _freeze_matrix():
    """A matrix that risks are or were rated by."""
    return f"""
DECLARE
  used boolean;
BEGIN
  IF TG_OP = 'UPDATE' AND NOT ({differs(RiskMatrix, MATRIX_EVIDENCE)}) THEN
    RETURN NEW;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %I.{RISK} WHERE matrix_id = $1)', TG_TABLE_SCHEMA) INTO used USING OLD.id;
  IF used OR OLD.replaced_on IS NOT NULL THEN
    RAISE EXCEPTION 'risks are or were rated by this matrix: it stays as it is'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
"""


def _matrix_decisions():
    """A matrix becomes the active one, or no longer is."""
    return function(
        declare="""
  was boolean := false;""",
        guard="""
  IF TG_OP = 'UPDATE' THEN
    was := OLD.is_active;
  END IF;
  IF NEW.is_active = was THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  INSERT INTO {DECISION} ({DECISION_COLUMNS})
  VALUES ({content_type_id(RiskMatrix)}, NEW.id, NEW.name || ' v' || NEW.version,
          CASE WHEN NEW.is_active THEN 'activated' ELSE 'superseded' END, jsonb_build_object('is_active', was),
          jsonb_build_object('is_active', NEW.is_active), '{{}}', {who()}, clock_timestamp(), {why()});""",
    )


def _freeze_acceptance():
    """What was decided stays as it was, and only expires or becomes void."""
    return f"""
BEGIN
  IF OLD.status = 'requested' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR {differs(RiskAcceptance, ACCEPTANCE_EVIDENCE)}
     OR (NEW.status <> OLD.status AND NOT (OLD.status = 'accepted' AND NEW.status IN ('expired', 'void'))) THEN
    RAISE EXCEPTION 'this acceptance is decided: it stays as it was' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
"""


def _acceptance_decisions():
    """Acceptance is asked for, given, refused, runs out, becomes void or is withdrawn: a decision about the risk."""
    said = 'jsonb_build_object(' + ', '.join(
        f"'{name}', {{row}}.{name}" for name in ('status', 'valid_until', 'justification')
    ) + ')'
    return function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed(('status', 'valid_until', 'justification'))}) THEN
    RETURN NULL;
  END IF;""",
        declare="""
  acceptance record;
  was jsonb := '{}';
  becomes jsonb := '{}';
  doing text := 'withdrawn';""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    acceptance := OLD;
    was := {said.format(row='OLD')};
  END IF;
  IF TG_OP <> 'DELETE' THEN
    acceptance := NEW;
    becomes := {said.format(row='NEW')};
    doing := CASE NEW.status WHEN 'void' THEN 'voided' ELSE NEW.status END;
  END IF;
  INSERT INTO {DECISION} ({DECISION_COLUMNS})
  SELECT {content_type_id(Risk)}, acceptance.risk_id, left(coalesce(r.reference || ' ' || r.title, ''), 255), doing,
         was, becomes, jsonb_strip_nulls(jsonb_build_object(
           'acceptance', acceptance.id, 'level', r.current_level, 'above_acceptance', r.above_acceptance,
           'matrix', (SELECT x.name || ' v' || x.version FROM {MATRIX} x WHERE x.id = r.matrix_id),
           'changed', string_to_array(nullif(current_setting('{BECAUSE}', true), ''), ' '))),
         {who()}, clock_timestamp(), {why()}
  FROM (SELECT 1) one LEFT JOIN {RISK} r ON r.id = acceptance.risk_id;""",
    )


def _treatment_decisions():
    """What is done about a risk, by whom and until when, and whether it was: a decision about the risk."""
    said = """jsonb_build_object('action', {row}.name, 'due', {row}.due, 'done_on', {row}.done_on,
      'responsible', (SELECT c.name FROM tenancy_contact c WHERE c.id = {row}.responsible_id))"""
    return function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed(('name', 'due', 'done_on', 'responsible_id', 'risk_id'))}) THEN
    RETURN NULL;
  END IF;""",
        declare="""
  was jsonb := '{}';
  becomes jsonb := '{}';
  about bigint;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    was := jsonb_strip_nulls({said.format(row='OLD')});
    about := OLD.risk_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    becomes := jsonb_strip_nulls({said.format(row='NEW')});
    about := NEW.risk_id;
  END IF;
  INSERT INTO {DECISION} ({DECISION_COLUMNS})
  SELECT {content_type_id(Risk)}, about, left(coalesce(r.reference || ' ' || r.title, ''), 255), 'treated', was,
         becomes, '{{}}', {who()}, clock_timestamp(), {why()}
  FROM (SELECT 1) one LEFT JOIN {RISK} r ON r.id = about;""",
    )


def _taken_off():
    """A risk no longer is about a CI: who said so, and what was known. A RetiredCI is written from these."""
    return function(
        guard="""
  IF TG_OP = 'INSERT' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.risk_id = NEW.risk_id AND OLD.object_type_id = NEW.object_type_id
     AND OLD.object_id = NEW.object_id THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  INSERT INTO {DECISION} ({DECISION_COLUMNS})
  SELECT OLD.object_type_id, OLD.object_id, coalesce(e.name, ''), 'risk_unassigned',
         jsonb_strip_nulls(jsonb_build_object(
           'risk', r.reference, 'title', r.title, 'status', r.status, 'level', r.current_level,
           'above_acceptance', r.above_acceptance, 'treatment', nullif(r.treatment, ''))),
         '{{}}', jsonb_build_object('transaction', pg_current_xact_id()::text),
         {who()}, clock_timestamp(), {why()}
  FROM (SELECT 1) one LEFT JOIN {RISK} r ON r.id = OLD.risk_id
  LEFT JOIN netbox_ims_registerentry e ON e.object_type_id = OLD.object_type_id AND e.object_id = OLD.object_id;""",
    )


def take_off_sql(same):
    """A CI is deleted: risks are no longer about it, where Django has not taken that along before."""
    return f"""
    DELETE FROM {ASSIGNMENT} WHERE {same};"""


def taken_off_sql(same):
    """The risks that were about a CI until this transaction, as a JSON list."""
    return (
        f"(SELECT coalesce(jsonb_agg(old_values ORDER BY id), '[]') FROM {DECISION} WHERE {same} "
        "AND action = 'risk_unassigned' AND (basis->>'transaction') = pg_current_xact_id()::text)"
    )


def risk_triggers():
    people = [name for name in ACCEPTANCE_EVIDENCE if name in EVIDENT_PEOPLE]
    return [
        Trigger(MATRIX, f'{PREFIX}riskmatrix_frozen', _freeze_matrix(), ON_TAMPERING),
        Trigger(MATRIX, f'{PREFIX}riskmatrix', _matrix_decisions(), ON_WRITE),
        Trigger(RISK, f'{PREFIX}risk_rated', _rated(), BEFORE_WRITE),
        Trigger(RISK, f'{PREFIX}risk', _assessed(), ON_CHANGE),
        Trigger(ACCEPTANCE, f'{PREFIX}riskacceptance_frozen', _freeze_acceptance(), ON_TAMPERING),
        Trigger(ACCEPTANCE, f'{PREFIX}riskacceptance_forgotten', forgotten(
            RiskAcceptance, people, "OLD.status <> 'requested'"
        ), LOST_AT_COMMIT),
        Trigger(ACCEPTANCE, f'{PREFIX}riskacceptance_never_emptied', emptied(
            Risk, 'accepted', 'risks that were accepted'
        ), ON_EMPTYING),
        Trigger(ACCEPTANCE, f'{PREFIX}riskacceptance', _acceptance_decisions(), ON_CHANGE),
        Trigger(TREATMENT, f'{PREFIX}risktreatment', _treatment_decisions(), ON_CHANGE),
        Trigger(ASSIGNMENT, f'{PREFIX}riskassignment', _taken_off(), ON_CHANGE),
    ]
