"""Custom fields of objects that are written in bulk, as saving one object would have them."""
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from extras.models import CustomField

__all__ = ('fill_in_custom_fields',)


def fill_in_custom_fields(instance):
    """Defaults where there is no value; ValidationError for a required one that has none."""
    model = type(instance)
    for name, default in CustomField.objects.get_defaults_for_model(model).items():
        instance.custom_field_data.setdefault(name, default)
    for custom_field in CustomField.objects.get_for_model(model):
        if custom_field.required and instance.custom_field_data.get(custom_field.name) is None:
            raise ValidationError(_("Missing required custom field '{name}'.").format(name=custom_field.name))
