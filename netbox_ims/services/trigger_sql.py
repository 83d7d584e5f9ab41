"""
The PL/pgSQL that keeps the register and the evidence, as text, written from the CI types of this installation.

Every function is static SQL on unqualified names, since netbox-branching copies triggers into a branch's schema while
functions stay in main's: each first puts the schema of its own table in front of the search path, and does nothing
where that schema has no register (a migration reversed, a branch older than the plugin). None has a column list or a
WHEN clause, which would make a later ALTER COLUMN of NetBox's own migrations fail.
"""
import hashlib
from dataclasses import dataclass

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType

from ..ci_types import COLUMNS, get_ci_types
from ..constants import ASSESSED_FIELDS, FLAGS
from ..models import AssetProfile, Decision, RegisterEntry, RetiredCI

__all__ = ('PREFIX', 'Trigger', 'ci_source', 'expected_triggers', 'profile_assignments', 'retire_sql')

PREFIX = 'ims_'     # of every trigger and function this plugin makes
REGISTER = RegisterEntry._meta.db_table
PROFILE = AssetProfile._meta.db_table
DECISION = Decision._meta.db_table
RETIRED = RetiredCI._meta.db_table

# Register columns copied from the profile, and those that equal one of them until the CI inherits something.
FROM_PROFILE = {
    'classification_id': 'classification_id',
    **{flag: flag for flag in FLAGS},
    'rto_minutes': 'rto_minutes',
    'rpo_minutes': 'rpo_minutes',
    'asset_owner_id': 'asset_owner_id',
    'review_due': 'review_due',
    'effective_classification_id': 'classification_id',
    'effective_handles_sensitive_data': 'handles_sensitive_data',
    'effective_processes_personal_data': 'processes_personal_data',
    'effective_rto_minutes': 'rto_minutes',
    'effective_rpo_minutes': 'rpo_minutes',
}

ON_CHANGE, ON_WRITE = 'AFTER INSERT OR UPDATE OR DELETE', 'AFTER INSERT OR UPDATE'
ON_TAMPERING, ON_PART_TAMPERING = 'BEFORE UPDATE OR DELETE', 'BEFORE INSERT OR UPDATE OR DELETE'
GONE_AT_COMMIT, LOST_AT_COMMIT = 'AFTER DELETE', 'AFTER UPDATE'      # deferred to the end of the transaction
# pg_trigger.tgtype of a row-level trigger
TIMINGS = {
    ON_CHANGE: 29, ON_WRITE: 21, ON_TAMPERING: 27, ON_PART_TAMPERING: 31, GONE_AT_COMMIT: 9, LOST_AT_COMMIT: 17,
}

FRAME = """
DECLARE
  home regclass;
  path text;
{declare}
BEGIN
{guard}
  home := to_regclass(quote_ident(TG_TABLE_SCHEMA) || '.{register}');
  IF home IS NULL THEN
    RETURN NULL;
  END IF;
  IF home IS DISTINCT FROM to_regclass('{register}') THEN
    path := current_setting('search_path');
    PERFORM set_config('search_path', quote_ident(TG_TABLE_SCHEMA) || ',' || path, true);
  END IF;
{body}
  IF path IS NOT NULL THEN
    PERFORM set_config('search_path', path, true);
  END IF;
  RETURN NULL;
END
"""


@dataclass(frozen=True)
class Trigger:
    """One row-level trigger and the function of the same name that it runs; …_AT_COMMIT ones are deferred."""
    table: str
    name: str
    source: str
    timing: str = ON_CHANGE

    @property
    def fingerprint(self):
        """As read back from PostgreSQL's catalogue: what it runs, when it fires, and that it is enabled."""
        source = hashlib.md5(self.source.encode(), usedforsecurity=False).hexdigest()
        return self.table, self.name, source, TIMINGS[self.timing], 'O'

    @property
    def function_sql(self):
        return f'CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $ims${self.source}$ims$'

    @property
    def trigger_sql(self):
        deferred = self.timing in (GONE_AT_COMMIT, LOST_AT_COMMIT)
        kind, when = ('CONSTRAINT TRIGGER', ' DEFERRABLE INITIALLY DEFERRED') if deferred else ('TRIGGER', '')
        return (
            f'CREATE {kind} {self.name} {self.timing} ON {self.table}{when} FOR EACH ROW EXECUTE FUNCTION {self.name}()'
        )


