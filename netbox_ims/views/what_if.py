"""What fails if some CIs do, which business functions that is too long for, and in what order to recover."""
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic import View
from django_tables2.data import TableListData

from utilities.views import ConditionalLoginRequiredMixin

from .. import forms, tables
from ..exports.sheets import export_tables
from ..models import StaleMark
from ..rules.durations import format_minutes
from ..services.triggers import trigger_status
from ..ui.outage_chart import OutageChart
from ..ui.what_if import OUTCOMES, WhatIf

__all__ = ('WhatIfView',)

TABS = ('outage', 'steps')
FUNCTIONS_SHOWN, SERVICES_SHOWN = 25, 40        # of each outcome; of each state
NAMED = 60              # characters of what was picked, in the name of a file


class WhatIfView(ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """Asked in the address, so that an answer can be linked to; it changes nothing."""
    permission_required = 'netbox_ims.view_registerentry'

    def get(self, request):
        form = forms.WhatIfForm(request.GET, request.user)
        what_if = WhatIf(form.picked, form.cleaned_data['outage'], request.user) if form.is_valid() else None
        wanted = request.GET.get('export')
        if wanted and what_if and not what_if.too_many:
            return self.export(what_if, wanted)
        context = {
            'form': form,
            'asked': bool(form.is_valid() and form.picked),
            'what_if': what_if,
            'tab': request.GET.get('tab') if request.GET.get('tab') in TABS else TABS[0],
            'as_of': what_if.as_of if what_if else timezone.now(),
            'trigger_status': trigger_status(),
            'waiting': StaleMark.objects.exists(),
        }
        if context['asked'] and not what_if.too_many:
            context |= self.answer(request, what_if)
        # What could not be understood is not as good as an answer.
        return render(request, 'netbox_ims/what_if.html', context, status=200 if form.is_valid() else 400)

    @staticmethod
    def answer(request, what_if):
        table = tables.RecoveryTable(TableListData(what_if.steps))      # as it is: a list would look up all of it
        table.configure(request)
        query = request.GET.copy()
        for name in ('tab', 'page', 'export'):
            query.pop(name, None)
        return {
            'chart': OutageChart(what_if),
            'table': table,
            'query': query.urlencode(),
            'outcomes': [
                {'status': status, 'label': OUTCOMES[status], 'count': len(found), 'shown': found[:FUNCTIONS_SHOWN]}
                for status, found in what_if.by_outcome.items()
            ],
            'services': what_if.services[:SERVICES_SHOWN],
            'degraded': (what_if.degraded or [])[:SERVICES_SHOWN],
        }

    def export(self, what_if, wanted):
        if wanted == 'svg':
            body = render_to_string(
                'netbox_ims/inc/outage_chart.svg', {'chart': OutageChart(what_if), 'alone': True}
            )
            content_type = 'image/svg+xml'
        elif wanted in ('csv', 'xlsx'):
            body, content_type = export_tables(self.sheets(what_if), wanted)
        else:
            return HttpResponse(_('export: must be csv, xlsx or svg'), status=400, content_type='text/plain')
        headers = {'Content-Disposition': content_disposition_header(True, f'{self.name(what_if)}.{wanted}')}
        return HttpResponse(body, content_type=content_type, headers=headers)

    @staticmethod
    def name(what_if):
        """What was asked, and when, as the name of a file: a CSV file has no other room for it."""
        picked = slugify(' '.join(str(ci) for _ci_type, ci in what_if.picked))[:NAMED].strip('-')
        outage = slugify(format_minutes(what_if.outage))
        time = f'{timezone.localtime(what_if.as_of):%Y%m%d-%H%M%S}'
        return '-'.join(filter(None, ('what-if', picked, outage, time)))

    @staticmethod
    def sheets(what_if):
        """The recovery order, and what is lost, as plain tables."""
        hidden = _('a CI you may not see')
        steps = [
            [
                step.number, str(step.ci or hidden), step.ci.type_name if step.ci else None, step.minutes,
                ' '.join(map(str, step.step.waits_for)), ', '.join(map(str, step.brings_back)),
            ]
            for step in what_if.steps
        ]
        functions = [
            [
                str(each.ci), each.rto, each.mtpd, what_if.outage, each.margin, str(each.result.text),
                ', '.join(each.services),
            ]
            for each in what_if.functions
        ]
        services = [
            *([str(ci), _('Lost')] for ci in what_if.services),
            *([str(ci), _('Degraded, group holds')] for ci in what_if.degraded or ()),
        ]
        return [
            (_('Recovery order'), [
                (_('Step'), 7), (_('Recover'), 34), (_('Type'), 18), (_('Effective RTO (minutes)'), 14),
                (_('Waits for'), 14), (_('Brings back'), 40),
            ], steps),
            (_('Functions lost'), [
                (_('Function'), 34), (_('RTO (minutes)'), 12), (_('MTPD (minutes)'), 12), (_('Outage (minutes)'), 12),
                (_('Left (minutes)'), 12), (_('Result'), 20), (_('IT services lost'), 40),
            ], functions),
            (_('IT services'), [(_('IT service'), 34), (_('State'), 24)], services),
            (_('What was asked'), [(_('Asked'), 34), (_('Answer'), 60)], [
                *([_('If this fails'), f'{ci} ({ci_type.verbose_name})'] for ci_type, ci in what_if.picked),
                [_('For'), format_minutes(what_if.outage)],
                [_('As of'), f'{timezone.localtime(what_if.as_of):%Y-%m-%d %H:%M:%S}'],
                [_('Edges undetermined'), what_if.undetermined],
                [_('CIs you may not see'), what_if.hidden],
            ]),
        ]
