"""What the register should say, worked out a second time: in Python, from the objects themselves."""
from contextlib import contextmanager

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings

from circuits.models import Circuit
from dcim.models import Device, DeviceBay, Rack, Site
from ipam.models import Service
from virtualization.models import Cluster, VirtualMachine

from netbox_ims.ci_types import get_ci_types
from netbox_ims.edges import get_edge_sources
from netbox_ims.models import (
    Alignment,
    AssetProfile,
    BusinessFunction,
    Classification,
    Dependency,
    InformationAsset,
    ITService,
    RegisterEntry,
    StaleMark,
)
from netbox_ims.rules.alignment import of_edges
from netbox_ims.rules.graph import Derived, Edge, Own, work_out
from netbox_ims.services import align_all, alignment_rows
from netbox_ims.services import derive as derive_service
from netbox_ims.services.reconcile import find_drift

COLUMNS = (
    'name', 'site_id', 'tenant_id', 'role_id', 'status', 'profile_id', 'classification_id', 'is_information_asset',
    'handles_sensitive_data', 'processes_personal_data', 'rto_minutes', 'rpo_minutes', 'asset_owner_id', 'review_due',
    'classification_override',
)


def rack_like(ci):
    return ci.name, ci.site_id, ci.tenant_id, None, ci.status


def of_service(service):
    parent = service.parent if isinstance(service.parent, (Device, VirtualMachine)) else None
    return service.name, parent and parent.site_id, parent and parent.tenant_id, None, None


def of_circuit(circuit):
    end = circuit.termination_a
    return circuit.cid, end and end._site_id, circuit.tenant_id, None, circuit.status


# model -> (name, site, tenant, role, status) of one object
SHIPPED = {
    Device: lambda d: (d.name or '', d.site_id, d.tenant_id, d.role_id, d.status),
    Rack: rack_like,
    Site: lambda s: (s.name, s.pk, s.tenant_id, None, s.status),
    VirtualMachine: lambda v: (v.name, v.site_id, v.tenant_id, v.role_id, v.status),
    Cluster: lambda c: (c.name, c._site_id, c.tenant_id, None, c.status),
    Service: of_service,
    Circuit: of_circuit,
    InformationAsset: lambda a: (a.name, None, None, None, a.status),
    ITService: lambda s: (s.name, None, None, None, s.status),
    BusinessFunction: lambda f: (f.name, None, None, None, None),
}


def expected_entry(ci, profile):
    """The register's columns for one CI and its profile (or None), in the order of COLUMNS."""
    return (
        *SHIPPED[type(ci)](ci),
        profile and profile.pk,
        profile and profile.classification_id,
        profile and profile.is_information_asset,
        profile and profile.handles_sensitive_data,
        profile and profile.processes_personal_data,
        profile and profile.rto_minutes,
        profile and profile.rpo_minutes,
        profile and profile.asset_owner_id,
        profile and profile.review_due,
        bool(profile and profile.classification_override),
    )


def expected_register():
    """{(content type, object id): columns} of everything the shipped CI types hold."""
    profiles = {(p.object_type_id, p.object_id): p for p in AssetProfile.objects.all()}
    expected = {}
    for model in SHIPPED:
        type_id = ContentType.objects.get_for_model(model).pk
        for ci in model.objects.all():
            expected[type_id, ci.pk] = expected_entry(ci, profiles.get((type_id, ci.pk)))
    return expected


def edges():
    """Every edge there is, derived ones included, worked out from the objects."""
    def name(model, pk):
        return ContentType.objects.get_for_model(model).pk, pk

    found = set()
    for d in Dependency.objects.all():
        found.add(Edge(
            (d.dependent_object_type_id, d.dependent_object_id), (d.provider_object_type_id, d.provider_object_id),
            d.holds_data, d.redundancy_group,
        ))
    for service in Service.objects.all():
        parent = service.parent_object_type_id, service.parent_object_id
        found.add(Edge(name(Service, service.pk), parent, True))
    for vm in VirtualMachine.objects.all():
        host = name(Device, vm.device_id) if vm.device_id else name(Cluster, vm.cluster_id) if vm.cluster_id else None
        if host:
            found.add(Edge(name(VirtualMachine, vm.pk), host, True))
    for device in Device.objects.exclude(cluster=None):
        found.add(Edge(name(Cluster, device.cluster_id), name(Device, device.pk), True, 'cluster'))
    for bay in DeviceBay.objects.exclude(installed_device=None):
        found.add(Edge(name(Device, bay.installed_device_id), name(Device, bay.device_id), True))
    return found


