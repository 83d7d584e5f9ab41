import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import BaseTable, columns

from ..ci_types import get_ci_types
from ..models import Baseline
from ..rules.origins import OWN, origin
from ..ui.comparison import by_slug
from .base import LazyRows, ReadOnlyTable
from .columns import BadgeColumn, FlagColumn, MinutesColumn

__all__ = ('BaselineTable', 'SealedRowTable')


class SealedFilterColumn(BadgeColumn):
    """Which CIs a baseline was asked for."""
    template = 'netbox_ims/columns/sealed_filter.html'

    def value(self, record, **kwargs):
        return record.filter_in_words or ''


class BaselineTable(ReadOnlyTable):
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    number = tables.Column(verbose_name=_('Number'))
    name = tables.Column(linkify=True, verbose_name=_('Name'))
    taken_on = columns.DateTimeColumn(verbose_name=_('Taken on'), timespec='minutes')
    as_of = columns.DateTimeColumn(verbose_name=_('As of'), timespec='seconds')
    filter = SealedFilterColumn(verbose_name=_('CIs'), orderable=False)
    rows = tables.Column(verbose_name=_('Rows'))
    user_name = tables.Column(verbose_name=_('User'))
    reason = tables.Column(verbose_name=_('Reason'))
    sha256 = tables.TemplateColumn(
        '<code title="{{ value }}">{{ value|slice:":12" }}…</code>', verbose_name=_('SHA-256'), orderable=False
    )
    previous_sha256 = tables.Column(verbose_name=_('SHA-256 of the baseline before'), orderable=False)

    class Meta(ReadOnlyTable.Meta):
        model = Baseline
        fields = (
            'id', 'number', 'name', 'taken_on', 'as_of', 'filter', 'rows', 'user_name', 'reason', 'sha256',
            'previous_sha256',
        )
        default_columns = ('number', 'name', 'taken_on', 'as_of', 'filter', 'rows', 'user_name', 'reason', 'sha256')

    def value_sha256(self, value):
        return value


class SealedTextColumn(BadgeColumn):
    """What was sealed, as it was written then: without it, nobody had said."""
    template = 'netbox_ims/columns/sealed_text.html'


class SealedClassificationColumn(SealedTextColumn):
    """A classification by its badge while there is one of that slug; what counts looks like how the CI came by it."""
    template = 'netbox_ims/columns/sealed_classification.html'

    def get_context_data(self, *, record, table, value, bound_column, **kwargs):
        how = OWN
        if bound_column.name == 'effective_classification':
            how = origin(record.get('classification'), value, record.get('classification_override'))
        context = super().get_context_data(
            record=record, table=table, value=value, bound_column=bound_column, **kwargs
        )
        return {**context, 'classification': table.classifications.get(value), 'how': how}


class SealedNameColumn(tables.Column):
    """The CI's name as it was."""

    def render(self, record):
        return record['name'] or f'{record["object_type"]} {record["object_id"]}'


class SealedRowTable(BaseTable):
    """The rows of a baseline as they were sealed (dictionaries, rules/baselines.py), with the `url` of each CI."""
    object_type = tables.Column(verbose_name=_('Type'))
    name = SealedNameColumn(verbose_name=_('Name'), empty_values=(), linkify=lambda record: record['url'])
    site = tables.Column(verbose_name=_('Site'))
    classification = SealedClassificationColumn(verbose_name=_('Classification'))
    effective_classification = SealedClassificationColumn(verbose_name=_('Effective'))
    handles_sensitive_data = FlagColumn(verbose_name=_('Sensitive data'))
    processes_personal_data = FlagColumn(verbose_name=_('Personal data'))
    rto_minutes = MinutesColumn(verbose_name=_('RTO'))
    required_rto_minutes = MinutesColumn(verbose_name=_('Required RTO'))
    asset_owner = SealedTextColumn(verbose_name=_('Asset owner'))

    class Meta(BaseTable.Meta):
        model = Baseline
        orderable = False
        empty_text = _('No rows')
        fields = (
            'object_type', 'name', 'site', 'classification', 'effective_classification', 'handles_sensitive_data',
            'processes_personal_data', 'rto_minutes', 'required_rto_minutes', 'asset_owner',
        )
        default_columns = fields

    def __init__(self, count, read, **kwargs):
        super().__init__(LazyRows(count, read), **kwargs)
        self.classifications = by_slug()

    def render_object_type(self, value):
        ci_type = get_ci_types().get(value)
        return ci_type.verbose_name if ci_type else value
