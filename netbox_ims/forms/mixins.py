"""Form mixins that several domains share: how a CI is named, and how three-state flags are asked for."""
import csv
from types import NoneType

from django import forms
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from netbox.context import current_request
from utilities.forms import GenericObjectFormMixin
from utilities.forms.fields import CSVContentTypeField, GenericObjectChoiceField

from ..ci_types import get_ci_types, resolve_ci_type
from .fields import FlagField

__all__ = (
    'AboutCIFormMixin',
    'AbsentFieldErrorsMixin',
    'CIImportMixin',
    'CITypeImportField',
    'CIsImportField',
    'FlagsFormMixin',
    'KeepsUnseenMixin',
    'NamesCIsImportMixin',
    'SaidOnceMixin',
    'SeenRelationMixin',
    'ci_content_types',
    'tri_state_filter_field',
)

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


class SaidOnceMixin:
    """What could not be read is not judged as well: where a field has an error, the model need not find it empty."""

    def _update_errors(self, errors):
        by_field = getattr(errors, 'error_dict', {})
        for name in by_field.keys() & self._errors.keys():
            del by_field[name]
        super()._update_errors(errors)


class AbsentFieldErrorsMixin(SaidOnceMixin):
    """
    Says what the model finds wrong with a field that this form does not have: of the field for the CI that it is part
    of, or else of the form as a whole, by the field's name. (Django would fail.) Imports that update leave fields out.
    """

    def _update_errors(self, errors):
        by_field = getattr(errors, 'error_dict', {})
        options = self._meta.model._meta
        belongs_to = {
            part: relation.name for relation in options.private_fields if isinstance(relation, GenericForeignKey)
            for part in (relation.ct_field, relation.fk_field)
        }
        for name in by_field.keys() - self.fields.keys() - {NON_FIELD_ERRORS}:
            found = by_field.pop(name)
            if belongs_to.get(name) in self.fields:
                by_field.setdefault(belongs_to[name], []).extend(found)
            else:
                label = options.get_field(name).verbose_name
                by_field.setdefault(NON_FIELD_ERRORS, []).extend(
                    ValidationError(f'{label}: {message}') for error in found for message in error.messages
                )
        super()._update_errors(errors)


class AboutCIFormMixin(AbsentFieldErrorsMixin, GenericObjectFormMixin, forms.Form):
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


class KeepsUnseenMixin:
    """For forms with many-to-many fields of what not everybody may see."""

    def with_unseen(self, name):
        """What was chosen, and what the user may not see and so could not choose, or take out."""
        chosen, request = list(self.cleaned_data[name]), current_request.get()
        if not self.instance.pk or not request:
            return chosen
        there = getattr(self.instance, name)
        seen = there.model.objects.restrict(request.user, 'view').order_by().values('pk')
        return [*chosen, *there.exclude(pk__in=seen)]


class SeenRelationMixin:
    """For import forms: of the CIs named in the fields `seen_relations`, one the user may not see does not exist."""
    seen_relations = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := current_request.get():
            for name in self.fields.keys() & set(self.seen_relations):
                field = self.fields[name]
                field.queryset = field.queryset.restrict(request.user, 'view')


class CITypeImportField(CSVContentTypeField):
    """A registered CI type as `app.model`. JSON and YAML can bring anything; NetBox's field expects a text."""

    def __init__(self, **kwargs):
        super().__init__(**{
            'queryset': ContentType.objects.all(), 'help_text': _('CI type as app.model, such as dcim.device'), **kwargs
        })

    def to_python(self, value):
        if value is not None and not isinstance(value, str):
            raise ValidationError(_('Write the object type as app.model, such as dcim.device.'))
        content_type = super().to_python(value)
        if content_type and resolve_ci_type(content_type) is None:
            raise ValidationError(
                _('Not a registered CI type. Registered: {known}.').format(known=', '.join(get_ci_types()))
            )
        return content_type


def find_cis(content_type, by_id=None, by_name=None, site=None):
    """
    CIs of a type by primary key, name, or both, and site (slug or name): a list of at most two, so that it shows
    whether there is exactly one. Of those that whoever imports may see.
    """
    from ..models import RegisterEntry  # models import forms.fields
    model = content_type.model_class()
    request = current_request.get()
    visible = model.objects.restrict(request.user, 'view') if request else model.objects.all()
    if by_id and not by_name:
        return list(visible.filter(pk=by_id)[:1])
    entries = RegisterEntry.objects.filter(object_type=content_type, name=by_name)
    if by_id:
        entries = entries.filter(object_id=by_id)
    if site:
        entries = entries.filter(Q(site__slug=site) | Q(site__name=site))
    return list(visible.filter(pk__in=entries.values('object_id'))[:2])


