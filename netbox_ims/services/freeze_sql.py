"""
The PL/pgSQL that freezes what was approved, and that records approvals of statements and controls taken off CIs.

A freeze compares only the columns that are evidence: NetBox must stay able to write tags' timestamps, custom fields and
its own bookkeeping to every row. It looks up statements in the schema of its own table, so that it holds in a branch.
"""
from ..constants import ENTRY_EVIDENCE, EVIDENT_PEOPLE, STATEMENT_EVIDENCE
from ..models import Control, ControlAssignment, ControlCatalog, Decision, Scope, SoaEntry, StatementOfApplicability
from .trigger_frame import (
    LOST_AT_COMMIT,
    ON_CHANGE,
    ON_EMPTYING,
    ON_PART_TAMPERING,
    ON_TAMPERING,
    ON_WRITE,
    PREFIX,
    Trigger,
    content_type_id,
    function,
    who,
    why,
)

__all__ = (
    'differs', 'emptied', 'forgotten', 'freeze', 'refuse', 'soa_triggers', 'step_decisions', 'unassign_sql',
    'unassigned_sql',
)

STATEMENT, ENTRY = StatementOfApplicability._meta.db_table, SoaEntry._meta.db_table
ASSIGNMENT, DECISION = ControlAssignment._meta.db_table, Decision._meta.db_table
FROZEN = "('approved', 'superseded')"


def differs(model, evidence):
    """Whether a row's evidence changed. A person may be forgotten, which is judged at commit (forgotten())."""
    comparisons = []
    for name in evidence:
        column = model._meta.get_field(name).column
        differs = f'OLD.{column} IS DISTINCT FROM NEW.{column}'
        comparisons.append(f'({differs} AND NEW.{column} IS NOT NULL)' if name in EVIDENT_PEOPLE else differs)
    return ' OR '.join(comparisons)


def refuse(what):
    return f"""RAISE EXCEPTION '{what} is approved: what it says stays as it was'
      USING ERRCODE = 'integrity_constraint_violation';"""


def freeze(model, evidence, frozen, may_become, what):
    """
    A row with one of the statuses `frozen` (as SQL) is neither deleted nor changed in its evidence; of its status, only
    as `may_become` says: (from, to).
    """
    return f"""
BEGIN
  IF OLD.status NOT IN {frozen} THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' OR {differs(model, evidence)}
     OR (NEW.status <> OLD.status AND NOT (OLD.status = '{may_become[0]}' AND NEW.status = '{may_become[1]}')) THEN
    {refuse(what)}
  END IF;
  RETURN NEW;
END
"""


def _freeze_entry():
    """
    The statement's row is locked against change: an edit under way and an approval wait for each other, so that no
    edit slips in behind the snapshot.
    """
    return f"""
DECLARE
  frozen boolean;
BEGIN
  IF TG_OP = 'UPDATE' AND NOT ({differs(SoaEntry, ENTRY_EVIDENCE)}) THEN
    RETURN NEW;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    EXECUTE format('SELECT status IN {FROZEN.replace("'", "''")} FROM %I.{STATEMENT} WHERE id = $1 FOR SHARE',
                   TG_TABLE_SCHEMA) INTO frozen USING OLD.statement_id;
  END IF;
  IF TG_OP <> 'DELETE' AND frozen IS NOT TRUE THEN
    EXECUTE format('SELECT status IN {FROZEN.replace("'", "''")} FROM %I.{STATEMENT} WHERE id = $1 FOR SHARE',
                   TG_TABLE_SCHEMA) INTO frozen USING NEW.statement_id;
  END IF;
  IF frozen THEN
    {refuse('the statement of this entry')}
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
"""


def forgotten(model, names, frozen):
    """At commit: a frozen row lost its reference to a person, so that person must be gone."""
    checks = []
    for name in names:
        field = model._meta.get_field(name)
        checks.append(
            f'(OLD.{field.column} IS NOT NULL AND NEW.{field.column} IS NULL AND EXISTS '
            f'(SELECT FROM {field.related_model._meta.db_table} p WHERE p.id = OLD.{field.column}))'
        )
    return f"""
BEGIN
  IF ({' OR '.join(checks)}) AND {frozen} THEN
    {refuse('this')}
  END IF;
  RETURN NULL;
END
"""


def emptied(model, action, what):
    """
    TRUNCATE fires no row triggers. After the statement nothing is left to ask whether it was decided, but the decisions
    of this kind about objects of the model are; nothing gives evidence once the whole database is emptied (Django's
    `flush`). `what` there is, in words.
    """
    return function(f"""
  IF EXISTS (SELECT FROM {DECISION} WHERE object_type_id = {content_type_id(model)}
             AND action = '{action}') AND EXISTS (SELECT FROM django_content_type) THEN
    RAISE EXCEPTION 'there are {what}: % is not emptied unless everything is',
      TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
  END IF;""")


