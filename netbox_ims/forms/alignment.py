from django import forms
from django.utils.translation import gettext_lazy as _

from dcim.models import Site
from netbox.forms.mixins import SavedFiltersMixin
from tenancy.models import Tenant
from utilities.forms.fields import ContentTypeMultipleChoiceField, DynamicModelMultipleChoiceField, QueryField
from utilities.forms.mixins import FilterModifierMixin
from utilities.forms.rendering import FieldSet

from ..choices import AlignmentChoices, AlignmentKindChoices
from ..models import Alignment
from .mixins import ci_content_types

__all__ = ('AlignmentFilterForm',)


class AlignmentFilterForm(FilterModifierMixin, SavedFiltersMixin, forms.Form):
    model = Alignment
    fieldsets = (
        FieldSet('q', 'filter_id'),
        FieldSet('status', 'kind', 'margin_minutes__lte', 'margin_minutes__gte', name=_('Alignment')),
        FieldSet(
            'object_type', 'dependent_object_type', 'provider_object_type', 'site_id', 'tenant_id',
            name=_('Configuration Items')
        ),
    )
    q = QueryField(required=False, label=_('Search'))
    status = forms.MultipleChoiceField(label=_('Status'), choices=AlignmentChoices, required=False)
    kind = forms.MultipleChoiceField(label=_('Kind'), choices=AlignmentKindChoices, required=False)
    margin_minutes__lte = forms.IntegerField(label=_('Margin at most (minutes)'), required=False)
    margin_minutes__gte = forms.IntegerField(label=_('Margin at least (minutes)'), required=False)
    object_type = ContentTypeMultipleChoiceField(
        queryset=ci_content_types(), required=False, label=_('Type of either CI')
    )
    dependent_object_type = ContentTypeMultipleChoiceField(
        queryset=ci_content_types(), required=False, label=_('Dependent type')
    )
    provider_object_type = ContentTypeMultipleChoiceField(
        queryset=ci_content_types(), required=False, label=_('Provider type')
    )
    site_id = DynamicModelMultipleChoiceField(
        queryset=Site.objects.all(), required=False, label=_('Site of either CI')
    )
    tenant_id = DynamicModelMultipleChoiceField(
        queryset=Tenant.objects.all(), required=False, label=_('Tenant of either CI')
    )
