"""Panels of dependencies: on their own pages, and on those of the CIs at their ends."""
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from netbox.ui import actions, attrs, panels

from .attrs import CarriesAttr, CIAttr, CITypeAttr

__all__ = ('DependencyPanel', 'dependencies_panel')


class DependencyPanel(panels.ObjectAttributesPanel):
    title = _('Dependency')
    dependent = CIAttr('dependent_ci', label=_('Dependent'))
    dependent_type = CITypeAttr('dependent_ci', label=_('Dependent type'))
    provider = CIAttr('provider_ci', label=_('Provider'))
    provider_type = CITypeAttr('provider_ci', label=_('Provider type'))
    holds_data = CarriesAttr('holds_data', label=_('Carries'))
    redundancy_group = attrs.TextAttr('redundancy_group', label=_('Redundancy group'))
    description = attrs.TextAttr('description')


def dependencies_panel(end, title):
    """The dependencies at one end (`dependent` or `provider`) of which stands the CI whose page it is on."""
    return panels.ObjectsTablePanel(
        'netbox_ims.dependency', title=title, exclude_columns=[f'{end}_type', end],
        filters={
            f'{end}_object_type': lambda ctx: ctx['object']._meta.label_lower,
            f'{end}_object_id': lambda ctx: ctx['object'].pk,
        },
        actions=[actions.AddObject('netbox_ims.dependency', url_params={
            f'{end}_content_type': lambda ctx: ContentType.objects.get_for_model(ctx['object']).pk,
            f'{end}_object_id': lambda ctx: ctx['object'].pk,
        })],
    )