def _function(body, guard='', declare=''):
    return FRAME.format(register=REGISTER, body=body.rstrip(), guard=guard.rstrip(), declare=declare.rstrip())


def _content_type(model):
    return ContentType.objects.get_for_model(model).pk


def _changed(columns):
    return ' OR '.join(f'OLD.{c} IS DISTINCT FROM NEW.{c}' for c in columns)


def _parent_value(ci_type, row, field_name):
    """A column of the object one hop away, for a row of the CI's table named `row`."""
    field = ci_type.model._meta.get_field(ci_type.parent_field)
    lookups = {
        parent: f'(SELECT p.{parent._meta.get_field(field_name).column} FROM {parent._meta.db_table} p '
                f'WHERE p.{parent._meta.pk.column} = {row}.{_fk_column(ci_type)})'
        for parent in ci_type.parent_models()
    }
    if not isinstance(field, GenericForeignKey):
        return next(iter(lookups.values()))
    type_column = ci_type.model._meta.get_field(field.ct_field).column
    whens = ' '.join(f'WHEN {_content_type(parent)} THEN {lookup}' for parent, lookup in lookups.items())
    return f'CASE {row}.{type_column} {whens} END'


def _fk_column(ci_type):
    field = ci_type.model._meta.get_field(ci_type.parent_field)
    if isinstance(field, GenericForeignKey):
        return ci_type.model._meta.get_field(field.fk_field).column
    return field.column


def _value(ci_type, column, row):
    """SQL for one register column, from a row of the CI's table named `row`."""
    source = getattr(ci_type, column)
    related = COLUMNS[column]
    if source is None:
        value = 'NULL'
    elif source == 'self':
        value = f'{row}.{ci_type.model._meta.pk.column}'
    elif '.' in source:
        value = _parent_value(ci_type, row, source.split('.', 1)[1])
    else:
        value = f'{row}.{ci_type.model._meta.get_field(source).column}'
    if column == 'name':
        return f"left(coalesce(({value})::text, ''), 255)"
    if column == 'status':
        return f'left(({value})::text, 50)'     # what another plugin calls a status may be longer
    return f'({value})::{"bigint" if related else "text"}'


def ci_source(ci_type, row):
    """The register columns that come from the CI, as {column: SQL}, from a row of its table named `row`."""
    return {
        f'{column}_id' if related else column: _value(ci_type, column, row) for column, related in COLUMNS.items()
    }


def profile_assignments(row):
    """The register columns that come from the profile, as {column: SQL}, from a profile row (or none) named `row`."""
    return {
        'profile_id': f'{row}.id',
        **{column: f'{row}.{source}' for column, source in FROM_PROFILE.items()},
        'effective_classification_source_type_id':
            f'CASE WHEN {row}.classification_id IS NOT NULL THEN {row}.object_type_id END',
        'effective_classification_source_id':
            f'CASE WHEN {row}.classification_id IS NOT NULL THEN {row}.object_id END',
    }


def _read_columns(ci_type):
    """The columns of the CI's own table that its register columns are computed from."""
    model, columns = ci_type.model, []
    for column in COLUMNS:
        if own := ci_type.own_field(column):
            columns.append(model._meta.get_field(own).column)
    if ci_type.parent_field:
        columns.append(_fk_column(ci_type))
        field = model._meta.get_field(ci_type.parent_field)
        if isinstance(field, GenericForeignKey):
            columns.append(model._meta.get_field(field.ct_field).column)
    return columns


