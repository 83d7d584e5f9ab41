"""A save through the UI or REST has worked out what follows from it before it answers."""
import logging

from django.db import DatabaseError, router, transaction

from ..models import RegisterEntry, StaleMark
from ..services.derive import settle

__all__ = ('SettleMiddleware',)

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