class NamesCIsImportMixin(AbsentFieldErrorsMixin, forms.Form):
    """
    Names CIs in imported data, each by fields with one of the `ci_prefixes`: by `object_type` and `object_id`, or by
    `object_type` and `object_name`, with `site` where the name alone is not unique; whoever gives both must mean the
    same CI. One the user may not see is not found.
    """
    ci_prefixes = ('',)

    def clean(self):
        super().clean()
        for prefix in self.ci_prefixes:
            self._clean_ci(prefix)
        return self.cleaned_data

    def _clean_ci(self, prefix):
        type_field, id_field, name_field = (f'{prefix}object_{part}' for part in ('type', 'id', 'name'))
        # An update need not repeat the type.
        old_type = getattr(self.instance, type_field) if self.instance.pk else None
        content_type = self.cleaned_data.get(type_field) or old_type
        if content_type is None or self._ci_is_refused(prefix):
            return
        by_id, by_name = self.cleaned_data.get(id_field), self.cleaned_data.get(name_field)
        if not by_id and not by_name:
            if content_type != old_type:
                message = _('Name the CI by {id} or {name}.').format(id=id_field, name=name_field)
                self.add_error(id_field if id_field in self.fields else type_field, message)
            return
        field = name_field if by_name else id_field
        found = find_cis(content_type, by_id, by_name, self.cleaned_data.get(f'{prefix}site'))
        if not found:
            message = _('No such {type} found.').format(type=content_type.model_class()._meta.verbose_name)
            self.add_error(field, message)
        elif len(found) > 1:
            message = _('More than one CI has this name; add its site, or use {id}.').format(id=id_field)
            self.add_error(field, message)
        else:
            self.cleaned_data[id_field] = found[0].pk
            setattr(self.instance, id_field, found[0].pk)
            setattr(self.instance, type_field, content_type)

    def _ci_is_refused(self, prefix):
        fields = {f'{prefix}{name}' for name in ('object_type', 'object_id', 'object_name', 'site')}
        return not self.errors.keys().isdisjoint(fields)

    def _post_clean(self):
        # Where a CI is not found, that is all there is to say: the model would add that its id is missing.
        if not any(self._ci_is_refused(prefix) for prefix in self.ci_prefixes):
            super()._post_clean()


class CIsImportField(forms.CharField):
    """
    Several CIs in imported data: `dcim.device:web-01, dcim.site:Hamburg`, or `dcim.device:id=7` where a name alone is
    not unique. JSON and YAML may bring a list of those, or of objects with `object_type` and `object_id`. Gives
    [(primary key of the type, object id)].
    """
    default_error_messages = {
        'invalid': _('Write CIs as app.model:name or app.model:id=number, separated by commas.'),
    }

    def __init__(self, **kwargs):
        super().__init__(**{'required': False, 'help_text': _(
            'As app.model:name, separated by commas, such as dcim.device:web-01; app.model:id=number where a name is '
            'not unique'
        ), **kwargs})

    def clean(self, value):
        return [self.find(*self.named(each)) for each in self.each_of(value)]

    def each_of(self, value):
        if value is None or isinstance(value, str):
            row = next(csv.reader([(value or '').replace('\n', ',')], skipinitialspace=True), [])
            return [part.strip() for part in row if part.strip()]
        if not isinstance(value, list):
            raise ValidationError(self.error_messages['invalid'], code='invalid')
        return value

    def named(self, each):
        """(type, id or None, name or None) that a text, or an object, is meant to say."""
        if isinstance(each, dict):
            label, object_id, name = (each.get(key) for key in ('object_type', 'object_id', 'object_name'))
        elif isinstance(each, str):
            label, _colon, name = (part.strip() for part in each.partition(':'))
            object_id, name = (name[3:], None) if name.startswith('id=') else (None, name)
        else:
            label = object_id = name = None
        is_id = str(object_id).isascii() and str(object_id).isdigit() and len(str(object_id)) < 19
        if not label or not isinstance(name, (str, NoneType)) or not (is_id or object_id is None and name):
            raise ValidationError(_('“{text}”: {expected}').format(text=each, expected=self.error_messages['invalid']))
        return CITypeImportField().clean(label), int(object_id) if is_id else None, name

    def find(self, content_type, object_id, name):
        found = find_cis(content_type, object_id, name)
        what = {'type': content_type.model_class()._meta.verbose_name, 'name': name or object_id}
        if not found:
            raise ValidationError(_('No such {type} found: {name}.').format(**what))
        if len(found) > 1:
            raise ValidationError(_('More than one {type} is called {name}; use id=number.').format(**what))
        return content_type.pk, found[0].pk


class CIImportMixin(NamesCIsImportMixin):
    """Names the one CI that imported data is about."""
    object_type = CITypeImportField(label=_('Object type'))
    object_id = forms.IntegerField(label=_('Object ID'), required=False, min_value=1)
    object_name = forms.CharField(label=_('Object name'), required=False, help_text=_('Instead of object_id'))
    site = forms.CharField(
        label=_('Site'), required=False, help_text=_('Name or slug, where the object name alone is not unique')
    )
