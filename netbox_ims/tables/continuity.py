import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns
from tenancy.tables import ContactsColumnMixin

from ..models import BusinessFunction, ITService
from .columns import MadeChoiceColumn, MinutesColumn

__all__ = ('BusinessFunctionTable', 'ITServiceTable')


class BusinessFunctionTable(ContactsColumnMixin, PrimaryModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    criticality = MadeChoiceColumn(verbose_name=_('Criticality'))
    mtpd_minutes = MinutesColumn(verbose_name=_('MTPD'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:businessfunction_list')

    class Meta(PrimaryModelTable.Meta):
        model = BusinessFunction
        fields = (
            'pk', 'id', 'name', 'slug', 'criticality', 'mtpd_minutes', 'mtpd_reason', 'minimum_level', 'description',
            'contacts', 'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'criticality', 'mtpd_minutes', 'minimum_level', 'description')


class ITServiceTable(ContactsColumnMixin, PrimaryModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    tenants = columns.ManyToManyColumn(verbose_name=_('Tenants'), linkify_item=True)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:itservice_list')

    class Meta(PrimaryModelTable.Meta):
        model = ITService
        fields = (
            'pk', 'id', 'name', 'slug', 'status', 'tenants', 'description', 'contacts', 'comments', 'tags', 'actions',
            'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'status', 'tenants', 'description')
