"""Model fields that several domains share."""
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..rules.durations import MAX_MINUTES

__all__ = ('AssignedCharField', 'EndField', 'EntryRelation', 'LooseForeignKey', 'MinutesField', 'user_field')


class AssignedCharField(models.CharField):
    """A text that a trigger fills in when the row is made: read back by the INSERT itself, before anybody asks."""
    db_returning = True


class LooseForeignKey(models.ForeignKey):
    """
    A foreign key of a table that only triggers write: no constraint, no cascade, no reverse name.

    Deleting what it points to must neither be blocked nor slowed down by a derived table or by evidence; triggers
    keep the first right, and the second is to stay as it was.
    """

    def __init__(self, to, on_delete=models.DO_NOTHING, **kwargs):
        kwargs.setdefault('related_name', '+')
        kwargs.setdefault('db_constraint', False)
        kwargs.setdefault('db_index', False)
        super().__init__(to, on_delete, **kwargs)


class MinutesField(models.PositiveIntegerField):
    """A duration in whole minutes, or null for unknown. Forms read and show it as people write it: `4h`, `1d 6h`."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault('blank', True)
        kwargs.setdefault('null', True)
        super().__init__(*args, **kwargs)

    @property
    def validators(self):
        return [*super().validators, MaxValueValidator(MAX_MINUTES)]

    def formfield(self, **kwargs):
        from ..forms.fields import MinutesField as MinutesFormField
        return super(models.IntegerField, self).formfield(**{'form_class': MinutesFormField, **kwargs})


class EntryRelation(models.ForeignObject):
    """
    From a row about a CI to the CI's register entry, by `object_type` and `object_id`: no column and no constraint, but
    filters, sorts and prefetches like a foreign key. The entry may be missing (see `netbox ims_register`).
    """

    def __init__(self, related_name, **kwargs):
        super().__init__(**{
            'to': 'netbox_ims.RegisterEntry', 'on_delete': models.DO_NOTHING, 'related_name': related_name,
            'from_fields': ('object_type', 'object_id'), 'to_fields': ('object_type', 'object_id'),
            'null': True, 'editable': False, 'verbose_name': _('configuration item'), **kwargs
        })

    def contribute_to_class(self, cls, name, private_only=True, **kwargs):
        # Private: it is no field of the table, so nothing serializes, validates or migrates it.
        super().contribute_to_class(cls, name, private_only=True, **kwargs)


def user_field(verbose_name):
    """A user who did something with what gets approved. Forgotten if deleted; what was approved keeps the name."""
    return models.ForeignKey(
        to='users.User', on_delete=models.SET_NULL, related_name='+', blank=True, null=True, editable=False,
        verbose_name=verbose_name
    )


class EndField(models.DateTimeField):
    """
    The end of a period: None while it has none, which the database has as `infinity`, so that "still so at t" is one
    comparison (`__gt=t`) that an index answers. Only triggers write it. (See querysets.history.open_ended().)
    """

    def select_format(self, compiler, sql, params):
        # Nothing of Python's is as late as that.
        return f"NULLIF({sql}, 'infinity'::timestamptz)", params
