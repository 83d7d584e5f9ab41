from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from netbox.api.authentication import IsAuthenticatedOrLoginNotRequired

from ...forms import WhatIfForm
from ...ui.what_if import WhatIf
from .. import serializers

__all__ = ('WhatIfView',)

STEPS = 1000            # in one answer
OUTAGE = OpenApiParameter(
    'outage', OpenApiTypes.STR, description='For how long: minutes, or with units (90, 4h, 1d 6h); 8h if left out'
)
PICKED = tuple(
    OpenApiParameter(name, OpenApiTypes.INT, many=True, description='CIs that fail, with everything in them')
    for name in ('site_id', 'rack_id', 'cluster_id', 'device_id', 'virtual_machine_id')
)


class WhatIfView(APIView):
    """
    What fails if these CIs do: by `site_id`, `rack_id`, `cluster_id` (each with everything in it), `device_id`, and so
    on for each registered type. Nothing is kept.
    """
    permission_classes = [IsAuthenticatedOrLoginNotRequired]
    serializer_class = serializers.WhatIfSerializer

    @extend_schema(parameters=[OUTAGE, *PICKED], responses={200: serializers.WhatIfSerializer})
    def get(self, request):
        if not request.user.has_perm('netbox_ims.view_registerentry'):
            raise PermissionDenied
        form = WhatIfForm(request.query_params, request.user)
        if not form.is_valid():
            raise ValidationError({name: list(messages) for name, messages in form.errors.items()})
        if not form.picked:
            raise ValidationError({'site_id': [_('Say what fails: site_id, rack_id, cluster_id, device_id…')]})
        what_if = WhatIf(form.picked, form.cleaned_data['outage'], request.user)
        if what_if.too_many:
            raise ValidationError({'site_id': [_('More CIs depend on these than can be worked out at once.')]})
        what_if.step_count, what_if.first_steps = len(what_if.steps), what_if.steps[:STEPS]
        return Response(serializers.WhatIfSerializer(what_if, context={'request': request}).data)
