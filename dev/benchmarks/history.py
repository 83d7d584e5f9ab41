"""
What the register said before: of each CI five versions in a year, the last of them what it says now. Times differ from
CI to CI, as in life; mass changes, which share theirs, would make counts cheaper.
"""
from contextlib import contextmanager

from django.db import connection

from netbox_ims.models import HistoryStart, RegisterName, RegisterVersion
from netbox_ims.services.trigger_frame import REGISTER
from netbox_ims.services.trigger_history import VERSION, VERSIONED

from .bulk import drawn, unchecked

VERSIONS, DAYS_EACH = 5, 73

# What was otherwise in a version but the last, in terms of the entry `r` and the number of the version `k`
OTHERWISE = {
    'rto_minutes': 'r.rto_minutes + k',
    # Of as many CIs as today, but not the same ones
    'classification_id': 'CASE WHEN r.object_id %% 7 = k THEN NULL ELSE r.classification_id END',
    'asset_owner_id': 'CASE WHEN r.object_id %% 5 = k THEN NULL ELSE r.asset_owner_id END',
}
CHANGED = "CASE WHEN k > 0 THEN '{rto_minutes,classification_id,asset_owner_id}' ELSE '{}' END::varchar[]"


def seed_history():
    began = f"date_trunc('day', now()) - interval '{VERSIONS * DAYS_EACH} days'"
    seconds = DAYS_EACH * 86_400
    # Somewhere in its part of the year; the first ones all at the beginning
    since = (
        f"{began} + CASE WHEN {{k}} = 0 THEN interval '0' ELSE interval '1 second' * ({{k}} * {seconds}::bigint "
        f"+ {drawn(seconds, 'r.object_type_id || r.object_id || {k}', 'version')}) END"
    )
    # A version lies in the table where it was last written: where it ended, or, while it is open, where it began.
    written = f"CASE WHEN k < {VERSIONS - 1} THEN {since.format(k='(k + 1)')} ELSE {since.format(k='k')} END"
    columns = ', '.join(
        f'CASE WHEN k < {VERSIONS - 1} THEN {OTHERWISE[column]} ELSE r.{column} END' if column in OTHERWISE
        else f'r.{column}' for column in VERSIONED
    )
    with unchecked(), without_indexes(RegisterVersion), connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE {VERSION}')
        cursor.execute(
            f'INSERT INTO {VERSION} (object_type_id, object_id, entry_id, {", ".join(VERSIONED)}, '
            'valid_from, valid_to, changed, user_name, transaction) '
            f'SELECT r.object_type_id, r.object_id, r.id, {columns}, {since.format(k="k")}, '
            f"CASE WHEN k < {VERSIONS - 1} THEN {since.format(k='(k + 1)')} ELSE 'infinity' END, {CHANGED}, '', 0 "
            f'FROM generate_series(0, {VERSIONS - 1}) k, {REGISTER} r ORDER BY {written}', []
        )
        for model in (RegisterName, HistoryStart):
            column = 'time' if model is HistoryStart else 'valid_from'
            cursor.execute(f'UPDATE {model._meta.db_table} SET {column} = {began}')


@contextmanager
def without_indexes(model):
    """Indexes and constraints of a table are made at once when it is full."""
    options = model._meta
    with connection.schema_editor() as editor:
        for each in options.indexes:
            editor.remove_index(model, each)
        for each in options.constraints:
            editor.remove_constraint(model, each)
    yield
    with connection.schema_editor() as editor:
        for each in options.indexes:
            editor.add_index(model, each)
        for each in options.constraints:
            editor.add_constraint(model, each)
