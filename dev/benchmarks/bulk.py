"""Many rows of a model in one statement: a row of the model's own defaults, of which some columns vary."""
from contextlib import contextmanager

from django.db import connection
from django.db.models import AutoField, GeneratedField


def insert(model, source, **varying):
    """
    INSERT into the model's table one row for each of `source` (what follows FROM). `varying` gives SQL by field name,
    in terms of the source; every other column gets what a new instance of the model would have.
    """
    default, columns, values, params = model(), [], [], []
    for field in model._meta.concrete_fields:
        if isinstance(field, (AutoField, GeneratedField)):
            continue
        columns.append(connection.ops.quote_name(field.column))
        if field.name in varying:
            values.append(varying.pop(field.name))
        else:
            values.append('%s')
            params.append(field.get_db_prep_save(field.pre_save(default, add=True), connection))
    if varying:
        raise ValueError(f'{model.__name__} has no fields {", ".join(varying)}')
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f'INSERT INTO {table} ({", ".join(columns)}) SELECT {", ".join(values)} FROM {source}', params)


def numbers(count):
    """A source of the numbers 1 to `count`, named `i`."""
    return f'generate_series(1, {int(count)}) AS i'


def drawn(count, number, salt):
    """
    SQL for a whole number from 0 to `count` - 1 that looks drawn by lot, but is always the same for the same `number`
    (an SQL expression). What is drawn with different `salt` has nothing to do with each other, as in life: an estate in
    which every third name is in every third site would make some questions absurdly cheap and others absurdly dear.
    """
    return f"(hashtextextended('{salt}' || {number}, 0) & 1073741823) %% {int(count)}"


def favourite(count, number, salt):
    """The same, where low numbers are drawn far more often: half the draws are in the lowest eighth."""
    return f'floor({int(count)} * power(({drawn(1_000_000, number, salt)}) / 1000000.0, 3))::bigint'


def element(values, index):
    """SQL for the one of `values` (numbers or words) at `index`, an SQL expression that counts from 0."""
    literal = ', '.join(str(v) if isinstance(v, int) else f"'{v}'" for v in values)
    kind = 'bigint' if isinstance(values[0], int) else 'text'
    return f'(ARRAY[{literal}]::{kind}[])[1 + {index}]'


def pick(values, number, salt=''):
    """SQL for one of `values`, drawn by lot."""
    return element(values, drawn(len(values), number, salt))


@contextmanager
def unchecked():
    """Neither triggers nor foreign keys cost anything in here, so what is written must be right by itself."""
    with connection.cursor() as cursor:
        cursor.execute('SET session_replication_role = replica')
        try:
            yield
        finally:
            cursor.execute('SET session_replication_role = origin')
