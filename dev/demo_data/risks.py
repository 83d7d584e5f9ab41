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
Storm surge reaches Hamburg | 22301 | 25 15 15 | retain | C. Lindqvist | 260
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
Recorded traffic is decrypted in ten years | 27001 | - - - | modify | C. Lindqvist | 30
Ransomware encrypts production | 27001 | 55 34 24 | modify 2/4 | C. Lindqvist | 22
Hypervisor escape exposes tenants | 27001 20000-1 | 45 34 24 | modify 1/3 | K. Brandt | 20
Customer data is typed into public AI tools | 27001 | - - - | modify | - | 30
Single uplink in Bremen fails | 20000-1 22301 | 43 43 - | modify | - | -12
Merger of a customer changes what we agreed | 20000-1 | - - - | modify | S. Moreau | 40
Drought leaves too little water to cool | 22301 | - - - | modify | T. Wessels | 60
Account at the domain registrar is lost | 27001 | - - - | modify | N. Yilmaz | 14
"""
