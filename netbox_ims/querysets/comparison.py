"""
What changed in the register between two moments, asked of the versions that begin or end between them: a version that
lasts through both says that nothing changed, and is not looked at.
"""
from dataclasses import dataclass
from itertools import batched

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import connections

from ..rules.comparison import COMPARED, KINDS, TARGETS, changed_fields, kinds_of

__all__ = ('Comparison', 'Difference')

PIECE = 500         # differences whose versions are in memory at once
BOTH = 'b.id IS NOT NULL AND a.id IS NOT NULL'


@dataclass(frozen=True)
class Difference:
    """One CI, and the versions of its register entry at both moments; one may be None."""
    before: object
    after: object

    @property
    def latest(self):
        return self.after or self.before

    @property
    def fields(self):
        """{field: (old, new)} of what differs, related objects by primary key."""
        return changed_fields(_values(self.before), _values(self.after))

    @property
    def kinds(self):
        return kinds_of(_values(self.before), _values(self.after))


def _values(version):
    return version and {name: getattr(version, _attname(version, name)) for name in COMPARED}


def _attname(model, name):
    return model._meta.get_field(name).attname


class Comparison:
    """
    The differences between the moments `start` and `end`, of CIs that the user may see; as a sequence, by name.

    `kinds` are some of rules.comparison.KINDS (any of them), `fields` some of COMPARED (any). `narrow` keeps, of a
    queryset of RegisterAsOf, what is asked for: a CI is in if it was so at either moment.
    """

    def __init__(self, user, start, end, kinds=(), fields=(), narrow=None, descending=False):
        self.model = apps.get_model('netbox_ims', 'RegisterVersion')
        then = apps.get_model('netbox_ims', 'RegisterAsOf').objects
        self.user, self.start, self.end, self.using = user, start, end, then.db
        self._before = then.at(start).restrict(user, 'view').filter(valid_to__lte=end)
        self._after = then.at(end).restrict(user, 'view').filter(valid_from__gt=start)
        self._narrow, self.kinds, self.fields = narrow, tuple(kinds), tuple(fields)
        self._descending, self._counts = descending, None

    def __len__(self):
        return self.counts['rows']

    def __getitem__(self, key):
        start, stop, _step = key.indices(len(self))
        return self._differences(self._pairs(f'LIMIT {int(stop - start)} OFFSET {int(start)}'))

    def __iter__(self):
        """All of them, for a file: asked for once, and read a piece at a time."""
        for pairs in batched(self._pairs(), PIECE):
            yield from self._differences(pairs)

    @property
    def counts(self):
        """How many of each kind there are, whatever `kinds` are asked for; `rows`: how many rows there are to see."""
        if self._counts is None:
            conditions = {kind: f'({self._kind(kind)}) AND ({self._fields()})' for kind in KINDS}
            conditions['rows'] = self._asked_for()
            counted = ', '.join(f'count(*) FILTER (WHERE {condition})' for condition in conditions.values())
            row, = self._ask(counted)
            self._counts = dict(zip(conditions, row, strict=True))
        return self._counts

    def _differences(self, pairs):
        found = self.model.objects.using(self.using).select_related('object_type').with_gone(self.user)
        versions = found.in_bulk([pk for pair in pairs for pk in pair if pk])
        return [Difference(versions.get(before), versions.get(after)) for before, after in pairs]

    #
    # SQL
    #

    def _pairs(self, tail=''):
        """Primary keys of the versions before and after, either of which may be None."""
        way = 'DESC' if self._descending else 'ASC'
        order = ', '.join(f'coalesce(a.{each}, b.{each}) {way}' for each in ('name', 'object_type_id', 'object_id'))
        return self._ask('b.id, a.id', self._asked_for(), f'ORDER BY {order} {tail}')

    def _ask(self, columns, condition='true', tail=''):
        parts, params = [], []
        columns_of = ('version_id', 'object_type_id', 'object_id', *(_attname(self.model, name) for name in COMPARED))
        for name, versions in (('b', self._before), ('a', self._after)):
            parts.append(self._part(name, versions, columns_of, params))
            if self._narrow:
                parts.append(self._part(f'{name}_asked', self._narrow(versions), ['version_id'], params))
        asked = 'b.id IN (TABLE b_asked) OR a.id IN (TABLE a_asked)' if self._narrow else 'true'
        compared = self._columns(COMPARED)
        with connections[self.using].cursor() as cursor:
            cursor.execute(f"""
                WITH {', '.join(parts)} SELECT {columns}
                FROM b FULL JOIN a ON a.object_type_id = b.object_type_id AND a.object_id = b.object_id
                WHERE ({', '.join(f'b.{each}' for each in compared)})
                      IS DISTINCT FROM ({', '.join(f'a.{each}' for each in compared)})
                  AND ({asked}) AND ({condition}) {tail}""", params)
            return cursor.fetchall()

    def _part(self, name, versions, attnames, params):
        """A query as a part of a WITH; its columns are called as in the table, its parameters are added to `params`."""
        columns = [self.model._meta.get_field('id' if each == 'version_id' else each).column for each in attnames]
        try:
            sql, given = versions.order_by().values(*attnames).query.get_compiler(self.using).as_sql()
            params += given
        except EmptyResultSet:      # such as what may be seen by somebody who may see nothing
            sql = f'SELECT {", ".join(columns)} FROM {self.model._meta.db_table} WHERE false'
        return f'{name} ({", ".join(columns)}) AS ({sql})'

    def _columns(self, names):
        return [self.model._meta.get_field(name).column for name in names]

    def _asked_for(self):
        kinds = ' OR '.join(f'({self._kind(kind)})' for kind in self.kinds) or 'true'
        return f'({kinds}) AND ({self._fields()})'

    def _fields(self):
        return self._differ(self.fields) or 'true'

    def _differ(self, names):
        return ' OR '.join(f'b.{column} IS DISTINCT FROM a.{column}' for column in self._columns(names))

    def _kind(self, kind):
        """As rules.comparison.kinds_of() has it, of rows that differ; a test holds the two equal."""
        classification, owner = self._columns(['classification', 'asset_owner'])
        return {
            'joined': 'b.id IS NULL',
            'left': 'a.id IS NULL',
            'changed': BOTH,
            'reclassified': f'b.{classification} <> a.{classification}',
            'classified': f'b.id IS NOT NULL AND b.{classification} IS NULL AND a.{classification} IS NOT NULL',
            'newly_unclassified': f'a.id IS NOT NULL AND a.{classification} IS NULL '
                                  f'AND (b.id IS NULL OR b.{classification} IS NOT NULL)',
            'owner_changed': f'{BOTH} AND b.{owner} IS DISTINCT FROM a.{owner}',
            'targets_changed': f'{BOTH} AND ({self._differ(TARGETS)})',
        }[kind]
