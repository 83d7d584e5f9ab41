"""
Taking the plugin out of NetBox again: its tables, triggers and functions, and every row of NetBox's that speaks of it.

What speaks of it is found by asking NetBox's models, not from a list of tables: each foreign key and each many-to-many
relation to content types, and the few places where NetBox keeps names as text (named_traces). Everything in the
database happens in one transaction, on the main connection and by qualified name where a branch of netbox-branching is
concerned: it is all gone, or nothing has happened.
"""
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import django_rq
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import ForeignKey, Q
from redis.exceptions import RedisError
from rq.exceptions import InvalidJobOperation

from core.models import Job, ObjectChange, ObjectType
from extras.models import CustomField, Dashboard, ImageAttachment, SavedFilter, TableConfig, Tag, TaggedItem
from netbox.jobs import JobRunner
from netbox.tables import BaseTable
from users.models import UserConfig
from utilities.rqworker import get_all_workers

from ..models import Decision, RetiredCI
from .named_traces import clean_dashboard, clean_preferences, is_ours, without_ours
from .removal import APP, CLEANED_APPS, Blocked, generic_keys, other_models, remove
from .trigger_frame import PREFIX

__all__ = ('Blocked', 'Plan', 'uninstall')

# Without any object type left these say nothing about anything.
TYPED_MODELS = {
    'extras.CustomField', 'extras.CustomLink', 'extras.EventRule', 'extras.ExportTemplate', 'extras.SavedFilter',
    'users.ObjectPermission',
}
MAIN = "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('django_content_type'))"
LOCK_TIMEOUT = '30s'


@dataclass(frozen=True)
class Step:
    """One kind of thing to remove: what it is, how many there are, and how it goes."""
    what: str
    count: Callable[[], int]
    remove: Callable[[], None]


