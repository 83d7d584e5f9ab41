"""Where NetBox keeps the plugin's names as text, where no foreign key leads: preferences, dashboards, templates."""
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models

from core.models import Job, ObjectChange
from extras.models import CachedValue

from .removal import APP, other_models
from .trigger_frame import PREFIX

__all__ = ('clean_dashboard', 'clean_preferences', 'is_ours', 'mentions', 'without_ours')

SPOKEN_OF = rf'{APP}|\m{PREFIX}'
# What NetBox remembers of the past, as opposed to what it goes by
HISTORY = (ObjectChange, CachedValue, Job)


def is_ours(name):
    """Whether a model or widget (`netbox_ims.assetprofile`), a column or a filter (`ims_classification`) is ours."""
    return isinstance(name, str) and (name.lower().startswith(f'{APP}.') or name.lstrip('-').startswith(PREFIX))


def without_ours(names):
    return [name for name in names if not is_ours(name)]


def clean_preferences(data, own_tables):
    """A user's preferences without those of our tables (their names), of our columns elsewhere, and of the plugin."""
    cleaned = dict(data)
    if 'tables' in data:
        cleaned['tables'] = {
            table: _clean_table(values) for table, values in data['tables'].items() if table not in own_tables
        }
    if APP in (data.get('plugins') or {}):
        cleaned['plugins'] = {name: values for name, values in data['plugins'].items() if name != APP}
    return cleaned


def _clean_table(values):
    """The preferences of one of NetBox's tables: `columns` is a list, `ordering` a list or a name."""
    if not isinstance(values, dict):
        return values
    return {
        key: without_ours(value) if isinstance(value, list) else value
        for key, value in values.items() if not is_ours(value)
    }


def clean_dashboard(layout, config):
    """
    A dashboard's (layout, config) without our widgets and those that list or count only our objects. One that filters
    by us goes too: without the filter it would show something else under the same title.
    """
    kept = {}
    for widget_id, widget in config.items():
        settings = widget.get('config') or {}
        parameters = {**(settings.get('url_params') or {}), **(settings.get('filters') or {})}
        if is_ours(widget.get('class')) or is_ours(settings.get('model')) or any(map(is_ours, parameters)):
            continue
        lists = {key: settings[key] for key in ('models', 'object_types') if settings.get(key)}
        shorter = {key: without_ours(names) for key, names in lists.items()}
        if all(shorter.values()):
            kept[widget_id] = widget if shorter == lists else {**widget, 'config': {**settings, **shorter}}
    gone = config.keys() - kept.keys()
    return [item for item in layout if str(item.get('id')) not in gone], kept


def mentions(using='default'):
    """
    Yield 'extras.ExportTemplate 7: template_code' for every text of NetBox's configuration that speaks of the plugin: a
    template, a condition, a validation rule. What it should say instead only its author knows.
    """
    for model in other_models():
        if model._meta.app_label in ('core', 'extras', 'users') and model not in HISTORY:
            for field in model._meta.local_fields:
                if isinstance(field, (models.TextField, models.JSONField, models.CharField, ArrayField)):
                    yield from _mentioned_in(model, field, using)


def _mentioned_in(model, field, using):
    quote = connections[using].ops.quote_name
    pk, table, column = (quote(name) for name in (model._meta.pk.column, model._meta.db_table, field.column))
    with connections[using].cursor() as cursor:
        cursor.execute(f'SELECT {pk} FROM {table} WHERE {column}::text ~ %s ORDER BY 1', [SPOKEN_OF])
        return [f'{model._meta.label} {pk}: {field.name}' for pk, in cursor.fetchall()]
