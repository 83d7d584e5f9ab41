from django.utils.translation import gettext_lazy as _

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import actions, layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import Clause, Control, ControlCatalog, Standard
from ..services.controls import import_catalog
from ..ui import controls as panels
from .base import BulkViewMixin, KeptWhileInUseDeleteMixin, ObjectView, RecordsMixin
from .uploads import YamlUploadView

RIGHT = (CustomFieldsPanel(), TagsPanel(), CommentsPanel())


#
# Standards
#

@register_model_view(Standard, 'list', path='', detail=False)
class StandardListView(generic.ObjectListView):
    queryset = Standard.objects.all()
    filterset = filtersets.StandardFilterSet
    filterset_form = forms.StandardFilterForm
    table = tables.StandardTable


@register_model_view(Standard)
class StandardView(ObjectView):
    queryset = Standard.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.StandardPanel()],
        right_panels=RIGHT,
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.scope', filters={'standard_id': lambda ctx: ctx['object'].pk}, title=_('Scopes'),
                exclude_columns=['standard'],
            ),
            ObjectsTablePanel(
                'netbox_ims.clause', filters={'standard_id': lambda ctx: ctx['object'].pk}, title=_('Clauses'),
                exclude_columns=['standard'],
            ),
        ],
    )


@register_model_view(Standard, 'add', detail=False)
@register_model_view(Standard, 'edit')
class StandardEditView(generic.ObjectEditView):
    queryset = Standard.objects.all()
    form = forms.StandardForm


@register_model_view(Standard, 'delete')
class StandardDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = Standard.objects.all()


@register_model_view(Standard, 'bulk_import', path='import', detail=False)
class StandardBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = Standard.objects.all()
    model_form = forms.StandardImportForm


@register_model_view(Standard, 'bulk_edit', path='edit', detail=False)
class StandardBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = Standard.objects.all()
    filterset = filtersets.StandardFilterSet
    table = tables.StandardTable
    form = forms.StandardBulkEditForm


@register_model_view(Standard, 'bulk_rename', path='rename', detail=False)
class StandardBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = Standard.objects.all()
    filterset = filtersets.StandardFilterSet


@register_model_view(Standard, 'bulk_delete', path='delete', detail=False)
class StandardBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = Standard.objects.all()
    filterset = filtersets.StandardFilterSet
    table = tables.StandardTable


#
# Clauses
#

@register_model_view(Clause, 'list', path='', detail=False)
class ClauseListView(generic.ObjectListView):
    queryset = Clause.objects.select_related('standard')
    filterset = filtersets.ClauseFilterSet
    filterset_form = forms.ClauseFilterForm
    table = tables.ClauseTable


@register_model_view(Clause)
class ClauseView(ObjectView):
    queryset = Clause.objects.all()
    layout = layout.SimpleLayout(left_panels=[panels.ClausePanel()], right_panels=RIGHT)


@register_model_view(Clause, 'add', detail=False)
@register_model_view(Clause, 'edit')
class ClauseEditView(generic.ObjectEditView):
    queryset = Clause.objects.all()
    form = forms.ClauseForm


@register_model_view(Clause, 'delete')
class ClauseDeleteView(generic.ObjectDeleteView):
    queryset = Clause.objects.all()


@register_model_view(Clause, 'bulk_import', path='import', detail=False)
class ClauseBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = Clause.objects.all()
    model_form = forms.ClauseImportForm


@register_model_view(Clause, 'bulk_edit', path='edit', detail=False)
class ClauseBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = Clause.objects.select_related('standard')
    filterset = filtersets.ClauseFilterSet
    table = tables.ClauseTable
    form = forms.ClauseBulkEditForm


@register_model_view(Clause, 'bulk_delete', path='delete', detail=False)
class ClauseBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = Clause.objects.select_related('standard')
    filterset = filtersets.ClauseFilterSet
    table = tables.ClauseTable


#
# Control catalogs
#

class ControlCountMixin:

    def get_queryset(self, request):
        return super().get_queryset(request).with_control_count()


@register_model_view(ControlCatalog, 'list', path='', detail=False)
class ControlCatalogListView(ControlCountMixin, generic.ObjectListView):
    queryset = ControlCatalog.objects.select_related('standard')
    filterset = filtersets.ControlCatalogFilterSet
    filterset_form = forms.ControlCatalogFilterForm
    table = tables.ControlCatalogTable
    template_name = 'netbox_ims/controlcatalog_list.html'


