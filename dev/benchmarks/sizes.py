"""How large the estates are that we measure in."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """
    An estate by its number of CIs: two fifths each devices and virtual machines, one fifth services. About 350,000 of
    a million are nodes of the dependency graph, which has a million edges (see graph.py).
    """
    name: str
    devices: int
    virtual_machines: int
    services: int
    clusters: int
    guests: int             # virtual machines in a cluster; the others have no more than a site
    functions: int          # business functions, and
    it_services: int        # the IT services they need
    risks: int              # with ten CIs each (see risks.py)
    bulk: int               # how many CIs one bulk operation is about,
    singly: int             # and how many are done one by one to compare it with

    @property
    def database(self):
        return f'bench_{self.name.lower()}'

    @property
    def hosts(self):
        """Devices in a cluster: ten in each."""
        return 10 * self.clusters

    @property
    def servers(self):
        """Devices, after the hosts, that run services themselves."""
        return 20 * self.clusters


SMALL = Size('100k', devices=40_000, virtual_machines=40_000, services=20_000, clusters=100, guests=12_000,
             functions=200, it_services=5_000, risks=10_000, bulk=1_000, singly=200)
LARGE = Size('1M', devices=400_000, virtual_machines=400_000, services=200_000, clusters=1_000, guests=120_000,
             functions=2_000, it_services=50_000, risks=100_000, bulk=10_000, singly=200)
SIZES = {size.name: size for size in (SMALL, LARGE)}
