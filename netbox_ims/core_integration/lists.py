""""Classify Selected" below NetBox's own lists of CIs."""
from netbox.views.generic import ObjectListView

from ..ci_types import get_ci_types
from ..views.base import ClassifyListed, may_assess

__all__ = ('add_list_action',)


def add_list_action():
    """
    For every list of a registered CI type and those who may assess, the action joins those NetBox permits. Others see
    the list as NetBox has it, without so much as a checkbox more.
    """
    get_permitted_actions = ObjectListView.get_permitted_actions

    def with_ours(self, user, model=None):
        actions = get_permitted_actions(self, user, model)
        listed = (model or self.queryset.model)._meta.label_lower
        return [*actions, ClassifyListed] if listed in get_ci_types() and may_assess(user) else actions

    ObjectListView.get_permitted_actions = with_ours