class Plan:
    """What there is to remove from one database. It only looks; `uninstall()` acts."""

    def __init__(self, using='default'):
        self.using = using
        self.connection = connections[using]

    # -- what it is about

    @cached_property
    def types(self):
        return list(ContentType.objects.using(self.using).filter(app_label=APP).values_list('pk', flat=True))

    @cached_property
    def branches(self):
        """{schema: name} of netbox-branching's branches, as far as they have a schema."""
        if not apps.is_installed('netbox_branching'):
            return {}
        schemas = {name for name, in self.sql('SELECT nspname FROM pg_namespace')}
        branches = apps.get_model('netbox_branching', 'Branch').objects.using(self.using)
        return {branch.schema_name: branch.name for branch in branches if branch.schema_name in schemas}

    @cached_property
    def jobs(self):
        """(primary key, queue, id there) of every background job of ours, done or still to do."""
        ours = Q(name__in=[cls.name for cls in _subclasses(JobRunner)]) | Q(object_type__in=self.types)
        return list(Job.objects.using(self.using).filter(ours).values_list('pk', 'queue_name', 'job_id'))

    def rows(self):
        """{model: queryset} of other apps' rows about our types; many-to-many tables are type_lists()."""
        found = {}
        for model in other_models():
            keys = _type_keys(model)
            if keys and not model._meta.auto_created and model is not ObjectType:
                about_us = Q(*((f'{key.attname}__in', self.types) for key in keys), _connector=Q.OR)
                found[model] = self._all(model).filter(about_us)
        # The history of a note or a contact on one of our objects goes with it; first, while they can be asked for.
        history = found.pop(ObjectChange)
        for model, queryset in found.items():
            if generic_keys(model) and hasattr(model, 'to_objectchange'):
                history |= self._all(ObjectChange).filter(
                    changed_object_type__in=self._all(ContentType).filter(
                        app_label=model._meta.app_label, model=model._meta.model_name
                    ), changed_object_id__in=queryset.values('pk')
                )
        return {ObjectChange: history, **found}

    def type_lists(self):
        """(model, many-to-many field) of what applies to a list of object types."""
        for model in other_models():
            for field in model._meta.local_many_to_many:
                if field.related_model in (ContentType, ObjectType):
                    yield model, field

    # -- what goes

    def steps(self):
        """Everything there is to do, in order."""
        yield from self._text_steps()
        yield from self._list_steps()
        yield from self._row_steps()
        for schema, name in self.branches.items():
            yield Step(
                f'rows and copies of our tables in the branch "{name}"',
                lambda s=schema: self._in_branch(s), lambda s=schema: self._in_branch(s, really=True)
            )
        yield Step('functions of triggers, with the triggers', lambda: len(self._functions()), self._drop_functions)
        yield Step('tables', lambda: len(self._own_tables_in(MAIN)), self._drop_tables)
        yield Step('object types, with their permissions', lambda: len(self.types), self._forget_types)

    def _text_steps(self):
        filters = [row.pk for row in self._all(SavedFilter) if any(map(is_ours, row.parameters or ()))]
        yield self._delete('saved filters that filter by the plugin', SavedFilter, filters)
        empty = [row.pk for row in self._all(TableConfig) if row.columns and not without_ours(row.columns)]
        yield self._delete('table configurations of nothing but the plugin', TableConfig, empty)
        yield self._rewrite(
            'table configurations with columns of the plugin', TableConfig, ('columns', 'ordering'),
            lambda row: (without_ours(row.columns or ()), row.ordering and without_ours(row.ordering))
        )
        own_tables = {cls.__name__ for cls in _subclasses(BaseTable)}
        yield self._rewrite(
            "users' preferences about the plugin", UserConfig, ('data',),
            lambda row: (clean_preferences(row.data, own_tables),)
        )
        yield self._rewrite(
            'dashboards with widgets about the plugin', Dashboard, ('layout', 'config'),
            lambda row: clean_dashboard(row.layout, row.config)
        )

    def _list_steps(self):
        for model, field in self.type_lists():
            label = model._meta.verbose_name_plural
            if model._meta.label in TYPED_MODELS or model is Tag:
                yield self._delete(f'{label} for nothing but the plugin', model, self._only_ours(model, field))
            ours = {f'{field.m2m_reverse_field_name()}__in': self.types}
            listed = self._all(field.remote_field.through).filter(**ours)
            yield Step(f'object types in {label}', listed.count, lambda rows=listed: rows._raw_delete(self.using))

    def _row_steps(self):
        yield self._delete('background jobs', Job, [pk for pk, *_ in self.jobs])
        rows = self.rows()
        fields = rows.pop(CustomField)
        yield Step(
            'custom fields that refer to objects of the plugin, with their values', fields.count,
            lambda: self._remove_custom_fields(fields)
        )
        for model, queryset in rows.items():
            if model._meta.app_label in CLEANED_APPS and model._meta.label not in ('auth.Permission', 'core.Job'):
                yield Step(str(model._meta.verbose_name_plural), queryset.count, lambda rows=queryset: remove(rows))

    def _all(self, model):
        return model._base_manager.using(self.using)

    def _delete(self, what, model, pks):
        return Step(what, lambda: len(pks), lambda: remove(self._all(model).filter(pk__in=pks)))

    def _rewrite(self, what, model, fields, clean):
        """A step that writes those rows of a model whose `fields` come back different from clean(row)."""
        def changes():
            for row in self._all(model).iterator():
                cleaned = dict(zip(fields, clean(row), strict=True))
                if any(getattr(row, field) != value for field, value in cleaned.items()):
                    yield row.pk, cleaned

        def write():
            for pk, values in list(changes()):
                self._all(model).filter(pk=pk).update(**values)

        return Step(what, lambda: sum(1 for _ in changes()), write)

    def _only_ours(self, model, field):
        """Primary keys of those whose every object type is ours. A tag that is also in use elsewhere is not."""
        listed, owner = self._all(field.remote_field.through), field.m2m_field_name()
        ours = Q(**{f'{field.m2m_reverse_field_name()}__in': self.types})
        pks = set(listed.filter(ours).values_list(owner, flat=True))
        pks -= set(listed.exclude(ours).filter(**{f'{owner}__in': pks}).values_list(owner, flat=True))
        if model is Tag:
            used = self._all(TaggedItem).filter(tag__in=pks).exclude(content_type__in=self.types)
            pks -= set(used.values_list('tag', flat=True))
        return sorted(pks)

    def _remove_custom_fields(self, fields):
        for field in fields:
            elsewhere = field.object_types.using(self.using).exclude(pk__in=self.types)
            field.remove_stale_data(elsewhere)
        remove(fields)

    # -- what goes by SQL

    def sql(self, statement, params=None):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.fetchall() if cursor.description else []

    def _tables_in(self, namespace, params=None):
        """Names of the tables of one schema, given as SQL for its oid."""
        rows = self.sql(f"SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = {namespace}", params)
        return {name for name, in rows}

    def _own_tables_in(self, namespace, params=None):
        return sorted(_own_tables() & self._tables_in(namespace, params))

    def _functions(self):
        """Our functions, as PostgreSQL names them. Branches' triggers run main's; one may have got into a branch."""
        return [signature for signature, in self.sql(
            'SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace '
            "WHERE p.proname LIKE %s AND p.prorettype = 'trigger'::regtype "
            f'AND (n.oid = {MAIN} OR n.nspname = ANY(%s))',
            [PREFIX.replace('_', r'\_') + '%', list(self.branches)],
        )]

    def _drop_functions(self):
        for signature in self._functions():
            self.sql(f'DROP FUNCTION {signature} CASCADE')

    def _in_branch(self, schema, really=False):
        """Count, or remove, what a branch's copies of NetBox's tables say of us, and its copies of our tables."""
        quote, count = self.connection.ops.quote_name, 0
        tables = self._tables_in('(SELECT oid FROM pg_namespace WHERE nspname = %s)', [schema])
        conditions = {'django_migrations': 'app = %(app)s'}
        for model in other_models():
            if model._meta.app_label in CLEANED_APPS and (keys := _type_keys(model)):
                conditions[model._meta.db_table] = ' OR '.join(f'{quote(key.column)} = ANY(%(types)s)' for key in keys)
        for table in sorted(tables & conditions.keys()):
            name, params = f'{quote(schema)}.{quote(table)}', {'types': self.types, 'app': APP}
            count += self.sql(f'SELECT count(*) FROM {name} WHERE {conditions[table]}', params)[0][0]
            if really:
                self.sql(f'DELETE FROM {name} WHERE {conditions[table]}', params)
        for table in sorted(tables & _own_tables()):
            count += 1
            if really:
                self.sql(f'DROP TABLE {quote(schema)}.{quote(table)} CASCADE')
        return count

    def _drop_tables(self):
        """
        What `migrate netbox_ims zero` amounts to, whatever version's migrations were applied, and without the signals
        that would make object types and triggers anew. A migration that makes more than tables needs undoing here.
        """
        for table in self._own_tables_in(MAIN):
            self.sql(f'DROP TABLE {self.connection.ops.quote_name(table)} CASCADE')
        MigrationRecorder(self.connection).migration_qs.filter(app=APP).delete()

    def _forget_types(self):
        remove(ContentType.objects.using(self.using).filter(pk__in=self.types))

    # -- what to know before

    def check(self):
        """Raise Blocked if something stands in the way that is not ours to remove."""
        undone = MigrationExecutor(self.connection).migration_plan([(APP, None)])
        if others := sorted({migration.app_label for migration, _ in undone} - {APP}):
            raise Blocked(f'other plugins build on it, take them out first: {", ".join(others)}')
        for model, queryset in self.rows().items():
            if model._meta.app_label not in CLEANED_APPS and (count := queryset.count()):
                raise Blocked(
                    f'{count} {model._meta.verbose_name_plural} ({model._meta.label}) are about objects of the plugin; '
                    'delete those first'
                )

    def survey(self):
        """[(what, how many)] of everything that would go, empty kinds left out."""
        return [(step.what, count) for step in self.steps() if (count := step.count())]

    def notes(self):
        """What somebody should know before saying yes."""
        kept = [self._all(m).count() for m in (Decision, RetiredCI) if m._meta.db_table in self._own_tables_in(MAIN)]
        if any(kept):
            yield '{} decisions and {} retired CIs are evidence kept nowhere else: export them first'.format(*kept)
        if self.branches:
            yield f'{len(self.branches)} branches lose what they say of the plugin: merge them first to keep it'
        for name, in self._copies_elsewhere():
            yield f'left alone, as it belongs to no branch: {name}'
        try:
            workers = get_all_workers()
        except RedisError:
            workers = ()
        if workers:
            yield f'{len(workers)} background workers are running: stop them and NetBox first'

    def _copies_elsewhere(self):
        return self.sql(
            "SELECT format('%%I.%%I', n.nspname, c.relname) "
            'FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace '
            f"WHERE c.relkind = 'r' AND c.relname = ANY(%s) AND n.nspname <> ALL(%s) AND n.oid <> {MAIN} ORDER BY 1",
            [sorted(_own_tables()), list(self.branches)],
        )


