from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import router, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import ObjectType
from extras.models import ExportTemplate
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import BulkExport
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel, JSONPanel, ObjectsTablePanel
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView
from utilities.forms import restrict_form_fields
from utilities.views import register_model_view

from .. import filtersets, forms, tables
from ..exports.sheets import XLSX, as_long_xlsx
from ..models import AssetProfile, Classification, Decision, InformationAsset, RegisterAsOf, RegisterEntry, RetiredCI
from ..services.restore import restore_profile
from ..ui import register as panels
from ..ui.controls import RequiredControlsPanel
from ..ui.coverage import Coverage
from .assess import *  # noqa: F403  (registers the register's bulk views)
from .base import (
    AsOfMixin,
    AssessSelected,
    AssignControls,
    BulkViewMixin,
    ClassifySelected,
    ExportSheet,
    KeptWhileInUseDeleteMixin,
    ObjectView,
    RecordsMixin,
    RegisterStateMixin,
    RestoreProfile,
    may_assess,
)

# Every decision about the CI that an object with `object_type` and `object_id` tells of
DECISIONS = ObjectsTablePanel(
    'netbox_ims.decision', title=_('Decisions'), exclude_columns=['ci_type', 'name'],
    filters={
        'object_type': lambda ctx: f'{ctx["object"].object_type.app_label}.{ctx["object"].object_type.model}',
        'object_id': lambda ctx: ctx['object'].object_id,
    },
)


#
# Classifications
#

class ProfileCountMixin:
    """Lists of classifications count the profiles, and name the controls, that the user may see."""

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.with_profile_count(request.user).with_required_controls(request.user)


@register_model_view(Classification, 'list', path='', detail=False)
class ClassificationListView(ProfileCountMixin, generic.ObjectListView):
    queryset = Classification.objects.all()
    filterset = filtersets.ClassificationFilterSet
    filterset_form = forms.ClassificationFilterForm
    table = tables.ClassificationTable
    template_name = 'netbox_ims/classification_list.html'


@register_model_view(Classification)
class ClassificationView(ObjectView):
    queryset = Classification.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.ClassificationPanel(), panels.ClassificationHandlingPanel()],
        right_panels=[RequiredControlsPanel(), CustomFieldsPanel(), TagsPanel(), CommentsPanel()],
        bottom_panels=[
            ObjectsTablePanel(
                'netbox_ims.registerentry', filters={'classification_id': lambda ctx: ctx['object'].pk}, title=_('CIs'),
                exclude_columns=['classification'],
            ),
        ],
    )


@register_model_view(Classification, 'add', detail=False)
@register_model_view(Classification, 'edit')
class ClassificationEditView(generic.ObjectEditView):
    queryset = Classification.objects.all()
    form = forms.ClassificationForm


@register_model_view(Classification, 'delete')
class ClassificationDeleteView(KeptWhileInUseDeleteMixin, generic.ObjectDeleteView):
    queryset = Classification.objects.all()


@register_model_view(Classification, 'bulk_import', path='import', detail=False)
class ClassificationBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = Classification.objects.all()
    model_form = forms.ClassificationImportForm


@register_model_view(Classification, 'bulk_edit', path='edit', detail=False)
class ClassificationBulkEditView(ProfileCountMixin, BulkViewMixin, generic.BulkEditView):
    queryset = Classification.objects.all()
    filterset = filtersets.ClassificationFilterSet
    table = tables.ClassificationTable
    form = forms.ClassificationBulkEditForm


@register_model_view(Classification, 'bulk_rename', path='rename', detail=False)
class ClassificationBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = Classification.objects.all()
    filterset = filtersets.ClassificationFilterSet


@register_model_view(Classification, 'bulk_delete', path='delete', detail=False)
class ClassificationBulkDeleteView(ProfileCountMixin, BulkViewMixin, generic.BulkDeleteView):
    queryset = Classification.objects.all()
    filterset = filtersets.ClassificationFilterSet
    table = tables.ClassificationTable


