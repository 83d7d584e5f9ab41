"""The PL/pgSQL that writes what must outlive the change log, decisions and retired CIs, and refuses to alter it."""
from ..constants import ASSESSED_FIELDS, FLAGS
from .freeze_sql import unassign_sql, unassigned_sql
from .risk_sql import take_off_sql, taken_off_sql
from .trigger_continuity import untest_sql
from .trigger_frame import (
    BASELINE,
    BLOCK,
    CHANGE,
    DECISION,
    DEPENDENCY,
    ON_EMPTYING,
    ON_TAMPERING,
    PREFIX,
    PROFILE,
    REGISTER,
    RETIRED,
    Trigger,
    who,
    why,
)

__all__ = ('NEVER_EMPTIED', 'assessed', 'evidence_triggers', 'record_decision', 'retire_sql')


def retire_sql(type_id, object_id):
    """
    A CI is deleted: keep what was known. Its edges go. Its profile goes now or, where Django cascaded, has gone earlier
    in this transaction; either way its own trigger has written a `withdrawn` decision in this transaction.
    """
    same = f'object_type_id = {type_id} AND object_id = {object_id}'
    return f"""
    DELETE FROM {PROFILE} WHERE {same};{unassign_sql(same)}{untest_sql(same)}{take_off_sql(same)}
    DELETE FROM {DEPENDENCY} WHERE dependent_object_type_id = {type_id} AND dependent_object_id = {object_id};
    DELETE FROM {DEPENDENCY} WHERE provider_object_type_id = {type_id} AND provider_object_id = {object_id};
    INSERT INTO {RETIRED} (object_type_id, object_id, name, site_id, site_name, tenant_id, tenant_name, role_id, status,
                           classification, is_information_asset, handles_sensitive_data, processes_personal_data,
                           asset_owner, assessment, controls, risks, user_id, user_name, time, reason)
    SELECT {type_id}, {object_id}, r.name, r.site_id, coalesce(s.name, ''), r.tenant_id, coalesce(t.name, ''),
           r.role_id, r.status,
           d.was->>'classification', {', '.join(f"(d.was->>'{flag}')::boolean" for flag in FLAGS)},
           coalesce(d.was->>'asset_owner', ''), coalesce(d.was, '{{}}'), {unassigned_sql(same)}, {taken_off_sql(same)},
           {who()}, clock_timestamp(), {why()}
    FROM {REGISTER} r
    LEFT JOIN dcim_site s ON s.id = r.site_id
    LEFT JOIN tenancy_tenant t ON t.id = r.tenant_id
    LEFT JOIN LATERAL (
      SELECT old_values AS was FROM {DECISION}
      WHERE {same} AND action = 'withdrawn' AND (basis->>'transaction') = pg_current_xact_id()::text
      ORDER BY id DESC LIMIT 1
    ) d ON true
    WHERE r.{same.replace(' AND ', ' AND r.')};
    INSERT INTO {DECISION} (object_type_id, object_id, name, action, old_values, new_values, basis,
                            user_id, user_name, time, reason)
    SELECT {type_id}, {object_id}, r.name, 'retired', '{{}}', '{{}}',
           jsonb_strip_nulls(jsonb_build_object('site', s.name, 'tenant', t.name, 'status', r.status)),
           {who()}, clock_timestamp(), {why()}
    FROM {REGISTER} r LEFT JOIN dcim_site s ON s.id = r.site_id LEFT JOIN tenancy_tenant t ON t.id = r.tenant_id
    WHERE r.{same.replace(' AND ', ' AND r.')};
    DELETE FROM {CHANGE} WHERE {same};
    DELETE FROM {REGISTER} WHERE {same};"""


def record_decision(row, action, old_values, new_values, basis="'{}'"):
    """INSERT of a Decision about the CI that a profile row is about; `basis` adds to what is known of the CI."""
    return f"""
    INSERT INTO {DECISION} (object_type_id, object_id, name, action, old_values, new_values, basis,
                            user_id, user_name, time, reason)
    SELECT {row}.object_type_id, {row}.object_id, coalesce(r.name, ''), '{action}', {old_values}, {new_values},
           jsonb_strip_nulls(jsonb_build_object('site', s.name, 'tenant', t.name, 'role', d.name, 'status', r.status))
             || {basis},
           {who()}, clock_timestamp(), {why()}
    FROM (SELECT 1) one
    LEFT JOIN {REGISTER} r ON r.object_type_id = {row}.object_type_id AND r.object_id = {row}.object_id
    LEFT JOIN dcim_site s ON s.id = r.site_id
    LEFT JOIN tenancy_tenant t ON t.id = r.tenant_id
    LEFT JOIN dcim_devicerole d ON d.id = r.role_id;"""


def assessed(row):
    """
    The assessed fields of a profile row as JSON; empty text counts as null, people and classes go by name and slug.
    """
    special = {
        'classification': f'(SELECT c.slug FROM netbox_ims_classification c WHERE c.id = {row}.classification_id)',
        'asset_owner': f'(SELECT c.name FROM tenancy_contact c WHERE c.id = {row}.asset_owner_id)',
        'data_categories': f"nullif({row}.data_categories, '')",
        'override_justification': f"nullif({row}.override_justification, '')",
        # false is how a profile starts, so it is no decision
        'classification_override': f'nullif({row}.classification_override, false)',
    }
    pairs = ', '.join(f"'{field}', {special.get(field, f'{row}.{field}')}" for field in ASSESSED_FIELDS)
    return f'jsonb_build_object({pairs})'


APPEND_ONLY = """
BEGIN
  IF TG_OP = 'UPDATE' AND NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: what was recorded stays as it was', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END
"""

# After the statement, so that it tells `TRUNCATE` of the evidence from the emptying of the whole database (Django's
# `flush`), which leaves nothing to give evidence of.
NEVER_EMPTIED = """
BEGIN
  IF EXISTS (SELECT 1 FROM django_content_type) THEN
    RAISE EXCEPTION '% is append-only: it is not emptied unless everything is', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END
"""


def evidence_triggers():
    """Those that refuse to alter what was recorded."""
    kept = ((DECISION, 'decision'), (RETIRED, 'retiredci'), (BASELINE, 'baseline'), (BLOCK, 'baselineblock'))
    for table, name in kept:
        yield Trigger(table, f'{PREFIX}{name}_append_only', APPEND_ONLY, ON_TAMPERING)
        yield Trigger(table, f'{PREFIX}{name}_never_emptied', NEVER_EMPTIED, ON_EMPTYING)
