"""Model fields that several domains share."""
from django.core.validators import MaxValueValidator
from django.db import models

from ..rules.durations import MAX_MINUTES

__all__ = ('LooseForeignKey', 'MinutesField')


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