#
# Information assets
#

@register_model_view(InformationAsset, 'list', path='', detail=False)
class InformationAssetListView(generic.ObjectListView):
    queryset = InformationAsset.objects.all()
    filterset = filtersets.InformationAssetFilterSet
    filterset_form = forms.InformationAssetFilterForm
    table = tables.InformationAssetTable


@register_model_view(InformationAsset)
class InformationAssetView(ObjectView):
    queryset = InformationAsset.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.InformationAssetPanel(), TagsPanel(), CommentsPanel()],
        right_panels=[CustomFieldsPanel()],
    )


@register_model_view(InformationAsset, 'add', detail=False)
@register_model_view(InformationAsset, 'edit')
class InformationAssetEditView(generic.ObjectEditView):
    queryset = InformationAsset.objects.all()
    form = forms.InformationAssetForm


@register_model_view(InformationAsset, 'delete')
class InformationAssetDeleteView(generic.ObjectDeleteView):
    queryset = InformationAsset.objects.all()


@register_model_view(InformationAsset, 'bulk_import', path='import', detail=False)
class InformationAssetBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = InformationAsset.objects.all()
    model_form = forms.InformationAssetImportForm


@register_model_view(InformationAsset, 'bulk_edit', path='edit', detail=False)
class InformationAssetBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = InformationAsset.objects.all()
    filterset = filtersets.InformationAssetFilterSet
    table = tables.InformationAssetTable
    form = forms.InformationAssetBulkEditForm


@register_model_view(InformationAsset, 'bulk_rename', path='rename', detail=False)
class InformationAssetBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = InformationAsset.objects.all()
    filterset = filtersets.InformationAssetFilterSet


@register_model_view(InformationAsset, 'bulk_delete', path='delete', detail=False)
class InformationAssetBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = InformationAsset.objects.all()
    filterset = filtersets.InformationAssetFilterSet
    table = tables.InformationAssetTable


#
# Asset profiles
#

PROFILES = AssetProfile.objects.select_related(
    'object_type', 'register_entry__object_type', 'classification', 'asset_owner'
)


@register_model_view(AssetProfile, 'list', path='', detail=False)
class AssetProfileListView(generic.ObjectListView):
    queryset = PROFILES
    filterset = filtersets.AssetProfileFilterSet
    filterset_form = forms.AssetProfileFilterForm
    table = tables.AssetProfileTable


@register_model_view(AssetProfile)
class AssetProfileView(ObjectView):
    queryset = PROFILES
    layout = layout.SimpleLayout(
        left_panels=[panels.ProfileCIPanel(), panels.AssessmentPanel()],
        right_panels=[panels.ReviewPanel(), CustomFieldsPanel(), TagsPanel(), CommentsPanel()],
        bottom_panels=[DECISIONS],
    )


@register_model_view(AssetProfile, 'add', detail=False)
@register_model_view(AssetProfile, 'edit')
class AssetProfileEditView(generic.ObjectEditView):
    queryset = AssetProfile.objects.all()
    form = forms.AssetProfileForm


@register_model_view(AssetProfile, 'delete')
class AssetProfileDeleteView(generic.ObjectDeleteView):
    queryset = AssetProfile.objects.all()


@register_model_view(AssetProfile, 'bulk_import', path='import', detail=False)
class AssetProfileBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = AssetProfile.objects.all()
    model_form = forms.AssetProfileImportForm


@register_model_view(AssetProfile, 'bulk_edit', path='edit', detail=False)
class AssetProfileBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = PROFILES
    filterset = filtersets.AssetProfileFilterSet
    table = tables.AssetProfileTable
    form = forms.AssetProfileBulkEditForm


@register_model_view(AssetProfile, 'bulk_delete', path='delete', detail=False)
class AssetProfileBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = PROFILES
    filterset = filtersets.AssetProfileFilterSet
    table = tables.AssetProfileTable


#
# Register
#

SHOWN = ('object_type', 'site', 'asset_owner', 'classification', 'effective_classification')


