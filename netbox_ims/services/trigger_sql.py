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
from ..edges import End, Source, get_edge_sources
from ..models import AssetProfile, Classification, Decision, Dependency, RegisterEntry, RetiredCI, StaleMark

__all__ = ('PREFIX', 'Trigger', 'ci_source', 'expected_triggers', 'profile_assignments', 'retire_sql')

PREFIX = 'ims_'     # of every trigger and function this plugin makes
REGISTER = RegisterEntry._meta.db_table
PROFILE = AssetProfile._meta.db_table
DECISION = Decision._meta.db_table
RETIRED = RetiredCI._meta.db_table
DEPENDENCY = Dependency._meta.db_table
MARK = StaleMark._meta.db_table

# Register columns copied from the profile, and those of them that other CIs may inherit.
FROM_PROFILE = (
    'classification_id', *FLAGS, 'rto_minutes', 'rpo_minutes', 'asset_owner_id', 'review_due',
    'classification_override',
)
INHERITED = tuple(column for column in FROM_PROFILE if column not in ('asset_owner_id', 'review_due', FLAGS[0]))
# What a register entry says of a CI whose derived values are yet to be worked out: nothing that could pass for good.
UNDETERMINED = {'effective_complete': 'false', 'under_classified': 'NULL', 'alignment': "'undetermined'"}

ON_CHANGE, ON_WRITE = 'AFTER INSERT OR UPDATE OR DELETE', 'AFTER INSERT OR UPDATE'
ON_TAMPERING, ON_PART_TAMPERING = 'BEFORE UPDATE OR DELETE', 'BEFORE INSERT OR UPDATE OR DELETE'
ON_EMPTYING = 'AFTER TRUNCATE'                              # once for the statement, not for each row
# Deferred to the end of the transaction (the first of them would otherwise be ON_WRITE)
PLACED_AT_COMMIT, MOVED_AT_COMMIT, LOST_AT_COMMIT = 'AFTER UPDATE OR INSERT', 'AFTER UPDATE OR DELETE', 'AFTER UPDATE'
# pg_trigger.tgtype
TIMINGS = {
    ON_CHANGE: 29, ON_WRITE: 21, ON_TAMPERING: 27, ON_PART_TAMPERING: 31, ON_EMPTYING: 32, PLACED_AT_COMMIT: 21,
    MOVED_AT_COMMIT: 25, LOST_AT_COMMIT: 17,
}
# What one of two transactions that do not see each other waits for, at commit: see _placed_function().
PLACES_LOCK = "hashtext('netbox_ims.places')"

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
    """One trigger and the function of the same name that it runs; …_AT_COMMIT ones are deferred."""
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
        deferred = self.timing in (PLACED_AT_COMMIT, MOVED_AT_COMMIT, LOST_AT_COMMIT)
        kind, when = ('CONSTRAINT TRIGGER', ' DEFERRABLE INITIALLY DEFERRED') if deferred else ('TRIGGER', '')
        each = 'STATEMENT' if self.timing == ON_EMPTYING else 'ROW'
        return (
            f'CREATE {kind} {self.name} {self.timing} ON {self.table}{when} '
            f'FOR EACH {each} EXECUTE FUNCTION {self.name}()'
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
        **{column: f'{row}.{column}' for column in FROM_PROFILE},
        'classification_override': f'coalesce({row}.classification_override, false)',
    }


def _mark(*cis):
    """Mark CIs, each a (type, id) in SQL, whose derived values may no longer be right; a null id marks nothing."""
    values = ', '.join(f'({type_id}::int, {object_id}::bigint)' for type_id, object_id in cis)
    return f"""
    INSERT INTO {MARK} (object_type_id, object_id, time)
    SELECT ci.type, ci.id, clock_timestamp() FROM (VALUES {values}) ci(type, id) WHERE ci.id IS NOT NULL;"""


def _mark_ends(sources, row):
    """Mark both ends of the edges that a row of the sources' table is, or was."""
    ends = (source.end(end, row) for source in sources for end in (source.dependent, source.provider))
    return _mark(*dict.fromkeys(ends))


