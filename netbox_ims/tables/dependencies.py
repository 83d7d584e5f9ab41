import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import Dependency
from .columns import CarriesColumn, CINameColumn, CITypeColumn

__all__ = ('DependencyTable',)


class DependencyTable(PrimaryModelTable):
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    dependent_type = CITypeColumn(
        accessor='dependent_ci', order_by=('dependent_object_type',), verbose_name=_('Dependent type')
    )
    dependent = CINameColumn(accessor='dependent_ci', order_by=('dependent_name', 'pk'), verbose_name=_('Dependent'))
    provider_type = CITypeColumn(
        accessor='provider_ci', order_by=('provider_object_type',), verbose_name=_('Provider type')
    )
    provider = CINameColumn(accessor='provider_ci', order_by=('provider_name', 'pk'), verbose_name=_('Provider'))
    holds_data = CarriesColumn(verbose_name=_('Carries'))
    redundancy_group = tables.Column(verbose_name=_('Redundancy group'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:dependency_list')

    class Meta(PrimaryModelTable.Meta):
        model = Dependency
        fields = (
            'pk', 'id', 'dependent_type', 'dependent', 'provider_type', 'provider', 'holds_data', 'redundancy_group',
            'description', 'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'dependent_type', 'dependent', 'provider_type', 'provider', 'holds_data', 'redundancy_group',
            'description',
        )
