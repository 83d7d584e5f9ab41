import json
from functools import partial

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from netbox.object_actions import AddObject, BulkExport, ObjectAction
from netbox.ui import layout
from netbox.views import generic
from netbox.views.generic.base import BaseObjectView
from utilities.views import ViewTab, register_model_view

from .. import filtersets, forms, tables
from ..jobs import TakeBaselineJob
from ..models import Baseline
from ..rules.list_filters import as_query, parameters_of_address
from ..rules.moments import parse_moment
from ..services.baseline_archive import archive_of
from ..services.baselines import counted_lines, lines_of, verify
from ..services.register_rows import is_large
from ..ui import baselines as panels
from .base import ObjectView

__all__ = (
    'BaselineAddView',
    'BaselineDownloadView',
    'BaselineListView',
    'BaselineRowsView',
    'BaselineVerifyView',
    'BaselineView',
)


class TakeBaseline(AddObject):
    label = gettext_lazy('Take Baseline')


class VerifyBaseline(ObjectAction):
    """Hash everything again, and say what is not as it was sealed."""
    name = 'verify'
    label = gettext_lazy('Verify')
    url_kwargs = ['pk']
    template_name = 'netbox_ims/buttons/verify.html'


class DownloadBaseline(ObjectAction):
    """One archive that an auditor can check offline."""
    name = 'download'
    label = gettext_lazy('Download')
    url_kwargs = ['pk']
    template_name = 'netbox_ims/buttons/download.html'


class CompareSince(ObjectAction):
    """What has changed in the register since."""
    name = 'compare'
    label = gettext_lazy('What Changed Since')
    permissions_required = set()
    template_name = 'netbox_ims/buttons/compare_since.html'

    @classmethod
    def get_context(cls, context, obj):
        return {'query': as_query({**obj.filter, 'start': obj.as_of.isoformat()})}


ACTIONS = (CompareSince, VerifyBaseline, DownloadBaseline)


@register_model_view(Baseline, 'list', path='', detail=False)
class BaselineListView(generic.ObjectListView):
    queryset = Baseline.objects.all()
    filterset = filtersets.BaselineFilterSet
    filterset_form = forms.BaselineFilterForm
    table = tables.BaselineTable
    actions = (TakeBaseline, BulkExport)


@register_model_view(Baseline)
class BaselineView(ObjectView):
    template_name = 'netbox_ims/evidence.html'
    queryset = Baseline.objects.all()
    layout = layout.SimpleLayout(
        left_panels=[panels.BaselinePanel(), panels.SealPanel()], right_panels=[panels.FiguresPanel()],
    )
    actions = ACTIONS


@register_model_view(Baseline, 'add', detail=False)
class BaselineAddView(generic.ObjectEditView):
    queryset = Baseline.objects.all()
    form = forms.BaselineForm
    template_name = 'netbox_ims/baseline_add.html'
    additional_permissions = ('netbox_ims.view_registerentry',)

    def get(self, request, *args, **kwargs):
        """What the register's list shows, by its address, may be as of a date: that goes into a field of its own."""
        asked = parameters_of_address(request.GET.get('filter', '')) or {}
        if as_of := asked.pop('as_of', None):
            request.GET = request.GET.copy()
            request.GET['as_of'], request.GET['filter'] = self.exactly(as_of[-1]), json.dumps(asked)
        return super().get(request, *args, **kwargs)

    @staticmethod
    def exactly(text):
        """In an address a second is its beginning, in the form it would be its end."""
        try:
            return parse_moment(text, timezone.get_current_timezone()).isoformat(timespec='microseconds')
        except ValueError:
            return text

    def alter_object(self, obj, request, url_args, url_kwargs):
        obj.user = request.user
        return obj

    def post(self, request, *args, **kwargs):
        form = self.form(request.POST, instance=self.alter_object(Baseline(), request, args, kwargs))
        if form.is_valid():
            wanted = form.cleaned_data
            if is_large(request.user, wanted['as_of'], wanted['filter']):
                TakeBaselineJob.start(request, **wanted)
                messages.success(request, _('So many CIs take a while: a background job seals them as of now.'))
                return redirect('plugins:netbox_ims:baseline_list')
        return super().post(request, *args, **kwargs)


@register_model_view(Baseline, 'rows')
class BaselineRowsView(BaseObjectView):
    """The rows as they were sealed, page by page: all, or those that one of the figures counts."""
    queryset = Baseline.objects.all()
    tab = ViewTab(
        label=gettext_lazy('Rows'), badge=lambda baseline: baseline.rows, permission='netbox_ims.view_baseline',
        weight=500
    )

    def get_required_permission(self):
        return 'netbox_ims.view_baseline'

    def get(self, request, **kwargs):
        baseline = self.get_object(**kwargs)
        count, read, asked = baseline.rows, partial(lines_of, baseline), panels.asked_figure(baseline, request.GET)
        if asked:
            counted, _name, figure = asked
            count, read = figure.count, partial(counted_lines, baseline, *counted)
        table = tables.SealedRowTable(count, lambda start, stop: panels.with_urls(read(start, stop), request.user))
        table.configure(request)
        return render(request, 'netbox_ims/baseline_rows.html', {
            'object': baseline, 'table': table, 'tab': self.tab, 'actions': (), 'asked': asked,
        })


@register_model_view(Baseline, 'verify')
class BaselineVerifyView(BaseObjectView):
    """Proves that it still is what was sealed, or names what was altered."""
    queryset = Baseline.objects.all()

    def get_required_permission(self):
        return 'netbox_ims.view_baseline'

    def get(self, request, **kwargs):
        baseline = self.get_object(**kwargs)
        return render(request, 'netbox_ims/baseline_verify.html', {
            'object': baseline, 'problems': [panels.finding_in_words(finding) for finding in verify(baseline)],
            'actions': (),
        })


@register_model_view(Baseline, 'download')
class BaselineDownloadView(BaseObjectView):
    queryset = Baseline.objects.all()

    def get_required_permission(self):
        return 'netbox_ims.view_baseline'

    def get(self, request, **kwargs):
        baseline = self.get_object(**kwargs)
        return FileResponse(archive_of(baseline), as_attachment=True, filename=f'baseline-{baseline.number}.zip')
