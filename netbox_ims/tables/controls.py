import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import OrganizationalModelTable, PrimaryModelTable, columns

from ..models import Clause, Control, ControlCatalog, Standard
from .columns import TagsColumn

__all__ = ('ClauseTable', 'ControlCatalogTable', 'ControlTable', 'StandardTable')


class StandardTable(OrganizationalModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:standard_list')

    class Meta(OrganizationalModelTable.Meta):
        model = Standard
        fields = (
            'pk', 'id', 'name', 'slug', 'edition', 'description', 'comments', 'tags', 'actions', 'created',
            'last_updated',
        )
        default_columns = ('pk', 'name', 'edition', 'description')


class ClauseTable(PrimaryModelTable):
    standard = tables.Column(verbose_name=_('Standard'), linkify=True)
    number = tables.Column(verbose_name=_('Number'), linkify=True)
    title = tables.Column(verbose_name=_('Title'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:clause_list')

    class Meta(PrimaryModelTable.Meta):
        model = Clause
        fields = (
            'pk', 'id', 'standard', 'number', 'title', 'description', 'comments', 'tags', 'actions', 'created',
            'last_updated',
        )
        default_columns = ('pk', 'standard', 'number', 'title', 'description')


class ControlCatalogTable(OrganizationalModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    standard = tables.Column(verbose_name=_('Standard'), linkify=True)
    control_count = columns.LinkedCountColumn(
        viewname='plugins:netbox_ims:control_list', url_params={'catalog_id': 'pk'}, orderable=False,
        verbose_name=_('Controls')
    )
    tags = columns.TagColumn(url_name='plugins:netbox_ims:controlcatalog_list')

    class Meta(OrganizationalModelTable.Meta):
        model = ControlCatalog
        fields = (
            'pk', 'id', 'name', 'slug', 'edition', 'standard', 'control_count', 'description', 'comments', 'tags',
            'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'edition', 'standard', 'control_count', 'description')


class ControlTable(PrimaryModelTable):
    catalog = tables.Column(verbose_name=_('Catalog'), linkify=True)
    ref = tables.Column(verbose_name=_('Reference'), linkify=True)
    title = tables.Column(verbose_name=_('Title'))
    control_type = TagsColumn(verbose_name=_('Control type'))
    information_security_properties = TagsColumn(verbose_name=_('Properties'))
    cybersecurity_concepts = TagsColumn(verbose_name=_('Concepts'))
    operational_capabilities = TagsColumn(verbose_name=_('Capabilities'))
    security_domains = TagsColumn(verbose_name=_('Domains'))
    assignment_count = columns.LinkedCountColumn(
        viewname='plugins:netbox_ims:controlassignment_list', url_params={'control_id': 'pk'}, orderable=False,
        verbose_name=_('CIs assigned')
    )
    tags = columns.TagColumn(url_name='plugins:netbox_ims:control_list')

    class Meta(PrimaryModelTable.Meta):
        model = Control
        fields = (
            'pk', 'id', 'catalog', 'ref', 'title', 'theme', *Control.ATTRIBUTES, 'assignment_count', 'description',
            'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'catalog', 'ref', 'title', 'theme', 'assignment_count')
