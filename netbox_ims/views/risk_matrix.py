"""The editor of risk matrices, their YAML, and the page on which one becomes the active one."""
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from netbox.views import generic
from netbox.views.generic.base import BaseObjectView
from utilities.permissions import get_permission_for_model
from utilities.views import register_model_view

from .. import forms
from ..catalogs import write_matrix
from ..models import Risk, RiskMatrix
from ..querysets.visibility import permitted
from ..rules.risk_matrix import FIELDS
from ..rules.risks import STAGES
from ..services.matrix_import import import_matrix
from ..services.refusals import Refused
from ..services.risk_matrix import activate, preview
from ..ui.heat_map import MatrixPicture
from .base import posted_reason
from .uploads import YamlUploadView

__all__ = ('RiskMatrixActivateView', 'RiskMatrixEditView', 'RiskMatrixUploadView', 'RiskMatrixYamlView')

SHOWN = 200             # changes of a preview; the rest is counted


@register_model_view(RiskMatrix, 'add', detail=False)
@register_model_view(RiskMatrix, 'edit')
class RiskMatrixEditView(generic.ObjectEditView):
    """
    Shows the matrix as it will look while it is filled in: drawn anew by the server whenever something changes, or by a
    button where there are no scripts. `?from=ID` starts from another matrix, as its next version.
    """
    queryset = RiskMatrix.objects.all()
    form = forms.RiskMatrixForm
    template_name = 'netbox_ims/riskmatrix_edit.html'

    def alter_object(self, obj, request, url_args, url_kwargs):
        wanted = request.GET.get('from', '')
        if obj.pk is None and wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
            other = RiskMatrix.objects.restrict(request.user, 'view').filter(pk=wanted).first()
            for name in ('name', 'description', *FIELDS) if other else ():
                setattr(obj, name, getattr(other, name))
        return obj

    def post(self, request, *args, **kwargs):
        if '_redraw' not in request.POST:
            return super().post(request, *args, **kwargs)
        obj = self.get_object(**kwargs)
        posted = self.form(data=request.POST, instance=obj)
        # Not bound: what is not finished yet is no mistake.
        form = self.form(instance=obj, initial={
            **{name: posted[name].value() for name in posted.fields}, **posted.drawn,
        })
        return render(request, self.template_name, {
            'model': RiskMatrix, 'object': obj, 'form': form, 'return_url': self.get_return_url(request, obj),
        })


@register_model_view(RiskMatrix, 'upload', detail=False)
class RiskMatrixUploadView(YamlUploadView):
    model = RiskMatrix
    permission_required = 'netbox_ims.add_riskmatrix'
    template_name = 'netbox_ims/riskmatrix_upload.html'

    def bring_in(self, request, text, message):
        matrix = import_matrix(text, message)
        return matrix, _('{matrix} is there, and can be activated.').format(matrix=matrix)


@register_model_view(RiskMatrix, 'yaml', path='yaml')
class RiskMatrixYamlView(BaseObjectView):
    """The matrix as YAML, to be kept, changed and imported again."""
    queryset = RiskMatrix.objects.all()

    def get_required_permission(self):
        return get_permission_for_model(RiskMatrix, 'view')

    def get(self, request, pk):
        matrix = self.get_object(pk=pk)
        response = HttpResponse(
            write_matrix({**matrix.values, 'name': matrix.name, 'description': matrix.description}),
            content_type='application/yaml; charset=utf-8',
        )
        response['Content-Disposition'] = content_disposition_header(True, f'risk-matrix-{pk}.yaml')
        return response


@register_model_view(RiskMatrix, 'activate', path='activate')
class RiskMatrixActivateView(BaseObjectView):
    """First what would change, and only then the button that changes it."""
    queryset = RiskMatrix.objects.all()

    def get_required_permission(self):
        return get_permission_for_model(RiskMatrix, 'change')

    def get(self, request, pk):
        matrix = self.get_object(pk=pk)
        changes = preview(matrix, Risk.objects.restrict(request.user, 'view'))
        before = {
            (each.pk, slug): level for each in RiskMatrix.objects.all() for slug, level in each.grid.levels.items()
        }
        rated_by = dict(Risk.objects.filter(pk__in=[c.pk for c in changes[:SHOWN]]).values_list('pk', 'matrix_id'))
        return render(request, 'netbox_ims/riskmatrix_activate.html', {
            'object': matrix, 'picture': MatrixPicture(matrix), 'active': RiskMatrix.objects.active(),
            'changes': changes, 'shown': SHOWN,
            'lost': sum(change.loses_acceptance for change in changes),
            'all_seen': permitted(request.user, Risk) is True,
            'rows': [
                {
                    'change': change,
                    'levels': [
                        (before.get((rated_by.get(change.pk), change.levels[stage][0])),
                         matrix.level(change.levels[stage][1]))
                        for stage in STAGES
                    ],
                } for change in changes[:SHOWN]
            ],
        })

    def post(self, request, pk):
        matrix = self.get_object(pk=pk)
        try:
            changes = activate(matrix, request.user, posted_reason(request))
        except Refused as e:
            messages.error(request, ' '.join([e.detail, *e.reasons]))
            return redirect(matrix.get_absolute_url())
        # How many, of those the user may see
        count = Risk.objects.restrict(request.user, 'view').filter(pk__in=[change.pk for change in changes]).count()
        messages.success(request, ngettext(
            '{matrix} is active; {n} risk is to be reassessed.',
            '{matrix} is active; {n} risks are to be reassessed.', count
        ).format(matrix=matrix, n=count))
        return redirect(matrix.get_absolute_url())