def _ci_function(ci_type):
    """Insert, update and delete of a CI: its register row, its profile, and what stays of it."""
    type_id, pk = _content_type(ci_type.model), ci_type.model._meta.pk.column
    source, profile = ci_source(ci_type, 'NEW'), profile_assignments('p')
    assignments = [f'{c} = {v}' for c, v in source.items()]
    if _can_lose_its_parent(ci_type):
        lost = f'OLD.{_fk_column(ci_type)} IS NOT NULL AND NEW.{_fk_column(ci_type)} IS NULL'
        derived = _derived_columns(ci_type)
        assignments = [
            f'{c} = CASE WHEN {lost} THEN {c} ELSE {v} END' if c in derived else f'{c} = {v}' for c, v in source.items()
        ]
    excluded = ', '.join(f'{c} = EXCLUDED.{c}' for c in source)
    changed = _changed(_read_columns(ci_type))
    return _function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed}) THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  IF TG_OP = 'INSERT' THEN
    -- The profile may be there first: raw SQL, or netbox-branching restoring both.
    INSERT INTO {REGISTER} (object_type_id, object_id, {', '.join([*source, *profile])},
                            effective_complete, alignment, as_of)
    SELECT {type_id}, NEW.{pk}, {', '.join([*source.values(), *profile.values()])},
           false, 'undetermined', clock_timestamp()
    FROM (SELECT 1) one LEFT JOIN {PROFILE} p ON p.object_type_id = {type_id} AND p.object_id = NEW.{pk}
    ON CONFLICT (object_type_id, object_id) DO UPDATE SET {excluded}, as_of = clock_timestamp();
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE {REGISTER} SET {', '.join(assignments)}, as_of = clock_timestamp()
    WHERE object_type_id = {type_id} AND object_id = NEW.{pk};
  ELSE
{retire_sql(type_id, f'OLD.{pk}')}
  END IF;""")


def _who():
    return ("nullif(current_setting('netbox_ims.user_id', true), '')::bigint, "
            "coalesce(current_setting('netbox_ims.user_name', true), '')")


def _why():
    return "coalesce(current_setting('netbox_ims.reason', true), '')"


def retire_sql(type_id, object_id):
    """
    A CI is deleted: keep what was known. The profile goes now or, where Django cascaded, has gone earlier in this
    transaction; either way its own trigger has written a `withdrawn` decision at this transaction's time (now()).
    """
    from .freeze_sql import unassign_sql, unassigned_sql  # made of the triggers below
    same = f'object_type_id = {type_id} AND object_id = {object_id}'
    return f"""
    DELETE FROM {PROFILE} WHERE {same};{unassign_sql(same)}
    INSERT INTO {RETIRED} (object_type_id, object_id, name, site_id, site_name, tenant_id, tenant_name, role_id, status,
                           classification, is_information_asset, handles_sensitive_data, processes_personal_data,
                           asset_owner, assessment, controls, risks, user_id, user_name, time, reason)
    SELECT {type_id}, {object_id}, r.name, r.site_id, coalesce(s.name, ''), r.tenant_id, coalesce(t.name, ''),
           r.role_id, r.status,
           d.was->>'classification', {', '.join(f"(d.was->>'{flag}')::boolean" for flag in FLAGS)},
           coalesce(d.was->>'asset_owner', ''), coalesce(d.was, '{{}}'), {unassigned_sql(same)}, '[]',
           {_who()}, clock_timestamp(), {_why()}
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
           {_who()}, clock_timestamp(), {_why()}
    FROM {REGISTER} r LEFT JOIN dcim_site s ON s.id = r.site_id LEFT JOIN tenancy_tenant t ON t.id = r.tenant_id
    WHERE r.{same.replace(' AND ', ' AND r.')};
    DELETE FROM {REGISTER} WHERE {same};"""


def _derived_columns(ci_type):
    """The register columns that come from the CI's parent, as {column: field of the parent}."""
    return {
        f'{column}_id' if related else column: source.split('.', 1)[1]
        for column, related in COLUMNS.items() if '.' in (source := getattr(ci_type, column) or '')
    }


