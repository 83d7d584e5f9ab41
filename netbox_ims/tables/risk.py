import django_tables2 as tables
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from netbox.tables import PrimaryModelTable, columns

from ..models import Risk, RiskAcceptance, RiskAssignment, RiskMatrix, RiskTreatment
from ..rules.durations import format_minutes
from ..ui.affected import Affected
from .columns import BadgeColumn, CINameColumn, CITypeColumn, OwnerColumn, ReviewColumn

__all__ = (
    'RiskAcceptanceTable', 'RiskAssignmentTable', 'RiskMatrixTable', 'RiskTable', 'RiskTreatmentTable',
)


class LevelColumn(BadgeColumn):
    """The level of one assessment of a risk, which may be what `accessor` leads to; sorts by rank."""
    template = 'netbox_ims/columns/risk_level.html'

    def __init__(self, stage, accessor='pk', **kwargs):
        self.stage = stage
        prefix = '' if accessor == 'pk' else f'{accessor}__'
        super().__init__(**{
            'accessor': accessor, 'order_by': (f'{prefix}{stage}_rank', 'pk'), 'extra_context': {}, **kwargs
        })

    def level(self, record):
        return getattr(record, 'risk', record).level_of(self.stage)

    def render(self, record, **kwargs):
        self.extra_context['level'] = self.level(record)
        return super().render(record=record, **kwargs)

    def value(self, record, **kwargs):
        level = self.level(record)
        return level.name if level else gettext('Not rated')


class RiskColumn(BadgeColumn):
    """Reference, title and standards in one; of standards those the user may see: the list prefetches no others."""
    template = 'netbox_ims/columns/risk.html'

    def __init__(self, **kwargs):
        super().__init__(**{
            'accessor': 'pk', 'order_by': ('reference',), 'attrs': {'td': {'class': 'ims-wide'}}, **kwargs
        })

    def value(self, record, **kwargs):
        return str(record)


class LevelsColumn(BadgeColumn):
    """Inherent, current and target level of a risk, one after the other."""
    template = 'netbox_ims/columns/risk_levels.html'

    def __init__(self, **kwargs):
        super().__init__(**{
            'accessor': 'pk', 'order_by': ('current_rank', 'reference'), 'extra_context': {}, **kwargs
        })

    def render(self, record, **kwargs):
        self.extra_context['levels'] = [record.level_of(stage) for stage in ('inherent', 'current', 'target')]
        return super().render(record=record, **kwargs)

    def value(self, record, **kwargs):
        levels = [record.level_of(stage) for stage in ('inherent', 'current', 'target')]
        return ' → '.join(level.name if level else '?' for level in levels)


class TreatmentColumn(BadgeColumn):
    """How a risk is dealt with, how many of its actions are done, and what is missing."""
    template = 'netbox_ims/columns/risk_treatment.html'

    def value(self, record, **kwargs):
        words = [record.get_treatment_display() or gettext('not decided')]
        if record.action_count:
            words.append(gettext('{done} of {count}').format(done=record.done_count, count=record.action_count))
        if record.accepted_until:
            words.append(gettext('accepted until {day}').format(day=record.accepted_until.isoformat()))
        elif record.is_untreated:
            words.append(gettext('untreated'))
        return ', '.join(words)


class AffectedColumn(BadgeColumn):
    """How many CIs a risk is about, their highest classification and lowest recovery time; see ui.affected."""
    template = 'netbox_ims/columns/risk_affected.html'

    def __init__(self, **kwargs):
        super().__init__(**{'accessor': 'pk', 'orderable': False, 'extra_context': {}, **kwargs})

    def render(self, record, **kwargs):
        self.extra_context['affected'] = Affected.of(record)
        return super().render(record=record, **kwargs)

    def value(self, record, **kwargs):
        affected = Affected.of(record)
        if not affected.count:
            return '0'
        unknown = pgettext('classification or recovery time', 'unknown')
        classification = rto = unknown
        if affected.classification:
            classification = f'{"" if affected.classification_complete else "≥ "}{affected.classification}'
        if affected.rto_minutes is not None:
            rto = f'{"" if affected.rto_complete else "≤ "}{format_minutes(affected.rto_minutes)}'
        return f'{affected.count}, {classification}, {rto}'


class RiskMatrixTable(PrimaryModelTable):
    name = tables.Column(verbose_name=_('Name'), linkify=True)
    size = tables.Column(accessor='size', verbose_name=_('Size'), orderable=False)
    acceptance_level = tables.Column(
        accessor='acceptance_level_name', verbose_name=_('Acceptance level'), orderable=False
    )
    is_active = columns.BooleanColumn(verbose_name=_('Active'))
    risk_count = columns.LinkedCountColumn(
        viewname='plugins:netbox_ims:risk_list', url_params={'matrix_id': 'pk'}, orderable=False,
        verbose_name=_('Risks')
    )
    activated_on = columns.DateTimeColumn(verbose_name=_('Activated on'), timespec='minutes')
    replaced_on = columns.DateTimeColumn(verbose_name=_('Replaced on'), timespec='minutes')
    tags = columns.TagColumn(url_name='plugins:netbox_ims:riskmatrix_list')

    class Meta(PrimaryModelTable.Meta):
        model = RiskMatrix
        fields = (
            'pk', 'id', 'name', 'version', 'size', 'acceptance_level', 'is_active', 'risk_count', 'activated_on',
            'replaced_on', 'description', 'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = (
            'pk', 'name', 'version', 'size', 'acceptance_level', 'is_active', 'risk_count', 'description',
        )


