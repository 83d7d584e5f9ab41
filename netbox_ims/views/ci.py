"""Tabs on the page of every CI, whatever its model: what the register says of it and why, and what it hangs on."""
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from netbox.context import current_request
from utilities.views import ConditionalLoginRequiredMixin, ViewTab, get_default_template

from .. import tables
from ..models import AssetProfile, Decision, RegisterEntry, StaleMark
from ..querysets.graph import DOWN, UP
from ..services.triggers import trigger_status
from ..ui.assignments import CIControls
from ..ui.dependency_picture import Picture
from ..ui.findings import count_findings, findings
from ..ui.inheritance import Inheritance
from ..ui.neighbourhood import Neighbourhood

__all__ = ('CIAssessmentView', 'CIDependenciesView', 'entry_of')

DECISIONS = 10          # on the tab; the rest a click away


def entry_of(ci, user):
    """The register entry of a CI, as far as the user may see it, or None. Looked up once per object."""
    if not hasattr(ci, '_ims_entry'):
        ci._ims_entry = RegisterEntry.objects.restrict(user, 'view').of(ci).select_related(
            'object_type', 'classification', 'effective_classification', 'asset_owner', 'site', 'tenant'
        ).first()
    return ci._ims_entry


def findings_badge(ci):
    request = current_request.get()
    entry = entry_of(ci, request.user) if request else None
    if entry is None or not (count := count_findings(entry, CIControls.of(entry, request.user))):
        return None
    return count


class CIView(ConditionalLoginRequiredMixin, PermissionRequiredMixin, View):
    """Base of the tabs. The model comes with the URL, as for NetBox's own journal and change log."""
    permission_required = 'netbox_ims.view_registerentry'
    template_name = None

    def get(self, request, model, **kwargs):
        ci = get_object_or_404(model.objects.restrict(request.user, 'view'), **kwargs)
        if (entry := entry_of(ci, request.user)) is None:
            raise Http404
        return self.answer(request, ci, entry)

    def answer(self, request, ci, entry):
        return render(request, self.template_name, {
            'object': ci,
            'entry': entry,
            'base_template': get_default_template(ci),
            'tab': self.tab,
            'trigger_status': trigger_status(),
            'waiting': StaleMark.objects.exists(),
            **self.context(request, entry),
        })


class CIAssessmentView(CIView):
    """Own value, what counts, why and with what result, aspect by aspect; and who decided what."""
    template_name = 'netbox_ims/ci_assessment.html'
    tab = ViewTab(label=_('IMS'), badge=findings_badge, permission='netbox_ims.view_registerentry', weight=5000)

    def context(self, request, entry):
        inheritance, controls = Inheritance(entry, request.user), CIControls.of(entry, request.user)
        profiles = AssetProfile.objects.restrict(request.user, 'view')
        profile = profiles.filter(pk=entry.profile_id).first() if entry.profile_id else None
        decisions = Decision.objects.restrict(request.user, 'view').filter(
            object_type=entry.object_type_id, object_id=entry.object_id
        )
        return {
            'inheritance': inheritance,
            'findings': findings(entry, inheritance, controls),
            'controls': controls,
            'profile': profile,
            'decisions': decisions[:DECISIONS],
            'decision_count': decisions.count(),
            'can_add': request.user.has_perm('netbox_ims.add_assetprofile'),
            'can_assign': request.user.has_perm('netbox_ims.add_controlassignment'),
            'can_change': bool(profile) and request.user.has_perm('netbox_ims.change_assetprofile', profile),
        }


class CIDependenciesView(CIView):
    """What depends on the CI, or what it depends on: as a picture and as a table that says all the picture says."""
    template_name = 'netbox_ims/ci_dependencies.html'
    tab = ViewTab(label=_('Dependencies'), permission='netbox_ims.view_registerentry', weight=5010)
    WAYS = {'up': UP, 'down': DOWN}

    def answer(self, request, ci, entry):
        if request.GET.get('format') == 'svg':
            picture = self.context(request, entry)['picture']
            svg = render_to_string('netbox_ims/inc/dependency_picture.svg', {'picture': picture, 'alone': True})
            headers = {'Content-Disposition': f'attachment; filename="dependencies-{entry.object_id}.svg"'}
            return HttpResponse(svg, content_type='image/svg+xml', headers=headers)
        return super().answer(request, ci, entry)

    def context(self, request, entry):
        asked = request.GET.get('way')
        hoods = {
            name: Neighbourhood(entry, request.user, way, direct=request.GET.get('direct') == 'true')
            for name, way in self.WAYS.items()
        }
        if asked not in self.WAYS:
            # What hangs on a CI is asked more often; at the top of the graph there is only the other way.
            asked = 'up' if hoods['up'].reached else 'down'
        hood = hoods[asked]
        table = tables.DependencyRowTable(hood.rows, way=asked, hidden=hood.hidden)
        table.configure(request)
        return {
            'way': asked,
            'direct': request.GET.get('direct') == 'true' or hood.too_many,
            'hoods': hoods,
            'hood': hood,
            'picture': Picture(hood),
            'table': table,
            'verdicts': _counts(hood.rows),
        }


def _counts(rows):
    counts = {}
    for row in rows:
        counts[row.verdict.status] = counts.get(row.verdict.status, 0) + 1
    return counts
