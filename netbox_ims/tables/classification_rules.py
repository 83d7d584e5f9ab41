import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import ClassificationRule, RegisterEntry
from .base import ReadOnlyTable
from .columns import BadgeColumn, CINameColumn, CITypeColumn, ClassificationColumn, FlagsColumn

__all__ = ('ClassificationRuleTable', 'RuleMatchTable', 'SuggestionTable')


class ListFilterColumn(BadgeColumn):
    """What a rule matches, as a link to NetBox's own list of it."""
    template = 'netbox_ims/columns/list_filter.html'

    def value(self, record, **kwargs):
        return record.filter_in_words or ''


class OutcomeColumn(BadgeColumn):
    """What becomes of a CI under a rule."""
    template = 'netbox_ims/columns/outcome.html'


class SetsColumn(BadgeColumn):
    """The values a rule gives."""
    template = 'netbox_ims/columns/rule_sets.html'

    def value(self, record, **kwargs):
        return ', '.join(f'{field}: {value}' for field, value in record.values.items())


class ClassificationRuleTable(PrimaryModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    enabled = columns.BooleanColumn(verbose_name=_('Enabled'))
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('CI type'))
    filter = ListFilterColumn(verbose_name=_('Matches'), orderable=False)
    mode = columns.ChoiceFieldColumn(verbose_name=_('Mode'))
    sets = SetsColumn(accessor='pk', verbose_name=_('Sets'), orderable=False)
    # "Not set" here, where on a CI's own assessment it would be "unknown"
    classification = tables.Column(order_by=('classification__level',), linkify=True, verbose_name=_('Classification'))
    is_information_asset = columns.BooleanColumn(verbose_name=_('Information asset'))
    handles_sensitive_data = columns.BooleanColumn(verbose_name=_('Sensitive data'))
    processes_personal_data = columns.BooleanColumn(verbose_name=_('Personal data'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:classificationrule_list')

    class Meta(PrimaryModelTable.Meta):
        model = ClassificationRule
        fields = (
            'pk', 'id', 'weight', 'name', 'enabled', 'ci_type', 'filter', 'mode', 'sets', 'classification',
            'is_information_asset', 'handles_sensitive_data', 'processes_personal_data', 'description', 'comments',
            'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'weight', 'name', 'enabled', 'ci_type', 'filter', 'mode', 'sets', 'description',
        )


class RuleCITable(ReadOnlyTable):
    """CIs as rules see them."""
    pk = columns.ToggleColumn(visible=False)
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    name = CINameColumn(verbose_name=_('Name'))
    site = tables.Column(linkify=True, verbose_name=_('Site'))
    tenant = tables.Column(linkify=True, verbose_name=_('Tenant'))
    role = columns.ColoredLabelColumn(verbose_name=_('Role'))
    status = tables.Column(accessor='status_label', order_by=('status',), verbose_name=_('Status'))

    exempt_columns = ('pk',)

    class Meta(ReadOnlyTable.Meta):
        model = RegisterEntry


class RuleMatchTable(RuleCITable):
    """The CIs a rule matches, with annotated `outcome`."""
    outcome = OutcomeColumn(verbose_name=_('Under this rule'))
    classification = ClassificationColumn(order_by=('classification__level',), verbose_name=_('Classification'))
    flags = FlagsColumn()

    class Meta(RuleCITable.Meta):
        fields = ('pk', 'id', 'name', 'outcome', 'classification', 'flags', 'site', 'tenant', 'role', 'status')
        default_columns = ('name', 'outcome', 'classification', 'flags', 'site', 'tenant', 'role', 'status')


class SuggestionTable(RuleCITable):
    """CIs for which a rule suggests something: annotated `speaker`, the key of a rule in `rules`."""
    suggested = tables.Column(accessor='speaker', orderable=False, verbose_name=_('Suggested'))
    rule = tables.Column(accessor='speaker', orderable=False, verbose_name=_('By rule'))

    rules = {}      # set by whoever makes the table

    class Meta(RuleCITable.Meta):
        fields = ('pk', 'id', 'ci_type', 'name', 'suggested', 'rule', 'site', 'tenant', 'role', 'status')
        default_columns = ('ci_type', 'name', 'suggested', 'rule', 'site', 'tenant', 'role', 'status')

    def render_suggested(self, value):
        return render_to_string('netbox_ims/inc/rule_values.html', {'rule': self.rules[value]})

    def value_suggested(self, value):
        return SetsColumn().value(self.rules[value])

    def render_rule(self, value):
        return render_to_string('netbox_ims/columns/rule.html', {'rule': self.rules[value]})

    def value_rule(self, value):
        return str(self.rules[value])