@register_model_view(RegisterEntry, 'list', path='', detail=False)
class RegisterEntryListView(AsOfMixin, RegisterStateMixin, generic.ObjectListView):
    queryset = RegisterEntry.objects.select_related(*SHOWN)
    filterset = filtersets.RegisterEntryFilterSet
    filterset_form = forms.RegisterEntryFilterForm
    table = tables.RegisterEntryTable
    template_name = 'netbox_ims/registerentry_list.html'
    actions = (ExportSheet, BulkExport, ClassifySelected, AssessSelected, AssignControls)

    def get_required_permission(self):
        return 'netbox_ims.view_registerentry'

    def has_permission(self):
        # Before the rows are restricted to those the user may see, whichever they are.
        if self.moment:
            self.queryset = RegisterAsOf.objects.at(self.moment).with_gone(self.request.user).select_related(*SHOWN)
            self.filterset, self.table = filtersets.RegisterAsOfFilterSet, tables.RegisterAsOfTable
        return super().has_permission()

    def get(self, request):
        self.wants_xlsx = (wanted := request.GET.get('export')) == 'xlsx'
        if self.wants_xlsx:
            # To NetBox that would be the name of a template; a table in another format is what it is.
            request.GET = request.GET.copy()
            request.GET['export'] = 'table'
        elif self.moment and wanted and wanted != 'table':
            # NetBox looks for templates by the model of the rows; those of the register are meant, then as now.
            template = get_object_or_404(
                ExportTemplate.objects.restrict(request.user, 'view'), name=wanted,
                object_types=ObjectType.objects.get_for_model(RegisterEntry)
            )
            self.queryset = self.filterset(request.GET, self.queryset, request=request).qs
            return self.export_template(template, request)
        return super().get(request)

    def export_table(self, table, columns=None, filename=None, delimiter=None):
        moment = timezone.localtime(self.moment)
        name = f'register {moment:%Y-%m-%dT%H-%M-%S}'
        if not self.wants_xlsx:
            return super().export_table(table, columns, f'{name}.csv' if self.moment else filename, delimiter)
        left_out = {'pk', 'actions', *(set(table.columns.names()) - set(columns or table.columns.names()))}
        table._apply_prefetching(columns=columns)
        title = _('Register as of {time}').format(time=f'{moment:%Y-%m-%d %H:%M:%S %Z}')
        body = as_long_xlsx(gettext('Register'), title, table.as_values(exclude_columns=left_out))
        disposition = content_disposition_header(as_attachment=True, filename=f'{name}.xlsx')
        return HttpResponse(body, content_type=XLSX, headers={'Content-Disposition': disposition})

    def get_extra_context(self, request, *args):
        context = {**super().get_extra_context(request, *args), **self.as_of_context(request)}
        # The past is what it was, whatever waits to be worked out now.
        return {**context, 'waiting': context['waiting'] and not self.moment, 'model': RegisterEntry}

    def get_permitted_actions(self, user, model=None):
        if self.moment or self.as_of_error:
            return [ExportSheet, BulkExport]
        may = {
            ClassifySelected: may_assess(user), AssessSelected: may_assess(user),
            AssignControls: user.has_perm('netbox_ims.add_controlassignment'),
        }
        return [action for action in self.actions if may.get(action, True)]


@register_model_view(RegisterEntry, 'chips', detail=False)
class RegisterChipsView(AsOfMixin, BaseMultiObjectView):
    """
    The quick filters above the register with their counts, for HTMX: what the whole register holds that the user may
    see. A part of its own, since counting a million rows must not hold up the first page of them.
    """
    queryset = RegisterEntry.objects.all()

    def get_required_permission(self):
        return 'netbox_ims.view_registerentry'

    def has_permission(self):
        if self.moment:
            self.queryset = RegisterAsOf.objects.at(self.moment)
        return super().has_permission()

    def get(self, request):
        filters = {'as_of': request.GET['as_of']} if self.moment else {}
        return render(request, 'netbox_ims/inc/chips.html', {'chips': Coverage(self.queryset, filters=filters).chips})


