import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import columns

from ..models import Alignment
from .base import ReadOnlyTable
from .columns import CINameColumn, CITypeColumn, MinutesColumn
from .graph import VerdictColumn

__all__ = ('AlignmentTable',)


class EndMixin:
    """A column about one of two CIs, of which there may be only one: the other is not applicable."""

    def __init__(self, **kwargs):
        super().__init__(default='—', orderable=False, **kwargs)
        self.empty_values = (None,)


class EndColumn(EndMixin, CINameColumn):
    pass


class EndTypeColumn(EndMixin, CITypeColumn):
    pass


class AlignmentTable(ReadOnlyTable):
    """Names can't be sorted by: a million rows would be looked up for it. The filters find a name."""
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    verdict = VerdictColumn(order_by=('-severity', 'margin_minutes', 'pk'), verbose_name=_('Alignment'))
    kind = tables.Column(accessor='get_kind_display', order_by=('kind', 'pk'), verbose_name=_('Compared'))
    dependent_type = EndTypeColumn(accessor='dependent_ci', verbose_name=_('Dependent type'))
    dependent = EndColumn(accessor='dependent_ci', verbose_name=_('Dependent'))
    provider_type = EndTypeColumn(accessor='provider_ci', verbose_name=_('Provider type'))
    provider = EndColumn(accessor='provider_ci', verbose_name=_('Provider'))
    redundancy_group = tables.Column(verbose_name=_('Redundancy group'))
    status = columns.ChoiceFieldColumn(order_by=('severity', 'pk'), verbose_name=_('Status'))
    required_minutes = MinutesColumn(verbose_name=_('Required'))
    actual_minutes = MinutesColumn(verbose_name=_('Actual'))
    margin_minutes = tables.Column(verbose_name=_('Margin (minutes)'))
    as_of = columns.DateTimeColumn(verbose_name=_('As of'))
    chain = columns.TemplateColumn(
        template_name='netbox_ims/columns/chain.html', verbose_name='', orderable=False, exclude_from_export=True,
        attrs={'td': {'class': 'text-end text-nowrap noprint p-1'}}
    )

    exempt_columns = ('chain',)

    class Meta(ReadOnlyTable.Meta):
        model = Alignment
        empty_text = _('Nothing to compare')
        fields = (
            'id', 'verdict', 'status', 'kind', 'dependent_type', 'dependent', 'provider_type', 'provider',
            'redundancy_group', 'required_minutes', 'actual_minutes', 'margin_minutes', 'as_of', 'chain',
        )
        default_columns = (
            'verdict', 'kind', 'dependent', 'provider_type', 'provider', 'redundancy_group', 'required_minutes',
            'actual_minutes', 'chain',
        )
