"""What the things that the register refers to were called at some time, for the values of many rows at once."""
from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from ..models import RegisterName, RegisterVersion
from ..querysets.names import FIELDS, names_at

__all__ = ('BY_SLUG', 'Names', 'all_names')

# A classification goes by its slug, as in decisions; everything else by its name
BY_SLUG = ('classification', 'effective_classification')


class Names:
    """
    Looks up, in one query, everything that `values` refer to: pairs of a field of the register and what it holds.
    """

    def __init__(self, values):
        wanted = defaultdict(set)
        for field, value in values:
            if field in FIELDS and value is not None:
                wanted[_model_of(field)].add(value)
        condition = Q(pk__in=[])
        models = {}
        for model, pks in wanted.items():
            content_type = ContentType.objects.get_for_model(model)
            models[content_type.pk] = model
            condition |= Q(object_type=content_type, object_id__in=pks)
        self._names = defaultdict(list)
        for name in RegisterName.objects.filter(condition).order_by('valid_from') if wanted else ():
            self._names[models[name.object_type_id], name.object_id].append(name)

    def plain(self, field, value, moment):
        """A field's value as plain data: what it refers to by the name that had at the moment."""
        if value is None:
            return None
        if field not in FIELDS:
            return value.isoformat() if hasattr(value, 'isoformat') else value
        name = self._at(_model_of(field), value, moment)
        return _called(field, name) if name else f'#{value}'

    def _at(self, model, pk, moment):
        """The name at the moment; of what was only named later, or not any more, the nearest."""
        names = self._names[model, pk]
        so_far = [name for name in names if name.valid_from <= moment]
        return so_far[-1] if so_far else names[0] if names else None


def all_names(moment):
    """{field: {id: name}} of everything that the register could refer to at the moment."""
    names = names_at(moment, {_model_of(field): None for field in FIELDS})
    called = {field: {} for field in FIELDS}
    for (model, pk), name in names.items():
        for field in FIELDS:
            if _model_of(field) is model:
                called[field][pk] = _called(field, name)
    return called


def _called(field, name):
    return name.slug if field in BY_SLUG else name.name


def _model_of(field):
    return RegisterVersion._meta.get_field(field).related_model