def expected_derived():
    """
    {(content type, object id): Derived} of every CI, and the rows of the alignment report, by the plain rules over the
    whole graph.
    """
    levels = dict(Classification.objects.values_list('pk', 'level'))
    own = {
        (entry.object_type_id, entry.object_id): Own(
            levels.get(entry.classification_id), entry.classification_override, entry.handles_sensitive_data,
            entry.processes_personal_data, entry.rto_minutes, entry.rpo_minutes,
        )
        for entry in RegisterEntry.objects.all()
    }
    derived, verdicts = work_out(own, edges())
    alone = [*alignment_rows.of_functions(own), *alignment_rows.of_tests()]
    return derived, of_edges(verdicts) | {row.key: row for row in alone}


def actual_derived():
    def pair(type_id, pk):
        return None if type_id is None else (type_id, pk)

    levels = dict(Classification.objects.values_list('pk', 'level'))
    return {
        (e.object_type_id, e.object_id): Derived(
            levels.get(e.effective_classification_id),
            pair(e.effective_classification_source_type_id, e.effective_classification_source_id),
            e.effective_complete, e.effective_handles_sensitive_data, e.effective_processes_personal_data,
            e.required_rto_minutes, pair(e.required_rto_source_type_id, e.required_rto_source_id),
            e.required_rpo_minutes, pair(e.required_rpo_source_type_id, e.required_rpo_source_id),
            e.under_classified, e.alignment,
        )
        for e in RegisterEntry.objects.all()
    }


def actual_alignment():
    cis = {ci for row in Alignment.objects.all() for ci in row.cis.values()}
    return {key: row for key, (_pk, row) in alignment_rows.stored_at(cis).items()}


def actual_register():
    rows = RegisterEntry.objects.values_list('object_type_id', 'object_id', *COLUMNS)
    return [(row[:2], row[2:]) for row in rows]


def settle():
    """What waits for the end of the transaction (deferred triggers and constraints) happens now."""
    connection.check_constraints()


def execute(sql, params=None):
    """Raw SQL, as a script past NetBox would send it; returns the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def forget_types():
    get_ci_types.cache_clear()
    get_edge_sources.cache_clear()


@contextmanager
def ci_types(declared, **others):
    """Another setting of `ci_types`, and of `others`, for a while."""
    ims = {**settings.PLUGINS_CONFIG['netbox_ims'], 'ci_types': declared, **others}
    try:
        with override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_ims': ims}):
            forget_types()
            yield
    finally:
        forget_types()


class RegisterTestMixin:

    def entry(self, ci):
        return RegisterEntry.objects.of(ci).get()

    def assertEntry(self, ci, **values):
        """The register says this of the CI, once what is marked has been worked out."""
        derive_service.settle()
        entry = self.entry(ci)
        self.assertEqual({name: getattr(entry, name) for name in values}, values)

    def assertNotRegistered(self, ci, pk=None):
        entries = RegisterEntry.objects.filter(
            object_type=ContentType.objects.get_for_model(ci), object_id=pk or ci.pk
        )
        self.assertFalse(entries.exists())

    def assertRegisterIsRight(self, msg=None):
        """
        One row per CI, saying what CI and profile say, by our own reckoning and by that of `ims_register --check`.
        """
        settle()
        actual = actual_register()
        self.assertEqual(len(actual), len(dict(actual)), msg)
        actual, expected = dict(actual), expected_register()
        if actual != expected:
            self.fail(f'{msg or ""}\n' + '\n'.join(
                f'{key}: register {named(actual.get(key))}, should be {named(expected.get(key))}'
                for key in sorted({*actual, *expected}) if actual.get(key) != expected.get(key)
            ))
        self.assertDerivedValuesAreRight(msg)
        self.assertEqual([str(drift) for drift in find_drift()], [], msg)

    def assertDerivedValuesAreRight(self, msg=None):
        """Once what is marked is worked out, every entry says what follows from the graph as it is."""
        derive_service.settle()
        self.assertFalse(StaleMark.objects.exists(), msg)
        expected, aligned = expected_derived()
        actual = actual_derived()
        self.assertEqual(actual_alignment(), aligned, msg)
        self.assertEqual(list(align_all.differences()), [], f'{msg}: in bulk')
        if actual != expected:
            self.fail(f'{msg or ""}\n' + '\n'.join(
                f'{ci}: register {actual.get(ci)}, should be {expected.get(ci)}'
                for ci in sorted({*actual, *expected}) if actual.get(ci) != expected.get(ci)
            ))
        for entry in RegisterEntry.objects.all():
            for kind in ('rto', 'rpo'):
                known = {getattr(entry, f'{what}{kind}_minutes') for what in ('', 'required_')} - {None}
                self.assertEqual(getattr(entry, f'effective_{kind}_minutes'), min(known, default=None), msg)


def named(row):
    return row and dict(zip(COLUMNS, row, strict=True))
