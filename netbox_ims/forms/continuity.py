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
from .fields import MinutesField, SlugsImportField
from .mixins import AbsentFieldErrorsMixin, SaidOnceMixin

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

class BusinessFunctionForm(SaidOnceMixin, PrimaryModelForm):
    slug = SlugField()

    fieldsets = (
        FieldSet('name', 'slug', 'criticality', 'description', 'tags', name=_('Business Function')),
        FieldSet('mtpd_minutes', 'mtpd_reason', 'minimum_level', name=_('Disruption')),
    )

    class Meta:
        model = BusinessFunction
        fields = (
            'name', 'slug', 'criticality', 'mtpd_minutes', 'mtpd_reason', 'minimum_level', 'description', 'owner',
            'comments', 'tags',
        )
        widgets = {'mtpd_reason': forms.Textarea(attrs={'rows': 2})}


class BusinessFunctionBulkEditForm(PrimaryModelBulkEditForm):
    criticality = forms.ChoiceField(
        label=_('Criticality'), choices=add_blank_choice(CriticalityChoices), required=False
    )

    mtpd_minutes = MinutesField(label=_('MTPD'), required=False, help_text=_('90, 4h, 1d 6h'))
    mtpd_reason = forms.CharField(
        label=_('Reason for the MTPD'), required=False, widget=forms.Textarea(attrs={'rows': 2})
    )
    minimum_level = forms.CharField(label=_('Minimum level'), required=False, max_length=200)

    model = BusinessFunction
    fieldsets = (FieldSet('criticality', 'mtpd_minutes', 'mtpd_reason', 'minimum_level', 'description'),)
    nullable_fields = ('criticality', 'mtpd_reason', 'minimum_level', 'description', 'comments')


class BusinessFunctionImportForm(AbsentFieldErrorsMixin, PrimaryModelImportForm):
    slug = SlugField()
    criticality = CSVTypedChoiceField(
        label=_('Criticality'), choices=CriticalityChoices, required=False, empty_value=None,
        help_text=_('Empty if nobody has said')
    )

    class Meta:
        model = BusinessFunction
        fields = (
            'name', 'slug', 'criticality', 'mtpd_minutes', 'mtpd_reason', 'minimum_level', 'description', 'owner',
            'comments', 'tags',
        )


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