def _marks_of_edges(sources):
    """
    What a row that is edges marks when it comes, goes or leads elsewhere. Unconditional in the branches of TG_OP: what
    is no edge after all is only looked at in vain.
    """
    watched = list(dict.fromkeys(column for source in sources for column in source.watched))
    return f"""
  IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR {_changed(watched)}) THEN
{_mark_ends(sources, 'OLD')}
  END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR {_changed(watched)}) THEN
{_mark_ends(sources, 'NEW')}
  END IF;"""


def _read_columns(ci_type):
    """The columns of the CI's own table that its register columns are computed from."""
    model, columns = ci_type.model, []
    for column in COLUMNS:
        if own := ci_type.own_field(column):
            columns.append(model._meta.get_field(own).column)
    return columns + (_parent_columns(ci_type) if ci_type.parent_field else [])


def _parent_columns(ci_type):
    """The columns of the CI's table that say what its parent is."""
    field = ci_type.model._meta.get_field(ci_type.parent_field)
    generic = isinstance(field, GenericForeignKey)
    type_column = [ci_type.model._meta.get_field(field.ct_field).column] if generic else []
    return [_fk_column(ci_type), *type_column]


def _ci_function(ci_type):
    """Insert, update and delete of a CI: its register row, its profile and edges, and what stays of it."""
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
    read = _read_columns(ci_type)
    edges = [each for each in get_edge_sources() if each.model is ci_type.model]
    watched = [*read, *(column for each in edges for column in each.watched)]
    return _function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({_changed(dict.fromkeys(watched))}) THEN
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
{_mark((type_id, f'NEW.{pk}'))}
  ELSIF TG_OP = 'UPDATE' THEN
    IF {_changed(read)} THEN
      UPDATE {REGISTER} SET {', '.join(assignments)}, as_of = clock_timestamp()
      WHERE object_type_id = {type_id} AND object_id = NEW.{pk};
    END IF;
  ELSE
{retire_sql(type_id, f'OLD.{pk}')}
  END IF;{_marks_of_edges(edges) if edges else ''}""")


def _edge_function(sources):
    """A row of a table that is no CI's, but says what depends on what."""
    return _function(body=_marks_of_edges(sources))


# The table of typed-in dependencies, in the words of the derived ones
TYPED = Source(
    'dependency', 'netbox_ims.dependency',
    End('dependent_object_id', type_field='dependent_object_type'),
    End('provider_object_id', type_field='provider_object_type'),
)


def _dependency_function():
    """A typed-in dependency; what it carries is as much a part of it as its ends."""
    ends = [f'{end}_object_{part}' for end in ('dependent', 'provider') for part in ('type_id', 'id')]
    return _function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({_changed([*ends, 'holds_data', 'redundancy_group'])}) THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
{_mark_ends([TYPED], 'OLD')}
  END IF;
  IF TG_OP <> 'DELETE' THEN
{_mark_ends([TYPED], 'NEW')}
  END IF;""")


def _classification_function():
    """Another order of classifications: what is higher than what is another question for every CI."""
    return _function(
        guard="""
  IF TG_OP = 'INSERT' OR NEW.level = OLD.level THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  INSERT INTO {MARK} (time) VALUES (clock_timestamp());""")


def _who():
    return ("nullif(current_setting('netbox_ims.user_id', true), '')::bigint, "
            "coalesce(current_setting('netbox_ims.user_name', true), '')")


def _why():
    return "coalesce(current_setting('netbox_ims.reason', true), '')"


def retire_sql(type_id, object_id):
    """
    A CI is deleted: keep what was known. Its edges go. Its profile goes now or, where Django cascaded, has gone earlier
    in this transaction; either way its own trigger has written a `withdrawn` decision in this transaction.
    """
    from .freeze_sql import unassign_sql, unassigned_sql  # made of the triggers below
    same = f'object_type_id = {type_id} AND object_id = {object_id}'
    return f"""
    DELETE FROM {PROFILE} WHERE {same};{unassign_sql(same)}
    DELETE FROM {DEPENDENCY} WHERE dependent_object_type_id = {type_id} AND dependent_object_id = {object_id};
    DELETE FROM {DEPENDENCY} WHERE provider_object_type_id = {type_id} AND provider_object_id = {object_id};
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
    """Whether the CI may come to be without its parent; then that counts at commit only, see _placed_function()."""
    field = ci_type.parent_field and ci_type.model._meta.get_field(ci_type.parent_field)
    return bool(field) and not isinstance(field, GenericForeignKey) and field.null