class RiskTable(PrimaryModelTable):
    reference = tables.Column(verbose_name=_('Reference'), linkify=True)
    risk = RiskColumn(verbose_name=_('Risk'))
    title = tables.Column(verbose_name=_('Title'), linkify=True)
    standards = columns.ManyToManyColumn(verbose_name=_('Standards'), linkify_item=True, orderable=False)
    matrix = tables.Column(verbose_name=_('Matrix'), linkify=True)
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    levels = LevelsColumn(verbose_name=_('Inherent → current → target'))
    inherent_level = LevelColumn('inherent', verbose_name=_('Inherent level'))
    current_level = LevelColumn('current', verbose_name=_('Current level'))
    target_level = LevelColumn('target', verbose_name=_('Target level'))
    treatment = TreatmentColumn(verbose_name=_('Treatment'))
    affected = AffectedColumn(verbose_name=_('Affected CIs'))
    risk_owner = OwnerColumn(verbose_name=_('Risk owner'), order_by=('risk_owner__name',))
    review_due = ReviewColumn(verbose_name=_('Review'))
    tags = columns.TagColumn(url_name='plugins:netbox_ims:risk_list')

    class Meta(PrimaryModelTable.Meta):
        model = Risk
        fields = (
            'pk', 'id', 'risk', 'reference', 'title', 'standards', 'status', 'levels', 'inherent_level',
            'current_level', 'target_level', 'treatment', 'affected', 'risk_owner', 'review_due', 'matrix', 'threat',
            'vulnerability', 'residual_explanation', 'description', 'comments', 'tags', 'actions', 'created',
            'last_updated',
        )
        default_columns = (
            'pk', 'risk', 'levels', 'treatment', 'affected', 'risk_owner', 'review_due',
        )


class OfRiskTable(PrimaryModelTable):
    """What belongs to a risk."""
    risk = tables.Column(verbose_name=_('Risk'), linkify=True, order_by=('risk__reference',))
    level = LevelColumn('current', accessor='risk', verbose_name=_('Current level'))


class RiskAssignmentTable(OfRiskTable):
    ci_type = CITypeColumn(accessor='object_type', order_by=('object_type',), verbose_name=_('Type'))
    ci = CINameColumn(accessor='entry', order_by=('register_entry__name',), verbose_name=_('CI'))
    site = tables.Column(
        accessor='entry__site', order_by=('register_entry__site',), verbose_name=_('Site'), linkify=True
    )
    tags = columns.TagColumn(url_name='plugins:netbox_ims:riskassignment_list')

    class Meta(PrimaryModelTable.Meta):
        model = RiskAssignment
        fields = (
            'pk', 'id', 'risk', 'level', 'ci_type', 'ci', 'site', 'description', 'comments', 'tags', 'actions',
            'created', 'last_updated',
        )
        default_columns = ('pk', 'risk', 'level', 'ci_type', 'ci', 'site')


class DueColumn(BadgeColumn):
    """When an action is due; nothing is late that is done."""
    template = 'netbox_ims/columns/risk_due.html'

    def value(self, value, **kwargs):
        return value.isoformat() if value else ''


class ProgressColumn(BadgeColumn):
    """How much of an action is done."""
    template = 'netbox_ims/columns/risk_progress.html'


class RiskTreatmentTable(OfRiskTable):
    name = tables.Column(verbose_name=_('Action'), linkify=True)
    responsible = OwnerColumn(verbose_name=_('Responsible'), order_by=('responsible__name',))
    due = DueColumn(verbose_name=_('Due'))
    done_on = columns.DateColumn(verbose_name=_('Done on'))
    progress = ProgressColumn(verbose_name=_('Progress'))
    controls = columns.ManyToManyColumn(verbose_name=_('Controls'), linkify_item=True, orderable=False)
    tags = columns.TagColumn(url_name='plugins:netbox_ims:risktreatment_list')

    class Meta(PrimaryModelTable.Meta):
        model = RiskTreatment
        fields = (
            'pk', 'id', 'name', 'risk', 'level', 'responsible', 'due', 'done_on', 'progress', 'controls', 'description',
            'comments', 'tags', 'actions', 'created', 'last_updated',
        )
        default_columns = ('pk', 'name', 'risk', 'level', 'responsible', 'due', 'progress', 'controls')


class RiskAcceptanceTable(OfRiskTable):
    acceptance = tables.Column(accessor='pk', verbose_name=_('Acceptance'), linkify=True, order_by=('pk',))
    status = columns.ChoiceFieldColumn(verbose_name=_('Status'))
    requested_on = columns.DateTimeColumn(verbose_name=_('Requested on'), timespec='minutes')
    decided_on = columns.DateTimeColumn(verbose_name=_('Decided on'), timespec='minutes')
    tags = columns.TagColumn(url_name='plugins:netbox_ims:riskacceptance_list')

    def render_acceptance(self, record):
        return str(record)

    class Meta(PrimaryModelTable.Meta):
        model = RiskAcceptance
        fields = (
            'pk', 'id', 'acceptance', 'risk', 'level', 'status', 'valid_until', 'justification', 'requested_by',
            'requested_on', 'decided_by', 'decided_on', 'description', 'comments', 'tags', 'actions', 'created',
            'last_updated',
        )
        default_columns = (
            'pk', 'acceptance', 'risk', 'level', 'status', 'valid_until', 'requested_by', 'decided_by', 'decided_on',
        )
