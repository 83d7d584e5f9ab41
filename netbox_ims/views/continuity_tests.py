from django.utils.translation import gettext_lazy as _

from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.ui import actions, layout
from netbox.ui.panels import CommentsPanel, ObjectsTablePanel
from netbox.views import generic
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..models import ContinuityTest, ContinuityTestSubject
from ..ui import continuity_tests as panels
from .base import BulkViewMixin, ObjectView, RecordsMixin

#
# Tests
#

TESTS = ContinuityTest.objects.select_related('plan').defer('plan__as_approved').with_due().with_stale()


@register_model_view(ContinuityTest, 'list', path='', detail=False)
class ContinuityTestListView(generic.ObjectListView):
    queryset = TESTS
    filterset = filtersets.ContinuityTestFilterSet
    filterset_form = forms.ContinuityTestFilterForm
    table = tables.ContinuityTestTable
    template_name = 'netbox_ims/test_list.html'

    def get_extra_context(self, request):
        seen = ContinuityTest.objects.restrict(request.user, 'view')
        return {
            **super().get_extra_context(request),
            'planned': seen.filter(held_on=None).count(), 'overdue': seen.overdue().count(),
        }


@register_model_view(ContinuityTest)
class ContinuityTestView(ObjectView):
    queryset = TESTS
    layout = layout.SimpleLayout(
        left_panels=[panels.ContinuityTestPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[panels.OutcomePanel(), CustomFieldsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.continuitytestsubject', title=_('Tested CIs'), exclude_columns=['test', 'held_on'],
                filters={'test_id': lambda ctx: ctx['object'].pk},
                actions=[actions.AddObject('netbox_ims.continuitytestsubject', url_params={
                    'test': lambda ctx: ctx['object'].pk
                })],
            ),
        ],
    )


@register_model_view(ContinuityTest, 'add', detail=False)
@register_model_view(ContinuityTest, 'edit')
class ContinuityTestEditView(generic.ObjectEditView):
    queryset = ContinuityTest.objects.all()
    form = forms.ContinuityTestForm


@register_model_view(ContinuityTest, 'delete')
class ContinuityTestDeleteView(generic.ObjectDeleteView):
    queryset = ContinuityTest.objects.all()


@register_model_view(ContinuityTest, 'bulk_import', path='import', detail=False)
class ContinuityTestBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ContinuityTest.objects.all()
    model_form = forms.ContinuityTestImportForm


@register_model_view(ContinuityTest, 'bulk_edit', path='edit', detail=False)
class ContinuityTestBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = TESTS
    filterset = filtersets.ContinuityTestFilterSet
    table = tables.ContinuityTestTable
    form = forms.ContinuityTestBulkEditForm


@register_model_view(ContinuityTest, 'bulk_delete', path='delete', detail=False)
class ContinuityTestBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = TESTS
    filterset = filtersets.ContinuityTestFilterSet
    table = tables.ContinuityTestTable


#
# What they were of
#

SUBJECTS = ContinuityTestSubject.objects.select_related('test__plan', 'object_type').defer(
    'test__plan__as_approved'
).prefetch_related('register_entry__object_type')


@register_model_view(ContinuityTestSubject, 'list', path='', detail=False)
class ContinuityTestSubjectListView(generic.ObjectListView):
    queryset = SUBJECTS
    filterset = filtersets.ContinuityTestSubjectFilterSet
    filterset_form = forms.ContinuityTestSubjectFilterForm
    table = tables.ContinuityTestSubjectTable


@register_model_view(ContinuityTestSubject)
class ContinuityTestSubjectView(ObjectView):
    queryset = SUBJECTS
    layout = layout.SimpleLayout(
        left_panels=[panels.SubjectPanel(), TagsPanel(), CommentsPanel()], right_panels=[CustomFieldsPanel()],
    )


@register_model_view(ContinuityTestSubject, 'add', detail=False)
@register_model_view(ContinuityTestSubject, 'edit')
class ContinuityTestSubjectEditView(generic.ObjectEditView):
    queryset = ContinuityTestSubject.objects.all()
    form = forms.ContinuityTestSubjectForm


@register_model_view(ContinuityTestSubject, 'delete')
class ContinuityTestSubjectDeleteView(generic.ObjectDeleteView):
    queryset = ContinuityTestSubject.objects.all()


@register_model_view(ContinuityTestSubject, 'bulk_import', path='import', detail=False)
class ContinuityTestSubjectBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ContinuityTestSubject.objects.all()
    model_form = forms.ContinuityTestSubjectImportForm


@register_model_view(ContinuityTestSubject, 'bulk_edit', path='edit', detail=False)
class ContinuityTestSubjectBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = SUBJECTS
    filterset = filtersets.ContinuityTestSubjectFilterSet
    table = tables.ContinuityTestSubjectTable
    form = forms.ContinuityTestSubjectBulkEditForm


@register_model_view(ContinuityTestSubject, 'bulk_delete', path='delete', detail=False)
class ContinuityTestSubjectBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = SUBJECTS
    filterset = filtersets.ContinuityTestSubjectFilterSet
    table = tables.ContinuityTestSubjectTable