def _fan_out(ci_type, condition):
    """UPDATE of the register: the CIs `c` that meet the condition take site and tenant from their parents."""
    table, pk, values = ci_type.model._meta.db_table, ci_type.model._meta.pk.column, ci_source(ci_type, 'c')
    derived = {column: values[column] for column in _derived_columns(ci_type)}
    return f"""
  UPDATE {REGISTER} r SET {', '.join(f'{c} = {v}' for c, v in derived.items())}, as_of = clock_timestamp()
  FROM {table} c
  WHERE {condition} AND r.object_type_id = {_content_type(ci_type.model)} AND r.object_id = c.{pk}
    AND ({' OR '.join(f'r.{c} IS DISTINCT FROM {v}' for c, v in derived.items())});"""


def _placed_function(ci_type):
    """
    A CI came under a parent, or is without one: at commit it takes site and tenant from there.

    At commit, since another transaction may move the parent meanwhile: neither sees what the other does, and the CI
    would keep the place it found. So both look again at their ends, one after the other: CIs that are placed share a
    lock, parents that move have it to themselves (_moved_function()). Rows of NetBox's own are not locked: whoever
    saves a device does not wait for a script that makes its services.

    And since Django takes its parent from a CI, too, that is to be deleted together with it (a circuit and its
    terminations): it keeps its site until commit, for its RetiredCI.
    """
    pk = ci_type.model._meta.pk.column
    return _function(guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({_changed(_parent_columns(ci_type))}) THEN
    RETURN NULL;
  END IF;""", body=f"""
  PERFORM pg_advisory_xact_lock_shared({PLACES_LOCK});{_fan_out(ci_type, f'c.{pk} = NEW.{pk}')}""")


def _below(ci_type, parent, row):
    """The CIs `c` below a parent, by its row: a condition."""
    field, of_type = ci_type.model._meta.get_field(ci_type.parent_field), ''
    if isinstance(field, GenericForeignKey):
        type_column = ci_type.model._meta.get_field(field.ct_field).column
        of_type = f' AND c.{type_column} = {_content_type(parent)}'
    return f'c.{_fk_column(ci_type)} = {row}.{parent._meta.pk.column}{of_type}'


def _unmoved(ci_type, parent):
    """Leave where an update changes nothing that the CIs below take from their parent."""
    changed = _changed([parent._meta.get_field(name).column for name in _derived_columns(ci_type).values()])
    return f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed}) THEN
    RETURN NULL;
  END IF;"""


def _parent_function(ci_type, parent):
    """A parent is written: the CIs below it take site and tenant from it."""
    return _function(guard=_unmoved(ci_type, parent), body=_fan_out(ci_type, _below(ci_type, parent, 'NEW')))


def _moved_function(ci_type, parent):
    """
    A parent was moved or deleted: at commit, so do the CIs that came under it unseen (_placed_function()), and those
    it leaves without a place. One that goes together with its parent keeps its site until then, for its RetiredCI.
    """
    return _function(guard=_unmoved(ci_type, parent), body=f"""
  PERFORM pg_advisory_xact_lock({PLACES_LOCK});{_fan_out(ci_type, _below(ci_type, parent, 'OLD'))}""")


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
    assignments = [f'{column} = {value}' for column, value in profile_assignments('NEW').items()]
    assignments += [f'{c} = CASE WHEN inherited THEN {value} ELSE {c} END' for c, value in UNDETERMINED.items()]
    cleared = {column: 'NULL' for column in profile_assignments('OLD')} | {'classification_override': 'false'}
    cleared = ', '.join(f'{column} = {value}' for column, value in (cleared | UNDETERMINED).items())
    transaction = "jsonb_build_object('transaction', pg_current_xact_id()::text)"
    return _function(
        declare="""
  was jsonb := '{}';
  becomes jsonb := '{}';
  old_values jsonb := '{}';
  new_values jsonb := '{}';
  new_owner boolean := false;
  inherited boolean := true;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    was := {_assessed('OLD')};
    IF TG_OP = 'DELETE' OR OLD.object_type_id <> NEW.object_type_id OR OLD.object_id <> NEW.object_id THEN
      UPDATE {REGISTER} SET {cleared}, as_of = clock_timestamp()
      WHERE object_type_id = OLD.object_type_id AND object_id = OLD.object_id;
{_mark(('OLD.object_type_id', 'OLD.object_id'))}
      -- Kept whole, so that a RetiredCI can be written from it.
      old_values := jsonb_strip_nulls(was);
      IF old_values <> '{{}}' THEN
{_record_decision('OLD', 'withdrawn', 'old_values', "'{}'", transaction)}
      END IF;
      was := '{{}}';
    ELSE
      -- Contacts go by name here, and two may have the same.
      new_owner := OLD.asset_owner_id IS DISTINCT FROM NEW.asset_owner_id;
      inherited := {_changed(INHERITED)};
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    becomes := {_assessed('NEW')};
    UPDATE {REGISTER} SET {', '.join(assignments)}, as_of = clock_timestamp()
    WHERE object_type_id = NEW.object_type_id AND object_id = NEW.object_id;
    IF inherited THEN
{_mark(('NEW.object_type_id', 'NEW.object_id'))}
    END IF;
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


def expected_triggers():
    """Every trigger that keeps the register and the evidence in this installation."""
    from .freeze_sql import soa_triggers  # made of the triggers here
    triggers = [
        *soa_triggers(),
        Trigger(PROFILE, f'{PREFIX}profile', _profile_function()),
        Trigger(DECISION, f'{PREFIX}decision_append_only', APPEND_ONLY, ON_TAMPERING),
        Trigger(DECISION, f'{PREFIX}decision_never_emptied', NEVER_EMPTIED, ON_EMPTYING),
        Trigger(RETIRED, f'{PREFIX}retiredci_append_only', APPEND_ONLY, ON_TAMPERING),
        Trigger(RETIRED, f'{PREFIX}retiredci_never_emptied', NEVER_EMPTIED, ON_EMPTYING),
    ]
    triggers += [
        Trigger(DEPENDENCY, f'{PREFIX}edge_{DEPENDENCY}', _dependency_function()),
        Trigger(Classification._meta.db_table, f'{PREFIX}classification', _classification_function(), ON_WRITE),
    ]
    of_cis = {ci_type.model for ci_type in get_ci_types().values()}
    for model in dict.fromkeys(source.model for source in get_edge_sources() if source.model not in of_cis):
        sources = [source for source in get_edge_sources() if source.model is model]
        triggers.append(
            Trigger(model._meta.db_table, f'{PREFIX}edge_{model._meta.db_table}'[:63], _edge_function(sources))
        )
    for ci_type in get_ci_types().values():
        table = ci_type.model._meta.db_table
        triggers.append(Trigger(table, f'{PREFIX}ci_{table}'[:63], _ci_function(ci_type)))
        if not ci_type.parent_field:
            continue
        triggers.append(Trigger(table, f'{PREFIX}placed_{table}'[:63], _placed_function(ci_type), PLACED_AT_COMMIT))
        for parent in ci_type.parent_models():
            above, pair = parent._meta.db_table, f'{table}_{parent._meta.db_table}'
            triggers += [
                Trigger(above, f'{PREFIX}parent_{pair}'[:63], _parent_function(ci_type, parent), ON_WRITE),
                Trigger(above, f'{PREFIX}moved_{pair}'[:63], _moved_function(ci_type, parent), MOVED_AT_COMMIT),
            ]
    return triggers
