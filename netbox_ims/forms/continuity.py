from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms import (
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from tenancy.forms import ContactModelFilterForm
from tenancy.models import Tenant
from utilities.forms import add_blank_choice
from utilities.forms.fields import (
    CSVChoiceField,
    CSVTypedChoiceField,
    DynamicModelMultipleChoiceField,
    SlugField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet

from ..choices import CriticalityChoices, ITServiceStatusChoices
from ..models import BusinessFunction, ITService
from .fields import SlugsImportField

__all__ = (
    'BusinessFunctionBulkEditForm',
    'BusinessFunctionFilterForm',
    'BusinessFunctionForm',
    'BusinessFunctionImportForm',
    'ITServiceBulkEditForm',
    'ITServiceFilterForm',
    'ITServiceForm',
    'ITServiceImportForm',
)


#
# Business functions
#

class BusinessFunctionForm(PrimaryModelForm):
    slug = SlugField()

    fieldsets = (
        FieldSet('name', 'slug', 'criticality', 'description', 'tags', name=_('Business Function')),
    )

    class Meta:
        model = BusinessFunction
        fields = ('name', 'slug', 'criticality', 'description', 'owner', 'comments', 'tags')


class BusinessFunctionBulkEditForm(PrimaryModelBulkEditForm):
    criticality = forms.ChoiceField(
        label=_('Criticality'), choices=add_blank_choice(CriticalityChoices), required=False
    )

    model = BusinessFunction
    fieldsets = (FieldSet('criticality', 'description'),)
    nullable_fields = ('criticality', 'description', 'comments')


class BusinessFunctionImportForm(PrimaryModelImportForm):
    slug = SlugField()
    criticality = CSVTypedChoiceField(
        label=_('Criticality'), choices=CriticalityChoices, required=False, empty_value=None,
        help_text=_('Empty if nobody has said')
    )

    class Meta:
        model = BusinessFunction
        fields = ('name', 'slug', 'criticality', 'description', 'owner', 'comments', 'tags')


class BusinessFunctionFilterForm(ContactModelFilterForm, PrimaryModelFilterSetForm):
    model = BusinessFunction
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('criticality', name=_('Business Function')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
        FieldSet('contact', 'contact_role', 'contact_group', name=_('Contacts')),
    )
    criticality = forms.MultipleChoiceField(label=_('Criticality'), choices=CriticalityChoices, required=False)
    tag = TagFilterField(model)


#
# IT services
#

class ITServiceForm(PrimaryModelForm):
    slug = SlugField()
    tenants = DynamicModelMultipleChoiceField(queryset=Tenant.objects.all(), label=_('Tenants'), required=False)

    fieldsets = (
        FieldSet('name', 'slug', 'status', 'tenants', 'description', 'tags', name=_('IT Service')),
    )

    class Meta:
        model = ITService
        fields = ('name', 'slug', 'status', 'tenants', 'description', 'owner', 'comments', 'tags')


class ITServiceBulkEditForm(PrimaryModelBulkEditForm):
    status = forms.ChoiceField(label=_('Status'), choices=add_blank_choice(ITServiceStatusChoices), required=False)
    tenants = DynamicModelMultipleChoiceField(queryset=Tenant.objects.all(), label=_('Tenants'), required=False)

    model = ITService
    fieldsets = (FieldSet('status', 'tenants', 'description'),)
    nullable_fields = ('tenants', 'description', 'comments')


class ITServiceImportForm(PrimaryModelImportForm):
    slug = SlugField()
    status = CSVChoiceField(label=_('Status'), choices=ITServiceStatusChoices, required=False)
    tenants = SlugsImportField(Tenant.objects.all(), label=_('Tenants'), help_text=_('Slugs, separated by commas'))

    class Meta:
        model = ITService
        fields = ('name', 'slug', 'status', 'tenants', 'description', 'owner', 'comments', 'tags')

    def clean_status(self):
        return self.cleaned_data['status'] or ITServiceStatusChoices.STATUS_ACTIVE


class ITServiceFilterForm(ContactModelFilterForm, PrimaryModelFilterSetForm):
    model = ITService
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('status', 'tenant_id', name=_('IT Service')),
        FieldSet('owner_group_id', 'owner_id', name=_('Ownership')),
        FieldSet('contact', 'contact_role', 'contact_group', name=_('Contacts')),
    )
    status = forms.MultipleChoiceField(label=_('Status'), choices=ITServiceStatusChoices, required=False)
    tenant_id = DynamicModelMultipleChoiceField(
        queryset=Tenant.objects.all(), required=False, null_option='None', label=_('Tenant')
    )
    tag = TagFilterField(model)
