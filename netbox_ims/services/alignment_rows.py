"""
The rows of the alignment report: how they are written, whoever worked them out, and what those that are no edges are
made of.
"""
from django.contrib.contenttypes.models import ContentType
from django.db import connections

from ..models import Alignment, BusinessFunction, ContinuityTest, ContinuityTestSubject, RegisterEntry
from ..rules.alignment import RPO, RTO, TEST, of_function, of_test
from ..rules.alignment import Alignment as Row
from ..rules.graph import SEVERITY

__all__ = ('STATUS', 'TABLE', 'change', 'of_functions', 'of_tests', 'stored_at')

TABLE = Alignment._meta.db_table
STATUS = {severity: status for status, severity in SEVERITY.items()}
ENDS = ('dependent_object_type_id', 'dependent_object_id', 'provider_object_type_id', 'provider_object_id')
KEY = (*ENDS, 'kind', 'redundancy_group')
TIMES = ('target', 'required_minutes', 'actual_minutes', 'severity')
VALUES = ('target', 'required_minutes', 'actual_minutes', 'margin_minutes', 'severity')
KINDS = {
    **dict.fromkeys(ENDS, 'bigint'), 'kind': 'text', 'redundancy_group': 'text', 'target': 'text',
    'required_minutes': 'int', 'actual_minutes': 'int', 'margin_minutes': 'int', 'severity': 'int',
}


def of_functions(own, using='default'):
    """The rows about business functions and their limits, of those among {CI: rules.graph.Own}."""
    function_type = ContentType.objects.get_for_model(BusinessFunction).pk
    functions = [pk for type_id, pk in own if type_id == function_type]
    limits = BusinessFunction.objects.using(using).filter(pk__in=functions).values_list('pk', 'mtpd_minutes')
    return [of_function((function_type, pk), mtpd, own[function_type, pk].rto) for pk, mtpd in limits]


def of_tests(using='default'):
    """
    The rows about CIs and their last tests, all of them: any change of configuration further down may have made any
    test stale. That walks through what a test was of once for each test, of which there are never many.
    """
    subjects = ContinuityTestSubject.objects.using(using).latest().with_achieved().order_by()
    found = list(subjects.values_list('object_type_id', 'object_id', 'rto', 'rpo', 'test_id', 'test__result'))
    tests = ContinuityTest.objects.using(using).filter(pk__in={row[4] for row in found})
    stale = dict(tests.with_stale().order_by().values_list('pk', 'is_stale')) if found else {}
    entries = RegisterEntry.objects.using(using).among(row[:2] for row in found) if found else ()
    own = {entry.ci: {RTO: entry.rto_minutes, RPO: entry.rpo_minutes} for entry in entries}
    return [
        of_test((type_id, pk), own[type_id, pk], {RTO: rto, RPO: rpo}, result, stale[test])
        for type_id, pk, rto, rpo, test, result in found if (type_id, pk) in own
    ]


def stored_at(cis, using='default'):
    """{key: (id, Row)} of the rows about what these CIs provide, and about themselves; and of all about tests."""
    columns = ', '.join(f'a.{column}' for column in ('id', *KEY, *TIMES))
    with connections[using].cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM unnest(%s::int[], %s::bigint[]) AS n(type, id) CROSS JOIN LATERAL ('
            f' SELECT * FROM {TABLE} WHERE provider_object_type_id = n.type AND provider_object_id = n.id'
            f'  AND dependent_object_type_id IS NOT NULL UNION ALL SELECT * FROM {TABLE}'
            '  WHERE dependent_object_type_id = n.type AND dependent_object_id = n.id'
            f"  AND provider_object_type_id IS NULL) a UNION ALL SELECT {columns} FROM {TABLE} a WHERE kind = '{TEST}'",
            [[kind for kind, _pk in cis], [pk for _kind, pk in cis]],
        )
        rows = {}
        for pk, *ends, kind, group, target, required, actual, severity in cursor.fetchall():
            dependent, provider = (None if end[1] is None else end for end in (tuple(ends[:2]), tuple(ends[2:])))
            row = Row(kind, dependent, provider, required, actual, STATUS[severity], group, target)
            rows[row.key] = pk, row
    return rows


def change(gone=(), new=(), changed=None, using='default'):
    """Delete rows by primary key, add new ones, and set {primary key: Row}; returns how many that were."""
    changed = changed or {}
    with connections[using].cursor() as cursor:
        if gone:
            cursor.execute(f'DELETE FROM {TABLE} WHERE id = ANY(%s::bigint[])', [list(gone)])
        if new:
            columns = (*KEY, *VALUES)
            cursor.execute(
                f'INSERT INTO {TABLE} ({", ".join(columns)}, as_of) '
                f'SELECT v.*, clock_timestamp() FROM unnest({_arrays(columns)}) v',
                _columns(map(_values, new)),
            )
        if changed:
            cursor.execute(
                f'UPDATE {TABLE} a SET {", ".join(f"{name} = v.{name}" for name in VALUES)}, as_of = clock_timestamp() '
                f'FROM unnest(%s::bigint[], {_arrays(VALUES)}) AS v(id, {", ".join(VALUES)}) WHERE a.id = v.id',
                [list(changed), *_columns(row[len(KEY):] for row in map(_values, changed.values()))],
            )
    return len(gone) + len(new) + len(changed)


def _arrays(columns):
    return ', '.join(f'%s::{KINDS[column]}[]' for column in columns)


def _columns(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def _values(row):
    """A Row in the order of KEY and VALUES."""
    return (
        *(row.dependent or (None, None)), *(row.provider or (None, None)), row.kind, row.group,
        row.target, row.required, row.actual, row.margin, SEVERITY[row.status],
    )
