from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import Dependency
from ..ui import dependencies as panels
from .base import BulkViewMixin, ObjectView, RecordsMixin

DEPENDENCIES = Dependency.objects.select_related('dependent_object_type', 'provider_object_type')


@register_model_view(Dependency, 'list', path='', detail=False)
class DependencyListView(generic.ObjectListView):
    queryset = DEPENDENCIES
    filterset = filtersets.DependencyFilterSet
    filterset_form = forms.DependencyFilterForm
    table = tables.DependencyTable


@register_model_view(Dependency)
class DependencyView(ObjectView):
    queryset = DEPENDENCIES
    layout = layout.SimpleLayout(
        left_panels=[panels.DependencyPanel(), TagsPanel()],
        right_panels=[CustomFieldsPanel(), CommentsPanel()],
    )



@register_model_view(Dependency, 'add', detail=False)
@register_model_view(Dependency, 'edit')
class DependencyEditView(generic.ObjectEditView):
    queryset = DEPENDENCIES
    form = forms.DependencyForm


@register_model_view(Dependency, 'delete')
class DependencyDeleteView(generic.ObjectDeleteView):
    queryset = DEPENDENCIES


@register_model_view(Dependency, 'bulk_import', path='import', detail=False)
class DependencyBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = DEPENDENCIES
    model_form = forms.DependencyImportForm


@register_model_view(Dependency, 'bulk_edit', path='edit', detail=False)
class DependencyBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = DEPENDENCIES
    filterset = filtersets.DependencyFilterSet
    table = tables.DependencyTable
    form = forms.DependencyBulkEditForm


@register_model_view(Dependency, 'bulk_delete', path='delete', detail=False)
class DependencyBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = DEPENDENCIES
    filterset = filtersets.DependencyFilterSet
    table = tables.DependencyTable
