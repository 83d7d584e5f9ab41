"""The pages of scopes, statements of applicability and entries: panels, and what the workbench shows."""
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from netbox.ui import attrs, panels
from tenancy.models import Contact

from ..choices import ImplementationStatusChoices, SoaReasonChoices
from ..models import Control, ControlAssignment, RegisterEntry, Scope, SoaEntry
from ..querysets.assignments import missing_by_control
from ..querysets.soa import covered_by
from ..rules import statements as rules
from ..rules.coverage import segments
from ..services.completeness import check
from ..services.soa import approval_refusals
from ..services.statement_text import altered_entries
from .attrs import ApplicableAttr, EvidenceAttr, ReasonsAttr

__all__ = (
    'EntryImplementationPanel', 'EntryPanel', 'ScopeCoversPanel', 'ScopeDifferencePanel', 'ScopePanel',
    'StatementApprovalPanel', 'StatementPanel', 'Workbench', 'entry_changes',
)

BAR_WIDTH, ROW_HEIGHT = 420, 40
CONTACTS_OFFERED = 500      # as names to complete; whoever is not among them can still be typed in


class ScopePanel(panels.ObjectAttributesPanel):
    name = attrs.TextAttr('name')
    standard = attrs.RelatedObjectAttr('standard', linkify=True)
    statement = attrs.TextAttr('statement', label=_('Statement'))
    description = attrs.TextAttr('description')


class ScopeCoversPanel(panels.ObjectPanel):
    """Tenants, sites and CIs of the scope, of those the user may see, and how many CIs that makes."""
    title = _('Covers')
    template_name = 'netbox_ims/panels/scope_covers.html'

    def get_context(self, context):
        scope, user = context['object'], context['request'].user
        seen = Scope.objects.with_visible_parts(user).get(pk=scope.pk)
        count = None
        if user.has_perm('netbox_ims.view_registerentry'):
            entries = RegisterEntry.objects.restrict(user, 'view')
            count = entries.filter(covered_by(Scope.objects.filter(pk=scope.pk))).count()
        return {**super().get_context(context), 'seen': seen, 'count': count}


class ScopeDifferencePanel(panels.ObjectPanel):
    """
    Other scopes beside this one, how many CIs only one of the two covers (of those the user may see; one query for all
    scopes), and why they differ.
    """
    title = _('Other Scopes')
    template_name = 'netbox_ims/panels/scope_difference.html'

    def get_context(self, context):
        scope, user = context['object'], context['request'].user
        others = list(Scope.objects.restrict(user, 'view').exclude(pk=scope.pk).select_related('standard'))
        counts = self._differences(scope, others, user) if user.has_perm('netbox_ims.view_registerentry') else None
        rows = [
            {
                'scope': other, 'counted': counts is not None,
                **{side: (counts[f'{side}_{other.pk}'], self._url(*pair)) for side, pair in (
                    ('here', (scope, other)), ('there', (other, scope))
                ) if counts},
            }
            for other in others
        ]
        return {
            **super().get_context(context), 'rows': rows,
            'differs': counts is None or any(counts.values()),
        }

    @staticmethod
    def _differences(scope, others, user):
        this = covered_by(Scope.objects.filter(pk=scope.pk))
        counts = {}
        for other in others:
            that = covered_by(Scope.objects.filter(pk=other.pk))
            counts[f'here_{other.pk}'] = Count('pk', filter=this & ~that)
            counts[f'there_{other.pk}'] = Count('pk', filter=that & ~this)
        return RegisterEntry.objects.restrict(user, 'view').order_by().aggregate(**counts) if counts else {}

    @staticmethod
    def _url(inside, outside):
        return _filtered('plugins:netbox_ims:registerentry_list', scope_id=inside.pk, scope_id__n=outside.pk)


class StatementPanel(panels.ObjectAttributesPanel):
    catalog = attrs.RelatedObjectAttr('catalog', linkify=True)
    scope = attrs.RelatedObjectAttr('scope', linkify=True)
    version = attrs.NumericAttr('version', label=_('Version'))
    status = attrs.ChoiceAttr('status')
    description = attrs.TextAttr('description')


