"""What the overview says of standards and their controls: scopes, statements, and what is missing on CIs."""
from collections import defaultdict
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ..models import Classification, Control, ControlAssignment, Scope, SoaEntry, Standard, StatementOfApplicability
from ..querysets.assignments import lacking_any, missing_by_classification
from ..querysets.soa import covered_by
from .coverage import register_url

__all__ = ('control_findings', 'standard_rows')

NAMED = 3           # of the controls that a classification requires and CIs lack: a finding each


def control_findings(entries, user):
    """
    Findings about controls, as Coverage.findings, of register entries the user may see: required ones that are missing,
    by classification and control, and those that are assigned although a statement excludes them.
    """
    if not user.has_perm('netbox_ims.view_controlassignment'):
        return []
    return [*_missing(entries, user), *_excluded(user)]


def _missing(entries, user):
    seen = Control.objects.restrict(user, 'view').filter(required_by__isnull=False).order_by()
    by_class = defaultdict(list)
    for (classification, control), count in missing_by_classification(entries, seen.values('pk')).items():
        by_class[classification].append((count, control))
    classes = Classification.objects.restrict(user, 'view').filter(pk__in=by_class).order_by('-level')
    controls = seen.in_bulk({control for pairs in by_class.values() for _count, control in pairs}) if by_class else {}
    for classification in classes:
        pairs = sorted(((count, controls[pk]) for count, pk in by_class[classification.pk]),
                       key=lambda pair: (-pair[0], pair[1].ref))
        for count, control in pairs[:NAMED]:
            yield _finding(
                _('{classification} without {ref}').format(classification=classification, ref=control.ref),
                _('Required by the classification, not assigned'), count,
                register_url(effective_classification_id=classification.pk, lacks_control_id=control.pk),
            )
        if rest := pairs[NAMED:]:
            others = [control for _count, control in rest]
            yield _finding(
                _('{classification} without other required controls').format(classification=classification),
                ', '.join(f'{control.ref} ({count})' for count, control in rest),
                lacking_any(entries.filter(effective_classification=classification), others).count(),
                register_url(
                    effective_classification_id=classification.pk, lacks_control_id=[each.pk for each in others]
                ),
            )


def _excluded(user):
    if not user.has_perm('netbox_ims.view_soaentry'):
        return
    exclusions = SoaEntry.objects.restrict(user, 'view').exclusions()
    assigned = ControlAssignment.objects.restrict(user, 'view').excluded(exclusions)
    if count := assigned.count():
        refs = sorted(set(assigned.order_by().values_list('control__ref', flat=True).distinct()))
        yield _finding(
            _('Excluded control assigned'),
            _('{refs}: a statement of applicability says it does not apply').format(refs=', '.join(refs)), count,
            _list_url('controlassignment', excluded='true'),
        )


def _finding(title, explanation, count, url):
    return {'kind': 'finding', 'title': title, 'explanation': explanation, 'count': count, 'url': url}


def _list_url(model, **filters):
    return f'{reverse(f"plugins:netbox_ims:{model}_list")}?{urlencode(filters, doseq=True)}'


def standard_rows(entries, user):
    """
    A row for each standard the user may see: how many of the register entries are in a scope of it (None: it has no
    scope), and its statements that are in force or being worked on. Four queries, however many standards there are.
    """
    scopes = Scope.objects.restrict(user, 'view')
    with_scope = set(scopes.order_by().values_list('standard_id', flat=True).distinct())
    in_scope = entries.order_by().aggregate(**{
        f'in_{pk}': Count('pk', filter=covered_by(scopes.filter(standard=pk))) for pk in with_scope
    }) if with_scope else {}
    statements = defaultdict(list)
    decided = Q(entries__applicable__isnull=False, entries__justification__regex=r'\S')
    current = StatementOfApplicability.objects.restrict(user, 'view').current().select_related('scope').defer(
        'as_approved'
    ).annotate(total=Count('entries'), complete=Count('entries', filter=decided)).order_by('scope__name', 'version')
    for statement in current:
        statements[statement.scope.standard_id].append(statement)
    return [
        {
            'standard': standard, 'in_scope': in_scope.get(f'in_{standard.pk}'),
            'url': register_url(in_scope_id=standard.pk), 'statements': statements[standard.pk],
        }
        for standard in Standard.objects.restrict(user, 'view')
    ]