def _can_lose_its_parent(ci_type):
    """Whether the CI may come to be without its parent; then that counts at commit only, see _lost_function()."""
    field = ci_type.parent_field and ci_type.model._meta.get_field(ci_type.parent_field)
    return bool(field) and not isinstance(field, GenericForeignKey) and field.null


def _refers_for_sure(ci_type):
    """Whether the database itself sees to it that the CI's parent exists."""
    field = ci_type.model._meta.get_field(ci_type.parent_field)
    return not isinstance(field, GenericForeignKey) and field.db_constraint


def _lost_function(ci_type):
    """
    A CI is without its parent. Django does that, too, to a CI that is to be deleted together with its parent (a circuit
    and its terminations): it keeps its site until commit, for its RetiredCI.
    """
    table, pk, fk = ci_type.model._meta.db_table, ci_type.model._meta.pk.column, _fk_column(ci_type)
    values = ci_source(ci_type, 'c')
    assignments = ', '.join(f'{column} = {values[column]}' for column in _derived_columns(ci_type))
    return _function(guard=f"""
  IF NOT (OLD.{fk} IS NOT NULL AND NEW.{fk} IS NULL) THEN
    RETURN NULL;
  END IF;""", body=f"""
  UPDATE {REGISTER} r SET {assignments}, as_of = clock_timestamp()
  FROM {table} c
  WHERE c.{pk} = NEW.{pk} AND r.object_type_id = {_content_type(ci_type.model)} AND r.object_id = c.{pk};""")


