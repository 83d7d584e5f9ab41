from django.db.models import Prefetch

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import ControlAssignment, RegisterEntry
from ..ui import assignments as panels
from .base import BulkViewMixin, ObjectView, RecordsMixin
from .register import DECISIONS

ASSIGNMENTS = ControlAssignment.objects.select_related('control', 'object_type', 'verified_by').prefetch_related(
    'register_entry__object_type', 'register_entry__site'
)


class AssessedMixin:
    """Lists of assignments tell of the classifications that the user may know."""

    def get_queryset(self, request):
        known = RegisterEntry.objects.assessments(request.user).select_related('classification')
        return super().get_queryset(request).prefetch_related(Prefetch('register_entry', known, to_attr='assessment'))


@register_model_view(ControlAssignment, 'list', path='', detail=False)
class ControlAssignmentListView(AssessedMixin, generic.ObjectListView):
    queryset = ASSIGNMENTS
    filterset = filtersets.ControlAssignmentFilterSet
    filterset_form = forms.ControlAssignmentFilterForm
    table = tables.ControlAssignmentTable


@register_model_view(ControlAssignment)
class ControlAssignmentView(ObjectView):
    queryset = ASSIGNMENTS
    layout = layout.SimpleLayout(
        left_panels=[panels.ControlAssignmentPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[panels.VerificationPanel(), CustomFieldsPanel()],
        bottom_panels=[DECISIONS],
    )


@register_model_view(ControlAssignment, 'add', detail=False)
@register_model_view(ControlAssignment, 'edit')
class ControlAssignmentEditView(generic.ObjectEditView):
    queryset = ControlAssignment.objects.all()
    form = forms.ControlAssignmentForm


@register_model_view(ControlAssignment, 'delete')
class ControlAssignmentDeleteView(generic.ObjectDeleteView):
    queryset = ControlAssignment.objects.all()


@register_model_view(ControlAssignment, 'bulk_import', path='import', detail=False)
class ControlAssignmentBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ControlAssignment.objects.all()
    model_form = forms.ControlAssignmentImportForm


@register_model_view(ControlAssignment, 'bulk_edit', path='edit', detail=False)
class ControlAssignmentBulkEditView(AssessedMixin, BulkViewMixin, generic.BulkEditView):
    queryset = ASSIGNMENTS
    filterset = filtersets.ControlAssignmentFilterSet
    table = tables.ControlAssignmentTable
    form = forms.ControlAssignmentBulkEditForm


@register_model_view(ControlAssignment, 'bulk_delete', path='delete', detail=False)
class ControlAssignmentBulkDeleteView(AssessedMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = ASSIGNMENTS
    filterset = filtersets.ControlAssignmentFilterSet
    table = tables.ControlAssignmentTable
