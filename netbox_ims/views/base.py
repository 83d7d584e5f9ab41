"""View mixins and actions that several domains share."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from netbox.choices import ImportFormatChoices, ImportMethodChoices
from netbox.object_actions import ObjectAction
from netbox.views import generic
from netbox.views.generic.base import BaseObjectView
from utilities.forms import restrict_form_fields
from utilities.permissions import get_permission_for_model

from ..filtersets import asked_moment, spelled_out
from ..forms.assess import ClassifyBarForm
from ..models import StaleMark
from ..querysets.history import history_start
from ..querysets.moments import known_moment
from ..rules.list_filters import SHOWING
from ..services.attribution import reason_problem
from ..services.refusals import Refused
from ..services.triggers import trigger_status

# Filters of the register by what it keeps no history of
ABOUT_TODAY = {
    'tag', 'in_scope', 'in_scope_id', 'scope_id', 'control', 'control_id', 'lacks_control', 'lacks_control_id', 'risk',
    'risk_id',
}

__all__ = (
    'AcceptSelected',
    'AsOfMixin',
    'AssessSelected',
    'AssignControls',
    'BulkViewMixin',
    'ClassifyListed',
    'ClassifySelected',
    'ExportSheet',
    'KeptWhileInUseDeleteMixin',
    'ObjectView',
    'RecordsMixin',
    'RegisterStateMixin',
    'RestoreProfile',
    'RunRule',
    'StepView',
    'may_assess',
    'posted_keys',
    'posted_reason',
)


class ObjectView(generic.ObjectView):
    """A detail page declared as a layout of panels."""
    template_name = 'generic/object.html'


class StepView(BaseObjectView):
    """Takes one step in the life of what gets approved; what stands against it is said on the page it returns to."""
    permission = None       # the action that the user needs permission for

    def get_required_permission(self):
        return get_permission_for_model(self.queryset.model, self.permission)

    def get(self, request, pk):
        return redirect(self.get_object(pk=pk).get_absolute_url())

    def post(self, request, pk):
        instance = self.get_object(pk=pk)
        try:
            result, done = self.step(instance, request)
        except Refused as e:
            messages.error(request, ' '.join([e.detail, *e.reasons]))
            return redirect(self.refused_url(instance))
        messages.success(request, done)
        return redirect(result.get_absolute_url())

    def refused_url(self, instance):
        return instance.get_absolute_url()

    def step(self, instance, request):
        """(the object to go on with, a sentence that says what was done)"""
        raise NotImplementedError


def is_key(text):
    """Whether a text is written as a primary key."""
    return text.isascii() and text.isdigit()


def may_assess(user):
    """Whether the user may assess CIs in the register at all; which ones, and how, is checked on each."""
    writes = user.has_perm('netbox_ims.add_assetprofile') or user.has_perm('netbox_ims.change_assetprofile')
    return writes and user.has_perm('netbox_ims.view_registerentry')


def posted_keys(request):
    """The primary keys among what was posted as `pk`; anything else selects nothing."""
    return [pk for pk in request.POST.getlist('pk') if is_key(pk)]


def posted_reason(request):
    """What was posted as the reason of a step, or ''. Raises Refused if it can't be kept."""
    reason = request.POST.get('reason', '')
    if problem := reason_problem(reason):
        raise Refused(problem)
    return reason


class BulkViewMixin:
    """
    For NetBox's bulk views, which expect whatever is posted as `pk` to be one, and say what is wrong with an object but
    not with which.
    """
    edited = None

    def pre_save_operations(self, form, obj):
        self.edited = obj
        super().pre_save_operations(form, obj)

    def _update_objects(self, form, request):
        try:
            return super()._update_objects(form, request)
        except ValidationError as e:
            raise ValidationError([f'{self.edited}: {message}' for message in e.messages]) from e

    def post(self, request, **kwargs):
        request.POST = request.POST.copy()
        request.POST.setlist('pk', posted_keys(request))
        return super().post(request, **kwargs)


def unreadable(request):
    """Why what was posted to be imported can't be read, or None if it can. A file that NetBox has is for NetBox."""
    text = request.POST.get('data', '')
    if request.POST.get('import_method') == ImportMethodChoices.DATA_FILE:
        return None
    if request.POST.get('import_method') == ImportMethodChoices.UPLOAD:
        if (file := request.FILES.get('upload_file')) is None:
            return _('Choose a file.')
        try:
            text = file.read().decode('utf-8-sig')
        except UnicodeDecodeError:
            return _('The file is not in UTF-8. Save it as “CSV UTF-8”.')
        file.seek(0)
    by_netbox = request.POST.get('format') in (ImportFormatChoices.JSON, ImportFormatChoices.YAML)
    return None if text.strip() or by_netbox else _('There is nothing to import.')


class RecordsMixin:
    """
    For NetBox's import view, which expects something in UTF-8, JSON and YAML to bring records, and in their `id` a
    whole number.
    """

    def post(self, request):
        if problem := unreadable(request):
            messages.error(request, problem)
            return self.get(request)
        return super().post(request)

    def create_and_update_objects(self, form, request):
        for number, record in enumerate(form.cleaned_data['data'], start=1):
            if not isinstance(record, dict):
                message = _('Record {number}: must be an object of fields and values.')
                raise ValidationError(message.format(number=number))
            if record.get('id') and not is_key(str(record['id']).strip()):
                message = _('Record {number} id: must be the whole number of an existing object.')
                raise ValidationError(message.format(number=number))
        return super().create_and_update_objects(form, request)


