"""Assessing many CIs of the register in one step."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import router, transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.exceptions import JobFailed
from core.signals import clear_events
from netbox.views.generic.base import BaseMultiObjectView
from utilities.exceptions import AbortRequest
from utilities.forms import restrict_form_fields
from utilities.jobs import is_background_request, process_request_as_job
from utilities.views import GetReturnURLMixin, register_model_view

from .. import filtersets, tables
from ..forms.assess import AssessForm
from ..models import RegisterEntry
from ..services.classify import classify
from .base import may_assess, posted_keys

__all__ = ('RegisterAssessView', 'RegisterClassifyView')

SHOWN = 50                  # of the selected CIs, on the form's second tab
AT_ONCE = 5000              # more than that goes to a background job, where there is a worker


@register_model_view(RegisterEntry, 'bulk_edit', path='edit', detail=False)
class RegisterAssessView(GetReturnURLMixin, BaseMultiObjectView):
    """
    The form for all assessed values of the ticked CIs, or of all that match the filter (`_all`).

    Works on profiles: it needs `add` or `change` on those, and `view` on the entries.
    """
    queryset = RegisterEntry.objects.select_related('object_type')
    filterset = filtersets.RegisterEntryFilterSet
    template_name = 'netbox_ims/assess.html'
    applies_at_once = False

    def get_required_permission(self):
        return 'netbox_ims.view_registerentry'

    def has_permission(self):
        return may_assess(self.request.user) and super().has_permission()

    def selected(self, request):
        if request.POST.get('_all'):
            return self.filterset(request.GET, self.queryset, request=request).qs
        return self.queryset.filter(pk__in=posted_keys(request))

    def get(self, request):
        return redirect(self.get_return_url(request))

    def post(self, request):
        entries = self.selected(request)
        count = entries.count()
        if not count:
            messages.warning(request, _('No CIs were selected.'))
            return redirect(self.get_return_url(request))

        submitted = self.applies_at_once or '_apply' in request.POST
        form = AssessForm(self.form_data(request)) if submitted else AssessForm()
        restrict_form_fields(form, request.user)
        if submitted and form.is_valid():
            if self.in_background(form, request, count):
                return redirect(self.get_return_url(request))
            if self.apply(form, request, entries):
                return None if is_background_request(request) else redirect(self.get_return_url(request))
        return self.show(form, request, entries, count)

    def form_data(self, request):
        return request.POST

    def in_background(self, form, request, count):
        if not (form.cleaned_data['background_job'] or count > AT_ONCE):
            return False
        return process_request_as_job(self.__class__, request, name=_('Assess {count} CIs').format(count=count))

    def apply(self, form, request, entries):
        """Returns whether it worked; what did not is on the form, and nothing has changed then."""
        try:
            with transaction.atomic(using=router.db_for_write(RegisterEntry)):
                counts = classify(entries, form.values(), request.user, form.cleaned_data['changelog_message'])
        except (ValidationError, PermissionDenied, AbortRequest) as e:
            problems = e.messages if isinstance(e, ValidationError) else [str(e)]
            for problem in problems:
                form.add_error(None, problem)
            clear_events.send(sender=self)
            if is_background_request(request):
                request.job.logger.error('; '.join(problems))
                raise JobFailed from e
            return False
        done = _('{changed} of {total} CIs assessed, {unchanged} were so already.').format(
            changed=counts['created'] + counts['changed'], total=sum(counts.values()), unchanged=counts['unchanged']
        )
        if is_background_request(request):
            request.job.logger.info(done)
        else:
            messages.success(request, done)
        return True

    def show(self, form, request, entries, count):
        table = tables.RegisterEntryTable(entries.order_by('name', 'pk')[:SHOWN], orderable=False)
        return render(request, self.template_name, {
            'model': RegisterEntry,
            'form': form,
            'table': table,
            'count': count,
            'shown': min(count, SHOWN),
            'pks': [] if request.POST.get('_all') else request.POST.getlist('pk'),
            'all': request.POST.get('_all'),
            'action': f"{reverse('plugins:netbox_ims:registerentry_bulk_edit')}?{request.GET.urlencode()}",
            'return_url': self.get_return_url(request),
        })



@register_model_view(RegisterEntry, 'classify', detail=False)
class RegisterClassifyView(RegisterAssessView):
    """The same with the values of the bulk bar, applied at once; if something is wrong, the form shows it."""
    applies_at_once = True

    def form_data(self, request):
        # The bar is drawn twice on the page, so each of its fields may come twice: the one that was filled in counts.
        data = request.POST.copy()
        for name in ('classification', 'asset_owner'):
            data[name] = next((value for value in request.POST.getlist(name) if value), '')
        return data
