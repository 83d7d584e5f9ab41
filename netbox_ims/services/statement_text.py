"""
What a statement of applicability says, written down as plain data: titles, people and links by name, nothing that could
be renamed or deleted behind it. Frozen and hashed on approval; every export is made from it.
"""
from dcim.models import Site
from tenancy.models import Tenant

from ..choices import SoaReasonChoices
from ..ci_types import get_ci_types
from ..constants import ENTRY_CONTENT
from ..models import ControlAssignment, RegisterEntry
from ..querysets.visibility import is_superuser, may_see_every_ci, visible_cis
from ..rules.statements import compare
from .completeness import entries_in_scope
from .snapshots import moment, person

__all__ = ('altered_entries', 'difference', 'text_of', 'visible_part', 'write_down')

FORMAT = 'netbox_ims statement of applicability 1'


def text_of(statement):
    """What the statement says: as it was approved, or as it is now while it is open."""
    return statement.as_approved if statement.is_frozen else write_down(statement)


def write_down(statement, replaces=None):
    scope, catalog = statement.scope, statement.catalog
    standard = catalog.standard or scope.standard
    return {
        'format': FORMAT,
        'version': statement.version,
        'status': statement.status,
        'description': statement.description,
        'standard': {'name': standard.name, 'edition': standard.edition},
        'catalog': {'name': catalog.name, 'slug': catalog.slug, 'edition': catalog.edition},
        'scope': {
            'name': scope.name, 'statement': scope.statement, 'difference_explanation': scope.difference_explanation,
            'tenants': [{'id': tenant.pk, 'name': tenant.name} for tenant in scope.tenants.all()],
            'sites': [{'id': site.pk, 'name': site.name} for site in scope.sites.all()],
            'cis': _members(scope),
        },
        'prepared_by': person(statement.edited_by), 'prepared_on': moment(statement.edited_on),
        'submitted_by': person(statement.submitted_by), 'submitted_on': moment(statement.submitted_on),
        'approved_by': person(statement.approved_by), 'approved_on': moment(statement.approved_on),
        'replaces': {
            'version': replaces.version, 'approved_on': moment(replaces.approved_on), 'sha256': replaces.sha256,
        } if replaces else None,
        'entries': _entries(statement),
    }


def _entries(statement):
    assignments = ControlAssignment.objects.filter(control__catalog=statement.catalog)
    assigned = assignments.within(entries_in_scope(statement.scope)).by_control()
    return [
        {
            'ref': entry.control.ref, 'title': entry.control.title, 'theme': entry.control.theme,
            'applicable': entry.applicable, 'justification': entry.justification,
            'reasons': [reason for reason in SoaReasonChoices.values() if reason in entry.reasons],
            'implementation_status': entry.implementation_status, 'implementation': entry.implementation,
            'responsible': entry.responsible.name if entry.responsible else None,
            'target_date': entry.target_date.isoformat() if entry.target_date else None,
            'evidence_url': entry.evidence_url, 'assigned': assigned.get(entry.control_id, 0),
        }
        for entry in statement.entries.select_related('control', 'responsible')
    ]


def _members(scope):
    members = scope.members.select_related('object_type').prefetch_related('entry__object_type')
    return [
        {
            'object_type': f'{member.object_type.app_label}.{member.object_type.model}', 'object_id': member.object_id,
            'name': str(member.entry) if member.entry else '',
        }
        for member in members
    ]


def visible_part(text, user):
    """
    The same without the sites, tenants and CIs that the user may not see, and, unless the user may see every CI,
    without the number of CIs each control is assigned to. All of it for who may see all.
    """
    if is_superuser(user):
        return text
    scope = dict(text['scope'])
    for part, model in (('tenants', Tenant), ('sites', Site)):
        ids = [each['id'] for each in scope[part]]
        seen = set(model.objects.restrict(user, 'view').filter(pk__in=ids).values_list('pk', flat=True))
        scope[part] = [each for each in scope[part] if each['id'] in seen]
    seen = _seen(scope, user)
    scope['cis'] = [each for each in scope['cis'] if (each['object_type'], each['object_id']) in seen]
    entries = text['entries'] if may_see_every_ci(user) else [{**entry, 'assigned': None} for entry in text['entries']]
    return {**text, 'scope': scope, 'entries': entries}


def _seen(scope, user):
    types = {ci_type.content_type.pk: label for label, ci_type in get_ci_types().items()}
    entries = RegisterEntry.objects.filter(
        visible_cis(user), object_id__in=[each['object_id'] for each in scope['cis']]
    )
    return {(types.get(type_id), pk) for type_id, pk in entries.values_list('object_type_id', 'object_id')}


def difference(old, new):
    """What changed from one statement to another, as rules.statements.EntryChange of their content."""
    return compare(text_of(old)['entries'], text_of(new)['entries'], ENTRY_CONTENT)


def altered_entries(statement):
    """
    References of the controls whose entries no longer say what was approved: somebody went behind the trigger in the
    database. People are left out, as they may be renamed or gone.
    """
    fields = [name for name in ENTRY_CONTENT if name != 'responsible']
    return [change.ref for change in compare(statement.as_approved['entries'], _entries(statement), fields)]
