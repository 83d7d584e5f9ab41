"""
What the management system covers, which controls it needs, and on which CIs they are: a statement of applicability in
force, the next version still being worked on, and assignments with the gaps that an auditor is meant to find.
"""
from datetime import timedelta

from django.utils import timezone

from netbox_ims.models import (
    Classification,
    Control,
    ControlAssignment,
    ControlCatalog,
    RegisterEntry,
    Scope,
    Standard,
    StatementOfApplicability,
)
from netbox_ims.services.assign import assign
from netbox_ims.services.derive import settle
from netbox_ims.services.scopes import set_members
from netbox_ims.services.soa import approve, new_version, submit

from .tools import Shelf, acting_as, dice, in_days

__all__ = ('load',)

# name, standard, statement, sites, tenants, information assets and services by themselves, why it differs
SCOPES = (
    ('Hosting services, Hamburg and Bremen', 'iso-27001',
     'Operation of managed hosting and network services for customers from the data centres DC1 and DC2 and the office '
     'in Bremen, including the people and suppliers involved.',
     ('hamburg-dc1', 'hamburg-dc2', 'bremen'), (), ('Customer contracts', 'Patient portal records'), ''),
    ('Managed services', 'iso-20000-1', 'Service management of managed hosting, network and workplace services.',
     ('hamburg-dc1', 'hamburg-dc2', 'bremen', 'luebeck', 'kiel'), ('platform',), (),
     'Covers Lübeck and Kiel as well: the service desk serves them, but no customer data is kept there.'),
    ('Data centre operations', 'iso-22301', 'Continuity of the data centres DC1 and DC2.',
     ('hamburg-dc1', 'hamburg-dc2'), (), (),
     'Offices can be worked around within a day; they have no plan of their own.'),
)

# What is excluded, and why
EXCLUDED = {
    'A.7.8': 'No equipment is sited outside our own halls and offices', 'A.8.4': 'No source code of products is kept',
    'A.8.28': 'No software is developed', 'A.8.30': 'No development is contracted out',
}
# Excluded from version 2 on, while two firewalls still have it
LEFT_OUT, LEFT_OUT_BECAUSE = 'A.8.23', 'No user internet access from the hosted zones'
# What is said of a control: (reasons, justification); the others go by their theme
SAID = {
    'A.5.1': ('legal risk', 'Basis of the management system; policy NH-01'),
    'A.5.2': ('risk', 'Roles in NH-02 and job descriptions'),
    'A.5.7': ('risk', 'Advisories are assessed weekly'),
    'A.5.9': ('risk legal', 'Register in NetBox; reviewed quarterly'),
    'A.5.12': ('risk contractual', 'Classification scheme NH-05, agreed with customers'),
    'A.8.8': ('risk', 'Critical patches within 72 hours'),
    'A.8.10': ('legal risk', 'GDPR Art. 17; retention schedule NH-12'),
    'A.8.13': ('risk contractual', 'Agreed RPO in all service contracts'),
    'A.8.14': ('business', 'Two halls; MTPD of five functions'),
    'A.8.15': ('risk legal', 'Log policy NH-07, 12 months'),
    'A.8.16': ('risk', 'Round-the-clock monitoring is part of every contract'),
    'A.8.24': ('risk legal contractual', 'Confidential data, customer contracts §9'),
}
BY_THEME = {
    'Organizational': ('risk', 'Needed to run the management system; handbook chapter {ref}'),
    'People': ('risk legal', 'Employment contracts and works agreement; handbook chapter {ref}'),
    'Physical': ('risk contractual', 'Data centres DC1 and DC2 are audited by customers; handbook chapter {ref}'),
    'Technological': ('risk', 'Treats a risk of the platform; handbook chapter {ref}'),
}
RESPONSIBLE = {
    'Organizational': 'C. Lindqvist', 'People': 'S. Moreau', 'Physical': 'T. Wessels', 'Technological': 'N. Yilmaz',
}
# In version 2, still to be done: undecided again, and decided without a reason
UNDECIDED = ('A.5.23', 'A.8.11', 'A.8.12', 'A.8.9', 'A.8.26')
UNJUSTIFIED = ('A.8.16', 'A.5.30')

REQUIRED = {'confidential': ('A.8.13', 'A.8.15', 'A.8.24'), 'internal': ('A.8.13',)}
# Share of the CIs that need a control which have it, in percent
ON_CIS = {'A.8.13': 92, 'A.8.15': 90, 'A.8.24': 78}


