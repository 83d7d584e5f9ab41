"""
A small NetBox estate for tests: each function makes one object with what it cannot do without, and says what it made.

Names are unique unless given, so that a test only names what it is about.
"""
from datetime import date, timedelta
from itertools import count

from django.utils import timezone
from django.utils.text import slugify

from circuits.models import Circuit, CircuitTermination, CircuitType, Provider
from core.models import ObjectType
from dcim.models import Device, DeviceRole, DeviceType, Location, Manufacturer, Rack, Region, Site
from ipam.models import Service
from tenancy.models import Contact, Tenant
from users.models import Group, ObjectPermission, User
from utilities.permissions import resolve_permission
from virtualization.models import Cluster, ClusterType, VirtualMachine

from netbox_ims.ci_types import get_ci_types
from netbox_ims.constants import PLAN_SECTIONS
from netbox_ims.models import (
    AssetProfile,
    BusinessFunction,
    BusinessImpactAnalysis,
    Classification,
    ClassificationRule,
    Clause,
    ContinuityPlan,
    ContinuityTest,
    ContinuityTestSubject,
    Control,
    ControlAssignment,
    ControlCatalog,
    Dependency,
    InformationAsset,
    ITService,
    RegisterEntry,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
    Scope,
    Standard,
    StatementOfApplicability,
)
from netbox_ims.services.baselines import take_baseline
from netbox_ims.services.plans import approve as approve_plan
from netbox_ims.services.risk import accept
from netbox_ims.services.scopes import set_members
from netbox_ims.services.soa import approve, submit

_numbers = count(1)


def unique(prefix):
    return f'{prefix}-{next(_numbers)}'


def make_region(name=None, **values):
    name = name or unique('region')
    return Region.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)


def make_site(name=None, **values):
    name = name or unique('site')
    return Site.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)


def make_location(site, name=None, **values):
    name = name or unique('location')
    return Location.objects.create(name=name, slug=name.lower(), site=site, **values)


def make_tenant(name=None, **values):
    name = name or unique('tenant')
    return Tenant.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)


def make_contact(name=None, **values):
    return Contact.objects.create(name=name or unique('contact'), **values)


def make_role(name=None, **values):
    """A role that devices and virtual machines may have."""
    name = name or unique('role')
    return DeviceRole.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)


def make_device_type():
    """The one device type that all devices of a test share."""
    manufacturer, _ = Manufacturer.objects.get_or_create(name='Maker', slug='maker')
    return DeviceType.objects.get_or_create(manufacturer=manufacturer, model='Model', slug='model')[0]


def make_device(name='', site=None, role=None, **values):
    """A device; `name=None` makes one without a name, as NetBox allows."""
    return Device.objects.create(
        name=unique('device') if name == '' else name, site=site or make_site(), role=role or make_role(),
        device_type=values.pop('device_type', None) or make_device_type(), **values
    )


def make_rack(name=None, site=None, **values):
    return Rack.objects.create(name=name or unique('rack'), site=site or make_site(), **values)


def make_cluster(name=None, scope=None, **values):
    """A cluster; `scope` is the region, site group, site or location it runs in."""
    cluster_type, _ = ClusterType.objects.get_or_create(name='Hypervisor', slug='hypervisor')
    return Cluster.objects.create(name=name or unique('cluster'), type=cluster_type, scope=scope, **values)


def make_vm(name=None, site=None, cluster=None, **values):
    if site is None and cluster is None:
        site = make_site()
    return VirtualMachine.objects.create(name=name or unique('vm'), site=site, cluster=cluster, **values)


def make_service(name=None, parent=None, **values):
    """An application service on a device or virtual machine."""
    return Service.objects.create(
        name=name or unique('service'), parent=parent or make_device(), port_mappings=['tcp/443'], **values
    )


def make_termination(circuit, site, side='A'):
    """One end of a circuit, at a site (or another place NetBox allows); the circuit is read again."""
    termination = CircuitTermination.objects.create(circuit=circuit, termination=site, term_side=side)
    circuit.refresh_from_db()
    return termination


def make_circuit(cid=None, site=None, site_z=None, **values):
    """A circuit; with `site` and `site_z` its A and Z ends terminate there."""
    provider, _ = Provider.objects.get_or_create(name='Carrier', slug='carrier')
    circuit_type, _ = CircuitType.objects.get_or_create(name='Fibre', slug='fibre')
    circuit = Circuit.objects.create(cid=cid or unique('circuit'), provider=provider, type=circuit_type, **values)
    for side, place in (('A', site), ('Z', site_z)):
        if place:
            make_termination(circuit, place, side)
    return circuit


def make_information_asset(name=None, **values):
    name = name or unique('asset')
    return InformationAsset.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)


def make_business_function(name=None, **values):
    name = name or unique('function')
    return BusinessFunction.objects.create(name=name, slug=values.pop('slug', slugify(name)), **values)


