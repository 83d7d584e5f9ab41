from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.signals import clear_events
from extras.ui.panels import CustomFieldsPanel, TagsPanel
from netbox.object_actions import BulkExport, CloneObject, DeleteObject, EditObject
from netbox.ui import layout
from netbox.ui.panels import CommentsPanel, JSONPanel
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView, BaseObjectView
from utilities.exceptions import AbortRequest
from utilities.views import GetReturnURLMixin, ViewTab, register_model_view

from .. import filtersets, forms, tables
from ..choices import ClassificationRuleModeChoices
from ..jobs import RunRulesJob
from ..models import ClassificationRule, RegisterEntry
from ..rules.classification_rules import WOULD_CHANGE
from ..services.classification_rules import accept, matched_cis, preview, suggestions
from ..ui import classification_rules as panels
from .base import AcceptSelected, BulkViewMixin, ObjectView, RecordsMixin, RunRule, may_assess, posted_keys

__all__ = (
    'AcceptSuggestionsView',
    'ClassificationRuleBulkDeleteView',
    'ClassificationRuleBulkEditView',
    'ClassificationRuleBulkImportView',
    'ClassificationRuleBulkRenameView',
    'ClassificationRuleDeleteView',
    'ClassificationRuleEditView',
    'ClassificationRuleListView',
    'ClassificationRulePreviewView',
    'ClassificationRuleRunAllView',
    'ClassificationRuleRunView',
    'ClassificationRuleView',
    'SuggestionListView',
)

RULES = ClassificationRule.objects.select_related('object_type', 'classification')
# What a page about the CIs a rule matches shows of each
CI_COLUMNS = ('object_type', 'site', 'tenant', 'role', 'classification')
VIEW_REGISTER, RUN = 'netbox_ims.view_registerentry', 'netbox_ims.run_classificationrule'


def can_run(user, rule):
    """Whether there is anything to run, and the user may: a rule that only suggests changes nothing."""
    return rule.enabled and rule.mode == ClassificationRuleModeChoices.APPLY and user.has_perm(RUN, rule)


@register_model_view(ClassificationRule, 'list', path='', detail=False)
class ClassificationRuleListView(generic.ObjectListView):
    queryset = RULES
    filterset = filtersets.ClassificationRuleFilterSet
    filterset_form = forms.ClassificationRuleFilterForm
    table = tables.ClassificationRuleTable
    template_name = 'netbox_ims/classificationrule_list.html'


@register_model_view(ClassificationRule)
class ClassificationRuleView(ObjectView):
    queryset = RULES
    actions = (RunRule, CloneObject, EditObject, DeleteObject)
    layout = layout.SimpleLayout(
        left_panels=[
            panels.RuleProblemsPanel(), panels.ClassificationRulePanel(),
            JSONPanel('filter', title=gettext_lazy('Filter')),
        ],
        right_panels=[panels.RuleSetsPanel(), CustomFieldsPanel(), TagsPanel(), CommentsPanel()],
    )

    def get_permitted_actions(self, user, model=None):
        permitted = super().get_permitted_actions(user, model=model)
        return [action for action in permitted if action is not RunRule or can_run(user, model)]


@register_model_view(ClassificationRule, 'add', detail=False)
@register_model_view(ClassificationRule, 'edit')
class ClassificationRuleEditView(generic.ObjectEditView):
    queryset = ClassificationRule.objects.all()
    form = forms.ClassificationRuleForm


@register_model_view(ClassificationRule, 'delete')
class ClassificationRuleDeleteView(generic.ObjectDeleteView):
    queryset = ClassificationRule.objects.all()


@register_model_view(ClassificationRule, 'bulk_import', path='import', detail=False)
class ClassificationRuleBulkImportView(RecordsMixin, generic.BulkImportView):
    queryset = ClassificationRule.objects.all()
    model_form = forms.ClassificationRuleImportForm


@register_model_view(ClassificationRule, 'bulk_edit', path='edit', detail=False)
class ClassificationRuleBulkEditView(BulkViewMixin, generic.BulkEditView):
    queryset = RULES
    filterset = filtersets.ClassificationRuleFilterSet
    table = tables.ClassificationRuleTable
    form = forms.ClassificationRuleBulkEditForm


@register_model_view(ClassificationRule, 'bulk_rename', path='rename', detail=False)
class ClassificationRuleBulkRenameView(BulkViewMixin, generic.BulkRenameView):
    queryset = ClassificationRule.objects.all()
    filterset = filtersets.ClassificationRuleFilterSet


@register_model_view(ClassificationRule, 'bulk_delete', path='delete', detail=False)
class ClassificationRuleBulkDeleteView(BulkViewMixin, generic.BulkDeleteView):
    queryset = RULES
    filterset = filtersets.ClassificationRuleFilterSet
    table = tables.ClassificationRuleTable


#
# Preview and run
#

