"""
What PostgreSQL calls a schema and netbox-branching a branch: tables of the same names, on a connection of its own.

A connection to a branch searches the branch's schema first and main's after it, so an unqualified name may lead to
either. Where that matters, the schema is the one that the connection's `django_migrations` is in: every branch has its
own. Functions are main's, and the branches' triggers run them.
"""
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from core.choices import ObjectChangeActionChoices
from core.models import ObjectChange
from netbox.models.features import ChangeLoggingMixin

from ..ci_types import get_ci_types
from ..models import RegisterEntry, Scope, ScopeMember

__all__ = ('SCHEMA', 'adopt_schema', 'ci_types_in', 'has_register', 'in_branch', 'is_main', 'tables_in')

SCHEMA = "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('django_migrations'))"


def is_main(using):
    return using == DEFAULT_DB_ALIAS


def in_branch():
    """Whether what happens now happens in a branch."""
    if not apps.is_installed('netbox_branching'):
        return False
    from netbox_branching.contextvars import active_branch
    return active_branch.get() is not None


def tables_in(using):
    """Names of the tables in the connection's own schema."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = {SCHEMA}")
        return {name for name, in cursor.fetchall()}


def has_register(using):
    """Whether the schema has a register, rather than seeing main's or none."""
    return RegisterEntry._meta.db_table in tables_in(using)


def ci_types_in(using):
    """
    {label: CIType} of the types whose CIs are kept in this schema. A branch has none of those that netbox-branching was
    told to exempt: what it knows of them is what was so when it was made.
    """
    if is_main(using):
        return get_ci_types()
    tables = tables_in(using)
    return {label: ci_type for label, ci_type in get_ci_types().items() if ci_type.model._meta.db_table in tables}


def adopt_schema(using, since):
    """
    Give our tables in a branch's schema, made there by migrations as the branch is older than the plugin, what
    provisioning would have given them: main's sequences, so that no id is used twice; no foreign keys, which would
    keep main from deleting what they point to; and the rows of main that a sync will not bring, as no change that was
    logged after `since` (the branch's last sync) made them. Tables that hold something already stay as they are.
    """
    models = {
        model._meta.db_table: model
        for model in apps.get_app_config('netbox_ims').get_models(include_auto_created=True)
    }
    tables = sorted(tables_in(using) & models.keys())
    # Asked beforehand: within the transactions below, main's connection could wait for us, and we for it, for ever.
    mains = {table: _main_name(table) for table in [*tables, ObjectChange._meta.db_table]}
    logged = [models[table] for table in tables if issubclass(models[table], ChangeLoggingMixin)]
    type_ids = {model: ContentType.objects.get_for_model(model).pk for model in logged}
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        # On its own, as it locks those tables of main that they point to.
        for table, name in _foreign_keys(cursor, tables):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT {name}')
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for table in tables:
            _share_sequence(cursor, table, mains[table])
        for model in logged:
            _copy_rows(cursor, model, type_ids[model], since, mains)


def _main_name(table):
    """The table of main's schema, qualified as the branch's connection must name it."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            'SELECT format(\'%%I.%%I\', n.nspname, c.relname) FROM pg_class c '
            'JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(%s)', [table]
        )
        return cursor.fetchone()[0]


def _share_sequence(cursor, table, main):
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [main])
    sequence, = cursor.fetchone()
    cursor.execute(f'ALTER TABLE {table} ALTER COLUMN id DROP IDENTITY IF EXISTS')
    cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{sequence}')")


def _foreign_keys(cursor, tables):
    cursor.execute(
        'SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid '
        f"WHERE k.contype = 'f' AND c.relname = ANY(%s) AND c.relnamespace = {SCHEMA}", [tables]
    )
    return cursor.fetchall()


def _copy_rows(cursor, model, type_id, since, mains):
    table = model._meta.db_table
    cursor.execute(f'SELECT EXISTS (SELECT 1 FROM {table})')
    if cursor.fetchone()[0]:
        return
    _copy(cursor, model, mains, (
        f'NOT EXISTS (SELECT 1 FROM {mains[ObjectChange._meta.db_table]} o WHERE o.changed_object_type_id = %s '
        'AND o.changed_object_id = m.id AND o.action = %s AND o.time > %s)'
    ), [type_id, ObjectChangeActionChoices.ACTION_CREATE, since])
    for field in model._meta.local_many_to_many:
        through = field.remote_field.through
        if through._meta.db_table in mains:
            _copy(cursor, through, mains, f'm.{field.m2m_column_name()} IN (SELECT id FROM {table})')
    if model is Scope:
        _copy(cursor, ScopeMember, mains, f'm.scope_id IN (SELECT id FROM {table})')


def _copy(cursor, model, mains, condition, params=None):
    table, columns = model._meta.db_table, ', '.join(field.column for field in model._meta.local_concrete_fields)
    cursor.execute(f'INSERT INTO {table} ({columns}) SELECT {columns} FROM {mains[table]} m WHERE {condition}', params)
