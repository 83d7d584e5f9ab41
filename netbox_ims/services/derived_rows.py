"""The derived columns of the register: how they are written, whoever worked them out."""
from dataclasses import astuple, dataclass, fields

from django.db import connections

from ..models import RegisterEntry

__all__ = ('DERIVED_COLUMNS', 'DerivedRow', 'write')

REGISTER = RegisterEntry._meta.db_table


@dataclass(frozen=True)
class DerivedRow:
    """What a register entry says that no person has said of the CI itself; by column of the register."""
    effective_classification_id: int | None
    effective_classification_source_type_id: int | None
    effective_classification_source_id: int | None
    effective_complete: bool
    effective_handles_sensitive_data: bool | None
    effective_processes_personal_data: bool | None
    required_rto_minutes: int | None
    required_rto_source_type_id: int | None
    required_rto_source_id: int | None
    required_rpo_minutes: int | None
    required_rpo_source_type_id: int | None
    required_rpo_source_id: int | None
    effective_rto_minutes: int | None
    effective_rpo_minutes: int | None
    under_classified: bool | None
    alignment: str


DERIVED_COLUMNS = tuple(field.name for field in fields(DerivedRow))
KINDS = {'bool': 'boolean[]', 'str': 'text[]', 'int': 'bigint[]'}
ARRAYS = [KINDS[str(getattr(field.type, '__name__', field.type)).split(' ')[0]] for field in fields(DerivedRow)]


def write(rows, using='default'):
    """Set the derived columns of {(object type id, object id): DerivedRow}; returns how many entries there were."""
    if not rows:
        return 0
    types, ids = zip(*rows, strict=True)
    columns = zip(*(astuple(row) for row in rows.values()), strict=True)
    arrays = ', '.join(f'%s::{array}' for array in ['int[]', 'bigint[]', *ARRAYS])
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"UPDATE {REGISTER} r SET {', '.join(f'{name} = v.{name}' for name in DERIVED_COLUMNS)}, "
            'as_of = clock_timestamp() '
            f"FROM unnest({arrays}) AS v(type, id, {', '.join(DERIVED_COLUMNS)}) "
            'WHERE r.object_type_id = v.type AND r.object_id = v.id',
            [list(types), list(ids), *map(list, columns)],
        )
        return cursor.rowcount
