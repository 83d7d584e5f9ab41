from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from utilities.forms import GenericObjectFormMixin
from utilities.forms.fields import ContentTypeMultipleChoiceField, GenericObjectChoiceField, TagFilterField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import BulkEditNullBooleanSelect

from ..models import Dependency
from ..querysets.dependencies import ENDS
from .fields import YES_NO
from .mixins import AbsentFieldErrorsMixin, CITypeImportField, NamesCIsImportMixin, ci_content_types

__all__ = ('DependencyBulkEditForm', 'DependencyFilterForm', 'DependencyForm', 'DependencyImportForm')


class DependencyForm(AbsentFieldErrorsMixin, GenericObjectFormMixin, PrimaryModelForm):
    dependent = GenericObjectChoiceField(
        label=_('CI'), content_type_queryset=ci_content_types(), selector=True, hx_target_id='ims-dependent',
        help_text=_('Is not there without the other')
    )
    provider = GenericObjectChoiceField(
        label=_('CI'), content_type_queryset=ci_content_types(), selector=True, hx_target_id='ims-provider',
        help_text=_('Is what the dependent needs')
    )

    fieldsets = (
        FieldSet('dependent', name=_('Dependent'), html_id='ims-dependent'),
        FieldSet('provider', name=_('Provider'), html_id='ims-provider'),
        FieldSet('holds_data', 'redundancy_group', 'description', 'tags', name=_('Dependency')),
    )

    class Meta:
        model = Dependency
        fields = ('holds_data', 'redundancy_group', 'description', 'owner', 'comments', 'tags')

    def clean(self):
        super().clean()
        for end in ENDS:
            if self.cleaned_data.get(end):
                setattr(self.instance, f'{end}_name', str(self.cleaned_data[end]))
        return self.cleaned_data


class DependencyBulkEditForm(PrimaryModelBulkEditForm):
    holds_data = forms.NullBooleanField(label=_('Holds data'), required=False, widget=BulkEditNullBooleanSelect)
    redundancy_group = forms.CharField(label=_('Redundancy group'), required=False, max_length=50)

    model = Dependency
    fieldsets = (FieldSet('holds_data', 'redundancy_group', 'description'),)
    nullable_fields = ('redundancy_group', 'description', 'comments')


class DependencyImportForm(NamesCIsImportMixin, PrimaryModelImportForm):
    ci_prefixes = tuple(f'{end}_' for end in ENDS)

    dependent_object_type = CITypeImportField(label=_('Dependent type'))
    dependent_object_id = forms.IntegerField(label=_('Dependent ID'), required=False, min_value=1)
    dependent_object_name = forms.CharField(
        label=_('Dependent name'), required=False, help_text=_('Instead of dependent_object_id')
    )
    dependent_site = forms.CharField(
        label=_('Site of the dependent'), required=False,
        help_text=_('Name or slug, where the object name alone is not unique')
    )
    provider_object_type = CITypeImportField(label=_('Provider type'))
    provider_object_id = forms.IntegerField(label=_('Provider ID'), required=False, min_value=1)
    provider_object_name = forms.CharField(
        label=_('Provider name'), required=False, help_text=_('Instead of provider_object_id')
    )
    provider_site = forms.CharField(
        label=_('Site of the provider'), required=False,
        help_text=_('Name or slug, where the object name alone is not unique')
    )

    class Meta:
        model = Dependency
        fields = (
            'dependent_object_type', 'dependent_object_id', 'dependent_object_name', 'dependent_site',
            'provider_object_type', 'provider_object_id', 'provider_object_name', 'provider_site', 'holds_data',
            'redundancy_group', 'description', 'owner', 'comments', 'tags',
        )


class DependencyFilterForm(PrimaryModelFilterSetForm):
    model = Dependency
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('object_type', 'dependent_object_type', 'provider_object_type', name=_('Configuration Items')),
        FieldSet('holds_data', 'redundancy_group', name=_('Dependency')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
    )
    object_type = ContentTypeMultipleChoiceField(
        queryset=ci_content_types(), required=False, label=_('Type of either CI')
    )
    dependent_object_type = ContentTypeMultipleChoiceField(
        queryset=ci_content_types(), required=False, label=_('Dependent type')
    )
    provider_object_type = ContentTypeMultipleChoiceField(
        queryset=ci_content_types(), required=False, label=_('Provider type')
    )
    holds_data = forms.NullBooleanField(
        label=_('Holds data'), required=False, widget=forms.Select(choices=YES_NO)
    )
    redundancy_group = forms.CharField(label=_('Redundancy group'), required=False)
    tag = TagFilterField(model)
