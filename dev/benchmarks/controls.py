"""
Controls of the synthetic estate: a statement of applicability with all 93 of Annex A, and 100,000 controls on CIs;
beside them as many of what NetBox itself hangs on objects of any type, contacts, to compare lists of one length with.
"""
from django.contrib.contenttypes.models import ContentType

from dcim.models import Device, Site
from ipam.models import Service
from tenancy.models import Contact, ContactAssignment, ContactRole
from virtualization.models import VirtualMachine

from netbox_ims.models import Control, ControlAssignment, ControlCatalog, Scope, Standard, StatementOfApplicability

from .bulk import insert, pick, unchecked

ASSIGNED = {Device: 40_000, VirtualMachine: 40_000, Service: 20_000}        # as many as the smallest estate has
CATALOG, STANDARD = 'annex-a-2022', 'iso-27001'


def seed_controls():
    seed_statement()
    controls = list(Control.objects.filter(catalog__slug=CATALOG).order_by('pk').values_list('pk', flat=True))
    contacts = list(Contact.objects.order_by('pk').values_list('pk', flat=True))
    role = ContactRole.objects.create(name='Administrator', slug='administrator')
    with unchecked():
        for model, count in ASSIGNED.items():
            cis = f'(SELECT id FROM {model._meta.db_table} ORDER BY id LIMIT {count}) ci'
            ci = {'object_type': str(ContentType.objects.get_for_model(model).pk), 'object_id': 'ci.id'}
            insert(
                ControlAssignment, cis, **ci, control=pick(controls, 'ci.id', 'control'),
                status=pick(('planned', 'partial', 'implemented', 'verified'), 'ci.id', 'status'),
                verified_on='current_date - (ci.id %% 300)::int', review_due='current_date - (ci.id %% 300)::int + 270',
            )
            insert(ContactAssignment, cis, **ci, contact=pick(contacts, 'ci.id', 'administrator'), role=str(role.pk))


def seed_statement():
    scope = Scope.objects.create(name='Hosting', standard=Standard.objects.get(slug=STANDARD))
    scope.sites.set(Site.objects.order_by('pk')[:50])
    StatementOfApplicability.objects.create(catalog=ControlCatalog.objects.get(slug=CATALOG), scope=scope)
