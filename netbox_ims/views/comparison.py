from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from netbox.views.generic.base import BaseMultiObjectView
from utilities.views import register_model_view

from .. import forms, tables
from ..exports.comparison import FORMATS, export_comparison
from ..models import RegisterEntry, StatementOfApplicability
from ..services.comparison import lines, named
from ..ui.comparison import tiles

__all__ = ('RegisterCompareView', 'RegisterLastAuditView')

LAST_AUDIT = 'plugins.netbox_ims.last_audit'        # where a user's preferences keep the date


@register_model_view(RegisterEntry, 'compare', detail=False)
class RegisterCompareView(BaseMultiObjectView):
    """What changed in the register between two dates: counts, the rows behind them, and the same as a file."""
    queryset = RegisterEntry.objects.all()
    template_name = 'netbox_ims/compare.html'

    def get_required_permission(self):
        return 'netbox_ims.view_registerentry'

    def get(self, request):
        asked = request.GET if 'start' in request.GET or 'end' in request.GET else None
        form = forms.ComparisonForm(asked, request)
        context = {
            'form': form, 'shortcuts': self.shortcuts(request), 'last_audit': last_audit(request.user),
            'model': RegisterEntry, 'formats': FORMATS,
            'filter_form': forms.ComparisonFilterForm(request.GET),
        }
        if wanted := request.GET.get('export'):
            return self.export(form, wanted)
        if asked is None:
            return render(request, self.template_name, context)
        if form.problems:
            return render(request, self.template_name, {**context, 'problems': form.problems})
        comparison = form.comparison(descending=request.GET.get('sort') == '-name')
        table = tables.DifferenceTable(len(comparison), lambda start, stop: named(comparison, comparison[start:stop]))
        table.configure(request)
        without = request.GET.copy()
        without.pop('page', None)
        return render(request, self.template_name, {
            **context, 'comparison': comparison, 'table': table, 'query': without.urlencode(),
            'tiles': tiles(comparison.counts, request.GET, comparison.kinds),
        })

    def export(self, form, wanted):
        """A file, or in plain text why there is none: a page would be taken for it."""
        problems = form.problems if form.is_bound else {'start': [_('This field is required.')]}
        if wanted not in FORMATS:
            problems = {**problems, 'export': [_('Choose one of: {known}.').format(known=', '.join(FORMATS))]}
        if problems:
            text = '\n'.join(f'{name}: {" ".join(messages)}' for name, messages in problems.items())
            return HttpResponseBadRequest(text, content_type='text/plain; charset=utf-8')
        comparison = form.comparison()
        start, end = (timezone.localtime(each) for each in (comparison.start, comparison.end))
        title = _('What changed in the register from {start} to {end}').format(
            start=f'{start:%Y-%m-%d %H:%M:%S %Z}', end=f'{end:%Y-%m-%d %H:%M:%S %Z}'
        )
        body, content_type = export_comparison(lines(comparison), wanted, title)
        response = HttpResponse(body, content_type=content_type)
        name = f'register-{start:%Y-%m-%d}-{end:%Y-%m-%d}.{wanted}'
        response['Content-Disposition'] = content_disposition_header(True, name)
        return response

    def shortcuts(self, request):
        """(label, address) of each approved statement of applicability that the user may see: since its approval."""
        approved = StatementOfApplicability.objects.restrict(request.user, 'view').filter(
            status='approved', approved_on__isnull=False
        )
        return [
            (statement, f'?{urlencode({"start": statement.approved_on.isoformat()})}')
            for statement in approved.select_related('scope', 'catalog').defer('as_approved')
        ]


@register_model_view(RegisterEntry, 'last_audit', path='compare/since', detail=False)
class RegisterLastAuditView(BaseMultiObjectView):
    """Compares with the date of the last audit that somebody chooses, and remembers it for them."""
    queryset = RegisterEntry.objects.all()

    def get_required_permission(self):
        return 'netbox_ims.view_registerentry'

    def get(self, request):
        return redirect('plugins:netbox_ims:registerentry_compare')

    def post(self, request):
        chosen = request.POST.get('start', '')
        form = forms.ComparisonForm({'start': chosen}, request)
        if form.is_valid() and hasattr(request.user, 'config'):
            request.user.config.set(LAST_AUDIT, chosen, commit=True)
        return redirect(f'{reverse("plugins:netbox_ims:registerentry_compare")}?{urlencode({"start": chosen})}')


def last_audit(user):
    """The date as the user wrote it, or None."""
    return user.config.get(LAST_AUDIT) if hasattr(user, 'config') else None