class StatementApprovalPanel(panels.ObjectPanel):
    """Who edited, submitted and approved it when, and whether it is still what was approved."""
    title = _('Approval')
    template_name = 'netbox_ims/panels/statement_approval.html'

    def get_context(self, context):
        statement = context['object']
        altered = altered_entries(statement) if statement.is_frozen and statement.is_intact else ()
        return {**super().get_context(context), 'altered': altered}


class EntryPanel(panels.ObjectAttributesPanel):
    title = _('Applicability')
    statement = attrs.RelatedObjectAttr('statement', linkify=True)
    control = attrs.RelatedObjectAttr('control', linkify=True)
    applicable = ApplicableAttr('applicable', label=_('Applicable'))
    reasons = ReasonsAttr('reasons', label=_('Reasons'))
    justification = attrs.TextAttr('justification', label=_('Justification'))
    description = attrs.TextAttr('description')


class EntryImplementationPanel(panels.ObjectAttributesPanel):
    title = _('Implementation')
    implementation_status = attrs.ChoiceAttr('implementation_status', label=_('Status'))
    implementation = attrs.TextAttr('implementation', label=_('How'))
    responsible = attrs.RelatedObjectAttr('responsible', linkify=True)
    target_date = attrs.DateTimeAttr('target_date', spec='date', label=_('Target date'))
    evidence_url = EvidenceAttr('evidence_url', label=_('Evidence'))


def entry_changes(change):
    """[(label, old, new)] of an EntryChange (rules.statements), in people's words, less what neither says."""
    return [
        (SoaEntry._meta.get_field(name).verbose_name, _in_words(name, old), _in_words(name, new))
        for name, (old, new) in change.fields.items() if old or new or old is False or new is False
    ]


def _in_words(name, value):
    if name == 'applicable':
        return {True: _('Yes'), False: _('No'), None: _('Undecided')}[value]
    if name == 'reasons':
        labels = dict(SoaReasonChoices)
        return ', '.join(str(labels.get(reason, reason)) for reason in value or ()) or '—'
    if name == 'implementation_status':
        return dict(ImplementationStatusChoices).get(value, '—')
    return value or '—'


@dataclass
class Coverage:
    """On how many CIs in scope a control is, of those where it is or should be; None where nobody may know."""
    assigned: int = 0
    missing: int = 0
    assigned_url: str = ''
    missing_url: str = ''

    @property
    def expected(self):
        return self.assigned + self.missing

    @property
    def percent(self):
        return 100 * self.assigned / self.expected if self.expected else 0


@dataclass
class Theme:
    """One theme of the workbench: its entries that are shown, and how far it has come."""
    name: str
    progress: rules.Progress
    url: str
    rows: list = field(default_factory=list)
    y: int = 0
    segments: list = field(default_factory=list)

    @property
    def bar_y(self):
        return self.y + 18


def _filtered(viewname, **filters):
    return f'{reverse(viewname)}?{urlencode(filters)}'