def load(world):
    world.standards = {standard.slug: standard for standard in Standard.objects.all()}
    world.scopes = Shelf(Scope, 'name')
    with acting_as(world.users['c.lindqvist']):
        for scope in SCOPES:
            cover(world, *scope)
        for slug, refs in REQUIRED.items():
            require(Classification.objects.filter(slug=slug).first(), refs)
    if not StatementOfApplicability.objects.exists():
        state(world)
    if not ControlAssignment.objects.exists():
        put_on_cis(world)


def cover(world, name, standard, statement, sites, tenants, information, difference):
    if name in world.scopes:
        return
    scope = world.scopes.put(
        name, standard=world.standards[standard], statement=statement, difference_explanation=difference,
        related={
            'sites': [world.sites[slug] for slug in sites], 'tenants': [world.tenants[slug] for slug in tenants],
        },
    )
    entries = [RegisterEntry.objects.of(world.information[each]).get() for each in information]
    set_members(scope, [(entry.object_type_id, entry.object_id) for entry in entries])


def require(classification, refs):
    if classification and not classification.required_controls.exists():
        classification.snapshot()
        classification.required_controls.set(Control.objects.filter(catalog__slug='annex-a-2022', ref__in=refs))


def state(world):
    """Version 1, approved; and version 2, in the middle of being worked through."""
    author, approver = world.users['c.lindqvist'], world.users['s.moreau']
    with acting_as(author):
        first = StatementOfApplicability(
            catalog=ControlCatalog.objects.get(slug='annex-a-2022'), scope=world.scopes[SCOPES[0][0]],
            description='For the certification audit',
        )
        first.full_clean()
        first.save()
        for entry in first.entries.select_related('control', 'statement'):
            write(entry, **said(world, entry.control))
        submit(first, author)
    with acting_as(approver):
        approve(first, approver, 'Management review of the year')
    with acting_as(author):
        first.refresh_from_db()
        second = new_version(first, author)
        entries = {entry.control.ref: entry for entry in second.entries.select_related('control', 'statement')}
        for ref in UNDECIDED:
            write(entries[ref], applicable=None, justification='', reasons=[], implementation_status='not_started')
        for ref in UNJUSTIFIED:
            write(entries[ref], justification='')
        write(entries[LEFT_OUT], applicable=False, justification=LEFT_OUT_BECAUSE, implementation_status='not_started')


def write(entry, **values):
    entry.snapshot()
    for name, value in values.items():
        setattr(entry, name, value)
    entry.full_clean()
    entry.save()


def said(world, control):
    if control.ref in EXCLUDED:
        return {'applicable': False, 'justification': EXCLUDED[control.ref], 'implementation_status': 'not_started'}
    reasons, justification = SAID.get(control.ref, BY_THEME[control.theme])
    status = dice(control.ref).choices(('implemented', 'partial', 'planned'), (80, 15, 5))[0]
    return {
        'applicable': True, 'reasons': reasons.split(), 'justification': justification.format(ref=control.ref[2:]),
        'implementation_status': status, 'responsible': world.contacts[RESPONSIBLE[control.theme]],
        'target_date': None if status == 'implemented' else in_days(120),
    }


def put_on_cis(world):
    settle()        # what a CI needs follows from what it inherits
    for ref, share in ON_CIS.items():
        control = Control.objects.get(catalog__slug='annex-a-2022', ref=ref)
        needing = RegisterEntry.objects.filter(effective_classification__required_controls=control)
        chosen = {'verified': [], 'implemented': [], 'planned': []}
        for entry in needing.select_related('object_type'):
            luck = dice(f'{ref} {entry.object_type.model} {entry.name}')
            if luck.randrange(100) < share:
                chosen[luck.choices(list(chosen), (60, 30, 10))[0]].append(entry.pk)
        with acting_as(world.users['n.yilmaz']):
            for status, pks in chosen.items():
                assign([control], RegisterEntry.objects.filter(pk__in=pks), values(world, ref, status),
                       world.users['n.yilmaz'], 'Brought in from the control list')


    firewalls = RegisterEntry.objects.filter(object_type__model='device', role__slug='firewall').order_by('name')[:2]
    with acting_as(world.users['n.yilmaz']):
        assign([Control.objects.get(catalog__slug='annex-a-2022', ref=LEFT_OUT)],
               RegisterEntry.objects.filter(pk__in=[entry.pk for entry in firewalls]),
               values(world, LEFT_OUT, 'implemented'), world.users['n.yilmaz'], 'Web filter of the old proxies')


def values(world, ref, status):
    if status != 'verified':
        return {'status': status}
    return {
        'status': status, 'verified_on': timezone.localdate() - timedelta(days=200),
        'verified_by': world.users['n.yilmaz'], 'review_due': in_days(165),
        'evidence_url': f'https://wiki.nordhafen.example/evidence/{ref.lower()}',
    }
