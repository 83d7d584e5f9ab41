"""Panels of the pages of business functions and IT services."""
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from ..models import BusinessFunction, RegisterEntry
from ..querysets.graph import UP, reach
from .attrs import MadeChoiceAttr
from .continuity_tests import CITests
from .inheritance import time_result

__all__ = ('BusinessFunctionPanel', 'ITServicePanel', 'ServiceLevelPanel')

NAMED = 20          # functions served; the Dependencies tab has them all


class BusinessFunctionPanel(panels.ObjectAttributesPanel):
    title = _('Business Function')
    name = attrs.TextAttr('name')
    criticality = MadeChoiceAttr('criticality', label=_('Criticality'))
    minimum_level = attrs.TextAttr('minimum_level', label=_('Minimum level'))
    description = attrs.TextAttr('description')


class ITServicePanel(panels.ObjectAttributesPanel):
    title = _('IT Service')
    name = attrs.TextAttr('name')
    status = attrs.ChoiceAttr('status')
    tenants = attrs.RelatedObjectListAttr('tenants', linkify=True, label=_('Tenants'))
    description = attrs.TextAttr('description')


class ServiceLevelPanel(panels.ObjectPanel):
    """What is agreed for a service, what it must meet, what tests achieved, and which functions rely on it."""
    title = _('Service Level')
    template_name = 'netbox_ims/panels/service_level.html'

    def get_context(self, context):
        service, user = context['object'], context['request'].user
        entry = RegisterEntry.objects.assessments(user).of(service).first()
        return {
            **super().get_context(context), 'entry': entry, 'functions': self._functions_served(service, user),
            'tests': CITests(entry, user) if entry else None,
            'targets': [
                (label, getattr(entry, f'{kind}_minutes'), getattr(entry, f'required_{kind}_minutes'),
                 time_result(*entry.verdict(kind)))
                for kind, label in (('rto', _('RTO')), ('rpo', _('RPO')))
            ] if entry else [],
        }

    @staticmethod
    def _functions_served(service, user):
        """Business functions that depend on the service, directly or not, of those the user may see."""
        of_functions = ContentType.objects.get_for_model(BusinessFunction).pk
        ci = ContentType.objects.get_for_model(service).pk, service.pk
        above = [pk for type_id, pk in reach([ci], UP, service._state.db) if type_id == of_functions]
        return BusinessFunction.objects.restrict(user, 'view').filter(pk__in=above)[:NAMED]