@register_model_view(RegisterEntry)
class RegisterEntryView(RegisterStateMixin, ObjectView):
    template_name = 'netbox_ims/evidence.html'
    queryset = RegisterEntry.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.RegisterEntryPanel(), panels.AssessmentPanel(
            only=['classification', 'is_information_asset', 'handles_sensitive_data', 'processes_personal_data'],
        )],
        right_panels=[panels.ReviewPanel(exclude=['last_reviewed'])],
        bottom_panels=[DECISIONS],
    )
    actions = ()


#
# Evidence
#

@register_model_view(Decision, 'list', path='', detail=False)
class DecisionListView(generic.ObjectListView):
    queryset = Decision.objects.select_related('object_type')
    filterset = filtersets.DecisionFilterSet
    filterset_form = forms.DecisionFilterForm
    table = tables.DecisionTable
    actions = (BulkExport,)


@register_model_view(Decision)
class DecisionView(ObjectView):
    template_name = 'netbox_ims/evidence.html'
    queryset = Decision.objects.select_related('object_type')
    layout = layout.SimpleLayout(
        left_panels=[panels.DecisionPanel()],
        right_panels=[panels.DecisionValuesPanel(), JSONPanel('basis', title=_('Known at the Time'))],
    )
    actions = ()


@register_model_view(RetiredCI, 'restore')
class RetiredCIRestoreView(generic.ObjectEditView):
    """Choose the CI that takes over what was known of this one."""
    queryset = RetiredCI.objects.select_related('object_type')
    template_name = 'netbox_ims/retiredci_restore.html'
    additional_permissions = ('netbox_ims.add_assetprofile',)

    def get_required_permission(self):
        return 'netbox_ims.view_retiredci'

    def get(self, request, *args, **kwargs):
        return self.show(request, forms.RestoreProfileForm(self.get_object(**kwargs)), **kwargs)

    def post(self, request, *args, **kwargs):
        retired = self.get_object(**kwargs)
        form = forms.RestoreProfileForm(retired, request.POST)
        restrict_form_fields(form, request.user)
        if form.is_valid():
            try:
                with transaction.atomic(using=router.db_for_write(AssetProfile)):
                    profile = restore_profile(retired, form.cleaned_data['ci'])
                    if not AssetProfile.objects.restrict(request.user, 'add').filter(pk=profile.pk).exists():
                        raise ValidationError(_('Your permissions do not allow this profile.'))
                messages.success(request, _('The assessment was taken over.'))
                return redirect(profile.get_absolute_url())
            except ValidationError as e:
                form.add_error(None, [message for message in e.messages])
        return self.show(request, form, **kwargs)

    def show(self, request, form, **kwargs):
        restrict_form_fields(form, request.user)
        retired = self.get_object(**kwargs)
        return render(request, self.template_name, {
            'object': retired, 'form': form, 'return_url': retired.get_absolute_url(),
        })


@register_model_view(RetiredCI, 'list', path='', detail=False)
class RetiredCIListView(generic.ObjectListView):
    queryset = RetiredCI.objects.select_related('object_type')
    filterset = filtersets.RetiredCIFilterSet
    filterset_form = forms.RetiredCIFilterForm
    table = tables.RetiredCITable
    actions = (BulkExport,)


@register_model_view(RetiredCI)
class RetiredCIView(ObjectView):
    template_name = 'netbox_ims/evidence.html'
    queryset = RetiredCI.objects.select_related('object_type')
    layout = layout.SimpleLayout(
        left_panels=[panels.RetiredCIPanel()],
        right_panels=[panels.RetiredValuesPanel()],
        bottom_panels=[DECISIONS],
    )
    actions = (RestoreProfile,)

    def get_permitted_actions(self, user, model=None):
        return self.actions if model.assessment and user.has_perm('netbox_ims.add_assetprofile') else ()