def step_decisions(model, frozen, name, basis, source=''):
    """
    A row has come to one of the statuses `frozen` (as SQL): a decision, whatever path it took. `name` and `basis` are
    SQL for what the decision says, over NEW and what is selected from `source` (as SQL, from FROM on).
    """
    return function(
        declare="""
  was text;""",
        guard=f"""
  IF TG_OP = 'UPDATE' THEN
    was := OLD.status;
  END IF;
  IF NEW.status IS NOT DISTINCT FROM was OR NEW.status NOT IN {frozen} THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  INSERT INTO {DECISION} (object_type_id, object_id, name, action, old_values, new_values, basis,
                          user_id, user_name, time, reason)
  SELECT {content_type_id(model)}, NEW.id, {name}, NEW.status, jsonb_build_object('status', was),
         jsonb_build_object('status', NEW.status), {basis}, {who()}, clock_timestamp(), {why()}{source};""",
    )


def _statement_decisions():
    scope, catalog = Scope._meta.db_table, ControlCatalog._meta.db_table
    return step_decisions(
        StatementOfApplicability, FROZEN, "s.name || ' · SoA v' || NEW.version",
        "jsonb_build_object('scope', s.name, 'catalog', c.slug, 'version', NEW.version, 'sha256', NEW.sha256)",
        f"""
  FROM {scope} s, {catalog} c WHERE s.id = NEW.scope_id AND c.id = NEW.catalog_id""",
    )


def _unassigned():
    """A control is taken off a CI: who did that, and what was known of it. A RetiredCI is written from these."""
    control, catalog = Control._meta.db_table, ControlCatalog._meta.db_table
    return function(
        guard="""
  IF TG_OP = 'INSERT' THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.control_id = NEW.control_id AND OLD.object_type_id = NEW.object_type_id
     AND OLD.object_id = NEW.object_id THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  INSERT INTO {DECISION} (object_type_id, object_id, name, action, old_values, new_values, basis,
                          user_id, user_name, time, reason)
  SELECT OLD.object_type_id, OLD.object_id, coalesce(r.name, ''), 'unassigned',
         jsonb_strip_nulls(jsonb_build_object(
           'control', c.ref, 'title', c.title, 'catalog', k.slug, 'status', OLD.status,
           'evidence_url', nullif(OLD.evidence_url, ''), 'verified_on', OLD.verified_on, 'verified_by', u.username,
           'review_due', OLD.review_due)),
         '{{}}', jsonb_build_object('transaction', pg_current_xact_id()::text),
         {who()}, clock_timestamp(), {why()}
  FROM (SELECT 1) one
  LEFT JOIN {control} c ON c.id = OLD.control_id LEFT JOIN {catalog} k ON k.id = c.catalog_id
  LEFT JOIN users_user u ON u.id = OLD.verified_by_id
  LEFT JOIN netbox_ims_registerentry r ON r.object_type_id = OLD.object_type_id AND r.object_id = OLD.object_id;""",
    )


def unassign_sql(same):
    """A CI is deleted: its controls and its places in scopes go, where Django has not taken them along before."""
    return f"""
    DELETE FROM {ASSIGNMENT} WHERE {same};
    DELETE FROM netbox_ims_scopemember WHERE {same};"""


def unassigned_sql(same):
    """The controls that were taken off a CI in this transaction, as a JSON list."""
    return (
        f"(SELECT coalesce(jsonb_agg(old_values ORDER BY id), '[]') FROM {DECISION} WHERE {same} "
        "AND action = 'unassigned' AND (basis->>'transaction') = pg_current_xact_id()::text)"
    )


def soa_triggers():
    statement_people = [name for name in STATEMENT_EVIDENCE if name in EVIDENT_PEOPLE]
    entry_people = [name for name in ENTRY_EVIDENCE if name in EVIDENT_PEOPLE]
    frozen_entry = f'EXISTS (SELECT FROM {STATEMENT} s WHERE s.id = NEW.statement_id AND s.status IN {FROZEN})'
    never_emptied = emptied(StatementOfApplicability, 'approved', 'approved statements of applicability')
    return [
        Trigger(STATEMENT, f'{PREFIX}statement_frozen', freeze(
            StatementOfApplicability, STATEMENT_EVIDENCE, FROZEN, ('approved', 'superseded'),
            'this statement of applicability'
        ), ON_TAMPERING),
        Trigger(STATEMENT, f'{PREFIX}statement_forgotten', forgotten(
            StatementOfApplicability, statement_people, f'OLD.status IN {FROZEN}'
        ), LOST_AT_COMMIT),
        Trigger(STATEMENT, f'{PREFIX}statement_never_emptied', never_emptied, ON_EMPTYING),
        Trigger(STATEMENT, f'{PREFIX}statement', _statement_decisions(), ON_WRITE),
        Trigger(ENTRY, f'{PREFIX}soaentry_frozen', _freeze_entry(), ON_PART_TAMPERING),
        Trigger(ENTRY, f'{PREFIX}soaentry_never_emptied', never_emptied, ON_EMPTYING),
        Trigger(ENTRY, f'{PREFIX}soaentry_forgotten', forgotten(SoaEntry, entry_people, frozen_entry), LOST_AT_COMMIT),
        Trigger(ASSIGNMENT, f'{PREFIX}controlassignment', _unassigned(), ON_CHANGE),
    ]