@register_model_view(ControlCatalog, 'upload', detail=False)
class ControlCatalogUploadView(YamlUploadView):
    """A catalogue with all its controls."""
    model = ControlCatalog
    permission_required = ('netbox_ims.add_controlcatalog', 'netbox_ims.add_control')
    template_name = 'netbox_ims/controlcatalog_upload.html'

    def bring_in(self, request, text, message):
        catalog = import_catalog(text, request.user, message)
        return catalog, _('{catalog}: {count} controls.').format(catalog=catalog, count=catalog.controls.count())


@register_model_view(ControlCatalog)
class ControlCatalogView(ObjectView):
    queryset = ControlCatalog.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.ControlCatalogPanel()],
        right_panels=RIGHT,
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.control', filters={'catalog_id': lambda ctx: ctx['object'].pk}, title=_('Controls'),
                exclude_columns=['catalog'],
            ),
        ],
    )


@register_model_view(ControlCatalog, 'add', detail=False)
@register_model_view(ControlCatalog, 'edit')
class ControlCatalogEditView(generic.ObjectEditView):
    queryset = ControlCatalog.objects.all()
    form = forms.ControlCatalogForm


@register_model_view(ControlCatalog, 'delete')
class ControlCatalogDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = ControlCatalog.objects.all()


@register_model_view(ControlCatalog, 'bulk_import', path='import', detail=False)
class ControlCatalogBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ControlCatalog.objects.all()
    model_form = forms.ControlCatalogImportForm


@register_model_view(ControlCatalog, 'bulk_edit', path='edit', detail=False)
class ControlCatalogBulkEditView(ControlCountMixin, BulkViewMixin, generic.BulkEditView):
    queryset = ControlCatalog.objects.select_related('standard')
    filterset = filtersets.ControlCatalogFilterSet
    table = tables.ControlCatalogTable
    form = forms.ControlCatalogBulkEditForm


@register_model_view(ControlCatalog, 'bulk_rename', path='rename', detail=False)
class ControlCatalogBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = ControlCatalog.objects.all()
    filterset = filtersets.ControlCatalogFilterSet


@register_model_view(ControlCatalog, 'bulk_delete', path='delete', detail=False)
class ControlCatalogBulkDeleteView(ControlCountMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = ControlCatalog.objects.select_related('standard')
    filterset = filtersets.ControlCatalogFilterSet
    table = tables.ControlCatalogTable


#
# Controls
#

class AssignmentCountMixin:
    """Lists of controls count the CIs the user may see."""

    def get_queryset(self, request):
        return super().get_queryset(request).with_assignment_count(request.user)


@register_model_view(Control, 'list', path='', detail=False)
class ControlListView(AssignmentCountMixin, generic.ObjectListView):
    queryset = Control.objects.select_related('catalog')
    filterset = filtersets.ControlFilterSet
    filterset_form = forms.ControlFilterForm
    table = tables.ControlTable


@register_model_view(Control)
class ControlView(ObjectView):
    queryset = Control.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.ControlPanel(), panels.ControlAttributesPanel()],
        right_panels=[panels.ControlCoveragePanel(), panels.ControlMapPanel(), *RIGHT],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.controlassignment', filters={'control_id': lambda ctx: ctx['object'].pk},
                title=_('Assignments'), exclude_columns=['control'],
                actions=[
                    actions.LinkAction(
                        'plugins:netbox_ims:registerentry_assign', label=_('Assign to CIs'),
                        permissions=['netbox_ims.add_controlassignment'], button_icon='plus-thick',
                        url_params={
                            'control': lambda ctx: ctx['object'].pk,
                            'return_url': lambda ctx: ctx['object'].get_absolute_url(),
                        },
                    ),
                ],
            ),
            ObjectsTablePanel(
                'netbox_ims.soaentry', filters={'control_id': lambda ctx: ctx['object'].pk},
                title=_('In Statements of Applicability'), exclude_columns=['control'],
            ),
        ],
    )


@register_model_view(Control, 'add', detail=False)
@register_model_view(Control, 'edit')
class ControlEditView(generic.ObjectEditView):
    queryset = Control.objects.all()
    form = forms.ControlForm


@register_model_view(Control, 'delete')
class ControlDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = Control.objects.all()


@register_model_view(Control, 'bulk_import', path='import', detail=False)
class ControlBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = Control.objects.all()
    model_form = forms.ControlImportForm


@register_model_view(Control, 'bulk_edit', path='edit', detail=False)
class ControlBulkEditView(AssignmentCountMixin, BulkViewMixin, generic.BulkEditView):
    queryset = Control.objects.select_related('catalog')
    filterset = filtersets.ControlFilterSet
    table = tables.ControlTable
    form = forms.ControlBulkEditForm


@register_model_view(Control, 'bulk_delete', path='delete', detail=False)
class ControlBulkDeleteView(AssignmentCountMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = Control.objects.select_related('catalog')
    filterset = filtersets.ControlFilterSet
    table = tables.ControlTable