def make_it_service(name=None, **values):
    name = name or unique('it-service')
    return ITService.objects.create(name=name, slug=values.pop('slug', slugify(name)), **values)


def make_dependency(dependent, provider, **values):
    """`dependent` needs `provider`."""
    return Dependency.objects.create(dependent=dependent, provider=provider, **values)


def make_analysis(function=None, **values):
    """An impact analysis; unless said otherwise, of five bands, with an MTPD of 8 hours."""
    analysis = BusinessImpactAnalysis(function=function or make_business_function(), **{
        'bands': [0, 240, 480, 1440, 4320], 'ratings': {'financial': [1, 2, 3, 4, 5], 'legal': [1, 1, 1, 2, 2]},
        'tolerable_rating': 2, **values,
    })
    analysis.full_clean()
    analysis.save()
    return analysis


def make_plan(name=None, functions=(), services=(), **values):
    """A draft of a business plan, complete but for what it is for."""
    plan = ContinuityPlan(name=name or unique('plan'), **{**dict.fromkeys(PLAN_SECTIONS, 'As agreed'), **values})
    plan.full_clean()
    plan.save()
    plan.functions.set(functions)
    plan.services.set(services)
    return plan


def make_approved_plan(plan=None, user=None, **values):
    plan = plan or make_plan(functions=[make_business_function()], **values)
    return approve_plan(plan, user or make_user())


def make_test(plan=None, cis=(), **values):
    """A test of a plan, of these CIs; planned for a day long ago unless it says when it was held."""
    test = ContinuityTest(plan=plan or make_plan(), **{
        'test_type': 'failover', 'planned_on': date(2026, 1, 15), **values
    })
    test.full_clean()
    test.save()
    for ci in cis:
        make_test_subject(test, ci)
    return test


def make_test_subject(test, ci, **values):
    subject = ContinuityTestSubject(test=test, object=ci, **values)
    subject.full_clean()
    subject.save()
    return subject


def make_classification(name=None, level=None, **values):
    """A classification above all there are, unless `level` is given."""
    name = name or unique('classification')
    if level is None:
        highest = Classification.objects.order_by('-level').values_list('level', flat=True).first() or 0
        level = highest + 10
    return Classification.objects.create(name=name, slug=values.pop('slug', name.lower()), level=level, **values)


def make_profile(ci, **values):
    """The asset profile of a CI, validated as a form would."""
    profile = AssetProfile(object=ci, **values)
    profile.full_clean()
    profile.save()
    return profile


def make_rule(name=None, label='dcim.device', filter=None, **values):
    """A classification rule over CIs of one type, validated as a form would; all of them unless `filter` says less."""
    rule = ClassificationRule(
        name=name or unique('rule'), object_type=get_ci_types()[label].content_type, filter=filter or {}, **values
    )
    rule.full_clean()
    rule.save()
    return rule


def make_standard(name=None, **values):
    name = name or unique('standard')
    return Standard.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)


def make_clause(standard=None, number=None, **values):
    return Clause.objects.create(
        standard=standard or make_standard(), number=number or f'4.{next(_numbers)}', **{'title': 'A clause', **values}
    )


def make_catalog(name=None, controls=(), **values):
    """A catalogue; `controls` are references, or (reference, theme), of controls to make in it."""
    name = name or unique('catalog')
    catalog = ControlCatalog.objects.create(name=name, slug=values.pop('slug', name.lower()), **values)
    for each in controls:
        ref, theme = each if isinstance(each, tuple) else (each, 'Organizational')
        make_control(ref, catalog, theme=theme)
    return catalog


def make_control(ref=None, catalog=None, **values):
    ref = ref or unique('C')
    return Control.objects.create(
        catalog=catalog or make_catalog(), ref=ref, title=values.pop('title', f'Control {ref}'), **values
    )


def make_scope(name=None, standard=None, tenants=(), sites=(), cis=(), **values):
    scope = Scope.objects.create(name=name or unique('scope'), standard=standard or make_standard(), **values)
    scope.tenants.set(tenants)
    scope.sites.set(sites)
    entries = [RegisterEntry.objects.of(ci).get() for ci in cis]
    set_members(scope, [(entry.object_type_id, entry.object_id) for entry in entries])
    return scope


def make_statement(catalog=None, scope=None, **values):
    """A draft, with an entry for each control of its catalogue."""
    statement = StatementOfApplicability(
        catalog=catalog or make_catalog(controls=('A.1', 'A.2')), scope=scope or make_scope(), **values
    )
    statement.full_clean()
    statement.save()
    return statement


def decide(statement, **values):
    """Decide every entry of a statement the same way: by default applicable and justified."""
    for entry in statement.entries.select_related('control', 'statement'):
        for name, value in {'applicable': True, 'justification': 'Because', **values}.items():
            setattr(entry, name, value)
        entry.full_clean()
        entry.save()
    return statement


