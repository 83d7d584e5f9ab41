from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import BulkEdit, BulkExport, BulkImport, DeleteObject, EditObject
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.permissions import get_permission_for_model
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import Scope, SoaEntry, StatementOfApplicability
from ..ui import soa as panels
from .base import BulkViewMixin, KeptWhileInUseDeleteMixin, ObjectView, RecordsMixin
from .workbench import *  # noqa: F403  (registers the statement's tabs and steps)

RIGHT = (CustomFieldsPanel(), TagsPanel(), CommentsPanel())


#
# Scopes
#

class VisiblePartsMixin:
    """Lists of scopes name the sites and tenants the user may see."""

    def get_queryset(self, request):
        return super().get_queryset(request).with_visible_parts(request.user)


@register_model_view(Scope, 'list', path='', detail=False)
class ScopeListView(VisiblePartsMixin, generic.ObjectListView):
    queryset = Scope.objects.select_related('standard')
    filterset = filtersets.ScopeFilterSet
    filterset_form = forms.ScopeFilterForm
    table = tables.ScopeTable


@register_model_view(Scope)
class ScopeView(ObjectView):
    queryset = Scope.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.ScopePanel(), panels.ScopeCoversPanel()],
        right_panels=[panels.ScopeDifferencePanel(), *RIGHT],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.statementofapplicability', filters={'scope_id': lambda ctx: ctx['object'].pk},
                title=gettext_lazy('Statements of Applicability'), exclude_columns=['scope'],
            ),
        ],
    )


@register_model_view(Scope, 'add', detail=False)
@register_model_view(Scope, 'edit')
class ScopeEditView(generic.ObjectEditView):
    queryset = Scope.objects.all()
    form = forms.ScopeForm


@register_model_view(Scope, 'delete')
class ScopeDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = Scope.objects.all()


@register_model_view(Scope, 'bulk_import', path='import', detail=False)
class ScopeBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = Scope.objects.all()
    model_form = forms.ScopeImportForm


@register_model_view(Scope, 'bulk_edit', path='edit', detail=False)
class ScopeBulkEditView(VisiblePartsMixin, BulkViewMixin, generic.BulkEditView):
    queryset = Scope.objects.select_related('standard')
    filterset = filtersets.ScopeFilterSet
    table = tables.ScopeTable
    form = forms.ScopeBulkEditForm


@register_model_view(Scope, 'bulk_rename', path='rename', detail=False)
class ScopeBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = Scope.objects.all()
    filterset = filtersets.ScopeFilterSet


@register_model_view(Scope, 'bulk_delete', path='delete', detail=False)
class ScopeBulkDeleteView(VisiblePartsMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = Scope.objects.select_related('standard')
    filterset = filtersets.ScopeFilterSet
    table = tables.ScopeTable


#
# Statements of applicability
#

class FrozenMixin:
    """On the page of what was approved, no buttons that would only be refused."""

    def get_permitted_actions(self, user, model=None):
        allowed = super().get_permitted_actions(user, model)
        frozen = isinstance(model, (SoaEntry, StatementOfApplicability)) and model.frozen_by
        return [action for action in allowed if not frozen or action not in (EditObject, DeleteObject)]


STATEMENTS = StatementOfApplicability.objects.select_related(
    'scope', 'catalog', 'edited_by', 'submitted_by', 'approved_by'
).defer('as_approved')


@register_model_view(StatementOfApplicability, 'list', path='', detail=False)
class StatementListView(generic.ObjectListView):
    queryset = STATEMENTS
    filterset = filtersets.StatementOfApplicabilityFilterSet
    filterset_form = forms.StatementOfApplicabilityFilterForm
    table = tables.StatementOfApplicabilityTable


@register_model_view(StatementOfApplicability)
class StatementView(FrozenMixin, StepsMixin, ObjectView):
    queryset = StatementOfApplicability.objects.select_related('scope', 'catalog')
    template_name = 'netbox_ims/statement.html'
    layout = layout.SimpleLayout(
        left_panels=[panels.StatementPanel(), panels.StatementApprovalPanel()],
        right_panels=RIGHT,
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.decision', title=gettext_lazy('Decisions'), exclude_columns=['ci_type', 'name'],
                filters={
                    'object_type': 'netbox_ims.statementofapplicability', 'object_id': lambda ctx: ctx['object'].pk,
                },
            ),
            ObjectsTablePanel(
                'netbox_ims.soaentry', filters={'statement_id': lambda ctx: ctx['object'].pk},
                title=gettext_lazy('Entries'), exclude_columns=['statement'],
            ),
        ],
    )


