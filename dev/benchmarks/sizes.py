"""How large the estates are that we measure in."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """An estate by its number of CIs: two fifths each devices and virtual machines, one fifth services."""
    name: str
    devices: int
    virtual_machines: int
    services: int
    bulk: int               # how many CIs one bulk operation is about,
    singly: int             # and how many are done one by one to compare it with

    @property
    def database(self):
        return f'bench_{self.name.lower()}'


SMALL = Size('100k', devices=40_000, virtual_machines=40_000, services=20_000, bulk=1_000, singly=200)
LARGE = Size('1M', devices=400_000, virtual_machines=400_000, services=200_000, bulk=10_000, singly=200)
SIZES = {size.name: size for size in (SMALL, LARGE)}
