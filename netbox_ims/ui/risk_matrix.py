"""Panels of a risk matrix's page."""
from django.utils.translation import gettext_lazy as _

from netbox.ui import panels

from .heat_map import MatrixPicture, dip_messages

__all__ = ('MatrixPicturePanel',)


class MatrixPicturePanel(panels.ObjectPanel):
    """The grid, and where it does not rise."""
    title = _('Matrix')
    template_name = 'netbox_ims/panels/risk_matrix.html'

    def get_context(self, context):
        matrix = context['object']
        return {
            **super().get_context(context), 'picture': MatrixPicture(matrix), 'dips': dip_messages(matrix.values),
        }
