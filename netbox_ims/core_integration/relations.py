"""
Generic relations from every registered CI model to what is recorded about its CIs: asset profile, controls, scopes.

They make NetBox delete these together with the CI: shown on the confirmation page, and in the change log. They add no
column, and thus no migration, to NetBox's own tables.
"""
from django.contrib.contenttypes.fields import GenericRelation

from ..ci_types import get_ci_types

__all__ = ('add_relations',)

RELATIONS = {
    'ims_profiles': 'netbox_ims.AssetProfile',
    'ims_control_assignments': 'netbox_ims.ControlAssignment',
    'ims_scope_memberships': 'netbox_ims.ScopeMember',
}


def add_relations():
    for ci_type in get_ci_types().values():
        for name, model in RELATIONS.items():
            if hasattr(ci_type.model, name):
                continue
            relation = GenericRelation(
                to=model, content_type_field='object_type', object_id_field='object_id', related_query_name='+'
            )
            relation.contribute_to_class(ci_type.model, name)
