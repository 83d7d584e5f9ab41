"""
A generic relation from every registered CI model to its asset profile.

It makes NetBox delete the profile together with the CI: shown on the confirmation page, and in the change log. It
adds no column, and thus no migration, to NetBox's own tables.
"""
from django.contrib.contenttypes.fields import GenericRelation

from ..ci_types import get_ci_types

__all__ = ('add_profile_relations',)


def add_profile_relations():
    for ci_type in get_ci_types().values():
        if hasattr(ci_type.model, 'ims_profiles'):
            continue
        relation = GenericRelation(
            to='netbox_ims.AssetProfile',
            content_type_field='object_type',
            object_id_field='object_id',
            related_query_name='+',
        )
        relation.contribute_to_class(ci_type.model, 'ims_profiles')
