"""
Generic relations from every registered CI model to its asset profile and to the dependencies at whose ends it stands.

They make NetBox delete those together with the CI: shown on the confirmation page, and in the change log. They add no
column, and thus no migration, to NetBox's own tables.
"""
from django.contrib.contenttypes.fields import GenericRelation

from ..ci_types import get_ci_types

__all__ = ('add_relations',)

# name of the relation on a CI -> model, and the prefix of its two fields that name the CI
RELATIONS = {
    'ims_profiles': ('netbox_ims.AssetProfile', ''),
    'ims_providers': ('netbox_ims.Dependency', 'dependent_'),
    'ims_dependents': ('netbox_ims.Dependency', 'provider_'),
}


def add_relations():
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
