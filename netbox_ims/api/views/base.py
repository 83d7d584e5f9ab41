"""Viewset mixins that several domains share."""
from rest_framework import mixins as drf_mixins

from netbox.api.authentication import TokenPermissions
from netbox.api.viewsets import BaseViewSet, ETagMixin, NetBoxModelViewSet
from netbox.api.viewsets.mixins import ExportTemplatesMixin

__all__ = ('AlwaysRestrictedMixin', 'ReadOnlyViewSet', 'UpdateOnlyViewSet', 'post_needs')


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


def post_needs(permission):
    """Permission class of an action whose POST needs this permission, whatever NetBox asks of a POST elsewhere."""
    class Needs(TokenPermissions):
        perms_map = {**TokenPermissions.perms_map, 'POST': [permission]}

    return Needs


class UpdateOnlyViewSet(NetBoxModelViewSet):
    """What is made and deleted together with something else, and changed by itself."""
    http_method_names = ['get', 'put', 'patch', 'head', 'options']
