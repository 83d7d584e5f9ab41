"""
One risk register for three standards: 47 risks, 42 of them rated, with treatments, an acceptance, and what an auditor
is meant to find: risks above the acceptance level that nobody treats, reviews overdue, a standard without any risk.
"""
from netbox_ims.models import (
    Control,
    RegisterEntry,
    Risk,
    RiskAcceptance,
    RiskAssignment,
    RiskMatrix,
    RiskTreatment,
    Standard,
)
from netbox_ims.services.risk import accept, note_request
from netbox_ims.services.risk_matrix import activate, new_matrix_version

from .tools import acting_as, dice, in_days

__all__ = ('load',)

SHORT = {'27001': 'iso-27001', '20000-1': 'iso-20000-1', '22301': 'iso-22301'}
OWN_STANDARD = ('NIS2 (own)', 'nis2', '2022', 'Duties from the NIS 2 directive, as we understand them')

# title | standards | inherent, current, target as likelihood and impact | treatment, actions done of all | owner |
# review due in days. R-0001 is the first.
RISKS = """
Visitors see screens in the Bremen office | 27001 | 22 21 21 | modify 2/2 | R. Jansen | 200
Backup tapes lost in transport | 27001 | 23 12 12 | share 1/1 | K. Brandt | 150
Spare parts are not in stock | 20000-1 | 23 21 21 | modify 1/1 | T. Wessels | 120
Licence audit finds unlicensed software | 27001 20000-1 | 24 22 22 | modify 2/2 | J. Okafor | 90
A lost badge opens a hall | 27001 | 32 12 12 | modify 2/2 | T. Wessels | 220
Monitoring alert is overlooked at night | 27001 20000-1 | 33 31 21 | modify 2/3 | N. Yilmaz | 60
Configuration drifts apart between clusters | 27001 20000-1 | 33 31 21 | modify 1/2 | K. Brandt | 45
Fire in the battery room of DC2 | 22301 | 34 11 11 | modify 3/3 | T. Wessels | 300
Hypervisor management is reachable from the internet | 27001 | 54 23 22 | modify 2/3 | K. Brandt | 70
Leavers keep their access | 27001 | 34 22 12 | modify 2/3 | J. Okafor | 100
Laptop with customer data is stolen | 27001 | 34 22 22 | modify 2/2 | C. Lindqvist | 180
Tickets are closed without an answer | 20000-1 | 42 22 22 | modify 1/1 | S. Moreau | 40
No diesel in a long power cut | 27001 22301 | 44 13 13 | modify 2/2 | T. Wessels | 240
Administrator mistake during a change | 27001 20000-1 | 24 23 22 | modify 1/2 | K. Brandt | 80
Storm surge reaches Hamburg | 22301 | 25 15 15 | share 1/1 | C. Lindqvist | 260
Our own people fall for phishing | 27001 | 32 32 22 | modify 1/3 | C. Lindqvist | 30
Loss of Hamburg DC1 hall 2 | 22301 | 35 24 24 | retain | C. Lindqvist | 96
Unpatched appliance at the edge | 27001 | 33 32 22 | modify 1/2 | N. Yilmaz | 50
Supplier changes a subprocessor unannounced | 27001 | 33 32 32 | modify 1/1 | S. Moreau | 110
A customer's own administrator leaks data | 27001 | 33 33 23 | modify 0/2 | S. Moreau | 140
Restore takes longer than agreed | 20000-1 22301 | 34 23 22 | modify 1/3 | J. Okafor | 25
Storage firmware corrupts volumes | 27001 20000-1 | 34 23 23 | modify 2/2 | K. Brandt | 130
Directory service is down for a day | 27001 22301 | 35 23 22 | modify 1/2 | K. Brandt | 75
Certificates expire unnoticed | 27001 20000-1 | 43 32 22 | modify 2/3 | N. Yilmaz | -20
Passwords of network devices are shared | 27001 | 43 33 - | modify | N. Yilmaz | 20
Central UPS of DC1 fails | 22301 | 44 14 14 | modify 2/2 | T. Wessels | 210
Denial of service against the portals | 27001 20000-1 | 44 42 32 | modify 1/2 | N. Yilmaz | 65
False alarms tire the people on call | 20000-1 | 42 41 31 | modify 1/2 | N. Yilmaz | 55
One tenant reads another's orders in the portal | 27001 | 45 42 22 | modify 2/4 | J. Okafor | 35
Malware by mail | 27001 | 53 32 32 | modify 3/3 | C. Lindqvist | 160
Ransomware reaches the backups | 27001 22301 | 43 42 22 | modify 4/5 | N. Yilmaz | 67
Confidential data in services nobody approved | 27001 | 53 33 23 | modify 1/3 | C. Lindqvist | 85
Key people of the data team leave | 20000-1 | 54 24 23 | modify 1/2 | S. Moreau | 95
Mass exploitation of a VPN vulnerability | 27001 | 54 33 23 | modify 2/3 | N. Yilmaz | 15
No second site for the patient portal | 22301 | 34 34 - | modify | J. Okafor | 28
An insider exports the customer database | 27001 | 35 25 24 | modify 1/3 | J. Okafor | 33
A payroll host is less classified than what it holds | 27001 | 44 43 - | modify | K. Brandt | -5
Storage past its end of life keeps confidential data | 27001 22301 | 44 44 23 | modify 1/4 | K. Brandt | 48
Passwords are used again across customers | 27001 | 52 52 - | modify | C. Lindqvist | 62
Recorded traffic is decrypted in ten years | 27001 | - - - | modify 0/1 | C. Lindqvist | 30
Ransomware encrypts production | 27001 | 55 34 24 | modify 2/4 | C. Lindqvist | 22
Hypervisor escape exposes tenants | 27001 20000-1 | 45 34 24 | modify 1/3 | K. Brandt | 20
Customer data is typed into public AI tools | 27001 | - - - | modify 0/1 | - | 30
Single uplink in Bremen fails | 20000-1 22301 | 43 43 - | modify | - | -12
Merger of a customer changes what we agreed | 20000-1 | - - - | modify 0/1 | S. Moreau | 40
Drought leaves too little water to cool | 22301 | - - - | modify 0/1 | T. Wessels | 60
Account at the domain registrar is lost | 27001 | - - - | modify 0/1 | N. Yilmaz | 14
"""

