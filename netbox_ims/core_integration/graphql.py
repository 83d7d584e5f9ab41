"""
What GraphQL says on NetBox's own types of CIs: their profile and register entry, and filters by what the register says.

Through NetBox's extension API, which reads this module before any GraphQL type is made: so no type of NetBox's, nor of
ours, may be imported here.
"""
from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from strawberry.types import Info
from strawberry.types.field import UNRESOLVED
from strawberry_django.fields.field import StrawberryDjangoField
from strawberry_django.optimizer import OptimizerStore, optimize

from netbox.plugins import PluginConfig
from utilities.querysets import RestrictedPrefetch

from ..ci_types import get_ci_types
from ..filtersets.filters import TriStateFilter
from ..models import AssetProfile, Classification, RegisterEntry
from ..querysets.cis import carrying
from ..querysets.visibility import may_know_assessments

if TYPE_CHECKING:
    from ..graphql.types import AssetProfileType, RegisterEntryType

__all__ = ('filter_extensions', 'type_extensions')


def _extended():
    """The registered types of NetBox itself and ours: another plugin's need not have a type that can be extended."""
    foreign = {app.label for app in apps.get_app_configs() if isinstance(app, PluginConfig)} - {'netbox_ims'}
    return [label for label in get_ci_types() if label.split('.')[0] not in foreign]


def _prefetch(name, model):
    """A prefetch for whoever asks, which reads together with it what is asked of the objects it finds."""
    def prefetch(info):
        to_tell_whose = OptimizerStore.with_hints(only=['object_type', 'object_id'])
        found = optimize(model.objects.all(), info, store=to_tell_whose)
        return RestrictedPrefetch(name, info.context.request.user, 'view', queryset=found)
    return prefetch


class LateField(StrawberryDjangoField):
    """Looks at the type it leads to only once NetBox is up: a lazy one would be imported, and made, right here."""

    def resolve_type(self, *, type_definition=None):
        return super().resolve_type(type_definition=type_definition) if apps.ready else UNRESOLVED


@strawberry.type
class CITypeExtension:
    models = _extended()

    @strawberry_django.field(
        field_cls=LateField, description='What the IMS register says of it',
        prefetch_related=_prefetch('ims_entry', RegisterEntry)
    )
    def ims_register_entry(
        self, info: Info
    ) -> Annotated['RegisterEntryType', strawberry.lazy('netbox_ims.graphql.types')] | None:
        if hasattr(self, 'ims_entry'):
            return self.ims_entry
        return RegisterEntry.objects.restrict(info.context.request.user, 'view').of(self).first()

    @strawberry_django.field(
        field_cls=LateField, description='Its IMS asset profile, if it has one',
        prefetch_related=_prefetch('ims_profiles', AssetProfile)
    )
    def ims_profile(
        self, info: Info
    ) -> Annotated['AssetProfileType', strawberry.lazy('netbox_ims.graphql.types')] | None:
        if 'ims_profiles' in getattr(self, '_prefetched_objects_cache', {}):
            return next(iter(self.ims_profiles.all()), None)
        return self.ims_profiles.restrict(info.context.request.user, 'view').first()


def _slugs(values):
    found = dict(Classification.objects.filter(slug__in=values).values_list('slug', 'pk'))
    return [None if value == 'null' else found.get(value, value) for value in values], {'null', *found}


def _flags(values):
    return [TriStateFilter.VALUES.get(value) for value in values], TriStateFilter.VALUES.keys()


def _by_register(of, info, column, read, values, prefix):
    """CIs by a column of their register entry. Refused as a whole, rather than matching everything or a part."""
    user = info.context.request.user
    if not may_know_assessments(user):
        raise PermissionDenied(_('Filtering by this needs permission to view register entries and asset profiles.'))
    meant, legal = read(values)
    if wrong := [value for value in values if value not in legal]:
        raise ValidationError(_('Not one of the values possible here: {values}').format(values=', '.join(wrong)))
    model = type(of).__strawberry_django_definition__.model
    cis = model.objects.filter(carrying(get_ci_types()[model._meta.label_lower], column, meant, user))
    return Q(**{f'{prefix}pk__in': cis.order_by().values('pk')}) if values else Q()


SLUGS = 'Slugs of IMS classifications, or "null" for none'
FLAGS = '"true", "false", or "null" for unknown'


@strawberry.type
class CIFilterExtension:
    models = _extended()

    @strawberry_django.filter_field(description=SLUGS)
    def ims_classification(self, info: Info, value: list[str], prefix: str) -> Q:
        return _by_register(self, info, 'classification', _slugs, value, prefix)

    @strawberry_django.filter_field(description=SLUGS)
    def ims_effective_classification(self, info: Info, value: list[str], prefix: str) -> Q:
        return _by_register(self, info, 'effective_classification', _slugs, value, prefix)

    @strawberry_django.filter_field(description=FLAGS)
    def ims_information_asset(self, info: Info, value: list[str], prefix: str) -> Q:
        return _by_register(self, info, 'is_information_asset', _flags, value, prefix)

    @strawberry_django.filter_field(description=FLAGS)
    def ims_personal_data(self, info: Info, value: list[str], prefix: str) -> Q:
        return _by_register(self, info, 'processes_personal_data', _flags, value, prefix)


type_extensions = [CITypeExtension]
filter_extensions = [CIFilterExtension]
