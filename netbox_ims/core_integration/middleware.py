"""
What every request through the UI or REST gets: what follows from a save is worked out before it is answered, and what
only the database could refuse is refused in words.
"""
import logging

from django.contrib import messages
from django.db import DatabaseError, IntegrityError, router, transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from psycopg.errors import IntegrityConstraintViolation

from utilities.api import is_api_request

from ..models import RegisterEntry, StaleMark
from ..services.derive import settle

__all__ = ('RefusalMiddleware', 'SettleMiddleware')

PATIENCE = 2            # seconds to wait for somebody else who is at it; then the system job will do it
SAFE = ('GET', 'HEAD', 'OPTIONS', 'TRACE')

logger = logging.getLogger('netbox.plugins.netbox_ims')


class SettleMiddleware:
    """
    After a request that may have written, settles what its triggers have marked (services/derive.py): whatever was
    saved, by whatever view. One small query where there is nothing.

    What goes wrong here is logged and left to the system job: the request itself has been answered.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in SAFE and not self.is_query(request):
            self.settle()
        return response

    @staticmethod
    def is_query(request):
        """GraphQL asks by POST, and writes nothing."""
        return request.resolver_match is not None and request.resolver_match.url_name == 'graphql'

    def settle(self):
        using = router.db_for_write(RegisterEntry)
        try:
            with transaction.atomic(using=using):
                marked = StaleMark.objects.using(using).exists()
            if marked and settle(using, PATIENCE).busy:
                logger.info('Somebody else is working out derived values; the system job will see to the rest.')
        except DatabaseError:
            logger.exception('Derived values could not be worked out after a request; the system job will try again.')


class RefusalMiddleware:
    """
    Forms and serializers say beforehand what is not allowed. Where somebody else made it so in between (approved what
    is being edited), a trigger refuses, with an SQLSTATE that PostgreSQL itself never uses: REST answers 409, a page
    goes back to where it was and says why.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        refusal = exception.__cause__
        # Its subclasses are PostgreSQL's own: a value that is not unique, a row that is still needed.
        if not isinstance(exception, IntegrityError) or type(refusal) is not IntegrityConstraintViolation:
            return None
        reason = f'{capfirst(refusal.diag.message_primary)}.'
        if is_api_request(request):
            return JsonResponse({'detail': reason, 'reasons': []}, status=409)
        messages.error(request, reason)
        back = request.headers.get('Referer', '')
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            back = request.get_full_path()
        return HttpResponse(headers={'HX-Redirect': back}) if request.htmx else HttpResponseRedirect(back)
