from django.utils.translation import gettext_lazy as _

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import actions, layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import BusinessFunction, ITService
from ..ui import continuity as panels
from ..ui.dependencies import dependencies_panel
from ..ui.impact import DisruptionPanel, ImpactPanel
from .base import BulkViewMixin, ObjectView, RecordsMixin


def plans_panel(kind):
    """The plans for the function or service on the page."""
    return ObjectsTablePanel(
        'netbox_ims.continuityplan', title=_('Continuity Plans'), filters={f'{kind}_id': lambda ctx: ctx['object'].pk},
        actions=[actions.AddObject('netbox_ims.continuityplan', url_params={f'{kind}s': lambda ctx: ctx['object'].pk})],
    )


#
# Business functions
#

@register_model_view(BusinessFunction, 'list', path='', detail=False)
class BusinessFunctionListView(generic.ObjectListView):
    queryset = BusinessFunction.objects.all()
    filterset = filtersets.BusinessFunctionFilterSet
    filterset_form = forms.BusinessFunctionFilterForm
    table = tables.BusinessFunctionTable


@register_model_view(BusinessFunction)
class BusinessFunctionView(ObjectView):
    queryset = BusinessFunction.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.BusinessFunctionPanel(), DisruptionPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel()],
        bottom_panels=[
            ImpactPanel(title=_('Impact over Time, Newest Analysis')),
            dependencies_panel('dependent', _('Depends On')),
            ObjectsTablePanel(
                'netbox_ims.businessimpactanalysis', title=_('Impact Analyses'), exclude_columns=['function'],
                filters={'function_id': lambda ctx: ctx['object'].pk},
                actions=[actions.AddObject('netbox_ims.businessimpactanalysis', url_params={
                    'function': lambda ctx: ctx['object'].pk
                })],
            ),
            plans_panel('function'),
        ],
    )


@register_model_view(BusinessFunction, 'add', detail=False)
@register_model_view(BusinessFunction, 'edit')
class BusinessFunctionEditView(generic.ObjectEditView):
    queryset = BusinessFunction.objects.all()
    form = forms.BusinessFunctionForm


@register_model_view(BusinessFunction, 'delete')
class BusinessFunctionDeleteView(generic.ObjectDeleteView):
    queryset = BusinessFunction.objects.all()


@register_model_view(BusinessFunction, 'bulk_import', path='import', detail=False)
class BusinessFunctionBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = BusinessFunction.objects.all()
    model_form = forms.BusinessFunctionImportForm


@register_model_view(BusinessFunction, 'bulk_edit', path='edit', detail=False)
class BusinessFunctionBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = BusinessFunction.objects.all()
    filterset = filtersets.BusinessFunctionFilterSet
    table = tables.BusinessFunctionTable
    form = forms.BusinessFunctionBulkEditForm


@register_model_view(BusinessFunction, 'bulk_rename', path='rename', detail=False)
class BusinessFunctionBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = BusinessFunction.objects.all()
    filterset = filtersets.BusinessFunctionFilterSet


@register_model_view(BusinessFunction, 'bulk_delete', path='delete', detail=False)
class BusinessFunctionBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = BusinessFunction.objects.all()
    filterset = filtersets.BusinessFunctionFilterSet
    table = tables.BusinessFunctionTable


#
# IT services
#

@register_model_view(ITService, 'list', path='', detail=False)
class ITServiceListView(generic.ObjectListView):
    queryset = ITService.objects.all()
    filterset = filtersets.ITServiceFilterSet
    filterset_form = forms.ITServiceFilterForm
    table = tables.ITServiceTable


@register_model_view(ITService)
class ITServiceView(ObjectView):
    queryset = ITService.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.ITServicePanel(), panels.ServiceLevelPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel()],
        bottom_panels=[
            dependencies_panel('dependent', _('Runs On')), dependencies_panel('provider', _('Needed By')),
            plans_panel('service'),
        ],
    )


@register_model_view(ITService, 'add', detail=False)
@register_model_view(ITService, 'edit')
class ITServiceEditView(generic.ObjectEditView):
    queryset = ITService.objects.all()
    form = forms.ITServiceForm


@register_model_view(ITService, 'delete')
class ITServiceDeleteView(generic.ObjectDeleteView):
    queryset = ITService.objects.all()


@register_model_view(ITService, 'bulk_import', path='import', detail=False)
class ITServiceBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ITService.objects.all()
    model_form = forms.ITServiceImportForm


@register_model_view(ITService, 'bulk_edit', path='edit', detail=False)
class ITServiceBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = ITService.objects.all()
    filterset = filtersets.ITServiceFilterSet
    table = tables.ITServiceTable
    form = forms.ITServiceBulkEditForm


@register_model_view(ITService, 'bulk_rename', path='rename', detail=False)
class ITServiceBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = ITService.objects.all()
    filterset = filtersets.ITServiceFilterSet


@register_model_view(ITService, 'bulk_delete', path='delete', detail=False)
class ITServiceBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = ITService.objects.all()
    filterset = filtersets.ITServiceFilterSet
    table = tables.ITServiceTable
