import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import BusinessImpactAnalysis
from .columns import LimitColumn, ObjectColumn

__all__ = ('BusinessImpactAnalysisTable',)


class BusinessImpactAnalysisTable(PrimaryModelTable):
    analysis = ObjectColumn(verbose_name=_('Analysis'), order_by=('function', 'analysed_on'))
    function = tables.Column(verbose_name=_('Business function'), linkify=True)
    mtpd_minutes = LimitColumn(verbose_name=_('MTPD'), orderable=False)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:businessimpactanalysis_list')

    class Meta(PrimaryModelTable.Meta):
        model = BusinessImpactAnalysis
        fields = (
            'pk', 'id', 'analysis', 'function', 'analysed_on', 'mtpd_minutes', 'tolerable_rating', 'description',
            'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'analysis', 'function', 'analysed_on', 'mtpd_minutes', 'tolerable_rating')
