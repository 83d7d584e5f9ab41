"""Questions to scopes, statements of applicability and their entries."""
from django.apps import apps
from django.db.models import Exists, OuterRef, Prefetch, Q

from utilities.querysets import RestrictedQuerySet

from .visibility import about_visible_cis

__all__ = ('ScopeMemberQuerySet', 'ScopeQuerySet', 'SoaEntryQuerySet', 'StatementQuerySet', 'covered_by')

APPROVED = 'approved'
CURRENT = ('draft', 'in_review', APPROVED)


def covered_by(scopes):
    """A Q over register entries: the CIs that one of the scopes (a queryset) covers by tenant, site, or themselves."""
    scope = apps.get_model('netbox_ims', 'Scope')
    tenants, sites = scope.tenants.through.objects, scope.sites.through.objects
    members = apps.get_model('netbox_ims', 'ScopeMember').objects.filter(
        scope__in=scopes, object_type=OuterRef('object_type'), object_id=OuterRef('object_id')
    )
    return (
        Q(tenant__in=tenants.filter(scope__in=scopes).values('tenant_id'))
        | Q(site__in=sites.filter(scope__in=scopes).values('site_id'))
        | Q(Exists(members))
    )


class ScopeMemberQuerySet(RestrictedQuerySet):

    def about_visible(self, user):
        """Members that are CIs the user may view."""
        return self.filter(about_visible_cis(user))


class ScopeQuerySet(RestrictedQuerySet):

    def hold(self, pk):
        """
        Lock a scope until the transaction ends, before any of its statements: who approves, numbers or starts one, or
        edits the scope, waits for whoever else does. Making rows that refer to it goes on.
        """
        list(self.filter(pk=pk).select_for_update(no_key=True).values_list('pk'))

    def covering(self, entry):
        """Scopes that the CI of a register entry is in."""
        tenants, sites = self.model.tenants.through.objects, self.model.sites.through.objects
        members = apps.get_model('netbox_ims', 'ScopeMember').objects.filter(
            object_type=entry.object_type_id, object_id=entry.object_id
        )
        return self.filter(
            Q(pk__in=members.values('scope_id'))
            | Q(pk__in=tenants.filter(tenant_id=entry.tenant_id).values('scope_id'))
            | Q(pk__in=sites.filter(site_id=entry.site_id).values('scope_id'))
        )

    def with_visible_parts(self, user):
        """Prefetch tenants, sites and members, of those the user may view."""
        site, tenant = self.model.sites.rel.model, self.model.tenants.rel.model
        members = apps.get_model('netbox_ims', 'ScopeMember').objects.about_visible(user)
        return self.prefetch_related(
            Prefetch('tenants', tenant.objects.restrict(user, 'view')),
            Prefetch('sites', site.objects.restrict(user, 'view')),
            Prefetch('members', members.select_related('object_type').prefetch_related('entry__object_type')),
        )


class StatementQuerySet(RestrictedQuerySet):

    def current(self):
        """Those that are in force, or could come to be."""
        return self.filter(status__in=CURRENT)

    def in_force_with(self, statement):
        """The one in force of the catalogue and scope of a statement."""
        return self.filter(catalog=statement.catalog_id, scope=statement.scope_id, status=APPROVED)

    def open(self):
        """Those that can still be worked on."""
        return self.filter(status__in=('draft', 'in_review'))


class SoaEntryQuerySet(RestrictedQuerySet):

    def in_force(self):
        """Entries of approved statements."""
        return self.filter(statement__status=APPROVED)

    def exclusions(self):
        """Entries that say a control does not apply, of all that is not superseded: in force, or about to be."""
        return self.filter(applicable=False, statement__status__in=CURRENT)

    def about(self, entry):
        """Entries of statements for scopes that the register entry's CI is in."""
        return self.filter(statement__scope__in=apps.get_model('netbox_ims', 'Scope').objects.covering(entry))

    def excluding(self, controls, entry):
        """Entries in force that say one of `controls` does not apply, for scopes the register entry's CI is in."""
        return self.in_force().exclusions().about(entry).filter(control__in=controls)