@register_model_view(ClassificationRule, 'preview')
class ClassificationRulePreviewView(generic.ObjectChildrenView):
    """What the rule would do about the CIs the user may see: figures, and the rows behind each. Changes nothing."""
    queryset = RULES
    child_model = RegisterEntry
    filterset = filtersets.RegisterEntryFilterSet
    table = tables.RuleMatchTable
    template_name = 'netbox_ims/classificationrule_preview.html'
    additional_permissions = (VIEW_REGISTER,)
    actions = (RunRule, AcceptSelected)
    tab = ViewTab(label=gettext_lazy('Preview'), permission=VIEW_REGISTER, weight=500)

    def get_permitted_actions(self, user, model=None):
        can_accept = self.rule.enabled and self.rule.mode == ClassificationRuleModeChoices.SUGGEST and may_assess(user)
        permitted = {RunRule: can_run(user, self.rule), AcceptSelected: can_accept}
        return [action for action in self.actions if permitted[action]]

    @property
    def outcome(self):
        asked = self.request.GET.get('outcome', WOULD_CHANGE)
        return asked if asked in panels.OUTCOMES else None

    def get_children(self, request, parent):
        self.rule = parent
        matched = matched_cis(parent, request.user).select_related(*CI_COLUMNS)
        return matched.filter(outcome=self.outcome) if self.outcome else matched

    def get_extra_context(self, request, instance):
        result = preview(instance, request.user)
        return {'result': result, 'tiles': panels.outcome_tiles(result, self.outcome)}


def start_job(request, rule=None):
    """Start the job behind "Run", and show it to whoever may see jobs."""
    job = RunRulesJob.start(request, rule)
    messages.success(request, _('Started as background job {id}.').format(id=job.pk))
    if request.user.has_perm('core.view_job'):
        return redirect(job.get_absolute_url())
    return redirect(rule.get_absolute_url() if rule else 'plugins:netbox_ims:classificationrule_list')


@register_model_view(ClassificationRule, 'run')
class ClassificationRuleRunView(BaseObjectView):
    queryset = RULES

    def get_required_permission(self):
        return RUN

    def get(self, request, pk):
        return redirect('plugins:netbox_ims:classificationrule_preview', pk=pk)

    def post(self, request, pk):
        rule = get_object_or_404(self.queryset, pk=pk)
        if not rule.enabled:
            messages.error(request, _('{rule} is switched off. Enable it first.').format(rule=rule))
        elif problems := rule.problems:
            messages.error(request, _('{rule} is broken: {why}').format(rule=rule, why=' '.join(problems)))
        else:
            return start_job(request, rule)
        return redirect('plugins:netbox_ims:classificationrule_preview', pk=pk)


@register_model_view(ClassificationRule, 'run_all', path='run', detail=False)
class ClassificationRuleRunAllView(BaseMultiObjectView):
    """What all enabled rules would do, in order, to be looked at before they are run."""
    queryset = ClassificationRule.objects.in_force()
    additional_permissions = (VIEW_REGISTER,)
    template_name = 'netbox_ims/classificationrule_run_all.html'

    def get_required_permission(self):
        return RUN

    def get(self, request):
        rules = [(rule, preview(rule, request.user)) for rule in self.queryset]
        return render(request, self.template_name, {'model': ClassificationRule, 'rules': rules})

    def post(self, request):
        return start_job(request)


#
# Suggestions
#

@register_model_view(RegisterEntry, 'suggestions', detail=False)
class SuggestionListView(generic.ObjectListView):
    """CIs that nobody has classified, with what a rule suggests for each."""
    queryset = RegisterEntry.objects.select_related(*CI_COLUMNS)
    filterset = filtersets.RegisterEntryFilterSet
    filterset_form = forms.RegisterEntryFilterForm
    table = tables.SuggestionTable
    template_name = 'netbox_ims/registerentry_suggestions.html'
    actions = (BulkExport, AcceptSelected)

    def get_permitted_actions(self, user, model=None):
        return [action for action in self.actions if action is not AcceptSelected or may_assess(user)]

    def get(self, request):
        self.queryset, self.rules = suggestions(self.queryset, request.user)
        return super().get(request)

    def get_table(self, data, request, bulk_actions=True):
        table = super().get_table(data, request, bulk_actions)
        table.rules = self.rules
        return table


@register_model_view(RegisterEntry, 'accept', detail=False)
class AcceptSuggestionsView(GetReturnURLMixin, BaseMultiObjectView):
    """
    Gives the ticked CIs, or all that match the filter (`_all`), the values suggested for them: as the rules are now,
    not as they were when the page was made.
    """
    queryset = RegisterEntry.objects.all()
    filterset = filtersets.RegisterEntryFilterSet

    def get_required_permission(self):
        return VIEW_REGISTER

    def get(self, request):
        return redirect('plugins:netbox_ims:registerentry_suggestions')

    def post(self, request):
        if request.POST.get('_all'):
            entries = self.filterset(request.GET, self.queryset, request=request).qs
        else:
            entries = self.queryset.filter(pk__in=posted_keys(request))
        try:
            changed = accept(entries, request.user)
        except (ValidationError, PermissionDenied, AbortRequest) as e:
            clear_events.send(sender=self)
            messages.error(request, ' '.join(e.messages) if isinstance(e, ValidationError) else str(e))
        else:
            messages.success(request, _('Suggestions accepted for {count} CIs.').format(count=changed))
        return redirect(self.get_return_url(request))
