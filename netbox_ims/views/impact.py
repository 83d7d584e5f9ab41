from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import BusinessImpactAnalysis
from ..ui import impact as panels
from .base import BulkViewMixin, ObjectView, RecordsMixin

ANALYSES = BusinessImpactAnalysis.objects.select_related('function')


@register_model_view(BusinessImpactAnalysis, 'list', path='', detail=False)
class BusinessImpactAnalysisListView(generic.ObjectListView):
    queryset = ANALYSES
    filterset = filtersets.BusinessImpactAnalysisFilterSet
    filterset_form = forms.BusinessImpactAnalysisFilterForm
    table = tables.BusinessImpactAnalysisTable


@register_model_view(BusinessImpactAnalysis)
class BusinessImpactAnalysisView(ObjectView):
    queryset = ANALYSES
    layout = layout.SimpleLayout(
        left_panels=[panels.BusinessImpactAnalysisPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel()],
        bottom_panels=[panels.ImpactPanel()],
    )


@register_model_view(BusinessImpactAnalysis, 'add', detail=False)
@register_model_view(BusinessImpactAnalysis, 'edit')
class BusinessImpactAnalysisEditView(generic.ObjectEditView):
    queryset = BusinessImpactAnalysis.objects.all()
    form = forms.BusinessImpactAnalysisForm


@register_model_view(BusinessImpactAnalysis, 'delete')
class BusinessImpactAnalysisDeleteView(generic.ObjectDeleteView):
    queryset = BusinessImpactAnalysis.objects.all()


@register_model_view(BusinessImpactAnalysis, 'bulk_import', path='import', detail=False)
class BusinessImpactAnalysisBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = BusinessImpactAnalysis.objects.all()
    model_form = forms.BusinessImpactAnalysisImportForm


@register_model_view(BusinessImpactAnalysis, 'bulk_edit', path='edit', detail=False)
class BusinessImpactAnalysisBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = ANALYSES
    filterset = filtersets.BusinessImpactAnalysisFilterSet
    table = tables.BusinessImpactAnalysisTable
    form = forms.BusinessImpactAnalysisBulkEditForm


@register_model_view(BusinessImpactAnalysis, 'bulk_delete', path='delete', detail=False)
class BusinessImpactAnalysisBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = ANALYSES
    filterset = filtersets.BusinessImpactAnalysisFilterSet
    table = tables.BusinessImpactAnalysisTable
