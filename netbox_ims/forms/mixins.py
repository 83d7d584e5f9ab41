"""Form mixins that several domains share: how a CI is named, and how three-state flags are asked for."""
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from netbox.context import current_request
from utilities.forms import GenericObjectFormMixin
from utilities.forms.fields import CSVContentTypeField, GenericObjectChoiceField

from ..ci_types import get_ci_types
from .fields import FlagField

__all__ = ('AboutCIFormMixin', 'CIImportMixin', 'FlagsFormMixin', 'ci_content_types', 'tri_state_filter_field')

FLAG_CHOICES = (('true', _('Yes')), ('false', _('No')), ('null', _('Unknown')))


def ci_content_types():
    """The content types of the registered CI types, as a lazy queryset."""
    condition = Q(pk__in=[])
    for label in get_ci_types():
        app_label, model = label.split('.')
        condition |= Q(app_label=app_label, model=model)
    return ContentType.objects.filter(condition).order_by('app_label', 'model')


def tri_state_filter_field(label):
    return forms.MultipleChoiceField(label=label, required=False, choices=FLAG_CHOICES)


class FlagsFormMixin(forms.Form):
    """The three flags of a profile, in its form and in imports."""
    is_information_asset = FlagField(
        label=_('Information asset'), required=False, help_text=_('The CI is or carries an information asset')
    )
    handles_sensitive_data = FlagField(label=_('Sensitive data'), required=False)
    processes_personal_data = FlagField(label=_('Personal data'), required=False)


class AboutCIFormMixin(GenericObjectFormMixin, forms.Form):
    """
    A record about one CI, chosen by its type and then by name. It is about that CI for good: on editing there is
    nothing to choose. The form's field set with `object` needs the `html_id` `ims-ci`.
    """
    object = GenericObjectChoiceField(
        label=_('CI'), content_type_queryset=ci_content_types(), selector=True, hx_target_id='ims-ci'
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields['object']

    def _update_errors(self, errors):
        # What the model says of `object_type` and `object_id` is about one field here.
        by_field = getattr(errors, 'error_dict', {})
        here = 'object' if 'object' in self.fields else NON_FIELD_ERRORS
        for name in {'object_type', 'object_id'} & by_field.keys():
            by_field.setdefault(here, []).extend(by_field.pop(name))
        super()._update_errors(errors)


class CITypeImportField(CSVContentTypeField):
    """A CI type as `app.model`. JSON and YAML can bring anything; NetBox's field expects a text."""

    def to_python(self, value):
        if value is not None and not isinstance(value, str):
            raise ValidationError(_('Write the object type as app.model, such as dcim.device.'))
        return super().to_python(value)


class CIImportMixin(forms.Form):
    """
    Names a CI in imported data: by `object_type` and `object_id`, or by `object_type` and `object_name`, with `site`
    where the name alone is not unique; whoever gives both must mean the same CI. One the user may not see is not found.
    """
    object_type = CITypeImportField(
        queryset=ContentType.objects.all(),
        label=_('Object type'),
        help_text=_('CI type as app.model, such as dcim.device'),
    )
    object_id = forms.IntegerField(label=_('Object ID'), required=False, min_value=1)
    object_name = forms.CharField(label=_('Object name'), required=False, help_text=_('Instead of object_id'))
    site = forms.CharField(
        label=_('Site'), required=False, help_text=_('Name or slug, where the object name alone is not unique')
    )

    def clean_object_type(self):
        content_type = self.cleaned_data['object_type']
        if f'{content_type.app_label}.{content_type.model}' not in get_ci_types():
            raise ValidationError(
                _('Not a registered CI type. Registered: {known}.').format(known=', '.join(get_ci_types()))
            )
        return content_type

    def clean(self):
        super().clean()
        if not (content_type := self.cleaned_data.get('object_type')) or 'object_id' in self.errors:
            return self.cleaned_data
        by_id, by_name = self.cleaned_data.get('object_id'), self.cleaned_data.get('object_name')
        if not by_id and not by_name:
            if not self.instance.pk:
                raise ValidationError({'object_id': _('Name the CI by object_id or object_name.')})
            return self.cleaned_data
        field = 'object_name' if by_name else 'object_id'
        found = self._find(content_type, by_id, by_name)
        if not found:
            raise ValidationError(
                {field: _('No such {type} found.').format(type=content_type.model_class()._meta.verbose_name)}
            )
        if len(found) > 1:
            raise ValidationError({field: _('More than one CI has this name; add its site, or use object_id.')})
        self.cleaned_data['object_id'] = self.instance.object_id = found[0].pk
        self.instance.object_type = content_type
        return self.cleaned_data

    def _find(self, content_type, by_id, by_name):
        from ..models import RegisterEntry  # models import forms.fields
        model = content_type.model_class()
        request = current_request.get()
        visible = model.objects.restrict(request.user, 'view') if request else model.objects.all()
        if by_id and not by_name:
            return list(visible.filter(pk=by_id)[:1])
        entries = RegisterEntry.objects.filter(object_type=content_type, name=by_name)
        if by_id:
            entries = entries.filter(object_id=by_id)
        if site := self.cleaned_data.get('site'):
            entries = entries.filter(Q(site__slug=site) | Q(site__name=site))
        return list(visible.filter(pk__in=entries.values('object_id'))[:2])


