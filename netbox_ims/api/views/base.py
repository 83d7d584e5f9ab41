"""Viewset mixins that several domains share."""
from rest_framework import mixins as drf_mixins

from netbox.api.authentication import TokenPermissions
from netbox.api.viewsets import BaseViewSet, ETagMixin
from netbox.api.viewsets.mixins import ExportTemplatesMixin

__all__ = ('AddsProfile', 'AlwaysRestrictedMixin', 'ReadOnlyViewSet', 'RunsModel')


class AlwaysRestrictedMixin:
    """
    Objects that are about CIs are restricted for anonymous requests too. NetBox leaves those alone, since its own
    models are either exempt from view permissions or refused as a whole; ours also ask what the CI's model says.
    """

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            self.queryset = self.queryset.restrict(request.user, 'view')


class ReadOnlyViewSet(
    AlwaysRestrictedMixin, ETagMixin, ExportTemplatesMixin, drf_mixins.RetrieveModelMixin, drf_mixins.ListModelMixin,
    BaseViewSet
):
    """List and detail of what only triggers write. (NetBox's read-only viewset expects custom fields.)"""


class AddsProfile(TokenPermissions):
    """An action whose POST makes an asset profile, whatever model its viewset is about."""
    perms_map = {**TokenPermissions.perms_map, 'POST': ['netbox_ims.add_assetprofile']}


class RunsModel(TokenPermissions):
    """An action whose POST needs the permission to run objects of the viewset's model."""
    perms_map = {**TokenPermissions.perms_map, 'POST': ['%(app_label)s.run_%(model_name)s']}
