"""The alignment report: which target is met, breached or unknown, on which edge, by how much, and for whom."""
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from netbox.object_actions import BulkExport
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import Alignment, StaleMark
from ..querysets.alignment import NEEDED
from ..services.triggers import trigger_status
from ..ui.alignment import AlignmentFigures, Chain
from .base import RegisterStateMixin

__all__ = ('AlignmentFiguresView', 'AlignmentListView', 'AlignmentView')

ALIGNMENT = Alignment.objects.select_related('dependent_object_type', 'provider_object_type')


class ReadsAlignmentMixin:
    """Whoever may see the register and the dependencies may see how these align: there is no permission of its own."""
    additional_permissions = NEEDED[1:]

    def get_required_permission(self):
        return NEEDED[0]


@register_model_view(Alignment, 'list', path='', detail=False)
class AlignmentListView(ReadsAlignmentMixin, RegisterStateMixin, generic.ObjectListView):
    queryset = ALIGNMENT
    filterset = filtersets.AlignmentFilterSet
    filterset_form = forms.AlignmentFilterForm
    table = tables.AlignmentTable
    template_name = 'netbox_ims/alignment_list.html'
    actions = (BulkExport,)

    def get_permitted_actions(self, user, model=None):
        return list(self.actions)

    def get_extra_context(self, request, *args):
        return {**super().get_extra_context(request, *args), 'as_of': timezone.now()}


@register_model_view(Alignment, 'figures', detail=False)
class AlignmentFiguresView(ReadsAlignmentMixin, BaseMultiObjectView):
    """The figures above the list, which come after it: counting takes longer than a page."""
    queryset = Alignment.objects.all()

    def get(self, request):
        figures = AlignmentFigures(request.user)
        return render(request, 'netbox_ims/inc/alignment_figures.html', {'figures': figures})


@register_model_view(Alignment)
class AlignmentView(ReadsAlignmentMixin, BaseMultiObjectView):
    """One row with the chain up to the business function; by itself, or unfolded below the row in the list."""
    queryset = ALIGNMENT

    def get(self, request, pk):
        row = get_object_or_404(self.queryset, pk=pk)
        template = 'netbox_ims/inc/chain_row.html' if request.htmx else 'netbox_ims/alignment.html'
        return render(request, template, {
            'object': row,
            'chain': Chain(row, request.user),
            'result': tables.graph.VerdictColumn.result(row),
            'trigger_status': trigger_status(),
            'waiting': StaleMark.objects.exists(),
        })
