from django import forms
from django.utils.translation import gettext_lazy as _

from netbox.forms import (
    OrganizationalModelBulkEditForm,
    OrganizationalModelFilterSetForm,
    OrganizationalModelForm,
    OrganizationalModelImportForm,
    PrimaryModelBulkEditForm,
    PrimaryModelFilterSetForm,
    PrimaryModelForm,
    PrimaryModelImportForm,
)
from netbox.forms.mixins import ChangelogMessageMixin
from utilities.forms.fields import (
    CSVModelChoiceField,
    DynamicModelChoiceField,
    DynamicModelMultipleChoiceField,
    SlugField,
    TagFilterField,
)
from utilities.forms.rendering import FieldSet

from ..models import Classification, Clause, Control, ControlCatalog, Standard
from .fields import RefsImportField

__all__ = (
    'CatalogUploadForm',
    'ClauseBulkEditForm',
    'ClauseFilterForm',
    'ClauseForm',
    'ClauseImportForm',
    'ControlBulkEditForm',
    'ControlCatalogBulkEditForm',
    'ControlCatalogFilterForm',
    'ControlCatalogForm',
    'ControlCatalogImportForm',
    'ControlFilterForm',
    'ControlForm',
    'ControlImportForm',
    'StandardBulkEditForm',
    'StandardFilterForm',
    'StandardForm',
    'StandardImportForm',
)

OWNERSHIP = FieldSet('owner_group_id', 'owner_id', name=_('Ownership'))


def standard_import_field(required=True):
    return CSVModelChoiceField(
        label=_('Standard'), queryset=Standard.objects.all(), to_field_name='slug', required=required,
        help_text=_('Slug of a standard')
    )


def standards_filter_field():
    return DynamicModelMultipleChoiceField(queryset=Standard.objects.all(), required=False, label=_('Standard'))


#
# Standards
#

class StandardForm(OrganizationalModelForm):
    slug = SlugField()

    fieldsets = (FieldSet('name', 'slug', 'edition', 'description', 'tags', name=_('Standard')),)

    class Meta:
        model = Standard
        fields = ('name', 'slug', 'edition', 'description', 'owner', 'comments', 'tags')


class StandardBulkEditForm(OrganizationalModelBulkEditForm):
    edition = forms.CharField(label=_('Edition'), required=False, max_length=50)

    model = Standard
    fieldsets = (FieldSet('edition', 'description'),)
    nullable_fields = ('edition', 'description', 'comments')


class StandardImportForm(OrganizationalModelImportForm):

    class Meta:
        model = Standard
        fields = ('name', 'slug', 'edition', 'description', 'owner', 'comments', 'tags')


class StandardFilterForm(OrganizationalModelFilterSetForm):
    model = Standard
    fieldsets = (FieldSet('q', 'filter_id', 'tag'), FieldSet('edition', name=_('Standard')), OWNERSHIP)
    edition = forms.CharField(label=_('Edition'), required=False)
    tag = TagFilterField(model)


#
# Clauses
#

class ClauseForm(PrimaryModelForm):
    standard = DynamicModelChoiceField(queryset=Standard.objects.all(), label=_('Standard'), quick_add=True)

    fieldsets = (FieldSet('standard', 'number', 'title', 'description', 'tags', name=_('Clause')),)

    class Meta:
        model = Clause
        fields = ('standard', 'number', 'title', 'description', 'owner', 'comments', 'tags')


class ClauseBulkEditForm(PrimaryModelBulkEditForm):
    model = Clause
    fieldsets = (FieldSet('description'),)
    nullable_fields = ('description', 'comments')


class ClauseImportForm(PrimaryModelImportForm):
    standard = standard_import_field()

    class Meta:
        model = Clause
        fields = ('standard', 'number', 'title', 'description', 'owner', 'comments', 'tags')


class ClauseFilterForm(PrimaryModelFilterSetForm):
    model = Clause
    fieldsets = (FieldSet('q', 'filter_id', 'tag'), FieldSet('standard_id', name=_('Clause')), OWNERSHIP)
    standard_id = standards_filter_field()
    tag = TagFilterField(model)


#
# Control catalogs
#

class ControlCatalogForm(OrganizationalModelForm):
    slug = SlugField()
    standard = DynamicModelChoiceField(
        queryset=Standard.objects.all(), label=_('Standard'), required=False, quick_add=True
    )

    fieldsets = (FieldSet('name', 'slug', 'edition', 'standard', 'description', 'tags', name=_('Control Catalog')),)

    class Meta:
        model = ControlCatalog
        fields = ('name', 'slug', 'edition', 'standard', 'description', 'owner', 'comments', 'tags')


class ControlCatalogBulkEditForm(OrganizationalModelBulkEditForm):
    edition = forms.CharField(label=_('Edition'), required=False, max_length=50)
    standard = DynamicModelChoiceField(queryset=Standard.objects.all(), label=_('Standard'), required=False)

    model = ControlCatalog
    fieldsets = (FieldSet('edition', 'standard', 'description'),)
    nullable_fields = ('edition', 'standard', 'description', 'comments')


