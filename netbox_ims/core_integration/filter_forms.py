"""The fieldset "IMS" in the filter forms of NetBox's own lists."""
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from utilities.forms.fields import DynamicModelMultipleChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import APISelectMultiple

from ..ci_types import get_ci_types
from ..forms.mixins import tri_state_filter_field
from ..models import Classification
from ..querysets.visibility import may_know_assessments
from .names import claim
from .relations import who_asks

__all__ = ('add_filter_fields',)


class SlugSelect(APISelectMultiple):
    """Without what no slug can hold, and PostgreSQL would not even look for. The filterset refuses it."""

    def value_from_datadict(self, data, files, name):
        return [value for value in super().value_from_datadict(data, files, name) or () if '\x00' not in value]


def _classification_field(label):
    return DynamicModelMultipleChoiceField(
        queryset=Classification.objects.all(), to_field_name='slug', required=False, null_option=_('Unclassified'),
        label=label, widget=SlugSelect
    )


FIELDS = {
    'ims_classification': _classification_field(_('Classification')),
    'ims_effective_classification': _classification_field(_('Effective classification')),
    'ims_information_asset': tri_state_filter_field(_('Information asset')),
    'ims_personal_data': tri_state_filter_field(_('Personal data')),
}
FIELDSET = FieldSet(*FIELDS, name=_('IMS'))


def add_filter_fields():
    for ci_type in get_ci_types().values():
        if form := _filter_form(ci_type.model):
            for name, field in FIELDS.items():
                claim(name, field, f'filter form of {ci_type.label}', lambda f=form: f.base_fields)
                form.base_fields[name] = field
            form.fieldsets = (*form.fieldsets, FIELDSET)
            _hide_from_others(form)


def _filter_form(model):
    """By NetBox's own convention, as in its object selector; None if there is none, or one without fieldsets."""
    try:
        form = import_string(f'{model._meta.app_label}.forms.{model.__name__}FilterForm')
    except ImportError:
        return None
    return form if getattr(form, 'fieldsets', None) else None


def _hide_from_others(form_class):
    """Who may see no assessments can't filter by them: the fields would only lead to a refusal."""
    init = form_class.__init__

    def __init__(self, *args, **kwargs):
        init(self, *args, **kwargs)
        user = who_asks()
        if user is not None and not may_know_assessments(user):
            self.fieldsets = tuple(fieldset for fieldset in self.fieldsets if fieldset is not FIELDSET)
            for name in FIELDS:
                self.fields.pop(name, None)

    form_class.__init__ = __init__
