"""The tabs of views/ci.py on the page of every registered CI type, by NetBox's own mechanism for tabs."""
from utilities.views import register_model_view

from ..ci_types import get_ci_types

__all__ = ('add_tabs',)

VIEWS = {
    'ims': 'netbox_ims.views.ci.CIAssessmentView',
    'ims-dependencies': 'netbox_ims.views.ci.CIDependenciesView',
    'ims-history': 'netbox_ims.views.timeline.CIHistoryView',
}


def add_tabs():
    """By name: a view is imported once its URL is made, when every app is ready."""
    for ci_type in get_ci_types().values():
        for name, view in VIEWS.items():
            register_model_view(ci_type.model, name, kwargs={'model': ci_type.model})(view)
