"""Circuits, from the providers Nordhafen IT buys them of. Each ends (side A) at the site it serves."""
from circuits.models import Circuit, CircuitTermination, CircuitType, Provider

from .organisation import assign
from .tools import Shelf, in_days, rows

__all__ = ('load',)

# slug, name, service desk
PROVIDERS = (
    ('dtag', 'DTAG', 'DTAG business support'), ('elbenetz', 'Elbenetz', 'Elbenetz NOC'), ('hansecom', 'Hansecom', None),
    ('weserfibre', 'Weserfibre', None), ('foerdelink', 'Fördelink', None),
)

TYPES = (
    ('internet-transit', 'Internet transit'), ('dark-fibre', 'Dark fibre'), ('ethernet', 'Ethernet line'),
    ('broadband', 'Broadband'), ('mobile', 'Mobile backup'),
)

# circuit ID, provider, type, side A, side Z, Mbit/s, tenant, status
CIRCUITS = """
DTAG-8841207    dtag        ethernet          bremen       hamburg-dc1   1000   networks             active
DTAG-8841190    dtag        internet-transit  hamburg-dc1  -            10000   networks             active
DTAG-8841191    dtag        internet-transit  hamburg-dc2  -            10000   networks             active
DTAG-8841315    dtag        broadband         luebeck      -              250   corporate-it         active
DTAG-8841316    dtag        broadband         kiel         -              250   corporate-it         active
EN-DF-0071      elbenetz    dark-fibre        hamburg-dc1  hamburg-dc2 100000   networks             active
EN-DF-0072      elbenetz    dark-fibre        hamburg-dc1  hamburg-dc2 100000   networks             active
EN-ETH-2203     elbenetz    ethernet          hamburg-dc1  -             1000   nordhafen-logistics  active
EN-ETH-2204     elbenetz    ethernet          hamburg-dc2  -             1000   klinik-am-deich      active
EN-ETH-2290     elbenetz    ethernet          hamburg-dc1  -             2000   stadtwerke-elbmarsch active
HC-100413       hansecom    internet-transit  hamburg-dc1  -            10000   networks             active
HC-100414       hansecom    internet-transit  hamburg-dc2  -            10000   networks             provisioning
HC-100702       hansecom    ethernet          hamburg-dc2  -              500   reederei-claasen     active
WF-3341         weserfibre  ethernet          bremen       hamburg-dc2   1000   networks             planned
WF-2907         weserfibre  broadband         bremen       -              500   corporate-it         active
FL-5518         foerdelink  ethernet          kiel         hamburg-dc1    200   networks             active
LTE-BRE-1       dtag        mobile            bremen       -               50   networks             offline
"""


def load(world):
    providers, types = Shelf(Provider, 'slug'), Shelf(CircuitType, 'slug')
    for slug, name, contact in PROVIDERS:
        provider = providers.put(slug, name=name, owner=world.owners['Network team'])
        if contact:
            assign(world, provider, contact, 'supplier-desk')
    for slug, name in TYPES:
        types.put(slug, name=name)

    world.circuits = Shelf(Circuit, 'cid')
    for number, (cid, provider, slug, side_a, side_z, speed, tenant, status) in enumerate(rows(CIRCUITS)):
        if cid in world.circuits:
            continue
        circuit = world.circuits.put(
            cid, provider=providers[provider], type=types[slug], status=status, tenant=world.tenants[tenant],
            commit_rate=int(speed) * 1000, install_date=in_days(-420 - 61 * number), owner=world.owners['Network team']
        )
        for side, site in (('A', side_a), ('Z', side_z)):
            if site:
                end = CircuitTermination(circuit=circuit, term_side=side, termination=world.sites[site])
                end.port_speed = int(speed) * 1000
                end.full_clean()
                end.save()