def make_approved(statement=None, excluded=(), user=None):
    """A statement that is approved, with these references excluded."""
    statement = statement or make_statement()
    if statement.entries.filter(applicable=None).exists():
        decide(statement)
    for entry in statement.entries.filter(control__ref__in=excluded):
        entry.applicable = False
        entry.save()
    return approve(submit(statement), user or make_user())


def make_assignment(ci, control=None, **values):
    assignment = ControlAssignment(control=control or make_control(), object=ci, **values)
    assignment.full_clean()
    assignment.save()
    return assignment


LEVELS = [
    {'slug': 'low', 'name': 'Low', 'color': 'cfe8d5', 'rank': 1},
    {'slug': 'medium', 'name': 'Medium', 'color': 'fde9a9', 'rank': 2},
    {'slug': 'high', 'name': 'High', 'color': 'fbc38d', 'rank': 3},
]


def matrix_values(**values):
    """What makes a 3×3 matrix with two dimensions: low, medium and high by the sum, and medium is acceptable."""
    return {
        'likelihood_scale': ['Rare', 'Possible', 'Certain'], 'impact_scale': ['Minor', 'Serious', 'Severe'],
        'impact_dimensions': ['service', 'confidentiality'], 'levels': [dict(level) for level in LEVELS],
        'acceptance_level': 'medium',
        'cells': [['low', 'low', 'medium'], ['low', 'medium', 'high'], ['medium', 'high', 'high']], **values
    }


def make_matrix(name=None, **values):
    """A matrix as matrix_values() has it, validated as a form would; not active unless said."""
    matrix = RiskMatrix(name=name or unique('matrix'), **matrix_values(**values))
    matrix.full_clean()
    matrix.save()
    return matrix


def active_matrix():
    return RiskMatrix.objects.active() or make_matrix(is_active=True)


def make_risk(title=None, standards=None, clauses=(), **values):
    """
    A risk by the active matrix, validated as a form would. `inherent=(2, 3)` is short for a likelihood and an impact in
    the first dimension of the matrix; so are `current` and `target`.
    """
    matrix = values.pop('matrix', None) or active_matrix()
    for stage in ('inherent', 'current', 'target'):
        if rating := values.pop(stage, None):
            values[f'{stage}_likelihood'] = rating[0]
            values[f'{stage}_impacts'] = {matrix.impact_dimensions[0]: rating[1]}
    risk = Risk(title=title or unique('risk'), matrix=matrix, **values)
    risk.full_clean()
    risk.save()
    risk.standards.set([make_standard()] if standards is None else standards)
    risk.clauses.set(clauses)
    return risk


def make_risk_assignment(ci, risk=None):
    assignment = RiskAssignment(risk=risk or make_risk(), object=ci)
    assignment.full_clean()
    assignment.save()
    return assignment


def make_treatment(risk=None, name=None, controls=(), **values):
    treatment = RiskTreatment(risk=risk or make_risk(), name=name or unique('action'), **values)
    treatment.full_clean()
    treatment.save()
    treatment.controls.set(controls)
    return treatment


def make_request(risk=None, user=None, **values):
    """Somebody asks for a risk (by default a new one that is acceptable) to be accepted for a month."""
    acceptance = RiskAcceptance(
        risk=risk or make_risk(current=(1, 1)), requested_by=user or make_user(),
        **{'justification': 'Cheaper', 'valid_until': timezone.localdate() + timedelta(days=30), **values}
    )
    acceptance.full_clean()
    acceptance.save()
    return acceptance


def make_accepted(risk=None, user=None, **values):
    """The same, accepted by somebody who may accept any risk."""
    return accept(make_request(risk, **values), user or make_user(is_superuser=True))
def make_baseline(name=None, user=None, **values):
    """A baseline of what the user (somebody who sees everything) may see now."""
    return take_baseline(name or unique('baseline'), user or make_user(is_superuser=True), **values)


def grant(to, *names, constraints=None):
    """
    Give a user or group one object permission for each name (`dcim.view_device`), all with the same constraints.

    NetBox keeps a user's permissions with the user object: grant before anything asks for them, or use fresh().
    """
    made = []
    for name in names:
        app_label, action, model = resolve_permission(name)
        permission = ObjectPermission.objects.create(name=unique(name)[:100], actions=[action], constraints=constraints)
        permission.object_types.add(ObjectType.objects.get_by_natural_key(app_label, model))
        (permission.groups if isinstance(to, Group) else permission.users).add(to)
        made.append(permission)
    return made


def make_user(*permissions, username=None, **values):
    """A user with unconstrained permissions of these names."""
    user = User.objects.create_user(username=username or unique('user'), **values)
    grant(user, *permissions)
    return user


def make_group(*users, name=None):
    group = Group.objects.create(name=name or unique('group'))
    for user in users:
        user.groups.add(group)
    return group


def fresh(user):
    """The same user without the permissions NetBox remembered, as a new request would see them."""
    return User.objects.get(pk=user.pk)