class KeptWhileInUseDeleteMixin:
    """For delete views of what can't be deleted while in use: the object's own words, instead of NetBox's list."""

    def _handle_protected_objects(self, obj, protected_objects, request, exc):
        # NetBox would list what rests on it, and with that CIs the user may not see.
        messages.error(request, obj.in_use_message())
        if request.htmx:
            return HttpResponse(headers={'HX-Redirect': obj.get_absolute_url()})
        return redirect(obj.get_absolute_url())


class RegisterStateMixin:
    """
    Says on the page when the register may not be right: because the triggers that keep it are not as they should be, or
    because something has just changed that is yet to be worked out.
    """

    def get_extra_context(self, request, *args):
        return {
            **super().get_extra_context(request, *args),
            'trigger_status': trigger_status(),
            'waiting': StaleMark.objects.exists(),
        }


class AsOfMixin:
    """
    A page about the register that can be asked about another moment: by `as_of`, in its address or in a saved filter
    that this names. What can't be understood is said on the page, which then holds nothing, or refused where it would
    leave as a file.
    """
    moment, as_of_error = None, ''

    def dispatch(self, request, *args, **kwargs):
        if asked := asked_moment(request, request.GET):
            if not request.GET.get('as_of'):
                # As if all of the saved filter were in the address: banner, links and exports go by that.
                request.GET = spelled_out(request, request.GET)
            try:
                self.moment = known_moment(asked)
            except ValidationError as e:
                self.as_of_error = ' '.join(e.messages)
        if self.as_of_error and 'export' in request.GET:
            return HttpResponseBadRequest(f'as_of: {self.as_of_error}', content_type='text/plain; charset=utf-8')
        return super().dispatch(request, *args, **kwargs)

    def as_of_context(self, request):
        """
        What the banner says (inc/as_of.html): the moment, the way back, and which filters are about today. And what a
        comparison is asked to go on from here.
        """
        now = request.GET.copy()
        now.pop('as_of', None)
        now.pop('page', None)
        compared = QueryDict(mutable=True)
        for name in now.keys() - SHOWING:
            compared.setlist(name, now.getlist(name))
        if self.moment:
            compared['start'] = self.moment.isoformat(timespec='microseconds')
        return {
            'moment': self.moment, 'as_of_error': self.as_of_error, 'back_url': f'{request.path}?{now.urlencode()}',
            'kept': list(now.lists()), 'compare_query': compared.urlencode(), 'since': history_start(),
            'about_today': sorted(name for name in now if name.removesuffix('__n') in ABOUT_TODAY),
        }


class ClassifySelected(ObjectAction):
    """Classification and asset owner chosen in the bar itself: one step for the rows ticked."""
    name = 'classify'
    label = _('Classify Selected')
    multi = True
    template_name = 'netbox_ims/buttons/classify.html'

    @classmethod
    def get_context(cls, context, obj):
        form = ClassifyBarForm()
        restrict_form_fields(form, context['request'].user)
        return {'form': form}


class ClassifyListed(ClassifySelected):
    """The same below NetBox's own list of a CI type, whose rows are CIs rather than register entries."""
    name = 'classify_listed'

    @classmethod
    def get_url(cls, obj):
        return reverse('plugins:netbox_ims:registerentry_classify_listed')

    @classmethod
    def get_context(cls, context, obj):
        return {**super().get_context(context, obj), 'ci_type': obj._meta.label_lower}


class AssessSelected(ObjectAction):
    """Every assessed value at once, on a form of its own."""
    name = 'bulk_edit'
    label = _('Edit Selected')
    multi = True
    template_name = 'buttons/bulk_edit.html'


class AssignControls(ObjectAction):
    """Many controls to the CIs ticked, on a form of its own."""
    name = 'assign'
    label = _('Assign Controls')
    multi = True
    template_name = 'netbox_ims/buttons/assign.html'


class ExportSheet(ObjectAction):
    """What a list shows as XLSX, which NetBox's own export has not."""
    name = 'export_sheet'
    label = _('XLSX')
    permissions_required = {'view'}
    template_name = 'netbox_ims/buttons/export_sheet.html'

    @classmethod
    def get_context(cls, context, obj):
        query = context['request'].GET.copy()
        query['export'] = 'xlsx'
        return {'query': query.urlencode()}


class RestoreProfile(ObjectAction):
    """Give a rebuilt CI the assessment of the one that is gone."""
    name = 'restore'
    label = _('Take Over')
    url_kwargs = ['pk']
    template_name = 'netbox_ims/buttons/restore.html'


class RunRule(ObjectAction):
    """Run one classification rule, as a background job."""
    name = 'run'
    label = _('Run')
    permissions_required = {'run'}
    url_kwargs = ['pk']
    template_name = 'netbox_ims/buttons/run_rules.html'

    @classmethod
    def get_context(cls, context, obj):
        return {'csrf_token': context['csrf_token']}        # a form of its own, unlike the buttons of NetBox's lists


class AcceptSelected(ObjectAction):
    """Take over what rules suggest for the rows ticked."""
    name = 'accept'
    label = _('Accept Selected')
    multi = True
    template_name = 'netbox_ims/buttons/accept.html'
