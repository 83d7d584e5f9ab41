from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from ... import filtersets
from ...exports.soa import FORMATS, export_statement
from ...models import Scope, SoaEntry, StatementOfApplicability
from ...querysets.visibility import may_see_every_ci
from ...rules.canonical import canonical
from ...services import soa
from ...services.completeness import check
from ...services.refusals import Refused
from ...services.statement_text import difference, text_of, visible_part
from .. import serializers
from .base import (
    ExportViewMixin,
    UpdateOnlyViewSet,
    VisiblePartsViewMixin,
    WritableViewSet,
    post_needs,
    reason_given,
    refused,
)

__all__ = ('ScopeViewSet', 'SoaEntryViewSet', 'StatementOfApplicabilityViewSet')

MODEL = 'netbox_ims.{}_statementofapplicability'


class ScopeViewSet(VisiblePartsViewMixin, WritableViewSet):
    queryset = Scope.objects.all()
    serializer_class = serializers.ScopeSerializer
    filterset_class = filtersets.ScopeFilterSet
    other_parts = ('standard', 'owner', 'tags')


class StatementOfApplicabilityViewSet(ExportViewMixin, WritableViewSet):
    queryset = StatementOfApplicability.objects.select_related('scope', 'catalog').defer('as_approved')
    serializer_class = serializers.StatementOfApplicabilitySerializer
    filterset_class = filtersets.StatementOfApplicabilityFilterSet

    def statement(self, request, pk, permitted='view'):
        """The statement if the user may view it (else 404), and do to it what is asked (else 403)."""
        seen = StatementOfApplicability.objects.restrict(request.user, 'view')
        statement = get_object_or_404(seen.select_related('scope', 'catalog__standard'), pk=pk)
        allowed = StatementOfApplicability.objects.restrict(request.user, permitted)
        if permitted != 'view' and not allowed.filter(pk=pk).exists():
            raise PermissionDenied
        return statement

    def answer(self, statement, code=status.HTTP_200_OK):
        statement = self.queryset.model.objects.select_related('scope', 'catalog').get(pk=statement.pk)
        return Response(self.get_serializer(statement).data, status=code)

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs(MODEL.format('change'))])
    def submit(self, request, pk):
        """Hand a draft over for review."""
        statement = self.statement(request, pk, 'change')
        try:
            return self.answer(soa.submit(statement, request.user))
        except Refused as e:
            return refused(e)

    @extend_schema(request=None)
    @action(detail=True, methods=['post'], permission_classes=[post_needs(MODEL.format('approve'))])
    def approve(self, request, pk):
        """Approve what is in review; 409 with every reason against it."""
        statement = self.statement(request, pk, 'approve')
        reason = reason_given(request)
        try:
            return self.answer(soa.approve(statement, request.user, reason))
        except Refused as e:
            return refused(e)

    @extend_schema(request=None)
    @action(
        detail=True, methods=['post'], url_path='new-version', permission_classes=[post_needs(MODEL.format('add'))]
    )
    def new_version(self, request, pk):
        """A new draft with everything that an approved or superseded version says."""
        statement = self.statement(request, pk)
        try:
            draft = soa.new_version(statement, request.user)
        except Refused as e:
            return refused(e)
        return self.answer(draft, status.HTTP_201_CREATED)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=['get'])
    def completeness(self, request, pk):
        """How far it has come, and everything that keeps it from being approved."""
        statement = self.statement(request, pk)
        result = check(statement, request.user)
        return Response({
            'complete': result.complete,
            'total': result.overall.total, 'decided': result.overall.decided, 'undecided': result.overall.undecided,
            'applicable': result.overall.yes, 'excluded': result.overall.no,
            'implemented': result.overall.implemented, 'justified': result.overall.complete,
            'themes': [
                {'theme': theme, 'total': each.total, 'decided': each.decided, 'implemented': each.implemented}
                for theme, each in result.themes.items()
            ],
            'gaps': [
                {'control': gap.ref, 'kind': gap.kind, 'reason': reason}
                for gap, reason in zip(result.gaps, result.reasons, strict=True)
            ],
            'reasons': result.reasons,
        })

    @extend_schema(
        parameters=[OpenApiParameter('format', OpenApiTypes.STR, enum=[*FORMATS, 'json'])],
        responses={(200, 'application/octet-stream'): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=['get'])
    def export(self, request, pk):
        """
        The statement as a file: `format` csv, xlsx or html, of an approved version as it was approved. `json` is what
        its SHA-256 was taken of, to the byte; for who may see every CI.
        """
        statement = self.statement(request, pk)
        wanted = self.get_format(request, (*FORMATS, 'json'), 'csv')
        text = text_of(statement)
        if wanted == 'json':
            if not may_see_every_ci(request.user):
                raise PermissionDenied(_('It names CIs: only for who may see every CI.'))
            body, content_type = canonical(text), 'application/json'
        else:
            body, content_type = export_statement(
                visible_part(text, request.user), wanted, statement.sha256, statement.is_intact
            )
        response = HttpResponse(body, content_type=content_type)
        name = f'soa-v{statement.version}-{statement.pk}.{wanted}'
        response['Content-Disposition'] = content_disposition_header(wanted != 'html', name)
        return response

    @extend_schema(
        parameters=[OpenApiParameter('against', OpenApiTypes.INT, required=True)], responses=OpenApiTypes.OBJECT
    )
    @action(detail=True, methods=['get'])
    def diff(self, request, pk):
        """What changed from the statement `against` to this one, control by control."""
        statement = self.statement(request, pk)
        against = request.query_params.get('against', '')
        seen = StatementOfApplicability.objects.restrict(request.user, 'view').filter(catalog=statement.catalog)
        digits = against.isascii() and against.isdigit() and len(against) < 19
        other = seen.filter(pk=against).select_related('scope', 'catalog__standard').first() if digits else None
        if other is None:
            raise ValidationError({'against': [_('The ID of another statement made from the same catalog.')]})
        return Response({
            'against': {'id': other.pk, 'version': other.version, 'display': str(other)},
            'changes': [
                {'control': change.ref, 'title': change.title, 'change': change.change, 'fields': {
                    name: list(values) for name, values in change.fields.items()
                }}
                for change in difference(other, statement)
            ],
        })


class SoaEntryViewSet(UpdateOnlyViewSet):
    queryset = SoaEntry.objects.select_related('statement__scope')
    serializer_class = serializers.SoaEntrySerializer
    filterset_class = filtersets.SoaEntryFilterSet