def _parent_function(ci_type, parent, row='NEW'):
    """A parent is written (NEW) or was deleted (OLD): the CIs below it take site and tenant from it, or lose them."""
    model, pk = ci_type.model, parent._meta.pk.column
    table, type_id, values = model._meta.db_table, _content_type(model), ci_source(ci_type, 'c')
    derived = _derived_columns(ci_type)
    assignments = ', '.join(f'{column} = {values[column]}' for column in derived)
    changed = _changed([parent._meta.get_field(name).column for name in derived.values()])
    field, of_type = model._meta.get_field(ci_type.parent_field), ''
    if isinstance(field, GenericForeignKey):
        of_type = f' AND c.{model._meta.get_field(field.ct_field).column} = {_content_type(parent)}'
    guard = f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed}) THEN
    RETURN NULL;
  END IF;"""
    return _function(
        guard=guard if row == 'NEW' else '',
        body=f"""
  UPDATE {REGISTER} r SET {assignments}, as_of = clock_timestamp()
  FROM {table} c
  WHERE c.{_fk_column(ci_type)} = {row}.{pk}{of_type}
    AND r.object_type_id = {type_id} AND r.object_id = c.{model._meta.pk.column};""",
    )


def _record_decision(row, action, old_values, new_values, basis="'{}'"):
    """INSERT of a Decision about the CI that a profile row is about; `basis` adds to what is known of the CI."""
    return f"""
    INSERT INTO {DECISION} (object_type_id, object_id, name, action, old_values, new_values, basis,
                            user_id, user_name, time, reason)
    SELECT {row}.object_type_id, {row}.object_id, coalesce(r.name, ''), '{action}', {old_values}, {new_values},
           jsonb_strip_nulls(jsonb_build_object('site', s.name, 'tenant', t.name, 'role', d.name, 'status', r.status))
             || {basis},
           {_who()}, clock_timestamp(), {_why()}
    FROM (SELECT 1) one
    LEFT JOIN {REGISTER} r ON r.object_type_id = {row}.object_type_id AND r.object_id = {row}.object_id
    LEFT JOIN dcim_site s ON s.id = r.site_id
    LEFT JOIN tenancy_tenant t ON t.id = r.tenant_id
    LEFT JOIN dcim_devicerole d ON d.id = r.role_id;"""


def _profile_function():
    """
    A profile is written or removed: the register row of its CI, and the decision it amounts to. One that goes over to
    another CI is withdrawn from the first and assessed anew for the second.
    """
    assignments = ', '.join(f'{column} = {value}' for column, value in profile_assignments('NEW').items())
    cleared = ', '.join(f'{column} = NULL' for column in profile_assignments('OLD'))
    transaction = "jsonb_build_object('transaction', pg_current_xact_id()::text)"
    return _function(
        declare="""
  was jsonb := '{}';
  becomes jsonb := '{}';
  old_values jsonb := '{}';
  new_values jsonb := '{}';
  new_owner boolean := false;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    was := {_assessed('OLD')};
    IF TG_OP = 'DELETE' OR OLD.object_type_id <> NEW.object_type_id OR OLD.object_id <> NEW.object_id THEN
      UPDATE {REGISTER} SET {cleared}, as_of = clock_timestamp()
      WHERE object_type_id = OLD.object_type_id AND object_id = OLD.object_id;
      -- Kept whole, so that a RetiredCI can be written from it.
      old_values := jsonb_strip_nulls(was);
      IF old_values <> '{{}}' THEN
{_record_decision('OLD', 'withdrawn', 'old_values', "'{}'", transaction)}
      END IF;
      was := '{{}}';
    ELSE
      -- Contacts go by name here, and two may have the same.
      new_owner := OLD.asset_owner_id IS DISTINCT FROM NEW.asset_owner_id;
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    becomes := {_assessed('NEW')};
    UPDATE {REGISTER} SET {assignments}, as_of = clock_timestamp()
    WHERE object_type_id = NEW.object_type_id AND object_id = NEW.object_id;
    SELECT coalesce(jsonb_object_agg(key, was->key), '{{}}'), coalesce(jsonb_object_agg(key, value), '{{}}')
    INTO old_values, new_values
    FROM jsonb_each(becomes)
    WHERE value IS DISTINCT FROM coalesce(was->key, 'null') OR (new_owner AND key = 'asset_owner');
    IF new_values <> '{{}}' THEN
{_record_decision('NEW', 'assessed', 'old_values', 'new_values')}
    END IF;
  END IF;""")


def _assessed(row):
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


def expected_triggers():
    """Every trigger that keeps the register and the evidence in this installation."""
    from .freeze_sql import soa_triggers  # made of the triggers here
    triggers = [
        *soa_triggers(),
        Trigger(PROFILE, f'{PREFIX}profile', _profile_function()),
        Trigger(DECISION, f'{PREFIX}decision_append_only', APPEND_ONLY, ON_TAMPERING),
        Trigger(RETIRED, f'{PREFIX}retiredci_append_only', APPEND_ONLY, ON_TAMPERING),
    ]
    for ci_type in get_ci_types().values():
        table = ci_type.model._meta.db_table
        triggers.append(Trigger(table, f'{PREFIX}ci_{table}'[:63], _ci_function(ci_type)))
        if not ci_type.parent_field:
            continue
        if _can_lose_its_parent(ci_type):
            triggers.append(Trigger(table, f'{PREFIX}lost_{table}'[:63], _lost_function(ci_type), LOST_AT_COMMIT))
        for parent in ci_type.parent_models():
            above, pair = parent._meta.db_table, f'{table}_{parent._meta.db_table}'
            triggers.append(Trigger(above, f'{PREFIX}parent_{pair}'[:63], _parent_function(ci_type, parent), ON_WRITE))
            if not _refers_for_sure(ci_type):
                # Only at commit: a CI that goes together with its parent keeps its site until then, for its RetiredCI.
                orphaned = _parent_function(ci_type, parent, 'OLD')
                triggers.append(Trigger(above, f'{PREFIX}orphan_{pair}'[:63], orphaned, GONE_AT_COMMIT))
    return triggers