class Workbench:
    """
    The page on which a statement is worked through: entries by theme, what is left to do, and what keeps it from being
    approved. A fixed number of queries, whatever the number of entries.
    """
    KINDS = {
        'undecided': lambda entry: entry.applicable is None,
        'unjustified': lambda entry: entry.applicable is not None and not rules.is_complete(entry),
        'excluded': lambda entry: entry.applicable is False,
        'unimplemented': lambda entry: entry.applicable and entry.implementation_status != 'implemented',
        'uncovered': lambda entry: bool(entry.coverage and entry.coverage.missing),
    }
    TITLES = (
        ('', _('All')), ('undecided', _('Undecided')), ('unjustified', _('Unjustified')), ('excluded', _('Excluded')),
        ('unimplemented', _('Not implemented')), ('uncovered', _('Coverage gaps')),
    )

    def __init__(self, statement, user, show='', only=None):
        """`only`: this one of the entries is to be drawn, after a change to it."""
        self.statement, self.user = statement, user
        self.show = show if show in self.KINDS else ''
        self.completeness = check(statement, user)
        self.refusals = approval_refusals(statement, user, self.completeness)
        self.entries = list(statement.entries.select_related('control', 'responsible'))
        self.drawn = [entry for entry in self.entries if only in (None, entry)]
        self.editable = not statement.is_frozen and user.has_perm('netbox_ims.change_soaentry')
        self._cover()

    statuses = tuple(ImplementationStatusChoices)
    reasons = tuple(SoaReasonChoices)

    @property
    def overall(self):
        return self.completeness.overall

    @property
    def complete_percent(self):
        return 100 * self.overall.complete / self.overall.total if self.overall.total else 0

    @property
    def left(self):
        """How many controls are still to be decided or justified."""
        return self.overall.total - self.overall.complete

    @property
    def may_name(self):
        """Whether the user can choose who is responsible: that takes sight of contacts."""
        return self.user.has_perm('tenancy.view_contact')

    @property
    def contacts(self):
        """Names to choose who is responsible from."""
        seen = Contact.objects.restrict(self.user, 'view').order_by('name')
        return list(seen.values_list('name', flat=True).distinct()[:CONTACTS_OFFERED]) if self.editable else []

    @property
    def url(self):
        return reverse('plugins:netbox_ims:statementofapplicability_work', args=[self.statement.pk])

    def _cover(self):
        """Give each entry its `coverage`, of the CIs the user may see."""
        for entry in self.entries:
            entry.statement, entry.coverage = self.statement, None
            entry.complete = rules.is_complete(entry)
        if not self.user.has_perms(('netbox_ims.view_controlassignment', 'netbox_ims.view_registerentry')):
            return
        scope = Scope.objects.filter(pk=self.statement.scope_id)
        in_scope = RegisterEntry.objects.restrict(self.user, 'view').filter(covered_by(scope))
        controls = [entry.control_id for entry in self.drawn]
        assignments = ControlAssignment.objects.restrict(self.user, 'view').filter(control__in=controls)
        assigned = assignments.within(in_scope).by_control()
        missing = missing_by_control(in_scope, Control.objects.filter(pk__in=controls))
        for entry in self.drawn:
            filters = {'scope_id': self.statement.scope_id}
            entry.coverage = Coverage(
                assigned.get(entry.control_id, 0), missing.get(entry.control_id, 0),
                _filtered('plugins:netbox_ims:controlassignment_list', control_id=entry.control_id, **filters),
                _filtered('plugins:netbox_ims:registerentry_list', lacks_control_id=entry.control_id, **filters),
            )

    @property
    def chips(self):
        """
        Filters above the list, each with the number of rows it leaves; coverage, which no decision changes, only where
        all rows are drawn.
        """
        kinds = self.TITLES if len(self.drawn) == len(self.entries) else self.TITLES[:-1]
        return [
            {
                'key': kind or 'all', 'title': title, 'active': kind == self.show,
                'url': f'{self.url}?show={kind}' if kind else self.url,
                'count': sum(1 for entry in self.entries if self.KINDS[kind](entry)) if kind else len(self.entries),
            }
            for kind, title in kinds
        ]

    @property
    def blockers(self):
        """What keeps it from being approved, by kind, each with its rows."""
        first = self.completeness.gaps
        excluded = next((gap.ref for gap in first if gap.kind == rules.EXCLUDED_ASSIGNED), None)
        rows = (
            ('help', _('Not part of the statement'), rules.MISSING, self.url),
            ('help', _('Undecided controls'), rules.UNDECIDED, f'{self.url}?show=undecided'),
            ('text-box-remove-outline', _('Decided without a justification'), rules.UNJUSTIFIED,
             f'{self.url}?show=unjustified'),
            ('link-off', _('Excluded but assigned: {ref}').format(ref=excluded), rules.EXCLUDED_ASSIGNED,
             f'{self.url}?show=excluded'),
        )
        return [
            {'icon': icon, 'title': title, 'count': count, 'url': url}
            for icon, title, kind, url in rows if (count := self.completeness.count(kind))
        ]

    @property
    def themes(self):
        """Every theme with the entries to be shown."""
        themes = {}
        for index, (name, progress) in enumerate(self.completeness.themes.items()):
            theme = themes[name] = Theme(name or _('None'), progress, f'{self.url}#theme-{index}', y=index * ROW_HEIGHT)
            parts = {
                'implemented': progress.implemented, 'decided': progress.decided - progress.implemented,
                'undecided': progress.undecided,
            }
            theme.segments = segments(parts, BAR_WIDTH, 1)
        for entry in self.drawn:
            if not self.show or self.KINDS[self.show](entry):
                themes[entry.control.theme].rows.append(entry)
        return list(themes.values())

    @property
    def height(self):
        return max(len(self.completeness.themes) * ROW_HEIGHT - 6, 10)
