"""
The PL/pgSQL that marks CIs whose derived values may no longer be right (services/derive.py takes the marks away), and
that notes when what a CI depends on changed, or how it is configured: what continuity tests held before did not see.

Either is an insert, which waits for nobody: not even two scripts that move the same VMs to and fro.
"""
from ..edges import End, Source, get_edge_sources
from ..models import Classification
from .trigger_frame import CHANGE, DEPENDENCY, MARK, ON_WRITE, PREFIX, Trigger, changed, function

__all__ = ('mark', 'mark_triggers', 'marks_of_edges', 'note_change')


def mark(*cis):
    """Mark CIs, each a (type, id) in SQL, whose derived values may no longer be right; a null id marks nothing."""
    values = ', '.join(f'({type_id}::int, {object_id}::bigint)' for type_id, object_id in cis)
    return f"""
    INSERT INTO {MARK} (object_type_id, object_id, time)
    SELECT ci.type, ci.id, clock_timestamp() FROM (VALUES {values}) ci(type, id) WHERE ci.id IS NOT NULL;"""


def _mark_ends(sources, row):
    """Mark both ends of the edges that a row of the sources' table is, or was."""
    ends = (source.end(end, row) for source in sources for end in (source.dependent, source.provider))
    return mark(*dict.fromkeys(ends))


def note_change(cis, of_links):
    """Note that the configuration of CIs, each a (type, id) in SQL, changed now, or what they depend on."""
    values = ', '.join(f'({type_id}::int, {object_id}::bigint)' for type_id, object_id in cis)
    return f"""
    INSERT INTO {CHANGE} (object_type_id, object_id, of_links, time)
    SELECT ci.type, ci.id, {'true' if of_links else 'false'}, clock_timestamp()
    FROM (VALUES {values}) ci(type, id) WHERE ci.id IS NOT NULL;"""


def _note_links(sources, row, others_only=False):
    """
    What the dependents of such edges depend on changed; `others_only`: not the CI that the row is, since a new one did
    not depend on anything before.
    """
    found = [
        source.end(source.dependent, row) for source in sources
        if not (others_only and source.dependent.field == source.model._meta.pk.name)
    ]
    return note_change(dict.fromkeys(found), of_links=True) if found else ''


def marks_of_edges(sources):
    """
    What a row that is edges marks when it comes, goes or leads elsewhere. Unconditional in the branches of TG_OP: what
    is no edge after all is only looked at in vain.
    """
    watched = list(dict.fromkeys(column for source in sources for column in source.watched))
    return f"""
  IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR {changed(watched)}) THEN
{_mark_ends(sources, 'OLD')}{_note_links(sources, 'OLD')}
  END IF;
  IF TG_OP <> 'DELETE' AND (TG_OP = 'INSERT' OR {changed(watched)}) THEN
{_mark_ends(sources, 'NEW')}{_note_links(sources, 'NEW', others_only=True)}
  END IF;"""


def _edge_function(sources):
    """A row of a table that is no CI's, but says what depends on what."""
    return function(body=marks_of_edges(sources))


# The table of typed-in dependencies, in the words of the derived ones
TYPED = Source(
    'dependency', 'netbox_ims.dependency',
    End('dependent_object_id', type_field='dependent_object_type'),
    End('provider_object_id', type_field='provider_object_type'),
)


def _dependency_function():
    """A typed-in dependency; what it carries is as much a part of it as its ends."""
    ends = [f'{end}_object_{part}' for end in ('dependent', 'provider') for part in ('type_id', 'id')]
    return function(
        guard=f"""
  IF TG_OP = 'UPDATE' AND NOT ({changed([*ends, 'holds_data', 'redundancy_group'])}) THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  IF TG_OP <> 'INSERT' THEN
{_mark_ends([TYPED], 'OLD')}{_note_links([TYPED], 'OLD')}
  END IF;
  IF TG_OP <> 'DELETE' THEN
{_mark_ends([TYPED], 'NEW')}{_note_links([TYPED], 'NEW')}
  END IF;""")


def _classification_function():
    """Another order of classifications: what is higher than what is another question for every CI."""
    return function(
        guard="""
  IF TG_OP = 'INSERT' OR NEW.level = OLD.level THEN
    RETURN NULL;
  END IF;""",
        body=f"""
  INSERT INTO {MARK} (time) VALUES (clock_timestamp());""")


def mark_triggers(tables_of_cis):
    """Those on tables of dependencies; the tables of CIs have triggers of their own, which mark as well."""
    yield Trigger(DEPENDENCY, f'{PREFIX}edge_{DEPENDENCY}', _dependency_function())
    yield Trigger(Classification._meta.db_table, f'{PREFIX}classification', _classification_function(), ON_WRITE)
    for table in dict.fromkeys(source.table for source in get_edge_sources() if source.table not in tables_of_cis):
        sources = [source for source in get_edge_sources() if source.table == table]
        yield Trigger(table, f'{PREFIX}edge_{table}'[:63], _edge_function(sources))
