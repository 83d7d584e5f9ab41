"""Panels of the pages of business functions and IT services."""
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels

from .attrs import MadeChoiceAttr

__all__ = ('BusinessFunctionPanel', 'ITServicePanel')


class BusinessFunctionPanel(panels.ObjectAttributesPanel):
    title = _('Business Function')
    name = attrs.TextAttr('name')
    criticality = MadeChoiceAttr('criticality', label=_('Criticality'))
    description = attrs.TextAttr('description')


class ITServicePanel(panels.ObjectAttributesPanel):
    title = _('IT Service')
    name = attrs.TextAttr('name')
    status = attrs.ChoiceAttr('status')
    tenants = attrs.RelatedObjectListAttr('tenants', linkify=True, label=_('Tenants'))
    description = attrs.TextAttr('description')
