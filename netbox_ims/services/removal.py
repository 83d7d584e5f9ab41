"""
Deleting rows of NetBox's own in bulk, together with what hangs on them.

Without signals: nobody's change is being recorded, protection rules are about people, and a change log of a million
entries must not be loaded to be thrown away.
"""
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField

from core.models import ObjectChange

__all__ = ('APP', 'CLEANED_APPS', 'Blocked', 'generic_keys', 'other_models', 'remove')

APP = 'netbox_ims'
# Apps whose rows about our objects go with them. A row of any other app is somebody else's to delete.
CLEANED_APPS = {'auth', 'core', 'extras', 'taggit', 'tenancy', 'users', 'netbox_branching'}
CASCADES, CLEARS, FORBIDS = {'CASCADE', 'DB_CASCADE'}, {'SET_NULL', 'DB_SET_NULL'}, {'PROTECT', 'RESTRICT'}


class Blocked(Exception):
    """The plugin can't be taken out as things are; the message says what stands in the way."""


def other_models():
    """The models of NetBox and of other plugins that have a table of their own."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label != APP and model._meta.managed and not model._meta.proxy:
            yield model


def generic_keys(model):
    """A model's generic foreign keys: by which its rows are about an object of any kind."""
    return [field for field in model._meta.private_fields if isinstance(field, GenericForeignKey)]


def remove(queryset):
    """
    Delete rows and what hangs on them, by foreign key or generic relation. Raises Blocked where a foreign key protects
    them. `queryset` must select the same rows after what hangs on them has gone.
    """
    using, options = queryset.db, queryset.model._meta
    pks = queryset.order_by().values('pk')
    for relation in options.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            _remove_related(relation, pks, using)
    if isinstance(options.pk, IntegerField):            # what NetBox's generic relations can point to
        _remove_what_is_about(options, pks, using)
    queryset._raw_delete(using)


def _remove_what_is_about(options, pks, using):
    # Not get_for_model(): it would make a content type for whatever has none.
    types = ContentType.objects.using(using).filter(app_label=options.app_label, model=options.model_name)
    for holder in other_models():
        if holder._meta.app_label not in CLEANED_APPS or holder is ObjectChange:
            continue            # history stays
        for key in generic_keys(holder):
            about = {f'{key.ct_field}__in': types.values('pk'), f'{key.fk_field}__in': pks}
            if (rows := holder._base_manager.using(using).filter(**about)).exists():
                remove(rows)


def _remove_related(relation, pks, using):
    model, kind = relation.related_model, getattr(relation.on_delete, '__name__', '')
    if model._meta.app_label == APP or model._meta.proxy or not model._meta.managed:
        return                  # our own tables are gone, or go as a whole
    rows = model._base_manager.using(using).filter(**{f'{relation.field.name}__in': pks})
    if kind in CASCADES and rows.exists():
        remove(rows)
    elif kind in CLEARS:
        rows.update(**{relation.field.name: None})
    elif kind in FORBIDS and (count := rows.count()):
        what, protected = model._meta.verbose_name_plural, relation.model._meta.verbose_name_plural
        raise Blocked(f'{count} {what} refer to {protected} that are to go')
