"""
How registered CI models are joined to what is recorded about each CI (profile, dependencies, controls, scopes) and to
its register entry. None of it adds a column, and thus no migration, to NetBox's own tables.
"""
from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch

from netbox.context import current_request

from ..ci_types import get_ci_types
from ..models import RegisterEntry
from ..querysets.visibility import may_know_assessments

__all__ = ('add_entry_relations', 'add_relations', 'known_entries', 'who_asks')

# name of the relation on a CI -> model, and the prefix of its two fields that name the CI
RELATIONS = {
    'ims_profiles': ('netbox_ims.AssetProfile', ''),
    'ims_providers': ('netbox_ims.Dependency', 'dependent_'),
    'ims_dependents': ('netbox_ims.Dependency', 'provider_'),
    'ims_control_assignments': ('netbox_ims.ControlAssignment', ''),
    'ims_scope_memberships': ('netbox_ims.ScopeMember', ''),
}


def add_relations():
    """They make NetBox delete those with the CI: on the confirmation page and in the change log."""
    for ci_type in get_ci_types().values():
        for name, (model, prefix) in RELATIONS.items():
            if hasattr(ci_type.model, name):
                continue
            relation = GenericRelation(
                to=model,
                content_type_field=f'{prefix}object_type',
                object_id_field=f'{prefix}object_id',
                related_query_name='+',
            )
            relation.contribute_to_class(ci_type.model, name)


class PrefetchedEntry:
    """
    `ci.ims_entry`: the register entry, or None, of a CI read with `prefetch_related(Prefetch('ims_entry', …))`.

    Not a field, least of all a GenericRelation: nothing may delete register entries along with their CI, or log that it
    did, as triggers do that. Without a prefetch, which says for whom, there is no such attribute.
    """
    name = 'ims_entry'

    def __get__(self, instance, owner):
        if instance is None:
            return self
        raise AttributeError(f'{self.name} is only there after prefetch_related() with a queryset')

    def is_cached(self, instance):
        return self.name in instance.__dict__

    def get_prefetch_querysets(self, instances, querysets=None):
        """What Django asks of a relation that can be prefetched."""
        if not querysets:
            raise ValueError(f'{self.name}: prefetch it with a queryset that is restricted to whoever asks')
        content_type = ContentType.objects.get_for_model(instances[0])
        entries = querysets[0].filter(object_type=content_type, object_id__in=[ci.pk for ci in instances])
        return entries, lambda entry: entry.object_id, lambda ci: ci.pk, True, self.name, True


def add_entry_relations():
    for ci_type in get_ci_types().values():
        if not hasattr(ci_type.model, PrefetchedEntry.name):
            setattr(ci_type.model, PrefetchedEntry.name, PrefetchedEntry())


def who_asks(request=None):
    """The user behind a request, else behind the one NetBox is answering; None outside of any: the system itself."""
    return getattr(request or current_request.get(), 'user', None)


def known_entries(user):
    """The prefetch of `ims_entry` for a user, with all that badges need; None for one who may see no assessment."""
    if user is None or not may_know_assessments(user):
        return None
    return Prefetch(PrefetchedEntry.name, RegisterEntry.objects.assessments(user).with_badges())