def uninstall(using='default'):
    """
    Remove everything, or raise and leave all as it was. Returns notes on what is left to do outside the database.

    Raises Blocked where something that is not the plugin's depends on it.
    """
    plan = Plan(using)
    with transaction.atomic(using=using):
        plan.check()
        # NetBox or a worker still at work would otherwise keep us waiting for as long as it likes.
        plan.sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        queued = [(queue, str(job_id)) for _, queue, job_id in plan.jobs]
        images = list(plan.rows()[ImageAttachment].values_list('image', flat=True))
        for step in plan.steps():
            step.remove()
            # A table with a constraint yet to be checked can't be altered or dropped.
            plan.sql('SET CONSTRAINTS ALL IMMEDIATE')
            plan.sql('SET CONSTRAINTS ALL DEFERRED')
    ContentType.objects.clear_cache()
    return [*_unqueue(queued), *_delete_files(images)]


def _unqueue(jobs):
    """Take our jobs out of the queues: without the plugin's code no worker could even read them."""
    try:
        for queue, job_id in jobs:
            if job := django_rq.get_queue(queue or 'default').fetch_job(job_id):
                job.delete()
    except (RedisError, InvalidJobOperation) as e:
        yield f'background jobs could not be taken out of the queue ({e}): empty it before starting the workers'


def _delete_files(names):
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as e:
            yield f'an image could not be deleted: {name} ({e})'


def _type_keys(model):
    """A model's foreign keys to content types."""
    keys = (field for field in model._meta.local_fields if isinstance(field, ForeignKey))
    return [key for key in keys if key.related_model in (ContentType, ObjectType)]


def _own_tables():
    """Every table of this plugin's models, many-to-many ones included."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.app_label == APP}


def _subclasses(base):
    """The plugin's own classes below one of NetBox's."""
    for cls in base.__subclasses__():
        if cls.__module__.startswith(f'{APP}.'):
            yield cls
        yield from _subclasses(cls)
