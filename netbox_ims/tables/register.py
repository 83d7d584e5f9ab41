import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from netbox.tables import OrganizationalModelTable, PrimaryModelTable, columns
from tenancy.tables import ContactsColumnMixin

from ..models import AssetProfile, Classification, Decision, InformationAsset, RegisterAsOf, RegisterEntry, RetiredCI
from .base import ReadOnlyTable
from .columns import (
    CINameColumn,
    CITypeColumn,
    ClassificationColumn,
    EffectiveClassificationColumn,
    EffectiveFlagsColumn,
    FlagColumn,
    FlagsColumn,
    MinutesColumn,
    OwnerColumn,
    ReviewColumn,
    TargetColumn,
)

__all__ = (
    'AssetProfileTable',
    'ClassificationTable',
    'DecisionTable',
    'InformationAssetTable',
    'RegisterAsOfTable',
    'RegisterEntryTable',
    'RetiredCITable',
)


class ClassificationTable(OrganizationalModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    badge = ClassificationColumn(accessor='self', verbose_name=_('Badge'), orderable=False)
    color = columns.ColorColumn()
    requires_security_review = columns.BooleanColumn(verbose_name=_('Security review'))
    handling = columns.MarkdownColumn(verbose_name=_('Handling rules'))
    required_controls = columns.ManyToManyColumn(
        verbose_name=_('Required controls'), linkify_item=True, transform=lambda control: control.ref, orderable=False
    )
    profile_count = columns.LinkedCountColumn(
        viewname='plugins:netbox_ims:registerentry_list', url_params={'classification_id': 'pk'},
        orderable=False, verbose_name=_('CIs')
    )
    tags = columns.TagColumn(url_name='plugins:netbox_ims:classification_list')

    class Meta(OrganizationalModelTable.Meta):
        model = Classification
        fields = (
            'pk', 'id', 'name', 'badge', 'slug', 'level', 'color', 'handling', 'review_interval_days',
            'requires_security_review', 'required_controls', 'profile_count', 'description', 'comments', 'tags',
            'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'name', 'badge', 'level', 'required_controls', 'review_interval_days', 'requires_security_review',
            'profile_count', 'description',
        )


class InformationAssetTable(ContactsColumnMixin, PrimaryModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    custodian = tables.Column(verbose_name=_('Custodian'), linkify=True)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:informationasset_list')

    class Meta(PrimaryModelTable.Meta):
        model = InformationAsset
        fields = (
            'pk', 'id', 'name', 'slug', 'status', 'custodian', 'description', 'contacts', 'comments', 'tags', 'actions',
            'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'status', 'custodian', 'description')


class AssessmentColumnsMixin(tables.Table):
    """What the register and the profiles both show of a CI's assessment."""
    classification = ClassificationColumn(order_by=('classification__level',), verbose_name=_('Classification'))
    flags = FlagsColumn()
    is_information_asset = FlagColumn(verbose_name=_('Information asset'))
    handles_sensitive_data = FlagColumn(verbose_name=_('Sensitive data'))
    processes_personal_data = FlagColumn(verbose_name=_('Personal data'))
    rto_minutes = MinutesColumn(verbose_name=_('RTO'))
    rpo_minutes = MinutesColumn(verbose_name=_('RPO'))
    asset_owner = OwnerColumn(verbose_name=_('Asset owner'))
    review_due = ReviewColumn(verbose_name=_('Next review'))


class AssetProfileTable(AssessmentColumnsMixin, ContactsColumnMixin, PrimaryModelTable):
    ci_type = CITypeColumn(accessor='entry', order_by=('object_type',), verbose_name=_('Type'))
    name = tables.Column(
        accessor='register_entry__name', linkify=lambda record: record.get_absolute_url(), verbose_name=_('CI')
    )
    site = tables.Column(accessor='register_entry__site', linkify=True, verbose_name=_('Site'))
    tenant = tables.Column(accessor='register_entry__tenant', linkify=True, verbose_name=_('Tenant'))
    classification_override = FlagColumn(verbose_name=_('Overridden'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:assetprofile_list')

    class Meta(PrimaryModelTable.Meta):
        model = AssetProfile
        fields = (
            'pk', 'id', 'ci_type', 'name', 'site', 'tenant', 'classification', 'flags', 'is_information_asset',
            'handles_sensitive_data', 'processes_personal_data', 'confidentiality', 'integrity', 'availability',
            'data_categories', 'rto_minutes', 'rpo_minutes', 'asset_owner', 'last_reviewed', 'review_due',
            'classification_override', 'description', 'contacts', 'comments', 'tags', 'actions', 'created',
            'last_updated',
        )
        default_columns = (
            'pk', 'ci_type', 'name', 'classification', 'flags', 'rto_minutes', 'rpo_minutes', 'asset_owner',
            'review_due',
        )


class RegisterEntryTable(AssessmentColumnsMixin, ReadOnlyTable):
    pk = columns.ToggleColumn(visible=False)
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    name = CINameColumn(verbose_name=_('Name'))
    classification = EffectiveClassificationColumn()
    flags = EffectiveFlagsColumn()
    rto = TargetColumn('rto', verbose_name=_('RTO own / req.'))
    rpo = TargetColumn('rpo', verbose_name=_('RPO own / req.'))
    alignment = columns.ChoiceFieldColumn(verbose_name=_('Alignment'))
    site = tables.Column(linkify=True, verbose_name=_('Site'))
    tenant = tables.Column(linkify=True, verbose_name=_('Tenant'))
    role = columns.ColoredLabelColumn(verbose_name=_('Role'))
    status = tables.Column(accessor='status_label', order_by=('status',), verbose_name=_('Status'))
    as_of = columns.DateTimeColumn(verbose_name=_('As of'))
    assess = columns.TemplateColumn(
        template_name='netbox_ims/columns/assess.html', verbose_name='', orderable=False, exclude_from_export=True,
        attrs={'td': {'class': 'text-end text-nowrap noprint p-1'}}
    )

    exempt_columns = ('pk', 'assess')

    class Meta(ReadOnlyTable.Meta):
        model = RegisterEntry
        empty_text = _('No CIs found')
        fields = (
            'pk', 'id', 'ci_type', 'name', 'classification', 'flags', 'is_information_asset', 'handles_sensitive_data',
            'processes_personal_data', 'rto', 'rpo', 'rto_minutes', 'rpo_minutes', 'alignment', 'asset_owner', 'site',
            'tenant', 'role', 'status', 'review_due', 'as_of', 'assess',
        )
        default_columns = ('ci_type', 'name', 'classification', 'flags', 'rto', 'asset_owner', 'site', 'review_due')


class KnownAsRegister:
    """To people's preferences; not in the table's own body, where `name` is a column."""
    name = RegisterEntryTable.__name__


class RegisterAsOfTable(KnownAsRegister, RegisterEntryTable):
    """The register as it stood at a moment, in the columns that a person has chosen for it; nothing to edit."""
    assess = None
    exempt_columns = ('pk',)

    class Meta(RegisterEntryTable.Meta):
        model = RegisterAsOf
        fields = tuple(name for name in RegisterEntryTable.Meta.fields if name != 'assess')


# The columns are made by now; what remains is where NetBox keeps configurations of them, which are the register's.
RegisterAsOfTable.Meta.model = RegisterEntry


class DecisionTable(ReadOnlyTable):
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    time = columns.DateTimeColumn(
        verbose_name=_('Time'), timespec='minutes', linkify=True, attrs={'td': {'class': 'text-nowrap'}}
    )
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    name = tables.Column(verbose_name=_('About'))
    action = columns.ChoiceFieldColumn(verbose_name=_('Action'))
    changes = columns.TemplateColumn(
        template_name='netbox_ims/columns/decision_changes.html',
        accessor='new_values',
        verbose_name=_('What changed'),
        orderable=False,
    )
    user_name = tables.Column(verbose_name=_('User'), empty_values=())
    reason = tables.Column(verbose_name=_('Reason'))

    class Meta(ReadOnlyTable.Meta):
        model = Decision
        fields = ('id', 'time', 'ci_type', 'name', 'action', 'changes', 'user_name', 'reason')
        default_columns = ('time', 'ci_type', 'name', 'action', 'changes', 'user_name', 'reason')

    def render_user_name(self, value):
        return value or _('Not through NetBox')


class RetiredCITable(ReadOnlyTable):
    id = tables.Column(linkify=True, verbose_name=_('ID'))
    time = columns.DateTimeColumn(verbose_name=_('Retired'), timespec='minutes')
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    site_name = tables.Column(verbose_name=_('Site'))
    tenant_name = tables.Column(verbose_name=_('Tenant'))
    is_information_asset = FlagColumn(verbose_name=_('Information asset'))
    handles_sensitive_data = FlagColumn(verbose_name=_('Sensitive data'))
    processes_personal_data = FlagColumn(verbose_name=_('Personal data'))
    flags = FlagsColumn()
    user_name = tables.Column(verbose_name=_('User'), empty_values=())

    class Meta(ReadOnlyTable.Meta):
        model = RetiredCI
        fields = (
            'id', 'time', 'ci_type', 'name', 'classification', 'flags', 'is_information_asset',
            'handles_sensitive_data',
            'processes_personal_data', 'asset_owner', 'site_name', 'tenant_name', 'status', 'user_name', 'reason',
        )
        default_columns = (
            'time',
            'ci_type',
            'name',
            'classification',
            'flags',
            'asset_owner',
            'site_name',
            'user_name',
            'reason',
        )

    def render_user_name(self, value):
        return value or _('Not through NetBox')
