"""What the things that register entries name by id were called at a moment."""
from copy import copy

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from ..constants import NAMED

__all__ = ('call_as_then', 'names_at', 'objects_at')

FIELDS = ('site', 'tenant', 'role', 'classification', 'asset_owner', 'effective_classification')


def names_at(moment, wanted):
    """
    {(model, primary key): RegisterName} at the moment, for {model: primary keys}, or None instead of them for all. What
    was made by a transaction that began later than the one that refers to it goes by its first name.
    """
    names = apps.get_model('netbox_ims', 'RegisterName').objects
    types = ContentType.objects.get_for_models(*wanted)
    models = {content_type.pk: model for model, content_type in types.items()}
    asked = _asked(wanted, types)
    found = {(models[name.object_type_id], name.object_id): name for name in names.at(moment).filter(asked)}
    missing = {
        model: left for model, pks in wanted.items() if pks and (left := {pk for pk in pks if (model, pk) not in found})
    }
    if missing:
        first = names.filter(_asked(missing, types)).order_by('object_type', 'object_id', 'valid_to')
        for name in first.distinct('object_type', 'object_id'):
            found[models[name.object_type_id], name.object_id] = name
    return found


def _asked(wanted, types):
    asked = Q(pk__in=[])
    for model, pks in wanted.items():
        asked |= Q(object_type=types[model].pk) if pks is None else Q(object_type=types[model].pk, object_id__in=pks)
    return asked


def objects_at(model, moment, pks=None):
    """{primary key: object as it was called at the moment}; of those that are gone, the name is all there is."""
    names = names_at(moment, {model: pks})
    return {pk: _as_it_was(model, pk, None, name) for (_model, pk), name in names.items()}


def call_as_then(rows, moment):
    """Give what register entries refer to the names it had at the moment. One query, whatever the number of rows."""
    if not rows:
        return
    fields = [rows[0]._meta.get_field(name) for name in FIELDS]
    wanted = {}
    for field in fields:
        pks = {pk for row in rows if (pk := row.__dict__.get(field.attname)) is not None}
        if pks:
            wanted.setdefault(field.related_model, set()).update(pks)
    if not wanted:
        return
    names, made = names_at(moment, wanted), {}
    for row in rows:
        for field in fields:
            if (pk := row.__dict__.get(field.attname)) is None:
                continue
            now = field.get_cached_value(row, default=False)
            key = field.related_model, pk, bool(now), now is None
            if key not in made:
                made[key] = _as_it_was(field.related_model, pk, now, names.get((field.related_model, pk)))
            field.set_cached_value(row, made[key])


def _as_it_was(model, pk, now, name):
    """The object as it is `now` (None: it is gone; False: nobody has looked), under the name it had."""
    thing = copy(now) if now else model(pk=pk)
    for column in NAMED[model._meta.label_lower]:
        if name is not None:
            setattr(thing, column, getattr(name, column))
    if now is None:
        thing.get_absolute_url = lambda: None       # it has no page any more
    return thing
