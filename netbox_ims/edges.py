"""
The dependencies that NetBox already knows: where each kind is found, for the CI types of this installation.

They are never typed in. All of them carry time and information alike: a host holds what its guests hold.
"""
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from netbox.plugins import get_plugin_config

from .ci_types import get_ci_types

__all__ = ('EDGE_KINDS', 'End', 'Source', 'get_edge_sources')


@dataclass(frozen=True)
class End:
    """
    One end of an edge, in terms of a row of the source's table: the CI type `label` with its id in `field`, or, for a
    generic foreign key, the type in `type_field`.
    """
    field: str
    label: str | None = None
    type_field: str | None = None


@dataclass(frozen=True)
class Source:
    """
    A table whose rows say what depends on what, of one kind. A row without either end says nothing, nor does one that
    has `unless`. Providers of one dependent stand in for each other where there is a `group`.
    """
    kind: str
    model_label: str
    dependent: End
    provider: End
    unless: str | None = None
    group: str = ''

    @property
    def model(self):
        return apps.get_model(self.model_label)

    @property
    def table(self):
        return self.model._meta.db_table

    def column(self, field):
        return self.model._meta.get_field(field).column

    @property
    def watched(self):
        """The columns that an edge of this source is made of."""
        ends = (self.dependent, self.provider)
        fields = [name for end in ends for name in (end.type_field, end.field)] + [self.unless]
        pk = self.model._meta.pk.name
        return [self.column(name) for name in dict.fromkeys(fields) if name and name != pk]

    def end(self, end, row):
        """(type, id) of an end as SQL, from a row of the table named `row`."""
        if end.label:
            kind = str(ContentType.objects.get_for_model(apps.get_model(end.label)).pk)
        else:
            kind = f'{row}.{self.column(end.type_field)}'
        return kind, f'{row}.{self.column(end.field)}'

    def conditions(self, row):
        """What must hold of a row for it to be an edge between CIs, as SQL."""
        conditions = [f'{row}.{self.column(end.field)} IS NOT NULL' for end in (self.dependent, self.provider)]
        if self.unless:
            conditions.append(f'{row}.{self.column(self.unless)} IS NULL')
        return conditions


# kind -> what people call it
EDGE_KINDS = {
    'service_parent': _('A service runs on its parent'),
    'vm_host': _('A virtual machine runs on its device, else on its cluster'),
    'cluster_devices': _('A cluster runs on any one of its devices'),
    'device_parent': _('A child device sits in its parent device'),
}
SOURCES = (
    Source(
        'service_parent', 'ipam.service', End('id', 'ipam.service'),
        End('parent_object_id', type_field='parent_object_type'),
    ),
    Source(
        'vm_host', 'virtualization.virtualmachine', End('id', 'virtualization.virtualmachine'),
        End('device', 'dcim.device'),
    ),
    Source(
        'vm_host', 'virtualization.virtualmachine', End('id', 'virtualization.virtualmachine'),
        End('cluster', 'virtualization.cluster'), unless='device',
    ),
    Source(
        'cluster_devices', 'dcim.device', End('cluster', 'virtualization.cluster'), End('id', 'dcim.device'),
        group='cluster',
    ),
    Source(
        'device_parent', 'dcim.devicebay', End('installed_device', 'dcim.device'), End('device', 'dcim.device'),
    ),
)


@cache
def get_edge_sources():
    """
    The sources of derived edges that are switched on and whose ends are both registered CI types. Raises
    ImproperlyConfigured for a kind that does not exist.
    """
    kinds = get_plugin_config('netbox_ims', 'derived_edges')
    kinds = list(EDGE_KINDS) if kinds is None else kinds
    if isinstance(kinds, str) or (unknown := set(kinds) - EDGE_KINDS.keys()):
        raise ImproperlyConfigured(
            f"PLUGINS_CONFIG['netbox_ims']['derived_edges'] must be a list of {', '.join(EDGE_KINDS)}"
            + ('' if isinstance(kinds, str) else f"; there is no {', '.join(sorted(map(repr, unknown)))}")
        )
    types = get_ci_types()
    return tuple(
        source for source in SOURCES
        if source.kind in kinds and all(
            end.label is None or end.label in types for end in (source.dependent, source.provider)
        )
    )
