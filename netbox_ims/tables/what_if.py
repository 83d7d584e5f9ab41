import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import BaseTable, columns

from ..models import RegisterEntry
from .columns import BadgeColumn

__all__ = ('RecoveryTable',)


class RecoverColumn(BadgeColumn):
    template = 'netbox_ims/columns/recover.html'


class RecoveryTable(BaseTable):
    """In which order to recover (ui.what_if.Step): the order is the point, so that there is none to choose."""
    number = tables.Column(verbose_name='#')
    ci = RecoverColumn(verbose_name=_('Recover'))
    minutes = columns.TemplateColumn(
        template_name='netbox_ims/columns/effective_rto.html', verbose_name=_('Effective RTO')
    )
    waits_for = tables.Column(verbose_name=_('Waits for'), default='—')
    brings_back = columns.TemplateColumn(
        template_name='netbox_ims/columns/brings_back.html', verbose_name=_('Brings back')
    )

    class Meta(BaseTable.Meta):
        model = RegisterEntry
        orderable = False
        empty_text = _('Nothing is down')
        fields = ('number', 'ci', 'minutes', 'waits_for', 'brings_back')
        default_columns = fields