# What may happen, and why it can happen here, of the risks that a device's page shows
SAID = {
    'Hypervisor escape exposes tenants': (
        'A guest breaks out of its virtual machine', 'Customers share hosts, and one in three runs an old release'),
    'Ransomware reaches the backups': (
        'Malware with an administrator’s rights deletes or encrypts backups',
        'Backup servers are in the same directory'),
    'Loss of Hamburg DC1 hall 2': ('Fire, water or a long outage takes the hall', 'Two functions run in one hall only'),
    'Single uplink in Bremen fails': ('The line is cut, or the carrier fails', 'Bremen has one line'),
}
# Actions of a risk, in the order they are done; others are called after what they are about
ACTIONS = {
    'Hypervisor escape exposes tenants': (
        ('Bring all hosts to the supported release', 'A.8.8'),
        ('Separate tenants of different classification', 'A.8.22'),
        ('Watch hosts for known ways out', 'A.8.16'),
    ),
    'Ransomware reaches the backups': (
        ('Keep a copy that cannot be changed', 'A.8.13'), ('Take backup servers out of the directory', 'A.8.2'),
        ('Encrypt backups with keys of their own', 'A.8.24'), ('Restore a random system each month', 'A.8.13'),
        ('Rehearse the loss of all domain controllers', 'A.5.29'),
    ),
}
STEPS = (
    ('Write down who does what', 'A.5.37'), ('Put it into practice', 'A.8.9'), ('Check that it works', 'A.5.35'),
    ('Train the people concerned', 'A.6.3'),
)
# title -> (how many, kind, words in the name or '', site or '')
ABOUT = {
    'Hypervisor escape exposes tenants': (7, 'dcim.device', 'hv-', ''),
    'Ransomware reaches the backups': (18, 'virtualization.virtualmachine', '', 'hamburg-dc1'),
    'Loss of Hamburg DC1 hall 2': (96, None, '', 'hamburg-dc1'),
    'Single uplink in Bremen fails': (5, None, '', 'bremen'),
    'No second site for the patient portal': (1, 'netbox_ims.itservice', 'Patient portal', ''),
    'A payroll host is less classified than what it holds': (1, 'netbox_ims.itservice', 'Payroll', ''),
}
KINDS = ('dcim.device', 'virtualization.virtualmachine', 'netbox_ims.itservice', 'netbox_ims.informationasset')
ACCEPTED = 'Loss of Hamburg DC1 hall 2'
HOST, HOST_RISKS = 'hv-ham1-03', ('Hypervisor escape exposes tenants', ACCEPTED)


