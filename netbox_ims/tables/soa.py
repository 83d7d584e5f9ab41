import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import Scope, SoaEntry, StatementOfApplicability
from .columns import ApplicableColumn, EvidenceColumn, ReasonsColumn

__all__ = ('ScopeTable', 'SoaEntryTable', 'StatementOfApplicabilityTable')


class ScopeTable(PrimaryModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    standard = tables.Column(verbose_name=_('Standard'), linkify=True)
    statement = tables.Column(verbose_name=_('Statement'))
    tenants = columns.ManyToManyColumn(verbose_name=_('Tenants'), linkify_item=True, orderable=False)
    sites = columns.ManyToManyColumn(verbose_name=_('Sites'), linkify_item=True, orderable=False)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:scope_list')

    class Meta(PrimaryModelTable.Meta):
        model = Scope
        fields = (
            'pk', 'id', 'name', 'standard', 'statement', 'tenants', 'sites', 'difference_explanation', 'description',
            'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'standard', 'tenants', 'sites', 'statement')


class PickUnlessFrozenColumn(columns.ToggleColumn):
    """Nothing to tick on what was approved: no bulk operation could change it."""

    def render(self, value, bound_column, record):
        return '' if record.frozen_by else super().render(value, bound_column, record)


class UnlessFrozenActionsColumn(columns.ActionsColumn):
    """What was approved has its change log, and nothing to change it with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._of_frozen = columns.ActionsColumn(actions=('changelog',), split_actions=False)

    def render(self, record, table, **kwargs):
        draw = self._of_frozen.render if record.frozen_by else super().render
        return draw(record, table, **kwargs)


class StatementOfApplicabilityTable(PrimaryModelTable):
    pk = PickUnlessFrozenColumn()
    statement = tables.Column(
        accessor='version', verbose_name=_('Statement'), linkify=lambda record: record.get_absolute_url(),
        order_by=('scope', 'version')
    )
    catalog = tables.Column(verbose_name=_('Catalog'), linkify=True)
    scope = tables.Column(verbose_name=_('Scope'), linkify=True)
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    edited_on = columns.DateTimeColumn(verbose_name=_('Last edited on'), timespec='minutes')
    approved_on = columns.DateTimeColumn(verbose_name=_('Approved on'), timespec='minutes')
    actions = UnlessFrozenActionsColumn()
    tags = columns.TagColumn(url_name='plugins:netbox_ims:statementofapplicability_list')

    class Meta(PrimaryModelTable.Meta):
        model = StatementOfApplicability
        fields = (
            'pk', 'id', 'statement', 'catalog', 'scope', 'version', 'status', 'edited_by', 'edited_on', 'submitted_by',
            'approved_by', 'approved_on', 'sha256', 'description', 'comments', 'tags', 'actions', 'created',
            'last_updated',
        )
        default_columns = ('pk', 'statement', 'catalog', 'status', 'edited_by', 'approved_by', 'approved_on')

    def render_statement(self, record):
        return str(record)


class SoaEntryTable(PrimaryModelTable):
    pk = PickUnlessFrozenColumn()
    statement = tables.Column(verbose_name=_('Statement'), linkify=True, order_by=('statement_id',))
    control = tables.Column(verbose_name=_('Control'), linkify=lambda record: record.get_absolute_url())
    theme = tables.Column(accessor='control__theme', verbose_name=_('Theme'))
    applicable = ApplicableColumn(verbose_name=_('Applicable'))
    reasons = ReasonsColumn(verbose_name=_('Reasons'), orderable=False)
    justification = tables.Column(verbose_name=_('Justification'))
    implementation_status = columns.ChoiceFieldColumn(verbose_name=_('Implementation'))
    implementation = tables.Column(verbose_name=_('How'))
    responsible = tables.Column(verbose_name=_('Responsible'), linkify=True)
    evidence_url = EvidenceColumn(verbose_name=_('Evidence'))
    actions = UnlessFrozenActionsColumn(actions=('edit', 'changelog'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:soaentry_list')

    class Meta(PrimaryModelTable.Meta):
        model = SoaEntry
        fields = (
            'pk', 'id', 'statement', 'control', 'theme', 'applicable', 'reasons', 'justification',
            'implementation_status', 'implementation', 'responsible', 'target_date', 'evidence_url', 'description',
            'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'statement', 'control', 'applicable', 'reasons', 'justification', 'implementation_status',
            'responsible',
        )
