"""What the register should say, worked out a second time: in Python, from the objects themselves."""
from contextlib import contextmanager

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings

from circuits.models import Circuit
from dcim.models import Device, Rack, Site
from ipam.models import Service
from virtualization.models import Cluster, VirtualMachine

from netbox_ims.ci_types import get_ci_types
from netbox_ims.models import AssetProfile, BusinessFunction, InformationAsset, ITService, RegisterEntry
from netbox_ims.services.reconcile import find_drift

COLUMNS = (
    'name', 'site_id', 'tenant_id', 'role_id', 'status', 'profile_id', 'classification_id', 'is_information_asset',
    'handles_sensitive_data', 'processes_personal_data', 'rto_minutes', 'rpo_minutes', 'asset_owner_id', 'review_due',
    'effective_classification_id', 'effective_classification_source_type_id', 'effective_classification_source_id',
    'effective_handles_sensitive_data', 'effective_processes_personal_data', 'effective_rto_minutes',
    'effective_rpo_minutes',
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
    BusinessFunction: lambda f: (f.name, None, None, None, None),
    ITService: lambda s: (s.name, None, None, None, s.status),
}


def expected_entry(ci, profile):
    """The register's columns for one CI and its profile (or None), in the order of COLUMNS."""
    classification = profile and profile.classification_id
    return (
        *SHIPPED[type(ci)](ci),
        profile and profile.pk,
        classification,
        profile and profile.is_information_asset,
        profile and profile.handles_sensitive_data,
        profile and profile.processes_personal_data,
        profile and profile.rto_minutes,
        profile and profile.rpo_minutes,
        profile and profile.asset_owner_id,
        profile and profile.review_due,
        classification,
        profile.object_type_id if classification else None,
        profile.object_id if classification else None,
        profile and profile.handles_sensitive_data,
        profile and profile.processes_personal_data,
        profile and profile.rto_minutes,
        profile and profile.rpo_minutes,
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


@contextmanager
def ci_types(declared):
    """Another setting of `ci_types` for a while."""
    ims = {**settings.PLUGINS_CONFIG['netbox_ims'], 'ci_types': declared}
    try:
        with override_settings(PLUGINS_CONFIG={**settings.PLUGINS_CONFIG, 'netbox_ims': ims}):
            get_ci_types.cache_clear()
            yield
    finally:
        get_ci_types.cache_clear()


class RegisterTestMixin:

    def entry(self, ci):
        return RegisterEntry.objects.of(ci).get()

    def assertEntry(self, ci, **values):
        """The register says this of the CI."""
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
        self.assertEqual([str(drift) for drift in find_drift()], [], msg)


def named(row):
    return row and dict(zip(COLUMNS, row, strict=True))