def load(world):
    if Risk.objects.exists():
        return
    world.standards = {standard.slug: standard for standard in Standard.objects.all()}
    with acting_as(world.users['c.lindqvist']):
        if OWN_STANDARD[1] not in world.standards:
            name, slug, edition, description = OWN_STANDARD
            Standard.objects.create(name=name, slug=slug, edition=edition, description=description)
        matrix = second_version()
        world.risks = {}
        for line in RISKS.strip().splitlines():
            risk = assess(world, matrix, *[part.strip() for part in line.split('|')])
            world.risks[risk.title] = risk
    with acting_as(world.users['k.brandt']):
        for title, risk in world.risks.items():
            assign(risk, *ABOUT.get(title, (dice(title).randrange(1, 7), dice(title).choice(KINDS), '', '')))
    accept_one(world)


def second_version():
    """The shipped matrix, for a second time: as after a year, when it was looked at again."""
    matrix = RiskMatrix.objects.get(is_active=True)
    if matrix.version > 1:
        return matrix
    draft = new_matrix_version(matrix)
    activate(draft, None, 'Looked at again in the management review')
    draft.refresh_from_db()
    return draft


def assess(world, matrix, title, standards, ratings, treatment, owner, review):
    treatment, _space, progress = treatment.partition(' ')
    threat, vulnerability = SAID.get(title, ('', ''))
    risk = Risk(
        title=title, threat=threat, vulnerability=vulnerability, matrix=matrix, treatment=treatment,
        risk_owner=None if owner == '-' else world.contacts[owner], review_due=in_days(int(review)),
        status='monitored' if progress and len(set(progress.split('/'))) == 1 else 'open',
        owner=world.owners['Information security'],
    )
    for stage, rating in zip(('inherent', 'current', 'target'), ratings.split(), strict=True):
        if rating != '-':
            setattr(risk, f'{stage}_likelihood', int(rating[0]))
            setattr(risk, f'{stage}_impacts', impacts(title, matrix, int(rating[1])))
    risk.full_clean()
    risk.save()
    risk.standards.set(world.standards[SHORT[number]] for number in standards.split())
    if progress:
        treat(world, risk, *map(int, progress.split('/')))
    return risk


def impacts(title, matrix, highest):
    """A rating for each dimension: the one that counts for one of them, lower ones for the others."""
    luck = dice(title)
    counts = luck.choice(matrix.impact_dimensions)
    return {
        dimension: highest if dimension == counts else luck.randrange(1, highest + 1)
        for dimension in matrix.impact_dimensions
    }


def treat(world, risk, done, total):
    actions = ACTIONS.get(risk.title) or STEPS
    for number, (name, ref) in enumerate(actions[:total]):
        is_done = number < done
        action = RiskTreatment(
            risk=risk, name=name, responsible=risk.risk_owner,
            due=in_days(40 * (number - done) + 20) if not is_done else in_days(-60 + 10 * number),
            done_on=in_days(-70 + 10 * number) if is_done else None,
            progress=100 if is_done else dice(f'{risk.title} {name}').choice((0, 20, 50)),
        )
        action.full_clean()
        action.save()
        action.controls.set(Control.objects.filter(catalog__slug='annex-a-2022', ref=ref))


def assign(risk, count, kind, words, site):
    entries = RegisterEntry.objects.order_by('object_type', 'object_id')
    if kind:
        app_label, model = kind.split('.')
        entries = entries.filter(object_type__app_label=app_label, object_type__model=model)
    if words:
        entries = entries.filter(name__startswith=words)
    if site:
        entries = entries.filter(site__slug=site)
    chosen = list(entries)
    dice(risk.title).shuffle(chosen)
    # The host that the guides and pictures speak of is among those of two risks, and of no others.
    if risk.title in HOST_RISKS:
        chosen.sort(key=lambda entry: entry.name != HOST)
    else:
        chosen = [entry for entry in chosen if entry.name != HOST]
    for entry in chosen[:count]:
        assignment = RiskAssignment(risk=risk, object_type=entry.object_type, object_id=entry.object_id)
        assignment.full_clean()
        assignment.save()


def accept_one(world):
    risk = world.risks[ACCEPTED]
    asking, deciding = world.users['c.lindqvist'], world.users['s.moreau']
    with acting_as(asking):
        acceptance = RiskAcceptance(
            risk=risk, valid_until=in_days(110),
            justification='A third site costs more than the outage; both functions can be moved within a day',
        )
        note_request(acceptance, asking)
        acceptance.full_clean()
        acceptance.save()
    with acting_as(deciding):
        accept(acceptance, deciding, 'Management review of the year')
