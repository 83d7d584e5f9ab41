"""A statement of applicability's tabs, and the steps from draft to approved and on."""
from django.contrib import messages
from django.db import router, transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netbox.views.generic.base import BaseObjectView
from utilities.forms import restrict_form_fields
from utilities.permissions import get_permission_for_model
from utilities.views import ViewTab, register_model_view

from ..exports.soa import FORMATS, export_statement
from ..forms.soa import DecideForm
from ..models import SoaEntry, StatementOfApplicability
from ..rules import statements as rules
from ..services import soa
from ..services.statement_text import difference, text_of, visible_part
from ..ui.soa import Workbench
from .base import ObjectView, StepView, posted_reason

__all__ = ('StepsMixin',)

STATEMENTS = StatementOfApplicability.objects.select_related('scope', 'catalog__standard')


class StepsMixin:
    """The buttons of a statement: which step is possible now, and allowed to the user."""

    def get_extra_context(self, request, instance):
        user, may = request.user, {}
        for action in (rules.SUBMIT, rules.APPROVE, rules.NEW_VERSION):
            may[action] = rules.next_status(instance.status, action) is not None
        return {
            **super().get_extra_context(request, instance),
            'may_submit': may[rules.SUBMIT] and user.has_perm('netbox_ims.change_statementofapplicability'),
            'may_make_version': may[rules.NEW_VERSION] and user.has_perm('netbox_ims.add_statementofapplicability'),
            'formats': tuple(FORMATS),
            'previous': self.previous(instance),
        }

    def previous(self, statement):
        """The version before this one, to compare with."""
        same = StatementOfApplicability.objects.restrict(self.request.user, 'view').filter(
            catalog=statement.catalog_id, scope=statement.scope_id, version__lt=statement.version
        )
        return same.defer('as_approved').order_by('-version').first()


def left_to_do(statement):
    """How many entries are still to be decided or justified; nothing once it is approved."""
    if statement.is_frozen:
        return None
    open_entries = statement.entries.exclude(applicable__isnull=False, justification__regex=r'\S').count()
    return _('{count} left').format(count=open_entries) if open_entries else None


@register_model_view(StatementOfApplicability, 'work', path='work')
class StatementWorkView(StepsMixin, ObjectView):
    """Control by control: decide, say why, and see what is left."""
    queryset = STATEMENTS
    template_name = 'netbox_ims/statement_work.html'
    actions = ()
    tab = ViewTab(
        label=gettext_lazy('Work Through'), badge=left_to_do, weight=500, permission='netbox_ims.view_soaentry'
    )

    def get_extra_context(self, request, instance):
        workbench = Workbench(instance, request.user, show=request.GET.get('show', ''))
        return {**super().get_extra_context(request, instance), 'bench': workbench}


@register_model_view(StatementOfApplicability, 'compare', path='compare')
class StatementCompareView(StepsMixin, ObjectView):
    """Side by side with another statement made from the same catalogue."""
    queryset = STATEMENTS
    template_name = 'netbox_ims/statement_compare.html'
    actions = ()
    tab = ViewTab(label=gettext_lazy('Compare'), weight=510, permission='netbox_ims.view_soaentry')

    def get_extra_context(self, request, instance):
        context = super().get_extra_context(request, instance)
        others = StatementOfApplicability.objects.restrict(request.user, 'view').filter(
            catalog=instance.catalog_id
        ).exclude(pk=instance.pk).select_related('scope', 'catalog__standard')
        wanted = request.GET.get('against', '')
        digits = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
        chosen = others.filter(pk=wanted).first() if digits else None
        other = chosen if wanted else context['previous']
        return {
            **context, 'others': others.defer('as_approved'), 'other': other,
            'changes': difference(other, instance) if other else None, 'unknown': bool(wanted) and chosen is None,
        }


@register_model_view(StatementOfApplicability, 'export', path='export')
class StatementExportView(BaseObjectView):
    """The statement as a file, or as a page to print."""
    queryset = STATEMENTS

    def get_required_permission(self):
        return get_permission_for_model(StatementOfApplicability, 'view')

    def get(self, request, pk):
        statement = self.get_object(pk=pk)
        wanted = request.GET.get('format', 'html')
        if wanted not in FORMATS:
            messages.error(request, _('“{format}” is no format. Choose one of: {known}.').format(
                format=wanted, known=', '.join(FORMATS)
            ))
            return redirect(statement.get_absolute_url())
        body, content_type = export_statement(
            visible_part(text_of(statement), request.user), wanted, statement.sha256, statement.is_intact
        )
        response = HttpResponse(body, content_type=content_type)
        name = f'soa-v{statement.version}-{statement.pk}.{wanted}'
        response['Content-Disposition'] = content_disposition_header(wanted != 'html', name)
        return response


class StatementStepView(StepView):
    """What stands against a step is mended on the workbench, so that is where it is said."""
    queryset = STATEMENTS

    def refused_url(self, statement):
        return reverse('plugins:netbox_ims:statementofapplicability_work', args=[statement.pk])


@register_model_view(StatementOfApplicability, 'submit', path='submit')
class StatementSubmitView(StatementStepView):
    permission = 'change'

    def step(self, statement, request):
        return soa.submit(statement, request.user), _('Submitted for review.')


@register_model_view(StatementOfApplicability, 'approve', path='approve')
class StatementApproveView(StatementStepView):
    permission = 'approve'

    def step(self, statement, request):
        statement = soa.approve(statement, request.user, posted_reason(request))
        return statement, _('{statement} is approved. From now on it cannot be changed.').format(statement=statement)


@register_model_view(StatementOfApplicability, 'new_version', path='new-version')
class StatementNewVersionView(StatementStepView):
    permission = 'add'

    def step(self, statement, request):
        draft = soa.new_version(statement, request.user)
        return draft, _('{statement} says what version {version} says.').format(
            statement=draft, version=statement.version
        )


@register_model_view(SoaEntry, 'decide', path='decide')
class SoaEntryDecideView(BaseObjectView):
    """
    One click on the workbench: saves what it was about, and answers with the row and the figures above the list.

    The statement is locked while an entry of it is read and saved: two clicks on one row, hardly apart, do not undo
    each other, and the figures of a later answer are never older than those of an earlier one.
    """
    queryset = SoaEntry.objects.select_related('statement__scope', 'statement__catalog', 'control')

    def get_required_permission(self):
        return get_permission_for_model(SoaEntry, 'change')

    def post(self, request, pk):
        data = request.POST.copy()
        if 'reasons' in data:
            data.setlist('reasons', [reason for reason in data.getlist('reasons') if reason])
        with transaction.atomic(using=router.db_for_write(SoaEntry)):
            statement = self.get_object(pk=pk).statement_id
            StatementOfApplicability.objects.select_for_update().only('pk').get(pk=statement)
            entry = self.get_object(pk=pk)
            entry.snapshot()
            form = DecideForm(data, instance=entry)
            restrict_form_fields(form, request.user)
            if form.is_valid():
                form.save()
            entry = self.get_object(pk=pk)      # must still be one that the user may change
            bench = Workbench(entry.statement, request.user, only=entry)
        row = bench.drawn[0]
        row.problems = [message for errors in form.errors.values() for message in errors]
        return render(request, 'netbox_ims/soa/decided.html', {'bench': bench, 'entry': row})
