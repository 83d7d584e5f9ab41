"""Doing something to many CIs of the register, or of one of NetBox's own lists, in one step."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import router, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exceptions import JobFailed
from core.signals import clear_events
from netbox.registry import registry
from netbox.views.generic.base import BaseMultiObjectView
from utilities.exceptions import AbortRequest
from utilities.forms import restrict_form_fields
from utilities.jobs import is_background_request, process_request_as_job
from utilities.views import GetReturnURLMixin, register_model_view

from .. import filtersets, tables
from ..ci_types import get_ci_types
from ..forms.assess import AssessForm
from ..forms.assignments import AssignControlsForm, ChooseCIsForm
from ..models import RegisterEntry
from ..services.assign import assign
from ..services.classify import classify
from .base import posted_keys

__all__ = ('ListedClassifyView', 'RegisterAssessView', 'RegisterAssignView', 'RegisterClassifyView')

SHOWN = 50                  # of the selected CIs, on the form's second tab
AT_ONCE = 5000              # more than that goes to a background job, where there is a worker


class EntriesActionView(GetReturnURLMixin, BaseMultiObjectView):
    """
    A form for something to be done to the ticked CIs, or to all that match the filter (`_all`), all or none. The user
    needs one of `permissions`, and `view` on the entries.
    """
    queryset = RegisterEntry.objects.select_related('object_type')
    filterset = filtersets.RegisterEntryFilterSet
    template_name = 'netbox_ims/assess.html'
    form, permissions = None, ()
    viewname = None         # of the view that the form is sent to
    title = note = job_name = ''
    applies_at_once = False

    def get_required_permission(self):
        return 'netbox_ims.view_registerentry'

    def has_permission(self):
        return any(map(self.request.user.has_perm, self.permissions)) and super().has_permission()

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
        form = self.form(self.form_data(request)) if submitted else self.form(initial=self.initial(request))
        restrict_form_fields(form, request.user)
        if submitted and form.is_valid():
            if self.in_background(form, request, count):
                return redirect(self.get_return_url(request))
            if self.apply(form, request, entries):
                return None if is_background_request(request) else redirect(self.get_return_url(request))
        return self.show(form, request, entries, count)

    def form_data(self, request):
        return request.POST

    def initial(self, request):
        return {}

    def in_background(self, form, request, count):
        if not (form.cleaned_data['background_job'] or count > AT_ONCE):
            return False
        return process_request_as_job(self.__class__, request, name=self.job_name.format(count=count))

    def act(self, form, request, entries):
        """Do it, and return a sentence that says what was done. Raises ValidationError or PermissionDenied."""
        raise NotImplementedError

    def apply(self, form, request, entries):
        """Returns whether it worked; what did not is on the form, and nothing has changed then."""
        try:
            with transaction.atomic(using=router.db_for_write(RegisterEntry)):
                done = self.act(form, request, entries)
        except (ValidationError, PermissionDenied, AbortRequest) as e:
            problems = e.messages if isinstance(e, ValidationError) else [str(e)]
            # At the field it is about, if the form has it: of what is about none, NetBox makes messages as well.
            by_field = e.message_dict if hasattr(e, 'error_dict') else {None: problems}
            for field, said in by_field.items():
                form.add_error(field if field in form.fields else None, said)
            clear_events.send(sender=self)
            if is_background_request(request):
                request.job.logger.error('; '.join(problems))
                raise JobFailed from e
            return False
        if is_background_request(request):
            request.job.logger.info(done)
        else:
            messages.success(request, done)
        return True

    def show(self, form, request, entries, count, **context):
        table = tables.RegisterEntryTable(entries.with_badges().order_by('name', 'pk')[:SHOWN], orderable=False)
        return render(request, self.template_name, {
            'model': RegisterEntry,
            'form': form,
            'title': self.title.format(count=count),
            'note': self.note,
            'table': table,
            'count': count,
            'shown': min(count, SHOWN),
            'pks': [] if request.POST.get('_all') else request.POST.getlist('pk'),
            'all': request.POST.get('_all'),
            'action': f'{reverse(self.viewname)}?{request.GET.urlencode()}',
            'return_url': self.get_return_url(request),
            **context,
        })


@register_model_view(RegisterEntry, 'bulk_edit', path='edit', detail=False)
class RegisterAssessView(EntriesActionView):
    """All assessed values at once. Works on profiles."""
    form = AssessForm
    viewname = 'plugins:netbox_ims:registerentry_bulk_edit'
    permissions = ('netbox_ims.add_assetprofile', 'netbox_ims.change_assetprofile')
    title, job_name = gettext_lazy('Classify {count} CIs'), gettext_lazy('Assess {count} CIs')
    note = gettext_lazy('An empty field is left as it is on each CI. CIs without a profile get one.')

    def act(self, form, request, entries):
        counts = classify(entries, form.values(), request.user, form.cleaned_data['changelog_message'])
        return _('{changed} of {total} CIs assessed, {unchanged} were so already.').format(
            changed=counts['created'] + counts['changed'], total=sum(counts.values()), unchanged=counts['unchanged']
        )


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


@register_model_view(RegisterEntry, 'classify_listed', path='classify-listed', detail=False)
class ListedClassifyView(RegisterClassifyView):
    """
    The same for what is ticked in NetBox's own list of the type posted as `ci_type`, or for all that matches there.
    The form that shows what was wrong is sent here again, as its rows are those of that list.
    """
    viewname = 'plugins:netbox_ims:registerentry_classify_listed'

    def selected(self, request):
        if (ci_type := get_ci_types().get(request.POST.get('ci_type'))) is None:
            raise Http404
        cis = ci_type.model.objects.restrict(request.user, 'view')
        if request.POST.get('_all'):
            cis = self.matching(ci_type, cis, request)
        else:
            cis = cis.filter(pk__in=posted_keys(request))
        return self.queryset.filter(object_type=ci_type.content_type, object_id__in=cis.order_by().values('pk'))

    def matching(self, ci_type, cis, request):
        filterset_class = registry['filtersets'].get(ci_type.label)
        filterset = filterset_class and filterset_class(request.GET, cis, request=request)
        # NetBox would go on without a filter whose value it can't read; here nobody gets more than they asked for.
        if filterset is None or not filterset.form.is_valid():
            return cis.none()
        return filterset.qs

    def form_data(self, request):
        return request.POST if '_apply' in request.POST else super().form_data(request)

    def show(self, form, request, entries, count):
        return super().show(form, request, entries, count, ci_type=request.POST['ci_type'])


@register_model_view(RegisterEntry, 'assign', detail=False)
class RegisterAssignView(EntriesActionView):
    """Many controls to many CIs: those ticked in the register, or named in the address (`pk`, `control`)."""
    form = AssignControlsForm
    viewname = 'plugins:netbox_ims:registerentry_assign'
    permissions = ('netbox_ims.add_controlassignment',)
    title, job_name = gettext_lazy('Assign controls to {count} CIs'), gettext_lazy('Assign controls to {count} CIs')
    note = gettext_lazy('A control that a CI has already is left as it is there.')

    def get(self, request):
        """From a control's page: the CIs are chosen on the form; from a CI's page: it is chosen already."""
        chosen = [pk for pk in request.GET.getlist('pk') if pk.isascii() and pk.isdigit() and len(pk) < 19]
        form = ChooseCIsForm(initial={'cis': chosen, **self.initial(request)})
        restrict_form_fields(form, request.user)
        return self.show_choice(form, request)

    def post(self, request):
        if '_choose' not in request.POST:
            return super().post(request)
        form = ChooseCIsForm(request.POST)
        restrict_form_fields(form, request.user)
        if form.is_valid():
            entries = self.queryset.filter(pk__in=[entry.pk for entry in form.cleaned_data['cis']])
            if self.apply(form, request, entries):
                return redirect(self.get_return_url(request))
        return self.show_choice(form, request)

    def initial(self, request):
        return {'controls': [pk for pk in request.GET.getlist('control') if pk.isascii() and pk.isdigit()]}

    def act(self, form, request, entries):
        counts = assign(
            list(form.cleaned_data['controls']), entries, form.values(request.user), request.user,
            form.cleaned_data['changelog_message']
        )
        return _('{created} assignments made, {unchanged} were there already.').format(
            created=counts['created'], unchanged=counts['unchanged']
        )

    def show_choice(self, form, request):
        return render(request, 'netbox_ims/assign.html', {'form': form, 'return_url': self.get_return_url(request)})
