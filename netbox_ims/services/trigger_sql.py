"""
The PL/pgSQL that keeps the register, as text, written from the CI types of this installation; and the list of every
trigger that the plugin needs.
"""
from django.contrib.contenttypes.fields import GenericForeignKey

from ..ci_types import COLUMNS, get_ci_types
from ..constants import FLAGS
from ..edges import get_edge_sources
from .freeze_sql import soa_triggers
from .risk_sql import risk_triggers
from .trigger_alignment import alignment_triggers, mark_what_was_tested
from .trigger_continuity import continuity_triggers
from .trigger_evidence import assessed, evidence_triggers, record_decision, retire_sql
from .trigger_frame import (
    MOVED_AT_COMMIT,
    ON_WRITE,
    PLACED_AT_COMMIT,
    PREFIX,
    PROFILE,
    REGISTER,
    Trigger,
    changed,
    content_type_id,
    function,
)
from .trigger_history import history_triggers
from .trigger_marks import mark, mark_triggers, marks_of_edges, note_change

__all__ = ('ci_source', 'expected_triggers', 'profile_assignments')

# Register columns copied from the profile, and those of them that other CIs may inherit.
FROM_PROFILE = (
    'classification_id', *FLAGS, 'rto_minutes', 'rpo_minutes', 'asset_owner_id', 'review_due',
    'classification_override',
)
INHERITED = tuple(column for column in FROM_PROFILE if column not in ('asset_owner_id', 'review_due', FLAGS[0]))
# What a register entry says of a CI whose derived values are yet to be worked out: nothing that could pass for good.
UNDETERMINED = {'effective_complete': 'false', 'under_classified': 'NULL', 'alignment': "'undetermined'"}
# What one of two transactions that do not see each other waits for, at commit: see _placed_function().
PLACES_LOCK = "hashtext('netbox_ims.places')"


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
    whens = ' '.join(f'WHEN {content_type_id(parent)} THEN {lookup}' for parent, lookup in lookups.items())
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
    type_id, pk = content_type_id(ci_type.model), ci_type.model._meta.pk.column
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
    configuration = [ci_type.model._meta.get_field(name).column for name in ci_type.configuration]
    watched = [*read, *configuration, *(column for each in edges for column in each.watched)]
    return function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed(dict.fromkeys(watched))}) THEN
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
{mark((type_id, f'NEW.{pk}'))}
  ELSIF TG_OP = 'UPDATE' THEN
    IF {changed(read)} THEN
      UPDATE {REGISTER} SET {', '.join(assignments)}, as_of = clock_timestamp()
      WHERE object_type_id = {type_id} AND object_id = NEW.{pk};
    END IF;{_configured(configuration, (type_id, f'NEW.{pk}'))}
  ELSE
{retire_sql(type_id, f'OLD.{pk}')}
  END IF;{marks_of_edges(edges) if edges else ''}""")


def _configured(columns, ci):
    """A CI was changed in one of the columns that a continuity test speaks for."""
    if not columns:
        return ''
    return f"""
    IF {changed(columns)} THEN{note_change([ci], of_links=False)}{mark_what_was_tested(ci)}
    END IF;"""


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
  WHERE {condition} AND r.object_type_id = {content_type_id(ci_type.model)} AND r.object_id = c.{pk}
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
    return function(guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed(_parent_columns(ci_type))}) THEN
    RETURN NULL;
  END IF;""", body=f"""
  PERFORM pg_advisory_xact_lock_shared({PLACES_LOCK});{_fan_out(ci_type, f'c.{pk} = NEW.{pk}')}""")


def _below(ci_type, parent, row):
    """The CIs `c` below a parent, by its row: a condition."""
    field, of_type = ci_type.model._meta.get_field(ci_type.parent_field), ''
    if isinstance(field, GenericForeignKey):
        type_column = ci_type.model._meta.get_field(field.ct_field).column
        of_type = f' AND c.{type_column} = {content_type_id(parent)}'
    return f'c.{_fk_column(ci_type)} = {row}.{parent._meta.pk.column}{of_type}'


def _unmoved(ci_type, parent):
    """Leave where an update changes nothing that the CIs below take from their parent."""
    moved = changed([parent._meta.get_field(name).column for name in _derived_columns(ci_type).values()])
    return f"""
  IF TG_OP = 'UPDATE' AND NOT ({moved}) THEN
    RETURN NULL;
  END IF;"""


def _parent_function(ci_type, parent):
    """A parent is written: the CIs below it take site and tenant from it."""
    return function(guard=_unmoved(ci_type, parent), body=_fan_out(ci_type, _below(ci_type, parent, 'NEW')))


def _moved_function(ci_type, parent):
    """
    A parent was moved or deleted: at commit, so do the CIs that came under it unseen (_placed_function()), and those
    it leaves without a place. One that goes together with its parent keeps its site until then, for its RetiredCI.
    """
    return function(guard=_unmoved(ci_type, parent), body=f"""
  PERFORM pg_advisory_xact_lock({PLACES_LOCK});{_fan_out(ci_type, _below(ci_type, parent, 'OLD'))}""")


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
    return function(
        declare="""
  was jsonb := '{}';
  becomes jsonb := '{}';
  old_values jsonb := '{}';
  new_values jsonb := '{}';
  new_owner boolean := false;
  inherited boolean := true;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
    was := {assessed('OLD')};
    IF TG_OP = 'DELETE' OR OLD.object_type_id <> NEW.object_type_id OR OLD.object_id <> NEW.object_id THEN
      UPDATE {REGISTER} SET {cleared}, as_of = clock_timestamp()
      WHERE object_type_id = OLD.object_type_id AND object_id = OLD.object_id;
{mark(('OLD.object_type_id', 'OLD.object_id'))}
      -- Kept whole, so that a RetiredCI can be written from it.
      old_values := jsonb_strip_nulls(was);
      IF old_values <> '{{}}' THEN
{record_decision('OLD', 'withdrawn', 'old_values', "'{}'", transaction)}
      END IF;
      was := '{{}}';
    ELSE
      -- Contacts go by name here, and two may have the same.
      new_owner := OLD.asset_owner_id IS DISTINCT FROM NEW.asset_owner_id;
      inherited := {changed(INHERITED)};
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    becomes := {assessed('NEW')};
    UPDATE {REGISTER} SET {', '.join(assignments)}, as_of = clock_timestamp()
    WHERE object_type_id = NEW.object_type_id AND object_id = NEW.object_id;
    IF inherited THEN
{mark(('NEW.object_type_id', 'NEW.object_id'))}
    END IF;
    SELECT coalesce(jsonb_object_agg(key, was->key), '{{}}'), coalesce(jsonb_object_agg(key, value), '{{}}')
    INTO old_values, new_values
    FROM jsonb_each(becomes)
    WHERE value IS DISTINCT FROM coalesce(was->key, 'null') OR (new_owner AND key = 'asset_owner');
    IF new_values <> '{{}}' THEN
{record_decision('NEW', 'assessed', 'old_values', 'new_values')}
    END IF;
  END IF;""")


def expected_triggers():
    """Every trigger that keeps the register, the derived values and the evidence in this installation."""
    types = get_ci_types().values()
    triggers = [
        Trigger(PROFILE, f'{PREFIX}profile', _profile_function()),
        *soa_triggers(),
        *continuity_triggers(),
        *alignment_triggers(),
        *risk_triggers(),
        *evidence_triggers(),
        *history_triggers(),
        *mark_triggers({ci_type.model._meta.db_table for ci_type in types}),
    ]
    for ci_type in types:
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
