"""Viewset mixins that several domains share."""
from collections.abc import Mapping

from django.utils.translation import gettext as _
from rest_framework import mixins as drf_mixins
from rest_framework import status
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response

from netbox.api.authentication import TokenPermissions
from netbox.api.viewsets import BaseViewSet, ETagMixin, NetBoxModelViewSet
from netbox.api.viewsets.mixins import ExportTemplatesMixin, get_invalid_entries_response

from ...services.attribution import LONGEST_REASON, reason_problem

__all__ = (
    'AlwaysRestrictedMixin', 'ExportViewMixin', 'ReadOnlyViewSet', 'StrictBodyMixin', 'UpdateOnlyViewSet',
    'VisiblePartsViewMixin', 'WritableViewSet', 'post_needs', 'reason_given', 'refused',
)


class StrictBodyMixin:
    """
    Refuses, by field, what NetBox would hand on to the database, which fails: text that PostgreSQL can't hold, however
    deep in the body (a related object's attributes, a custom field), and a change message that is no text.
    """

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        try:
            self.refuse_unstorable(request)
        except RecursionError as e:
            raise ParseError(_('The body is nested too deeply.')) from e

    def refuse_unstorable(self, request):
        if isinstance(request.data, list):
            problems = {index: body_problems(entry) for index, entry in enumerate(request.data)}
            problems = {index: found for index, found in problems.items() if found}
            if refusal := get_invalid_entries_response(problems, len(request.data)):
                error = ValidationError()
                error.detail = refusal.data     # as it is: DRF would turn each index into a text
                raise error
        elif problems := body_problems(request.data):
            raise ValidationError(problems)


def body_problems(entry):
    """{field: [messages]} of what the database could not hold in one object of a request's body."""
    problems = {}
    for name, value in entry.items() if isinstance(entry, Mapping) else ():
        if not is_storable(name) or not is_storable(value):
            problems[name if is_storable(name) else repr(name)] = [
                _('Null characters and halves of surrogate pairs are not allowed.')
            ]
        elif name == 'changelog_message' and not is_message(value):
            problems[name] = [_('Must be a text of at most {longest} characters.').format(longest=LONGEST_REASON)]
    return problems


def is_message(value):
    return value is None or isinstance(value, str) and len(value) <= LONGEST_REASON


def is_storable(value):
    """Whether PostgreSQL can hold every text in a piece of JSON."""
    if isinstance(value, str):
        return '\x00' not in value and not any('\ud800' <= character <= '\udfff' for character in value)
    if isinstance(value, Mapping):
        return all(is_storable(key) and is_storable(held) for key, held in value.items())
    return not isinstance(value, list) or all(map(is_storable, value))


class WritableViewSet(StrictBodyMixin, NetBoxModelViewSet):
    """NetBox's own, for what people write."""


class AlwaysRestrictedMixin:
    """
    Objects that are about CIs are restricted for anonymous requests too. NetBox leaves those alone, since its own
    models are either exempt from view permissions or refused as a whole; ours also ask what the CI's model says.
    """

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            self.queryset = self.queryset.restrict(request.user, 'view')


class ExportViewMixin:
    """A viewset whose action `export` answers with a file; `format` says which, not which of DRF's renderers."""

    def perform_content_negotiation(self, request, force=False):
        if self.action == 'export':
            renderer = self.get_renderers()[0]
            return renderer, renderer.media_type
        return super().perform_content_negotiation(request, force)

    @staticmethod
    def get_format(request, formats, default):
        """Which of `formats` is asked for."""
        wanted = request.query_params.get('format', default)
        if wanted not in formats:
            raise ValidationError({'format': [_('“{format}” is no format. Choose one of: {known}.').format(
                format=wanted, known=', '.join(formats)
            )]})
        return wanted


class VisiblePartsViewMixin:
    """For what consists of objects that not everybody may see: see serializers.fields.VisiblePartsMixin."""
    other_parts = ()        # what else is to be prefetched

    def get_queryset(self):
        queryset = super().get_queryset()
        if self.request.method not in SAFE_METHODS:
            return queryset         # whole, for the change log; the answer shows what the user may see all the same
        # Instead of what NetBox would prefetch: of the parts, only those the user may see.
        plain = queryset.prefetch_related(None).prefetch_related(*self.other_parts)
        return plain.with_visible_parts(self.request.user)


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


class UpdateOnlyViewSet(WritableViewSet):
    """What is made and deleted together with something else, and changed by itself."""
    http_method_names = ['get', 'put', 'patch', 'head', 'options']


def reason_given(request):
    """What the body of a step's request gives as its reason, or ''."""
    if not isinstance(request.data, Mapping):
        raise ParseError(_('The body must be an object.'))
    reason = request.data.get('reason', '')
    if not isinstance(reason, str):
        raise ValidationError({'reason': [_('Not a valid string.')]})
    if problem := reason_problem(reason):
        raise ValidationError({'reason': [problem]})
    return reason


def refused(refusal):
    """How a step that is not allowed as things are (services.refusals.Refused) is answered."""
    return Response({'detail': refusal.detail, 'reasons': refusal.reasons}, status=status.HTTP_409_CONFLICT)