@register_model_view(StatementOfApplicability, 'add', detail=False)
@register_model_view(StatementOfApplicability, 'edit')
class StatementEditView(generic.ObjectEditView):
    queryset = StatementOfApplicability.objects.all()
    form = forms.StatementOfApplicabilityForm


@register_model_view(StatementOfApplicability, 'delete')
class StatementDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = StatementOfApplicability.objects.all()


@register_model_view(StatementOfApplicability, 'bulk_import', path='import', detail=False)
class StatementBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = StatementOfApplicability.objects.all()
    model_form = forms.StatementOfApplicabilityImportForm


@register_model_view(StatementOfApplicability, 'bulk_edit', path='edit', detail=False)
class StatementBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = STATEMENTS
    filterset = filtersets.StatementOfApplicabilityFilterSet
    table = tables.StatementOfApplicabilityTable
    form = forms.StatementOfApplicabilityBulkEditForm


@register_model_view(StatementOfApplicability, 'bulk_delete', path='delete', detail=False)
class StatementBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = STATEMENTS
    filterset = filtersets.StatementOfApplicabilityFilterSet
    table = tables.StatementOfApplicabilityTable


#
# Entries
#

ENTRIES = SoaEntry.objects.select_related('statement__scope', 'control', 'responsible')


@register_model_view(SoaEntry, 'list', path='', detail=False)
class SoaEntryListView(generic.ObjectListView):
    queryset = ENTRIES
    filterset = filtersets.SoaEntryFilterSet
    filterset_form = forms.SoaEntryFilterForm
    table = tables.SoaEntryTable
    actions = (BulkImport, BulkExport, BulkEdit)


@register_model_view(SoaEntry)
class SoaEntryView(FrozenMixin, ObjectView):
    queryset = ENTRIES
    layout = layout.SimpleLayout(
        left_panels=[panels.EntryPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[panels.EntryImplementationPanel(), CustomFieldsPanel()],
    )
    actions = (EditObject,)


@register_model_view(SoaEntry, 'edit')
class SoaEntryEditView(generic.ObjectEditView):
    queryset = SoaEntry.objects.all()
    form = forms.SoaEntryForm


@register_model_view(SoaEntry, 'bulk_edit', path='edit', detail=False)
class SoaEntryBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = ENTRIES
    filterset = filtersets.SoaEntryFilterSet
    table = tables.SoaEntryTable
    form = forms.SoaEntryBulkEditForm


@register_model_view(SoaEntry, 'bulk_import', path='import', detail=False)
class SoaEntryBulkImportView(RecordsMixin, generic.BulkImportView):
    """
    Brings in what somebody wrote in a spreadsheet. Entries are there already, one for each control: a record names the
    one it changes by `id`, or by `statement` (ID) and `control` (reference).
    """
    queryset = SoaEntry.objects.all()
    model_form = forms.SoaEntryImportForm

    def get_required_permission(self):
        return get_permission_for_model(SoaEntry, 'change')

    def create_and_update_objects(self, form, request):
        changeable = SoaEntry.objects.restrict(request.user, 'change')
        for number, record in enumerate(form.cleaned_data['data'], start=1):
            if isinstance(record, dict) and not record.get('id'):
                record['id'] = self.find(changeable, record, number)
        return super().create_and_update_objects(form, request)

    def find(self, entries, record, number):
        statement, ref = str(record.get('statement') or ''), str(record.get('control') or '')
        if not (statement.isascii() and statement.isdigit() and len(statement) < 19) or not ref:
            raise ValidationError(_('Record {number}: name the entry by id, or by statement (ID) and control.').format(
                number=number
            ))
        pk = entries.filter(statement=statement, control__ref=ref).values_list('pk', flat=True).first()
        if pk is None:
            raise ValidationError(_('Record {number} control: the statement has no entry for {ref}.').format(
                number=number, ref=ref
            ))
        return pk