class ControlCatalogImportForm(OrganizationalModelImportForm):
    standard = standard_import_field(required=False)

    class Meta:
        model = ControlCatalog
        fields = ('name', 'slug', 'edition', 'standard', 'description', 'owner', 'comments', 'tags')


class ControlCatalogFilterForm(OrganizationalModelFilterSetForm):
    model = ControlCatalog
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'), FieldSet('standard_id', 'edition', name=_('Control Catalog')), OWNERSHIP
    )
    standard_id = standards_filter_field()
    edition = forms.CharField(label=_('Edition'), required=False)
    tag = TagFilterField(model)


class CatalogUploadForm(ChangelogMessageMixin, forms.Form):
    """A catalogue with all its controls as YAML, from a file or pasted; see catalogs/reader.py for the format."""
    file = forms.FileField(label=_('YAML file'), required=False)
    text = forms.CharField(
        label=_('Or YAML text'), required=False, strip=False,
        widget=forms.Textarea(attrs={'class': 'font-monospace', 'rows': 18})
    )

    def clean(self):
        super().clean()
        file, text = self.cleaned_data.get('file'), self.cleaned_data.get('text')
        if bool(file) == bool(text and text.strip()):
            raise forms.ValidationError(_('Choose a file or write the text: one of the two.'))
        if file:
            try:
                self.cleaned_data['text'] = file.read().decode('utf-8-sig')
            except UnicodeDecodeError:
                self.add_error('file', _('The file is not UTF-8 text.'))
        return self.cleaned_data


#
# Controls
#

class ReplacesFormMixin(forms.Form):
    """What a control replaced must be of another catalogue."""

    def clean(self):
        super().clean()
        replaced, catalog = self.cleaned_data.get('replaces'), self.cleaned_data.get('catalog')
        if replaced and (catalog or self.instance.catalog_id):
            control = Control(catalog_id=catalog.pk if catalog else self.instance.catalog_id)
            try:
                control.check_replaced(replaced)
            except forms.ValidationError as e:
                self.add_error(None, e)
        return self.cleaned_data


class ControlForm(ReplacesFormMixin, PrimaryModelForm):
    catalog = DynamicModelChoiceField(queryset=ControlCatalog.objects.all(), label=_('Catalog'))
    replaces = DynamicModelMultipleChoiceField(
        queryset=Control.objects.all(), label=_('Replaces'), required=False, help_text=_('Controls of an older edition')
    )

    fieldsets = (
        FieldSet('catalog', 'ref', 'title', 'theme', 'replaces', 'description', 'tags', name=_('Control')),
        FieldSet(*Control.ATTRIBUTES, name=_('Attributes (separated by commas)')),
    )

    class Meta:
        model = Control
        fields = (
            'catalog', 'ref', 'title', 'theme', *Control.ATTRIBUTES, 'replaces', 'description', 'owner', 'comments',
            'tags',
        )


class ControlBulkEditForm(PrimaryModelBulkEditForm):
    theme = forms.CharField(label=_('Theme'), required=False, max_length=100)

    model = Control
    fieldsets = (FieldSet('theme', 'description'),)
    nullable_fields = ('theme', 'description', 'comments')


class ControlImportForm(ReplacesFormMixin, PrimaryModelImportForm):
    catalog = CSVModelChoiceField(
        label=_('Catalog'), queryset=ControlCatalog.objects.all(), to_field_name='slug',
        help_text=_('Slug of a catalog')
    )
    replaces = RefsImportField(Control.objects.all(), label=_('Replaces'))

    class Meta:
        model = Control
        fields = (
            'catalog', 'ref', 'title', 'theme', *Control.ATTRIBUTES, 'replaces', 'description', 'owner', 'comments',
            'tags',
        )


class ControlFilterForm(PrimaryModelFilterSetForm):
    model = Control
    fieldsets = (
        FieldSet('q', 'filter_id', 'tag'),
        FieldSet('catalog_id', 'theme', 'required_by_id', name=_('Control')),
        FieldSet(*Control.ATTRIBUTES, name=_('Attributes')),
        OWNERSHIP,
    )
    catalog_id = DynamicModelMultipleChoiceField(
        queryset=ControlCatalog.objects.all(), required=False, label=_('Catalog')
    )
    theme = forms.CharField(label=_('Theme'), required=False)
    required_by_id = DynamicModelMultipleChoiceField(
        queryset=Classification.objects.all(), required=False, label=_('Required by classification')
    )
    control_type = forms.CharField(label=_('Control type'), required=False)
    information_security_properties = forms.CharField(label=_('Information security properties'), required=False)
    cybersecurity_concepts = forms.CharField(label=_('Cybersecurity concepts'), required=False)
    operational_capabilities = forms.CharField(label=_('Operational capabilities'), required=False)
    security_domains = forms.CharField(label=_('Security domains'), required=False)
    tag = TagFilterField(model)
